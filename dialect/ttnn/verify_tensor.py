"""Verifiers of the tensor ops; what the result's shape must be is said in tensor_shapes.py.

As in tt-mlir, operands and results may have any element types: what moves elements converts them.
Only a slice keeps them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from xdsl.dialects.builtin import ArrayAttr, IntegerAttr
from xdsl.ir import Operation

from ..geometry import shapes as tensor_shapes
from ..tensor_types import (
    element_type_of,
    fail,
    is_static,
    shape_of,
    shape_text,
    shapes_agree,
)
from ..text.resources import elements_type
from . import tensor as ttnn_tensor


def integers(attribute: ArrayAttr[IntegerAttr]) -> tuple[int, ...]:
    """The values of an array of integer attributes."""
    return tuple(item.value.data for item in attribute)


def verify_result_shape(op: Operation, expected: Callable[[], tuple[int, ...]]) -> None:
    """Compare the declared shape of the only result with the one its formula gives."""
    try:
        shape = expected()
    except ValueError as error:
        fail(op, str(error))
    got = shape_of(op.results[0])
    if not shapes_agree(got, shape):
        fail(op, f"expected a result of shape {shape_text(shape)}, got {shape_text(got)}")


def verify_same_element_type(op: Operation) -> None:
    """All operands and results of an op have one element type."""
    types = [element_type_of(value) for value in (*op.operands, *op.results)]
    if any(type_ != types[0] for type_ in types):
        got = ", ".join(map(str, types))
        fail(op, f"expected operands and result of one element type, got {got}")


def verify_same_shape(op: ttnn_tensor.UnaryOp) -> None:
    verify_result_shape(op, lambda: shape_of(op.input))


def verify_constant(op: ttnn_tensor.ConstantOp) -> None:
    shape, element_type = elements_type(op.value)
    verify_result_shape(op, lambda: shape)
    if element_type != element_type_of(op.result):
        got = element_type_of(op.result)
        fail(op, f"expected a result of element type {element_type}, got {got}")


def verify_broadcast(op: ttnn_tensor.BinaryOp) -> None:
    verify_result_shape(
        op, lambda: tensor_shapes.broadcast_shape(shape_of(op.lhs), shape_of(op.rhs))
    )


def verify_reshape(op: ttnn_tensor.ReshapeOp) -> None:
    shape = integers(op.shape)
    before, after = shape_of(op.input), shape_of(op.result)
    if len(shape) != len(after):
        fail(
            op,
            f"Shape attribute size {len(shape)} must match output tensor rank {len(after)}",
        )
    verify_result_shape(op, lambda: tensor_shapes.reshape_shape(before, shape))
    if is_static(before) and is_static(after) and prod(before) != prod(after):
        fail(
            op,
            f"Input tensor number of elements {prod(before)} and output tensor number of "
            f"elements {prod(after)} must be the same",
        )


def verify_permute(op: ttnn_tensor.PermuteOp) -> None:
    verify_result_shape(
        op, lambda: tensor_shapes.permute_shape(shape_of(op.input), op.permutation.get_values())
    )


def verify_pad(op: ttnn_tensor.PadOp) -> None:
    verify_result_shape(
        op, lambda: tensor_shapes.pad_shape(shape_of(op.input), op.padding.get_values())
    )


def verify_slice(op: ttnn_tensor.SliceStaticOp) -> None:
    bounds = (integers(op.begins), integers(op.ends), integers(op.step))
    verify_result_shape(op, lambda: tensor_shapes.slice_shape(shape_of(op.input), *bounds))
    verify_same_element_type(op)


def verify_concat(op: ttnn_tensor.ConcatOp) -> None:
    shapes = [shape_of(value) for value in op.inputs]
    verify_result_shape(op, lambda: tensor_shapes.concat_shape(shapes, op.dim.value.data))


def verify_repeat(op: ttnn_tensor.RepeatOp) -> None:
    repeats = op.repeat_dims.get_values()
    verify_result_shape(op, lambda: tensor_shapes.repeat_shape(shape_of(op.input), repeats))


def verify_matmul(op: ttnn_tensor.MatmulOp) -> None:
    flags = (bool(op.transpose_a.value.data), bool(op.transpose_b.value.data))
    verify_result_shape(
        op, lambda: tensor_shapes.matmul_shape(shape_of(op.a), shape_of(op.b), *flags)
    )
