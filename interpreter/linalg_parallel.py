"""Structured ops whose iterations are independent: bodies as expressions on views."""

from __future__ import annotations

from typing import Any

import numpy as np
from xdsl.dialects.builtin import MemRefType

from ..dialect.numpy_types import Array, DType
from .emit_tensor import shape_of
from .emitter import Emitter
from .linalg_body import (
    accumulator_array,
    array_scope,
    bind_counters,
    bind_operands,
    emit_ops,
    is_borrowed,
)
from .linalg_maps import Linear, Structured
from .linalg_views import Loops, broadcast_view


def materialise(value: Any, shape: tuple[int, ...], dtype: DType) -> Array:
    """A computed value as an array of its own; body values may lack dimensions."""
    if isinstance(value, np.ndarray) and value.shape == shape and value.dtype == dtype:  # pyright: ignore[reportUnknownMemberType]
        return value  # pyright: ignore[reportUnknownVariableType]
    return copied(value, shape, dtype)


def copied(value: Any, shape: tuple[int, ...], dtype: DType) -> Array:
    """A value, possibly an operand itself, as an array of its own."""
    return np.array(np.broadcast_to(value, shape), dtype)


def emit_parallel(e: Emitter, s: Structured, loops: Loops) -> None:
    """Each output one expression over all loops at once."""
    axes = list(range(s.loops))
    terminator = s.body.last_op
    assert terminator is not None
    with array_scope(e, s.body):
        bind_operands(e, s, loops, axes)
        bind_counters(e, s, loops, axes)
        emit_ops(e, s.body)
    yielded = terminator.operands
    for number, value in enumerate(yielded):
        if is_permutation(loops.maps[s.inputs + number], s.loops):
            shared = value in yielded[:number] or is_borrowed(value, s.body)
            helper = copied if shared else materialise
            _write_whole(e, s, loops, number, f"{e.use(helper)}({e[value]}, {{}}, {{}})")
        else:
            _write_into(e, s, loops, number, e[value])


def is_permutation(map_: tuple[Linear, ...], count: int) -> bool:
    """Whether an output's dimensions are the loops, in some order."""
    return all(index.is_counter for index in map_) and sorted(
        index.loops[0] for index in map_
    ) == list(range(count))


def _write_whole(e: Emitter, s: Structured, loops: Loops, number: int, template: str) -> None:
    """An output that the loops cover: a new array, whatever the destination holds.

    `template` makes it of a shape and an element type.
    """
    position = s.inputs + number
    output = s.operands[position]
    shape = f"({''.join(text + ', ' for text in loops.texts)})"
    array = template.format(shape, e.dtype_name(output.type))
    order = [index.loops[0] for index in loops.maps[position]]
    if order != sorted(order):
        array = f"{array}.transpose({', '.join(map(str, order))})"
    if isinstance(output.type, MemRefType):
        e.line(f"{e[output]}[...] = {array}")
    else:
        e.assign(s.op.results[number], array)


def _write_into(e: Emitter, s: Structured, loops: Loops, number: int, value: str) -> None:
    """An output of which the loops cover a part: the rest stays."""
    position = s.inputs + number
    target = accumulator_array(e, s, number)
    shape, axes = shape_of(s.operands[position]), list(range(s.loops))
    e.line(f"{broadcast_view(e, target, shape, position, loops, axes)}[...] = {value}")
