"""What crosses the border of a program: arguments checked on the way in, results made arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from xdsl.dialects import func
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloat,
    IndexType,
    IntegerType,
    MemRefType,
    ShapedType,
)
from xdsl.ir import Attribute

from ..dialect.numpy_types import (
    FLOAT64,
    Array,
    ElementTypes,
    element_type,
    integer_width,
    is_float,
    numpy_dtype,
)
from .errors import error_at
from .integers import signed_wrapper


def show_shape(shape: Sequence[int]) -> str:
    """A shape as the IR prints it. Example: (2, -1) is `2x?`."""
    return "x".join("?" if size == DYNAMIC_INDEX else str(size) for size in shape)


def read_argument(function: func.FuncOp, index: int, arg: Any, types: ElementTypes) -> Any:
    """The value that emitted code gets for the `index`-th argument of a function.

    Raises: InterpretationError when shape or element type differ from the function's.
    """
    type_ = function.function_type.inputs.data[index]
    where = f"argument {index} of {function.sym_name.data!r}"
    if isinstance(type_, ShapedType):
        array = np.asarray(arg)
        _check_shape(function, where, type_, array)
        _check_dtype(function, where, type_, array, types)
        return _protected(array.astype(types.dtype(type_), copy=False), type_)
    if _is_number(type_):
        return _read_scalar(function, where, arg, type_, types)
    return arg


def _is_number(type_: Attribute) -> bool:
    return isinstance(type_, IntegerType | IndexType | AnyFloat)


def _check_shape(function: func.FuncOp, where: str, type_: ShapedType, array: Array) -> None:
    expected = type_.get_shape()
    fits = len(expected) == array.ndim and all(
        size in (DYNAMIC_INDEX, actual) for size, actual in zip(expected, array.shape, strict=True)
    )
    if not fits:
        raise error_at(
            function,
            f"{where}: expected shape {show_shape(expected) or 'of rank 0'}, "
            f"got {show_shape(array.shape) or 'rank 0'}",
        )


def _check_dtype(
    function: func.FuncOp, where: str, type_: Attribute, array: Array, types: ElementTypes
) -> None:
    element = element_type(type_)
    expected = numpy_dtype(element)
    # What a memref says may be written to, so a copy in this machine's byte order is no use.
    given = array.dtype if isinstance(type_, MemRefType) else array.dtype.newbyteorder("=")
    in_f64 = types.accumulate == "f64" and is_float(expected) and given == FLOAT64
    if given != expected and not in_f64:
        raise error_at(
            function, f"{where}: expected dtype {expected} for {element}, got {array.dtype}"
        )


def _protected(array: Array, type_: Attribute) -> Array:
    """The array itself for memrefs, a read-only view for tensors: nothing may write to those."""
    if isinstance(type_, MemRefType):
        return array
    view = array.view()
    view.setflags(write=False)
    return view


def _read_scalar(
    function: func.FuncOp, where: str, arg: Any, type_: Attribute, types: ElementTypes
) -> Any:
    if np.ndim(arg) != 0:
        got = show_shape(np.shape(arg))
        raise error_at(function, f"{where}: expected one {type_}, got shape {got}")
    if isinstance(type_, AnyFloat):
        value = types.dtype(type_).type(arg)
        return float(value) if types.dtype(type_) == FLOAT64 else value
    value = int(arg)
    if value != arg:
        raise error_at(function, f"{where}: expected a whole number for {type_}, got {arg}")
    return signed_wrapper(integer_width(type_))(value)


def read_result(result: Any, type_: Attribute, types: ElementTypes, values: Sequence[Any]) -> Array:
    """A result as an array of its element type that shares no memory with the arguments."""
    if not isinstance(type_, ShapedType) and not _is_number(type_):
        return np.asarray(None, dtype=object)
    array = np.asarray(result, dtype=types.dtype(type_))
    if isinstance(type_, MemRefType):
        return array
    arrays = [cast(Array, value) for value in values if isinstance(value, np.ndarray)]
    shared = any(np.may_share_memory(array, other) for other in arrays)
    if shared or not array.flags.writeable:
        return np.array(array, order="C")
    return np.ascontiguousarray(array) if array.ndim else array
