"""Attributes and types of tt-mlir's `ttcore` dialect that tensor programs carry.

What describes hardware (system and device descriptions) is kept whole as text; nothing here
computes with it. Source: tt-mlir, TTCoreOpsTypes.td and TTCoreOpsEnums.td.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, IntAttr, StringAttr
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer

from ..text.attribute_syntax import TextBody, Word

DATA_TYPES = (
    "f32",
    "f16",
    "bf16",
    "bfp_f8",
    "bfp_bf8",
    "bfp_f4",
    "bfp_bf4",
    "bfp_f2",
    "bfp_bf2",
    "u32",
    "u16",
    "u8",
    "si32",
    "i1",
)


@irdl_attr_definition
class DataTypeAttr(Word):
    """A device data type, `#ttcore.supportedDataTypes<bf16>`."""

    name = "ttcore.supportedDataTypes"
    words = DATA_TYPES


@irdl_attr_definition
class ArgumentTypeAttr(Word):
    """What a function argument is: `#ttcore.argument_type<parameter>`."""

    name = "ttcore.argument_type"
    words = ("input", "parameter", "constant", "default")


@irdl_attr_definition
class TileType(ParametrizedAttribute, TypeAttribute):
    """A tile of scalars, `!ttcore.tile<32x32, bf16>`; `shape` is (height, width) in elements."""

    name = "ttcore.tile"

    shape: ArrayAttr[IntAttr]
    data_type: StringAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            shape = ArrayAttr(IntAttr(size) for size in parser.parse_dimension_list())
            parser.parse_punctuation(",")
            data_type = StringAttr(parser.parse_keyword_in(DATA_TYPES))
        return [shape, data_type]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_dimension_list([size.data for size in self.shape])
            printer.print_string(f", {self.data_type.data}")


@irdl_attr_definition
class SystemDescAttr(TextBody):
    """The host and chips of a system, kept whole."""

    name = "ttcore.system_desc"


@irdl_attr_definition
class DeviceAttr(TextBody):
    """Grids, address maps and mesh of a device, kept whole."""

    name = "ttcore.device"


@irdl_attr_definition
class GridAttr(TextBody):
    """A grid of cores, kept whole: `#ttcore.grid<8x8>`."""

    name = "ttcore.grid"


TTCORE_ATTRIBUTES = (DataTypeAttr, ArgumentTypeAttr, TileType, SystemDescAttr, DeviceAttr, GridAttr)
