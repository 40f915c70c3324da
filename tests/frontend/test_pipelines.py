"""Floors, strategies and pipelines: what is chosen and what is refused."""

from __future__ import annotations

import pytest

from xdsl_ttnn.frontend.pipelines import FLOORS, Choices, build_pipeline
from xdsl_ttnn.passes.strategies.registry import names

STRATEGIES = ", ".join(("auto", *names()))
"""As messages list them."""


def test_strategies_are_listed_as_the_pages_have_them() -> None:
    assert STRATEGIES.startswith("auto, zero-insert, sub-pixel, gemm-col2im, matmul")


@pytest.mark.parametrize(
    ("choices", "pipeline"),
    [
        (Choices(), ""),
        (Choices(floor="ttnn"), ""),
        (Choices(floor="decomposed"), "ttnn-to-decomposed{strategy=auto}"),
        (Choices(strategy="zero-insert"), "ttnn-to-decomposed{strategy=zero-insert}"),
        (Choices(strategy="auto"), "ttnn-to-decomposed{strategy=auto}"),
        (Choices(strategy="sub-pixel"), "ttnn-to-decomposed{strategy=sub-pixel}"),
        (Choices("loops", "gemm-col2im"), "ttnn-to-loops{strategy=gemm-col2im}"),
        (Choices("linalg", "matmul"), "ttnn-to-linalg{strategy=matmul}"),
        (Choices("linalg", "zero-insert"), "ttnn-to-linalg{strategy=zero-insert}"),
        (Choices("loops"), "ttnn-to-loops{strategy=auto}"),
        (Choices(pipeline="cse,canonicalize"), "cse,canonicalize"),
    ],
)
def test_plan(choices: Choices, pipeline: str) -> None:
    assert choices.plan().pipeline == pipeline


@pytest.mark.parametrize("floor", FLOORS)
def test_the_pipeline_of_every_floor_exists(floor: str) -> None:
    passes = build_pipeline(Choices(floor=floor, strategy="zero-insert").plan().pipeline)

    assert [step.name for step in passes] == ([] if floor == "ttnn" else [f"ttnn-to-{floor}"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"floor": "roof"}, "floor: expected one of: ttnn, decomposed, linalg, loops; got 'roof'"),
        ({"floor": "buffers"}, "floor 'buffers' is not available yet"),
        (
            {"strategy": "magic"},
            f"strategy: expected one of: {STRATEGIES}; got 'magic'",
        ),
        ({"backend": "native"}, "backend 'native' is not available yet"),
        ({"backend": "abacus"}, "backend: expected one of: interpreter; got 'abacus'"),
        ({"threads": 0}, "threads: expected at least 1, got 0"),
        ({"pipeline": "cse", "floor": "linalg"}, "pipeline: expected no floor and no strategy"),
        ({"pipeline": "cse", "strategy": "auto"}, "pipeline: expected no floor and no strategy"),
    ],
)
def test_refusals(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        Choices(**arguments)

    assert message in str(refusal.value)


def test_what_has_no_effect_is_said() -> None:
    remarks = Choices(floor="ttnn", strategy="zero-insert", threads=4).plan().remarks

    assert remarks == (
        "backend interpreter: runs on one thread, so threads=4 has no effect",
        "floor ttnn: nothing is lowered, so the strategy has no effect",
    )


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("no-such-pass", "unknown pass 'no-such-pass'"),
        ("ttnn-to-loop", "did you mean 'ttnn-to-loops'?"),
        ("cse{a=}", "pass pipeline 'cse{a=}', column 7: "),
        ("ttnn-to-decomposed{speed=7}", "pass 'ttnn-to-decomposed': "),
        (
            "ttnn-to-decomposed{strategy=magic}",
            f"strategy: expected one of {STRATEGIES}, got magic",
        ),
        ("ttnn-to-loops{target=tpu}", "target: expected one of cpu, wormhole or a file *.toml"),
    ],
)
def test_bad_pipelines(spec: str, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        build_pipeline(spec)

    assert message in str(refusal.value)
