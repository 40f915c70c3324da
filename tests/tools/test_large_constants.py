"""Files with a large constant, read, printed, run and complained of in little memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

LARGE = "tensor<256x256x256x3xf32>"
"""200 MB; a Python object for each element would be some 3 GB."""

LIMIT_BYTES = 2 << 30


def module(element: str, more: str = "") -> str:
    return f"""func.func @main() -> {LARGE} {{
  %c = "ttnn.constant"() <{{value = dense<{element}> : {LARGE}}}> : () -> {LARGE}
{more}  return %c : {LARGE}
}}
"""


def limited(tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A tool in a process of its own that may take 2 GiB, as under `ulimit -v 2097152`."""
    command = [sys.executable, "-m", f"xdsl_ttnn.tools.{tool}", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES)),
    )


@pytest.mark.parametrize("options", [(), ("-p", "ttnn-canonicalize"), ("--print-ir-after-all",)])
def test_a_splat_is_printed(options: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "splat.mlir"
    path.write_text(module("1.0"))

    outcome = limited("ttnn_opt", path, *options)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert f"<{{value = dense<1.000000e+00> : {LARGE}}}>" in outcome.stdout


@pytest.mark.parametrize("tool", ["ttnn_opt", "ttnn_run", "ttnn_cost_report"])
def test_an_error_beside_it(tool: str, tmp_path: Path) -> None:
    """xDSL would print the module for the error, and for each op asked whether it is the one."""
    path = tmp_path / "error.mlir"
    small = "tensor<2xf32>"
    wrong = f"""  %x = "ttnn.constant"() <{{value = dense<1.0> : {small}}}> : () -> {small}
  %r = "ttnn.relu"(%x) : ({small}) -> tensor<3xf32>
"""
    path.write_text(module("1.0", wrong))

    outcome = limited(tool, path)

    assert outcome.returncode == 2
    assert outcome.stderr == (
        f"{path}:4:3: error: 'ttnn.relu' op expected a result of shape (2), got (3)\n"
    )


def test_what_the_limit_leaves_is_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "large.mlir"
    type_ = "tensor<1000x1000x300xf32>"
    path.write_text(f"func.func @main(%x: {type_}) -> {type_} {{\n  return %x : {type_}\n}}\n")

    outcome = limited("ttnn_run", path)

    assert outcome.returncode == 2
    assert outcome.stderr.startswith(f"{path}:1:1: error: main(x: 1000x1000x300xfloat32): expected")
    assert outcome.stderr.endswith(" of memory that is available, got 4.8 GB\n")
