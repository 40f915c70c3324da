"""Reshapes, pads, concats and activations between element types: each number is converted once.

Every floor gives the bits of the definition, written here with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import tensor
from support.element_types import FLOATS, full_range, is_unsigned, rounded, wrapped
from support.floors import Array, assert_equal_bits, lowered, parsed, run_after
from support.references import DTYPES
from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.dialect.text.parsing import parse_module

DOOR = "convert-ttir-to-ttnn"
PIPELINES = (
    "",
    "ttnn-canonicalize,ttnn-fold-constants",
    "ttnn-to-decomposed",
    "ttnn-to-linalg",
    "ttnn-to-loops",
)
TYPES = ("f64", "f32", "f16", "bf16", "i1", "i8", "ui8", "si32", "ui32", "i64")


def converted(values: Array, source: str, target: str) -> Array:
    """Numbers of one type as those of another, by docs/semantics.md."""
    if target in FLOATS:
        return rounded(values.astype(np.float64), target)
    if source not in FLOATS:
        return wrapped(values.astype(np.int64), target)
    if target == "i1":
        return values.astype(np.float64) != 0
    width = int(target.lstrip("siu"))
    low, high = (
        (0, 2**width - 1) if is_unsigned(target) else (-(2 ** (width - 1)), 2 ** (width - 1) - 1)
    )
    whole = [
        0 if np.isnan(x) else min(max(int(np.trunc(np.clip(x, -1e30, 1e30))), low), high)
        for x in values.astype(np.float64).ravel()
    ]
    return np.array(whole, DTYPES[target]).reshape(values.shape)


def numbers(type_: str, shape: Sequence[int], seed: int) -> Array:
    """Numbers of a type: small ones with fractions, and for integers any."""
    random = np.random.default_rng(seed)
    if type_ not in FLOATS:
        return full_range(type_, shape, random)
    return (random.integers(-900, 900, shape) / 4).astype(DTYPES[type_])


class Movement(NamedTuple):
    """An op of one (2, 3, 4) tensor; what it does to an array; the shape of its result."""

    text: str
    properties: str
    move: Callable[[Array], Array]
    shape: tuple[int, ...]


MOVEMENTS = {
    "reshape": Movement(
        "ttnn.reshape", "shape = [4 : i32, 6 : i32]", lambda x: x.reshape(4, 6), (4, 6)
    ),
    "permute": Movement(
        "ttnn.permute",
        "permutation = array<i64: 2, 0, 1>",
        lambda x: x.transpose(2, 0, 1),
        (4, 2, 3),
    ),
    "pad": Movement(
        "ttnn.pad",
        "padding = array<i32: 0, 0, 1, 0, 0, 2>, use_multicore = false, value = 1.0 : f32",
        lambda x: np.pad(x, ((0, 0), (1, 0), (0, 2)), constant_values=1),
        (2, 4, 6),
    ),
    "zero pad": Movement(
        "ttnn.pad",
        "padding = array<i32: 0, 0, 1, 0, 0, 2>, use_multicore = false, value = 0.0 : f32",
        lambda x: np.pad(x, ((0, 0), (1, 0), (0, 2))),
        (2, 4, 6),
    ),
    "no pad": Movement(
        "ttnn.pad",
        "padding = array<i32: 0, 0, 0, 0, 0, 0>, use_multicore = false, value = 0.0 : f32",
        lambda x: x,
        (2, 3, 4),
    ),
    "repeat": Movement(
        "ttnn.repeat",
        "repeat_dims = #ttnn.shape<1x2x1>",
        lambda x: np.tile(x, (1, 2, 1)),
        (2, 6, 4),
    ),
    "concat": Movement("ttnn.concat", "dim = -2 : si32", lambda x: x, (2, 3, 4)),
    "to_layout": Movement("ttnn.to_layout", "", lambda x: x, (2, 3, 4)),
}


def movement_ir(name: str, source: str, target: str, constant: str | None = None) -> str:
    kind, properties, _, shape = MOVEMENTS[name]
    given, made = tensor((2, 3, 4), source), tensor(shape, target)
    listed = f" <{{{properties}}}>" if properties else ""
    argument = "" if constant else f"%x: {given}"
    line = f'%x = "ttnn.constant"() <{{value = dense<"{constant}"> : {given}}}> : () -> {given}\n'
    return f"""
func.func @main({argument}) -> {made} {{
  {line if constant else ""}%r = "{kind}"(%x){listed} : ({given}) -> {made}
  return %r : {made}
}}"""


@pytest.mark.parametrize("source", TYPES)
@pytest.mark.parametrize("name", MOVEMENTS)
def test_movements(name: str, source: str) -> None:
    x = numbers(source, (2, 3, 4), 0)
    for index, target in enumerate(TYPES):
        expected = MOVEMENTS[name].move(converted(x, source, target)).astype(DTYPES[target])
        ir = movement_ir(name, source, target)
        # Each pair at two floors: all floors meet all pairs of a movement's neighbours.
        for pipeline in (PIPELINES[index % len(PIPELINES)], PIPELINES[(index + 3) % 5]):
            result = run_after(ir, pipeline, {"x": x})
            assert_equal_bits(result, np.ascontiguousarray(expected), f"{target} {pipeline}")


@pytest.mark.parametrize("name", MOVEMENTS)
@pytest.mark.parametrize("types", ["f32 bf16", "si32 f32", "f32 si32", "ui8 i64", "f64 f64"])
def test_movements_of_constants(name: str, types: str) -> None:
    """What is folded at compile time is bytes that are moved, never those that are changed."""
    source, target = types.split()
    x = numbers(source, (2, 3, 4), 1)
    expected = MOVEMENTS[name].move(converted(x, source, target)).astype(DTYPES[target])
    ir = movement_ir(name, source, target, f"0x{x.tobytes().hex()}")
    for pipeline in PIPELINES:
        result = run_after(ir, pipeline, {})
        assert_equal_bits(result, np.ascontiguousarray(expected), pipeline)


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("target", ["bf16", "f32", "f64", "si32", "ui8"])
def test_a_concat_of_several_types(target: str, pipeline: str) -> None:
    types = ["si32", "f32", "bf16", "ui8"]
    arrays = {f"x{i}": numbers(type_, (2, i + 1), i) for i, type_ in enumerate(types)}
    tensors = [tensor((2, i + 1), type_) for i, type_ in enumerate(types)]
    made = tensor((2, 10), target)
    arguments = ", ".join(f"%x{i}: {type_}" for i, type_ in enumerate(tensors))
    ir = f"""
func.func @main({arguments}) -> {made} {{
  %r = "ttnn.concat"(%x0, %x1, %x2, %x3) <{{dim = 1 : si32}}> : ({", ".join(tensors)}) -> {made}
  return %r : {made}
}}"""
    parts = zip(types, arrays.values(), strict=True)
    expected = np.concatenate([converted(x, type_, target) for type_, x in parts], 1)

    assert_equal_bits(run_after(ir, pipeline, arrays), expected.astype(DTYPES[target]), target)


ROUND_TRIPS = {
    "narrow and wide again": ("f32 bf16 f32", 2),
    "to whole numbers and back": ("f32 si32 f32", 2),
    "the first one alone": ("f32 bf16 bf16", 1),
    "the last one alone": ("bf16 bf16 f32", 1),
    "neither": ("bf16 bf16 bf16", 1),
}


@pytest.mark.parametrize("kind", ["reshape", "permute"])
@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_two_movements_become_one_where_one_converts(name: str, kind: str) -> None:
    types, left = ROUND_TRIPS[name]
    first, second, third = types.split()
    properties = {
        "reshape": ("shape = [6 : i32, 4 : i32]", "shape = [3 : i32, 8 : i32]"),
        "permute": ("permutation = array<i64: 1, 0>", "permutation = array<i64: 1, 0>"),
    }[kind]
    shapes = {"reshape": ((4, 6), (6, 4), (3, 8)), "permute": ((4, 6), (6, 4), (4, 6))}[kind]
    a, b, c = map(tensor, shapes, (first, second, third))
    ir = f"""
func.func @main(%x: {a}) -> {c} {{
  %0 = "ttnn.{kind}"(%x) <{{{properties[0]}}}> : ({a}) -> {b}
  %1 = "ttnn.{kind}"(%0) <{{{properties[1]}}}> : ({b}) -> {c}
  return %1 : {c}
}}"""
    x = numbers(first, shapes[0], 3)
    module = lowered(ir, "ttnn-canonicalize")
    assert sum(op.name == f"ttnn.{kind}" for op in module.walk()) in (
        left,
        left - (kind == "permute"),
    )
    for pipeline in PIPELINES:
        assert_equal_bits(run_after(ir, pipeline, {"x": x}), run_after(ir, "", {"x": x}), pipeline)
    twice = converted(converted(x, first, second), second, third).reshape(shapes[2])
    assert_equal_bits(run_after(ir, "ttnn-canonicalize", {"x": x}), twice, name)


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x < 0, x * x.dtype.type(0.25), x),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x * (1 / (1 + np.exp(-x))),
}
HELD = {
    "f32 bf16": "f32",
    "bf16 f32": "f32",
    "f16 bf16": "f32",
    "bf16 bf16": "f32",
    "f64 f32": "f64",
    "bf16 f64": "f64",
    "si32 f32": "f32",
    "ui8 bf16": "f32",
    "f32 si32": "f32",
    "f32 ui8": "f32",
    "i1 f16": "f32",
}
"""What an activation from one type to another is computed in."""


@pytest.mark.parametrize("types", HELD)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str, types: str) -> None:
    source, target = types.split()
    given, made = tensor((3, 8), source), tensor((3, 8), target)
    slope = " <{parameter = 2.5e-01 : f32}>" if name == "leaky_relu" else ""
    ir = f"""
func.func @main(%x: {given}) -> {made} {{
  %r = "ttnn.{name}"(%x){slope} : ({given}) -> {made}
  return %r : {made}
}}"""
    random = np.random.default_rng(7)
    x = (random.integers(-32, 32, (3, 8)) / 4).astype(DTYPES["f64"])
    x = converted(x, "f64", source)
    held = converted(x, source, HELD[types])
    exact = ACTIVATIONS[name](held)
    is_exact = name in ("relu", "relu6", "leaky_relu")
    for pipeline in PIPELINES:
        result = run_after(ir, pipeline, {"x": x})
        assert result.dtype == DTYPES[target], pipeline
        if is_exact:
            fractions = np.asarray(exact, HELD_DTYPES[HELD[types]])
            assert_equal_bits(result, once(fractions, HELD[types], target), pipeline)
        else:
            unit = {"f64": 1e-12, "f32": 1e-6, "f16": 1e-3, "bf16": 8e-3}.get(target, 1)
            wide = {"f64": 1e-12, "f32": 1e-6}[HELD[types]]
            error = np.abs(result.astype(np.float64) - exact.astype(np.float64))
            assert np.all(error <= max(unit, wide) * np.maximum(np.abs(exact), 1)), pipeline


HELD_DTYPES = {"f64": np.float64, "f32": np.float32}


def once(values: Array, source: str, target: str) -> Array:
    """Numbers with fractions, rounded once."""
    if target in FLOATS:
        return values.astype(np.float64).astype(DTYPES[target])
    return converted(values, source, target)


@pytest.mark.parametrize(
    ("types", "values", "expected"),
    [
        ("si8 ui8", [-3, 5], [253, 5]),
        ("ui8 si8", [200, 5], [0, 5]),
        ("i8 i32", [-3, 5], [0, 5]),
        ("si32 i8", [-300, 130], [0, -126]),
        ("i1 i8", [0, 1], [0, 1]),
    ],
)
def test_relu_of_integers_is_computed_as_integers_are_added(
    types: str, values: list[int], expected: list[int]
) -> None:
    source, target = types.split()
    ir = f"""
func.func @main(%x: tensor<2x{source}>) -> tensor<2x{target}> {{
  %r = "ttnn.relu"(%x) : (tensor<2x{source}>) -> tensor<2x{target}>
  return %r : tensor<2x{target}>
}}"""
    for pipeline in PIPELINES:
        result = run_after(ir, pipeline, {"x": np.array(values).astype(DTYPES[source])})
        assert result.tolist() == np.array(expected, DTYPES[target]).tolist(), pipeline


def test_curves_of_integers_alone_have_no_type_to_be_computed_in() -> None:
    ir = """
func.func @main(%x: tensor<2xi32>) -> tensor<2xi8> {
  %r = "ttnn.tanh"(%x) : (tensor<2xi32>) -> tensor<2xi8>
  return %r : tensor<2xi8>
}"""
    parsed(ir)
    for pipeline in PIPELINES:
        with pytest.raises(Exception, match="expected a float tensor"):
            run_after(ir, pipeline, {"x": np.zeros(2, np.int32)})


@st.composite
def slices(draw: st.DrawFn) -> tuple[tuple[int, ...], list[list[int]]]:
    """A shape, and begins, ends and steps that tt-mlir takes."""
    shape = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    rows: list[list[int]] = []
    for size in shape:
        step = draw(st.integers(-3, 3).filter(bool))
        begin, end = draw(st.integers(0, size - 1)), draw(st.integers(0, size))
        if (end - begin) * step < 0:
            begin, end = min(end, size - 1), begin
        if (end - begin) * step < 0:
            end = begin
        if draw(st.booleans()):
            begin -= size
        if end < size and draw(st.booleans()):
            end -= size
        rows.append([begin, end, step])
    return tuple(shape), [list(column) for column in zip(*rows, strict=True)]


def then(first: str, pipeline: str) -> str:
    """A pass and the pipeline behind it."""
    return f"{first},{pipeline}" if pipeline else first


def slice_ir(shape: tuple[int, ...], begins: Any, ends: Any, steps: Any, dialect: str) -> str:
    def of(values: Sequence[int]) -> str:
        return f"[{', '.join(f'{value} : i32' for value in values)}]"

    made = expected_slice(np.zeros(shape), begins, ends, steps).shape
    properties = f"begins = {of(begins)}, ends = {of(ends)}, step = {of(steps)}"
    given, result = tensor(shape, "si32"), tensor(made, "si32")
    return f"""
func.func @main(%x: {given}) -> {result} {{
  %r = "{dialect}.slice_static"(%x) <{{{properties}}}> : ({given}) -> {result}
  return %r : {result}
}}"""


def expected_slice(x: Array, begins: Any, ends: Any, steps: Any) -> Array:
    """Elements begin, begin + step, ... before end, dimension by dimension."""
    for axis, (begin, end, step) in enumerate(zip(begins, ends, steps, strict=True)):
        size = x.shape[axis]
        places = range(begin % size, end if end >= 0 else end + size, step)
        x = np.take(x, list(places), axis)
    return x


@given(slices(), st.sampled_from(PIPELINES))
@settings(max_examples=60, deadline=None)
def test_slices_with_steps_of_either_sign(
    case: tuple[tuple[int, ...], list[list[int]]], pipeline: str
) -> None:
    shape, bounds = case
    x = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    ir = slice_ir(shape, *bounds, "ttnn")

    result = run_after(ir, pipeline, {"x": x})

    assert_equal_bits(result, np.ascontiguousarray(expected_slice(x, *bounds)), pipeline)
    printed = str(parse_module(ir))
    assert str(parse_module(printed)) == printed


SLICES = {
    "down to one": ((6,), [4], [0], [-2]),
    "from the end": ((2, 3, 2), [0, 0, -1], [2, 3, 0], [1, 2, -1]),
    "nothing": ((4, 5), [2, 3], [2, 0], [-1, -1]),
    "both": ((5, 6), [4, 5], [1, 1], [-2, -3]),
    "a single one": ((3,), [1], [0], [-5]),
}


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("name", SLICES)
def test_slices_backwards(name: str, pipeline: str) -> None:
    shape, *bounds = SLICES[name]
    x = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    expected = np.ascontiguousarray(expected_slice(x, *bounds))
    assert_equal_bits(run_after(slice_ir(shape, *bounds, "ttnn"), pipeline, {"x": x}), expected, "")
    ttir = slice_ir(shape, *bounds, "ttir")
    assert_equal_bits(run_after(ttir, then(DOOR, pipeline), {"x": x}), expected, "ttir")

    given = tensor(shape, "si32")
    literal = f'%x = "ttnn.constant"() <{{value = dense<"0x{x.tobytes().hex()}"> : {given}}}>'
    constant = slice_ir(shape, *bounds, "ttnn").replace(f"%x: {given}", "")
    constant = constant.replace("{\n", f"{{\n{literal} : () -> {given}\n", 1)
    folded = lowered(constant, "ttnn-fold-constants")
    assert not any(isinstance(op, ttnn.SliceStaticOp) for op in folded.walk())
    assert_equal_bits(run_after(folded, pipeline, {}), expected, "folded")


def padded_shape(shape: Sequence[int], padding: Sequence[int]) -> tuple[int, ...]:
    rows = zip(shape, padding[::2], padding[1::2], strict=True)
    return tuple(size + low + high for size, low, high in rows)


def pad_ir(shape: Sequence[int], padding: Sequence[int], types: str, value: float) -> str:
    source, target = types.split()
    made = [
        size + low + high
        for size, low, high in zip(shape, padding[::2], padding[1::2], strict=True)
    ]
    given, result = tensor(shape, source), tensor(made, target)
    amounts = ", ".join(map(str, padding))
    return f"""
func.func @main(%x: {given}) -> {result} {{
  %r = "ttir.pad"(%x) <{{padding = array<i32: {amounts}>, value = {value!r} : f32}}>
    : ({given}) -> {result}
  return %r : {result}
}}"""


PADS = {
    "cropped": ((1, 1, 5, 5), (0, 0, 0, 0, -1, -1, -1, -1)),
    "cropped and padded": ((1, 1, 5, 5), (0, 0, 0, 0, 1, 1, -1, -1)),
    "one side each": ((4, 5), (-1, 2, 3, -4)),
    "more than there is, in front": ((3, 2), (-5, 6, 0, 0)),
    "more than there is, behind": ((3, 2), (4, -4, -2, 1)),
    "nothing left": ((3, 2), (-1, -2, 0, 0)),
    "moved out": ((3,), (-3, 3)),
}


@pytest.mark.parametrize("types", ["f32 f32", "bf16 f32", "f32 si32"])
@pytest.mark.parametrize("name", PADS)
def test_pads_with_negative_amounts(name: str, types: str) -> None:
    shape, padding = PADS[name]
    source, target = types.split()
    x = numbers(source, shape, 2)
    made = [
        size + low + high
        for size, low, high in zip(shape, padding[::2], padding[1::2], strict=True)
    ]
    expected = np.full(made, 7, DTYPES[target])
    for place in np.ndindex(*made):
        where = tuple(i - low for i, low in zip(place, padding[::2], strict=True))
        if all(0 <= i < size for i, size in zip(where, shape, strict=True)):
            expected[place] = converted(x[where].reshape(1), source, target)[0]
    ir = pad_ir(shape, padding, types, 7.0)
    for pipeline in PIPELINES:
        assert_equal_bits(run_after(ir, then(DOOR, pipeline), {"x": x}), expected, pipeline)
    module = lowered(ir, DOOR)
    pads = [op for op in module.walk() if isinstance(op, ttnn.PadOp)]
    assert all(any(op.padding.get_values()) for op in pads), "no pad that does nothing"


def test_a_pad_with_negative_amounts_of_unknown_sizes_is_refused() -> None:
    ir = (
        pad_ir((3, 2), (-1, 0, 0, 0), "f32 f32", 0.0)
        .replace("3x2x", "?x2x")
        .replace("2x2x", "?x2x")
    )
    module = parsed(ir)
    before = str(module)
    with pytest.raises(Exception, match="expected an input of known shape"):
        lowered(module, DOOR)
    assert str(module) == before
