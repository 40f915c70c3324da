"""All that makes a module valid: what its ops verify, and what xDSL does not look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl.dominance import DominanceInfo
from xdsl.traits import IsolatedFromAbove

from .tensor_types import OpVerifyException
from .text.names import op_name
from .unregistered import is_opaque


def verify_module(module: Operation) -> None:
    """Verify a module as a whole; nothing is run, printed or handed on before.

    Raises: VerifyException.
    """
    verify_structure(module)
    module.verify()


def verify_structure(module: Operation) -> None:
    """Verify what xDSL leaves out: in functions, every value is defined in front of its uses.

    Raises: VerifyException.
    """
    for op in module.walk():
        if isinstance(op, FuncOp):
            _verify_attribute_counts(op)
            _verify_region(op.body, set())


def _verify_attribute_counts(function: FuncOp) -> None:
    type_ = function.function_type
    for name, values in (("arg_attrs", type_.inputs), ("res_attrs", type_.outputs)):
        listed = getattr(function, name)
        if listed is not None and len(listed) != len(values):
            _fail(function, f"expected {len(values)} entries in '{name}', got {len(listed)}")


def _verify_region(region: Region, visible: set[SSAValue]) -> None:
    """Check a region in which the values `visible` are defined; those stay as they are."""
    if len(region.blocks) == 1:
        _verify_block(region.blocks[0], visible)
        return
    blocks = _reachable(region)
    if any(block.parent is not region for block in blocks):
        # The terminator that branches away says so itself.
        return
    dominance = DominanceInfo(region)
    for block in blocks:
        above = [
            value
            for other in region.blocks
            if dominance.strictly_dominates(other, block)
            for value in _defined(other)
        ]
        visible.update(above)
        _verify_block(block, visible)
        visible.difference_update(above)


def _reachable(region: Region) -> list[Block]:
    """The blocks that can run; MLIR lets values be used anywhere in the others."""
    found: dict[Block, None] = {}
    pending = list(region.blocks)[:1]
    while pending:
        block = pending.pop()
        if block not in found:
            found[block] = None
            pending += block.last_op.successors if block.last_op is not None else ()
    return list(found)


def _defined(block: Block) -> Iterator[SSAValue]:
    yield from block.args
    for op in block.ops:
        yield from op.results


def _verify_block(block: Block, visible: set[SSAValue]) -> None:
    visible.update(block.args)
    for op in block.ops:
        for number, operand in enumerate(op.operands):
            if operand not in visible:
                name = f"'%{operand.name_hint}'" if operand.name_hint else "another"
                _fail(op, f"expected operand {number} to be defined in front of it, got {name}")
        # What an unknown op holds may stand in any order; a function is checked by itself.
        if not is_opaque(op) and not isinstance(op, FuncOp):
            isolated = op.has_trait(IsolatedFromAbove)
            for region in op.regions:
                _verify_region(region, set() if isolated else visible)
        visible.update(op.results)
    visible.difference_update(_defined(block))


def _fail(op: Operation, text: str) -> NoReturn:
    raise OpVerifyException(f"'{op_name(op)}' op {text}", op=op)
