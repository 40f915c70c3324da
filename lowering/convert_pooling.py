"""Pooling and upsampling -> linalg.generic."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.dialects.builtin import AffineMapAttr
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import BlockArgument, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ..dialect import ttnn
from ..dialect.geometry import ConvAxis, Pool2dGeometry
from ..dialect.verify_shapes import element_type_of, shape_of
from ..passes.guards import check_static, refuse
from . import scalars, tensors
from .lower import lower


@dataclass(frozen=True)
class LowerMaxPool2d(RewritePattern):
    """max_pool2d -> pad with the lowest value, and one generic that reduces each window.

    xDSL has no linalg.pooling_nhwc_max; the generic is what MLIR makes of that op.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.MaxPool2dOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)

        lower(op, rewriter, lambda: _max_pool(op, op.pool_geometry()))


def _max_pool(op: ttnn.MaxPool2dOp, geometry: Pool2dGeometry) -> SSAValue:
    element_type = element_type_of(op.input)
    height, width = geometry.height, geometry.width
    lowest = scalars.lowest(element_type)
    image = tensors.reshape(tensors.bare(op.input), geometry.input_shape, "image")
    low, high = (0, height.pad_low, width.pad_low, 0), (0, height.pad_high, width.pad_high, 0)
    image = tensors.pad(image, low, high, lowest)
    bare_type = element_type_of(image)
    window = tensors.empty((height.kernel, width.kernel), bare_type)
    init = tensors.filled(geometry.output_shape, bare_type, lowest, "init")

    @Builder.implicit_region([bare_type] * 3)
    def region(args: tuple[BlockArgument, ...]) -> None:
        linalg.YieldOp(scalars.maximum(args[2], args[0], element_type))

    pooled = linalg.GenericOp(
        [image, window],
        [init],
        region,
        [AffineMapAttr(map_) for map_ in _window_maps(height, width)],
        [IteratorTypeAttr.parallel()] * 4 + [IteratorTypeAttr.reduction()] * 2,
        [init.type],
    )
    pixels = tensors.named(pooled.results[0], "pooled")
    return tensors.reshape(pixels, shape_of(op.result), "flattened")


def _window_maps(height: ConvAxis, width: ConvAxis) -> tuple[AffineMap, AffineMap, AffineMap]:
    """The padded image, the window (its size alone counts) and the result, by
    (n, y, x, c, kh, kw)."""
    batch, row, column, channel, kernel_row, kernel_column = map(AffineExpr.dimension, range(6))
    image = (
        batch,
        row * height.stride + kernel_row * height.dilation,
        column * width.stride + kernel_column * width.dilation,
        channel,
    )
    results = (image, (kernel_row, kernel_column), (batch, row, column, channel))
    maps = [AffineMap(6, 0, exprs) for exprs in results]
    return (maps[0], maps[1], maps[2])


@dataclass(frozen=True)
class LowerUpsample(RewritePattern):
    """upsample -> a broadcast along a new dimension behind each that is repeated."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.UpsampleOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        if op.mode.data != "nearest":
            refuse(op, f"expected mode nearest, got {op.mode.data}")

        lower(op, rewriter, lambda: _upsample(op))


def _upsample(op: ttnn.UpsampleOp) -> SSAValue:
    """N,H,W,C -> N,H,scale_h,W,scale_w,C -> N,H*scale_h,W*scale_w,C."""
    value = tensors.bare(op.input)
    batch, height, width, channels = shape_of(value)
    scale_height, scale_width = op.scale_factors
    blocks = tensors.like(value, (batch, height, scale_height, width, scale_width, channels))
    pixels = AffineMap(6, 0, tuple(AffineExpr.dimension(axis) for axis in (0, 1, 3, 5)))
    repeated = tensors.generic([value], [pixels], blocks, lambda args: args[0], "upsampled")
    return tensors.reshape(repeated, shape_of(op.result), "upsampled")


PATTERNS: tuple[RewritePattern, ...] = (LowerMaxPool2d(), LowerUpsample())
