"""Names in emitted code: no two of them meet, and none changes from one run to the next."""

from __future__ import annotations

import builtins
import keyword
import os
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import func
from xdsl.printer import Printer
from xdsl.utils.exceptions import ParseError

from support.floors import assert_equal_bits, parsed, run_at
from support.interpreter import program, run_one
from support.names import ADVERSARIAL, RELU6, call_chain
from xdsl_ttnn.dialect.text.names import symbol_text
from xdsl_ttnn.interpreter import compile_module
from xdsl_ttnn.interpreter.names import LocalNames, Namespace, locals_in

hints = st.one_of(st.sampled_from(ADVERSARIAL), st.text("acv12_²ﬁ.\0", max_size=4))


def assert_names(found: Sequence[str]) -> None:
    """All different, all plain identifiers that Python has no meaning for."""
    assert len(set(found)) == len(found)
    for name in found:
        assert name.isascii() and name.isidentifier(), name
        assert not keyword.iskeyword(name) and not hasattr(builtins, name), name


@given(st.lists(st.tuples(st.sampled_from(("local", "global", "shared")), hints), max_size=60))
def test_no_two_names_meet(asked: list[tuple[str, str]]) -> None:
    namespace, names = Namespace({"np": np}), LocalNames()
    local: list[str] = []
    for number, (kind, hint) in enumerate(asked):
        if kind == "local":
            local.append(names.fresh(hint))
        elif kind == "global":
            assert namespace.values[namespace.add(number, hint)] == number
        else:
            name = namespace.share(("key", number), lambda number=number: number, hint)
            assert name == namespace.share(("key", number), lambda: None, "other")
    assert_names([*namespace.values, *local])
    line = " + ".join((*namespace.values, *local))
    for last in (0, 1, len(local)):
        assert locals_in(line, last) == local[:last]


def test_names_read_like_what_they_stand_for() -> None:
    namespace, names = Namespace({"np": np}), LocalNames()
    asked = ("relu6", "relu", "relu6", "np", "f²", "v1", "")
    given_names = ["relu6", "relu", "relu6_2", "np_2", "f_", "_v1", "value"]
    assert [namespace.add(0, hint) for hint in asked] == given_names
    assert [names.fresh(hint) for hint in ("", "row", "a.b")] == ["v1", "v2_row", "v3_a_b"]


# One global stood for two activations ------------------------------------------------------------

VALUES = np.array([[-1, 3, 7, 100]], np.float32)


def activations(names: Sequence[str]) -> str:
    """Each of some activations of %x, and their sum."""
    type_ = "tensor<1x4xf32>"
    lines: list[str] = []
    total = "%zero"
    for number, name in enumerate(names):
        lines.append(f'%a{number} = "ttnn.{name}"(%x) : ({type_}) -> {type_}')
        lines.append(f"%s{number} = arith.addf {total}, %a{number} : {type_}")
        total = f"%s{number}"
    body = "\n  ".join(lines)
    return f"""
func.func @main(%x: {type_}) -> {type_} {{
  %zero = arith.constant dense<0.0> : {type_}
  {body}
  return {total} : {type_}
}}"""


@pytest.mark.parametrize("count", [1, 2, 60, 61, 62, 130])
def test_one_relu6_and_many_relus(count: int) -> None:
    """The 62nd constant that was called relu was called relu62, and so was relu6's second."""
    for names in (["relu6", *["relu"] * count], [*["relu"] * count, "relu6"]):
        expected = np.clip(VALUES, 0, 6) + count * np.maximum(VALUES, 0)
        assert_equal_bits(run_one(activations(names), VALUES), expected)


@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
def test_relu6_stays_relu6_at_every_floor(floor: str) -> None:
    result = run_at(RELU6, floor, {"x": VALUES})
    assert result.tolist() == [[0, 3, 6, 6]]


# Names of the IR ---------------------------------------------------------------------------------


def test_functions_globals_and_values_of_any_name() -> None:
    names = [name for name in dict.fromkeys(ADVERSARIAL) if name]
    found = compile_module(parsed(call_chain(names)))
    expected = sum(2**number % 1000003 for number in range(len(names)))
    (result,) = found.call(names[0], [np.array([0, 5], np.int32)])
    assert result.tolist() == [expected, expected + 5]


@pytest.mark.parametrize("name", ["f²", "ﬁ", "a\0b", "a\nb", "v1", "np", "lambda", "__debug__"])
def test_every_function_of_a_name_is_itself(name: str) -> None:
    """Also as the one that is called, and beside one that Python would take for the same."""
    pairs = call_chain([name, "fi", "f_", "a_b"])
    result = compile_module(parsed(pairs)).call(name, [np.zeros(2, np.int32)])[0]
    assert result.tolist() == [15, 15]
    assert compile_module(parsed(pairs)).call("a_b", [np.zeros(2, np.int32)])[0].tolist() == [8, 8]


def test_a_declaration_does_not_hide_a_function() -> None:
    ir = """
func.func private @inner(%a: i32) -> i32
builtin.module {
  func.func @inner(%a: i32) -> i32 { return %a : i32 }
}"""
    assert run_one(ir, 7, name="inner") == 7


def test_every_name_of_real_code_is_handed_out() -> None:
    """The namespace is all there is: what emitted code reads is in it, a builtin or a local."""
    found = program(call_chain(["relu", "relu6", "np"]))
    for name in found.function_names:
        code = compile(found.source(name), "shown", "exec").co_consts[0]
        known = {*found.namespace.values, *dir(builtins)}
        assert set(code.co_names) - known <= {"item"}
    assert_names([name for name in found.namespace.values if name != "__builtins__"])


# Parts of deeply nested code ---------------------------------------------------------------------


def nested(depth: int, inside: str) -> str:
    """A function of (index, i1) with `inside` in so many ifs, which yields an index %y."""
    head = "\n".join(f"%r{i} = scf.if %c -> (index) {{" for i in range(depth))
    tail = "\n".join(
        f"scf.yield %{'y' if i == depth - 1 else f'r{i + 1}'} : index }} else {{\n"
        "scf.yield %n : index }"
        for i in reversed(range(depth))
    )
    return f"""
func.func @main(%n: index, %c: i1) -> index {{
  {head}
  {inside}
  {tail}
  return %r0 : index
}}"""


def test_a_part_reads_what_stands_for_a_value_though_it_is_no_name() -> None:
    """The argument of the inner `tensor.pad` is `v_position[0]`; the branch is a part."""
    ir = nested(
        11,
        """
  %one = arith.constant 1 : index
  %e = tensor.splat %one : tensor<1xindex>
  %p = tensor.pad %e low[2] high[0] {
  ^bb0(%i: index):
    %v = scf.if %c -> (index) {
      %z = scf.if %c -> (index) {
        scf.yield %i : index
      } else { scf.yield %n : index }
      scf.yield %z : index
    } else { scf.yield %n : index }
    tensor.yield %v : index
  } : tensor<1xindex> to tensor<3xindex>
  %y = tensor.extract %p[%one] : tensor<3xindex>""",
    )
    assert "def part(" in program(ir).source("main")
    assert run_one(ir, 9, True) == 1


def test_a_message_may_speak_of_locals() -> None:
    ir = nested(
        14,
        """
  %y = arith.addi %n, %n : index
  cf.assert %c, "v1_n and v2_c, 'quoted' \\22twice\\22" """,
    )
    assert run_one(ir, 4, True) == 8


# From run to run ---------------------------------------------------------------------------------

PRINT_SOURCES = """
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.interpreter import compile_module
from support.floors import FLOORS, lowered
from support.names import ADVERSARIAL, RELU6, call_chain
from test_names import SAME_HELPERS
names = [name for name in dict.fromkeys(ADVERSARIAL) if name]
quickstart = open("examples/quickstart.mlir").read()
modules = [parse_module(text) for text in (call_chain(names), RELU6, SAME_HELPERS)]
modules += [lowered(quickstart, FLOORS[floor]) for floor in ("decomposed", "loops")]
for module in modules:
    found = compile_module(module)
    for name in found.function_names:
        print(found.source(name))
"""

SAME_HELPERS = """
func.func @main(%a: f32, %i: i32, %x: tensor<2xi32>) -> f32 {
  %0 = math.powf %a, %a : f32
  %1 = math.ipowi %i, %i : i32
  %2 = math.absi %1 : i32
  %3 = math.absf %0 : f32
  %4 = arith.sitofp %2 : i32 to f32
  %5 = arith.addf %3, %4 : f32
  return %5 : f32
}"""
"""Two helpers of one name."""


def test_emitted_source_is_the_same_in_every_process() -> None:
    here = Path(__file__).parent
    path = os.pathsep.join(map(str, (here, here.parent)))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT_SOURCES],
            cwd=here.parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0] for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert len(first.splitlines()) > 500
    assert first == second


# Names in text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("a", "a_7", "a_1_2"),
        ("a_1_1", "a_1", "a"),
        ("x_1_2_3", "x_1_2", "x_1", "x"),
        ("_1", "_1_2"),
    ],
)
def test_values_that_differ_in_a_number_are_printed_apart(names: Sequence[str]) -> None:
    """xDSL strips one number of a hint and counts on: `%a_7` and `%a_1_2` were both `%a_1`."""
    arguments = ", ".join(f"%{name}: i32" for name in names)
    ir = f"""
func.func @main({arguments}) -> i32 {{
  %s = arith.subi %{names[0]}, %{names[-1]} : i32
  return %s : i32
}}"""
    printed = str(parsed(ir))
    assert str(parsed(printed)) == printed
    values = list(range(3, 3 + len(names)))
    assert run_one(printed, *values) == run_one(ir, *values) == values[0] - values[-1]


def test_blocks_that_differ_in_a_number_are_printed_apart() -> None:
    ir = """
func.func @main(%a: i32) -> i32 {
  cf.br ^x(%a : i32)
^x(%b: i32):
  cf.br ^x_7(%b : i32)
^x_7(%c: i32):
  %d = arith.addi %c, %c : i32
  cf.br ^x_1_2(%d : i32)
^x_1_2(%e: i32):
  cf.br ^bb5_1(%e : i32)
^bb5_1(%f: i32):
  cf.br ^bb7(%f : i32)
^bb7(%g: i32):
  return %g : i32
}"""
    printed = str(parsed(ir))
    assert str(parsed(printed)) == printed
    assert run_one(printed, 21) == 42


def test_symbols_survive_printing() -> None:
    names = list(dict.fromkeys(ADVERSARIAL))
    module = parsed("\n".join(f"func.func private {symbol_text(name)}()" for name in names))
    found = [op.sym_name.data for op in module.walk() if isinstance(op, func.FuncOp)]
    assert found == names
    assert str(parsed(str(module))) == str(module)
    generic = StringIO()
    Printer(generic, print_generic_format=True).print_op(module)
    assert str(parsed(generic.getvalue())) == str(module)


def test_a_symbol_that_is_no_text_is_refused() -> None:
    """MLIR takes any bytes, Python has no string for them."""
    with pytest.raises(ParseError, match=r'expected the name of a symbol in UTF-8, got @"a\\FF"'):
        parsed('func.func private @"a\\FF"()')
