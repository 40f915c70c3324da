"""Constants are printed by their bytes: as xDSL prints them, but for what it loses."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute
from xdsl.printer import Printer

from xdsl_ttnn.dialect.text.dense_printer import DensePrinter
from xdsl_ttnn.dialect.text.parsing import parse_module


def literal(text: str) -> DenseIntOrFPElementsAttr[Any]:
    (op,) = parse_module(f'"t.t"() {{c = {text}}} : () -> ()').body.block.ops
    attribute = op.attributes["c"]
    assert isinstance(attribute, DenseIntOrFPElementsAttr)
    return attribute


def printed(attribute: Attribute, printer: type[Printer] = DensePrinter) -> str:
    stream = StringIO()
    printer(stream).print_attribute(attribute)
    return stream.getvalue()


AS_XDSL = [
    "dense<1.5> : tensor<2x3xf32>",
    "dense<-0.0> : tensor<200xbf16>",
    "dense<[[0.0, -1.0], [1.5, 0x7FC00000]]> : tensor<2x2xf32>",
    f"dense<{list(range(101))}> : tensor<101xi32>",
    f"dense<{[list(range(row, row + 25)) for row in range(4)]}> : tensor<4x25xi16>",
    "dense<true> : tensor<3xi1>",
    "dense<[true, false]> : vector<2xi1>",
    "dense<-7> : vector<300xi8>",
    "dense<5> : tensor<index>",
    "dense<[]> : tensor<0xf32>",
    "dense<3> : tensor<4xi4>",
    "dense<255> : tensor<4xui8>",
    "dense<(1.0, 2.0)> : tensor<2xcomplex<f32>>",
    "dense<[(1, 2), (3, 4)]> : tensor<2xcomplex<i32>>",
]


@pytest.mark.parametrize("text", AS_XDSL)
def test_what_xdsl_prints(text: str) -> None:
    attribute = literal(text)
    assert printed(attribute) == printed(attribute, Printer)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[0.0, -0.0]", "dense<[0.000000e+00, -0.000000e+00]> : tensor<2xf32>"),
        ("[-0.0, 0.0]", "dense<[-0.000000e+00, 0.000000e+00]> : tensor<2xf32>"),
        ("0x7FC00000", "dense<0x7fc00000> : tensor<2xf32>"),
        ("[0x7FC00000, 0x7FC00001]", "dense<[0x7fc00000, 0x7fc00001]> : tensor<2xf32>"),
    ],
)
def test_no_bit_is_lost(text: str, expected: str) -> None:
    """xDSL prints zeros of both signs as one splat of the first."""
    attribute = literal(f"dense<{text}> : tensor<2xf32>")
    assert printed(attribute) == expected
    assert literal(expected).data == attribute.data


def test_zeros_of_both_signs_in_a_long_constant() -> None:
    zeros = ", ".join(["0.0"] * 200 + ["-0.0"])
    attribute = literal(f"dense<[{zeros}]> : tensor<201xf32>")
    assert literal(printed(attribute)).data == attribute.data


def test_in_an_op() -> None:
    op = arith.ConstantOp(literal("dense<[0.0, -0.0]> : tensor<2xf32>"))
    stream = StringIO()
    DensePrinter(stream).print_op(op)
    assert "dense<[0.000000e+00, -0.000000e+00]> : tensor<2xf32>" in stream.getvalue()
