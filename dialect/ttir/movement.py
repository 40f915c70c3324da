"""The ops of tt-mlir's `ttir` dialect that move elements.

They have no custom syntax. Source: tt-mlir, TTIROps.td.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    i32,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    base,
    irdl_op_definition,
    prop_def,
)

from ..geometry import shapes as tensor_shapes
from ..geometry.shapes import Shape
from ..i32 import integers
from ..shaped import verify_same_size
from ..tensor_types import shape_of, shapes_agree
from .tensor import TensorOp

I32Attribute = IntegerAttr[IntegerType]


@irdl_op_definition
class ConcatOp(TensorOp):
    """The inputs one behind the other along `dim`, which counts from the end if negative."""

    name = "ttir.concat"

    dim = prop_def(base(IntegerAttr[IntegerType]))

    @property
    def inputs(self) -> tuple[SSAValue, ...]:
        """All operands; without the last where it is a destination.

        It is one where it has the result's type and the others alone give the result's shape.
        """
        operands = tuple(self.operands)
        could_be_one = len(operands) > 1 and operands[-1].type == self.result.type
        if could_be_one and not self._give_result(operands) and self._give_result(operands[:-1]):
            return operands[:-1]
        return operands

    def _give_result(self, values: Sequence[SSAValue]) -> bool:
        try:
            shape = tensor_shapes.concat_shape(list(map(shape_of, values)), self.dim.value.data)
        except ValueError:
            return False
        return shapes_agree(shape_of(self.result), shape)

    def result_shape(self) -> Shape:
        shapes = [shape_of(value) for value in self.inputs]
        return tensor_shapes.concat_shape(shapes, self.dim.value.data)


@irdl_op_definition
class ReshapeOp(TensorOp):
    """The same elements in row-major order under another shape; one size may be -1."""

    name = "ttir.reshape"

    shape = prop_def(base(ArrayAttr[I32Attribute]))

    def result_shape(self) -> Shape:
        return tensor_shapes.reshape_shape(shape_of(self.inputs[0]), integers(self.shape))

    def verify_(self) -> None:
        super().verify_()
        verify_same_size(self, self.inputs[0], self.result)


@irdl_op_definition
class PermuteOp(TensorOp):
    """Reorder dimensions: dimension d of the result is dimension permutation[d] of the input."""

    name = "ttir.permute"

    permutation = prop_def(DenseArrayBase.constr(i64))

    def result_shape(self) -> Shape:
        permutation = self.permutation.get_values()
        return tensor_shapes.permute_shape(shape_of(self.inputs[0]), permutation)


@irdl_op_definition
class TransposeOp(TensorOp):
    """Swap two dimensions, which count from the end if negative."""

    name = "ttir.transpose"

    dim0 = prop_def(base(IntegerAttr[IntegerType]))
    dim1 = prop_def(base(IntegerAttr[IntegerType]))

    def permutation(self) -> Shape:
        """The same as a permutation of all dimensions. Raises: ValueError."""
        rank = len(shape_of(self.inputs[0]))
        first, second = self.dim0.value.data, self.dim1.value.data
        order = list(range(rank))
        for dim in (first, second):
            if not -rank <= dim < rank:
                raise ValueError(f"expected dimensions in [{-rank}, {rank}), got {dim}")
        order[first], order[second] = order[second], order[first]
        return tuple(order)

    def result_shape(self) -> Shape:
        return tensor_shapes.permute_shape(shape_of(self.inputs[0]), self.permutation())


@irdl_op_definition
class UnsqueezeOp(TensorOp):
    """Put a dimension of size 1 in front of dimension `dim`, which may count from the end."""

    name = "ttir.unsqueeze"

    dim = prop_def(base(IntegerAttr[IntegerType]))

    def result_shape(self) -> Shape:
        shape, dim = shape_of(self.inputs[0]), self.dim.value.data
        rank = len(shape) + 1
        if not -rank <= dim < rank:
            raise ValueError(f"expected a dimension in [{-rank}, {rank}), got {dim}")
        place = dim % rank
        return (*shape[:place], 1, *shape[place:])


@irdl_op_definition
class SqueezeOp(TensorOp):
    """Drop dimension `dim`, of size 1; it may count from the end."""

    name = "ttir.squeeze"

    dim = prop_def(base(IntegerAttr[IntegerType]))

    def result_shape(self) -> Shape:
        shape, dim = shape_of(self.inputs[0]), self.dim.value.data
        if not -len(shape) <= dim < len(shape) or shape[dim] != 1:
            raise ValueError(f"expected a dimension of size 1, got dimension {dim} of {shape}")
        place = dim % len(shape)
        return (*shape[:place], *shape[place + 1 :])


@irdl_op_definition
class BroadcastOp(TensorOp):
    """The whole input `broadcast_dimensions[d]` times along each dimension d."""

    name = "ttir.broadcast"

    broadcast_dimensions = prop_def(DenseArrayBase.constr(i64))

    def result_shape(self) -> Shape:
        repeats = self.broadcast_dimensions.get_values()
        return tensor_shapes.repeat_shape(shape_of(self.inputs[0]), repeats)


@irdl_op_definition
class RepeatOp(TensorOp):
    """The whole input `repeat_dimensions[d]` times along each dimension d."""

    name = "ttir.repeat"

    repeat_dimensions = prop_def(DenseArrayBase.constr(i64))

    def result_shape(self) -> Shape:
        repeats = self.repeat_dimensions.get_values()
        return tensor_shapes.repeat_shape(shape_of(self.inputs[0]), repeats)


@irdl_op_definition
class ReverseOp(TensorOp):
    """Reverse the order of elements along some dimensions."""

    name = "ttir.reverse"

    dimensions = prop_def(DenseArrayBase.constr(i64))

    def result_shape(self) -> Shape:
        shape = shape_of(self.inputs[0])
        dimensions = self.dimensions.get_values()
        if len(set(dimensions)) != len(dimensions) or not set(dimensions) <= set(range(len(shape))):
            raise ValueError(f"expected different dimensions of {shape}, got {dimensions}")
        return shape


@irdl_op_definition
class PadOp(TensorOp):
    """Put `value` around a tensor; `padding` is (low, high) for each dimension.

    Negative amounts drop elements, even more than the tensor has: result[i] is input[i - low] where
    there is such an element, `value` elsewhere.
    """

    name = "ttir.pad"

    padding = prop_def(DenseArrayBase.constr(i32))
    value = prop_def(base(FloatAttr[Float32Type]))

    def result_shape(self) -> Shape:
        return tensor_shapes.crop_or_pad_shape(shape_of(self.inputs[0]), self.padding.get_values())


@irdl_op_definition
class SliceStaticOp(TensorOp):
    """result[i] = input[begins + i * step] up to, not including, `ends`; per dimension.

    Steps may be negative.
    """

    name = "ttir.slice_static"
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = True

    begins = prop_def(base(ArrayAttr[I32Attribute]))
    ends = prop_def(base(ArrayAttr[I32Attribute]))
    step = prop_def(base(ArrayAttr[I32Attribute]))

    def result_shape(self) -> Shape:
        bounds = (integers(self.begins), integers(self.ends), integers(self.step))
        return tensor_shapes.slice_shape(shape_of(self.inputs[0]), *bounds)


MOVING_OPS: tuple[type[TensorOp], ...] = (
    ConcatOp,
    ReshapeOp,
    PermuteOp,
    TransposeOp,
    UnsqueezeOp,
    SqueezeOp,
    BroadcastOp,
    RepeatOp,
    ReverseOp,
    PadOp,
    SliceStaticOp,
)
