"""Imports between the folders go one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT: dict[str, set[str]] = {
    "dialect": set(),
    "passes": {"dialect"},
    "lowering": {"dialect", "passes"},
    "interpreter": {"dialect"},
    "frontend": {"dialect", "passes", "lowering", "interpreter"},
    "tools": {"dialect", "passes", "lowering", "interpreter", "frontend"},
}
"""The other folders that each folder may import from."""

FEWEST_FILES = {
    "dialect": 15,
    "passes": 12,
    "lowering": 14,
    "interpreter": 25,
    "frontend": 4,
    "tools": 8,
}


def imported_modules(path: Path) -> Iterator[str]:
    """The dotted names a file imports, relative ones made absolute; strings are not looked into."""
    package = ("xdsl_ttnn", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def folders_imported(path: Path) -> set[str]:
    """The folders of the project that a file imports from."""
    names = (name.split(".") for name in imported_modules(path))
    return {name[1] for name in names if name[0] == "xdsl_ttnn" and len(name) > 1} & {
        *MAY_IMPORT,
        "jit",
    }


def test_every_folder_has_its_arrows() -> None:
    folders = {
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in ("package", "tests")
    }
    assert folders == set(MAY_IMPORT)


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_arrows(folder: str) -> None:
    paths = sorted((ROOT / folder).rglob("*.py"))
    assert len(paths) >= FEWEST_FILES[folder]

    for path in paths:
        beyond = folders_imported(path) - MAY_IMPORT[folder] - {folder}
        assert not beyond, f"{path.relative_to(ROOT)} imports {', '.join(sorted(beyond))}"


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("passes", "dialect"), ("lowering", "passes"), ("interpreter", "dialect")],
)
def test_arrows_that_are_there_are_seen(folder: str, expected: str) -> None:
    paths = sorted((ROOT / folder).rglob("*.py"))

    assert expected in set().union(*map(folders_imported, paths))


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_inside_are_relative(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert (node.module or "").partition(".")[0] != "xdsl_ttnn", path
