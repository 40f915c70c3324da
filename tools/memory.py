"""Refusing what does not fit into the machine's memory, before the machine does."""

import os
from math import prod
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp, ShapedType
from xdsl.ir import Attribute

from ..dialect.names import op_name
from ..frontend.entry import Signature
from ..interpreter.dtypes import element_type, numpy_dtype
from ..interpreter.errors import ExecutionError
from .diagnostics import ToolError

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def memory_bytes() -> int:
    """Bytes of memory this process may hope for: the machine's, or its container's if less."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(machine, int(_CGROUP_LIMIT.read_text()))
    except (OSError, ValueError):
        return machine


def refuse_too_large(module: ModuleOp, signature: Signature, limit_bytes: int) -> None:
    """Check arguments and results together, and each value that is computed on the way.

    Raises: ToolError with the size and the limit.
    """
    ends_bytes = sum(array.size_bytes for array in (*signature.arrays, *signature.results))
    if ends_bytes > limit_bytes:
        _refuse(f"inputs and results of {signature}", ends_bytes, limit_bytes)
    for op in module.walk():
        for result in op.results:
            size = size_bytes(result.type)
            if size > limit_bytes:
                _refuse(f"'{op_name(op)}' result {result.type}", size, limit_bytes)


def size_bytes(type_: Attribute) -> int:
    """Bytes of a tensor, memref or vector; 0 for anything else and where a size is open."""
    if not isinstance(type_, ShapedType) or not type_.has_static_shape():
        return 0
    try:
        return numpy_dtype(element_type(type_)).itemsize * prod(type_.get_shape())
    except ExecutionError:
        return 0


def _refuse(what: str, size: int, limit_bytes: int) -> None:
    raise ToolError(
        f"{what}: expected at most the {_readable(limit_bytes)} of memory there are, "
        f"got {_readable(size)}"
    )


def _readable(size_bytes: int) -> str:
    for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:,.1f} {unit}"
    return f"{size_bytes} bytes"
