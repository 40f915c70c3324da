"""`ttir.conv2d`. Source: tt-mlir, TTIROps.td, whose wording its checks keep."""

from __future__ import annotations

from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.irdl import irdl_op_definition

from ..geometry.plain import Conv2dGeometry, ConvAxis
from ..tensor_types import agrees, fail, shape_of, shapes_agree
from .attributes import read_pair, read_ttir_padding
from .convolution import (
    FLATTENED_DIMENSION,
    Convolution,
    channels_of,
    verify_bias_form,
    verify_flattened_input,
    verify_groups_and_sizes,
    verify_operands,
    verify_types,
)


@irdl_op_definition
class Conv2dOp(Convolution):
    """A 2-D convolution.

    With all dimensions in the default order: out[n, y, x, o] = bias[o] + sum over taps and channels
    c of o's group of in[n, y*stride - padding_top + dilation*kh, ..., c] * weight[o, c mod C/G, kh,
    kw] (x alike).

    Source: tt-mlir, TTIR_Conv2dOp.
    """

    name = "ttir.conv2d"

    def geometry(self) -> Conv2dGeometry:
        """Shapes and amounts, read from attributes and operand types. Raises: ValueError."""
        batch, height, width = self.input_sizes
        shape, kernel = shape_of(self.weight), shape_of(self.weight)[2:]
        groups = self.groups.value.data
        stride, dilation = read_pair(self.stride, "stride"), read_pair(self.dilation, "dilation")
        top, bottom, left, right = read_ttir_padding(self.padding)
        return Conv2dGeometry(
            batch,
            shape[1] * groups,
            shape[0],
            groups,
            ConvAxis(height, kernel[0], stride[0], top, bottom, dilation[0]),
            ConvAxis(width, kernel[1], stride[1], left, right, dilation[1]),
        )

    def verify_(self) -> None:
        verify_conv2d(self)


def verify_conv2d(op: Conv2dOp) -> None:
    """All checks of `ttir.conv2d`, in tt-mlir's order."""
    verify_operands(op)
    verify_flattened_input(op)
    _verify_plain_ranges(op)
    verify_groups_and_sizes(op)
    _verify_plain_channels(op)
    _verify_plain_result(op)
    verify_types(op)


def _verify_plain_ranges(op: Conv2dOp) -> None:
    try:
        stride, dilation = read_pair(op.stride, "stride"), read_pair(op.dilation, "dilation")
        padding = read_ttir_padding(op.padding)
    except ValueError as error:
        fail(op, str(error))
    if min(stride) < 1:
        fail(op, "Stride attribute values must be > 0.")
    if min(dilation) < 1:
        fail(op, "Dilation attribute values must be > 0.")
    if min(padding) < 0:
        fail(op, "Padding attribute values must be >= 0.")


def _verify_plain_channels(op: Conv2dOp) -> None:
    inputs, _ = channels_of(op)
    groups = op.groups.value.data
    outputs, per_group, _, _ = shape_of(op.weight)
    for what, tensor, channels in (("input", "input", inputs), ("output", "weight", outputs)):
        if channels != DYNAMIC_INDEX and channels % groups:
            fail(
                op,
                f"The number of {what} channels from the {tensor} tensor ({channels}) is not "
                f"divisible by the number of groups ({groups}).",
            )
    if DYNAMIC_INDEX not in (inputs, per_group) and inputs // groups != per_group:
        fail(
            op,
            f"The number of input channels per group ({inputs}) must match the number of input "
            f"channels in the weight tensor ({per_group}).",
        )
    if op.bias is None:
        return
    shape = shape_of(op.bias)
    if not agrees(shape[op.order.channel], outputs):
        fail(
            op,
            f"The number of output channels from the weight tensor ({outputs}) must match the "
            f"number of output channels in the bias tensor ({shape[op.order.channel]}).",
        )
    verify_bias_form(op, shape, outputs)


def _verify_plain_result(op: Conv2dOp) -> None:
    geometry = op.geometry()
    if DYNAMIC_INDEX in (geometry.height.size, geometry.width.size, *geometry.weight_shape):
        return
    axes = (geometry.height, geometry.width)
    extents = tuple(axis.kernel_extent for axis in axes)
    padded = tuple(axis.padded_size for axis in axes)
    if any(size < extent for size, extent in zip(padded, extents, strict=True)):
        fail(
            op,
            f"The effective kernel size ({extents[0]}, {extents[1]}) cannot be greater than the "
            f"padded input size per channel ({padded[0]}, {padded[1]}).",
        )
    _verify_plain_output_shape(op, geometry)


def _verify_plain_output_shape(op: Conv2dOp, geometry: Conv2dGeometry) -> None:
    shape, order = shape_of(op.result), op.order
    batch, height, width, outputs = geometry.output_shape
    flat = op.flattened_compat_info is not None
    if flat and not agrees(shape[FLATTENED_DIMENSION], batch * height * width):
        fail(
            op,
            f"The output tensor's flattened dimension ({shape[FLATTENED_DIMENSION]}) does not "
            "match the product of batch_size * output_height * output_width "
            f"({batch} * {height} * {width} = {batch * height * width}).",
        )
    if not flat and not agrees(batch, shape[order.batch]):
        fail(
            op,
            f"Batch size from the input tensor ({batch}) must match the first dimension of the "
            f"output tensor ({shape[order.batch]})",
        )
    if not agrees(shape[order.channel], outputs):
        fail(
            op,
            f"The number of output channels from the output tensor ({shape[order.channel]}) must "
            f"match the number of output channels in the weight tensor ({outputs}). ",
        )
    got = (shape[order.height], shape[order.width])
    if not flat and not shapes_agree(got, (height, width)):
        fail(
            op,
            f"The output tensor height and width dimension ({got[0]}, {got[1]}) do not match the "
            f"expected dimensions ({height}, {width}).",
        )
