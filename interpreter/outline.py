"""Cuts deeply nested code into functions: Python allows 20 nested loops, the IR any number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .names import locals_in

MAX_DEPTH = 12


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


def find_part(lines: Sequence[str], outer: int, results: Sequence[str]) -> Part:
    """What `lines`, which set `results`, read of the `outer` locals that were there before them.

    An outer name that they assign to is one they may overwrite: nobody reads it afterwards.
    """
    reads = dict.fromkeys(name for line in lines for name in locals_in(line, outer))
    return Part(tuple(reads), tuple(results))
