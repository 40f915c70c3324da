"""The vector dialect: vectors are small arrays that are never written to once made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.dialects import vector
from xdsl.dialects.builtin import MemRefType, ShapedType
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineMap

from ..dialect.numpy_types import Array
from .emit_tensor import shape_of
from .emitter import Emitter
from .errors import fail
from .registry import emits
from .slices import amounts, outside


def block(array: Array, start: Sequence[int], shape: Sequence[int]) -> Array:
    """A view of `shape` of the last dimensions of an array, from `start` on, kept inside."""
    lead = len(start) - len(shape)
    for axis, (first, size, extent) in enumerate(
        zip(start, [1] * lead + list(shape), array.shape, strict=True)
    ):
        if first < 0 or first + size > extent:
            outside(axis, first, size, 1, extent)
    index = (*start[:lead], *(slice(i, i + n) for i, n in zip(start[lead:], shape, strict=True)))
    return array[index]


def load_block(array: Array, start: Sequence[int], shape: Sequence[int]) -> Array:
    """A copy of such a block."""
    return block(array, start, shape).copy()


def _tuple(e: Emitter, values: Sequence[SSAValue]) -> str:
    return f"({''.join(e[value] + ', ' for value in values)})"


@emits(vector.LoadOp)
def load(e: Emitter, op: vector.LoadOp) -> None:
    start, shape = _tuple(e, op.indices), shape_of(op.result)
    e.assign(op.result, f"{e.use(load_block)}({e[op.base]}, {start}, {shape})")


@emits(vector.StoreOp)
def store(e: Emitter, op: vector.StoreOp) -> None:
    start, shape = _tuple(e, op.indices), shape_of(op.vector)
    e.line(f"{e.use(block)}({e[op.base]}, {start}, {shape})[...] = {e[op.vector]}")


@emits(vector.BroadcastOp)
def broadcast(e: Emitter, op: vector.BroadcastOp) -> None:
    shape, dtype = shape_of(op.vector), e.dtype_name(op.vector.type)
    e.assign(op.vector, f"{e.use(np.full)}({shape}, {e[op.source]}, {dtype})")


@emits(vector.FMAOp)
def fma(e: Emitter, op: vector.FMAOp) -> None:
    """The product is rounded before the sum, as on a machine without a fused instruction."""
    a, b, c = e.operands(op)
    e.assign_elements(op.res, f"{a} * {b} + {c}")


def _positions(e: Emitter, op: vector.ExtractOp | vector.InsertOp, array: str) -> str:
    parts = amounts(e, op.static_position.get_values(), op.dynamic_position)
    for axis, part in enumerate(parts):
        if part.interval.low < 0:
            call = f"{e.use(outside)}({axis}, {part.text}, 1, 1, {array}.shape[{axis}])"
            e.line(f"if {part.text} < 0: {call}")
    return ", ".join(part.text for part in parts)


@emits(vector.ExtractOp)
def extract(e: Emitter, op: vector.ExtractOp) -> None:
    index = _positions(e, op, e[op.vector])
    if isinstance(op.result.type, ShapedType):
        e.assign(op.result, f"{e[op.vector]}[{index or '...'}]")
    else:
        e.assign(op.result, e.read_element(e[op.vector], index, op.result.type))


@emits(vector.InsertOp)
def insert(e: Emitter, op: vector.InsertOp) -> None:
    index = _positions(e, op, e[op.dest]) or "..."
    result = e.assign(op.result, f"{e[op.dest]}.copy()")
    e.line(f"{result}[{index}] = {e[op.source]}")


@emits(vector.CreateMaskOp)
def create_mask(e: Emitter, op: vector.CreateMaskOp) -> None:
    shape = shape_of(op.mask_vector)
    result = e.assign(op.mask_vector, f"{e.use(np.zeros)}({shape}, bool)")
    parts = ", ".join(f":max({e[size]}, 0)" for size in op.mask_dim_sizes)
    e.line(f"{result}[{parts or '...'}] = True")


_REDUCTIONS = {
    "add": "add",
    "mul": "multiply",
    "minsi": "minimum",
    "maxsi": "maximum",
    "minimumf": "minimum",
    "maximumf": "maximum",
    "minnumf": "fmin",
    "maxnumf": "fmax",
    "and": "bitwise_and",
    "or": "bitwise_or",
    "xor": "bitwise_xor",
}


@emits(vector.ReductionOp)
def reduction(e: Emitter, op: vector.ReductionOp) -> None:
    kind = str(op.kind.data)
    if kind not in _REDUCTIONS:
        fail(f"expected one of the kinds {', '.join(_REDUCTIONS)}, got {kind}")
    ufunc, dtype = f"np.{_REDUCTIONS[kind]}", e.dtype_name(op.vector.type)
    total = f"{ufunc}.reduce({e[op.vector]}, axis=None, dtype={dtype})"
    if op.acc is not None:
        accumulated = f"{e.use(np.asarray)}({e[op.acc]}, {dtype})"
        total = f"{ufunc}({total}, {accumulated})"
    e.assign(op.dest, e.read_element(f"{e.use(np.asarray)}({total})", "", op.dest.type))


@emits(vector.ShuffleOp)
def shuffle(e: Emitter, op: vector.ShuffleOp) -> None:
    both = f"{e.use(np.concatenate)}(({e[op.v1]}, {e[op.v2]}))"
    e.assign(op.result, f"{both}[{list(op.mask.get_values())}]")


@emits(vector.BitcastOp)
def bitcast(e: Emitter, op: vector.BitcastOp) -> None:
    whole = f"{e.use(np.ascontiguousarray)}({e[op.source]})"
    e.assign(op.result, f"{whole}.view({e.dtype_name(op.result.type)})")


# Masked access and transfers ---------------------------------------------------------------------


def load_masked(array: Array, start: Sequence[int], mask: Array, otherwise: Array) -> Array:
    """Elements where the mask is set; the others are not read, they may be out of bounds."""
    result = otherwise.copy()
    for lane in np.flatnonzero(mask).tolist():
        result[lane] = block(array, (*start[:-1], start[-1] + lane), (1,))[0]
    return result


def store_masked(array: Array, start: Sequence[int], mask: Array, values: Array) -> None:
    """Write elements where the mask is set."""
    for lane in np.flatnonzero(mask).tolist():
        block(array, (*start[:-1], start[-1] + lane), (1,))[0] = values[lane]


@emits(vector.MaskedLoadOp)
def masked_load(e: Emitter, op: vector.MaskedLoadOp) -> None:
    operands = f"{e[op.base]}, {_tuple(e, op.indices)}, {e[op.mask]}, {e[op.pass_thru]}"
    e.assign(op.result, f"{e.use(load_masked)}({operands})")


@emits(vector.MaskedStoreOp)
def masked_store(e: Emitter, op: vector.MaskedStoreOp) -> None:
    operands = f"{e[op.base]}, {_tuple(e, op.indices)}, {e[op.mask]}, {e[op.value_to_store]}"
    e.line(f"{e.use(store_masked)}({operands})")


def transfer_region(
    array: Array,
    start: Sequence[int],
    shape: Sequence[int],
    dims: Sequence[int | None],
    in_bounds: Sequence[bool],
) -> tuple[Array, tuple[slice, ...]]:
    """The part of `array` that a transfer of `shape` meets, axes as `dims`, and where it lies.

    A dim of None is a broadcast one; its slice has one element.
    """
    index: list[int | slice] = list(start)
    inside: list[slice] = []
    for axis, (size, dim) in enumerate(zip(shape, dims, strict=True)):
        if dim is None:
            inside.append(slice(None))
            continue
        first, extent = start[dim], array.shape[dim]
        stop = min(first + size, extent)
        if first < 0 or (in_bounds[axis] and stop < first + size):
            outside(dim, first, size, 1, extent)
        index[dim] = slice(first, max(stop, first))
        inside.append(slice(0, max(stop - first, 0)))
    for dim, first in enumerate(index):
        if isinstance(first, int) and not 0 <= first < array.shape[dim]:
            outside(dim, first, 1, 1, array.shape[dim])
    found = array[tuple(index)]
    kept = [dim for dim, i in enumerate(index) if isinstance(i, slice)]
    order = [kept.index(dim) for dim in dims if dim is not None]
    marks = tuple(None if dim is None else slice(None) for dim in dims)
    return np.asarray(found).transpose(order)[marks], tuple(inside)


def transfer_read(
    array: Array, start: Sequence[int], padding: Any, mask: Array | None, plan: Any
) -> Array:
    """A vector out of an array; elements outside, or masked off, are `padding`."""
    shape, dims, in_bounds = plan
    found, inside = transfer_region(array, start, shape, dims, in_bounds)
    result = np.full(shape, padding, array.dtype)
    result[inside] = found
    return result if mask is None else np.where(mask, result, result.dtype.type(padding))


def transfer_write(
    array: Array, start: Sequence[int], values: Array, mask: Array | None, plan: Any
) -> None:
    """A vector into an array; elements outside, or masked off, are not written."""
    shape, dims, in_bounds = plan
    found, inside = transfer_region(array, start, shape, dims, in_bounds)
    if mask is None:
        found[...] = values[inside]
    else:
        found[...] = np.where(mask[inside], values[inside], found)


def _plan(e: Emitter, map_: AffineMap, shape: Sequence[int], in_bounds: Sequence[Any]) -> str:
    dims: list[int | None] = []
    for result in map_.results:
        if not isinstance(result, AffineDimExpr | AffineConstantExpr):
            fail(f"expected a projected permutation, got {map_}")
        dims.append(result.position if isinstance(result, AffineDimExpr) else None)
    flags = tuple(bool(flag.value.data) for flag in in_bounds)
    return e.constant((tuple(shape), tuple(dims), flags))


@emits(vector.TransferReadOp)
def emit_transfer_read(e: Emitter, op: vector.TransferReadOp) -> None:
    plan = _plan(e, op.permutation_map.data, shape_of(op.result), op.in_bounds.data)
    mask = e[op.mask] if op.mask is not None else "None"
    operands = f"{e[op.source]}, {_tuple(e, op.indices)}, {e[op.padding]}, {mask}, {plan}"
    e.assign(op.result, f"{e.use(transfer_read)}({operands})")


@emits(vector.TransferWriteOp)
def emit_transfer_write(e: Emitter, op: vector.TransferWriteOp) -> None:
    plan = _plan(e, op.permutation_map.data, shape_of(op.vector), op.in_bounds.data)
    mask = e[op.mask] if op.mask is not None else "None"
    target = e[op.source]
    if not isinstance(op.source.type, MemRefType) and op.result is not None:
        target = e.assign(op.result, f"{target}.copy()")
    operands = f"{target}, {_tuple(e, op.indices)}, {e[op.vector]}, {mask}, {plan}"
    e.line(f"{e.use(transfer_write)}({operands})")
