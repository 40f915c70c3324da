"""Refusals that several passes share."""

from __future__ import annotations

from xdsl.ir import Operation
from xdsl.utils.exceptions import PassFailedException

from ..dialect.verify_shapes import as_tensor_type, is_static, shape_text


def check_static(op: Operation) -> None:
    """Refuse an op with a tensor of unknown size.

    Raises: PassFailedException naming the type and the pass that fills it in.
    """
    for value in (*op.operands, *op.results):
        type_ = as_tensor_type(value.type)
        if type_ is not None and not is_static(type_.get_shape()):
            shape = shape_text(type_.get_shape())
            raise PassFailedException(
                f"'{op.name}' op expected tensors of known shape, got {shape}; "
                "run ttnn-infer-shapes first"
            )
