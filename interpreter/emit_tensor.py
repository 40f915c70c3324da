"""The tensor dialect: views where NumPy has them, copies where values must part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ShapedType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Operation, SSAValue

from ..dialect.numpy_types import Array, ElementTypes
from .arguments import show_shape
from .emitter import Emitter
from .errors import fail
from .floats import poison
from .intervals import DIMENSION
from .registry import Memory, emits
from .sizes import array_bytes, count
from .slices import amounts, element_index, outside, subscript


def shape_text(e: Emitter, shape: Sequence[int], dynamic: Sequence[SSAValue]) -> str:
    """A shape tuple in emitted code."""
    return f"({''.join(a.text + ', ' for a in amounts(e, shape, dynamic))})"


def shape_of(value: SSAValue) -> tuple[int, ...]:
    """The shape in the type of a tensor, memref or vector."""
    assert isinstance(value.type, ShapedType)
    return value.type.get_shape()


# In the order of the dialect ---------------------------------------------------------------------


def cast_shape(array: Array, shape: Sequence[int]) -> Array:
    """Check that an array has a shape, of which some sizes are open."""
    if len(shape) != array.ndim or any(
        size not in (DYNAMIC_INDEX, actual) for size, actual in zip(shape, array.shape, strict=True)
    ):
        fail(f"expected shape {show_shape(shape)}, got {show_shape(array.shape)}")
    return array


@emits(tensor.CastOp, buffer="view")
def cast(e: Emitter, op: tensor.CastOp) -> None:
    ranked = all(isinstance(value.type, ShapedType) for value in (op.source, op.dest))
    if ranked and shape_of(op.source) != shape_of(op.dest):
        e.assign(op.dest, f"{e.use(cast_shape)}({e[op.source]}, {shape_of(op.dest)})")
    else:
        e.assign(op.dest, e[op.source])


@emits(tensor.ConcatOp, buffer="fresh")
def concat(e: Emitter, op: tensor.ConcatOp) -> None:
    arrays = ", ".join(e.operands(op))
    e.assign(op.result, f"{e.use(np.concatenate)}(({arrays},), {op.dim.value.data})")


@emits(tensor.DimOp)
def dim(e: Emitter, op: tensor.DimOp) -> None:
    emit_dim(e, op.source, op.index, op.result)


def emit_dim(e: Emitter, source: SSAValue, index: SSAValue, result: SSAValue) -> None:
    """The size of one dimension."""
    e.intervals[result] = DIMENSION
    e.assign(result, f"{e[source]}.shape[{element_index(e, source, [index])}]")


@emits(tensor.EmptyOp, buffer="fresh")
def empty(e: Emitter, op: tensor.EmptyOp) -> None:
    shape = shape_text(e, shape_of(op.tensor), op.dynamic_sizes)
    make: Callable[..., Any] = poison if _contents_matter(op.tensor) else np.empty
    e.assign(op.tensor, f"{e.use(make)}({shape}, {e.dtype_name(op.tensor.type)})")


def _contents_matter(value: SSAValue) -> bool:
    """Whether some op could see what an empty tensor holds, instead of overwriting all of it."""
    return not all(_only_gives_shape(use.operation, use.index) for use in value.uses)


def _only_gives_shape(op: Operation, index: int) -> bool:
    match op:
        case linalg.FillOp() | linalg.TransposeOp() | linalg.BroadcastOp() | linalg.CopyOp():
            return index == 1
        case LinalgStructuredOperation():
            argument = op.body.block.args[index]
            is_parallel = all(t == IteratorTypeAttr.parallel() for t in op.get_iterator_types())
            return index >= len(op.inputs) and is_parallel and not argument.uses
        case tensor.DimOp():
            return True
        case _:
            return False


@emits(tensor.CollapseShapeOp, buffer="view", memory=Memory(copies_strided=True))
def collapse_shape(e: Emitter, op: tensor.CollapseShapeOp) -> None:
    emit_collapse(e, op.src, op.result, _groups(op.reassociation))


@emits(tensor.ReshapeOp, buffer="view", memory=Memory(copies_strided=True))
def reshape(e: Emitter, op: tensor.ReshapeOp) -> None:
    shape = shape_of(op.result)
    if DYNAMIC_INDEX in shape:
        e.assign(op.result, f"{e[op.source]}.reshape(tuple({e[op.shape]}.tolist()))")
    else:
        e.assign(op.result, f"{e[op.source]}.reshape({shape})")


@emits(tensor.ExpandShapeOp, buffer="view", memory=Memory(copies_strided=True))
def expand_shape(e: Emitter, op: tensor.ExpandShapeOp) -> None:
    shape = shape_text(e, op.static_output_shape.get_values(), op.dynamic_output_shape)
    e.assign(op.result, f"{e[op.src]}.reshape({shape})")


def _groups(attribute: Any) -> list[list[int]]:
    return [[axis.value.data for axis in group] for group in attribute]


def emit_collapse(e: Emitter, source: SSAValue, result: SSAValue, groups: list[list[int]]) -> None:
    """Merge groups of dimensions; sizes that are open are multiplied up at run time."""
    sizes = [
        str(size)
        if size != DYNAMIC_INDEX
        else " * ".join(f"{e[source]}.shape[{axis}]" for axis in group)
        for size, group in zip(shape_of(result), groups, strict=True)
    ]
    e.assign(result, f"{e[source]}.reshape(({''.join(size + ', ' for size in sizes)}))")


def reassociation_groups(attribute: Any) -> list[list[int]]:
    """The groups of dimensions a reshape merges or makes."""
    return _groups(attribute)


@emits(tensor.ExtractSliceOp, buffer="view")
def extract_slice(e: Emitter, op: tensor.ExtractSliceOp) -> None:
    source = e[op.source]
    taken = subscript(e, op, source, shape_of(op.source), shape_of(op.result))
    e.assign(op.result, f"{source}[{taken}]")


@emits(tensor.InsertSliceOp, buffer="fresh", memory=Memory(overwrites=1))
def insert_slice(e: Emitter, op: tensor.InsertSliceOp) -> None:
    taken = subscript(e, op, e[op.dest], shape_of(op.dest), shape_of(op.source))
    result = assign_destination(e, op, 1, op.result)
    if DYNAMIC_INDEX in shape_of(op.source):
        e.line(f"{e.use(same_shape)}({result}[{taken}], {e[op.source]})")
    e.line(f"{result}[{taken}] = {e[op.source]}")


def same_shape(target: Array, source: Array) -> None:
    """Refuse what NumPy would broadcast."""
    if target.shape != source.shape:
        got = show_shape(source.shape)
        fail(f"expected a source of shape {show_shape(target.shape)}, got {got}")


def assign_destination(e: Emitter, op: Operation, index: int, result: SSAValue) -> str:
    """Name the result: the destination's own memory when nobody will miss it, else a copy."""
    destination = e[op.operands[index]]
    owned = e.ownership.may_overwrite(op, index)
    return e.assign(result, destination if owned else f"{destination}.copy()")


def read_checked(array: Array, *indices: Any) -> Any:
    """Elements at arrays of positions, none of which may be negative or too large."""
    for axis, index in enumerate(indices):
        low, high = (np.min(index), np.max(index)) if np.size(index) else (0, -1)
        if low < 0 or high >= array.shape[axis]:
            outside(axis, int(low if low < 0 else high), 1, 1, array.shape[axis])
    return array[indices]


def emit_read(e: Emitter, source: SSAValue, indices: Sequence[SSAValue], result: SSAValue) -> None:
    """One element, or in a vectorised body an array of them."""
    if e.vectorised:
        positions = "".join(f", {e[index]}" for index in indices)
        e.assign(result, f"{e.use(read_checked)}({e[source]}{positions})")
        return
    index = element_index(e, source, indices)
    e.assign(result, e.read_element(e[source], index, result.type))


@emits(tensor.ExtractOp, elementwise=True)
def extract(e: Emitter, op: tensor.ExtractOp) -> None:
    emit_read(e, op.tensor, op.indices, op.result)


@emits(tensor.InsertOp, buffer="fresh", memory=Memory(overwrites=1))
def insert(e: Emitter, op: tensor.InsertOp) -> None:
    index = element_index(e, op.dest, op.indices) or "()"
    result = assign_destination(e, op, 1, op.result)
    e.line(f"{result}[{index}] = {e[op.scalar]}")


@emits(tensor.FromElementsOp, buffer="fresh")
def from_elements(e: Emitter, op: tensor.FromElementsOp) -> None:
    elements = ", ".join(e.operands(op))
    array = f"{e.use(np.array)}([{elements}], {e.dtype_name(op.result.type)})"
    e.assign(op.result, f"{array}.reshape({shape_of(op.result)})")


@emits(tensor.SplatOp, buffer="fresh")
def splat(e: Emitter, op: tensor.SplatOp) -> None:
    shape = shape_text(e, shape_of(op.result), op.dynamicSizes)
    dtype = e.dtype_name(op.result.type)
    e.assign(op.result, f"{e.use(np.full)}({shape}, {e[op.input]}, {dtype})")


# Padding -----------------------------------------------------------------------------------------


def pad_array(source: Array, low: Sequence[int], high: Sequence[int], value: Any) -> Array:
    """Put `value` around an array; negative amounts crop, past the far end too.

    Raises: ExecutionError when a dimension would become negative.
    """
    shape = [size + a + b for size, a, b in zip(source.shape, low, high, strict=True)]
    if min(shape, default=0) < 0:
        fail(f"expected a padded shape without negative sizes, got {show_shape(shape)}")
    result = np.full(shape, value, source.dtype)
    kept = [
        (max(-a, 0), min(size + b, size))
        for size, a, b in zip(source.shape, low, high, strict=True)
    ]
    if all(start < stop for start, stop in kept):
        target = [slice(i + a, j + a) for (i, j), a in zip(kept, low, strict=True)]
        result[tuple(target)] = source[tuple(slice(i, j) for i, j in kept)]
    return result


_POSITION_BYTES = 320
"""Of each element that is padded by its position: indices, as an array and as Python numbers."""


def _pad_bytes(types: ElementTypes, op: tensor.PadOp) -> int:
    result = array_bytes(types, op.result.type)
    if not any(argument.uses for argument in op.region.block.args):
        return result
    return result + count(op.source.type) + count(op.result.type) * _POSITION_BYTES


@emits(tensor.PadOp, buffer="fresh", memory=Memory(_pad_bytes))
def pad(e: Emitter, op: tensor.PadOp) -> None:
    low = shape_text(e, op.static_low.get_values(), op.low)
    high = shape_text(e, op.static_high.get_values(), op.high)
    block = op.region.block
    if any(argument.uses for argument in block.args):
        _pad_by_position(e, op, low, high)
        return
    yielded = e.body(block)
    value = e[yielded.operands[0]]
    e.assign(op.result, f"{e.use(pad_array)}({e[op.source]}, {low}, {high}, {value})")


def _pad_by_position(e: Emitter, op: tensor.PadOp, low: str, high: str) -> None:
    """A padding value that depends on where it goes: compute every position, then copy."""
    result = e.assign(op.result, f"{e.use(pad_array)}({e[op.source]}, {low}, {high}, 0)")
    mask = e.fresh("inside")
    ones = f"{e.use(np.ones)}({e[op.source]}.shape, bool)"
    e.line(f"{mask} = {e.use(pad_array)}({ones}, {low}, {high}, False)")
    block = op.region.block
    position = e.fresh("position")
    with e.indented(f"for {position} in {e.use(np.argwhere)}(~{mask}).tolist():"):
        for axis, argument in enumerate(block.args):
            e.intervals[argument] = DIMENSION
            e.bind(argument, f"{position}[{axis}]")
        yielded = e.body(block)
        e.line(f"{result}[tuple({position})] = {e[yielded.operands[0]]}")
