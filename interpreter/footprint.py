"""How much memory a call of a function takes at most: its arrays, followed through emitted code.

Values live as emitted code holds them: a large tensor until its last use, all else until the
function returns. A buffer lives as long as any name holds it or a view of it. What an op needs
besides its results, its family says (`registry.Memory`). Branches count as the larger of them. A
loop counts once, and what an iteration leaves twice: the next one starts before it is let go of.

Sizes that are open count as nothing; arguments are taken to be contiguous.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import MemRefType, ShapedType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Block, Operation, Region, SSAValue

from ..dialect import ttcore
from ..dialect.numpy_types import ElementTypes
from .lifetimes import forgets_locals, last_uses
from .linalg_footprint import structured_footprint
from .ownership import Ownership
from .registry import buffer_of, is_elementwise, memory_of, scratch_bytes
from .sizes import array_bytes, count

_Buffers = frozenset[SSAValue]
"""Allocations, each named by the value that it was made for."""

_NONE: _Buffers = frozenset()
_BRANCHES = (scf.IfOp, scf.IndexSwitchOp)
_ENTERED_ONCE = (*_BRANCHES, scf.ExecuteRegionOp)
_CALLS = (func.CallOp, ttcore.LoadCachedOp)

CalleeBytes = Callable[[str, Operation], int]
"""The bytes that a call of a function takes, by its symbol and the op that uses it."""


class Footprint:
    """The bytes that one function makes, arguments and constants apart."""

    def __init__(self, function: func.FuncOp, types: ElementTypes, callee_bytes: CalleeBytes):
        self.peak = 0
        """The most at once."""

        self._types = types
        self._callee_bytes = callee_bytes
        self._ownership = Ownership(function)
        self._held = 0
        self._loops = 0
        self._buffers: dict[SSAValue, _Buffers] = {}
        self._sizes: dict[SSAValue, int] = {}
        self._names: Counter[SSAValue] = Counter()
        self._named: list[SSAValue] = []
        self._strided: set[SSAValue] = set()
        self._region(function.body)
        self._finish(function)

    def _finish(self, function: func.FuncOp) -> None:
        """What is returned outlives the function, and is copied where the caller could tell."""
        results = [
            value
            for block in function.body.blocks
            if isinstance(block.last_op, func.ReturnOp)
            for value in block.last_op.arguments
        ]
        kept = {buffer for value in results for buffer in self._buffers.get(value, _NONE)}
        copies = sum(
            array_bytes(self._types, value.type)
            for value in results
            if value in self._strided or len(self._buffers.get(value, _NONE)) != 1
        )
        self.peak = max(self.peak, copies + sum(self._sizes[buffer] for buffer in kept))

    # Buffers ----------------------------------------------------------------------------------

    def _need(self, size: int) -> None:
        """So much more than what is held is there for a moment."""
        self.peak = max(self.peak, self._held + size)

    def _make(self, value: SSAValue, shares: _Buffers = _NONE, size: int | None = None) -> None:
        """A value in a buffer of its own, or maybe in one of those it `shares`."""
        if size is None:
            size = array_bytes(self._types, value.type)
        self._held += size
        self._sizes[value] = size
        self._name(value, shares | {value})

    def _name(self, value: SSAValue, buffers: _Buffers) -> None:
        """A value that is (a view of) what is there."""
        self._buffers[value] = buffers
        self._names.update(buffers)
        self._named.append(value)

    def _release(self, value: SSAValue) -> None:
        for buffer in self._buffers.pop(value, _NONE):
            self._names[buffer] -= 1
            if self._names[buffer] == 0:
                self._held -= self._sizes[buffer]

    def _shared(self, values: Iterable[SSAValue]) -> _Buffers:
        return _NONE.union(*(self._buffers.get(value, _NONE) for value in values))

    # Control flow -----------------------------------------------------------------------------

    def _region(self, region: Region) -> None:
        for block in region.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        ends = last_uses(block)
        for op in block.ops:
            named = len(self._named)
            self._op(op)
            if forgets_locals(op):
                for value in self._named[named:]:
                    if value not in op.results:
                        self._release(value)
            if op is not block.last_op:
                for value in ends.get(op, ()):
                    self._release(value)

    def _op(self, op: Operation) -> None:
        if isinstance(op, LinalgStructuredOperation | linalg.ReduceOp):
            self._structured(op)
        elif isinstance(op, _CALLS):
            self._need(self._callee_bytes(op.callee.string_value(), op))
            self._results(op, self._shared(op.operands))
        elif op.regions and not isinstance(op, tensor.PadOp):
            self._nested(op)
        else:
            self._plain(op)

    def _nested(self, op: Operation) -> None:
        """Regions: values made in them are let go of with the function, or as their blocks say."""
        self._enter(op)
        before, left = self._held, 0
        is_loop = not isinstance(op, _ENTERED_ONCE) or any(
            len(region.blocks) > 1 for region in op.regions
        )
        self._loops += is_loop
        outer_peak, self.peak = self.peak, 0
        for region in op.regions:
            self._region(region)
            if isinstance(op, _BRANCHES):
                left = max(left, self._held - before)
                self._held = before
        if isinstance(op, _BRANCHES):
            self._held = before + left
        self._loops -= is_loop
        again = self._held - before if is_loop and not self._loops else 0
        self.peak = max(outer_peak, self.peak + again)
        self._leave(op)

    def _enter(self, op: Operation) -> None:
        """What a loop starts from."""
        if isinstance(op, scf.ForOp):
            for index, (init, argument) in enumerate(
                zip(op.iter_args, op.body.block.args[1:], strict=True)
            ):
                if self._ownership.copies_init(op, index):
                    self._make(argument)
                    self._need(0)
                else:
                    self._name(argument, self._shared([init]))
            return
        shared = self._shared(op.operands)
        for region in op.regions:
            for argument in (a for block in region.blocks for a in block.args):
                self._name(argument, shared)

    def _leave(self, op: Operation) -> None:
        """The results of an op with regions: what its blocks end with, or what it started from."""
        ends = [
            block.last_op
            for region in op.regions
            for block in region.blocks
            if block.last_op is not None and not block.last_op.successors
        ]
        for index, result in enumerate(op.results):
            shared = self._shared(
                end.operands[index + isinstance(end, scf.ConditionOp)]
                for end in ends
                if index + isinstance(end, scf.ConditionOp) < len(end.operands)
            )
            if not isinstance(op, _ENTERED_ONCE):
                shared |= self._shared(op.operands)
            self._name(result, shared)

    # Ops --------------------------------------------------------------------------------------

    def _results(self, op: Operation, shares: _Buffers) -> None:
        self._need(sum(array_bytes(self._types, result.type) for result in op.results))
        for result in op.results:
            if _is_array(result):
                self._make(result, shares)

    def _plain(self, op: Operation) -> None:
        memory, buffer = memory_of(op), buffer_of(op)
        if buffer == "constant":
            return
        made = None if memory.takes is None else memory.takes(self._types, op)
        if made is None and is_elementwise(op):
            arrays = [result for result in op.results if _is_array(result)]
            scratch = scratch_bytes(self._types, op) * sum(count(value.type) for value in arrays)
            self._need(scratch + sum(array_bytes(self._types, value.type) for value in arrays))
        self._need(made or 0)
        if buffer == "view" or _is_view_of_memory(op):
            self._view(op, made or 0, memory.copies_strided)
        elif buffer == "fresh":
            self._fresh(op, memory.overwrites)
        elif made == 0:
            self._name(op.results[0], self._shared(op.operands))
        else:
            self._results(op, self._shared(op.operands))

    def _fresh(self, op: Operation, overwrites: int | None) -> None:
        for result in op.results:
            if overwrites is not None and self._ownership.may_overwrite(op, overwrites):
                self._name(result, self._shared([op.operands[overwrites]]))
                continue
            self._make(result)
            self._need(0)
            if any(self._is_strided_like(operand, result) for operand in op.operands):
                self._strided.add(result)

    def _view(self, op: Operation, made: int, copies_strided: bool) -> None:
        """A view of the first operand; what reshapes one that is not contiguous may copy it."""
        (result,) = op.results
        source = op.operands[0]
        is_strided = source in self._strided
        if made or (copies_strided and is_strided):
            self._make(result, self._shared([source]))
            self._need(made)
        else:
            self._name(result, self._shared([source]))
        if not copies_strided:
            self._strided.add(result)

    def _is_strided_like(self, operand: SSAValue, result: SSAValue) -> bool:
        """Whether NumPy gives a result of the operand's shape the operand's layout."""
        return (
            operand in self._strided
            and _is_array(operand)
            and count(operand.type) == count(result.type)
        )

    def _structured(self, op: Operation) -> None:
        found = structured_footprint(self._types, self._ownership, op)
        self._need(found.takes)
        forgets = forgets_locals(op)
        self._held += 0 if forgets else found.stays
        for result, written, size in zip(op.results, found.written, found.new, strict=True):
            if written is not None:
                self._name(result, self._shared([op.operands[written]]))
                continue
            self._make(result, size=size)
            # A local of the body may be the same array.
            self._names[result] += not forgets
            if not found.in_order or any(operand in self._strided for operand in op.operands):
                self._strided.add(result)


def _is_array(value: SSAValue) -> bool:
    return isinstance(value.type, ShapedType)


def _is_view_of_memory(op: Operation) -> bool:
    """Whether an op makes another view of a memref."""
    return (
        len(op.results) == 1
        and isinstance(op.results[0].type, MemRefType)
        and bool(op.operands)
        and isinstance(op.operands[0].type, MemRefType)
    )
