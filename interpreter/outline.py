"""Cuts deeply nested code into functions: Python allows 20 nested loops, the IR any number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_DEPTH = 12

_NAME = re.compile(r"\bv\d+\w*")
_ASSIGNED = re.compile(r"^ *((?:v\d+\w*(?:, ?)?)+) \+?= ")


@dataclass(frozen=True)
class Part:
    """Lines of their own function: what they read from around them and what they leave behind."""

    reads: tuple[str, ...]
    assigns: tuple[str, ...]

    def definition(self, name: str) -> str:
        return f"def {name}({', '.join(self.reads)}):"

    def result(self) -> str:
        return f"return ({''.join(f'{value}, ' for value in self.assigns)})"

    def call(self, name: str) -> str:
        targets = f"{', '.join(self.assigns)}, = " if self.assigns else ""
        return f"{targets}{name}({', '.join(self.reads)})"


def find_part(lines: Sequence[str], outer: Iterable[str], results: Sequence[str]) -> Part:
    """What `lines` have to do with the names `outer` around them and with their own `results`.

    An outer name that is only assigned may have no value yet, so it is not read.
    """
    known = set(outer)
    reads: dict[str, None] = {}
    assigns: dict[str, None] = {}
    for line in lines:
        left = _ASSIGNED.match(line)
        targets = _NAME.findall(left.group(1)) if left else []
        rest = line[left.end() :] if left and "+=" not in left.group(0) else line
        reads.update((name, None) for name in _NAME.findall(rest) if name in known)
        assigns.update((name, None) for name in targets if name in known)
    assigns.update((name, None) for name in results)
    return Part(tuple(reads), tuple(assigns))
