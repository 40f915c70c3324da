"""What ops compute in: the rule of the passes, and the interpreter's own, against a table."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import IntegerType, TensorType, f32, i32
from xdsl.ir import Attribute

from support import conv_transpose2d_ir, make_case, tensor
from support.element_types import COMPUTES_IN
from support.floors import context, parsed
from support.references import DTYPES
from xdsl_ttnn.dialect.numerics import accumulator_of, accumulator_type, holds, weight_precision
from xdsl_ttnn.dialect.numpy_types import ElementTypes
from xdsl_ttnn.dialect.text.parsing import TTNNParser
from xdsl_ttnn.dialect.ttnn import ConvTranspose2dOp
from xdsl_ttnn.interpreter.elements import computes_in

by_hand = pytest.mark.parametrize(("types", "expected"), COMPUTES_IN)


def type_(text: str) -> Attribute:
    return TTNNParser(context(), text).parse_type()


@by_hand
def test_what_passes_compute_in(types: str, expected: str) -> None:
    assert accumulator_type(*map(type_, types.split())) == type_(expected)


@by_hand
def test_what_the_interpreter_computes_in(types: str, expected: str) -> None:
    tensors = [TensorType(type_(text), [2]) for text in types.split()]
    held = computes_in(ElementTypes(), *tensors)
    if expected == "i1":
        assert (held.dtype, held.bits) == (DTYPES["ui8"], 1)
        return
    assert held.dtype == DTYPES[expected]
    assert held.bits == (4 if expected == "i4" else None)


def test_f64_accumulation_computes_in_f64() -> None:
    assert computes_in(ElementTypes("f64"), f32, f32, f32).dtype == DTYPES["f64"]
    assert computes_in(ElementTypes("f64"), i32, i32).dtype == DTYPES["i32"]


@pytest.mark.parametrize(
    ("tile", "expected"),
    [("bfp_bf8", "f32"), ("f32", "f32"), ("bf16", "f32"), ("u8", "ui8"), ("si32", "si32")],
)
def test_tiles_count_as_their_numbers(tile: str, expected: str) -> None:
    tiles = type_(f"!ttcore.tile<32x32, {tile}>")
    assert accumulator_type(tiles, tiles) == type_(expected)
    assert accumulator_type(tiles, type_("f64")) == type_("f64")


@pytest.mark.parametrize("name", ["x", "w", "b", "y"])
def test_every_operand_of_an_op_counts(name: str) -> None:
    case = make_case(h=2, w=3, c=1, o=1, kh=2, kw=1, bias=True)
    shapes = {"x": (1, 2, 3, 1), "w": (1, 1, 2, 1), "b": (1, 1, 1, 1), "y": (1, 3, 3, 1)}
    module = parsed(conv_transpose2d_ir(case, "bf16", types={name: tensor(shapes[name], "f64")}))
    (op,) = (op for op in module.walk() if isinstance(op, ConvTranspose2dOp))
    assert accumulator_of(op) == type_("f64")


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("f32", "f32", True),
        ("f32", "bf16", True),
        ("f64", "f16", True),
        ("bf16", "f8E5M2", True),
        ("bf16", "f16", False),
        ("f16", "bf16", False),
        ("f32", "f64", False),
        ("f32", "i8", False),
        ("i32", "i8", False),
        ("i8", "i8", True),
    ],
)
def test_which_types_hold_which(wide: str, narrow: str, expected: bool) -> None:
    assert holds(type_(wide), type_(narrow)) is expected


@pytest.mark.parametrize(
    ("weight", "asked", "expected"),
    [
        ("f32", None, None),
        ("f32", "bf16", "bf16"),
        ("f32", "bfp_bf4", "bf16"),
        ("f64", "f32", "f32"),
        ("f32", "f32", None),
        ("bf16", "f32", None),
        ("bf16", "f16", "f16"),
        ("f16", "bfp_bf8", "bf16"),
        ("si32", "bf16", None),
    ],
)
def test_what_weights_are_rounded_to(weight: str, asked: str | None, expected: str | None) -> None:
    found = weight_precision(type_(weight), asked)
    assert found == (None if expected is None else type_(expected))


def test_weights_are_rounded_to_floats() -> None:
    message = "expected a weights_dtype among bf16, f16, f32 and block formats, got u8"
    with pytest.raises(ValueError, match=message):
        weight_precision(IntegerType(8), "u8")
