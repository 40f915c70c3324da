"""Arithmetic on the scalars inside a `linalg.generic` body, one function an operation.

Each builds ops where the implicit builder stands. Element types are those of the TTNN program, so
that signedness is known; the IR below holds signless integers.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import (
    AnyFloat,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    Signedness,
    f32,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.hints import isa

from ..dialect.guards import refuse
from ..dialect.numerics import accumulator_of
from ..dialect.ttnn.activations import DEFAULT_LEAKY_SLOPE
from ..dialect.ttnn.configs import Activation


def signless(type_: Attribute) -> Attribute:
    """`i32` for `si32` and `ui32`; other types stay."""
    if isinstance(type_, AnyFloat) or not isa(type_, IntegerType):
        return type_
    return IntegerType(type_.width.data)


def is_unsigned(type_: Attribute) -> bool:
    """Whether a type's values are read as unsigned: `uiN` and `i1`."""
    if not isa(type_, IntegerType):
        return False
    return type_.signedness.data == Signedness.UNSIGNED or type_.width.data == 1


def is_bit(type_: Attribute) -> bool:
    """Whether a type is i1, on which upstream tools read minsi and maxsi as they like."""
    return isa(type_, IntegerType) and type_.width.data == 1


def accumulator(op: Operation) -> Attribute:
    """The signless type that an op of the TTNN program computes in."""
    return signless(accumulator_of(op))


def constant(value: float, type_: Attribute) -> SSAValue:
    if isinstance(type_, AnyFloat):
        return arith.ConstantOp(FloatAttr(value, type_)).result
    assert isa(type_, IntegerType)
    return arith.ConstantOp(IntegerAttr(int(value), type_)).result


def add(lhs: SSAValue, rhs: SSAValue) -> SSAValue:
    kind = arith.AddfOp if isinstance(lhs.type, AnyFloat) else arith.AddiOp
    return kind(lhs, rhs).result


def multiply(lhs: SSAValue, rhs: SSAValue) -> SSAValue:
    kind = arith.MulfOp if isinstance(lhs.type, AnyFloat) else arith.MuliOp
    return kind(lhs, rhs).result


def subtract(lhs: SSAValue, rhs: SSAValue) -> SSAValue:
    if isinstance(lhs.type, AnyFloat):
        return arith.SubfOp(lhs, rhs).result
    return arith.SubiOp(lhs, rhs).result


def divide(lhs: SSAValue, rhs: SSAValue) -> SSAValue:
    """lhs / rhs of floats."""
    return arith.DivfOp(lhs, rhs).result


def maximum(lhs: SSAValue, rhs: SSAValue, type_: Attribute) -> SSAValue:
    """The larger one, NaN where either is; `type_` says whether integers have a sign."""
    if isinstance(lhs.type, AnyFloat):
        return arith.MaximumfOp(lhs, rhs).result
    if is_bit(lhs.type):
        return arith.OrIOp(lhs, rhs).result
    return (arith.MaxUIOp if is_unsigned(type_) else arith.MaxSIOp)(lhs, rhs).result


def minimum(lhs: SSAValue, rhs: SSAValue, type_: Attribute) -> SSAValue:
    """The smaller one, NaN where either is; `type_` says whether integers have a sign."""
    if isinstance(lhs.type, AnyFloat):
        return arith.MinimumfOp(lhs, rhs).result
    if is_bit(lhs.type):
        return arith.AndIOp(lhs, rhs).result
    return (arith.MinUIOp if is_unsigned(type_) else arith.MinSIOp)(lhs, rhs).result


def lowest(type_: Attribute) -> float:
    """What no value of a type is below: minus infinity for floats."""
    if isinstance(type_, AnyFloat):
        return -inf
    assert isa(type_, IntegerType)
    return 0 if is_unsigned(type_) else -(1 << (type_.width.data - 1))


def convert(value: SSAValue, source: Attribute, target: Attribute) -> SSAValue:
    """Convert a scalar between element types of the TTNN program.

    Floats round to nearest even; integers wrap; float to integer truncates towards zero, and is 1
    in i1 where it is not zero.
    """
    if signless(source) == signless(target):
        return value
    if isinstance(source, AnyFloat):
        if isinstance(target, AnyFloat):
            return _convert_float(value, source, target)
        assert isa(target, IntegerType)
        if is_bit(target):
            return arith.CmpfOp(value, constant(0, source), "une").result
        kind = arith.FPToUIOp if is_unsigned(target) else arith.FPToSIOp
        return kind(value, IntegerType(target.width.data)).result
    if isinstance(target, AnyFloat):
        kind = arith.UIToFPOp if is_unsigned(source) else arith.SIToFPOp
        return kind(value, target).result
    return _convert_integer(value, source, target)


def _convert_float(value: SSAValue, source: AnyFloat, target: AnyFloat) -> SSAValue:
    if source.bitwidth < target.bitwidth:
        return arith.ExtFOp(value, target).result
    if source.bitwidth > target.bitwidth:
        return arith.TruncFOp(value, target).result
    return arith.TruncFOp(arith.ExtFOp(value, f32).result, target).result


def _convert_integer(value: SSAValue, source: Attribute, target: Attribute) -> SSAValue:
    assert isa(source, IntegerType) and isa(target, IntegerType)
    narrow = IntegerType(target.width.data)
    if source.width.data > target.width.data:
        return arith.TruncIOp(value, narrow).result
    kind = arith.ExtUIOp if is_unsigned(source) else arith.ExtSIOp
    return kind(value, narrow).result


def relu(value: SSAValue, type_: Attribute) -> SSAValue:
    if is_unsigned(type_):
        return value
    return maximum(value, constant(0, value.type), type_)


def _relu6(value: SSAValue, type_: Attribute) -> SSAValue:
    if isa(type_, IntegerType) and type_.width.data - (not is_unsigned(type_)) < 3:
        return relu(value, type_)  # it has no 6
    six = constant(6, value.type)
    return minimum(relu(value, type_), six, type_)


def sigmoid(value: SSAValue) -> SSAValue:
    """1 / (1 + exp(-x))."""
    one = constant(1, value.type)
    exponential = math.ExpOp(arith.NegfOp(value).result).result
    return arith.DivfOp(one, add(one, exponential)).result


def tanh(value: SSAValue) -> SSAValue:
    return math.TanhOp(value).result


def _silu(value: SSAValue) -> SSAValue:
    return multiply(value, sigmoid(value))


def _gelu(value: SSAValue) -> SSAValue:
    """0.5 * x * (1 + erf(x / sqrt(2)))."""
    scaled = multiply(value, constant(sqrt(0.5), value.type))
    error = add(constant(1, value.type), math.ErfOp(scaled).result)
    return multiply(multiply(constant(0.5, value.type), value), error)


def _leaky_relu(value: SSAValue, slope: float) -> SSAValue:
    zero = constant(0, value.type)
    positive = arith.CmpfOp(value, zero, "oge").result
    return arith.SelectOp(positive, value, multiply(value, constant(slope, value.type))).result


_FLOAT_ACTIVATIONS: dict[str, Callable[[SSAValue], SSAValue]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "silu": _silu,
    "gelu": _gelu,
}

SUPPORTED_ACTIVATIONS = ("relu", "relu6", "leaky_relu", *_FLOAT_ACTIVATIONS, "identity")


def check_activation(op: Operation, activation: Activation | None, type_: Attribute) -> None:
    """Refuse an activation that cannot be computed, or not on values of this type.

    Raises: PassFailedException naming it.
    """
    if activation is None:
        return
    if activation.name not in SUPPORTED_ACTIVATIONS:
        expected = ", ".join(SUPPORTED_ACTIVATIONS)
        refuse(op, f"expected an activation among {expected}, got {activation.name}")
    if not isinstance(type_, AnyFloat) and activation.name not in ("relu", "relu6", "identity"):
        refuse(op, f"expected a float result for activation {activation.name}, got {type_}")


def activate(value: SSAValue, activation: Activation, type_: Attribute) -> SSAValue:
    """Apply a checked activation; `type_` is the TTNN type that it is computed in."""
    match activation.name:
        case "relu":
            return relu(value, type_)
        case "relu6":
            return _relu6(value, type_)
        case "leaky_relu":
            slope = activation.params[0] if activation.params else DEFAULT_LEAKY_SLOPE
            return _leaky_relu(value, slope)
        case "identity":
            return value
        case name:
            return _FLOAT_ACTIVATIONS[name](value)
