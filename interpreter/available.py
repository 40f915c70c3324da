"""How much memory this process may still take, before the machine or its keeper says no."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

from ..dialect.text.quantities import bytes_text

MEMINFO = Path("/proc/meminfo")
STATUS = Path("/proc/self/statm")
CGROUPS = Path("/proc/self/cgroup")
CGROUP_ROOT = Path("/sys/fs/cgroup")

_V1_LIMIT, _V1_USAGE = "memory.limit_in_bytes", "memory.usage_in_bytes"


def available_bytes() -> int | None:
    """The least of what the machine, each control group around the process, and the limit on its
    address space leave; None where none of them can be read.

    Memory that the kernel can take back, its caches, counts as available where the kernel says so.
    """
    found = [_machine(), *_groups(), _address_space()]
    return min((max(size, 0) for size in found if size is not None), default=None)


SMALL_BYTES = 1 << 28
"""What takes less is not compared with what there is, which takes up to a millisecond to read."""


def shortage(needed_bytes: int) -> str | None:
    """What messages say where so much memory is not available; None where it is.

    Example: `expected at most the 25.3 GB of memory that is available, got 672 GB`.
    """
    if needed_bytes < SMALL_BYTES:
        return None
    available = available_bytes()
    if available is None or needed_bytes <= available:
        return None
    most = bytes_text(available)
    return (
        f"expected at most the {most} of memory that is available, got {bytes_text(needed_bytes)}"
    )


def _machine() -> int | None:
    try:
        lines = MEMINFO.read_text().splitlines()
    except OSError:
        return None
    sizes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(sizes[0]) * 1024 if sizes else None


def _address_space() -> int | None:
    """What `ulimit -v` leaves: it counts what is mapped, used or not."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return None
    try:
        mapped = int(STATUS.read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return limit
    return limit - mapped


def _groups() -> Iterator[int]:
    """What each control group around the process leaves; both versions of the interface."""
    try:
        lines = CGROUPS.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            for folder in _upwards(CGROUP_ROOT, path):
                for limit in ("memory.max", "memory.high"):
                    yield from _left(folder, limit, "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            for folder in _upwards(CGROUP_ROOT / "memory", path):
                yield from _left(folder, _V1_LIMIT, _V1_USAGE, "total_inactive_file")


def _upwards(root: Path, path: str) -> list[Path]:
    """The folder of a group and those above it, down to the root of the hierarchy.

    In a container the path may be the host's: what does not exist there is passed over.
    """
    below = root / path.lstrip("/")
    return [below, *(folder for folder in below.parents if folder.is_relative_to(root))]


def _left(folder: Path, limit: str, usage: str, reclaimable: str) -> Iterator[int]:
    try:
        most, used = (folder / limit).read_text().strip(), int((folder / usage).read_text())
        if most == "max":
            return
        yield int(most) - used + _statistic(folder / "memory.stat", reclaimable)
    except (OSError, ValueError):
        return


def _statistic(path: Path, name: str) -> int:
    try:
        rows = (line.split() for line in path.read_text().splitlines())
        return next(int(row[1]) for row in rows if row[0] == name)
    except (OSError, ValueError, IndexError, StopIteration):
        return 0
