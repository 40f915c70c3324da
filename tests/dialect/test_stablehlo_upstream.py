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
from xdsl_ttnn.dialect.parsing import parse_module

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
TEXTS = {"example": EXAMPLE.read_text(), "every part of a window": WINDOW.ir([1, 3])}


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
