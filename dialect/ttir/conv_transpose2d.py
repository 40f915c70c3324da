"""`ttir.conv_transpose2d`. Source: tt-mlir, TTIROps.td, whose wording its checks keep."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.irdl import AnyAttr, irdl_op_definition, prop_def

from ..geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
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
class ConvTranspose2dOp(Convolution):
    """A 2-D transposed convolution; the kernel is mirrored, always.

    With all dimensions in the default order: out[n, y, x, o] = bias[o] + sum over taps (kh, kw)
    and channels c of o's group of in[n, i, j, c] * weight[c, o mod O/G, kh, kw], where
    y = i*stride - padding_top + dilation*kh (x alike).

    Source: tt-mlir, TTIR_ConvTranspose2dOp.
    """

    name = "ttir.conv_transpose2d"

    output_padding = prop_def(AnyAttr())

    def geometry(self) -> ConvTranspose2dGeometry:
        """Shapes and amounts, read from attributes and operand types. Raises: ValueError."""
        batch, height, width = self.input_sizes
        shape, kernel = shape_of(self.weight), shape_of(self.weight)[2:]
        groups = self.groups.value.data
        stride, dilation = read_pair(self.stride, "stride"), read_pair(self.dilation, "dilation")
        extra = read_pair(self.output_padding, "output padding")
        top, bottom, left, right = read_ttir_padding(self.padding)
        return ConvTranspose2dGeometry(
            batch,
            shape[0],
            shape[1] * groups,
            groups,
            TransposedAxis(height, kernel[0], stride[0], top, bottom, dilation[0], extra[0]),
            TransposedAxis(width, kernel[1], stride[1], left, right, dilation[1], extra[1]),
        )

    def verify_(self) -> None:
        verify_conv_transpose2d(self)


def verify_conv_transpose2d(op: ConvTranspose2dOp) -> None:
    """All checks of `ttir.conv_transpose2d`, in tt-mlir's order."""
    verify_operands(op)
    verify_flattened_input(op)
    _verify_batch(op)
    _verify_transposed_ranges(op)
    verify_groups_and_sizes(op)
    _verify_transposed_channels(op)
    _verify_bias(op)
    _verify_transposed_result(op)
    verify_types(op)


def _verify_batch(op: Convolution) -> None:
    if op.flattened_compat_info is not None:
        return
    place = op.order.batch
    if not agrees(shape_of(op.input)[place], shape_of(op.result)[place]):
        fail(op, "Batch size of input and output tensors must match")


def _verify_transposed_ranges(op: ConvTranspose2dOp) -> None:
    try:
        if min(read_pair(op.stride, "stride")) < 1:
            fail(op, "Stride values must be greater than 0")
        if min(read_ttir_padding(op.padding)) < 0:
            fail(op, "Padding values must be greater or equal than 0")
        if min(read_pair(op.output_padding, "output padding")) < 0:
            fail(op, "Output padding values must be greater or equal than 0")
        if min(read_pair(op.dilation, "dilation")) < 1:
            fail(op, "Dilation values must be greater than 0")
    except ValueError as error:
        fail(op, str(error))


def _verify_transposed_channels(op: ConvTranspose2dOp) -> None:
    inputs, outputs = channels_of(op)
    groups = op.groups.value.data
    weight = shape_of(op.weight)
    for what, channels in (("input", inputs), ("output", outputs)):
        if channels != DYNAMIC_INDEX and channels % groups:
            fail(
                op,
                f"Number of {what} channels from {what} tensor must be divisible by the number of "
                f"groups. Got {channels} {what} channels and {groups} groups.",
            )
    if not agrees(weight[0], inputs):
        fail(
            op,
            "Number of input channels from input tensor must match the first dimension of the "
            f"weight tensor. Got {inputs} input channels and {weight[0]} in the weight tensor.",
        )
    per_group = outputs if outputs == DYNAMIC_INDEX else outputs // groups
    if not agrees(weight[1], per_group):
        fail(
            op,
            "Number of output channels per group must match the second dimension of the weight "
            f"tensor. Got {per_group} output channels per group and {weight[1]} in the weight "
            "tensor.",
        )


def _verify_bias(op: ConvTranspose2dOp) -> None:
    if op.bias is None:
        return
    _, outputs = channels_of(op)
    shape = shape_of(op.bias)
    got = shape[op.order.channel]
    if not agrees(got, outputs):
        fail(
            op,
            f"Mismatch in bias tensor dimensions. Bias tensor has {got} channels, but the output "
            f"tensor has {outputs} channels.",
        )
    verify_bias_form(op, shape, outputs)


def _verify_transposed_result(op: ConvTranspose2dOp) -> None:
    geometry = op.geometry()
    sizes = (geometry.height.size, geometry.width.size, *geometry.weight_shape)
    if DYNAMIC_INDEX in sizes:
        return
    _, height, width, _ = geometry.output_shape
    if height < 1 or width < 1:
        fail(
            op,
            f"Given input size per channel: ({geometry.height.size} x {geometry.width.size}). "
            f"Calculated output size per channel: ({height} x {width}). Output size is too small",
        )
    shape, order = shape_of(op.result), op.order
    if op.flattened_compat_info is not None:
        _verify_flattened_result(op, geometry, shape[FLATTENED_DIMENSION])
        return
    got = (shape[order.height], shape[order.width])
    if not shapes_agree(got, (height, width)):
        fail(
            op,
            "Mismatch between expected output size per channel and got output tensor dimensions. "
            f"Expected: ({height} x {width}), got: ({got[0]} x {got[1]}).",
        )


def _verify_flattened_result(
    op: ConvTranspose2dOp, geometry: ConvTranspose2dGeometry, got: int
) -> None:
    expected = prod(geometry.output_shape[:3])
    if not agrees(got, expected):
        fail(
            op,
            f"Mismatch between expected flattened NHW dim size. Expected: {expected}, got: {got}.",
        )
