"""The pipeline to tiled loops, as one pass."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from ..passes.collection import paused_collection
from ..passes.strategies import check_strategy
from ..passes.targets import check_target
from ..passes.to_decomposed import TTNNToDecomposedPass
from .simplify_transposes import SimplifyTransposesPass
from .temporaries import DEFAULT_MAX_TEMPORARY_BYTES
from .tile_linalg_to_loops import TileLinalgToLoopsPass, check_convolution_mode
from .tile_plans import TileSizes
from .to_linalg import ConvertTTNNToLinalgPass


@dataclass(frozen=True)
class TTNNToLoopsPass(ModulePass):
    """Decompose, lower to linalg and tile: from TTNN to loops that other compilers take.

    The passes are `ttnn-to-decomposed`, `convert-ttnn-to-linalg`, `tile-linalg-to-loops` and
    `simplify-transposes`.

    Requires: tensors of known shape. Ensures: upstream func, arith, math, tensor, linalg and scf
    only, around what is unknown. Refuses: what its passes refuse.
    """

    name = "ttnn-to-loops"

    strategy: str = "auto"
    target: str = "cpu"
    conv: str = "direct"
    tile_m: int = 32
    tile_n: int = 32
    tile_k: int = 32
    max_temporary_bytes: int = DEFAULT_MAX_TEMPORARY_BYTES

    def __post_init__(self) -> None:
        check_strategy(self.strategy)
        check_target(self.target)
        check_convolution_mode(self.conv)
        TileSizes(self.tile_m, self.tile_n, self.tile_k)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        tile = TileLinalgToLoopsPass(
            self.conv, self.tile_m, self.tile_n, self.tile_k, self.max_temporary_bytes
        )
        with paused_collection():
            TTNNToDecomposedPass(self.strategy, self.target).apply(ctx, op)
            ConvertTTNNToLinalgPass(self.max_temporary_bytes).apply(ctx, op)
            tile.apply(ctx, op)
            SimplifyTransposesPass().apply(ctx, op)
