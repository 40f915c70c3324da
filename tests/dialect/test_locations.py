"""Locations lead to a file and a line, through names, fused locations and calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdsl.utils.exceptions import InterpretationError, PassFailedException

from xdsl_ttnn.dialect.text.locations import file_place, place_of
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.tools import ttnn_opt

LEADING = {
    '"model.py":7:9': "model.py:7:9",
    '"conv"("model.py":7:9)': "model.py:7:9",
    'fused["model.py":7:9, "other.py":1:2]': "model.py:7:9",
    'fused["up", unknown, "model.py":7:9]': "model.py:7:9",
    '"a"(fused[unknown, "b"(fused["c"("model.py":7:9)]), "other.py":1:2])': "model.py:7:9",
    'callsite("model.py":7:9 at "other.py":1:2)': "model.py:7:9",
    'callsite("inlined" at callsite("model.py":7:9 at "other.py":1:2))': "model.py:7:9",
}
LEADING_NOWHERE = ('"conv"', 'fused["a", unknown]', 'callsite("a" at "b")')


@pytest.mark.parametrize("location", LEADING)
def test_the_place_of_a_location(location: str) -> None:
    op = parse_module(f'"foo.a"() : () -> () loc({location})').body.block.first_op

    assert op is not None
    assert file_place(op.location) == place_of(op) == LEADING[location]


@pytest.mark.parametrize("location", LEADING_NOWHERE)
def test_without_a_file_the_op_around_has_the_place(location: str) -> None:
    inside = f'"foo.b"() : () -> () loc({location})'
    outer = parse_module(f'\n  "foo.a"() ({{{inside}}}) : () -> ()', "f.mlir").body.block.first_op
    assert outer is not None
    inner = next(op for op in outer.walk() if op is not outer)

    assert file_place(inner.location) is None
    assert place_of(inner) == "f.mlir:2:3"


REFUSED = """func.func @main(%x: tensor<?xf32>) -> tensor<?xf32> {{
  %y = "ttnn.relu"(%x) : (tensor<?xf32>) -> tensor<?xf32> loc({location})
  return %y : tensor<?xf32>
}}
"""
UNKNOWN = REFUSED.replace("ttnn.relu", "ttnn.never_heard_of").replace("?", "3")
BROKEN = """func.func @main(%x: tensor<3xf32>) {{
  %y = "ttnn.relu"(%x) : (tensor<3xf32>) -> tensor<4xf32> loc({location})
  return
}}
"""


@pytest.mark.parametrize("location", LEADING)
def test_refusals_of_passes_are_placed(location: str) -> None:
    with pytest.raises(PassFailedException, match=r"^model\.py:7:9: 'ttnn\.relu' op "):
        compile_ir(REFUSED.format(location=location), floor="linalg")


@pytest.mark.parametrize("location", LEADING)
def test_refusals_of_the_interpreter_are_placed(location: str) -> None:
    import numpy as np

    function = compile_ir(UNKNOWN.format(location=location))

    with pytest.raises(InterpretationError, match=r"^model\.py:7:9: 'ttnn\.never_heard_of': "):
        function(np.zeros(3, np.float32))


@pytest.mark.parametrize("location", LEADING)
def test_what_does_not_verify_is_placed(
    location: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.mlir"
    path.write_text(BROKEN.format(location=location))

    code = ttnn_opt.main([str(path)])

    assert code == 2
    assert capsys.readouterr().err.startswith("model.py:7:9: error: 'ttnn.relu' op ")
