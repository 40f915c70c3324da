"""Reading input files and writing output files, the way every tool does it.

`-` is standard input where something is read, standard output where something is written.
"""

import errno
import os
import stat
import sys
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO, TypeAlias

from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Input, Span

from .diagnostics import ToolError
from .streams import STANDARD, STDIN, STDOUT, naming

Write: TypeAlias = Callable[[IO[bytes]], object]
"""What fills a file."""

_LONGEST_PREFIX = 40
"""Of a temporary file's name: no longer than what file systems take, in any alphabet."""


def source_name(path: str | None) -> str:
    """How messages name an input; `-` and nothing are standard input."""
    return STDIN if path in (None, STANDARD) else str(path)


def read_bytes(path: str | None) -> bytes:
    """The content of a file or of standard input. Raises: OSError that names it."""
    with naming(source_name(path)):
        if path is None or path == STANDARD:
            return sys.stdin.buffer.read()
        return Path(path).read_bytes()


@contextmanager
def open_archive(path: str) -> Generator[IO[bytes]]:
    """A file to read here and there; what cannot be, a pipe, is read whole. Raises: OSError."""
    if path == STANDARD:
        yield BytesIO(read_bytes(path))
        return
    with open(path, "rb") as stream:
        if stream.seekable():
            yield stream
            return
        with naming(path):
            whole = stream.read()
        yield BytesIO(whole)


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
    """Refuse an output that cannot be written, before work is done for it.

    Folders that are missing will be made.
    Raises: ToolError, OSError.
    """
    if path == STANDARD:
        return
    target = Path(os.path.realpath(path))
    if target.is_dir() or path.endswith(os.sep):
        raise ToolError("expected a file to write, got a directory", path)
    folder = next(above for above in target.parents if os.path.lexists(above))
    if not folder.is_dir():
        raise ToolError(f"expected a directory to write into, got the file {folder}", path)
    if not os.access(target if target.exists() else folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def write_atomically(path: str, write: Write) -> None:
    """Have `write` fill a new file that then takes the place of `path`, or nothing happens at all.

    What is no regular file (a pipe, /dev/stdout) is written as it is.
    """
    with staged(path, write) as put:
        put()


@contextmanager
def staged(path: str, write: Write) -> Generator[Callable[[], object]]:
    """Have `write` fill a new file, and give what puts it in the place of `path`.

    What was not put there when the `with` block ends is gone, and the folders made for it.
    """
    check_writable(path)
    target = Path(os.path.realpath(path))
    if path == STANDARD or (target.exists() and not target.is_file()):
        # What writes an archive seeks, which a pipe cannot.
        buffer = BytesIO()
        write(buffer)
        yield lambda: _write_as_it_is(path, buffer.getvalue())
        return
    with _folders(target.parent):
        temporary = _filled_beside(target, path, write)
        try:
            yield lambda: _put(temporary, target, path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def _folders(folder: Path) -> Generator[None]:
    """Make a folder and those above it that are missing; those left empty are taken away again."""
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        _remove_empty(missing)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders, the inner ones first, up to one that holds something."""
    with suppress(OSError):
        for folder in folders:
            if folder.exists():
                folder.rmdir()


def _filled_beside(target: Path, path: str, write: Write) -> Path:
    """A new file in the folder of the target, filled; none when that fails."""
    prefix = f".{target.name[:_LONGEST_PREFIX]}."
    with _blaming(path):
        descriptor, name = tempfile.mkstemp(prefix=prefix, dir=target.parent)
    temporary = Path(name)
    try:
        with _blaming(path), open(descriptor, "wb") as stream:
            write(stream)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _put(temporary: Path, target: Path, path: str) -> None:
    with _blaming(path):
        temporary.chmod(_mode_for(target))
        temporary.replace(target)


@contextmanager
def _blaming(path: str) -> Generator[None]:
    """Have an OSError of the block name the output, not the temporary file beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), path) from None


def _write_as_it_is(path: str, content: bytes) -> None:
    if path == STANDARD:
        with naming(STDOUT):
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        return
    with naming(path), open(path, "wb") as stream:
        stream.write(content)


def _mode_for(target: Path) -> int:
    """The permissions of the file that is replaced, else those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
