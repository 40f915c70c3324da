"""Prepared weights and biases, direct and cached, give what the raw ones give at every floor."""

from __future__ import annotations

from collections.abc import Mapping

import ml_dtypes
import numpy as np
import pytest

from support import Case, case_id, load_cases, load_text, make_case
from support.floors import (
    FLOORS,
    Array,
    assert_equal_bits,
    lowered,
    parsed,
    run_after,
    run_at,
    with_larger_tiles,
)
from support.prepared_ir import prepared_conv_transpose2d_ir
from support.references import brute_force, integer_arrays, macs_with_zeros

MADE_UP = [
    make_case(
        id="everything", n=2, h=3, w=4, c=6, o=4, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 2, 1],
        oph=3, opw=1, dh=2, dw=1, groups=2,
    ),
    make_case(id="unmirrored", h=3, w=4, c=3, o=5, kh=2, kw=3, sh=2, mirror_kernel=False),
    make_case(id="depthwise", h=3, w=4, c=5, o=5, kh=2, kw=3, sw=2, groups=5),
    make_case(id="as-large-as-raw", h=3, w=4, c=1, o=1, kh=1, kw=1),
]  # fmt: skip
CASES = [
    *MADE_UP,
    *(case | {"bias": False} for case in load_cases("cover") if macs_with_zeros(case) <= 50_000),
]

PIPELINE_CASE = make_case(
    h=4, w=8, c=16, o=12, kh=2, kw=3, sh=2, sw=2, padding=[0, 1], opw=1, bias=True
)
"""The convolution of tt-mlir-pipeline.mlir."""


def test_enough_cases() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("cached", [False, True], ids=["direct", "cached"])
@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_prepared_weights(case: Case, cached: bool) -> None:
    module = parsed(prepared_conv_transpose2d_ir(case, cached=cached))
    arrays = integer_arrays(case)
    expected = brute_force(case, **arrays).astype(np.float32)

    for floor in ("ttnn", "decomposed", "linalg", "loops", "loops-im2col"):
        assert_equal_bits(run_at(module, floor, arrays), expected, floor)


@pytest.mark.parametrize("case", MADE_UP, ids=case_id)
def test_what_the_prepare_op_computes(case: Case) -> None:
    """Rows (kh, kw, c in the group) of the convolution kernel, columns o: written out by index."""
    module = parsed(prepared_conv_transpose2d_ir(case, cached=True))
    weight = integer_arrays(case)["w"]
    inputs, outputs = case["c"] // case["groups"], case["o"] // case["groups"]
    expected = np.zeros((case["kh"], case["kw"], inputs, case["o"]), np.float32)
    for kh, kw, c, o in np.ndindex(*expected.shape):
        tap = (kh, kw)
        if case["mirror_kernel"] is not False:
            tap = (case["kh"] - 1 - kh, case["kw"] - 1 - kw)
        expected[kh, kw, c, o] = weight[o // outputs * inputs + c, o % outputs, *tap]
    expected = expected.reshape(1, 1, -1, case["o"])

    for floor in FLOORS:
        result = run_at(module, floor, {"w": weight}, "prepare")
        assert_equal_bits(result, expected, floor)


def _pipeline_arrays() -> dict[str, Array]:
    arrays = integer_arrays(PIPELINE_CASE, "bf16")
    return arrays | {"x": arrays["x"].reshape(1, 1, 32, 16)}


def _expected(arrays: Mapping[str, Array]) -> Array:
    wide = brute_force(PIPELINE_CASE, **arrays)
    return wide.astype(ml_dtypes.bfloat16).reshape(1, 1, 128, 12)


@pytest.mark.parametrize("floor", FLOORS)
def test_the_pipeline_form(floor: str) -> None:
    """Nested modules, a cached function that prepares weight and bias, encodings everywhere."""
    arrays = _pipeline_arrays()
    module = parsed(load_text("tt-mlir-pipeline.mlir"))

    result = run_after(module, with_larger_tiles(FLOORS[floor]), arrays, "forward")

    assert_equal_bits(result, _expected(arrays))


@pytest.mark.parametrize("floor", FLOORS)
def test_the_pipeline_form_stripped(floor: str) -> None:
    arrays = _pipeline_arrays()
    module = lowered(load_text("tt-mlir-pipeline.mlir"), FLOORS[floor])
    if floor in ("ttnn", "decomposed"):
        pytest.skip("what is left of ttnn keeps its attributes")

    result = run_after(module, "strip-ttnn-attributes", arrays, "forward")

    assert_equal_bits(result, _expected(arrays))


@pytest.mark.parametrize("floor", FLOORS)
def test_the_style_form(floor: str) -> None:
    """Four paddings, groups and dilation beside a function with an unknown op."""
    case = make_case(
        n=2, h=5, w=7, c=6, o=4, kh=3, kw=2, sh=2, sw=3, padding=[1, 2, 0, 0], oph=1, dh=2, groups=2
    )
    arrays = integer_arrays(case)

    result = run_at(load_text("tt-mlir-style.mlir"), floor, arrays, "plain")

    assert_equal_bits(result, brute_force(case, **arrays).astype(np.float32))
