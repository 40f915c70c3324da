"""Which function emits which op."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from xdsl.ir import Operation

if TYPE_CHECKING:
    from ..dialect.numpy_types import ElementTypes
    from .emitter import Emitter

OpT = TypeVar("OpT", bound=Operation)
EmitFunction: TypeAlias = "Callable[[Emitter, Any], None]"
Buffer: TypeAlias = Literal["fresh", "view", "constant", "unknown"]
"""Where the result of an op on tensors lives: in memory of its own (or in that of a destination it
was allowed to overwrite), in its only tensor operand's, with the program, or nobody says."""

Bytes: TypeAlias = "Callable[[ElementTypes, Any], int]"

ELEMENT_SCRATCH_BYTES = 16
"""Two f64 numbers: the bound on what an elementwise op needs for each element besides its result,
where its family does not say."""


@dataclass(frozen=True)
class Memory:
    """What is known of the memory an op takes while it runs."""

    takes: Bytes | None = None
    """The most bytes that it takes at once, the results included; None for the results alone."""

    scratch: int | Bytes = ELEMENT_SCRATCH_BYTES
    """Of an elementwise op: bytes for each element of the result, besides the result."""

    overwrites: int | None = None
    """The operand that the result may be written into."""

    copies_strided: bool = False
    """Whether the view it makes is a copy where the operand is not contiguous."""


_EMITTERS: dict[type[Operation], EmitFunction] = {}
_ELEMENTWISE: set[type[Operation]] = set()
_BUFFERS: dict[type[Operation], Buffer] = {}
_MEMORY: dict[type[Operation], Memory] = {}


_RESULTS_ALONE = Memory()
IN_PLACE = Memory(scratch=0)
"""Of an elementwise op that is one NumPy function."""


def emits(
    *ops: type[OpT],
    elementwise: bool = False,
    buffer: Buffer = "unknown",
    memory: Memory = _RESULTS_ALONE,
) -> Callable[[Callable[[Emitter, OpT], None]], Callable[[Emitter, OpT], None]]:
    """Register a function as the emitter of some ops.

    `elementwise` says that the emitted line also works on arrays of the op's scalars, so that the
    op may stand in the body of a vectorised `linalg.generic`. `memory` is what footprint.py
    adds up.
    """

    def register(function: Callable[[Emitter, OpT], None]) -> Callable[[Emitter, OpT], None]:
        for op in ops:
            _EMITTERS[op] = function
            _BUFFERS[op] = buffer
            _MEMORY[op] = memory
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


def memory_of(op: Operation) -> Memory:
    """What an op takes of memory while it runs."""
    return _MEMORY.get(type(op), _RESULTS_ALONE)


def scratch_bytes(types: ElementTypes, op: Operation) -> int:
    """Bytes that an elementwise op takes for each element of its result, besides the result."""
    scratch = memory_of(op).scratch
    return scratch if isinstance(scratch, int) else scratch(types, op)


def is_elementwise(op: Operation) -> bool:
    """Whether an op may be emitted on whole arrays of its scalars."""
    return type(op) in _ELEMENTWISE
