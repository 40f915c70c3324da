"""Operands and results of several element types: one rule of what is computed in what.

Every strategy at every floor gives the bits of the formula, computed exactly and rounded once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

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
LONG = settings(QUICK, max_examples=400)

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


# Other ops ---------------------------------------------------------------------------------------

any_type = st.sampled_from((*FLOATS, *INTEGERS))


def operand(type_: str, shape: Sequence[int], random: np.random.Generator) -> Array:
    """Numbers that stay exact in f32, of either kind; integers of all bits half of the time."""
    if type_ in INTEGERS:
        found = full_range(type_, shape, random)
        small = wrapped(random.integers(-5, 6, shape), type_)
        return found if random.random() < 0.5 else small
    return random.integers(-4, 5, shape).astype(DTYPES[type_])


def check_all_floors(ir: str, arrays: Mapping[str, Array]) -> Array:
    """The result, once all floors agree on it."""
    module = parsed(ir)
    expected = run_after(module, "", arrays)
    for pipeline in (
        "ttnn-to-decomposed,legalize-deconv-to-ttnn",
        "ttnn-to-linalg",
        "ttnn-to-loops",
    ):
        assert_equal_bits(run_after(module, pipeline, arrays), expected, f"{pipeline} {ir}")
    return expected


BINARY = ("add", "subtract", "multiply", "maximum", "minimum")
COL2IM = """<{dilation = array<i64: 1, 1>, input_size = array<i64: 2, 3>,
  kernel_size = array<i64: 3, 2>, output_padding = array<i64: 0, 1>,
  padding = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}>"""


def plain_op(kind: str, types: Sequence[str], activation: str | None) -> tuple[str, list[Any]]:
    """IR of one op of up to two operands, and the shapes of these."""
    shapes: list[tuple[int, ...]] = [(2, 5), (2, 5)]
    result, name, properties = (2, 5), f"ttnn.{kind}", ""
    if kind == "matmul":
        shapes, result = [(3, 4), (4, 2)], (3, 2)
        properties = " <{transpose_a = false, transpose_b = false"
        properties += f', activation = "{activation}"}}>' if activation else "}>"
    elif kind == "finish":
        shapes, result, name = [(1, 2, 3, 4), (1, 1, 1, 4)], (1, 2, 3, 4), "deconv.finish"
        config = f"<activation = <op_type = {activation}>>"
        properties = f" <{{conv2d_config = #ttnn.conv2d_config{config}}}>" if activation else ""
    elif kind == "col2im":
        shapes, result, name, properties = [(2, 6, 12)], (1, 5, 7, 4), "deconv.col2im", COL2IM
    elif kind == "typecast":
        shapes = shapes[:1]
    tensors = [tensor(shape, type_) for shape, type_ in zip(shapes, types, strict=False)]
    made = tensor(result, types[-1])
    arguments = ", ".join(f"%a{i}: {type_}" for i, type_ in enumerate(tensors))
    names = ", ".join(f"%a{i}" for i in range(len(tensors)))
    ir = f"""
func.func @main({arguments}) -> {made} {{
  %r = "{name}"({names}){properties} : ({", ".join(tensors)}) -> {made}
  return %r : {made}
}}"""
    return ir, shapes


def check_plain(kind: str, types: Sequence[str], activation: str | None, seed: int) -> None:
    ir, shapes = plain_op(kind, types, activation)
    random = np.random.default_rng(seed)
    pairs = zip(types, shapes, strict=False)
    arrays = {f"a{i}": operand(type_, shape, random) for i, (type_, shape) in enumerate(pairs)}
    check_all_floors(ir, arrays)


KINDS = (*BINARY, "matmul", "finish", "col2im", "typecast")


@given(
    kind=st.sampled_from(KINDS),
    types=st.tuples(any_type, any_type, any_type),
    activation=activations,
    seed=seeds,
)
@settings(QUICK, max_examples=40)
def test_plain_ops_of_any_types(
    kind: str, types: tuple[str, str, str], activation: str | None, seed: int
) -> None:
    check_plain(kind, types, activation, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@given(types=st.tuples(any_type, any_type, any_type), activation=activations, seed=seeds)
@settings(LONG, max_examples=150)
def test_many_plain_ops_of_any_types(
    types: tuple[str, str, str], activation: str | None, seed: int, kind: str
) -> None:
    check_plain(kind, types, activation, seed)


BY_HAND = {
    "f64 summed, f32 given": ("add", "f64 f64 f32", [2.0**30], [1.0 - 2.0**30], [1.0]),
    "f32 summed, bf16 given": ("add", "f32 f32 bf16", [257.0], [-256.0], [1.0]),
    "f16 and bf16 meet in f32": ("multiply", "f16 bf16 f16", [1025.0], [0.5], [512.5]),
    "integers beside floats": ("add", "si32 bf16 f32", [257], [0.5], [257.5]),
    "to the lower integer": ("subtract", "f32 f32 si8", [1.0], [3.75], [-2]),
    "to the largest integer": ("multiply", "f32 f32 ui8", [100.0], [3.0], [255]),
    "integers in the widest": ("add", "i8 i8 i16", [100], [100], [200]),
    "extended by their own signs": ("add", "ui8 i8 i16", [200], [-1], [199]),
    "wrapped at the end": ("add", "i32 i32 i8", [200], [100], [44]),
    "compared in the widest": ("maximum", "ui8 si16 ui8", [200], [-1], [200]),
    "bits add up to their parity": ("add", "i1 i1 i1", [True], [True], [False]),
    "a float that is not zero is a set bit": ("add", "f32 f32 i1", [0.25], [0.25], [True]),
}


@pytest.mark.parametrize("what", BY_HAND)
def test_by_hand(what: str) -> None:
    kind, types, a, b, expected = BY_HAND[what]
    first, second, last = types.split()
    one = [tensor((1,), type_) for type_ in (first, second, last)]
    ir = f"""
func.func @main(%a: {one[0]}, %b: {one[1]}) -> {one[2]} {{
  %r = "ttnn.{kind}"(%a, %b) : ({one[0]}, {one[1]}) -> {one[2]}
  return %r : {one[2]}
}}"""
    arrays = {"a": np.array(a, DTYPES[first]), "b": np.array(b, DTYPES[second])}
    result = check_all_floors(ir, arrays)
    assert result.dtype == DTYPES[last]
    assert result.tolist() == np.array(expected, DTYPES[last]).tolist()


@pytest.mark.parametrize("source", ["f64", "f32", "bf16"])
@pytest.mark.parametrize("target", ["f64", "f32", "f16"])
def test_averages_of_other_types(source: str, target: str) -> None:
    """2^k + 1 ones beside one large number: what sums are held in decides whether they count."""
    held = "f64" if "f64" in (source, target) else "f32"
    large = 2.0 ** {"f64": 30, "f32": 20}[held] if target != "f16" else 1024.0
    image = np.ones((1, 2, 8, 1), DTYPES[source])
    image[0, 0, 0, 0] = large
    before, after = tensor(image.shape, source), tensor((1, 1, 1, 1), target)
    ir = f"""
func.func @main(%x: {before}) -> {after} {{
  %r = "ttnn.global_avg_pool2d"(%x) : ({before}) -> {after}
  return %r : {after}
}}"""
    expected = rounded(np.array([large + 15]) / 16, target)
    assert check_all_floors(ir, {"x": image}).ravel().tolist() == expected.tolist()


def test_sums_of_bf16_products_are_rounded_once_by_col2im() -> None:
    """Sixteen products of 256 and 1 land in one place: in bf16 the ones would be lost."""
    taps = "tensor<1x4x4xbf16>"
    ir = f"""
func.func @main(%p: {taps}) -> tensor<1x1x1x1xf32> {{
  %r = "deconv.col2im"(%p) <{{dilation = array<i64: 1, 1>, input_size = array<i64: 2, 2>,
    kernel_size = array<i64: 2, 2>, output_padding = array<i64: 0, 0>,
    padding = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}}> : ({taps}) -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}}"""
    products = np.ones((1, 4, 4), DTYPES["bf16"])
    products[0, 0] = 256
    assert check_all_floors(ir, {"p": products}).ravel().tolist() == [259]


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
