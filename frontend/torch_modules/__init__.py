"""PyTorch's door: a `torch.compile` backend, torch's functions on this project, and an importer.

Needs the extra `torch`; what is exported here is imported, and torch with it, when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .backend import LeftToEager, xdsl_ttnn
    from .functional import conv_transpose1d, conv_transpose2d
    from .importer import import_torch

__all__ = ["LeftToEager", "conv_transpose1d", "conv_transpose2d", "import_torch", "xdsl_ttnn"]

_HOMES = {
    "LeftToEager": "backend",
    "xdsl_ttnn": "backend",
    "conv_transpose1d": "functional",
    "conv_transpose2d": "functional",
    "import_torch": "importer",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
