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
from .options import DecomposeOptions


@dataclass(frozen=True)
class TTNNToDecomposedPass(DecomposeOptions, ModulePass):
    """Decompose transposed convolutions, clean up, and fold what is constant.

    The passes are `decompose-conv-transpose2d`, `ttnn-canonicalize` and `ttnn-fold-constants`.
    Constants come last: ops that do nothing stand in front of what is done to them.

    Requires: tensors of known shape. Ensures: no transposed convolution is left.
    Refuses: what its passes refuse.
    """

    name = "ttnn-to-decomposed"

    def __post_init__(self) -> None:
        self.steps()

    def steps(self) -> tuple[ModulePass, ...]:
        """The passes in order; they check the options."""
        return (
            DecomposeConvTranspose2dPass(
                self.strategy, self.target, self.max_ops, self.max_temporary_bytes, self.floor
            ),
            TTNNCanonicalizePass(),
            TTNNFoldConstantsPass(),
        )

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        with paused_collection():
            for step in self.steps():
                step.apply(ctx, op)
