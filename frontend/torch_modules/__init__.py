"""PyTorch's door: a backend of `torch.compile`, and torch's transposed convolutions as functions.

Needs the extra `torch`; what is exported here is imported, and torch with it, when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .backend import LeftToEager, xdsl_ttnn
    from .functional import conv_transpose1d, conv_transpose2d

__all__ = ["LeftToEager", "conv_transpose1d", "conv_transpose2d", "xdsl_ttnn"]

_HOMES = {
    "LeftToEager": "backend",
    "xdsl_ttnn": "backend",
    "conv_transpose1d": "functional",
    "conv_transpose2d": "functional",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
