"""Integer arithmetic as the IR defines it: on Python ints (scalars) and on NumPy arrays.

A scalar iN is a Python int in [-2^(N-1), 2^(N-1)), i1 is 0 or 1. What the IR leaves open is fixed:
shifting by the width or more gives 0, or the sign; the smallest value divided by -1 wraps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ..dialect.numpy_types import Array, DType


@cache
def signed_wrapper(width: int) -> Callable[[int], int]:
    """The function that wraps an int to `width` bits, two's complement; i1 stays 0 or 1."""
    modulus, half = 1 << width, 1 << (width - 1)

    def wrap(value: int) -> int:
        return ((value + half) & (modulus - 1)) - half

    def wrap_bit(value: int) -> int:
        return value & 1

    chosen = wrap_bit if width == 1 else wrap
    chosen.__name__ = f"wrap_i{width}"
    return chosen


def wrap_array(values: Array, width: int) -> Array:
    """Wrap an array held in a wider integer type to `width` bits."""
    spare = values.dtype.itemsize * 8 - width
    return (values << spare) >> spare


def divide_signed(a: int, b: int, width: int) -> int:
    """Division towards zero."""
    quotient = abs(a) // abs(b)
    return signed_wrapper(width)(quotient if (a < 0) == (b < 0) else -quotient)


def remainder_signed(a: int, b: int) -> int:
    """What division towards zero leaves; it has the sign of `a`."""
    rest = abs(a) % abs(b)
    return -rest if a < 0 else rest


def shift_left(a: int, b: int, width: int) -> int:
    """a * 2^b, wrapped."""
    return 0 if not 0 <= b < width else signed_wrapper(width)(a << b)


def shift_right(a: int, b: int, width: int) -> int:
    """Arithmetic (signed) shift; an unsigned one is asked for with an unsigned `a`."""
    return a >> (b if 0 <= b < width else width)


def multiply_extended(a: int, b: int, width: int) -> tuple[int, int]:
    """The low and high halves of a product, signed or not as the arguments are."""
    wrap = signed_wrapper(width)
    return wrap(a * b), wrap((a * b) >> width)


def add_extended(a: int, b: int, width: int) -> tuple[int, bool]:
    """The wrapped sum of two unsigned ints, and whether it carried."""
    return signed_wrapper(width)(a + b), (a + b) >> width != 0


# Arrays ------------------------------------------------------------------------------------------


def unsigned(values: Any) -> Any:
    """The same bits, read as unsigned."""
    return values.view(np.dtype(f"uint{values.dtype.itemsize * 8}"))


def like(values: Any, dtype: DType) -> Any:
    """The same bits, read as `dtype`."""
    return values.view(dtype)


def _refuse_zero(divisor: Any) -> None:
    if not np.all(divisor):
        raise ZeroDivisionError


def divide_signed_array(a: Any, b: Any) -> Any:
    """Element-wise division towards zero."""
    _refuse_zero(b)
    quotient = a // b
    return quotient + ((a % b != 0) & ((a < 0) != (b < 0))).astype(quotient.dtype)


def remainder_signed_array(a: Any, b: Any) -> Any:
    """Element-wise remainder with the sign of `a`."""
    _refuse_zero(b)
    return np.fmod(a, b)


def floor_divide_array(a: Any, b: Any) -> Any:
    """Element-wise division towards minus infinity."""
    _refuse_zero(b)
    return a // b


def remainder_array(a: Any, b: Any) -> Any:
    """Element-wise remainder of non-negative (or unsigned) elements."""
    _refuse_zero(b)
    return a % b


def ceil_divide_array(a: Any, b: Any) -> Any:
    """Element-wise division towards plus infinity."""
    _refuse_zero(b)
    quotient = a // b
    return quotient + (a % b != 0).astype(quotient.dtype)


def multiply_extended_array(a: Any, b: Any) -> tuple[Any, Any]:
    """Element-wise low and high halves; slow, through Python ints."""
    width, signed_type = a.dtype.itemsize * 8, np.dtype(f"int{a.dtype.itemsize * 8}")
    halves = np.frompyfunc(lambda x, y: multiply_extended(int(x), int(y), width), 2, 1)(a, b)
    pairs = np.asarray(halves, dtype=object)
    low = np.frompyfunc(lambda pair: pair[0], 1, 1)(pairs)
    high = np.frompyfunc(lambda pair: pair[1], 1, 1)(pairs)
    return np.asarray(low).astype(signed_type), np.asarray(high).astype(signed_type)


def add_extended_array(a: Any, b: Any) -> tuple[Any, Any]:
    """Element-wise wrapped sum, and whether it carried."""
    total = a + b
    return total, unsigned(total) < unsigned(a)


def power(base: int, exponent: int, width: int) -> int:
    """base^exponent, wrapped; a negative exponent gives the truncated reciprocal.

    Raises: ZeroDivisionError for 0 to a negative power.
    """
    if exponent < 0:
        if base == 0:
            raise ZeroDivisionError
        return base ** (exponent % 2) if abs(base) == 1 else 0
    wrapped = pow(base, exponent, 1 << width)
    return signed_wrapper(width)(wrapped)


def leading_zeros(value: int, width: int) -> int:
    """Zero bits in front of the first set one; `width` for 0."""
    return width - (value & ((1 << width) - 1)).bit_length()


def trailing_zeros(value: int, width: int) -> int:
    """Zero bits behind the last set one; `width` for 0."""
    return (value & -value).bit_length() - 1 if value else width


def set_bits(value: int, width: int) -> int:
    """Bits that are set."""
    return (value & ((1 << width) - 1)).bit_count()


def absolute(value: int, width: int) -> int:
    """|value|, wrapped: the smallest value is its own."""
    return signed_wrapper(width)(abs(value))


def map_elements(function: Callable[..., int], width: int, *operands: Any) -> Any:
    """Apply one of the scalar functions above to each element."""
    mapped = np.frompyfunc(lambda *x: function(*(int(e) for e in x), width), len(operands), 1)
    dtype: DType = operands[0].dtype
    return np.asarray(mapped(*operands)).astype(dtype)
