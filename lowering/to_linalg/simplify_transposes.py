"""Transposes of as few dimensions as say the same: compilers move longer runs of memory then."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from ...dialect.build import rewriting
from ...dialect.geometry.shapes import permute_shape
from ...dialect.tensor_types import as_tensor_type, is_static, shape_of
from .. import movement
from ..dead_ops import erase_dead


def merged_dimensions(
    shape: tuple[int, ...], permutation: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(shape, permutation) of the same movement without dimensions of size 1, neighbours that stay
    neighbours merged.

    Example: (1, 4, 5, 2, 3, 8) by (0, 1, 3, 2, 4, 5) is (4, 5, 2, 24) by (0, 2, 1, 3).
    """
    order = [axis for axis in permutation if shape[axis] != 1]
    kept = sorted(order)
    runs: list[list[int]] = []
    for axis in order:
        follows = bool(runs) and kept.index(axis) == kept.index(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(axis)
        else:
            runs.append([axis])
    by_place = sorted(runs)
    sizes = tuple(prod(shape[axis] for axis in run) for run in by_place)
    return sizes, tuple(by_place.index(run) for run in runs)


@dataclass(frozen=True)
class SimplifyTranspose(RewritePattern):
    """transpose -> collapse_shape, transpose of fewer dimensions, expand_shape."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: linalg.TransposeOp, rewriter: PatternRewriter, /) -> None:
        type_ = as_tensor_type(op.inputs[0].type)
        if type_ is None or not is_static(type_.get_shape()) or 0 in type_.get_shape():
            return
        shape = type_.get_shape()
        sizes, permutation = merged_dimensions(shape, tuple(op.permutation.get_values()))
        if len(sizes) == len(shape):
            return

        with rewriting(op, rewriter):
            moved = _moved(op.inputs[0], sizes, permutation)
            name = op.res[0].name_hint or "transposed"
            result = movement.reshape(moved, shape_of(op.res[0]), name)

        rewriter.replace(op, [], [result])


def _moved(value: SSAValue, sizes: tuple[int, ...], permutation: tuple[int, ...]) -> SSAValue:
    """The elements of `value`, under the shape `sizes`, in the order of the permuted dimensions.

    Where, under that shape, they are what another transpose made, the two are one, again of as few
    dimensions as say the same.
    """
    if list(permutation) == sorted(permutation):
        return value
    merged = movement.reshape(value, sizes, "merged")
    inner = merged.owner
    if not isinstance(inner, linalg.TransposeOp):
        return movement.transpose(merged, permutation, "moved")
    first = inner.permutation.get_values()
    source, both = inner.inputs[0], tuple(first[axis] for axis in permutation)
    moved = _moved(source, *merged_dimensions(shape_of(source), both))
    return movement.reshape(moved, permute_shape(sizes, permutation), "moved")


@dataclass(frozen=True)
class SimplifyTransposesPass(ModulePass):
    """Drop dimensions of size 1 from transposes, and merge neighbours that stay neighbours.

    Where what is left is a transpose of what another transpose made, the two become one.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2x3xf32>) -> tensor<1x5x4x2x3xf32> {
      %empty = tensor.empty() : tensor<1x5x4x2x3xf32>
      %0 = linalg.transpose ins(%x : tensor<1x4x5x2x3xf32>) outs(%empty : tensor<1x5x4x2x3xf32>)
        permutation = [0, 2, 1, 3, 4]
      return %0 : tensor<1x5x4x2x3xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2x3xf32>) -> tensor<1x5x4x2x3xf32> {
      %merged = tensor.collapse_shape %x [[0 : i64, 1 : i64], [2 : i64], [3 : i64, 4 : i64]]
        : tensor<1x4x5x2x3xf32> into tensor<4x5x6xf32>
      %empty = tensor.empty() : tensor<5x4x6xf32>
      %moved = linalg.transpose ins(%merged : tensor<4x5x6xf32>) outs(%empty : tensor<5x4x6xf32>)
        permutation = [1, 0, 2]
      %0 = tensor.expand_shape %moved [[0 : i64, 1 : i64], [2 : i64], [3 : i64, 4 : i64]]
        output_shape [1, 5, 4, 2, 3] : tensor<5x4x6xf32> into tensor<1x5x4x2x3xf32>
      return %0 : tensor<1x5x4x2x3xf32>
    }
    ```
    Requires: nothing. Ensures: no transpose of known shape has a dimension that another would do
    for. Refuses: nothing.
    """

    name = "simplify-transposes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(SimplifyTranspose(), apply_recursively=False).rewrite_module(op)
        erase_dead(op)
