"""Simplified transposes move every element to where it was moved before."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.linalg import ops as linalg

from support import tensor
from support.floors import assert_equal_bits, lowered, parsed, run_after
from xdsl_ttnn.lowering.to_linalg.simplify_transposes import merged_dimensions


@pytest.mark.parametrize(
    ("shape", "permutation", "expected"),
    [
        ((1, 4, 5, 2, 3, 8), (0, 1, 3, 2, 4, 5), ((4, 5, 2, 24), (0, 2, 1, 3))),
        ((2, 1, 3), (1, 0, 2), ((6,), (0,))),
        ((2, 3), (1, 0), ((2, 3), (1, 0))),
        ((1, 1), (1, 0), ((), ())),
        ((), (), ((), ())),
    ],
)
def test_merged_dimensions(shape, permutation, expected) -> None:
    assert merged_dimensions(shape, permutation) == expected


def _grouped(shape: tuple[int, ...]) -> str:
    return f"[[{', '.join(f'{axis} : i64' for axis in range(len(shape)))}]]"


@st.composite
def chains(draw: st.DrawFn) -> tuple[tuple[int, ...], str]:
    """The shape of an argument, and a function that transposes and reshapes it, op after op."""
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)))
    first, size = shape, prod(shape)
    lines: list[str] = []
    for index in range(draw(st.integers(1, 4))):
        before = tensor(shape)
        order = draw(st.permutations(range(len(shape))))
        shape = tuple(shape[axis] for axis in order)
        after = tensor(shape)
        flat, places = tensor((size,)), _grouped(shape)
        lines += [
            f"%e{index} = tensor.empty() : {after}",
            f"%t{index} = linalg.transpose ins(%v{index} : {before}) outs(%e{index} : {after})"
            f" permutation = [{', '.join(map(str, order))}]",
            f"%f{index} = tensor.collapse_shape %t{index} {places} : {after} into {flat}",
        ]
        shape = draw(st.permutations([*shape, 1])) if draw(st.booleans()) else shape
        shape = tuple(shape)
        lines.append(
            f"%v{index + 1} = tensor.expand_shape %f{index} {_grouped(shape)}"
            f" output_shape [{', '.join(map(str, shape))}] : {flat} into {tensor(shape)}"
        )
    result = tensor(shape)
    body = "\n  ".join([*lines, f"return %v{index + 1} : {result}"])
    return first, f"func.func @main(%v0: {tensor(first)}) -> {result} {{\n  {body}\n}}"


@given(drawn=chains())
@settings(deadline=None, max_examples=60)
def test_elements_are_where_they_were(drawn: tuple[tuple[int, ...], str]) -> None:
    shape, ir = drawn
    arrays = {"v0": np.arange(prod(shape), dtype=np.float32).reshape(shape)}

    assert_equal_bits(run_after(ir, "simplify-transposes", arrays), run_after(ir, "", arrays))

    once = lowered(ir, "simplify-transposes")
    before, after = (
        sum(isinstance(op, linalg.TransposeOp) for op in module.walk())
        for module in (parsed(ir), once)
    )
    assert after <= before
    assert str(lowered(once, "simplify-transposes")) == str(once)
