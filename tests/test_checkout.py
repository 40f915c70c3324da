"""A fresh clone: `make demo`, then every command that README and docs show, in one shell."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.pages import BLOCKS, ONCE, README, ROOT, Block, fits, missing_extras

NOT_HERE = "make test"
"""It would run this."""


@dataclass(frozen=True)
class Step:
    """A command of a page, and what it has to print if that is known."""

    block: Block
    command: str
    expected: str | None

    def fault(self, code: int, printed: str) -> str | None:
        wrong = code != 0 if self.expected is None else not fits(self.expected, printed)
        return f"{self.block}: {self.command}\nexit code {code}\n{printed}" if wrong else None


def steps(block: Block) -> list[Step]:
    """The commands of a block; a program is one."""
    if block.language == "python":
        return [Step(block, f"python -c {shlex.quote(block.text)}", None)]
    shown = block.language == "console"
    return [
        Step(block, command, printed if shown else None)
        for command, printed in block.commands
        if not command.startswith(NOT_HERE)
    ]


def shell(commands: list[str], folder: Path, results: Path) -> list[tuple[int, str]]:
    """Run commands one after another in one shell: (exit code, output) of each."""
    script = [
        f"{{ {command}\n}} > {shlex.quote(str(results / str(number)))} 2>&1 < /dev/null\n"
        f"echo $? > {shlex.quote(str(results / f'{number}.code'))}"
        for number, command in enumerate(commands)
    ]
    outside = ("VIRTUAL_ENV", "PYTHONPATH", "COLUMNS", "MAKEFLAGS")
    environment = {name: value for name, value in os.environ.items() if name not in outside}
    # The interpreter of this run has its own folder in front: none of its tools may be found.
    own = str(Path(sys.executable).parent)
    search = [part for part in environment["PATH"].split(os.pathsep) if part != own]
    environment["PATH"] = os.pathsep.join(search)
    results.mkdir()
    subprocess.run(["bash", "-c", "\n".join(script)], cwd=folder, env=environment)
    return [
        (int((results / f"{number}.code").read_text()), (results / str(number)).read_text())
        for number in range(len(commands))
    ]


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone without a repository")
def test_every_command_in_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    first = [step for block in BLOCKS if block.argument == ONCE for step in steps(block)]
    assert first[0].block.page == README
    assert [step.command.split("#")[0].strip() for step in first] == [
        "make demo",
        ". .venv/bin/activate",
    ]
    listing = "python -m pip list --format json 2>/dev/null"
    start = [*(step.command for step in first), listing]
    made = shell(start, clone, tmp_path / "start")
    assert [step.fault(*result) for step, result in zip(first, made[:-1], strict=True)] == [
        None
    ] * 2
    installed = [entry["name"] for entry in json.loads(made[-1][1])]

    runnable = [
        block
        for block in BLOCKS
        if block.language in ("sh", "console")
        or (block.language, block.argument[:3]) == ("python", "run")
    ]
    missing = {str(block): missing_extras(block, installed) for block in runnable}
    later = [
        step
        for block in runnable
        if block.argument != ONCE and not missing[str(block)]
        for step in steps(block)
    ]
    results = shell([first[-1].command, *(step.command for step in later)], clone, tmp_path / "all")
    faults = [step.fault(*result) for step, result in zip(later, results[1:], strict=True)]

    assert len(later) > 25
    assert {extra for extras in missing.values() for extra in extras} == {"onnx", "torch"}
    assert not any(faults), "\n\n".join(filter(None, faults))
