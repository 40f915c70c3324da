"""The table of named pipelines: what an entry means, and that each is a pass by it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from xdsl.dialects.arith import AddiOp, ConstantOp
from xdsl.passes import ModulePass

from support import conv_transpose2d_ir, make_case
from support.floors import context, lowered, parsed
from xdsl_ttnn.frontend.pipelines import FLOORS, all_passes, build_pipeline
from xdsl_ttnn.lowering.named_pipeline import build_steps, expanded, pass_of
from xdsl_ttnn.lowering.pipelines import PIPELINES, NamedPipeline, options_by_pass

BY_NAME = {pipeline.name: pipeline for pipeline in PIPELINES}
GIVEN = {
    "strategy": "zero-insert",
    "target": "wormhole",
    "conv": "im2col",
    "tile_m": 7,
    "tile_n": 5,
    "tile_k": 3,
    "max_ops": 1234,
    "max_temporary_bytes": 5678,
    "floor": "linalg",
}
"""For each option that a pipeline has, what is not its default."""


def built(name: str, **options: object) -> ModulePass:
    (step,) = build_pipeline(name)
    return replace(step, **options)


def test_the_table_is_in_order() -> None:
    """A pipeline names passes, and pipelines in front of it; each leads to a floor of its own."""
    before: set[str] = set()
    for pipeline in PIPELINES:
        known = all_passes().keys() - BY_NAME.keys() | before
        assert set(pipeline.pass_names) <= known
        before.add(pipeline.name)
    assert list(FLOORS) == ["ttnn", *(pipeline.floor for pipeline in PIPELINES)]


@pytest.mark.parametrize("name", BY_NAME)
def test_options_go_to_every_pass_that_has_them(name: str) -> None:
    """Also through a pipeline inside: what is settled there stays, the rest arrives."""
    own = {field.name for field in fields(options_by_pass()[name])}
    given = {option: value for option, value in GIVEN.items() if option in own}
    settled = {} if name == "ttnn-to-decomposed" else {"floor": "linalg"}
    assert own == given.keys()

    steps = list(expanded([built(name, **given)]))

    reached = [
        (step.name, field.name, getattr(step, field.name))
        for step in steps
        for field in fields(step)
        if field.name in own | settled.keys()
    ]
    assert {option for _, option, _ in reached} == own | settled.keys()
    assert [entry for entry in reached if entry[2] != (given | settled)[entry[1]]] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_defaults_are_those_of_the_passes(name: str) -> None:
    alone = {step.name: step for step in build_pipeline("decompose-conv-transpose2d")}
    alone |= {step.name: step for step in build_pipeline("tile-linalg-to-loops")}

    for step in expanded([built(name)]):
        if step.name in alone:
            stated = {} if name == "ttnn-to-decomposed" or "tile" in step.name else {"floor"}
            for field in fields(step):
                if field.name not in stated:
                    assert getattr(step, field.name) == getattr(alone[step.name], field.name)


def test_what_the_text_states_is_settled() -> None:
    text = "decompose-conv-transpose2d{strategy=sub-pixel max-ops=9},cse"

    decomposing, cse = build_steps(text, {"strategy": "matmul", "target": "cpu"}, all_passes())

    assert str(decomposing.spec()) == 'decompose-conv-transpose2d{strategy="sub-pixel" max_ops=9}'
    assert cse.name == "cse"


TWICE = """
func.func @f(%x: i32) -> i32 {
  %a = arith.constant 1 : i32
  %b = arith.constant 1 : i32
  %c = arith.constant 0 : i32
  %0 = arith.addi %x, %a : i32
  %1 = arith.addi %x, %b : i32
  %2 = arith.addi %0, %c : i32
  %3 = arith.addi %2, %1 : i32
  return %3 : i32
}
"""


def test_passes_of_xdsl_are_entries_too() -> None:
    """A new entry is all that a new pipeline takes."""
    entry = NamedPipeline("tidy", "Tidy up.", "canonicalize,cse", (), ensures="x", floor="y")
    tidy = pass_of(entry, all_passes())
    module = parsed(TWICE)

    tidy().apply(context(), module)

    found = [type(op) for op in module.walk() if isinstance(op, ConstantOp | AddiOp)]
    assert found == [ConstantOp, AddiOp, AddiOp]
    assert [step.name for step in expanded([tidy()])] == ["canonicalize", "cse"]
    assert (tidy.__doc__ or "").startswith("Tidy up.\n\nThe passes are `canonicalize` and `cse`.\n")


@pytest.mark.parametrize("name", BY_NAME)
def test_a_pipeline_is_one_class(name: str) -> None:
    """Asked for twice it is the same, so passes compare as passes do."""
    assert built(name) == built(name)
    assert built(name) != built(name, strategy="sub-pixel")


def test_expanded_passes_do_the_same() -> None:
    ir = conv_transpose2d_ir(make_case(h=2, w=3, c=2, o=3, kh=3, kw=2, sh=2, sw=2))
    pipeline, module = "ttnn-to-loops{strategy=zero-insert tile-m=3}", parsed(ir)

    for step in expanded(build_pipeline(pipeline)):
        step.apply(context(), module)

    assert str(module) == str(lowered(ir, pipeline))
