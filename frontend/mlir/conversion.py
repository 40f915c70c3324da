"""How a door goes through a module, and what it says of the ops that it leaves as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from xdsl.dialects.builtin import AnyFloat, IntegerType, ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.traits import IsTerminator

from ...dialect import build
from ...dialect.remarks import remark
from ...dialect.tensor_types import shape_of
from ...dialect.text.names import op_name
from ...dialect.unregistered import is_opaque
from .convolutions import device_of


def walk_known(op: Operation) -> Iterator[Operation]:
    """The ops inside `op` but for those inside unknown ones, whose regions stay as they are."""
    for region in op.regions:
        for block in region.blocks:
            for inner in block.ops:
                yield inner
                if not is_opaque(inner):
                    yield from walk_known(inner)


def convert_all(
    found: Sequence[Operation],
    build_counterpart: Callable[[Operation, SSAValue | None], SSAValue],
    needs_device: Callable[[Operation], bool],
) -> None:
    """Replace ops of one result, the last first, by what `build_counterpart` builds for them.

    So an op may look through those in front of it, which still stand; what has no use any more
    when its turn comes goes.
    """
    was_used = {op for op in found if op.results[0].uses}
    for op in reversed(found):
        rewriter = PatternRewriter(op)
        if op in was_used and not op.results[0].uses:
            rewriter.erase(op)
            continue
        device = device_of(op) if needs_device(op) else None
        with build.rewriting(op, rewriter):
            result = build_counterpart(op, device)
        rewriter.replace(op, [], [result])


def unrepeated(
    operands: Sequence[SSAValue],
    result: SSAValue,
    source: Callable[[SSAValue], SSAValue | None],
) -> list[SSAValue]:
    """Operands of an elementwise op, which broadcasts by itself: one that repeats another value.

    `source` gives that value, with a size of 1 where it is repeated, or None. The other operand has
    to have the result's shape.
    """
    lhs, rhs = operands
    if shape_of(lhs) == shape_of(result) and (value := source(rhs)) is not None:
        return [lhs, value]
    if shape_of(rhs) == shape_of(result) and (value := source(lhs)) is not None:
        return [value, rhs]
    return [lhs, rhs]


def is_number(type_: Attribute) -> bool:
    """Floats up to 64 bits, and integers that are not truth values."""
    if isinstance(type_, IntegerType):
        return type_.bitwidth > 1
    return is_float(type_)


def is_float(type_: Attribute) -> bool:
    """Floats up to 64 bits."""
    return isinstance(type_, AnyFloat) and type_.bitwidth <= 64


def say_what_is_kept(module: ModuleOp, dialect: str, pass_name: str) -> None:
    """Name, in one remark, the ops of a dialect that are left, and how many of each."""
    ops = (
        op for op in module.walk() if not op.has_trait(IsTerminator, value_if_unregistered=False)
    )
    names = map(op_name, ops)
    kept = Counter(name for name in names if name.startswith(f"{dialect}."))
    if kept:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(kept.items()))
        remark(f"{pass_name}: kept what has no counterpart here: {listed}")
