"""Refusals that several passes share."""

from __future__ import annotations

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Operation
from xdsl.utils.exceptions import PassFailedException
from xdsl.utils.hints import isa

from ..dialect.verify_shapes import is_static, shape_text


def check_static(op: Operation) -> None:
    """Refuse an op with a tensor of unknown size.

    Raises: PassFailedException naming the type and the pass that fills it in.
    """
    for value in (*op.operands, *op.results):
        if isa(value.type, TensorType[Attribute]) and not is_static(value.type.get_shape()):
            shape = shape_text(value.type.get_shape())
            raise PassFailedException(
                f"'{op.name}' op expected tensors of known shape, got {shape}; "
                "run ttnn-infer-shapes first"
            )
