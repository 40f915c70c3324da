"""Structured ops that combine iterations: matmuls where sums of products allow it, else ufuncs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from math import prod

import numpy as np
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType

from ..dialect.numpy_types import DType, accumulator, is_float
from . import integers
from .contraction import Contraction, integer_matmul
from .emit_tensor import shape_of
from .emitter import Emitter
from .linalg_body import (
    Factor,
    Reduction,
    accumulator_array,
    array_scope,
    bind_counters,
    bind_operands,
    emit_ops,
    find_product,
)
from .linalg_maps import Maps, Structured
from .linalg_views import Loops, broadcast_view, free_loops, raw_view

CHUNK_ELEMENTS = 1 << 22
"""No temporary of a reduction over static sizes holds more, unless its result does."""


def looped_reductions(
    s: Structured, maps: Maps, sizes: Sequence[int], is_product: bool
) -> list[int]:
    """The reduction loops to run in Python: those inside composite indices, and enough of the
    others to bound temporaries."""
    reduced = [d for d in range(s.loops) if not s.is_parallel[d]]
    composite = {
        d for indices in maps for i in indices if len(i.loops) > 1 for d in i.loops if d in reduced
    }
    chosen = [d for d in reduced if d in composite]
    if is_product or DYNAMIC_INDEX in sizes:
        return chosen
    others = [d for d in reduced if d not in composite]
    while others and prod(size for d, size in enumerate(sizes) if d not in chosen) > CHUNK_ELEMENTS:
        chosen.append(others.pop(0))
    return chosen


def emit_reduction(e: Emitter, s: Structured, loops: Loops, reductions: list[Reduction]) -> None:
    """Sums of products as matmuls, other reductions as ufuncs over whole axes."""
    factors = find_product(s, reductions[0]) if len(reductions) == 1 else None
    looped = looped_reductions(s, loops.maps, loops.static, factors is not None)
    if factors is not None and not looped and _emit_plain_matmul(e, s, loops, factors):
        return
    arrays = [accumulator_array(e, s, i) for i in range(len(reductions))]
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
    return f"{view}.astype({e.held(wide)})"


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
        bind_operands(e, s, loops, axes)
        bind_counters(e, s, loops, axes)
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
