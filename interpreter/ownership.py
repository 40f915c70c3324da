"""Which ops may write their result into the memory of an operand.

Tensors are values: nothing that is still read may change. A destination may be overwritten when
nobody else holds its memory (it is *owned*) and the op is the last to read it, views of it
included. Loops are solved together: an iteration argument is owned as long as every iteration
yields owned memory, starting from "all are" and taking back what does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Block, BlockArgument, Operation, OpResult, Region, SSAValue, Use

from .registry import buffer_of

_RUNS_ONCE = (scf.IfOp, scf.IndexSwitchOp, scf.ExecuteRegionOp)


class Ownership:
    """The answers for one function; `may_overwrite` and `copies_init` are what emitters ask."""

    def __init__(self, function: func.FuncOp):
        self._positions: dict[Operation, int] = {}
        self._overwrites: dict[tuple[Operation, int], bool | None] = {}
        self._owned_arguments: dict[SSAValue, bool] = {}
        loops = [op for op in function.walk() if isinstance(op, scf.ForOp)]
        for loop in loops:
            for argument in loop.body.block.args[1:]:
                self._owned_arguments[argument] = isinstance(argument.type, TensorType)
        while self._take_back(loops):
            self._overwrites.clear()

    def _take_back(self, loops: list[scf.ForOp]) -> bool:
        changed = False
        for loop in loops:
            block = loop.body.block
            for index, argument in enumerate(block.args[1:]):
                if not self._owned_arguments[argument] or block.last_op is None:
                    continue
                if not self.may_overwrite(block.last_op, index):
                    self._owned_arguments[argument] = False
                    changed = True
        return changed

    def copies_init(self, loop: scf.ForOp, index: int) -> bool:
        """Whether a loop must start from a copy of its `index`-th initial value."""
        argument = loop.body.block.args[1 + index]
        return self._owned_arguments[argument] and not self.may_overwrite(loop, 3 + index)

    def may_overwrite(self, op: Operation, index: int) -> bool:
        """Whether nobody can tell when `op` writes into the memory of its `index`-th operand."""
        key = (op, index)
        known = self._overwrites.get(key)
        if known is None:
            if key in self._overwrites:  # asked for again while being worked out
                return False
            self._overwrites[key] = None
            known = self._is_owned(op.operands[index]) and self._is_last_use(op, index)
            self._overwrites[key] = known
        return known

    def _is_owned(self, value: SSAValue) -> bool:
        if isinstance(value, BlockArgument):
            return self._owned_arguments.get(value, False)
        if not isinstance(value, OpResult) or not isinstance(value.type, TensorType):
            return False
        op = value.op
        if isinstance(op, scf.ForOp):
            return self._owned_arguments[op.body.block.args[1 + value.index]]
        if isinstance(op, _RUNS_ONCE):
            return all(
                yielded is not None and self.may_overwrite(yielded, value.index)
                for yielded in (_only_terminator(region) for region in op.regions)
            )
        if buffer_of(op) == "view":
            return self.may_overwrite(op, 0)
        return buffer_of(op) == "fresh"

    def _is_last_use(self, op: Operation, index: int) -> bool:
        value = op.operands[index]
        block = value.owner if isinstance(value.owner, Block) else value.owner.parent
        if block is None or not _runs_once_in(op, block):
            return False
        seen: set[SSAValue] = {value}
        return all(
            self._is_over(use, op, seen)
            for use in value.uses
            if (use.operation, use.index) != (op, index)
        )

    def _is_over(self, use: Use, op: Operation, seen: set[SSAValue]) -> bool:
        """Whether a use, and all that reads memory through it, comes before `op` in every run."""
        if use.operation is op:
            return isinstance(op, tensor.InsertSliceOp) and use.index == 0
        common = _common_block(use.operation, op)
        if common is None:
            return False
        earlier, later = common
        if earlier is later:  # in different branches: only one of them runs
            return isinstance(later, scf.IfOp | scf.IndexSwitchOp)
        if self._position(earlier) > self._position(later):
            return False
        for alias in self._aliases(use):
            if alias is None:
                return False
            if alias in seen or not isinstance(alias.type, TensorType):
                continue
            seen.add(alias)
            if not all(self._is_over(other, op, seen) for other in alias.uses):
                return False
        return True

    def _aliases(self, use: Use) -> Iterator[SSAValue | None]:
        """The values that may share memory with a used operand; None for "nobody knows"."""
        op = use.operation
        parent = op.parent_op()
        if isinstance(op, scf.YieldOp) and isinstance(parent, _RUNS_ONCE):
            yield parent.results[use.index]
        elif isinstance(op, scf.YieldOp) and isinstance(parent, scf.ForOp):
            yield parent.body.block.args[1 + use.index]
            yield parent.results[use.index]
        elif isinstance(op, scf.ForOp):
            if use.index >= 3:
                yield op.body.block.args[1 + use.index - 3]
                yield op.results[use.index - 3]
        elif buffer_of(op) == "fresh":
            return  # in an owned destination's memory at most, and that has no later use
        elif op.regions or isinstance(op, scf.YieldOp | scf.ConditionOp):
            yield None
        else:
            yield from op.results

    def _position(self, op: Operation) -> int:
        if op not in self._positions:
            assert op.parent is not None
            self._positions.update((other, i) for i, other in enumerate(op.parent.ops))
        return self._positions[op]


def _only_terminator(region: Region) -> Operation | None:
    """The yield of a region of one block; None where an else branch or its block is missing."""
    return region.blocks[0].last_op if len(region.blocks) == 1 else None


def _runs_once_in(op: Operation, block: Block) -> bool:
    """Whether `op` runs at most once for each run of `block`, which holds it."""
    current = op
    while current.parent is not block:
        parent = current.parent_op()
        if not isinstance(parent, _RUNS_ONCE) or not _is_alone(current.parent):
            return False
        current = parent
    return True


def _is_alone(block: Block | None) -> bool:
    region = block.parent if block is not None else None
    return region is not None and len(region.blocks) == 1


def _common_block(a: Operation, b: Operation) -> tuple[Operation, Operation] | None:
    """The ancestors of two ops in the innermost block that holds both."""
    ancestors: dict[Block, Operation] = {}
    current: Operation | None = a
    while current is not None and current.parent is not None:
        ancestors[current.parent] = current
        current = current.parent_op()
    current = b
    while current is not None and current.parent is not None:
        if current.parent in ancestors:
            return ancestors[current.parent], current
        current = current.parent_op()
    return None
