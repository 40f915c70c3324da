"""Where a prepared weight comes from: a prepare op, directly or through a cached function."""

from __future__ import annotations

from weakref import WeakKeyDictionary, WeakValueDictionary

from xdsl.dialects import func
from xdsl.dialects.builtin import FlatSymbolRefAttr, SymbolRefAttr
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.traits import SymbolTable

from .ttcore import LoadCachedOp
from .ttnn_convolution import PrepareConvTranspose2dWeightsOp, Transposed

_FUNCTIONS: WeakKeyDictionary[Operation, WeakValueDictionary[str, func.FuncOp]] = (
    WeakKeyDictionary()
)
"""Functions by name for each symbol table that was asked. A hit is checked before it is used, so
that IR may change between look-ups; a module of n functions is then searched once, not n times."""


def lookup_function(
    symbol: SymbolRefAttr | FlatSymbolRefAttr, user: Operation
) -> func.FuncOp | None:
    """The function a symbol names, looked up in the nearest symbol table around `user`."""
    table = user.parent_op()
    while table is not None and not table.has_trait(SymbolTable):
        table = table.parent_op()
    if table is None:
        return None
    name = symbol.string_value()
    known = _FUNCTIONS.get(table)
    found = known.get(name) if known is not None else None
    if found is None or found.parent_op() is not table or found.sym_name.data != name:
        functions = [op for op in table.regions[0].ops if isinstance(op, func.FuncOp)]
        known = WeakValueDictionary({op.sym_name.data: op for op in functions})
        _FUNCTIONS[table] = known
        found = known.get(name)
    return found


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
        callee = lookup_function(owner.callee, owner)
        last_op = callee.body.blocks[-1].last_op if callee and callee.body.blocks else None
        if not isinstance(last_op, func.ReturnOp) or value.index >= len(last_op.arguments):
            return None
        value = last_op.arguments[value.index]
    return None


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
