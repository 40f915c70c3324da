"""builtin and ub: casts between equal values, values nobody defined."""

from __future__ import annotations

from xdsl.dialects import ub
from xdsl.dialects.builtin import ShapedType, UnrealizedConversionCastOp

from .emitter import Emitter
from .errors import fail
from .floats import poison
from .registry import emits


@emits(UnrealizedConversionCastOp)
def unrealized_conversion_cast(e: Emitter, op: UnrealizedConversionCastOp) -> None:
    """One value into one of the same shape and element type; nothing else has a meaning here."""
    if len(op.inputs) != 1 or len(op.outputs) != 1:
        fail(f"expected one operand and one result, got {len(op.inputs)} and {len(op.outputs)}")
    source, target = op.inputs[0].type, op.outputs[0].type
    same_shape = (
        isinstance(source, ShapedType)
        and isinstance(target, ShapedType)
        and source.get_shape() == target.get_shape()
        and e.dtype(source) == e.dtype(target)
    )
    if source != target and not same_shape:
        fail(f"expected types of the same shape and elements, got {source} and {target}")
    e.assign(op.outputs[0], e[op.inputs[0]])


@emits(ub.PoisonOp)
def ub_poison(e: Emitter, op: ub.PoisonOp) -> None:
    type_ = op.result.type
    shape = type_.get_shape() if isinstance(type_, ShapedType) else ()
    value = poison(shape, e.dtype(type_))
    scalar = value.item() if e.dtype(type_).kind in "biu" else value[()]
    e.bind(op.result, e.constant(value if isinstance(type_, ShapedType) else scalar))


@emits(ub.UnreachableOp)
def ub_unreachable(e: Emitter, op: ub.UnreachableOp) -> None:
    e.line(f"{e.use(fail)}('expected this never to be reached')")
