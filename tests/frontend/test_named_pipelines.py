"""A pipeline that is a pass does what the passes that its documentation names do, one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg import ops as linalg

from support import conv_transpose2d_ir, load_text, make_case
from support.floors import lowered
from support.prepared_ir import prepared_conv_transpose2d_ir
from xdsl_ttnn.frontend.pipelines import project_passes

GROUPED = make_case(n=2, h=3, w=4, c=6, o=4, kh=3, kw=2, sh=2, sw=3, groups=2, bias=True)
DEPTHWISE = make_case(h=3, w=4, c=4, o=4, kh=3, kw=2, sh=2, sw=1, groups=4)
MODULES = {
    "grouped": conv_transpose2d_ir(GROUPED),
    "depthwise": conv_transpose2d_ir(DEPTHWISE),
    "prepared": prepared_conv_transpose2d_ir(GROUPED | {"bias": False}, cached=True),
    "pipeline": load_text("tt-mlir-pipeline.mlir"),
}
DOCS = Path(__file__).parents[2] / "docs"
NAME = re.compile(r"`([a-z0-9-]+)`")


def documented_passes(name: str) -> list[str]:
    """The passes that the docstring of a pass says it runs, in order; none where it says none."""
    text = " ".join((project_passes()[name]().__doc__ or "").split())
    found = re.search(r"The passes are (.*?)\.(?: |$)", text)
    return NAME.findall(found[1]) if found else []


COMPOSED = [name for name in project_passes() if documented_passes(name)]


def with_options(name: str, options: dict[str, str]) -> str:
    """A pass, with those of some options that it has."""
    fields = project_passes()[name]().__dataclass_fields__
    kept = (f"{key}={value}" for key, value in options.items() if key.replace("-", "_") in fields)
    return f"{name}{{{' '.join(kept)}}}"


def test_every_pipeline_says_what_it_runs() -> None:
    assert COMPOSED == ["ttnn-to-decomposed", "ttnn-to-linalg", "ttnn-to-loops"]


@pytest.mark.parametrize(
    ("strategy", "conv"), [("auto", "direct"), ("zero-insert", "im2col"), ("sub-pixel", "direct")]
)
@pytest.mark.parametrize("name", COMPOSED)
def test_the_passes_one_by_one(name: str, strategy: str, conv: str) -> None:
    options = {"strategy": strategy, "conv": conv, "tile-m": "7", "tile-n": "5", "tile-k": "3"}
    passes = ",".join(with_options(step, options) for step in documented_passes(name))

    for ir in MODULES.values():
        assert str(lowered(ir, with_options(name, options))) == str(lowered(ir, passes))


@pytest.mark.parametrize("name", COMPOSED)
def test_the_page_of_passes_says_the_same(name: str) -> None:
    page = (DOCS / "passes.md").read_text()
    (row,) = re.findall(rf"^\| `{name}` \| (.*?) \|", page, re.M)

    assert NAME.findall(row) == documented_passes(name)


def test_the_page_on_loops_says_the_same() -> None:
    page = (DOCS / "lowering.md").read_text()
    (sentence,) = re.findall(r"^(`ttnn-to-loops` runs the passes of .*?):", page, re.M | re.S)

    name, linalg_name, *passes, tiling = NAME.findall(sentence)

    assert (name, linalg_name) == ("ttnn-to-loops", "ttnn-to-linalg")
    assert passes == documented_passes("ttnn-to-linalg")
    assert [*passes[:-1], tiling, passes[-1]] == documented_passes("ttnn-to-loops")


def transposes(module: ModuleOp) -> int:
    return sum(isinstance(op, linalg.TransposeOp) for op in module.walk())


@pytest.mark.parametrize("conv", ["direct", "im2col"])
def test_a_weight_is_laid_out_once(conv: str) -> None:
    """Why transposes are simplified behind the tiling and not in front of it."""
    ir = MODULES["grouped"]
    tiling = f"tile-linalg-to-loops{{conv={conv}}}"

    once = lowered(ir, f"ttnn-to-loops{{strategy=zero-insert conv={conv}}}")
    early = lowered(ir, f"ttnn-to-linalg{{strategy=zero-insert}},{tiling},simplify-transposes")

    assert (transposes(once), transposes(early)) == (1, 2)
