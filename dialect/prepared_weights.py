"""Where a prepared weight comes from: a prepare op, directly or through a cached function."""

from __future__ import annotations

from xdsl.dialects import func
from xdsl.dialects.builtin import FlatSymbolRefAttr, SymbolRefAttr
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.traits import SymbolTable

from .ttcore import LoadCachedOp
from .ttnn_convolution import PrepareConvTranspose2dWeightsOp, Transposed


def lookup_function(
    symbol: SymbolRefAttr | FlatSymbolRefAttr, user: Operation
) -> func.FuncOp | None:
    """The function a symbol names, looked up in the symbol tables around `user`."""
    found = SymbolTable.lookup_symbol(user, symbol)
    return found if isinstance(found, func.FuncOp) else None


def find_prepare_op(value: SSAValue) -> PrepareConvTranspose2dWeightsOp | None:
    """The op that prepared `value`, seen through `ttcore.load_cached`; None if there is none."""
    if not isinstance(value, OpResult):
        return None
    owner = value.op
    if isinstance(owner, PrepareConvTranspose2dWeightsOp):
        return owner
    if not isinstance(owner, LoadCachedOp):
        return None
    callee = lookup_function(owner.callee, owner)
    if callee is None or callee.is_declaration:
        return None
    returned = callee.body.block.last_op
    if not isinstance(returned, func.ReturnOp) or value.index >= len(returned.arguments):
        return None
    source = returned.arguments[value.index]
    return find_prepare_op(source) if isinstance(source, OpResult) else None


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
