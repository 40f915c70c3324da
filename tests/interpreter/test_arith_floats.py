"""Float arithmetic: rounding to each element type, comparisons, conversions, the math dialect."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.interpreter import functions, program, run_one

BFLOAT16 = ml_dtypes.bfloat16
DTYPES: dict[str, Any] = {
    "f64": np.float64,
    "f32": np.float32,
    "f16": np.float16,
    "bf16": BFLOAT16,
}


def each_way(ir: str, x: Any, y: Any, dtype: Any) -> list[Any]:
    """What the scalar, tensor and generic forms of one op give."""
    found = program(ir)
    arrays = [np.full(3, value, dtype) for value in (x, y)]
    results = [found.call("f_scalar", [x, y])[0]]
    results += [found.call(name, arrays)[0][1] for name in found.function_names[1:]]
    return results


@pytest.mark.parametrize("type_", DTYPES)
@pytest.mark.parametrize(
    "name, ufunc",
    [("addf", np.add), ("subf", np.subtract), ("mulf", np.multiply), ("divf", np.divide)],
)
def test_arithmetic_rounds_to_its_type(name: str, ufunc: Any, type_: str) -> None:
    dtype = DTYPES[type_]
    x, y = dtype(1.7109375), dtype(3.140625e-3)
    expected = dtype(ufunc(np.float64(x), np.float64(y)))
    assert float(expected) != float(ufunc(np.float64(x), np.float64(y))) or type_ == "f64"
    for result in each_way(
        functions("f", type_, type_, f"arith.{name} %a, %b : {{t}}"), x, y, dtype
    ):
        assert result == expected
        assert result.dtype == dtype


def test_division_by_zero_is_infinite() -> None:
    for type_ in DTYPES:
        ir = functions("f", type_, type_, "arith.divf %a, %b : {t}")
        assert [float(r) for r in each_way(ir, 1.0, 0.0, DTYPES[type_])] == [math.inf] * 3
        assert all(math.isnan(r) for r in each_way(ir, 0.0, 0.0, DTYPES[type_]))
        assert [float(r) for r in each_way(ir, -1.0, 0.0, DTYPES[type_])] == [-math.inf] * 3


@pytest.mark.parametrize("name", ["maximumf", "minimumf", "maxnumf", "minnumf"])
def test_extrema_and_nan(name: str) -> None:
    nan = math.nan
    for type_, dtype in DTYPES.items():
        ir = functions("f", type_, type_, f"arith.{name} %a, %b : {{t}}")
        pick = max if name.startswith("max") else min
        assert [float(r) for r in each_way(ir, 1.0, 2.0, dtype)] == [pick(1.0, 2.0)] * 3
        for x, y in ((nan, 1.0), (1.0, nan)):
            results = [float(r) for r in each_way(ir, x, y, dtype)]
            if "num" in name:
                assert results == [1.0] * 3
            else:
                assert all(math.isnan(r) for r in results)


def unordered(x: float, y: float) -> bool:
    return math.isnan(x) or math.isnan(y)


PREDICATES: dict[str, Any] = {
    "false": lambda x, y: False,
    "oeq": lambda x, y: x == y,
    "ogt": lambda x, y: x > y,
    "oge": lambda x, y: x >= y,
    "olt": lambda x, y: x < y,
    "ole": lambda x, y: x <= y,
    "one": lambda x, y: not unordered(x, y) and x != y,
    "ord": lambda x, y: not unordered(x, y),
    "ueq": lambda x, y: unordered(x, y) or x == y,
    "ugt": lambda x, y: unordered(x, y) or x > y,
    "uge": lambda x, y: unordered(x, y) or x >= y,
    "ult": lambda x, y: unordered(x, y) or x < y,
    "ule": lambda x, y: unordered(x, y) or x <= y,
    "une": lambda x, y: unordered(x, y) or x != y,
    "uno": unordered,
    "true": lambda x, y: True,
}


@pytest.mark.parametrize("predicate", PREDICATES)
def test_cmpf(predicate: str) -> None:
    numbers = (-1.0, 0.0, 2.0, math.nan, math.inf)
    for type_, dtype in DTYPES.items():
        ir = functions("f", type_, "i1", f"arith.cmpf {predicate}, %a, %b : {{t}}")
        found = program(ir)
        pairs = [(x, y) for x in numbers for y in numbers]
        for x, y in pairs:
            assert bool(found.call("f_scalar", [x, y])[0]) == PREDICATES[predicate](x, y)
        for start in range(0, 24, 3):
            x, y = (
                np.array(column, dtype) for column in zip(*pairs[start : start + 3], strict=True)
            )
            expected = [PREDICATES[predicate](*pair) for pair in pairs[start : start + 3]]
            assert found.call("f_generic", [x, y])[0].tolist() == expected


# Conversions -------------------------------------------------------------------------------------


def cast_ir(name: str, source: str, target: str) -> str:
    return functions("f", source, target, f"arith.{name} %a : {{t}} to {{r}}")


def both_ways(ir: str, value: Any, dtype: Any) -> list[Any]:
    found = program(ir)
    array = np.full(3, value, dtype)
    results = [found.call("f_scalar", [value, value])[0]]
    return [*results, *(found.call(n, [array, array])[0][0] for n in found.function_names[1:])]


def test_truncation_to_bf16_rounds_once() -> None:
    """1 + 2^-8 + 2^-40 is above the midpoint of two bf16 values; f32 in between would lose that."""
    value = 1 + 2.0**-8 + 2.0**-40
    for result in both_ways(cast_ir("truncf", "f64", "bf16"), value, np.float64):
        assert float(result) == 1 + 2.0**-7
    for result in both_ways(cast_ir("truncf", "f64", "bf16"), -value, np.float64):
        assert float(result) == -(1 + 2.0**-7)
    for value, expected in ((1 + 2.0**-8, 1.0), (1 + 3 * 2.0**-8 - 2.0**-40, 1 + 2.0**-7)):
        for result in both_ways(cast_ir("truncf", "f64", "bf16"), value, np.float64):
            assert float(result) == expected


@given(st.floats(width=64))
@settings(max_examples=200, deadline=None)
def test_truncation_from_f64_picks_the_nearest(value: float) -> None:
    from xdsl_ttnn.dialect.numpy_types import BFLOAT16 as dtype
    from xdsl_ttnn.dialect.numpy_types import convert

    with np.errstate(all="ignore"):
        result = float(convert(np.array(value), dtype))
    if math.isnan(value):
        assert math.isnan(result)
        return
    if math.isinf(result):
        assert abs(value) >= float.fromhex("0x1.ffp127")
        return
    near = np.array([result], dtype).view(np.uint16)
    for step in (-1, 1):
        other = float((near + np.uint16(step % 2**16)).view(dtype)[0])
        if math.isfinite(other):
            assert abs(value - result) <= abs(value - other)


def test_extension_is_exact() -> None:
    for source in ("f16", "bf16", "f32"):
        x = DTYPES[source](0.3)
        for result in both_ways(cast_ir("extf", source, "f64"), x, DTYPES[source]):
            assert float(result) == float(x)


def test_integers_to_floats_round_once() -> None:
    value = 2**60 + 2**36 + 1  # above a midpoint of f32; f64 loses the 1
    for result in both_ways(cast_ir("sitofp", "i64", "f32"), value, np.int64):
        assert float(result) == 2.0**60 + 2.0**37
    for result in both_ways(cast_ir("uitofp", "i8", "f32"), -1, np.int8):
        assert float(result) == 255.0
    for result in both_ways(cast_ir("sitofp", "i8", "bf16"), -1, np.int8):
        assert float(result) == -1.0
        assert result.dtype == BFLOAT16


def test_integers_to_bf16_round_once() -> None:
    """Above a midpoint of bf16 by less than f32 (i32) and f64 (i64) hold."""
    for type_, dtype, value, expected in (
        ("i32", np.int32, 2**24 + 2**16 + 1, 2.0**24 + 2.0**17),
        ("i64", np.int64, 2**60 + 2**52 + 1, 2.0**60 + 2.0**53),
        ("i64", np.int64, -(2**60) - 2**52 - 1, -(2.0**60) - 2.0**53),
    ):
        for result in both_ways(cast_ir("sitofp", type_, "bf16"), value, dtype):
            assert float(result) == expected


@given(
    st.integers(-(2**63), 2**63 - 1), st.integers(0, 63), st.sampled_from(["i32", "i64", "ui64"])
)
@settings(max_examples=200, deadline=None)
def test_integers_to_bf16_pick_the_nearest(value: int, shift: int, type_: str) -> None:
    from xdsl_ttnn.dialect.numpy_types import BFLOAT16 as dtype
    from xdsl_ttnn.dialect.numpy_types import convert

    value >>= shift if type_ != "i32" else max(shift, 32)
    value = abs(value) if type_ == "ui64" else value
    array = np.array(value, np.dtype(type_.replace("i", "int")))
    result = convert(array, dtype)
    near = result.reshape(1).view(np.uint16)
    for step in (-1, 1):
        other = float((near + np.uint16(step % 2**16)).view(dtype)[0])
        if math.isfinite(other):
            assert abs(value - int(float(result))) <= abs(value - int(other))


def test_floats_to_integers_truncate_and_saturate() -> None:
    for type_ in ("f32", "f64"):
        dtype = DTYPES[type_]
        cases = {1.9: 1, -1.9: -1, 1e10: 127, -1e10: -128, math.nan: 0, math.inf: 127}
        for value, expected in cases.items():
            for result in both_ways(cast_ir("fptosi", type_, "i8"), dtype(value), dtype):
                assert int(result) == expected
        for result in both_ways(cast_ir("fptoui", type_, "i8"), dtype(200.5), dtype):
            assert int(result) == 200 - 256


def test_bitcast() -> None:
    for result in both_ways(cast_ir("bitcast", "f32", "i32"), np.float32(1.0), np.float32):
        assert int(result) == 0x3F800000
    for result in both_ways(cast_ir("bitcast", "i16", "bf16"), 0x3F80, np.int16):
        assert float(result) == 1.0


# math --------------------------------------------------------------------------------------------

FUNCTIONS: dict[str, Any] = {
    "absf": abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "asinh": math.asinh,
    "atanh": math.atanh,
    "cbrt": math.cbrt,
    "ceil": math.ceil,
    "cos": math.cos,
    "cosh": math.cosh,
    "erf": math.erf,
    "exp": math.exp,
    "exp2": math.exp2,
    "expm1": math.expm1,
    "floor": math.floor,
    "log": math.log,
    "log10": math.log10,
    "log1p": math.log1p,
    "log2": math.log2,
    "roundeven": round,
    "rsqrt": lambda x: 1 / math.sqrt(x),
    "sin": math.sin,
    "sinh": math.sinh,
    "sqrt": math.sqrt,
    "tan": math.tan,
    "tanh": math.tanh,
    "trunc": math.trunc,
}
TOLERANCE = {"f64": 1e-14, "f32": 1e-6, "f16": 1e-3, "bf16": 8e-3}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_math_functions(name: str) -> None:
    for type_, dtype in DTYPES.items():
        x = dtype(0.71)
        expected = FUNCTIONS[name](float(x))
        ir = functions("f", type_, type_, f"math.{name} %a : {{t}}")
        for result in both_ways(ir, x, dtype):
            assert result.dtype == dtype
            assert float(result) == pytest.approx(expected, rel=TOLERANCE[type_])


def test_functions_of_two_and_three() -> None:
    for type_, dtype in DTYPES.items():
        x, y = dtype(1.5), dtype(-0.5)
        for name, expected in (
            ("powf", 1.5**-0.5),
            ("atan2", math.atan2(1.5, -0.5)),
            ("copysign", -1.5),
        ):
            ir = functions("f", type_, type_, f"math.{name} %a, %b : {{t}}")
            for result in each_way(ir, x, y, dtype):
                assert float(result) == pytest.approx(expected, rel=TOLERANCE[type_])
        ir = functions("f", type_, type_, "math.fma %a, %a, %b : {t}")
        assert [float(r) for r in each_way(ir, x, y, dtype)] == [1.75] * 3


def test_fma_of_f32_does_not_round_its_product() -> None:
    x, y = np.float32(1 + 2.0**-12), np.float32(-1 - 2.0**-11)
    ir = functions("f", "f32", "f32", "math.fma %a, %a, %b : {t}")
    assert [float(r) for r in each_way(ir, x, y, np.float32)] == [2.0**-24] * 3


def test_rounding_modes() -> None:
    for name, expected in (("round", [1.0, -1.0, 3.0, 0.0]), ("roundeven", [0.0, -0.0, 2.0, 0.0])):
        ir = functions("f", "f64", "f64", f"math.{name} %a : {{t}}")
        values = (0.5, -0.5, 2.5, 0.49999999999999994)
        assert [float(both_ways(ir, x, np.float64)[0]) for x in values] == expected


def test_integer_functions() -> None:
    cases = (
        ("ctlz", 0b0010_0000, 2),
        ("cttz", 0b0010_0000, 5),
        ("ctpop", -1, 8),
        ("absi", -128, -128),
        ("absi", -5, 5),
        ("ctlz", 0, 8),
        ("cttz", 0, 8),
    )
    for name, value, expected in cases:
        ir = functions("f", "i8", "i8", f"math.{name} %a : {{t}}")
        assert [int(r) for r in both_ways(ir, value, np.int8)] == [expected] * 3, name
    ir = functions("f", "i8", "i8", "math.ipowi %a, %b : {t}")
    for base, exponent, expected in ((3, 5, 243 - 256), (2, -1, 0), (-1, -3, -1)):
        assert [int(r) for r in each_way(ir, base, exponent, np.int8)] == [expected] * 3


def test_select() -> None:
    ir = """
  func.func @main(%c: i1, %a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
    %r = arith.select %c, %a, %b : tensor<2xf32>
    return %r : tensor<2xf32>
  }"""
    a, b = np.zeros(2, np.float32), np.ones(2, np.float32)
    assert run_one(ir, True, a, b).tolist() == [0, 0]
    assert run_one(ir, False, a, b).tolist() == [1, 1]


def test_rank_0_tensors_stay_arrays() -> None:
    ir = """
  func.func @main(%a: tensor<f32>, %x: f32) -> tensor<f32> {
    %s = arith.addf %a, %a : tensor<f32>
    %r = tensor.insert %x into %s[] : tensor<f32>
    return %r : tensor<f32>
  }"""
    assert run_one(ir, np.array(2, np.float32), 5.0) == 5.0


@pytest.mark.parametrize("type_", ["f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64", "i1"])
def test_dense_constants(type_: str) -> None:
    values = "1, 0" if type_.startswith("i") else "1.5, -2.0"
    listed = f"tensor<2x{type_}>"
    splat = f"tensor<2x0x{type_}>"
    one = values.split(", ")[0] if type_ != "i1" else "true"
    if type_ == "i1":
        values = "true, false"
    ir = f"""
  func.func @main() -> ({listed}, {splat}) {{
    %a = arith.constant dense<[{values}]> : {listed}
    %b = arith.constant dense<{one}> : {splat}
    return %a, %b : {listed}, {splat}
  }}"""
    first, second = program(ir).call("main", [])
    expected = [True, False] if type_ == "i1" else [float(v) for v in values.split(", ")]
    assert first.tolist() == expected
    assert second.shape == (2, 0)


def test_f64_mode_rounds_nothing() -> None:
    ir = """
  func.func @main(%a: tensor<2xbf16>) -> tensor<2xbf16> {
    %three = arith.constant dense<3.0> : tensor<2xbf16>
    %r = arith.divf %a, %three : tensor<2xbf16>
    return %r : tensor<2xbf16>
  }"""
    one = np.ones(2, BFLOAT16)
    assert run_one(ir, one)[0] == BFLOAT16(1 / 3)
    unrounded = run_one(ir, one, accumulate="f64")
    assert unrounded.dtype == np.float64
    assert unrounded[0] == 1 / 3
