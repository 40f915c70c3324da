"""The ops of the `stablehlo` dialect that compute elements, and constants.

Source: openxla/stablehlo, StablehloOps.td and docs/spec.md.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar, cast

from xdsl.dialects.builtin import (
    AnyDenseElement,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    VarConstraint,
    base,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from .verify_shapes import fail, shape_of
from .verify_tensor import verify_result_shape

AnyTensor = base(TensorType[Attribute])
I64Array = DenseArrayBase.constr(i64)


class UnaryOp(IRDLOperation, ABC):
    """An elementwise op of one tensor."""

    T: ClassVar = VarConstraint("T", AnyTensor)

    operand = operand_def(T)
    result = result_def(T)

    assembly_format = "$operand attr-dict `:` type($result)"
    traits = traits_def(Pure())


@irdl_op_definition
class TanhOp(UnaryOp):
    """result = tanh(operand)."""

    name = "stablehlo.tanh"


@irdl_op_definition
class LogisticOp(UnaryOp):
    """result = 1 / (1 + exp(-operand))."""

    name = "stablehlo.logistic"


class BinaryOp(IRDLOperation, ABC):
    """An elementwise op of two tensors of one type."""

    T: ClassVar = VarConstraint("T", AnyTensor)

    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)

    assembly_format = "$lhs `,` $rhs attr-dict `:` type($result)"
    traits = traits_def(Pure())


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

    value = prop_def(base(DenseIntOrFPElementsAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        if self.value.type != self.result.type:
            fail(self, f"expected a result of type {self.value.type}, got {self.result.type}")

    @classmethod
    def parse(cls, parser: Parser) -> ConstantOp:
        attributes = parser.parse_optional_attr_dict()
        start = parser.pos
        value = parser.parse_attribute()
        if not isinstance(value, DenseIntOrFPElementsAttr):
            parser.raise_error(f"expected dense elements, got {value}", start)
        dense = cast(DenseIntOrFPElementsAttr[AnyDenseElement], value)
        return cls.create(
            properties={"value": dense}, attributes=attributes, result_types=[dense.type]
        )

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes)
        printer.print_string(" ")
        printer.print_attribute(self.value)


@irdl_op_definition
class ConvertOp(IRDLOperation):
    """Convert to the result's element type."""

    name = "stablehlo.convert"

    operand = operand_def(AnyTensor)
    result = result_def(AnyTensor)

    assembly_format = "$operand attr-dict `:` functional-type(operands, results)"
    traits = traits_def(Pure())

    def verify_(self) -> None:
        verify_result_shape(self, lambda: shape_of(self.operand))
