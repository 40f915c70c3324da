"""What README and docs show is what happens. tests/support/pages.py says how blocks are read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import distributions
from pathlib import Path

import pytest

from support.command_lines import output_of
from support.pages import (
    BLOCKS,
    LANGUAGES,
    ONCE,
    PAGES,
    README,
    ROOT,
    Block,
    all_extras,
    blocks,
    fits,
    missing_extras,
    read_blocks,
)
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.pipelines import project_passes

INSTALLED = [distribution.name for distribution in distributions()]


def commands() -> list[tuple[Block, str, str]]:
    """(block, command, what it prints); what it prints is known of console blocks only."""
    found = [block for block in (*blocks("sh"), *blocks("console")) if block.argument != ONCE]
    return [(block, *command) for block in found for command in block.commands]


def passes() -> list[tuple[Block, Block]]:
    """(input, output) for every block that a pipeline made."""
    pairs: list[tuple[Block, Block]] = []
    source: Block | None = None
    for block in blocks("mlir"):
        if block.argument == "input":
            source = block
            continue
        assert source is not None and source.page == block.page, f"{block}: no input on this page"
        pairs.append((source, block))
    return pairs


def skip_without_extras(block: Block) -> None:
    if missing := missing_extras(block, INSTALLED):
        pytest.skip(f"{block} needs the extra {', '.join(missing)}")


def test_there_is_something_to_test() -> None:
    assert len(PAGES) >= 6
    assert len(passes()) >= 5
    assert len(commands()) >= 20
    assert len(blocks("python", "run")) >= 4


def test_blocks_name_extras_that_there_are() -> None:
    named = {extra for block in BLOCKS for extra in block.extras}

    assert {"onnx", "torch"} <= named <= all_extras().keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_closed_and_of_a_known_kind(page: Path) -> None:
    found = read_blocks(page)

    assert page.read_text().count("\n```") + page.read_text().startswith("```") == 2 * len(found)
    assert {block.language for block in found} <= LANGUAGES


@pytest.mark.parametrize(("source", "made"), passes(), ids=str)
def test_pass(source: Block, made: Block) -> None:
    lowered = compile_ir(source.text, pipeline=made.argument)

    assert str(lowered.module) == str(parse_module(made.text))


@pytest.mark.parametrize(("block", "command", "expected"), commands())
def test_command(
    block: Block, command: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_without_extras(block)
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    line = command.replace("build/", f"{tmp_path}/build/")

    code, printed = output_of(line) or _output_in_shell(line)

    if block.language == "console":
        assert fits(expected, printed), printed
    else:
        assert code == 0, printed


def _output_in_shell(line: str) -> tuple[int, str]:
    outcome = subprocess.run(
        line, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return outcome.returncode, outcome.stdout


@pytest.mark.parametrize("program", blocks("python", "run"), ids=str)
def test_program(program: Block) -> None:
    skip_without_extras(program)

    outcome = subprocess.run(
        [sys.executable, "-c", program.text], cwd=ROOT, capture_output=True, text=True
    )

    assert outcome.returncode == 0, outcome.stderr
    if program.page == README:
        assert outcome.stdout.startswith("(1, 9, 9, 3) float32\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_first_example_of_the_readme_is_the_quickstart() -> None:
    first = next(block for block in blocks("mlir") if block.page == README)
    example = (ROOT / "examples" / "quickstart.mlir").read_text()

    assert str(parse_module(first.text)) == str(parse_module(example))


def test_demo() -> None:
    outcome = subprocess.run(
        [sys.executable, "examples/demo.py", "examples/quickstart.mlir"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert outcome.returncode == 0, outcome.stderr
    assert "4 of 4 agree" in outcome.stdout
    assert outcome.stdout.count(": ok\n") == 4


def _shown(name: str, default: object) -> str:
    """An option as the page shows it."""
    option = name.replace("_", "-")
    if default in ((), ""):
        return option
    return f"{option}={str(default).lower() if isinstance(default, bool) else default}"


def test_every_pass_is_described_with_its_options() -> None:
    text = (ROOT / "docs" / "passes.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \|(?: (.+))? \|$", text, re.M)
    described = {name: re.findall(r"`([^`]+)`", options) for name, _, options in rows}
    passes_ = {name: factory() for name, factory in project_passes().items()}

    assert len(rows) == len(described) >= 16
    assert described == {
        name: [_shown(field.name, field.default) for field in fields(pass_class)]
        for name, pass_class in passes_.items()
    }


def test_pipelines_are_described_by_their_passes() -> None:
    """A pipeline's row names what its docstring names, in its order."""
    text = (ROOT / "docs" / "passes.md").read_text()
    for name in ("ttnn-to-decomposed", "ttnn-to-linalg"):
        (row,) = re.findall(rf"^\| `{name}` \| (.+?) \|", text, re.M)
        said = (project_passes()[name]().__doc__ or "").split("The passes are ")[1]
        named = re.findall(r"`([\w-]+)`", said.partition("\n\n")[0])
        assert re.findall(r"`([\w-]+)`", row) == named
