"""The activations of tt-mlir's `ttnn` dialect as ops of their own.

Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import Float32Type, FloatAttr
from xdsl.irdl import base, irdl_op_definition, prop_def

from .configs import Activation
from .elementwise import UnaryOp

EXACT_ACTIVATIONS = ("relu", "relu6")
"""Activations that integers have too, and that a rounding may stand before or behind."""

DEFAULT_LEAKY_SLOPE = 0.01
"""The slope of a fused leaky_relu that states none."""


class ActivationOp(UnaryOp, ABC):
    """An op that does to every element what an activation fused into a convolution does."""

    def activation(self) -> Activation:
        """The activation as a `conv2d_config` names it."""
        return Activation(self.name.removeprefix("ttnn."))


@irdl_op_definition
class ReluOp(ActivationOp):
    """result = max(input, 0)."""

    name = "ttnn.relu"


@irdl_op_definition
class Relu6Op(ActivationOp):
    """result = min(max(input, 0), 6)."""

    name = "ttnn.relu6"


@irdl_op_definition
class LeakyReluOp(ActivationOp):
    """result = input where it is not negative, input * parameter elsewhere."""

    name = "ttnn.leaky_relu"

    parameter = prop_def(base(FloatAttr[Float32Type]))

    def activation(self) -> Activation:
        return Activation("leaky_relu", (self.parameter.value.data,))


@irdl_op_definition
class TanhOp(ActivationOp):
    """result = tanh(input)."""

    name = "ttnn.tanh"


@irdl_op_definition
class SigmoidOp(ActivationOp):
    """result = 1 / (1 + exp(-input))."""

    name = "ttnn.sigmoid"


@irdl_op_definition
class SiluOp(ActivationOp):
    """result = input * sigmoid(input)."""

    name = "ttnn.silu"


@irdl_op_definition
class GeluOp(ActivationOp):
    """result = input / 2 * (1 + erf(input / sqrt(2)))."""

    name = "ttnn.gelu"


ACTIVATION_OPS: tuple[type[ActivationOp], ...] = (
    ReluOp,
    Relu6Op,
    LeakyReluOp,
    TanhOp,
    SigmoidOp,
    SiluOp,
    GeluOp,
)
