"""Attributes and types of tt-mlir's `ttnn` dialect.

Source: tt-mlir, TTNNOpsAttrs.td, TTNNOpsEnums.td and TTNNOpsTypes.td; field names of older
releases are listed beside the current ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects.builtin import (
    AffineMapAttr,
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    IntAttr,
    MemRefType,
    StringAttr,
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
from xdsl.utils.exceptions import VerifyException

from .attribute_syntax import (
    Keyword,
    RawBody,
    Struct,
    Word,
    parse_raw_body,
    parse_stripped,
    print_field_value,
    print_stripped,
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
                    printer.print_string(f"ndShardSpec = {part.data}")
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
    if body in TensorMemoryLayoutAttr.words:
        return TensorMemoryLayoutAttr(body)
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
                mesh = RawBody(parse_raw_body(parser))
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
            if isinstance(self.mesh, RawBody):
                printer.print_string(f"mesh = <{self.mesh.data}>, ")
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


@irdl_attr_definition
class UnaryWithParamAttr(ParametrizedAttribute):
    """A unary function with its parameters, `<op_type = leaky_relu, params = [0.1 : f32]>`."""

    name = "ttnn.unary_with_param"

    op_type: StringAttr
    params: ArrayAttr[FloatAttr]

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        params: Sequence[Attribute] = ()
        with parser.in_angle_brackets():
            parser.parse_keyword("op_type")
            parser.parse_punctuation("=")
            op_type = StringAttr(parser.parse_identifier())
            if parser.parse_optional_punctuation(","):
                parser.parse_keyword("params")
                parser.parse_punctuation("=")
                params = parser.parse_comma_separated_list(
                    parser.Delimiter.SQUARE, parser.parse_attribute
                )
        return [op_type, ArrayAttr(params)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"op_type = {self.op_type.data}")
            if self.params.data:
                printer.print_string(", params = ")
                printer.print_attribute(self.params)


@dataclass(frozen=True)
class Activation:
    """A fused activation: tt-mlir's name of it and its parameters."""

    name: str
    params: tuple[float, ...] = ()


CONV2D_CONFIG_FIELDS = frozenset(
    (
        "weights_dtype",
        "activation",
        "deallocate_activation",
        "reallocate_halo_output",
        "act_block_h_override",
        "act_block_w_div",
        "reshard_if_not_optimal",
        "override_sharding_config",
        "shard_layout",
        "core_grid",
        "transpose_shards",
        "output_layout",
        "enable_act_double_buffer",
        "enable_weights_double_buffer",
        "enable_kernel_stride_folding",
        "config_tensors_in_dram",
        # Older releases.
        "dtype",
        "input_channels_alignment",
        "preprocess_weights_on_device",
        "always_preprocess_weights",
        "enable_split_reader",
        "enable_subblock_padding",
        "in_place",
    )
)


@irdl_attr_definition
class Conv2dConfigAttr(Struct):
    """Configuration of a convolution.

    Only `weights_dtype` and `activation` change values; the rest steers a device's memory. A field
    of a newer release is kept and printed, and refused by name when the op is run or lowered
    (`unknown_fields`), since it might change values.
    """

    name = "ttnn.conv2d_config"
    FIELD_KINDS: ClassVar[Mapping[str, type[Attribute]]] = {
        "activation": UnaryWithParamAttr,
        "core_grid": CoreRangeSetAttr,
    }

    def activation(self) -> Activation | None:
        """The fused activation; None where there is none or it is the identity."""
        value = self.field("activation")
        if isinstance(value, UnaryWithParamAttr):
            params = tuple(param.value.data for param in value.params)
            activation = Activation(value.op_type.data, params)
        else:
            activation = Activation(self.keyword("activation") or "")
        return None if activation.name in ("", "identity") else activation

    def weights_dtype(self) -> str | None:
        """The data type weights are rounded to, in tt-mlir's spelling (`bf16`, `bfp_bf8`)."""
        word = self.keyword("weights_dtype")
        return {"bfloat16": "bf16", "float32": "f32"}.get(word, word) if word else None

    def unknown_fields(self) -> tuple[str, ...]:
        """Names of fields that no release known to this project has."""
        return tuple(name for name in self.fields.data if name not in CONV2D_CONFIG_FIELDS)


@irdl_attr_definition
class DeviceComputeKernelConfigAttr(Struct):
    """Precision and synchronisation of a device's compute kernels."""

    name = "ttnn.device_compute_kernel_config"
    KNOWN_FIELDS: ClassVar[tuple[str, ...]] = (
        "math_fidelity",
        "math_approx_mode",
        "fp32_dest_acc_en",
        "packer_l1_acc",
        "dst_full_sync_en",
    )

    def verify(self) -> None:
        for field_name in self.fields.data:
            if field_name not in self.KNOWN_FIELDS:
                raise VerifyException(
                    f"#{self.name}: expected one of {', '.join(self.KNOWN_FIELDS)}, "
                    f"got {field_name}"
                )


@irdl_attr_definition
class Conv2dSliceConfigAttr(ParametrizedAttribute):
    """How a convolution is cut into slices, `#ttnn.conv2d_slice_config<l1_full, 0>`."""

    name = "ttnn.conv2d_slice_config"

    slice_type: StringAttr
    num_slices: IntAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            slice_type = parser.parse_keyword_in(("dram_height", "dram_width", "l1_full"))
            parser.parse_punctuation(",")
            num_slices = parser.parse_integer(allow_boolean=False, allow_negative=False)
        return [StringAttr(slice_type), IntAttr(num_slices)]

    def print_parameters(self, printer: Printer) -> None:
        printer.print_string(f"<{self.slice_type.data}, {self.num_slices.data}>")


TTNN_ATTRIBUTES = (
    DeviceType,
    BufferTypeAttr,
    LayoutAttr,
    TensorMemoryLayoutAttr,
    MeshShapeAttr,
    MeshOffsetAttr,
    CoreRangeAttr,
    CoreRangeSetAttr,
    MemoryConfigAttr,
    TTNNLayoutAttr,
    UnaryWithParamAttr,
    Conv2dConfigAttr,
    DeviceComputeKernelConfigAttr,
    Conv2dSliceConfigAttr,
)
