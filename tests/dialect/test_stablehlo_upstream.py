"""StableHLO's own parser and verifier, as IREE has them, take what is printed here, and back."""

from __future__ import annotations

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.printer import Printer

from support.stablehlo import Window
from xdsl_ttnn.dialect.text.parsing import parse_module

TOOL = Path(sys.executable).with_name("iree-opt")
EXAMPLE = Path(__file__).parents[2] / "examples" / "jax_decoder.mlir"

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="iree-opt is not installed")

WINDOW = Window(
    sizes=(3, 4),
    taps=(3, 2),
    batch=2,
    inputs=4,
    outputs=6,
    groups=2,
    strides=(1, 2),
    pads=((-1, 2), (0, 3)),
    lhs=(2, 3),
    rhs=(1, 2),
    reversal=(True, False),
    labels=("1f0b", "0i1o", "fb10"),
)
FORMS = """
func.func private @g(%a: tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @f(%x: tensor<2x3xf32>, %y: tensor<?x3xf32>, %z: tensor<f32>) -> tensor<2x3xf32> {
  %0 = stablehlo.convert %x : tensor<2x3xf32>
  %1 = stablehlo.convert %0 : (tensor<2x3xf32>) -> tensor<2x3xi8>
  %2 = stablehlo.tanh %y : (tensor<?x3xf32>) -> tensor<2x3xf32>
  %3 = stablehlo.add %2, %y : (tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  %4 = stablehlo.reverse %3, dims = [1] : tensor<2x3xf32>
  %5:2 = stablehlo.custom_call @"a b"(%4, %1) {api_version = 2 : i32, backend_config = "x",
    called_computations = [@g], kept = 1 : i32} : (tensor<2x3xf32>, tensor<2x3xi8>)
    -> (tensor<2x3xf32>, !stablehlo.token)
  stablehlo.custom_call @sink(%5#0) {has_side_effect = true} : (tensor<2x3xf32>) -> ()
  %6 = stablehlo.composite "my.op" %5#0 {composite_attributes = {k = 1 : i64},
    decomposition = @g, version = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = "stablehlo.reduce_window"(%6, %z) <{window_dimensions = array<i64: 1, 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %8 = stablehlo.maximum %a, %b : tensor<f32>
    stablehlo.return %8 : tensor<f32>
  }) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %7 : tensor<2x3xf32>
}
"""
TEXTS = {
    "example": EXAMPLE.read_text(),
    "every part of a window": WINDOW.ir([1, 3]),
    "forms": FORMS,
}


def upstream(text: str, *flags: str) -> str:
    outcome = subprocess.run([TOOL, *flags, "-"], input=text, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr[:2000]
    return outcome.stdout


def printed(module: ModuleOp, generic: bool) -> str:
    stream = StringIO()
    Printer(stream, print_generic_format=generic).print_op(module)
    return stream.getvalue()


def without_names(module: ModuleOp) -> str:
    """The custom form with every value called `%`."""
    return re.sub(r"%\w+", "%", str(module))


@pytest.mark.parametrize("generic", [False, True], ids=["custom", "generic"])
@pytest.mark.parametrize("name", TEXTS)
def test_what_is_printed_is_taken(name: str, generic: bool) -> None:
    module = parse_module(TEXTS[name])
    module.verify()

    custom = upstream(printed(module, generic))
    flag = upstream(printed(module, generic), "--mlir-print-op-generic")

    assert without_names(parse_module(custom)) == without_names(module)
    assert without_names(parse_module(flag)) == without_names(module)
