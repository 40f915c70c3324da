"""One ONNX node run by onnxruntime: an implementation nobody here has written."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper


def run_onnx(node: Any, given: dict[str, NDArray[Any]]) -> NDArray[Any]:
    """The output `y`, of rank 4, of a node whose f32 inputs are given by name."""
    inputs = [
        helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in given.items()
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)
    graph = helper.make_graph([node], "graph", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {k: np.ascontiguousarray(v) for k, v in given.items()})[0]
