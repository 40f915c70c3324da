"""One line for each op that is executed, so that two runs can be compared to where they part."""

from __future__ import annotations

import hashlib
from typing import Any, TextIO

import numpy as np
from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Operation, SSAValue

from ..dialect.numpy_types import element_type
from ..dialect.text.names import op_name, symbol_text
from .arguments import show_shape
from .errors import describe_location, enclosing_function


def digest(array: np.ndarray[Any, Any]) -> str:
    """The first 12 hexadecimal digits of the SHA-1 of an array's elements in row-major order."""
    return hashlib.sha1(np.ascontiguousarray(array).tobytes()).hexdigest()[:12]


def describe_value(value: Any, element: str) -> str:
    """Shape and digest of an array, or a scalar itself.

    Example: `2x11x20x4xf32 sha1:1f3a0c9d7b52`.
    """
    if not isinstance(value, np.ndarray):
        return f"{element} {value}"
    shape = show_shape(value.shape)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return f"{shape}{'x' if shape else ''}{element} sha1:{digest(value)}"  # pyright: ignore[reportUnknownArgumentType]


def traced_values(op: Operation) -> list[SSAValue]:
    """What the trace shows of an op: its results, and the buffers it may have written to."""
    return [*op.results, *(value for value in op.operands if isinstance(value.type, MemRefType))]


class Tracer:
    """Called by emitted code after each op: `trace(point, *values)`."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._points: list[tuple[str, str, list[str]]] = []

    def add(self, op: Operation) -> int:
        """Make a point of an op: what does not change from one execution to the next."""
        function = enclosing_function(op)
        where = describe_location(op)
        name = symbol_text(function.sym_name.data) if function is not None else "@?"
        elements = [str(element_type(value.type)) for value in traced_values(op)]
        self._points.append((op_name(op), f"{name} {where}", elements))
        return len(self._points) - 1

    def __call__(self, point: int, *values: Any) -> None:
        name, where, elements = self._points[point]
        shown = [describe_value(v, e) for v, e in zip(values, elements, strict=True)]
        self._stream.write(f"{name} -> {', '.join(shown) or '()'}  ({where})\n")
