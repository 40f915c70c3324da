"""Standard streams that are closed, full, or left by their reader; targets and missing packages."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import onnx
import pytest

from support.onnx_graphs import node_model
from xdsl_ttnn.frontend.extras import EXTRAS
from xdsl_ttnn.tools import streams
from xdsl_ttnn.tools.diagnostics import Situation, describe

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "examples" / "quickstart.mlir"
TOOLS = ("ttnn_opt", "ttnn_run", "ttnn_cost_report", "ttnn_import")


def shell(tool: str, arguments: str) -> subprocess.CompletedProcess[str]:
    """A tool in a shell of its own, so that its streams can be redirected and closed."""
    command = f"'{sys.executable}' -m xdsl_ttnn.tools.{tool} {arguments}"
    return subprocess.run(command, shell=True, capture_output=True, text=True)


@pytest.fixture
def source(tmp_path: Path):
    def make(tool: str) -> Path:
        if tool != "ttnn_import":
            return QUICKSTART
        path = tmp_path / "model.onnx"
        onnx.save_model(node_model("Relu", {"x": np.ones((1, 2), np.float32)}), path)
        return path

    return make


@pytest.mark.parametrize("tool", TOOLS)
def test_a_closed_input(tool: str) -> None:
    outcome = shell(tool, "- <&-")

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr == "<stdin>: error: expected an open stream, got a closed one\n"


@pytest.mark.parametrize("tool", TOOLS)
def test_a_closed_output(tool: str, source) -> None:
    outcome = shell(tool, f"'{source(tool)}' >&-")

    assert outcome.returncode == 2
    assert outcome.stderr == "<stdout>: error: expected an open stream, got a closed one\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize("tool", ["ttnn_opt", "ttnn_run"])
def test_a_full_output_is_blamed_and_not_the_input(tool: str, source) -> None:
    outcome = shell(tool, f"'{source(tool)}' > /dev/full")

    assert outcome.returncode == 2
    assert outcome.stderr == "<stdout>: error: no space left on device\n"


@pytest.mark.parametrize("tool", ["ttnn_run", "ttnn_cost_report"])
def test_a_reader_that_leaves(tool: str, source) -> None:
    """Before anything is printed, as far as sleeping makes sure of that."""
    command = f"'{sys.executable}' -m xdsl_ttnn.tools.{tool} '{source(tool)}'"
    script = f"set -o pipefail; (sleep 0.1; {command}) | true"

    outcome = subprocess.run(["bash", "-c", script], capture_output=True, text=True)

    assert (outcome.returncode, outcome.stderr) == (141, "")


def test_what_is_not_printed_needs_no_output(tmp_path: Path) -> None:
    target = tmp_path / "out.mlir"

    outcome = shell("ttnn_opt", f"'{QUICKSTART}' -o '{target}' >&- <&-")

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert target.read_text().startswith("builtin.module {")


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_messages_that_nobody_can_read(redirection: str) -> None:
    """They go nowhere, not into the output."""
    outcome = shell("ttnn_run", f"no-such-file.mlir {redirection}")

    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (2, "", "")


def test_remarks_stay_out_of_the_output() -> None:
    outcome = shell("ttnn_opt", f"'{QUICKSTART}' -p ttnn-to-decomposed 2>&-")

    assert outcome.returncode == 0
    assert outcome.stdout.startswith("builtin.module {")


def test_errors_name_a_stream_or_a_file() -> None:
    def fault(error: OSError) -> str:
        return str(describe(error, Situation("ttnn-run", "input.mlir")))

    assert fault(OSError(28, "No space left")) == "<stdout>: error: no space left"
    assert fault(OSError(28, "No space left", "a.npz")) == "a.npz: error: no space left"
    with pytest.raises(OSError, match="No space left") as caught, streams.naming("b.npz"):
        raise OSError(28, "No space left")
    assert fault(caught.value) == "b.npz: error: no space left"


# Targets and packages ---------------------------------------------------------------------------


def test_every_extra_that_messages_name_is_offered() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]

    for package, extra in EXTRAS.items():
        assert any(requirement.startswith(package) for requirement in extras[extra])


def test_a_target_without_its_package(opt, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.delitem(sys.modules, "xdsl.backend.llvm.convert", raising=False)

    outcome = opt(QUICKSTART, "-t", "llvm")

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "ttnn-opt: error: expected the package 'llvmlite', got none; "
        "run: pip install 'xdsl-ttnn[native]'\n"
    )


def test_a_package_that_no_extra_brings(opt, monkeypatch) -> None:
    from xdsl_ttnn.frontend import pipelines

    def load() -> None:
        raise ModuleNotFoundError("No module named 'jax'", name="jaxlib.mlir")

    table = {**pipelines.all_passes(), "needs-jax": load}
    monkeypatch.setattr(pipelines, "all_passes", lambda: table)

    outcome = opt(QUICKSTART, "-p", "needs-jax")

    assert outcome.code == 2
    assert outcome.err.endswith(
        "error: expected the package 'jaxlib', got none; run: pip install 'jaxlib'\n"
    )


@pytest.mark.parametrize("target", ["riscv-asm", "x86-asm", "arm-asm", "mps"])
def test_a_target_for_other_ops(target: str, opt) -> None:
    outcome = opt(QUICKSTART, "-t", target)

    assert (outcome.code, outcome.out) == (2, "")
    (line,) = outcome.err.splitlines()
    message = f"{QUICKSTART}: error: target '{target}': expected a module that it can print, got "
    assert line.startswith(message)
    assert len(line) < 400


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("mlir{", "target 'mlir{', column 6: Expected argument name here"),
        ("mlir{colour=true}", "target 'mlir': Provided arguments"),
    ],
)
def test_targets_that_are_not_understood(target: str, message: str, opt, tmp_path: Path) -> None:
    outcome = opt(tmp_path / "is-not-read.mlir", "-t", target)

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"ttnn-opt: error: {message}")
