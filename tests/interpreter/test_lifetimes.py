"""Behind which op emitted code lets go of a tensor."""

from __future__ import annotations

import pytest
from xdsl.dialects.func import FuncOp

from support.floors import parsed
from xdsl_ttnn.interpreter.lifetimes import LARGE_BYTES, last_uses

LARGEST_KEPT = LARGE_BYTES // 2 - 1
"""Elements: counted with two bytes each, whatever their type."""


@pytest.mark.parametrize(
    ("size", "is_let_go"),
    [(str(LARGEST_KEPT), False), (str(LARGEST_KEPT + 1), True), ("?", True), ("2x?", True)],
)
def test_large_tensors_are_let_go_of_at_their_last_use(size: str, is_let_go: bool) -> None:
    type_ = f"tensor<{size}xbf16>"
    relu = f'"ttnn.relu"({{}}) : ({type_}) -> {type_}'
    lines = [f"%{index + 1} = {relu.format(f'%{index}')}" for index in range(3)]
    main = f"func.func @main(%0: {type_}) -> {type_} {{"
    module = parsed("\n".join([main, *lines, f"return %3 : {type_}", "}"]))
    (function,) = (op for op in module.walk() if isinstance(op, FuncOp))
    first, second, third, last = function.body.block.ops

    found = last_uses(function.body.block)

    expected = {second: [first.results[0]], third: [second.results[0]], last: [third.results[0]]}
    assert found == (expected if is_let_go else {})
