"""The ops of the `stablehlo` dialect that move elements.

Source: openxla/stablehlo, StablehloOps.td and docs/spec.md.
"""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import (
    I64,
    DenseArrayBase,
    IntegerAttr,
    i64,
)
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import Pure

from ..geometry.shapes import Shape, concat_shape, permute_shape
from ..shaped import ShapedOp, verify_result_shape, verify_same_element_type, verify_same_types
from ..tensor_types import AnyTensor, fail, is_static, shape_of, shapes_agree
from .syntax import SameOperandAndResultType

I64Array = DenseArrayBase.constr(i64)


@irdl_op_definition
class ReverseOp(IRDLOperation):
    """result[.., i, ..] = operand[.., size - 1 - i, ..] along each of `dimensions`."""

    name = "stablehlo.reverse"

    operand = operand_def(AnyTensor)
    dimensions = prop_def(I64Array)
    result = result_def(AnyTensor)

    assembly_format = (
        "$operand `,` `dims` `=` $dimensions attr-dict `:` "
        "custom<SameOperandAndResultType>(type($operand), type($result))"
    )
    custom_directives = (SameOperandAndResultType,)
    traits = traits_def(Pure())

    def verify_(self) -> None:
        verify_same_types(self)
        dimensions, rank = self.dimensions.get_values(), len(shape_of(self.operand))
        is_valid = len(set(dimensions)) == len(dimensions) and set(dimensions) <= set(range(rank))
        if not is_valid:
            fail(self, f"expected distinct dimensions below {rank}, got {tuple(dimensions)}")


@irdl_op_definition
class TransposeOp(ShapedOp):
    """Dimension d of the result is dimension permutation[d] of the operand."""

    name = "stablehlo.transpose"

    operand = operand_def(AnyTensor)
    permutation = prop_def(I64Array)
    result = result_def(AnyTensor)

    assembly_format = (
        "$operand `,` `dims` `=` $permutation attr-dict `:` functional-type(operands, results)"
    )
    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return permute_shape(shape_of(self.operand), self.permutation.get_values())

    def verify_(self) -> None:
        verify_result_shape(self)
        verify_same_element_type(self)


@irdl_op_definition
class ReshapeOp(IRDLOperation):
    """The same elements in row-major order under the result's shape."""

    name = "stablehlo.reshape"

    operand = operand_def(AnyTensor)
    result = result_def(AnyTensor)

    assembly_format = "$operand attr-dict `:` functional-type(operands, results)"
    traits = traits_def(Pure())

    def verify_(self) -> None:
        before, after = shape_of(self.operand), shape_of(self.result)
        if is_static(before) and is_static(after) and prod(before) != prod(after):
            fail(self, f"expected a result of {prod(before)} elements, got {prod(after)}")
        verify_same_element_type(self)


@irdl_op_definition
class BroadcastInDimOp(IRDLOperation):
    """Dimension i of the operand is dimension broadcast_dimensions[i] of the result.

    There it has the same size, or size 1 and is repeated.
    """

    name = "stablehlo.broadcast_in_dim"

    operand = operand_def(AnyTensor)
    broadcast_dimensions = prop_def(I64Array)
    result = result_def(AnyTensor)

    assembly_format = (
        "$operand `,` `dims` `=` $broadcast_dimensions attr-dict `:` "
        "functional-type(operands, results)"
    )
    traits = traits_def(Pure())

    def verify_(self) -> None:
        dimensions, given = self.broadcast_dimensions.get_values(), shape_of(self.operand)
        target = shape_of(self.result)
        if len(dimensions) != len(given) or len(set(dimensions)) != len(dimensions):
            fail(self, f"expected {len(given)} distinct dimensions, got {tuple(dimensions)}")
        if not set(dimensions) <= set(range(len(target))):
            fail(self, f"expected dimensions below {len(target)}, got {tuple(dimensions)}")
        for size, dimension in zip(given, dimensions, strict=True):
            if size != 1 and not shapes_agree((size,), (target[dimension],)):
                fail(self, f"expected size {size} or 1, got {target[dimension]}")
        verify_same_element_type(self)


@irdl_op_definition
class ConcatenateOp(ShapedOp):
    """The inputs one behind the other along `dimension`."""

    name = "stablehlo.concatenate"

    inputs = var_operand_def(AnyTensor)
    dimension = prop_def(IntegerAttr[I64])
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        shapes = [shape_of(value) for value in self.inputs]
        return concat_shape(shapes, self.dimension.value.data)

    def verify_(self) -> None:
        verify_result_shape(self)
        verify_same_element_type(self)

    @classmethod
    def parse(cls, parser: Parser) -> ConcatenateOp:
        operands: list[UnresolvedOperand] = []
        while parser.parse_optional_keyword("dim") is None:
            operands.append(parser.parse_unresolved_operand())
            parser.parse_punctuation(",")
        parser.parse_punctuation("=")
        dimension = IntegerAttr(parser.parse_integer(), i64)
        attributes = parser.parse_optional_attr_dict()
        start = parser.pos
        parser.parse_punctuation(":")
        type_ = parser.parse_function_type()
        return cls.create(
            operands=parser.resolve_operands(operands, type_.inputs.data, start),
            properties={"dimension": dimension},
            attributes=attributes,
            result_types=type_.outputs.data,
        )

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_list(self.inputs, printer.print_ssa_value)
        printer.print_string(f", dim = {self.dimension.value.data}")
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_operation_type(self)
