"""The ops of the `stablehlo` dialect whose meaning is written elsewhere, and what ends a region.

They are read, printed and kept; nothing here knows what they compute.
Source: openxla/stablehlo, StablehloOps.td.
"""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.dialects.builtin import FlatSymbolRefAttr, StringAttr, SymbolNameConstraint
from xdsl.ir import Attribute, Region
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    ParsePropInAttrDict,
    base,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    traits_def,
    var_operand_def,
    var_region_def,
    var_result_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, Pure
from xdsl.utils.mlir_lexer import MLIRTokenKind

from ..unregistered import Opaque


@irdl_op_definition
class ReturnOp(IRDLOperation):
    """What the region of a `stablehlo` op gives."""

    name = "stablehlo.return"

    values = var_operand_def(AnyAttr())

    assembly_format = "($values^)? attr-dict (`:` type($values)^)?"
    traits = traits_def(IsTerminator(), Pure())


@irdl_op_definition
class CustomCallOp(IRDLOperation):
    """A call of something that StableHLO does not define, by its name."""

    name = "stablehlo.custom_call"

    inputs = var_operand_def(AnyAttr())
    call_target_name = prop_def(SymbolNameConstraint())
    has_side_effect = opt_prop_def()
    backend_config = opt_prop_def()
    api_version = opt_prop_def()
    called_computations = opt_prop_def()
    operand_layouts = opt_prop_def()
    result_layouts = opt_prop_def()
    output_operand_aliases = opt_prop_def()
    result_tilings = opt_prop_def()
    outputs = var_result_def(AnyAttr())

    assembly_format = (
        "$call_target_name `(` $inputs `)` attr-dict `:` functional-type(operands, results)"
    )
    irdl_options = (ParsePropInAttrDict(),)
    traits = traits_def(Opaque())


@irdl_op_definition
class CompositeOp(IRDLOperation):
    """An op of another dialect, by its name, and a function of StableHLO ops that is the same."""

    name = "stablehlo.composite"

    inputs = var_operand_def(AnyAttr())
    composite_name = prop_def(base(StringAttr), prop_name="name")
    composite_attributes = opt_prop_def()
    decomposition = prop_def(FlatSymbolRefAttr)
    version = opt_prop_def()
    composite_regions = var_region_def()
    outputs = var_result_def(AnyAttr())

    traits = traits_def(Opaque())

    @classmethod
    def parse(cls, parser: Parser) -> CompositeOp:
        name = StringAttr(parser.parse_str_literal())
        operands: list[UnresolvedOperand] = []
        is_operand = parser._current_token.kind == MLIRTokenKind.PERCENT_IDENT  # pyright: ignore[reportPrivateUsage]
        if is_operand:
            operands = parser.parse_comma_separated_list(
                parser.Delimiter.NONE, parser.parse_unresolved_operand
            )
        regions: list[Region] | None = parser.parse_optional_comma_separated_list(
            parser.Delimiter.PAREN, parser.parse_region
        )
        properties, attributes = cls._split(parser.parse_optional_attr_dict())
        start = parser.pos
        parser.parse_punctuation(":")
        type_ = parser.parse_function_type()
        return cls.create(
            operands=parser.resolve_operands(operands, type_.inputs.data, start),
            properties={"name": name, **properties},
            attributes=attributes,
            result_types=type_.outputs.data,
            regions=regions or [],
        )

    @classmethod
    def _split(
        cls, given: Mapping[str, Attribute]
    ) -> tuple[dict[str, Attribute], dict[str, Attribute]]:
        """What is a property of the op, and what is not."""
        names = cls.get_irdl_definition().properties
        properties = {name: value for name, value in given.items() if name in names}
        return properties, {name: value for name, value in given.items() if name not in names}

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_string_literal(self.composite_name.data)
        if self.operands:
            printer.print_string(" ")
            printer.print_list(self.operands, printer.print_ssa_value)
        if self.regions:
            printer.print_string(" ")
            with printer.in_parens():
                printer.print_list(self.regions, printer.print_region)
        rest = {name: value for name, value in self.properties.items() if name != "name"}
        printer.print_op_attributes(dict(sorted((rest | self.attributes).items())))
        printer.print_string(" : ")
        printer.print_operation_type(self)
