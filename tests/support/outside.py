"""Packages that seem to be installed: a dist-info folder on the path, no pip and no network."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "own_strategy"
GROUP = "xdsl_ttnn.strategies"

EntryPoints = Mapping[str, Mapping[str, str]]


def install(folder: Path, package: str, entry_points: EntryPoints) -> None:
    """Make `folder`, once it is on the path, offer the entry points (group -> name -> object)."""
    info = folder / f"{package.replace('-', '_')}-0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1\n")
    lines = [
        line
        for group, points in entry_points.items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


@dataclass(frozen=True)
class Outside:
    """Runs this project's tools in processes of their own that see more packages."""

    folders: tuple[Path, ...]

    def python(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        path = os.pathsep.join(map(str, self.folders))
        command = [sys.executable, *map(str, arguments)]
        env = inherited | {"PYTHONPATH": path}
        return subprocess.run(command, env=env, capture_output=True, text=True)

    def tool(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Example: tool("ttnn_run", path, "--check")."""
        return self.python("-m", f"xdsl_ttnn.tools.{name}", *arguments)


def install_example(folder: Path) -> Outside:
    """The example as its pyproject.toml would install it."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    install(folder, project["name"], project["entry-points"])
    return Outside((folder, EXAMPLE))
