"""The names in emitted code. Every one is handed out here, so that no two of them can meet.

A local is `v`, a number, and what the IR calls the value; a global never looks like that. A global
is called what was asked for, with a number behind it where that is taken. Which number depends on
what was asked for before, and on nothing that changes from one run to the next.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

_RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "__builtins__"))
_LOCAL = re.compile(r"\bv(\d+)\w*", re.ASCII)


def _fit(hint: str) -> str:
    """What an identifier may hold of a hint; the rest becomes underscores.

    Examples: _fit("a.b") is "a_b", _fit("f²") is "f_".
    """
    return re.sub(r"\W", "_", hint, flags=re.ASCII)


class LocalNames:
    """The locals of one function, numbered."""

    def __init__(self) -> None:
        self.count = 0
        """How many there are; the newest has this number."""

    def fresh(self, hint: str = "") -> str:
        """A new one. Example: the third with the hint "row" is `v3_row`."""
        self.count += 1
        return f"v{self.count}_{_fit(hint)}" if hint else f"v{self.count}"


def locals_in(line: str, last: int) -> list[str]:
    """The locals up to number `last` that a line of emitted code speaks of."""
    return [match.group() for match in _LOCAL.finditer(line) if int(match.group(1)) <= last]


def locals_since(lines: Sequence[str], first: int) -> list[str]:
    """The locals after number `first` that lines of emitted code speak of, each once."""
    found = (match for line in lines for match in _LOCAL.finditer(line))
    return list(dict.fromkeys(match.group() for match in found if int(match.group(1)) > first))


class Namespace:
    """The globals of emitted code, by name."""

    def __init__(self, fixed: Mapping[str, Any]):
        """`fixed` are those that emitted code calls by names of their own."""
        self.values: dict[str, Any] = dict(fixed)
        self._taken = {*_RESERVED, *fixed}
        self._numbers: dict[str, int] = {}
        self._shared: dict[Hashable, str] = {}

    def add(self, value: object, hint: str) -> str:
        """The name of a new global."""
        stem = _fit(hint) or "value"
        if stem[0].isdigit() or _LOCAL.fullmatch(stem):
            stem = f"_{stem}"
        name, number = stem, self._numbers.get(stem, 1)
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._numbers[stem] = number
        self._taken.add(name)
        self.values[name] = value
        return name

    def share(self, key: Hashable, make: Callable[[], object], hint: str) -> str:
        """The name of the global that `key` stands for, made when it is first asked for."""
        if key not in self._shared:
            self._shared[key] = self.add(make(), hint)
        return self._shared[key]
