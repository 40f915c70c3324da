"""Every parameter of the op as large as it may be, through every tool: answers within bounds.

A subprocess may take a minute of processor time and 2 GiB of address space; a tool that unrolls
phases or allocates before it counts dies there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import conv_transpose2d_ir, make_case
from xdsl_ttnn.passes.strategies.registry import own_names

LARGEST = 2**31 - 1
SMALL = {"h": 2, "w": 2, "c": 1, "o": 1, "kh": 1, "kw": 1}
HUGE = {
    "stride": make_case(**SMALL, sh=LARGEST),
    "both strides": make_case(**SMALL, sh=LARGEST, sw=LARGEST),
    "many phases": make_case(**SMALL | {"kh": 257, "kw": 257}, sh=256, sw=256),
    "kernel": make_case(**SMALL | {"kh": LARGEST}, sh=2),
    "square kernel": make_case(**SMALL | {"kh": 30_000, "kw": 30_000}, sh=2, sw=2),
    "dilation": make_case(**SMALL | {"kh": 2}, dh=2**31 - 3, padding=[0, 0]),
    "dilated kernel": make_case(**SMALL | {"kh": 46_341}, dh=46_340),
    "padding": make_case(**SMALL | {"kh": 2**20}, padding=[2**19, 0]),
    "output padding": make_case(**SMALL, sh=LARGEST, oph=LARGEST - 1),
    "batch": make_case(**SMALL, n=LARGEST),
    "height": make_case(**SMALL | {"h": LARGEST, "w": 1}),
    "pixels": make_case(**SMALL | {"h": 2**16, "w": 2**16}),
    "input channels": make_case(**SMALL | {"c": LARGEST}),
    "output channels": make_case(**SMALL | {"o": LARGEST}),
    "groups": make_case(**SMALL | {"c": 2**24, "o": 2**24}, groups=2**24),
    "all of it": make_case(h=2**16, w=2**16, c=2**16, o=2**16, kh=2**15, kw=2**15, sh=7, sw=7),
}

RUNS = ("many phases", "kernel", "square kernel", "padding", "groups")
"""What fits into memory, and takes its time."""

PIPELINES = (
    "ttnn-infer-shapes,ttnn-fuse,ttnn-canonicalize,ttnn-fold-constants,hoist-weight-preparation",
    "ttnn-to-loops",
    "ttnn-to-loops{conv=im2col}",
    *(f"ttnn-to-linalg{{strategy={strategy}}}" for strategy in own_names()),
    *(
        f"ttnn-to-decomposed{{strategy={strategy}}},legalize-deconv-to-ttnn"
        for strategy in own_names()
    ),
)

PROGRAM = """
import contextlib, io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from xdsl_ttnn.tools import ttnn_cost_report, ttnn_opt, ttnn_run
TOOLS = {"opt": ttnn_opt.main, "run": ttnn_run.main, "cost": ttnn_cost_report.main}
for tool, *arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = TOOLS[tool](arguments)
    print(json.dumps([code, err.getvalue()]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", HUGE)
def test_huge_parameters(what: str, tmp_path: Path) -> None:
    """Each tool does its work or refuses it in one line, at the op."""
    path = tmp_path / "huge.mlir"
    path.write_text(conv_transpose2d_ir(HUGE[what]))
    commands = [
        *(["opt", str(path), "-p", pipeline] for pipeline in PIPELINES),
        ["cost", str(path)],
        ["cost", str(path), "--json"],
    ]
    if what not in RUNS:
        commands += [["run", str(path), "--check", "--strategy", name] for name in own_names()]

    program = [sys.executable, "-c", PROGRAM, json.dumps(commands)]
    outcome = subprocess.run(program, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stderr
    answers = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert len(answers) == len(commands)
    for command, (code, errors) in zip(commands, answers, strict=True):
        assert code in (0, 2), command
        if code == 2:
            assert errors.startswith(f"{path}:"), (command, errors)
            assert "expected" in errors, (command, errors)
