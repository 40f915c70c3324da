"""Every recorded case gives the same bits at every floor: those of the formula of the op."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from support import Case, case_id, conv_transpose2d_ir, load_cases, make_case
from support.cases import a_quarter_quick
from support.floors import (
    FLOORS,
    LOWERED_FLOORS,
    Array,
    assert_equal_bits,
    parsed,
    run_after,
    run_at,
    with_larger_tiles,
)
from support.references import (
    DTYPES,
    brute_force,
    flattened,
    integer_arrays,
    macs_with_zeros,
    onnx_expresses,
    onnxruntime_result,
    torch_expresses,
    torch_result,
)

COVER = load_cases("cover")
MANY_TILES_MACS = 200_000
"""Zero-inserted multiply-adds above which tiles of 7x5x3 are thousands."""

every_case = pytest.mark.parametrize("case", COVER, ids=case_id)


@cache
def _truth(identity: str) -> Array:
    case = next(case for case in COVER if case_id(case) == identity)
    return brute_force(case, **integer_arrays(case))


def _pipeline(case: Case, floor: str) -> str:
    pipeline = FLOORS[floor]
    return pipeline if macs_with_zeros(case) <= MANY_TILES_MACS else with_larger_tiles(pipeline)


def _floors(case: Case) -> tuple[str, ...]:
    """What is run again for each type and form: everything that is quick."""
    if macs_with_zeros(case) > MANY_TILES_MACS:
        return ("ttnn", "linalg")
    return ("ttnn", "decomposed", "linalg", "loops", "loops-im2col")


def test_cover_has_every_case() -> None:
    assert len(COVER) == 42


@pytest.mark.parametrize("floor", FLOORS)
@every_case
def test_cover_on_integers(case: Case, floor: str) -> None:
    module = parsed(conv_transpose2d_ir(case))

    result = run_after(module, _pipeline(case, floor), integer_arrays(case))

    assert_equal_bits(result, _truth(case_id(case)).astype(np.float32), floor)


@pytest.mark.parametrize("element_type", ["i32", "bf16", "f16"])
@pytest.mark.parametrize("case", a_quarter_quick(COVER))
def test_cover_in_other_types(case: Case, element_type: str) -> None:
    """Sums of f16 and bf16 are exact in f32 and rounded once; those of i32 are exact."""
    module = parsed(conv_transpose2d_ir(case, element_type))
    arrays = integer_arrays(case, element_type)
    expected = _truth(case_id(case)).astype(DTYPES[element_type])

    for floor in _floors(case):
        assert_equal_bits(run_at(module, floor, arrays), expected, floor)


@pytest.mark.parametrize("case", a_quarter_quick(COVER))
def test_cover_flattened(case: Case) -> None:
    arrays, expected = integer_arrays(case), _truth(case_id(case)).astype(np.float32)
    flat_input = arrays | {"x": arrays["x"].reshape(flattened(arrays["x"].shape))}

    for from_flat, to_flat in ((False, True), (True, False), (True, True)):
        module = parsed(
            conv_transpose2d_ir(case, flattened_input=from_flat, flattened_output=to_flat)
        )
        given = flat_input if from_flat else arrays
        wanted = expected.reshape(flattened(expected.shape)) if to_flat else expected
        for floor in _floors(case):
            assert_equal_bits(run_at(module, floor, given), wanted, f"{floor} {from_flat=}")


@every_case
def test_cover_with_the_kernel_the_other_way(case: Case) -> None:
    other = case | {"mirror_kernel": case["mirror_kernel"] is False}
    arrays = integer_arrays(other)
    module = parsed(conv_transpose2d_ir(other))
    expected = run_at(module, "ttnn", arrays)

    assert_equal_bits(
        expected,
        run_at(
            parsed(conv_transpose2d_ir(case)),
            "ttnn",
            arrays | {"w": np.ascontiguousarray(arrays["w"][:, :, ::-1, ::-1])},
        ),
    )
    for floor in _floors(case)[1:]:
        assert_equal_bits(run_at(module, floor, arrays), expected, floor)


@every_case
def test_the_formula_agrees_with_onnxruntime(case: Case) -> None:
    if not onnx_expresses(case):
        pytest.skip("onnxruntime takes output_padding below the stride only")

    result = onnxruntime_result(case, **integer_arrays(case))

    assert_equal_bits(result, _truth(case_id(case)).astype(np.float32))


def test_onnxruntime_expresses_most_cases() -> None:
    assert sum(map(onnx_expresses, COVER)) == 40


@every_case
def test_the_formula_agrees_with_torch(case: Case) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    if not torch_expresses(case):
        pytest.skip("torch takes equal pads, and output_padding below stride or dilation only")

    result = torch_result(torch, case, **integer_arrays(case))

    assert_equal_bits(result, _truth(case_id(case)).astype(np.float32))


def test_the_formula_by_hand() -> None:
    """1x2 input, 1x2 kernel, stride 3, pads 0 and 1 on the right, output padding 1."""
    case = make_case(h=1, w=2, c=1, o=1, kh=1, kw=2, sw=3, padding=[0, 0, 0, 1], opw=1, bias=True)
    x = np.array([[[[10.0], [100.0]]]], np.float32)
    w = np.array([[[[2.0, 3.0]]]], np.float32)
    b = np.array([[[[0.5]]]], np.float32)
    row = [20.5, 30.5, 0.5, 200.5, 300.5]

    for mirror, expected in ((True, row), (False, [30.5, 20.5, 0.5, 300.5, 200.5])):
        turned = case | {"mirror_kernel": mirror}
        assert brute_force(turned, x, w, b).ravel().tolist() == expected
        module = parsed(conv_transpose2d_ir(turned))
        for floor in FLOORS:
            result = run_at(module, floor, {"x": x, "w": w, "b": b})
            assert result.ravel().tolist() == expected, floor


def test_padding_order_by_hand() -> None:
    """A 1x1 kernel of stride 1: padding [top, bottom, left, right] crops the input as it says."""
    x = np.arange(30, dtype=np.float32).reshape(1, 5, 6, 1)
    case = make_case(h=5, w=6, c=1, o=1, kh=1, kw=1, padding=[1, 2, 0, 3])
    module = parsed(conv_transpose2d_ir(case))
    expected = x[:, 1:3, 0:3]

    for floor in FLOORS:
        result = run_at(module, floor, {"x": x, "w": np.ones((1, 1, 1, 1), np.float32)})
        assert_equal_bits(result, expected, floor)


@pytest.mark.parametrize("floor", LOWERED_FLOORS)
def test_i8_wraps(floor: str) -> None:
    case = make_case(n=2, h=3, w=4, c=5, o=3, kh=2, kw=3, sh=2, bias=True, padding=[0, 1, 1, 0])
    module = parsed(conv_transpose2d_ir(case, "i8"))
    arrays = integer_arrays(case, "i8", bounds=(-128, 128))
    wide = brute_force(case, **arrays)
    assert np.abs(wide).max() > 128

    assert_equal_bits(run_at(module, floor, arrays), wide.astype(np.int8), floor)
    assert_equal_bits(run_at(module, "ttnn", arrays), wide.astype(np.int8), "ttnn")


@pytest.mark.parametrize("element_type", ["si32", "ui8", "f64"])
def test_signs_and_f64(element_type: str) -> None:
    case = make_case(n=2, h=3, w=4, c=4, o=6, kh=2, kw=3, sh=2, groups=2, bias=True)
    module = parsed(conv_transpose2d_ir(case, element_type))
    arrays = integer_arrays(case, element_type, bounds=(0, 9))
    expected = brute_force(case, **arrays).astype(DTYPES[element_type])

    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, arrays), expected, floor)
