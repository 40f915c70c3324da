"""ONNX models with transposed convolutions, imported and run at every floor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pytest

from support.floors import assert_equal_bits
from support.onnx_graphs import FLOORS, Array, onnxruntime_results
from support.onnx_models import Built, dcgan_generator, fcn8s_head, unet
from xdsl_ttnn.frontend.onnx_models import ImportedModel, import_onnx

SMALL: dict[str, Callable[[bool], Built]] = {
    "dcgan": partial(dcgan_generator, features=4, noise=10),
    "unet": partial(unet, features=4, depth=2, size=16),
    "fcn8s": partial(fcn8s_head, classes=3, channels=(4, 8, 16), size=3),
}
REAL: dict[str, Callable[[bool], Built]] = {
    "dcgan": dcgan_generator,
    "unet": unet,
    "fcn8s": fcn8s_head,
}

OPS = {
    "dcgan": {"conv_transpose2d": 5, "relu": 4, "permute": 1},
    "unet": {
        "conv_transpose2d": 2,
        "conv2d": 11,
        "relu": 10,
        "max_pool2d": 2,
        "concat": 2,
        "permute": 2,
    },
    "fcn8s": {"conv_transpose2d": 3, "conv2d": 3, "slice_static": 3, "add": 2, "permute": 4},
}
"""What the small models of whole numbers become; permutes stand where the functions begin and end,
and normalizations are in the weights."""

RELATIVE_BOUND = 2e-6
"""Of the largest result: f32 sums are added up in another order, a few dozen roundings deep."""


@cache
def model(name: str, whole: bool, size: str) -> tuple[Built, Array]:
    proto, feeds = built = (SMALL if size == "small" else REAL)[name](whole)
    (expected,) = onnxruntime_results(proto, feeds)
    return built, expected


@cache
def imported(name: str, whole: bool, size: str, weights: str = "constants") -> ImportedModel:
    return import_onnx(model(name, whole, size)[0][0], weights=weights)


def run(name: str, whole: bool, size: str, floor: str, weights: str) -> tuple[Array, Array]:
    (_, feeds), expected = model(name, whole, size)
    (got,) = imported(name, whole, size, weights).compile(floor)(*feeds.values())
    return got, expected


@pytest.mark.parametrize("weights", ["constants", "arguments"])
@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", SMALL)
def test_whole_numbers(name: str, floor: str, weights: str) -> None:
    got, expected = run(name, True, "small", floor, weights)

    assert 0 < np.abs(expected).max() < 2**24
    assert_equal_bits(got, expected)


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", SMALL)
def test_floats(name: str, floor: str) -> None:
    got, expected = run(name, False, "small", floor, "constants")

    assert np.abs(got - expected).max() <= RELATIVE_BOUND * np.abs(expected).max()


@pytest.mark.slow
@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", REAL)
def test_real_sizes(name: str, floor: str) -> None:
    got, expected = run(name, False, "real", floor, "constants")

    assert np.abs(got - expected).max() <= RELATIVE_BOUND * np.abs(expected).max()


@pytest.mark.parametrize("name", SMALL)
def test_ops(name: str) -> None:
    counts = Counter(op.name for op in imported(name, True, "small").module.walk())

    assert {op: counts[f"ttnn.{op}"] for op in OPS[name]} == OPS[name]
    assert counts["ttnn.multiply"] == 0


def test_images_are_not_saturated() -> None:
    _, images = run("dcgan", False, "small", "ttnn", "constants")

    assert images.shape == (1, 3, 64, 64)
    assert 0.1 < np.abs(images).mean() < 0.9
