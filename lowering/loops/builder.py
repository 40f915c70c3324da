"""Builders for tiled loops: `scf.for` over tiles of tensors, and arithmetic on indices.

An index is an int where it is known and an SSA value where it is not, so that constants fold and
loops of one iteration disappear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder, ImplicitBuilder
from xdsl.dialects import arith, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, IntegerAttr, TensorType
from xdsl.ir import Block, Region, SSAValue

from ...dialect.tensor_types import element_type_of
from .. import tensors

Index = int | SSAValue
LoopBody = Callable[[Index, SSAValue], SSAValue]


@dataclass
class LoopBuilder:
    """Builds loops inside `outer`; index constants are made once, in front of all loops."""

    outer: Builder
    constants: dict[int, SSAValue] = field(default_factory=dict[int, SSAValue])

    def value(self, index: Index) -> SSAValue:
        """The index as an SSA value."""
        if not isinstance(index, int):
            return index
        if index not in self.constants:
            with ImplicitBuilder(self.outer):
                constant = arith.ConstantOp(IntegerAttr.from_index_int_value(index)).result
            self.constants[index] = tensors.named(constant, f"c{index}")
        return self.constants[index]

    def add(self, lhs: Index, rhs: Index, name: str) -> Index:
        if isinstance(lhs, int) and isinstance(rhs, int):
            return lhs + rhs
        if 0 in (lhs, rhs):
            return rhs if lhs == 0 else lhs
        op = arith.AddiOp(self.value(lhs), self.value(rhs), IndexType())
        return tensors.named(op.result, name)

    def multiply(self, lhs: Index, rhs: int, name: str) -> Index:
        if isinstance(lhs, int):
            return lhs * rhs
        if rhs == 1:
            return lhs
        op = arith.MuliOp(lhs, self.value(rhs), IndexType())
        return tensors.named(op.result, name)

    def loop(self, name: str, size: int, step: int, carried: SSAValue, body: LoopBody) -> SSAValue:
        """`for name in range(0, size, step)`, carrying one tensor; no loop for one iteration."""
        if size <= step:
            return body(0, carried)
        block = Block(arg_types=[IndexType(), carried.type])
        position, state = block.args
        tensors.named(position, name)
        tensors.named(state, carried.name_hint or "carried")
        start, stop, stride = self.value(0), self.value(size), self.value(step)
        with ImplicitBuilder(block):
            scf.YieldOp(body(position, state))
        loop = scf.ForOp(start, stop, stride, [carried], Region(block))
        return tensors.named(loop.res[0], carried.name_hint or "carried")

    def tile_size(self, name: str, size: int, step: int, position: Index) -> Index:
        """Elements of the tile at `position`; the last is smaller where `step` does not divide."""
        if isinstance(position, int) or size % step == 0:
            return min(size, step)
        left = arith.SubiOp(self.value(size), position, IndexType()).result
        op = arith.MinSIOp(self.value(step), tensors.named(left, f"{name}_left"))
        return tensors.named(op.result, f"{name}_tile")


def static_size(size: Index) -> int:
    """The size as tensor types hold it: DYNAMIC_INDEX where it is not known."""
    return size if isinstance(size, int) else DYNAMIC_INDEX


def extract_tile(
    source: SSAValue,
    offsets: Sequence[Index],
    sizes: Sequence[Index],
    kept: Sequence[int],
    name: str,
    strides: Sequence[int] | None = None,
) -> SSAValue:
    """A slice of `source` reduced to the dimensions `kept`; the others have size 1."""
    shape = [static_size(sizes[axis]) for axis in kept]
    result = TensorType(element_type_of(source), shape)
    steps = strides or [1] * len(sizes)
    return tensors.named(tensor.ExtractSliceOp(source, offsets, sizes, steps, result).result, name)


def insert_tile(
    tile: SSAValue, into: SSAValue, offsets: Sequence[Index], sizes: Sequence[Index]
) -> SSAValue:
    """`into` with a slice of it replaced by `tile`."""
    static_offsets = [static_size(offset) for offset in offsets]
    op = tensor.InsertSliceOp.get(
        tile,
        into,
        [static_size(size) for size in sizes],
        static_offsets,
        [1] * len(sizes),
        [offset for offset in offsets if not isinstance(offset, int)],
        [size for size in sizes if not isinstance(size, int)],
    )
    return tensors.named(op.result, into.name_hint or "updated")
