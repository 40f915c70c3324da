"""Garbage collection during large rewrites."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def paused_collection() -> Generator[None]:
    """Pause the cyclic collector inside the `with` block.

    A rewrite allocates faster than it frees, so full collections come often, and each walks the
    whole module: with 1,000 convolutions they double the time. What a rewrite drops is freed
    behind it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
