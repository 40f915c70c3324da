"""ONNX models made in tests, and what onnxruntime and ONNX's reference make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from xdsl_ttnn.frontend.onnx_models import import_onnx

from .floors import assert_equal_bits

Array = NDArray[Any]
Arrays = Mapping[str, Array]

FLOORS = ("ttnn", "linalg", "loops")


def integers(*shape: int, seed: int = 0, bounds: tuple[int, int] = (-4, 5)) -> Array:
    """Small whole numbers as f32, so that sums of products are exact."""
    return np.random.default_rng(seed).integers(*bounds, shape).astype(np.float32)


def model_of(
    nodes: Sequence[NodeProto],
    inputs: Arrays,
    known: Arrays | None = None,
    *,
    opset: int = 17,
    outputs: Sequence[str] = ("y",),
    output_type: int = TensorProto.FLOAT,
    domains: Sequence[str] = (),
) -> ModelProto:
    """A model of some nodes; `inputs` say types and sizes, `known` are the initializers."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
            )
            for name, array in inputs.items()
        ],
        [helper.make_tensor_value_info(name, output_type, None) for name in outputs],
        [numpy_helper.from_array(array, name) for name, array in (known or {}).items()],
    )
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(name, 1) for name in domains)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=min(10, onnx.IR_VERSION))


def node_model(
    op_type: str, inputs: Arrays, known: Arrays | None = None, *, opset: int = 17, **attributes: Any
) -> ModelProto:
    """A model of one node that reads `inputs`, then `known`."""
    node = helper.make_node(op_type, [*inputs, *(known or {})], ["y"], **attributes)
    return model_of([node], inputs, known, opset=opset)


def onnxruntime_results(model: ModelProto, feeds: Arrays) -> list[Array]:
    """The outputs onnxruntime gives."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, {name: np.ascontiguousarray(array) for name, array in feeds.items()})


def reference_results(model: ModelProto, feeds: Arrays) -> list[Array]:
    """The outputs ONNX's reference gives."""
    return ReferenceEvaluator(model).run(None, dict(feeds))


def imported_results(
    model: ModelProto, feeds: Arrays, floor: str = "ttnn", **options: Any
) -> tuple[Array, ...]:
    """The outputs of the imported model."""
    imported = import_onnx(model, **options)
    return imported.compile(floor)(*(feeds[name] for name in imported.inputs))


def assert_same(model: ModelProto, feeds: Arrays, floors: Sequence[str] = FLOORS) -> None:
    """Every output equals onnxruntime's, bit for bit, at every floor."""
    expected = onnxruntime_results(model, feeds)
    imported = import_onnx(model)
    for floor in floors:
        got = imported.compile(floor)(*(feeds[name] for name in imported.inputs))
        for name, ours, theirs in zip(imported.outputs, got, expected, strict=True):
            assert_equal_bits(ours, theirs, f"{name} at {floor}")
