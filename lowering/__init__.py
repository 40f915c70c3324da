"""From TTNN to linalg on tensors, and from there to tiled loops."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.passes import ModulePass


def _convert_ttnn_to_linalg() -> type[ModulePass]:
    from .to_linalg import ConvertTTNNToLinalgPass

    return ConvertTTNNToLinalgPass


def _to_linalg() -> type[ModulePass]:
    from .to_linalg import TTNNToLinalgPass

    return TTNNToLinalgPass


def _tile_linalg_to_loops() -> type[ModulePass]:
    from .tile_linalg_to_loops import TileLinalgToLoopsPass

    return TileLinalgToLoopsPass


def _to_loops() -> type[ModulePass]:
    from .to_loops import TTNNToLoopsPass

    return TTNNToLoopsPass


def _strip_ttnn_attributes() -> type[ModulePass]:
    from .strip_ttnn_attributes import StripTTNNAttributesPass

    return StripTTNNAttributesPass


def _hoist_weight_preparation() -> type[ModulePass]:
    from .hoist_weight_preparation import HoistWeightPreparationPass

    return HoistWeightPreparationPass


def _simplify_transposes() -> type[ModulePass]:
    from .simplify_transposes import SimplifyTransposesPass

    return SimplifyTransposesPass


def get_all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """The passes of this folder by name, each imported when first used."""
    return {
        "convert-ttnn-to-linalg": _convert_ttnn_to_linalg,
        "ttnn-to-linalg": _to_linalg,
        "simplify-transposes": _simplify_transposes,
        "tile-linalg-to-loops": _tile_linalg_to_loops,
        "ttnn-to-loops": _to_loops,
        "hoist-weight-preparation": _hoist_weight_preparation,
        "strip-ttnn-attributes": _strip_ttnn_attributes,
    }
