"""Canonicalization changes no value, and leaves nothing to do."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support import case_id, conv_transpose2d_ir, load_cases, tensor
from support.floors import assert_equal_bits, lowered, parsed, run_after


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    """A function of flips, permutes and reshapes, many of them undoing each other."""
    start = shape = draw(st.sampled_from(((2, 3), (1, 4, 2), (2, 1, 3))))
    lines: list[str] = []
    for index in range(draw(st.integers(1, 6))):
        before, rank = tensor(shape), len(shape)
        kind = draw(st.sampled_from(("flip", "permute", "reshape")))
        if kind == "flip":
            axes = draw(st.permutations(range(rank)))[: draw(st.integers(1, rank))]
            op = f"deconv.flip %v{index} dimensions = {axes} : {before} -> {before}"
        elif kind == "permute":
            order = draw(st.permutations(range(rank)))
            shape = tuple(shape[axis] for axis in order)
            text = f"permutation = array<i64: {', '.join(map(str, order))}>"
            op = f'"ttnn.permute"(%v{index}) <{{{text}}}> : ({before}) -> {tensor(shape)}'
        else:
            shape = draw(st.sampled_from((start, tuple(reversed(shape)))))
            text = f"shape = [{', '.join(f'{size} : i32' for size in shape)}]"
            op = f'"ttnn.reshape"(%v{index}) <{{{text}}}> : ({before}) -> {tensor(shape)}'
        lines.append(f"%v{index + 1} = {op}")
    body, type_ = "\n".join(lines), tensor(shape)
    ir = f"func.func @main(%v0: {tensor(start)}) -> {type_} {{\n{body}\n"
    return f"{ir}return %v{len(lines)} : {type_}\n}}", start


@given(chain=chains())
@settings(max_examples=80, deadline=None)
def test_chains(chain: tuple[str, tuple[int, ...]]) -> None:
    ir, shape = chain
    module = parsed(ir)
    x = {"x": np.arange(np.prod(shape), dtype=np.float32).reshape(shape)}

    result = lowered(module, "ttnn-canonicalize")

    assert_equal_bits(run_after(result, "", x), run_after(module, "", x))
    assert lowered(result, "ttnn-canonicalize").is_structurally_equivalent(result)
    names = [op.name for op in result.walk()]
    pairs = list(pairwise(names))
    assert ("ttnn.reshape", "ttnn.reshape") not in pairs
    assert ("ttnn.permute", "ttnn.permute") not in pairs


def test_decompositions_leave_nothing_to_do() -> None:
    """Twice is once for every named pipeline, on every recorded case."""
    functions = [
        conv_transpose2d_ir(case, name=f"case{index}")
        for index, case in enumerate(load_cases("cover"))
    ]
    module = parsed("\n".join(functions))
    assert len({case_id(case) for case in load_cases("cover")}) == len(functions)

    for pipeline in ("ttnn-to-decomposed", "ttnn-to-linalg", "ttnn-to-loops"):
        spec = f"{pipeline}{{strategy=zero-insert}}"
        once = lowered(module, spec)
        assert lowered(once, spec).is_structurally_equivalent(once), pipeline
        assert lowered(once, "ttnn-canonicalize").is_structurally_equivalent(once), pipeline
