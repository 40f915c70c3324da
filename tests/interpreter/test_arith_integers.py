"""Integer arithmetic, scalar and on arrays, against the definitions on two's complement bits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import functions, program, run_one
from xdsl_ttnn.interpreter import Program

WIDTHS = (4, 8, 16, 24, 32, 64)


def signed(value: int, width: int) -> int:
    value %= 1 << width
    return value - (1 << width) if value >> (width - 1) else value


def unsigned(value: int, width: int) -> int:
    return value % (1 << width)


def truncated(a: int, b: int) -> int:
    quotient = abs(a) // abs(b)
    return quotient if (a >= 0) == (b >= 0) else -quotient


Reference = Callable[[int, int, int], int]

REFERENCES: dict[str, Reference] = {
    "addi": lambda a, b, n: a + b,
    "subi": lambda a, b, n: a - b,
    "muli": lambda a, b, n: a * b,
    "divsi": lambda a, b, n: truncated(a, b),
    "remsi": lambda a, b, n: a - b * truncated(a, b),
    "floordivsi": lambda a, b, n: a // b,
    "ceildivsi": lambda a, b, n: -(-a // b),
    "divui": lambda a, b, n: unsigned(a, n) // unsigned(b, n),
    "remui": lambda a, b, n: unsigned(a, n) % unsigned(b, n),
    "ceildivui": lambda a, b, n: -(-unsigned(a, n) // unsigned(b, n)),
    "minsi": lambda a, b, n: min(a, b),
    "maxsi": lambda a, b, n: max(a, b),
    "minui": lambda a, b, n: min(unsigned(a, n), unsigned(b, n)),
    "maxui": lambda a, b, n: max(unsigned(a, n), unsigned(b, n)),
    "andi": lambda a, b, n: a & b,
    "ori": lambda a, b, n: a | b,
    "xori": lambda a, b, n: a ^ b,
    "shli": lambda a, b, n: a << unsigned(b, n) if unsigned(b, n) < n else 0,
    "shrui": lambda a, b, n: unsigned(a, n) >> unsigned(b, n) if unsigned(b, n) < n else 0,
    "shrsi": lambda a, b, n: a >> min(unsigned(b, n), n),
}
DIVISIONS = ("divsi", "remsi", "floordivsi", "ceildivsi", "divui", "remui", "ceildivui")


@cache
def binary_program(name: str, width: int) -> Program:
    return program(functions("f", f"i{width}", f"i{width}", f"arith.{name} %a, %b : {{t}}"))


def dtype_of(width: int) -> np.dtype:
    return np.dtype(f"int{next(w for w in (8, 16, 32, 64) if w >= width)}")


def check_everywhere(
    found: Program, a: int, b: int, width: int, expected: int, dtype: np.dtype
) -> None:
    """The scalar function and both array functions give the expected number."""
    (scalar,) = found.call("f_scalar", [a, b])
    assert int(scalar) == expected
    x, y = (np.full(3, value, dtype_of(width)) for value in (a, b))
    for name in found.function_names[1:]:
        (array,) = found.call(name, [x, y])
        assert array.dtype == dtype
        assert array.tolist() == [expected] * 3, name


@st.composite
def operands(draw: st.DrawFn) -> tuple[int, int, int]:
    width = draw(st.sampled_from(WIDTHS))
    low, high = -(1 << (width - 1)), (1 << (width - 1)) - 1
    number = st.one_of(st.integers(low, high), st.sampled_from((low, -1, 0, 1, high)))
    small = st.integers(0, width - 1)
    return width, draw(number), draw(st.one_of(number, small))


@pytest.mark.parametrize("name", REFERENCES)
@given(operands())
@settings(max_examples=40, deadline=None)
def test_binary(name: str, drawn: tuple[int, int, int]) -> None:
    width, a, b = drawn
    if name in DIVISIONS and b == 0:
        with pytest.raises(InterpretationError, match=f"'arith.{name}': division by zero"):
            binary_program(name, width).call("f_scalar", [a, b])
        return
    if width in (4, 24) and name in ("shli", "shrsi") and not 0 <= b < width:
        return
    expected = signed(REFERENCES[name](a, b, width), width)
    check_everywhere(binary_program(name, width), a, b, width, expected, dtype_of(width))


PREDICATES: dict[str, Reference] = {
    "eq": lambda a, b, n: a == b,
    "ne": lambda a, b, n: a != b,
    "slt": lambda a, b, n: a < b,
    "sle": lambda a, b, n: a <= b,
    "sgt": lambda a, b, n: a > b,
    "sge": lambda a, b, n: a >= b,
    "ult": lambda a, b, n: unsigned(a, n) < unsigned(b, n),
    "ule": lambda a, b, n: unsigned(a, n) <= unsigned(b, n),
    "ugt": lambda a, b, n: unsigned(a, n) > unsigned(b, n),
    "uge": lambda a, b, n: unsigned(a, n) >= unsigned(b, n),
}


@cache
def comparison_program(predicate: str, width: int) -> Program:
    return program(functions("f", f"i{width}", "i1", f"arith.cmpi {predicate}, %a, %b : {{t}}"))


@pytest.mark.parametrize("predicate", PREDICATES)
@given(operands())
@settings(max_examples=40, deadline=None)
def test_cmpi(predicate: str, drawn: tuple[int, int, int]) -> None:
    width, a, b = drawn
    expected = PREDICATES[predicate](a, b, width)
    found = comparison_program(predicate, width)
    check_everywhere(found, a, b, width, expected, np.dtype(bool))


@pytest.mark.parametrize("predicate", PREDICATES)
def test_cmpi_of_bits_counts_true_as_minus_one(predicate: str) -> None:
    found = comparison_program(predicate, 1)
    for a in (0, 1):
        for b in (0, 1):
            expected = bool(PREDICATES[predicate](-a, -b, 1))
            assert bool(found.call("f_scalar", [a, b])[0]) == expected
            bits = [np.full(3, bool(value)) for value in (a, b)]
            assert found.call("f_generic", bits)[0].tolist() == [expected] * 3


CASTS: dict[str, tuple[str, str, Callable[[int], int]]] = {
    "extsi": ("i8", "i32", lambda a: signed(a, 8)),
    "extui": ("i8", "i32", lambda a: unsigned(a, 8)),
    "trunci": ("i32", "i8", lambda a: signed(a, 8)),
    "index_cast": ("i32", "index", lambda a: a),
}


@pytest.mark.parametrize("name", CASTS)
@given(st.integers(-(2**31), 2**31 - 1))
@settings(max_examples=40, deadline=None)
def test_casts(name: str, a: int) -> None:
    source, target, reference = CASTS[name]
    a = signed(a, int(source[1:]))
    ir = functions("f", source, target, f"arith.{name} %a : {{t}} to {{r}}")
    expected = reference(a)
    assert run_one(ir, a, a, name="f_scalar") == expected
    array = np.full(3, a, dtype_of(int(source[1:])))
    assert run_one(ir, array, array, name="f_generic").tolist() == [expected] * 3


def test_bits_extend_and_truncate() -> None:
    for name, expected in (("extsi", -1), ("extui", 1)):
        ir = functions("f", "i1", "i16", f"arith.{name} %a : {{t}} to {{r}}")
        assert run_one(ir, 1, 1, name="f_scalar") == expected
        ones = np.ones(3, bool)
        assert run_one(ir, ones, ones, name="f_generic").tolist() == [expected] * 3
    ir = functions("f", "i16", "i1", "arith.trunci %a : {t} to {r}")
    for value in (2, 3):
        assert run_one(ir, value, value, name="f_scalar") == value % 2
        array = np.full(3, value, np.int16)
        assert run_one(ir, array, array, name="f_generic").tolist() == [bool(value % 2)] * 3


@given(operands())
@settings(max_examples=40, deadline=None)
def test_extended_products_and_sums(drawn: tuple[int, int, int]) -> None:
    width, a, b = drawn
    t = f"i{width}"
    ir = f"""
  func.func @main(%a: {t}, %b: {t}) -> ({t}, {t}, {t}, {t}, {t}, i1) {{
    %0, %1 = arith.mulsi_extended %a, %b : {t}
    %2, %3 = arith.mului_extended %a, %b : {t}
    %4, %5 = arith.addui_extended %a, %b : {t}, i1
    return %0, %1, %2, %3, %4, %5 : {t}, {t}, {t}, {t}, {t}, i1
  }}"""
    results = [int(value) for value in program(ir).call("main", [a, b])]
    products = (a * b, unsigned(a, width) * unsigned(b, width))
    halves = [signed(p >> shift, width) for p in products for shift in (0, width)]
    total = unsigned(a, width) + unsigned(b, width)
    assert results == [*halves, signed(total, width), total >> width]


def test_extended_arrays_agree_with_scalars() -> None:
    values = np.array([-(2**63), -1, 0, 5, 2**63 - 1])
    for name, second in (("mulsi_extended", "i64"), ("mului_extended", "i64")):
        ir = """
  func.func @scalar(%a: i64, %b: i64) -> (i64, S) {
    %0, %1 = arith.OP %a, %b : i64
    return %0, %1 : i64, S
  }
  func.func @array(%a: tensor<5xi64>, %b: tensor<5xi64>) -> (tensor<5xi64>, tensor<5xS>) {
    %0, %1 = arith.OP %a, %b : tensor<5xi64>
    return %0, %1 : tensor<5xi64>, tensor<5xS>
  }""".replace("OP", name).replace("S", second)
        found = program(ir)
        low, high = found.call("array", [values, values[::-1].copy()])
        pairs = [found.call("scalar", [a, b]) for a, b in zip(values, values[::-1], strict=True)]
        assert low.tolist() == [int(pair[0]) for pair in pairs]
        assert high.tolist() == [int(pair[1]) for pair in pairs]


def test_index_wraps_at_64_bits() -> None:
    ir = """
  func.func @main(%a: index, %b: index) -> (index, index) {
    %0 = arith.muli %a, %b : index
    %1 = arith.addi %0, %0 : index
    return %0, %1 : index, index
  }"""
    a, b = 2**40 + 3, 2**30 + 7
    product, doubled = program(ir).call("main", [a, b])
    assert int(product) == signed(a * b, 64)
    assert int(doubled) == signed(2 * a * b, 64)


def test_what_a_range_proves_is_not_wrapped_and_the_rest_is() -> None:
    """A linear congruential generator beside index arithmetic on loop counters."""
    ir = """
  func.func @main(%n: index) -> i32 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c100 = arith.constant 100 : index
    %m = arith.constant 1664525 : i32
    %s = arith.constant 1013904223 : i32
    %zero = arith.constant 1 : i32
    %r = scf.for %i = %c0 to %c100 step %c1 iter_args(%x = %zero) -> (i32) {
      %p = arith.muli %x, %m : i32
      %q = arith.addi %p, %s : i32
      %j = arith.muli %i, %i : index
      %k = arith.index_cast %j : index to i32
      %t = arith.xori %q, %k : i32
      scf.yield %t : i32
    }
    return %r : i32
  }"""
    expected = 1
    for i in range(100):
        expected = signed(expected * 1664525 + 1013904223, 32) ^ (i * i)
    found = program(ir)
    assert int(found.call("main", [0])[0]) == expected
    lines = found.source("main").splitlines()
    squares = [line for line in lines if "_j = " in line]
    assert squares and all("wrap" not in line for line in squares)


@pytest.mark.parametrize("element", ["i32", "f32"])
@pytest.mark.parametrize("size", [2, 1 << 20])
def test_poison_in_tensors(element: str, size: int) -> None:
    """It is the same array in each call: no local that could be let go of."""
    tensor = f"tensor<{size}x{element}>"
    add = "arith.addi" if element == "i32" else "arith.addf"
    made = program(
        f"""func.func @main(%x: {tensor}) -> {tensor} {{
  %p = "ub.poison"() <{{value = #ub.poison}}> : () -> {tensor}
  %r = {add} %x, %p : {tensor}
  return %r : {tensor}
}}"""
    )
    x = np.zeros(size, np.int32 if element == "i32" else np.float32)
    for _ in range(2):
        (result,) = made.call("main", (x,))
        assert (np.isnan(result) if element == "f32" else result == 2**31 - 1).all()
