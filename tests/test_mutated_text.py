"""Mutated text through the command lines: what `python -m xdsl_ttnn.tools.fuzz texts` does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from xdsl.dialects import func

from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.passes.canonicalize import TTNNCanonicalizePass
from xdsl_ttnn.tools import diagnostics
from xdsl_ttnn.tools.fuzz.command_lines import COST, OPT, RUN, TOOLS, Command
from xdsl_ttnn.tools.fuzz.corpus import TOKEN, Corpus
from xdsl_ttnn.tools.fuzz.mutations import MUTATIONS, mutated
from xdsl_ttnn.tools.fuzz.outcomes import Outcome
from xdsl_ttnn.tools.fuzz.text_fuzzer import FILE, Answer, TextFuzzer, check_text, judged
from xdsl_ttnn.tools.fuzz.workers import checked

ROOT = Path(__file__).parents[1]
FUZZER = TextFuzzer((ROOT / "examples", ROOT / "filecheck"))

MODULE = b"""
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ttnn.relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
"""


def check_cases(seed: int, first: int, stop: int) -> Counter[str]:
    """Check cases; what the tools answered."""
    counts: Counter[str] = Counter()
    for case in range(first, stop):
        outcome = checked(FUZZER, seed, case)
        counts += outcome.counts
        found = [f"{finding.key}\n{finding.text}\n{finding.detail}" for finding in outcome.findings]
        assert not found, f"seed {seed}, case {case}: {found[0]}"
    return counts


def test_mutated_text() -> None:
    check_cases(0, 0, 60)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_much_mutated_text(part: int) -> None:
    counts = check_cases(1, 250 * part, 250 * (part + 1))

    assert all(counts[f"{tool} exit code 2"] > 10 for tool in TOOLS)
    assert sum(counts[f"{tool} exit code 0"] for tool in TOOLS) > 10


def test_the_corpus_is_all_of_the_files() -> None:
    files = [*ROOT.glob("examples/*.mlir"), *ROOT.glob("filecheck/**/*.mlir")]

    assert len(FUZZER.corpus.texts) == len(files) >= 40
    assert len(FUZZER.corpus.sound_pieces) >= 30


def test_a_corpus_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected \.mlir files in .*, got none"):
        Corpus.read([tmp_path])


def test_tokens_join_to_the_text() -> None:
    for piece in FUZZER.corpus.pieces:
        assert "".join(TOKEN.findall(piece)) == piece


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_every_mutation_changes_most_texts(mutation) -> None:
    text = FUZZER.corpus.texts[0][1]

    changed = [mutation(Random(seed), FUZZER.corpus, text) != text for seed in range(20)]

    assert sum(changed) >= 12


def test_a_seed_stands_for_a_text() -> None:
    texts = [mutated(Random(seed), FUZZER.corpus) for seed in (1, 1, 2)]

    assert texts[0] == texts[1] != texts[2]


def kinds(outcome: Outcome) -> list[str]:
    return [finding.kind for finding in outcome.findings]


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_is_found_in_what_is_fine(tool: str) -> None:
    outcome = check_text(MODULE, Command(tool, ()))

    assert outcome.findings == []
    assert outcome.counts == {f"{tool} exit code 0": 1}


def test_a_verifier_that_breaks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(op: ttnn.UnaryOp) -> None:
        raise IndexError("tuple index out of range")

    monkeypatch.setattr(ttnn.UnaryOp, "result_shape", broken)

    (finding,) = check_text(MODULE, Command(OPT, ())).findings

    assert finding.kind == "internal error"
    assert finding.where.endswith("test_mutated_text.py:broken")


def test_a_message_without_a_place_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "failing_op", lambda module, error: None)
    wrong = MODULE.replace(b"x: tensor<2x3x", b"x: tensor<3x2x").replace(
        b"(tensor<2x3", b"(tensor<3x2"
    )

    outcome = check_text(wrong, Command(OPT, ()))

    assert kinds(outcome) == ["place"]


def test_printed_ir_that_does_not_verify_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(func.FuncOp, "print", lambda op, printer: printer.print_string(" ?"))

    assert kinds(check_text(MODULE, Command(OPT, ()))) == ["printed"]


def test_what_does_not_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self, context, module) -> None:
        while True:
            pass

    monkeypatch.setattr(TTNNCanonicalizePass, "apply", never)

    class Quick(TextFuzzer):
        def check(self, seed: int, case: int) -> Outcome:
            return check_text(MODULE, Command(OPT, ("-p", "ttnn-canonicalize")))

    outcome = checked(Quick((ROOT / "examples",), cpu_seconds=1), 0, 0)

    assert kinds(outcome) == ["too long"]


@pytest.mark.parametrize(
    ("answer", "tool", "kind"),
    [
        (Answer(3, "", ""), OPT, "exit code"),
        (Answer(1, "", ""), RUN, "exit code"),
        (Answer(2, "", "Traceback (most recent call last):\n"), OPT, "traceback"),
        (Answer(2, "", f"{FILE}: error: internal error: KeyError: 1\n"), RUN, "internal error"),
        (Answer(2, "", ""), COST, "message"),
        (Answer(2, "", f"{FILE}:1:1: error: a\n{FILE}:1:1: error: b\n"), OPT, "message"),
        (Answer(2, "builtin.module", f"{FILE}:1:1: error: a\n"), OPT, "half-written"),
        (Answer(2, "", f"{FILE}: error: not enough memory\n"), RUN, "memory"),
        (Answer(2, "", f"{FILE}: error: a\n"), OPT, "place"),
        (Answer(2, "", "elsewhere:1:1: error: a\n"), OPT, "place"),
    ],
)
def test_what_is_judged(answer: Answer, tool: str, kind: str) -> None:
    assert judged(answer, Command(tool, ()))[0].kind == kind


@pytest.mark.parametrize(
    "answer",
    [
        Answer(0, "builtin.module", ""),
        Answer(2, "", f"{FILE}:1:1: error: a\n  excerpt\n"),
        Answer(2, "", "ttnn-opt: error: pass 'x': a\n"),
        Answer(2, "", f"{FILE}: error: entry 'main': a\n"),
    ],
)
def test_what_is_fine(answer: Answer) -> None:
    assert judged(answer, Command(OPT, ())) == []
