"""Where a prepared weight comes from: a prepare op, directly or through a cached function."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import func
from xdsl.ir import Operation, OpResult, SSAValue

from ..symbols import lookup_function, returned_by
from ..tensor_types import as_tensor_type
from ..ttcore import LoadCachedOp
from .convolution import PrepareConvTranspose2dWeightsOp, Transposed


def find_prepare_op(value: SSAValue) -> PrepareConvTranspose2dWeightsOp | None:
    """The op that prepared `value`, seen through `ttcore.load_cached`; None if there is none."""
    seen: set[SSAValue] = set()
    while isinstance(value, OpResult) and value not in seen:
        seen.add(value)
        owner = value.op
        if isinstance(owner, PrepareConvTranspose2dWeightsOp):
            return owner
        if not isinstance(owner, LoadCachedOp):
            return None
        returned = returned_by(lookup_function(owner.callee, owner))
        if returned is None or value.index >= len(returned.arguments):
            return None
        value = returned.arguments[value.index]
    return None


def op_behind_prepare(value: SSAValue) -> Operation | None:
    """The op that makes `value` of what a prepare op made before; None where that is not so.

    Followed are ops of one tensor, regions and calls. A pass that drops an identity, takes a branch
    or inlines a function would bring the prepared weight itself to who reads `value`.
    """
    seen: set[SSAValue] = set()
    pending = [value]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current.owner, PrepareConvTranspose2dWeightsOp):
            maker = value.owner
            return maker if isinstance(maker, Operation) else maker.parent_op()
        pending += _handed_on(current)
    return None


def _handed_on(value: SSAValue) -> Sequence[SSAValue]:
    """The tensors that `value` may be, or is computed from alone."""
    owner = value.owner
    if isinstance(owner, func.CallOp | LoadCachedOp):
        assert isinstance(value, OpResult)
        returned = returned_by(lookup_function(owner.callee, owner))
        return () if returned is None else returned.arguments[value.index : value.index + 1]
    op = owner if isinstance(owner, Operation) else owner.parent_op()
    if op is None or isinstance(op, func.FuncOp):
        return ()
    if not op.regions:
        tensors = [operand for operand in op.operands if as_tensor_type(operand.type)]
        return tensors if len(tensors) == 1 else ()
    ends = [block.last_op for region in op.regions for block in region.blocks]
    passed = (op.operands, *(end.operands for end in ends if end is not None))
    return [operand for operands in passed for operand in operands if operand.type == value.type]


def differing_attribute(op: Transposed, prepared: Transposed) -> tuple[str, object, object] | None:
    """The first attribute in which two ops differ, with both values: (name, op's, prepared's)."""
    mine, theirs = op.geometry(), prepared.geometry()
    pairs: list[tuple[str, object, object]] = [
        ("in_channels", mine.in_channels, theirs.in_channels),
        ("out_channels", mine.out_channels, theirs.out_channels),
        ("groups", mine.groups, theirs.groups),
        ("batch_size", mine.batch, theirs.batch),
        ("input_height", mine.height.size, theirs.height.size),
        ("input_width", mine.width.size, theirs.width.size),
        ("mirror_kernel", op.mirrors_kernel, prepared.mirrors_kernel),
    ]
    axis_fields = (
        ("kernel_size", "kernel"),
        ("stride", "stride"),
        ("dilation", "dilation"),
        ("output_padding", "output_padding"),
        ("padding", "pad_low"),
        ("padding", "pad_high"),
    )
    for name, field in axis_fields:
        pairs.append(
            (
                name,
                [getattr(mine.height, field), getattr(mine.width, field)],
                [getattr(theirs.height, field), getattr(theirs.width, field)],
            )
        )
    return next((pair for pair in pairs if pair[1] != pair[2]), None)
