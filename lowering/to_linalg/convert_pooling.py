"""Pooling and upsampling -> linalg.generic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import AffineMapAttr, AnyFloat, DenseIntOrFPElementsAttr, TensorType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import ttnn
from ...dialect.geometry.plain import ConvAxis, Pool2dGeometry
from ...dialect.guards import check_static, refuse
from ...dialect.tensor_types import element_type_of, shape_of
from .. import movement, scalars, tensors
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
    image = movement.reshape(tensors.bare(op.input), geometry.input_shape, "image")
    reduction = Reduction(
        scalars.lowest(element_type),
        element_type_of(image),
        lambda largest, seen: scalars.maximum(largest, seen, element_type),
    )
    pixels = _reduce_windows(image, geometry, reduction)
    pixels = tensors.converted(pixels, element_type, element_type_of(op.result))
    return movement.reshape(pixels, shape_of(op.result), "flattened")


@dataclass(frozen=True)
class Reduction:
    """How the elements of a window become one: what changes nothing, and one more element."""

    neutral: float
    element_type: Attribute
    """Of what is carried; elements that are seen have the image's."""

    combine: Callable[[SSAValue, SSAValue], SSAValue]
    """From what is carried and what is seen to what is carried on."""


def _reduce_windows(image: SSAValue, geometry: Pool2dGeometry, reduction: Reduction) -> SSAValue:
    """(N, H_out, W_out, C): every window of an image (N, H, W, C) reduced."""
    height, width = geometry.height, geometry.width
    low, high = (0, height.pad_low, width.pad_low, 0), (0, height.pad_high, width.pad_high, 0)
    image = tensors.pad(image, low, high, reduction.neutral)
    seen, carried = element_type_of(image), reduction.element_type
    window = tensors.empty((height.kernel, width.kernel), seen)
    init = tensors.filled(geometry.output_shape, carried, reduction.neutral, "init")

    @Builder.implicit_region([seen, seen, carried])
    def region(args: tuple[BlockArgument, ...]) -> None:
        linalg.YieldOp(reduction.combine(args[2], args[0]))

    pooled = linalg.GenericOp(
        [image, window],
        [init],
        region,
        [AffineMapAttr(map_) for map_ in _window_maps(height, width)],
        [IteratorTypeAttr.parallel()] * 4 + [IteratorTypeAttr.reduction()] * 2,
        [init.type],
    )
    return tensors.named(pooled.results[0], "pooled")


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
class LowerAveraging(RewritePattern):
    """avg_pool2d, global_avg_pool2d -> one generic that sums each window, and one that divides.

    Sums of f16 and bf16 are kept in f32, and divided by the taps that a row of windows counts times
    those of a column: numbers where all count alike, else constants.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.AveragingOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        element_type = element_type_of(op.result)
        if not isinstance(element_type, AnyFloat):
            refuse(op, f"expected a float tensor, got {element_type}")
        _check_counts(op)

        lower(op, rewriter, lambda: _average(op, element_type))


MAX_COUNTED_WINDOWS = 1 << 20
"""Most windows along an axis whose taps are counted one by one, in a constant."""


def _check_counts(op: ttnn.AveragingOp) -> None:
    """Refuse to write down more counts than anybody reads."""
    windows = max(op.pool_geometry().output_shape[1:3])
    if windows > MAX_COUNTED_WINDOWS and not op.windows_count_alike():
        refuse(
            op,
            f"expected at most {MAX_COUNTED_WINDOWS} windows along an axis where they count "
            f"different numbers of taps, got {windows}; count_include_pad counts them alike",
        )


def _average(op: ttnn.AveragingOp, target: AnyFloat) -> SSAValue:
    geometry, source = op.pool_geometry(), element_type_of(op.input)
    wide = scalars.accumulator(op)

    def add(total: SSAValue, seen: SSAValue) -> SSAValue:
        return scalars.add(total, scalars.convert(seen, source, wide))

    image = movement.reshape(tensors.bare(op.input), geometry.input_shape, "image")
    sums = _reduce_windows(image, geometry, Reduction(0, wide, add))
    rows, columns = op.divisors()
    same = float(rows * columns) if isinstance(rows, int) and isinstance(columns, int) else None
    counts = _counts(rows, columns, wide) if same is None else []

    def divide(args: Sequence[SSAValue]) -> SSAValue:
        factors = args[1:] if same is None else [scalars.constant(same, wide)]
        count = reduce(scalars.multiply, factors)
        return scalars.convert(scalars.divide(args[0], count), wide, target)

    type_ = TensorType(target, shape_of(sums))
    averages = tensors.elementwise([sums, *counts], type_, divide, "averages")
    return movement.reshape(averages, shape_of(op.result), "flattened")


def _counts(
    rows: int | Sequence[int], columns: int | Sequence[int], element_type: Attribute
) -> list[SSAValue]:
    """What the taps that a window counts are the product of: (H_out, 1, 1) and (W_out, 1), or one
    of them where all windows count alike along the other axis.
    """
    if not isinstance(rows, int) and not isinstance(columns, int):
        return [
            _constant(rows, (1, 1), "row_counts", element_type),
            _constant(columns, (1,), "column_counts", element_type),
        ]
    if isinstance(rows, int):
        assert not isinstance(columns, int)
        return [_constant([rows * count for count in columns], (1,), "counts", element_type)]
    assert isinstance(columns, int)
    return [_constant([columns * count for count in rows], (1, 1), "counts", element_type)]


def _constant(
    counts: Sequence[int], ones: tuple[int, ...], name: str, element_type: Attribute
) -> SSAValue:
    """Counts along one axis, (windows, 1, ..)."""
    type_ = TensorType(element_type, (len(counts), *ones))
    values = list(map(float, counts))
    op = arith.ConstantOp(DenseIntOrFPElementsAttr.from_list(type_, values))  # pyright: ignore
    return tensors.named(op.result, name)


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
    value = tensors.converted(value, element_type_of(op.input), element_type_of(op.result))
    batch, height, width, channels = shape_of(value)
    scale_height, scale_width = op.scale_factors
    blocks = tensors.like(value, (batch, height, scale_height, width, scale_width, channels))
    pixels = AffineMap(6, 0, tuple(AffineExpr.dimension(axis) for axis in (0, 1, 3, 5)))
    repeated = tensors.generic([value], [pixels], blocks, lambda args: args[0], "upsampled")
    return movement.reshape(repeated, shape_of(op.result), "upsampled")


PATTERNS: tuple[RewritePattern, ...] = (LowerMaxPool2d(), LowerAveraging(), LowerUpsample())
