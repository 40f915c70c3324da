"""When emitted code lets go of large tensors, so that a long function does not hold them all."""

from __future__ import annotations

from xdsl.dialects import func
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue

from .registry import buffer_of

LARGE_BYTES = 1 << 20
"""Tensors of this size are let go of at their last use; smaller ones when the function returns."""


def last_uses(block: Block) -> dict[Operation, list[SSAValue]]:
    """For the large tensors made in a block: the op after which each can be let go of."""
    if block.parent is None or len(block.parent.blocks) != 1:
        return {}
    order = {op: position for position, op in enumerate(block.ops)}
    found: dict[Operation, list[SSAValue]] = {}
    for op in order:
        if buffer_of(op) == "constant":
            continue
        for result in op.results:
            if _is_large(result.type):
                users = [_ancestor_in(block, use.operation) for use in result.uses]
                found.setdefault(max(users, key=order.__getitem__, default=op), []).append(result)
    return found


def forgets_locals(op: Operation) -> bool:
    """Whether emitted code lets go of all that an op with regions named on its way: views of its
    operands, values of its body.

    Only where the op runs once in a call of its function: inside loops it would cost time again
    and again, and what they leave is let go of behind them.
    """
    block, function = op.parent, op.parent_op()
    if not op.regions or block is None or not isinstance(function, func.FuncOp):
        return False
    values = (*op.operands, *op.results)
    return len(function.body.blocks) == 1 and any(_is_large(value.type) for value in values)


def _is_large(type_: Attribute) -> bool:
    if not isinstance(type_, TensorType):
        return False
    elements = 1
    for size in type_.get_shape():
        elements *= max(size, 1)
    return elements * 2 >= LARGE_BYTES or not type_.has_static_shape()


def _ancestor_in(block: Block, op: Operation) -> Operation:
    while op.parent is not block:
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op
