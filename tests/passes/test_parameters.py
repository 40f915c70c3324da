"""Which arguments are known before a function is called with its inputs."""

from __future__ import annotations

import pytest
from xdsl.dialects.func import FuncOp

from support.floors import parsed
from xdsl_ttnn.passes.parameters import is_parameter, parameter_indices

T = "tensor<4xf32>"


def function(kinds: list[str | None]) -> FuncOp:
    arguments = ", ".join(
        f"%a{index}: {T}"
        + (f" {{ttcore.argument_type = #ttcore.argument_type<{kind}>}}" if kind else "")
        for index, kind in enumerate(kinds)
    )
    module = parsed(f"func.func @main({arguments}) -> {T} {{ return %a0 : {T} }}")
    (found,) = (op for op in module.walk() if isinstance(op, FuncOp))
    return found


@pytest.mark.parametrize(
    ("kind", "is_known"),
    [("parameter", True), ("constant", True), ("input", False), ("default", False), (None, False)],
)
def test_kinds_of_arguments(kind: str | None, is_known: bool) -> None:
    main = function([None, kind])

    assert parameter_indices(main) == ((1,) if is_known else ())
    assert is_parameter(main.args[1]) == is_known
    assert not is_parameter(main.args[0])
