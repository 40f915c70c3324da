"""Activations as ops and as fields of a configuration, and from one to the other."""

from __future__ import annotations

from xdsl.dialects.builtin import ArrayAttr, FloatAttr, StringAttr, f32
from xdsl.ir import Attribute, SSAValue

from ..dialect import build, ttnn
from ..dialect.tensor_types import shape_of
from ..dialect.ttnn.activations import ACTIVATION_OPS, DEFAULT_LEAKY_SLOPE
from ..dialect.ttnn.configs import Activation, UnaryWithParamAttr

OPS_BY_NAME = {op.name.removeprefix("ttnn."): op for op in ACTIVATION_OPS}
"""The op of each activation that has one, by the name a configuration gives it."""


def build_activation(activation: Activation, value: SSAValue) -> SSAValue:
    """Build the op of an activation in OPS_BY_NAME."""
    properties: dict[str, Attribute] = {}
    if activation.name == "leaky_relu":
        slope = activation.params[0] if activation.params else DEFAULT_LEAKY_SLOPE
        properties["parameter"] = FloatAttr(slope, f32)
    result_type = build.bare_type(value, shape_of(value))
    kind = OPS_BY_NAME[activation.name]
    return build.create(kind, [value], properties, result_type, activation.name)


def activation_field(op: ttnn.ActivationOp) -> UnaryWithParamAttr:
    """The `activation` of a configuration that does what an op does."""
    activation = op.activation()
    params = [FloatAttr(param, f32) for param in activation.params]
    return UnaryWithParamAttr(StringAttr(activation.name), ArrayAttr(params))
