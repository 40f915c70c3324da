"""What `--check` calls right and wrong."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from support import conv_transpose2d_ir, make_case
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.entry import find_entry
from xdsl_ttnn.tools.comparison import check_against_oracle, compare
from xdsl_ttnn.tools.tolerance import graph_error, only_conv_transpose2d

INF, NAN = np.inf, np.nan


def _f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("got", "want", "bound", "passed", "error"),
    [
        (_f32(1, 2), _f32(1, 2), 0.0, True, 0),
        (_f32(1, 2.5), _f32(1, 2), 0.5, True, 0.5),
        (_f32(1, 2.5), _f32(1, 2), 0.25, False, 0.5),
        (_f32(1, 2.5), _f32(1, 2), _f32(0, 1), True, 0.5),
        (_f32(1, 2.5), _f32(1, 2), _f32(1, 0), False, 0.5),
        (_f32(NAN, INF), _f32(NAN, INF), 0.0, True, 0),
        (_f32(0, INF), _f32(0, -INF), 1.0, False, INF),
        (_f32(0, NAN), _f32(0, 1), 1.0, False, NAN),
        (_f32(0, 1), _f32(0, NAN), 1.0, False, NAN),
        (_f32(0, 1), _f32(0, 1), _f32(0, NAN), False, 0),
        (np.array([INF], np.float16), np.array([70000.0]), 0.0, True, 0),
        (np.array([INF], np.float16), np.array([60000.0]), 1.0, False, INF),
        (np.array([2**60 + 1]), np.array([2**60]), 0.0, False, 1),
        (np.array([7], np.uint8), np.array([9], np.uint8), 0.0, False, 2),
        (np.array([True]), np.array([True]), 0.0, True, 0),
        (np.zeros((0, 3)), np.zeros((0, 3)), 0.0, True, 0),
    ],
)
def test_compare(got, want, bound, passed: bool, error: float) -> None:
    comparison = compare("y", got, want, bound)

    assert comparison.passed is passed
    assert comparison.largest_error == pytest.approx(error, nan_ok=True)
    assert ("ok" in str(comparison)) is passed


def test_the_worst_element_is_the_one_furthest_past_its_bound() -> None:
    comparison = compare("y", _f32(10, 1), _f32(0, 0), _f32(20, 0))

    assert (comparison.index, comparison.wrong, comparison.total) == ((1,), 1, 2)
    assert str(comparison) == (
        "check: y: FAILED, largest error 1 at [1], bound 0; 1 of 2 elements are off"
    )


def test_shapes_that_differ_are_no_comparison() -> None:
    with pytest.raises(ValueError, match="expected shape"):
        compare("y", np.zeros((2, 3)), np.zeros((3, 2)), 0.0)


CASE = make_case(h=4, w=5, c=3, o=2, kh=3, kw=2, sh=2, sw=2, bias=True)
RELU = {"conv2d_config": "#ttnn.conv2d_config<activation = <op_type = relu>>"}
GELU = {"conv2d_config": "#ttnn.conv2d_config<activation = <op_type = gelu>>"}


def _noise(element_type: str) -> list[np.ndarray]:
    generator = np.random.default_rng(3)
    shapes = ((1, 4, 5, 3), (3, 2, 3, 2), (1, 1, 1, 2))
    dtype = {"bf16": ml_dtypes.bfloat16, "f16": np.float16, "f32": np.float32}[element_type]
    return [generator.normal(size=shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
@pytest.mark.parametrize("properties", [{}, RELU, GELU], ids=["plain", "relu", "gelu"])
@pytest.mark.parametrize("element_type", ["bf16", "f16", "f32"])
def test_rounding_stays_within_the_bound(element_type: str, properties: dict, floor: str) -> None:
    module = parse_module(conv_transpose2d_ir(CASE, element_type, properties=properties))
    arrays = _noise(element_type)
    results = compile_ir(module, floor=floor, strategy="zero-insert")(*arrays)

    (comparison,) = check_against_oracle(module, None, arrays, results)

    assert comparison.passed, str(comparison)
    assert comparison.largest_error > 0


@pytest.mark.parametrize("name", ["sigmoid", "silu", "tanh"])
@pytest.mark.parametrize("element_type", ["bf16", "f16"])
def test_small_sums_through_a_curve(element_type: str, name: str) -> None:
    """The rounding behind the activation is that of its value, which may be far above the sum."""
    properties = {"conv2d_config": f"#ttnn.conv2d_config<activation = <op_type = {name}>>"}
    module = parse_module(conv_transpose2d_ir(CASE, element_type, properties=properties))
    arrays = [(array / 64).astype(array.dtype) for array in _noise(element_type)]
    results = compile_ir(module, floor="loops", strategy="sub-pixel")(*arrays)

    (comparison,) = check_against_oracle(module, None, arrays, results)

    assert comparison.passed, str(comparison)


@pytest.mark.parametrize("element_type", ["bf16", "f16", "f32"])
def test_one_wrong_element_is_seen(element_type: str) -> None:
    module = parse_module(conv_transpose2d_ir(CASE, element_type))
    arrays = _noise(element_type)
    (result,) = compile_ir(module)(*arrays)
    result[0, 3, 2, 1] *= 1.1

    (comparison,) = check_against_oracle(module, None, arrays, [result])

    assert (comparison.index, comparison.wrong) == ((0, 3, 2, 1), 1)


def test_every_result_of_a_graph_is_compared() -> None:
    module = parse_module(
        "func.func @main(%x: tensor<2xf32>, %y: tensor<2xi32>)\n"
        "    -> (tensor<2xf32>, tensor<2xi32>) {\n"
        "  return %x, %y : tensor<2xf32>, tensor<2xi32>\n}"
    )
    arrays = [_f32(1, 1000), np.array([1, 2], np.int32)]

    def passed(*results: np.ndarray) -> list[bool]:
        return [c.passed for c in check_against_oracle(module, None, arrays, results)]

    assert passed(*arrays) == [True, True]
    assert passed(_f32(1.005, 1000), arrays[1]) == [True, True]
    assert passed(_f32(1.02, 1000), arrays[1]) == [False, True]
    assert passed(arrays[0], arrays[1] + 1) == [True, False]


def test_what_counts_as_a_single_op() -> None:
    single = conv_transpose2d_ir(CASE)
    result = single.split("-> (")[-1].split(")")[0]
    with_relu = single.replace(
        "func.return %y", f'%z = "ttnn.relu"(%y) : ({result}) -> {result}\n    func.return %z'
    )

    assert only_conv_transpose2d(find_entry(parse_module(single))) is not None
    assert only_conv_transpose2d(find_entry(parse_module(with_relu))) is None


def test_the_coarsest_type_on_the_way_decides() -> None:
    def function(narrow: str):
        return find_entry(
            parse_module(
                "func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
                f'  %a = "ttnn.typecast"(%x) : (tensor<2xf32>) -> tensor<2x{narrow}>\n'
                f'  %b = "ttnn.typecast"(%a) : (tensor<2x{narrow}>) -> tensor<2xf32>\n'
                "  return %b : tensor<2xf32>\n}"
            )
        )

    errors = [graph_error(function(t), _f32(1, 4), _f32(1, 4)) for t in ("f32", "f16", "bf16")]

    assert errors == [4e-5, 4 * 2**-10, 4 * 2**-7]
