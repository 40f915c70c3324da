"""The verifier of the plain `ttir` ops; each op says what shape its result must have."""

from __future__ import annotations

from math import prod

from ..tensor_types import element_type_of, fail, is_static, shape_of
from ..text.resources import elements_type
from ..ttnn.verify_tensor import verify_result_shape
from .movement import ReshapeOp
from .tensor import ConstantOp, TensorOp


def verify_tensor_op(op: TensorOp) -> None:
    """Number of operands, shape and element type of the result, and the destination's type."""
    count = len(op.operands)
    if not len(op.inputs) <= count <= len(op.inputs) + 1 or count < op.ARITY:
        fail(op, f"expected {op.ARITY} operands and at most one destination, got {count}")
    destination = op.destination
    if destination is not None and destination.type != op.result.type:
        fail(op, f"expected a destination of type {op.result.type}, got {destination.type}")
    verify_result_shape(op, op.result_shape)
    if isinstance(op, ReshapeOp):
        _verify_same_size(op)
    if op.KEEPS_ELEMENT_TYPE:
        _verify_element_types(op)


def _verify_same_size(op: ReshapeOp) -> None:
    before, after = shape_of(op.inputs[0]), shape_of(op.result)
    if is_static(before) and is_static(after) and prod(before) != prod(after):
        fail(
            op,
            f"Input tensor number of elements {prod(before)} and output tensor number of "
            f"elements {prod(after)} must be the same",
        )


def _verify_element_types(op: TensorOp) -> None:
    types = [element_type_of(value) for value in (*op.inputs, op.result)]
    if isinstance(op, ConstantOp):
        types.append(elements_type(op.value)[1])
    if any(type_ != types[0] for type_ in types):
        got = ", ".join(map(str, types))
        fail(op, f"expected operands and result of one element type, got {got}")
