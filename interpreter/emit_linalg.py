"""The linalg dialect: whole iteration spaces as NumPy expressions, scalar loops for the rest."""

from __future__ import annotations

import numpy as np
from xdsl.dialects.builtin import MemRefType, ShapedType
from xdsl.dialects.linalg import Linalg
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Operation, SSAValue

from ..dialect.numpy_types import ElementTypes, convert
from .emit_tensor import shape_of
from .emitter import Emitter
from .errors import fail
from .linalg_body import find_reductions, is_vectorisable
from .linalg_maps import Structured, operand_shape, structured, structured_reduce
from .linalg_parallel import copied, emit_parallel
from .linalg_reduction import emit_reduction
from .linalg_scalar import emit_scalar_loops
from .linalg_views import measure
from .registry import Memory, emits
from .sizes import array_bytes, converted_bytes, count


def _structured_classes() -> list[type[LinalgStructuredOperation]]:
    special = (linalg.FillOp, linalg.CopyOp, linalg.TransposeOp)
    return [
        op
        for op in Linalg.operations
        if issubclass(op, LinalgStructuredOperation) and not issubclass(op, special)
    ]


@emits(*_structured_classes(), buffer="fresh")
def structured_op(e: Emitter, op: LinalgStructuredOperation) -> None:
    emit_structured(e, structured(op))


@emits(linalg.ReduceOp, buffer="fresh")
def reduce(e: Emitter, op: linalg.ReduceOp) -> None:
    emit_structured(e, structured_reduce(op))


def emit_structured(e: Emitter, s: Structured) -> None:
    """Choose how to run a structured op: on arrays wherever its maps and body allow it."""
    maps = s.linear_maps()
    if maps is None or not is_vectorisable(s.body):
        emit_scalar_loops(e, s)
        return
    reductions = find_reductions(s)
    if not s.covers_parallel(maps):
        emit_scalar_loops(e, s)
    elif all(s.is_parallel):
        emit_parallel(e, s, measure(e, s, maps))
    elif reductions is None:
        emit_scalar_loops(e, s)
    else:
        emit_reduction(e, s, measure(e, s, maps), reductions)


@emits(linalg.IndexOp, elementwise=True)
def index(e: Emitter, op: linalg.IndexOp) -> None:
    """The counter was bound when the loops around it were emitted."""


# Named ops with their own short form -------------------------------------------------------------


def _write(e: Emitter, op: Operation, output: SSAValue, array: str, whole: str) -> None:
    """`whole` is a new array; `array` anything that can be assigned into a buffer."""
    if isinstance(output.type, MemRefType):
        e.line(f"{e[output]}[...] = {array}")
    else:
        e.assign(op.results[0], whole)


@emits(linalg.FillOp, buffer="fresh", memory=Memory(overwrites=1))
def fill(e: Emitter, op: linalg.FillOp) -> None:
    value, output = op.inputs[0], op.outputs[0]
    number = e[value]
    if isinstance(value.type, ShapedType):
        number = f"{number}[()]"
    if isinstance(output.type, MemRefType):
        e.line(f"{e[output]}.fill({number})")
    elif e.ownership.may_overwrite(op, 1):
        e.line(f"{e[output]}.fill({number})")
        e.assign(op.results[0], e[output])
    else:
        dtype = e.dtype_name(output.type)
        e.assign(op.results[0], f"{e.use(np.full)}({e[output]}.shape, {number}, {dtype})")


def _copy_bytes(types: ElementTypes, op: linalg.CopyOp) -> int:
    """The result, behind a conversion where types differ."""
    source, output = op.inputs[0].type, op.outputs[0].type
    converted = converted_bytes(count(source), types.dtype(source), types.dtype(output))
    return converted + array_bytes(types, output)


@emits(linalg.CopyOp, buffer="fresh", memory=Memory(_copy_bytes))
def copy(e: Emitter, op: linalg.CopyOp) -> None:
    source, output = op.inputs[0], op.outputs[0]
    if e.dtype(source.type) != e.dtype(output.type):
        array = f"{e.use(convert)}({e[source]}, {e.dtype_name(output.type)})"
    else:
        array = e[source]
    if operand_shape(source) != operand_shape(output):
        fail(f"expected equal shapes, got {shape_of(source)} and {shape_of(output)}")
    _write(e, op, output, array, f"{array}.copy()")


@emits(linalg.TransposeOp, buffer="fresh")
def transpose(e: Emitter, op: linalg.TransposeOp) -> None:
    order = ", ".join(map(str, op.permutation.get_values()))
    turned = f"{e[op.inputs[0]]}.transpose({order})"
    _write(e, op, op.outputs[0], turned, f"{e.use(np.array)}({turned}, order='C')")


@emits(linalg.BroadcastOp, buffer="fresh")
def broadcast(e: Emitter, op: linalg.BroadcastOp) -> None:
    added = op.dimensions.get_values()
    rank = len(shape_of(op.init))
    marks = ", ".join("None" if d in added else ":" for d in range(rank)) or "..."
    view = f"{e[op.input]}[{marks}]"
    whole = f"{e.use(copied)}({view}, {e[op.init]}.shape, {e.dtype_name(op.init.type)})"
    _write(e, op, op.init, view, whole)
