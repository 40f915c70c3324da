"""Drawing ops that pool pixels and repeat them."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import (
    BoolAttr,
    DenseArrayBase,
    IntegerAttr,
    StringAttr,
    i32,
)
from xdsl.ir import Attribute, Operation

from ...dialect import ttnn
from ...dialect.geometry.plain import ConvAxis, with_ceil_mode
from ...dialect.ttnn.padding import write_pool_padding
from .drawing import LARGEST_SIZE, another_of_its_kind, chance
from .facts import Fact, computed, is_float, stored, widened
from .images import flattened_image, image, pixels_of
from .movement import SI32
from .registry import draws, draws_each
from .scope import Scope, Value


def _result_type(scope: Scope, value: Value) -> Attribute:
    """Mostly the operand's; TTIR's poolings have one type."""
    if scope.draft.plain is not None:
        return value.element_type
    return another_of_its_kind(scope.random, value.element_type, 10)


def _axis(scope: Scope, size: int) -> ConvAxis | None:
    """One axis of a pooling that has an output; None where the draw has none."""
    random = scope.random
    kernel, stride = random.choice((2, 1, 3)), random.choice((2, 1, 3))
    dilation = random.choice((1, 1, 1, 2))
    low, high = (random.choice((0, 0, 1, kernel // 2, kernel)) for _ in range(2))
    axis = ConvAxis(size, kernel, stride, low, high, dilation)
    return axis if axis.output_size >= 1 and kernel <= axis.padded_size else None


@draws_each(ttnn.MaxPool2dOp, ttnn.AvgPool2dOp, weight=6)
def draw_pooling(scope: Scope, kind: type[Operation]) -> Value | None:
    value = flattened_image(scope)
    batch, height, width = pixels_of(scope, value)
    axes = [_axis(scope, size) for size in (height, width)]
    rows, columns = axes
    if rows is None or columns is None:
        return None
    if kind is ttnn.AvgPool2dOp and not value.is_float:
        if not chance(scope.random, 5):
            return None
        scope.draft.reasons.add("average of integers")
    ceil_mode, counts_padding = chance(scope.random, 40), chance(scope.random, 50)
    numbers = {
        "batch_size": batch,
        "input_height": height,
        "input_width": width,
        "channels": value.shape[3],
    }
    pairs = {"kernel_size": "kernel", "stride": "stride", "dilation": "dilation"}
    padding = write_pool_padding((rows.pad_low, rows.pad_high), (columns.pad_low, columns.pad_high))
    properties: dict[str, Attribute] = {
        **{name: IntegerAttr(number, SI32) for name, number in numbers.items()},
        **{
            name: DenseArrayBase.from_list(i32, [getattr(rows, field), getattr(columns, field)])
            for name, field in pairs.items()
        },
        "padding": DenseArrayBase.from_list(i32, padding),
        "ceil_mode": BoolAttr.from_bool(ceil_mode),
    }
    if kind is ttnn.AvgPool2dOp:
        properties["count_include_pad"] = BoolAttr.from_bool(counts_padding)
    target = _result_type(scope, value)
    if ceil_mode:
        rows, columns = with_ceil_mode(rows), with_ceil_mode(columns)
    fact = _pooled(kind, value, rows, columns, target)
    return scope.emit(kind, [value], properties, target, fact)


def _pooled(
    kind: type[Operation], value: Value, rows: ConvAxis, columns: ConvAxis, target: Attribute
) -> Fact:
    """A window that sees no element gives infinities, or the lowest integer."""
    if not (_sees_always(rows) and _sees_always(columns)):
        error = value.fact.error
        return stored(Fact(2.0**64, value.fact.step, error, not is_float(target)), target)
    if kind is ttnn.MaxPool2dOp:
        return stored(value.fact, target)
    return averaged(value, rows.kernel * columns.kernel, target)


def _sees_always(axis: ConvAxis) -> bool:
    """Whether every window has a tap inside the input."""
    inside = range(axis.pad_low, axis.pad_low + axis.size)
    return all(
        any(window * axis.stride + tap * axis.dilation in inside for tap in range(axis.kernel))
        for window in range(axis.output_size)
    )


def averaged(value: Value, terms: int, target: Attribute) -> Fact:
    """What is known of averages of up to so many elements."""
    bits = widened(value.element_type, target)
    fact = value.fact
    total = computed(fact.largest * terms, fact.step, fact.error * terms, bits, terms)
    error = total.error + 4 * fact.largest * 2.0**-bits
    if terms == 1:
        return stored(fact, target)
    return stored(Fact(fact.largest, 0.0, error), target)


@draws(ttnn.GlobalAvgPool2dOp, weight=4)
def draw_global_average(scope: Scope) -> Value | None:
    value = image(scope)
    _, height, width, _ = value.shape
    if not height * width:
        return None
    if not value.is_float:
        if not chance(scope.random, 5):
            return None
        scope.draft.reasons.add("average of integers")
    target = _result_type(scope, value)
    count, fact = height * width, value.fact
    if count & (count - 1):
        fact = averaged(value, count, target)
    else:
        bits = widened(value.element_type, target)
        total = computed(fact.largest * count, fact.step, fact.error * count, bits, count)
        fact = stored(Fact(fact.largest, total.step / count, total.error), target)
    return scope.emit(ttnn.GlobalAvgPool2dOp, [value], {}, target, fact)


@draws(ttnn.UpsampleOp, weight=5)
def draw_upsample(scope: Scope) -> Value | None:
    value = image(scope, computable=False)
    factors = [scope.random.choice((2, 1, 3)) for _ in range(2)]
    if value.size * prod(factors) > LARGEST_SIZE:
        return None
    properties: dict[str, Attribute] = {"scale_factor": DenseArrayBase.from_list(i32, factors)}
    if factors[0] == factors[1] and chance(scope.random, 60):
        properties["scale_factor"] = IntegerAttr(factors[0], SI32)
    if chance(scope.random, 3):
        scope.draft.reasons.add("bilinear upsampling")
        properties["mode"] = StringAttr("bilinear")
    elif chance(scope.random, 50):
        properties["mode"] = StringAttr("nearest")
    target = value.element_type
    if value.fact.is_finite:
        target = _result_type(scope, value)
    fact = stored(value.fact, target)
    return scope.emit(ttnn.UpsampleOp, [value], properties, target, fact)
