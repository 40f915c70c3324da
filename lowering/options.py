"""Options of the passes in this folder, apart from what the passes import."""

from __future__ import annotations

from dataclasses import dataclass

from ..passes.options import DEFAULT_MAX_OPS, DEFAULT_MAX_TEMPORARY_BYTES


@dataclass(frozen=True)
class ConvertOptions:
    """Of `convert-ttnn-to-linalg`."""

    max_temporary_bytes: int = DEFAULT_MAX_TEMPORARY_BYTES
    max_ops: int = DEFAULT_MAX_OPS


@dataclass(frozen=True)
class TileOptions:
    """Of `tile-linalg-to-loops`."""

    conv: str = "direct"
    tile_m: int = 32
    tile_n: int = 32
    tile_k: int = 32
    max_temporary_bytes: int = DEFAULT_MAX_TEMPORARY_BYTES


@dataclass(frozen=True)
class HoistOptions:
    """Of `hoist-weight-preparation`."""

    arguments: tuple[int, ...] = ()
    function: str = ""


OPTIONS: dict[str, type] = {
    "convert-ttnn-to-linalg": ConvertOptions,
    "tile-linalg-to-loops": TileOptions,
    "hoist-weight-preparation": HoistOptions,
}
"""By pass; those that have none are missing."""
