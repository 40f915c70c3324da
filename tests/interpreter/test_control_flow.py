"""func, scf and cf: everything that decides what runs next."""

from __future__ import annotations

import numpy as np
import pytest
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program, run, run_one

CONSTANTS = """
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c10 = arith.constant 10 : index
"""


def test_nested_loops_with_several_values() -> None:
    ir = f"""
  func.func @main(%n: index) -> (index, index) {{{CONSTANTS}
    %r:2 = scf.for %i = %c1 to %n step %c3 iter_args(%a = %c0, %b = %c1) -> (index, index) {{
      %s = scf.for %j = %c0 to %i step %c1 iter_args(%x = %a) -> (index) {{
        %y = arith.addi %x, %j : index
        scf.yield %y : index
      }}
      scf.yield %b, %s : index, index
    }}
    return %r#0, %r#1 : index, index
  }}"""
    for n in (0, 1, 2, 11):
        a, b = 0, 1
        for i in range(1, n, 3):
            a, b = b, a + sum(range(i))
        assert [int(v) for v in run(ir, n)] == [a, b]


@pytest.mark.parametrize("step", [0, -1])
def test_a_loop_whose_step_is_not_positive_is_refused(step: int) -> None:
    ir = f"""
  func.func @main(%s: index) {{{CONSTANTS}
    scf.for %i = %c0 to %c10 step %s {{
    }}
    return
  }}"""
    with pytest.raises(
        InterpretationError, match=r"test.mlir:9:5: 'scf.for': expected a step .* got"
    ):
        run(ir, step)


def test_if_with_and_without_results() -> None:
    ir = """
  func.func @main(%c: i1, %m: memref<1xi32>) -> i32 {
    %z = arith.constant 0 : index
    %a = arith.constant 5 : i32
    %b = arith.constant 6 : i32
    scf.if %c {
      memref.store %a, %m[%z] : memref<1xi32>
    }
    %r = scf.if %c -> (i32) {
      scf.yield %a : i32
    } else {
      memref.store %b, %m[%z] : memref<1xi32>
      scf.yield %b : i32
    }
    return %r : i32
  }"""
    for condition, expected in ((True, 5), (False, 6)):
        memory = np.zeros(1, np.int32)
        assert run_one(ir, condition, memory) == expected
        assert memory[0] == expected


def test_while() -> None:
    """Collatz: the values of the condition are not those of the loop."""
    ir = """
  func.func @main(%n: i64) -> (i64, i64) {
    %c0 = arith.constant 0 : i64
    %c1 = arith.constant 1 : i64
    %c2 = arith.constant 2 : i64
    %c3 = arith.constant 3 : i64
    %r:2 = scf.while (%x = %n, %k = %c0) : (i64, i64) -> (i64, i64) {
      %more = arith.cmpi ne, %x, %c1 : i64
      scf.condition(%more) %k, %x : i64, i64
    } do {
    ^bb0(%k2: i64, %x2: i64):
      %bit = arith.remsi %x2, %c2 : i64
      %odd = arith.cmpi eq, %bit, %c1 : i64
      %next = scf.if %odd -> (i64) {
        %a = arith.muli %x2, %c3 : i64
        %b = arith.addi %a, %c1 : i64
        scf.yield %b : i64
      } else {
        %h = arith.divsi %x2, %c2 : i64
        scf.yield %h : i64
      }
      %k3 = arith.addi %k2, %c1 : i64
      scf.yield %next, %k3 : i64, i64
    }
    return %r#0, %r#1 : i64, i64
  }"""
    assert [int(v) for v in run(ir, 27)] == [111, 1]
    assert [int(v) for v in run(ir, 1)] == [0, 1]


def test_index_switch() -> None:
    ir = """
  func.func @main(%i: index) -> i32 {
    %r = scf.index_switch %i -> i32
    case 2 {
      %a = arith.constant 20 : i32
      scf.yield %a : i32
    }
    case 5 {
      %a = arith.constant 50 : i32
      scf.yield %a : i32
    }
    default {
      %a = arith.constant -1 : i32
      scf.yield %a : i32
    }
    return %r : i32
  }"""
    assert [run_one(ir, i) for i in (2, 5, 3)] == [20, 50, -1]


def test_parallel_and_reduce() -> None:
    ir = f"""
  func.func @main(%m: memref<3x2xindex>) -> index {{{CONSTANTS}
    %r = "scf.parallel"(%c0, %c0, %c3, %c2, %c1, %c1, %c10)
        <{{operandSegmentSizes = array<i32: 2, 2, 2, 1>}}> ({{
    ^bb0(%i: index, %j: index):
      %k = arith.muli %i, %c10 : index
      %l = arith.addi %k, %j : index
      memref.store %l, %m[%i, %j] : memref<3x2xindex>
      scf.reduce(%l : index) {{
      ^bb0(%a: index, %b: index):
        %s = arith.addi %a, %b : index
        scf.reduce.return %s : index
      }}
    }}) : (index, index, index, index, index, index, index) -> index
    return %r : index
  }}"""
    memory = np.zeros((3, 2), np.int64)
    assert run_one(ir, memory) == 10 + 0 + 1 + 10 + 11 + 20 + 21
    assert memory.tolist() == [[0, 1], [10, 11], [20, 21]]


def test_execute_region_with_blocks() -> None:
    ir = """
  func.func @main(%c: i1) -> i32 {
    %r = scf.execute_region -> i32 {
      cf.cond_br %c, ^a, ^b
    ^a:
      %x = arith.constant 1 : i32
      scf.yield %x : i32
    ^b:
      %y = arith.constant 2 : i32
      scf.yield %y : i32
    }
    return %r : i32
  }"""
    assert run_one(ir, True) == 1
    assert run_one(ir, False) == 2


def test_blocks_that_loop_and_swap() -> None:
    """Fibonacci by branches: arguments change all at once."""
    ir = """
  func.func @main(%n: i32) -> i32 {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    cf.br ^head(%c0, %c0, %c1 : i32, i32, i32)
  ^head(%i: i32, %a: i32, %b: i32):
    %more = arith.cmpi slt, %i, %n : i32
    cf.cond_br %more, ^body, ^exit(%a : i32)
  ^body:
    %j = arith.addi %i, %c1 : i32
    %s = arith.addi %a, %b : i32
    cf.br ^head(%j, %b, %s : i32, i32, i32)
  ^exit(%r: i32):
    return %r : i32
  }"""
    assert [run_one(ir, n) for n in range(8)] == [0, 1, 1, 2, 3, 5, 8, 13]


def test_blocks_written_in_another_order_than_they_run() -> None:
    ir = """
  func.func @main(%n: i32) -> i32 {
    cf.br ^first
  ^second:
    %y = arith.addi %x, %n : i32
    return %y : i32
  ^first:
    %x = arith.addi %n, %n : i32
    cf.br ^second
  ^never:
    return %n : i32
  }"""
    assert run_one(ir, 5) == 15


def test_switch() -> None:
    ir = """
  func.func @main(%f: i32) -> i32 {
    %a = arith.constant 10 : i32
    %b = arith.constant 20 : i32
    cf.switch %f : i32, [
      default: ^exit(%f : i32),
      42: ^exit(%a : i32),
      -1: ^more(%b : i32)
    ]
  ^more(%x: i32):
    %y = arith.addi %x, %x : i32
    cf.br ^exit(%y : i32)
  ^exit(%r: i32):
    return %r : i32
  }"""
    assert [run_one(ir, f) for f in (42, -1, 7)] == [10, 40, 7]


def test_assert() -> None:
    ir = """
  func.func @main(%c: i1) {
    cf.assert %c, "it's \\"quoted\\""
    return
  }"""
    run(ir, True)
    with pytest.raises(InterpretationError, match=r"test.mlir:3:5: 'cf.assert': .*it's"):
        run(ir, False)


RECURSIVE = """
  func.func @even(%n: i32) -> i1 {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %done = arith.cmpi eq, %n, %c0 : i32
    %r = scf.if %done -> (i1) {
      %t = arith.constant true
      scf.yield %t : i1
    } else {
      %m = arith.subi %n, %c1 : i32
      %q = func.call @odd(%m) : (i32) -> i1
      scf.yield %q : i1
    }
    return %r : i1
  }
  func.func @odd(%n: i32) -> i1 {
    %e = func.call @even(%n) : (i32) -> i1
    %t = arith.constant true
    %r = arith.xori %e, %t : i1
    return %r : i1
  }"""


def test_recursion_and_its_end() -> None:
    # @even recurses through @odd, which negates: even(n) = not even(n - 1).
    assert [run_one(RECURSIVE, n, name="even") for n in range(5)] == [True, False] * 2 + [True]
    with pytest.raises(InterpretationError, match="nested too deeply"):
        run(RECURSIVE, 10**6, name="even")


def test_functions_without_results_and_with_none() -> None:
    ir = """
  func.func private @store(%m: memref<1xf32>, %f: f32) {
    %z = arith.constant 0 : index
    memref.store %f, %m[%z] : memref<1xf32>
    return
  }
  func.func @main(%m: memref<1xf32>, %f: f32) {
    func.call @store(%m, %f) : (memref<1xf32>, f32) -> ()
    return
  }"""
    memory = np.zeros(1, np.float32)
    assert run(ir, memory, 2.5) == ()
    assert memory[0] == 2.5


@pytest.mark.parametrize("depth", [5, 13, 30])
def test_loops_nested_deeper_than_python_allows(depth: int) -> None:
    """Sums and tensors are carried through every level."""
    t = "tensor<2xf32>"
    sums = ["%c0", *(f"%a{d}" for d in range(depth))]
    tensors = ["%x", *(f"%b{d}" for d in range(depth))]
    opening = [
        f"%s{d + 1}, %t{d + 1} = scf.for %i{d} = %c0 to %c{2 if d in (0, depth - 1) else 1} "
        f"step %c1 iter_args(%a{d} = {sums[d]}, %b{d} = {tensors[d]}) -> (index, {t}) {{"
        for d in range(depth)
    ]
    inner = f"""%sum = arith.addi %a{depth - 1}, %i0 : index
    %next = arith.addi %sum, %i{depth - 1} : index
    %f = arith.constant 1.0 : f32
    %old = tensor.extract %b{depth - 1}[%c0] : {t}
    %new = arith.addf %old, %f : f32
    %u = tensor.insert %new into %b{depth - 1}[%c0] : {t}
    scf.yield %next, %u : index, {t}
    }}"""
    closing = [f"scf.yield %s{d}, %t{d} : index, {t}\n}}" for d in range(depth, 1, -1)]
    lines = "\n".join([*opening, inner, *closing])
    ir = f"""
  func.func @main(%x: {t}) -> (index, {t}) {{{CONSTANTS}
    {lines}
    return %s1, %t1 : index, {t}
  }}"""
    x = integers((2,), 1)
    total, counted = run(ir, x)
    assert int(total) == 0 + 1 + 1 + 2
    assert counted.tolist() == [x[0] + 4, x[1]]


def test_ifs_nested_deeply() -> None:
    depth = 60
    opening = "\n".join(f"%r{d} = scf.if %c -> (i32) {{" for d in range(depth))
    values = [*(f"%r{d}" for d in range(1, depth)), "%one"]
    closing = "\n".join(
        f"scf.yield {value} : i32\n}} else {{\nscf.yield %n : i32\n}}" for value in values[::-1]
    )
    ir = f"""
  func.func @main(%c: i1, %n: i32) -> i32 {{
    %one = arith.constant 1 : i32
    {opening}
    {closing}
    return %r0 : i32
  }}"""
    assert run_one(ir, True, 7) == 1
    assert run_one(ir, False, 7) == 7


def test_what_is_never_called_is_never_looked_at() -> None:
    ir = """
  func.func @broken(%x: tensor<2xf32>) -> tensor<2xf32> {
    %0 = "ttnn.unheard_of"(%x) : (tensor<2xf32>) -> tensor<2xf32>
    return %0 : tensor<2xf32>
  }
  func.func private @declared(tensor<2xf32>) -> tensor<2xf32>
  func.func @main(%x: tensor<2xf32>, %c: i1) -> tensor<2xf32> {
    %r = scf.if %c -> (tensor<2xf32>) {
      %0 = func.call @broken(%x) : (tensor<2xf32>) -> tensor<2xf32>
      scf.yield %0 : tensor<2xf32>
    } else {
      scf.yield %x : tensor<2xf32>
    }
    return %r : tensor<2xf32>
  }"""
    found = program(ir)
    assert found.function_names == ("broken", "declared", "main")
    x = integers((2,))
    assert found.call("main", [x, False])[0].tolist() == x.tolist()
    with pytest.raises(
        InterpretationError, match=r"^test.mlir:3:5: 'ttnn.unheard_of': expected an op"
    ):
        found.call("main", [x, True])
    with pytest.raises(
        InterpretationError, match=r"'func.func': expected 'declared' to have a body"
    ):
        found.call("declared", [x])
    with pytest.raises(
        InterpretationError, match="expected one of 'broken', 'declared', 'main', got 'gone'"
    ):
        found.call("gone", [])
