"""A structured op as loops over arrays: loop sizes, and index maps as coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from xdsl.dialects import arith
from xdsl.dialects.builtin import DYNAMIC_INDEX, AnyFloat, ShapedType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
)

from .errors import fail


@dataclass(frozen=True)
class Linear:
    """An index: constant + sum of coefficient * loop counter."""

    coefficients: tuple[int, ...]
    constant: int

    @property
    def loops(self) -> tuple[int, ...]:
        """The loops the index depends on."""
        return tuple(d for d, c in enumerate(self.coefficients) if c != 0)

    @property
    def is_counter(self) -> bool:
        """Whether the index is one loop counter as it stands."""
        return self.constant == 0 and len(self.loops) == 1 and sum(self.coefficients) == 1

    def bounds(self, sizes: Sequence[int]) -> tuple[int, int]:
        """The smallest and largest index over loops of (non-zero) sizes."""
        steps = [c * (n - 1) for c, n in zip(self.coefficients, sizes, strict=True)]
        low = sum(step for step in steps if step < 0)
        high = sum(step for step in steps if step > 0)
        return self.constant + low, self.constant + high


def linear(expression: AffineExpr, loops: int) -> Linear | None:
    """An affine expression as coefficients; None when it divides or takes a remainder."""
    match expression:
        case AffineConstantExpr():
            return Linear((0,) * loops, expression.value)
        case AffineDimExpr():
            return Linear(tuple(int(d == expression.position) for d in range(loops)), 0)
        case AffineBinaryOpExpr():
            left, right = linear(expression.lhs, loops), linear(expression.rhs, loops)
            return _combine(expression.kind, left, right)
        case _:
            return None


def _combine(kind: AffineBinaryOpKind, a: Linear | None, b: Linear | None) -> Linear | None:
    if a is None or b is None:
        return None
    if kind == AffineBinaryOpKind.Add:
        sums = tuple(x + y for x, y in zip(a.coefficients, b.coefficients, strict=True))
        return Linear(sums, a.constant + b.constant)
    if kind == AffineBinaryOpKind.Mul and (not a.loops or not b.loops):
        scale, scaled = (a.constant, b) if not a.loops else (b.constant, a)
        return Linear(tuple(scale * c for c in scaled.coefficients), scale * scaled.constant)
    return None


Maps: TypeAlias = tuple[tuple[Linear, ...], ...]
"""An index for each dimension of each operand."""


@dataclass(frozen=True)
class Structured:
    """What `linalg.generic`, the named ops and `linalg.reduce` have in common."""

    op: Operation
    operands: tuple[SSAValue, ...]
    inputs: int
    maps: tuple[AffineMap, ...]
    is_parallel: tuple[bool, ...]
    body: Block

    @property
    def loops(self) -> int:
        return len(self.is_parallel)

    @property
    def outputs(self) -> range:
        """The positions of the outputs among the operands."""
        return range(self.inputs, len(self.operands))

    def covers_parallel(self, maps: Maps) -> bool:
        """Whether different parallel iterations write different elements, whatever is reduced."""
        parallel = [d for d in range(self.loops) if self.is_parallel[d]]
        return all(
            all(len(index.loops) <= 1 for index in maps[position])
            and sorted(d for index in maps[position] for d in index.loops) == parallel
            for position in self.outputs
        )

    def linear_maps(self) -> Maps | None:
        """All index maps as coefficients; None when some index is not linear."""
        maps: list[tuple[Linear, ...]] = []
        for map_ in self.maps:
            indices = [linear(result, self.loops) for result in map_.results]
            if any(index is None for index in indices):
                return None
            maps.append(tuple(index for index in indices if index is not None))
        return tuple(maps)


def structured(op: LinalgStructuredOperation) -> Structured:
    """The loops of a structured op."""
    return Structured(
        op,
        (*op.inputs, *op.outputs),
        len(op.inputs),
        tuple(attribute.data for attribute in op.get_indexing_maps()),
        tuple(iterator == IteratorTypeAttr.parallel() for iterator in op.get_iterator_types()),
        _pooling_body(op) if isinstance(op, linalg.PoolingNchwMaxOp) else op.body.block,
    )


def _pooling_body(op: linalg.PoolingNchwMaxOp) -> Block:
    """max(input, output): the body xDSL 0.74 gives the op takes the window for the output."""
    block = Block(arg_types=[argument.type for argument in op.body.block.args])
    value, _, output = block.args
    is_float = isinstance(value.type, AnyFloat)
    larger = (arith.MaximumfOp if is_float else arith.MaxSIOp)(value, output)
    block.add_ops([larger, linalg.YieldOp(larger.result)])
    return block


def structured_reduce(op: linalg.ReduceOp) -> Structured:
    """The loops of `linalg.reduce`: one for each dimension of the input."""
    assert isinstance(op.input.type, ShapedType)
    rank, reduced = op.input.type.get_num_dims(), op.dimensions.get_values()
    kept = [d for d in range(rank) if d not in reduced]
    maps = (
        AffineMap.identity(rank),
        AffineMap(rank, 0, tuple(AffineDimExpr(d) for d in kept)),
    )
    parallel = tuple(d not in reduced for d in range(rank))
    return Structured(op, (op.input, op.init), 1, maps, parallel, op.region.block)


def operand_shape(value: SSAValue) -> tuple[int, ...]:
    """The shape of an operand; scalars have rank 0."""
    return value.type.get_shape() if isinstance(value.type, ShapedType) else ()


def loop_sources(s: Structured) -> list[tuple[int, int]]:
    """For each loop an (operand, dimension) that it counts, a static one where there is any."""
    found: dict[int, tuple[int, int]] = {}
    for position, (operand, map_) in enumerate(zip(s.operands, s.maps, strict=True)):
        for axis, (size, index) in enumerate(
            zip(operand_shape(operand), map_.results, strict=True)
        ):
            if isinstance(index, AffineDimExpr) and (
                index.position not in found or size != DYNAMIC_INDEX
            ):
                found.setdefault(index.position, (position, axis))
                if size != DYNAMIC_INDEX:
                    found[index.position] = (position, axis)
    if len(found) != s.loops:
        fail("expected indexing maps that give every loop a size")
    return [found[loop] for loop in range(s.loops)]


@dataclass
class BoundsCheck:
    """`check_bounds` of one op, which loops run again and again with the same few sizes."""

    maps: Sequence[Sequence[Linear] | None]
    seen: set[object] = field(default_factory=set[object])
    """The (sizes, shapes) that are known to be within bounds."""

    def __call__(self, sizes: Sequence[int], shapes: Sequence[Sequence[int]]) -> None:
        key = (sizes, shapes)
        if key not in self.seen:
            check_bounds(self.maps, sizes, shapes)
            self.seen.add(key)


def check_bounds(
    maps: Sequence[Sequence[Linear] | None], sizes: Sequence[int], shapes: Sequence[Sequence[int]]
) -> None:
    """Refuse loops that would leave an operand, or count a dimension that has another size.

    Raises: ExecutionError.
    """
    for position, (map_, shape) in enumerate(zip(maps, shapes, strict=True)):
        for axis, (index, extent) in enumerate(zip(map_ or (), shape, strict=False)):
            if index.is_counter and sizes[index.loops[0]] != extent:
                fail(
                    f"operand {position}, dimension {axis}: expected {sizes[index.loops[0]]}, "
                    f"got {extent}"
                )
            low, high = index.bounds(sizes)
            if 0 not in sizes and not 0 <= low <= high < extent:
                fail(
                    f"out of bounds in operand {position}, dimension {axis}: expected indices "
                    f"from 0 to {extent - 1}, got {low} to {high}"
                )
