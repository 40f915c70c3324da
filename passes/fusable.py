"""What may be folded into a convolution, and what may not: questions only, nothing is changed."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import AnyFloat
from xdsl.ir import Operation, OpResult, SSAValue

from ..dialect import ttcore, ttnn
from ..dialect.numerics import accumulator_of, holds
from ..dialect.tensor_types import element_type_of, is_static, shape_of
from ..dialect.ttnn.activations import EXACT_ACTIVATIONS
from .parameters import is_parameter

Convolution = ttnn.ConvTranspose2dOp | ttnn.Conv2dOp


def convolution_before(value: SSAValue, user: Operation) -> Convolution | None:
    """The convolution that makes `value`, if `user` may become a part of it.

    It must stand in the same block, be read by `user` alone, end without an activation and have
    no field in its configuration that might mean one; `user` must keep shape and element type.
    """
    if not isinstance(value, OpResult) or not isinstance(value.op, Convolution):
        return None
    convolution, result = value.op, user.results[0]
    if value.get_user_of_unique_use() is not user or user.parent is not convolution.parent:
        return None
    config = convolution.conv2d_config
    if convolution.activation() is not None or (config is not None and config.unknown_fields()):
        return None
    same_shape = is_static(shape_of(value)) and shape_of(result) == shape_of(value)
    same_type = element_type_of(result) == element_type_of(value)
    return convolution if same_shape and same_type else None


def is_bias_of(value: SSAValue, convolution: Convolution) -> bool:
    """Whether `value` is a parameter with one number a channel, as a convolution's bias is.

    The type that the convolution computes in must hold its numbers.
    """
    if shape_of(value) != (1, 1, 1, convolution.out_channels.value.data):
        return False
    return holds(accumulator_of(convolution), element_type_of(value)) and is_parameter(value)


def has_prepared_operands(convolution: Convolution) -> bool:
    """Whether weight or bias were prepared for the convolution as it stands."""
    made_by = [value.owner for value in (convolution.weight, convolution.bias) if value is not None]
    prepares = (ttcore.LoadCachedOp, ttnn.PrepareConvTranspose2dBiasOp)
    if any(isinstance(owner, prepares) for owner in made_by):
        return True
    if isinstance(convolution, ttnn.ConvTranspose2dOp):
        return convolution.has_prepared_weight()
    return shape_of(convolution.weight) != convolution.geometry().weight_shape


def adds_up_alike(convolution: Convolution) -> bool:
    """Whether adding to a result is adding to its sums: not where a rounding stands between."""
    return accumulator_of(convolution) == element_type_of(convolution.result)


def activates_alike(op: ttnn.ActivationOp, convolution: Convolution) -> bool:
    """Whether an activation of a result is the same activation of its sums, rounded."""
    is_float = isinstance(element_type_of(op.input), AnyFloat)
    is_exact = op.activation().name in EXACT_ACTIVATIONS
    return is_exact or (is_float and adds_up_alike(convolution))


def ops_to_move(value: SSAValue, convolution: Operation, user: Operation) -> list[Operation] | None:
    """What must move in front of `convolution` so that it can read `value`, which `user` reads.

    None where one of these ops stays where it is: only constants, device handles, layout moves and
    cached values move.
    """
    between: list[Operation] = []
    passed = convolution.next_op
    while passed is not None and passed is not user:
        between.append(passed)
        passed = passed.next_op
    constants = (arith.ConstantOp, ttnn.ConstantOp)
    movable = (*constants, ttnn.GetDeviceOp, ttnn.LayoutOp, ttcore.LoadCachedOp)
    found: set[Operation] = set()
    pending = [value]
    while pending:
        owner = pending.pop().owner
        if not isinstance(owner, Operation) or owner not in between:
            continue
        if not isinstance(owner, movable):
            return None
        found.add(owner)
        pending += owner.operands
    return [op for op in between if op in found]
