"""What an op of the TTNN floors computes in, and what its result is rounded to.

The rule of docs/semantics.md, stated once more for what judges the passes: the element types of the
operands and of the result together decide. With a float among them an op computes in f32, or in f64
where one of them is f64; integers alone meet in the widest of them. The result is rounded, or
wrapped, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from xdsl.dialects.builtin import ShapedType
from xdsl.ir import Attribute, Operation

from ..dialect.numpy_types import (
    FLOAT32,
    FLOAT64,
    Array,
    DType,
    ElementTypes,
    convert,
    element_type,
    integer_width,
    is_float,
    is_integer,
)
from .integers import wrap_array


@dataclass(frozen=True)
class Element:
    """Numbers of an element type: the NumPy type that holds them, and the bits they wrap to."""

    dtype: DType
    bits: int | None = None
    """Of an integer type that is narrower than what holds it; else None."""

    def of(self, values: Any) -> Array:
        """The values as such numbers: rounded once, or wrapped. May be the array itself."""
        array = np.asarray(values)
        if self.dtype.kind == "b":
            return (array & 1 if array.dtype.kind in "iu" else array).astype(self.dtype)
        return self.wrapped(convert(array, self.dtype))

    def wrapped(self, values: Array) -> Array:
        """What arithmetic on such numbers gave, as one of them again."""
        return values if self.bits is None else wrap_array(values, self.bits)


def element(types: ElementTypes, type_: Attribute) -> Element:
    """The numbers of a (shaped) type."""
    dtype, inner = types.dtype(type_), element_type(type_)
    if is_integer(inner) and integer_width(inner) not in (1, 8, 16, 32, 64):
        return Element(dtype, integer_width(inner))
    return Element(dtype)


def float_accumulator(*dtypes: DType) -> DType:
    """What an op with a float among its operands and result computes in."""
    return FLOAT64 if FLOAT64 in dtypes else FLOAT32


def computes_in(types: ElementTypes, *of: Attribute) -> Element:
    """What an op computes in; `of` are the types of its operands and, last, of its result.

    Integers of one width are those of the last of them that is so wide. Bits are held in bytes.
    """
    dtypes = [types.dtype(type_) for type_ in of]
    if any(map(is_float, dtypes)):
        return Element(float_accumulator(*dtypes))
    widest = max(reversed(of), key=lambda type_: integer_width(element_type(type_)))
    found = element(types, widest)
    return Element(np.dtype(np.uint8), 1) if found.dtype.kind == "b" else found


def op_computes_in(types: ElementTypes, op: Operation) -> Element:
    """What an op of TTNN computes in."""
    values = (*op.operands, *op.results)
    tensors = [value.type for value in values if isinstance(value.type, ShapedType)]
    return computes_in(types, *tensors)
