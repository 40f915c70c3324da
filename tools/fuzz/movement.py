"""Drawing ops that move elements and compute nothing."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    Signedness,
    f32,
    i32,
    i64,
)
from xdsl.ir import Attribute

from ...dialect import ttnn
from .drawing import FLOATS, LARGEST_SIZE, chance, factors, permutation, shape, weighted
from .elementwise import any_value
from .facts import Fact, merged, padded
from .registry import draws
from .scope import Scope, Value, small

SI32 = IntegerType(32, Signedness.SIGNED)


def i32_list(values: list[int] | tuple[int, ...]) -> Attribute:
    return ArrayAttr(IntegerAttr(value, i32) for value in values)


def movable(scope: Scope, least_rank: int = 0) -> Value:
    """Any value of some rank, infinities and all, else a new one."""
    if chance(scope.random, 3):
        # What arithmetic would not survive: infinities, and what is no number.
        odd = Fact(3.0, is_finite=False)
        sizes = shape(scope.random, max(least_rank, 3))
        return scope.source(sizes, weighted(scope.random, FLOATS), odd)
    found = scope.pick(lambda value: len(value.shape) >= least_rank)
    if found is not None:
        return found
    value = any_value(scope)
    while len(value.shape) < least_rank:
        value = reshaped(scope, value, (1, *value.shape))
    return value


def reshaped(scope: Scope, value: Value, shape: tuple[int, ...]) -> Value:
    """The value under another shape."""
    listed = list(shape)
    if prod(shape) and chance(scope.random, 20):
        listed[scope.random.randrange(len(listed))] = -1
    return scope.emit(
        ttnn.ReshapeOp,
        [value],
        {"shape": i32_list(listed)},
        value.element_type,
        value.fact,
        shape=shape,
    )


@draws(ttnn.ReshapeOp, weight=6)
def draw_reshape(scope: Scope) -> Value:
    value = movable(scope)
    rank = scope.random.choice((4, 3, 2, 1, 5))
    return reshaped(scope, value, factors(scope.random, value.size, rank))


@draws(ttnn.PermuteOp, weight=6)
def draw_permute(scope: Scope) -> Value:
    value = movable(scope)
    return permuted(scope, value, permutation(scope.random, len(value.shape)))


def permuted(scope: Scope, value: Value, order: tuple[int, ...]) -> Value:
    """The value with its dimensions in another order."""
    properties: dict[str, Attribute] = {"permutation": DenseArrayBase.from_list(i64, order)}
    if chance(scope.random, 20):
        properties["pad_value"] = FloatAttr(0.0, f32)
    return scope.emit(
        ttnn.PermuteOp,
        [value],
        properties,
        value.element_type,
        value.fact,
        is_parameter=value.is_parameter,
    )


@draws(ttnn.PadOp, weight=5)
def draw_pad(scope: Scope) -> Value | None:
    value = movable(scope)
    amounts = [scope.random.choice((0, 0, 1, 2, 3)) for _ in range(2 * len(value.shape))]
    sizes = [size + sum(amounts[2 * axis : 2 * axis + 2]) for axis, size in enumerate(value.shape)]
    if prod(sizes) > LARGEST_SIZE:
        return None
    filling = float(scope.random.choice((0, 0, 1, 2)))
    properties: dict[str, Attribute] = {
        "padding": DenseArrayBase.from_list(i32, amounts),
        "value": FloatAttr(filling, f32),
        "use_multicore": BoolAttr.from_bool(chance(scope.random, 50)),
    }
    fact = padded(value.fact, filling)
    return scope.emit(ttnn.PadOp, [value], properties, value.element_type, fact)


@draws(ttnn.SliceStaticOp, weight=5)
def draw_slice(scope: Scope) -> Value:
    value = movable(scope, 1)
    rows = [_slice(scope, size) for size in value.shape]
    begins, ends, steps = ([row[i] for row in rows] for i in range(3))
    properties = {"begins": i32_list(begins), "ends": i32_list(ends), "step": i32_list(steps)}
    return scope.emit(ttnn.SliceStaticOp, [value], properties, value.element_type, value.fact)


def _slice(scope: Scope, size: int) -> tuple[int, int, int]:
    """(begin, end, step) of one axis, mostly of at least one element; bounds may count from the
    end."""
    random = scope.random
    if chance(random, 40) or size == 0:
        return 0, size, 1
    begin = random.randrange(size)
    end = begin if chance(random, 1) else random.randrange(begin + 1, size + 1)
    step = random.choice((1, 1, 2, 3))
    begin = begin - size if chance(random, 20) else begin
    end = end - size if end < size and chance(random, 20) else end
    return begin, end, step


@draws(ttnn.ConcatOp, weight=5)
def draw_concat(scope: Scope) -> Value | None:
    first = movable(scope, 1)
    axis = scope.random.randrange(len(first.shape))
    values = [first]
    for _ in range(scope.random.choice((1, 1, 2, 0))):
        values.append(_beside(scope, first, axis))
    if sum(value.size for value in values) > LARGEST_SIZE:
        return None
    if chance(scope.random, 50):
        values.reverse()
    dim = axis - len(first.shape) if chance(scope.random, 30) else axis
    properties = {"dim": IntegerAttr(dim, SI32)}
    fact = merged(*(value.fact for value in values))
    return scope.emit(ttnn.ConcatOp, values, properties, first.element_type, fact)


def _beside(scope: Scope, first: Value, axis: int) -> Value:
    """A value that differs from the first in its size along one axis at most."""

    def without(shape: tuple[int, ...]) -> tuple[int, ...]:
        return (*shape[:axis], *shape[axis + 1 :])

    found = scope.pick(
        lambda value: (
            value.element_type == first.element_type
            and len(value.shape) == len(first.shape)
            and without(value.shape) == without(first.shape)
        )
    )
    if found is not None:
        return found
    size = scope.random.randrange(1, 4)
    shape = (*first.shape[:axis], size, *first.shape[axis + 1 :])
    return scope.source(shape, first.element_type, small(scope.random))


@draws(ttnn.RepeatOp, weight=4)
def draw_repeat(scope: Scope) -> Value | None:
    value = movable(scope, 1)
    times = [scope.random.choice((1, 1, 2, 3)) for _ in value.shape]
    if value.size * prod(times) > LARGEST_SIZE:
        return None
    properties = {"repeat_dims": ttnn.ShapeAttr.from_sizes(times)}
    return scope.emit(ttnn.RepeatOp, [value], properties, value.element_type, value.fact)
