"""The ttnn dialect: each op one call of a pure function, rounded once to its element type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
from xdsl.dialects.builtin import IntegerAttr, ShapedType
from xdsl.ir import Operation, SSAValue

from ..dialect import ttnn
from ..dialect.geometry import Conv2dGeometry, ConvTranspose2dGeometry
from .contraction import matmul
from .convolution import activate, check_activation, conv2d, relu, sigmoid
from .dtypes import FLOAT32, Array, DType, accumulator, convert, is_float
from .emit_tensor import pad_array
from .emitter import Emitter
from .errors import fail
from .literals import dense_array
from .oracle import conv_transpose2d, prepare_weight, read_taps
from .registry import emits

_WEIGHT_DTYPES: dict[str, Any] = {
    "f32": FLOAT32,
    "f16": np.dtype(np.float16),
    "bf16": np.dtype(ml_dtypes.bfloat16),
}


def static_shape(value: SSAValue) -> tuple[int, ...]:
    """The shape of a tensor in which every size is known.

    Raises: ExecutionError otherwise.
    """
    assert isinstance(value.type, ShapedType)
    if not value.type.has_static_shape():
        fail(f"expected static shapes, got {value.type}; run ttnn-infer-shapes first")
    return value.type.get_shape()


def emit_call(e: Emitter, op: Operation, function: Callable[..., Any], *rest: str) -> None:
    """result = function(operands..., rest...)."""
    operands = [e[o] for o in op.operands if isinstance(o.type, ShapedType)]
    e.assign(op.results[0], f"{e.use(function)}({', '.join([*operands, *rest])})")


def rounded(values: Array, dtype: DType) -> Array:
    """The final rounding of an op, and its result as an array even where NumPy makes a scalar."""
    return convert(np.asarray(values), dtype)


# Convolutions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fused:
    """What a convolution does besides its sum, and the form and type of its result."""

    shape: tuple[int, ...]
    dtype: DType
    activation: tuple[str, tuple[float, ...]] | None
    weights_dtype: DType | None

    def weight(self, weight: Array) -> Array:
        """The weight rounded as the configuration asks, and held as sums are."""
        if self.weights_dtype is not None and is_float(weight.dtype):
            weight = convert(weight, self.weights_dtype)
        return self.operand(weight)

    def operand(self, values: Array) -> Array:
        """An operand in the type that sums are held in."""
        return convert(values, accumulator(self.dtype))

    def bias(self, bias: Array | None) -> Array | None:
        return None if bias is None else self.operand(bias.reshape(-1))

    def finish(self, total: Array) -> Array:
        """The activation, the one rounding, and the form of the result."""
        if self.activation is not None:
            total = activate(total, *self.activation)
        return rounded(total, self.dtype).reshape(self.shape)


def _fused(e: Emitter, op: ttnn.ConvTranspose2dOp | ttnn.Conv2dOp) -> Fused:
    activation = op.activation()
    if activation is not None:
        check_activation(activation.name)
    return Fused(
        static_shape(op.result),
        e.dtype(op.result.type),
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
            self.fused.operand(values).reshape(self.geometry.input_shape),
            self.fused.weight(taps),
            self.fused.bias(bias),
            self.geometry,
        )
        return self.fused.finish(total)


@emits(ttnn.ConvTranspose2dOp, buffer="fresh")
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
            self.fused.operand(values).reshape(self.geometry.input_shape),
            self.fused.weight(weight),
            self.fused.bias(bias),
            self.geometry,
        )
        return self.fused.finish(total)


@emits(ttnn.Conv2dOp, buffer="fresh")
def emit_conv2d(e: Emitter, op: ttnn.Conv2dOp) -> None:
    static_shape(op.input)
    _emit_convolution(e, op, Convolution(op.conv_geometry(), _fused(e, op)))


@dataclass(frozen=True)
class WeightPreparation:
    """One `ttnn.prepare_conv_transpose2d_weights`, called with the raw weight."""

    geometry: ConvTranspose2dGeometry
    mirror: bool
    weights_dtype: DType | None
    dtype: DType

    def __call__(self, weight: Array) -> Array:
        if weight.shape != self.geometry.weight_shape:
            fail(f"expected a weight of shape {self.geometry.weight_shape}, got {weight.shape}")
        if self.weights_dtype is not None and is_float(weight.dtype):
            weight = convert(weight, self.weights_dtype)
        return rounded(prepare_weight(weight, self.geometry, mirror=self.mirror), self.dtype)


@emits(ttnn.PrepareConvTranspose2dWeightsOp, buffer="fresh")
def prepare_weights(e: Emitter, op: ttnn.PrepareConvTranspose2dWeightsOp) -> None:
    geometry = op.geometry()
    if static_shape(op.result) != geometry.prepared_weight_shape:
        fail(
            f"expected a prepared weight of shape {geometry.prepared_weight_shape}, "
            f"got {static_shape(op.result)}"
        )
    rounding = weights_dtype(e, op.weights_dtype())
    plan = WeightPreparation(geometry, op.mirrors_kernel, rounding, e.dtype(op.result.type))
    e.assign(op.result, f"{e.constant(plan, 'prepare_weight')}({e[op.weight_tensor]})")


@emits(ttnn.PrepareConvTranspose2dBiasOp)
def prepare_bias(e: Emitter, op: ttnn.PrepareConvTranspose2dBiasOp) -> None:
    values = f"{e[op.bias_tensor]}.reshape({static_shape(op.result)})"
    e.assign(op.result, f"{e.use(rounded)}({values}, {e.dtype_name(op.result.type)})")


# Matrix product ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatrixProduct:
    """One `ttnn.matmul`: leading dimensions broadcast, the last two may be swapped first."""

    transpose_a: bool
    transpose_b: bool
    activation: str | None
    dtype: DType

    def __call__(self, a: Array, b: Array) -> Array:
        held = accumulator(self.dtype)
        left, right = convert(a, held), convert(b, held)
        if self.transpose_a and left.ndim > 1:
            left = np.swapaxes(left, -1, -2)
        if self.transpose_b and right.ndim > 1:
            right = np.swapaxes(right, -1, -2)
        total = np.asarray(matmul(left, right))
        if self.activation is not None:
            total = activate(total, self.activation)
        return rounded(total, self.dtype)


@emits(ttnn.MatmulOp, buffer="fresh")
def emit_matmul(e: Emitter, op: ttnn.MatmulOp) -> None:
    name = op.activation.data if op.activation is not None else None
    if name is not None:
        check_activation(name)
    swaps = (bool(op.transpose_a.value.data), bool(op.transpose_b.value.data))
    plan = MatrixProduct(*swaps, name, e.dtype(op.result.type))
    shape = static_shape(op.result)
    e.assign(op.result, f"{e.constant(plan, 'matmul')}({e[op.a]}, {e[op.b]}).reshape({shape})")


# Element by element ------------------------------------------------------------------------------


def add(a: Array, b: Array, dtype: DType) -> Array:
    """a + b, broadcast; narrow floats are added in f32 and rounded once."""
    held = accumulator(dtype)
    return rounded(convert(a, held) + convert(b, held), dtype)


def multiply(a: Array, b: Array, dtype: DType) -> Array:
    """a * b, broadcast; narrow floats are multiplied in f32 and rounded once."""
    held = accumulator(dtype)
    return rounded(convert(a, held) * convert(b, held), dtype)


def apply_relu(x: Array, dtype: DType) -> Array:
    return rounded(relu(convert(x, accumulator(dtype))), dtype)


def apply_tanh(x: Array, dtype: DType) -> Array:
    return rounded(np.tanh(convert(x, accumulator(dtype))), dtype)


def apply_sigmoid(x: Array, dtype: DType) -> Array:
    return rounded(sigmoid(convert(x, accumulator(dtype))), dtype)


_ELEMENTWISE: dict[type[Operation], Callable[..., Array]] = {
    ttnn.AddOp: add,
    ttnn.MultiplyOp: multiply,
    ttnn.ReluOp: apply_relu,
    ttnn.TanhOp: apply_tanh,
    ttnn.SigmoidOp: apply_sigmoid,
}


@emits(*_ELEMENTWISE, buffer="fresh")
def elementwise(e: Emitter, op: Operation) -> None:
    emit_call(e, op, _ELEMENTWISE[type(op)], e.dtype_name(op.results[0].type))


# Data movement -----------------------------------------------------------------------------------


@emits(ttnn.GetDeviceOp)
def get_device(e: Emitter, op: ttnn.GetDeviceOp) -> None:
    e.bind(op.device, "None")


@emits(ttnn.ConstantOp)
def emit_constant(e: Emitter, op: ttnn.ConstantOp) -> None:
    e.bind(op.result, e.constant(dense_array(op.value, e.dtype(op.result.type))))


@emits(ttnn.DeallocateOp)
def deallocate(e: Emitter, op: ttnn.DeallocateOp) -> None:
    """Nothing to do: Python frees it."""


@emits(ttnn.ToLayoutOp, ttnn.ToMemoryConfigOp, ttnn.ToTensorSpecOp, ttnn.TypecastOp)
def move(e: Emitter, op: ttnn.LayoutOp) -> None:
    emit_call(e, op, rounded, e.dtype_name(op.result.type))


@emits(ttnn.ReshapeOp, buffer="view")
def emit_reshape(e: Emitter, op: ttnn.ReshapeOp) -> None:
    e.assign(op.result, f"{e[op.input]}.reshape({static_shape(op.result)})")


@emits(ttnn.PermuteOp, buffer="view")
def emit_permute(e: Emitter, op: ttnn.PermuteOp) -> None:
    order = ", ".join(map(str, op.permutation.get_values()))
    e.assign(op.result, f"{e[op.input]}.transpose({order})")


@emits(ttnn.PadOp, buffer="fresh")
def emit_pad(e: Emitter, op: ttnn.PadOp) -> None:
    amounts = op.padding.get_values()
    value = np.asarray(op.value.value.data)
    held = e.constant(convert(value, e.dtype(op.result.type))[()])
    emit_call(e, op, pad_array, str(tuple(amounts[::2])), str(tuple(amounts[1::2])), held)


def _integers(attributes: Sequence[IntegerAttr]) -> list[int]:
    return [attribute.value.data for attribute in attributes]


@emits(ttnn.SliceStaticOp, buffer="view")
def emit_slice(e: Emitter, op: ttnn.SliceStaticOp) -> None:
    """begins and ends count from the end where they are negative, as in Python."""
    shape = static_shape(op.input)
    rows = zip(shape, *(_integers(a.data) for a in (op.begins, op.ends, op.step)), strict=True)
    parts = [
        f"{begin % size if size and begin < 0 else begin}:"
        f"{end % size if size and end < 0 else end}:{step}"
        for size, begin, end, step in rows
    ]
    e.assign(op.result, f"{e[op.input]}[{', '.join(parts)}]")


@emits(ttnn.ConcatOp, buffer="fresh")
def emit_concat(e: Emitter, op: ttnn.ConcatOp) -> None:
    arrays = "".join(f"{e[value]}, " for value in op.inputs)
    whole = f"{e.use(np.concatenate)}(({arrays}), {op.dim.value.data})"
    e.assign(op.result, f"{e.use(rounded)}({whole}, {e.dtype_name(op.result.type)})")
