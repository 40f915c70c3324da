"""Cuts deeply nested code into functions: Python allows 20 nested loops, the IR any number."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MAX_DEPTH = 12

_NAME = re.compile(r"\bv\d+\w*")


@dataclass(frozen=True)
class Part:
    """Lines of their own function: what they read from around them and what they leave behind."""

    reads: tuple[str, ...]
    results: tuple[str, ...]

    def definition(self, name: str) -> str:
        return f"def {name}({', '.join(self.reads)}):"

    def returned(self) -> str:
        return f"return ({''.join(f'{value}, ' for value in self.results)})"

    def call(self, name: str) -> str:
        targets = f"{', '.join(self.results)}, = " if self.results else ""
        return f"{targets}{name}({', '.join(self.reads)})"


def find_part(lines: Sequence[str], outer: Collection[str], results: Sequence[str]) -> Part:
    """What `lines`, which set `results`, read of the names `outer` around them.

    An outer name that they assign to is one they may overwrite: nobody reads it afterwards.
    """
    names = (name for line in lines for name in _NAME.findall(line))
    reads = dict.fromkeys(name for name in names if name in outer)
    return Part(tuple(reads), tuple(results))
