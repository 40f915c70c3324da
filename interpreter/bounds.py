"""How far a sum of products may be from the truth when its terms are added in any order."""

from __future__ import annotations

import numpy as np

from ..dialect.geometry.transposed import ConvTranspose2dGeometry
from ..dialect.numpy_types import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Array, DType
from .elements import float_accumulator
from .oracle import conv_transpose2d

_UNIT_ROUNDOFF: dict[DType, float] = {
    BFLOAT16: 2.0**-8,
    FLOAT16: 2.0**-11,
    FLOAT32: 2.0**-24,
    FLOAT64: 2.0**-53,
}
_SMALLEST: dict[DType, float] = {
    BFLOAT16: 2.0**-133,
    FLOAT16: 2.0**-24,
    FLOAT32: 2.0**-149,
    FLOAT64: 2.0**-1074,
}
"""The smallest positive number of each type: the error of results too small to be normal."""


def gamma(terms: int, unit_roundoff: float) -> float:
    """k * u / (1 - k * u): the relative error of k roundings in a row.

    Raises: ValueError when k * u is 1 or more, where the bound means nothing.
    Source: Higham, Accuracy and Stability of Numerical Algorithms, lemma 3.1.
    """
    product = terms * unit_roundoff
    if product >= 1:
        raise ValueError(f"gamma: expected terms * roundoff below 1, got {product}")
    return product / (1 - product)


def accumulated_error(
    values: Array,
    taps: Array,
    bias: Array | None,
    geometry: ConvTranspose2dGeometry,
    dtype: DType,
) -> Array:
    """For each element of a transposed convolution, how far its sum may be from the exact one.

    gamma_K * (|bias| + |in| (*) |taps|) with K = terms of the longest sum, in the type that the op
    computes in for operands of these types and a result of type `dtype`. Integers: zeros, they are
    exact. `taps` are those of `oracle.read_taps`.

    Example: for integers in f32 below 2^24 the bound is positive though the error is 0.
    """
    if dtype not in _UNIT_ROUNDOFF:
        return np.zeros(geometry.output_shape)
    magnitudes = conv_transpose2d(
        np.abs(values.astype(FLOAT64)),
        np.abs(taps.astype(FLOAT64)),
        None if bias is None else np.abs(bias.astype(FLOAT64)),
        geometry,
    )
    held = computed_in(values, taps, bias, dtype)
    terms = geometry.in_channels_per_group * geometry.height.kernel * geometry.width.kernel + 1
    return gamma(terms, _UNIT_ROUNDOFF[held]) * magnitudes + terms * _SMALLEST[held]


def computed_in(values: Array, taps: Array, bias: Array | None, dtype: DType) -> DType:
    """What a convolution of floats computes in."""
    operands = (values, taps) if bias is None else (values, taps, bias)
    return float_accumulator(*(operand.dtype for operand in operands), dtype)


def rounding_error(magnitude: Array, held: DType, dtype: DType) -> Array:
    """How far one rounding moves numbers of type `held`, of at most a magnitude, to `dtype`."""
    if held == dtype or dtype not in _UNIT_ROUNDOFF:
        return np.zeros_like(magnitude)
    return _UNIT_ROUNDOFF[dtype] * magnitude + _SMALLEST[dtype]


def forward_error_bound(
    values: Array,
    taps: Array,
    bias: Array | None,
    geometry: ConvTranspose2dGeometry,
    dtype: DType,
) -> Array:
    """For each element of a transposed convolution, how far a right result may be from the exact.

    The error of the sum and of one rounding to the result's type `dtype`; see `accumulated_error`.
    """
    error = accumulated_error(values, taps, bias, geometry, dtype)
    exact = conv_transpose2d(
        values.astype(FLOAT64),
        taps.astype(FLOAT64),
        None if bias is None else bias.astype(FLOAT64),
        geometry,
    )
    # The sum in f64 is off itself, by no more than one in the type the op computes in.
    largest = np.abs(exact) + 2 * error
    return error + rounding_error(largest, computed_in(values, taps, bias, dtype), dtype)
