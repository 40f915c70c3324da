"""Remarks: what a pass decided that its user should know, said without failing.

They go to standard error, as MLIR's do, unless somebody collects them.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from xdsl.ir import Operation

from .text.locations import place_of

_collected: ContextVar[list[str] | None] = ContextVar("remarks", default=None)


def remark(text: str, op: Operation | None = None) -> None:
    """Say `text`, with the place of `op` in front where it is known."""
    place = place_of(op) if op is not None else None
    line = f"{place}: remark: {text}" if place else f"remark: {text}"
    sink = _collected.get()
    if sink is None:
        print(line, file=sys.stderr)
    elif line not in sink:
        sink.append(line)


@contextmanager
def collect_remarks() -> Generator[list[str]]:
    """Collect the remarks made inside the `with` block into a list instead of printing them."""
    remarks: list[str] = []
    token = _collected.set(remarks)
    try:
        yield remarks
    finally:
        _collected.reset(token)
