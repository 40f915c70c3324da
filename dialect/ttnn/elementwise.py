"""Elementwise operations of one and of two tensors; the activations are in activations.py.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from abc import ABC

from xdsl.ir import Operation
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, result_def, traits_def
from xdsl.traits import Pure

from ..geometry.shapes import Shape, broadcast_shape
from ..shaped import ShapedOp
from ..tensor_types import AnyTensor, shape_of


class UnaryOp(ShapedOp, ABC):
    """An op of one tensor whose result has the same shape."""

    input = operand_def(AnyTensor)
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return shape_of(self.input)


class BinaryOp(ShapedOp, ABC):
    """An elementwise op of two tensors, broadcast as NumPy does."""

    lhs = operand_def(AnyTensor)
    rhs = operand_def(AnyTensor)
    dtype = opt_prop_def()
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return broadcast_shape(shape_of(self.lhs), shape_of(self.rhs))


@irdl_op_definition
class AddOp(BinaryOp):
    """result = lhs + rhs."""

    name = "ttnn.add"


@irdl_op_definition
class MultiplyOp(BinaryOp):
    """result = lhs * rhs."""

    name = "ttnn.multiply"


@irdl_op_definition
class SubtractOp(BinaryOp):
    """result = lhs - rhs."""

    name = "ttnn.subtract"


@irdl_op_definition
class DivideOp(BinaryOp):
    """result = lhs / rhs."""

    name = "ttnn.divide"


@irdl_op_definition
class MaximumOp(BinaryOp):
    """result = max(lhs, rhs); NaN where either is."""

    name = "ttnn.maximum"


@irdl_op_definition
class MinimumOp(BinaryOp):
    """result = min(lhs, rhs); NaN where either is."""

    name = "ttnn.minimum"


BINARY_OPS: tuple[type[Operation], ...] = (
    AddOp,
    MultiplyOp,
    SubtractOp,
    DivideOp,
    MaximumOp,
    MinimumOp,
)
