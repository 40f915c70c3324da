"""The ops around the convolutions of both doors give NumPy's values at the ttnn floor and below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from support.floors import Array, assert_equal_bits, lowered, parsed, run_after
from support.stablehlo import Window, made_ops
from xdsl_ttnn.frontend.mlir.stablehlo_tensor_ops import TENSOR_CONVERSIONS as STABLEHLO
from xdsl_ttnn.frontend.mlir.ttir_tensor_ops import TENSOR_CONVERSIONS as TTIR

FLOORS = ("", ",ttnn-to-linalg", ",ttnn-to-loops")


class Op(NamedTuple):
    """An op of %x: 2x3x4 and, where it has two operands, %y; what it gives, in NumPy."""

    text: str
    result: str
    expected: Callable[..., Array]
    second: str | None = None


def integers(type_: str, seed: int) -> Array:
    *sizes, _ = type_.removeprefix("tensor<").removesuffix(">").split("x")
    return np.random.default_rng(seed).integers(-8, 9, [*map(int, sizes)]).astype(np.float32)


X = "tensor<2x3x4xf32>"


def windows(image: Array, fill: float) -> Array:
    """Windows of 4x3 by 2 and 1, with a column in front, three rows and two columns behind."""
    padded = np.pad(image, ((0, 0), (0, 3), (1, 2), (0, 0)), constant_values=fill)
    return np.lib.stride_tricks.sliding_window_view(padded, (4, 3), (1, 2))[:, ::2]


TTIR_OPS = {
    "relu": Op('"ttir.relu"(%x)', X, lambda x: np.maximum(x, 0)),
    "relu6": Op('"ttir.relu6"(%x)', X, lambda x: np.clip(x, 0, 6)),
    "leaky_relu": Op(
        '"ttir.leaky_relu"(%x) <{parameter = 5.0e-01 : f32}>',
        X,
        lambda x: np.where(x < 0, x * 0.5, x),
    ),
    "add": Op('"ttir.add"(%x, %y)', X, np.add, "tensor<1x3x1xf32>"),
    "multiply": Op('"ttir.multiply"(%x, %y)', X, np.multiply, "tensor<4xf32>"),
    "subtract": Op('"ttir.subtract"(%y, %x)', X, lambda x, y: y - x, "tensor<3x1xf32>"),
    "div": Op('"ttir.div"(%x, %y)', X, np.divide, "tensor<3x1xf32>"),
    "maximum": Op('"ttir.maximum"(%x, %y)', X, np.maximum, "tensor<4xf32>"),
    "minimum": Op('"ttir.minimum"(%x, %y)', X, np.minimum, "tensor<2x1x4xf32>"),
    "concat": Op(
        '"ttir.concat"(%x, %y) <{dim = -2 : si32}>',
        "tensor<2x4x4xf32>",
        lambda x, y: np.concatenate([x, y], 1),
        "tensor<2x1x4xf32>",
    ),
    "reshape": Op(
        '"ttir.reshape"(%x) <{shape = [4 : i32, -1 : i32]}>',
        "tensor<4x6xf32>",
        lambda x: x.reshape(4, 6),
    ),
    "permute": Op(
        '"ttir.permute"(%x) <{permutation = array<i64: 2, 0, 1>}>',
        "tensor<4x2x3xf32>",
        lambda x: x.transpose(2, 0, 1),
    ),
    "transpose": Op(
        '"ttir.transpose"(%x) <{dim0 = 0 : si32, dim1 = -1 : si32}>',
        "tensor<4x3x2xf32>",
        lambda x: x.swapaxes(0, 2),
    ),
    "unsqueeze": Op(
        '"ttir.unsqueeze"(%x) <{dim = -3 : si32}>',
        "tensor<2x1x3x4xf32>",
        lambda x: x[:, None],
    ),
    "squeeze": Op(
        '"ttir.squeeze"(%y) <{dim = -2 : si32}>', X, lambda _, y: y[:, :, 0], "tensor<2x3x1x4xf32>"
    ),
    "broadcast": Op(
        '"ttir.broadcast"(%y) <{broadcast_dimensions = array<i64: 2, 1, 3>}>',
        "tensor<2x5x3xf32>",
        lambda _, y: np.tile(y, (2, 1, 3)),
        "tensor<1x5x1xf32>",
    ),
    "repeat": Op(
        '"ttir.repeat"(%x) <{repeat_dimensions = array<i64: 1, 2, 3>}>',
        "tensor<2x6x12xf32>",
        lambda x: np.tile(x, (1, 2, 3)),
    ),
    "upsample2d": Op(
        '"ttir.upsample2d"(%y) <{scale_factor = array<i32: 2, 3>, mode = "nearest"}>',
        "tensor<2x4x9x4xf32>",
        lambda _, y: y.repeat(2, 1).repeat(3, 2),
        "tensor<2x2x3x4xf32>",
    ),
    "global_avg_pool2d": Op(
        '"ttir.global_avg_pool2d"(%y)',
        "tensor<2x1x1x3xf32>",
        lambda _, y: y.mean((1, 2), keepdims=True),
        "tensor<2x2x4x3xf32>",
    ),
    "max_pool2d": Op(
        '"ttir.max_pool2d"(%y) <{kernel = array<i32: 4, 3>, stride = array<i32: 2, 1>, '
        "dilation = 1 : i32, padding = array<i32: 0, 1, 3, 2>, ceil_mode = false}>",
        "tensor<1x2x5x2xf32>",
        lambda _, y: windows(y, -np.inf).max((-2, -1)),
        "tensor<1x3x4x2xf32>",
    ),
    "avg_pool2d": Op(
        '"ttir.avg_pool2d"(%y) <{kernel = array<i32: 4, 3>, stride = array<i32: 2, 1>, '
        "dilation = 1 : i32, padding = array<i32: 0, 1, 3, 2>, ceil_mode = false, "
        "count_include_pad = true}>",
        "tensor<1x2x5x2xf32>",
        lambda _, y: windows(y, 0).sum((-2, -1)) / np.float32(12),
        "tensor<1x3x4x2xf32>",
    ),
    "reverse": Op(
        '"ttir.reverse"(%x) <{dimensions = array<i64: 2, 0>}>', X, lambda x: np.flip(x, (0, 2))
    ),
    "pad": Op(
        '"ttir.pad"(%x) <{padding = array<i32: 1, 0, 0, 2, 3, 1>, value = 7.0 : f32}>',
        "tensor<3x5x8xf32>",
        lambda x: np.pad(x, ((1, 0), (0, 2), (3, 1)), constant_values=7),
    ),
    "slice_static": Op(
        '"ttir.slice_static"(%x) <{begins = [0 : i32, 1 : i32, -3 : i32], '
        "ends = [2 : i32, 3 : i32, 4 : i32], step = [1 : i32, 1 : i32, 2 : i32]}>",
        "tensor<2x2x2xf32>",
        lambda x: x[:, 1:3, 1::2],
    ),
    "matmul": Op(
        '"ttir.matmul"(%x, %y) <{transpose_b = true}>',
        "tensor<2x3x5xf32>",
        lambda x, y: x @ y.T,
        "tensor<5x4xf32>",
    ),
    "constant": Op(
        '"ttir.constant"() <{value = dense<[1.0, 2.0]> : tensor<2xf32>}>',
        "tensor<2xf32>",
        lambda _: np.array([1, 2], np.float32),
    ),
    "zeros": Op(
        '"ttir.zeros"() <{shape = array<i32: 2, 1>}>',
        "tensor<2x1xf32>",
        lambda _: np.zeros((2, 1), np.float32),
    ),
    "ones": Op(
        '"ttir.ones"() <{shape = array<i32: 2, 1>}>',
        "tensor<2x1xf32>",
        lambda _: np.ones((2, 1), np.float32),
    ),
    "typecast": Op(
        '"ttir.typecast"(%x) <{conservative_folding = true, dtype = i32}>',
        "tensor<2x3x4xi32>",
        lambda x: x.astype(np.int32),
    ),
}

ROUNDED = ("tanh", "sigmoid", "silu", "gelu")
"""Ops whose values are not whole; what they become is checked, their values are elsewhere."""


def ttir_ir(op: Op, destination: bool = False) -> str:
    second = "" if op.second is None else f", %y: {op.second}"
    types = [X if name == "%x" else str(op.second) for name in operands(op.text)]
    text, lines = op.text, ""
    if destination:
        lines = f"%d = ttir.empty() : {op.result}\n"
        text = text.replace(")", ", %d)" if types else "%d)", 1)
        types = [*types, op.result]
    return f"""
    func.func @main(%x: {X}{second}) -> {op.result} {{
      {lines}%0 = {text} : ({", ".join(types)}) -> {op.result}
      return %0 : {op.result}
    }}"""


def operands(text: str) -> list[str]:
    inner = text.split("(", 1)[1].split(")", 1)[0]
    return [name.strip() for name in inner.split(",") if name.strip()]


def check(op: Op, ir: str, pipeline: str) -> None:
    arrays = {"x": integers(X, 0)}
    if op.second is not None:
        arrays["y"] = integers(op.second, 1)

    result = run_after(ir, pipeline, arrays)

    with np.errstate(all="ignore"):
        expected = op.expected(*arrays.values())
    wanted = np.int32 if op.result.endswith("i32>") else np.float32
    assert_equal_bits(result, expected.astype(wanted), pipeline)


@pytest.mark.parametrize("name", TTIR_OPS)
def test_ttir(name: str) -> None:
    for floor in FLOORS:
        check(TTIR_OPS[name], ttir_ir(TTIR_OPS[name]), f"convert-ttir-to-ttnn{floor}")


@pytest.mark.parametrize("name", TTIR_OPS)
def test_ttir_with_a_destination(name: str) -> None:
    ir = ttir_ir(TTIR_OPS[name], destination=True)

    check(TTIR_OPS[name], ir, "convert-ttir-to-ttnn")
    assert not made_ops(lowered(ir, "convert-ttir-to-ttnn"), "ttir.empty")


@pytest.mark.parametrize("name", ROUNDED)
def test_ttir_activations(name: str) -> None:
    module = lowered(ttir_ir(Op(f'"ttir.{name}"(%x)', X, np.asarray)), "convert-ttir-to-ttnn")

    assert len(made_ops(module, f"ttnn.{name}")) == 1


def test_every_ttir_op_is_tested() -> None:
    assert {kind.name.removeprefix("ttir.") for kind in TTIR} == {*TTIR_OPS, *ROUNDED}


STABLEHLO_OPS = {
    "add": Op(f"stablehlo.add %x, %y : {X}", X, np.add, X),
    "multiply": Op(f"stablehlo.multiply %x, %y : {X}", X, np.multiply, X),
    "subtract": Op(f"stablehlo.subtract %x, %y : {X}", X, np.subtract, X),
    "maximum": Op(f"stablehlo.maximum %x, %y : {X}", X, np.maximum, X),
    "minimum": Op(f"stablehlo.minimum %x, %y : {X}", X, np.minimum, X),
    "divide": Op(
        f"stablehlo.constant dense<4.0> : {X}\n%1 = stablehlo.divide %x, %0 : {X}",
        X,
        lambda x: x / 4,
    ),
    "convert": Op(
        f"stablehlo.convert %x : ({X}) -> tensor<2x3x4xi32>",
        "tensor<2x3x4xi32>",
        lambda x: x.astype(np.int32),
    ),
    "constant": Op(
        "stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>",
        "tensor<2xf32>",
        lambda _: np.array([1, 2], np.float32),
    ),
    "transpose": Op(
        f"stablehlo.transpose %x, dims = [2, 0, 1] : ({X}) -> tensor<4x2x3xf32>",
        "tensor<4x2x3xf32>",
        lambda x: x.transpose(2, 0, 1),
    ),
    "reverse": Op(f"stablehlo.reverse %x, dims = [1] : {X}", X, lambda x: x[:, ::-1]),
    "reshape": Op(f"stablehlo.reshape %x : ({X}) -> tensor<24xf32>", "tensor<24xf32>", np.ravel),
    "concatenate": Op(
        f"stablehlo.concatenate %x, %y, dim = 2 : ({X}, tensor<2x3x1xf32>) -> tensor<2x3x5xf32>",
        "tensor<2x3x5xf32>",
        lambda x, y: np.concatenate([x, y], 2),
        "tensor<2x3x1xf32>",
    ),
    "broadcast_in_dim": Op(
        "stablehlo.broadcast_in_dim %y, dims = [2, 0] : (tensor<3x1xf32>) -> tensor<2x4x3xf32>",
        "tensor<2x4x3xf32>",
        lambda _, y: np.broadcast_to(y.T[:, None], (2, 4, 3)),
        "tensor<3x1xf32>",
    ),
    "broadcast_in_dim of a scalar": Op(
        "stablehlo.constant dense<3.0> : tensor<f32>\n"
        f"%1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> {X}\n"
        f"%2 = stablehlo.add %x, %1 : {X}",
        X,
        lambda x: x + 3,
    ),
    "maximum with zero": Op(
        "stablehlo.constant dense<0.0> : tensor<f32>\n"
        f"%1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> {X}\n"
        f"%2 = stablehlo.maximum %1, %x : {X}",
        X,
        lambda x: np.maximum(x, 0),
    ),
}


def stablehlo_ir(op: Op) -> str:
    second = "" if op.second is None else f", %y: {op.second}"
    last = op.text.count("\n")
    return f"""
    func.func @main(%x: {X}{second}) -> {op.result} {{
      %0 = {op.text}
      return %{last} : {op.result}
    }}"""


@pytest.mark.parametrize("name", STABLEHLO_OPS)
def test_stablehlo(name: str) -> None:
    op = STABLEHLO_OPS[name]
    for floor in FLOORS:
        check(op, stablehlo_ir(op), f"convert-stablehlo-to-ttnn{floor}")


@pytest.mark.parametrize("name, made", [("tanh", "tanh"), ("logistic", "sigmoid")])
def test_stablehlo_activations(name: str, made: str) -> None:
    op = Op(f"stablehlo.{name} %x : {X}", X, np.asarray)

    module = lowered(stablehlo_ir(op), "convert-stablehlo-to-ttnn")

    assert len(made_ops(module, f"ttnn.{made}")) == 1


def test_every_stablehlo_op_is_tested() -> None:
    tested = {name.split(" ")[0] for name in STABLEHLO_OPS} | {"tanh", "logistic"}

    assert {kind.name.removeprefix("stablehlo.") for kind in STABLEHLO} == tested


REPEATED = {
    "convert-ttir-to-ttnn": """
    func.func @main(%x: {x}, %y: tensor<1x3x1xf32>) -> {x} {{
      %0 = "ttir.broadcast"(%y) <{{broadcast_dimensions = array<i64: {repeats}>}}>
        : (tensor<1x3x1xf32>) -> {made}
      %1 = "ttir.multiply"(%{lhs}, %{rhs}) : ({lhs_type}, {rhs_type}) -> {x}
      return %1 : {x}
    }}""",
    "convert-stablehlo-to-ttnn": """
    func.func @main(%x: {x}, %y: tensor<1x3x1xf32>) -> {x} {{
      %z = stablehlo.reshape %y : (tensor<1x3x1xf32>) -> tensor<3xf32>
      %0 = stablehlo.broadcast_in_dim %z, dims = [1] : (tensor<3xf32>) -> {x}
      %1 = stablehlo.multiply %{lhs}, %{rhs} : {x}
      return %1 : {x}
    }}""",
}


@pytest.mark.parametrize("lhs, rhs", [("x", "0"), ("0", "x"), ("0", "0")])
@pytest.mark.parametrize("door", REPEATED)
def test_a_repeated_operand_is_not_repeated(door: str, lhs: str, rhs: str) -> None:
    ir = REPEATED[door].format(
        x=X, lhs=lhs, rhs=rhs, repeats="2, 1, 4", made=X, lhs_type=X, rhs_type=X
    )
    arrays = {"x": integers(X, 0), "y": integers("tensor<1x3x1xf32>", 1)}
    values = {"x": arrays["x"], "0": np.broadcast_to(arrays["y"], (2, 3, 4))}

    assert_equal_bits(run_after(ir, door, arrays), values[lhs] * values[rhs])
    assert len(made_ops(lowered(ir, door), "ttnn.repeat")) == (lhs == rhs)


def test_an_operand_is_repeated_where_neither_has_the_whole_shape() -> None:
    ir = """
    func.func @main(%x: tensor<1x3x4xf32>, %y: tensor<1x3x1xf32>) -> tensor<2x3x4xf32> {
      %0 = "ttir.broadcast"(%y) <{broadcast_dimensions = array<i64: 2, 1, 1>}>
        : (tensor<1x3x1xf32>) -> tensor<2x3x1xf32>
      %1 = "ttir.multiply"(%x, %0)
        : (tensor<1x3x4xf32>, tensor<2x3x1xf32>) -> tensor<2x3x4xf32>
      return %1 : tensor<2x3x4xf32>
    }"""
    swapped = ir.replace("(%x, %0)", "(%0, %x)").replace(
        "(tensor<1x3x4xf32>, tensor<2x3x1xf32>)", "(tensor<2x3x1xf32>, tensor<1x3x4xf32>)"
    )
    arrays = {"x": integers("tensor<1x3x4xf32>", 0), "y": integers("tensor<1x3x1xf32>", 1)}
    expected = np.tile(arrays["x"] * arrays["y"], (2, 1, 1))

    for text in (ir, swapped):
        assert_equal_bits(run_after(text, "convert-ttir-to-ttnn", arrays), expected)


def test_what_is_repeated_as_a_whole_stays_repeated() -> None:
    """Two rows become four: no elementwise op broadcasts so."""
    ir = """
    func.func @main(%x: tensor<4x3xf32>, %y: tensor<2x3xf32>) -> tensor<4x3xf32> {
      %0 = "ttir.broadcast"(%y) <{broadcast_dimensions = array<i64: 2, 1>}>
        : (tensor<2x3xf32>) -> tensor<4x3xf32>
      %1 = "ttir.add"(%x, %0) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
      return %1 : tensor<4x3xf32>
    }"""
    arrays = {"x": integers("tensor<4x3xf32>", 0), "y": integers("tensor<2x3xf32>", 1)}

    result = run_after(ir, "convert-ttir-to-ttnn", arrays)

    assert_equal_bits(result, arrays["x"] + np.tile(arrays["y"], (2, 1)))


def test_what_ttnn_has_no_types_for_stays() -> None:
    ir = """
    func.func @main(%x: tensor<2xi1>, %y: tensor<?x3xf32>) -> (tensor<2xi32>, tensor<?x3xf32>) {
      %0 = stablehlo.convert %x : (tensor<2xi1>) -> tensor<2xi32>
      %1 = stablehlo.tanh %y : tensor<?x3xf32>
      return %0, %1 : tensor<2xi32>, tensor<?x3xf32>
    }"""
    module = lowered(ir, "convert-stablehlo-to-ttnn")

    assert len(made_ops(module, "stablehlo.convert")) == 1
    assert len(made_ops(module, "stablehlo.tanh")) == 1


@pytest.mark.parametrize("element_type", ["i32", "ui8", "f32"])
def test_a_division_of_integers_stays(element_type: str) -> None:
    """It rounds towards zero, which `ttnn.divide`, of floats alone, does not say."""
    type_ = f"tensor<2x{element_type}>"
    ir = f"""
    func.func @main(%x: {type_}, %y: {type_}) -> {type_} {{
      %0 = stablehlo.divide %x, %y : {type_}
      return %0 : {type_}
    }}"""
    module = lowered(ir, "convert-stablehlo-to-ttnn")

    assert len(made_ops(module, "stablehlo.divide")) == (element_type != "f32")


@pytest.mark.parametrize(
    ("op", "element_type", "stays"),
    [
        ("div", "i32", True),
        ("div", "bf16", False),
        ("add", "i1", True),
        ("maximum", "i1", True),
        ("add", "i8", False),
    ],
)
def test_what_ttnn_computes_otherwise_stays_in_ttir(
    op: str, element_type: str, stays: bool
) -> None:
    type_ = f"tensor<2x{element_type}>"
    ir = f"""
    func.func @main(%x: {type_}, %y: {type_}) -> {type_} {{
      %0 = "ttir.{op}"(%x, %y) : ({type_}, {type_}) -> {type_}
      return %0 : {type_}
    }}"""
    module = lowered(ir, "convert-ttir-to-ttnn")

    assert len(made_ops(module, f"ttir.{op}")) == stays


TTIR_CONV2D = """
func.func @main(%x: {x}, %w: {w}, %b: {b}) -> {y} {{
  %0 = "ttir.conv2d"(%x, %w, %b) <{{stride = array<i32: 2, 1>, padding = array<i32: {padding}>,
    dilation = array<i32: 1, 2>, groups = 2 : i32, batch_dim = {n} : i64, height_dim = {h} : i64,
    width_dim = {v} : i64, channel_dim = {c} : i64}}> : ({x}, {w}, {b}) -> {y}
  return %0 : {y}
}}
"""


def shape_text(shape: tuple[int, ...]) -> str:
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


@pytest.mark.parametrize("order", ["b01f", "bf01", "1f0b"])
def test_ttir_conv2d(order: str) -> None:
    """The four paddings are [top, left, bottom, right]; the kernel is not mirrored."""
    window = Window(
        sizes=(5, 6),
        taps=(3, 2),
        batch=2,
        inputs=4,
        outputs=6,
        groups=2,
        strides=(2, 1),
        rhs=(1, 2),
        pads=((0, 2), (1, 3)),
        labels=(order, "oi01", order),
    )
    arrays: dict[str, Any] = window.arrays()
    bias = np.arange(6, dtype=np.float32)
    bias_shape = tuple(6 if label == "f" else 1 for label in order)
    x, w, y = (shape_text(shape) for shape in window.shapes)
    n, h, v, c = (order.index(label) for label in "b01f")
    ir = TTIR_CONV2D.format(
        x=x, w=w, y=y, b=shape_text(bias_shape), padding="0, 1, 2, 3", n=n, h=h, v=v, c=c
    )
    expected = window.evaluate(arrays["x"], arrays["w"]) + bias.reshape(bias_shape)

    for floor in FLOORS:
        result = run_after(
            ir, f"convert-ttir-to-ttnn{floor}", arrays | {"b": bias.reshape(bias_shape)}
        )
        assert_equal_bits(result, expected)


FLAT_POOL = """
func.func @main(%x: tensor<1x1x24x2xf32>) -> tensor<1x1x8x2xf32> {
  %0 = "ttir.max_pool2d"(%x) <{kernel = 2 : i32, stride = 2 : i32, dilation = 1 : i32,
    padding = 0 : i32, ceil_mode = true,
    flattened_compat_info =
      #ttir<flattened_compat batch_size = 2, input_height = 3, input_width = 4>}>
    : (tensor<1x1x24x2xf32>) -> tensor<1x1x8x2xf32>
  return %0 : tensor<1x1x8x2xf32>
}
"""


def test_a_flattened_pooling_with_half_a_window_behind() -> None:
    """Three rows make two windows, the second of one row; a batch of two stays two."""
    x = integers("tensor<2x3x4x2xf32>", 0)
    padded = np.pad(x, ((0, 0), (0, 1), (0, 0), (0, 0)), constant_values=-np.inf)
    expected = padded.reshape(2, 2, 2, 2, 2, 2).max((2, 4))

    result = run_after(FLAT_POOL, "convert-ttir-to-ttnn", {"x": x.reshape(1, 1, 24, 2)})

    assert_equal_bits(result, expected.reshape(1, 1, 8, 2))
    assert not made_ops(lowered(FLAT_POOL, "convert-ttir-to-ttnn"), "ttnn.reshape")


REGIONS = {
    "convert-stablehlo-to-ttnn": """
    func.func @main(%x: tensor<2x3xf32>, %i: tensor<f32>) -> tensor<2xf32> {
      %0 = "stablehlo.reduce"(%x, %i) <{dimensions = array<i64: 1>}> ({
      ^bb0(%a: tensor<f32>, %b: tensor<f32>):
        %1 = stablehlo.add %a, %b : tensor<f32>
        "stablehlo.return"(%1) : (tensor<f32>) -> ()
      }) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    }""",
    "convert-ttir-to-ttnn": """
    func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
      %0 = "ttir.region_op"(%x) ({
      ^bb0(%a: tensor<2x3xf32>):
        %1 = ttir.empty() : tensor<2x3xf32>
        %2 = "ttir.relu"(%a) : (tensor<2x3xf32>) -> tensor<2x3xf32>
        "ttir.yield"(%2) : (tensor<2x3xf32>) -> ()
      }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>
    }""",
}


@pytest.mark.parametrize("door", REGIONS)
def test_regions_of_unknown_ops_stay(door: str) -> None:
    assert str(lowered(REGIONS[door], door)) == str(parsed(REGIONS[door]))


STRUCTURED = """
func.func @main(%x: tensor<2x3xf32>, %c: i1) -> tensor<2x3xf32> {
  %0 = scf.if %c -> (tensor<2x3xf32>) {
    %1 = stablehlo.multiply %x, %x : tensor<2x3xf32>
    scf.yield %1 : tensor<2x3xf32>
  } else {
    scf.yield %x : tensor<2x3xf32>
  }
  return %0 : tensor<2x3xf32>
}
"""


def test_regions_of_known_ops_are_gone_through() -> None:
    module = lowered(STRUCTURED, "convert-stablehlo-to-ttnn")

    assert len(made_ops(module, "ttnn.multiply")) == 1
