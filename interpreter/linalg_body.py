"""The bodies of structured ops: which shapes of them are known, and emitting them on arrays."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from xdsl.dialects import affine, arith
from xdsl.dialects.builtin import AnyFloat, IndexType, IntegerType, MemRefType, ShapedType
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Block, BlockArgument, Operation, OpResult, SSAValue

from ..dialect.numpy_types import integer_width, is_integer
from .emit_tensor import assign_destination, shape_of
from .emitter import Emitter
from .linalg_maps import Structured
from .linalg_views import Loops, broadcast_view
from .registry import is_elementwise

_COMBINERS: dict[type[Operation], str] = {
    arith.AddfOp: "add",
    arith.AddiOp: "add",
    arith.MulfOp: "multiply",
    arith.MuliOp: "multiply",
    arith.MaximumfOp: "maximum",
    arith.MinimumfOp: "minimum",
    arith.MaxnumfOp: "fmax",
    arith.MinnumfOp: "fmin",
    arith.MaxSIOp: "maximum",
    arith.MinSIOp: "minimum",
    arith.AndIOp: "bitwise_and",
    arith.OrIOp: "bitwise_or",
    arith.XOrIOp: "bitwise_xor",
}


@dataclass(frozen=True)
class Reduction:
    """acc = ufunc(acc, term), for one output."""

    ufunc: str
    term: SSAValue
    combiner: Operation


def is_vectorisable(body: Block) -> bool:
    """Whether every op of a body also works on arrays of its scalars."""
    *ops, _ = body.ops
    return all(is_elementwise(op) and not op.regions for op in ops)


def find_reductions(s: Structured) -> list[Reduction] | None:
    """The combiner and the combined term of every output; None where one has no such form."""
    terminator = s.body.last_op
    assert terminator is not None
    found = [
        _find_reduction(s.body.args[position], yielded)
        for position, yielded in zip(s.outputs, terminator.operands, strict=True)
    ]
    known = [reduction for reduction in found if reduction is not None]
    return known if len(known) == len(found) else None


def _find_reduction(accumulator: BlockArgument, yielded: SSAValue) -> Reduction | None:
    if not isinstance(yielded, OpResult) or type(yielded.op) not in _COMBINERS:
        return None
    uses = list(accumulator.uses)
    if len(uses) != 1 or uses[0].operation is not yielded.op:
        return None
    type_ = accumulator.type
    if is_integer(type_) and integer_width(type_) not in (8, 16, 32, 64):
        return None
    term = yielded.op.operands[1 - uses[0].index]
    return Reduction(_COMBINERS[type(yielded.op)], term, yielded.op)


@dataclass(frozen=True)
class Factor:
    """One side of a product: an input, and whether it is widened as unsigned on the way."""

    position: int
    unsigned: bool


def find_product(s: Structured, reduction: Reduction) -> tuple[Factor, Factor] | None:
    """The two inputs whose (widened) product is summed up; None for any other term."""
    term = reduction.term
    if reduction.ufunc != "add" or not isinstance(term, OpResult):
        return None
    if not isinstance(term.op, arith.MulfOp | arith.MuliOp):
        return None
    factors = [_find_factor(s, operand) for operand in term.op.operands]
    a, b = factors
    return (a, b) if a is not None and b is not None else None


def _find_factor(s: Structured, value: SSAValue) -> Factor | None:
    unsigned = False
    if isinstance(value, OpResult) and isinstance(
        value.op, arith.ExtFOp | arith.ExtSIOp | arith.ExtUIOp
    ):
        unsigned = isinstance(value.op, arith.ExtUIOp)
        value = value.op.operands[0]
    if not isinstance(value, BlockArgument) or value.owner is not s.body:
        return None
    is_array = value.index < s.inputs and isinstance(s.operands[value.index].type, ShapedType)
    if is_integer(value.type) and integer_width(value.type) == 1:
        return None
    return Factor(value.index, unsigned) if is_array else None


@contextmanager
def array_scope(e: Emitter, body: Block) -> Generator[None]:
    """Emit on arrays; scalars from outside of the body are NumPy scalars meanwhile."""
    outer: dict[SSAValue, str] = {}
    for op in body.ops:
        for operand in op.operands:
            if _is_outer_scalar(e, body, operand) and operand not in outer:
                outer[operand] = e[operand]
                lifted = e.fresh()
                e.line(f"{lifted} = {e.scalar_constructor(operand.type)}({e[operand]})")
                e.bind(operand, lifted)
    e.vectorised = True
    yield
    e.vectorised = False
    for value, name in outer.items():
        e.bind(value, name)


def _is_outer_scalar(e: Emitter, body: Block, value: SSAValue) -> bool:
    owner = value.owner if isinstance(value.owner, Block) else value.owner.parent
    is_number = isinstance(value.type, IntegerType | IndexType | AnyFloat)
    return owner is not body and is_number and e.is_bound(value)


def emit_ops(e: Emitter, body: Block, skipped: Sequence[Operation] = ()) -> None:
    """Emit a body in an `array_scope`, its terminator and `skipped` ops left out."""
    for op in body.ops:
        if op is not body.last_op and op not in skipped:
            e.emit(op)


def is_borrowed(value: SSAValue, body: Block) -> bool:
    """Whether a yielded value may be (a view of) an operand, so that it must be copied."""
    if not isinstance(value, OpResult) or value.op.parent is not body:
        return True
    may_pass_on = (arith.ExtFOp, arith.TruncFOp, arith.BitcastOp, arith.ConstantOp, affine.ApplyOp)
    return isinstance(value.op, may_pass_on)


def bind_operands(e: Emitter, s: Structured, loops: Loops, axes: list[int]) -> None:
    """Give the arguments of a vectorised body their values: views with the axes `axes`."""
    for position, (operand, argument) in enumerate(zip(s.operands, s.body.args, strict=True)):
        if not argument.uses:
            continue
        if not isinstance(operand.type, ShapedType):
            e.assign(argument, f"{e.scalar_constructor(operand.type)}({e[operand]})")
            continue
        array, shape = e[operand], shape_of(operand)
        e.assign(argument, broadcast_view(e, array, shape, position, loops, axes))


def bind_counters(e: Emitter, s: Structured, loops: Loops, axes: list[int]) -> None:
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


def accumulator_array(e: Emitter, s: Structured, number: int) -> str:
    """The array that an output is accumulated in, under the name of the result."""
    position = s.inputs + number
    if isinstance(s.operands[position].type, MemRefType):
        return e[s.operands[position]]
    return assign_destination(e, s.op, position, s.op.results[number])
