"""The doors for IR of other dialects: passes that make TTNN of it."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.passes import ModulePass


def _convert_ttir_to_ttnn() -> type[ModulePass]:
    from .convert_ttir_to_ttnn import ConvertTTIRToTTNNPass

    return ConvertTTIRToTTNNPass


def _convert_stablehlo_to_ttnn() -> type[ModulePass]:
    from .convert_stablehlo_to_ttnn import ConvertStableHLOToTTNNPass

    return ConvertStableHLOToTTNNPass


def get_all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """The passes of this folder by name, each imported when first used."""
    return {
        "convert-ttir-to-ttnn": _convert_ttir_to_ttnn,
        "convert-stablehlo-to-ttnn": _convert_stablehlo_to_ttnn,
    }
