"""Refusing temporaries that are larger than the user allows."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from xdsl.dialects.builtin import FixedBitwidthType
from xdsl.ir import Attribute, Operation

from ..dialect import deconv, ttnn
from ..dialect.verify_shapes import is_static, shape_of
from ..passes.guards import refuse
from . import scalars
from .convert_data_movement import is_padded_only

_MAKES_ITS_RESULT = (
    ttnn.PadOp,
    ttnn.RepeatOp,
    ttnn.UpsampleOp,
    ttnn.BinaryOp,
    ttnn.MatmulOp,
)


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
    """Look at every tensor that known ops make, widened to the type they compute in.

    Those of unknown size are left to the patterns that refuse them.
    """
    for op in module.walk():
        for what, shape in _temporaries(op):
            if not is_static(shape):
                continue
            size = byte_size(shape, scalars.accumulator(op))
            refuse_above(op, f"{what} of shape {shape}", size, max_bytes)


def _temporaries(op: Operation) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What an op makes: (what, shape)."""
    if isinstance(op, ttnn.Conv2dOp):
        geometry = op.conv_geometry()
        yield ("a result", geometry.output_shape)
        yield ("a padded input", geometry.padded_shape)
    elif isinstance(op, ttnn.Pool2dOp):
        pooling = op.pool_geometry()
        yield ("a result", pooling.output_shape)
        yield ("a padded input", pooling.padded_shape)
    elif isinstance(op, _MAKES_ITS_RESULT) or (
        isinstance(op, deconv.DilateInsertOp) and not is_padded_only(op)
    ):
        yield ("a result", shape_of(op.result))
