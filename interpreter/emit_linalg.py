"""The linalg dialect: whole iteration spaces as NumPy expressions, scalar loops for the rest."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from itertools import product
from math import prod
from typing import Any, TypeAlias

import numpy as np
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, ShapedType
from xdsl.dialects.linalg import Linalg
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineExpr

from . import integers
from .contraction import Contraction, integer_matmul
from .dtypes import Array, DType, accumulator, convert, is_float
from .emit_affine import expression_text
from .emit_tensor import assign_destination, shape_of
from .emitter import Emitter
from .errors import fail
from .intervals import Interval
from .linalg_body import (
    Factor,
    Reduction,
    array_scope,
    emit_ops,
    find_product,
    find_reductions,
    is_borrowed,
    is_vectorisable,
)
from .linalg_maps import (
    Linear,
    Structured,
    loop_sources,
    operand_shape,
    structured,
    structured_reduce,
)
from .linalg_views import Loops, broadcast_view, free_loops, measure, raw_view
from .registry import emits
from .slices import outside

Maps: TypeAlias = tuple[tuple[Linear, ...], ...]

_CHUNK_ELEMENTS = 1 << 22
"""No temporary of a reduction over static sizes holds more, unless its result does."""


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
        _emit_scalar_loops(e, s)
        return
    if all(s.is_parallel) and _outputs_are_permutations(s, maps):
        _emit_parallel(e, s, measure(e, s, maps))
        return
    reductions = find_reductions(s)
    if reductions is None or not _outputs_cover_parallel(s, maps):
        _emit_scalar_loops(e, s)
        return
    _emit_reduction(e, s, measure(e, s, maps), reductions)


def _outputs_are_permutations(s: Structured, maps: Maps) -> bool:
    return all(
        all(index.is_counter for index in maps[position])
        and sorted(index.loops[0] for index in maps[position]) == list(range(s.loops))
        for position in s.outputs
    )


def _outputs_cover_parallel(s: Structured, maps: Maps) -> bool:
    """Whether different parallel iterations write different elements, whatever is reduced."""
    parallel = [d for d in range(s.loops) if s.is_parallel[d]]
    return all(
        all(len(index.loops) <= 1 for index in maps[position])
        and sorted(d for index in maps[position] for d in index.loops) == parallel
        for position in s.outputs
    )


# Element by element ------------------------------------------------------------------------------


def materialise(value: Any, shape: tuple[int, ...], dtype: DType) -> Array:
    """A computed value as an array of its own; body values may lack dimensions."""
    if isinstance(value, np.ndarray) and value.shape == shape and value.dtype == dtype:  # pyright: ignore[reportUnknownMemberType]
        return value  # pyright: ignore[reportUnknownVariableType]
    return copied(value, shape, dtype)


def copied(value: Any, shape: tuple[int, ...], dtype: DType) -> Array:
    """A value, possibly an operand itself, as an array of its own."""
    return np.array(np.broadcast_to(value, shape), dtype)


def _bind_operands(e: Emitter, s: Structured, loops: Loops, axes: list[int]) -> None:
    for position, (operand, argument) in enumerate(zip(s.operands, s.body.args, strict=True)):
        if not argument.uses:
            continue
        if not isinstance(operand.type, ShapedType):
            e.assign(argument, f"{e.scalar_constructor(operand.type)}({e[operand]})")
            continue
        array, shape = e[operand], shape_of(operand)
        e.assign(argument, broadcast_view(e, array, shape, position, loops, axes))


def _bind_counters(e: Emitter, s: Structured, loops: Loops, axes: list[int]) -> None:
    """Give every `linalg.index` of a vectorised body its value: a range along its own axis."""
    for op in s.body.ops:
        if not isinstance(op, linalg.IndexOp):
            continue
        dim = op.dim.value.data
        if dim in loops.counters:
            e.assign(op.result, f"np.int64({loops.counters[dim]})")
        else:
            ones = ", 1" * (len(axes) - axes.index(dim) - 1)
            e.assign(op.result, f"np.arange({loops.texts[dim]}).reshape(-1{ones})")


@emits(linalg.IndexOp, elementwise=True)
def index(e: Emitter, op: linalg.IndexOp) -> None:
    """The counter was bound when the loops around it were emitted."""


def _emit_parallel(e: Emitter, s: Structured, loops: Loops) -> None:
    axes = list(range(s.loops))
    terminator = s.body.last_op
    assert terminator is not None
    with array_scope(e, s.body):
        _bind_operands(e, s, loops, axes)
        _bind_counters(e, s, loops, axes)
        emit_ops(e, s.body)
    shape = f"({''.join(text + ', ' for text in loops.texts)})"
    for number, (position, value) in enumerate(zip(s.outputs, terminator.operands, strict=True)):
        output = s.operands[position]
        order = [i.loops[0] for i in loops.maps[position]]
        turned = f".transpose({', '.join(map(str, order))})" if order != sorted(order) else ""
        helper = e.use(copied if is_borrowed(value, s.body) else materialise)
        array = f"{helper}({e[value]}, {shape}, {e.dtype_name(output.type)}){turned}"
        if isinstance(output.type, MemRefType):
            e.line(f"{e[output]}[...] = {array}")
        else:
            e.assign(s.op.results[number], array)


# Reductions --------------------------------------------------------------------------------------


def _looped(s: Structured, loops: Loops, is_product: bool) -> list[int]:
    """The reduction loops to run in Python: those inside composite indices, and enough of the
    others to bound temporaries."""
    reduced = [d for d in range(s.loops) if not s.is_parallel[d]]
    composite = {
        d
        for indices in loops.maps
        for i in indices
        if len(i.loops) > 1
        for d in i.loops
        if d in reduced
    }
    chosen = [d for d in reduced if d in composite]
    if is_product or DYNAMIC_INDEX in loops.static:
        return chosen
    others = [d for d in reduced if d not in composite]
    while (
        others
        and prod(size for d, size in enumerate(loops.static) if d not in chosen) > _CHUNK_ELEMENTS
    ):
        chosen.append(others.pop(0))
    return chosen


def _emit_reduction(e: Emitter, s: Structured, loops: Loops, reductions: list[Reduction]) -> None:
    factors = find_product(s, reductions[0]) if len(reductions) == 1 else None
    looped = _looped(s, loops, factors is not None)
    if factors is not None and not looped and _emit_plain_matmul(e, s, loops, factors):
        return
    arrays = [_accumulator(e, s, i) for i in range(len(reductions))]
    counters = {d: e.fresh(f"d{d}") for d in looped}
    loops = Loops(loops.texts, loops.static, loops.maps, counters)
    if factors is None:
        with _python_loops(e, loops, looped):
            _combine_terms(e, s, loops, reductions, arrays)
        return
    (output,) = (s.operands[position] for position in s.outputs)
    parallel = [d for d in range(s.loops) if s.is_parallel[d]]
    target = broadcast_view(e, arrays[0], shape_of(output), s.inputs, loops, parallel)
    wide = accumulator(e.dtype(output.type))
    total = e.fresh("total")
    narrow = wide != e.dtype(output.type)
    e.line(f"{total} = {target}" + (".astype(np.float32)" if narrow else ""))
    with _python_loops(e, loops, looped):
        e.line(f"{total} += {_product(e, s, loops, factors, parallel)}")
    if narrow:
        e.line(f"{target}[...] = {total}")


def _accumulator(e: Emitter, s: Structured, number: int) -> str:
    """The array that an output is accumulated in, under the name of the result."""
    position = s.inputs + number
    if isinstance(s.operands[position].type, MemRefType):
        return e[s.operands[position]]
    return assign_destination(e, s.op, position, s.op.results[number])


def _python_loops(e: Emitter, loops: Loops, looped: list[int]) -> AbstractContextManager[None]:
    if not looped:
        return nullcontext()
    names = ", ".join(loops.counters[d] for d in looped)
    ranges = ", ".join(f"range({loops.texts[d]})" for d in looped)
    return e.indented(f"for {names}, in {e.use(product)}({ranges}):")


def _factor_text(e: Emitter, s: Structured, loops: Loops, factor: Factor, wide: DType) -> str:
    operand = s.operands[factor.position]
    view = raw_view(e, e[operand], shape_of(operand), factor.position, loops)
    if factor.unsigned:
        view = f"{e.use(integers.unsigned)}({view})"
    elif e.dtype(operand.type) == wide:
        return view
    e.program.namespace.setdefault(f"dt_{wide.name}", wide)
    return f"{view}.astype(dt_{wide.name})"


def _product(
    e: Emitter, s: Structured, loops: Loops, factors: tuple[Factor, Factor], parallel: list[int]
) -> str:
    """The summed product of two inputs over the vectorised loops, axes as in `parallel`."""
    wide = accumulator(e.dtype(s.operands[s.inputs].type))
    x, y = (_factor_text(e, s, loops, factor, wide) for factor in factors)
    dims = [tuple(free_loops(loops.maps[f.position], loops)) for f in factors]
    plan = Contraction(dims[0], dims[1], tuple(parallel))
    if plan.is_matmul:
        return f"{x} @ {y}" if is_float(wide) else f"{e.use(integer_matmul)}({x}, {y})"
    return f"{e.constant(plan, 'contraction')}({x}, {y})"


def _emit_plain_matmul(
    e: Emitter, s: Structured, loops: Loops, factors: tuple[Factor, Factor]
) -> bool:
    """`acc += a @ b` in one expression, the shape tiled loops are made of."""
    output = s.operands[s.inputs]
    identity = all(i.is_counter for i in loops.maps[s.inputs])
    order = [i.loops[0] for i in loops.maps[s.inputs]] if identity else []
    parallel = [d for d in range(s.loops) if s.is_parallel[d]]
    wide = accumulator(e.dtype(output.type))
    if not identity or order != parallel or wide != e.dtype(output.type):
        return False
    term = _product(e, s, loops, factors, parallel)
    destination = e[output]
    if isinstance(output.type, MemRefType):
        e.line(f"{destination} += {term}")
    elif e.ownership.may_overwrite(s.op, s.inputs):
        e.line(f"{destination} += {term}")
        e.assign(s.op.results[0], destination)
    else:
        e.assign(s.op.results[0], f"{destination} + {term}")
    return True


def _combine_terms(
    e: Emitter, s: Structured, loops: Loops, reductions: list[Reduction], arrays: list[str]
) -> None:
    """acc = ufunc(acc, ufunc.reduce(term)) for terms of any form."""
    parallel = [d for d in range(s.loops) if s.is_parallel[d]]
    inner = [d for d in range(s.loops) if d not in parallel and d not in loops.counters]
    axes = parallel + inner
    with array_scope(e, s.body):
        _bind_operands(e, s, loops, axes)
        _bind_counters(e, s, loops, axes)
        emit_ops(e, s.body, [reduction.combiner for reduction in reductions])
    sizes = f"({''.join(loops.texts[d] + ', ' for d in axes)})"
    reduced_axes = tuple(range(len(parallel), len(axes)))
    for position, array, reduction in zip(s.outputs, arrays, reductions, strict=True):
        output = s.operands[position]
        term = e[reduction.term]
        if inner:
            whole = f"{e.use(np.broadcast_to)}({term}, {sizes})"
            term = f"np.{reduction.ufunc}.reduce({whole}, {reduced_axes})"
        target = e.fresh("target")
        view = broadcast_view(e, array, shape_of(output), position, loops, parallel)
        e.line(f"{target} = {view}")
        e.line(f"np.{reduction.ufunc}({target}, {term}, out={target})")


# Scalar loops ------------------------------------------------------------------------------------


def _emit_scalar_loops(e: Emitter, s: Structured) -> None:
    """Everything else: one iteration after the other. Correct, and slow."""
    sources = loop_sources(s)
    sizes = [f"{e[s.operands[position]]}.shape[{axis}]" for position, axis in sources]
    counters = [e.fresh(f"d{d}") for d in range(s.loops)]
    arrays = [e[operand] for operand in s.operands[: s.inputs]]
    arrays += [_accumulator(e, s, number) for number in range(len(s.outputs))]
    ranges = ", ".join(f"range({size})" for size in sizes)
    header = f"for {''.join(f'{counter}, ' for counter in counters)} in {e.use(product)}({ranges}):"
    if not counters:
        header = f"for _ in {e.use(product)}():"
    for op in s.body.walk():
        if isinstance(op, linalg.IndexOp):
            e.intervals[op.result] = Interval(0, 2**40)
            e.bind(op.result, counters[op.dim.value.data])
    with e.indented(header):
        places = [_place(e, s, position, counters) for position in range(len(s.operands))]
        for argument, operand, array, place in zip(
            s.body.args, s.operands, arrays, places, strict=True
        ):
            if argument.uses:
                shaped = isinstance(operand.type, ShapedType)
                e.assign(argument, e.read_element(array, place, argument.type) if shaped else array)
        e.is_quiet = True  # a trace shows the op, not each element
        terminator = e.body(s.body)
        e.is_quiet = False
        for position, value in zip(s.outputs, terminator.operands, strict=True):
            e.line(f"{arrays[position]}[{places[position] or '()'}] = {e[value]}")


def _place(e: Emitter, s: Structured, position: int, counters: list[str]) -> str:
    """The subscript of an operand's element in one iteration, refused where it is negative."""
    parts: list[str] = []
    for axis, expression in enumerate(s.maps[position].results):
        text = _place_text(expression, counters)
        if not text.isidentifier() and not text.isdigit():
            name = e.fresh("i")
            e.line(f"{name} = {text}")
            extent = f"{e[s.operands[position]]}.shape[{axis}]"
            e.line(f"if {name} < 0: {e.use(outside)}({axis}, {name}, 1, 1, {extent})")
            text = name
        parts.append(text)
    return ", ".join(parts)


def _place_text(expression: AffineExpr, counters: list[str]) -> str:
    return expression_text(expression, counters, [])


# Named ops with their own short form -------------------------------------------------------------


def _write(e: Emitter, op: Operation, output: SSAValue, array: str, whole: str) -> None:
    """`whole` is a new array; `array` anything that can be assigned into a buffer."""
    if isinstance(output.type, MemRefType):
        e.line(f"{e[output]}[...] = {array}")
    else:
        e.assign(op.results[0], whole)


@emits(linalg.FillOp, buffer="fresh")
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


@emits(linalg.CopyOp, buffer="fresh")
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
