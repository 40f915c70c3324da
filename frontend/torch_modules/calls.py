"""A call of an op as rules read it, and the table of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ...dialect.numpy_types import Array, DType
from ..graph import Constant, GraphBuilder, Value, element_type_for, per_axis

Result: TypeAlias = Value | tuple[Value | None, ...]


@dataclass(frozen=True)
class Call:
    """A call of an op: its arguments by the names of its schema, and what torch says it gives."""

    name: str
    arguments: Mapping[str, Any]
    """Tensors are `Value`s; what is left out has its default."""

    shape: tuple[int, ...]
    dtype: DType
    """Of the result, the first one where there are several."""

    read: frozenset[int]
    """Which results are read, where there are several."""

    def __getitem__(self, argument: str) -> Any:
        return self.arguments[argument]

    def per_axis(self, argument: str, axes: int) -> tuple[int, ...]:
        """The numbers of an argument, one a spatial axis. Raises: ValueError for other counts."""
        return per_axis(self[argument], axes, argument)

    def only_first(self, value: Value) -> Result:
        """The first of several results, where nothing reads the others.

        Raises: ValueError where something does.
        """
        if self.read - {0}:
            raise ValueError(f"expected the first result alone to be read, got {set(self.read)}")
        return (value,)

    def number(self, value: Any) -> Constant:
        """A Python number in the result's type."""
        return Constant(np.asarray(value, self.dtype), f"{self.name}_number")

    def operand(self, graph: GraphBuilder, value: Any) -> Value:
        """An operand, a number too, in the element type that torch promotes the result to."""
        return self.cast(graph, value) if isinstance(value, Value) else self.number(value)

    def cast(self, graph: GraphBuilder, value: Value) -> Value:
        """A value in the result's element type."""
        wanted = element_type_for(self.dtype)
        if value.element_type == wanted:
            return value
        return graph.cast(value, wanted, name=f"{self.name}_cast")

    def known(self, argument: str) -> Array | None:
        """The array of an argument that may be left out.

        Raises: ValueError for one that is computed.
        """
        value = self[argument]
        if value is None or isinstance(value, Constant):
            return None if value is None else value.array
        raise ValueError(f"expected a parameter or a buffer as {argument}, got a computed value")


Rule: TypeAlias = Callable[[GraphBuilder, Call], Result]

RULES: dict[str, Rule] = {}
"""What builds the result of a call, by the name of the op: `aten.add.Tensor`."""


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Put a function into the table for ops of aten.

    A rule refuses with a ValueError, "expected X, got Y"; the importer says where.
    """

    def add(function: Rule) -> Rule:
        RULES.update(dict.fromkeys((f"aten.{name}" for name in names), function))
        return function

    return add
