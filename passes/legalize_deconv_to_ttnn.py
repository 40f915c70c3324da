"""Rewrite what is left of the `deconv` dialect into ops that TTNN has."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import GreedyRewritePatternApplier, PatternRewriteWalker

from ..dialect import canonicalization
from .collection import paused_collection
from .fold_constants import FoldConstantMovement
from .legalize_interleave import LegalizeInterleave
from .legalize_movement import LegalizeDilateInsert, LegalizeFlip
from .legalize_sums import LegalizeCol2Im, LegalizeFinish
from .limits import check_max_ops
from .options import LegalizeOptions


@dataclass(frozen=True)
class LegalizeDeconvToTTNNPass(LegalizeOptions, ModulePass):
    """Rewrite the ops of the `deconv` dialect, so that a decomposed module is plain TTNN.

    tt-mlir can take over from there. Values move, add up and round as they did: sums of bf16 and
    f16 stay in f32 to the end. Ranks stay at four for the ops of a decomposition, but for zeros
    inserted between elements. A dimension of more than 16 elements is flipped in digits of 16,
    hence a flip of any length is a few dozen ops. What comes out is as clean as what
    `ttnn-canonicalize` and `ttnn-fold-constants` leave.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x1x2xf32>)
        -> (tensor<1x7x9x2xf32>, tensor<2x3x1x2xf32>) {
      %0 = deconv.dilate_insert %x strides = [1, 2, 2, 1]
        : tensor<1x4x5x2xf32> -> tensor<1x7x9x2xf32>
      %1 = deconv.flip %w dimensions = [3] : tensor<2x3x1x2xf32> -> tensor<2x3x1x2xf32>
      return %0, %1 : tensor<1x7x9x2xf32>, tensor<2x3x1x2xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x1x2xf32>)
        -> (tensor<1x7x9x2xf32>, tensor<2x3x1x2xf32>) {
      %apart = "ttnn.reshape"(%x)
        <{shape = [1 : i32, 4 : i32, 1 : i32, 5 : i32, 1 : i32, 2 : i32]}>
        : (tensor<1x4x5x2xf32>) -> tensor<1x4x1x5x1x2xf32>
      %spaced = "ttnn.pad"(%apart) <{padding = array<i32: 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0>,
        use_multicore = false, value = 0.000000e+00 : f32}>
        : (tensor<1x4x1x5x1x2xf32>) -> tensor<1x4x2x5x2x2xf32>
      %joined = "ttnn.reshape"(%spaced) <{shape = [1 : i32, 8 : i32, 10 : i32, 2 : i32]}>
        : (tensor<1x4x2x5x2x2xf32>) -> tensor<1x8x10x2xf32>
      %dilated = "ttnn.slice_static"(%joined) <{
        begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32],
        ends = [1 : i32, 7 : i32, 9 : i32, 2 : i32],
        step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}>
        : (tensor<1x8x10x2xf32>) -> tensor<1x7x9x2xf32>
      %second = "ttnn.slice_static"(%w) <{
        begins = [0 : i32, 0 : i32, 0 : i32, 1 : i32],
        ends = [2 : i32, 3 : i32, 1 : i32, 2 : i32],
        step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}>
        : (tensor<2x3x1x2xf32>) -> tensor<2x3x1x1xf32>
      %first = "ttnn.slice_static"(%w) <{
        begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32],
        ends = [2 : i32, 3 : i32, 1 : i32, 1 : i32],
        step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}>
        : (tensor<2x3x1x2xf32>) -> tensor<2x3x1x1xf32>
      %flipped = "ttnn.concat"(%second, %first) <{dim = 3 : si32}>
        : (tensor<2x3x1x1xf32>, tensor<2x3x1x1xf32>) -> tensor<2x3x1x2xf32>
      return %dilated, %flipped : tensor<1x7x9x2xf32>, tensor<2x3x1x2xf32>
    }
    ```
    Requires: tensors of known shape. Ensures: no op of the `deconv` dialect is left.
    Refuses: unknown sizes; activations that TTNN has no op for; configurations with unknown fields;
    a col2im or an interleave that would become more ops than `max-ops`.
    """

    name = "legalize-deconv-to-ttnn"

    def __post_init__(self) -> None:
        check_max_ops(self.max_ops)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns = GreedyRewritePatternApplier(
            [
                LegalizeDilateInsert(),
                LegalizeFlip(),
                LegalizeInterleave(self.max_ops),
                LegalizeCol2Im(self.max_ops),
                LegalizeFinish(),
                *canonicalization.PATTERNS,
                FoldConstantMovement(),
            ],
            dce_enabled=False,
        )
        with paused_collection():
            PatternRewriteWalker(patterns).rewrite_module(op)
