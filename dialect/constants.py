"""Questions about constants that look at their bytes: no element becomes a Python object."""

from __future__ import annotations

from typing import Any

from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, IntegerAttr
from xdsl.ir import SSAValue

_PIECE_BYTES = 1 << 16
"""How much of a literal is compared at once, so that it is not there twice."""


def repeats_one_element(literal: DenseIntOrFPElementsAttr[Any]) -> bool:
    """Whether a literal has elements, all of the same bits.

    So 0 and -0 differ, and NaN repeats NaN. xDSL's `is_splat` makes a tuple of all elements, and
    fails where there are none.
    """
    data, size = literal.data.data, literal.type.element_type.compile_time_size
    first = data[:size]
    if not first or data[-size:] != first:
        return False
    piece = first * (_PIECE_BYTES // size)
    starts = range(0, len(data), len(piece))
    return all(data[i : i + len(piece)] == piece[: len(data) - i] for i in starts)


def constant_integer(value: SSAValue) -> int | None:
    """The number a value holds, if it is an integer or index constant."""
    owner = value.owner
    if not isinstance(owner, arith.ConstantOp) or not isinstance(owner.value, IntegerAttr):
        return None
    return owner.value.value.data
