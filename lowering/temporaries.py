"""Refusing temporaries that are larger than the user allows."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import FixedBitwidthType
from xdsl.ir import Attribute, Operation

from ..dialect import deconv, ttnn
from ..dialect.verify_shapes import as_tensor_type
from ..passes.guards import refuse
from . import scalars

DEFAULT_MAX_TEMPORARY_BYTES = 1 << 32
"""4 GiB."""


def byte_size(shape: tuple[int, ...], element_type: Attribute) -> int:
    """Bytes of a dense tensor."""
    assert isinstance(element_type, FixedBitwidthType)
    return prod(shape) * element_type.size


def refuse_above(op: Operation, what: str, size_bytes: int, max_bytes: int) -> None:
    """Raises: PassFailedException when a temporary is larger than `max_bytes`."""
    if size_bytes > max_bytes:
        refuse(
            op,
            f"expected temporaries of at most {max_bytes} bytes, got {size_bytes} bytes for "
            f"{what}; raise max-temporary-bytes to allow it",
        )


def check_temporaries(module: Operation, max_bytes: int) -> None:
    """Look at every tensor that a known op makes, widened to the type its sums are kept in."""
    for op in module.walk():
        if not isinstance(op, ttnn.Conv2dOp | ttnn.PadOp | deconv.DilateInsertOp | ttnn.BinaryOp):
            continue
        type_ = as_tensor_type(op.results[0].type)
        if type_ is not None:
            wide = scalars.accumulator_type(type_.element_type)
            size = byte_size(type_.get_shape(), wide)
            refuse_above(op, f"a tensor of shape {type_.get_shape()}", size, max_bytes)
