"""Drawing the ops of one function, and what it returns."""

from __future__ import annotations

from functools import cache

from xdsl.dialects.builtin import BoolAttr
from xdsl.ir import Operation

from ...dialect import ttnn
from .drawing import chance, weighted
from .registry import Entry, makers
from .scope import Scope, Value

NOT_FORCED = {"force": BoolAttr.from_bool(False)}

LARGEST_TRIES = 8
"""How many draws may come to nothing before a function is as long as it gets."""


@cache
def _weights(plain: frozenset[type[Operation]] | None) -> dict[type[Operation], int]:
    return {
        kind: entry.weight for kind, entry in makers().items() if plain is None or kind in plain
    }


def draw_ops(scope: Scope, count: int) -> None:
    """Append so many ops, and what they need."""
    tries = LARGEST_TRIES + count
    while count and tries:
        tries -= 1
        entry: Entry = makers()[weighted(scope.random, _weights(scope.draft.plain))]
        if entry.make(scope) is not None:
            count -= 1


def drawn_results(scope: Scope, most: int) -> list[Value]:
    """Values to return, rather late ones and such as nothing reads; the last one always.

    Some of what is not returned is deallocated.
    """
    if not scope.values:
        entry = makers()[ttnn.ReluOp]
        entry.make(scope)
    random = scope.random
    results = [scope.values[-1]]
    unread = [value for value in scope.values[:-1] if not value.ssa.uses]
    for value in reversed(unread):
        if len(results) < most and chance(random, 90):
            results.append(value)
    if scope.draft.plain is not None:
        return results
    returned = {value.ssa for value in results}
    for value in scope.values:
        if value.ssa not in returned and value.fact.is_finite and chance(random, 3):
            scope.add(ttnn.DeallocateOp.create(operands=[value.ssa], properties=NOT_FORCED))
    return results
