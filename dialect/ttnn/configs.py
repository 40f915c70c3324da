"""Configurations that convolutions carry: precision, fused activation, what steers a device.

Source: tt-mlir, TTNNOpsAttrs.td and TTNNOpsEnums.td; field names of older releases are listed
beside the current ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects.builtin import ArrayAttr, FloatAttr, IntAttr, StringAttr
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from ..text.attribute_syntax import Struct
from .memory import CoreRangeSetAttr


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


CONFIG_ATTRIBUTES = (
    UnaryWithParamAttr,
    Conv2dConfigAttr,
    DeviceComputeKernelConfigAttr,
    Conv2dSliceConfigAttr,
)
