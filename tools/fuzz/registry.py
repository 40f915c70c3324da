"""Which ops the generator knows, who draws each, and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xdsl.ir import Operation

from .scope import Scope, Value

Maker = Callable[[Scope], Value | None]
"""Appends one op, and what it needs, to a function. None where nothing in it serves."""


@dataclass(frozen=True)
class Entry:
    """How an op is drawn."""

    make: Maker
    weight: int


_MAKERS: dict[type[Operation], Entry] = {}


def draws(*kinds: type[Operation], weight: int) -> Callable[[Maker], Maker]:
    """Register a function that draws one op of those kinds."""

    def register(make: Maker) -> Maker:
        for kind in kinds:
            _MAKERS[kind] = Entry(make, weight)
        return make

    return register


def draws_each(
    *kinds: type[Operation], weight: int
) -> Callable[[Callable[[Scope, type[Operation]], Value | None]], None]:
    """Register a function that draws any of those kinds, told which."""

    def register(make: Callable[[Scope, type[Operation]], Value | None]) -> None:
        for kind in kinds:
            _MAKERS[kind] = Entry(lambda scope, kind=kind: make(scope, kind), weight)

    return register


def makers() -> Mapping[type[Operation], Entry]:
    """All of them, in the order in which they were registered."""
    from . import families as families

    return _MAKERS
