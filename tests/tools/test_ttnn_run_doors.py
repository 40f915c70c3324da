"""`ttnn-run` on files of other dialects: what --check compares with, and what is said without."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import BoolAttr, ModuleOp

from support import make_case
from support.ttir import ttir_conv_transpose2d_ir
from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.frontend.pipelines import build_pipeline, split_at_doors
from xdsl_ttnn.passes.canonicalize import TTNNCanonicalizePass

CASE = make_case(h=4, w=5, c=3, o=2, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 0, 1], bias=True)
TTIR = ttir_conv_transpose2d_ir(CASE, order="NCHW")
STABLEHLO = """
func.func @main(%x: tensor<1x3x3x1xf32>, %w: tensor<2x2x1x1xf32>) -> tensor<1x6x6x1xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f],
    window = {pad = [[1, 1], [1, 1]], lhs_dilate = [2, 2]}
    {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
    : (tensor<1x3x3x1xf32>, tensor<2x2x1x1xf32>) -> tensor<1x6x6x1xf32>
  return %y : tensor<1x6x6x1xf32>
}
"""
IR = {"convert-ttir-to-ttnn": TTIR, "convert-stablehlo-to-ttnn": STABLEHLO}


@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
@pytest.mark.parametrize("door", IR)
def test_check(run, write, door: str, floor: str) -> None:
    outcome = run(write(IR[door]), "--passes", door, "--floor", floor, "--check")

    assert outcome.code == 0
    assert outcome.out.startswith("check: result0: ok, largest error 0 ")


@pytest.mark.parametrize("door", IR)
def test_check_sees_a_pass_behind_the_door_that_changes_values(
    run, write, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference stops at the door: what comes behind it is what is checked."""

    def turn_the_kernel(self: object, ctx: object, module: ModuleOp) -> None:
        for op in module.walk():
            if isinstance(op, ttnn.ConvTranspose2dOp):
                op.mirror_kernel = BoolAttr.from_bool(not op.mirrors_kernel)

    monkeypatch.setattr(TTNNCanonicalizePass, "apply", turn_the_kernel)

    outcome = run(write(IR[door]), "--passes", f"{door},ttnn-canonicalize", "--check")

    assert outcome.code == 1
    assert "check: result0: FAILED" in outcome.out


@pytest.mark.parametrize("door", IR)
def test_without_the_door_it_is_named(run, write, door: str) -> None:
    outcome = run(write(IR[door]))

    assert outcome.code == 2
    (line,) = outcome.error_lines
    assert line.endswith(f"expected an op the interpreter knows; run {door} first")


def test_a_refusal_of_the_door(run, write) -> None:
    strided = STABLEHLO.replace("{pad", "{stride = [1, 2], pad").replace("1x6x6x1", "1x6x3x1")

    outcome = run(write(strided), "--passes", "convert-stablehlo-to-ttnn")

    assert outcome.code == 2
    (line,) = outcome.error_lines
    assert "pass 'convert-stablehlo-to-ttnn': 'stablehlo.convolution' op expected window" in line
    assert ":3:3: error: " in line


@pytest.mark.parametrize(
    "pipeline, leading",
    [
        ("", 0),
        ("ttnn-canonicalize", 0),
        ("convert-ttir-to-ttnn,ttnn-canonicalize", 1),
        ("ttnn-canonicalize,convert-ttir-to-ttnn,convert-stablehlo-to-ttnn,ttnn-fuse", 3),
    ],
)
def test_what_leads_up_to_ttnn(pipeline: str, leading: int) -> None:
    passes = build_pipeline(pipeline)

    doors, others = split_at_doors(passes)

    assert (doors, others) == (passes[:leading], passes[leading:])
