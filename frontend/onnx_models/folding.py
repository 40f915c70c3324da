"""Nodes whose inputs are known, run by ONNX's reference implementation when a model is imported.

So the arithmetic on shapes that exporters write is gone before anything is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ...interpreter.dtypes import Array
from ..graph import Constant, Value
from .reading import OWN_DOMAINS

if TYPE_CHECKING:
    from onnx import NodeProto

SHAPE_READERS = ("Shape", "Size")
"""Ops that read of an input its shape alone."""

RANDOM = ("Random", "Bernoulli", "Multinomial")
"""How the names of ops begin that draw numbers."""


def fold(node: NodeProto, inputs: Sequence[Value | None], opset: int) -> list[Array] | None:
    """The results of a node that can be known, or None."""
    if node.domain not in OWN_DOMAINS or not _is_pure(node, opset):
        return None
    feeds: dict[str, Array] = {}
    for name, value in zip(node.input, inputs, strict=True):
        if isinstance(value, Constant):
            feeds[name] = value.array
        elif value is not None and node.op_type in SHAPE_READERS:
            feeds[name] = np.broadcast_to(np.zeros((), np.float32), value.shape)
        elif value is not None:
            return None
    return _evaluate(node, feeds, opset)


def _is_pure(node: NodeProto, opset: int) -> bool:
    """Whether a node gives the same for the same inputs, and looks at nothing but these."""
    from onnx import AttributeProto, defs

    if any(entry.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS) for entry in node.attribute):
        return False
    try:
        defs.get_schema(node.op_type, opset, "")
    except defs.SchemaError:
        return False
    return not node.op_type.startswith(RANDOM)


def _evaluate(node: NodeProto, feeds: dict[str, Array], opset: int) -> list[Array] | None:
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    outputs = [name for name in node.output if name]
    graph = helper.make_graph(
        [node],
        "known",
        [helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None) for name in feeds],
        [helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None) for name in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    try:
        results = cast("list[Any]", ReferenceEvaluator(model).run(None, feeds))  # pyright: ignore[reportUnknownMemberType]
    except Exception:
        # Not every op has a reference; what is left is converted like any other node.
        return None
    arrays = [np.asarray(result) for result in results]
    return arrays if all(array.dtype.kind != "O" for array in arrays) else None
