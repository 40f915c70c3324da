"""Where tensors lie: on which cores, in which memory, in which order.

Source: tt-mlir, TTNNOpsAttrs.td.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    AffineMapAttr,
    ArrayAttr,
    DictionaryAttr,
    IntAttr,
    MemRefType,
    StringAttr,
)
from xdsl.ir import (
    Attribute,
    ParametrizedAttribute,
)
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer

from ..text.attribute_syntax import (
    Keyword,
    RawBody,
    parse_raw_body,
    parse_stripped,
    print_field_value,
    print_stripped,
)
from .attributes import BufferTypeAttr, TensorMemoryLayoutAttr


@irdl_attr_definition
class CoreRangeAttr(ParametrizedAttribute):
    """A rectangle of cores, `#ttnn.core_range<(0,0), (7,0)>`; corners are (x, y), inclusive."""

    name = "ttnn.core_range"

    start_x: IntAttr
    start_y: IntAttr
    end_x: IntAttr
    end_y: IntAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        def parse_corner() -> list[int]:
            return parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_integer)

        start = parser.pos
        corners = parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_corner)
        numbers = [IntAttr(number) for corner in corners for number in corner]
        if len(numbers) != 4:
            parser.raise_error("#ttnn.core_range: expected two corners (x, y)", start)
        return numbers

    def print_parameters(self, printer: Printer) -> None:
        start = f"({self.start_x.data},{self.start_y.data})"
        printer.print_string(f"<{start}, ({self.end_x.data},{self.end_y.data})>")


@irdl_attr_definition
class CoreRangeSetAttr(ParametrizedAttribute):
    """A set of core ranges, `#ttnn.core_range_set<[...]>`."""

    name = "ttnn.core_range_set"

    ranges: ArrayAttr[CoreRangeAttr]

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            ranges = parser.parse_optional_comma_separated_list(
                parser.Delimiter.SQUARE, lambda: parse_stripped(parser, CoreRangeAttr)
            )
        return [ArrayAttr(ranges or ())]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            if self.ranges.data:
                printer.print_attribute(self.ranges)


@irdl_attr_definition
class MemoryConfigAttr(ParametrizedAttribute):
    """Buffer type, then any of memory layout and shard specifications, kept as they stand."""

    name = "ttnn.memory_config"

    buffer_type: BufferTypeAttr
    rest: ArrayAttr[Attribute]

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        rest: list[Attribute] = []
        with parser.in_angle_brackets():
            buffer_type = parse_stripped(parser, BufferTypeAttr)
            while parser.parse_optional_punctuation(","):
                rest.append(_parse_memory_config_part(parser))
        return [buffer_type, ArrayAttr(rest)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_attribute(self.buffer_type)
            for part in self.rest:
                printer.print_string(", ")
                if isinstance(part, TensorMemoryLayoutAttr | RawBody):
                    print_stripped(printer, part)
                elif isinstance(part, StringAttr):
                    printer.print_string(f"ndShardSpec = {part.data}", indent=0)
                else:
                    printer.print_attribute(part)


def _parse_memory_config_part(parser: AttrParser) -> Attribute:
    if parser.parse_optional_keyword("ndShardSpec"):
        parser.parse_punctuation("=")
        if (attribute := parser.parse_optional_attribute()) is not None:
            return StringAttr(str(attribute))
        return StringAttr(f"<{parse_raw_body(parser)}>")
    if (attribute := parser.parse_optional_attribute()) is not None:
        return attribute
    body = parse_raw_body(parser)
    if (word := body.strip()) in TensorMemoryLayoutAttr.words:
        return TensorMemoryLayoutAttr(word)
    return RawBody(body)


@irdl_attr_definition
class TTNNLayoutAttr(ParametrizedAttribute):
    """The encoding of a TTNN tensor type: where its elements lie in the memory of a device.

    `grid_shape` counts cores, `memref` is one shard with its memory space; the rest (memory
    layout, core ranges, mesh) follows in order and is kept.
    """

    name = "ttnn.ttnn_layout"

    linear: AffineMapAttr
    grid_shape: ArrayAttr[IntAttr]
    mesh: Attribute
    memref: MemRefType
    memory_layout: Attribute
    options: DictionaryAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        mesh, memory_layout = StringAttr(""), StringAttr("")
        options: dict[str, Attribute] = {}
        with parser.in_angle_brackets():
            linear = AffineMapAttr(parser.parse_affine_map())
            parser.parse_punctuation(",")
            with parser.in_angle_brackets():
                grid = ArrayAttr(IntAttr(size) for size in parser.parse_dimension_list())
            parser.parse_punctuation(",")
            if parser.parse_optional_keyword("mesh"):
                parser.parse_punctuation("=")
                mesh = parser.parse_optional_attribute() or RawBody(parse_raw_body(parser))
                parser.parse_punctuation(",")
            memref = parser.parse_type()
            while parser.parse_optional_punctuation(","):
                if (key := parser.parse_optional_identifier()) is None:
                    memory_layout = parse_stripped(parser, TensorMemoryLayoutAttr)
                else:
                    parser.parse_punctuation("=")
                    options[key] = _parse_layout_option(parser, key)
        return [linear, grid, mesh, memref, memory_layout, DictionaryAttr(options)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"{self.linear.data}, <")
            printer.print_dimension_list([size.data for size in self.grid_shape])
            printer.print_string(">, ")
            if self.mesh != StringAttr(""):
                printer.print_string("mesh = ")
                print_field_value(printer, self.mesh, None)
                printer.print_string(", ")
            printer.print_attribute(self.memref)
            if isinstance(self.memory_layout, TensorMemoryLayoutAttr):
                printer.print_string(f", <{self.memory_layout.data}>")
            for key, value in self.options.data.items():
                printer.print_string(f", {key} = ")
                print_field_value(printer, value, CoreRangeSetAttr)


def _parse_layout_option(parser: AttrParser, key: str) -> Attribute:
    if key == "core_ranges":
        return parse_stripped(parser, CoreRangeSetAttr)
    return Keyword(parser.parse_identifier())


MEMORY_ATTRIBUTES = (CoreRangeAttr, CoreRangeSetAttr, MemoryConfigAttr, TTNNLayoutAttr)
