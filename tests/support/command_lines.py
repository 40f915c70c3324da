"""Command lines executed in this process: RUN lines of lit tests, and those that pages show.

A process for each takes a second to start. The slow suite runs lit itself, and a shell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

import filecheck.main
from lit.ShUtil import Command, Pipeline, ShParser

from xdsl_ttnn.tools import ttnn_cost_report, ttnn_import, ttnn_opt, ttnn_run

TOOLS: dict[str, Callable[[list[str]], object]] = {
    "ttnn-cost-report": ttnn_cost_report.main,
    "ttnn-import": ttnn_import.main,
    "ttnn-opt": ttnn_opt.main,
    "ttnn-run": ttnn_run.main,
    "filecheck": lambda arguments: filecheck.main.main(["filecheck", *arguments]),
}

STDERR_TO_STDOUT = ((">&", 2), "1")
STDOUT_DROPPED = ((">",), "/dev/null")

REDIRECTED = {
    (): lambda out, err: (out, err),
    (STDERR_TO_STDOUT,): lambda out, err: (out, out),
    (STDERR_TO_STDOUT, STDOUT_DROPPED): lambda out, err: (err, out),
}
"""Where standard output and error go."""


def run_lines(path: Path) -> list[str]:
    """What lit would execute, with `%s` and `%S` replaced."""
    lines = re.findall(r"RUN: *(.*)", path.read_text())
    return [line.replace("%s", str(path)).replace("%S", str(path.parent)) for line in lines]


def check_line(line: str) -> None:
    """Execute a RUN line. Raises: AssertionError with what was printed."""
    pipeline = ShParser(line, pipefail=True).parse()
    assert isinstance(pipeline, Pipeline), line
    text, said = b"", ""
    for command in pipeline.commands:
        code, text, errors = _execute(command, text)
        said += errors
        wanted = code != 0 if command.args[0] == "not" else code == 0
        assert wanted, f"{line}\nexit code {code}\n{text.decode()}{said}"


def output_of(line: str) -> tuple[int, str] | None:
    """The exit code of a command line and all that it prints, in order; None for one of more than
    a tool and its arguments.
    """
    parsed = ShParser(line, pipefail=True).parse()
    if not isinstance(parsed, Pipeline) or len(parsed.commands) != 1:
        return None
    (command,) = parsed.commands
    if command.args[0] not in TOOLS or command.redirects:
        return None
    code, text, _ = _execute(Command(command.args, [STDERR_TO_STDOUT]), b"")
    return code, text.decode()


def _execute(command: Command, text: bytes) -> tuple[int, bytes, str]:
    """The exit code of a command, what it hands on in a pipeline, and what it says beside that."""
    name, *arguments = command.args[command.args[0] == "not" :]
    stdin, out, err = (TextIOWrapper(BytesIO(data)) for data in (text, b"", b""))
    stdout, stderr = REDIRECTED[tuple(command.redirects)](out, err)
    with redirect_stdout(stdout), redirect_stderr(stderr), patch("sys.stdin", stdin):
        try:
            code = TOOLS[name](arguments)
        except SystemExit as stop:
            code = stop.code
    out.flush()
    err.flush()
    return int(code or 0), out.buffer.getvalue(), err.buffer.getvalue().decode()
