"""The memref dialect: NumPy arrays that are written to, and views of them."""

from __future__ import annotations

import numpy as np
from xdsl.dialects import memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType

from ..dialect.numpy_types import Array
from .emit_tensor import (
    cast_shape,
    emit_collapse,
    emit_dim,
    emit_read,
    reassociation_groups,
    same_shape,
    shape_of,
    shape_text,
)
from .emitter import Emitter
from .errors import fail
from .floats import poison
from .registry import emits
from .slices import amounts, element_index, subscript


@emits(memref.LoadOp, elementwise=True)
def load(e: Emitter, op: memref.LoadOp) -> None:
    emit_read(e, op.memref, op.indices, op.res)


@emits(memref.StoreOp)
def store(e: Emitter, op: memref.StoreOp) -> None:
    index = element_index(e, op.memref, op.indices) or "()"
    e.line(f"{e[op.memref]}[{index}] = {e[op.value]}")


@emits(memref.AllocOp, memref.AllocaOp)
def alloc(e: Emitter, op: memref.AllocOp | memref.AllocaOp) -> None:
    shape = shape_text(e, shape_of(op.memref), op.dynamic_sizes)
    e.assign(op.memref, f"{e.use(poison)}({shape}, {e.dtype_name(op.memref.type)})")


@emits(memref.DeallocOp)
def dealloc(e: Emitter, op: memref.DeallocOp) -> None:
    """Nothing to do: Python frees it."""


@emits(memref.GetGlobalOp, buffer="constant")
def get_global(e: Emitter, op: memref.GetGlobalOp) -> None:
    e.bind(op.memref, e.program.buffer_name(op.name_.string_value(), op))


@emits(memref.AssumeAlignmentOp)
def assume_alignment(e: Emitter, op: memref.AssumeAlignmentOp) -> None:
    e.assign(op.result, e[op.memref])


@emits(memref.DimOp)
def dim(e: Emitter, op: memref.DimOp) -> None:
    emit_dim(e, op.source, op.index, op.result)


@emits(memref.RankOp)
def rank(e: Emitter, op: memref.RankOp) -> None:
    e.assign(op.rank, str(len(shape_of(op.source))))


def view_as(array: Array, shape: tuple[int, ...]) -> Array:
    """The array in another shape, in the same memory.

    Raises: ExecutionError when its strides do not allow that.
    """
    reshaped = array.reshape(shape)
    if reshaped.size and not np.shares_memory(array, reshaped):
        fail(f"expected strides that a shape of {shape} can be a view of, got {array.strides}")
    return reshaped


@emits(memref.CollapseShapeOp)
def collapse_shape(e: Emitter, op: memref.CollapseShapeOp) -> None:
    emit_collapse(e, op.src, op.result, reassociation_groups(op.reassociation))
    e.line(f"{e.use(view_as)}({e[op.src]}, {e[op.result]}.shape)")


@emits(memref.ExpandShapeOp)
def expand_shape(e: Emitter, op: memref.ExpandShapeOp) -> None:
    shape = shape_text(e, op.static_output_shape.get_values(), op.output_shape)
    e.assign(op.result, f"{e.use(view_as)}({e[op.src]}, {shape})")


@emits(memref.SubviewOp)
def subview(e: Emitter, op: memref.SubviewOp) -> None:
    source = e[op.source]
    taken = subscript(e, op, source, shape_of(op.source), shape_of(op.result))
    e.assign(op.result, f"{source}[{taken}]")


@emits(memref.CastOp, memref.MemorySpaceCastOp)
def cast(e: Emitter, op: memref.CastOp | memref.MemorySpaceCastOp) -> None:
    target = op.dest.type
    if isinstance(target, MemRefType) and DYNAMIC_INDEX not in target.get_shape():
        e.assign(op.dest, f"{e.use(cast_shape)}({e[op.source]}, {target.get_shape()})")
    else:
        e.assign(op.dest, e[op.source])


def reinterpret(
    array: Array, offset: int, sizes: tuple[int, ...], strides: tuple[int, ...]
) -> Array:
    """Memory of a contiguous array read with another offset, shape and strides, in elements."""
    if not array.flags.c_contiguous:
        fail("expected a contiguous buffer, got one with strides")
    last = offset + sum((n - 1) * s for n, s in zip(sizes, strides, strict=True))
    if 0 not in sizes and (offset < 0 or min(strides, default=0) < 0 or last >= array.size):
        fail(f"out of bounds: expected a last element below {array.size}, got {last}")
    flat = array.reshape(-1)[offset:]
    steps = [stride * array.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(flat, sizes, steps)


@emits(memref.ReinterpretCastOp)
def reinterpret_cast(e: Emitter, op: memref.ReinterpretCastOp) -> None:
    offset = amounts(e, op.static_offsets.get_values(), op.offsets)[0].text
    sizes = shape_text(e, op.static_sizes.get_values(), op.sizes)
    strides = shape_text(e, op.static_strides.get_values(), op.strides)
    source = e[op.source]
    e.assign(op.result, f"{e.use(reinterpret)}({source}, {offset}, {sizes}, {strides})")


@emits(memref.CopyOp)
def copy(e: Emitter, op: memref.CopyOp) -> None:
    e.line(f"{e.use(same_shape)}({e[op.destination]}, {e[op.source]})")
    e.line(f"{e[op.destination]}[...] = {e[op.source]}")
