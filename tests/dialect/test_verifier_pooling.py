"""The verifiers of pooling and upsampling, triggered from IR text, with their exact messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support import diagnostic, function_ir, generic_op, i32_array, tensor, verify_ir
from support.pooling import Pool, si32

POOL = Pool((6, 9), (3, 2), (2, 3), (1, 0, 0, 1), (1, 2))
"""2x6x9x3 -> 2x3x3x3; the padding has four different places."""


@pytest.mark.parametrize(
    "pool",
    [
        POOL,
        replace(POOL, ceil_mode=True),
        replace(POOL, padding=(1, 0, 1, 0)),
        replace(POOL, size=(2, 1), kernel=(3, 2), padding=(1, 1, 0, 1)),
        replace(POOL, batch=0),
        replace(POOL, changed={"reallocate_halo_output": "true", "config_tensors_in_dram": "true"}),
        replace(
            POOL, changed={"applied_shard_scheme": "#ttnn.tensor_memory_layout<block_sharded>"}
        ),
        replace(POOL, changed={"in_place_halo": "false"}),
        replace(POOL, changed={"memory_config": "#ttnn.memory_config<#dram, <interleaved>>"}),
    ],
    ids=str,
)
def test_valid_pooling(pool: Pool) -> None:
    verify_ir("#dram = #ttnn.buffer_type<dram>\n" + pool.ir())


def test_four_numbers_of_padding_are_top_left_bottom_right() -> None:
    pool = Pool((3, 3), (2, 2), padding=(1, 0, 1, 0), changed={"padding": i32_array((1, 0, 1, 0))})
    verify_ir(pool.ir(types=(tensor((1, 1, 18, 3)), tensor((1, 1, 2 * 4 * 2, 3)))))


FLAT, OUT = (1, 1, 108, 3), (1, 1, 18, 3)

INVALID_POOLING: list[tuple[dict[str, Any], str]] = [
    (
        {"padding": i32_array((1, 1, 1))},
        "Padding must have 2 or 4 elements. Received 3 elements.",
    ),
    (
        {"kernel_size": i32_array((8, 2))},
        "Kernel height 8 is greater than input height 6. "
        "This ttnn.max_pool2d configuration is invalid.",
    ),
    (
        {"kernel_size": i32_array((3, 11))},
        "Kernel width 11 is greater than input width 9. "
        "This ttnn.max_pool2d configuration is invalid.",
    ),
    (
        {"types": ((1, 108, 3), OUT)},
        "Input tensor rank must be 4. Received input with rank 3. Shape: (1, 108, 3).",
    ),
    (
        {"types": ((2, 6, 9, 3), OUT)},
        "ttnn.max_pool2d input must be in the form (1, 1, N*H*W, C). Received shape (2, 6, 9, 3).",
    ),
    (
        {"types": ((1, 1, 107, 3), OUT)},
        "ttnn.max_pool2d shape (1, 1, 107, 3) at dim -2 must be equal to N*H*W. However the "
        "attributes given are N=2, H=6, W=9. 2*6*9 != 107.",
    ),
    (
        {"types": ((1, 1, 108, 4), OUT)},
        "ttnn.max_pool2d shape (1, 1, 108, 4) at dim -3 must be equal to C. However the attribute "
        "given is C=3. 4 != 3",
    ),
    ({"kernel_size": i32_array((3,))}, "expected 2 values in 'kernel_size', got 1"),
    ({"stride": i32_array((1, 1, 1))}, "expected 2 values in 'stride', got 3"),
    ({"dilation": i32_array(())}, "expected 2 values in 'dilation', got 0"),
    ({"kernel_size": i32_array((0, 1))}, "expected 'kernel_size' of at least 1, got 0, 1"),
    ({"stride": i32_array((0, 1))}, "expected 'stride' of at least 1, got 0, 1"),
    ({"dilation": i32_array((1, 0))}, "expected 'dilation' of at least 1, got 1, 0"),
    ({"padding": i32_array((0, -1))}, "expected 'padding' of at least 0, got 0, -1"),
    (
        {"dilation": i32_array((4, 2))},
        "expected an output size of at least 1, got (0, 3)",
    ),
    (
        {"types": (FLAT, (2, 3, 3, 3))},
        "expected a flattened output of shape (1, 1, 18, 3), got (2, 3, 3, 3)",
    ),
    (
        {"stride": i32_array((3, 3))},
        "expected a flattened output of shape (1, 1, 12, 3), got (1, 1, 18, 3)",
    ),
    (
        {"stride": i32_array((3, 3)), "ceil_mode": "true", "types": (FLAT, (1, 1, 12, 3))},
        "expected a flattened output of shape (1, 1, 18, 3), got (1, 1, 12, 3)",
    ),
]


@pytest.mark.parametrize(("changes", "text"), INVALID_POOLING, ids=lambda value: str(value)[:60])
def test_invalid_pooling(changes: dict[str, Any], text: str) -> None:
    before, after = changes.get("types", (FLAT, OUT))
    properties = {name: value for name, value in changes.items() if name != "types"}
    ir = replace(POOL, changed=properties).ir(types=(tensor(before), tensor(after)))
    assert diagnostic(ir) == f"'ttnn.max_pool2d' op {text}"


def test_pooling_rounds_between_floats_alone() -> None:
    verify_ir(POOL.ir(types=(tensor(FLAT), tensor(OUT, "bf16"))))
    text = "expected element types that are equal or floats, got f32, i32"
    ir = POOL.ir(types=(tensor(FLAT), tensor(OUT, "i32")))
    assert diagnostic(ir) == f"'ttnn.max_pool2d' op {text}"


def test_pooling_numbers_are_signed_as_tt_mlir_prints_them() -> None:
    ir = replace(POOL, changed={"batch_size": "2 : i32"}).ir()
    assert diagnostic(ir) == "Expected attribute si32 but got i32"


def test_an_average_is_verified_as_a_maximum_is() -> None:
    average = replace(POOL, average=True)
    verify_ir(average.ir())
    ir = replace(average, changed={"padding": i32_array((1, 1, 1))}).ir()
    text = "Padding must have 2 or 4 elements. Received 3 elements."
    assert diagnostic(ir) == f"'ttnn.avg_pool2d' op {text}"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (tensor((3, 4, 5)), tensor((3, 1, 1)), "input tensor must be a 4D tensor"),
        (
            tensor((2, 3, 4, 5)),
            tensor((2, 5)),
            "expected a result of shape (2, 1, 1, 5), got (2, 5)",
        ),
        (
            tensor((2, 3, 4, 5)),
            tensor((2, 1, 1, 5), "i32"),
            "expected element types that are equal or floats, got f32, i32",
        ),
    ],
)
def test_invalid_global_average(before: str, after: str, text: str) -> None:
    op = generic_op("ttnn.global_avg_pool2d", [("x", before)], {}, [after])
    ir = function_ir("main", [("x", before)], f"%y = {op}", [("y", after)])
    assert diagnostic(ir) == f"'ttnn.global_avg_pool2d' op {text}"


def upsample_ir(before: Any, factor: str, after: Any, mode: str | None = None) -> str:
    types = [value if isinstance(value, str) else tensor(value) for value in (before, after)]
    properties = {"scale_factor": factor, "mode": None if mode is None else f'"{mode}"'}
    op = generic_op("ttnn.upsample", [("x", types[0])], properties, [types[1]])
    return function_ir("main", [("x", types[0])], f"%y = {op}", [("y", types[1])])


@pytest.mark.parametrize(
    ("factor", "after", "mode"),
    [
        (si32(2), (3, 32, 64, 4), None),
        (si32(2), (3, 32, 64, 4), "bilinear"),
        (i32_array((2, 3)), (3, 32, 96, 4), "nearest"),
        (si32(1), ("?", 16, "?", 4), None),
    ],
)
def test_valid_upsample(factor: str, after: Any, mode: str | None) -> None:
    verify_ir(upsample_ir((3, 16, 32, 4), factor, after, mode))


INVALID_UPSAMPLE: list[tuple[Any, str, Any, str]] = [
    ((16, 16), si32(1), (1, 16, 16, 1), "Expected rank of input tensor is 4, got rank 2"),
    ((1, 16, 16, 1), si32(1), (16, 16), "Expected rank of output tensor is 4, got rank 2"),
    (
        (3, 16, 16, 4),
        i32_array((1, 1, 1)),
        (3, 16, 16, 4),
        "Expected integer or pair of integers, got tuple of size 3",
    ),
    (
        (3, 16, 16, 4),
        si32(0),
        (3, 16, 16, 4),
        "Scale factors H = 0 and W = 0 must be positive integers",
    ),
    (
        (3, 16, 16, 4),
        i32_array((1, -1)),
        (3, 16, 16, 4),
        "Scale factors H = 1 and W = -1 must be positive integers",
    ),
    ((3, 16, 16, 4), si32(1), (6, 16, 16, 4), "Expected output N dimension to be 3, got 6"),
    ((3, 16, 16, 4), si32(1), (3, 16, 16, 8), "Expected output C dimension to be 4, got 8"),
    (
        (3, 16, 32, 4),
        si32(2),
        (3, 16, 32, 4),
        "Expected output H dimension to be input H dimension * scaleH = 32, got 16",
    ),
    (
        (3, 16, 32, 4),
        i32_array((2, 4)),
        (3, 32, 64, 4),
        "Expected output W dimension to be input W dimension * scaleW = 128, got 64",
    ),
    (
        (3, 16, 32, 4),
        si32(2),
        tensor((3, 32, 64, 4), "i32"),
        "expected element types that are equal or floats, got f32, i32",
    ),
]


@pytest.mark.parametrize(("before", "factor", "after", "text"), INVALID_UPSAMPLE)
def test_invalid_upsample(before: Any, factor: str, after: Any, text: str) -> None:
    assert diagnostic(upsample_ir(before, factor, after)) == f"'ttnn.upsample' op {text}"


def test_upsample_names_the_modes_there_are() -> None:
    ir = upsample_ir((1, 2, 2, 1), si32(2), (1, 4, 4, 1), "bicubic")
    text = 'Expected modes are (nearest, bilinear), got "bicubic"'
    assert diagnostic(ir) == f"'ttnn.upsample' op {text}"
