"""What docs/ shows is what happens.

Blocks are checked by what follows their opening fence:
- `sh`: every line is a command that must succeed, run in the root of the repository;
- `console`: lines after `$` are commands, the lines below are all they print; `...` is any text;
- `python run`: a program that must succeed, run in the root of the repository; `python run NAME`:
  one that needs the package NAME, skipped where that is missing;
- `mlir input`: IR that parses, and what the blocks below it on that page start from;
- `mlir PIPELINE`: what that pipeline makes of the input.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from xdsl_ttnn.dialect.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    argument: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def read_blocks(page: Path) -> list[Block]:
    text = page.read_text()
    fences = re.finditer(r"^```(\w+) *(.*)\n((?:(?!^```).*\n)*)^```$", text, re.M)
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2], found[3])
        for found in fences
    ]


BLOCKS = [block for page in PAGES for block in read_blocks(page)]


def blocks(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.text.splitlines()]


def programs() -> list[Block]:
    return [block for block in blocks("python") if block.argument.split()[:1] == ["run"]]


def sessions() -> list[tuple[str, str]]:
    """(command, expected output) of every console block."""
    texts = [text for block in blocks("console") for text in ("\n" + block.text).split("\n$ ")[1:]]
    return [(command, output) for command, _, output in (text.partition("\n") for text in texts)]


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


def run(command: str) -> subprocess.CompletedProcess[str]:
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    inherited = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env={**inherited, "PATH": search},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_there_is_something_to_test() -> None:
    assert len(PAGES) >= 5
    assert len(passes()) >= 4
    assert len(commands()) + len(sessions()) >= 8
    assert len(programs()) >= 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_closed_and_of_a_known_kind(page: Path) -> None:
    found = read_blocks(page)

    assert page.read_text().count("\n```") + page.read_text().startswith("```") == 2 * len(found)
    assert {block.language for block in found} <= {
        "sh",
        "console",
        "mlir",
        "python",
        "text",
        "toml",
    }


@pytest.mark.parametrize(("source", "made"), passes(), ids=str)
def test_pass(source: Block, made: Block) -> None:
    lowered = compile_ir(source.text, pipeline=made.argument)

    assert str(lowered.module) == str(parse_module(made.text))


@pytest.mark.parametrize("command", commands())
def test_command(command: str) -> None:
    outcome = run(command)

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("program", programs(), ids=str)
def test_program(program: Block) -> None:
    for package in program.argument.split()[1:]:
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")

    outcome = subprocess.run(
        [sys.executable, "-c", program.text], cwd=ROOT, capture_output=True, text=True
    )

    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize(("command", "expected"), sessions())
def test_session(command: str, expected: str) -> None:
    pattern = re.escape(expected.strip()).replace(re.escape("..."), "(?s:.*)")

    outcome = run(command)

    assert re.fullmatch(pattern, outcome.stdout.strip()), outcome.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text()):
        assert (page.parent / target).exists(), target
