"""What is packaged: every folder of the project, under xdsl_ttnn and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("dialect", "frontend", "interpreter", "lowering", "passes", "tools")
PACKAGE = "package"
"""The folder of xdsl_ttnn itself."""


def _settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def _modules(root: Path) -> set[str]:
    """The modules of the folders, as a wheel holds them."""
    inside = {str(path.relative_to(root)) for name in FOLDERS for path in (root / name).rglob("*")}
    return {f"xdsl_ttnn/{path}" for path in inside if path.endswith(".py")}


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
    assert _settings()["package-dir"] == {"xdsl_ttnn": PACKAGE} | folders


def test_every_package_has_an_init_file() -> None:
    folders = _settings()["package-dir"].values()

    assert [name for name in folders if not (ROOT / name / "__init__.py").is_file()] == []


def test_no_folder_shadows_what_is_installed() -> None:
    """Python started at the root looks there first; older checkouts leave an `xdsl_ttnn`."""
    here = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert here >= {*FOLDERS, PACKAGE}
    assert not here & packages_distributions().keys()
    assert not (ROOT / "xdsl_ttnn").exists(), "remove this folder: it shadows the package"


def test_the_version_is_said_once() -> None:
    from xdsl_ttnn import __version__

    assert version("xdsl-ttnn") == __version__


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the working tree: building leaves folders behind."""
    copy = tmp_path_factory.mktemp("packaging") / "checkout"
    left_behind = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=left_behind)
    return copy


@pytest.mark.slow
def test_archives_hold_the_package_alone(checkout: Path, tmp_path: Path) -> None:
    """An archive of the sources is built, and a wheel from it."""
    subprocess.run([sys.executable, "-m", "build", "--outdir", tmp_path, checkout], check=True)
    (wheel,), (archive,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")

    names = set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(archive) as sources:
        packed = {name.partition("/")[2] for name in sources.getnames()}

    code = {name for name in names if ".dist-info/" not in name}
    assert code == {"xdsl_ttnn/__init__.py", "xdsl_ttnn/py.typed"} | _modules(ROOT)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {"README.md", "LICENSE", "pyproject.toml", "package/__init__.py"} <= packed
    assert {f"xdsl_ttnn/{name}" for name in packed} >= _modules(ROOT)


PROGRAM = """
import sys, xdsl_ttnn
from pathlib import Path
from importlib.metadata import entry_points
from xdsl_ttnn.frontend import compile_ir
assert str(Path.cwd()) in map(str, map(Path.absolute, map(Path, sys.path)))
assert Path(sys.prefix) in Path(xdsl_ttnn.__file__).parents, xdsl_ttnn.__file__
for point in entry_points(group="console_scripts"):
    point.load() if point.value.startswith("xdsl_ttnn.") else None
print(compile_ir(Path("examples/quickstart.mlir"), floor="loops").signature)
"""


@pytest.mark.slow
def test_what_is_installed_is_imported_at_the_root(checkout: Path, tmp_path: Path) -> None:
    """The README's way without make: `pip install .`, then Python in the same folder."""
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"

    def run(*command: str | Path) -> str:
        outcome = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout

    run(binaries / "python", "-m", "pip", "install", "--quiet", ".")

    assert run(binaries / "python", "-c", PROGRAM).startswith("main(x: 1x4x5x2xfloat32, ")
    checks = ("examples/quickstart.mlir", "--floor", "loops", "--check")
    assert "ok" in run(binaries / "python", "-m", "xdsl_ttnn.tools.ttnn_run", *checks)
    assert "ok" in run(binaries / "ttnn-run", *checks)
