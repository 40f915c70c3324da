"""PyTorch itself: an optional dependency, loaded when this door is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load_torch() -> Any:
    """The module `torch`.

    Raises: ImportError that names the extra to install.
    """
    try:
        return import_module("torch")
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ImportError(
            "expected the package 'torch', got none; run: pip install 'xdsl-ttnn[torch]'"
        ) from None


torch: Any = load_torch()
"""Typed as Any: the types of PyTorch cannot be counted on to be there when this is checked."""
