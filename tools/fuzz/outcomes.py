"""What a fuzzer has to say of one case: what was drawn, what was refused, what is wrong."""

from __future__ import annotations

import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType

PACKAGE = "xdsl_ttnn"


@dataclass(frozen=True)
class Finding:
    """Something that should not be."""

    kind: str
    """What property does not hold: `crash`, `result`, `idempotence`, ..."""

    where: str
    """The pass or the frame it happened in."""

    text: str
    """One line on what was expected and got."""

    detail: str = ""
    """More lines: a traceback, a difference."""

    @property
    def key(self) -> str:
        """The same for findings that look like one fault: numbers and names do not count."""
        text = re.sub(r"'[^']*'|\"[^\"]*\"", "_", self.text)
        text = re.sub(r"\b[\w.<>, ]*x(f|bf|i|si|ui)\d+\b|[-+]?\d[\d.e+-]*", "#", text)
        return f"{self.kind} in {self.where}: {text[:160]}"

    @property
    def folder(self) -> str:
        """A name for a folder, of letters that every file system takes."""
        words = re.sub(r"[^a-z0-9]+", "-", f"{self.kind} {self.where}".lower()).strip("-")
        return f"{words[:60]}-{sha256(self.key.encode()).hexdigest()[:8]}"


@dataclass
class Outcome:
    """One case, checked."""

    counts: Counter[str] = field(default_factory=Counter[str])
    """How often what was drawn; keys like `pass cse`."""

    findings: list[Finding] = field(default_factory=list[Finding])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """What it takes to see the findings again, by file name."""


def innermost_frame(trace: TracebackType | None) -> str:
    """`folder/file.py:function` of the innermost frame that belongs to this project or to xDSL."""
    frames = traceback.extract_tb(trace)
    for frame in reversed(frames):
        parts = Path(frame.filename).parts
        if "site-packages" in parts and "xdsl" in parts:
            return f"xdsl/{parts[-1]}:{frame.name}"
        if "site-packages" not in parts and len(parts) > 1 and not frame.filename.startswith("<"):
            return f"{parts[-2]}/{parts[-1]}:{frame.name}"
    return "nowhere"


def crash(error: BaseException, where: str, kind: str = "crash") -> Finding:
    """The finding that an exception is which nobody meant to raise."""
    place = innermost_frame(error.__traceback__)
    lines = "".join(traceback.format_exception(error))
    return Finding(kind, f"{where}, {place}", f"{type(error).__name__}: {first_line(error)}", lines)


def first_line(error: BaseException) -> str:
    lines = str(error).splitlines() or [""]
    return lines[0][:300]
