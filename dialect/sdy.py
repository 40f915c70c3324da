"""The part of Shardy's `sdy` dialect that JAX puts into every module it exports.

Nothing here is about values: shardings are kept, and the rest of the dialect passes through.
Source: openxla/shardy, ops.td and attrs.td.
"""

from __future__ import annotations

from xdsl.dialects.builtin import SymbolNameConstraint
from xdsl.ir import Dialect
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    prop_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface

from .text.attribute_syntax import TextBody, parse_stripped, print_stripped


@irdl_attr_definition
class MeshAttr(TextBody):
    """`#sdy.mesh<["x"=2, "y"=4]>`: the axes of a mesh of devices, kept whole."""

    name = "sdy.mesh"


@irdl_op_definition
class MeshOp(IRDLOperation):
    """A mesh of devices under a name, which shardings refer to."""

    name = "sdy.mesh"

    sym_name = prop_def(SymbolNameConstraint())
    mesh = prop_def(base(MeshAttr))

    traits = traits_def(SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> MeshOp:
        name = parser.parse_symbol_name()
        parser.parse_punctuation("=")
        mesh = parse_stripped(parser, MeshAttr)
        attributes = parser.parse_optional_attr_dict()
        return cls.create(properties={"sym_name": name, "mesh": mesh}, attributes=attributes)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string(" = ")
        print_stripped(printer, self.mesh)
        printer.print_op_attributes(self.attributes)


SDY = Dialect("sdy", [MeshOp], [MeshAttr])
