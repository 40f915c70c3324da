"""The ttnn dialect without its convolutions: one pure function an op, one rounding to its type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xdsl.dialects.builtin import IntegerAttr, ShapedType
from xdsl.ir import Operation, SSAValue

from ..dialect import ttnn
from ..dialect.numpy_types import Array, ElementTypes, element_type, is_float
from ..dialect.ttnn.activations import ACTIVATION_OPS, EXACT_ACTIVATIONS
from .contraction import matmul
from .convolution import activate, check_activation
from .elements import Element, op_computes_in
from .emit_tensor import pad_array
from .emitter import Emitter
from .errors import fail
from .literals import dense_array
from .op_bytes import (
    finished_bytes,
    moved_bytes,
    operand_bytes,
    product_bytes,
    sum_bytes,
)
from .registry import Memory, emits
from .sizes import array_bytes, count


def static_shape(value: SSAValue) -> tuple[int, ...]:
    """The shape of a tensor in which every size is known.

    Raises: ExecutionError otherwise.
    """
    assert isinstance(value.type, ShapedType)
    if not value.type.has_static_shape():
        fail(f"expected static shapes, got {value.type}; run ttnn-infer-shapes first")
    return value.type.get_shape()


def rounded(values: Array, element: Element) -> Array:
    """What moves elements rounds them, once, to the type of its result."""
    return element.of(values)


def moved(e: Emitter, value: SSAValue, result: SSAValue) -> str:
    """The expression for a value whose elements are on their way into `result`."""
    if element_type(value.type) == element_type(result.type):
        return e[value]
    return f"{e.use(rounded)}({e[value]}, {e.element_name(result.type)})"


# Matrix product ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatrixProduct:
    """One `ttnn.matmul`: leading dimensions broadcast, the last two may be swapped first."""

    transpose_a: bool
    transpose_b: bool
    activation: str | None
    held: Element
    result: Element

    def __call__(self, a: Array, b: Array) -> Array:
        left, right = self.held.of(a), self.held.of(b)
        if self.transpose_a and left.ndim > 1:
            left = np.swapaxes(left, -1, -2)
        if self.transpose_b and right.ndim > 1:
            right = np.swapaxes(right, -1, -2)
        total = self.held.wrapped(np.asarray(matmul(left, right)))
        if self.activation is not None:
            total = activate(total, self.activation)
        return self.result.of(total)


def _matmul_bytes(types: ElementTypes, op: ttnn.MatmulOp) -> int:
    name = op.activation.data if op.activation is not None else None
    sizes = (count(op.a.type), count(op.b.type), count(op.result.type))
    made = product_bytes(op_computes_in(types, op).dtype, *sizes)
    finished = sum_bytes(types, op) + finished_bytes(types, op, name)
    return operand_bytes(types, op) + max(made, finished)


@emits(ttnn.MatmulOp, buffer="fresh", memory=Memory(_matmul_bytes))
def emit_matmul(e: Emitter, op: ttnn.MatmulOp) -> None:
    name = op.activation.data if op.activation is not None else None
    if name is not None:
        check_activation(name)
    swaps = (bool(op.transpose_a.value.data), bool(op.transpose_b.value.data))
    plan = MatrixProduct(*swaps, name, e.computes_in(op), e.element(op.result.type))
    shape = static_shape(op.result)
    e.assign(op.result, f"{e.constant(plan, 'matmul')}({e[op.a]}, {e[op.b]}).reshape({shape})")


# Element by element ------------------------------------------------------------------------------


_BINARY: dict[type[ttnn.BinaryOp], Callable[..., Any]] = {
    ttnn.AddOp: np.add,
    ttnn.MultiplyOp: np.multiply,
    ttnn.SubtractOp: np.subtract,
    ttnn.DivideOp: np.true_divide,
    ttnn.MaximumOp: np.maximum,
    ttnn.MinimumOp: np.minimum,
}


@dataclass(frozen=True)
class Combination:
    """One op of two tensors, broadcast."""

    function: Callable[..., Any]
    held: Element
    result: Element

    def __call__(self, a: Array, b: Array) -> Array:
        combined = self.function(self.held.of(a), self.held.of(b))
        return self.result.of(self.held.wrapped(np.asarray(combined)))


def _binary_bytes(types: ElementTypes, op: ttnn.BinaryOp) -> int:
    return operand_bytes(types, op) + sum_bytes(types, op) + finished_bytes(types, op, None)


@emits(*_BINARY, buffer="fresh", memory=Memory(_binary_bytes))
def binary(e: Emitter, op: ttnn.BinaryOp) -> None:
    dtype = e.dtype(op.result.type)
    if isinstance(op, ttnn.DivideOp) and not is_float(dtype):
        fail(f"expected a float result, got {dtype.name}")
    plan = Combination(_BINARY[type(op)], e.computes_in(op), e.element(op.result.type))
    name = op.name.removeprefix("ttnn.")
    e.assign(op.result, f"{e.constant(plan, name)}({e[op.lhs]}, {e[op.rhs]})")


@dataclass(frozen=True)
class Elementwise:
    """One activation op, called with its input."""

    name: str
    params: tuple[float, ...]
    held: Element
    result: Element

    def __call__(self, values: Array) -> Array:
        return self.result.of(activate(self.held.of(values), self.name, self.params))


def _activation_op_bytes(types: ElementTypes, op: ttnn.ActivationOp) -> int:
    return operand_bytes(types, op) + finished_bytes(types, op, op.activation().name)


@emits(*ACTIVATION_OPS, buffer="fresh", memory=Memory(_activation_op_bytes))
def emit_activation(e: Emitter, op: ttnn.ActivationOp) -> None:
    activation = op.activation()
    held, result = e.computes_in(op), e.element(op.result.type)
    if activation.name not in EXACT_ACTIVATIONS and not is_float(held.dtype):
        fail(f"expected a float tensor, got {e.dtype(op.input.type).name}")
    plan = Elementwise(activation.name, activation.params, held, result)
    e.assign(op.result, f"{e.constant(plan, activation.name)}({e[op.input]})")


# Data movement -----------------------------------------------------------------------------------


@emits(ttnn.GetDeviceOp)
def get_device(e: Emitter, op: ttnn.GetDeviceOp) -> None:
    e.bind(op.device, "None")


@emits(ttnn.ConstantOp, buffer="constant")
def emit_constant(e: Emitter, op: ttnn.ConstantOp) -> None:
    e.bind(op.result, e.constant(dense_array(op.value, e.dtype(op.result.type))))


@emits(ttnn.DeallocateOp)
def deallocate(e: Emitter, op: ttnn.DeallocateOp) -> None:
    """Nothing to do: Python frees it."""


def _moved_beside_result(types: ElementTypes, op: Operation) -> int:
    return moved_bytes(types, op) + array_bytes(types, op.results[0].type)


@emits(
    ttnn.ToLayoutOp,
    ttnn.ToMemoryConfigOp,
    ttnn.ToTensorSpecOp,
    ttnn.TypecastOp,
    memory=Memory(moved_bytes),
)
def move(e: Emitter, op: ttnn.LayoutOp) -> None:
    e.assign(op.result, moved(e, op.input, op.result))


@emits(ttnn.ReshapeOp, buffer="view", memory=Memory(moved_bytes, copies_strided=True))
def emit_reshape(e: Emitter, op: ttnn.ReshapeOp) -> None:
    e.assign(op.result, f"{moved(e, op.input, op.result)}.reshape({static_shape(op.result)})")


@emits(ttnn.PermuteOp, buffer="view", memory=Memory(moved_bytes))
def emit_permute(e: Emitter, op: ttnn.PermuteOp) -> None:
    order = ", ".join(map(str, op.permutation.get_values()))
    e.assign(op.result, f"{moved(e, op.input, op.result)}.transpose({order})")


@emits(ttnn.PadOp, buffer="fresh", memory=Memory(_moved_beside_result))
def emit_pad(e: Emitter, op: ttnn.PadOp) -> None:
    amounts = op.padding.get_values()
    value = np.asarray(op.value.value.data)
    held = e.constant(e.element(op.result.type).of(value)[()])
    low, high = tuple(amounts[::2]), tuple(amounts[1::2])
    given = moved(e, op.input, op.result)
    e.assign(op.result, f"{e.use(pad_array)}({given}, {low}, {high}, {held})")


def _integers(attributes: Sequence[IntegerAttr]) -> list[int]:
    return [attribute.value.data for attribute in attributes]


@emits(ttnn.SliceStaticOp, buffer="view")
def emit_slice(e: Emitter, op: ttnn.SliceStaticOp) -> None:
    """begins and ends count from the end where they are negative, once, as the verifier has it."""
    shape = static_shape(op.input)
    rows = zip(shape, *(_integers(a.data) for a in (op.begins, op.ends, op.step)), strict=True)
    parts = [
        f"{begin + size if begin < 0 else begin}:{end + size if end < 0 else end}:{step}"
        for size, begin, end, step in rows
    ]
    e.assign(op.result, f"{e[op.input]}[{', '.join(parts)}]")


@emits(ttnn.ConcatOp, buffer="fresh", memory=Memory(_moved_beside_result))
def emit_concat(e: Emitter, op: ttnn.ConcatOp) -> None:
    arrays = "".join(f"{moved(e, value, op.result)}, " for value in op.inputs)
    e.assign(op.result, f"{e.use(np.concatenate)}(({arrays}), {op.dim.value.data})")


def _repeat_bytes(types: ElementTypes, op: ttnn.RepeatOp) -> int:
    """`numpy.tile` repeats one dimension after the other, each time into a new array."""
    return _moved_beside_result(types, op) + array_bytes(types, op.result.type)


@emits(ttnn.RepeatOp, buffer="fresh", memory=Memory(_repeat_bytes))
def emit_repeat(e: Emitter, op: ttnn.RepeatOp) -> None:
    repeats = op.repeat_dims.get_values()
    e.assign(op.result, f"{e.use(np.tile)}({moved(e, op.input, op.result)}, {repeats})")
