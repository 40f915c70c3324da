"""PyTorch itself: an optional dependency, loaded when this door is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..extras import missing_package


def load_torch() -> Any:
    """The module `torch`.

    Raises: ImportError that names the extra to install.
    """
    try:
        return import_module("torch")
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ImportError(missing_package("torch")) from None


torch: Any = load_torch()
"""Typed as Any: the types of PyTorch cannot be counted on to be there when this is checked."""
