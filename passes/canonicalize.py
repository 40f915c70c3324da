"""Clean up what decompositions leave: identities and chains that merge."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import GreedyRewritePatternApplier, PatternRewriteWalker

from ..dialect.canonicalization import PATTERNS


@dataclass(frozen=True)
class TTNNCanonicalizePass(ModulePass):
    """Remove tensor ops that do nothing and merge chains of reshapes, permutes and flips.

    Only ops of this project's dialects are touched; xDSL's `canonicalize` does the same for all.

    Before:
    ```mlir
    func.func @f(%x: tensor<2x3xf32>) -> tensor<6xf32> {
      %0 = "ttnn.reshape"(%x) <{shape = [3 : i32, 2 : i32]}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
      %1 = "ttnn.reshape"(%0) <{shape = [6 : i32]}> : (tensor<3x2xf32>) -> tensor<6xf32>
      return %1 : tensor<6xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<2x3xf32>) -> tensor<6xf32> {
      %0 = "ttnn.reshape"(%x) <{shape = [6 : i32]}> : (tensor<2x3xf32>) -> tensor<6xf32>
      return %0 : tensor<6xf32>
    }
    ```
    Requires: nothing. Ensures: no identity is left. Refuses: nothing.
    """

    name = "ttnn-canonicalize"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns = GreedyRewritePatternApplier(list(PATTERNS), dce_enabled=False)
        PatternRewriteWalker(patterns).rewrite_module(op)
