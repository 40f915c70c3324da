"""The deconv dialect: the steps of a decomposition for which TTNN has no op."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..dialect import deconv
from .dtypes import Array
from .emit_tensor import shape_of
from .emitter import Emitter
from .registry import emits


def dilate_insert(values: Array, strides: Sequence[int]) -> Array:
    """Put `stride - 1` zeros between neighbours, along each dimension."""
    shape = [
        (size - 1) * stride + 1 if size else 0
        for size, stride in zip(values.shape, strides, strict=True)
    ]
    result = np.zeros(shape, values.dtype)
    result[tuple(slice(None, None, stride) for stride in strides)] = values
    return result


@emits(deconv.DilateInsertOp, buffer="fresh")
def emit_dilate_insert(e: Emitter, op: deconv.DilateInsertOp) -> None:
    strides = op.strides.get_values()
    e.assign(op.result, f"{e.use(dilate_insert)}({e[op.input]}, {strides})")


@emits(deconv.FlipOp, buffer="view")
def emit_flip(e: Emitter, op: deconv.FlipOp) -> None:
    flipped = op.dimensions.get_values()
    rank = len(shape_of(op.input))
    parts = ", ".join("::-1" if axis in flipped else ":" for axis in range(rank))
    e.assign(op.result, f"{e[op.input]}[{parts}]" if parts else e[op.input])
