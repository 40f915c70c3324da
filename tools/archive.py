"""Archives of arrays, NumPy's .npz files: every header is read and judged before any array is.

NumPy's files cannot hold bfloat16: it travels as its bits, uint16, under a name ending in `.bf16`.
"""

import errno
import zipfile
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from typing import IO

import numpy as np
from numpy.lib import format as npy

from ..dialect.numpy_types import BFLOAT16, Array, DType
from ..interpreter.available import shortage
from .diagnostics import ToolError
from .files import Write, open_archive, source_name
from .streams import naming

BITS_SUFFIX = ".bf16"

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


@dataclass(frozen=True)
class StoredArray:
    """An array in an archive, of which only the header was read."""

    name: str
    shape: tuple[int, ...]
    dtype: DType
    _load: Callable[[], Array]

    def load(self) -> Array:
        """The array itself. Raises: ToolError."""
        return self._load()


@contextmanager
def stored_arrays(path: str) -> Generator[dict[str, StoredArray]]:
    """The arrays of an archive by name; they can be loaded inside of the `with` block.

    Raises: ToolError naming the archive: for what is none, for a name that is there twice, for an
    array that is not plain, or larger than what is stored of it or than memory.
    """
    place = source_name(path)
    with open_archive(path) as stream:
        if not zipfile.is_zipfile(stream):
            raise ToolError("expected a .npz file, which is a zip archive of arrays", place)
        with _blaming(place):
            archive = zipfile.ZipFile(stream)
        with archive:
            found = [_stored_array(archive, member, place) for member in archive.infolist()]
            names = Counter(array.name for array in found)
            if twice := [name for name, count in names.items() if count > 1]:
                raise ToolError(f"expected one array called {twice[0]}, got several", place)
            yield {array.name: array for array in found}


def archive_of(arrays: Mapping[str, Array]) -> Write:
    """What stores arrays by name in a file, bfloat16 as bits."""
    stored = {
        name + BITS_SUFFIX * (array.dtype == BFLOAT16): (
            array.view(np.uint16) if array.dtype == BFLOAT16 else array
        )
        for name, array in arrays.items()
    }

    def save(stream: IO[bytes]) -> None:
        np.savez(stream, **stored)  # pyright: ignore[reportArgumentType]

    return save


@contextmanager
def _blaming(place: str) -> Generator[None]:
    """Have whatever reading an archive raises name it: nobody can foresee all of that.

    Offsets of a broken archive lead to places before its start, which the system calls EINVAL.
    """
    try:
        with naming(place):
            yield
    except ToolError:
        raise
    except MemoryError:
        raise ToolError("expected arrays that fit into memory, got larger ones", place) from None
    except Exception as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        text = f"expected a .npz file of plain arrays: {str(error) or type(error).__name__}"
        raise ToolError(text, place) from None


def _stored_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> StoredArray:
    """One member of an archive, its header read and its size compared with what there is."""
    name = member.filename.removesuffix(".npy")
    with _blaming(place), archive.open(member) as stream:
        version = npy.read_magic(stream)
        if version not in _HEADERS:
            raise ToolError(f"{name}: expected plain arrays, got version {version}", place)
        shape, _, dtype = _HEADERS[version](stream)
        stored_bytes = member.file_size - stream.tell()
    _check_size(name, shape, dtype, stored_bytes, place)

    def load() -> Array:
        with _blaming(place), archive.open(member) as stream:
            array = npy.read_array(stream, allow_pickle=False)
            return array.astype(array.dtype.newbyteorder("="), copy=False)

    return StoredArray(name, shape, dtype.newbyteorder("="), load)


def _check_size(
    name: str, shape: tuple[int, ...], dtype: DType, stored_bytes: int, place: str
) -> None:
    if dtype.hasobject:
        raise ToolError(f"{name}: expected a .npz file of plain arrays, got objects", place)
    size_bytes = prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or size_bytes > stored_bytes:
        sizes = "x".join(map(str, (*shape, dtype)))
        text = f"{name}: expected a header for the {stored_bytes:,} bytes stored, got {sizes}"
        raise ToolError(text, place)
    if (missing := shortage(size_bytes)) is not None:
        raise ToolError(f"{name}: {missing}", place)
