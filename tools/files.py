"""Reading input text and writing output files, the way every tool does it."""

import os
import stat
import sys
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, TypeAlias

from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Input, Span

from .diagnostics import ToolError

STDIN = "<stdin>"

Write: TypeAlias = Callable[[IO[bytes]], object]
"""What fills a file."""


def source_name(path: str | None) -> str:
    """How messages name an input; `-` and nothing are standard input."""
    return STDIN if path in (None, "-") else str(path)


def read_bytes(path: str | None) -> bytes:
    """The content of a file or of standard input. Raises: OSError."""
    if path is None or path == "-":
        return sys.stdin.buffer.read()
    return Path(path).read_bytes()


def decode(content: bytes, name: str) -> str:
    """The text of an input file, without a byte order mark.

    Raises: ToolError at the first byte that is not UTF-8, ParseError when there is nothing in it.
    """
    content = content.removeprefix(BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise ToolError(
            f"expected UTF-8 text, got byte 0x{content[error.start]:02x}", f"{name}:{line}:{column}"
        ) from None
    if not text.strip():
        raise ParseError(Span(0, 0, Input(text, name)), "expected a module, got an empty file")
    return text


def check_writable(path: str) -> None:
    """Refuse an output that cannot be written, before work is done for it. Raises: ToolError."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise ToolError("expected a file to write, got a directory", path)
    if not target.parent.is_dir():
        raise ToolError("expected to write into a directory that exists, got none", path)


def write_atomically(path: str, write: Write) -> None:
    """Have `write` fill a new file that then takes the place of `path`, or nothing happens at all.

    What is no regular file (a pipe, /dev/stdout) is written as it is.
    """
    with staged(path, write) as put:
        put()


@contextmanager
def staged(path: str, write: Write) -> Generator[Callable[[], object]]:
    """Have `write` fill a new file, and give what puts it in the place of `path`.

    What was not put there when the `with` block ends is gone.
    """
    check_writable(path)
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        # What writes an archive seeks, which a pipe cannot.
        buffer = BytesIO()
        write(buffer)
        yield lambda: _write_as_it_is(path, buffer.getvalue())
        return
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    try:
        with open(descriptor, "wb") as stream:
            write(stream)
        os.chmod(temporary, _mode_for(target))
        yield lambda: os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _write_as_it_is(path: str, content: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content)


def _mode_for(target: Path) -> int:
    """The permissions of the file that is replaced, else those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
