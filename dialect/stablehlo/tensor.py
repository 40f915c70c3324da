"""The ops of the `stablehlo` dialect that compute elements, and constants.

Source: openxla/stablehlo, StablehloOps.td and docs/spec.md.
"""

from __future__ import annotations

from abc import ABC
from typing import cast

from xdsl.dialects.builtin import (
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    i64,
)
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from ..geometry.shapes import Shape
from ..shaped import ShapedOp, verify_result_shape, verify_same_types
from ..tensor_types import AnyTensor, fail, shape_of
from ..text.resources import ELEMENTS, Elements
from .syntax import SameOperandAndResultType, SameOperandsAndResultType

I64Array = DenseArrayBase.constr(i64)


class UnaryOp(ShapedOp, ABC):
    """An elementwise op of one tensor."""

    operand = operand_def(AnyTensor)
    result = result_def(AnyTensor)

    assembly_format = (
        "$operand attr-dict `:` custom<SameOperandAndResultType>(type($operand), type($result))"
    )
    custom_directives = (SameOperandAndResultType,)
    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return shape_of(self.operand)

    def verify_(self) -> None:
        verify_same_types(self)


@irdl_op_definition
class TanhOp(UnaryOp):
    """result = tanh(operand)."""

    name = "stablehlo.tanh"


@irdl_op_definition
class LogisticOp(UnaryOp):
    """result = 1 / (1 + exp(-operand))."""

    name = "stablehlo.logistic"


class BinaryOp(ShapedOp, ABC):
    """An elementwise op of two tensors of one type."""

    lhs = operand_def(AnyTensor)
    rhs = operand_def(AnyTensor)
    result = result_def(AnyTensor)

    assembly_format = (
        "$lhs `,` $rhs attr-dict `:` "
        "custom<SameOperandsAndResultType>(type($lhs), type($rhs), type($result))"
    )
    custom_directives = (SameOperandsAndResultType,)
    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return shape_of(self.lhs)

    def verify_(self) -> None:
        verify_same_types(self)


@irdl_op_definition
class AddOp(BinaryOp):
    """result = lhs + rhs."""

    name = "stablehlo.add"


@irdl_op_definition
class MultiplyOp(BinaryOp):
    """result = lhs * rhs."""

    name = "stablehlo.multiply"


@irdl_op_definition
class SubtractOp(BinaryOp):
    """result = lhs - rhs."""

    name = "stablehlo.subtract"


@irdl_op_definition
class DivideOp(BinaryOp):
    """result = lhs / rhs."""

    name = "stablehlo.divide"


@irdl_op_definition
class MaximumOp(BinaryOp):
    """result = max(lhs, rhs)."""

    name = "stablehlo.maximum"


@irdl_op_definition
class MinimumOp(BinaryOp):
    """result = min(lhs, rhs)."""

    name = "stablehlo.minimum"


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """result = value."""

    name = "stablehlo.constant"

    value = prop_def(ELEMENTS)
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        if (type_ := self.value.get_type()) != self.result.type:
            fail(self, f"expected a result of type {type_}, got {self.result.type}")

    @classmethod
    def parse(cls, parser: Parser) -> ConstantOp:
        if parser.parse_optional_punctuation("(") is not None:
            return cls._parse_generic(parser)
        attributes = parser.parse_optional_attr_dict()
        start = parser.pos
        value = parser.parse_attribute()
        if not isinstance(value, DenseIntOrFPElementsAttr | DenseResourceAttr):
            parser.raise_error(f"expected dense elements, got {value}", start)
        elements = cast(Elements, value)
        return cls.create(
            properties={"value": elements},
            attributes=attributes,
            result_types=[elements.get_type()],
        )

    @classmethod
    def _parse_generic(cls, parser: Parser) -> ConstantOp:
        """Read `) {value = ...} : () -> type`, which StableHLO takes behind the name as well."""
        parser.parse_punctuation(")")
        properties = parser.parse_optional_properties_dict()
        start, attributes = parser.pos, parser.parse_optional_attr_dict()
        given = properties | attributes
        value = given.pop("value", None)
        if not isinstance(value, DenseIntOrFPElementsAttr | DenseResourceAttr):
            parser.raise_error(f"expected dense elements as 'value', got {value}", start)
        parser.parse_punctuation(":")
        types = parser.parse_function_type()
        return cls.create(
            properties={"value": cast(Elements, value)},
            attributes=given,
            result_types=types.outputs.data,
        )

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes)
        printer.print_string(" ")
        printer.print_attribute(self.value)


@irdl_op_definition
class ConvertOp(UnaryOp):
    """Convert to the result's element type."""

    name = "stablehlo.convert"

    def verify_(self) -> None:
        verify_result_shape(self)
