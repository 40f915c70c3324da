"""What the verifier of `ttir.conv_transpose2d` and `ttir.conv2d` refuses, and how it says so.

The first messages are what tt-mlir's own negative tests look for.
"""

from __future__ import annotations

from typing import Any

import pytest

from support.cases import Case, case_id, is_rejected, load_cases, make_case
from support.ir import i32, i32_array
from support.ttir import ORDERS, ttir_conv_transpose2d_ir
from support.verify import diagnostic, verify_ir
from xdsl_ttnn.dialect import ttir
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.ttir.movement import ConcatOp

SMALL = make_case(n=2, h=4, w=5, c=4, o=6, kh=3, kw=2, sh=2, sw=3, bias=True)
INFO = "#ttir<flattened_compat batch_size = 2, input_height = 4, input_width = 5>"


def message(case: Case = SMALL, **form: Any) -> str:
    return diagnostic(ttir_conv_transpose2d_ir(case, **form))


TYPES = {
    "Input must be a 4D tensor": {"x": "tensor<4x5x4xf32>"},
    "Weight must be a 4D tensor": {"w": "tensor<4x3x2xf32>"},
    "Bias must be a 4D tensor": {"b": "tensor<6xf32>"},
    "Output must be a 4D tensor": {"y": "tensor<9x14x6xf32>"},
    "Batch size of input and output tensors must match": {"y": "tensor<3x9x14x6xf32>"},
    "Number of input channels from input tensor must match the first dimension of the weight "
    "tensor. Got 4 input channels and 5 in the weight tensor.": {"w": "tensor<5x6x3x2xf32>"},
    "Number of output channels per group must match the second dimension of the weight tensor. "
    "Got 6 output channels per group and 3 in the weight tensor.": {"w": "tensor<4x3x3x2xf32>"},
    "Mismatch in bias tensor dimensions. Bias tensor has 5 channels, but the output tensor has 6 "
    "channels.": {"b": "tensor<1x1x1x5xf32>"},
    "Mismatch between expected output size per channel and got output tensor dimensions. "
    "Expected: (9 x 14), got: (2 x 2).": {"y": "tensor<2x2x2x6xf32>"},
    "expected a bias of shape (1, 1, 1, 6), got (1, 2, 1, 6)": {"b": "tensor<1x2x1x6xf32>"},
    "expected element types that are all floats or all the same integer, got input i8, weight f32, "
    "result f32, bias f32": {"x": "tensor<2x4x5x4xi8>"},
    "expected an input size of at least 1, got 0, 5": {"x": "tensor<2x0x5x4xf32>"},
    "expected a weight of at least 1, got 4, 6, 0, 2": {"w": "tensor<4x6x0x2xf32>"},
}

PROPERTIES = {
    "Expected integer or pair of integers, got tuple of size 3 for stride": {
        "stride": i32_array((1, 2, 3))
    },
    "Expected integer, pair, or tuple of size 4, but got tuple of size 3 for padding": {
        "padding": i32_array((5, 6, 7))
    },
    "Expected integer or pair of integers, got tuple of size 3 for output padding": {
        "output_padding": i32_array((8, 9, 10))
    },
    "Expected integer or pair of integers, got tuple of size 3 for dilation": {
        "dilation": i32_array((11, 12, 13))
    },
    "Unexpected attribute type for stride": {"stride": "array<i64: 1, 1>"},
    "Unexpected attribute type for padding": {"padding": '"same"'},
    "Stride values must be greater than 0": {"stride": i32_array((2, -2))},
    "Padding values must be greater or equal than 0": {"padding": i32_array((0, -1))},
    "Output padding values must be greater or equal than 0": {"output_padding": i32(-6)},
    "Dilation values must be greater than 0": {"dilation": i32_array((0, 1))},
    "Number of input channels from input tensor must be divisible by the number of groups. Got 4 "
    "input channels and 3 groups.": {"groups": i32(3)},
    "Number of output channels from output tensor must be divisible by the number of groups. Got "
    "6 output channels and 4 groups.": {"groups": i32(4)},
    "Given input size per channel: (4 x 5). Calculated output size per channel: (-1 x 14). Output "
    "size is too small": {"padding": i32_array((5, 0))},
    "Calculated output size per channel: (0 x 14). Output size is too small": {
        "padding": i32_array((4, 0, 5, 0))
    },
    "expected 'groups' of at least 1, got 0": {"groups": i32(0)},
    "expected batch_dim, height_dim, width_dim and channel_dim to be 0, 1, 2 and 3 in some order, "
    "got 0, 1, 1, 3": {"width_dim": "1 : i64"},
}


@pytest.mark.parametrize("expected", TYPES)
def test_types(expected: str) -> None:
    assert f"'ttir.conv_transpose2d' op {expected}" in message(types=TYPES[expected])


@pytest.mark.parametrize("expected", PROPERTIES)
def test_properties(expected: str) -> None:
    got = message(properties=PROPERTIES[expected])

    assert got.startswith("'ttir.conv_transpose2d' op ") and expected in got


FLATTENED = {
    "The input tensor's flattened dimension (41) does not match the product of batch_size * "
    "input_height * input_width from FlattenedCompatInfo (2 * 4 * 5 = 40).": {
        "x": "tensor<1x1x41x4xf32>"
    },
    "expected the first two dimensions of a flattened input to be (1, 1), got (2, 1)": {
        "x": "tensor<2x1x40x4xf32>"
    },
    "expected the first two dimensions of a flattened output to be (1, 1), got (1, 2)": {
        "y": "tensor<1x2x252x6xf32>"
    },
    "Mismatch between expected flattened NHW dim size. Expected: 252, got: 251.": {
        "y": "tensor<1x1x251x6xf32>"
    },
}


@pytest.mark.parametrize("expected", FLATTENED)
def test_flattened(expected: str) -> None:
    types = {"x": "tensor<1x1x40x4xf32>", "y": "tensor<1x1x252x6xf32>"}
    info = {"flattened_compat_info": INFO}
    verify_ir(ttir_conv_transpose2d_ir(SMALL, properties=info, types=types))

    assert expected in message(properties=info, types=types | FLATTENED[expected])


def test_flattened_has_the_default_order() -> None:
    types = {"x": "tensor<1x4x40x1xf32>", "y": "tensor<1x6x252x1xf32>", "b": "tensor<1x6x1x1xf32>"}
    got = message(order="NCHW", properties={"flattened_compat_info": INFO}, types=types)

    assert "expected the default order of dimensions where flattened, got 0, 2, 3, 1" in got


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_is_looked_at_in_its_places(order: str) -> None:
    verify_ir(ttir_conv_transpose2d_ir(SMALL, order=order))

    assert "Expected: (9 x 14), got: (10 x 14)" in message(SMALL | {"hout": 10}, order=order)
    got = message(SMALL, order=order, types={"b": "tensor<5x5x5x5xf32>"})
    assert "Bias tensor has 5 channels, but the output tensor has 6 channels" in got


def test_a_destination_has_the_type_of_the_result() -> None:
    ir = ttir_conv_transpose2d_ir(SMALL, destination="ttir.empty")
    verify_ir(ir)
    other = ir.replace("ttir.empty() : tensor<2x9x14x6xf32>", "ttir.empty() : tensor<2x9x14x7xf32>")
    other = other.replace(
        "tensor<1x1x1x6xf32>, tensor<2x9x14x6xf32>) ->",
        "tensor<1x1x1x6xf32>, tensor<2x9x14x7xf32>) ->",
    )

    expected = "expected a destination of type tensor<2x9x14x6xf32>, got tensor<2x9x14x7xf32>"
    assert expected in diagnostic(other)


def test_more_operands_than_four() -> None:
    ir = ttir_conv_transpose2d_ir(SMALL).replace("(%x, %w, %b)", "(%x, %w, %b, %b, %b)")
    bias = "tensor<1x1x1x6xf32>"
    ir = ir.replace(f"{bias}) -> (tensor<2x9", f"{bias}, {bias}, {bias}) -> (tensor<2x9", 2)
    ir = ir.replace(f"%b: {bias}, {bias}, {bias})", f"%b: {bias})")

    assert "expected 2 to 4 operands, got 5" in diagnostic(ir)


@pytest.mark.parametrize(
    "bias, is_destination",
    [("tensor<1x1x1x1xf32>", False), ("tensor<1x2x2x1xf32>", True)],
    ids=["bias", "destination"],
)
def test_a_third_operand_is_a_bias_where_it_can_be_one(bias: str, is_destination: bool) -> None:
    size = 1 if bias == "tensor<1x1x1x1xf32>" else 2
    case = make_case(h=size, w=size, c=1, o=1, kh=1, kw=1, bias=True)
    module = parse_module(ttir_conv_transpose2d_ir(case, types={"b": bias}))
    module.verify()

    (op,) = (op for op in module.walk() if isinstance(op, ttir.ConvTranspose2dOp))
    assert (op.destination is not None) == is_destination
    assert (op.bias is None) == is_destination


CONCATS = {
    "no destination": ("2x3", "2x3", "4x3", False),
    "a destination": ("2x3", "2x3", "2x3", True),
    "of another type": ("2x3", "1x3", "3x3", False),
    "without elements": ("2x3", "0x3", "2x3", False),
    "behind one without elements": ("0x3", "2x3", "2x3", False),
    "all without elements": ("0x3", "0x3", "0x3", False),
    "of unknown size": ("?x3", "?x3", "?x3", False),
}


@pytest.mark.parametrize("producer", ["ttir.empty() :", '"foo.source"() : () ->'])
@pytest.mark.parametrize("name", CONCATS)
def test_the_last_operand_of_a_concat(name: str, producer: str) -> None:
    """Types and shapes say whether it is a destination; what makes it does not."""
    first, last, result, is_destination = CONCATS[name]
    module = parse_module(f"""
    %x = "foo.source"() : () -> tensor<{first}xf32>
    %y = {producer} tensor<{last}xf32>
    %0 = "ttir.concat"(%x, %y) <{{dim = 0 : si32}}>
      : (tensor<{first}xf32>, tensor<{last}xf32>) -> tensor<{result}xf32>
    """)
    module.verify()

    (op,) = (op for op in module.walk() if isinstance(op, ConcatOp))
    assert len(op.inputs) == 1 + (not is_destination)
    assert (op.destination is not None) == is_destination


def test_an_empty_third_operand_is_a_bias_where_only_a_bias_fits() -> None:
    case = make_case(h=2, w=2, c=1, o=1, kh=1, kw=1, bias=True)
    ir = ttir_conv_transpose2d_ir(case).replace("%b: tensor<1x1x1x1xf32>", "%c: tensor<1xf32>")
    ir = ir.replace("{\n", "{\n %b = ttir.empty() : tensor<1x1x1x1xf32>\n", 1)
    module = parse_module(ir)
    module.verify()

    (op,) = (op for op in module.walk() if isinstance(op, ttir.ConvTranspose2dOp))
    assert op.bias is not None and op.destination is None


REJECTED = {
    "negative padding": "Padding values must be greater or equal than 0",
    "negative output_padding": "Output padding values must be greater or equal than 0",
    "negative dilation": "Dilation values must be greater than 0",
    "output size below zero": "Calculated output size per channel: (-2 x -4). Output size is too "
    "small",
}
"""What a recorded case says must be rejected for, and the words of the rejection."""


@pytest.mark.parametrize("case", [*filter(is_rejected, load_cases("public"))], ids=case_id)
def test_recorded_cases_that_must_be_rejected(case: Case) -> None:
    reason = case["note"].removeprefix("must be rejected: ")

    for order in ORDERS:
        assert REJECTED[reason] in message(case, order=order)


def test_every_reason_is_recorded() -> None:
    reasons = {
        case["note"].removeprefix("must be rejected: ")
        for case in filter(is_rejected, load_cases("public"))
    }
    assert reasons == set(REJECTED)


def conv2d_ir(x: str, w: str, b: str | None, y: str, **properties: str) -> str:
    given = {"stride": i32(1), "padding": i32(0), "dilation": i32(1), "groups": i32(1)}
    listed = ", ".join(f"{name} = {value}" for name, value in (given | properties).items())
    bias, bias_type = ("", "") if b is None else (", %b", f", tensor<{b}xf32>")
    argument = "" if b is None else f", %b: tensor<{b}xf32>"
    return f"""
    func.func @main(%x: tensor<{x}xf32>, %w: tensor<{w}xf32>{argument}) -> tensor<{y}xf32> {{
      %y = "ttir.conv2d"(%x, %w{bias}) <{{{listed}}}>
        : (tensor<{x}xf32>, tensor<{w}xf32>{bias_type}) -> tensor<{y}xf32>
      return %y : tensor<{y}xf32>
    }}"""


PLAIN: dict[str, dict[str, Any]] = {
    "Stride attribute values must be > 0.": {"stride": i32(0)},
    "Dilation attribute values must be > 0.": {"dilation": i32(0)},
    "Padding attribute values must be >= 0.": {"padding": i32(-1)},
    "Expected integer or pair of integers, got tuple of size 1 for stride": {
        "stride": i32_array((1,))
    },
    "The number of input channels from the input tensor (4) is not divisible by the number of "
    "groups (3).": {"groups": i32(3)},
    "The number of output channels from the weight tensor (6) is not divisible by the number of "
    "groups (4).": {"groups": i32(4)},
    "The number of input channels per group (4) must match the number of input channels in the "
    "weight tensor (3).": {"w": "6x3x3x2"},
    "The number of output channels from the weight tensor (6) must match the number of output "
    "channels in the bias tensor (5).": {"b": "1x1x1x5"},
    "expected a bias of shape (1, 1, 1, 6), got (2, 1, 1, 6)": {"b": "2x1x1x6"},
    "The effective kernel size (5, 2) cannot be greater than the padded input size per channel "
    "(4, 5).": {"dilation": i32_array((2, 1))},
    "Batch size from the input tensor (2) must match the first dimension of the output tensor "
    "(1)": {"y": "1x2x4x6"},
    "The number of output channels from the output tensor (5) must match the number of output "
    "channels in the weight tensor (6). ": {"y": "2x2x4x5"},
    "The output tensor height and width dimension (3, 4) do not match the expected dimensions "
    "(2, 4).": {"y": "2x3x4x6"},
}


@pytest.mark.parametrize("expected", PLAIN)
def test_conv2d(expected: str) -> None:
    right: dict[str, Any] = {"x": "2x4x5x4", "w": "6x4x3x2", "b": "1x1x1x6", "y": "2x2x4x6"}
    verify_ir(conv2d_ir(**right))

    assert f"'ttir.conv2d' op {expected}" in diagnostic(conv2d_ir(**right | PLAIN[expected]))


UNARY = "(tensor<2x3xf32>) -> "
TENSOR_OPS = {
    f'"ttir.relu"(%x) : {UNARY}tensor<3x2xf32>': "a result of shape (2, 3), got (3, 2)",
    '"ttir.slice_static"(%x) <{begins = [0 : i32, 0 : i32], ends = [2 : i32, 3 : i32], step = [1 : '
    f"i32, 1 : i32]}}> : {UNARY}tensor<2x3xbf16>": "of one element type, got f32, bf16",
    f'"ttir.pad"(%x) <{{padding = array<i32: 0, -3, 0, 0>, value = 0.0 : f32}}> : {UNARY}'
    "tensor<0x3xf32>": "a padded shape without negative sizes, got (-1, 3)",
    f'"ttir.pad"(%x) <{{padding = array<i32: 0, -1, 0>, value = 0.0 : f32}}> : {UNARY}'
    "tensor<1x3xf32>": "Padding must have the same number of elements as twice the rank",
    '"ttir.relu"(%x, %x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> '
    "tensor<2x3xf32>": "expected 1 operands and at most one destination, got 3",
    '"ttir.relu"() : () -> tensor<2x3xf32>': "at most one destination, got 0",
    '"ttir.tanh"(%x, %y) : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>': "a destination "
    "of type tensor<2x3xf32>, got tensor<4x3xf32>",
    '"ttir.add"(%x, %y) : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>': "sizes that "
    "broadcast, got 2 and 4",
    f'"ttir.reshape"(%x) <{{shape = [7 : i32]}}> : {UNARY}tensor<7xf32>': "Input tensor number of "
    "elements 6 and output tensor number of elements 7 must be the same",
    f'"ttir.permute"(%x) <{{permutation = array<i64: 0, 0>}}> : {UNARY}tensor<2x2xf32>': "Expected "
    "a permutation of (0, 1), got (0, 0)",
    f'"ttir.transpose"(%x) <{{dim0 = 0 : si32, dim1 = 2 : si32}}> : {UNARY}tensor<3x2xf32>': "expec"
    "ted dimensions in [-2, 2), got 2",
    f'"ttir.unsqueeze"(%x) <{{dim = 3 : si32}}> : {UNARY}tensor<2x3x1xf32>': "expected a dimension "
    "in [-3, 3), got 3",
    f'"ttir.squeeze"(%x) <{{dim = 1 : si32}}> : {UNARY}tensor<2xf32>': "expected a dimension of "
    "size 1, got dimension 1 of (2, 3)",
    f'"ttir.reverse"(%x) <{{dimensions = array<i64: 2>}}> : {UNARY}tensor<2x3xf32>': "expected "
    "different dimensions of (2, 3), got (2,)",
    f'"ttir.broadcast"(%x) <{{broadcast_dimensions = array<i64: 2>}}> : {UNARY}tensor<4x3xf32>': "r"
    "ank 2 doesn't match the number of repeat dimensions 1",
    f'"ttir.concat"(%x) <{{dim = 2 : si32}}> : {UNARY}tensor<2x3xf32>': "Invalid dimension 2 for "
    "concatenation.",
    '"ttir.constant"() <{value = dense<1> : tensor<2xi32>}> : () -> tensor<2xf32>': "of one "
    "element type, got f32, i32",
}


@pytest.mark.parametrize("op", TENSOR_OPS)
def test_tensor_ops(op: str) -> None:
    ir = f"func.func @f(%x: tensor<2x3xf32>, %y: tensor<4x3xf32>) {{\n  %0 = {op}\n  return\n}}"

    assert TENSOR_OPS[op] in diagnostic(ir)


POOLINGS: dict[str, dict[str, str]] = {
    "Input must be a 4D tensor": {"x": "tensor<4x5x2xf32>"},
    "kernel size attribute values must be > 0": {"kernel": i32(0)},
    "stride attribute values must be > 0": {"stride": i32_array((1, 0))},
    "dilation attribute values must be > 0": {"dilation": i32(0)},
    "padding attribute values must be >= 0": {"padding": i32_array((0, -1))},
    "Expected integer or pair of integers, got tuple of size 3 for kernel": {
        "kernel": i32_array((1, 2, 3))
    },
    "effective kernel size (7, 2) cannot be greater than the padded input size per channel "
    "(4, 5)": {"dilation": i32_array((3, 1))},
    "expected a result of shape (1, 1, 2, 2), got (1, 2, 2, 2)": {"y": "tensor<1x2x2x2xf32>"},
}


def pool_ir(x: str, y: str, **properties: str) -> str:
    listed = ", ".join(f"{name} = {value}" for name, value in properties.items())
    return f"""
    func.func @f(%x: {x}) -> {y} {{
      %0 = "ttir.max_pool2d"(%x) <{{{listed}}}> : ({x}) -> {y}
      return %0 : {y}
    }}"""


@pytest.mark.parametrize("expected", POOLINGS)
def test_poolings(expected: str) -> None:
    right = {
        "x": "tensor<1x4x5x2xf32>",
        "y": "tensor<1x1x2x2xf32>",
        "kernel": i32_array((3, 2)),
        "stride": i32(2),
        "dilation": i32(1),
        "padding": i32(0),
        "ceil_mode": "false",
    }
    verify_ir(pool_ir(**right))

    assert expected in diagnostic(pool_ir(**right | POOLINGS[expected]))


UPSAMPLES = {
    'mode = "cubic", scale_factor = 2 : si32': 'modes are (nearest, bilinear), got "cubic"',
    "scale_factor = 0 : si32": "Scale factors H = 0 and W = 0 must be positive integers",
    "scale_factor = array<i32: 2>": "Expected integer or pair of integers, got tuple of size 1",
    "scale_factor = 3 : si32": "expected a result of shape (1, 3, 3, 1), got (1, 2, 2, 1)",
}


@pytest.mark.parametrize("properties", UPSAMPLES)
def test_upsample(properties: str) -> None:
    ir = """
    func.func @f(%x: tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32> {{
      %0 = "ttir.upsample2d"(%x) <{{{0}}}> : (tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32>
      return %0 : tensor<1x2x2x1xf32>
    }}"""
    verify_ir(ir.format("scale_factor = 2 : si32"))

    assert UPSAMPLES[properties] in diagnostic(ir.format(properties))
