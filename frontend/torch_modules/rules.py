"""What each op of an exported module becomes: one rule an op of core ATen.

A rule gets the builder and the call, and gives what the call gives: a value, or a tuple of them. It
refuses with a ValueError, "expected X, got Y", and the importer says where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from ...interpreter.dtypes import Array, DType
from ..graph import BatchNorm, Constant, GraphBuilder, Sliding, Value, element_type_for

Result: TypeAlias = Value | tuple[Value | None, ...]


@dataclass(frozen=True)
class Call:
    """A call of an op: its arguments by the names of its schema, and what torch says it gives."""

    name: str
    arguments: Mapping[str, Any]
    """Tensors are `Value`s; what is left out has its default."""

    shape: tuple[int, ...]
    dtype: DType
    """Of the result, the first one where there are several."""

    read: frozenset[int]
    """Which results are read, where there are several."""

    def __getitem__(self, argument: str) -> Any:
        return self.arguments[argument]

    def only_first(self, value: Value) -> Result:
        """The first of several results, where nothing reads the others.

        Raises: ValueError where something does.
        """
        if self.read - {0}:
            raise ValueError(f"expected the first result alone to be read, got {set(self.read)}")
        return (value,)

    def number(self, value: Any) -> Constant:
        """A Python number in the result's type."""
        return Constant(np.asarray(value, self.dtype), f"{self.name}_number")


Rule: TypeAlias = Callable[[GraphBuilder, Call], Result]

RULES: dict[str, Rule] = {}
"""Rules by the name of the op: `aten.add.Tensor`."""


def _rule(*names: str) -> Callable[[Rule], Rule]:
    def add(rule: Rule) -> Rule:
        RULES.update(dict.fromkeys((f"aten.{name}" for name in names), rule))
        return rule

    return add


# Convolutions and normalization ------------------------------------------------------------------


@_rule("convolution.default")
def _convolution(graph: GraphBuilder, call: Call) -> Value:
    sliding = Sliding(
        tuple(call["stride"]),
        tuple((amount, amount) for amount in call["padding"]),
        tuple(call["dilation"]),
        tuple(call["output_padding"]) if call["transposed"] else (),
        call["groups"],
    )
    build = graph.conv_transpose if call["transposed"] else graph.conv
    return build(call["input"], call["weight"], call["bias"], sliding, name=call.name)


def _own_convolution(graph: GraphBuilder, call: Call) -> Result:
    return _convolution(graph, replace(call, arguments={**call.arguments, "transposed": True}))


RULES["xdsl_ttnn.conv_transpose2d.default"] = _own_convolution


@_rule("_native_batch_norm_legit_no_training.default")
def _batch_norm(graph: GraphBuilder, call: Call) -> Result:
    mean, variance = (_known(call, name) for name in ("running_mean", "running_var"))
    weight, bias = (_known(call, name) for name in ("weight", "bias"))
    assert mean is not None and variance is not None
    norm = BatchNorm(
        np.ones_like(mean) if weight is None else weight,
        np.zeros_like(mean) if bias is None else bias,
        mean,
        variance,
        call["eps"],
    )
    return call.only_first(graph.batch_norm(call["input"], norm, name=call.name))


def _known(call: Call, name: str) -> Array | None:
    """The array of an argument that must be a weight."""
    value = call[name]
    if value is None or isinstance(value, Constant):
        return None if value is None else value.array
    raise ValueError(f"expected a parameter or a buffer as {name}, got a value that is computed")


# Element by element ------------------------------------------------------------------------------


def _activation(kind: str) -> Rule:
    return lambda graph, call: graph.activation(kind, call["self"], name=call.name)


for _kind in ("relu", "sigmoid", "tanh", "silu"):
    _rule(f"{_kind}.default")(_activation(_kind))


@_rule("gelu.default")
def _gelu(graph: GraphBuilder, call: Call) -> Value:
    if call["approximate"] != "none":
        raise ValueError(f"expected approximate='none', got '{call['approximate']}'")
    return graph.activation("gelu", call["self"], name=call.name)


@_rule("leaky_relu.default")
def _leaky_relu(graph: GraphBuilder, call: Call) -> Value:
    slope = float(call["negative_slope"])
    return graph.activation("leaky_relu", call["self"], slope, name=call.name)


@_rule("hardtanh.default", "clamp.default")
def _clamp(graph: GraphBuilder, call: Call) -> Value:
    low = call.arguments.get("min_val", call.arguments.get("min"))
    high = call.arguments.get("max_val", call.arguments.get("max"))
    value = call["self"]
    if (low, high) == (0, 6):
        return graph.activation("relu6", value, name=call.name)
    if low is not None:
        value = graph.binary("maximum", value, call.number(low), name=call.name)
    if high is not None:
        value = graph.binary("minimum", value, call.number(high), name=call.name)
    return value


def _binary(kind: str) -> Rule:
    def rule(graph: GraphBuilder, call: Call) -> Value:
        other = _operand(graph, call, call["other"])
        alpha = call.arguments.get("alpha", 1)
        if alpha != 1:
            other = graph.multiply(other, call.number(alpha), name=f"{call.name}_alpha")
        return graph.binary(kind, _operand(graph, call, call["self"]), other, name=call.name)

    return rule


def _operand(graph: GraphBuilder, call: Call, value: Any) -> Value:
    """An operand in the element type that torch has promoted the result to."""
    if not isinstance(value, Value):
        return call.number(value)
    return _cast(graph, value, call.dtype, f"{call.name}_cast")


def _cast(graph: GraphBuilder, value: Value, dtype: DType, name: str) -> Value:
    wanted = element_type_for(dtype)
    return value if value.element_type == wanted else graph.cast(value, wanted, name=name)


for _name, _kind in (
    ("add", "add"),
    ("sub", "subtract"),
    ("mul", "multiply"),
    ("div", "divide"),
):
    _rule(f"{_name}.Tensor", f"{_name}.Scalar")(_binary(_kind))
_rule("maximum.default")(_binary("maximum"))
_rule("minimum.default")(_binary("minimum"))


@_rule("_to_copy.default")
def _to_copy(graph: GraphBuilder, call: Call) -> Value:
    return _cast(graph, call["self"], call.dtype, call.name)


# Movement ----------------------------------------------------------------------------------------


@_rule(
    *("view.default", "_unsafe_view.default", "reshape.default", "alias.default"),
    *("unsqueeze.default", "squeeze.default", "squeeze.dim", "squeeze.dims"),
    *("clone.default", "contiguous.default", "detach.default", "dropout.default"),
)
def _reshape(graph: GraphBuilder, call: Call) -> Value:
    """The same elements in the same order, under the shape that torch says."""
    value = call.arguments.get("self", call.arguments.get("input"))
    assert value is not None
    return value if value.shape == call.shape else graph.reshape(value, call.shape, name=call.name)


@_rule("permute.default")
def _permute(graph: GraphBuilder, call: Call) -> Value:
    rank = len(call.shape)
    return graph.permute(call["self"], [axis % rank for axis in call["dims"]], name=call.name)


@_rule("cat.default")
def _cat(graph: GraphBuilder, call: Call) -> Value:
    parts = [_operand(graph, call, part) for part in call["tensors"]]
    return graph.concat(parts, call["dim"], name=call.name)


@_rule("slice.Tensor")
def _slice(graph: GraphBuilder, call: Call) -> Value:
    shape = call["self"].shape
    axis = call["dim"] % len(shape)
    start, stop, step = slice(call["start"], call["end"], call["step"]).indices(shape[axis])
    if (start, stop, step) == (0, shape[axis], 1):
        return call["self"]
    bounds, steps = [(0, size) for size in shape], [1] * len(shape)
    bounds[axis], steps[axis] = (start, max(start, stop)), step
    return graph.slice(call["self"], bounds, steps, name=call.name)


@_rule("select.int")
def _select(graph: GraphBuilder, call: Call) -> Value:
    shape = call["self"].shape
    axis = call["dim"] % len(shape)
    index = call["index"] % shape[axis]
    bounds = [(0, size) for size in shape]
    bounds[axis] = (index, index + 1)
    part = graph.slice(call["self"], bounds, name=f"{call.name}_slice")
    return graph.reshape(part, call.shape, name=call.name)


@_rule("split_with_sizes.default")
def _split(graph: GraphBuilder, call: Call) -> Result:
    shape, start = call["self"].shape, 0
    axis = call["dim"] % len(shape)
    parts: list[Value | None] = []
    for index, size in enumerate(call["split_sizes"]):
        bounds = [(0, extent) for extent in shape]
        bounds[axis] = (start, start + size)
        is_read = index in call.read
        name = f"{call.name}_{index}"
        parts.append(graph.slice(call["self"], bounds, name=name) if is_read else None)
        start += size
    return tuple(parts)


@_rule("constant_pad_nd.default")
def _pad(graph: GraphBuilder, call: Call) -> Value:
    """torch lists (low, high) from the last dimension on; negative amounts cut off."""
    value, shape = call["self"], call["self"].shape
    pairs = list(zip(call["pad"][::2], call["pad"][1::2], strict=True))[::-1]
    pairs = [(0, 0)] * (len(shape) - len(pairs)) + pairs
    bounds = [
        (max(-low, 0), size - max(-high, 0)) for size, (low, high) in zip(shape, pairs, strict=True)
    ]
    if any(bound != (0, size) for bound, size in zip(bounds, shape, strict=True)):
        value = graph.slice(value, bounds, name=f"{call.name}_cropped")
    amounts = [(max(low, 0), max(high, 0)) for low, high in pairs]
    return graph.pad(value, amounts, float(call["value"]), name=call.name)


# Pooling, upsampling, matrices -------------------------------------------------------------------


@_rule("max_pool2d_with_indices.default")
def _max_pool(graph: GraphBuilder, call: Call) -> Result:
    kernel, stride, padding, dilation = (
        tuple(call[name]) * (2 // max(len(call[name]), 1))
        for name in ("kernel_size", "stride", "padding", "dilation")
    )
    sliding = Sliding(stride or kernel, tuple((amount, amount) for amount in padding), dilation)
    pooled = graph.max_pool(
        call["self"], kernel, sliding, ceil_mode=call["ceil_mode"], name=call.name
    )
    return call.only_first(pooled)


@_rule(
    *("upsample_nearest1d.default", "upsample_nearest1d.vec"),
    *("upsample_nearest2d.default", "upsample_nearest2d.vec"),
)
def _upsample(graph: GraphBuilder, call: Call) -> Value:
    value = call.arguments.get("self", call.arguments.get("input"))
    assert value is not None
    before, after = value.shape[2:], call.shape[2:]
    factors = tuple(large // small for small, large in zip(before, after, strict=True))
    scales = call.arguments.get("scale_factors") or [
        call.arguments.get(name)
        for name in (("scales",) if len(before) == 1 else ("scales_h", "scales_w"))
    ]
    for small, large, factor, scale in zip(before, after, factors, scales, strict=True):
        if small * factor != large or scale not in (None, factor):
            said = f"{large / small:g}" if scale is None else f"{scale:g}"
            raise ValueError(f"expected whole factors, got {said} (from {small} to {large})")
    return graph.upsample_nearest(value, factors, name=call.name)


@_rule("mm.default", "bmm.default")
def _matmul(graph: GraphBuilder, call: Call) -> Value:
    return graph.matmul(call["self"], call["mat2"], name=call.name)


@_rule("addmm.default")
def _addmm(graph: GraphBuilder, call: Call) -> Value:
    product = graph.matmul(call["mat1"], call["mat2"], name=f"{call.name}_product")
    if call["alpha"] != 1:
        product = graph.multiply(product, call.number(call["alpha"]), name=f"{call.name}_alpha")
    addend = call["self"]
    if call["beta"] != 1:
        addend = graph.multiply(addend, call.number(call["beta"]), name=f"{call.name}_beta")
    return graph.add(product, addend, name=call.name)
