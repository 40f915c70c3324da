"""Operations that move elements: other shapes, orders, parts and sums of tensors.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DenseArrayBase,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    i32,
    i64,
)
from xdsl.ir import Operation
from xdsl.irdl import (
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern
from xdsl.traits import HasCanonicalizationPatternsTrait, Pure

from ..geometry.shapes import (
    Shape,
    concat_shape,
    pad_shape,
    permute_shape,
    repeat_shape,
    reshape_shape,
    slice_shape,
)
from ..i32 import integers
from ..shaped import (
    DropIdentity,
    DroppedIfIdentity,
    ShapedOp,
    erase_if_dead,
    verify_result_shape,
    verify_same_element_type,
    verify_same_size,
)
from ..tensor_types import AnyTensor, element_type_of, fail, shape_of
from .attributes import ShapeAttr
from .memory import MemoryConfigAttr

I32Attribute = IntegerAttr[IntegerType]


class _Reshapes(HasCanonicalizationPatternsTrait):
    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        return (DropIdentity(), MergeReshapes())


@irdl_op_definition
class ReshapeOp(ShapedOp):
    """The same elements in row-major order under another shape; one size may be -1."""

    name = "ttnn.reshape"

    input = operand_def(AnyTensor)
    shape = prop_def(base(ArrayAttr[I32Attribute]))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), _Reshapes())

    def result_shape(self) -> Shape:
        return reshape_shape(shape_of(self.input), integers(self.shape))

    def is_identity(self) -> bool:
        return True

    def verify_(self) -> None:
        shape, after = integers(self.shape), shape_of(self.result)
        if len(shape) != len(after):
            fail(
                self,
                f"Shape attribute size {len(shape)} must match output tensor rank {len(after)}",
            )
        verify_result_shape(self)
        verify_same_size(self, self.input, self.result)


class _Permutes(HasCanonicalizationPatternsTrait):
    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        return (DropIdentity(), MergePermutes())


@irdl_op_definition
class PermuteOp(ShapedOp):
    """Reorder dimensions: dimension d of the result is dimension permutation[d] of the input."""

    name = "ttnn.permute"

    input = operand_def(AnyTensor)
    permutation = prop_def(DenseArrayBase.constr(i64))
    pad_value = opt_prop_def(base(FloatAttr[Float32Type]))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), _Permutes())

    def result_shape(self) -> Shape:
        return permute_shape(shape_of(self.input), self.permutation.get_values())

    def is_identity(self) -> bool:
        permutation = self.permutation.get_values()
        return list(permutation) == sorted(permutation)


@irdl_op_definition
class PadOp(ShapedOp):
    """Put `value` around a tensor; `padding` is (low, high) for each dimension, non-negative."""

    name = "ttnn.pad"

    input = operand_def(AnyTensor)
    padding = prop_def(DenseArrayBase.constr(i32))
    value = prop_def(base(FloatAttr[Float32Type]))
    use_multicore = prop_def(base(BoolAttr), BoolAttr.from_bool(False))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), DroppedIfIdentity())

    def result_shape(self) -> Shape:
        return pad_shape(shape_of(self.input), self.padding.get_values())

    def is_identity(self) -> bool:
        return not any(self.padding.get_values())


@irdl_op_definition
class SliceStaticOp(ShapedOp):
    """result[i] = input[begins + i * step] up to, not including, `ends`; per dimension.

    Steps may be negative.
    """

    name = "ttnn.slice_static"

    input = operand_def(AnyTensor)
    begins = prop_def(base(ArrayAttr[I32Attribute]))
    ends = prop_def(base(ArrayAttr[I32Attribute]))
    step = prop_def(base(ArrayAttr[I32Attribute]))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), DroppedIfIdentity())

    def result_shape(self) -> Shape:
        bounds = (integers(self.begins), integers(self.ends), integers(self.step))
        return slice_shape(shape_of(self.input), *bounds)

    def is_identity(self) -> bool:
        is_whole = not any(integers(self.begins)) and integers(self.ends) == shape_of(self.input)
        return is_whole and set(integers(self.step)) <= {1}

    def verify_(self) -> None:
        verify_result_shape(self)
        verify_same_element_type(self)


@irdl_op_definition
class ConcatOp(ShapedOp):
    """The inputs one behind the other along `dim`, which counts from the end if negative."""

    name = "ttnn.concat"

    inputs = var_operand_def(AnyTensor)
    dim = prop_def(base(IntegerAttr[IntegerType]))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), DroppedIfIdentity())

    def result_shape(self) -> Shape:
        shapes = [shape_of(value) for value in self.inputs]
        return concat_shape(shapes, self.dim.value.data)

    def is_identity(self) -> bool:
        return len(self.inputs) == 1


@irdl_op_definition
class RepeatOp(ShapedOp):
    """The whole input `repeat_dims[d]` times along each dimension d."""

    name = "ttnn.repeat"

    input = operand_def(AnyTensor)
    repeat_dims = prop_def(base(ShapeAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return repeat_shape(shape_of(self.input), self.repeat_dims.get_values())


def _converts_twice(inner: Operation, outer: Operation) -> bool:
    """Whether elements are converted by both ops: then once is not the same."""
    return all(
        element_type_of(op.operands[0]) != element_type_of(op.results[0]) for op in (inner, outer)
    )


class MergeReshapes(RewritePattern):
    """reshape(reshape(x)) -> reshape(x)."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ReshapeOp, rewriter: PatternRewriter, /) -> None:
        inner = op.input.owner
        if not isinstance(inner, ReshapeOp) or _converts_twice(inner, op):
            return

        op.operands[0] = inner.input
        rewriter.notify_op_modified(op)
        erase_if_dead(inner, rewriter)


class MergePermutes(RewritePattern):
    """permute(permute(x, p), q) -> permute(x, p[q])."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: PermuteOp, rewriter: PatternRewriter, /) -> None:
        inner = op.input.owner
        if not isinstance(inner, PermuteOp) or _converts_twice(inner, op):
            return

        first = inner.permutation.get_values()
        combined = [first[axis] for axis in op.permutation.get_values()]
        op.permutation = type(op.permutation).from_list(op.permutation.elt_type, combined)
        op.operands[0] = inner.input
        rewriter.notify_op_modified(op)
        erase_if_dead(inner, rewriter)


MOVEMENT_OPS: tuple[type[Operation], ...] = (
    ReshapeOp,
    PermuteOp,
    PadOp,
    SliceStaticOp,
    ConcatOp,
    RepeatOp,
)
