"""Errors of verifiers without the module as xDSL prints it into a note of each of them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from xdsl.ir import IRNode
from xdsl.utils.diagnostic import Diagnostic


def _raise(self: Diagnostic, ir: IRNode, underlying_error: Exception) -> NoReturn:
    raise underlying_error


@contextmanager
def without_module_notes() -> Generator[None]:
    """Raise what verifiers raise as it is.

    No tool shows the note, and a module with large constants takes gigabytes to print, again for
    each operation that is asked whether it is the one that fails. xDSL has no other way to tell it.
    """
    prints = Diagnostic.raise_exception
    Diagnostic.raise_exception = _raise
    try:
        yield
    finally:
        Diagnostic.raise_exception = prints
