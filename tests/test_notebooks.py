"""The notebooks of docs/marimo run from top to bottom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "marimo").glob("*.py"))


def test_there_is_something_to_run() -> None:
    assert len(NOTEBOOKS) >= 1


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(notebook: Path, tmp_path: Path) -> None:
    """As a script a notebook runs all of its cells and fails with the first that raises."""
    pytest.importorskip("marimo", reason="marimo is not installed")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    environment = {**os.environ, "HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)}

    outcome = subprocess.run(
        [sys.executable, str(notebook)], env=environment, capture_output=True, text=True
    )

    assert outcome.returncode == 0, outcome.stderr
