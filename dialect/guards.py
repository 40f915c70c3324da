"""How passes refuse, and refusals that several of them share."""

from __future__ import annotations

from typing import NoReturn

from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from .tensor_types import as_tensor_type, is_static, shape_text
from .text.locations import place_of
from .ttnn.configs import Conv2dConfigAttr
from .ttnn.prepare import op_behind_prepare


def refuse(op: Operation, text: str) -> NoReturn:
    """Fail because of `op`, valid as it is: `file:line:column: 'dialect.op' op text`.

    Raises: PassFailedException.
    """
    place = place_of(op)
    raise PassFailedException(f"{place + ': ' if place else ''}'{op.name}' op {text}")


def check_static(op: Operation) -> None:
    """Refuse an op with a tensor of unknown size, naming the pass that fills it in.

    Raises: PassFailedException.
    """
    for value in (*op.operands, *op.results):
        type_ = as_tensor_type(value.type)
        if type_ is not None and not is_static(type_.get_shape()):
            shape = shape_text(type_.get_shape())
            refuse(
                op,
                f"expected tensors of known shape, got {shape}; run ttnn-infer-shapes first",
            )


def check_raw(op: Operation, weight: SSAValue) -> None:
    """Refuse a weight that was prepared, for an op that takes it as it is.

    Raises: PassFailedException.
    """
    if op_behind_prepare(weight) is not None:
        refuse(op, "expected a raw weight, got what a prepare op makes of one")


def check_op_count(op: Operation, count: int, cause: str, max_ops: int) -> None:
    """Refuse an op that would become more than `max_ops` ops.

    Raises: PassFailedException saying what they are for.
    """
    if count > max_ops:
        refuse(op, f"expected at most {max_ops} ops, got about {count} for {cause}; raise max-ops")


def check_config(op: Operation, config: Conv2dConfigAttr | None) -> None:
    """Refuse a configuration with fields that might change values in ways unknown here.

    Raises: PassFailedException naming them.
    """
    if config is not None and (unknown := config.unknown_fields()):
        refuse(op, f"expected known fields in conv2d_config, got {', '.join(unknown)}")
