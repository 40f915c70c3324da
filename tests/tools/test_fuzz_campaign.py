"""Campaigns of fuzzers: resumed, on several processes, with cases that kill them."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from xdsl_ttnn.tools.fuzz import workers
from xdsl_ttnn.tools.fuzz.__main__ import main
from xdsl_ttnn.tools.fuzz.campaign import BATCH, Batch, Campaign, StateError, Store
from xdsl_ttnn.tools.fuzz.outcomes import Finding, Outcome
from xdsl_ttnn.tools.fuzz.report import summary
from xdsl_ttnn.tools.fuzz.workers import Work, run_batches


@dataclass
class Bad:
    """A fuzzer of which some cases end badly."""

    ends: dict[int, str] = field(default_factory=dict)
    name: str = "bad"
    cpu_seconds: int = 1

    def check(self, seed: int, case: int) -> Outcome:
        match self.ends.get(case):
            case "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            case "is found":
                return Outcome(Counter(["found"]), [Finding("wrong", "here", "got 1")], {"a": b"1"})
            case "loops":
                while True:
                    pass
            case "sleeps":
                time.sleep(600)
            case "is large":
                bytearray(8 << 30)
            case "fails":
                raise IndexError("of the fuzzer itself")
            case _:
                pass
        return Outcome(Counter(["checked"]))

    def files(self, seed: int, case: int) -> dict[str, bytes]:
        return {"case.txt": f"{seed} {case}".encode()}


def run(tmp_path: Path, fuzzer: Bad, count: int, jobs: int = 2) -> Campaign:
    campaign = Campaign(fuzzer.name, 7, tmp_path / "state.jsonl")
    campaign.load()
    store = Store(tmp_path / "findings", "again {case}")
    for _ in run_batches(campaign, Work(fuzzer, 7, store), count, jobs):
        pass
    return campaign


def folders(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "findings").glob("*"))


def test_every_case_is_checked_once(tmp_path: Path) -> None:
    campaign = run(tmp_path, Bad(), 4 * BATCH)

    assert campaign.counts == {"checked": 4 * BATCH}
    assert campaign.findings == {}
    assert folders(tmp_path) == []


def test_findings_are_kept_once_a_kind(tmp_path: Path) -> None:
    campaign = run(tmp_path, Bad({3: "is found", 30: "is found"}), 2 * BATCH)

    assert campaign.findings == {"wrong in here: got #": [3, 30]}
    (folder,) = folders(tmp_path)
    assert (folder / "a").read_bytes() == b"1"
    assert (folder / "command.sh").read_text() in ("again 3\n", "again 30\n")
    assert (folder / "finding.txt").read_text().startswith("wrong in here: got #")


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("dies", "death in exit code -9"),
        ("loops", "too long in 1 s of processor time"),
        ("is large", "memory in 2048 MiB"),
        ("fails", "fuzzer in the fuzzer"),
    ],
)
def test_a_case_that_ends_badly_is_a_finding_and_the_rest_goes_on(
    end: str, kind: str, tmp_path: Path
) -> None:
    campaign = run(tmp_path, Bad({4: end}), 2 * BATCH)

    assert campaign.counts == {"checked": 2 * BATCH - 1}
    ((key, cases),) = campaign.findings.items()
    assert key.startswith(kind)
    assert cases == [4]
    (folder,) = folders(tmp_path)
    assert (folder / "case.txt").read_text() == "7 4"


def test_a_case_that_hangs_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WALL_FACTOR", 6)

    campaign = run(tmp_path, Bad({4: "sleeps"}), BATCH, jobs=1)

    assert campaign.counts == {"checked": BATCH - 1}
    assert list(campaign.findings.values()) == [[4]]


def test_a_process_ends_after_enough_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CASES_OF_A_PROCESS", 10)

    campaign = run(tmp_path, Bad(), 2 * BATCH, jobs=1)

    assert campaign.counts == {"checked": 2 * BATCH}
    assert campaign.findings == {}


def test_a_campaign_goes_on_where_it_was(tmp_path: Path) -> None:
    run(tmp_path, Bad({3: "is found"}), BATCH)
    state = tmp_path / "state.jsonl"
    state.write_text(state.read_text() + '{"first": 25, "st')

    campaign = run(tmp_path, Bad(), 3 * BATCH)

    assert campaign.cases == 3 * BATCH
    assert campaign.counts == {"checked": 3 * BATCH - 1, "found": 1}
    assert list(campaign.findings.values()) == [[3]]
    again = Campaign("bad", 7, state)
    again.load()
    assert again.batches == campaign.batches
    assert len(state.read_text().splitlines()) == 1 + 1 + 1 + 2


def test_batches_that_were_done_out_of_order_are_not_done_again(tmp_path: Path) -> None:
    campaign = Campaign("bad", 7, tmp_path / "state.jsonl")
    campaign.load()
    campaign.add(Batch(BATCH, 2 * BATCH))

    assert [batch.first for batch in campaign.missing(3 * BATCH)] == [0, 2 * BATCH]


def test_the_state_of_another_seed_is_refused(tmp_path: Path) -> None:
    Campaign("bad", 7, tmp_path / "state.jsonl").load()

    with pytest.raises(StateError, match=r"'seed': 8.*'seed': 7"):
        Campaign("bad", 8, tmp_path / "state.jsonl").load()


def test_summary(tmp_path: Path) -> None:
    campaign = run(tmp_path, Bad({3: "is found"}), BATCH)

    lines = summary(campaign, tmp_path).splitlines()

    assert "checked:  24" in lines
    assert "FOUND 1 times (cases 3): wrong in here: got #" in lines


def test_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    state, findings = tmp_path / "state.jsonl", tmp_path / "findings"
    command = ["modules", "--count=25", f"--state={state}", f"--findings={findings}"]

    code = main(command)

    assert code in (0, 1)
    assert "modules, seed 0: 25 cases" in capfd.readouterr().out
    assert json.loads(state.read_text().splitlines()[0])["fuzzer"] == "modules"
    assert main([*command, "--seed=1"]) == 2
    assert main(["modules", "--case=3"]) in (0, 1)
    assert "// module.mlir\nbuiltin.module {" in capfd.readouterr().out
