"""A node of an ONNX graph as converters read it, and the table of converters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from ...dialect.numpy_types import Array
from ..graph import GraphBuilder, Tensor, Value

if TYPE_CHECKING:
    from onnx import NodeProto


class Unsupported(Exception):
    """What is valid ONNX and has no counterpart here: the reason, without the node."""


@dataclass(frozen=True)
class Node:
    """A node with its inputs as values of the graph that is built."""

    proto: NodeProto
    opset: int
    """The version of the operator set that says what the node means."""

    inputs: Sequence[Value | None]
    """None where an optional input is left out."""

    attributes: Mapping[str, object]
    builder: GraphBuilder
    read: Set[str] = frozenset()
    """Names that other nodes read, or that are outputs."""

    @property
    def op_type(self) -> str:
        return self.proto.op_type

    @property
    def result(self) -> str:
        """What the source calls the first result."""
        return self.proto.output[0]

    def is_read(self, output: int) -> bool:
        """Whether something reads one of the results."""
        return len(self.proto.output) > output and self.proto.output[output] in self.read

    # Inputs ----------------------------------------------------------------------------------

    def given(self, index: int) -> Value | None:
        """An optional input."""
        return self.inputs[index] if index < len(self.inputs) else None

    def value(self, index: int) -> Value:
        """An input that must be there."""
        value = self.given(index)
        if value is None:
            raise ValueError(f"expected an input {index}, got {len(self.inputs)} inputs")
        return value

    def known(self, index: int, what: str) -> Array | None:
        """The array of an optional input. Raises: Unsupported where it is computed."""
        value = self.given(index)
        if isinstance(value, Tensor):
            raise Unsupported(f"expected {what} that is known before the graph runs")
        return None if value is None else value.array

    def known_integers(self, index: int, what: str) -> tuple[int, ...] | None:
        """The whole numbers of an optional input."""
        array = self.known(index, what)
        return None if array is None else tuple(int(number) for number in array.reshape(-1))

    # Attributes ------------------------------------------------------------------------------

    def integer(self, name: str, default: int) -> int:
        value = self.attributes.get(name, default)
        if not isinstance(value, int):
            raise ValueError(f"expected '{name}' to be a whole number, got {value!r}")
        return value

    def number(self, name: str, default: float) -> float:
        value = self.attributes.get(name, default)
        if not isinstance(value, int | float):
            raise ValueError(f"expected '{name}' to be a number, got {value!r}")
        return float(value)

    def text(self, name: str, default: str) -> str:
        value = self.attributes.get(name, default)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if not isinstance(value, str):
            raise ValueError(f"expected '{name}' to be text, got {value!r}")
        return value

    def integers(self, name: str) -> tuple[int, ...] | None:
        """A list of whole numbers, or None where it is left out."""
        value = self.attributes.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise ValueError(f"expected '{name}' to be a list of whole numbers, got {value!r}")
        return tuple(int(number) for number in cast("list[int]", value))

    def per_axis(self, name: str, axes: int, default: int) -> tuple[int, ...]:
        """A list of one whole number an axis. Raises: ValueError for another length."""
        values = self.integers(name)
        if values is None:
            return (default,) * axes
        if len(values) != axes:
            raise ValueError(f"expected '{name}' of {axes} values, got {len(values)}")
        return values

    def positive(self, name: str, axes: int) -> tuple[int, ...]:
        """A list of one number of at least 1 an axis."""
        values = self.per_axis(name, axes, 1)
        if min(values) < 1:
            raise ValueError(f"expected '{name}' of at least 1, got {list(values)}")
        return values

    def one_of(self, name: str, default: str, expected: Sequence[str]) -> str:
        """A word. Raises: ValueError for one that ONNX does not have."""
        word = self.text(name, default)
        if word not in expected:
            raise ValueError(f"expected '{name}' to be one of {', '.join(expected)}, got {word}")
        return word


Converter: TypeAlias = Callable[[Node], Value]

CONVERTERS: dict[str, Converter] = {}
"""What builds the first result of a node, by the name of the op in ONNX's own domain."""


def converts(*op_types: str) -> Callable[[Converter], Converter]:
    """Put a function into the table, for one op or several."""

    def register(converter: Converter) -> Converter:
        for op_type in op_types:
            CONVERTERS[op_type] = converter
        return converter

    return register


def spatial_rank(shape: Sequence[int]) -> int:
    """Spatial axes of (N, C, spatial...). Raises: Unsupported for others than 1 and 2."""
    rank = len(shape) - 2
    if rank not in (1, 2):
        raise Unsupported(f"expected a signal or an image, of rank 3 or 4, got rank {len(shape)}")
    return rank
