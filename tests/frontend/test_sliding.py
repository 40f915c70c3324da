"""How kernels move, read from what PyTorch takes; no PyTorch is needed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from xdsl.dialects.builtin import f32

from support.floors import assert_equal_bits
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.graph import BuiltGraph, GraphBuilder, Sliding, Value, per_axis
from xdsl_ttnn.frontend.graph.sliding import height_and_width
from xdsl_ttnn.frontend.torch_modules import arithmetic_rules, movement_rules
from xdsl_ttnn.frontend.torch_modules.calls import RULES, Call

IMAGE = (1, 2, 5, 6)


def integers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float32)


@pytest.mark.parametrize(
    ("values", "axes", "expected"),
    [
        *((3, 1, (3,)), (3, 2, (3, 3)), ([3], 1, (3,)), ([3], 2, (3, 3))),
        *(((3, 4), 2, (3, 4)), ([3, 4, 5], 3, (3, 4, 5)), (["n"], 2, ("n", "n"))),
    ],
)
def test_one_entry_stands_for_every_axis(values: Any, axes: int, expected: Any) -> None:
    assert per_axis(values, axes, "stride") == expected


@pytest.mark.parametrize(
    ("values", "axes", "message"),
    [
        ((), 2, r"^stride: expected 1 or 2 values, got \[\]$"),
        ((1, 2, 3), 2, r"^stride: expected 1 or 2 values, got \[1, 2, 3\]$"),
        ([1, 2], 1, r"^stride: expected 1 value, got \[1, 2\]$"),
        ([1, 2], 3, r"^stride: expected 1 or 3 values, got \[1, 2\]$"),
    ],
)
def test_other_counts_are_refused(values: Any, axes: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        per_axis(values, axes, "stride")


def test_a_signal_is_an_image_of_height_1() -> None:
    assert height_and_width((3,), 1, 1, "kernel") == (1, 3)
    assert Sliding((2,), ((3, 4),), (5,), (6,), 7).of_rank_2(1) == Sliding(
        (1, 2), ((0, 0), (3, 4)), (1, 5), (0, 6), 7
    )
    assert Sliding().of_rank_2(2) == Sliding((1, 1), ((0, 0), (0, 0)), (1, 1), (0, 0))


@pytest.mark.parametrize("axes", [1, 2])
@pytest.mark.parametrize("field", ["stride", "padding", "dilation", "output_padding"])
def test_what_is_said_is_said_of_every_axis(field: str, axes: int) -> None:
    entry = (0, 0) if field == "padding" else 1
    for count in {1, 2, 3} - {axes}:
        sliding = Sliding(**{field: (entry,) * count})

        with pytest.raises(ValueError, match=rf"^{field}: expected {axes} values?, got \["):
            sliding.of_rank_2(axes)


Build = Callable[[GraphBuilder, Value], Value]


def built(build: Build, shape: tuple[int, ...] = IMAGE) -> BuiltGraph:
    builder = GraphBuilder()
    builder.output(build(builder, builder.input("x", shape, f32)), "y")
    return builder.finish()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda b, x: b.conv(x, weight(b), None, Sliding((2,))), r"stride: expected 2 values"),
        (
            lambda b, x: b.conv_transpose(x, weight(b), None, Sliding(padding=((1, 1),))),
            r"padding: expected 2 values",
        ),
        (lambda b, x: b.max_pool(x, (2,)), r"kernel: expected 2 values, got \[2\]"),
        (lambda b, x: b.avg_pool(x, (2, 2), Sliding((2,))), r"stride: expected 2 values"),
        (lambda b, x: b.upsample_nearest(x, (2,)), r"factors: expected 2 values, got \[2\]"),
        (
            lambda b, x: b.conv(x, b.constant(integers(3, 2, 2))),
            "an input and a weight of one rank, got 4 and 3",
        ),
    ],
)
def test_the_builder_takes_no_axis_for_another(build: Build, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        built(build)


def weight(builder: GraphBuilder) -> Value:
    return builder.constant(integers(2, 2, 2, 2))


# Calls of torch's ops ----------------------------------------------------------------------------


def called(op: str, arguments: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """What the rule of an op builds for an input, run."""
    assert {arithmetic_rules, movement_rules}  # they fill the table

    def build(builder: GraphBuilder, value: Value) -> Value:
        given = {name: value if entry is x else entry for name, entry in arguments.items()}
        for name, entry in given.items():
            if isinstance(entry, np.ndarray):
                given[name] = builder.constant(entry, name)
        # Only what changes a rank reads the shape that torch says.
        result = RULES[op](builder, Call("call", given, IMAGE, x.dtype, frozenset({0})))
        value = result[0] if isinstance(result, tuple) else result
        assert value is not None
        return value

    (result,) = compile_ir(built(build, x.shape).module)(x)
    return result


def convolution(x: np.ndarray, weight: np.ndarray, transposed: bool, **more: Any) -> np.ndarray:
    arguments = {"stride": [1], "padding": [0], "dilation": [1], "output_padding": [0]} | more
    return called(
        "aten.convolution.default",
        {"input": x, "weight": weight, "bias": None, "transposed": transposed, "groups": 1}
        | arguments,
        x,
    )


SLIDING = {"stride": 3, "padding": 1, "dilation": 2, "output_padding": 2}


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("name", SLIDING)
def test_convolutions_take_one_entry_for_all(name: str, transposed: bool) -> None:
    x, w = integers(*IMAGE), integers(2, 2, 2, 3, seed=1)
    one, two = SLIDING | {name: [SLIDING[name]]}, SLIDING | {name: [SLIDING[name]] * 2}

    result, expected = (convolution(x, w, transposed, **given) for given in (one, two))

    assert_equal_bits(result, expected, name)
    assert not np.array_equal(result.shape, convolution(x, w, transposed).shape)


def test_the_output_height_of_one_stride() -> None:
    result = convolution(integers(1, 2, 5, 6), integers(2, 3, 2, 2), True, stride=[2])

    assert result.shape == (1, 3, 10, 12)


@pytest.mark.parametrize("name", SLIDING)
def test_convolutions_refuse_other_counts(name: str) -> None:
    for values in ([], [1, 1, 1]):
        with pytest.raises(ValueError, match=rf"{name}: expected 1 or 2 values, got \["):
            convolution(integers(*IMAGE), integers(2, 2, 2, 3), True, **{name: values})


@pytest.mark.parametrize(
    ("kernel", "stride", "shape"),
    [([3], [2], (3, 3)), ([3, 2], [2], (3, 4)), ([3], [], (2, 2)), ([3, 2], [], (2, 4))],
)
def test_poolings_take_one_entry_for_all_and_move_by_their_kernel(
    kernel: list[int], stride: list[int], shape: tuple[int, int]
) -> None:
    def built_with(kernel: list[int], stride: list[int], padding: list[int]) -> str:
        arguments = {"kernel_size": kernel, "stride": stride, "padding": padding}
        more = {"ceil_mode": False, "dilation": [1], "self": None}

        def build(builder: GraphBuilder, x: Value) -> Value:
            given = {**more, **arguments, "self": x}
            call = Call("call", given, (1, 2, *shape), np.dtype(np.float32), frozenset({0}))
            pooled = RULES["aten.max_pool2d_with_indices.default"](builder, call)
            assert isinstance(pooled, tuple) and pooled[0] is not None
            return pooled[0]

        return str(built(build).module)

    whole = (kernel * 2)[:2]

    assert built_with(kernel, stride, [1]) == built_with(whole, stride * 2 or whole, [1, 1])
