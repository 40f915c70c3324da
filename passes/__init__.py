"""Passes from ttnn to ttnn: infer shapes, choose a strategy, decompose, clean up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.passes import ModulePass


def _infer_shapes() -> type[ModulePass]:
    from .infer_shapes import TTNNInferShapesPass

    return TTNNInferShapesPass


def _decompose_conv_transpose2d() -> type[ModulePass]:
    from .decompose_conv_transpose2d import DecomposeConvTranspose2dPass

    return DecomposeConvTranspose2dPass


def _fold_constants() -> type[ModulePass]:
    from .fold_constants import TTNNFoldConstantsPass

    return TTNNFoldConstantsPass


def _canonicalize() -> type[ModulePass]:
    from .canonicalize import TTNNCanonicalizePass

    return TTNNCanonicalizePass


def _fuse() -> type[ModulePass]:
    from .fuse import TTNNFusePass

    return TTNNFusePass


def _legalize_deconv_to_ttnn() -> type[ModulePass]:
    from .legalize_deconv_to_ttnn import LegalizeDeconvToTTNNPass

    return LegalizeDeconvToTTNNPass


def get_all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """The passes of this folder by name, each imported when first used."""
    return {
        "ttnn-infer-shapes": _infer_shapes,
        "decompose-conv-transpose2d": _decompose_conv_transpose2d,
        "ttnn-fold-constants": _fold_constants,
        "ttnn-canonicalize": _canonicalize,
        "ttnn-fuse": _fuse,
        "legalize-deconv-to-ttnn": _legalize_deconv_to_ttnn,
    }
