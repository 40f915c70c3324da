"""The other operations of tt-mlir's `ttir` dialect that this project knows.

They have no custom syntax, but for `ttir.empty`. Source: tt-mlir, TTIROps.td.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    TensorType,
    i32,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from . import tensor_shapes
from .ttir_convolution import EMPTY_OPS
from .verify_shapes import shape_of
from .verify_tensor import integers

AnyTensor = base(TensorType[Attribute])
I32Attribute = IntegerAttr[IntegerType]
Shape = tuple[int, ...]


@irdl_op_definition
class EmptyOp(IRDLOperation):
    """A tensor whose values nobody has set: the destination of an op of the older form."""

    name = "ttir.empty"

    result = result_def(AnyTensor)

    assembly_format = "`(` `)` attr-dict `:` type($result)"
    traits = traits_def(Pure())


class TensorOp(IRDLOperation, ABC):
    """An op of `ARITY` tensors, and of a destination behind them in older files."""

    ARITY: ClassVar[int] = 1
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = True
    """Whether operands and result have one element type."""

    inputs_and_destination = var_operand_def(AnyTensor)
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    @property
    def inputs(self) -> tuple[SSAValue, ...]:
        """The operands without the destination."""
        return tuple(self.operands[: self.ARITY])

    @property
    def destination(self) -> SSAValue | None:
        """The last operand of the older form; its values are not read."""
        return self.operands[-1] if len(self.operands) > len(self.inputs) else None

    def result_shape(self) -> Shape:
        """The shape that the result has to have. Raises: ValueError where there is none."""
        return shape_of(self.inputs[0])

    def verify_(self) -> None:
        from .verify_ttir_tensor import verify_tensor_op

        verify_tensor_op(self)


@irdl_op_definition
class ReluOp(TensorOp):
    """result = max(input, 0)."""

    name = "ttir.relu"


@irdl_op_definition
class Relu6Op(TensorOp):
    """result = min(max(input, 0), 6)."""

    name = "ttir.relu6"


@irdl_op_definition
class LeakyReluOp(TensorOp):
    """result = input where it is not negative, input * parameter elsewhere."""

    name = "ttir.leaky_relu"

    parameter = prop_def(base(FloatAttr[Float32Type]))


@irdl_op_definition
class TanhOp(TensorOp):
    """result = tanh(input)."""

    name = "ttir.tanh"


@irdl_op_definition
class SigmoidOp(TensorOp):
    """result = 1 / (1 + exp(-input))."""

    name = "ttir.sigmoid"


@irdl_op_definition
class SiluOp(TensorOp):
    """result = input * sigmoid(input)."""

    name = "ttir.silu"


@irdl_op_definition
class GeluOp(TensorOp):
    """result = input / 2 * (1 + erf(input / sqrt(2)))."""

    name = "ttir.gelu"


@irdl_op_definition
class TypecastOp(TensorOp):
    """Convert to the result's element type."""

    name = "ttir.typecast"
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = False

    conservative_folding = opt_prop_def(base(BoolAttr))


class BinaryOp(TensorOp, ABC):
    """An elementwise op of two tensors, broadcast as NumPy does."""

    ARITY: ClassVar[int] = 2
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = False

    def result_shape(self) -> Shape:
        lhs, rhs = self.inputs
        return tensor_shapes.broadcast_shape(shape_of(lhs), shape_of(rhs))


@irdl_op_definition
class AddOp(BinaryOp):
    """result = lhs + rhs."""

    name = "ttir.add"


@irdl_op_definition
class MultiplyOp(BinaryOp):
    """result = lhs * rhs."""

    name = "ttir.multiply"


@irdl_op_definition
class ConcatOp(TensorOp):
    """The inputs one behind the other along `dim`, which counts from the end if negative."""

    name = "ttir.concat"

    dim = prop_def(base(IntegerAttr[IntegerType]))

    @property
    def inputs(self) -> tuple[SSAValue, ...]:
        operands = tuple(self.operands)
        owner = operands[-1].owner if len(operands) > 1 else None
        has_destination = isinstance(owner, Operation) and owner.name in EMPTY_OPS
        return operands[:-1] if has_destination else operands

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
    """Put `value` around a tensor; `padding` is (low, high) for each dimension, non-negative."""

    name = "ttir.pad"

    padding = prop_def(DenseArrayBase.constr(i32))
    value = prop_def(base(FloatAttr[Float32Type]))

    def result_shape(self) -> Shape:
        return tensor_shapes.pad_shape(shape_of(self.inputs[0]), self.padding.get_values())


@irdl_op_definition
class SliceStaticOp(TensorOp):
    """result[i] = input[begins + i * step] up to, not including, `ends`; per dimension."""

    name = "ttir.slice_static"

    begins = prop_def(base(ArrayAttr[I32Attribute]))
    ends = prop_def(base(ArrayAttr[I32Attribute]))
    step = prop_def(base(ArrayAttr[I32Attribute]))

    def result_shape(self) -> Shape:
        bounds = (integers(self.begins), integers(self.ends), integers(self.step))
        return tensor_shapes.slice_shape(shape_of(self.inputs[0]), *bounds)


@irdl_op_definition
class MatmulOp(TensorOp):
    """result[..., m, n] = sum over k of a[..., m, k] * b[..., k, n]; leading dimensions broadcast.

    `transpose_a` and `transpose_b` swap the last two dimensions of an operand.
    """

    name = "ttir.matmul"
    ARITY: ClassVar[int] = 2
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = False

    transpose_a = prop_def(base(BoolAttr), BoolAttr.from_bool(False))
    transpose_b = prop_def(base(BoolAttr), BoolAttr.from_bool(False))

    def result_shape(self) -> Shape:
        flags = (bool(self.transpose_a.value.data), bool(self.transpose_b.value.data))
        a, b = self.inputs
        return tensor_shapes.matmul_shape(shape_of(a), shape_of(b), *flags)


@irdl_op_definition
class ConstantOp(TensorOp):
    """result = value."""

    name = "ttir.constant"
    ARITY: ClassVar[int] = 0

    value = prop_def(base(DenseIntOrFPElementsAttr))

    def result_shape(self) -> Shape:
        return self.value.get_shape()


class FilledOp(TensorOp, ABC):
    """A tensor with the same value everywhere."""

    ARITY: ClassVar[int] = 0
    FILL: ClassVar[int] = 0

    shape = prop_def(DenseArrayBase.constr(i32))

    def result_shape(self) -> Shape:
        return self.shape.get_values()


@irdl_op_definition
class ZerosOp(FilledOp):
    """result = 0."""

    name = "ttir.zeros"
    FILL: ClassVar[int] = 0


@irdl_op_definition
class OnesOp(FilledOp):
    """result = 1."""

    name = "ttir.ones"
    FILL: ClassVar[int] = 1


TENSOR_OPS: tuple[type[TensorOp], ...] = (
    ReluOp,
    Relu6Op,
    LeakyReluOp,
    TanhOp,
    SigmoidOp,
    SiluOp,
    GeluOp,
    TypecastOp,
    AddOp,
    MultiplyOp,
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
    MatmulOp,
    ConstantOp,
    ZerosOp,
    OnesOp,
)
