"""What a structured op takes of memory: the arrays of the form that emit_linalg.py chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Operation, SSAValue

from ..dialect.numpy_types import DType, ElementTypeError, ElementTypes, accumulator
from .errors import ExecutionError
from .linalg_body import (
    Factor,
    Reduction,
    find_product,
    find_reductions,
    is_borrowed,
    is_vectorisable,
)
from .linalg_maps import (
    Linear,
    Maps,
    Structured,
    loop_sources,
    operand_shape,
    structured,
    structured_reduce,
)
from .linalg_parallel import is_permutation
from .linalg_reduction import looped_reductions
from .op_bytes import product_bytes
from .ownership import Ownership
from .registry import memory_of, scratch_bytes
from .sizes import array_bytes, converted_bytes, count


@dataclass(frozen=True)
class StructuredFootprint:
    """The memory of one structured op."""

    takes: int
    """The most bytes at once, new results included."""

    stays: int
    """Of these what locals hold behind the op, besides its results."""

    written: tuple[int | None, ...]
    """For each result the operand whose memory it is in; None for memory of its own."""

    new: tuple[int, ...]
    """The bytes of each result, 0 where they are in an operand's memory."""

    in_order: bool
    """Whether new results are contiguous where the operands are."""


def structured_footprint(
    types: ElementTypes, ownership: Ownership, op: Operation
) -> StructuredFootprint:
    """The footprint of a structured op. Ops that do not run have that of their results."""
    if isinstance(op, linalg.ReduceOp):
        s = structured_reduce(op)
    else:
        assert isinstance(op, LinalgStructuredOperation)
        s = structured(op)
    try:
        return _Footprints(types, ownership, s).choose()
    except (ExecutionError, ElementTypeError):
        sizes = tuple(array_bytes(types, result.type) for result in op.results)
        return StructuredFootprint(sum(sizes), 0, (None,) * len(sizes), sizes, True)


class _Footprints:
    """The forms that one op may be emitted in."""

    def __init__(self, types: ElementTypes, ownership: Ownership, s: Structured):
        self.types, self.ownership, self.s = types, ownership, s
        self.sizes = [
            max(operand_shape(s.operands[position])[axis], 0) for position, axis in loop_sources(s)
        ]

    def choose(self) -> StructuredFootprint:
        s, op = self.s, self.s.op
        if (takes := memory_of(op).takes) is not None or isinstance(op, linalg.FillOp):
            return self._accumulated(0 if takes is None else takes(self.types, op))
        maps = s.linear_maps()
        if isinstance(op, linalg.TransposeOp):
            return self._accumulated(0, overwrites=False)
        if maps is None or not is_vectorisable(s.body) or not s.covers_parallel(maps):
            return self._accumulated(0)
        if all(s.is_parallel):
            return self._parallel(maps)
        reductions = find_reductions(s)
        return self._accumulated(0) if reductions is None else self._reduction(maps, reductions)

    def _accumulated(
        self, takes: int, stays: int = 0, overwrites: bool = True
    ) -> StructuredFootprint:
        """Outputs that are written into where that is allowed, else into copies."""
        written = tuple(
            position if overwrites and self.ownership.may_overwrite(self.s.op, position) else None
            for position in self._output_positions()
        )
        new = tuple(
            array_bytes(self.types, self.s.operands[position].type) if where is None else 0
            for position, where in zip(self._output_positions(), written, strict=True)
        )
        return StructuredFootprint(takes + sum(new), stays, written, new, in_order=True)

    def _output_positions(self) -> Sequence[int]:
        return self.s.outputs if self.s.op.results else ()

    # Iterations that are independent ----------------------------------------------------------

    def _parallel(self, maps: Maps) -> StructuredFootprint:
        """Each value of the body as an array over the loops that it depends on, all held."""
        body, spare, over = self._body_bytes(maps, range(self.s.loops), ())
        terminator = self.s.body.last_op
        assert terminator is not None
        yielded = terminator.operands
        new, written, there = list[int](), list[int | None](), 0
        for number, (position, value) in enumerate(zip(self.s.outputs, yielded, strict=True)):
            is_whole = is_permutation(maps[position], self.s.loops)
            owned = not is_whole and self.ownership.may_overwrite(self.s.op, position)
            is_there = (
                is_whole
                and len(over.get(value, ())) == self.s.loops
                and value not in yielded[:number]
                and not is_borrowed(value, self.s.body)
            )
            written.append(position if owned else None)
            size = array_bytes(self.types, self.s.operands[position].type)
            new.append(0 if owned else size)
            there += size if is_there else 0
        in_order = all(_is_in_order(map_) for map_ in maps)
        takes, body = body + max(spare, sum(new) - there), body - there
        if not self.s.op.results:
            return StructuredFootprint(takes, body, (), (), in_order)
        return StructuredFootprint(takes, body, tuple(written), tuple(new), in_order)

    def _body_bytes(
        self, maps: Maps, loops: Iterable[int], skipped: Sequence[Operation]
    ) -> tuple[int, int, dict[SSAValue, frozenset[int]]]:
        """All arrays that a vectorised body makes, what the op that needs most needs more, and the
        loops that each value is an array over."""
        s, vectorised = self.s, set(loops)
        over: dict[SSAValue, frozenset[int]] = {
            argument: frozenset(d for index in map_ for d in index.loops if d in vectorised)
            for argument, map_ in zip(s.body.args, maps, strict=True)
        }
        total, spare = 0, 0
        for op in s.body.ops:
            if op is s.body.last_op or op in skipped or isinstance(op, arith.ConstantOp):
                continue
            depends = frozenset[int]().union(*(over.get(v, frozenset()) for v in op.operands))
            if isinstance(op, linalg.IndexOp):
                depends = frozenset({op.dim.value.data} & vectorised)
            elements = prod(self.sizes[d] for d in depends)
            spare = max(spare, elements * scratch_bytes(self.types, op))
            for result in op.results:
                over[result] = depends
                total += elements * self.types.dtype(result.type).itemsize
        return total, spare, over

    # Iterations that are combined -------------------------------------------------------------

    def _reduction(self, maps: Maps, reductions: list[Reduction]) -> StructuredFootprint:
        s = self.s
        factors = find_product(s, reductions[0]) if len(reductions) == 1 else None
        looped = looped_reductions(s, maps, self.sizes, factors is not None)
        if factors is not None:
            return self._product(maps, factors, looped)
        inside = [d for d in range(s.loops) if d not in looped]
        body, spare, _ = self._body_bytes(maps, inside, [r.combiner for r in reductions])
        reduced = prod(self.sizes[d] for d in inside if s.is_parallel[d])
        term = reduced * max(self.types.dtype(s.operands[p].type).itemsize for p in s.outputs)
        return self._accumulated(body + max(spare, term), body)

    def _product(
        self, maps: Maps, factors: tuple[Factor, Factor], looped: Sequence[int]
    ) -> StructuredFootprint:
        """A matmul of operands that are widened, and put into the order that it needs."""
        s = self.s
        output = s.operands[s.inputs].type
        dtype = self.types.dtype(output)
        wide = accumulator(dtype)
        free = [self._free(maps[factor.position], looped) for factor in factors]
        made = sum(
            self._widened(s.operands[factor.position], elements, wide)
            for factor, elements in zip(factors, free, strict=True)
        )
        products = count(output)
        if not self._is_plain(maps, factors, looped):
            made += (free[0] + free[1] + products) * wide.itemsize
        made += product_bytes(wide, free[0], free[1], products)
        total = products * wide.itemsize if wide != dtype else 0
        return self._accumulated(made + total, total)

    def _widened(self, operand: SSAValue, elements: int, wide: DType) -> int:
        return converted_bytes(elements, self.types.dtype(operand.type), wide)

    def _free(self, indices: Sequence[Linear], looped: Sequence[int]) -> int:
        """The elements of the view that an operand is over the loops that are vectorised."""
        loops = {d for index in indices for d in index.loops if d not in looped}
        return prod(self.sizes[d] for d in loops)

    def _is_plain(self, maps: Maps, factors: tuple[Factor, Factor], looped: Sequence[int]) -> bool:
        """Whether NumPy's matmul takes the operands as they stand."""
        if looped or self.s.loops != 3:
            return False
        x, y = (maps[factor.position] for factor in factors)
        return len(x) == len(y) == 2 and x[1].loops == y[0].loops


def _is_in_order(map_: Sequence[Linear]) -> bool:
    """Whether an operand's dimensions are counted by loops in their order, each by one."""
    loops = [d for index in map_ for d in index.loops]
    return loops == sorted(loops) and all(sum(index.coefficients) <= 1 for index in map_)
