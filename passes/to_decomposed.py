"""The pipeline to the decomposed floor, as one pass."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from .canonicalize import TTNNCanonicalizePass
from .collection import paused_collection
from .decompose_conv_transpose2d import DecomposeConvTranspose2dPass
from .fold_constants import TTNNFoldConstantsPass
from .strategies import check_strategy
from .targets import check_target


@dataclass(frozen=True)
class TTNNToDecomposedPass(ModulePass):
    """Decompose transposed convolutions, fold what is constant, and clean up.

    The passes are `decompose-conv-transpose2d`, `ttnn-fold-constants` and `ttnn-canonicalize`.

    Requires: tensors of known shape. Ensures: no transposed convolution is left.
    Refuses: what its passes refuse.
    """

    name = "ttnn-to-decomposed"

    strategy: str = "auto"
    target: str = "cpu"

    def __post_init__(self) -> None:
        check_strategy(self.strategy)
        check_target(self.target)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        with paused_collection():
            DecomposeConvTranspose2dPass(self.strategy, self.target).apply(ctx, op)
            TTNNFoldConstantsPass().apply(ctx, op)
            TTNNCanonicalizePass().apply(ctx, op)
