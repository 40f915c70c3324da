"""What goes wrong names the op and its place; a trace shows where two runs part."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
from xdsl.builder import Builder
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import ModuleOp, i32
from xdsl.ir import BlockArgument
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program, run
from xdsl_ttnn.interpreter import Program, compile_module

DIVIDE = """
func.func private @inner(%a: i32, %b: i32) -> i32 {
  %0 = arith.addi %a, %b : i32
  %1 = arith.divsi %0, %b : i32
  return %1 : i32
}
func.func @main(%a: i32, %b: i32) -> i32 {
  %0 = func.call @inner(%a, %b) : (i32, i32) -> i32
  return %0 : i32
}"""


def test_the_innermost_op_is_named() -> None:
    with pytest.raises(
        InterpretationError, match=r"^test.mlir:4:3: 'arith.divsi': division by zero$"
    ):
        run(DIVIDE, 1, 0)


def test_ops_without_location_are_counted() -> None:
    @Builder.implicit_region((i32, i32))
    def body(args: tuple[BlockArgument, ...]) -> None:
        total = arith.AddiOp(args[0], args[1])
        func.ReturnOp(arith.DivSIOp(total, args[1]))

    module = ModuleOp([func.FuncOp("main", ((i32, i32), (i32,)), body)])
    with pytest.raises(InterpretationError, match=r"^in function 'main', op 1: 'arith.divsi': div"):
        compile_module(module).call("main", [1, 0])


def test_a_function_that_an_unknown_op_ends() -> None:
    """xDSL takes an op that it does not know for a terminator."""
    text = 'func.func @main(%x: i32) -> i32 {\n  "unknown.end"(%x) : (i32) -> ()\n}'
    with pytest.raises(
        InterpretationError,
        match=r"^test.mlir:2:3: 'unknown.end': expected func.return at the end of a function$",
    ):
        run(text, 1)


def test_integers_without_a_bit() -> None:
    text = """func.func @main() -> i32 {
  %0 = arith.constant 0 : i0
  %1 = arith.extui %0 : i0 to i32
  return %1 : i32
}"""
    with pytest.raises(InterpretationError, match=r"^test.mlir:2:3: 'arith.constant': .*, got i0$"):
        run(text)


def test_arguments_with_their_bytes_in_the_other_order() -> None:
    identity = "func.func @main(%x: {0}<2xf32>) -> {0}<2xf32> {{ return %x : {0}<2xf32> }}"
    given = np.array([1, 256], ">f4")
    (result,) = run(identity.format("tensor"), given)

    assert result.dtype == np.float32 and result.tolist() == [1, 256]
    with pytest.raises(InterpretationError, match=r"expected dtype float32 for f32, got >f4"):
        run(identity.format("memref"), given)


ARGUMENTS = "func.func @main(%x: tensor<2x?xf32>, %i: i8) -> i8 { return %i : i8 }"


@pytest.mark.parametrize(
    "args, message",
    [
        ([], "expected 2 arguments of 'main', got 0"),
        ([integers((3, 2)), 1], r"argument 0 of 'main': expected shape 2x\?, got 3x2"),
        ([integers((2,)), 1], r"argument 0 of 'main': expected shape 2x\?, got 2$"),
        ([integers((2, 2), 0, float), 1], "argument 0 of 'main': expected dtype float32 for f32"),
        ([integers((2, 2)), 1.5], "argument 1 of 'main': expected a whole number for i8, got 1.5"),
        ([integers((2, 2)), integers((2,))], "argument 1 of 'main': expected one i8, got shape 2"),
    ],
)  # fmt: skip
def test_arguments_are_checked(args: list[Any], message: str) -> None:
    with pytest.raises(InterpretationError, match=r"^test.mlir:1:1: 'func.func': " + message):
        run(ARGUMENTS, *args)


def test_f64_accumulation_takes_f64_arguments() -> None:
    ir = "func.func @main(%x: tensor<2xbf16>) -> tensor<2xbf16> { return %x : tensor<2xbf16> }"
    third = np.array([1 / 3, 1.0])
    (result,) = run(ir, third, accumulate="f64")
    assert result.tolist() == third.tolist()
    with pytest.raises(ValueError, match="accumulate: expected 'ir' or 'f64', got 'f32'"):
        program(ir, accumulate="f32")


def test_memory_that_is_not_there() -> None:
    ir = """
func.func @main(%n: index) -> tensor<?xf32> {
  %e = tensor.empty(%n) : tensor<?xf32>
  return %e : tensor<?xf32>
}"""
    with pytest.raises(InterpretationError, match=r"^test.mlir:3:3: 'tensor.empty': out of memory"):
        run(ir, 2**50)
    with pytest.raises(InterpretationError, match=r"^test.mlir:3:3: 'tensor.empty': "):
        run(ir, -1)


def test_types_without_values_are_refused() -> None:
    ir = """
func.func @main(%x: f32) -> f128 {
  %0 = arith.extf %x : f32 to f128
  return %0 : f128
}"""
    with pytest.raises(InterpretationError, match=r"^test.mlir:3:3: 'arith.extf': .*got f128"):
        run(ir, 1.0)


def test_values_without_numbers_pass_through() -> None:
    ir = """
func.func @main(%d: !ttnn.device, %x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}"""
    assert run(ir, None, np.ones(2, np.float32))[0].tolist() == [1, 1]


# Trace -------------------------------------------------------------------------------------------

TRACED = """
func.func @main(%x: tensor<2x3xf32>, %n: index) -> tensor<2x3xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (tensor<2x3xf32>) {
    %b = arith.addf %a, %x : tensor<2x3xf32>
    scf.yield %b : tensor<2x3xf32>
  }
  %e = tensor.empty() : tensor<2x3xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%p: f32, %q: f32):
    %t = arith.mulf %p, %p : f32
    linalg.yield %t : f32
  } -> tensor<2x3xf32>
  return %s : tensor<2x3xf32>
}"""


def trace_of(ir: str, *args: Any) -> list[str]:
    stream = io.StringIO()
    run(ir, *args, trace=stream)
    return stream.getvalue().splitlines()


def test_every_op_is_traced_with_shape_and_digest() -> None:
    lines = trace_of(TRACED, integers((2, 3), 1), 2)
    names = [line.split(" ")[0] for line in lines]
    assert names == [
        "arith.constant",
        "arith.constant",
        "arith.addf",
        "arith.addf",
        "scf.for",
        "tensor.empty",
        "linalg.generic",
    ]
    pattern = r"arith.addf -> 2x3xf32 sha1:[0-9a-f]{12}  \(@main test.mlir:6:5\)"
    assert re.fullmatch(pattern, lines[2])
    assert lines[0] == "arith.constant -> index 0  (@main test.mlir:3:3)"
    assert lines[3].split(" ")[2:4] == lines[4].split(" ")[2:4]


def test_two_runs_are_equal_up_to_where_they_differ() -> None:
    x = integers((2, 3), 1)
    first, again = (trace_of(TRACED, x, 2) for _ in range(2))
    assert first == again
    other = trace_of(TRACED.replace("mulf %p, %p", "addf %p, %p"), x, 2)
    different = [a.split(" ")[0] for a, b in zip(first, other, strict=True) if a != b]
    assert different == ["linalg.generic"]


def test_writes_to_memrefs_are_traced() -> None:
    ir = """
func.func @main(%m: memref<2xf32>) {
  %c0 = arith.constant 0 : index
  %f = arith.constant 1.0 : f32
  memref.store %f, %m[%c0] : memref<2xf32>
  return
}"""
    lines = trace_of(ir, np.zeros(2, np.float32))
    others = trace_of(ir.replace("constant 0", "constant 1"), np.zeros(2, np.float32))
    assert lines[-1].startswith("memref.store -> ")
    assert lines[-1] != others[-1]


def test_nothing_is_traced_unless_asked() -> None:
    found = program(TRACED)
    assert "trace" not in found.source("main")


def test_the_source_is_there_to_read() -> None:
    found = program(TRACED)
    assert isinstance(found, Program)
    source = found.source("main")
    assert source.startswith("def main(")
    compile(source, "shown", "exec")
