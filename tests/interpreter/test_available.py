"""How much memory there is: the machine, its control groups, limits; on files as Linux has them."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from xdsl_ttnn.interpreter import available
from xdsl_ttnn.interpreter.available import available_bytes, shortage

MEGABYTE = 1 << 20


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 100 MiB left, in a group `/a/b` of both versions, without limits."""
    (tmp_path / "meminfo").write_text("MemTotal: 9999999 kB\nMemAvailable: 102400 kB\n")
    (tmp_path / "cgroup").write_text("3:cpu,memory:/a/b\n0::/a/b\n")
    (tmp_path / "fs" / "a" / "b").mkdir(parents=True)
    (tmp_path / "fs" / "memory" / "a" / "b").mkdir(parents=True)
    monkeypatch.setattr(available, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(available, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(available, "CGROUP_ROOT", tmp_path / "fs")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (resource.RLIM_INFINITY,) * 2)
    return tmp_path


def write(folder: Path, **files: object) -> None:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(f"{content}\n")


def test_what_the_kernel_calls_available(machine: Path) -> None:
    assert available_bytes() == 100 * MEGABYTE


@pytest.mark.parametrize("limit", ["memory__max", "memory__high"])
@pytest.mark.parametrize("group", ["a/b", "a", ""])
def test_the_groups_around_the_process(machine: Path, group: str, limit: str) -> None:
    write(machine / "fs" / group, memory__current=30 * MEGABYTE, **{limit: 50 * MEGABYTE})
    assert available_bytes() == 20 * MEGABYTE


def test_caches_that_can_be_taken_back(machine: Path) -> None:
    group = machine / "fs" / "a"
    write(group, memory__max=50 * MEGABYTE, memory__current=45 * MEGABYTE)
    write(group, memory__stat=f"anon 1\ninactive_file {10 * MEGABYTE}")
    assert available_bytes() == 15 * MEGABYTE


def test_groups_without_limits(machine: Path) -> None:
    write(machine / "fs" / "a" / "b", memory__max="max", memory__current=45 * MEGABYTE)
    assert available_bytes() == 100 * MEGABYTE


def test_the_first_version_of_groups(machine: Path) -> None:
    group = machine / "fs" / "memory" / "a"
    write(group, memory__limit_in_bytes=50 * MEGABYTE, memory__usage_in_bytes=60 * MEGABYTE)
    assert available_bytes() == 0


def test_a_limit_on_the_address_space(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = machine / "statm"
    pages.write_text(f"{10 * MEGABYTE // resource.getpagesize()} 5 5 1 0 5 0\n")
    monkeypatch.setattr(available, "STATUS", pages)
    monkeypatch.setattr(resource, "getrlimit", lambda which: (40 * MEGABYTE, 80 * MEGABYTE))
    assert available_bytes() == 30 * MEGABYTE


def test_what_cannot_be_read_limits_nothing(machine: Path) -> None:
    for name in ("meminfo", "cgroup"):
        (machine / name).unlink()
    assert available_bytes() is None
    assert shortage(1 << 60) is None


def test_what_messages_say(machine: Path) -> None:
    assert shortage(100 * MEGABYTE) is None
    assert shortage(available.SMALL_BYTES - 1) is None
    assert shortage(available.SMALL_BYTES) == (
        "expected at most the 105 MB of memory that is available, got 268 MB"
    )


def test_this_process_under_a_limit() -> None:
    """What is mapped is taken off what `ulimit -v` allows."""
    code = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))\n"
        "from xdsl_ttnn.interpreter.available import available_bytes\n"
        "left = available_bytes()\n"
        "held = bytearray(1 << 28)\n"
        "print(left < 1 << 31, left - available_bytes() >= 1 << 28)\n"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.stdout == "True True\n", process.stderr
