"""Float arithmetic that NumPy does not have as one function, on scalars and arrays alike.

Each function returns the type it was given. The sign of a zero that maximum and minimum choose
between +0 and -0 is NumPy's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dialect.numpy_types import FLOAT64, Array, DType, convert, is_float


def _wider(values: Any) -> Any:
    """At least f64, for f32 and narrower."""
    return np.asarray(values).astype(FLOAT64)


def _back(values: Any, like: Any) -> Any:
    result = convert(np.asarray(values), np.asarray(like).dtype)
    return result if isinstance(like, np.ndarray) else result[()]


_erf = np.frompyfunc(math.erf, 1, 1)


def erf(x: Any) -> Any:
    """The error function."""
    return _back(np.asarray(_erf(_wider(x))).astype(FLOAT64), x)


def rsqrt(x: Any) -> Any:
    """1 / sqrt(x), rounded once from f64."""
    return _back(1.0 / np.sqrt(_wider(x)), x)


def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c through f64, where the product of two f32 is exact; f64 rounds twice."""
    return _back(_wider(a) * _wider(b) + _wider(c), a if isinstance(a, np.ndarray) else c)


def power(a: Any, b: Any) -> Any:
    """a^b."""
    return _back(np.power(_wider(a), _wider(b)), a)


def round_half_away(x: Any) -> Any:
    """To the nearest whole number, halves away from zero."""
    wide = _wider(x)
    whole = np.trunc(wide)
    return _back(whole + np.copysign(np.abs(wide - whole) >= 0.5, wide), x)


def divide(a: float, b: float) -> float:
    """f64 division of Python floats as IEEE 754 defines it, by zero too."""
    return a / b if b else float(np.float64(a) / np.float64(b))


def to_integer(value: Any, dtype: DType) -> int:
    """A float towards zero as an int of `dtype`; saturates, NaN gives 0."""
    return int(convert(np.asarray(_wider(value)), dtype))


def poison(shape: Sequence[int], dtype: DType) -> Array:
    """A buffer nobody has written to: NaN for floats, the largest value for integers.

    Not np.empty, so that reading it is seen, and seen the same way in every run.
    """
    if is_float(dtype):
        return np.full(shape, math.nan, dtype)
    if dtype.kind == "b":
        return np.ones(shape, dtype)
    return np.full(shape, np.iinfo(dtype).max, dtype)
