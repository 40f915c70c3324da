"""Zeros between elements, and elements in reverse."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import DenseArrayBase, TensorType, i64
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern
from xdsl.traits import HasCanonicalizationPatternsTrait, Pure

from ..geometry.shapes import Shape
from ..shaped import (
    DropIdentity,
    DroppedIfIdentity,
    ShapedOp,
    erase_if_dead,
    verify_result_shape,
    verify_same_element_type,
)
from ..tensor_types import AnyTensor, fail, shape_of, tensor_type
from .shapes import dilated_shape


@irdl_op_definition
class DilateInsertOp(ShapedOp):
    """result[i * strides] = input[i], zero elsewhere; one stride a dimension."""

    name = "deconv.dilate_insert"

    input = operand_def(AnyTensor)
    strides = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)

    assembly_format = "$input `strides` `=` $strides attr-dict `:` type($input) `->` type($result)"
    traits = traits_def(Pure(), DroppedIfIdentity())

    def __init__(self, input: SSAValue | Operation, strides: Sequence[int]):
        value = SSAValue.get(input)
        type_ = tensor_type(value)
        result = TensorType(type_.element_type, dilated_shape(type_.get_shape(), strides))
        super().__init__(
            operands=[value],
            properties={"strides": DenseArrayBase.from_list(i64, strides)},
            result_types=[result],
        )

    def result_shape(self) -> Shape:
        return dilated_shape(shape_of(self.input), self.strides.get_values())

    def is_identity(self) -> bool:
        return set(self.strides.get_values()) <= {1}

    def verify_(self) -> None:
        strides, rank = self.strides.get_values(), len(shape_of(self.input))
        if len(strides) != rank:
            fail(self, f"expected {rank} strides, got {len(strides)}")
        if any(stride < 1 for stride in strides):
            fail(self, f"expected strides of at least 1, got {tuple(strides)}")
        verify_result_shape(self)
        verify_same_element_type(self)


class _Flips(HasCanonicalizationPatternsTrait):
    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        return (DropIdentity(), CancelFlips())


@irdl_op_definition
class FlipOp(ShapedOp):
    """result[.., i, ..] = input[.., size - 1 - i, ..] along each of `dimensions`."""

    name = "deconv.flip"

    input = operand_def(AnyTensor)
    dimensions = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)

    assembly_format = (
        "$input `dimensions` `=` $dimensions attr-dict `:` type($input) `->` type($result)"
    )
    traits = traits_def(Pure(), _Flips())

    def __init__(self, input: SSAValue | Operation, dimensions: Sequence[int]):
        value = SSAValue.get(input)
        type_ = tensor_type(value)
        super().__init__(
            operands=[value],
            properties={"dimensions": DenseArrayBase.from_list(i64, dimensions)},
            result_types=[TensorType(type_.element_type, type_.get_shape())],
        )

    def result_shape(self) -> Shape:
        return shape_of(self.input)

    def is_identity(self) -> bool:
        return all(shape_of(self.input)[axis] == 1 for axis in self.dimensions.get_values())

    def verify_(self) -> None:
        dimensions, rank = self.dimensions.get_values(), len(shape_of(self.input))
        in_range = all(0 <= dimension < rank for dimension in dimensions)
        if not in_range or len(set(dimensions)) != len(dimensions):
            fail(self, f"expected distinct dimensions below {rank}, got {tuple(dimensions)}")
        verify_result_shape(self)
        verify_same_element_type(self)


class CancelFlips(RewritePattern):
    """flip(flip(x)) -> x, along the same dimensions."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: FlipOp, rewriter: PatternRewriter, /) -> None:
        inner = op.input.owner
        if not isinstance(inner, FlipOp) or inner.input.type != op.result.type:
            return
        if set(inner.dimensions.get_values()) != set(op.dimensions.get_values()):
            return

        rewriter.replace(op, [], [inner.input])
        erase_if_dead(inner, rewriter)
