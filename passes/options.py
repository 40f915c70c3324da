"""Options of the passes in this folder, apart from what the passes import.

`ttnn-opt --help` prints them, and starts as quickly as `xdsl-opt --help`.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_MAX_OPS = 1 << 14
"""16,384: some ten seconds of lowering."""

DEFAULT_MAX_TEMPORARY_BYTES = 1 << 32
"""4 GiB."""

DEFAULT_MAX_BYTES = 1 << 26
"""Largest result that is folded, 64 MiB: text of a larger one helps nobody."""


@dataclass(frozen=True)
class DecomposeOptions:
    """Of `decompose-conv-transpose2d`."""

    strategy: str = "auto"
    target: str = "cpu"
    max_ops: int = DEFAULT_MAX_OPS
    max_temporary_bytes: int = DEFAULT_MAX_TEMPORARY_BYTES
    floor: str = "decomposed"


@dataclass(frozen=True)
class FoldOptions:
    """Of `ttnn-fold-constants`."""

    max_bytes: int = DEFAULT_MAX_BYTES


@dataclass(frozen=True)
class FuseOptions:
    """Of `ttnn-fuse`."""

    change_rounding: bool = False


@dataclass(frozen=True)
class LegalizeOptions:
    """Of `legalize-deconv-to-ttnn`."""

    max_ops: int = DEFAULT_MAX_OPS


OPTIONS: dict[str, type] = {
    "decompose-conv-transpose2d": DecomposeOptions,
    "ttnn-fold-constants": FoldOptions,
    "ttnn-fuse": FuseOptions,
    "legalize-deconv-to-ttnn": LegalizeOptions,
}
"""By pass; those that have none are missing."""
