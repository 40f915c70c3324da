"""Ops beside the convolutions on operands and results of several element types: every floor agrees.

One rule says what they compute in; some results are worked out by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import tensor
from support.element_types import FLOATS, INTEGERS, full_range, rounded, wrapped
from support.floors import Array, assert_equal_bits, parsed, run_after
from support.references import DTYPES

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

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


activations = st.sampled_from([None, "relu", "relu6"])
seeds = st.integers(0, 99)


@given(
    kind=st.sampled_from(KINDS),
    types=st.tuples(any_type, any_type, any_type),
    activation=activations,
    seed=seeds,
)
@QUICK
def test_plain_ops_of_any_types(
    kind: str, types: tuple[str, str, str], activation: str | None, seed: int
) -> None:
    check_plain(kind, types, activation, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@given(types=st.tuples(any_type, any_type, any_type), activation=activations, seed=seeds)
@settings(QUICK, max_examples=100)
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
