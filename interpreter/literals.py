"""Constants of the IR as Python and NumPy values."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
from xdsl.dialects.builtin import (
    DenseResourceAttr,
    FloatAttr,
    IntegerAttr,
)
from xdsl.ir import Attribute

from ..dialect.numpy_types import (
    FLOAT64,
    Array,
    DType,
    convert,
    integer_width,
    numpy_dtype,
)
from ..dialect.text.resources import Elements, why_unread
from .errors import fail
from .integers import signed_wrapper


def dense_array(attribute: Elements, dtype: DType) -> Array:
    """A read-only array of the elements of a dense attribute, rounded to its element type first.

    Raises: ExecutionError where the elements are not at hand.
    """
    if isinstance(attribute, DenseResourceAttr):
        fail(why_unread(attribute))
    element = attribute.get_element_type()
    exact = numpy_dtype(element)
    if element.compile_time_size == exact.itemsize and exact.kind != "b":
        elements = np.frombuffer(attribute.data.data, exact.newbyteorder("<"))
    else:
        elements = np.array(attribute.get_values()).astype(exact)
    shape = attribute.get_shape()
    if elements.size == 1 and math.prod(shape) != 1:
        elements = np.broadcast_to(elements, shape)
    array = np.array(convert(elements.astype(exact), dtype)).reshape(shape)
    array.setflags(write=False)
    return array


def scalar_value(attribute: Attribute, dtype: DType) -> object:
    """A scalar constant: a Python int or (for f64) float, or a NumPy scalar of a narrower float."""
    if isinstance(attribute, IntegerAttr):
        integer = cast("IntegerAttr", attribute)
        return signed_wrapper(integer_width(integer.type))(integer.value.data)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    if isinstance(attribute, FloatAttr):
        number = cast("FloatAttr", attribute)
        exact = convert(np.asarray(number.value.data), numpy_dtype(number.type))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        return float(exact) if dtype == FLOAT64 else exact[()]
    fail(f"expected a number, got {attribute}")


def literal(value: object) -> str | None:
    """The source text of a value, where it has a short one."""
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    return None
