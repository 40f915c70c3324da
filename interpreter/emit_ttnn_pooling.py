"""The ttnn ops that pool pixels and repeat them."""

from __future__ import annotations

from dataclasses import dataclass

from ..dialect import ttnn
from ..dialect.geometry import Pool2dGeometry
from .dtypes import Array
from .emit_ttnn import static_shape
from .emitter import Emitter
from .errors import fail
from .pooling import max_pool2d, upsample_nearest
from .registry import emits


@dataclass(frozen=True)
class Pooling:
    """One `ttnn.max_pool2d`, called with its input; both sides are in the flattened form."""

    geometry: Pool2dGeometry
    shape: tuple[int, ...]

    def __call__(self, values: Array) -> Array:
        image = values.reshape(self.geometry.input_shape)
        return max_pool2d(image, self.geometry).reshape(self.shape)


@emits(ttnn.MaxPool2dOp, buffer="fresh")
def emit_max_pool2d(e: Emitter, op: ttnn.MaxPool2dOp) -> None:
    static_shape(op.input)
    plan = Pooling(op.pool_geometry(), static_shape(op.result))
    e.assign(op.result, f"{e.constant(plan, 'max_pool2d')}({e[op.input]})")


@emits(ttnn.UpsampleOp, buffer="fresh")
def emit_upsample(e: Emitter, op: ttnn.UpsampleOp) -> None:
    if op.mode.data != "nearest":
        fail(f"expected mode nearest, got {op.mode.data}")
    static_shape(op.input)
    e.assign(op.result, f"{e.use(upsample_nearest)}({e[op.input]}, {op.scale_factors})")
