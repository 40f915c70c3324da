"""Questions about constants that look at their bytes: no element becomes a Python object.

The printer asks too, so dialects are not imported here.
"""

from __future__ import annotations

from typing import Any

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr

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
