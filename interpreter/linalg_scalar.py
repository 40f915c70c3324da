"""Structured ops as nested loops over elements: what no array form fits. Correct, and slow."""

from __future__ import annotations

from itertools import product

from xdsl.dialects.builtin import ShapedType
from xdsl.dialects.linalg import ops as linalg

from .emit_affine import expression_text
from .emitter import Emitter
from .intervals import DIMENSION
from .linalg_body import accumulator_array
from .linalg_maps import Structured, loop_sources
from .slices import outside


def emit_scalar_loops(e: Emitter, s: Structured) -> None:
    """Everything else: one iteration after the other. Correct, and slow."""
    sources = loop_sources(s)
    sizes = [f"{e[s.operands[position]]}.shape[{axis}]" for position, axis in sources]
    counters = [e.fresh(f"d{d}") for d in range(s.loops)]
    arrays = [e[operand] for operand in s.operands[: s.inputs]]
    arrays += [accumulator_array(e, s, number) for number in range(len(s.outputs))]
    ranges = ", ".join(f"range({size})" for size in sizes)
    header = f"for {''.join(f'{counter}, ' for counter in counters)} in {e.use(product)}({ranges}):"
    if not counters:
        header = f"for _ in {e.use(product)}():"
    for op in s.body.walk():
        if isinstance(op, linalg.IndexOp):
            e.intervals[op.result] = DIMENSION
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
        text = expression_text(expression, counters, [])
        if not text.isidentifier() and not text.isdigit():
            name = e.fresh("i")
            e.line(f"{name} = {text}")
            extent = f"{e[s.operands[position]]}.shape[{axis}]"
            e.line(f"if {name} < 0: {e.use(outside)}({axis}, {name}, 1, 1, {extent})")
            text = name
        parts.append(text)
    return ", ".join(parts)
