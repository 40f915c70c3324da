"""Pooling and upsampling: independent code, the interpreter and both lowered floors agree."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.utils.exceptions import PassFailedException

from support import tensor
from support.floors import assert_equal_bits, lowered, parsed, run_at
from support.interpreter import integers
from support.pooling import Pool, global_average_ir, pools, upsample_ir
from support.references import DTYPES

FLOORS = ("ttnn", "decomposed", "linalg", "loops")


def pixels(pool: Pool, element_type: str, seed: int = 0) -> Any:
    """Whole numbers in the flattened form of a pooling's input."""
    height, width = pool.size
    x = integers((1, 1, pool.batch * height * width, pool.channels), seed)
    return x.astype(DTYPES[element_type])


@given(pool=pools(), element_type=st.sampled_from(("f32", "f16", "bf16", "i8", "i32", "ui8")))
@settings(max_examples=60, deadline=None)
def test_every_floor_pools_alike(pool: Pool, element_type: str) -> None:
    x = pixels(pool, element_type)
    module, expected = parsed(pool.ir(element_type)), pool.expected(x)
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, {"x": x}), expected, f"{floor} of {pool}")


@pytest.mark.parametrize("element_type", ["f32", "f16", "bf16", "f64", "i16", "i32", "si32", "ui8"])
def test_every_element_type(element_type: str) -> None:
    """All values are below zero where the type has such, so that zero padding would be seen."""
    pool = Pool((5, 6), (3, 2), (2, 2), (1, 0, 1, 1), (1, 2), ceil_mode=True)
    x = pixels(pool, "f32") - 9 if element_type[0] != "u" else pixels(pool, "f32") + 200
    x = x.astype(DTYPES[element_type])
    module = parsed(pool.ir(element_type))
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, {"x": x}), pool.expected(x), floor)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
def test_nan_and_infinity_pass_through(dtype: Any) -> None:
    pool = Pool((4, 4), (2, 2), (2, 2), batch=1, channels=1)
    x = integers((1, 1, 16, 1)).astype(dtype)
    x[0, 0, 0], x[0, 0, 7] = np.nan, np.nan
    x[0, 0, [8, 9, 12, 13]] = -np.inf
    x[0, 0, 15] = np.inf
    name = {np.float32: "f32", np.float16: "f16"}.get(dtype, "bf16")
    module = parsed(pool.ir(name))
    expected = pool.expected(x)
    assert np.isnan(expected.astype(float)).sum() == 2
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, {"x": x}), expected, floor)


@pytest.mark.parametrize("floor", FLOORS)
def test_an_empty_batch(floor: str) -> None:
    pool = Pool((4, 5), (2, 2), (2, 2), (1, 0, 0, 1), batch=0)
    x = np.zeros((1, 1, 0, 3), np.float32)
    assert run_at(pool.ir(), floor, {"x": x}).shape == (1, 1, 0, 3)
    empty = upsample_ir((0, 2, 3, 1), (2, 3))
    assert run_at(empty, floor, {"x": np.zeros((0, 2, 3, 1), np.float32)}).shape == (0, 4, 9, 1)


@given(pool=pools(average=True), element_type=st.sampled_from(("f32", "f16", "bf16")))
@settings(max_examples=60, deadline=None)
def test_every_floor_averages_alike(pool: Pool, element_type: str) -> None:
    x = pixels(pool, element_type)
    module = parsed(pool.ir(element_type))
    expected = pool.averages(x).astype(np.float32).astype(x.dtype)
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, {"x": x}), expected, f"{floor} of {pool}")


@pytest.mark.parametrize("element_type", ["f32", "bf16", "f64"])
@pytest.mark.parametrize("floor", FLOORS)
def test_global_average(floor: str, element_type: str) -> None:
    x = integers((2, 3, 5, 4), 1).astype(DTYPES[element_type])
    wide = np.float64 if element_type == "f64" else np.float32
    expected = x.astype(np.float64).mean((1, 2), keepdims=True).astype(wide).astype(x.dtype)
    result = run_at(global_average_ir(x.shape, element_type), floor, {"x": x})
    assert_equal_bits(result, expected, floor)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_narrow_average_is_summed_in_f32(floor: str) -> None:
    """bf16 holds 256, and no odd number above it."""
    x = np.array([256, 1, 1, 1], ml_dtypes.bfloat16).reshape(1, 4, 1, 1)
    expected = np.array(259 / 4, ml_dtypes.bfloat16).reshape(1, 1, 1, 1)
    assert_equal_bits(run_at(global_average_ir(x.shape, "bf16"), floor, {"x": x}), expected)


@given(
    shape=st.tuples(*[st.integers(1, 4)] * 4),
    factors=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    element_type=st.sampled_from(("f32", "bf16", "i32", "ui8")),
)
@settings(max_examples=60, deadline=None)
def test_every_floor_upsamples_alike(
    shape: tuple[int, ...], factors: tuple[int, int], element_type: str
) -> None:
    x = integers(shape).astype(DTYPES[element_type])
    n, h, w, c = shape
    expected = np.zeros((n, h * factors[0], w * factors[1], c), x.dtype)
    for i, j in product(range(h * factors[0]), range(w * factors[1])):
        expected[:, i, j] = x[:, i // factors[0], j // factors[1]]
    module = parsed(upsample_ir(shape, factors, element_type=element_type))
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, {"x": x}), expected, floor)


TYPE_PAIRS = [("f32", "bf16"), ("bf16", "f32"), ("f16", "bf16"), ("f64", "f32"), ("f32", "f64")]


@pytest.mark.parametrize(("source", "target"), TYPE_PAIRS)
@pytest.mark.parametrize("floor", FLOORS)
def test_a_result_of_another_float_type_is_rounded_once(
    floor: str, source: str, target: str
) -> None:
    """The numbers have more bits than bf16 and f16 hold; sums of four of them stay exact."""
    pool = Pool((2, 4), (2, 2), (2, 2), batch=1, channels=1)
    x = (integers((1, 1, 8, 1), 2) * 201 + 1).astype(DTYPES[source])
    types = (tensor((1, 1, 8, 1), source), tensor((1, 1, 2, 1), target))
    result_type = DTYPES[target]

    largest = run_at(pool.ir(types=types), floor, {"x": x})
    assert_equal_bits(largest, pool.expected(x).astype(result_type))

    average = replace(pool, average=True)
    averages = run_at(average.ir(types=types), floor, {"x": x})
    assert_equal_bits(averages, average.averages(x).astype(result_type))

    blocks = upsample_ir((1, 2, 4, 1), (2, 1), element_type=source, result_type=target)
    repeated = run_at(blocks, floor, {"x": x.reshape(1, 2, 4, 1)})
    assert_equal_bits(repeated, x.reshape(1, 2, 4, 1).repeat(2, 1).astype(result_type))


def test_bilinear_is_refused_by_name() -> None:
    with pytest.raises(PassFailedException, match="expected mode nearest, got bilinear"):
        lowered(upsample_ir((1, 2, 2, 1), (2, 2), "bilinear"), "ttnn-to-linalg")


def test_no_pixel_is_copied_more_than_the_padding_needs() -> None:
    """Windows that overlap nothing are read from the input itself."""
    plain = lowered(Pool((4, 6), (2, 3), (2, 3)).ir(), "ttnn-to-linalg")
    names = [op.name for op in plain.walk()]
    assert "tensor.pad" not in names
    assert names.count("linalg.generic") == 1
    assert not any("slice" in name for name in names)


@pytest.mark.parametrize(
    ("ir", "size", "what"),
    [
        (Pool((4, 5), (3, 3), (3, 3), (1, 1, 1, 1)).ir(), 2 * 6 * 7 * 3 * 4, "padded"),
        (upsample_ir((1, 3, 4, 2), (2, 3)), 1 * 6 * 12 * 2 * 4, "upsampled"),
    ],
)
def test_the_largest_temporary_decides(ir: str, size: int, what: str) -> None:
    lowered(ir, f"ttnn-to-linalg{{max-temporary-bytes={size}}}")
    with pytest.raises(PassFailedException, match=f"got {size} bytes for '{what}' of shape"):
        lowered(ir, f"ttnn-to-linalg{{max-temporary-bytes={size - 1}}}")


def test_more_counts_than_anybody_reads_are_refused() -> None:
    """Windows along an axis of a million are not counted one by one, but where they are alike."""
    wide = Pool((1, 2**21), (1, 2), (1, 1), (0, 0, 0, 1), batch=1, channels=1, average=True)

    lowered(wide.ir(), "ttnn-to-linalg")
    with pytest.raises(PassFailedException) as refused:
        lowered(replace(wide, count_include_pad=False).ir(), "ttnn-to-linalg")

    assert str(refused.value) == (
        "test.mlir:2:5: 'ttnn.avg_pool2d' op expected at most 1048576 windows along an axis where "
        "they count different numbers of taps, got 2097152; count_include_pad counts them alike"
    )
