"""From TTNN to linalg on tensors, and from there to tiled loops."""

from __future__ import annotations

from functools import cache, partial

from xdsl.passes import ModulePass

from .. import passes
from .pipelines import PIPELINES, PassTable


def _convert_ttnn_to_linalg() -> type[ModulePass]:
    from .to_linalg.convert_ttnn_to_linalg import ConvertTTNNToLinalgPass

    return ConvertTTNNToLinalgPass


def _tile_linalg_to_loops() -> type[ModulePass]:
    from .loops.tile_linalg_to_loops import TileLinalgToLoopsPass

    return TileLinalgToLoopsPass


def _strip_ttnn_attributes() -> type[ModulePass]:
    from .strip_ttnn_attributes import StripTTNNAttributesPass

    return StripTTNNAttributesPass


def _hoist_weight_preparation() -> type[ModulePass]:
    from .prepare.hoist_weight_preparation import HoistWeightPreparationPass

    return HoistWeightPreparationPass


def _simplify_transposes() -> type[ModulePass]:
    from .to_linalg.simplify_transposes import SimplifyTransposesPass

    return SimplifyTransposesPass


@cache
def _named_pipeline(name: str) -> type[ModulePass]:
    from .named_pipeline import pass_of

    return pass_of(_PIPELINES[name], pipeline_passes())


def pipeline_passes() -> PassTable:
    """What a named pipeline may name: passes of xDSL, of `passes/` and of this folder."""
    from xdsl.transforms import get_all_passes as xdsl_passes

    return {**xdsl_passes(), **passes.get_all_passes(), **get_all_passes()}


_PIPELINES = {pipeline.name: pipeline for pipeline in PIPELINES}


def get_all_passes() -> PassTable:
    """The passes of this folder by name, each imported when first used, and named pipelines."""
    return {
        "convert-ttnn-to-linalg": _convert_ttnn_to_linalg,
        "simplify-transposes": _simplify_transposes,
        "tile-linalg-to-loops": _tile_linalg_to_loops,
        "hoist-weight-preparation": _hoist_weight_preparation,
        "strip-ttnn-attributes": _strip_ttnn_attributes,
        **{name: partial(_named_pipeline, name) for name in _PIPELINES},
    }
