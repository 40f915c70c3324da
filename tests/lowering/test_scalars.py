"""Conversions of scalars are the ops that MLIR's verifier takes; xDSL's takes any widths."""

from __future__ import annotations

import pytest
from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import AnyFloat, bf16, f16, f32, f64
from xdsl.ir import Block

from xdsl_ttnn.lowering.scalars import convert

EXTEND, TRUNCATE = "arith.extf", "arith.truncf"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (bf16, f32, [EXTEND]),
        (f16, f32, [EXTEND]),
        (f32, f64, [EXTEND]),
        (f32, bf16, [TRUNCATE]),
        (f64, f16, [TRUNCATE]),
        (f64, f32, [TRUNCATE]),
        (bf16, f16, [EXTEND, TRUNCATE]),
        (f16, bf16, [EXTEND, TRUNCATE]),
        (f32, f32, []),
    ],
    ids=str,
)
def test_floats_are_extended_to_wider_ones_alone(
    source: AnyFloat, target: AnyFloat, expected: list[str]
) -> None:
    block = Block(arg_types=[source])

    with ImplicitBuilder(block):
        result = convert(block.args[0], source, target)

    assert [op.name for op in block.ops] == expected
    assert result.type == target
