"""Tensors are values: writing in place must never show."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program
from xdsl_ttnn.interpreter.ownership import Ownership

T, S = "tensor<4x4xf32>", "tensor<2x2xf32>"
CONSTANTS = """
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %f7 = arith.constant 7.0 : f32
"""


def insert(result: str, source: str, target: str, at: str = "0, 0") -> str:
    at = f"[{at}] [2, 2] [1, 1]"
    return f"%{result} = tensor.insert_slice %{source} into %{target}{at} : {S} into {T}"


def extract(result: str, source: str, at: str = "0, 0") -> str:
    return f"%{result} = tensor.extract_slice %{source}[{at}] [2, 2] [1, 1] : {T} to {S}"


def function(body: str, returns: str, types: str) -> str:
    return f"""
  func.func @main(%x: {T}, %y: {T}, %s: {S}, %c: i1) -> ({types}) {{
    {CONSTANTS}
    %e = tensor.empty() : {T}
    %own = linalg.copy ins(%x : {T}) outs(%e : {T}) -> {T}
    {body}
    return {returns} : {types}
  }}"""


def run_safe_and_fast(ir: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], str]:
    """Results, equal with and without writing in place, arguments unchanged; and the source."""
    args = [integers((4, 4), 1), integers((4, 4), 2), integers((2, 2), 3), True]
    before = [np.array(a) for a in args]
    fast_program = program(ir)
    fast = [r.tolist() for r in fast_program.call("main", args)]
    with monkeypatch.context() as patch:
        patch.setattr(Ownership, "may_overwrite", lambda *_: False)
        patch.setattr(Ownership, "copies_init", lambda *_: False)
        safe = [r.tolist() for r in program(ir).call("main", args)]
    assert fast == safe
    for arg, old in zip(args, before, strict=True):
        assert np.asarray(arg).tolist() == old.tolist()
    assert [r.tolist() for r in fast_program.call("main", args)] == fast
    return fast, fast_program.source("main")


def copies(source: str) -> int:
    """Copies beyond the one that `%own` starts from."""
    return source.count(".copy()") - 1


def test_an_owned_destination_is_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = function(insert("a", "s", "own"), "%a", T)
    (result,), source = run_safe_and_fast(ir, monkeypatch)
    assert result[0][:2] == integers((2, 2), 3)[0].tolist()
    assert copies(source) == 0


def test_an_argument_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = function(insert("a", "s", "x"), "%a, %x", f"{T}, {T}")
    (changed, kept), source = run_safe_and_fast(ir, monkeypatch)
    assert kept == integers((4, 4), 1).tolist() != changed
    assert copies(source) == 1


def test_a_constant_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = function(
        f"%k = arith.constant dense<1.0> : {T}\n{insert('a', 's', 'k')}", "%k, %a", f"{T}, {T}"
    )
    (kept, changed), _ = run_safe_and_fast(ir, monkeypatch)
    assert kept == np.ones((4, 4)).tolist() != changed


def test_a_value_used_twice_parts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first use must copy, the second may take over."""
    body = insert("a", "s", "own") + "\n" + insert("b", "s", "own", "2, 2")
    (first, second), source = run_safe_and_fast(function(body, "%a, %b", f"{T}, {T}"), monkeypatch)
    assert first != second
    assert copies(source) == 1


def test_a_view_taken_before_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    body = extract("v", "own") + "\n" + insert("a", "s", "own")
    (view, _), source = run_safe_and_fast(function(body, "%v, %a", f"{S}, {T}"), monkeypatch)
    assert view == integers((4, 4), 1)[:2, :2].tolist()
    assert copies(source) == 1


def test_a_view_that_is_done_with_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""{extract("v", "own")}
    %m = linalg.matmul ins(%v, %s : {S}, {S}) outs(%v : {S}) -> {S}
    {insert("a", "m", "own")}"""
    _, source = run_safe_and_fast(function(body, "%a", T), monkeypatch)
    assert copies(source) == 0


def test_a_view_of_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%flat = tensor.collapse_shape %own [[0, 1]] : {T} into tensor<16xf32>
    %v = tensor.extract_slice %flat[0] [4] [1] : tensor<16xf32> to tensor<4xf32>
    {insert("a", "s", "own")}"""
    returns = f"tensor<4xf32>, {T}"
    (view, _), _ = run_safe_and_fast(function(body, "%v, %a", returns), monkeypatch)
    assert view == integers((4, 4), 1)[0].tolist()


def test_a_view_moves_what_is_owned(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%flat = tensor.collapse_shape %own [[0, 1]] : {T} into tensor<16xf32>
    %a = tensor.insert %f7 into %flat[%c2] : tensor<16xf32>"""
    _, source = run_safe_and_fast(function(body, "%a", "tensor<16xf32>"), monkeypatch)
    assert copies(source) == 0


def test_select_may_give_either(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%p = arith.select %c, %own, %y : {T}
    {insert("a", "s", "own")}"""
    (chosen, _), _ = run_safe_and_fast(function(body, "%p, %a", f"{T}, {T}"), monkeypatch)
    assert chosen == integers((4, 4), 1).tolist()


def test_the_inserted_slice_may_come_from_the_destination(monkeypatch: pytest.MonkeyPatch) -> None:
    """An overlapping move of one row."""
    row = "tensor<1x3xf32>"
    body = f"""%r = tensor.extract_slice %own[0, 0] [1, 3] [1, 1] : {T} to {row}
    %a = tensor.insert_slice %r into %own[0, 1] [1, 3] [1, 1] : {row} into {T}"""
    (result,), source = run_safe_and_fast(function(body, "%a", T), monkeypatch)
    x = integers((4, 4), 1)[0].tolist()
    assert result[0] == [x[0], *x[:3]]
    assert copies(source) == 0


def test_a_matmul_that_reads_its_destination(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"%a = linalg.matmul ins(%own, %own : {T}, {T}) outs(%own : {T}) -> {T}"
    (result,), _ = run_safe_and_fast(function(body, "%a", T), monkeypatch)
    x = integers((4, 4), 1)
    assert result == (x + x @ x).tolist()


# Branches ----------------------------------------------------------------------------------------


def test_branches_that_run_once_may_overwrite(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%r = scf.if %c -> ({T}) {{
      {insert("a", "s", "own")}
      scf.yield %a : {T}
    }} else {{
      scf.yield %own : {T}
    }}
    {insert("b", "s", "r", "2, 2")}"""
    _, source = run_safe_and_fast(function(body, "%b", T), monkeypatch)
    assert copies(source) == 0


def test_a_branch_whose_input_is_read_later_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%r = scf.if %c -> ({T}) {{
      {insert("a", "s", "own")}
      scf.yield %a : {T}
    }} else {{
      scf.yield %own : {T}
    }}
    {insert("b", "s", "r", "2, 2")}"""
    (kept, changed), _ = run_safe_and_fast(function(body, "%own, %b", f"{T}, {T}"), monkeypatch)
    assert kept == integers((4, 4), 1).tolist() != changed


def test_a_branch_that_yields_an_argument_gives_nothing_owned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = f"""%r = scf.if %c -> ({T}) {{
      scf.yield %x : {T}
    }} else {{
      scf.yield %own : {T}
    }}
    {insert("b", "s", "r")}"""
    (kept, changed), source = run_safe_and_fast(function(body, "%x, %b", f"{T}, {T}"), monkeypatch)
    assert kept != changed
    assert copies(source) == 1


# Loops -------------------------------------------------------------------------------------------


def loop(inits: str, types: str, body: str, result: str = "r") -> str:
    return f"""{result} = scf.for %i = %c0 to %c2 step %c1 iter_args({inits}) -> ({types}) {{
      {body}
    }}"""


def test_a_loop_carries_what_it_owns(monkeypatch: pytest.MonkeyPatch) -> None:
    body = loop("%acc = %own", T, f"{insert('a', 's', 'acc', '%i, %i')}\n scf.yield %a : {T}", "%r")
    _, source = run_safe_and_fast(function(body, "%r", T), monkeypatch)
    assert copies(source) == 0


def test_a_loop_from_an_argument_copies_once(monkeypatch: pytest.MonkeyPatch) -> None:
    body = loop("%acc = %x", T, f"{insert('a', 's', 'acc', '%i, %i')}\n scf.yield %a : {T}", "%r")
    (result, kept), source = run_safe_and_fast(function(body, "%r, %x", f"{T}, {T}"), monkeypatch)
    assert result != kept == integers((4, 4), 1).tolist()
    assert copies(source) == 1
    assert "for" in source.split(".copy()")[-1]  # before the loop, not in it


def test_a_loop_does_not_overwrite_what_stands_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    body = loop(
        "%acc = %own",
        T,
        f"""%e2 = tensor.empty() : {T}
      {insert("a", "s", "z", "%i, %i")}
      %sum = arith.addf %a, %acc : {T}
      scf.yield %sum : {T}""",
        "%r",
    )
    ir = function(f"%z = linalg.copy ins(%y : {T}) outs(%e : {T}) -> {T}\n{body}", "%r", T)
    (result,), _ = run_safe_and_fast(ir, monkeypatch)
    x, y, s = (integers((n, n), i) for i, n in ((1, 4), (2, 4), (3, 2)))
    first, second = y.copy(), y.copy()
    first[:2, :2], second[1:3, 1:3] = s, s
    assert result == (x + first + second).tolist()


def test_swapped_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"{insert('a', 's', 'p', '%i, 0')}\n scf.yield %q, %a : {T}, {T}"
    body = f"""%own2 = linalg.copy ins(%y : {T}) outs(%e : {T}) -> {T}
    {loop("%p = %own, %q = %own2", f"{T}, {T}", inner, "%r, %t")}"""
    _, source = run_safe_and_fast(function(body, "%r, %t", f"{T}, {T}"), monkeypatch)
    assert copies(source) == 1  # %own2 itself


def test_one_initial_value_for_two_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"{insert('a', 's', 'p', '%i, 0')}\n scf.yield %a, %q : {T}, {T}"
    body = loop("%p = %own, %q = %own", f"{T}, {T}", inner, "%r, %t")
    (changed, kept), _ = run_safe_and_fast(function(body, "%r, %t", f"{T}, {T}"), monkeypatch)
    assert kept == integers((4, 4), 1).tolist() != changed


def test_an_argument_yielded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"{insert('a', 's', 'p', '%i, 0')}\n scf.yield %a, %a : {T}, {T}"
    body = loop("%p = %own, %q = %y", f"{T}, {T}", inner, "%r, %t")
    run_safe_and_fast(function(body, "%r, %t", f"{T}, {T}"), monkeypatch)


def test_the_previous_value_kept_beside_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"{insert('a', 's', 'p', '%i, 0')}\n scf.yield %a, %p : {T}, {T}"
    body = loop("%p = %own, %q = %y", f"{T}, {T}", inner, "%r, %t")
    (changed, kept), _ = run_safe_and_fast(function(body, "%r, %t", f"{T}, {T}"), monkeypatch)
    assert changed != kept


def test_a_view_carried_beside_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"{extract('v', 'p')}\n{insert('a', 'q', 'p', '2, %i')}\n scf.yield %a, %v : {T}, {S}"
    body = loop("%p = %own, %q = %s", f"{T}, {S}", inner, "%r, %t")
    run_safe_and_fast(function(body, "%r, %t", f"{T}, {S}"), monkeypatch)


def test_nested_loops_own_together(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"""%n = scf.for %j = %c0 to %c2 step %c1 iter_args(%in = %out) -> ({T}) {{
        {insert("a", "s", "in", "%i, %j")}
        scf.yield %a : {T}
      }}
      scf.yield %n : {T}"""
    body = loop("%out = %own", T, inner, "%r")
    _, source = run_safe_and_fast(function(body, "%r", T), monkeypatch)
    assert copies(source) == 0


def test_an_inner_loop_from_an_outer_value_copies_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inner = f"""%n = scf.for %j = %c0 to %c2 step %c1 iter_args(%in = %own) -> ({T}) {{
        {insert("a", "s", "in", "%i, %j")}
        scf.yield %a : {T}
      }}
      %sum = arith.addf %n, %out : {T}
      scf.yield %sum : {T}"""
    body = loop("%out = %y", T, inner, "%r")
    run_safe_and_fast(function(body, "%r, %own", f"{T}, {T}"), monkeypatch)


def test_while_loops_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%r, %n = scf.while (%p = %own, %k = %c0) : ({T}, index) -> ({T}, index) {{
      %more = arith.cmpi ult, %k, %c2 : index
      scf.condition(%more) %p, %k : {T}, index
    }} do {{
    ^bb0(%p2: {T}, %k2: index):
      {insert("a", "s", "p2", "%k2, 0")}
      %next = arith.addi %k2, %c1 : index
      scf.yield %a, %next : {T}, index
    }}"""
    run_safe_and_fast(function(body, "%r, %own", f"{T}, {T}"), monkeypatch)


# Calls -------------------------------------------------------------------------------------------


def test_a_call_may_return_its_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = function(
        f"%r = func.call @same(%own) : ({T}) -> {T}\n{insert('a', 's', 'r')}",
        "%own, %a",
        f"{T}, {T}",
    )
    (kept, changed), _ = run_safe_and_fast(
        f"func.func private @same(%t: {T}) -> {T} {{ return %t : {T} }}\n{ir}", monkeypatch
    )
    assert kept == integers((4, 4), 1).tolist() != changed


def test_results_share_no_memory_with_arguments() -> None:
    ir = f"func.func @main(%t: {T}) -> ({T}, {T}) {{ return %t, %t : {T}, {T} }}"
    x = integers((4, 4), 1)
    first, second = program(ir).call("main", [x])
    first[...] = 99
    assert x.tolist() == second.tolist() == integers((4, 4), 1).tolist()


def test_should_the_analysis_ever_be_wrong_arguments_are_still_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Ownership, "may_overwrite", lambda *_: True)
    x = integers((4, 4), 1)
    with pytest.raises(InterpretationError, match=r"'tensor.insert_slice': .*read-only"):
        program(function(insert("a", "s", "x"), "%a", T)).call("main", [x, x, x[:2, :2], True])
    assert x.tolist() == integers((4, 4), 1).tolist()


# Anything ----------------------------------------------------------------------------------------


FOUR = "tensor<1x1x2x2xf32>"
NOTHING_TO_DO = {
    "finish": f"%r = deconv.finish %s : {FOUR} -> {FOUR}",
    "identity": f"""%r = deconv.finish %s config = <activation = <op_type = identity>>
      : {FOUR} -> {FOUR}""",
    "dilate": f"%r = deconv.dilate_insert %s strides = [1, 1, 1, 1] : {FOUR} -> {FOUR}",
    "flip": f"%r = deconv.flip %s dimensions = [] : {FOUR} -> {FOUR}",
    "interleave": f"""%r = "deconv.interleave"(%s) <{{operandSegmentSizes = array<i32: 1, 0>,
      strides = array<i64: 1, 1>, rows = [array<i64: 0>], columns = [array<i64: 0>]}}>
      : ({FOUR}) -> {FOUR}""",
    **{
        name: f'%r = "ttnn.{name}"(%s){properties} : ({FOUR}) -> {FOUR}'
        for name, properties in {
            "reshape": " <{shape = [1 : i32, 1 : i32, 2 : i32, 2 : i32]}>",
            "permute": " <{permutation = array<i64: 0, 1, 2, 3>}>",
            "pad": """ <{padding = array<i32: 0, 0, 0, 0, 0, 0, 0, 0>, use_multicore = false,
              value = 0.0 : f32}>""",
            "slice_static": """ <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32],
              ends = [1 : i32, 1 : i32, 2 : i32, 2 : i32],
              step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}>""",
            "concat": " <{dim = 0 : si32}>",
            "repeat": " <{repeat_dims = #ttnn.shape<1x1x1x1>}>",
            "upsample": ' <{mode = "nearest", scale_factor = 1 : si32}>',
            "relu": "",
            "typecast": "",
            "to_layout": "",
        }.items()
    },
    "prepare": f"""%d = "ttnn.get_device"() : () -> !ttnn.device
    %w = "ttnn.reshape"(%s) <{{shape = [2 : i32, 2 : i32, 1 : i32, 1 : i32]}}>
      : ({FOUR}) -> tensor<2x2x1x1xf32>
    %r = "ttnn.prepare_conv_transpose2d_weights"(%w, %d) <{{
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_dtype = #ttcore.supportedDataTypes<f32>,
      weights_format = "IOHW", has_bias = false, in_channels = 2 : i32, out_channels = 2 : i32,
      batch_size = 1 : i32, input_height = 1 : i32, input_width = 1 : i32, groups = 1 : i32,
      kernel_size = array<i32: 1, 1>, stride = array<i32: 1, 1>, padding = array<i32: 0, 0>,
      output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>}}>
      : (tensor<2x2x1x1xf32>, !ttnn.device) -> {FOUR}""",
}


@pytest.mark.parametrize("name", NOTHING_TO_DO)
def test_what_does_nothing_hands_on_no_memory_to_write_to(name: str) -> None:
    ir = f"""
  func.func @main(%x: {FOUR}) -> ({FOUR}, {FOUR}) {{{CONSTANTS}
    %s = arith.addf %x, %x : {FOUR}
    {NOTHING_TO_DO[name]}
    %i = tensor.insert %f7 into %r[%c0, %c0, %c0, %c0] : {FOUR}
    return %s, %i : {FOUR}, {FOUR}
  }}"""
    before, after = program(ir).call("main", [np.ones((1, 1, 2, 2), np.float32)])
    assert before.ravel().tolist() == [2, 2, 2, 2]
    assert after.ravel().tolist() == [7, 2, 2, 2]


class RandomFunction:
    """Random but valid code over 4x4 and 2x2 tensors: inserts, views, branches, loops."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.count = 0

    def name(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def ops(self, large: list[str], small: list[str], length: int, depth: int) -> list[str]:
        """Lines that add their results to the two lists of values in scope."""
        return [self.op(large, small, depth) for _ in range(length)]

    def op(self, large: list[str], small: list[str], depth: int) -> str:
        pick, result = self.random.choice, self.name()
        kind = pick(
            ["insert"] * 3
            + ["extract", "extract", "add", "matmul", "reshape", "scalar", "fill"]
            + ["if", "for", "for"] * (depth > 0)
        )
        at = f"{pick('012')}, {pick('012')}"
        recent = large[-3:] if self.random.random() < 0.7 else large
        if kind == "insert":
            text = insert(result, pick(small), pick(recent), at)
            large.append(result)
        elif kind == "extract":
            text = extract(result, pick(recent), at)
            small.append(result)
        elif kind == "add":
            text = f"%{result} = arith.addf %{pick(large)}, %{pick(recent)} : {T}"
            large.append(result)
        elif kind == "matmul":
            a, b, c = pick(small), pick(small), pick(small)
            text = f"%{result} = linalg.matmul ins(%{a}, %{b} : {S}, {S}) outs(%{c} : {S}) -> {S}"
            small.append(result)
        elif kind == "reshape":
            other = self.name()
            flat = "tensor<16xf32>"
            text = f"""%{other} = tensor.collapse_shape %{pick(recent)} [[0, 1]] : {T} into {flat}
    %{result} = tensor.expand_shape %{other} [[0, 1]] output_shape [4, 4] : {flat} into {T}"""
            large.append(result)
        elif kind == "scalar":
            text = f"%{result} = tensor.insert %f7 into %{pick(recent)}[%c1, %c2] : {T}"
            large.append(result)
        elif kind == "fill":
            text = f"%{result} = linalg.fill ins(%f7 : f32) outs(%{pick(small)} : {S}) -> {S}"
            small.append(result)
        elif kind == "if":
            text = self.branch(result, large, small, depth)
        else:
            text = self.loop(result, large, small, depth)
        return text

    def branch(self, result: str, large: list[str], small: list[str], depth: int) -> str:
        arms: list[str] = []
        for _ in range(2):
            inner, inner_small = [*large], [*small]
            lines = self.ops(inner, inner_small, self.random.randrange(3), depth - 1)
            value = self.random.choice(inner[-3:])
            arms.append("\n".join([*lines, f"scf.yield %{value} : {T}"]))
        large.append(result)
        return f"%{result} = scf.if %c -> ({T}) {{\n{arms[0]}\n}} else {{\n{arms[1]}\n}}"

    def loop(self, result: str, large: list[str], small: list[str], depth: int) -> str:
        p, q, k, other = (self.name() for _ in range(4))
        inner, inner_small = [*large, p, q], [*small]
        lines = self.ops(inner, inner_small, 1 + self.random.randrange(4), depth - 1)
        values = [self.random.choice(inner[-4:]) for _ in range(2)]
        inits = [self.random.choice(large[-3:]) for _ in range(2)]
        large.extend((result, other))
        body = "\n".join(lines)
        return f"""%{result}, %{other} = scf.for %{k} = %c0 to %c2 step %c1
      iter_args(%{p} = %{inits[0]}, %{q} = %{inits[1]}) -> ({T}, {T}) {{
{body}
scf.yield %{values[0]}, %{values[1]} : {T}, {T}
    }}"""

    def text(self) -> str:
        large, small = ["x", "y", "own"], ["s"]
        lines = self.ops(large, small, 8, 2)
        kept = [self.random.choice(large) for _ in range(3)] + [large[-1]]
        returns = ", ".join(f"%{name}" for name in [*kept, small[-1]])
        return function("\n    ".join(lines), returns, f"{T}, {T}, {T}, {T}, {S}")


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_random_functions(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        run_safe_and_fast(RandomFunction(seed).text(), patch)
