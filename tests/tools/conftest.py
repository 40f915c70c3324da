"""Fixtures of the command line tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from xdsl_ttnn.tools import ttnn_opt, ttnn_run


@dataclass(frozen=True)
class Outcome:
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def error_lines(self) -> list[str]:
        """The lines of stderr that are an error message, not an excerpt or a remark below it."""
        return [line for line in self.err.splitlines() if " error: " in line]


Tool = Callable[..., Outcome]


def _run(
    main: Callable[[list[str]], int], capfd: pytest.CaptureFixture[str], args: tuple
) -> Outcome:
    capfd.readouterr()
    try:
        code = main([str(arg) for arg in args])
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    captured = capfd.readouterr()
    return Outcome(code, captured.out, captured.err)


@pytest.fixture
def opt(capfd: pytest.CaptureFixture[str]) -> Tool:
    """`ttnn-opt` with its arguments, in this process."""
    return lambda *args: _run(ttnn_opt.main, capfd, args)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Tool:
    """`ttnn-run` with its arguments, in this process."""
    return lambda *args: _run(ttnn_run.main, capfd, args)


@pytest.fixture
def tool(capfd: pytest.CaptureFixture[str]) -> Callable[[Callable[[list[str]], int]], Tool]:
    """Any command line, by its main function, with its arguments, in this process."""
    return lambda main: lambda *args: _run(main, capfd, args)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Put text into a file `input.mlir`."""

    def write_file(content: str | bytes) -> Path:
        path = tmp_path / "input.mlir"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file
