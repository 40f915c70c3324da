"""The `deconv` dialect: the steps of a transposed convolution for which TTNN has no op."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import DenseArrayBase, TensorType, i64
from xdsl.ir import Attribute, Dialect, Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from .ttnn_tensor import Canonicalizes
from .verify_shapes import fail, shape_of, tensor_type
from .verify_tensor import verify_result_shape

AnyTensor = base(TensorType[Attribute])


def dilated_shape(shape: Sequence[int], strides: Sequence[int]) -> tuple[int, ...]:
    """(size - 1) * stride + 1 in each dimension; sizes that are 0 or unknown stay.

    Example: (1, 4, 5, 3) by (1, 2, 3, 1) is (1, 7, 13, 3).
    """
    return tuple(
        size if size < 1 else (size - 1) * stride + 1
        for size, stride in zip(shape, strides, strict=True)
    )


@irdl_op_definition
class DilateInsertOp(IRDLOperation):
    """result[i * strides] = input[i], zero elsewhere; one stride a dimension."""

    name = "deconv.dilate_insert"

    input = operand_def(AnyTensor)
    strides = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)

    assembly_format = "$input `strides` `=` $strides attr-dict `:` type($input) `->` type($result)"
    traits = traits_def(Pure(), Canonicalizes())

    def __init__(self, input: SSAValue | Operation, strides: Sequence[int]):
        value = SSAValue.get(input)
        type_ = tensor_type(value)
        result = TensorType(type_.element_type, dilated_shape(type_.get_shape(), strides))
        super().__init__(
            operands=[value],
            properties={"strides": DenseArrayBase.from_list(i64, strides)},
            result_types=[result],
        )

    def verify_(self) -> None:
        strides = self.strides.get_values()
        shape = shape_of(self.input)
        if len(strides) != len(shape):
            fail(self, f"expected {len(shape)} strides, got {len(strides)}")
        if any(stride < 1 for stride in strides):
            fail(self, f"expected strides of at least 1, got {tuple(strides)}")
        verify_result_shape(self, lambda: dilated_shape(shape, strides))


@irdl_op_definition
class FlipOp(IRDLOperation):
    """result[.., i, ..] = input[.., size - 1 - i, ..] along each of `dimensions`."""

    name = "deconv.flip"

    input = operand_def(AnyTensor)
    dimensions = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)

    assembly_format = (
        "$input `dimensions` `=` $dimensions attr-dict `:` type($input) `->` type($result)"
    )
    traits = traits_def(Pure(), Canonicalizes())

    def __init__(self, input: SSAValue | Operation, dimensions: Sequence[int]):
        value = SSAValue.get(input)
        type_ = tensor_type(value)
        super().__init__(
            operands=[value],
            properties={"dimensions": DenseArrayBase.from_list(i64, dimensions)},
            result_types=[TensorType(type_.element_type, type_.get_shape())],
        )

    def verify_(self) -> None:
        dimensions, rank = self.dimensions.get_values(), len(shape_of(self.input))
        in_range = all(0 <= dimension < rank for dimension in dimensions)
        if not in_range or len(set(dimensions)) != len(dimensions):
            fail(self, f"expected distinct dimensions below {rank}, got {tuple(dimensions)}")
        verify_result_shape(self, lambda: shape_of(self.input))


DECONV = Dialect("deconv", [DilateInsertOp, FlipOp])
