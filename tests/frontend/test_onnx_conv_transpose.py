"""ConvTranspose of ONNX: its own node tests, drawn attributes, and the recorded cases."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import Case, case_id, is_rejected, load_cases
from support.floors import assert_equal_bits
from support.onnx_graphs import (
    FLOORS,
    Array,
    assert_same,
    imported_results,
    integers,
    node_model,
    onnxruntime_results,
    reference_results,
)
from support.references import (
    input_shape,
    integer_arrays,
    macs_with_zeros,
    onnx_expresses,
    onnxruntime_result,
    pads,
    torch_style_weight,
)
from xdsl_ttnn.dialect.geometry.onnx_padding import read_onnx_padding
from xdsl_ttnn.frontend.onnx_models import import_onnx

DATA = Path(__file__).parents[1] / "data" / "onnx" / "conv-transpose-node-tests.json"
NODE_TESTS: list[dict[str, Any]] = json.loads(DATA.read_text())


def node_test_arrays(test: dict[str, Any]) -> dict[str, Array]:
    x = test.get("x_values", np.arange(prod(test["x"])))
    w = test.get("w_values", np.ones(prod(test["w"])))
    return {
        "x": np.array(x, np.float32).reshape(test["x"]),
        "w": np.array(w, np.float32).reshape(test["w"]),
    }


def test_all_node_tests_are_there() -> None:
    assert len(NODE_TESTS) == 11


@pytest.mark.parametrize("weight", ["argument", "known"])
@pytest.mark.parametrize("test", NODE_TESTS, ids=lambda test: test["name"])
def test_node_tests_of_onnx(test: dict[str, Any], weight: str) -> None:
    arrays = node_test_arrays(test)
    inputs = arrays if weight == "argument" else {"x": arrays["x"]}
    known = {} if weight == "argument" else {"w": arrays["w"]}
    model = node_model("ConvTranspose", inputs, known, **test["attributes"])
    if len(test["x"]) == 5:
        with pytest.raises(ValueError, match="expected a signal or an image, of rank 3 or 4, got"):
            import_onnx(model)
        return

    (expected,) = onnxruntime_results(model, inputs)
    for floor in FLOORS:
        (got,) = imported_results(model, inputs, floor)
        assert_equal_bits(got, expected, floor)
    assert_equal_bits(reference_results(model, inputs)[0], expected, "reference")


def test_padding_order() -> None:
    assert read_onnx_padding([1, 2, 3, 4]) == ((1, 3), (2, 4))
    assert read_onnx_padding([5, 6]) == ((5, 6),)


def test_padding_of_an_odd_number() -> None:
    with pytest.raises(ValueError, match="a beginning and an end for each axis, got 3 values"):
        read_onnx_padding([1, 2, 3])


# Every test of padding uses H != W, KH != KW and different numbers.
AUTO = {
    "upper": {"auto_pad": "SAME_UPPER", "strides": [2, 3]},
    "lower": {"auto_pad": "SAME_LOWER", "strides": [2, 3]},
    "upper-even": {"auto_pad": "SAME_UPPER", "strides": [1, 2]},
    "upper-output-padding": {"auto_pad": "SAME_UPPER", "strides": [3, 2], "output_padding": [1, 1]},
    "lower-dilated": {"auto_pad": "SAME_LOWER", "strides": [2, 2], "dilations": [2, 3]},
    "valid": {"auto_pad": "VALID", "strides": [2, 3]},
    "shape": {"strides": [2, 3], "output_shape": [9, 12]},
    "shape-upper": {"auto_pad": "SAME_UPPER", "strides": [2, 3], "output_shape": [9, 12]},
    "shape-lower": {"auto_pad": "SAME_LOWER", "strides": [2, 3], "output_shape": [8, 13]},
    "shape-valid": {"auto_pad": "VALID", "strides": [2, 3], "output_shape": [8, 13]},
    "shape-before-pads": {"strides": [2, 3], "output_shape": [9, 12], "pads": [1, 2, 0, 3]},
    "shape-larger": {"strides": [3, 4], "output_shape": [14, 21]},
    "shape-larger-upper": {"auto_pad": "SAME_UPPER", "strides": [3, 4], "output_shape": [15, 21]},
    "shape-larger-on-one-axis": {"strides": [3, 4], "output_shape": [12, 20]},
    "same-of-a-small-kernel": {"auto_pad": "SAME_LOWER", "strides": [5, 6]},
}


@pytest.mark.parametrize("name", AUTO)
def test_automatic_padding(name: str) -> None:
    feeds = {"x": integers(2, 3, 4, 5)}
    known = {"w": integers(3, 2, 4, 3, seed=1), "b": integers(2, seed=2)}

    assert_same(node_model("ConvTranspose", feeds, known, **AUTO[name]), feeds)


def test_a_shape_beyond_what_onnxruntime_takes_ends_in_bias() -> None:
    """Larger by a stride and more: the rows behind hold the bias."""
    feeds, bias = {"x": integers(1, 3, 4, 5)}, integers(2)
    known = {"w": integers(3, 2, 2, 3), "b": bias}
    natural, larger = (
        imported_results(node_model("ConvTranspose", feeds, known, strides=[2, 3], **shape), feeds)[
            0
        ]
        for shape in ({}, {"output_shape": [12, 19]})
    )

    assert natural.shape == (1, 2, 8, 15)
    assert_equal_bits(larger[:, :, :8, :15], natural)
    for edge in (larger[:, :, 8:], larger[:, :, :, 15:]):
        assert_equal_bits(edge, np.broadcast_to(bias.reshape(2, 1, 1), edge.shape))


@st.composite
def drawn_nodes(draw: st.DrawFn) -> tuple[dict[str, Array], dict[str, Array], dict[str, Any]]:
    """A node that onnxruntime takes: (inputs, weights, attributes)."""
    axes = draw(st.integers(1, 2))
    groups = draw(st.integers(1, 3))

    def each(low: int, high: int) -> list[int]:
        return [draw(st.integers(low, high)) for _ in range(axes)]

    sizes, kernel, strides, dilations = each(1, 5), each(1, 4), each(1, 4), each(1, 3)
    attributes: dict[str, Any] = {"strides": strides, "dilations": dilations, "group": groups}
    natural = [
        (size - 1) * stride + dilation * (taps - 1) + 1
        for size, taps, stride, dilation in zip(sizes, kernel, strides, dilations, strict=True)
    ]
    kind = draw(st.sampled_from(["pads", "shape", "SAME_UPPER", "SAME_LOWER", "VALID"]))
    if kind == "pads":
        low = [draw(st.integers(0, (size - 1) // 2)) for size in natural]
        high = [draw(st.integers(0, (size - 1) // 2)) for size in natural]
        attributes["pads"] = low + high
    elif kind == "shape":
        attributes["auto_pad"] = draw(st.sampled_from(["NOTSET", "SAME_UPPER", "SAME_LOWER"]))
        attributes["output_shape"] = [
            draw(st.integers(max(size - 3, 1), size + stride - 1))
            for size, stride in zip(natural, strides, strict=True)
        ]
    else:
        attributes["auto_pad"] = kind
    if kind != "shape":
        attributes["output_padding"] = [draw(st.integers(0, stride - 1)) for stride in strides]
    if draw(st.booleans()):
        attributes["kernel_shape"] = kernel
    seed = draw(st.integers(0, 99))
    per_group, out = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    x = integers(draw(st.integers(1, 2)), groups * per_group, *sizes, seed=seed)
    known = {"w": integers(groups * per_group, out, *kernel, seed=seed + 1)}
    if draw(st.booleans()):
        known["b"] = integers(groups * out, seed=seed + 2)
    return {"x": x}, known, attributes


@settings(max_examples=120, deadline=None)
@given(drawn_nodes())
def test_drawn_attributes(
    drawn: tuple[dict[str, Array], dict[str, Array], dict[str, Any]],
) -> None:
    feeds, known, attributes = drawn

    assert_same(node_model("ConvTranspose", feeds, known, opset=11, **attributes), feeds, ["ttnn"])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(drawn_nodes())
def test_drawn_attributes_at_every_floor(
    drawn: tuple[dict[str, Array], dict[str, Array], dict[str, Any]],
) -> None:
    feeds, known, attributes = drawn

    assert_same(node_model("ConvTranspose", feeds, known, **attributes), feeds)


QUICK_MACS = 300_000
SLOW_MACS = 20_000_000
LARGE = pytest.mark.slow

PUBLIC = [
    pytest.param(case, id=case_id(case), marks=LARGE if macs_with_zeros(case) > QUICK_MACS else [])
    for name in ("cover", "public")
    for case in load_cases(name)
    if not is_rejected(case) and onnx_expresses(case) and macs_with_zeros(case) <= SLOW_MACS
]


def test_how_many_recorded_cases_run() -> None:
    quick = [case for case in PUBLIC if not case.marks]

    assert len(quick) > 60
    assert len(PUBLIC) > 200


@pytest.mark.parametrize("case", PUBLIC)
def test_recorded_cases(case: Case) -> None:
    """A case as a node of a model, at the ttnn floor: what stands below has tests of its own."""
    arrays = integer_arrays(case)
    expected = onnxruntime_result(case, **arrays)
    x = np.ascontiguousarray(arrays["x"].reshape(input_shape(case)).transpose(0, 3, 1, 2))
    top, bottom, left, right = pads(case)
    known = {"w": torch_style_weight(case, arrays["w"])}
    if "b" in arrays:
        known["b"] = arrays["b"].reshape(-1)
    model = node_model(
        "ConvTranspose",
        {"x": x},
        known,
        strides=[case["sh"], case["sw"]],
        pads=[top, left, bottom, right],
        output_padding=[case["oph"], case["opw"]],
        dilations=[case["dh"], case["dw"]],
        group=case["groups"],
    )

    (got,) = imported_results(model, {"x": x})

    assert_equal_bits(np.ascontiguousarray(got.transpose(0, 2, 3, 1)), expected)
