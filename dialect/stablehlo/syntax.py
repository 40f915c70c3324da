"""How StableHLO writes types: one where all are the same, else those of a function.

Source: openxla/stablehlo, AssemblyFormat.cpp (SameOperandsAndResultType).
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import FunctionType
from xdsl.ir import Attribute
from xdsl.irdl import IRDLOperation
from xdsl.irdl.declarative_assembly_format import (
    CustomDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    irdl_custom_directive,
)
from xdsl.parser import Parser
from xdsl.printer import Printer


def parse_types(parser: Parser, count: int) -> tuple[Sequence[Attribute], Attribute]:
    """Read `type` or `(type, ...) -> type`: what `count` operands and the result have."""
    start = parser.pos
    type_ = parser.parse_type()
    if not isinstance(type_, FunctionType):
        return [type_] * count, type_
    operands, results = type_.inputs.data, type_.outputs.data
    if (len(operands), len(results)) != (count, 1):
        got = f"{len(operands)} and {len(results)}"
        parser.raise_error(f"expected types of {count} operands and 1 result, got {got}", start)
    return operands, results[0]


def print_types(printer: Printer, operands: Sequence[Attribute], result: Attribute) -> None:
    """Print one type where all are the same."""
    if all(type_ == result for type_ in operands):
        printer.print_attribute(result)
    else:
        printer.print_function_type(operands, [result])


@irdl_custom_directive
class SameOperandAndResultType(CustomDirective):
    """The types of an op of one operand."""

    operand: TypeDirective
    result: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        operands, result = parse_types(parser, 1)
        self.operand.set(state, operands)
        self.result.set(state, [result])

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        print_types(printer, self.operand.get(op), self.result.get(op)[0])


@irdl_custom_directive
class SameOperandsAndResultType(CustomDirective):
    """The types of an op of two operands."""

    lhs: TypeDirective
    rhs: TypeDirective
    result: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        (lhs, rhs), result = parse_types(parser, 2)
        self.lhs.set(state, [lhs])
        self.rhs.set(state, [rhs])
        self.result.set(state, [result])

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        operands = (*self.lhs.get(op), *self.rhs.get(op))
        print_types(printer, operands, self.result.get(op)[0])
