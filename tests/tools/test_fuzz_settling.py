"""How often a pipeline is run until it must be done, and that no more is forgiven than that."""

from __future__ import annotations

import pytest

from support import conv_transpose2d_ir, make_case
from support.floors import parsed
from xdsl_ttnn.frontend.pipelines import build_pipeline, project_passes
from xdsl_ttnn.tools.fuzz import module_check
from xdsl_ttnn.tools.fuzz.module_check import Check
from xdsl_ttnn.tools.fuzz.modules import RandomModule
from xdsl_ttnn.tools.fuzz.outcomes import Finding
from xdsl_ttnn.tools.fuzz.pipelines import Pipeline, Step
from xdsl_ttnn.tools.fuzz.settling import MAKERS, flattened, runs_to_settle

CASE = make_case(h=2, w=3, c=2, o=3, kh=3, kw=2, sh=2, sw=2)
WEIGHT = "tensor<2x3x3x2xf32>"
PARAMETER = "{ttcore.argument_type = #ttcore.argument_type<parameter>}"


@pytest.mark.parametrize(
    ("pipeline", "runs"),
    [
        ("", 1),
        ("ttnn-to-decomposed", 1),
        ("ttnn-to-linalg", 1),
        ("ttnn-to-loops", 1),
        ("ttnn-to-loops,hoist-weight-preparation", 1),
        ("hoist-weight-preparation,ttnn-to-loops", 2),
        ("hoist-weight-preparation,ttnn-to-loops,hoist-weight-preparation", 1),
        ("legalize-deconv-to-ttnn,ttnn-to-decomposed", 2),
        ("legalize-deconv-to-ttnn,ttnn-to-linalg", 1),
        ("decompose-conv-transpose2d,legalize-deconv-to-ttnn", 1),
        ("ttnn-fuse,ttnn-canonicalize,ttnn-to-linalg", 1),
        ("hoist-weight-preparation,legalize-deconv-to-ttnn,decompose-conv-transpose2d", 3),
        ("ttnn-to-decomposed,strip-ttnn-attributes", 3),
        ("ttnn-to-linalg,strip-ttnn-attributes", 1),
        ("simplify-transposes,ttnn-to-linalg", 1),
        ("simplify-transposes,ttnn-to-linalg,tile-linalg-to-loops", 2),
    ],
)
def test_runs_to_settle(pipeline: str, runs: int) -> None:
    steps = build_pipeline(pipeline, project_passes())

    assert runs_to_settle(list(flattened(steps))) == runs


def test_only_passes_make_work_for_passes() -> None:
    named = {*MAKERS, *(maker for makers in MAKERS.values() for maker in makers)}

    assert named <= set(project_passes())
    assert all(name not in makers for name, makers in MAKERS.items())


def findings(names: str) -> list[Finding]:
    """What is found where a module of one convolution is run through passes, again and again."""
    steps = tuple(Step(name) for name in names.split(","))
    ir = conv_transpose2d_ir(CASE, types={"w": WEIGHT})
    module = parsed(ir.replace(f"%w: {WEIGHT}", f"%w: {WEIGHT} {PARAMETER}"))
    drawn = RandomModule(module, module, "main", (), (), frozenset(), runs=False)
    return Check(drawn, Pipeline("loops", steps, is_repeated=True)).run().findings


EARLY = (
    ("hoist-weight-preparation,ttnn-to-loops", "hoist-weight-preparation"),
    ("legalize-deconv-to-ttnn,ttnn-to-decomposed", "legalize-deconv-to-ttnn"),
)


@pytest.mark.parametrize(("names", "early"), EARLY)
def test_what_comes_too_early_may_run_once_more(names: str, early: str) -> None:
    assert findings(names) == []


@pytest.mark.parametrize(("names", "early"), EARLY)
def test_without_that_it_is_found(names: str, early: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_check, "runs_to_settle", lambda names: 1)

    assert [(f.kind, f.where) for f in findings(names)] == [("idempotence", f"{early}, behind all")]
