"""What is worked out when an ONNX model is imported: counted first, and refused for what it is."""

from __future__ import annotations

import time
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from support.floors import assert_equal_bits
from support.onnx_graphs import Array, assert_same, integers, model_of, node_model
from xdsl_ttnn.frontend.graph import known
from xdsl_ttnn.frontend.onnx_models import import_onnx

X = {"x": integers(1, 1, 2, 2)}
HUGE, LIMIT = 10**11, 2**28


def refusal(model: Any, **options: Any) -> str:
    with pytest.raises(ValueError) as caught:
        import_onnx(model, **options)
    return str(caught.value)


def ints(*values: int) -> Array:
    return np.array(values, np.int64)


def scalar(value: int) -> Array:
    return np.array(value, np.int64)


ONE = {"x": integers(1, 1, 1, 1)}


def added(op: str, given: dict[str, Array], opset: int = 21, **attributes: Any) -> ModelProto:
    """x, of one element, plus what a node gives for arrays that are known."""
    first = helper.make_node(op, list(given), ["c"], name="early", **attributes)
    nodes = [first, helper.make_node("Add", ["x", "c"], ["y"])]
    return model_of(nodes, ONE, given, opset=opset)


TOO_LARGE: dict[str, tuple[ModelProto, int]] = {
    "ConstantOfShape": (added("ConstantOfShape", {"s": ints(10**5, 10**6)}), HUGE),
    "Expand": (added("Expand", {"v": ints(1), "s": ints(10**5, 10**6)}), HUGE),
    "Tile": (added("Tile", {"v": ints(1), "s": ints(HUGE)}), HUGE),
    "Range": (added("Range", {"a": scalar(0), "b": scalar(HUGE), "d": scalar(1)}), HUGE),
    "OneHot": (added("OneHot", {"i": ints(0, 1), "d": ints(HUGE), "v": ints(0, 1)}), 2 * HUGE),
    "HannWindow": (added("HannWindow", {"s": scalar(HUGE)}), HUGE),
    "Resize": (
        added("Resize", {"v": integers(1, 1), "r": integers(0), "s": np.float32([1e6, 1e5])}),
        HUGE,
    ),
    "Einsum": (
        added("Einsum", {"v": integers(10**5), "w": integers(10**6)}, equation="i,j->ij"),
        HUGE,
    ),
}


@pytest.mark.parametrize("op", TOO_LARGE)
def test_results_are_counted_before_they_are_worked_out(op: str) -> None:
    model, elements = TOO_LARGE[op]
    start = time.perf_counter()

    message = refusal(model)

    assert f"{op} 'early': expected at most {LIMIT} elements to work out before the" in message
    assert f"runs, got {elements}; keep_unknown" in message
    assert time.perf_counter() - start < 10


def test_what_is_worked_out_is_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "LARGEST_KNOWN", 1000)
    given = {"v": ints(3), "s": ints(1, 1, 20, 20)}
    nodes = [helper.make_node("Expand", ["v", "s"], [name], name=name.upper()) for name in "abc"]
    nodes.append(helper.make_node("Max", ["x", *"abc"], ["y"]))

    message = refusal(model_of(nodes, {"x": ints(1)}, given, output_type=TensorProto.INT64))

    assert "got 1 without: Expand 'C': expected at most 1000 elements" in message
    assert "got 400 beside 800 before" in message


def test_a_large_model_may_be_worked_out_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "LARGEST_KNOWN", 10)
    weight = integers(1, 1, 50, 2)

    assert_same(added("Transpose", {"v": weight}, perm=[0, 1, 3, 2], opset=17), ONE)


def test_what_is_too_much_to_work_out_may_be_left_to_the_graph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An op that has a counterpart is built instead."""
    monkeypatch.setattr(known, "LARGEST_KNOWN", 10)
    given = {"v": integers(1, 1, 2, 20, 1), "w": integers(1, 1, 2, 1, 20)}
    model = added("Mul", given, opset=17)

    assert "ttnn.multiply" in str(import_onnx(model).module)
    assert_same(model, ONE)


COUNTED_OTHERWISE = {
    "NonZero": (node_model("NonZero", {}, {"v": integers(3, 4)}), TensorProto.INT64),
    "Unique": (node_model("Unique", {}, {"v": integers(9)}), TensorProto.FLOAT),
    "Compress": (
        node_model("Compress", {}, {"v": integers(3, 2), "k": np.array([True, False, True])}),
        TensorProto.FLOAT,
    ),
    "MeanVarianceNormalization": (
        node_model("MeanVarianceNormalization", {}, {"v": integers(1, 2, 3, 4)}),
        TensorProto.FLOAT,
    ),
    "bf16": (
        node_model("Tile", {}, {"v": integers(3).astype(ml_dtypes.bfloat16), "n": ints(2)}),
        TensorProto.BFLOAT16,
    ),
}


@pytest.mark.parametrize("name", COUNTED_OTHERWISE)
def test_results_whose_size_inference_does_not_know(name: str) -> None:
    from onnx.reference import ReferenceEvaluator

    model, element_type = COUNTED_OTHERWISE[name]
    model.graph.output[0].type.tensor_type.elem_type = element_type

    (result,) = import_onnx(model).compile()()

    (expected,) = ReferenceEvaluator(model).run(None, {})
    assert_equal_bits(result, np.asarray(expected), name)


# Each failure is said as what it is --------------------------------------------------------------

FAILURES: dict[str, tuple[ModelProto, str]] = {
    "index": (
        added("Gather", {"v": integers(1), "i": ints(7)}),
        "Gather 'early': expected what ONNX's reference implementation takes, got IndexError: "
        "index 7 is out of bounds for axis 0 with size 1",
    ),
    "shapes": (
        added("Expand", {"v": integers(3), "s": ints(2, 2)}),
        "Expand 'early': expected what shape inference understands: [ShapeInferenceError] Infer",
    ),
    "sequence": (
        model_of(
            [
                helper.make_node("SplitToSequence", ["v"], ["s"], name="parts"),
                helper.make_node("ConcatFromSequence", ["s"], ["c"], axis=0),
                helper.make_node("Add", ["x", "c"], ["y"]),
            ],
            X,
            {"v": integers(2, 2)},
        ),
        "SplitToSequence 'parts': expected a tensor as 's', got a sequence",
    ),
    "eight-bits": (
        added(
            "QuantizeLinear",
            {"v": integers(2), "s": np.float32(1), "z": np.array(0, ml_dtypes.float8_e4m3fn)},
        ),
        "initializer 'z': expected floats, integers or booleans, got elements of type float8_e4",
    ),
    "text": (
        added("StringNormalizer", {"v": np.array(["a", "b"], object)}),
        "initializer 'v': expected floats, integers or booleans, got elements of type object",
    ),
    "complex": (
        added("Identity", {"v": np.ones(2, np.complex64)}),
        "initializer 'v': expected floats, integers or booleans, got elements of type complex64",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failures_are_said_as_what_they_are(name: str) -> None:
    model, expected = FAILURES[name]

    message = refusal(model)

    assert expected in message
    assert "early': unknown op" not in message and "parts': unknown op" not in message


def test_broken_data_is_said_to_be_broken() -> None:
    model = added("Identity", {"v": integers(4)})
    model.graph.initializer[0].raw_data = b"123"

    assert refusal(model).startswith("expected the data of initializer 'v': ")


def test_an_op_is_kept_unless_the_ir_has_no_type_for_it() -> None:
    nodes = [
        helper.make_node("Fancy", ["x"], ["t"], domain="com.example", name="namer"),
        helper.make_node("Fancy", ["t"], ["y"], domain="com.example"),
    ]
    model = model_of(nodes, X, domains=["com.example"])
    model.graph.value_info.append(
        helper.make_tensor_value_info("t", TensorProto.STRING, [1, 1, 2, 2])
    )

    message = refusal(model, keep_unknown=True)

    assert (
        "Fancy of domain 'com.example' 'namer': result 't': expected floats, integers or "
        in message
    )
    assert "shape inference does not know" not in message


def test_a_factor_of_any_size_is_read_at_once() -> None:
    scales = np.float32([1, 1, 1, 2**20])
    start = time.perf_counter()

    module = import_onnx(node_model("Resize", X, {"r": integers(0), "s": scales})).module

    assert "scale_factor = array<i32: 1, 1048576>" in str(module)
    assert time.perf_counter() - start < 2


def test_a_constant_that_is_mostly_zeros_is_counted_too() -> None:
    values = numpy_helper.from_array(integers(1), "v")
    indices = numpy_helper.from_array(ints(5), "i")
    sparse = helper.make_sparse_tensor(values, indices, [HUGE])
    constant = helper.make_node("Constant", [], ["c"], name="early", sparse_value=sparse)
    model = model_of([constant, helper.make_node("Add", ["x", "c"], ["y"])], X)

    assert f"Constant 'early': expected at most {LIMIT} elements" in refusal(model)
