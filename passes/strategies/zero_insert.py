"""Strategy zero-insert: one stride-1 convolution over the input with zeros between its elements.

    dilated[n, i*stride, j*stride, c] = in[n, i, j, c]
    out = conv2d(pad(dilated, dilation*(k-1) - padding), kernel flipped and channel-swapped)

The high side is padded by output_padding more; a negative amount crops.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import build, ttnn
from ...dialect.geometry.shapes import flattened
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.geometry.windows import Window
from ...dialect.guards import check_static
from .shared.convolution import ConvolutionPiece, build_conv2d
from .shared.weight import check_prepared_shape, convolution_weight


@dataclass(frozen=True)
class ZeroInsertPlan:
    """What happens to the input: dilate by `strides`, then crop and pad each spatial axis."""

    geometry: ConvTranspose2dGeometry
    strides: tuple[int, int, int, int]
    height: Window
    width: Window

    @property
    def crop(self) -> list[tuple[int, int]]:
        """(start, stop) of the dilated input along each of N, H, W, C."""
        return [
            (0, self.geometry.batch),
            (self.height.start, self.height.stop),
            (self.width.start, self.width.stop),
            (0, self.geometry.in_channels),
        ]

    @property
    def pads(self) -> list[tuple[int, int]]:
        """(low, high) zeros along each of N, H, W, C."""
        return [
            (0, 0),
            (self.height.pad_low, self.height.pad_high),
            (self.width.pad_low, self.width.pad_high),
            (0, 0),
        ]

    @property
    def padded_shape(self) -> tuple[int, int, int, int]:
        """(N, H, W, C) of what the convolution slides over."""
        geometry = self.geometry
        return (geometry.batch, self.height.size, self.width.size, geometry.in_channels)

    @property
    def dilation(self) -> tuple[int, int]:
        """(height, width) dilation of the convolution."""
        return (self.geometry.height.dilation, self.geometry.width.dilation)

    @property
    def multiply_adds(self) -> int:
        """What the convolution executes, inserted zeros included."""
        kernel = self.geometry.height.kernel * self.geometry.width.kernel
        batch, height, width, channels = self.geometry.output_shape
        return batch * height * width * channels * self.geometry.in_channels_per_group * kernel


def plan_zero_insert(geometry: ConvTranspose2dGeometry) -> ZeroInsertPlan:
    """Plan the strategy; it takes every legal op."""
    strides = (1, geometry.height.stride, geometry.width.stride, 1)
    return ZeroInsertPlan(geometry, strides, geometry.height.window, geometry.width.window)


def _build_input(value: SSAValue, plan: ZeroInsertPlan) -> SSAValue:
    # N,H,W,C or 1,1,N*H*W,C -> N,H,W,C -> dilated -> cropped -> padded -> 1,1,N*H'*W',C
    image = build.reshape(value, plan.geometry.input_shape, "image")
    dilated = build.dilate_insert(image, plan.strides, "dilated")
    cropped = build.slice_static(dilated, plan.crop, "cropped")
    padded = build.pad(cropped, plan.pads, "padded")
    return build.reshape(padded, flattened(plan.padded_shape), "pixels")


@dataclass(frozen=True)
class DecomposeConvTranspose2dByZeroInsert(RewritePattern):
    """conv_transpose2d -> dilate_insert, slice_static, pad, conv2d, with reshapes around."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ConvTranspose2dOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        check_prepared_shape(op)

        plan = plan_zero_insert(op.geometry())

        with build.rewriting(op, rewriter):
            pixels = _build_input(op.input, plan)
            piece = ConvolutionPiece(plan.padded_shape, plan.geometry.output_shape, plan.dilation)
            convolved = build_conv2d(op, piece, pixels, convolution_weight(op), op.bias)
            shape = build.shape_of(op.result)
            result = build.reshape(convolved, shape, "result", op.result.type)

        rewriter.replace(op, [], [result])
