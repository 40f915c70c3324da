"""What an ONNX model is refused for: one message that names what, where, got and expected."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import ModelProto, NodeProto, TensorProto, helper

from support.floors import assert_equal_bits
from support.onnx_graphs import (
    Array,
    imported_results,
    integers,
    model_of,
    node_model,
    onnxruntime_results,
)
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend.onnx_models import import_onnx

IMAGE = (2, 4, 5, 6)
X = {"x": integers(*IMAGE)}


def refusal(model: Any, **options: Any) -> str:
    with pytest.raises(ValueError) as caught:
        import_onnx(model, **options)
    return str(caught.value)


def node(op_type: str, known: dict[str, Array] | None = None, **attributes: Any) -> ModelProto:
    return node_model(op_type, X, known, **attributes)


def layer() -> ModelProto:
    """A model that is fine."""
    return node("ConvTranspose", {"w": integers(4, 3, 2, 3)}, strides=[2, 2])


# Unknown nodes -----------------------------------------------------------------------------------


def with_unknown_nodes() -> ModelProto:
    nodes = [
        helper.make_node("Softmax", ["x"], ["a"], name="attention"),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Fancy", ["b"], ["c"], domain="com.example", name="head/fancy"),
        helper.make_node("Mystery", ["c"], ["d"]),
        helper.make_node("Add", ["d", "x"], ["y"]),
    ]
    return model_of(nodes, X, domains=["com.example"])


def test_all_unknown_nodes_are_named_in_one_error() -> None:
    assert refusal(with_unknown_nodes()) == (
        "expected nodes that have a counterpart here, got 3 without: "
        "Softmax 'attention': unknown op; "
        "Fancy of domain 'com.example' 'head/fancy': unknown op; "
        "Mystery that gives 'd': unknown op; keep_unknown (--keep-unknown) keeps them as they "
        "are"
    )


UNSUPPORTED: dict[str, tuple[ModelProto, str]] = {
    "training": (
        node(
            "BatchNormalization",
            {name: np.ones(4, np.float32) for name in "sbmv"},
            training_mode=1,
        ),
        "BatchNormalization that gives 'y': expected inference, got training_mode 1",
    ),
    "spatial": (
        node(
            "BatchNormalization",
            {name: np.ones((4, 5, 6), np.float32) for name in "sbmv"},
            opset=8,
            spatial=0,
        ),
        "expected statistics of whole channels, got spatial 0",
    ),
    "computed-statistics": (
        node_model("BatchNormalization", X | {name: integers(4) for name in "sbmv"}),
        "expected a scale that is known before the graph runs",
    ),
    "dropout-training": (
        node("Dropout", {"r": np.array(0.5, np.float32), "t": np.array(True)}),
        "Dropout that gives 'y': expected inference, got training_mode true",
    ),
    "gelu": (
        node("Gelu", opset=20, approximate="tanh"),
        "expected approximate none, got tanh",
    ),
    "cast": (
        model_of(
            [helper.make_node("Cast", ["x"], ["y"], to=TensorProto.BOOL)],
            X,
            output_type=TensorProto.BOOL,
        ),
        "expected numbers, got a cast from f32 to i1",
    ),
    "integer-division": (
        model_of(
            [helper.make_node("Div", ["x", "x"], ["y"])],
            {"x": np.ones(IMAGE, np.int32)},
            output_type=TensorProto.INT32,
        ),
        "expected floats, got elements of type i32",
    ),
    "backwards": (
        node("Slice", {name: np.array([k]) for name, k in zip("sead", (5, 0, 3, -1), strict=True)}),
        "expected steps of at least 1, got [-1]",
    ),
    "pad-mode": (
        node("Pad", {"p": np.ones(8, np.int64)}, mode="reflect"),
        "expected mode constant, got reflect",
    ),
    "computed-shape": (
        node_model("Reshape", X | {"s": np.array([10, 24])}),
        "expected a shape that is known before the graph runs",
    ),
    "resize-mode": (
        node(
            "Resize",
            {"r": np.zeros(0, np.float32), "s": np.array([1, 1, 2, 2], np.float32)},
            mode="linear",
        ),
        "Resize that gives 'y': expected mode nearest, got linear",
    ),
    "resize-coordinates": (
        node(
            "Resize",
            {"r": np.zeros(0, np.float32), "s": np.array([1, 1, 2, 3], np.float32)},
            coordinate_transformation_mode="align_corners",
        ),
        "expected a mode that repeats every element 3 times, got align_corners with "
        "round_prefer_floor",
    ),
    "resize-rounding": (
        node(
            "Resize",
            {"r": np.zeros(0, np.float32), "s": np.array([1, 1, 1, 3], np.float32)},
            coordinate_transformation_mode="asymmetric",
        ),
        "expected a mode that repeats every element 3 times, got asymmetric with "
        "round_prefer_floor",
    ),
    "resize-crop": (
        node(
            "Resize",
            {"r": np.zeros(8, np.float32), "s": np.array([1, 1, 2, 2], np.float32)},
            coordinate_transformation_mode="tf_crop_and_resize",
        ),
        "got coordinate_transformation_mode tf_crop_and_resize",
    ),
    "resize-fraction": (
        node("Resize", {"r": np.zeros(0, np.float32), "s": np.array([1, 1, 1.5, 2], np.float32)}),
        "expected whole scales of the spatial axes alone, got 1, 1, 1.5, 2",
    ),
    "resize-channels": (
        node("Resize", {"r": np.zeros(0, np.float32), "s": np.array([1, 2, 2, 2], np.float32)}),
        "expected whole scales of the spatial axes alone, got 1, 2, 2, 2",
    ),
    "resize-policy": (
        node(
            "Resize",
            {
                "r": np.zeros(0, np.float32),
                "s": np.zeros(0, np.float32),
                "z": np.array([2, 4, 10, 12]),
            },
            opset=18,
            keep_aspect_ratio_policy="not_larger",
        ),
        "expected keep_aspect_ratio_policy stretch, got not_larger",
    ),
    "upsample-mode": (
        node("Upsample", {"s": np.array([1, 1, 2, 2], np.float32)}, opset=9, mode="linear"),
        "Upsample that gives 'y': expected mode nearest, got linear",
    ),
    "three-axes": (
        node_model("Conv", {"x": integers(1, 2, 3, 4, 5)}, {"w": integers(2, 2, 1, 1, 1)}),
        "Conv that gives 'y': expected a signal or an image, of rank 3 or 4, got rank 5",
    ),
    "vectors": (
        node_model("MatMul", {"a": integers(3), "b": integers(3)}),
        "MatMul that gives 'y': expected a matrix, got two vectors",
    ),
    "random": (
        node("RandomNormalLike"),
        "RandomNormalLike that gives 'y': unknown op",
    ),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_an_op_cannot_say_here(name: str) -> None:
    model, message = UNSUPPORTED[name]

    assert message in refusal(model)


@pytest.mark.parametrize(("op_type", "what"), [("MaxPool", "the indices"), ("Dropout", "the mask")])
def test_second_results_are_not_there(op_type: str, what: str) -> None:
    attributes = {"kernel_shape": [2, 2]} if op_type == "MaxPool" else {}
    nodes = [helper.make_node(op_type, ["x"], ["y", "z"], **attributes)]
    read = model_of(nodes, X, outputs=("y", "z"))

    assert f"expected that nothing reads {what}" in refusal(read)
    assert import_onnx(model_of(nodes, X)).outputs == ("y",)


# Kept nodes --------------------------------------------------------------------------------------


def test_unknown_nodes_are_kept() -> None:
    """With their attributes and operands in the order of the source, and they print back."""
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"]),
        helper.make_node("Softmax", ["c"], ["s"], axis=1, name="attention"),
        helper.make_node(
            "Fancy",
            ["s", "", "w"],
            ["f"],
            domain="com.example",
            ratio=0.5,
            mode="soft",
            sizes=[2, 3],
            scales=[0.5, 2.0],
            names=["a", "b"],
            table=helper.make_tensor("t", TensorProto.FLOAT, [2], [1.0, 2.0]),
        ),
        helper.make_node("Relu", ["f"], ["y"]),
    ]
    model = model_of(nodes, X, {"w": integers(4, 4, 1, 1)}, domains=["com.example"])
    model.graph.value_info.append(helper.make_tensor_value_info("f", TensorProto.FLOAT, [2, 9]))

    module = import_onnx(model, keep_unknown=True).module

    text = str(module)
    assert '"onnx.Softmax"(%c_nchw) {axis = 1 : i64}' in text
    assert "(tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32>" in text
    assert '"onnx.Fancy"(%s, %w)' in text
    for attribute in (
        "ratio = 5.000000e-01 : f32",
        'mode = "soft"',
        "sizes = array<i64: 2, 3>",
        "scales = array<f32: 5.000000e-01, 2.000000e+00>",
        'names = ["a", "b"]',
        "table = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>",
        'domain = "com.example"',
        "missing_inputs = array<i64: 1>",
    ):
        assert attribute in text
    assert str(parse_module(text)) == text


def test_what_an_op_cannot_say_is_kept_too() -> None:
    module = import_onnx(UNSUPPORTED["resize-mode"][0], keep_unknown=True).module

    assert '"onnx.Resize"' in str(module)
    assert "tensor<2x4x10x12xf32>" in str(module)


def test_a_kept_node_survives_lowering() -> None:
    nodes = [
        helper.make_node("ConvTranspose", ["x", "w"], ["c"]),
        helper.make_node("Softmax", ["c"], ["s"], axis=1),
        helper.make_node("Relu", ["s"], ["y"]),
    ]
    model = model_of(nodes, X, {"w": integers(4, 3, 2, 3)})

    lowered = str(import_onnx(model, keep_unknown=True).compile("loops").function.module)

    assert '"onnx.Softmax"' in lowered
    assert '"ttnn.' not in lowered


def test_a_kept_node_needs_a_type() -> None:
    assert refusal(with_unknown_nodes(), keep_unknown=True).startswith(
        "Fancy of domain 'com.example' 'head/fancy': expected a type and sizes of its result 'c', "
        "which shape inference does not know"
    )


def test_a_subgraph_is_not_kept() -> None:
    branch = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["z"])],
        "branch",
        [],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, IMAGE)],
    )
    chosen = helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)
    model = model_of([chosen], X | {"c": np.array(True)})
    model.graph.output[0].CopyFrom(helper.make_tensor_value_info("y", TensorProto.FLOAT, IMAGE))

    assert "If that gives 'y': unknown op" in refusal(model)
    message = r"expected numbers, text or a tensor as '(then|else)_branch' of an op that is kept"
    assert re.search(message, refusal(model, keep_unknown=True))


# Inputs ------------------------------------------------------------------------------------------


def open_model() -> ModelProto:
    model = layer()
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "N"
    return model


def test_open_sizes() -> None:
    assert refusal(open_model()) == (
        "expected inputs of known sizes, got 'x' of Nx4x5x6; give them as shapes={'x': (1, ...)} "
        "or --shape x=1x..."
    )


def test_open_sizes_given() -> None:
    (got,) = imported_results(open_model(), X, shapes={"x": IMAGE})

    assert_equal_bits(got, onnxruntime_results(layer(), X)[0])


@pytest.mark.parametrize("rank_is_open", [False, True])
def test_open_ranks(rank_is_open: bool) -> None:
    model = node("Relu")
    if rank_is_open:
        model.graph.input[0].type.tensor_type.ClearField("shape")
        assert "got 'x' of any rank" in refusal(model)
    (got,) = imported_results(model, X, shapes={"x": IMAGE})

    assert_equal_bits(got, X["x"].clip(0))


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ({"x": (3, 4, 5, 6)}, "input 'x': expected 2x4x5x6, got 3x4x5x6"),
        ({"x": (2, 4, 5)}, "input 'x': expected 2x4x5x6, got 2x4x5"),
        ({"z": (1,)}, "expected shapes of the inputs, 'x', got one of 'z'"),
    ],
)
def test_shapes_that_do_not_fit(shapes: dict[str, tuple[int, ...]], message: str) -> None:
    assert refusal(layer(), shapes=shapes) == message


def test_sizes_that_are_open_as_minus_one() -> None:
    model = node("Relu")
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = -1

    assert "got 'x' of ?x4x5x6" in refusal(model)
    (got,) = imported_results(model, X, shapes={"x": IMAGE})
    assert_equal_bits(got, X["x"].clip(0))


def test_statistics_without_channels() -> None:
    statistics = {name: np.ones(3, np.float32) for name in "sbmv"}
    message = refusal(node_model("BatchNormalization", {"x": integers(3)}, statistics))

    assert "expected channels in dimension 1, got rank 1" in message


@pytest.mark.parametrize("text", [b"ConvTranspose", b"main", b"dilations"])
def test_text_that_is_not_utf8(text: bytes) -> None:
    model = node("ConvTranspose", {"w": integers(4, 3, 2, 3)}, dilations=[1, 1])
    model.graph.name = "main"
    content = model.SerializeToString().replace(text, b"\xff" * len(text))

    assert refusal(content) == "expected an ONNX model, got text that is not UTF-8"


def test_negative_sizes() -> None:
    message = "input 'x': expected Nx4x5x6, got -1x4x5x6"

    assert refusal(open_model(), shapes={"x": (-1, 4, 5, 6)}) == message


def test_an_input_that_is_no_tensor() -> None:
    model = layer()
    sequence = helper.make_tensor_sequence_value_info("x", TensorProto.FLOAT, None)
    model.graph.input[0].CopyFrom(sequence)

    assert refusal(model) == "input 'x': expected a tensor, got something else"


def test_an_input_of_text() -> None:
    model = layer()
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.STRING

    message = "expected floats, integers or booleans, got elements of type object"
    assert refusal(model) == f"input 'x': {message}"


def test_an_initializer_without_its_data() -> None:
    model = layer()
    model.graph.initializer[0].ClearField("raw_data")

    assert refusal(model).startswith("expected the data of initializer 'w': ")


# Models that are not sound ------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"hello world", layer().SerializeToString()[:-9]])
def test_other_or_truncated_bytes(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    message = "expected an ONNX model, got other or truncated bytes"

    assert refusal(content) == message
    assert refusal(path) == message


def test_no_truncated_model_is_taken_for_a_whole_one() -> None:
    content = layer().SerializeToString()

    for length in range(len(content)):
        assert refusal(content[:length]).startswith(("expected a", "input 'x'"))


def test_an_empty_file() -> None:
    assert refusal(b"").startswith("expected a sound ONNX model: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        import_onnx(tmp_path / "none.onnx")


def edited(edit: Callable[[ModelProto], object]) -> ModelProto:
    model = layer()
    edit(model)
    return model


UNSOUND: dict[str, tuple[ModelProto, str]] = {
    "old-opset": (
        edited(lambda model: setattr(model.opset_import[0], "version", 6)),
        "expected a model of opset 7 to ",
    ),
    "new-opset": (
        edited(lambda model: setattr(model.opset_import[0], "version", 999)),
        "expected a model of opset 7 to ",
    ),
    "loose-end": (
        edited(lambda model: model.graph.node[0].input.__setitem__(0, "nowhere")),
        "expected a sound ONNX model: Nodes in a graph must be topologically sorted",
    ),
    "attribute": (
        edited(lambda model: model.graph.node[0].attribute.append(helper.make_attribute("q", 3))),
        "expected a sound ONNX model: Unrecognized attribute: q for operator ConvTranspose",
    ),
    "output": (
        edited(lambda model: setattr(model.graph.output[0], "name", "elsewhere")),
        "expected a sound ONNX model: ",
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_unsound_models(name: str) -> None:
    model, message = UNSOUND[name]

    assert refusal(model).startswith(message)


def transposed(**attributes: Any) -> ModelProto:
    return node("ConvTranspose", {"w": integers(4, 3, 2, 3)}, **attributes)


BAD_NODES: dict[str, tuple[ModelProto, str]] = {
    "kernel-shape": (
        transposed(kernel_shape=[3, 3]),
        "expected 'kernel_shape' [2, 3] of the weight, got [3, 3]",
    ),
    "auto-pad": (
        transposed(auto_pad="SAME"),
        "expected 'auto_pad' to be one of NOTSET, VALID, SAME_UPPER, SAME_LOWER, got SAME",
    ),
    "pads-beside": (
        transposed(auto_pad="SAME_UPPER", pads=[1, 0, 1, 0]),
        "expected no 'pads' beside auto_pad SAME_UPPER, got [1, 0, 1, 0]",
    ),
    "pads-odd": (
        transposed(pads=[1, 0, 1]),
        "expected a beginning and an end for each axis, got 3 values",
    ),
    "pads-few": (transposed(pads=[1, 1]), "expected 'pads' of 4 values, got 2"),
    "strides-few": (transposed(strides=[2]), "expected 'strides' of 2 values, got 1"),
    "strides-zero": (transposed(strides=[2, 0]), "expected 'strides' of at least 1, got [2, 0]"),
    "output-shape": (
        transposed(output_shape=[1, 3, 9, 9]),
        "expected 'output_shape' of 2 values, got 4",
    ),
    "channels": (
        node("ConvTranspose", {"w": integers(3, 3, 2, 3)}),
        "Got 4 input channels and 3 in the weight tensor",
    ),
    "bias": (
        node("ConvTranspose", {"w": integers(4, 3, 2, 3), "b": integers(2)}),
        "Bias tensor has 2 channels, but the output tensor has 3 channels",
    ),
    "rank": (
        node("ConvTranspose", {"w": integers(4, 3, 2)}),
        "expected an input and a weight of one rank, got 4 and 3",
    ),
    "all-cut-off": (transposed(pads=[3, 4, 3, 4]), "expected an output size of at least 1, got"),
    "broadcast": (node("Add", {"v": integers(5)}), "expected sizes that broadcast, got 6 and 5"),
    "concat": (node("Concat", {"v": integers(2, 4, 4, 6)}, axis=1), "must have the same dimens"),
    "reshape": (node("Reshape", {"s": np.array([7, 7])}), "expected a shape of 240 elements, got"),
    "reshape-zero": (
        node("Reshape", {"s": np.array([2, 4, 5, 6, 0])}),
        "expected a 0 for a size of [2, 4, 5, 6], got [2, 4, 5, 6, 0]",
    ),
    "squeeze": (
        node("Squeeze", {"a": np.array([1])}),
        "expected axes of size 1 of [2, 4, 5, 6], got [1]",
    ),
    "unsqueeze": (
        node("Unsqueeze", {"a": np.array([9])}),
        "expected different axes of a rank of 5, got [9]",
    ),
    "permutation": (node("Transpose", perm=[0, 1, 1, 2]), "Expected a permutation of (0, 1, 2, 3)"),
    "statistics": (
        node("BatchNormalization", {name: np.ones(3, np.float32) for name in "sbmv"}),
        "expected a scale of 4 channels, got 3",
    ),
    "matmul": (node("MatMul", {"b": integers(5, 6)}), "must have matching inner dimensions"),
    "pad": (
        node("Pad", {"p": np.array([0, 0, -3, 0, 0, 0, -3, 0])}),
        "expected pads that leave something of [2, 4, 5, 6], got",
    ),
    "flatten": (node("Flatten", axis=9), "expected an axis from -4 to 4, got 9"),
    "slice": (
        node("Slice", {"s": np.array([0, 0]), "e": np.array([1])}),
        "expected starts, ends, axes and steps of one length, got [2, 1, 2, 2]",
    ),
    "pad-few": (node("Pad", {"p": np.array([1, 1])}), "expected pads of 8 values, got 2"),
    "clip": (node("Clip", {"v": integers(7)}), "expected bounds of one number"),
    "resize-axes": (
        node(
            "Resize",
            {"r": np.zeros(0, np.float32), "s": np.ones(2, np.float32)},
            opset=18,
            axes=[2, 9],
        ),
        "expected different axes of a rank of 4, got [2, 9]",
    ),
    "resize-sizes": (
        node(
            "Resize",
            {name: np.zeros(0, np.float32) for name in "rs"} | {"z": np.array([10, 12])},
        ),
        "expected 4 sizes, got 2",
    ),
    "nearest-mode": (
        node(
            "Resize",
            {"r": np.zeros(0, np.float32), "s": np.ones(4, np.float32)},
            nearest_mode="odd",
        ),
        "expected 'nearest_mode' to be one of round_prefer_floor, round_prefer_ceil, floor, ceil, "
        "got odd",
    ),
    "groups": (
        node("Conv", {"w": integers(4, 3, 2, 3)}, group=0),
        "expected 'groups' of at least 1, got 0",
    ),
    "concat-types": (
        node("Concat", {"v": np.ones(IMAGE)}, axis=1),
        "expected values of one element type, got f32, f64",
    ),
    "weight-type": (
        node("Conv", {"w": np.ones((2, 4, 1, 1))}),
        "expected values of one element type, got f32, f64",
    ),
    "matmul-types": (
        node("MatMul", {"b": np.ones((6, 5))}),
        "expected values of one element type, got f32, f64",
    ),
    "cast": (node("Cast", to=77), "expected a type of elements, got number 77"),
    "cast-to-text": (
        node("Cast", to=TensorProto.STRING),
        "expected floats, integers or booleans, got elements of type object",
    ),
    "sizes-of-nothing": (
        node_model(
            "Resize",
            {"x": integers(0, 4, 5, 6)},
            {name: np.zeros(0, np.float32) for name in "rs"} | {"z": np.array([1, 4, 10, 12])},
        ),
        "expected a size of 0 where the input has 0, got 1",
    ),
    "scales-infinite": (
        node(
            "Resize",
            {"r": np.zeros(0, np.float32), "s": np.array([1, 1, 2, np.inf], np.float32)},
        ),
        "expected scales that are finite, got [1.0, 1.0, 2.0, inf]",
    ),
    "scales-scalar": (
        node("Resize", {"r": np.zeros(0, np.float32), "s": np.full((), 2, np.float32)}),
        "expected 4 scales, got 1",
    ),
    "scales": (
        node("Resize", {"r": np.zeros(0, np.float32), "s": np.ones(3, np.float32)}),
        "expected 4 scales, got 3",
    ),
}


@pytest.mark.parametrize("name", BAD_NODES)
def test_nodes_that_do_not_fit_together(name: str) -> None:
    model, message = BAD_NODES[name]
    text = refusal(model)

    assert message in text
    assert re.match(r"\w+ that gives 'y': ", text)


def test_types_that_differ() -> None:
    model = node("Add", {"v": np.ones(6, np.float64)})

    assert "expected values of one element type, got f32, f64" in refusal(model)


def test_a_weight_form_that_is_not_there() -> None:
    message = "weights: expected constants or arguments, got 'file'"

    assert refusal(layer(), weights="file") == message


def test_wrong_number_of_arrays() -> None:
    function = import_onnx(layer(), weights="arguments").compile()

    with pytest.raises(ValueError, match="expected 1 arrays, got 2"):
        function(X["x"], X["x"])


def test_without_onnx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)

    with pytest.raises(ImportError, match=r"pip install 'xdsl-ttnn\[onnx\]'"):
        import_onnx("model.onnx")


# Where the arrays are -----------------------------------------------------------------------------


def save_apart(path: Path) -> ModelProto:
    """A model whose initializers are in a file beside it."""
    model = layer()
    onnx.save_model(
        model, path, save_as_external_data=True, location="weights.bin", size_threshold=0
    )
    return model


def test_external_data(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    save_apart(path)

    (got,) = import_onnx(path).compile()(X["x"])

    assert_equal_bits(got, onnxruntime_results(layer(), X)[0])


def test_external_data_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    save_apart(path)
    without = path.read_bytes()
    (tmp_path / "weights.bin").unlink()

    assert refusal(path).startswith("expected the external data of the model: Data of TensorProto")
    assert refusal(without) == (
        "expected the data of initializer 'w' in the model, got a reference to a file; pass the "
        "path of the model"
    )


def test_functions_of_a_model_are_inlined() -> None:
    function = helper.make_function(
        "local",
        "Twice",
        ["a"],
        ["b"],
        [helper.make_node("Add", ["a", "a"], ["b"])],
        [helper.make_opsetid("", 17)],
    )
    nodes: list[NodeProto] = [helper.make_node("Twice", ["x"], ["y"], domain="local")]
    model = model_of(nodes, X, domains=["local"])
    model.functions.append(function)

    (got,) = imported_results(model, X)

    assert_equal_bits(got, 2 * X["x"])


def test_inputs_that_are_initializers_too() -> None:
    """As models of the first versions list them."""
    model = layer()
    model.ir_version = 3
    model.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, (4, 3, 2, 3)))

    assert import_onnx(model).inputs == ("x",)


def test_an_initializer_that_nothing_reads() -> None:
    model = layer()
    model.graph.initializer.append(helper.make_tensor("labels", TensorProto.STRING, [1], [b"cat"]))

    assert import_onnx(model).inputs == ("x",)


def test_an_initializer_of_text() -> None:
    model = model_of([helper.make_node("Identity", ["labels"], ["y"])], X)
    model.graph.initializer.append(helper.make_tensor("labels", TensorProto.STRING, [1], [b"cat"]))

    assert refusal(model).startswith("initializer 'labels': expected floats")


def test_a_sparse_initializer() -> None:
    model = layer()
    values = helper.make_tensor("w2", TensorProto.FLOAT, [1], [1.0])
    indices = helper.make_tensor("i", TensorProto.INT64, [1], [0])
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [4]))

    assert refusal(model) == "expected dense initializers, got 'w2', which is sparse"
