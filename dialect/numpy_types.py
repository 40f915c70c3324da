"""Element types of the IR and the NumPy types that hold them; rounding between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeGuard, cast

import ml_dtypes
import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import (
    AnyFloat,
    BFloat16Type,
    Float8E4M3FNType,
    Float8E5M2Type,
    Float16Type,
    Float32Type,
    Float64Type,
    IndexType,
    IntegerType,
    ShapedType,
    Signedness,
)
from xdsl.ir import Attribute

Array: TypeAlias = NDArray[Any]
DType: TypeAlias = np.dtype[Any]
Accumulate: TypeAlias = Literal["ir", "f64"]


class ElementTypeError(ValueError):
    """An element type that no NumPy type holds, or not one of the kind that is asked for."""


BFLOAT16: DType = np.dtype(ml_dtypes.bfloat16)
FLOAT16: DType = np.dtype(np.float16)
FLOAT32: DType = np.dtype(np.float32)
FLOAT64: DType = np.dtype(np.float64)

_FLOATS: dict[type[Attribute], DType] = {
    BFloat16Type: BFLOAT16,
    Float16Type: FLOAT16,
    Float32Type: FLOAT32,
    Float64Type: FLOAT64,
    Float8E4M3FNType: np.dtype(ml_dtypes.float8_e4m3fn),
    Float8E5M2Type: np.dtype(ml_dtypes.float8_e5m2),
}
_NARROW = frozenset(dtype for dtype in _FLOATS.values() if dtype.itemsize < 4)


def element_type(type_: Attribute) -> Attribute:
    """The element type of a tensor, memref or vector; a scalar type is its own."""
    if isinstance(type_, ShapedType):
        return cast(Attribute, type_.element_type)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    return type_


def is_integer(type_: Attribute) -> TypeGuard[IntegerType]:
    """Whether a type is iN, siN or uiN."""
    return isinstance(type_, IntegerType)


def integer_width(type_: Attribute) -> int:
    """Bits of an integer type; `index` counts as 64.

    Raises: ElementTypeError for any other type, and for i0, which has no values to compute with.
    """
    if isinstance(type_, IndexType):
        return 64
    if is_integer(type_) and type_.width.data > 0:
        return type_.width.data
    raise ElementTypeError(f"expected an integer type, got {type_}")


def numpy_dtype(type_: Attribute) -> DType:
    """The NumPy type that holds elements of an IR type as the IR rounds and wraps them.

    Integers of other widths than 8, 16, 32 and 64 live in the next larger one; i1 is a bool.
    Raises: ElementTypeError for types the interpreter has no values of.
    """
    if type(type_) in _FLOATS:
        return _FLOATS[type(type_)]
    if isinstance(type_, IndexType):
        return np.dtype(np.int64)
    if is_integer(type_) and 1 <= type_.width.data <= 64:
        if type_.width.data == 1:
            return np.dtype(np.bool_)
        container = next(width for width in (8, 16, 32, 64) if width >= type_.width.data)
        kind = "uint" if type_.signedness.data == Signedness.UNSIGNED else "int"
        return np.dtype(f"{kind}{container}")
    raise ElementTypeError(
        f"expected an element type of f16, bf16, f32, f64, i1 to i64 or index, got {type_}"
    )


@dataclass(frozen=True)
class ElementTypes:
    """Which NumPy type each IR type is computed in: what it says, or f64 for every float."""

    accumulate: Accumulate = "ir"

    def dtype(self, type_: Attribute) -> DType:
        """The NumPy type of a scalar type or of the elements of a shaped one."""
        element = element_type(type_)
        if self.accumulate == "f64" and isinstance(element, AnyFloat):
            return FLOAT64
        return numpy_dtype(element)


def is_float(dtype: DType) -> bool:
    """Whether a NumPy type is a float, those of ml_dtypes included."""
    return dtype.kind == "f" or dtype in _NARROW


def native(array: Array) -> Array:
    """The same elements with their bytes in this machine's order; `array` itself where they are."""
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def accumulator(dtype: DType) -> DType:
    """What a reduction of linalg is held in until its end: f32 for the narrow floats, else itself.

    What the ops of TTNN compute in is said in elements.py.
    """
    return FLOAT32 if dtype in _NARROW else dtype


def _odd_float32(values: Array) -> Array:
    """f64 values as f32, inexact ones moved to the neighbour whose last bit is set.

    Rounding such a value once more, to less than 23 bits, gives what one rounding would have.
    """
    rounded = values.astype(FLOAT32)
    bits = rounded.view(np.uint32).copy()
    inexact = np.isfinite(rounded) & (rounded.astype(FLOAT64) != values)
    too_large = inexact & (np.abs(rounded.astype(FLOAT64)) > np.abs(values))
    bits -= too_large
    bits |= inexact
    return bits.view(FLOAT32)


def _odd_float64(values: Array) -> Array:
    """Numbers as f64; of integers past 2^53 what does not fit sets the last bit that does."""
    if values.dtype.kind not in "iu" or values.dtype.itemsize < 8:
        return values.astype(FLOAT64)
    spare = values.dtype.type(0x7FF)
    odd = (values & ~spare) | np.where(values & spare, spare + 1, 0).astype(values.dtype)
    fits = (values < 2**53) & (values > -(2**53) if values.dtype.kind == "i" else True)
    return np.where(fits, values, odd).astype(FLOAT64)


def convert(values: Array, dtype: DType) -> Array:
    """`values` in another element type: rounded once, floats to integers towards zero.

    Float to integer saturates and maps NaN to 0 (the IR leaves both open). The result may be
    `values` itself.
    """
    if values.dtype == dtype:
        return values
    if is_float(values.dtype) and dtype.kind in "iu":
        return _saturate(values, dtype)
    through_f32 = dtype in _NARROW and dtype != FLOAT16
    if through_f32 and (values.dtype.kind in "iu" or values.dtype.itemsize > 4):
        odd = _odd_float32(np.atleast_1d(_odd_float64(values)))
        return odd.reshape(values.shape).astype(dtype)
    return values.astype(dtype)


def _saturate(values: Array, dtype: DType) -> Array:
    limits = np.iinfo(dtype)
    wide = values.astype(FLOAT64)
    inside = (wide > float(limits.min) - 1) & (wide < float(limits.max) + 1)
    whole = np.where(inside, wide, 0).astype(dtype)
    whole = np.where(wide >= float(limits.max) + 1, dtype.type(limits.max), whole)
    return np.where(wide <= float(limits.min) - 1, dtype.type(limits.min), whole)
