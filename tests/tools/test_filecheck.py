"""The lit suite of filecheck/, run as part of pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FILECHECK = Path(__file__).parents[2] / "filecheck"


def test_filecheck() -> None:
    command = [str(Path(sys.executable).with_name("lit")), "-v", str(FILECHECK)]

    outcome = subprocess.run(command, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
