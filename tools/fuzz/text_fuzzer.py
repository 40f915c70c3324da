"""Mutated text through the command lines, in one process.

Whatever the text is, the exit code is 0, 1 (a check that failed) or 2, a failure is one message
that says where, nothing is half-written, and what `ttnn-opt` prints is read again.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from pathlib import Path
from random import Random

from .. import ttnn_cost_report, ttnn_opt, ttnn_run
from ..diagnostics import TRACEBACK_VARIABLE
from .command_lines import COST, OPT, RUN, Command, draw_command
from .corpus import Corpus
from .mutations import mutated
from .outcomes import Finding, Outcome, crash

MAINS: dict[str, Callable[[Sequence[str]], int]] = {
    OPT: ttnn_opt.main,
    RUN: ttnn_run.main,
    COST: ttnn_cost_report.main,
}

FILE = "mutated.mlir"

WITHOUT_A_PLACE = (
    r"^entry ",
    r"^expected a function ('main'|with a body)",
    r"^expected --inputs for ",
    r"^strategy: expected ",
    r"(^|: )function: expected one of ",
)
"""Messages about a file as a whole, or about the command line."""

UNFORESEEN = ("internal error", "place")

_MESSAGE = re.compile(r"^(?P<place>.*?): error: (?P<text>.*)$", re.M)


@dataclass(frozen=True)
class Answer:
    """What a command line did."""

    code: int
    out: str
    err: str


def call(command: Command, path: str) -> Answer:
    """Run a tool in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = MAINS[command.tool]([path, *command.arguments])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    # How the file is called here says nothing.
    return Answer(code, *(text.getvalue().replace(path, FILE) for text in (out, err)))


@dataclass(frozen=True)
class TextFuzzer:
    """Cases by number."""

    paths: tuple[Path, ...]
    name: str = "texts"
    cpu_seconds: int = 20

    @cached_property
    def corpus(self) -> Corpus:
        """What is mutated."""
        return Corpus.read(self.paths)

    def draw(self, random: Random) -> tuple[bytes, Command]:
        """A text, and what is done to it."""
        content = mutated(random, self.corpus)
        return content, draw_command(random, content)

    def check(self, seed: int, case: int) -> Outcome:
        """Draw a case and check it."""
        content, command = self.draw(Random(f"{seed}:{case}"))
        outcome = check_text(content, command)
        if outcome.findings:
            outcome.files = text_files(content, command)
        return outcome

    def files(self, seed: int, case: int) -> dict[str, bytes]:
        """The text, and the command."""
        return text_files(*self.draw(Random(f"{seed}:{case}")))


def text_files(content: bytes, command: Command) -> dict[str, bytes]:
    """What it takes to see a finding again."""
    line = shlex.join((command.tool, FILE, *command.arguments))
    return {FILE: content, "command.sh": f"{line}\n".encode()}


def check_text(content: bytes, command: Command) -> Outcome:
    """Run a command on a text and judge what it does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(content)
        try:
            answer = call(command, str(path))
        except MemoryError:
            raise
        except Exception as error:
            return Outcome(Counter(), [crash(error, command.tool)])
        findings = judged(answer, command)
        if any(finding.kind in UNFORESEEN for finding in findings):
            findings = [_with_trace(finding, command, str(path)) for finding in findings]
        if answer.code == 0 and command.tool == OPT and not findings:
            findings += _read_again(answer.out, command, path)
    return Outcome(Counter([f"{command.tool} exit code {answer.code}"]), findings)


def judged(answer: Answer, command: Command) -> list[Finding]:
    """What is wrong with an answer."""
    name, err = command.tool, answer.err
    allowed = (0, 1, 2) if name == RUN and "--check" in command.arguments else (0, 2)
    if answer.code not in allowed:
        return [Finding("exit code", name, f"expected one of {allowed}, got {answer.code}", err)]
    for sign in ("Traceback", "internal error"):
        if sign in err:
            return [Finding(sign.lower(), name, _line_with(sign, err), err)]
    if answer.code != 2:
        return []
    messages = list(_MESSAGE.finditer(err))
    if not messages:
        return [Finding("message", name, "expected an error message, got none", err)]
    findings: list[Finding] = []
    if len(messages) > 1 and "--split-input-file" not in command.arguments:
        findings.append(Finding("message", name, f"expected one, got {len(messages)}", err))
    place, text = messages[-1]["place"], messages[-1]["text"]
    if "not enough memory" in text:
        findings.append(Finding("memory", name, text, err))
    if answer.out and "--split-input-file" not in command.arguments:
        findings.append(Finding("half-written", name, f"expected no output beside {text}", err))
    if place == FILE and not any(re.search(pattern, text) for pattern in WITHOUT_A_PLACE):
        findings.append(Finding("place", name, text, err))
    elif not (place == name or place.startswith(FILE)):
        findings.append(Finding("place", name, f"expected the file, got {place}: {text}", err))
    return findings


def _with_trace(finding: Finding, command: Command, path: str) -> Finding:
    """The finding with the frame in which it was raised, which tells causes apart."""
    os.environ[TRACEBACK_VARIABLE] = "1"
    try:
        err = call(command, path).err
    finally:
        del os.environ[TRACEBACK_VARIABLE]
    frames = re.findall(r'File ".*?([^/"]+/[^/"]+)", line \d+, in (\S+)', err)
    where = ":".join(frames[-1]) if frames else "nowhere"
    return replace(finding, where=f"{finding.where}, {where}", detail=err)


def _line_with(sign: str, text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if sign in line), "")[:300]


READING_FLAGS = ("--split-input-file", "--print-op-generic", "--allow-unregistered-dialect")
"""What reads and prints the same text again."""


def _read_again(text: str, command: Command, path: Path) -> list[Finding]:
    """Whether what was printed is read, and printed alike."""
    flags = [argument for argument in command.arguments if argument in READING_FLAGS]
    path.write_text(text)
    answer = call(Command(OPT, tuple(flags)), str(path))
    if answer.code != 0:
        return [Finding("printed", OPT, answer.err, text)]
    if answer.out != text:
        return [Finding("printed", OPT, "expected the same text again", f"{text}\n{answer.out}")]
    return []
