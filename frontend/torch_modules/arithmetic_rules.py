"""Rules of ops that compute: convolutions, normalization, functions of elements, matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..graph import BatchNorm, GraphBuilder, Sliding, Value
from .calls import RULES, Call, Result, Rule, rule

# Convolutions and normalization ------------------------------------------------------------------


@rule("convolution.default")
def _convolution(graph: GraphBuilder, call: Call) -> Value:
    axes = len(call["weight"].shape) - 2
    extra = call.per_axis("output_padding", axes) if call["transposed"] else ()
    sliding = Sliding(
        call.per_axis("stride", axes),
        tuple((amount, amount) for amount in call.per_axis("padding", axes)),
        call.per_axis("dilation", axes),
        extra,
        call["groups"],
    )
    build = graph.conv_transpose if call["transposed"] else graph.conv
    return build(call["input"], call["weight"], call["bias"], sliding, name=call.name)


def _own_convolution(graph: GraphBuilder, call: Call) -> Result:
    return _convolution(graph, replace(call, arguments={**call.arguments, "transposed": True}))


RULES["xdsl_ttnn.conv_transpose2d.default"] = _own_convolution


@rule("_native_batch_norm_legit_no_training.default")
def _batch_norm(graph: GraphBuilder, call: Call) -> Result:
    mean, variance = (call.known(name) for name in ("running_mean", "running_var"))
    weight, bias = (call.known(name) for name in ("weight", "bias"))
    assert mean is not None and variance is not None
    norm = BatchNorm(
        np.ones_like(mean) if weight is None else weight,
        np.zeros_like(mean) if bias is None else bias,
        mean,
        variance,
        call["eps"],
    )
    return call.only_first(graph.batch_norm(call["input"], norm, name=call.name))


# Element by element ------------------------------------------------------------------------------


def _activation(kind: str) -> Rule:
    return lambda graph, call: graph.activation(kind, call["self"], name=call.name)


for _kind in ("relu", "sigmoid", "tanh", "silu"):
    rule(f"{_kind}.default")(_activation(_kind))


@rule("gelu.default")
def _gelu(graph: GraphBuilder, call: Call) -> Value:
    if call["approximate"] != "none":
        raise ValueError(f"expected approximate='none', got '{call['approximate']}'")
    return graph.activation("gelu", call["self"], name=call.name)


@rule("leaky_relu.default")
def _leaky_relu(graph: GraphBuilder, call: Call) -> Value:
    slope = float(call["negative_slope"])
    return graph.activation("leaky_relu", call["self"], slope, name=call.name)


@rule("hardtanh.default", "clamp.default")
def _clamp(graph: GraphBuilder, call: Call) -> Value:
    low = call.arguments.get("min_val", call.arguments.get("min"))
    high = call.arguments.get("max_val", call.arguments.get("max"))
    value = call.operand(graph, call["self"])
    if (low, high) == (0, 6):
        return graph.activation("relu6", value, name=call.name)
    if low is not None:
        value = graph.binary("maximum", value, call.number(low), name=call.name)
    if high is not None:
        value = graph.binary("minimum", value, call.number(high), name=call.name)
    return value


def _binary(kind: str) -> Rule:
    def build(graph: GraphBuilder, call: Call) -> Value:
        other = call.operand(graph, call["other"])
        alpha = call.arguments.get("alpha", 1)
        if alpha != 1:
            other = graph.multiply(other, call.number(alpha), name=f"{call.name}_alpha")
        return graph.binary(kind, call.operand(graph, call["self"]), other, name=call.name)

    return build


for _name, _kind in (
    ("add", "add"),
    ("sub", "subtract"),
    ("mul", "multiply"),
    ("div", "divide"),
):
    rule(f"{_name}.Tensor", f"{_name}.Scalar")(_binary(_kind))
rule("maximum.default")(_binary("maximum"))
rule("minimum.default")(_binary("minimum"))


@rule("_to_copy.default")
def _to_copy(graph: GraphBuilder, call: Call) -> Value:
    return call.cast(graph, call["self"])


# Matrices ----------------------------------------------------------------------------------------


@rule("mm.default", "bmm.default")
def _matmul(graph: GraphBuilder, call: Call) -> Value:
    return graph.matmul(call["self"], call["mat2"], name=call.name)


@rule("addmm.default")
def _addmm(graph: GraphBuilder, call: Call) -> Value:
    product = graph.matmul(call["mat1"], call["mat2"], name=f"{call.name}_product")
    if call["alpha"] != 1:
        product = graph.multiply(product, call.number(call["alpha"]), name=f"{call.name}_alpha")
    addend = call["self"]
    if call["beta"] != 1:
        addend = graph.multiply(addend, call.number(call["beta"]), name=f"{call.name}_beta")
    return graph.add(product, addend, name=call.name)
