"""TTNN and deconv ops that move elements -> tensor and linalg ops."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    IndexType,
    IntegerAttr,
    TensorType,
)
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import SSAValue, TypedAttribute
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import deconv, ttnn
from ...dialect.geometry.shapes import concat_axis, slice_bounds
from ...dialect.guards import check_static
from ...dialect.i32 import integers
from ...dialect.tensor_types import element_type_of, shape_of
from .. import movement, scalars, tensors
from .lower import lower


@dataclass(frozen=True)
class LowerConstant(RewritePattern):
    """ttnn.constant -> arith.constant."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ConstantOp, rewriter: PatternRewriter, /) -> None:
        element_type = scalars.signless(element_type_of(op.result))
        type_ = TensorType(element_type, shape_of(op.result))
        value = op.value
        if isinstance(value, DenseResourceAttr):
            literal: TypedAttribute = DenseResourceAttr(value.resource_handle, type_)
        else:
            literal = DenseIntOrFPElementsAttr(type_, value.data)  # pyright: ignore[reportArgumentType]
        lower(op, rewriter, lambda: arith.ConstantOp(literal).result)


def _converted(value: SSAValue, result: SSAValue) -> SSAValue:
    """The bare `value` with elements of the type that those of `result` have."""
    source, target = element_type_of(value), element_type_of(result)
    return tensors.converted(tensors.bare(value), source, target)


@dataclass(frozen=True)
class LowerReshape(RewritePattern):
    """reshape -> collapse_shape and expand_shape, of converted elements if they change."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ReshapeOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        shape = shape_of(op.result)
        lower(op, rewriter, lambda: movement.reshape(_converted(op.input, op.result), shape))


@dataclass(frozen=True)
class LowerPermute(RewritePattern):
    """permute -> linalg.transpose, of converted elements if they change."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.PermuteOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        order = op.permutation.get_values()
        lower(op, rewriter, lambda: movement.transpose(_converted(op.input, op.result), order))


@dataclass(frozen=True)
class LowerPad(RewritePattern):
    """pad -> tensor.pad; around a dilated tensor, one strided insert into zeros does both."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.PadOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        padding = op.padding.get_values()
        low, high = padding[::2], padding[1::2]
        dilated = op.input.owner

        def build() -> SSAValue:
            if isinstance(dilated, deconv.DilateInsertOp) and is_padded_only(dilated):
                return _insert_dilated(dilated, shape_of(op.result), low)
            return tensors.pad(_converted(op.input, op.result), low, high, op.value.value.data)

        lower(op, rewriter, build)
        if isinstance(dilated, deconv.DilateInsertOp) and not dilated.result.uses:
            rewriter.erase(dilated)


def is_padded_only(op: deconv.DilateInsertOp) -> bool:
    """Whether all that happens to a dilated tensor is that zeros are put around it."""
    use = op.result.get_user_of_unique_use()
    if not isinstance(use, ttnn.PadOp) or use.value.value.data != 0.0:
        return False
    return element_type_of(use.result) == element_type_of(op.result)


def _insert_dilated(
    op: deconv.DilateInsertOp, shape: tuple[int, ...], offsets: tuple[int, ...]
) -> SSAValue:
    value = tensors.bare(op.input)
    zeros = tensors.zeros(shape, element_type_of(value))
    if 0 in shape_of(value):
        return zeros
    return tensors.insert_slice(value, zeros, offsets, op.strides.get_values(), "dilated")


@dataclass(frozen=True)
class LowerDilateInsert(RewritePattern):
    """dilate_insert -> a strided insert into zeros; a pad around it takes it along."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.DilateInsertOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        if is_padded_only(op):
            return

        shape = shape_of(op.result)
        lower(op, rewriter, lambda: _insert_dilated(op, shape, (0,) * len(shape)))


@dataclass(frozen=True)
class LowerFlip(RewritePattern):
    """flip -> linalg.generic that extracts from the other end.

    An indexing map with a negative coefficient would say the same, but IREE does not compile one.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.FlipOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        axes = op.dimensions.get_values()
        lower(op, rewriter, lambda: _flipped(tensors.bare(op.input), axes))


def _flipped(value: SSAValue, axes: Collection[int]) -> SSAValue:
    """The bare `value` reversed along some dimensions."""
    shape = shape_of(value)

    def read(_: Sequence[SSAValue]) -> SSAValue:
        position = [
            _from_end(axis, size) if axis in axes else _index(axis)
            for axis, size in enumerate(shape)
        ]
        return tensor.ExtractOp(value, position, element_type_of(value)).result

    return tensors.generic([], [], tensors.like(value, shape), read, "flipped")


def _index(axis: int) -> SSAValue:
    return linalg.IndexOp(axis).result


def _from_end(axis: int, size: int) -> SSAValue:
    last = arith.ConstantOp(IntegerAttr.from_index_int_value(size - 1)).result
    return arith.SubiOp(last, _index(axis), IndexType()).result


@dataclass(frozen=True)
class LowerSlice(RewritePattern):
    """slice_static -> tensor.extract_slice, and a flip of what has negative steps."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.SliceStaticOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        lower(op, rewriter, lambda: _sliced(op))


def _sliced(op: ttnn.SliceStaticOp) -> SSAValue:
    """The same elements taken upwards, from the last that a negative step meets, then reversed."""
    steps = integers(op.step)
    rows = zip(shape_of(op.input), integers(op.begins), integers(op.ends), steps, strict=True)
    offsets, sizes = list[int](), list[int]()
    for axis, (size, begin, end, step) in enumerate(rows):
        start, length = slice_bounds(size, begin, end, step, axis)
        offsets.append(start if step > 0 or length == 0 else start + (length - 1) * step)
        sizes.append(length)
    taken = tensors.extract_slice(tensors.bare(op.input), offsets, sizes, list(map(abs, steps)))
    reversed_axes = [axis for axis, step in enumerate(steps) if step < 0 and sizes[axis] > 1]
    return _flipped(taken, reversed_axes) if reversed_axes and 0 not in sizes else taken


@dataclass(frozen=True)
class LowerConcat(RewritePattern):
    """concat -> tensor.concat."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ConcatOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        axis = concat_axis(len(shape_of(op.result)), op.dim.value.data)

        def build() -> SSAValue:
            values = [_converted(value, op.result) for value in op.inputs]
            type_ = tensors.like(values[0], shape_of(op.result))
            return tensor.ConcatOp(values, axis, type_).result

        lower(op, rewriter, build)


@dataclass(frozen=True)
class LowerRepeat(RewritePattern):
    """repeat -> a broadcast along a new dimension in front of each that is repeated."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.RepeatOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        lower(op, rewriter, lambda: _repeat(op))


def _repeat(op: ttnn.RepeatOp) -> SSAValue:
    value = _converted(op.input, op.result)
    before, after = list[int](), list[int]()
    for size, times in zip(shape_of(value), op.repeat_dims.get_values(), strict=True):
        # size -> 1,size -> times,size; a single element needs no dimension of its own.
        before += [1, size] if size != 1 else [1]
        after += [times, size] if size != 1 else [times]
    apart = movement.reshape(value, before, "apart")
    type_ = tensors.like(value, after)
    copies = tensors.elementwise([apart], type_, lambda args: args[0], "repeated")
    return movement.reshape(copies, shape_of(op.result), "repeated")


PATTERNS: tuple[RewritePattern, ...] = (
    LowerConstant(),
    LowerReshape(),
    LowerPermute(),
    LowerPad(),
    LowerDilateInsert(),
    LowerFlip(),
    LowerSlice(),
    LowerConcat(),
    LowerRepeat(),
)
