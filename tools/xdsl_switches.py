"""What xDSL keeps once for the whole process, as a tool needs it, and put back behind the tool."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from xdsl.ir import Attribute, IRNode
from xdsl.utils.diagnostic import Diagnostic


def _raise(self: Diagnostic, ir: IRNode, underlying_error: Exception) -> NoReturn:
    raise underlying_error


@contextmanager
def xdsl_switches() -> Generator[None]:
    """Raise what verifiers raise as it is, and undo what flags of xDSL switch for good.

    xDSL prints the whole module into a note of each error of a verifier. No tool shows the note,
    and a module with large constants takes gigabytes to print, again for each operation that is
    asked whether it is the one that fails; there is no other way to tell it. Its
    `--disable-verify` and `--syntax-highlight` switch for all that comes later in the process.
    """
    prints, colored = Diagnostic.raise_exception, Diagnostic.colored
    check = Attribute.__post_init__
    Diagnostic.raise_exception = _raise
    try:
        yield
    finally:
        Diagnostic.raise_exception, Diagnostic.colored = prints, colored
        Attribute.__post_init__ = check
