"""What the ops of TTNN take of memory while they run: the parts that their families add up."""

from __future__ import annotations

from xdsl.dialects.builtin import ShapedType
from xdsl.ir import Operation

from ..dialect.numpy_types import DType, ElementTypes
from .elements import op_computes_in
from .sizes import converted_bytes, count

_ACTIVATION_ARRAYS = {"identity": 0, "leaky_relu": 3, "sigmoid": 6, "silu": 7, "gelu": 4}
"""How many arrays evaluating an activation takes at once; 1 of those that are one function."""

_ERF_BYTES = 56
"""Of each number that `floats.erf` takes the error function of: Python objects, and f64."""


def operand_bytes(types: ElementTypes, op: Operation) -> int:
    """All operands in the type that the op computes in; those that are in it take nothing."""
    held = op_computes_in(types, op).dtype
    return sum(
        converted_bytes(count(value.type), types.dtype(value.type), held)
        for value in op.operands
        if isinstance(value.type, ShapedType)
    )


def activation_bytes(name: str, elements: int, held: DType) -> int:
    """An activation of as many numbers of a type, its result included."""
    extra = _ERF_BYTES * elements if name == "gelu" else 0
    return _ACTIVATION_ARRAYS.get(name, 1) * elements * held.itemsize + extra


def finished_bytes(types: ElementTypes, op: Operation, activation: str | None) -> int:
    """The activation of as many numbers as the result has, and the one rounding."""
    (result,) = op.results
    held, elements = op_computes_in(types, op).dtype, count(result.type)
    rounded = converted_bytes(elements, held, types.dtype(result.type))
    return activation_bytes(activation or "identity", elements, held) + rounded


def sum_bytes(types: ElementTypes, op: Operation) -> int:
    """As many numbers as the result has, in the type that the op computes in."""
    return count(op.results[0].type) * op_computes_in(types, op).dtype.itemsize


def product_bytes(held: DType, left: int, right: int, products: int) -> int:
    """What `contraction.matmul` takes for so many numbers, the products included.

    Integers go through f64 where that is exact.
    """
    through_f64 = 8 * (left + right + 2 * products) if held.kind in "iu" else 0
    return products * held.itemsize + through_f64


def moved_bytes(types: ElementTypes, op: Operation) -> int:
    """What it takes to round the elements of all operands to the result's type."""
    target = types.dtype(op.results[0].type)
    return sum(
        converted_bytes(count(value.type), types.dtype(value.type), target)
        for value in op.operands
        if isinstance(value.type, ShapedType)
    )
