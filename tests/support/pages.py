"""The blocks of README and docs, and what each of them needs.

What follows an opening fence says what a block is:
- `sh [EXTRA...]`: every line is a command that must succeed, run in the root of the repository;
- `sh once`: commands for a fresh checkout; the slow suite runs those that are no test suite;
- `console [EXTRA...]`: lines after `$` are commands, the lines below are all they print; `...` is
  any text;
- `python run [EXTRA...]`: a program that must succeed, run in the root of the repository;
- `python emitted`: lines of what the interpreter makes of the quickstart's loops;
- `mlir input`: IR that parses, and what the blocks below it on that page start from;
- `mlir PIPELINE`: what that pipeline makes of the input;
- `toml target`: a target of the cost model;
- `python FILE`, `toml FILE`: the whole of a file of the repository.

EXTRA is an extra of pyproject.toml: where it is not installed, the block is skipped by that name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))

LANGUAGES = {"sh", "console", "mlir", "python", "text", "toml"}
ONCE = "once"

_FENCE = re.compile(r"^```(\w+) *(.*)\n((?:(?!^```).*\n)*)^```$", re.M)
_REQUIREMENT = re.compile(r"[\w.-]+")


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    argument: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"

    @property
    def extras(self) -> list[str]:
        """The extras that the block needs."""
        words = self.argument.split()
        if self.language == "python":
            return words[1:] if words[:1] == ["run"] else []
        return words if self.language in ("sh", "console") and words != [ONCE] else []

    @property
    def commands(self) -> list[tuple[str, str]]:
        """(command, what it prints) of a block of commands; `sh` blocks do not say."""
        if self.language == "sh":
            return [(line, "") for line in self.text.splitlines()]
        parts = (part.partition("\n") for part in ("\n" + self.text).split("\n$ ")[1:])
        return [(command, printed) for command, _, printed in parts]


def read_blocks(page: Path) -> list[Block]:
    text = page.read_text()
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2], found[3])
        for found in _FENCE.finditer(text)
    ]


BLOCKS = [block for page in PAGES for block in read_blocks(page)]


def blocks(language: str, argument: str | None = None) -> list[Block]:
    """The blocks of a language; with an argument, those whose first word it is."""
    return [
        block
        for block in BLOCKS
        if block.language == language
        and (argument is None or block.argument.split()[:1] == [argument])
    ]


def fits(expected: str, printed: str) -> bool:
    """Whether a command printed what its block shows."""
    pattern = re.escape(expected.strip()).replace(re.escape("..."), "(?s:.*)")
    return re.fullmatch(pattern, printed.strip()) is not None


def all_extras() -> dict[str, list[str]]:
    """The distributions that each extra of pyproject.toml brings."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        extra: [_REQUIREMENT.match(text)[0] for text in requirements]
        for extra, requirements in project["optional-dependencies"].items()
    }


def missing_extras(block: Block, installed: Iterable[str]) -> list[str]:
    """The extras of a block that are not there, by the distributions that are."""
    names = {name.lower().replace("_", "-") for name in installed}
    return [
        extra
        for extra in block.extras
        if any(name.lower().replace("_", "-") not in names for name in all_extras()[extra])
    ]
