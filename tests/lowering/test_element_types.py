"""Operands and results of several element types: one rule of what is computed in what.

Every strategy at every floor gives the bits of the formula, computed exactly and rounded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from support import Case, conv_transpose2d_ir, make_case, tensor
from support.element_types import (
    FLOATS,
    INTEGERS,
    exact_numbers,
    full_range,
    rounded,
    shapes_of,
    wrapped,
)
from support.floors import Array, assert_equal_bits, lowered, parsed, run_after
from support.prepared_ir import prepared_conv_transpose2d_ir
from support.references import DTYPES, brute_force, output_shape
from xdsl_ttnn.interpreter import compile_module
from xdsl_ttnn.tools.comparison import check_against_oracle

QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=150)

GROUPED = make_case(h=3, w=2, c=4, o=6, kh=2, kw=3, sh=2, sw=3, groups=2, padding=[1, 0, 0, 1])
MATMUL_TAKES = make_case(
    n=2, h=2, w=3, c=3, o=2, kh=2, kw=1, sh=2, sw=2, oph=1, padding=[0, 1, 0, 0]
)
OVERLAPPING = make_case(h=2, w=3, c=2, o=1, kh=3, kw=2, sh=1, sw=2, dh=2, padding=[1, 2])
CASES = (GROUPED, MATMUL_TAKES, OVERLAPPING)

FLOORS = {
    "decomposed": "ttnn-to-decomposed{{strategy={0}}}",
    "legalized": "ttnn-to-decomposed{{strategy={0}}},legalize-deconv-to-ttnn",
    "linalg": "ttnn-to-linalg{{strategy={0}}}",
    "loops": "ttnn-to-loops{{strategy={0} tile-m=3 tile-n=2 tile-k=2}}",
}


def pipelines(case: Case) -> dict[str, str]:
    """Every strategy that takes the case at every floor, and the op as it stands."""
    strategies = ["zero-insert", "sub-pixel", "gemm-col2im"]
    if case | {"bias": False} == MATMUL_TAKES:
        strategies.append("matmul")
    found = {f"{s}, {f}": FLOORS[f].format(s) for s, f in product(strategies, FLOORS)}
    return {"ttnn": "", **found}


def module_of(
    case: Case, types: Mapping[str, str], activation: str | None, weights_dtype: str | None = None
) -> ModuleOp:
    """One convolution whose x, w, b and y have the given element types."""
    shapes = shapes_of(case) | {"y": output_shape(case)}
    fields = {
        "weights_dtype": weights_dtype,
        "activation": activation and f"<op_type = {activation}>",
    }
    text = ", ".join(f"{name} = {value}" for name, value in fields.items() if value)
    properties = {"conv2d_config": f"#ttnn.conv2d_config<{text}>"} if text else {}
    typed = {name: tensor(shape, types[name]) for name, shape in shapes.items()}
    return parsed(conv_transpose2d_ir(case, types=typed, properties=properties))


def activated(values: Array, activation: str | None) -> Array:
    if activation is None:
        return values
    return np.clip(values, 0, 6 if activation == "relu6" else None)


def check_floats(case: Case, types: Mapping[str, str], activation: str | None, seed: int) -> None:
    random = np.random.default_rng(seed)
    held = "f64" if "f64" in types.values() else "f32"
    arrays = {
        name: exact_numbers(types[name], held, shape, random)
        for name, shape in shapes_of(case).items()
    }
    wide = {name: array.astype(np.float64) for name, array in arrays.items()}
    expected = rounded(activated(brute_force(case, **wide), activation), types["y"])
    module = module_of(case, types, activation)
    for name, pipeline in pipelines(case).items():
        assert_equal_bits(run_after(module, pipeline, arrays), expected, f"{name} {types}")


def check_integers(case: Case, type_: str, activation: str | None, seed: int) -> None:
    random = np.random.default_rng(seed)
    shapes = shapes_of(case)
    arrays = {name: full_range(type_, shape, random) for name, shape in shapes.items()}
    with np.errstate(over="ignore"):
        wide = {name: array.astype(np.int64) for name, array in arrays.items()}
        sums = wrapped(brute_force(case, **wide), type_)
    expected = activated(sums.astype(np.int64), activation).astype(sums.dtype)
    module = module_of(case, dict.fromkeys("xwby", type_), activation)
    for name, pipeline in pipelines(case).items():
        assert_equal_bits(run_after(module, pipeline, arrays), expected, f"{name} {type_}")


cases = st.builds(lambda case, bias: case | {"bias": bias}, st.sampled_from(CASES), st.booleans())
float_types = st.fixed_dictionaries(dict.fromkeys("xwby", st.sampled_from(FLOATS)))
activations = st.sampled_from([None, "relu", "relu6"])
seeds = st.integers(0, 99)


@given(case=cases, types=float_types, activation=activations, seed=seeds)
@QUICK
def test_floats(case: Case, types: dict[str, str], activation: str | None, seed: int) -> None:
    check_floats(case, types, activation, seed)


@pytest.mark.slow
@given(case=cases, types=float_types, activation=activations, seed=seeds)
@LONG
def test_many_floats(case: Case, types: dict[str, str], activation: str | None, seed: int) -> None:
    check_floats(case, types, activation, seed)


@pytest.mark.parametrize("wide", ["x", "w", "b", "y"])
@pytest.mark.parametrize("narrow", ["f32", "bf16"])
def test_one_f64_is_enough(wide: str, narrow: str) -> None:
    types = dict.fromkeys("xwby", narrow) | {wide: "f64"}
    check_floats(MATMUL_TAKES | {"bias": True}, types, None, seed=3)


@pytest.mark.parametrize("type_", INTEGERS)
def test_integers(type_: str) -> None:
    for activation in (None, "relu", "relu6"):
        check_integers(MATMUL_TAKES | {"bias": True}, type_, activation, seed=len(type_))


@pytest.mark.slow
@pytest.mark.parametrize("type_", INTEGERS)
@given(case=cases, activation=activations, seed=seeds)
@settings(LONG, max_examples=20)
def test_every_integer(case: Case, activation: str | None, seed: int, type_: str) -> None:
    check_integers(case, type_, activation, seed)


# Data on which a sum in f32 is far off -----------------------------------------------------------

CANCELLING = make_case(h=3, w=3, c=4, o=2, kh=2, kw=2, bias=True)


def cancelling_arrays() -> dict[str, Array]:
    """Channels 0 and 1 give products of 10^9 that cancel but for what f32 does not hold."""
    random = np.random.default_rng(0)
    shapes = shapes_of(CANCELLING)
    x = random.standard_normal(shapes["x"])
    w = random.standard_normal(shapes["w"])
    x[..., 0] = x[..., 1] = 1e9 / 3
    w[1] = -w[0]
    return {"x": x, "w": w, "b": random.standard_normal(shapes["b"])}


@pytest.mark.parametrize("activation", [None, "relu", "gelu", "tanh"])
def test_cancelling_sums_round_to_f32_at_the_end(activation: str | None) -> None:
    """Narrowing the f64 operands first is off by more than 10."""
    arrays = cancelling_arrays()
    exact = brute_force(CANCELLING, **arrays)
    narrowed = {name: array.astype(np.float32) for name, array in arrays.items()}
    in_f32 = run_after(parsed(conv_transpose2d_ir(CANCELLING)), "", narrowed)
    assert np.abs(in_f32 - exact).max() > 10

    module = module_of(CANCELLING, {"x": "f64", "w": "f64", "b": "f64", "y": "f32"}, activation)
    results = {
        name: run_after(module, pipeline, arrays)
        for name, pipeline in pipelines(CANCELLING).items()
    }
    for name, result in results.items():
        assert result.dtype == np.float32
        if activation in (None, "relu"):
            truth = activated(exact, activation)
            np.testing.assert_allclose(result, truth, rtol=2**-23, atol=1e-5, err_msg=name)
        np.testing.assert_allclose(result, results["ttnn"], rtol=2**-22, atol=1e-6, err_msg=name)


def test_the_check_knows_what_the_operands_hold() -> None:
    """A result whose sums were held in f32 is past the bound, one whose were in f64 is not."""
    arrays = cancelling_arrays()
    module = module_of(CANCELLING, {"x": "f64", "w": "f64", "b": "f64", "y": "f32"}, None)
    result = run_after(module, "ttnn-to-loops", arrays)
    (found,) = check_against_oracle(module, None, list(arrays.values()), [result])
    assert found.passed
    narrowed = {name: array.astype(np.float32) for name, array in arrays.items()}
    off = run_after(parsed(conv_transpose2d_ir(CANCELLING)), "", narrowed)
    (found,) = check_against_oracle(module, None, list(arrays.values()), [off])
    assert not found.passed


def test_a_background_is_activated_in_what_the_op_computes_in() -> None:
    """The outputs of sub-pixel that no tap reaches: gelu of the bias, in f64 because of x."""
    case = make_case(h=2, w=2, c=1, o=5, kh=1, kw=1, sh=2, sw=2, oph=1, opw=1, bias=True)
    types = {"x": "f64", "w": "f32", "b": "f32", "y": "f32"}
    bias = np.array([[[[0.1, -0.7, 1.3, -2.1, 3.3]]]], np.float32)
    arrays = {"x": np.zeros((1, 2, 2, 1)), "w": np.ones((1, 5, 1, 1), np.float32), "b": bias}
    module = module_of(case, types, "gelu")
    for name, pipeline in pipelines(case | {"bias": True}).items():
        result = run_after(module, pipeline, arrays)
        reached, background = result[0, 0, 0], result[0, 1, 1]
        assert reached.tolist() == background.tolist(), name


# Rounded weights ---------------------------------------------------------------------------------


@pytest.mark.parametrize("weights_dtype", ["f32", "f16", "bf16", "bfp_bf8"])
@pytest.mark.parametrize("weight", ["f64", "f32", "f16", "bf16"])
def test_weights_are_rounded_first_by_every_strategy(weight: str, weights_dtype: str) -> None:
    """Half of the numbers lie halfway between two of f16, f32 or bf16, or are zero in f16."""
    case = MATMUL_TAKES
    random = np.random.default_rng(0)
    numbers = [1 + 2**-8, 1 + 2**-11, 1 + 2**-24, 2.0**-26, 3.0, -2.0]
    shapes = shapes_of(case)
    arrays = {
        "x": random.integers(-1, 2, shapes["x"]).astype(np.float32),
        "w": random.choice(numbers, shapes["w"]).astype(DTYPES[weight]),
    }
    arrays["x"][..., 1:] = 0
    module = module_of(case, {"x": "f32", "w": weight, "y": "f64"}, None, weights_dtype)
    expected = run_after(module, "", arrays)
    asked = DTYPES["bf16" if weights_dtype == "bfp_bf8" else weights_dtype]
    with np.errstate(all="ignore"):
        kept = set(np.asarray(arrays["w"].astype(asked)).astype(np.float64).ravel().tolist())
    assert set(np.abs(expected[np.isfinite(expected)]).tolist()) <= {0.0, *map(abs, kept)}
    for name, pipeline in pipelines(case).items():
        assert_equal_bits(run_after(module, pipeline, arrays), expected, name)


@pytest.mark.parametrize("weights_dtype", ["f16", "bf16", "bfp_bf4"])
def test_preparing_a_weight_rounds_it(weights_dtype: str) -> None:
    """Also where the op that uses it asks for nothing."""
    case = MATMUL_TAKES
    config = {"conv2d_config": f"#ttnn.conv2d_config<weights_dtype = {weights_dtype}>"}
    random = np.random.default_rng(0)
    shapes = shapes_of(case)
    x = random.integers(-4, 5, shapes["x"]).astype(np.float32)
    w = random.standard_normal(shapes["w"]).astype(np.float32)
    narrow = w.astype(DTYPES["bf16" if weights_dtype.startswith("bfp") else weights_dtype])
    wide = {"x": x.astype(np.float64), "w": narrow.astype(np.float64)}
    module = parsed(prepared_conv_transpose2d_ir(case, prepare=config))
    for name, pipeline in pipelines(case).items():
        result = run_after(module, pipeline, {"x": x, "w": w})
        assert_equal_bits(result, brute_force(case, **wide).astype(np.float32), name)


def test_tiles_of_numbers_are_refused_where_numbers_are_needed() -> None:
    case = MATMUL_TAKES
    types = {"w": tensor(shapes_of(case)["w"], "!ttcore.tile<32x32, bfp_bf8>")}
    module = parsed(conv_transpose2d_ir(case, types=types))
    lowered(module, "ttnn-to-decomposed")
    with pytest.raises(Exception, match=r"expected tensors of numbers, got !ttcore.tile"):
        lowered(module, "ttnn-to-linalg")


def test_a_program_in_f64_computes_everything_in_f64() -> None:
    case = GROUPED | {"bias": True}
    arrays = {
        name: np.random.default_rng(1).standard_normal(shape)
        for name, shape in shapes_of(case).items()
    }
    module = module_of(case, {"x": "bf16", "w": "f16", "b": "f32", "y": "bf16"}, None)
    (result,) = compile_module(module, accumulate="f64").call("main", list(arrays.values()))
    np.testing.assert_allclose(result, brute_force(case, **arrays), rtol=1e-12)
