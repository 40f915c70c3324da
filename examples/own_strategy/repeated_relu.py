"""Pass drop-repeated-relu, and the universe that carries it into ttnn-opt and xdsl-opt."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.universe import Universe

from xdsl_ttnn.dialect import ttnn


@dataclass(frozen=True)
class DropReluOfRelu(RewritePattern):
    """relu(relu(x)) -> relu(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ReluOp, rewriter: PatternRewriter, /) -> None:
        if not isinstance(op.input.owner, ttnn.ReluOp) or op.input.type != op.result.type:
            return

        rewriter.replace(op, [], [op.input])


@dataclass(frozen=True)
class DropRepeatedReluPass(ModulePass):
    """A relu of a relu does nothing."""

    name = "drop-repeated-relu"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        PatternRewriteWalker(DropReluOfRelu()).rewrite_module(op)


UNIVERSE = Universe(all_passes={"drop-repeated-relu": lambda: DropRepeatedReluPass})
