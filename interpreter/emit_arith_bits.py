"""arith on integers: the ops that choose, mask, shift and compare, in the order of the dialect."""

from __future__ import annotations

import numpy as np
from xdsl.dialects import arith
from xdsl.dialects.builtin import ShapedType

from ..dialect.numpy_types import integer_width
from . import integers
from .emit_arith_integer import assign_signed, is_bit, masked, refuse_bit
from .emitter import Emitter
from .intervals import Interval
from .registry import IN_PLACE, emits


def _choose(e: Emitter, op: arith.SignlessIntegerBinaryOperation, sign: str, ufunc: str) -> None:
    """min and max: `a` when `a sign b`."""
    refuse_bit(e, op)
    a, b = e.operands(op)
    by_unsigned = isinstance(op, arith.MinUIOp | arith.MaxUIOp)
    if e.on_arrays(op.result):
        if by_unsigned:
            both = f"{masked(e, op.lhs)}, {masked(e, op.rhs)}"
            assign_signed(e, op.result, f"np.{ufunc}({both})")
        else:
            e.assign_elements(op.result, f"np.{ufunc}({a}, {b})")
        return
    left, right = (masked(e, op.lhs), masked(e, op.rhs)) if by_unsigned else (a, b)
    pick = min if sign == "<=" else max
    mine, theirs = e.interval(op.lhs), e.interval(op.rhs)
    bounds = Interval(pick(mine.low, theirs.low), pick(mine.high, theirs.high))
    if by_unsigned and (mine.low < 0 or theirs.low < 0):
        bounds = mine.union(theirs)
    e.intervals[op.result] = bounds
    e.assign(op.result, f"{a} if {left} {sign} {right} else {b}")


@emits(arith.MinUIOp, arith.MinSIOp, elementwise=True, buffer="fresh")
def minimum(e: Emitter, op: arith.MinUIOp | arith.MinSIOp) -> None:
    _choose(e, op, "<=", "minimum")


@emits(arith.MaxUIOp, arith.MaxSIOp, elementwise=True, buffer="fresh")
def maximum(e: Emitter, op: arith.MaxUIOp | arith.MaxSIOp) -> None:
    _choose(e, op, ">=", "maximum")


def _bitwise(e: Emitter, op: arith.SignlessIntegerBinaryOperation, sign: str) -> None:
    a, b = e.operands(op)
    e.assign_elements(op.result, f"{a} {sign} {b}")


@emits(arith.AndIOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def andi(e: Emitter, op: arith.AndIOp) -> None:
    _bitwise(e, op, "&")


@emits(arith.OrIOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def ori(e: Emitter, op: arith.OrIOp) -> None:
    _bitwise(e, op, "|")


@emits(arith.XOrIOp, elementwise=True, buffer="fresh", memory=IN_PLACE)
def xori(e: Emitter, op: arith.XOrIOp) -> None:
    _bitwise(e, op, "^")


@emits(arith.ShLIOp, elementwise=True, buffer="fresh")
def shli(e: Emitter, op: arith.ShLIOp) -> None:
    refuse_bit(e, op)
    a, b = e.operands(op)
    if e.on_arrays(op.result):
        shifted = f"np.left_shift({a}, {b})"
        e.assign_integer(op.result, shifted, e.interval(op.result))
        return
    width = integer_width(op.result.type)
    e.assign(op.result, f"{e.use(integers.shift_left)}({a}, {masked(e, op.rhs)}, {width})")


@emits(arith.ShRUIOp, elementwise=True, buffer="fresh")
def shrui(e: Emitter, op: arith.ShRUIOp) -> None:
    refuse_bit(e, op)
    a, b = masked(e, op.lhs), masked(e, op.rhs)
    if e.on_arrays(op.result):
        assign_signed(e, op.result, f"np.right_shift({a}, {b})")
        return
    width = integer_width(op.result.type)
    bounds = Interval(0, (1 << width) - 1)
    e.assign_integer(op.result, f"{e.use(integers.shift_right)}({a}, {b}, {width})", bounds)


@emits(arith.ShRSIOp, elementwise=True, buffer="fresh")
def shrsi(e: Emitter, op: arith.ShRSIOp) -> None:
    refuse_bit(e, op)
    a, b = e.operands(op)
    if e.on_arrays(op.result):
        e.assign_elements(op.result, f"np.right_shift({a}, {b})")
        return
    width = integer_width(op.result.type)
    e.assign(op.result, f"{e.use(integers.shift_right)}({a}, {masked(e, op.rhs)}, {width})")


_SIGNS = ("==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">=")


@emits(arith.CmpiOp, elementwise=True, buffer="fresh")
def cmpi(e: Emitter, op: arith.CmpiOp) -> None:
    predicate = op.predicate.value.data
    a, b = e.operands(op)
    if predicate >= 6:
        a, b = masked(e, op.lhs), masked(e, op.rhs)
    elif predicate >= 2 and is_bit(op.lhs):  # true is -1
        a, b = b, a
    e.assign_elements(op.result, f"{a} {_SIGNS[predicate]} {b}")


@emits(arith.SelectOp, elementwise=True, memory=IN_PLACE)
def select(e: Emitter, op: arith.SelectOp) -> None:
    condition, a, b = e.operands(op)
    if e.on_arrays(op.cond):
        e.assign_elements(op.result, f"{e.use(np.where)}({condition}, {a}, {b})")
        return
    if not isinstance(op.result.type, ShapedType):
        e.intervals[op.result] = e.interval(op.lhs).union(e.interval(op.rhs))
    e.assign(op.result, f"{a} if {condition} else {b}")
