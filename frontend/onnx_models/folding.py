"""Nodes whose inputs are known, run by ONNX's reference implementation when a model is imported.

So the arithmetic on shapes that exporters write is gone before anything is built. What a node gives
is counted by ONNX's shape inference before it is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ...dialect.numpy_types import BFLOAT16, Array
from ..graph import Constant, Value
from ..graph.known import KnownElements
from .node import Unsupported
from .reading import OWN_DOMAINS, one_line

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto
    from onnx.reference import ReferenceEvaluator

SHAPE_READERS = ("Shape", "Size")
"""Ops that read of an input its shape alone."""

RANDOM = ("Random", "Bernoulli", "Multinomial")
"""How the names of ops begin that draw numbers."""

NO_LARGER = (
    *("Compress", "NonMaxSuppression", "NonZero", "Unique"),
    *("GroupNormalization", "MeanVarianceNormalization"),
)
"""Ops whose sizes inference does not know, and that give about as much as they read."""

READ_BY_INFERENCE = 1024
"""Elements of an input, sizes for example, up to which inference is shown the values."""


def fold(
    node: NodeProto, inputs: Sequence[Value | None], opset: int, known: KnownElements
) -> list[Array] | None:
    """The results of a node that can be known, or None.

    Raises: Unsupported where they could be known but for their size, or what the reference
    implementation says of the inputs.
    """
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
    reference = _reference(_model_of(node, feeds, opset))
    if reference is None:
        return None
    try:
        known.take(_count(node, feeds, opset))
    except ValueError as error:
        raise Unsupported(str(error)) from None
    return _run(reference, feeds)


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


def _count(node: NodeProto, feeds: Mapping[str, Array], opset: int) -> int:
    """Elements of all results together, found without working out any of them.

    Raises: ValueError where that cannot be.
    """
    from onnx import numpy_helper, shape_inference

    if node.op_type in NO_LARGER:
        return sum(array.size * max(array.ndim, 1) for array in feeds.values())
    model = _model_of(node, feeds, opset)
    for name, array in feeds.items():
        if array.size <= READ_BY_INFERENCE:
            model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
    try:
        inferred = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    except shape_inference.InferenceError as error:
        raise ValueError(f"expected what shape inference understands: {one_line(error)}") from None
    return sum(map(_elements, inferred.graph.output))


def _elements(value: ValueInfoProto) -> int:
    if (kind := value.type.WhichOneof("value")) not in ("tensor_type", None):
        raise ValueError(f"expected a tensor as '{value.name}', got a {kind.removesuffix('_type')}")
    tensor = value.type.tensor_type
    sizes = tensor.shape.dim
    if not tensor.HasField("shape") or not all(size.HasField("dim_value") for size in sizes):
        raise ValueError(f"expected '{value.name}' of a size that is known before it is worked out")
    return prod(size.dim_value for size in sizes)


def _model_of(node: NodeProto, feeds: Mapping[str, Array], opset: int) -> ModelProto:
    """A model of one node."""
    from onnx import ValueInfoProto, helper

    results = [ValueInfoProto(name=name) for name in node.output if name]
    inputs = [
        helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
        )
        for name, array in feeds.items()
    ]
    graph = helper.make_graph([node], "known", inputs, results)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def _reference(model: ModelProto) -> ReferenceEvaluator | None:
    """What runs a model, or None where an op has no reference implementation."""
    from onnx.reference import ReferenceEvaluator

    try:
        return ReferenceEvaluator(model)
    except NotImplementedError:
        return None


def _run(reference: ReferenceEvaluator, feeds: dict[str, Array]) -> list[Array]:
    """What the reference implementation gives. Raises: Unsupported with what it says instead."""
    try:
        results = cast("list[Any]", reference.run(None, feeds))  # pyright: ignore[reportUnknownMemberType]
    except Exception as error:
        # Each op of the reference has errors of its own.
        said = f"{type(error).__name__}: {one_line(error)}"
        raise Unsupported(
            f"expected what ONNX's reference implementation takes, got {said}"
        ) from None
    arrays = [np.asarray(result) for result in results]
    for array in arrays:
        if array.dtype.kind not in "biuf" and array.dtype != BFLOAT16:
            raise Unsupported(f"expected numbers as results, got elements of type {array.dtype}")
    return arrays
