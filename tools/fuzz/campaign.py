"""A campaign: so many cases of one fuzzer and one seed, and how far it has come.

The state is a file of JSON lines, one a batch of cases, appended to: a run that was killed goes on
where it was, and a larger count goes on from there. A line that was cut off is not read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol

from .outcomes import Finding, Outcome

BATCH = 25
"""Cases that are handed out, and noted, together."""


class Fuzzer(Protocol):
    """What makes cases and checks them; it is handed to other processes."""

    @property
    def name(self) -> str:
        """What campaigns of it are called."""
        ...

    @property
    def cpu_seconds(self) -> int:
        """How long a case may take."""
        ...

    def check(self, seed: int, case: int) -> Outcome:
        """Make a case and check it; `files` of the outcome are set where there are findings."""
        ...

    def files(self, seed: int, case: int) -> dict[str, bytes]:
        """What a case is made of, by file name; nothing is checked."""
        ...


@dataclass(frozen=True)
class Batch:
    """Cases `first` up to, not including, `stop`, and what came of them."""

    first: int
    stop: int
    counts: Counter[str] = field(default_factory=Counter[str])
    findings: tuple[tuple[str, int], ...] = ()
    """Keys, and the case of each."""

    seconds: float = 0.0
    """Of one processor."""


class StateError(ValueError):
    """The state file is that of another campaign."""


@dataclass
class Campaign:
    """What was done so far, in memory and in a file."""

    fuzzer: str
    seed: int
    state: Path
    batches: dict[int, Batch] = field(default_factory=dict[int, Batch])

    def load(self) -> None:
        """Read what an earlier run has done. Raises: StateError."""
        if not self.state.exists():
            self.state.parent.mkdir(parents=True, exist_ok=True)
            self._append({"fuzzer": self.fuzzer, "seed": self.seed, "batch": BATCH})
            return
        records = list(_read(self.state))
        expected = {"fuzzer": self.fuzzer, "seed": self.seed, "batch": BATCH}
        if not records or records[0] != expected:
            got = records[0] if records else "nothing"
            raise StateError(f"{self.state}: expected the state of {expected}, got {got}")
        for record in records[1:]:
            batch = _batch(record)
            self.batches[batch.first] = batch
        # A line that was cut off must not swallow the next one.
        if not self.state.read_bytes().endswith(b"\n"):
            with self.state.open("a") as stream:
                stream.write("\n")

    def missing(self, count: int) -> Iterator[Batch]:
        """The batches that are left of so many cases."""
        for first in range(0, count, BATCH):
            if first not in self.batches:
                yield Batch(first, first + BATCH)

    def add(self, batch: Batch) -> None:
        """Note what came of a batch."""
        self.batches[batch.first] = batch
        self._append({field.name: getattr(batch, field.name) for field in fields(batch)})

    def _append(self, record: Any) -> None:
        with self.state.open("a") as stream:
            stream.write(json.dumps(record) + "\n")

    @property
    def cases(self) -> int:
        """How many were checked."""
        return sum(batch.stop - batch.first for batch in self.batches.values())

    @property
    def counts(self) -> Counter[str]:
        """How often what was drawn and met."""
        return sum((batch.counts for batch in self.batches.values()), Counter[str]())

    @property
    def findings(self) -> dict[str, list[int]]:
        """The cases of each kind of finding, by key."""
        found: dict[str, list[int]] = {}
        for batch in sorted(self.batches.values(), key=lambda batch: batch.first):
            for key, case in batch.findings:
                found.setdefault(key, []).append(case)
        return found

    @property
    def seconds(self) -> float:
        """Of one processor."""
        return sum(batch.seconds for batch in self.batches.values())


def _read(path: Path) -> Iterator[Any]:
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue


def _batch(record: Any) -> Batch:
    findings = tuple((key, case) for key, case in record["findings"])
    counts = Counter[str](record["counts"])
    return Batch(record["first"], record["stop"], counts, findings, record["seconds"])


@dataclass(frozen=True)
class Store:
    """Where findings are kept: one folder for each key, with what it takes to see it again."""

    root: Path
    command: str
    """How to check one case again; `{case}` stands for its number."""

    def keep(self, finding: Finding, case: int, files: Sequence[tuple[str, bytes]]) -> None:
        """Write the folder of a finding, unless there is one of its key."""
        folder = self.root / finding.folder
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            return
        for name, content in files:
            (folder / name).write_bytes(content)
        text = f"{finding.key}\n\n{finding.text}\n\n{finding.detail}\n"
        (folder / "finding.txt").write_text(text)
        with (folder / "command.sh").open("a") as stream:
            stream.write(self.command.format(case=case) + "\n")
