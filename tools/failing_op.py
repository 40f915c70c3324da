"""Which operation a failed verification is about."""

from collections.abc import Iterator
from types import TracebackType

from xdsl.ir import Operation
from xdsl.utils.exceptions import VerifyException


def failing_op(module: Operation, error: VerifyException) -> Operation | None:
    """The operation that does not verify, as the error says or as verifying again shows.

    Where a symbol is defined twice, it is what defines it once more.
    """
    from ..dialect.verify_shapes import OpVerifyException

    if isinstance(error, OpVerifyException) and error.op is not None:
        return error.op
    found = _first_failing(module, str(error))
    return None if found is None else _redefinition(found) or found


def op_being_verified(trace: TracebackType | None) -> Operation | None:
    """The operation whose verifier raised an error of another kind than verifiers mean to.

    Read from the innermost frame in which an operation verifies itself.
    """
    found: Operation | None = None
    while trace is not None:
        owner = trace.tb_frame.f_locals.get("self")
        if trace.tb_frame.f_code.co_name == "verify" and isinstance(owner, Operation):
            found = owner
        trace = trace.tb_next
    return found


def is_raised_by_xdsl(trace: TracebackType | None) -> bool:
    """Whether an error that a verifier raised comes from xDSL's part of it alone."""
    modules: list[str] = []
    while trace is not None:
        frame, trace = trace.tb_frame, trace.tb_next
        owner = frame.f_locals.get("self")
        if frame.f_code.co_name == "verify" and isinstance(owner, Operation):
            modules = []
        modules.append(frame.f_globals.get("__name__", ""))
    return all(name.partition(".")[0] == "xdsl" for name in modules)


def failing_property(op: Operation, text: str) -> str | None:
    """The property whose constraint raises `text` without naming it."""
    from xdsl.irdl import IRDLOperation, VerificationContext

    if not isinstance(op, IRDLOperation):
        return None
    for name, definition in op.get_irdl_definition().properties.items():
        try:
            if name in op.properties:
                definition.constr.verify(op.properties[name], VerificationContext())
        except VerifyException as error:
            if str(error) == text:
                return name
    return None


def _first_failing(module: Operation, text: str) -> Operation | None:
    """The first operation whose own verification raises `text`, inner ones before outer ones.

    What is wrong with its blocks comes up only where they are verified with it.
    """
    for verifies_blocks in (False, True):
        for op in _post_order(module):
            try:
                op.verify(verify_nested_ops=verifies_blocks)
            except VerifyException as error:
                if str(error) == text:
                    return op
            except Exception:
                # An operation broken in another way is not the one that was reported.
                continue
    return None


def _redefinition(op: Operation) -> Operation | None:
    """What defines a symbol of a table for the second time."""
    from xdsl.dialects.builtin import StringAttr
    from xdsl.traits import SymbolTable

    if not op.has_trait(SymbolTable, value_if_unregistered=False):
        return None
    names: set[StringAttr] = set()
    for inner in op.regions[0].ops:
        name = inner.get_attr_or_prop("sym_name")
        if isinstance(name, StringAttr):
            if name in names:
                return inner
            names.add(name)
    return None


def _post_order(op: Operation) -> Iterator[Operation]:
    for region in op.regions:
        for block in region.blocks:
            for inner in block.ops:
                yield from _post_order(inner)
    yield op
