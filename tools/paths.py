"""Which files a command line names: none by an empty name, none that is read and written."""

import os
import stat
from collections.abc import Mapping
from itertools import combinations
from typing import TypeAlias

from .diagnostics import ToolError
from .files import check_writable
from .streams import STANDARD, STDIN, STDOUT

_STDIN, _STDOUT = 0, 1

Paths: TypeAlias = Mapping[str, str | None]
"""Paths by what names them on the command line, `FILE.mlir` or `-o`; None where it is not given."""


def check_paths(tool: str, inputs: Paths, outputs: Paths) -> None:
    """Refuse paths that cannot be meant, before anything is read.

    Links are followed, hard ones too; `-` is the file that the standard stream is connected to.
    Raises: ToolError, OSError.
    """
    read, written = _given(tool, inputs), _given(tool, outputs)
    for path in written.values():
        check_writable(path)
    if list(read.values()).count(STANDARD) > 1:
        names = " and ".join(name for name, path in read.items() if path == STANDARD)
        raise ToolError(f"expected one of {names} to be read from here, got both", STDIN)
    for (first, one), (second, other) in combinations(written.items(), 2):
        if _is_one_output(one, other):
            _refuse(first, second, one)
    for first, source in read.items():
        for second, target in written.items():
            if _is_overwritten(source, target):
                _refuse(first, second, target)


def _given(tool: str, paths: Paths) -> dict[str, str]:
    found = {name: path for name, path in paths.items() if path is not None}
    for name, path in found.items():
        if not path:
            raise ToolError(f"{name}: expected the name of a file, got an empty one", tool)
    return found


def _refuse(first: str, second: str, path: str) -> None:
    place = STDOUT if path == STANDARD else path
    raise ToolError(f"expected two files for {first} and {second}, got one", place)


def _is_one_output(one: str, other: str) -> bool:
    """Whether one output would take the place of another; the null device takes any number."""
    first, second = _status(one, _STDOUT), _status(other, _STDOUT)
    if first is None or second is None:
        return os.path.realpath(one) == os.path.realpath(other)
    return os.path.samestat(first, second) and not os.path.samestat(first, os.stat(os.devnull))


def _is_overwritten(source: str, target: str) -> bool:
    """Whether an output is the file that an input is. A device, a terminal say, may be both."""
    read, written = _status(source, _STDIN), _status(target, _STDOUT)
    if read is None or written is None:
        return False
    return os.path.samestat(read, written) and stat.S_ISREG(read.st_mode)


def _status(path: str, standard: int) -> os.stat_result | None:
    """What a path leads to, `-` to a standard descriptor; None where there is nothing yet."""
    try:
        return os.fstat(standard) if path == STANDARD else os.stat(path)
    except OSError:
        return None
