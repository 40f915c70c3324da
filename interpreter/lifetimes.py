"""When emitted code lets go of large tensors, so that a long function does not hold them all."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue

from ..dialect import ttnn

LARGE_BYTES = 1 << 20
"""Tensors of this size are let go of at their last use; smaller ones when the function returns."""


def last_uses(block: Block) -> dict[Operation, list[SSAValue]]:
    """For the large tensors made in a block: the op after which each can be let go of."""
    if block.parent is None or len(block.parent.blocks) != 1:
        return {}
    order = {op: position for position, op in enumerate(block.ops)}
    found: dict[Operation, list[SSAValue]] = {}
    for op in order:
        if isinstance(op, arith.ConstantOp | ttnn.ConstantOp):
            continue
        for result in op.results:
            if _is_large(result.type):
                users = [_ancestor_in(block, use.operation) for use in result.uses]
                found.setdefault(max(users, key=order.__getitem__, default=op), []).append(result)
    return found


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
