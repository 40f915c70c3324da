"""The verifiers of the other ops, triggered from IR text, with their exact messages."""

from typing import Any

import pytest

from support import (
    conv_properties,
    diagnostic,
    function_ir,
    generic_op,
    i32,
    i32_array,
    make_case,
    tensor,
    verify_ir,
)

DEVICE = "!ttnn.device"


def i32_list(values: tuple[int, ...]) -> str:
    return f"[{', '.join(f'{value} : i32' for value in values)}]"


def i64_array(values: tuple[int, ...]) -> str:
    return i32_array(values).replace("i32", "i64")


def op_ir(
    name: str, operands: list[str], result: str, properties: dict[str, str | None] | None = None
) -> str:
    """A function that is one op; operands and result are types, `!ttnn.device` among them."""
    arguments = [(f"a{index}", type_) for index, type_ in enumerate(operands)]
    op = f"%y = {generic_op(name, arguments, properties or {}, [result])}"
    return function_ir("main", arguments, op, [("y", result)])


Row = tuple[str, list[Any], Any, dict[str, str | None]]
"""Op, operand shapes, result shape, properties."""


def row_ir(row: Row) -> str:
    name, operands, result, properties = row
    return op_ir(name, list(map(as_type, operands)), as_type(result), properties)


def as_type(shape_or_type: Any) -> str:
    return shape_or_type if isinstance(shape_or_type, str) else tensor(shape_or_type)


def matmul(a: Any, b: Any, result: Any, **properties: str) -> Row:
    return ("ttnn.matmul", [a, b], result, dict(properties))


def pad(shape: Any, padding: tuple[int, ...], result: Any) -> Row:
    properties = {"padding": i32_array(padding), "value": "0.0 : f32", "use_multicore": "false"}
    return ("ttnn.pad", [shape], result, dict(properties))


def reshape(shape: Any, requested: tuple[int, ...], result: Any) -> Row:
    return ("ttnn.reshape", [shape], result, {"shape": i32_list(requested)})


def permute(shape: Any, permutation: tuple[int, ...], result: Any) -> Row:
    return ("ttnn.permute", [shape], result, {"permutation": i64_array(permutation)})


def slice_static(
    shape: Any,
    begins: tuple[int, ...],
    ends: tuple[int, ...],
    step: tuple[int, ...],
    result: Any,
) -> Row:
    bounds = {"begins": begins, "ends": ends, "step": step}
    properties = {name: i32_list(values) for name, values in bounds.items()}
    return ("ttnn.slice_static", [shape], result, dict(properties))


def concat(shapes: list[Any], dim: int, result: Any) -> Row:
    return ("ttnn.concat", shapes, result, {"dim": f"{dim} : si32"})


VALID: list[Row] = [
    matmul((4, 2, 3), (3, 5), (4, 2, 5)),
    matmul((4, 3, 2), (5, 3), (4, 2, 5), transpose_a="true", transpose_b="true"),
    matmul((2, 1, 2, 3), (4, 3, 5), (2, 4, 2, 5)),
    matmul((3,), (3, 5), (5,)),
    matmul((3,), (3,), (1,)),
    pad((2, 3), (0, 1, 2, 3), (3, 8)),
    pad((2, 3), (0, 0, 0, 0), (2, 3)),
    reshape((2, 3, 4), (6, -1), (6, 4)),
    reshape((2, 3, 4), (1, 24), (1, 24)),
    reshape((0, 3), (3, 0), (3, 0)),
    permute((2, 3, 4), (2, 0, 1), (4, 2, 3)),
    slice_static((5, 6), (1, 0), (5, 6), (2, 3), (2, 2)),
    slice_static((5, 6), (-4, 0), (-1, 6), (1, 1), (3, 6)),
    concat([(2, 3), (2, 4)], 1, (2, 7)),
    concat([(2, 3), (2, 4), (2, 1)], -1, (2, 8)),
    concat([(2, 3)], 0, (2, 3)),
    ("ttnn.add", [(2, 1, 3), (4, 1)], (2, 4, 3), {}),
    ("ttnn.multiply", [(2, 3), ()], (2, 3), {}),
    ("ttnn.relu", [(2, 3)], (2, 3), {}),
    ("ttnn.typecast", [(2, 3)], tensor((2, 3), "bf16"), {}),
    ("ttnn.to_layout", [(2, 3)], (2, 3), {"layout": "#ttnn.layout<tile>"}),
    ("ttnn.relu", [(2, 3)], ("?", 3), {}),
    ("ttnn.constant", [], (2,), {"value": "dense<1.0> : tensor<2xf32>"}),
]


@pytest.mark.parametrize("row", VALID, ids=lambda row: row[0])
def test_valid(row: Row):
    verify_ir(row_ir(row))


INVALID: list[tuple[Row, str]] = [
    (
        matmul((4, 2), (3, 5), (4, 5)),
        "Input A[-1](2) and B[-2](3) must have matching inner dimensions",
    ),
    (
        matmul((2, 4), (3, 5), (4, 5), transpose_b="true"),
        "Input A[-1](4) and B[-2](5) must have matching inner dimensions",
    ),
    (matmul((), (3, 5), (5,)), "Input A must be at least a 1D tensor"),
    (matmul((3,), (), (1,)), "Input B must be at least a 1D tensor"),
    (matmul((2, 3), (3, 5), (5, 2)), "expected a result of shape (2, 5), got (5, 2)"),
    (matmul((2, 2, 3), (4, 3, 5), (2, 2, 5)), "expected sizes that broadcast, got 2 and 4"),
    (
        pad((2, 3), (0, 1, 2), (3, 5)),
        "Padding must have the same number of elements as twice the rank of the input tensor",
    ),
    (pad((2, 3), (0, -1, 0, 0), (1, 3)), "Padding cannot contain negative values"),
    (pad((2, 3), (0, 1, 2, 3), (8, 3)), "expected a result of shape (3, 8), got (8, 3)"),
    (
        reshape((2, 3), (6,), (6, 1)),
        "Shape attribute size 1 must match output tensor rank 2",
    ),
    (
        reshape((2, 3), (-1, -1), (2, 3)),
        "Shape attribute must have at most one -1 element",
    ),
    (
        reshape((2, 3), (-2, 3), (2, 3)),
        "All dimensions must be >= 0 except the one with -1",
    ),
    (reshape((2, 3), (4, -1), (4, 1)), "expected 6 elements to divide by 4"),
    (reshape((2, 3), (3, 2), (2, 3)), "expected a result of shape (3, 2), got (2, 3)"),
    (
        reshape((2, 3), (3, 3), (3, 3)),
        "Input tensor number of elements 6 and output tensor number of elements 9 must be the same",
    ),
    (
        permute((2, 3, 4), (0, 1, 0), (2, 3, 2)),
        "Expected a permutation of (0, 1, 2), got (0, 1, 0)",
    ),
    (permute((2, 3, 4), (0, 1), (2, 3)), "Expected a permutation of (0, 1, 2), got (0, 1)"),
    (
        permute((2, 3, 4), (2, 0, 1), (3, 4, 2)),
        "expected a result of shape (4, 2, 3), got (3, 4, 2)",
    ),
    (
        slice_static((5, 6), (0,), (5,), (1,), (5, 6)),
        "Begins, ends, and step attributes must have the same number of elements as the input "
        "tensor rank",
    ),
    (
        slice_static((5, 6), (0, 6), (5, 7), (1, 1), (5, 1)),
        "Invalid begin index for dimension 1. Expected value in range [-6, 6), got 6",
    ),
    (
        slice_static((5, 6), (0, 0), (6, 6), (1, 1), (5, 6)),
        "Invalid end index for dimension 0. Expected value in range [-5, 5], got 6",
    ),
    (
        slice_static((5, 6), (3, 0), (2, 6), (1, 1), (0, 6)),
        "For positive step, begin index must be less than or equal to end index for dimension 0. "
        "Got begin: 3, end: 2, step: 1",
    ),
    (
        slice_static((5, 6), (3, 0), (-5, 6), (1, 1), (0, 6)),
        "For positive step, begin index must be less than or equal to end index for dimension 0. "
        "Got begin: 3, end: -5, step: 1",
    ),
    (
        slice_static((5, 6), (0, 0), (5, 6), (0, 1), (5, 6)),
        "Step value for dimension 0 cannot be zero",
    ),
    (
        slice_static((5, 6), (0, 0), (5, 6), (2, 1), (2, 6)),
        "expected a result of shape (3, 6), got (2, 6)",
    ),
    (concat([], 0, (2, 3)), "At least one input tensor is required."),
    (concat([(2, 3), (2, 3)], 2, (4, 3)), "Invalid dimension 2 for concatenation."),
    (concat([(2, 3), (2, 3)], -3, (4, 3)), "Invalid dimension -3 for concatenation."),
    (
        concat([(2, 3), (2, 3, 1)], 0, (4, 3)),
        "All input tensors must have the same rank (operand 0 rank 2, operand 1 rank 3).",
    ),
    (
        concat([(2, 3), (2, 4)], 0, (4, 3)),
        "All input tensors must have the same dimensions, except for dimension 0 (operand 0 "
        "shape (2, 3), operand 1 shape (2, 4) differ at dim 1: 3 vs 4).",
    ),
    (concat([(2, 3), (2, 4)], 1, (2, 8)), "expected a result of shape (2, 7), got (2, 8)"),
    (("ttnn.add", [(2, 3), (4, 3)], (2, 3), {}), "expected sizes that broadcast, got 2 and 4"),
    (
        ("ttnn.add", [(2, 1, 3), (4, 1)], (2, 1, 3), {}),
        "expected a result of shape (2, 4, 3), got (2, 1, 3)",
    ),
    (
        ("ttnn.relu", [(2, 3)], (3, 2), {}),
        "expected a result of shape (2, 3), got (3, 2)",
    ),
    (
        ("ttnn.typecast", [(2, 3)], tensor((2, 4), "bf16"), {}),
        "expected a result of shape (2, 3), got (2, 4)",
    ),
    (
        ("ttnn.constant", [], (3,), {"value": "dense<1.0> : tensor<2xf32>"}),
        "expected a result of shape (2), got (3)",
    ),
    (
        ("ttnn.constant", [], tensor((2,), "bf16"), {"value": "dense<1.0> : tensor<2xf32>"}),
        "expected a result of element type f32, got bf16",
    ),
]


@pytest.mark.parametrize(("row", "text"), INVALID, ids=lambda value: str(value)[:60])
def test_invalid(row: Row, text: str):
    assert diagnostic(row_ir(row)) == f"'{row[0]}' op {text}"


MOVING = [
    pad((2, 3), (0, 0, 0, 0), tensor((2, 3), "bf16")),
    reshape((2, 3), (3, 2), tensor((3, 2), "bf16")),
    permute((2, 3), (1, 0), tensor((3, 2), "bf16")),
    concat([(2, 3)], 0, tensor((2, 3), "bf16")),
    ("ttnn.repeat", [(2, 3)], tensor((2, 6), "bf16"), {"repeat_dims": "#ttnn.shape<1x2>"}),
    ("ttnn.relu", [(2, 3)], tensor((2, 3), "bf16"), {}),
    ("ttnn.tanh", [(2, 3)], tensor((2, 3), "i32"), {}),
]


@pytest.mark.parametrize("row", MOVING, ids=lambda row: row[0])
def test_elements_are_converted_to_the_type_of_the_result(row: Row):
    verify_ir(row_ir(row))


def test_a_slice_keeps_the_element_type():
    row = slice_static((2, 3), (0, 0), (2, 3), (1, 1), tensor((2, 3), "bf16"))
    text = "expected operands and result of one element type, got f32, bf16"
    assert diagnostic(row_ir(row)) == f"'{row[0]}' op {text}"


@pytest.mark.parametrize("row", VALID, ids=lambda row: row[0])
def test_unknown_property_is_named(row: Row):
    name, operands, result, properties = row
    text = diagnostic(row_ir((name, operands, result, properties | {"surplus": "unit"})))
    assert text.startswith(f"property 'surplus' is not defined by the operation '{name}'")


CONV2D_CASE = make_case(
    n=2, h=6, w=9, c=6, o=4, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 2, 1], dh=2, groups=2
)
"""2x6x9x6 -> 2x2x4x4 by a weight 4x3x3x2."""

CONV2D_TYPES = {
    "x": tensor((1, 1, 108, 6)),
    "w": tensor((4, 3, 3, 2)),
    "b": tensor((1, 1, 1, 4)),
    "y": tensor((1, 1, 16, 4)),
}


def conv2d_ir(types: dict[str, str] | None = None, **properties: str | None) -> str:
    all_types = CONV2D_TYPES | (types or {})
    all_properties = conv_properties(CONV2D_CASE) | {"output_padding": None} | properties
    operands = [all_types["x"], all_types["w"], all_types["b"], DEVICE]
    return op_ir("ttnn.conv2d", operands, all_types["y"], all_properties)


def test_conv2d_verifies():
    verify_ir(conv2d_ir())


@pytest.mark.parametrize("shape", [(1, 1, 36, 4), (1, 1, 18, 128)])
def test_conv2d_takes_weights_that_tt_mlir_prepared(shape: tuple[int, ...]):
    verify_ir(conv2d_ir({"w": tensor(shape)}))


CONV2D_INVALID: list[tuple[dict[str, Any], str]] = [
    ({"types": {"x": tensor((108, 6))}}, "Input must be a 4D tensor"),
    ({"types": {"w": tensor((4, 3))}}, "Weight must be a 4D tensor"),
    ({"types": {"b": tensor((4,))}}, "Bias must be a 4D tensor"),
    ({"types": {"y": tensor((16, 4))}}, "Output must be a 4D tensor"),
    ({"kernel_size": i32_array((3,))}, "expected 2 values in 'kernel_size', got 1"),
    ({"stride": i32_array((1, 1, 1))}, "expected 2 values in 'stride', got 3"),
    ({"padding": i32_array((1, 1, 1))}, "expected 2 or 4 values in 'padding', got 3"),
    ({"stride": i32_array((0, 1))}, "expected 'stride' of at least 1, got 0, 1"),
    ({"padding": i32_array((0, -1))}, "expected 'padding' of at least 0, got 0, -1"),
    ({"dilation": i32_array((1, 0))}, "expected 'dilation' of at least 1, got 1, 0"),
    ({"kernel_size": i32_array((0, 1))}, "expected 'kernel_size' of at least 1, got 0, 1"),
    ({"groups": i32(0)}, "expected 'groups' of at least 1, got 0"),
    ({"groups": i32(4)}, "expected in_channels divisible by groups, got 6 and 4"),
    ({"groups": i32(3)}, "expected out_channels divisible by groups, got 4 and 3"),
    (
        {"types": {"x": tensor((2, 6, 9, 6))}},
        "expected a flattened input of shape (1, 1, 108, 6), got (2, 6, 9, 6)",
    ),
    (
        {"types": {"y": tensor((2, 2, 4, 4))}},
        "expected a flattened output of shape (1, 1, 16, 4), got (2, 2, 4, 4)",
    ),
    (
        {"types": {"w": tensor((4, 6, 3, 2))}},
        "expected a weight of shape (4, 3, 3, 2), got (4, 6, 3, 2)",
    ),
    (
        {"types": {"b": tensor((1, 1, 1, 6))}},
        "Mismatch in bias tensor dimensions. Bias tensor has 6 channels, but the output tensor "
        "has 4 channels.",
    ),
    (
        {"dilation": i32_array((4, 1))},
        "expected an output size of at least 1, got (0, 4)",
    ),
    (
        {"types": {"w": tensor((4, 3, 3, 2), "i32")}},
        "expected element types that are all floats or all the same integer, got input f32, "
        "weight i32, result f32, bias f32",
    ),
]


@pytest.mark.parametrize(("changes", "text"), CONV2D_INVALID)
def test_conv2d(changes: dict[str, Any], text: str):
    assert diagnostic(conv2d_ir(**changes)) == f"'ttnn.conv2d' op {text}"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "deconv.dilate_insert %x strides = [2, 3] : tensor<2x3xf32> -> tensor<3x8xf32>",
            "expected a result of shape (3, 7), got (3, 8)",
        ),
        (
            "deconv.dilate_insert %x strides = [2] : tensor<2x3xf32> -> tensor<3x7xf32>",
            "expected 2 strides, got 1",
        ),
        (
            "deconv.dilate_insert %x strides = [2, 0] : tensor<2x3xf32> -> tensor<3x7xf32>",
            "expected strides of at least 1, got (2, 0)",
        ),
        (
            "deconv.flip %x dimensions = [0, 2] : tensor<2x3xf32> -> tensor<2x3xf32>",
            "expected distinct dimensions below 2, got (0, 2)",
        ),
        (
            "deconv.flip %x dimensions = [1, 1] : tensor<2x3xf32> -> tensor<2x3xf32>",
            "expected distinct dimensions below 2, got (1, 1)",
        ),
        (
            "deconv.flip %x dimensions = [0, -1] : tensor<2x3xf32> -> tensor<2x3xf32>",
            "expected distinct dimensions below 2, got (0, -1)",
        ),
        (
            "deconv.flip %x dimensions = [0] : tensor<2x3xf32> -> tensor<3x2xf32>",
            "expected a result of shape (2, 3), got (3, 2)",
        ),
    ],
)
def test_deconv(line: str, text: str):
    ir = f'%x = "foo.x"() : () -> tensor<2x3xf32>\n%y = {line}'
    assert diagnostic(ir) == f"'{line.split()[0]}' op {text}"


@pytest.mark.parametrize(
    "line",
    [
        "deconv.dilate_insert %x strides = [2, 3] : tensor<2x3xf32> -> tensor<3x7xf32>",
        "deconv.dilate_insert %x strides = [1, 1] : tensor<2x3xf32> -> tensor<?x3xf32>",
        "deconv.flip %x dimensions = [1, 0] : tensor<2x3xf32> -> tensor<2x3xf32>",
        "deconv.flip %x dimensions = [] : tensor<2x3xf32> -> tensor<2x3xf32>",
    ],
)
def test_deconv_verifies(line: str):
    verify_ir(f'%x = "foo.x"() : () -> tensor<2x3xf32>\n%y = {line}')


@pytest.mark.parametrize("name", ["ttcore.device_module", "ttcore.cpu_module"])
@pytest.mark.parametrize(
    ("body", "got"),
    [
        ("", "nothing"),
        ("builtin.module {}\nbuiltin.module {}", "builtin.module, builtin.module"),
        ("func.func private @f()", "func.func"),
    ],
)
def test_module_wrappers_hold_one_module(name: str, body: str, got: str):
    text = f"expected one builtin.module in its region, got {got}"
    assert diagnostic(f"{name} {{\n{body}\n}}") == f"'{name}' op {text}"


@pytest.mark.parametrize("name", ["ttcore.device_module", "ttcore.cpu_module"])
def test_module_wrapper_verifies(name: str):
    verify_ir(f"{name} {{\nbuiltin.module {{}}\n}}")
