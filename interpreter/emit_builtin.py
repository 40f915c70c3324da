"""builtin and ub: casts between equal values, values nobody defined."""

from __future__ import annotations

from xdsl.dialects import ub
from xdsl.dialects.builtin import ShapedType, UnrealizedConversionCastOp
from xdsl.ir import Attribute

from ..dialect.numpy_types import element_type, is_integer
from .emitter import Emitter
from .errors import fail
from .floats import poison
from .integers import like
from .registry import emits


@emits(UnrealizedConversionCastOp)
def unrealized_conversion_cast(e: Emitter, op: UnrealizedConversionCastOp) -> None:
    """One value as another of the same shape and bits: other encodings or signedness."""
    if len(op.inputs) != 1 or len(op.outputs) != 1:
        fail(f"expected one operand and one result, got {len(op.inputs)} and {len(op.outputs)}")
    (source,), (target,) = op.inputs, op.outputs
    if source.type == target.type:
        e.assign(target, e[source])
    elif not _same_bits(source.type, target.type):
        fail(f"expected types of the same shape and bits, got {source.type} and {target.type}")
    else:
        bits = f"{e.use(like)}({e[source]}, {e.dtype_name(target.type)})"
        if e.element(target.type).bits is not None:
            bits = f"{e.element_name(target.type)}.wrapped({bits})"
        e.assign(target, bits)


def _same_bits(source: Attribute, target: Attribute) -> bool:
    """Whether two shaped types differ at most in their encodings and in signedness."""
    if not isinstance(source, ShapedType) or not isinstance(target, ShapedType):
        return False
    a, b = element_type(source), element_type(target)
    same_width = is_integer(a) and is_integer(b) and a.width == b.width
    return source.get_shape() == target.get_shape() and (a == b or same_width)


@emits(ub.PoisonOp, buffer="constant")
def ub_poison(e: Emitter, op: ub.PoisonOp) -> None:
    type_ = op.result.type
    shape = type_.get_shape() if isinstance(type_, ShapedType) else ()
    value = poison(shape, e.dtype(type_))
    if not isinstance(type_, ShapedType):
        value = value.item() if e.dtype(type_).kind in "biu" else value[()]
    e.bind(op.result, e.constant(value))


@emits(ub.UnreachableOp)
def ub_unreachable(e: Emitter, op: ub.UnreachableOp) -> None:
    e.line(f"{e.use(fail)}('expected this never to be reached')")
