"""The lit suite of filecheck/, run as part of pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.command_lines import check_line, run_lines

FILECHECK = Path(__file__).parents[2] / "filecheck"
FILES = sorted(FILECHECK.rglob("*.mlir"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FILECHECK)))
def test_filecheck(path: Path) -> None:
    lines = run_lines(path)

    assert lines
    for line in lines:
        check_line(line)


def test_a_line_that_fails_is_told() -> None:
    """A check that is not met, and an exit code that `not` does not expect."""
    path = FILECHECK / "dialect" / "tensor-ops.mlir"

    for line in (f"ttnn-opt {path} | filecheck {__file__}", f"not ttnn-opt {path}"):
        with pytest.raises(AssertionError, match="exit code"):
            check_line(line)


@pytest.mark.slow
def test_lit() -> None:
    command = [str(Path(sys.executable).with_name("lit")), "-v", str(FILECHECK)]

    outcome = subprocess.run(command, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
