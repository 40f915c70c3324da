"""Which function emits which op."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from xdsl.ir import Operation

if TYPE_CHECKING:
    from .emitter import Emitter

OpT = TypeVar("OpT", bound=Operation)
EmitFunction: TypeAlias = "Callable[[Emitter, Any], None]"
Buffer: TypeAlias = Literal["fresh", "view", "unknown"]
"""Where the result of an op on tensors lives: in memory of its own (or in that of a destination it
was allowed to overwrite), in its only tensor operand's, or nobody says."""

_EMITTERS: dict[type[Operation], EmitFunction] = {}
_ELEMENTWISE: set[type[Operation]] = set()
_BUFFERS: dict[type[Operation], Buffer] = {}


def emits(
    *ops: type[OpT], elementwise: bool = False, buffer: Buffer = "unknown"
) -> Callable[[Callable[[Emitter, OpT], None]], Callable[[Emitter, OpT], None]]:
    """Register a function as the emitter of some ops.

    `elementwise` says that the emitted line also works on arrays of the op's scalars, so that the
    op may stand in the body of a vectorised `linalg.generic`.
    """

    def register(function: Callable[[Emitter, OpT], None]) -> Callable[[Emitter, OpT], None]:
        for op in ops:
            _EMITTERS[op] = function
            _BUFFERS[op] = buffer
            if elementwise:
                _ELEMENTWISE.add(op)
        return function

    return register


def find_emitter(op: Operation) -> EmitFunction | None:
    """The emitter of an op, or None when the interpreter does not know it."""
    return _EMITTERS.get(type(op))


def buffer_of(op: Operation) -> Buffer:
    """Where the tensor results of an op live."""
    return _BUFFERS.get(type(op), "unknown")


def is_elementwise(op: Operation) -> bool:
    """Whether an op may be emitted on whole arrays of its scalars."""
    return type(op) in _ELEMENTWISE
