"""arith on floats, and conversions between element types."""

from __future__ import annotations

import numpy as np
from xdsl.dialects import arith
from xdsl.dialects.builtin import AnyFloat, IntegerType
from xdsl.ir import Attribute, SSAValue

from ..dialect.numpy_types import (
    FLOAT64,
    DType,
    ElementTypes,
    convert,
    element_type,
    integer_width,
    numpy_dtype,
)
from . import floats, integers
from .emit_arith_integer import is_bit, masked
from .emitter import Emitter
from .errors import fail
from .intervals import Interval
from .registry import IN_PLACE, Memory, emits
from .sizes import converted_bytes


def _is_python_float(e: Emitter, value: SSAValue) -> bool:
    """Scalars of f64 are Python floats; all other floats are NumPy values."""
    return not e.on_arrays(value) and e.dtype(value.type) == FLOAT64


@emits(arith.AddfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def addf(e: Emitter, op: arith.AddfOp) -> None:
    a, b = e.operands(op)
    e.assign_elements(op.result, f"{a} + {b}")


@emits(arith.SubfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def subf(e: Emitter, op: arith.SubfOp) -> None:
    a, b = e.operands(op)
    e.assign_elements(op.result, f"{a} - {b}")


@emits(arith.MulfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def mulf(e: Emitter, op: arith.MulfOp) -> None:
    a, b = e.operands(op)
    e.assign_elements(op.result, f"{a} * {b}")


@emits(arith.DivfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def divf(e: Emitter, op: arith.DivfOp) -> None:
    a, b = e.operands(op)
    if _is_python_float(e, op.result):
        e.assign(op.result, f"{e.use(floats.divide)}({a}, {b})")
        return
    e.assign_elements(op.result, f"{a} / {b}")


@emits(arith.NegfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def negf(e: Emitter, op: arith.NegfOp) -> None:
    e.assign_elements(op.result, f"-{e[op.operand]}")


def _emit_extreme(
    e: Emitter, op: arith.MaximumfOp | arith.MinimumfOp, function: str, order: str
) -> None:
    """The larger or smaller operand, NaN if one is; on scalars without the cost of a NumPy call."""
    a, b = e.operands(op)
    if e.on_arrays(op.result):
        e.assign_elements(op.result, f"{function}({a}, {b})")
        return
    e.assign(op.result, f"({a} if {a} {order} {b} or {a} != {a} else {b})")


@emits(arith.MaximumfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def maximumf(e: Emitter, op: arith.MaximumfOp) -> None:
    _emit_extreme(e, op, "np.maximum", ">=")


@emits(arith.MinimumfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def minimumf(e: Emitter, op: arith.MinimumfOp) -> None:
    _emit_extreme(e, op, "np.minimum", "<=")


@emits(arith.MaxnumfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def maxnumf(e: Emitter, op: arith.MaxnumfOp) -> None:
    e.assign_elements(op.result, f"np.fmax({', '.join(e.operands(op))})")


@emits(arith.MinnumfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def minnumf(e: Emitter, op: arith.MinnumfOp) -> None:
    e.assign_elements(op.result, f"np.fmin({', '.join(e.operands(op))})")


_ORDERED = "({a} == {a}) & ({b} == {b})"
_COMPARISONS = (
    "{false}",  # false
    "{a} == {b}",  # oeq
    "{a} > {b}",  # ogt
    "{a} >= {b}",  # oge
    "{a} < {b}",  # olt
    "{a} <= {b}",  # ole
    "({a} < {b}) | ({a} > {b})",  # one
    _ORDERED,  # ord
    "{false} == (({a} < {b}) | ({a} > {b}))",  # ueq
    "{false} == ({a} <= {b})",  # ugt
    "{false} == ({a} < {b})",  # uge
    "{false} == ({a} >= {b})",  # ult
    "{false} == ({a} > {b})",  # ule
    "{a} != {b}",  # une
    "({a} != {a}) | ({b} != {b})",  # uno
    "{true}",  # true
)


@emits(arith.CmpfOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def cmpf(e: Emitter, op: arith.CmpfOp) -> None:
    a, b = e.operands(op)
    predicate = op.predicate.value.data
    false, true = "False", "True"
    if predicate in (0, 15) and e.on_arrays(op.lhs):
        false, true = f"({a} != {a}) & False", f"({a} == {a}) | True"
    e.assign_elements(op.result, _COMPARISONS[predicate].format(a=a, b=b, false=false, true=true))


# Conversions -------------------------------------------------------------------------------------


def _convert(e: Emitter, result: SSAValue, values: str, source: Attribute) -> None:
    """Between NumPy element types, in arrays or scalars that are no Python numbers."""
    if e.dtype(source) == e.dtype(result.type):
        e.assign(result, values)
    elif e.on_arrays(result):
        converted = f"{e.use(convert)}({e.use(np.asarray)}({values}), {e.dtype_name(result.type)})"
        e.assign(result, converted)
    else:
        _convert_scalar(e, result, values)


def _convert_scalar(e: Emitter, result: SSAValue, value: str) -> None:
    dtype = e.dtype(result.type)
    if dtype == FLOAT64:
        e.assign(result, f"float({value})")
    elif dtype.itemsize >= 4:
        e.assign(result, f"{e.scalar_constructor(result.type)}({value})")
    else:
        whole = f"{e.use(convert)}({e.use(np.asarray)}({value}), {e.dtype_name(result.type)})"
        e.assign(result, f"{whole}[()]")


def _convert_scratch(types: ElementTypes, op: arith.ExtFOp | arith.TruncFOp) -> int:
    target = types.dtype(op.result.type)
    return max(converted_bytes(1, types.dtype(op.input.type), target) - target.itemsize, 0)


@emits(arith.ExtFOp, arith.TruncFOp, elementwise=True, memory=Memory(scratch=_convert_scratch))
def convert_float(e: Emitter, op: arith.ExtFOp | arith.TruncFOp) -> None:
    _convert(e, op.result, e[op.input], op.input.type)


@emits(arith.TruncIOp, elementwise=True)
def trunci(e: Emitter, op: arith.TruncIOp) -> None:
    _resize_integer(e, op.input, op.result, e[op.input])


@emits(arith.ExtSIOp, elementwise=True)
def extsi(e: Emitter, op: arith.ExtSIOp) -> None:
    _resize_integer(e, op.input, op.result, _signed_bit(e, op.input))


@emits(arith.ExtUIOp, elementwise=True)
def extui(e: Emitter, op: arith.ExtUIOp) -> None:
    value = masked(e, op.input)
    if is_bit(op.input) and not e.on_arrays(op.input):
        value = f"int({value})"
    _resize_integer(e, op.input, op.result, value, signed=False)


@emits(arith.IndexCastOp, elementwise=True)
def index_cast(e: Emitter, op: arith.IndexCastOp) -> None:
    _resize_integer(e, op.input, op.result, _signed_bit(e, op.input))


def _signed_bit(e: Emitter, value: SSAValue) -> str:
    """An integer for sign extension: an i1 that is set counts as -1."""
    if not is_bit(value):
        return e[value]
    return f"-{e[value]}.astype(np.int8)" if e.on_arrays(value) else f"-int({e[value]})"


def _resize_integer(
    e: Emitter, source: SSAValue, result: SSAValue, value: str, signed: bool = True
) -> None:
    if e.on_arrays(result):
        narrowed = f"({value} & 1)" if is_bit(result) and not is_bit(source) else value
        resized = f"{e.use(np.asarray)}({narrowed}).astype({e.dtype_name(result.type)})"
        e.assign_integer(result, resized, e.interval(result))
        return
    bounds = e.interval(source)
    if is_bit(source):
        bounds = Interval(-1, 0) if signed else Interval(0, 1)
    elif not signed and bounds.low < 0:
        bounds = Interval(0, 2 ** integer_width(source.type) - 1)
    e.assign_integer(result, value, bounds)


@emits(arith.SIToFPOp, elementwise=True, buffer="fresh")
def sitofp(e: Emitter, op: arith.SIToFPOp) -> None:
    _integer_to_float(e, op.input, op.result, _signed_bit(e, op.input))


@emits(arith.UIToFPOp, elementwise=True, buffer="fresh")
def uitofp(e: Emitter, op: arith.UIToFPOp) -> None:
    _integer_to_float(e, op.input, op.result, masked(e, op.input))


def _integer_to_float(e: Emitter, source: SSAValue, result: SSAValue, value: str) -> None:
    dtype = e.dtype(result.type)
    if e.on_arrays(result):
        converted = f"{e.use(convert)}({e.use(np.asarray)}({value}), {e.dtype_name(result.type)})"
        e.assign_elements(result, converted)
        return
    if dtype != FLOAT64 and integer_width(source.type) > 32:
        wide = "uint64" if value.startswith("(") else "int64"
        value = f"np.{wide}({value})"
    _convert_scalar(e, result, value)


@emits(arith.FPToSIOp, elementwise=True, buffer="fresh")
def fptosi(e: Emitter, op: arith.FPToSIOp) -> None:
    _float_to_integer(e, op.input, op.result, e.dtype(op.result.type))


@emits(arith.FPToUIOp, elementwise=True, buffer="fresh")
def fptoui(e: Emitter, op: arith.FPToUIOp) -> None:
    width = integer_width(element_type(op.result.type))
    container = numpy_dtype(IntegerType(max(width, 8)))
    _float_to_integer(e, op.input, op.result, np.dtype(f"uint{container.itemsize * 8}"))


def _float_to_integer(e: Emitter, source: SSAValue, result: SSAValue, through: DType) -> None:
    if is_bit(result):
        fail("expected an integer wider than i1, got i1")
    name = e.held(through)
    if e.on_arrays(result):
        whole = f"{e.use(convert)}({e.use(np.asarray)}({e[source]}), {name})"
        whole = f"{e.use(integers.like)}({whole}, {e.dtype_name(result.type)})"
        e.assign_integer(result, whole, e.interval(result))
        return
    whole = f"{e.use(floats.to_integer)}({e[source]}, {name})"
    e.assign_integer(result, whole, Interval(-(2**64), 2**64))


@emits(arith.BitcastOp, elementwise=True)
def bitcast(e: Emitter, op: arith.BitcastOp) -> None:
    source, target = op.input.type, op.result.type
    if isinstance(element_type(source), AnyFloat) != isinstance(element_type(target), AnyFloat):
        exact = e.types.accumulate == "ir"
        if not exact:
            fail("expected element types that round as the IR says, got f64 accumulation")
    value = e[op.input]
    if not e.on_arrays(op.input):
        value = f"{e.scalar_constructor(source)}({value})"
    bits = f"{e.use(integers.like)}({value}, {e.dtype_name(target)})"
    if not e.on_arrays(op.result) and isinstance(target, IntegerType):
        bits = f"int({bits})"
    e.assign(op.result, bits)
