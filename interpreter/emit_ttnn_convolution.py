"""The ttnn ops with a weight: convolutions, and what prepares their operands."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from ..dialect import ttnn
from ..dialect.geometry.plain import Conv2dGeometry
from ..dialect.geometry.transposed import ConvTranspose2dGeometry
from ..dialect.numpy_types import (
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    Array,
    DType,
    ElementTypes,
    convert,
    is_float,
)
from .convolution import activate, check_activation, conv2d
from .elements import Element, op_computes_in
from .emit_ttnn import rounded, static_shape
from .emitter import Emitter
from .errors import fail
from .op_bytes import finished_bytes, moved_bytes, operand_bytes, product_bytes, sum_bytes
from .oracle import conv_transpose2d, prepare_weight, read_taps, scattered_shape
from .registry import Memory, emits
from .sizes import count

_WEIGHT_DTYPES: dict[str, DType] = {"f32": FLOAT32, "f16": FLOAT16, "bf16": BFLOAT16}

_ROUNDED_BYTES = 28
"""Of each element of a weight that is rounded to one of them: `sizes.converted_bytes` at most."""


@dataclass(frozen=True)
class Fused:
    """What a convolution does besides its sum, and the form and type of its result."""

    shape: tuple[int, ...]
    held: Element
    result: Element
    activation: tuple[str, tuple[float, ...]] | None
    weights_dtype: DType | None

    def weight(self, weight: Array) -> Array:
        """The weight rounded as the configuration asks, in the type that sums are held in."""
        if self.weights_dtype is not None and is_float(weight.dtype):
            weight = convert(weight, self.weights_dtype)
        return self.held.of(weight)

    def bias(self, bias: Array | None) -> Array | None:
        return None if bias is None else self.held.of(bias.reshape(-1))

    def finish(self, total: Array) -> Array:
        """The activation, the one rounding, and the form of the result."""
        total = self.held.wrapped(total)
        if self.activation is not None:
            total = activate(total, *self.activation)
        return self.result.of(total).reshape(self.shape)


def _fused(e: Emitter, op: ttnn.ConvTranspose2dOp | ttnn.Conv2dOp) -> Fused:
    activation = op.activation()
    if activation is not None:
        check_activation(activation.name)
    return Fused(
        static_shape(op.result),
        e.computes_in(op),
        e.element(op.result.type),
        (activation.name, tuple(activation.params)) if activation is not None else None,
        weights_dtype(e, op.weights_dtype()),
    )


def weights_dtype(e: Emitter, name: str | None) -> DType | None:
    """The type that `conv2d_config.weights_dtype` rounds weights to; block formats become bf16."""
    if name is None:
        return None
    if name.startswith("bfp"):
        e.program.remark(f"weights_dtype {name} is not emulated yet: weights are rounded to bf16")
        name = "bf16"
    if name not in _WEIGHT_DTYPES:
        fail(f"expected weights_dtype f32, f16, bf16 or a block format, got {name}")
    return _WEIGHT_DTYPES[name]


@dataclass(frozen=True)
class TransposedConvolution:
    """One `ttnn.conv_transpose2d`, called with input, weight and, if there is one, bias."""

    geometry: ConvTranspose2dGeometry
    fused: Fused
    mirror: bool
    prepared: bool

    def __call__(self, values: Array, weight: Array, bias: Array | None = None) -> Array:
        taps = read_taps(weight, self.geometry, mirror=self.mirror, prepared=self.prepared)
        total = conv_transpose2d(
            self.fused.held.of(values).reshape(self.geometry.input_shape),
            self.fused.weight(taps),
            self.fused.bias(bias),
            self.geometry,
        )
        return self.fused.finish(total)


def _scatter_bytes(types: ElementTypes, op: ttnn.ConvTranspose2dOp) -> int:
    """The oracle scatters the products of one tap after the other into a buffer of its own."""
    geometry, held = op.geometry(), op_computes_in(types, op).dtype
    pixels = prod(geometry.input_shape[:3])
    taps = geometry.in_channels * geometry.out_channels_per_group
    products = pixels * geometry.out_channels
    made = product_bytes(held, prod(geometry.input_shape), taps, products)
    # The products of one tap are let go of when those of the next, or the sums, are there.
    return (
        _operand_bytes(types, op)
        + (prod(scattered_shape(geometry)) + products) * held.itemsize
        + max(made, _finish_bytes(types, op))
    )


def _operand_bytes(types: ElementTypes, op: ttnn.ConvTranspose2dOp | ttnn.Conv2dOp) -> int:
    """The operands in the type that the op computes in, the weight maybe rounded before."""
    rounded = 0 if op.weights_dtype() is None else count(op.weight.type) * _ROUNDED_BYTES
    return operand_bytes(types, op) + rounded


def _finish_bytes(types: ElementTypes, op: ttnn.ConvTranspose2dOp | ttnn.Conv2dOp) -> int:
    """The bias, the activation, the rounding, and a copy that reshaping the result may make."""
    activation = op.activation()
    name = None if activation is None else activation.name
    copies = 1 if op.bias is None else 2
    return copies * sum_bytes(types, op) + finished_bytes(types, op, name)


@emits(ttnn.ConvTranspose2dOp, buffer="fresh", memory=Memory(_scatter_bytes))
def emit_conv_transpose2d(e: Emitter, op: ttnn.ConvTranspose2dOp) -> None:
    static_shape(op.input)
    plan = TransposedConvolution(
        op.geometry(), _fused(e, op), op.mirrors_kernel, op.has_prepared_weight()
    )
    _emit_convolution(e, op, plan)


def _emit_convolution(e: Emitter, op: ttnn.ConvTranspose2dOp | ttnn.Conv2dOp, plan: Any) -> None:
    operands = [e[v] for v in (op.input, op.weight, op.bias) if v is not None]
    e.assign(op.result, f"{e.constant(plan, op.name[5:])}({', '.join(operands)})")


@dataclass(frozen=True)
class Convolution:
    """One `ttnn.conv2d`, called with input, weight and, if there is one, bias."""

    geometry: Conv2dGeometry
    fused: Fused

    def __call__(self, values: Array, weight: Array, bias: Array | None = None) -> Array:
        total = conv2d(
            self.fused.held.of(values).reshape(self.geometry.input_shape),
            self.fused.weight(weight),
            self.fused.bias(bias),
            self.geometry,
        )
        return self.fused.finish(total)


def _conv2d_bytes(types: ElementTypes, op: ttnn.Conv2dOp) -> int:
    """The padded input, the sums, what one tap sees, and its products."""
    geometry, held = op.geometry(), op_computes_in(types, op).dtype
    seen = prod(geometry.output_shape[:3]) * geometry.in_channels
    tap = geometry.out_channels * geometry.in_channels // geometry.groups
    kept = (prod(geometry.padded_shape) + seen) * held.itemsize + sum_bytes(types, op)
    made = product_bytes(held, seen, tap, prod(geometry.output_shape))
    # What one tap sees is let go of when what the next sees is there.
    made = max(made, seen * held.itemsize)
    finished = _finish_bytes(types, op) - (geometry.groups == 1) * sum_bytes(types, op)
    return _operand_bytes(types, op) + kept + max(made, finished)


@emits(ttnn.Conv2dOp, buffer="fresh", memory=Memory(_conv2d_bytes))
def emit_conv2d(e: Emitter, op: ttnn.Conv2dOp) -> None:
    static_shape(op.input)
    _emit_convolution(e, op, Convolution(op.geometry(), _fused(e, op)))


@dataclass(frozen=True)
class WeightPreparation:
    """One `ttnn.prepare_conv_transpose2d_weights`, called with the raw weight."""

    geometry: ConvTranspose2dGeometry
    mirror: bool
    weights_dtype: DType | None
    result: Element

    def __call__(self, weight: Array) -> Array:
        if weight.shape != self.geometry.weight_shape:
            fail(f"expected a weight of shape {self.geometry.weight_shape}, got {weight.shape}")
        if self.weights_dtype is not None and is_float(weight.dtype):
            weight = convert(weight, self.weights_dtype)
        return self.result.of(prepare_weight(weight, self.geometry, mirror=self.mirror))


def _prepared_weight_bytes(types: ElementTypes, op: ttnn.PrepareConvTranspose2dWeightsOp) -> int:
    rounded = 0 if op.weights_dtype() is None else count(op.weight_tensor.type) * _ROUNDED_BYTES
    held = types.dtype(op.weight_tensor.type).itemsize
    return rounded + count(op.result.type) * held + moved_bytes(types, op)


@emits(ttnn.PrepareConvTranspose2dWeightsOp, memory=Memory(_prepared_weight_bytes))
def prepare_weights(e: Emitter, op: ttnn.PrepareConvTranspose2dWeightsOp) -> None:
    """Where no element moves the result is a view of the operand."""
    geometry = op.geometry()
    if static_shape(op.result) != geometry.prepared_weight_shape:
        fail(
            f"expected a prepared weight of shape {geometry.prepared_weight_shape}, "
            f"got {static_shape(op.result)}"
        )
    rounding = weights_dtype(e, op.weights_dtype())
    plan = WeightPreparation(geometry, op.mirrors_kernel, rounding, e.element(op.result.type))
    e.assign(op.result, f"{e.constant(plan, 'prepare_weight')}({e[op.weight_tensor]})")


@emits(ttnn.PrepareConvTranspose2dBiasOp, memory=Memory(moved_bytes))
def prepare_bias(e: Emitter, op: ttnn.PrepareConvTranspose2dBiasOp) -> None:
    values = f"{e[op.bias_tensor]}.reshape({static_shape(op.result)})"
    e.assign(op.result, f"{e.use(rounded)}({values}, {e.element_name(op.result.type)})")
