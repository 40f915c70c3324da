"""What running an op does besides computing its results: asked of traits and interfaces alone.

xDSL states the effects of most ops. What it leaves open of upstream ops that this project makes is
stated here, as upstream's definitions have it. An op of which nobody states anything may do
anything, whatever it is called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import IntegerAttr, MemRefType, UnrankedMemRefType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Operation, Region, SSAValue
from xdsl.traits import (
    ConditionallySpeculatable,
    RecursivelySpeculatable,
    RecursiveMemoryEffect,
    is_side_effect_free,
)

from .symbols import lookup_function
from .ttcore import LoadCachedOp

Call = func.CallOp | LoadCachedOp

_PURE_UPSTREAM = (
    arith.ExtSIOp,
    arith.RemUIOp,
    func.ReturnOp,
    linalg.IndexOp,
    linalg.YieldOp,
    tensor.YieldOp,
)
"""Ops that upstream calls Pure and xDSL 0.74 does not. Source: the .td files of their dialects."""

_STRUCTURED = (LinalgStructuredOperation, linalg.BroadcastOp, linalg.ReduceOp)
"""Ops that upstream gives the effects of their body, and reads and writes of operands in memory."""

_RUN_ONCE = (scf.IfOp, scf.IndexSwitchOp, scf.ReduceOp)
"""Ops whose effects are those of their regions, each of which runs once at most."""

_LAST_INDEX = (1 << 63) - 1


def is_in_memory(value: SSAValue) -> bool:
    """Whether a value only names memory, which others may write to."""
    return isinstance(value.type, MemRefType | UnrankedMemRefType)


class Purity:
    """Which ops of a module are pure; what is found out about functions is kept.

    An op is pure when running it, with what it holds and calls, does nothing but compute its
    results: it reads and writes no memory, cannot fail, and always comes to an end. So it may run
    earlier, elsewhere, once instead of many times, or not at all.
    """

    def __init__(self, module: Operation):
        self.module = module

    def holds(self, op: Operation) -> bool:
        """Whether an op of the module is pure."""
        return _is_pure(op, lambda call: _callee(call) in self._functions)

    @cached_property
    def _functions(self) -> set[func.FuncOp]:
        """The pure functions: those that call only functions found pure before, none themselves.

        What calls itself, directly or through others, is never ready, and may have no end.
        """
        callers: dict[func.FuncOp, list[func.FuncOp]] = defaultdict(list)
        waiting: dict[func.FuncOp, int] = {}
        for function in (op for op in self.module.walk() if isinstance(op, func.FuncOp)):
            if function.is_declaration or not _is_pure_body(function, lambda _: True):
                continue
            callees = {_callee(op) for op in function.walk() if isinstance(op, Call)}
            waiting[function] = len(callees)
            for callee in callees:
                if callee is not None:
                    callers[callee].append(function)
        ready = [function for function, count in waiting.items() if count == 0]
        found: set[func.FuncOp] = set()
        while ready:
            function = ready.pop()
            found.add(function)
            for caller in callers[function]:
                waiting[caller] -= 1
                if waiting[caller] == 0:
                    ready.append(caller)
        return found


def _callee(call: Call) -> func.FuncOp | None:
    return lookup_function(call.callee, call)


def _is_pure(op: Operation, calls: Callable[[Call], bool]) -> bool:
    """Whether an op is pure, if those calls in it are that `calls` says so of."""
    return (
        (calls(op) if isinstance(op, Call) else _has_no_effect(op))
        and _cannot_fail(op)
        and _ends(op)
        and _is_pure_body(op, calls)
    )


def _is_pure_body(op: Operation, calls: Callable[[Call], bool]) -> bool:
    """Whether all that an op holds is pure; several blocks may branch without end."""
    return all(
        len(region.blocks) <= 1 and all(_is_pure(inner, calls) for inner in _ops(region))
        for region in op.regions
    )


def _ops(region: Region) -> Iterator[Operation]:
    for block in region.blocks:
        yield from block.ops


def _has_no_effect(op: Operation) -> bool:
    """Whether an op itself, without what it holds, neither reads nor writes memory."""
    if isinstance(op, _PURE_UPSTREAM):
        return True
    if isinstance(op, _STRUCTURED):
        return not any(map(is_in_memory, op.operands))
    return op.get_trait(RecursiveMemoryEffect) is not None or is_side_effect_free(op)


def _cannot_fail(op: Operation) -> bool:
    """Whether an op is defined for all operands: a division is not, unless its divisor is known."""
    trait = op.get_trait(ConditionallySpeculatable)
    if trait is None or isinstance(trait, RecursivelySpeculatable):
        return True
    return trait.is_speculatable(op)


def _ends(op: Operation) -> bool:
    """Whether an op whose regions come to an end does so too."""
    if isinstance(op, scf.ForOp):
        return _counts_up(op.ub, op.step)
    if isinstance(op, scf.ParallelOp):
        return all(map(_counts_up, op.upperBound, op.step))
    is_recursive = op.get_trait(RecursiveMemoryEffect) is not None
    is_speculatable = op.get_trait(RecursivelySpeculatable) is not None
    return not is_recursive or is_speculatable or isinstance(op, _RUN_ONCE)


def _counts_up(bound: SSAValue, step: SSAValue) -> bool:
    """Whether steps lead past every bound: they are positive, and none beyond the last index."""
    size = _constant_integer(step)
    if size is None or size < 1:
        return False
    last = _constant_integer(bound)
    return size == 1 or (last is not None and last <= _LAST_INDEX - size)


def _constant_integer(value: SSAValue) -> int | None:
    """The number a value holds, if it is an integer or index constant."""
    owner = value.owner
    if not isinstance(owner, arith.ConstantOp) or not isinstance(owner.value, IntegerAttr):
        return None
    return owner.value.value.data
