"""Attributes and types of tt-mlir's `ttnn` dialect.

Source: tt-mlir, TTNNOpsAttrs.td, TTNNOpsEnums.td and TTNNOpsTypes.td.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    IntAttr,
)
from xdsl.ir import (
    Attribute,
    ParametrizedAttribute,
    SpacedOpaqueSyntaxAttribute,
    TypeAttribute,
)
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer

from ..text.attribute_syntax import (
    Word,
)


@irdl_attr_definition
class DeviceType(ParametrizedAttribute, TypeAttribute):
    """An opaque device handle."""

    name = "ttnn.device"


@irdl_attr_definition
class BufferTypeAttr(Word):
    """The memory a tensor lives in."""

    name = "ttnn.buffer_type"
    words = ("dram", "l1", "system_memory", "l1_small", "trace")


@irdl_attr_definition
class LayoutAttr(Word):
    """The page layout of a tensor."""

    name = "ttnn.layout"
    words = ("row_major", "tile", "invalid")


@irdl_attr_definition
class TensorMemoryLayoutAttr(Word):
    """How a tensor is spread over memory banks or cores."""

    name = "ttnn.tensor_memory_layout"
    words = (
        "interleaved",
        "height_sharded",
        "width_sharded",
        "block_sharded",
        "nd_sharded",
        "single_bank",
        "none",
    )


class Coordinates(ParametrizedAttribute, SpacedOpaqueSyntaxAttribute):
    """Two sizes printed without brackets: `mesh_shape 1x1`, (y, x)."""

    y: IntAttr
    x: IntAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        start = parser.pos
        sizes = parser.parse_dimension_list()
        if len(sizes) != 2:
            parser.raise_error(f"#{cls.name}: expected two sizes, got {len(sizes)}", start)
        return [IntAttr(size) for size in sizes]

    def print_parameters(self, printer: Printer) -> None:
        printer.print_string(f"{self.y.data}x{self.x.data}")


@irdl_attr_definition
class MeshShapeAttr(Coordinates):
    """The shape of a mesh of devices."""

    name = "ttnn.mesh_shape"


@irdl_attr_definition
class MeshOffsetAttr(Coordinates):
    """Where in the parent mesh a submesh begins."""

    name = "ttnn.mesh_offset"


@irdl_attr_definition
class ShapeAttr(ParametrizedAttribute):
    """Sizes, one a dimension, `#ttnn.shape<1x32x64>`."""

    name = "ttnn.shape"

    sizes: ArrayAttr[IntAttr]

    @classmethod
    def from_sizes(cls, sizes: Sequence[int]) -> ShapeAttr:
        return cls(ArrayAttr(IntAttr(size) for size in sizes))

    def get_values(self) -> tuple[int, ...]:
        return tuple(size.data for size in self.sizes)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return [ArrayAttr(IntAttr(size) for size in parser.parse_dimension_list())]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_dimension_list(self.get_values())


TTNN_ATTRIBUTES = (
    DeviceType,
    BufferTypeAttr,
    LayoutAttr,
    TensorMemoryLayoutAttr,
    MeshShapeAttr,
    MeshOffsetAttr,
    ShapeAttr,
)
