"""`ttnn-run --check`: are results as close to the oracle's as they have to be?

The oracle is the input module as it stands, run by the interpreter in f64.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from ..dialect.numpy_types import Array, is_float
from ..frontend.compiler import CompiledFunction, bind
from ..frontend.entry import find_entry
from .tolerance import allowed_errors, only_conv_transpose2d

_F64_BYTES = 8


@dataclass(frozen=True)
class Comparison:
    """One result against the oracle's."""

    name: str
    largest_error: float
    bound: float
    """At the element that is worst."""

    index: tuple[int, ...]
    wrong: int
    """How many elements are further off than their bound."""

    total: int

    @property
    def passed(self) -> bool:
        """Whether every element is within its bound."""
        return self.wrong == 0

    def __str__(self) -> str:
        place = ", ".join(map(str, self.index))
        error = f"largest error {self.largest_error:.3g} at [{place}], bound {self.bound:.3g}"
        if self.passed:
            return f"check: {self.name}: ok, {error}"
        return f"check: {self.name}: FAILED, {error}; {self.wrong} of {self.total} elements are off"


def check_against_oracle(
    module: ModuleOp, entry: str | None, arrays: Sequence[Array], results: Sequence[Array]
) -> list[Comparison]:
    """Compare results with those of the module as it stands, run in f64 on the same arrays."""
    truths = bind(module, entry, accumulate="f64")(*arrays)
    allowed = allowed_errors(find_entry(module, entry), arrays, results, truths)
    return [
        compare(f"result{index}", got, want, bound)
        for index, (got, want, bound) in enumerate(zip(results, truths, allowed, strict=True))
    ]


_COMPARED_ARRAYS = 8
"""Of f64, as large as a result, that comparing it takes at once; allowed errors apart."""

_ALLOWED_ARRAYS = 5
"""Of f64, as large as the result of a single convolution, that its allowed errors take."""


def check_bytes(module: ModuleOp, entry: str | None, checked: CompiledFunction) -> int:
    """The most memory that `check_against_oracle` takes at once, behind a call of `checked`, whose
    arguments, results and constants are still there."""
    oracle = bind(module, entry, accumulate="f64")
    signature = checked.signature
    given = sum(array.size_bytes for array in signature.arrays)
    results = sum(array.size_bytes for array in signature.results)
    truths = sum(array.elements for array in signature.results) * _F64_BYTES
    largest = max((array.elements for array in signature.results), default=0) * _F64_BYTES
    comparing = given + truths + _COMPARED_ARRAYS * largest
    if only_conv_transpose2d(find_entry(module, entry)) is not None:
        # Its bound is that of the magnitudes, run through the oracle once more.
        magnitudes = sum(array.elements for array in signature.arrays) * _F64_BYTES
        comparing = max(
            comparing + largest,
            oracle.peak_bytes + truths + magnitudes + _ALLOWED_ARRAYS * largest,
        )
    constants = checked.program.constant_bytes(signature.function)
    return results + constants + max(oracle.peak_bytes, comparing)


def compare(name: str, got: Array, want: Array, bound: Array | float) -> Comparison:
    """Compare a result with the oracle's, element by element.

    Where both are the same infinity or both no number, the error is 0; an infinity that is the
    oracle's number rounded to the result's element type counts as that number.

    Raises: ValueError when the shapes differ.
    """
    if got.shape != want.shape:
        raise ValueError(f"{name}: expected shape {want.shape}, got {got.shape}")
    if got.size == 0:
        return Comparison(name, 0.0, 0.0, (), 0, 0)
    error = _errors(got, want)
    bounds = np.broadcast_to(np.asarray(bound, np.float64), error.shape)
    # Not `error > bounds`: where either is no number, the element is off.
    is_off = ~(error <= bounds)
    wrong = int(np.count_nonzero(is_off))
    excess = np.where(is_off, np.nan_to_num(error - bounds, nan=np.inf), -np.inf)
    worst = int(np.argmax(excess if wrong else error))
    index = tuple(int(i) for i in np.unravel_index(worst, error.shape))
    return Comparison(name, float(error[index]), float(bounds[index]), index, wrong, got.size)


def report(comparisons: Sequence[Comparison], stream: TextIO) -> bool:
    """Print one line a result; whether all passed."""
    for comparison in comparisons:
        print(comparison, file=stream)
    if not comparisons:
        print("check: ok, there is no result to compare", file=stream)
    return all(comparison.passed for comparison in comparisons)


def _errors(got: Array, want: Array) -> Array:
    wide, truth = got.astype(np.float64), want.astype(np.float64)
    if not is_float(got.dtype):
        # Integers past 2^53 may look alike in f64: different ones are at least 1 apart.
        return np.where(got == want, 0.0, np.maximum(np.abs(wide - truth), 1.0))
    with np.errstate(all="ignore"):
        rounded = truth.astype(got.dtype).astype(np.float64)
        same = (np.isnan(wide) & np.isnan(truth)) | (np.isinf(wide) & (wide == rounded))
        return np.where(same, 0.0, np.abs(wide - truth))
