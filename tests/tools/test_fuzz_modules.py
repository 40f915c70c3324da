"""The generator of random modules draws everything there is, and its checks see what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import numpy as np
import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp, UnregisteredOp
from xdsl.ir import Operation
from xdsl.utils.exceptions import PassFailedException

from support import conv_transpose2d_ir, make_case
from support.floors import lowered, parsed
from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.dialect.deconv import DECONV
from xdsl_ttnn.dialect.ttcore import TTCORE
from xdsl_ttnn.frontend.pipelines import FLOORS as PROJECT_FLOORS
from xdsl_ttnn.frontend.pipelines import project_passes
from xdsl_ttnn.interpreter import emit_ttnn
from xdsl_ttnn.lowering import scalars
from xdsl_ttnn.lowering.to_linalg import convert_elementwise
from xdsl_ttnn.passes.canonicalize import TTNNCanonicalizePass
from xdsl_ttnn.passes.fold_constants import TTNNFoldConstantsPass
from xdsl_ttnn.tools.fuzz import pipelines
from xdsl_ttnn.tools.fuzz.comparing import difference
from xdsl_ttnn.tools.fuzz.facts import Fact, computed, stored
from xdsl_ttnn.tools.fuzz.module_fuzzer import ModuleFuzzer, counted, draw_case
from xdsl_ttnn.tools.fuzz.open_sizes import opened
from xdsl_ttnn.tools.fuzz.outcomes import Finding
from xdsl_ttnn.tools.fuzz.registry import makers
from xdsl_ttnn.tools.fuzz.structure import INDIRECT

KNOWN_OPS: list[type[Operation]] = [
    op for dialect in (ttnn.TTNN, DECONV, TTCORE) for op in dialect.operations
]


LAYOUT = '%l = "ttnn.to_layout"(%x) : (tensor<2x2x3x1xf32>) -> tensor<2x2x3x1xf32>'


@cache
def drawn_counts() -> Counter[str]:
    """What a few hundred cases are made of."""
    counts: Counter[str] = Counter()
    for case in range(600):
        counts += counted(*draw_case(Random(f"counts:{case}")))
    return counts


def test_there_are_ops() -> None:
    assert len(KNOWN_OPS) >= 40


@pytest.mark.parametrize("op", KNOWN_OPS, ids=lambda op: op.name)
def test_every_op_is_drawn(op: type[Operation]) -> None:
    assert op in makers() or op in INDIRECT
    assert drawn_counts()[f"op {op.name}"] > 0


@pytest.mark.parametrize("name", project_passes())
def test_every_pass_is_drawn(name: str) -> None:
    assert name in pipelines.known_passes()
    assert drawn_counts()[f"pass {name}"] >= 5


def test_every_strategy_and_floor_is_drawn() -> None:
    counts = drawn_counts()

    assert all(counts[f"strategy {strategy}"] >= 5 for strategy in pipelines.known_strategies())
    assert all(counts[f"floor {floor}"] >= 30 for floor in PROJECT_FLOORS)


def test_ops_that_nobody_knows_are_drawn() -> None:
    assert UnregisteredOp in makers()
    assert drawn_counts()[f"op {UnregisteredOp.name}"] > 0


def test_a_seed_stands_for_a_case() -> None:
    first, second = (ModuleFuzzer().files(3, 14) for _ in range(2))

    assert first == second
    assert first != ModuleFuzzer().files(3, 15)


def findings(most: int = 400) -> Iterator[Finding]:
    """What is found, case by case."""
    fuzzer = ModuleFuzzer()
    for case in range(most):
        yield from fuzzer.check(1, case).findings


def test_a_wrong_lowering_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {**convert_elementwise._BINARY, ttnn.SubtractOp: lambda a, b, _: scalars.subtract(b, a)}
    monkeypatch.setattr(convert_elementwise, "_BINARY", table)

    assert any(finding.kind == "result" for finding in findings())


def test_a_wrong_interpreter_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(emit_ttnn._BINARY, ttnn.MaximumOp, np.minimum)

    assert any(finding.kind == "result" for finding in findings())


def _adds_a_constant(self: TTNNCanonicalizePass, ctx: object, op: ModuleOp) -> None:
    function = next(inner for inner in op.walk() if inner.name == "func.func")
    block = function.regions[0].block
    block.insert_op_before(arith.ConstantOp.from_int_and_width(0, 32), block.first_op)


def test_a_pass_that_is_never_done_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TTNNCanonicalizePass, "apply", _adds_a_constant)

    assert any(
        (finding.kind, finding.where) == ("idempotence", "ttnn-canonicalize")
        for finding in findings()
    )


def _refuses(self: TTNNFoldConstantsPass, ctx: object, op: ModuleOp) -> None:
    raise PassFailedException("expected a better day, got Monday")


def test_a_refusal_that_is_not_listed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TTNNFoldConstantsPass, "apply", _refuses)

    found = next(finding for finding in findings() if finding.kind == "refusal")
    assert found.text == "expected a better day, got Monday"


def _crashes(self: TTNNFoldConstantsPass, ctx: object, op: ModuleOp) -> None:
    raise IndexError("list index out of range")


def test_a_crash_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TTNNFoldConstantsPass, "apply", _crashes)

    found = next(finding for finding in findings() if finding.kind == "crash")
    assert found.where.endswith("tools/test_fuzz_modules.py:_crashes")
    assert "Traceback" in found.detail


def test_findings_of_one_kind_have_one_key() -> None:
    a = Finding("refusal", "cse", "'ttnn.add' op expected tensor<2x3xf32> of 7, got -8.5")
    b = Finding("refusal", "cse", "'ttnn.mul' op expected tensor<1xbf16> of 12, got 1e5")

    assert a.key == b.key and a.folder == b.folder
    assert a.key != Finding("refusal", "dce", a.text).key


def test_exact_sums_stay_exact_until_they_are_too_large() -> None:
    assert computed(2.0**24, 1.0, 0.0, 24).is_exact
    assert not computed(2.0**24 + 1, 1.0, 0.0, 24).is_exact
    assert not computed(2.0**24, 0.5, 0.0, 24).is_exact


def test_a_rounding_of_one_number_is_no_error() -> None:
    from xdsl.dialects.builtin import BFloat16Type

    assert stored(Fact(1000.0), BFloat16Type()).is_exact
    assert stored(Fact(1000.0, 0.0, 0.5), BFloat16Type()).error > 0.5


@pytest.mark.parametrize(
    ("got", "fact", "is_fine"),
    [
        (1.0, Fact(1.0), True),
        (1.5, Fact(1.0), False),
        (1.5, Fact(1.0, 0.0, 0.5), True),
        (np.nan, Fact(1.0, 0.0, 0.5), False),
    ],
)
def test_difference(got: float, fact: Fact, is_fine: bool) -> None:
    arrays = [np.array([value], np.float32) for value in (got, 1.0)]

    assert (difference(arrays[0], arrays[1], fact) is None) == is_fine


def test_a_result_of_another_shape_is_different() -> None:
    text = difference(np.zeros(2, np.float32), np.zeros(3, np.float32), Fact(1.0, 0.0, 9.0))

    assert text == "expected float32(3,), got float32(2,)"


def test_open_sizes_are_those_that_are_inferred() -> None:
    """A convolution has the form of its input, flattened or not, unless its type says another."""
    ir = conv_transpose2d_ir(make_case(n=2, h=2, w=3, c=1, o=1, kh=2, kw=2), flattened_output=True)
    closed = parsed(ir.replace("(%x,", "(%l,").replace("%y =", f"{LAYOUT}\n%y ="))
    expected = str(lowered(closed, "ttnn-infer-shapes"))
    open_ones = [opened(Random(seed), closed, "main") for seed in range(60)]

    assert any("?" in str(module) for module in open_ones)
    assert all(str(lowered(module, "ttnn-infer-shapes")) == expected for module in open_ones)


def test_functions_of_the_host_have_reasons_to_be_refused_too() -> None:
    """The host has a bilinear upsampling, nothing else has."""
    drawn, _ = draw_case(Random("11:1224"))

    assert 'mode = "bilinear"' in str(drawn.module)
    assert drawn.reasons == {"bilinear upsampling"}
