"""What the other TTNN ops with sums mean: plain convolution, and fused activations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..dialect.geometry.plain import Conv2dGeometry, ConvAxis
from ..dialect.numpy_types import Array
from . import floats
from .contraction import matmul
from .errors import fail


def conv2d(values: Array, weight: Array, bias: Array | None, geometry: Conv2dGeometry) -> Array:
    """out[n, y, x, o] = bias[o] + sum of in[n, y*stride - pad_top + dilation*kh, .., c] *
    weight[o, c mod C/G, kh, kw] over all taps and the channels c of o's group.

    Input and output are (N, H, W, C), the weight is (O, C/G, KH, KW).

    Raises: ExecutionError when the weight has another shape.
    """
    if weight.shape != geometry.weight_shape:
        fail(f"expected a weight of shape {geometry.weight_shape}, got {weight.shape}")
    groups, channels = geometry.groups, geometry.in_channels
    top_left = [(0, 0), _pads(geometry.height), _pads(geometry.width), (0, 0)]
    padded = np.pad(values, top_left)
    batch, height, width, outputs = geometry.output_shape
    total = np.zeros((groups, batch * height * width, outputs // groups), values.dtype)
    by_group = weight.reshape(groups, outputs // groups, channels // groups, *weight.shape[2:])
    for kernel_row in range(geometry.height.kernel):
        for kernel_column in range(geometry.width.kernel):
            rows = reach(geometry.height, kernel_row)
            columns = reach(geometry.width, kernel_column)
            seen = padded[:, rows, columns].reshape(total.shape[1], groups, channels // groups)
            tap = by_group[..., kernel_row, kernel_column].transpose(0, 2, 1)
            total += matmul(seen.transpose(1, 0, 2), tap)
    result = total.transpose(1, 0, 2).reshape(batch, height, width, outputs)
    return result if bias is None else result + bias


def _pads(axis: ConvAxis) -> tuple[int, int]:
    return axis.pad_low, axis.pad_high


def reach(axis: ConvAxis, tap: int) -> slice:
    """The elements of a padded axis that one tap sees, one for each output."""
    first = tap * axis.dilation
    return slice(first, first + (axis.output_size - 1) * axis.stride + 1, axis.stride)


# Activations -------------------------------------------------------------------------------------


def relu(x: Array) -> Array:
    return np.maximum(x, x.dtype.type(0))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), without overflow."""
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + decay), decay / (1 + decay)).astype(x.dtype)


def _silu(x: Array) -> Array:
    return x * sigmoid(x)


def _gelu(x: Array) -> Array:
    return (0.5 * x * (1 + floats.erf(x * np.sqrt(0.5).astype(x.dtype)))).astype(x.dtype)


def _relu6(x: Array) -> Array:
    return np.clip(x, x.dtype.type(0), x.dtype.type(6))


def _identity(x: Array) -> Array:
    return x


_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "identity": _identity,
    "relu": relu,
    "relu6": _relu6,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "silu": _silu,
    "gelu": _gelu,
}
ACTIVATION_NAMES = (*_ACTIVATIONS, "leaky_relu")


def check_activation(name: str) -> None:
    """Refuse an activation that has no meaning here, by name."""
    if name not in ACTIVATION_NAMES:
        fail(f"expected one of the activations {', '.join(ACTIVATION_NAMES)}, got {name}")


def activate(x: Array, name: str, params: Sequence[float] = ()) -> Array:
    """A fused activation in the type of `x`; leaky_relu takes its slope (0.01) from `params`."""
    if name == "leaky_relu":
        slope: Any = x.dtype.type(params[0] if params else 0.01)
        return np.where(x >= 0, x, x * slope)
    return _ACTIVATIONS[name](x)
