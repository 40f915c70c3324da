"""The ttnn ops that pool pixels and repeat them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from ..dialect import ttnn
from ..dialect.geometry.plain import Pool2dGeometry
from ..dialect.numpy_types import Array, ElementTypes, is_float
from .elements import Element, op_computes_in
from .emit_ttnn import rounded, static_shape
from .emitter import Emitter
from .errors import fail
from .op_bytes import moved_bytes, operand_bytes
from .pooling import max_pool2d, sum_pool2d, upsample_nearest
from .registry import Memory, emits
from .sizes import array_bytes, converted_bytes, count


@dataclass(frozen=True)
class Pooling:
    """One `ttnn.max_pool2d`, called with its input; both sides are in the flattened form."""

    geometry: Pool2dGeometry
    shape: tuple[int, ...]
    result: Element

    def __call__(self, values: Array) -> Array:
        image = values.reshape(self.geometry.input_shape)
        return self.result.of(max_pool2d(image, self.geometry)).reshape(self.shape)


def _pool_bytes(types: ElementTypes, op: ttnn.MaxPool2dOp | ttnn.AveragingOp) -> int:
    """The padded input and what windows are reduced to; of an average, the division too."""
    is_average = isinstance(op, ttnn.AveragingOp)
    held = op_computes_in(types, op).dtype if is_average else types.dtype(op.input.type)
    elements = prod(op.pool_geometry().padded_shape) + (1 + is_average) * count(op.result.type)
    rounded = converted_bytes(count(op.result.type), held, types.dtype(op.result.type))
    return operand_bytes(types, op) + elements * held.itemsize + rounded


@emits(ttnn.MaxPool2dOp, buffer="fresh", memory=Memory(_pool_bytes))
def emit_max_pool2d(e: Emitter, op: ttnn.MaxPool2dOp) -> None:
    static_shape(op.input)
    plan = Pooling(op.pool_geometry(), static_shape(op.result), e.element(op.result.type))
    e.assign(op.result, f"{e.constant(plan, 'max_pool2d')}({e[op.input]})")


@dataclass(frozen=True)
class Averaging:
    """One pooling that averages, called with its input.

    `divisors` are the taps that each row and each column of windows counts, or all of them do.
    """

    geometry: Pool2dGeometry
    divisors: tuple[int | tuple[int, ...], int | tuple[int, ...]]
    shape: tuple[int, ...]
    held: Element
    result: Element

    def __call__(self, values: Array) -> Array:
        image = self.held.of(values).reshape(self.geometry.input_shape)
        rows, columns = (np.array(counts, self.held.dtype) for counts in self.divisors)
        counts = rows.reshape(-1, 1, 1) * columns.reshape(-1, 1)
        averages = sum_pool2d(image, self.geometry) / counts
        return self.result.of(averages).reshape(self.shape)


@emits(ttnn.AvgPool2dOp, ttnn.GlobalAvgPool2dOp, buffer="fresh", memory=Memory(_pool_bytes))
def emit_average(e: Emitter, op: ttnn.AveragingOp) -> None:
    static_shape(op.input)
    result = e.element(op.result.type)
    if not is_float(result.dtype):
        fail(f"expected a float tensor, got {result.dtype.name}")
    shape, held = static_shape(op.result), e.computes_in(op)
    plan = Averaging(op.pool_geometry(), op.divisors(), shape, held, result)
    e.assign(op.result, f"{e.constant(plan, 'average')}({e[op.input]})")


def _upsample_bytes(types: ElementTypes, op: ttnn.UpsampleOp) -> int:
    return moved_bytes(types, op) + array_bytes(types, op.result.type)


@emits(ttnn.UpsampleOp, buffer="fresh", memory=Memory(_upsample_bytes))
def emit_upsample(e: Emitter, op: ttnn.UpsampleOp) -> None:
    if op.mode.data != "nearest":
        fail(f"expected mode nearest, got {op.mode.data}")
    static_shape(op.input)
    values = f"{e.use(rounded)}({e[op.input]}, {e.element_name(op.result.type)})"
    e.assign(op.result, f"{e.use(upsample_nearest)}({values}, {op.scale_factors})")
