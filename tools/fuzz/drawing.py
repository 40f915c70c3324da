"""Small draws that the whole generator shares.

Every draw goes through one `random.Random`, so a seed stands for a case; a test hands in one of
hypothesis, which then shrinks. What comes first in a list is the simplest: that is where it shrinks
to.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from random import Random
from typing import TypeVar

from xdsl.dialects.builtin import (
    AffineMapAttr,
    ArrayAttr,
    BFloat16Type,
    DictionaryAttr,
    Float16Type,
    IntAttr,
    IntegerType,
    MemRefType,
    NoneAttr,
    Signedness,
    StringAttr,
    f32,
    f64,
)
from xdsl.ir import Attribute
from xdsl.ir.affine import AffineExpr, AffineMap

from ...dialect.ttnn.attributes import BufferTypeAttr, TensorMemoryLayoutAttr
from ...dialect.ttnn.memory import TTNNLayoutAttr
from .facts import is_float

T = TypeVar("T")

BF16, F16 = BFloat16Type(), Float16Type()
I32, SI32 = IntegerType(32), IntegerType(32, Signedness.SIGNED)

FLOATS: dict[Attribute, int] = {f32: 60, BF16: 20, F16: 12, f64: 8}
INTEGERS: dict[Attribute, int] = {
    I32: 50,
    SI32: 20,
    IntegerType(8): 10,
    IntegerType(16): 10,
    IntegerType(8, Signedness.UNSIGNED): 10,
}

LARGEST_SIZE = 800
"""Elements of a tensor: enough for several tiles, few enough to be quick."""


def chance(random: Random, percent: int) -> bool:
    """True in so many of a hundred draws; shrinks to False."""
    return random.randrange(100) >= 100 - percent


def weighted(random: Random, weights: dict[T, int]) -> T:
    """One of the keys, as often as its weight says."""
    place = random.randrange(sum(weights.values()))
    for key, weight in weights.items():
        place -= weight
        if place < 0:
            return key
    raise AssertionError("weights add up to more than was drawn")


def element_type(random: Random) -> Attribute:
    """Mostly floats."""
    return weighted(random, INTEGERS if chance(random, 15) else FLOATS)


def another_of_its_kind(random: Random, given: Attribute, percent: int) -> Attribute:
    """Mostly the same element type; else any float for a float."""
    if is_float(given) and chance(random, percent):
        return weighted(random, FLOATS)
    return given


def shape(random: Random, rank: int) -> tuple[int, ...]:
    """Sizes from 1 to 6, rarely 0."""
    sizes = [random.randrange(1, 7 if rank < 5 else 4) for _ in range(rank)]
    if rank and chance(random, 2):
        sizes[random.randrange(rank)] = 0
    while prod(sizes) > LARGEST_SIZE:
        sizes[sizes.index(max(sizes))] //= 2
    return tuple(sizes)


def factors(random: Random, number: int, count: int) -> tuple[int, ...]:
    """`count` factors whose product is `number`; for 0 the first of them is 0.

    Example: (2, 1, 6) for 12 and 3.
    """
    if number == 0:
        return (0, *(random.randrange(1, 4) for _ in range(count - 1)))
    result: list[int] = []
    for _ in range(count - 1):
        divisors = [size for size in range(1, number + 1) if number % size == 0]
        result.append(random.choice(divisors))
        number //= result[-1]
    return (*result, number)


def permutation(random: Random, rank: int) -> tuple[int, ...]:
    order = list(range(rank))
    random.shuffle(order)
    return tuple(order)


def encoding(random: Random, shape: Sequence[int], element: Attribute) -> Attribute:
    """A layout of a tensor in the memory of a device, as pipelines attach them to types."""
    rank = len(shape)
    rows = AffineExpr.constant(0)
    for axis in range(rank - 1):
        rows = rows + AffineExpr.dimension(axis) * prod(shape[axis + 1 : -1])
    columns = AffineExpr.dimension(rank - 1) if rank else AffineExpr.constant(0)
    space = BufferTypeAttr(random.choice(("dram", "l1", "system_memory")))
    layout = random.choice(("interleaved", "height_sharded"))
    grid = random.choice(((1, 1), (8, 1)))
    return TTNNLayoutAttr(
        AffineMapAttr(AffineMap(rank, 0, (rows, columns))),
        ArrayAttr(IntAttr(size) for size in grid),
        StringAttr(""),
        MemRefType(element, _shard(shape), NoneAttr(), space),  # pyright: ignore
        TensorMemoryLayoutAttr(layout),
        DictionaryAttr({}),
    )


def _shard(shape: Sequence[int]) -> tuple[int, int]:
    """(rows, columns) of a tensor as one matrix."""
    return (prod(shape[:-1]), shape[-1]) if shape else (1, 1)


def subset(random: Random, items: Sequence[T], largest: int) -> list[T]:
    """At most so many of the items, in their order."""
    count = random.randrange(min(largest, len(items)) + 1)
    chosen = set(random.sample(range(len(items)), count))
    return [item for index, item in enumerate(items) if index in chosen]
