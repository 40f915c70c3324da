"""Offsets, sizes and strides of a slice as one NumPy subscript, with the checks it needs.

Python slices clip and count negative positions from the end; the IR does neither, so whatever is
not known to lie inside is compared before the slice is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects import memref, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.ir import SSAValue

from .emitter import Emitter
from .errors import fail
from .intervals import Interval


@dataclass(frozen=True)
class Amount:
    """An offset, size or stride: the expression for it and what is known of its value."""

    text: str
    interval: Interval

    @property
    def static(self) -> int | None:
        """The value, where it is known."""
        return self.interval.low if self.interval.low == self.interval.high else None


SliceOp = tensor.ExtractSliceOp | tensor.InsertSliceOp | memref.SubviewOp


def amounts(e: Emitter, static: Sequence[int], dynamic: Sequence[SSAValue]) -> list[Amount]:
    """Static numbers with the operands filled in where they are marked dynamic."""
    operands = iter(dynamic)
    mixed: list[Amount] = []
    for value in static:
        if value == DYNAMIC_INDEX:
            operand = next(operands)
            mixed.append(Amount(e[operand], e.interval(operand)))
        else:
            mixed.append(Amount(str(value), Interval(value, value)))
    return mixed


def outside(axis: int, first: int, size: int, stride: int, extent: int) -> None:
    """Refuse a slice that leaves its axis."""
    fail(
        f"out of bounds in dimension {axis}: expected offset + (size - 1) * stride below {extent} "
        f"and nothing negative, got offset {first}, size {size}, stride {stride}"
    )


def subscript(
    e: Emitter, op: SliceOp, sliced: str, shape: Sequence[int], reduced: Sequence[int]
) -> str:
    """The subscript that takes the slice `op` describes out of the array `sliced` of `shape`.

    Emits bounds checks where they could fail. Unit dimensions missing from `reduced`, the shape of
    the slice as a value, become integer subscripts.
    """
    offsets = amounts(e, op.static_offsets.get_values(), op.offsets)
    sizes = amounts(e, op.static_sizes.get_values(), op.sizes)
    strides = amounts(e, op.static_strides.get_values(), op.strides)
    dropped = dropped_dimensions(op.static_sizes.get_values(), reduced)
    parts: list[str] = []
    for axis, (offset, size, stride) in enumerate(zip(offsets, sizes, strides, strict=True)):
        _check(e, sliced, axis, (offset, size, stride), shape[axis])
        is_whole = offset.static == 0 and stride.static == 1 and size.static == shape[axis]
        if axis in dropped:
            parts.append(offset.text)
        elif is_whole and shape[axis] != DYNAMIC_INDEX:
            parts.append(":")
        else:
            parts.append(_range(offset, size, stride))
    if len(dropped) == len(parts):
        parts.append("...")
    return ", ".join(parts) or "..."


def _range(offset: Amount, size: Amount, stride: Amount) -> str:
    """`offset : offset + size * stride : stride`, added up where that is possible."""
    if size.static is not None and stride.static is not None:
        span: str | int = max((size.static - 1) * stride.static + 1, 0)
    elif stride.static == 1:
        span = size.text
    else:
        span = f"{size.text} * {stride.text}"
    if offset.static is not None and isinstance(span, int):
        stop = str(offset.static + span)
    else:
        stop = str(span) if offset.static == 0 else f"{offset.text} + {span}"
    start = "" if offset.static == 0 else offset.text
    return f"{start}:{stop}" + ("" if stride.static == 1 else f":{stride.text}")


def _check(
    e: Emitter, sliced: str, axis: int, amount: tuple[Amount, Amount, Amount], extent: int
) -> None:
    """Emit the comparison that a slice stays inside its axis; none where it must."""
    offset, size, stride = amount
    known = extent != DYNAMIC_INDEX
    steps = size.interval.minus(Interval(1, 1))
    last = offset.interval.plus(steps.times(stride.interval))
    safe = offset.interval.low >= 0 and size.interval.low >= 0 and stride.interval.low >= 1
    if safe and known and last.high < extent:
        return
    limit = str(extent) if known else f"{sliced}.shape[{axis}]"
    conditions: list[str] = []
    if offset.interval.low < 0:
        conditions.append(f"{offset.text} < 0")
    if size.interval.low < 0:
        conditions.append(f"{size.text} < 0")
    if stride.interval.low < 1:
        conditions.append(f"{stride.text} < 1")
    if not (known and last.high < extent):
        span = f"{size.text} - 1" if stride.static == 1 else f"({size.text} - 1) * {stride.text}"
        conditions.append(f"{offset.text} + {span} >= {limit}")
    call = f"{e.use(outside)}({axis}, {offset.text}, {size.text}, {stride.text}, {limit})"
    e.line(f"if {' or '.join(conditions)}: {call}")


def dropped_dimensions(sizes: Sequence[int], reduced: Sequence[int]) -> set[int]:
    """The unit dimensions of a slice that its rank-reduced shape leaves out.

    Example: sizes (1, 1, 32, 32) reduced to (32, 32) drop 0 and 1.
    Raises: ExecutionError when `reduced` is no such shape.
    """
    dropped: set[int] = set()
    kept = 0
    for axis, size in enumerate(sizes):
        if kept < len(reduced) and size == reduced[kept]:
            kept += 1
        elif size == 1:
            dropped.add(axis)
        elif kept < len(reduced) and DYNAMIC_INDEX in (size, reduced[kept]):
            kept += 1
        else:
            fail(f"expected a slice of shape {tuple(reduced)}, got sizes {tuple(sizes)}")
    if kept != len(reduced):
        fail(f"expected a slice of shape {tuple(reduced)}, got sizes {tuple(sizes)}")
    return dropped


def element_index(e: Emitter, indexed: SSAValue, indices: Sequence[SSAValue]) -> str:
    """Subscripts of one element; negative ones are refused, too large ones NumPy refuses."""
    for axis, index in enumerate(indices):
        if e.interval(index).low < 0:
            call = f"{e.use(outside)}({axis}, {e[index]}, 1, 1, {e[indexed]}.shape[{axis}])"
            e.line(f"if {e[index]} < 0: {call}")
    return ", ".join(e[index] for index in indices)
