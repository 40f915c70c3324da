"""The pipeline to tiled loops, as one pass."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from ..passes.collection import paused_collection
from ..passes.to_decomposed import TTNNToDecomposedPass
from .options import LoopsOptions
from .simplify_transposes import SimplifyTransposesPass
from .tile_linalg_to_loops import TileLinalgToLoopsPass
from .to_linalg import ConvertTTNNToLinalgPass


@dataclass(frozen=True)
class TTNNToLoopsPass(LoopsOptions, ModulePass):
    """Decompose, lower to linalg and tile: from TTNN to loops that other compilers take.

    The passes are `ttnn-to-decomposed`, `convert-ttnn-to-linalg`, `tile-linalg-to-loops` and
    `simplify-transposes`.

    Requires: tensors of known shape. Ensures: upstream func, arith, math, tensor, linalg and scf
    only, around what is unknown. Refuses: what its passes refuse.
    """

    name = "ttnn-to-loops"

    def __post_init__(self) -> None:
        self.steps()

    def steps(self) -> tuple[ModulePass, ...]:
        """The passes in order; they check the options."""
        return (
            TTNNToDecomposedPass(
                self.strategy, self.target, self.max_ops, self.max_temporary_bytes, floor="linalg"
            ),
            ConvertTTNNToLinalgPass(self.max_temporary_bytes, self.max_ops),
            TileLinalgToLoopsPass(
                self.conv, self.tile_m, self.tile_n, self.tile_k, self.max_temporary_bytes
            ),
            SimplifyTransposesPass(),
        )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        with paused_collection():
            for step in self.steps():
                step.apply(ctx, op)
