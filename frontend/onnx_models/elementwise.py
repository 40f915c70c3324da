"""Activations, arithmetic that broadcasts, casts, and ops that do nothing at inference."""

from __future__ import annotations

from functools import reduce

import numpy as np

from ...dialect.numpy_types import Array, is_float
from ..graph import Value, array_type, element_type_for
from .inputs import numpy_type
from .node import Node, Unsupported, converts

ACTIVATIONS = {"Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh"}
BINARY = {"Add": "add", "Mul": "multiply", "Sub": "subtract", "Div": "divide"}
VARIADIC = {"Sum": "add", "Max": "maximum", "Min": "minimum"}


@converts(*ACTIVATIONS)
def convert_activation(node: Node) -> Value:
    kind = ACTIVATIONS[node.op_type]
    return node.builder.activation(kind, node.value(0), name=node.result)


@converts("LeakyRelu")
def convert_leaky_relu(node: Node) -> Value:
    slope = node.number("alpha", 0.01)
    return node.builder.activation("leaky_relu", node.value(0), slope, name=node.result)


@converts("Gelu")
def convert_gelu(node: Node) -> Value:
    approximation = node.one_of("approximate", "none", ("none", "tanh"))
    if approximation != "none":
        raise Unsupported(f"expected approximate none, got {approximation}")
    return node.builder.activation("gelu", node.value(0), name=node.result)


@converts("PRelu")
def convert_prelu(node: Node) -> Value:
    """max(x, 0) + slope * min(x, 0)."""
    x, builder = node.value(0), node.builder
    zero = builder.constant(np.zeros((), array_type(x)), "zero")
    negative = builder.multiply(builder.binary("minimum", x, zero), node.value(1))
    return builder.add(builder.activation("relu", x), negative, name=node.result)


@converts("Clip")
def convert_clip(node: Node) -> Value:
    """min(max(x, low), high); bounds are attributes before opset 11, and inputs since."""
    x, builder = node.value(0), node.builder
    dtype = array_type(x)
    bounds: dict[str, Array | None] = {}
    for index, (name, kind) in enumerate((("min", "maximum"), ("max", "minimum")), 1):
        if node.opset >= 11:
            bounds[kind] = node.known(index, f"a bound '{name}'")
        elif name in node.attributes:
            bounds[kind] = np.asarray(node.number(name, 0.0), dtype)
    if any(bound is not None and bound.size != 1 for bound in bounds.values()):
        raise ValueError("expected bounds of one number")
    found = {kind: bound.reshape(()) for kind, bound in bounds.items() if bound is not None}
    if found == {"maximum": 0, "minimum": 6}:
        return builder.activation("relu6", x, name=node.result)
    for kind, bound in found.items():
        x = builder.binary(kind, x, builder.constant(bound, kind), name=node.result)
    return x


@converts(*BINARY)
def convert_binary(node: Node) -> Value:
    a, b = node.value(0), node.value(1)
    if node.op_type == "Div" and not is_float(array_type(a)):
        raise Unsupported(f"expected floats, got elements of type {a.element_type}")
    return node.builder.binary(BINARY[node.op_type], a, b, name=node.result)


@converts(*VARIADIC)
def convert_variadic(node: Node) -> Value:
    kind = VARIADIC[node.op_type]
    values = [node.value(index) for index in range(len(node.inputs))]
    return reduce(lambda a, b: node.builder.binary(kind, a, b, name=node.result), values)


@converts("Cast", "CastLike")
def convert_cast(node: Node) -> Value:
    x = node.value(0)
    if node.op_type == "CastLike":
        target = node.value(1).element_type
    else:
        target = element_type_for(numpy_type(node.integer("to", 0)))
    if "i1" in (str(target), str(x.element_type)):
        raise Unsupported(f"expected numbers, got a cast from {x.element_type} to {target}")
    return node.builder.cast(x, target, name=node.result)


@converts("Identity")
def convert_identity(node: Node) -> Value:
    return node.value(0)


@converts("Dropout")
def convert_dropout(node: Node) -> Value:
    trains = node.known(2, "a training_mode")
    if trains is not None and trains.any():
        raise Unsupported("expected inference, got training_mode true")
    if node.is_read(1):
        raise Unsupported("expected that nothing reads the mask")
    return node.value(0)
