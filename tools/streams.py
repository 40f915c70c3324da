"""Standard input, output and error of a command line, also where one is closed or nobody reads it.

Whoever reads or writes names what is at fault: an OSError that leaves a tool has the name of a
file, or of one of these streams. One without a name comes of printing, so of standard output.
"""

import errno
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

STANDARD = "-"
"""What a path on a command line is called that stands for standard input or output."""

STDIN = "<stdin>"
STDOUT = "<stdout>"


@contextmanager
def naming(name: str) -> Generator[None]:
    """Have an OSError of the block that names no file name this one."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        text = error.strerror or str(error) or type(error).__name__
        raise OSError(error.errno, text, name) from error


def open_closed_streams() -> None:
    """Have a standard stream that was closed fail when it is used, not earlier and not silently.

    Python has None for such a stream: printing to it prints nothing, messages for standard error go
    to standard output, and the next file that is opened gets its number.
    """
    if sys.stdin is None:
        sys.stdin = os.fdopen(_reserved(0, os.O_WRONLY), closefd=False)
    if sys.stdout is None:
        sys.stdout = os.fdopen(_reserved(1, os.O_RDONLY), "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(_reserved(2, os.O_WRONLY), "w", closefd=False)


def settle_output() -> None:
    """Write out what was printed. Where that fails, drop it: Python would complain at its exit."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Print a line to standard error, if anybody can be told."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def reason(error: OSError) -> str:
    """What went wrong, in words."""
    if error.errno == errno.EBADF and error.filename in (None, STDIN, STDOUT):
        return "expected an open stream, got a closed one"
    return (error.strerror or str(error)).lower()


def _reserved(descriptor: int, flags: int) -> int:
    """A closed descriptor, opened on the null device in the direction it will not be used in."""
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, flags)
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)
    return descriptor
