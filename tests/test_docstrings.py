"""The Before and After of every pass's docstring are what the pass does."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from support.floors import context, parsed
from xdsl_ttnn import lowering, passes
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.frontend.mlir import get_all_passes as door_passes
from xdsl_ttnn.lowering.named_pipeline import NamedPipelinePass
from xdsl_ttnn.lowering.pipelines import PIPELINES as NAMED_PIPELINES

ROOT = Path(__file__).parents[1]

PASS_COUNTS = {"passes": 6, "lowering": 5, "frontend/mlir": 2}
PIPELINES = {pipeline.name for pipeline in NAMED_PIPELINES}
"""Passes that run others, named in their docstrings; they show no IR of their own."""

TABLES: dict[str, dict[str, Callable[[], type[ModulePass]]]] = {
    "passes": passes.get_all_passes(),
    "lowering": lowering.get_all_passes(),
    "frontend/mlir": door_passes(),
}
CLASSES = {name: factory() for table in TABLES.values() for name, factory in table.items()}
SHOWN = sorted(CLASSES.keys() - PIPELINES)

_BLOCK = re.compile(r"^(Before|After):\n```mlir\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples(pass_class: type[ModulePass]) -> list[tuple[str, str]]:
    """The (before, after) texts of a docstring, in pairs."""
    blocks = _BLOCK.findall(inspect.cleandoc(pass_class.__doc__ or ""))
    labels = [label for label, _ in blocks]
    assert labels == ["Before", "After"] * (len(blocks) // 2)
    texts = [textwrap.dedent(text) for _, text in blocks]
    return list(zip(texts[::2], texts[1::2], strict=True))


def _after(pass_class: type[ModulePass], module: ModuleOp) -> ModuleOp:
    with collect_remarks():
        pass_class().apply(context(), module)
    module.verify()
    return module


def _classes_in(folder: str) -> set[str]:
    """Names of the classes of a folder that derive from ModulePass, read from the source."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                found |= {node.name} if "ModulePass" in bases else set()
    return found


@pytest.mark.parametrize("folder", TABLES)
def test_every_pass_class_is_offered(folder: str) -> None:
    own = TABLES[folder].keys() - PIPELINES
    offered = {TABLES[folder][name]().__name__ for name in own}

    assert len(offered) == PASS_COUNTS[folder]
    assert offered == _classes_in(folder) - {NamedPipelinePass.__name__}


@pytest.mark.parametrize("name", CLASSES)
def test_names(name: str) -> None:
    pass_class = CLASSES[name]
    assert pass_class.name == name
    assert pass_class.__doc__ is not None
    for heading in ("Requires:", "Ensures:", "Refuses:"):
        assert heading in pass_class.__doc__


def test_which_passes_show_ir() -> None:
    assert {"ttnn-to-decomposed", "ttnn-to-linalg", "ttnn-to-loops"} == PIPELINES
    assert len(SHOWN) == sum(PASS_COUNTS.values())
    assert all(examples(CLASSES[name]) for name in SHOWN)
    assert not any(examples(CLASSES[name]) for name in PIPELINES)


@pytest.mark.parametrize("name", sorted(PIPELINES))
def test_pipelines_name_their_passes(name: str) -> None:
    named = re.findall(r"`([a-z0-9-]+)`", (CLASSES[name].__doc__ or "").split("Requires:")[0])

    assert len(named) > 1
    assert set(named) <= CLASSES.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_before_becomes_after(name: str) -> None:
    for before, after in examples(CLASSES[name]):
        result, expected = _after(CLASSES[name], parsed(before)), parsed(after)

        assert not parsed(before).is_structurally_equivalent(expected), "the pass does nothing"
        assert result.is_structurally_equivalent(expected), f"\n{result}\n\n{expected}"


@pytest.mark.parametrize("name", SHOWN)
def test_twice_is_once(name: str) -> None:
    for before, _ in examples(CLASSES[name]):
        once = _after(CLASSES[name], parsed(before))

        assert _after(CLASSES[name], once.clone()).is_structurally_equivalent(once)


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_printed_is_read_again(name: str) -> None:
    for before, _ in examples(CLASSES[name]):
        result = _after(CLASSES[name], parsed(before))

        assert parsed(str(result)).is_structurally_equivalent(result)
