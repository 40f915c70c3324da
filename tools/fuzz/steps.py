"""Drawing the steps of a decomposition for which TTNN has no op."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, i64
from xdsl.ir import Attribute

from ...dialect import deconv
from ...dialect.deconv.shapes import dilated_shape, interleave_block_shape
from ...dialect.geometry.transposed import TransposedAxis
from .configs import drawn_activation
from .drawing import LARGEST_SIZE, another_of_its_kind, chance, element_type, subset
from .elementwise import activated, any_value
from .facts import computed, merged, padded, stored, widened
from .movement import movable, reshaped
from .registry import draws
from .scope import Scope, Value, small


def i64_array(values: list[int] | tuple[int, ...]) -> Attribute:
    return DenseArrayBase.from_list(i64, values)


@draws(deconv.DilateInsertOp, weight=3)
def draw_dilate_insert(scope: Scope) -> Value | None:
    value = movable(scope)
    strides = [scope.random.choice((1, 1, 2, 3)) for _ in value.shape]
    if prod(dilated_shape(value.shape, strides)) > LARGEST_SIZE:
        return None
    properties = {"strides": i64_array(strides)}
    fact = padded(value.fact, 0.0)
    return scope.emit(deconv.DilateInsertOp, [value], properties, value.element_type, fact)


@draws(deconv.FlipOp, weight=3)
def draw_flip(scope: Scope) -> Value:
    value = movable(scope)
    axes = subset(scope.random, range(len(value.shape)), 3)
    if chance(scope.random, 30):
        axes.reverse()
    properties = {"dimensions": i64_array(axes)}
    return scope.emit(deconv.FlipOp, [value], properties, value.element_type, value.fact)


@draws(deconv.InterleaveOp, weight=2)
def draw_interleave(scope: Scope) -> Value:
    """Some phases of an image of at most 6 x 6, each block of several; the rest is background."""
    random = scope.random
    batch, channels = random.choice((1, 2)), random.choice((1, 2, 3))
    strides = (random.choice((2, 1, 3)), random.choice((2, 1, 3)))
    output = (batch, random.randrange(strides[0], 7), random.randrange(strides[1], 7), channels)
    kind = element_type(random)
    blocks: list[Value] = []
    phases: list[tuple[list[int], list[int]]] = []
    for rows in _cut(scope, output[1], strides[0]):
        for columns in _cut(scope, output[2], strides[1]):
            if chance(random, 80):
                block = interleave_block_shape(rows, columns, output, strides)
                blocks.append(_block(scope, block, kind))
                phases.append((rows, columns))
    background = None
    if not blocks or chance(random, 50):
        background = scope.source((1, 1, 1, channels), kind, small(random), weight=True)
    operands = [*blocks, *([background] if background is not None else [])]
    segments = (len(blocks), int(background is not None))
    properties: dict[str, Attribute] = {
        "strides": i64_array(strides),
        "rows": ArrayAttr(i64_array(rows) for rows, _ in phases),
        "columns": ArrayAttr(i64_array(columns) for _, columns in phases),
        "operandSegmentSizes": _segments(segments),
    }
    fact = padded(merged(*(value.fact for value in operands)), 0.0)
    return scope.emit(deconv.InterleaveOp, operands, properties, kind, fact, shape=output)


def _segments(sizes: tuple[int, int]) -> Attribute:
    from xdsl.dialects.builtin import i32

    return DenseArrayBase.from_list(i32, sizes)


def _cut(scope: Scope, size: int, stride: int) -> list[list[int]]:
    """The phases of an axis in sets whose blocks have one size each."""
    sets: dict[int, list[int]] = {}
    for phase in range(stride):
        together = -((phase - size) // stride) if chance(scope.random, 60) else -phase - 1
        sets.setdefault(together, []).append(phase)
    return list(sets.values())


def _block(scope: Scope, shape: tuple[int, ...], kind: Attribute) -> Value:
    found = scope.pick(lambda value: value.shape == shape and value.element_type == kind)
    return found or scope.source(shape, kind, small(scope.random))


@draws(deconv.Col2ImOp, weight=2)
def draw_col2im(scope: Scope) -> Value | None:
    random = scope.random
    axes = [_axis(scope) for _ in range(2)]
    height, width = axes
    if min(height.output_size, width.output_size) < 1:
        return None
    groups, batch, outer = random.choice((1, 2)), random.choice((1, 2)), random.choice((1, 2))
    pixels, columns = batch * height.size * width.size, height.kernel * width.kernel * outer
    kind = element_type(random)
    products = scope.pick(
        lambda value: value.is_computable and value.size == groups * pixels * columns
    )
    if products is None:
        products = scope.source((groups, pixels, columns), kind, small(random))
    elif products.shape != (groups, pixels, columns):
        products = reshaped(scope, products, (groups, pixels, columns))
    kind = products.element_type
    fields = {
        "input_size": "size",
        "kernel_size": "kernel",
        "stride": "stride",
        "dilation": "dilation",
        "output_padding": "output_padding",
    }
    properties = {
        name: i64_array([getattr(height, field), getattr(width, field)])
        for name, field in fields.items()
    }
    pads = (height.pad_low, height.pad_high, width.pad_low, width.pad_high)
    properties["padding"] = i64_array(pads)
    terms, fact = height.kernel * width.kernel, products.fact
    sums = computed(terms * fact.largest, fact.step, terms * fact.error, widened(kind), terms)
    shape = (batch, height.output_size, width.output_size, groups * outer)
    return scope.emit(
        deconv.Col2ImOp, [products], properties, kind, stored(sums, kind), shape=shape
    )


def _axis(scope: Scope) -> TransposedAxis:
    random = scope.random
    size, kernel = random.choice((2, 1, 3)), random.choice((2, 1, 3))
    stride, dilation = random.choice((2, 1, 3)), random.choice((1, 1, 2))
    low, high = random.choice((0, 1, 2)), random.choice((0, 1, 2))
    return TransposedAxis(size, kernel, stride, low, high, dilation, random.choice((0, 0, 1, 4)))


@draws(deconv.FinishOp, weight=3)
def draw_finish(scope: Scope) -> Value:
    value = any_value(scope)
    if not value.shape:
        value = reshaped(scope, value, (1,))
    target = another_of_its_kind(scope.random, value.element_type, 30)
    operands = [value]
    fact, bits = value.fact, widened(value.element_type, target)
    if value.shape[-1] and chance(scope.random, 60):
        kind = another_of_its_kind(scope.random, target, 20)
        bias = scope.source((1, 1, 1, value.shape[-1]), kind, small(scope.random), weight=True)
        operands.append(bias)
        added = bias.fact
        bits = widened(value.element_type, target, kind)
        fact = computed(
            fact.largest + added.largest,
            min(fact.step, added.step),
            fact.error + added.error,
            bits,
        )
    properties: dict[str, Attribute] = {}
    if chance(scope.random, 60):
        config, name, slope = drawn_activation(scope, target)
        properties["conv2d_config"] = config
        fact = activated(fact, name, slope, target)
    return scope.emit(
        deconv.FinishOp, operands, properties, target, stored(fact, target), shape=value.shape
    )
