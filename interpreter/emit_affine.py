"""affine: maps as Python expressions, loads and stores through them, loops."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import affine
from xdsl.dialects.builtin import AffineMapAttr
from xdsl.ir import SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)

from .emitter import Emitter
from .errors import fail
from .intervals import Interval
from .registry import emits
from .slices import outside

_SIGNS = {
    AffineBinaryOpKind.Add: "({} + {})",
    AffineBinaryOpKind.Mul: "({} * {})",
    AffineBinaryOpKind.Mod: "({} % {})",
    AffineBinaryOpKind.FloorDiv: "({} // {})",
    AffineBinaryOpKind.CeilDiv: "(-(-{} // {}))",
}


def expression_text(expression: AffineExpr, dims: Sequence[str], symbols: Sequence[str]) -> str:
    """An affine expression over names; Python's // and % round as the IR's do."""
    match expression:
        case AffineConstantExpr():
            return str(expression.value)
        case AffineDimExpr():
            return dims[expression.position]
        case AffineSymExpr():
            return symbols[expression.position]
        case AffineBinaryOpExpr():
            a = expression_text(expression.lhs, dims, symbols)
            b = expression_text(expression.rhs, dims, symbols)
            return _SIGNS[expression.kind].format(a, b)
        case _:
            fail(f"expected an affine expression, got {expression}")


def expression_interval(expression: AffineExpr, operands: Sequence[Interval]) -> Interval:
    """The range of an affine expression; `operands` are dimensions, then symbols."""
    match expression:
        case AffineConstantExpr():
            return Interval(expression.value, expression.value)
        case AffineDimExpr():
            return operands[expression.position]
        case AffineBinaryOpExpr():
            a = expression_interval(expression.lhs, operands)
            b = expression_interval(expression.rhs, operands)
            return _combine(expression.kind, a, b)
        case _:
            return Interval(-(2**63), 2**63 - 1)


def _combine(kind: AffineBinaryOpKind, a: Interval, b: Interval) -> Interval:
    if kind == AffineBinaryOpKind.Add:
        return a.plus(b)
    if kind == AffineBinaryOpKind.Mul:
        return a.times(b)
    if kind == AffineBinaryOpKind.Mod:
        return Interval(0, max(b.high - 1, 0))
    return Interval(min(a.low, 0), max(a.high, 0))


def map_texts(e: Emitter, map_: AffineMapAttr, operands: Sequence[SSAValue]) -> list[str]:
    """The results of a map applied to operands."""
    names = [e[operand] for operand in operands]
    count = map_.data.num_dims
    return [expression_text(r, names[:count], names[count:]) for r in map_.data.results]


def map_intervals(e: Emitter, map_: AffineMapAttr, operands: Sequence[SSAValue]) -> list[Interval]:
    """The ranges of the results of a map."""
    known = [e.interval(operand) for operand in operands]
    return [expression_interval(result, known) for result in map_.data.results]


@emits(affine.ApplyOp, elementwise=True)
def apply(e: Emitter, op: affine.ApplyOp) -> None:
    (text,) = map_texts(e, op.map, op.mapOperands)
    (interval,) = map_intervals(e, op.map, op.mapOperands)
    e.assign_integer(op.result, text, interval)


@emits(affine.MinOp)
def minimum(e: Emitter, op: affine.MinOp) -> None:
    texts = map_texts(e, op.map, op.arguments)
    intervals = map_intervals(e, op.map, op.arguments)
    bounds = Interval(min(i.low for i in intervals), min(i.high for i in intervals))
    e.assign_integer(op.result, texts[0] if len(texts) == 1 else f"min({', '.join(texts)})", bounds)


def _checked(e: Emitter, array: SSAValue, map_: AffineMapAttr, indices: Sequence[SSAValue]) -> str:
    texts = map_texts(e, map_, indices)
    intervals = map_intervals(e, map_, indices)
    for axis, (text, interval) in enumerate(zip(texts, intervals, strict=True)):
        if interval.low < 0:
            call = f"{e.use(outside)}({axis}, {text}, 1, 1, {e[array]}.shape[{axis}])"
            e.line(f"if {text} < 0: {call}")
    return ", ".join(texts)


@emits(affine.LoadOp)
def load(e: Emitter, op: affine.LoadOp) -> None:
    index = _checked(e, op.memref, op.map, op.indices)
    e.assign(op.result, e.read_element(e[op.memref], index, op.result.type))


@emits(affine.StoreOp)
def store(e: Emitter, op: affine.StoreOp) -> None:
    index = _checked(e, op.memref, op.map, op.indices)
    e.line(f"{e[op.memref]}[{index or '()'}] = {e[op.value]}")


@emits(affine.ForOp)
def affine_for(e: Emitter, op: affine.ForOp) -> None:
    """Bounds are the largest lower and the smallest upper result of their maps."""
    block = op.body.block
    induction, *arguments = block.args
    lows = map_texts(e, op.lowerBoundMap, op.lowerBoundOperands)
    highs = map_texts(e, op.upperBoundMap, op.upperBoundOperands)
    low = lows[0] if len(lows) == 1 else f"max({', '.join(lows)})"
    high = highs[0] if len(highs) == 1 else f"min({', '.join(highs)})"
    carried = [e.define(argument) for argument in arguments]
    e.assign_all(carried, [e[init] for init in op.inits])
    lowest = min(i.low for i in map_intervals(e, op.lowerBoundMap, op.lowerBoundOperands))
    highest = min(i.high for i in map_intervals(e, op.upperBoundMap, op.upperBoundOperands))
    e.intervals[induction] = Interval(lowest, max(lowest, highest - 1))
    step = op.step.value.data
    with e.indented(f"for {e.define(induction)} in range({low}, {high}, {step}):"):
        yielded = e.body(block)
        with e.at(yielded):
            e.assign_all(carried, e.operands(yielded))
    e.assign_all([e.define(result) for result in op.res], carried)
