"""What is packaged: every folder of the project, under xdsl_ttnn and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("dialect", "frontend", "interpreter", "lowering", "passes", "tools")


def _settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def test_every_folder_with_code_is_a_package() -> None:
    found = {"xdsl_ttnn"}
    for folder in FOLDERS:
        for module in (ROOT / folder).rglob("*.py"):
            found.add("xdsl_ttnn." + ".".join(module.parent.relative_to(ROOT).parts))

    assert len(found) > len(FOLDERS)
    assert found == set(_settings()["packages"])


def test_every_folder_is_mapped_below_the_package() -> None:
    packages = set(_settings()["packages"]) - {"xdsl_ttnn"}
    folders = {name: name.removeprefix("xdsl_ttnn.").replace(".", "/") for name in packages}

    assert set(FOLDERS) <= set(folders.values())
    assert _settings()["package-dir"] == {"xdsl_ttnn": "xdsl_ttnn"} | folders


def test_every_package_has_an_init_file() -> None:
    assert [name for name in FOLDERS if not (ROOT / name / "__init__.py").is_file()] == []


def test_the_version_is_said_once() -> None:
    from importlib.metadata import version

    from xdsl_ttnn import __version__

    assert version("xdsl-ttnn") == __version__


@pytest.mark.slow
def test_a_wheel_holds_the_package_alone(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, copy]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")

    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names} == {
        "xdsl_ttnn",
        wheel.name.split("-py3")[0] + ".dist-info",
    }
    assert {"xdsl_ttnn/py.typed", "xdsl_ttnn/dialect/geometry.py"} <= set(names)
