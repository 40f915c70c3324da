"""`ttnn.conv2d` and its verifier."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Operation
from xdsl.irdl import irdl_op_definition

from ..geometry.plain import Conv2dGeometry, ConvAxis
from ..geometry.shapes import Shape, flattened
from ..tensor_types import fail, shape_of, shape_text, shapes_agree, verify_at_least
from ..ttcore import LoadCachedOp
from ..unregistered import is_opaque
from .convolution import (
    ConvolutionOp,
    verify_attribute_lengths,
    verify_bias_and_dtypes,
    verify_ranks,
)
from .padding import read_padding


@irdl_op_definition
class Conv2dOp(ConvolutionOp):
    """A 2-D convolution on the flattened form.

    out[n, y, x, o] = bias[o] + sum over taps and channels c of o's group of
    in[n, y*stride - pad_top + dilation*kh, x*stride - pad_left + dilation*kw, c] *
    weight[o, c mod C/G, kh, kw]. The weight is (O, C/G, KH, KW), or what a prepare op of tt-mlir
    makes of it.

    Source: tt-mlir, TTNN_Conv2dOp; `dtype` is of older files.
    """

    name = "ttnn.conv2d"

    def geometry(self) -> Conv2dGeometry:
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

    def result_shape(self) -> Shape:
        return flattened(self.geometry().output_shape)

    def verify_(self) -> None:
        verify_conv2d(self)


def verify_conv2d(op: Conv2dOp) -> None:
    """Checks of `ttnn.conv2d`; a weight that is not (O, C/G, KH, KW) may be prepared, unseen."""
    verify_ranks(op)
    verify_attribute_lengths(op)
    geometry = op.geometry()
    checks: list[tuple[str, Sequence[int], int]] = [
        ("stride", op.stride.get_values(), 1),
        ("padding", op.padding.get_values(), 0),
        ("dilation", op.dilation.get_values(), 1),
        ("kernel_size", op.kernel_size.get_values(), 1),
        ("groups", (geometry.groups,), 1),
        ("batch_size, input_height, input_width", op.input_sizes, 0),
    ]
    verify_at_least(op, checks)
    for name, channels in (("in", geometry.in_channels), ("out", geometry.out_channels)):
        if channels % geometry.groups:
            fail(
                op,
                f"expected {name}_channels divisible by groups, "
                f"got {channels} and {geometry.groups}",
            )
    _verify_conv2d_shapes(op)
    verify_bias_and_dtypes(op)


def _verify_conv2d_shapes(op: Conv2dOp) -> None:
    geometry = op.geometry()
    if geometry.height.output_size < 1 or geometry.width.output_size < 1:
        got = shape_text(geometry.output_shape[1:3])
        fail(op, f"expected an output size of at least 1, got {got}")
    shape = shape_of(op.weight)
    raw = shapes_agree(shape, geometry.weight_shape)
    if not raw and not shapes_agree(shape[:2], (1, 1)) and not _may_be_prepared(op):
        expected = shape_text(geometry.weight_shape)
        fail(op, f"expected a weight of shape {expected}, got {shape_text(shape)}")
    for what, value, expected in (
        ("input", op.input, flattened(geometry.input_shape)),
        ("output", op.result, flattened(geometry.output_shape)),
    ):
        if not shapes_agree(shape_of(value), expected):
            got = shape_text(shape_of(value))
            fail(op, f"expected a flattened {what} of shape {shape_text(expected)}, got {got}")


def _may_be_prepared(op: Conv2dOp) -> bool:
    """Whether the weight comes from where tt-mlir may have prepared it, out of sight here."""
    owner = op.weight.owner
    return isinstance(owner, Operation) and (isinstance(owner, LoadCachedOp) or is_opaque(owner))
