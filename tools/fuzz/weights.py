"""Where the weight of a transposed convolution comes from: raw, prepared, or kept in a cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, BoolAttr, StringAttr
from xdsl.ir import Attribute

from ...dialect import ttcore, ttnn
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.ttcore.attributes import DataTypeAttr
from ...dialect.ttnn.attributes import (
    BufferTypeAttr,
    LayoutAttr,
    TensorMemoryLayoutAttr,
)
from ...dialect.ttnn.memory import MemoryConfigAttr
from ...dialect.ttnn.prepare import op_behind_prepare
from .drawing import chance, permutation
from .facts import Fact
from .movement import permuted, reshaped
from .names import function_name
from .scope import Scope, Value


@dataclass(frozen=True)
class WeightOf:
    """The convolution that a weight is for."""

    geometry: ConvTranspose2dGeometry
    attributes: Mapping[str, Attribute]
    element_type: Attribute


def drawn_weight(scope: Scope, use: WeightOf) -> Value:
    """A raw weight, or one that is prepared: on the spot, or by a function that is cached."""
    raw = _raw(scope, use)
    if scope.draft.plain is not None:
        return raw
    way = scope.random.choice(("raw", "raw", "raw", "prepared", "cached", "cached raw"))
    if way == "raw":
        return raw
    if way == "prepared":
        return prepare(scope, use, raw)
    return _cached(scope, use, raw, is_prepared=way == "cached")


def _raw(scope: Scope, use: WeightOf) -> Value:
    """(C, O/G, KH, KW): fresh, or moved about before."""
    shape, fact = use.geometry.weight_shape, Fact(float(scope.random.choice((1, 2))))
    found = scope.pick(
        lambda value: (
            value.shape == shape
            and value.element_type == use.element_type
            and value.is_computable
            and op_behind_prepare(value.ssa) is None
        )
    )
    if found is not None and chance(scope.random, 30):
        return found
    if not chance(scope.random, 20):
        return scope.source(shape, use.element_type, fact, weight=True)
    order = permutation(scope.random, 4)
    inverse = [order.index(axis) for axis in range(4)]
    first = scope.source([shape[axis] for axis in inverse], use.element_type, fact, weight=True)
    return permuted(scope, first, order)


def _common(scope: Scope) -> dict[str, Attribute]:
    memory = MemoryConfigAttr(
        BufferTypeAttr("dram"), ArrayAttr([TensorMemoryLayoutAttr("interleaved")])
    )
    return {
        "input_memory_config": memory,
        "input_tensor_layout": LayoutAttr("tile"),
        "input_dtype": DataTypeAttr("f32"),
    }


def prepare(scope: Scope, use: WeightOf, raw: Value) -> Value:
    """prepare_conv_transpose2d_weights for the convolution as it is."""
    properties = {
        **use.attributes,
        **_common(scope),
        "weights_format": StringAttr("IOHW"),
        "has_bias": BoolAttr.from_bool(False),
    }
    return scope.emit(
        ttnn.PrepareConvTranspose2dWeightsOp,
        [raw, scope.device()],
        properties,
        use.element_type,
        raw.fact,
        is_parameter=raw.is_parameter,
    )


def prepared_bias(scope: Scope, use: WeightOf, bias: Value) -> Value:
    """prepare_conv_transpose2d_bias for the convolution as it is."""
    of_weights = ("output_padding", "mirror_kernel")
    attributes = {name: value for name, value in use.attributes.items() if name not in of_weights}
    return scope.emit(
        ttnn.PrepareConvTranspose2dBiasOp,
        [bias, scope.device()],
        {**attributes, **_common(scope)},
        bias.element_type,
        bias.fact,
        is_parameter=bias.is_parameter,
    )


def _cached(scope: Scope, use: WeightOf, raw: Value, *, is_prepared: bool) -> Value:
    """load_cached of a function of its own that prepares the weight, or only moves it."""
    inner = Scope(scope.draft)
    argument = inner.block.insert_arg(raw.ssa.type, 0)
    value = inner.keep(argument, raw.fact)
    if is_prepared:
        value = prepare(inner, use, value)
    else:
        value = reshaped(inner, reshaped(inner, value, (value.size,)), raw.shape)
    name = function_name(scope.random, scope.draft.names)
    inner.finish(name, [value.ssa], public=False)
    op = ttcore.LoadCachedOp(name, [raw.ssa], [value.ssa.type])
    scope.add(op)
    return scope.keep(op.results[0], value.fact, is_parameter=raw.is_parameter)
