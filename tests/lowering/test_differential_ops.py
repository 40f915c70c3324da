"""The other ops of TTNN and deconv: NumPy, the interpreter and both lowered floors agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import tensor
from support.floors import Array, assert_equal_bits, parsed, run_at
from support.ir import generic_op, i32_array
from support.references import DTYPES

FLOORS = ("ttnn", "linalg", "loops-ragged")
NAMES = {np.dtype(dtype): name for name, dtype in DTYPES.items() if name not in ("si32", "ui8")}
QUICK = settings(max_examples=40, deadline=None)


def whole(*shape: int, dtype: Any = np.float32, seed: int = 0) -> Array:
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(dtype)


def type_of(array: Array) -> str:
    return tensor(array.shape, NAMES[array.dtype])


def _function(body: str, arguments: Sequence[Array], result: Array) -> str:
    listed = ", ".join(f"%a{i}: {type_of(array)}" for i, array in enumerate(arguments))
    type_ = type_of(result)
    return f"func.func @main({listed}) -> {type_} {{\n{body}\nreturn %r : {type_}\n}}"


def check(op: str, properties: dict[str, str], arguments: Sequence[Array], expected: Array) -> None:
    """One op in the generic form, of NumPy arrays, at every floor."""
    operands = [(f"a{i}", type_of(array)) for i, array in enumerate(arguments)]
    body = f"%r = {generic_op(op, operands, properties, [type_of(expected)])}"
    module = parsed(_function(body, arguments, expected))
    given_arrays = {f"a{i}": array for i, array in enumerate(arguments)}
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, given_arrays), expected, floor)


def _list(values: Sequence[int]) -> str:
    return f"[{', '.join(f'{value} : i32' for value in values)}]"


@st.composite
def splits(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Two shapes of the same number of elements, with ones anywhere."""
    factors = draw(st.lists(st.sampled_from((1, 1, 2, 3)), max_size=5))
    shapes: list[list[int]] = []
    for _ in range(2):
        shape, size = [], 1
        for factor in factors:
            size *= factor
            if draw(st.booleans()):
                shape.append(size)
                size = 1
        shapes.append([*shape, size] if size > 1 or draw(st.booleans()) else shape)
    return shapes[0], shapes[1]


@given(shapes=splits())
@QUICK
def test_reshape(shapes: tuple[list[int], list[int]]) -> None:
    before, after = shapes
    x = np.arange(np.prod(before, dtype=int), dtype=np.float32).reshape(before)
    check("ttnn.reshape", {"shape": _list(after)}, [x], x.reshape(after))


@pytest.mark.parametrize("after", [(0, 3), (5, 0, 1), (0,)])
def test_reshape_of_nothing(after: tuple[int, ...]) -> None:
    x = np.zeros((2, 0, 3), np.float32)
    check("ttnn.reshape", {"shape": _list(after)}, [x], x.reshape(after))


@given(
    shape=st.lists(st.integers(1, 3), min_size=1, max_size=5), data=st.data(), flips=st.booleans()
)
@QUICK
def test_permute_and_flip(shape: list[int], data: st.DataObject, flips: bool) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    x = whole(*shape)
    if not flips:
        text = f"array<i64: {', '.join(map(str, order))}>"
        check("ttnn.permute", {"permutation": text}, [x], np.ascontiguousarray(x.transpose(order)))
        return
    axes = sorted(order)[: data.draw(st.integers(1, len(order)))]
    text = f"array<i64: {', '.join(map(str, axes))}>"
    check("deconv.flip", {"dimensions": text}, [x], np.ascontiguousarray(np.flip(x, axes)))


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=4
    ),
    value=st.sampled_from((0.0, 1.5)),
    dtype=st.sampled_from((np.float32, np.int32, ml_dtypes.bfloat16)),
)
@QUICK
def test_pad(rows: list[tuple[int, int, int]], value: float, dtype: Any) -> None:
    if dtype is np.int32:
        value = float(int(value))
    x = whole(*(size for size, _, _ in rows), dtype=dtype)
    widths = [(low, high) for _, low, high in rows]
    padding = i32_array(amount for pair in widths for amount in pair)
    properties = {"padding": padding, "use_multicore": "false", "value": f"{value:e} : f32"}
    check("ttnn.pad", properties, [x], np.pad(x, widths, constant_values=dtype(value)))


@given(data=st.data(), rank=st.integers(1, 4))
@QUICK
def test_slice_static(data: st.DataObject, rank: int) -> None:
    shape = [data.draw(st.integers(1, 5)) for _ in range(rank)]
    begins = [data.draw(st.integers(0, size - 1)) for size in shape]
    ends = [data.draw(st.integers(b, size)) for b, size in zip(begins, shape, strict=True)]
    steps = [data.draw(st.integers(1, 3)) for _ in shape]
    x = whole(*shape)
    rows = zip(begins, ends, steps, strict=True)
    expected = np.ascontiguousarray(x[tuple(slice(*row) for row in rows)])
    begins = [
        b - size if data.draw(st.booleans()) else b for b, size in zip(begins, shape, strict=True)
    ]
    properties = {"begins": _list(begins), "ends": _list(ends), "step": _list(steps)}
    check("ttnn.slice_static", properties, [x], expected)


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -3])
def test_concat(dim: int) -> None:
    pieces = [(2, 3, 4), (2, 3, 4), (2, 3, 4)]
    parts = [
        whole(*(size + i if axis == dim % 3 else size for axis, size in enumerate(shape)), seed=i)
        for i, shape in enumerate(pieces)
    ]
    check("ttnn.concat", {"dim": f"{dim} : si32"}, parts, np.concatenate(parts, dim))


BINARY: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "multiply": np.multiply,
    "subtract": np.subtract,
    "maximum": np.maximum,
    "minimum": np.minimum,
}


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(
    ("lhs", "rhs"), [((2, 3), (2, 3)), ((2, 1, 4), (3, 1)), ((1,), (5, 2)), ((4, 1, 1, 3), (1, 1))]
)
@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.int8, ml_dtypes.bfloat16, np.float16])
def test_binary(name: str, lhs: Any, rhs: Any, dtype: Any) -> None:
    x, y = whole(*lhs, dtype=dtype), whole(*rhs, dtype=dtype, seed=1)
    check(f"ttnn.{name}", {}, [x, y], BINARY[name](x, y).astype(dtype))


@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16, np.float16])
def test_divide_rounds_once(dtype: Any) -> None:
    x, y = whole(4, 3, dtype=dtype), whole(1, 3, dtype=dtype, seed=1)
    assert (y == 0).any()
    with np.errstate(all="ignore"):
        expected = (x.astype(np.float32) / y.astype(np.float32)).astype(dtype)
    check("ttnn.divide", {}, [x, y], expected)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16])
def test_extremes_keep_nan(name: str, dtype: Any) -> None:
    x = np.array([np.nan, 1, -np.inf, 2], dtype)
    y = np.array([1, np.nan, 3, np.inf], dtype)
    with np.errstate(invalid="ignore"):
        expected = BINARY[name](x, y)
    assert np.isnan(expected.astype(float)).tolist() == [True, True, False, False]
    check(f"ttnn.{name}", {}, [x, y], expected)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_extremes_of_unsigned_integers(name: str) -> None:
    """As signed numbers, 200 would be below 100."""
    x, y = np.array([200, 3], np.uint8), np.array([100, 250], np.uint8)
    type_ = tensor((2,), "ui8")
    op = generic_op(f"ttnn.{name}", [("a", type_), ("b", type_)], {}, [type_])
    ir = f"func.func @main(%a: {type_}, %b: {type_}) -> {type_} {{ %r = {op} return %r : {type_} }}"
    for floor in FLOORS:
        assert_equal_bits(run_at(ir, floor, {"a": x, "b": y}), BINARY[name](x, y), floor)


@pytest.mark.parametrize("narrow_first", [True, False])
def test_integers_of_two_widths_meet_in_the_wider(narrow_first: bool) -> None:
    x, y = np.array([100, -100], np.int8), np.array([100_000, 7], np.int32)
    check("ttnn.add", {}, [x, y] if narrow_first else [y, x], x + y)


@pytest.mark.parametrize("result", [np.float32, ml_dtypes.bfloat16])
def test_binary_of_mixed_types_rounds_once(result: Any) -> None:
    x = np.array([1 + 2.0**-9, 3.0], np.float32)
    y = np.array([2.0**-9, 2.0**-8], ml_dtypes.bfloat16)
    check("ttnn.add", {}, [x, y], (x + y.astype(np.float32)).astype(result))


@pytest.mark.parametrize("dtype", [np.float32, np.int32, ml_dtypes.bfloat16])
def test_relu(dtype: Any) -> None:
    x = whole(3, 4, dtype=dtype)
    check("ttnn.relu", {}, [x], np.maximum(x, dtype(0)))


@pytest.mark.parametrize(
    ("name", "function"), [("tanh", np.tanh), ("sigmoid", lambda x: 1 / (1 + np.exp(-x)))]
)
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 4e-7), (ml_dtypes.bfloat16, 2.0**-8)])
def test_curves(name: str, function: Callable[..., Array], dtype: Any, rtol: float) -> None:
    x = np.array([-90.0, -3.0, -0.25, 0.0, 0.5, 2.0, 90.0], np.float32).astype(dtype)
    expected = function(x.astype(np.float64))
    type_ = type_of(x)
    body = f'%r = "ttnn.{name}"(%a0) : ({type_}) -> {type_}'
    for floor in FLOORS:
        result = run_at(_function(body, [x], x), floor, {"x": x})
        assert result.dtype == x.dtype
        np.testing.assert_allclose(result.astype(np.float64), expected, rtol=rtol, atol=1e-38)


MATMULS: list[tuple[tuple[int, ...], tuple[int, ...], bool, bool]] = [
    ((9, 10), (10, 11), False, False),
    ((10, 9), (10, 11), True, False),
    ((9, 10), (11, 10), False, True),
    ((10,), (10, 3), False, False),
    ((3, 10), (10,), False, False),
    ((4,), (4,), False, False),
    ((2, 3, 8, 9), (9, 5), False, False),
    ((2, 3, 9, 8), (9, 5), True, False),
    ((3, 4), (2, 4, 5), False, False),
    ((2, 1, 3, 4), (5, 6, 4), False, True),
    ((1, 1, 3, 4), (1, 1, 4, 5), False, False),
]


@pytest.mark.parametrize("dtype", [np.float32, np.int32, ml_dtypes.bfloat16])
@pytest.mark.parametrize(("left", "right", "transpose_a", "transpose_b"), MATMULS)
def test_matmul(left: Any, right: Any, transpose_a: bool, transpose_b: bool, dtype: Any) -> None:
    a, b = whole(*left, dtype=dtype), whole(*right, dtype=dtype, seed=1)
    wide_a, wide_b = a.astype(np.float64), b.astype(np.float64)
    product = np.matmul(
        wide_a.swapaxes(-1, -2) if transpose_a else wide_a,
        wide_b.swapaxes(-1, -2) if transpose_b else wide_b,
    )
    flags = {"transpose_a": transpose_a, "transpose_b": transpose_b}
    properties = {name: str(flag).lower() for name, flag in flags.items()}
    expected = np.atleast_1d(product).astype(dtype)
    check("ttnn.matmul", properties, [a, b], expected)
    relu = properties | {"activation": '"relu"'}
    check("ttnn.matmul", relu, [a, b], np.maximum(expected, dtype(0)))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (np.float32, ml_dtypes.bfloat16),
        (ml_dtypes.bfloat16, np.float16),
        (np.float32, np.int32),
        (np.int32, np.float32),
        (np.int32, np.int8),
        (np.int8, np.int32),
    ],
)
def test_typecast(source: Any, target: Any) -> None:
    x = np.array([-3.0, -0.5, 0.0, 1.0, 100.0], np.float32).astype(source)
    check("ttnn.typecast", {}, [x], x.astype(target))


@pytest.mark.parametrize("strides", [(1, 1), (2, 1), (3, 4)])
@pytest.mark.parametrize("padding", [None, (1, 0, 2, 3)])
def test_dilate_insert(strides: tuple[int, int], padding: tuple[int, ...] | None) -> None:
    x = whole(3, 2)
    dilated = np.zeros((2 * strides[0] + 1, strides[1] + 1), np.float32)
    dilated[:: strides[0], :: strides[1]] = x
    first = tensor(dilated.shape)
    lines = [f"%d = deconv.dilate_insert %a0 strides = {list(strides)} : {type_of(x)} -> {first}"]
    if padding is None:
        expected, lines[0] = dilated, lines[0].replace("%d", "%r", 1)
    else:
        expected = np.pad(dilated, (padding[:2], padding[2:]))
        lines.append(
            f'%r = "ttnn.pad"(%d) <{{padding = {i32_array(padding)}, use_multicore = false, '
            f"value = 0.0 : f32}}> : ({first}) -> {type_of(expected)}"
        )
    module = parsed(_function("\n".join(lines), [x], expected))
    for floor in FLOORS:
        assert_equal_bits(run_at(module, floor, {"x": x}), expected, floor)


def _conv2d(x: Array, w: Array, b: Array, strides: Any, pads: Any, dilations: Any) -> Array:
    """A plain convolution of (N, H, W, C) by (O, C/G, KH, KW), one output at a time."""
    top, bottom, left, right = pads
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0))).astype(np.float64)
    groups = x.shape[3] // w.shape[1]
    outputs = w.shape[0] // groups
    height, width = (
        (x.shape[axis] - dilations[axis - 1] * (w.shape[axis + 1] - 1) - 1) // strides[axis - 1] + 1
        for axis in (1, 2)
    )
    out = np.zeros((x.shape[0], height, width, w.shape[0]))
    for i, j, o, kh, kw in np.ndindex(height, width, w.shape[0], *w.shape[2:]):
        first = o // outputs * w.shape[1]
        row = x[:, i * strides[0] + kh * dilations[0], j * strides[1] + kw * dilations[1]]
        out[:, i, j, o] += row[:, first : first + w.shape[1]] @ w[o, :, kh, kw].astype(np.float64)
    return out + b.astype(np.float64).reshape(-1)


@pytest.mark.parametrize("dtype", [np.float32, np.int32, ml_dtypes.bfloat16])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(
    ("strides", "padding", "dilations"),
    [((1, 1), [0, 0], (1, 1)), ((2, 3), [1, 2], (1, 1)), ((3, 1), [0, 1, 2, 3], (2, 1))],
)
def test_conv2d(dtype: Any, groups: int, strides: Any, padding: list[int], dilations: Any) -> None:
    x, w = whole(2, 7, 8, 4, dtype=dtype), whole(8, 4 // groups, 3, 2, dtype=dtype, seed=1)
    b = whole(1, 1, 1, 8, dtype=dtype, seed=2)
    pads = padding if len(padding) == 4 else [padding[0]] * 2 + [padding[1]] * 2
    expected = _conv2d(x, w, b, strides, pads, dilations).astype(dtype)
    flat_x, flat_y = x.reshape(1, 1, -1, 4), expected.reshape(1, 1, -1, 8)
    types = [type_of(flat_x), type_of(w), type_of(b)]
    operands = [*((f"a{i}", type_) for i, type_ in enumerate(types)), ("d", "!ttnn.device")]
    sizes = {"batch_size": 2, "groups": groups, "in_channels": 4, "input_height": 7}
    sizes |= {"input_width": 8, "out_channels": 8}
    properties = {name: f"{value} : i32" for name, value in sizes.items()}
    lists = {"stride": strides, "padding": padding, "dilation": dilations, "kernel_size": (3, 2)}
    properties |= {name: i32_array(values) for name, values in lists.items()}
    body = (
        '%d = "ttnn.get_device"() : () -> !ttnn.device\n'
        f"%r = {generic_op('ttnn.conv2d', operands, properties, [type_of(flat_y)])}"
    )
    module = parsed(_function(body, [flat_x, w, b], flat_y))
    for floor in (*FLOORS, "loops", "loops-im2col", "loops-im2col-ragged"):
        assert_equal_bits(run_at(module, floor, {"x": flat_x, "w": w, "b": b}), flat_y, floor)
