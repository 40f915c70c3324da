"""Fold data movement of constants: flips, permutes, reshapes, slices and pads of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    BytesAttr,
    DenseIntOrFPElementsAttr,
    FixedBitwidthType,
    ModuleOp,
)
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter, PatternRewriteWalker, RewritePattern

from ..dialect import build, deconv, ttnn
from ..dialect.geometry.shapes import concat_axis, slice_bounds
from ..dialect.i32 import integers
from ..dialect.tensor_types import as_tensor_type, is_static, shape_of, tensor_type
from .options import DEFAULT_MAX_BYTES, FoldOptions

Items = NDArray[np.void]
"""Elements as opaque items: folding moves them and never looks inside."""


def constant_items(value: SSAValue) -> Items | None:
    """The elements of a constant tensor, or None if `value` is not one."""
    if not isinstance(value, OpResult) or not isinstance(
        value.op, arith.ConstantOp | ttnn.ConstantOp
    ):
        return None
    literal = value.op.value
    if not isinstance(literal, DenseIntOrFPElementsAttr):
        return None
    element_type = literal.get_element_type()
    if not isinstance(element_type, FixedBitwidthType):
        return None
    items = np.frombuffer(literal.data.data, dtype=np.dtype(f"V{element_type.size}"))
    return items.reshape(literal.get_shape())


def fold(op: Operation, items: Items) -> Items | None:
    """What `op` makes of a constant operand; None for ops that compute."""
    match op:
        case ttnn.ReshapeOp():
            return items.reshape(shape_of(op.result))
        case ttnn.PermuteOp():
            return items.transpose(op.permutation.get_values())
        case deconv.FlipOp():
            return np.flip(items, op.dimensions.get_values())
        case ttnn.SliceStaticOp():
            return items[_slices(op)]
        case ttnn.PadOp() if op.value.value.data == 0.0:
            return _pad(items, op.padding.get_values())
        case _:
            return None


def _slices(op: ttnn.SliceStaticOp) -> tuple[slice, ...]:
    rows = zip(
        shape_of(op.input), integers(op.begins), integers(op.ends), integers(op.step), strict=True
    )
    result: list[slice] = []
    for axis, (size, begin, end, step) in enumerate(rows):
        start, length = slice_bounds(size, begin, end, step, axis)
        stop = start + length * step
        result.append(slice(start, stop if stop >= 0 else None, step))
    return tuple(result)


def _pad(items: Items, padding: tuple[int, ...]) -> Items:
    pairs = list(zip(padding[::2], padding[1::2], strict=True))
    shape = [size + low + high for size, (low, high) in zip(items.shape, pairs, strict=True)]
    padded = np.zeros(shape, items.dtype)
    inside = zip(items.shape, pairs, strict=True)
    padded[tuple(slice(low, low + size) for size, (low, _) in inside)] = items
    return padded


@dataclass(frozen=True)
class FoldConstantMovement(RewritePattern):
    """movement(constant) -> constant."""

    max_bytes: int = DEFAULT_MAX_BYTES

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter, /) -> None:
        if not op.operands or len(op.results) != 1 or not _keeps_elements(op):
            return
        items = [found for value in op.operands if (found := constant_items(value)) is not None]
        if len(items) != len(op.operands):
            return
        folded = _concatenated(op, items) if isinstance(op, ttnn.ConcatOp) else fold(op, items[0])
        if folded is None or folded.nbytes > self.max_bytes:
            return

        sources = list(dict.fromkeys(op.operands))
        with build.rewriting(op, rewriter):
            result = _constant_like(op, folded)

        rewriter.replace(op, [], [result])
        for source in sources:
            if not source.uses and isinstance(source, OpResult):
                rewriter.erase(source.op)


def _keeps_elements(op: Operation) -> bool:
    """Whether operands and result are tensors of known shape and of one element type: bytes are
    moved, not changed.
    """
    types = [as_tensor_type(value.type) for value in (*op.operands, *op.results)]
    known = [type_ for type_ in types if type_ is not None and is_static(type_.get_shape())]
    return len(known) == len(types) and len({type_.element_type for type_ in known}) == 1


def _concatenated(op: ttnn.ConcatOp, items: Sequence[Items]) -> Items:
    return np.concatenate(items, concat_axis(items[0].ndim, op.dim.value.data))


def _constant_like(op: Operation, items: Items) -> SSAValue:
    type_ = tensor_type(op.results[0])
    data = BytesAttr(np.ascontiguousarray(items).tobytes())
    literal = DenseIntOrFPElementsAttr(type_, data)  # pyright: ignore[reportArgumentType]
    source = op.operands[0].owner
    assert isinstance(source, Operation)
    if isinstance(source, arith.ConstantOp):
        constant = arith.ConstantOp(literal)
    else:
        constant = ttnn.ConstantOp.create(
            operands=source.operands, properties={"value": literal}, result_types=[type_]
        )
    constant.results[0].name_hint = op.results[0].name_hint
    return constant.results[0]


@dataclass(frozen=True)
class TTNNFoldConstantsPass(FoldOptions, ModulePass):
    """Apply flips, permutes, reshapes, slices, concats and zero pads to constant operands.

    A weight that is a constant is brought into the form of its convolution at compile time.

    Before:
    ```mlir
    func.func @f() -> tensor<3xf32> {
      %0 = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
      %1 = deconv.flip %0 dimensions = [0] : tensor<3xf32> -> tensor<3xf32>
      return %1 : tensor<3xf32>
    }
    ```
    After:
    ```mlir
    func.func @f() -> tensor<3xf32> {
      %0 = arith.constant dense<[3.0, 2.0, 1.0]> : tensor<3xf32>
      return %0 : tensor<3xf32>
    }
    ```
    Requires: nothing. Ensures: no known movement of a constant is left below `max-bytes`.
    Refuses: nothing; results above `max-bytes` or of unknown shape, and what converts elements,
    stay as they are.
    """

    name = "ttnn-fold-constants"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(FoldConstantMovement(self.max_bytes)).rewrite_module(op)
