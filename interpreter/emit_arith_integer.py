"""arith on integers: constants, sums, products and quotients, in the order of the dialect."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, DenseResourceAttr, ShapedType
from xdsl.ir import Operation, SSAValue

from ..dialect.numpy_types import element_type, integer_width
from . import integers
from .emitter import Emitter
from .errors import fail
from .intervals import Interval
from .literals import dense_array, literal, scalar_value
from .registry import emits


def is_bit(value: SSAValue) -> bool:
    """Whether (the elements of) an integer value are i1."""
    return integer_width(element_type(value.type)) == 1


def refuse_bit(e: Emitter, op: Operation) -> None:
    """i1 has no place in signed arithmetic that is worth defining here."""
    if is_bit(op.operands[0]):
        fail("expected an integer wider than i1, got i1")


def masked(e: Emitter, value: SSAValue) -> str:
    """The unsigned reading of an integer, scalar or array."""
    width = integer_width(element_type(value.type))
    if e.on_arrays(value):
        bits = e[value] if width == 1 else f"{e.use(integers.unsigned)}({e[value]})"
        return bits if width in (1, 8, 16, 32, 64) else f"({bits} & {(1 << width) - 1})"
    if e.interval(value).low >= 0:
        return e[value]
    return f"({e[value]} & {(1 << width) - 1})"


def assign_signed(e: Emitter, result: SSAValue, unsigned: str) -> None:
    """Assign unsigned array elements as the signed ones that hold their bits."""
    bits = f"{e.use(integers.like)}({unsigned}, {e.dtype_name(result.type)})"
    e.assign_integer(result, bits, e.interval(result))


@emits(arith.ConstantOp, elementwise=True, buffer="constant")
def constant(e: Emitter, op: arith.ConstantOp) -> None:
    dtype = e.dtype(op.result.type)
    if isinstance(op.result.type, ShapedType):
        if not isinstance(op.value, DenseIntOrFPElementsAttr | DenseResourceAttr):
            fail(f"expected dense elements, got {op.value.name}")
        e.bind(op.result, e.constant(dense_array(op.value, dtype)))
        return
    value = scalar_value(op.value, dtype)
    if isinstance(value, int):
        e.intervals[op.result] = Interval(value, value)
    text = None if e.vectorised else literal(value)
    e.bind(op.result, text or e.constant(dtype.type(value)))


@emits(arith.AddiOp, elementwise=True, buffer="fresh")
def addi(e: Emitter, op: arith.AddiOp) -> None:
    a, b = e.operands(op)
    sign = "^" if is_bit(op.lhs) else "+"
    bounds = Interval(0, 1) if sign == "^" else e.interval(op.lhs).plus(e.interval(op.rhs))
    e.assign_integer(op.result, f"{a} {sign} {b}", bounds)


@emits(arith.SubiOp, elementwise=True, buffer="fresh")
def subi(e: Emitter, op: arith.SubiOp) -> None:
    a, b = e.operands(op)
    sign = "^" if is_bit(op.lhs) else "-"
    bounds = Interval(0, 1) if sign == "^" else e.interval(op.lhs).minus(e.interval(op.rhs))
    e.assign_integer(op.result, f"{a} {sign} {b}", bounds)


@emits(arith.MuliOp, elementwise=True, buffer="fresh")
def muli(e: Emitter, op: arith.MuliOp) -> None:
    a, b = e.operands(op)
    sign = "&" if is_bit(op.lhs) else "*"
    e.assign_integer(op.result, f"{a} {sign} {b}", e.interval(op.lhs).times(e.interval(op.rhs)))


@emits(arith.AddUIExtendedOp, elementwise=True, buffer="fresh")
def addui_extended(e: Emitter, op: arith.AddUIExtendedOp) -> None:
    refuse_bit(e, op)
    if e.on_arrays(op.sum):
        call = f"{e.use(integers.add_extended_array)}({', '.join(e.operands(op))})"
    else:
        width = integer_width(op.sum.type)
        call = f"{e.use(integers.add_extended)}({masked(e, op.lhs)}, {masked(e, op.rhs)}, {width})"
    e.line(f"{e.define(op.sum)}, {e.define(op.overflow)} = {call}")


def _multiply_extended(e: Emitter, op: arith.MulUIExtendedOp | arith.MulSIExtendedOp) -> None:
    refuse_bit(e, op)
    is_signed = isinstance(op, arith.MulSIExtendedOp)
    a, b = (e[v] if is_signed else masked(e, v) for v in op.operands)
    if e.on_arrays(op.low):
        call = f"{e.use(integers.multiply_extended_array)}({a}, {b})"
    else:
        call = f"{e.use(integers.multiply_extended)}({a}, {b}, {integer_width(op.low.type)})"
    e.line(f"{e.define(op.low)}, {e.define(op.high)} = {call}")


emits(arith.MulUIExtendedOp, arith.MulSIExtendedOp, elementwise=True, buffer="fresh")(
    _multiply_extended
)


def _unsigned_binary(
    e: Emitter, op: arith.SignlessIntegerBinaryOperation, scalar: str, array_helper: str
) -> None:
    """`scalar` is a template over unsigned operands; the array helper works on unsigned arrays."""
    refuse_bit(e, op)
    a, b = masked(e, op.lhs), masked(e, op.rhs)
    if e.on_arrays(op.result):
        assign_signed(e, op.result, f"{e.use(getattr(integers, array_helper))}({a}, {b})")
        return
    bounds = e.interval(op.lhs)
    if bounds.low < 0:
        bounds = Interval(0, 2 ** integer_width(op.result.type) - 1)
    e.assign_integer(op.result, scalar.format(a, b), bounds)


@emits(arith.DivUIOp, elementwise=True, buffer="fresh")
def divui(e: Emitter, op: arith.DivUIOp) -> None:
    _unsigned_binary(e, op, "{} // {}", "floor_divide_array")


@emits(arith.CeilDivUIOp, elementwise=True, buffer="fresh")
def ceildivui(e: Emitter, op: arith.CeilDivUIOp) -> None:
    _unsigned_binary(e, op, "-(-{} // {})", "ceil_divide_array")


@emits(arith.RemUIOp, elementwise=True, buffer="fresh")
def remui(e: Emitter, op: arith.RemUIOp) -> None:
    _unsigned_binary(e, op, "{} % {}", "remainder_array")


def _signed_division(
    e: Emitter, op: arith.SignlessIntegerBinaryOperation, scalar: str, array_helper: str
) -> None:
    refuse_bit(e, op)
    a, b = e.operands(op)
    if e.on_arrays(op.result):
        call = f"{e.use(getattr(integers, array_helper))}({a}, {b})"
        e.assign_integer(op.result, call, e.interval(op.result))
        return
    reach = max(-e.interval(op.lhs).low, e.interval(op.lhs).high)
    nonnegative = e.interval(op.lhs).low >= 0 and e.interval(op.rhs).low >= 0
    bounds = Interval(0 if nonnegative else -reach, reach)
    e.assign_integer(op.result, scalar.format(a, b), bounds)


@emits(arith.DivSIOp, elementwise=True, buffer="fresh")
def divsi(e: Emitter, op: arith.DivSIOp) -> None:
    scalar = "{} // {}"
    if e.interval(op.lhs).low < 0 or e.interval(op.rhs).low < 0:
        width = integer_width(element_type(op.result.type))
        scalar = f"{e.use(integers.divide_signed)}({{}}, {{}}, {width})"
    _signed_division(e, op, scalar, "divide_signed_array")


@emits(arith.FloorDivSIOp, elementwise=True, buffer="fresh")
def floordivsi(e: Emitter, op: arith.FloorDivSIOp) -> None:
    _signed_division(e, op, "{} // {}", "floor_divide_array")


@emits(arith.CeilDivSIOp, elementwise=True, buffer="fresh")
def ceildivsi(e: Emitter, op: arith.CeilDivSIOp) -> None:
    _signed_division(e, op, "-(-{} // {})", "ceil_divide_array")


@emits(arith.RemSIOp, elementwise=True, buffer="fresh")
def remsi(e: Emitter, op: arith.RemSIOp) -> None:
    scalar = "{} % {}"
    if e.interval(op.lhs).low < 0 or e.interval(op.rhs).low < 0:
        scalar = f"{e.use(integers.remainder_signed)}({{}}, {{}})"
    _signed_division(e, op, scalar, "remainder_signed_array")
