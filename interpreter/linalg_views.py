"""Operands of structured ops as views whose axes are loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.builtin import DYNAMIC_INDEX

from ..dialect.numpy_types import Array
from .emitter import Emitter
from .linalg_maps import BoundsCheck, Linear, Structured, check_bounds, loop_sources, operand_shape


@dataclass(frozen=True)
class Loops:
    """The sizes of the loops of one op: as text, and as numbers where they are static."""

    texts: tuple[str, ...]
    static: tuple[int, ...]
    maps: tuple[tuple[Linear, ...], ...]
    counters: Mapping[int, str] = field(default_factory=dict[int, str])
    """The names of the counters of the loops that are emitted as Python loops."""


def measure(e: Emitter, s: Structured, maps: tuple[tuple[Linear, ...], ...]) -> Loops:
    """Find all loop sizes and check, now or in the emitted code, that no operand is left."""
    texts: list[str] = []
    static: list[int] = []
    for position, axis in loop_sources(s):
        size = operand_shape(s.operands[position])[axis]
        static.append(size)
        known = size != DYNAMIC_INDEX
        texts.append(str(size) if known else f"{e[s.operands[position]]}.shape[{axis}]")
    shapes = [operand_shape(operand) for operand in s.operands]
    if any(DYNAMIC_INDEX in shape for shape in shapes):
        arrays = ", ".join(f"{e[o]}.shape" if operand_shape(o) else "()" for o in s.operands)
        sizes = "".join(f"{text}, " for text in texts)
        e.line(f"{e.constant(BoundsCheck(maps))}(({sizes}), ({arrays},))")
    else:
        check_bounds(maps, static, shapes)
    return Loops(tuple(texts), tuple(static), maps)


def window(
    array: Array, starts: Sequence[int], steps: Sequence[Sequence[int]], sizes: Sequence[int]
) -> Array:
    """The view v[i...] = array[starts + steps @ i]; bounds are checked before.

    steps[axis][k] says how far the k-th view dimension moves along an axis of the array.
    """
    if 0 in sizes:
        return np.empty(sizes, array.dtype)
    first = array[tuple(slice(start, None) for start in starts)]
    strides = [
        sum(step[k] * stride for step, stride in zip(steps, array.strides, strict=True))
        for k in range(len(sizes))
    ]
    return np.lib.stride_tricks.as_strided(first, sizes, strides)


def free_loops(indices: Sequence[Linear], loops: Loops) -> list[int]:
    """The vectorised loops that an operand depends on, in the order of its dimensions."""
    found: list[int] = []
    for index in indices:
        found.extend(d for d in index.loops if d not in loops.counters and d not in found)
    return found


def raw_view(e: Emitter, array: str, shape: Sequence[int], position: int, loops: Loops) -> str:
    """A view with one axis for each of the operand's `free_loops`, in that order."""
    indices = loops.maps[position]
    free = free_loops(indices, loops)
    per_index = [[d for d in index.loops if d in free] for index in indices]
    flat = [d for dims in per_index for d in dims]
    simple = len(flat) == len(set(flat)) and all(
        len(dims) == 0 or (len(dims) == 1 and index.coefficients[dims[0]] >= 1)
        for dims, index in zip(per_index, indices, strict=True)
    )
    if not simple:
        starts = "".join(f"{_start(index, loops)}, " for index in indices)
        steps = tuple(tuple(index.coefficients[d] for d in free) for index in indices)
        sizes = "".join(f"{loops.texts[d]}, " for d in free)
        return f"{e.use(window)}({array}, ({starts}), {steps}, ({sizes}))"
    parts = [
        _subscript(index, dims, size, loops)
        for index, dims, size in zip(indices, per_index, shape, strict=True)
    ]
    if all(part == ":" for part in parts):
        return array
    if not free:
        parts.append("...")
    return f"{array}[{', '.join(parts)}]"


def _start(index: Linear, loops: Loops) -> str:
    """The part of an index that the emitted loops decide."""
    terms = [str(index.constant)] if index.constant else []
    for d in index.loops:
        if d in loops.counters:
            factor = index.coefficients[d]
            terms.append(loops.counters[d] if factor == 1 else f"{loops.counters[d]} * {factor}")
    return " + ".join(terms) or "0"


def _subscript(index: Linear, dims: Sequence[int], size: int, loops: Loops) -> str:
    start = _start(index, loops)
    if not dims:
        return start
    (dim,) = dims
    step = index.coefficients[dim]
    if start == "0" and step == 1 and size == loops.static[dim]:
        return ":"
    count = loops.static[dim]
    if count == DYNAMIC_INDEX:
        span = f"({loops.texts[dim]} - 1) * {step} + 1" if step != 1 else loops.texts[dim]
    else:
        span = str(max((count - 1) * step + 1, 0))
    stop = span if start == "0" else f"{start} + {span}"
    return f"{'' if start == '0' else start}:{stop}" + (f":{step}" if step != 1 else "")


def broadcast_view(
    e: Emitter, array: str, shape: Sequence[int], position: int, loops: Loops, axes: Sequence[int]
) -> str:
    """A view that broadcasts against `axes`: one axis a loop, in their order."""
    view = raw_view(e, array, shape, position, loops)
    free = free_loops(loops.maps[position], loops)
    ordered = [d for d in axes if d in free]
    order = [free.index(d) for d in ordered]
    if order != sorted(order):
        view = f"{view}.transpose({', '.join(map(str, order))})"
    first = axes.index(ordered[0]) if ordered else len(axes)
    wanted = axes[first:]
    if list(wanted) == ordered:
        return view
    marks = ", ".join(":" if d in ordered else "None" for d in wanted)
    return f"{view}[{marks}]"
