"""The builder behind the ONNX and PyTorch importers: what it builds, and that it means the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from xdsl.dialects.builtin import f32, f64, i32

from support.floors import assert_equal_bits
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.graph import BatchNorm, BuiltGraph, GraphBuilder, Sliding, Tensor, Value
from xdsl_ttnn.frontend.graph.names import value_name

Build = Callable[[GraphBuilder, Tensor], Value]


def integers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float32)


def identity(builder: GraphBuilder, x: Tensor) -> Tensor:
    """A convolution that changes nothing, so that what follows starts channels-last."""
    channels, spatial = x.shape[1], len(x.shape) - 2
    weight = np.eye(channels, dtype=np.float32).reshape(channels, channels, *[1] * spatial)
    return builder.conv(x, builder.constant(weight, "identity"))


def built(build: Build, shape: tuple[int, ...], *, channels_last: bool, **options: Any):
    builder = GraphBuilder(**options)
    x = builder.input("x", shape, f32)
    builder.output(build(builder, identity(builder, x) if channels_last else x), "y")
    return builder.finish()


def ops(graph: BuiltGraph) -> list[str]:
    names = [op.name.removeprefix("ttnn.") for op in graph.module.walk()]
    return [name for name in names if "." not in name and name not in ("constant", "get_device")]


IMAGE, SIGNAL, MATRIX = (2, 3, 4, 5), (2, 3, 4), (4, 6)

CASES: dict[str, tuple[tuple[int, ...], Build, Callable[[np.ndarray], np.ndarray]]] = {
    "add-vector": (
        IMAGE,
        lambda b, x: b.add(x, b.constant(integers(3, 1, 1))),
        lambda x: x + integers(3, 1, 1),
    ),
    "add-scalar": (
        IMAGE,
        lambda b, x: b.add(b.constant(np.array(3, np.float32)), x),
        lambda x: x + 3,
    ),
    "multiply-row": (
        IMAGE,
        lambda b, x: b.multiply(x, b.constant(integers(5))),
        lambda x: x * integers(5),
    ),
    "multiply-column-of-batch": (
        IMAGE,
        lambda b, x: b.multiply(x, b.constant(integers(2, 1, 4, 1))),
        lambda x: x * integers(2, 1, 4, 1),
    ),
    "add-larger-batch": (
        (1, 3, 4, 5),
        lambda b, x: b.add(x, b.constant(integers(2, 3, 1, 5))),
        lambda x: x + integers(2, 3, 1, 5),
    ),
    "add-signal": (
        SIGNAL,
        lambda b, x: b.add(x, b.constant(integers(3, 1))),
        lambda x: x + integers(3, 1),
    ),
    "add-higher-rank": (
        SIGNAL,
        lambda b, x: b.add(x, b.constant(integers(2, 1, 3, 1))),
        lambda x: x + integers(2, 1, 3, 1),
    ),
    "add-itself": (IMAGE, lambda b, x: b.add(x, b.activation("relu", x)), lambda x: x + x.clip(0)),
    "reshape": (IMAGE, lambda b, x: b.reshape(x, (6, 20)), lambda x: x.reshape(6, 20)),
    "reshape-spatial": (
        IMAGE,
        lambda b, x: b.reshape(x, (2, 3, 20)),
        lambda x: x.reshape(2, 3, 20),
    ),
    "unsqueeze-and-add": (
        SIGNAL,
        lambda b, x: b.add(b.reshape(x, (2, 3, 1, 4)), b.constant(integers(3, 1, 4))),
        lambda x: x.reshape(2, 3, 1, 4) + integers(3, 1, 4),
    ),
    "permute-to-nhwc": (
        IMAGE,
        lambda b, x: b.permute(x, (0, 2, 3, 1)),
        lambda x: x.transpose(0, 2, 3, 1),
    ),
    "permute-to-nchw": (
        IMAGE,
        lambda b, x: b.permute(x, (0, 3, 1, 2)),
        lambda x: x.transpose(0, 3, 1, 2),
    ),
    "permute-otherwise": (
        IMAGE,
        lambda b, x: b.permute(x, (3, 1, 0, 2)),
        lambda x: x.transpose(3, 1, 0, 2),
    ),
    "permute-signal": (
        SIGNAL,
        lambda b, x: b.permute(x, (0, 2, 1)),
        lambda x: x.transpose(0, 2, 1),
    ),
    "slice": (
        IMAGE,
        lambda b, x: b.slice(x, [(0, 2), (1, 3), (0, 4), (1, 5)], [1, 1, 3, 2]),
        lambda x: x[0:2, 1:3, 0:4:3, 1:5:2],
    ),
    "slice-signal": (
        SIGNAL,
        lambda b, x: b.slice(x, [(0, 1), (0, 3), (1, 3)]),
        lambda x: x[0:1, :, 1:3],
    ),
    "pad": (
        IMAGE,
        lambda b, x: b.pad(x, [(0, 1), (2, 0), (0, 3), (1, 2)], 7.0),
        lambda x: np.pad(x, [(0, 1), (2, 0), (0, 3), (1, 2)], constant_values=7),
    ),
    "pad-signal": (
        SIGNAL,
        lambda b, x: b.pad(x, [(0, 0), (0, 0), (1, 2)]),
        lambda x: np.pad(x, [(0, 0), (0, 0), (1, 2)]),
    ),
    "upsample": (
        IMAGE,
        lambda b, x: b.upsample_nearest(x, (2, 3)),
        lambda x: x.repeat(2, 2).repeat(3, 3),
    ),
    "upsample-signal": (
        SIGNAL,
        lambda b, x: b.upsample_nearest(x, (3,)),
        lambda x: x.repeat(3, 2),
    ),
    "max-pool": (
        IMAGE,
        lambda b, x: b.max_pool(x, (2, 1), Sliding((2, 1))),
        lambda x: x.reshape(2, 3, 2, 2, 5).max(3),
    ),
    "max-pool-signal": (
        SIGNAL,
        lambda b, x: b.max_pool(x, (2,), Sliding((2,))),
        lambda x: x.reshape(2, 3, 2, 2).max(3),
    ),
    **{
        kind: (
            IMAGE,
            lambda b, x, kind=kind: b.binary(kind, x, b.constant(integers(3, 4, 1) * 2 + 1)),
            lambda x, function=function: function(x, integers(3, 4, 1) * 2 + 1),
        )
        for kind, function in {
            "subtract": np.subtract,
            "divide": np.divide,
            "maximum": np.maximum,
            "minimum": np.minimum,
        }.items()
    },
    "cast": (IMAGE, lambda b, x: b.cast(x, i32), lambda x: x.astype(np.int32)),
    **{
        f"concat-{axis}": (
            IMAGE,
            lambda b, x, axis=axis: b.concat([x, b.constant(integers(*IMAGE)), x], axis),
            lambda x, axis=axis: np.concatenate([x, integers(*IMAGE), x], axis),
        )
        for axis in range(-1, 4)
    },
    "concat-signal": (
        SIGNAL,
        lambda b, x: b.concat([x, b.constant(integers(*SIGNAL))], 2),
        lambda x: np.concatenate([x, integers(*SIGNAL)], 2),
    ),
}


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_means_what_numpy_means(name: str, channels_last: bool) -> None:
    shape, build, expected = CASES[name]
    x = integers(*shape, seed=1)

    graph = built(build, shape, channels_last=channels_last)

    for floor in ("ttnn", "loops"):
        (y,) = compile_ir(graph.module, floor=floor)(x)
        assert_equal_bits(y, expected(x), floor)


def test_matmul_of_what_a_reshape_made() -> None:
    weight = integers(5, 12)
    graph = built(
        lambda b, x: b.matmul(b.reshape(x, (2, 12)), b.constant(weight), transpose_b=True),
        SIGNAL,
        channels_last=True,
    )
    x = integers(*SIGNAL, seed=1)

    (y,) = compile_ir(graph.module)(x)

    assert_equal_bits(y, x.reshape(2, 12) @ weight.T)


def chain(builder: GraphBuilder, x: Tensor) -> Value:
    """conv, relu, conv_transpose, concat, add: as a decoder has them."""
    first = builder.activation("relu", builder.conv(x, builder.constant(integers(4, 3, 1, 1))))
    weight, sliding = builder.constant(integers(4, 2, 2, 3)), Sliding((2, 2), ((0, 0), (1, 0)))
    up = builder.activation("tanh", builder.conv_transpose(first, weight, None, sliding))
    both = builder.concat([up, up], 1)
    return builder.add(both, builder.constant(integers(4, 1, 1)))


def test_a_chain_stays_channels_last() -> None:
    graph = built(chain, IMAGE, channels_last=False)

    assert ops(graph) == [
        *("permute", "reshape", "conv2d", "relu", "conv_transpose2d", "tanh", "concat", "add"),
        *("reshape", "permute"),
    ]


def test_one_channel_needs_no_permute() -> None:
    graph = built(identity, (2, 1, 4, 5), channels_last=False)

    assert ops(graph) == ["reshape", "reshape", "conv2d", "reshape"]


def test_both_transposes_of_a_channels_last_source_are_absorbed() -> None:
    graph = built(
        lambda b, x: b.permute(identity(b, b.permute(x, (0, 3, 1, 2))), (0, 2, 3, 1)),
        IMAGE,
        channels_last=False,
    )

    assert ops(graph) == ["reshape", "conv2d", "reshape"]


def normalization(channels: int) -> BatchNorm:
    """Powers of two, so that it is exact."""
    variance = 4.0 ** np.arange(channels, dtype=np.float32)
    return BatchNorm(
        integers(channels), integers(channels, seed=2), integers(channels), variance, 0
    )


def normalized(norm: BatchNorm, x: np.ndarray) -> np.ndarray:
    shape = (1, -1, *[1] * (x.ndim - 2))
    columns = (norm.mean, norm.scale / np.sqrt(norm.variance), norm.bias)
    mean, factor, bias = (column.reshape(shape) for column in columns)
    return ((x - mean) * factor + bias).astype(np.float32)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("has_bias", [False, True])
@pytest.mark.parametrize("times", [1, 2])
def test_normalization_is_folded(transposed: bool, has_bias: bool, times: int) -> None:
    weight, bias, norm = integers(6, 2, 2, 3), integers(4 if transposed else 6), normalization(4)
    norm = norm if transposed else normalization(6)

    def convolve(b: GraphBuilder, x: Tensor) -> Tensor:
        method = b.conv_transpose if transposed else b.conv
        sliding = Sliding(groups=2 if transposed else 1)
        return method(x, b.constant(weight), b.constant(bias) if has_bias else None, sliding)

    def normalize(b: GraphBuilder, x: Tensor) -> Value:
        y = convolve(b, x)
        for _ in range(times):
            y = b.batch_norm(y, norm)
        return y

    shape = (1, 6 if transposed else 2, 4, 5)
    x = integers(*shape, seed=3)
    (expected,) = compile_ir(built(convolve, shape, channels_last=False).module)(x)
    for _ in range(times):
        expected = normalized(norm, expected)

    graph = built(normalize, shape, channels_last=False)

    assert not {"add", "multiply"} & set(ops(graph))
    (y,) = compile_ir(graph.module)(x)
    assert_equal_bits(y, expected)


@pytest.mark.parametrize(
    ("shape", "read_twice"), [(IMAGE, True), (IMAGE, False), (SIGNAL, False), (MATRIX, False)]
)
def test_normalization_without_a_convolution_of_its_own(
    shape: tuple[int, ...], read_twice: bool
) -> None:
    norm = normalization(shape[1])

    def normalize(b: GraphBuilder, x: Tensor) -> Value:
        source = identity(b, x) if read_twice else x
        y = b.batch_norm(source, norm)
        return b.add(y, source) if read_twice else y

    x = integers(*shape, seed=3)
    graph = built(normalize, shape, channels_last=False)

    assert {"add", "multiply"} <= set(ops(graph))
    (y,) = compile_ir(graph.module)(x)
    assert_equal_bits(y, normalized(norm, x) + (x if read_twice else 0))


def test_negative_padding_adds_rows_of_bias() -> None:
    weight, bias = integers(3, 2, 3, 3), integers(2)

    def transpose(b: GraphBuilder, x: Tensor, padding: tuple[tuple[int, int], ...]) -> Value:
        sliding = Sliding((2, 2), padding)
        return b.conv_transpose(x, b.constant(weight), b.constant(bias), sliding)

    x = integers(*IMAGE)
    outer, inner = (
        compile_ir(built(lambda b, x, p=p: transpose(b, x, p), IMAGE, channels_last=False).module)(
            x
        )[0]
        for p in (((-2, -1), (-1, 1)), ((0, 0), (0, 1)))
    )

    assert_equal_bits(outer[:, :, 2:-1, 1:], inner)
    edges = np.concatenate([outer[:, :, 0], outer[:, :, 1], outer[:, :, -1]], -1)
    assert_equal_bits(edges, np.broadcast_to(bias.reshape(2, 1), edges.shape))
    assert_equal_bits(outer[:, :, :, 0], np.broadcast_to(bias.reshape(2, 1), outer.shape[:3]))


def test_weights_as_arguments() -> None:
    graph = built(chain, IMAGE, channels_last=False, weights="arguments")
    as_constants = built(chain, IMAGE, channels_last=False)
    x = integers(*IMAGE, seed=1)

    function = compile_ir(graph.module, floor="loops")

    assert list(graph.weights) == ["arg1", "arg2", "arg3"]
    assert [array.shape for array in graph.weights.values()] == [
        (4, 3, 1, 1),
        (4, 2, 2, 3),
        (1, 1, 1, 4),
    ]
    assert_equal_bits(
        function(x, *graph.weights.values())[0],
        compile_ir(as_constants.module, floor="loops")(x)[0],
    )


def test_single_numbers_stay_constants() -> None:
    def build(b: GraphBuilder, x: Tensor) -> Value:
        return b.multiply(b.add(x, b.constant(integers(3, 1, 1))), b.constant(integers()))

    graph = built(build, IMAGE, channels_last=False, weights="arguments")

    assert list(graph.weights) == ["arg1"]
    assert str(graph.module).count('"ttnn.constant"') == 1


def test_arguments_say_what_they_are() -> None:
    text = str(built(chain, IMAGE, channels_last=False, weights="arguments").module)

    assert "%x: tensor<2x3x4x5xf32> {ttcore.argument_type = #ttcore.argument_type<input>" in text
    assert text.count("#ttcore.argument_type<parameter>") == 3


def test_a_constant_is_stored_once() -> None:
    def build(b: GraphBuilder, x: Tensor) -> Value:
        vector = b.constant(integers(3, 1, 1))
        return b.add(b.add(identity(b, x), vector), vector)

    graph = built(build, IMAGE, channels_last=False)

    assert str(graph.module).count('"ttnn.constant"') == 2


def test_places_and_names() -> None:
    builder = GraphBuilder(module_name="decoder")
    x = builder.input("the input", IMAGE, f32)
    with builder.at("up/conv"):
        y = identity(builder, x)
    builder.output(y, "y")
    module = builder.finish().module

    located = {op.name: str(op.location) for op in module.walk()}

    assert located["ttnn.conv2d"] == 'loc("up/conv")'
    assert "module @decoder" in str(module)
    assert "%the_input:" in str(module)


def test_an_unknown_op_is_kept_in_the_order_of_the_source() -> None:
    builder = GraphBuilder()
    x = identity(builder, builder.input("x", IMAGE, f32))
    (y,) = builder.opaque("onnx.Mystery", [x], [((2, 9), f32)])
    builder.output(y, "y")
    module = builder.finish().module

    assert '"onnx.Mystery"(%conv_nchw) : (tensor<2x3x4x5xf32>) -> tensor<2x9xf32>' in str(module)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda b, x: b.add(x, b.constant(integers(4))),
            "expected sizes that broadcast, got 5 and 4",
        ),
        (
            lambda b, x: b.add(x, b.cast(x, f64)),
            "expected values of one element type, got f32, f64",
        ),
        (
            lambda b, x: b.reshape(x, (7, 7)),
            r"expected a shape of 120 elements, got \(7, 7\)",
        ),
        (
            lambda b, x: b.conv(b.reshape(x, (6, 20)), b.constant(integers(3, 3, 1, 1))),
            r"expected \(N, C, W\) or \(N, C, H, W\), got 6x20",
        ),
        (
            lambda b, x: b.conv(x, b.constant(integers(3, 3, 6, 1))),
            "expected an output size of at least 1, got -1x5",
        ),
        (
            lambda b, x: b.conv(x, b.constant(integers(3, 2, 1, 1))),
            r"op expected a weight of shape \(3, 3, 1, 1\), got \(3, 2, 1, 1\)$",
        ),
        (
            lambda b, x: b.constant(np.array(["a"])),
            "expected floats, integers or booleans, got elements of type <U1",
        ),
    ],
)
def test_refusals(build: Build, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        built(build, IMAGE, channels_last=False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("22", "value_22"),
        ("/1/Relu_output_0", "value_1_Relu_output"),
        ("x_1_2", "x"),
        ("a.b", "a_b"),
        ("//", "value"),
    ],
)
def test_names_that_xdsl_takes(name: str, expected: str) -> None:
    """xDSL takes a number at the end of a name for its own: of `_22` nothing is left to copy."""
    builder = GraphBuilder()
    x = builder.input(name, (1, 2), f32)
    builder.output(builder.activation("relu", x, name=name), "y")

    module = builder.finish().module

    assert value_name(name) == expected
    assert str(module.clone()) == str(module)
