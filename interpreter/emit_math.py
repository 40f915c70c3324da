"""The math dialect: one NumPy function an op, rounding to the element type it computes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from xdsl.dialects import math
from xdsl.ir import Operation

from ..dialect.numpy_types import FLOAT64, ElementTypes, element_type, integer_width
from . import floats, integers
from .emitter import Emitter
from .registry import Memory, emits

_FLOAT_OPS: dict[type[Operation], Callable[..., Any]] = {
    math.AbsFOp: np.abs,
    math.AcosOp: np.arccos,
    math.AcoshOp: np.arccosh,
    math.AsinOp: np.arcsin,
    math.AsinhOp: np.arcsinh,
    math.AtanhOp: np.arctanh,
    math.Atan2Op: np.arctan2,
    math.AtanOp: np.arctan,
    math.CbrtOp: np.cbrt,
    math.CeilOp: np.ceil,
    math.CopySignOp: np.copysign,
    math.CosOp: np.cos,
    math.CoshOp: np.cosh,
    math.ErfOp: floats.erf,
    math.Exp2Op: np.exp2,
    math.ExpM1Op: np.expm1,
    math.ExpOp: np.exp,
    math.FloorOp: np.floor,
    math.FmaOp: floats.fma,
    math.Log10Op: np.log10,
    math.Log1pOp: np.log1p,
    math.Log2Op: np.log2,
    math.LogOp: np.log,
    math.PowFOp: floats.power,
    math.RoundEvenOp: np.rint,
    math.RoundOp: floats.round_half_away,
    math.RsqrtOp: floats.rsqrt,
    math.SinOp: np.sin,
    math.SinhOp: np.sinh,
    math.SqrtOp: np.sqrt,
    math.TanOp: np.tan,
    math.TanhOp: np.tanh,
    math.TruncOp: np.trunc,
}
_INTEGER_OPS: dict[type[Operation], Callable[..., int]] = {
    math.AbsIOp: integers.absolute,
    math.CountLeadingZerosOp: integers.leading_zeros,
    math.CountTrailingZerosOp: integers.trailing_zeros,
    math.CtPopOp: integers.set_bits,
    math.IPowIOp: integers.power,
}


_SCRATCH: dict[type[Operation], int] = {
    math.ErfOp: 56,
    math.FmaOp: 40,
    math.PowFOp: 32,
    math.RoundOp: 48,
    math.RsqrtOp: 24,
}
"""Bytes for each element, of what goes through f64; the others are one NumPy function."""


def _scratch(types: ElementTypes, op: Operation) -> int:
    return _SCRATCH.get(type(op), 0)


@emits(*_FLOAT_OPS, elementwise=True, buffer="fresh", memory=Memory(scratch=_scratch))
def float_function(e: Emitter, op: Operation) -> None:
    """np.f(x, ...); f64 scalars become Python floats again."""
    call = f"{e.use(_FLOAT_OPS[type(op)])}({', '.join(e.operands(op))})"
    result = op.results[0]
    if not e.on_arrays(result) and e.dtype(result.type) == FLOAT64:
        call = f"float({call})"
    e.assign_elements(result, call)


@emits(*_INTEGER_OPS, elementwise=True, buffer="fresh", memory=Memory(scratch=128))
def integer_function(e: Emitter, op: Operation) -> None:
    """A function of integers.py, which takes the width last."""
    result = op.results[0]
    width = integer_width(element_type(result.type))
    name, operands = e.use(_INTEGER_OPS[type(op)]), ", ".join(e.operands(op))
    if e.on_arrays(result):
        e.assign(result, f"{e.use(integers.map_elements)}({name}, {width}, {operands})")
    else:
        e.assign(result, f"{name}({operands}, {width})")


@emits(math.FPowIOp, elementwise=True, buffer="fresh", memory=Memory(scratch=32))
def fpowi(e: Emitter, op: math.FPowIOp) -> None:
    base, exponent = e.operands(op)
    e.assign_elements(op.results[0], f"{e.use(floats.power)}({base}, {exponent})")
