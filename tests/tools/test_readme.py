"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from xdsl_ttnn.dialect.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def _commands() -> list[str]:
    return [line for block in _blocks("sh") for line in block.splitlines()]


def test_there_is_something_to_test() -> None:
    assert len(_blocks("mlir")) == 2
    assert len(_commands()) >= 5
    assert len(_blocks("python")) == 1


def test_before_is_the_example() -> None:
    example = (ROOT / "examples" / "quickstart.mlir").read_text()

    assert str(parse_module(_blocks("mlir")[0])) == str(parse_module(example))


def test_after_is_what_comes_out() -> None:
    before, after = _blocks("mlir")

    lowered = compile_ir(before, pipeline="ttnn-to-decomposed{strategy=zero-insert}")

    assert str(lowered.module) == str(parse_module(after))


@pytest.mark.parametrize("command", _commands())
def test_command(command: str, tmp_path: Path) -> None:
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    command = command.replace("build/", f"{tmp_path}/")

    outcome = subprocess.run(
        command, shell=True, cwd=ROOT, env={**os.environ, "PATH": search}, capture_output=True
    )

    assert outcome.returncode == 0, outcome.stderr.decode()


def test_python() -> None:
    program = _blocks("python")[0]

    outcome = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )

    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith("(1, 9, 9, 3) float32\n")


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
