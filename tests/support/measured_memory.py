"""How much memory a call really takes: NumPy's buffers, as tracemalloc counts them."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xdsl_ttnn.frontend.compiler import CompiledFunction


def small_integers(function: CompiledFunction) -> list[NDArray[Any]]:
    """Arrays to call a function with."""
    draw = np.random.default_rng(0)
    return [
        draw.integers(-3, 4, array.shape).astype(array.dtype) for array in function.signature.arrays
    ]


def measured_peak(call: Callable[[], object], given: Sequence[NDArray[Any]]) -> int:
    """The most bytes at once in a call, what it was given included.

    It is measured from before the call is made for the first time: constants count, and so does
    the code that is emitted.
    """
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        call()
        return tracemalloc.get_traced_memory()[1] - before + sum(array.nbytes for array in given)
    finally:
        tracemalloc.stop()
