"""Identities of the tensor ops: what a decomposition may leave behind and nobody wants to read."""

from __future__ import annotations

from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from .. import deconv
from ..tensor_types import element_type_of, shape_of
from . import pooling as ttnn_pooling
from . import tensor as ttnn_tensor
from .verify_tensor import integers


def _defining(value: SSAValue, kind: type[Operation]) -> Operation | None:
    return value.op if isinstance(value, OpResult) and isinstance(value.op, kind) else None


class DropIdentity(RewritePattern):
    """An op that does nothing and keeps the type: its input stands for its result."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter, /) -> None:
        if not _is_identity(op) or op.operands[0].type != op.results[0].type:
            return

        rewriter.replace(op, [], [op.operands[0]])


def _is_identity(op: Operation) -> bool:
    match op:
        case ttnn_tensor.LayoutOp() | ttnn_tensor.ReshapeOp():
            return True
        case ttnn_tensor.PermuteOp():
            permutation = op.permutation.get_values()
            return list(permutation) == sorted(permutation)
        case ttnn_tensor.PadOp():
            return not any(op.padding.get_values())
        case ttnn_tensor.SliceStaticOp():
            shape = shape_of(op.input)
            full = not any(integers(op.begins)) and integers(op.ends) == shape
            return full and set(integers(op.step)) <= {1}
        case ttnn_tensor.ConcatOp():
            return len(op.inputs) == 1
        case ttnn_pooling.Pool2dOp():
            geometry = op.pool_geometry()
            axes = (geometry.height, geometry.width)
            return all(
                (axis.kernel, axis.stride, axis.padded_size) == (1, 1, axis.size) for axis in axes
            )
        case ttnn_pooling.UpsampleOp():
            return op.scale_factors == (1, 1)
        case deconv.DilateInsertOp():
            return set(op.strides.get_values()) <= {1}
        case deconv.FlipOp():
            shape = shape_of(op.input)
            return all(shape[axis] == 1 for axis in op.dimensions.get_values())
        case _:
            return False


def _converts_twice(inner: Operation, outer: Operation) -> bool:
    """Whether elements are converted by both ops: then once is not the same."""
    return all(
        element_type_of(op.operands[0]) != element_type_of(op.results[0]) for op in (inner, outer)
    )


class MergeReshapes(RewritePattern):
    """reshape(reshape(x)) -> reshape(x)."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn_tensor.ReshapeOp, rewriter: PatternRewriter, /) -> None:
        inner = _defining(op.input, ttnn_tensor.ReshapeOp)
        if inner is None or _converts_twice(inner, op):
            return

        op.operands[0] = inner.operands[0]
        rewriter.notify_op_modified(op)
        _erase_if_dead(inner, rewriter)


class MergePermutes(RewritePattern):
    """permute(permute(x, p), q) -> permute(x, p[q])."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn_tensor.PermuteOp, rewriter: PatternRewriter, /) -> None:
        inner = _defining(op.input, ttnn_tensor.PermuteOp)
        if not isinstance(inner, ttnn_tensor.PermuteOp) or _converts_twice(inner, op):
            return

        first = inner.permutation.get_values()
        combined = [first[axis] for axis in op.permutation.get_values()]
        op.permutation = type(op.permutation).from_list(op.permutation.elt_type, combined)
        op.operands[0] = inner.input
        rewriter.notify_op_modified(op)
        _erase_if_dead(inner, rewriter)


class CancelFlips(RewritePattern):
    """flip(flip(x)) -> x, along the same dimensions."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.FlipOp, rewriter: PatternRewriter, /) -> None:
        inner = _defining(op.input, deconv.FlipOp)
        if not isinstance(inner, deconv.FlipOp):
            return
        if set(inner.dimensions.get_values()) != set(op.dimensions.get_values()):
            return
        if inner.input.type != op.result.type:
            return

        rewriter.replace(op, [], [inner.input])
        _erase_if_dead(inner, rewriter)


def _erase_if_dead(op: Operation, rewriter: PatternRewriter) -> None:
    if not op.results[0].uses:
        rewriter.erase(op)


PATTERNS: tuple[RewritePattern, ...] = (
    DropIdentity(),
    MergeReshapes(),
    MergePermutes(),
    CancelFlips(),
)
