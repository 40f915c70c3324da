"""Nodes that are kept as they are: `"onnx.Name"` with the attributes of the node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    f32,
    i64,
)
from xdsl.ir import Attribute

from ..graph import GraphBuilder, Tensor, Value, element_type_for
from ..graph.values import dense_literal
from .inputs import numpy_type
from .reading import OWN_DOMAINS, one_line, without_data

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto

LARGEST_READ_BY_INFERENCE = 1024
"""Elements of an initializer whose values shape inference may want to see."""

Types = Mapping[str, tuple[tuple[int, ...], Attribute] | str]
"""(shape, element type) of a value by its name, or why the IR has no type for it."""


def inferred_types(model: ModelProto, inputs: Mapping[str, Value]) -> Types:
    """The type of every value of which ONNX's shape inference knows the shape and the elements."""
    from onnx import shape_inference

    light = without_data(model, LARGEST_READ_BY_INFERENCE)
    for value in light.graph.input:
        shape = value.type.tensor_type.shape
        del shape.dim[:]
        for size in inputs[value.name].shape if value.name in inputs else ():
            shape.dim.add(dim_value=size)
    try:
        inferred = shape_inference.infer_shapes(light, data_prop=True)
    except shape_inference.InferenceError as error:
        raise ValueError(f"expected what shape inference understands: {one_line(error)}") from None
    found = {
        value.name: _type(value) for value in (*inferred.graph.value_info, *inferred.graph.output)
    }
    return {name: type_ for name, type_ in found.items() if type_ is not None}


def _type(value: ValueInfoProto) -> tuple[tuple[int, ...], Attribute] | str | None:
    tensor = value.type.tensor_type
    if not tensor.HasField("shape") or not tensor.elem_type:
        return None
    if not all(size.HasField("dim_value") for size in tensor.shape.dim):
        return None
    try:
        element_type = element_type_for(numpy_type(tensor.elem_type))
    except ValueError as error:
        return str(error)
    return tuple(size.dim_value for size in tensor.shape.dim), element_type


def keep(
    builder: GraphBuilder, node: NodeProto, inputs: Sequence[Value | None], types: Types
) -> tuple[Tensor, ...]:
    """The results of a node that is kept as an op nobody here knows.

    Raises: ValueError for results of which the type is not known, or what no op can carry.
    """
    names = [name for name in node.output if name]
    results = [_known_type(name, types) for name in names]
    attributes = {entry.name: _attribute(entry.name, entry) for entry in node.attribute}
    if node.domain not in OWN_DOMAINS:
        attributes["domain"] = StringAttr(node.domain)
    if missing := [index for index, value in enumerate(inputs) if value is None]:
        attributes["missing_inputs"] = DenseArrayBase.from_list(i64, missing)
    operands = [value for value in inputs if value is not None]
    return builder.opaque(f"onnx.{node.op_type}", operands, results, attributes, names=names)


def _known_type(name: str, types: Types) -> tuple[tuple[int, ...], Attribute]:
    """The type of a result. Raises: ValueError where there is none, with the reason."""
    type_ = types.get(name)
    if type_ is None:
        raise ValueError(
            f"expected a type and sizes of its result '{name}', which shape inference does not "
            "know; add them to the value_info of the model"
        )
    if isinstance(type_, str):
        raise ValueError(f"result '{name}': {type_}")
    return type_


def _attribute(name: str, entry: object) -> Attribute:
    """An attribute of a node as one of the IR. Raises: ValueError for a subgraph."""
    from onnx import AttributeProto, TensorProto, helper, numpy_helper

    value = helper.get_attribute_value(cast(AttributeProto, entry))
    match value:
        case int():
            return IntegerAttr(value, i64)
        case float():
            return FloatAttr(value, f32)
        case bytes():
            return StringAttr(value.decode("utf-8", "replace"))
        case TensorProto():
            return dense_literal(numpy_helper.to_array(value))
        case [*items] if all(isinstance(item, int) for item in items):
            return DenseArrayBase.from_list(i64, cast("list[int]", items))
        case [*items] if all(isinstance(item, float) for item in items):
            return DenseArrayBase.from_list(f32, cast("list[float]", items))
        case [*items] if all(isinstance(item, bytes) for item in items):
            texts = cast("list[bytes]", items)
            return ArrayAttr(StringAttr(text.decode("utf-8", "replace")) for text in texts)
        case _:
            raise ValueError(
                f"expected numbers, text or a tensor as '{name}' of an op that is kept"
            )
