"""A decoder with pooling, transposed convolution and upsampling, end to end at every floor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from support.floors import FLOORS, assert_equal_bits, parsed, run_at
from support.interpreter import integers
from xdsl_ttnn.tools import ttnn_run

IR = """
func.func @main(%x: tensor<1x7x9x4xf32>, %w: tensor<4x5x3x2xf32>, %b: tensor<1x1x1x5xf32>)
    -> tensor<1x8x10x9xf32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %flat = "ttnn.reshape"(%x) <{shape = [1 : i32, 1 : i32, 63 : i32, 4 : i32]}>
    : (tensor<1x7x9x4xf32>) -> tensor<1x1x63x4xf32>
  %pooled = "ttnn.max_pool2d"(%flat) <{batch_size = 1 : si32, ceil_mode = true,
      channels = 4 : si32, dilation = array<i32: 1, 1>, input_height = 7 : si32,
      input_width = 9 : si32, kernel_size = array<i32: 3, 2>, padding = array<i32: 1, 0, 0, 1>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x1x63x4xf32>) -> tensor<1x1x20x4xf32>
  %up = "ttnn.conv_transpose2d"(%pooled, %w, %b, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 4 : i32, input_height = 4 : i32,
      input_width = 5 : i32, kernel_size = array<i32: 3, 2>, out_channels = 5 : i32,
      output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1, 0, 0>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x1x20x4xf32>, tensor<4x5x3x2xf32>, tensor<1x1x1x5xf32>, !ttnn.device)
    -> tensor<1x8x10x5xf32>
  %pixels = "ttnn.reshape"(%pooled) <{shape = [1 : i32, 4 : i32, 5 : i32, 4 : i32]}>
    : (tensor<1x1x20x4xf32>) -> tensor<1x4x5x4xf32>
  %nearest = "ttnn.upsample"(%pixels) <{mode = "nearest", scale_factor = 2 : si32}>
    : (tensor<1x4x5x4xf32>) -> tensor<1x8x10x4xf32>
  %half = "ttnn.constant"() <{value = dense<0.5> : tensor<1x1x1x4xf32>}>
    : () -> tensor<1x1x1x4xf32>
  %skip = "ttnn.subtract"(%nearest, %half)
    : (tensor<1x8x10x4xf32>, tensor<1x1x1x4xf32>) -> tensor<1x8x10x4xf32>
  %y = "ttnn.concat"(%up, %skip) <{dim = 3 : si32}>
    : (tensor<1x8x10x5xf32>, tensor<1x8x10x4xf32>) -> tensor<1x8x10x9xf32>
  return %y : tensor<1x8x10x9xf32>
}
"""


def expected(x: Any, w: Any, b: Any) -> Any:
    """The same graph by onnxruntime, whose pads are top, left, bottom, right."""
    scales = numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "scales")
    half = numpy_helper.from_array(np.array([0.5], np.float32), "half")
    nodes = [
        helper.make_node(
            "MaxPool",
            ["x"],
            ["pooled"],
            kernel_shape=[3, 2],
            strides=[2, 2],
            pads=[1, 0, 0, 1],
            ceil_mode=1,
        ),
        helper.make_node(
            "ConvTranspose", ["pooled", "w", "b"], ["sum"], strides=[2, 2], pads=[0, 0, 1, 0]
        ),
        helper.make_node("Relu", ["sum"], ["up"]),
        helper.make_node(
            "Resize",
            ["pooled", "", "scales"],
            ["nearest"],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        ),
        helper.make_node("Sub", ["nearest", "half"], ["skip"]),
        helper.make_node("Concat", ["up", "skip"], ["y"], axis=1),
    ]
    feeds = {"x": x.transpose(0, 3, 1, 2), "w": w, "b": b.reshape(-1)}
    feeds = {name: np.ascontiguousarray(array) for name, array in feeds.items()}
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape)
        for name, array in feeds.items()
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "decoder", inputs, [output], [scales, half])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, feeds)[0].transpose(0, 2, 3, 1)


@pytest.mark.parametrize("floor", FLOORS)
def test_every_floor_agrees_with_onnxruntime(floor: str) -> None:
    x, w, b = integers((1, 7, 9, 4), 1), integers((4, 5, 3, 2), 2), integers((1, 1, 1, 5), 3)
    result = run_at(parsed(IR), floor, {"x": x, "w": w, "b": b})
    assert_equal_bits(result, np.ascontiguousarray(expected(x, w, b)), floor)


@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im", "auto"])
@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
def test_the_check_of_ttnn_run_holds(
    floor: str, strategy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "decoder.mlir"
    path.write_text(IR)
    flags = ["--floor", floor] if floor == "ttnn" else ["--floor", floor, "--strategy", strategy]

    code = ttnn_run.main([str(path), *flags, "--check"])

    assert code == 0
    assert capsys.readouterr().out.startswith("check: result0: ok, largest error 0 at ")
