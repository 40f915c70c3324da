"""dilate_insert and flip as ops that TTNN has: both only move elements."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ..dialect import build, deconv
from ..dialect.guards import check_static
from ..dialect.tensor_types import shape_of, tensor_type

LONGEST_SLICED = 16
"""Longest dimension that is flipped element by element; longer ones are flipped in digits."""


def _dilated(value: SSAValue, strides: tuple[int, ...]) -> SSAValue:
    """size -> size,1 -> size,stride -> size*stride -> (size-1)*stride+1, for all dimensions."""
    apart, pads, joined, kept = list[int](), list[tuple[int, int]](), list[int](), list[int]()
    for size, stride in zip(shape_of(value), strides, strict=True):
        spreads = stride > 1 and size > 1
        apart += [size, 1] if spreads else [size]
        pads += [(0, 0), (0, stride - 1)] if spreads else [(0, 0)]
        joined.append(size * stride if spreads else size)
        kept.append((size - 1) * stride + 1 if spreads else size)
    spaced = build.pad(build.reshape(value, apart, "apart"), pads, "spaced")
    whole = build.reshape(spaced, joined, "joined")
    return build.slice_static(whole, [(0, size) for size in kept], "dilated")


@dataclass(frozen=True)
class LegalizeDilateInsert(RewritePattern):
    """dilate_insert -> reshape, pad, reshape, slice."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.DilateInsertOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)

        with build.rewriting(op, rewriter):
            dilated = _dilated(op.input, op.strides.get_values())
            result = build.typed(dilated, tensor_type(op.result))

        rewriter.replace(op, [], [result])


def _flipped(value: SSAValue, axis: int) -> SSAValue:
    """`value` reversed along one dimension.

    A long one is written in digits, i = LONGEST_SLICED*high + low, and reversed digit by digit:
    the sum of their slices is far below the size. What fills up the last digit comes out in front.
    """
    shape = shape_of(value)
    size = shape[axis]
    if size <= LONGEST_SLICED:
        return _flipped_by_slices(value, axis)
    high = -(-size // LONGEST_SLICED)
    missing = high * LONGEST_SLICED - size
    pads = [(0, missing if place == axis else 0) for place in range(len(shape))]
    filled = build.pad(value, pads, "filled")
    digits = build.reshape(
        filled, (*shape[:axis], high, LONGEST_SLICED, *shape[axis + 1 :]), "digits"
    )
    flipped = _flipped(_flipped_by_slices(digits, axis + 1), axis)
    joined = build.reshape(flipped, shape_of(filled), "joined")
    bounds = [(0, stop) for stop in shape_of(joined)]
    bounds[axis] = (missing, missing + size)
    return build.slice_static(joined, bounds, "flipped")


def _flipped_by_slices(value: SSAValue, axis: int) -> SSAValue:
    shape = shape_of(value)
    elements: list[SSAValue] = []
    for index in reversed(range(shape[axis])):
        bounds = [(0, size) for size in shape]
        bounds[axis] = (index, index + 1)
        elements.append(build.slice_static(value, bounds, "element"))
    return build.concat(elements, axis, "flipped") if elements else value


@dataclass(frozen=True)
class LegalizeFlip(RewritePattern):
    """flip -> slices of one element each and a concat of them in reverse, for each dimension."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.FlipOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)

        with build.rewriting(op, rewriter):
            result = op.input
            for axis in op.dimensions.get_values():
                result = _flipped(result, axis)
            result = build.typed(result, tensor_type(op.result))

        rewriter.replace(op, [], [result])
