"""Refusing temporaries that are larger than the user allows.

What is looked at is what was built, so that no op can be forgotten: every tensor that an op of the
lowered IR makes. Ops that show a tensor under another shape or type make none.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import prod

from xdsl.dialects import tensor
from xdsl.dialects.builtin import FixedBitwidthType, UnrealizedConversionCastOp
from xdsl.ir import Attribute, Operation

from ..dialect.guards import refuse
from ..dialect.tensor_types import as_tensor_type, is_static, shape_text

VIEWS = (
    tensor.CastOp,
    tensor.CollapseShapeOp,
    tensor.ExpandShapeOp,
    tensor.ExtractSliceOp,
    UnrealizedConversionCastOp,
)
"""Ops whose result is an operand's memory."""

_allowed: ContextVar[int | None] = ContextVar("max_temporary_bytes", default=None)


@contextmanager
def temporaries_of_at_most(max_bytes: int) -> Generator[None]:
    """Inside the `with` block `check_built` refuses what is larger; outside of any, nothing."""
    token = _allowed.set(max_bytes)
    try:
        yield
    finally:
        _allowed.reset(token)


def check_built(op: Operation, built: Sequence[Operation]) -> None:
    """Look at every tensor made by ops that `op` became.

    Raises: PassFailedException in the name of `op`.
    """
    max_bytes = _allowed.get()
    if max_bytes is None:
        return
    # What is written to an empty tensor has the better name.
    for made in sorted(built, key=lambda made: isinstance(made, tensor.EmptyOp)):
        for result in () if isinstance(made, VIEWS) else made.results:
            type_ = as_tensor_type(result.type)
            if type_ is not None and is_static(type_.get_shape()):
                size = byte_size(type_.get_shape(), type_.element_type)
                name, shape = result.name_hint or "value", shape_text(type_.get_shape())
                refuse_above(op, f"'{name}' of shape {shape}", size, max_bytes)


def byte_size(shape: Sequence[int], element_type: Attribute) -> int:
    """Bytes of a dense tensor; 0 for elements that are no numbers."""
    return prod(shape) * element_type.size if isinstance(element_type, FixedBitwidthType) else 0


def refuse_above(op: Operation, what: str, size_bytes: int, max_bytes: int) -> None:
    """Raises: PassFailedException when a temporary is larger than `max_bytes`."""
    if size_bytes > max_bytes:
        refuse(
            op,
            f"expected temporaries of at most {max_bytes} bytes, got {size_bytes} bytes for "
            f"{what}; raise max-temporary-bytes to allow it",
        )
