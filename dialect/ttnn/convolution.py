"""The convolutions of tt-mlir's `ttnn` dialect and the ops that prepare their weights.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import (
    I32,
    BoolAttr,
    DenseArrayBase,
    IntegerAttr,
    StringAttr,
    TensorType,
    i32,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.plain import Conv2dGeometry, ConvAxis
from ..geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from ..tensor_types import shape_of, shapes_agree
from ..ttcore.attributes import DataTypeAttr
from .attributes import DeviceType, LayoutAttr, MemoryConfigAttr
from .configs import (
    Activation,
    Conv2dConfigAttr,
    Conv2dSliceConfigAttr,
    DeviceComputeKernelConfigAttr,
)

I32Array = DenseArrayBase.constr(i32)
AnyTensor = base(TensorType[Attribute])


def read_padding(values: Sequence[int]) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of a ttnn `padding` attribute.

    ttnn writes [height, width] or [top, bottom, left, right]; this is the one place that knows.
    Raises: ValueError for any other length.
    """
    if len(values) == 2:
        height, width = values
        return (height, height, width, width)
    if len(values) == 4:
        top, bottom, left, right = values
        return (top, bottom, left, right)
    raise ValueError(f"padding: expected 2 or 4 values, got {len(values)}")


def write_padding(top: int, bottom: int, left: int, right: int) -> tuple[int, ...]:
    """What `read_padding` reads: two numbers where both sides of each axis are the same.

    Example: write_padding(1, 1, 2, 2) is (1, 2).
    """
    return (top, left) if (top, left) == (bottom, right) else (top, bottom, left, right)


class Convolution(IRDLOperation, ABC):
    """What all convolutions and their prepare ops have in common; all numbers are in elements."""

    in_channels = prop_def(IntegerAttr[I32])
    out_channels = prop_def(IntegerAttr[I32])
    batch_size = prop_def(IntegerAttr[I32])
    input_height = prop_def(IntegerAttr[I32])
    input_width = prop_def(IntegerAttr[I32])
    kernel_size = prop_def(I32Array)
    stride = prop_def(I32Array)
    padding = prop_def(I32Array)
    dilation = prop_def(I32Array)
    groups = prop_def(IntegerAttr[I32])
    conv2d_config = opt_prop_def(base(Conv2dConfigAttr))
    compute_config = opt_prop_def(base(DeviceComputeKernelConfigAttr))
    conv2d_slice_config = opt_prop_def(base(Conv2dSliceConfigAttr))

    @property
    def channel_counts(self) -> tuple[int, int, int]:
        """(in_channels, out_channels, groups)."""
        return (
            self.in_channels.value.data,
            self.out_channels.value.data,
            self.groups.value.data,
        )

    @property
    def input_sizes(self) -> tuple[int, int, int]:
        """(batch, height, width) of the input."""
        return (
            self.batch_size.value.data,
            self.input_height.value.data,
            self.input_width.value.data,
        )

    def activation(self) -> Activation | None:
        """The activation fused into the op."""
        return self.conv2d_config.activation() if self.conv2d_config else None

    def weights_dtype(self) -> str | None:
        """The data type its configuration rounds weights to."""
        return self.conv2d_config.weights_dtype() if self.conv2d_config else None


class Transposed(Convolution, ABC):
    """A convolution whose attributes describe a transposed one."""

    output_padding = opt_prop_def(I32Array)
    mirror_kernel = opt_prop_def(base(BoolAttr))

    @property
    def mirrors_kernel(self) -> bool:
        """Whether the op flips the kernel; what absence means."""
        return self.mirror_kernel is None or bool(self.mirror_kernel.value.data)

    def geometry(self) -> ConvTranspose2dGeometry:
        """Shapes and amounts, read from the attributes alone."""
        batch, height, width = self.input_sizes
        in_channels, out_channels, groups = self.channel_counts
        kernel, stride = self.kernel_size.get_values(), self.stride.get_values()
        dilation = self.dilation.get_values()
        output_padding = self.output_padding.get_values() if self.output_padding else (0, 0)
        top, bottom, left, right = read_padding(self.padding.get_values())
        return ConvTranspose2dGeometry(
            batch,
            in_channels,
            out_channels,
            groups,
            TransposedAxis(
                height, kernel[0], stride[0], top, bottom, dilation[0], output_padding[0]
            ),
            TransposedAxis(
                width, kernel[1], stride[1], left, right, dilation[1], output_padding[1]
            ),
        )


@irdl_op_definition
class ConvTranspose2dOp(Transposed):
    """A 2-D transposed convolution.

    out[n, y, x, o] = bias[o] + sum over taps (kh, kw) and channels c of o's group of
    in[n, i, j, c] * weight[c, o mod O/G, kh, kw], where y = i*stride - pad_top + dilation*kh
    (x alike); `mirror_kernel = false` reads the taps in reverse.

    Source: tt-mlir, TTNN_ConvTranspose2dOp; `dtype` is of older files, `mirror_kernel` this
    project's own (tt-mlir always mirrors).
    """

    name = "ttnn.conv_transpose2d"

    input = operand_def(AnyTensor)
    """(N, H, W, C), or flattened (1, 1, N*H*W, C)."""
    weight = operand_def(AnyTensor)
    """(C, O/G, KH, KW), or prepared (1, 1, KH*KW*C/G, O)."""
    bias = opt_operand_def(AnyTensor)
    """(1, 1, 1, O)."""
    device = operand_def(base(DeviceType))
    dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)
    """(N, H_out, W_out, O), or flattened (1, 1, N*H_out*W_out, O)."""

    traits = traits_def(Pure())

    @classmethod
    def create(
        cls,
        *,
        operands: Sequence[SSAValue] = (),
        result_types: Sequence[Attribute] = (),
        properties: Mapping[str, Attribute] = {},
        attributes: Mapping[str, Attribute] = {},
        location: Attribute | None = None,
        successors: Sequence[Block] = (),
        regions: Sequence[Region] = (),
    ) -> ConvTranspose2dOp:
        """Build the op; `mirror_kernel = true`, the default, is elided."""
        properties = dict(properties)
        if properties.get("mirror_kernel") == BoolAttr.from_bool(True):
            del properties["mirror_kernel"]
        return super().create(
            operands=operands,
            result_types=result_types,
            properties=properties,
            attributes=attributes,
            location=location,  # pyright: ignore[reportArgumentType]
            successors=successors,
            regions=regions,
        )

    def has_prepared_weight(self) -> bool:
        """Whether the weight comes from a prepare op or cannot be a raw one."""
        from .prepared_weights import find_prepare_op

        shape = shape_of(self.weight)
        is_raw = shapes_agree(shape, self.geometry().weight_shape)
        return not is_raw or find_prepare_op(self.weight) is not None

    def verify_(self) -> None:
        from .verify_convolution import verify_conv_transpose2d

        verify_conv_transpose2d(self)


@irdl_op_definition
class Conv2dOp(Convolution):
    """A 2-D convolution on the flattened form.

    out[n, y, x, o] = bias[o] + sum over taps and channels c of o's group of
    in[n, y*stride - pad_top + dilation*kh, x*stride - pad_left + dilation*kw, c] *
    weight[o, c mod C/G, kh, kw].

    Source: tt-mlir, TTNN_Conv2dOp; `dtype` is of older files.
    """

    name = "ttnn.conv2d"

    input = operand_def(AnyTensor)
    """(1, 1, N*H*W, C)."""
    weight = operand_def(AnyTensor)
    """(O, C/G, KH, KW), or what a prepare op of tt-mlir makes of it."""
    bias = opt_operand_def(AnyTensor)
    """(1, 1, 1, O)."""
    device = operand_def(base(DeviceType))
    dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)
    """(1, 1, N*H_out*W_out, O)."""

    traits = traits_def(Pure())

    def conv_geometry(self) -> Conv2dGeometry:
        """Shapes and amounts, read from the attributes alone."""
        batch, height, width = self.input_sizes
        in_channels, out_channels, groups = self.channel_counts
        kernel, stride = self.kernel_size.get_values(), self.stride.get_values()
        dilation = self.dilation.get_values()
        top, bottom, left, right = read_padding(self.padding.get_values())
        return Conv2dGeometry(
            batch,
            in_channels,
            out_channels,
            groups,
            ConvAxis(height, kernel[0], stride[0], top, bottom, dilation[0]),
            ConvAxis(width, kernel[1], stride[1], left, right, dilation[1]),
        )

    def verify_(self) -> None:
        from .verify_convolution import verify_conv2d

        verify_conv2d(self)


@irdl_op_definition
class PrepareConvTranspose2dWeightsOp(Transposed):
    """Bring a weight into the form a transposed convolution consumes.

    Here that is (1, 1, KH*KW*C/G, O): rows (kh, kw, c) of the convolution kernel, that is after
    the flip where the kernel is mirrored. Source: tt-mlir, TTNN_PrepareConvTranspose2dWeightsOp.
    """

    name = "ttnn.prepare_conv_transpose2d_weights"

    weight_tensor = operand_def(AnyTensor)
    """(C, O/G, KH, KW)."""
    device = operand_def(base(DeviceType))
    input_memory_config = prop_def(base(MemoryConfigAttr))
    input_tensor_layout = prop_def(base(LayoutAttr))
    weights_format = prop_def(base(StringAttr))
    has_bias = prop_def(base(BoolAttr))
    input_dtype = prop_def(base(DataTypeAttr))
    output_dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_prepare import verify_prepare_weights

        verify_prepare_weights(self)


@irdl_op_definition
class PrepareConvTranspose2dBiasOp(Convolution):
    """Bring a bias into the form a transposed convolution consumes; its values stay.

    Source: tt-mlir, TTNN_PrepareConvTranspose2dBiasOp.
    """

    name = "ttnn.prepare_conv_transpose2d_bias"

    bias_tensor = operand_def(AnyTensor)
    """(1, 1, 1, O)."""
    device = operand_def(base(DeviceType))
    input_memory_config = prop_def(base(MemoryConfigAttr))
    input_tensor_layout = prop_def(base(LayoutAttr))
    input_dtype = prop_def(base(DataTypeAttr))
    output_dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)
    """(1, 1, 1, O)."""

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_prepare import verify_prepare_bias

        verify_prepare_bias(self)


CONVOLUTIONS: tuple[type[Operation], ...] = (
    ConvTranspose2dOp,
    Conv2dOp,
    PrepareConvTranspose2dWeightsOp,
    PrepareConvTranspose2dBiasOp,
)
