"""What passes say without failing, and where it goes."""

from __future__ import annotations

import re

import pytest

from support import conv_transpose2d_ir, load_text, make_case
from support.floors import lowered
from xdsl_ttnn.dialect.remarks import collect_remarks, remark

IR = conv_transpose2d_ir(make_case(h=2, w=3, c=1, o=1, kh=1, kw=2))
AUTO = re.compile(
    r"test\.mlir:\d+:\d+: remark: strategy auto: \S+ takes \S+ [mu]?s on cpu by the cost model, "
    r"\S+ \S+ [mu]?s, which .+"
)
"""What is said of every op that auto decides: winner, runner-up, and what decides."""


@pytest.mark.parametrize(
    "pipeline", ["decompose-conv-transpose2d", "ttnn-to-decomposed", "ttnn-to-linalg"]
)
def test_auto_says_of_every_op_why(pipeline: str) -> None:
    with collect_remarks() as remarks:
        lowered(IR + IR.replace("@main", "@other"), pipeline)

    assert len(remarks) == 2
    assert all(AUTO.fullmatch(remark) for remark in remarks), remarks


def test_nothing_is_said_of_nothing() -> None:
    with collect_remarks() as remarks:
        lowered(IR, "ttnn-to-decomposed{strategy=zero-insert}")
        lowered("func.func private @f()", "ttnn-to-decomposed")

    assert remarks == []


def test_they_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    lowered(IR, "decompose-conv-transpose2d")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert AUTO.fullmatch(captured.err.strip())


def test_collections_nest_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    with collect_remarks() as outer:
        remark("one")
        with collect_remarks() as inner:
            remark("two")
            remark("two")
        remark("three")
    remark("four")

    assert (outer, inner) == (["remark: one", "remark: three"], ["remark: two"])
    assert capsys.readouterr().err == "remark: four\n"


def test_a_convolution_that_stays_is_told_with_its_place() -> None:
    ir = """
func.func @main(%x: tensor<1x1x2x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x2x1xf32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %0 = "ttnn.some_preparation"(%w) : (tensor<1x1x1x1xf32>) -> tensor<1x1x32x32xf32>
  %1 = "ttnn.conv2d"(%x, %0, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 1 : i32, input_width = 2 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 1 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x2x1xf32>, tensor<1x1x32x32xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %1 : tensor<1x1x2x1xf32>
}"""
    with collect_remarks() as remarks:
        module = lowered(ir, "convert-ttnn-to-linalg")

    assert remarks == [
        "test.mlir:5:3: remark: 'ttnn.conv2d' op stays: expected a weight of shape (1, 1, 1, 1), "
        "got (1, 1, 32, 32), which an unknown op prepared"
    ]
    assert [op.name for op in module.walk() if op.name.startswith("ttnn.")] == [
        "ttnn.get_device",
        "ttnn.conv2d",
    ]


def test_real_files_say_only_what_auto_means() -> None:
    with collect_remarks() as remarks:
        lowered(load_text("tt-mlir-style.mlir"), "ttnn-to-loops")

    assert len(remarks) == 2
    assert all(AUTO.fullmatch(remark) for remark in remarks), remarks
