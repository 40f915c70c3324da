"""Drawing ops that compute element by element: activations, sums of two tensors, conversions."""

from __future__ import annotations

from xdsl.dialects.builtin import FloatAttr, f32
from xdsl.ir import Attribute, Operation

from ...dialect import ttnn
from ...dialect.geometry.shapes import broadcast_shape
from ...dialect.ttcore.attributes import DataTypeAttr
from ...dialect.ttnn.activations import ACTIVATION_OPS, EXACT_ACTIVATIONS
from ...dialect.ttnn.attributes import LayoutAttr
from .drawing import FLOATS, INTEGERS, another_of_its_kind, chance, element_type, shape, weighted
from .facts import Fact, computed, fits, is_float, is_unsigned, step_of, stored, widened
from .registry import draws_each
from .scope import Scope, Value, small

SLOPES = (0.25, 0.5, 0.0, -1.0, 0.1)

LAYOUT_OPS = (ttnn.ToLayoutOp, ttnn.ToMemoryConfigOp, ttnn.ToTensorSpecOp, ttnn.TypecastOp)

DATA_TYPES = {"f32": "f32", "bf16": "bf16", "f16": "f16", "si32": "si32", "ui8": "u8"}
"""What `dtype` calls an element type, where it has a name for it."""


def any_value(scope: Scope) -> Value:
    """A value that may be computed with, else a new one."""
    found = scope.pick(lambda value: value.is_computable)
    if found is not None and not chance(scope.random, 10):
        return found
    rank = scope.random.choice((4, 4, 2, 3, 1, 5, 0))
    kind = element_type(scope.random)
    return scope.source(shape(scope.random, rank), kind, small(scope.random))


def activated(fact: Fact, name: str, slope: float, kind: Attribute) -> Fact:
    """What an activation makes of what is known, before the result is stored."""
    match name:
        case "relu" | "identity":
            return fact
        case "relu6":
            return Fact(min(fact.largest, 6.0), fact.step, fact.error)
        case "leaky_relu":
            scale = max(1.0, abs(slope))
            step = fact.step * step_of(slope) if slope else fact.step
            return computed(fact.largest * scale, step, fact.error * scale, widened(kind))
        case _:
            # No curve is steeper than 1.13; exponentials differ in their last bits.
            largest = max(1.0, fact.largest)
            return Fact(largest, 0.0, 1.2 * fact.error + 64 * largest * 2.0 ** -widened(kind))


@draws_each(*ACTIVATION_OPS, weight=4)
def draw_activation(scope: Scope, kind: type[Operation]) -> Value | None:
    value = any_value(scope)
    name = kind.name.removeprefix("ttnn.")
    properties: dict[str, Attribute] = {}
    slope = scope.random.choice(SLOPES)
    if not value.is_float and name not in EXACT_ACTIVATIONS:
        if not chance(scope.random, 5):
            return None
        scope.draft.reasons.add("curve of integers")
    if name == "leaky_relu":
        slope = float(FloatAttr(slope, f32).value.data)
        properties["parameter"] = FloatAttr(slope, f32)
    fact = stored(activated(value.fact, name, slope, value.element_type), value.element_type)
    return scope.emit(kind, [value], properties, value.element_type, fact)


def _partner(scope: Scope, value: Value, positive: bool) -> Value:
    """A tensor that broadcasts with `value`; a new one is never zero where `positive`."""

    def serves(other: Value) -> bool:
        same_kind = other.element_type == value.element_type or (
            other.is_float and value.is_float and chance(scope.random, 30)
        )
        return other.is_computable and same_kind and _broadcasts(other, value)

    if not positive and chance(scope.random, 60) and (found := scope.pick(serves)) is not None:
        return found
    sizes = [1 if chance(scope.random, 40) else size for size in value.shape]
    sizes = sizes[scope.random.randrange(len(sizes) + 1) if chance(scope.random, 30) else 0 :]
    kind = another_of_its_kind(scope.random, value.element_type, 10)
    if positive:
        return scope.constant(sizes, kind, Fact(float(scope.random.choice((2, 4, 1, 3)))))
    return scope.source(sizes, kind, small(scope.random), weight=True)


def _broadcasts(a: Value, b: Value) -> bool:
    try:
        broadcast_shape(a.shape, b.shape)
    except ValueError:
        return False
    return True


def combined(kind: type[Operation], a: Fact, b: Fact, bits: int) -> Fact:
    """What is known of a + b, a * b, ..., before the result is stored."""
    if kind in (ttnn.MaximumOp, ttnn.MinimumOp):
        return Fact(max(a.largest, b.largest), min(a.step, b.step), max(a.error, b.error))
    if kind is ttnn.MultiplyOp:
        error = a.error * b.largest + b.error * a.largest + a.error * b.error
        return computed(a.largest * b.largest, a.step * b.step, error, bits)
    return computed(a.largest + b.largest, min(a.step, b.step), a.error + b.error, bits)


@draws_each(
    ttnn.AddOp,
    ttnn.MultiplyOp,
    ttnn.SubtractOp,
    ttnn.MaximumOp,
    ttnn.MinimumOp,
    weight=6,
)
def draw_combination(scope: Scope, kind: type[Operation]) -> Value:
    lhs = any_value(scope)
    rhs = _partner(scope, lhs, False)
    if chance(scope.random, 30):
        lhs, rhs = rhs, lhs
    target = another_of_its_kind(scope.random, lhs.element_type, 5)
    bits = widened(lhs.element_type, rhs.element_type, target)
    fact = stored(combined(kind, lhs.fact, rhs.fact, bits), target)
    return scope.emit(kind, [lhs, rhs], {}, target, fact)


@draws_each(ttnn.DivideOp, weight=3)
def draw_division(scope: Scope, kind: type[Operation]) -> Value | None:
    """By constants other than zero: what is divided by zero is of no further use."""
    lhs = any_value(scope)
    if not lhs.is_float:
        if not chance(scope.random, 5):
            return None
        scope.draft.reasons.add("integer division")
    sizes = [1 if chance(scope.random, 40) else size for size in lhs.shape]
    divisor = float(scope.random.choice((2, 4, 1, 3, -2) if lhs.is_float else (2, 3)))
    rhs = scope.constant(sizes, lhs.element_type, Fact(abs(divisor)), always=divisor)
    if divisor == 3.0:
        bits = widened(lhs.element_type)
        fact = Fact(lhs.fact.largest, 0.0, lhs.fact.error + lhs.fact.largest * 2.0 ** (1 - bits))
    else:
        step = lhs.fact.step / abs(divisor)
        fact = computed(lhs.fact.largest, step, lhs.fact.error, widened(lhs.element_type))
    return scope.emit(kind, [lhs, rhs], {}, lhs.element_type, stored(fact, lhs.element_type))


@draws_each(*LAYOUT_OPS, weight=3)
def draw_layout_move(scope: Scope, kind: type[Operation]) -> Value:
    value = scope.pick(lambda value: True) or any_value(scope)
    target, percent = value.element_type, 80 if kind is ttnn.TypecastOp else 15
    if chance(scope.random, percent):
        drawn = weighted(scope.random, INTEGERS if chance(scope.random, 25) else FLOATS)
        target = drawn if _converts(value, drawn) else target
    properties: dict[str, Attribute] = {}
    if (name := DATA_TYPES.get(str(target))) and chance(scope.random, 30):
        properties["dtype"] = DataTypeAttr(name)
    if chance(scope.random, 30):
        properties["layout"] = LayoutAttr(scope.random.choice(("tile", "row_major")))
    fact = stored(value.fact, target) if target != value.element_type else value.fact
    return scope.emit(kind, [value], properties, target, fact, is_parameter=value.is_parameter)


def _converts(value: Value, target: Attribute) -> bool:
    """Whether every element has one right image in the other type."""
    if not value.is_float and not is_float(target):
        return True
    if is_float(target):
        return value.fact.is_finite and stored(value.fact, target).is_finite
    nonnegative = not is_unsigned(target)
    return nonnegative and fits(value.fact, target)
