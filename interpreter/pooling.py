"""What pooling and upsampling mean, on whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dialect.geometry.plain import Pool2dGeometry
from ..dialect.numpy_types import Array, DType, is_float
from .convolution import reach
from .emit_tensor import pad_array


def lowest(dtype: DType) -> Any:
    """What the maximum of no elements is: -inf, False or the smallest integer."""
    if is_float(dtype):
        return dtype.type(-np.inf)
    return dtype.type(0 if dtype.kind == "b" else np.iinfo(dtype).min)


def max_pool2d(values: Array, geometry: Pool2dGeometry) -> Array:
    """out[n, y, x, c] = the maximum of in[n, y*stride - pad_top + dilation*kh, .., c] over all
    taps inside the input; NaN where one of them is.

    Input and output are (N, H, W, C), in any element type.
    """
    return _reduce(values, geometry, np.maximum, lowest(values.dtype))


def sum_pool2d(values: Array, geometry: Pool2dGeometry) -> Array:
    """out[n, y, x, c] = the sum of in[n, y*stride - pad_top + dilation*kh, .., c] over all taps
    inside the input.

    Input and output are (N, H, W, C), in the type that sums are held in.
    """
    return _reduce(values, geometry, np.add, values.dtype.type(0))


def _reduce(values: Array, geometry: Pool2dGeometry, combine: Any, neutral: Any) -> Array:
    """The ufunc `combine` over each window; `neutral` changes nothing and stands in the padding."""
    height, width = geometry.height, geometry.width
    low, high = (0, height.pad_low, width.pad_low, 0), (0, height.pad_high, width.pad_high, 0)
    padded = pad_array(values, low, high, neutral)
    result = np.full(geometry.output_shape, neutral, values.dtype)
    for row in range(height.kernel):
        for column in range(width.kernel):
            combine(result, padded[:, reach(height, row), reach(width, column)], out=result)
    return result


def upsample_nearest(values: Array, factors: tuple[int, int]) -> Array:
    """out[n, y, x, c] = in[n, y div factors[0], x div factors[1], c]."""
    batch, height, width, channels = values.shape
    result = np.empty((batch, height, factors[0], width, factors[1], channels), values.dtype)
    result[...] = values[:, :, None, :, None]
    return result.reshape(batch, height * factors[0], width * factors[1], channels)
