"""ttnn.matmul -> linalg.matmul, or a generic where leading dimensions broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.builder import Builder
from xdsl.dialects.builtin import AffineMapAttr, TensorType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import ttnn
from ...dialect.geometry.shapes import matmul_shape
from ...dialect.guards import check_static
from ...dialect.numerics import accumulator_of
from ...dialect.tensor_types import element_type_of, shape_of
from ...dialect.ttnn.configs import Activation
from .. import movement, scalars, tensors
from .lower import lower


@dataclass(frozen=True)
class LowerMatmul(RewritePattern):
    """matmul -> linalg.matmul; leading dimensions of `a` join its rows where `b` has none."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.MatmulOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        activation = Activation(op.activation.data) if op.activation else None
        result_type = element_type_of(op.result)
        wide = accumulator_of(op)
        scalars.check_activation(op, activation, wide)
        sources = [element_type_of(op.a), element_type_of(op.b)]

        def finish(args: Sequence[SSAValue]) -> SSAValue:
            value = args[0]
            if activation is not None:
                value = scalars.activate(value, activation, wide)
            return scalars.convert(value, wide, result_type)

        def build() -> SSAValue:
            a = tensors.converted(tensors.bare(op.a), sources[0], wide)
            b = tensors.converted(tensors.bare(op.b), sources[1], wide)
            a, b = _with_matrices(a, b, op)
            sums = _multiply(a, b, scalars.signless(wide))
            if activation is not None or scalars.signless(result_type) != scalars.signless(wide):
                type_ = TensorType(scalars.signless(result_type), shape_of(sums))
                sums = tensors.elementwise([sums], type_, finish, "finished")
            return movement.reshape(sums, shape_of(op.result), "product")

        lower(op, rewriter, build)


def _with_matrices(a: SSAValue, b: SSAValue, op: ttnn.MatmulOp) -> tuple[SSAValue, SSAValue]:
    """Operands of rank 2 or more, transposed as the op says; a vector is a row or a column."""
    if len(shape_of(a)) == 1:
        a = movement.reshape(a, (1, *shape_of(a)))
    elif op.transpose_a.value.data:
        a = _swap_last_two(a)
    if len(shape_of(b)) == 1:
        b = movement.reshape(b, (*shape_of(b), 1))
    elif op.transpose_b.value.data:
        b = _swap_last_two(b)
    return a, b


def _swap_last_two(value: SSAValue) -> SSAValue:
    rank = len(shape_of(value))
    return movement.transpose(value, (*range(rank - 2), rank - 1, rank - 2))


def _multiply(a: SSAValue, b: SSAValue, element_type: Attribute) -> SSAValue:
    rows, inner = prod(shape_of(a)[:-1]), shape_of(a)[-1]
    columns = shape_of(b)[-1]
    shape = matmul_shape(shape_of(a), shape_of(b))
    if prod(shape_of(b)[:-2]) != 1:
        return _multiply_batches(a, b, shape, element_type)
    left = movement.reshape(a, (rows, inner), "rows")
    right = movement.reshape(b, (inner, columns), "columns")
    init = tensors.zeros((rows, columns), element_type, "init")
    product = linalg.MatmulOp([left, right], [init]).res[0]
    return movement.reshape(tensors.named(product, "product"), shape, "product")


def _multiply_batches(
    a: SSAValue, b: SSAValue, shape: Sequence[int], element_type: Attribute
) -> SSAValue:
    rank = len(shape)
    reduction = AffineExpr.dimension(rank)
    maps = (
        _matrix_map(shape_of(a), shape, (AffineExpr.dimension(rank - 2), reduction)),
        _matrix_map(shape_of(b), shape, (reduction, AffineExpr.dimension(rank - 1))),
        AffineMap(rank + 1, 0, tuple(AffineExpr.dimension(axis) for axis in range(rank))),
    )

    @Builder.implicit_region([element_type] * 3)
    def region(args: tuple[BlockArgument, ...]) -> None:
        linalg.YieldOp(scalars.add(args[2], scalars.multiply(args[0], args[1])))

    init = tensors.zeros(shape, element_type, "init")
    iterators = [IteratorTypeAttr.parallel()] * rank + [IteratorTypeAttr.reduction()]
    attributes = [AffineMapAttr(map_) for map_ in maps]
    op = linalg.GenericOp([a, b], [init], region, attributes, iterators, [init.type])
    return tensors.named(op.results[0], "product")


def _matrix_map(
    operand: Sequence[int], result: Sequence[int], last_two: tuple[AffineExpr, AffineExpr]
) -> AffineMap:
    """Leading dimensions broadcast; the last two are given."""
    batch = tensors.broadcast_map(operand[:-2], result[:-2])
    return AffineMap(len(result) + 1, 0, (*batch.results, *last_two))


PATTERNS: tuple[RewritePattern, ...] = (LowerMatmul(),)
