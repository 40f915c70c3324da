"""What a function does to its weights alone, and what of that can run apart: questions only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xdsl.dialects import arith, func
from xdsl.dialects.builtin import (
    AnyFloat,
    DenseIntOrFPElementsAttr,
    IndexType,
    IntegerType,
    TensorType,
)
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue

from ...dialect import ttcore, ttnn
from ...dialect.constants import repeats_one_element
from ...dialect.effects import Purity, is_in_memory

PREPARED_BY = "xdsl_ttnn.prepared_by"
"""Attribute of a function whose last arguments another one prepares."""

PREPARES = "xdsl_ttnn.prepares"
"""Attribute of a function that prepares the last arguments of another one."""

MARKS = (PREPARED_BY, PREPARES)

_SAYS_HOW = (
    ttcore.LoadCachedOp,
    ttnn.PrepareConvTranspose2dBiasOp,
    ttnn.PrepareConvTranspose2dWeightsOp,
)
"""Ops whose result a convolution takes as prepared because it comes from them: they stay."""


@dataclass(frozen=True)
class Preparation:
    """The part of a function that depends on parameters alone."""

    function: func.FuncOp
    parameters: tuple[BlockArgument, ...]
    ops: tuple[Operation, ...]
    """What runs apart, in order, with the constants and prepare ops that it reads."""

    leaving: frozenset[Operation]
    """Those of `ops` that the rest of the function does without."""

    boundary: tuple[SSAValue, ...]
    """The values that the rest of the function reads."""

    @property
    def name(self) -> str:
        return self.function.sym_name.data

    def is_rest(self, op: Operation) -> bool:
        """Whether an op, anywhere in the function, stays in it."""
        return _ancestor_in(self.function.body.block, op) not in self.leaving


def is_parameter_type(type_: Attribute) -> bool:
    """Whether a value of this type can be prepared: a tensor or a number, and no memory."""
    return isinstance(type_, TensorType | AnyFloat | IntegerType | IndexType)


def analyze(
    function: func.FuncOp, indices: tuple[int, ...], purity: Purity | None = None
) -> Preparation | None:
    """Find what can be prepared; None where the parameters are used as they are.

    Requires: a function of one block, `indices` of its arguments.
    """
    block = function.body.block
    parameters = tuple(block.args[index] for index in indices)
    purity = purity or Purity(function)
    values = _Values(parameters)
    for op in block.ops:
        values.classify(op, purity)
    if not values.moving:
        return None
    leaving = _leaving(block, values)
    return Preparation(
        function,
        parameters,
        _with_what_they_read(values.moving, block),
        leaving,
        tuple(
            value
            for value in (*parameters, *values.made)
            if any(_ancestor_in(block, use.operation) not in leaving for use in value.uses)
        ),
    )


class _Values:
    """What the values of a block depend on, op by op."""

    def __init__(self, parameters: tuple[BlockArgument, ...]):
        self.dependent: set[SSAValue] = set(parameters)
        """Values of parameters and constant weights alone."""
        self.constant: set[SSAValue] = set()
        """Values of constants alone: they are made again wherever they are read."""
        self.moving: dict[Operation, None] = {}
        """The ops that run apart, in order."""
        self.made: list[SSAValue] = []
        """What they make."""
        self.staying: set[Operation] = set()
        """The ops that could run apart, and stay because of what they say to their readers."""

    def classify(self, op: Operation, purity: Purity) -> None:
        read = list(operands_within(op))
        known = all(value in self.dependent or value in self.constant for value in read)
        memory = any(map(is_in_memory, (*read, *op.results)))
        if not op.results or memory or not known or not purity.holds(op):
            return
        is_dependent = any(value in self.dependent for value in read)
        if not is_dependent and not _is_constant_weight(op):
            self.constant.update(op.results)
            return
        self.dependent.update(op.results)
        if isinstance(op, _SAYS_HOW):
            self.staying.add(op)
        elif is_dependent:
            self.moving[op] = None
            self.made += op.results


def operands_within(op: Operation) -> Iterator[SSAValue]:
    """All values from outside that an op or its regions read."""
    yield from op.operands
    inside = {inner for region in op.regions for inner in region.walk()}
    for inner in inside:
        for operand in inner.operands:
            owner = operand.owner
            holder = owner if isinstance(owner, Operation) else owner.parent_op()
            if holder is not op and holder not in inside:
                yield operand


def _is_constant_weight(op: Operation) -> bool:
    """Whether a value is a constant tensor, and not the same number everywhere."""
    if not isinstance(op, arith.ConstantOp | ttnn.ConstantOp):
        return False
    literal = op.value
    if not isinstance(literal, DenseIntOrFPElementsAttr):
        return False
    return len(literal) > 0 and not repeats_one_element(literal)


def _leaving(block: Block, values: _Values) -> frozenset[Operation]:
    """What moves, and what stays only for that: no op that stays reads it."""
    leaving = set(values.moving)
    for op in reversed(list(block.ops)):
        if op in values.staying:
            readers = [use.operation for result in op.results for use in result.uses]
            if readers and all(_ancestor_in(block, reader) in leaving for reader in readers):
                leaving.add(op)
    return frozenset(leaving)


def _with_what_they_read(moving: Mapping[Operation, None], block: Block) -> tuple[Operation, ...]:
    """The ops that move and those in front of them that they read, in program order."""
    needed = set(moving)
    pending = list(moving)
    while pending:
        for value in operands_within(pending.pop()):
            owner = value.owner
            if isinstance(owner, Operation) and owner not in needed:
                needed.add(owner)
                pending.append(owner)
    return tuple(op for op in block.ops if op in needed)


def _ancestor_in(block: Block, op: Operation) -> Operation:
    """The op of a block that is or holds `op`."""
    found = block.find_ancestor_op_in_block(op)
    assert found is not None
    return found
