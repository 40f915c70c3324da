"""Where an operation stands in the file it was read from."""

from __future__ import annotations

from typing import cast

from xdsl.dialects.builtin import ArrayAttr, CallSiteLoc, FileLineColLoc, FusedLoc, NameLoc
from xdsl.ir import Attribute, Operation


def file_place(location: Attribute) -> str | None:
    """`file:line:column` that a location leads to; None where it names no file.

    A name stands for the location it is given to, a fused location for its first that leads to a
    file, a call for what is called, else for the caller.

    Example: `loc("conv"(fused["up", "model.py":7:9]))` leads to `model.py:7:9`.
    """
    pending = [location]
    while pending:
        match pending.pop():
            case FileLineColLoc(filename=name, line=line, column=column):
                return f"{name.data}:{line.data}:{column.data}"
            case NameLoc(location=inner):
                pending.append(inner)
            case FusedLoc(locations=several):
                pending += reversed(cast("ArrayAttr[Attribute]", several).data)
            case CallSiteLoc(callee=callee, caller=caller):
                pending += (caller, callee)
            case _:
                pass
    return None


def place_of(op: Operation) -> str | None:
    """`file:line:column` of an operation, or of the nearest one around it that has a place."""
    above: Operation | None = op
    while above is not None:
        if (place := file_place(above.location)) is not None:
            return place
        above = above.parent_op()
    return None
