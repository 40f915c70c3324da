"""Where an operation stands in the file it was read from."""

from __future__ import annotations

from xdsl.dialects.builtin import FileLineColLoc
from xdsl.ir import Operation


def place_of(op: Operation) -> str | None:
    """`file:line:column` of an operation, or of the nearest one around it that has a place."""
    above: Operation | None = op
    while above is not None:
        location = above.location
        if isinstance(location, FileLineColLoc):
            return f"{location.filename.data}:{location.line.data}:{location.column.data}"
        above = above.parent_op()
    return None
