"""Every ONNX op that is imported gives what onnxruntime gives, alone and behind a convolution."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from onnx import TensorProto, helper

from support.floors import assert_equal_bits
from support.onnx_graphs import (
    FLOORS,
    Array,
    assert_same,
    imported_results,
    integers,
    model_of,
    node_model,
    onnxruntime_results,
    reference_results,
)
from xdsl_ttnn.frontend.onnx_models import import_onnx
from xdsl_ttnn.frontend.onnx_models.node import CONVERTERS

IMAGE, SIGNAL, MATRIX = (2, 4, 5, 6), (2, 4, 7), (3, 6)


def ints(*values: int) -> Array:
    return np.array(values, np.int64)


def floats(*values: float) -> Array:
    return np.array(values, np.float32)


Known = dict[str, Array]
Op = tuple[str, tuple[int, ...], Known, dict[str, Any]]

EXACT: dict[str, Op] = {
    "relu": ("Relu", IMAGE, {}, {}),
    "leaky-relu": ("LeakyRelu", SIGNAL, {}, {"alpha": 0.25}),
    "prelu-channels": ("PRelu", IMAGE, {"s": integers(4, 1, 1) / 4}, {}),
    "prelu-one": ("PRelu", MATRIX, {"s": floats(0.5)}, {}),
    "clip-relu6": ("Clip", IMAGE, {"lo": floats(0).reshape(()), "hi": floats(6).reshape(())}, {}),
    "clip": ("Clip", IMAGE, {"lo": floats(-2).reshape(()), "hi": floats(3).reshape(())}, {}),
    "clip-low": ("Clip", IMAGE, {"lo": floats(-2).reshape(())}, {}),
    "add-channels": ("Add", IMAGE, {"v": integers(4, 1, 1)}, {}),
    "add-pixels": ("Add", IMAGE, {"v": integers(5, 6)}, {}),
    "add-batch": ("Add", IMAGE, {"v": integers(2, 1, 1, 1)}, {}),
    "mul-scalar": ("Mul", IMAGE, {"v": floats(3).reshape(())}, {}),
    "mul-signal": ("Mul", SIGNAL, {"v": integers(4, 1)}, {}),
    "sub": ("Sub", IMAGE, {"v": integers(4, 1, 1)}, {}),
    "div": ("Div", IMAGE, {"v": 2.0 ** integers(4, 1, 1)}, {}),
    "max": ("Max", IMAGE, {"a": integers(4, 1, 1), "b": integers(6)}, {}),
    "min": ("Min", IMAGE, {"a": integers(1)}, {}),
    "sum": ("Sum", IMAGE, {"a": integers(*IMAGE), "b": integers(6)}, {}),
    "concat-channels": ("Concat", IMAGE, {"a": integers(2, 1, 5, 6)}, {"axis": 1}),
    "concat-rows": ("Concat", IMAGE, {"a": integers(2, 4, 1, 6)}, {"axis": -2}),
    "concat-signal": ("Concat", SIGNAL, {"a": integers(2, 4, 3)}, {"axis": 2}),
    "reshape": ("Reshape", IMAGE, {"s": ints(0, -1, 10)}, {}),
    "reshape-in-front": ("Reshape", IMAGE, {"s": ints(1, 8, -1)}, {}),
    "flatten": ("Flatten", IMAGE, {}, {}),
    "flatten-last": ("Flatten", IMAGE, {}, {"axis": -1}),
    "flatten-none": ("Flatten", IMAGE, {}, {"axis": 0}),
    "squeeze": ("Squeeze", (2, 4, 1, 6), {"a": ints(-2)}, {}),
    "squeeze-all": ("Squeeze", (2, 1, 6, 1), {}, {}),
    "unsqueeze": ("Unsqueeze", SIGNAL, {"a": ints(2, -1)}, {}),
    "transpose": ("Transpose", IMAGE, {}, {"perm": [0, 2, 3, 1]}),
    "transpose-other": ("Transpose", IMAGE, {}, {"perm": [3, 0, 2, 1]}),
    "transpose-reversed": ("Transpose", IMAGE, {}, {}),
    "transpose-signal": ("Transpose", SIGNAL, {}, {"perm": [0, 2, 1]}),
    "identity": ("Identity", IMAGE, {}, {}),
    "dropout": ("Dropout", IMAGE, {}, {}),
    "slice": ("Slice", IMAGE, {"s": ints(1, -3), "e": ints(99, -1), "a": ints(2, -1)}, {}),
    "slice-steps": (
        "Slice",
        IMAGE,
        {"s": ints(0, 1), "e": ints(5, 6), "a": ints(2, 3), "t": ints(2, 3)},
        {},
    ),
    "slice-default-axes": ("Slice", IMAGE, {"s": ints(1, 2), "e": ints(2, 4)}, {}),
    "pad": ("Pad", IMAGE, {"p": ints(0, 1, 2, 0, 0, 0, 1, 3)}, {}),
    "pad-value": ("Pad", SIGNAL, {"p": ints(0, 1, 2, 0, 0, 3), "v": floats(7).reshape(())}, {}),
    "pad-crops": ("Pad", IMAGE, {"p": ints(0, 0, -1, 2, 0, 0, 1, -2)}, {}),
    "max-pool": ("MaxPool", IMAGE, {}, {"kernel_shape": [2, 3], "strides": [2, 1]}),
    "max-pool-pads": (
        "MaxPool",
        IMAGE,
        {},
        {"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 2, 1]},
    ),
    "max-pool-ceil": (
        "MaxPool",
        IMAGE,
        {},
        {"kernel_shape": [2, 3], "strides": [2, 2], "ceil_mode": 1},
    ),
    "max-pool-dilated": (
        "MaxPool",
        IMAGE,
        {},
        {"kernel_shape": [2, 3], "dilations": [3, 2], "pads": [1, 1, 0, 1]},
    ),
    "max-pool-upper": (
        "MaxPool",
        IMAGE,
        {},
        {"kernel_shape": [2, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER"},
    ),
    "max-pool-lower": (
        "MaxPool",
        IMAGE,
        {},
        {"kernel_shape": [4, 3], "strides": [2, 2], "auto_pad": "SAME_LOWER"},
    ),
    "max-pool-valid": ("MaxPool", IMAGE, {}, {"kernel_shape": [2, 3], "auto_pad": "VALID"}),
    "max-pool-signal": ("MaxPool", SIGNAL, {}, {"kernel_shape": [3], "pads": [1, 0]}),
    "average-pool": (
        "AveragePool",
        IMAGE,
        {},
        {"kernel_shape": [2, 2], "strides": [2, 1], "pads": [1, 0, 1, 1], "count_include_pad": 1},
    ),
    "average-pool-inside": (
        "AveragePool",
        IMAGE,
        {},
        {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [1, 0, 0, 1]},
    ),
    "average-pool-ceil": (
        "AveragePool",
        IMAGE,
        {},
        {"kernel_shape": [2, 4], "strides": [2, 2], "ceil_mode": 1},
    ),
    "average-pool-upper": (
        "AveragePool",
        SIGNAL,
        {},
        {"kernel_shape": [2], "strides": [2], "auto_pad": "SAME_UPPER"},
    ),
    "global-average-pool": ("GlobalAveragePool", (2, 4, 4, 2), {}, {}),
    "global-average-pool-signal": ("GlobalAveragePool", (2, 4, 8), {}, {}),
    "resize-default": ("Resize", IMAGE, {"roi": floats(), "s": floats(1, 1, 2, 3)}, {}),
    "resize-floor": (
        "Resize",
        IMAGE,
        {"roi": floats(), "s": floats(1, 1, 3, 2)},
        {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
    ),
    "resize-signal": ("Resize", SIGNAL, {"roi": floats(), "s": floats(1, 1, 4)}, {}),
    "resize-sizes": (
        "Resize",
        IMAGE,
        {"roi": floats(), "s": floats(), "sizes": ints(2, 4, 10, 12)},
        {"coordinate_transformation_mode": "pytorch_half_pixel"},
    ),
    "conv": (
        "Conv",
        IMAGE,
        {"w": integers(6, 2, 3, 2), "b": integers(6)},
        {"group": 2, "pads": [1, 0, 2, 1], "strides": [1, 2], "dilations": [2, 1]},
    ),
    "conv-upper": (
        "Conv",
        IMAGE,
        {"w": integers(3, 4, 2, 3)},
        {"auto_pad": "SAME_UPPER", "strides": [2, 2]},
    ),
    "conv-lower": (
        "Conv",
        IMAGE,
        {"w": integers(3, 4, 4, 3)},
        {"auto_pad": "SAME_LOWER", "strides": [3, 2]},
    ),
    "conv-upper-of-small-kernels": (
        "Conv",
        IMAGE,
        {"w": integers(3, 4, 1, 2)},
        {"auto_pad": "SAME_UPPER", "strides": [3, 4]},
    ),
    "conv-valid": ("Conv", IMAGE, {"w": integers(3, 4, 2, 3)}, {"auto_pad": "VALID"}),
    "conv-signal": (
        "Conv",
        SIGNAL,
        {"w": integers(3, 4, 3), "b": integers(3)},
        {"pads": [2, 1], "strides": [2], "kernel_shape": [3]},
    ),
    "conv-signal-same": ("Conv", SIGNAL, {"w": integers(3, 4, 4)}, {"auto_pad": "SAME_LOWER"}),
    "conv-transpose-signal": (
        "ConvTranspose",
        SIGNAL,
        {"w": integers(4, 3, 3), "b": integers(3)},
        {"strides": [3], "pads": [0, 2]},
    ),
    "norm": (
        "BatchNormalization",
        IMAGE,
        {
            "s": integers(4),
            "b": integers(4, seed=1),
            "m": integers(4, seed=2),
            "v": floats(4, 1, 16, 4),
        },
        {"epsilon": 0.0},
    ),
    "gemm": ("Gemm", MATRIX, {"b": integers(6, 5), "c": integers(5)}, {}),
    "gemm-transposed": (
        "Gemm",
        MATRIX,
        {"b": integers(2, 3), "c": integers(6, 2)},
        {"transA": 1, "transB": 1, "alpha": 2.0, "beta": 0.5},
    ),
    "gemm-without-c": ("Gemm", MATRIX, {"b": integers(6, 5)}, {"alpha": 0.5}),
    "gemm-beta-zero": ("Gemm", MATRIX, {"b": integers(6, 5), "c": integers(1)}, {"beta": 0.0}),
    "matmul": ("MatMul", IMAGE, {"b": integers(6, 5)}, {}),
}

CLOSE: dict[str, Op] = {
    "sigmoid": ("Sigmoid", IMAGE, {}, {}),
    "tanh": ("Tanh", IMAGE, {}, {}),
    "gelu": ("Gelu", IMAGE, {}, {}),
}
"""Ops of which the last bits are up to who computes them."""

BOUND = 4e-7
"""For values up to 4: a few units in the last place of f32."""


def one_node(name: str, table: dict[str, Op]) -> tuple[Any, dict[str, Array]]:
    op_type, shape, known, attributes = table[name]
    feeds = {"x": integers(*shape, seed=5)}
    opset = 20 if op_type == "Gelu" else 17
    return node_model(op_type, feeds, known, opset=opset, **attributes), feeds


def test_every_converter_is_tested() -> None:
    tested = {op[0] for op in (*EXACT.values(), *CLOSE.values())}

    # These have tests of their own.
    assert set(CONVERTERS) - tested == {"Upsample", "Cast", "CastLike"}


@pytest.mark.parametrize("name", EXACT)
def test_alone(name: str) -> None:
    assert_same(*one_node(name, EXACT))


BEHIND = [name for name, op in EXACT.items() if op[1] in (IMAGE, SIGNAL) and op[0] != "Flatten"]


@pytest.mark.parametrize("name", BEHIND)
def test_between_convolutions(name: str) -> None:
    """What reads and what makes values that lie channels-last."""
    op_type, shape, known, attributes = EXACT[name]
    ones = [1] * (len(shape) - 2)
    nodes = [
        helper.make_node("Conv", ["x", "first"], ["c"]),
        helper.make_node(op_type, ["c", *known], ["o"], **attributes),
        helper.make_node("Relu", ["o"], ["y"]),
    ]
    feeds = {"x": integers(*shape, seed=5)}
    known = {**known, "first": integers(shape[1], shape[1], *ones, bounds=(-1, 2))}

    assert_same(model_of(nodes, feeds, known), feeds)


@pytest.mark.parametrize("name", CLOSE)
def test_curved(name: str) -> None:
    model, feeds = one_node(name, CLOSE)
    (expected,) = onnxruntime_results(model, feeds)

    for floor in ("ttnn", "loops"):
        (got,) = imported_results(model, feeds, floor)
        np.testing.assert_allclose(got, expected, rtol=0, atol=BOUND)


@pytest.mark.parametrize("training", [None, False])
def test_dropout_at_inference(training: bool | None) -> None:
    known = {"ratio": np.array(0.5, np.float32)}
    if training is not None:
        known["training"] = np.array(training)
    feeds = {"x": integers(*IMAGE)}

    assert_same(node_model("Dropout", feeds, known), feeds)


CASTS = [
    (np.float32, TensorProto.INT32),
    (np.float32, TensorProto.FLOAT16),
    (np.float32, TensorProto.DOUBLE),
    (np.int32, TensorProto.FLOAT),
    (np.int64, TensorProto.INT32),
    (np.uint8, TensorProto.FLOAT),
]


@pytest.mark.parametrize(("dtype", "to"), CASTS)
def test_cast(dtype: type, to: int) -> None:
    feeds = {"x": (integers(*IMAGE, bounds=(0, 9)) * 1.25).astype(dtype)}
    node = helper.make_node("Cast", ["x"], ["y"], to=to)

    assert_same(model_of([node], feeds, output_type=to), feeds)


def test_cast_like() -> None:
    feeds = {"x": integers(*IMAGE) * 1.25}
    node = helper.make_node("CastLike", ["x", "like"], ["y"])
    known = {"like": np.zeros((), np.int32)}

    assert_same(model_of([node], feeds, known, output_type=TensorProto.INT32), feeds)


OLD: dict[str, tuple[str, int, tuple[int, ...], Known, dict[str, Any]]] = {
    "clip-6": ("Clip", 7, IMAGE, {}, {"min": 0.0, "max": 6.0}),
    "clip-8": ("Clip", 8, IMAGE, {}, {"max": 2.0}),
    "squeeze-11": ("Squeeze", 11, (2, 4, 1, 6), {}, {"axes": [2]}),
    "unsqueeze-11": ("Unsqueeze", 11, SIGNAL, {}, {"axes": [2]}),
    "slice-9": ("Slice", 9, IMAGE, {}, {"axes": [2, 3], "starts": [1, -2], "ends": [4, 99]}),
    "pad-10": ("Pad", 10, IMAGE, {}, {"pads": [0, 0, 1, 2, 0, 0, 0, 3], "value": 2.0}),
    "upsample-7": ("Upsample", 7, IMAGE, {}, {"scales": [1.0, 1.0, 2.0, 3.0]}),
    "upsample-9": ("Upsample", 9, IMAGE, {"s": floats(1, 1, 3, 2)}, {}),
    "resize-10": ("Resize", 10, IMAGE, {"s": floats(1, 1, 2, 3)}, {}),
    "dropout-7": ("Dropout", 7, IMAGE, {}, {"ratio": 0.3}),
    "norm-7": (
        "BatchNormalization",
        7,
        IMAGE,
        {name: floats(1, 4, 16, 1) for name in "sbmv"},
        {"epsilon": 0.0},
    ),
    "max-pool-7": ("MaxPool", 7, IMAGE, {}, {"kernel_shape": [2, 3]}),
    "gemm-7": ("Gemm", 7, MATRIX, {"b": integers(6, 5), "c": integers(5)}, {}),
    "flatten-7": ("Flatten", 7, IMAGE, {}, {"axis": 2}),
    "max-pool-22": ("MaxPool", 22, IMAGE, {}, {"kernel_shape": [2, 2], "ceil_mode": 1}),
    "pad-18": ("Pad", 18, IMAGE, {"p": ints(1, 2), "v": floats(1).reshape(()), "a": ints(3)}, {}),
    "resize-18": (
        "Resize",
        18,
        IMAGE,
        {"roi": floats(), "s": floats(2, 3)},
        {"axes": [2, 3]},
    ),
    "resize-19": (
        "Resize",
        19,
        IMAGE,
        {"roi": floats(), "s": floats(1, 1, 2, 2)},
        {"coordinate_transformation_mode": "half_pixel_symmetric"},
    ),
}


@pytest.mark.parametrize("name", OLD)
def test_of_another_opset(name: str) -> None:
    op_type, opset, shape, known, attributes = OLD[name]
    feeds = {"x": integers(*shape, seed=5)}

    assert_same(node_model(op_type, feeds, known, opset=opset, **attributes), feeds)


@pytest.mark.parametrize("opset", range(7, 24))
def test_a_layer_of_every_opset(opset: int) -> None:
    nodes = [
        helper.make_node(
            "ConvTranspose", ["x", "w", "b"], ["c"], strides=[2, 3], pads=[1, 0, 0, 2]
        ),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Add", ["r", "v"], ["a"]),
        helper.make_node("Concat", ["a", "r"], ["y"], axis=1),
    ]
    feeds = {"x": integers(*IMAGE)}
    known = {"w": integers(4, 3, 2, 3), "b": integers(3), "v": integers(3, 1, 1)}

    assert_same(model_of(nodes, feeds, known, opset=opset), feeds, ["ttnn"])


TYPES = {
    TensorProto.FLOAT16: np.float16,
    TensorProto.BFLOAT16: ml_dtypes.bfloat16,
    TensorProto.DOUBLE: np.float64,
}


@pytest.mark.parametrize("element_type", TYPES)
def test_layers_of_other_types(element_type: int) -> None:
    """Judged by ONNX's reference: onnxruntime has no such kernels."""
    dtype = TYPES[element_type]
    nodes = [
        helper.make_node("ConvTranspose", ["x", "w", "b"], ["c"], strides=[2, 3]),
        helper.make_node("BatchNormalization", ["c", "s", "h", "m", "v"], ["n"], epsilon=0.0),
        helper.make_node("Relu", ["n"], ["r"]),
        helper.make_node("Concat", ["r", "c"], ["y"], axis=1),
    ]
    feeds = {"x": integers(2, 3, 4, 5).astype(dtype)}
    known = {
        "w": integers(3, 2, 2, 3),
        "b": integers(2),
        "s": floats(1, 2),
        "h": floats(1, -2),
        "m": floats(0, 1),
        "v": floats(1, 4),
    }
    known = {name: array.astype(dtype) for name, array in known.items()}
    model = model_of(nodes, feeds, known, opset=22, output_type=element_type)
    (expected,) = reference_results(model, feeds)

    for floor in FLOORS:
        assert_equal_bits(imported_results(model, feeds, floor)[0], expected, floor)


def test_an_empty_batch() -> None:
    feeds = {"x": np.zeros((0, 3, 4, 5), np.float32)}
    model = node_model("ConvTranspose", feeds, {"w": integers(3, 2, 2, 3)}, strides=[2, 2])

    for floor in FLOORS:
        assert imported_results(model, feeds, floor)[0].shape == (0, 2, 8, 11)


def test_arithmetic_on_shapes_is_gone() -> None:
    """Shape, Gather, Mul, Concat, ...: what exporters write around a Reshape."""
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Gather", ["shape", "one"], ["channels"], axis=0),
        helper.make_node("Mul", ["batch", "channels"], ["rows"]),
        helper.make_node("Unsqueeze", ["rows", "zeros"], ["first"]),
        helper.make_node("ConstantOfShape", ["ones"], ["fill"], value=_tensor(-1)),
        helper.make_node("Cast", ["fill"], ["rest"], to=TensorProto.INT64),
        helper.make_node("Concat", ["first", "rest"], ["target"], axis=0),
        helper.make_node("Reshape", ["x", "target"], ["y"]),
    ]
    feeds = {"x": integers(*IMAGE)}
    known = {
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "zeros": ints(0),
        "ones": ints(1),
    }
    model = model_of(nodes, feeds, known)

    assert_same(model, feeds)
    assert str(import_onnx(model).module).count("ttnn.") == 1


def _tensor(value: int) -> TensorProto:
    return helper.make_tensor("value", TensorProto.INT32, [1], [value])


def test_what_is_known_needs_no_op() -> None:
    """An output that is an initializer, and one that is an input."""
    nodes = [
        helper.make_node("Identity", ["k"], ["y"]),
        helper.make_node("Identity", ["x"], ["z"]),
    ]
    feeds = {"x": integers(*IMAGE)}

    assert_same(model_of(nodes, feeds, {"k": integers(3, 1)}, outputs=("y", "z")), feeds)


def test_a_node_that_no_output_needs_is_left_out() -> None:
    nodes = [
        helper.make_node("Relu", ["x"], ["y"]),
        helper.make_node("Mystery", ["x"], ["z"], domain="nowhere"),
    ]
    feeds = {"x": integers(*IMAGE)}

    (y,) = imported_results(model_of(nodes, feeds, domains=["nowhere"]), feeds)

    assert (y == feeds["x"].clip(0)).all()
