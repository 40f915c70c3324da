"""How the interpreter reports what went wrong: which op, where in the IR, what was expected."""

from __future__ import annotations

from typing import NoReturn

from xdsl.dialects import func
from xdsl.ir import Operation
from xdsl.utils.exceptions import InterpretationError

from ..dialect.text.locations import file_place
from ..dialect.text.names import op_name
from ..dialect.unregistered import is_opaque


class ExecutionError(Exception):
    """Raised by a helper that emitted code calls; the program adds the op and its location."""


def fail(message: str) -> NoReturn:
    """Stop the running function. An expression, so that emitted code can say `x or fail(...)`."""
    raise ExecutionError(message)


def enclosing_function(op: Operation) -> func.FuncOp | None:
    """The function an op stands in, or None outside of any."""
    current: Operation | None = op
    while current is not None and not isinstance(current, func.FuncOp):
        current = current.parent_op()
    return current


def describe_location(op: Operation) -> str:
    """`file:line:column` of an op; without one, its function and its position in it.

    Example: `in function 'main', op 5`, counting from 0 in the order of printing.
    """
    known = file_place(op.location)
    if known is not None:
        return known
    function = enclosing_function(op)
    if function is None:
        return "at an unknown place"
    position = next((i for i, other in enumerate(function.body.walk()) if other is op), 0)
    return f"in function {function.sym_name.data!r}, op {position}"


DOORS = {"ttir": "convert-ttir-to-ttnn", "stablehlo": "convert-stablehlo-to-ttnn"}
"""What makes TTNN of dialects that nothing here runs."""


def unknown_op(op: Operation) -> InterpretationError:
    """The error for an op that the interpreter does not know; it names the pass that helps."""
    door = None if is_opaque(op) else DOORS.get(op_name(op).partition(".")[0])
    hint = f"; run {door} first" if door is not None else ""
    return error_at(op, f"expected an op the interpreter knows{hint}")


def error_at(op: Operation, message: str) -> InterpretationError:
    """The error every failure of an op becomes: `file:line:col: 'dialect.op': message`."""
    return InterpretationError(f"{describe_location(op)}: '{op_name(op)}': {message}")


def describe_exception(error: BaseException) -> str:
    """One line for an exception out of NumPy or Python; the words of our own stay as they are."""
    if isinstance(error, ExecutionError):
        return str(error)
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    if isinstance(error, MemoryError):
        return f"out of memory: {error}" if str(error) else "out of memory"
    if isinstance(error, RecursionError):
        return "nested too deeply for Python's stack"
    if isinstance(error, IndexError):
        return f"out of bounds: {error}"
    return f"{error}" or type(error).__name__
