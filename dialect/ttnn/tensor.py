"""The other operations of tt-mlir's `ttnn` dialect that this project knows.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DenseArrayBase,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
    i32,
    i64,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.pattern_rewriter import RewritePattern
from xdsl.traits import HasCanonicalizationPatternsTrait, Pure

from ..text.resources import ELEMENTS
from .attributes import (
    DeviceType,
    MemoryConfigAttr,
    MeshOffsetAttr,
    MeshShapeAttr,
    ShapeAttr,
)
from .configs import DeviceComputeKernelConfigAttr

AnyTensor = base(TensorType[Attribute])
I32Attribute = IntegerAttr[IntegerType]


class Canonicalizes(HasCanonicalizationPatternsTrait):
    """The op takes part in canonicalization; its patterns are looked up by its name."""

    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        from .canonicalization import PATTERNS

        return PATTERNS


@irdl_op_definition
class GetDeviceOp(IRDLOperation):
    """A handle of the device, or of a part of its mesh."""

    name = "ttnn.get_device"

    mesh_shape = opt_prop_def(base(MeshShapeAttr))
    mesh_offset = opt_prop_def(base(MeshOffsetAttr))
    device = result_def(base(DeviceType))

    traits = traits_def(Pure())


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """result = value."""

    name = "ttnn.constant"

    device = opt_operand_def(base(DeviceType))
    value = prop_def(ELEMENTS)
    dtype = opt_prop_def()
    layout = opt_prop_def()
    memory_config = opt_prop_def()
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_tensor import verify_constant

        verify_constant(self)


class UnaryOp(IRDLOperation, ABC):
    """An op of one tensor whose result has the same shape."""

    input = operand_def(AnyTensor)
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_tensor import verify_same_shape

        verify_same_shape(self)


class LayoutOp(UnaryOp, ABC):
    """An op that moves a tensor or changes its representation; values change only by rounding."""

    traits = traits_def(Pure(), Canonicalizes())

    dtype = opt_prop_def()
    layout = opt_prop_def()
    memory_config = opt_prop_def(base(MemoryConfigAttr))


@irdl_op_definition
class ToLayoutOp(LayoutOp):
    """Change the page layout, and the data type where the result's element type differs."""

    name = "ttnn.to_layout"


@irdl_op_definition
class ToMemoryConfigOp(LayoutOp):
    """Move a tensor between memories or shardings. `memory_config` is of older files."""

    name = "ttnn.to_memory_config"


@irdl_op_definition
class ToTensorSpecOp(LayoutOp):
    """All changes of layout, memory and data type in one."""

    name = "ttnn.to_tensor_spec"


@irdl_op_definition
class TypecastOp(LayoutOp):
    """Convert to the result's element type."""

    name = "ttnn.typecast"


class BinaryOp(IRDLOperation, ABC):
    """An elementwise op of two tensors, broadcast as NumPy does."""

    lhs = operand_def(AnyTensor)
    rhs = operand_def(AnyTensor)
    dtype = opt_prop_def()
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_tensor import verify_broadcast

        verify_broadcast(self)


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


@irdl_op_definition
class ReshapeOp(IRDLOperation):
    """The same elements in row-major order under another shape; one size may be -1."""

    name = "ttnn.reshape"

    input = operand_def(AnyTensor)
    shape = prop_def(base(ArrayAttr[I32Attribute]))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), Canonicalizes())

    def verify_(self) -> None:
        from .verify_tensor import verify_reshape

        verify_reshape(self)


@irdl_op_definition
class PermuteOp(IRDLOperation):
    """Reorder dimensions: dimension d of the result is dimension permutation[d] of the input."""

    name = "ttnn.permute"

    input = operand_def(AnyTensor)
    permutation = prop_def(DenseArrayBase.constr(i64))
    pad_value = opt_prop_def(base(FloatAttr[Float32Type]))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), Canonicalizes())

    def verify_(self) -> None:
        from .verify_tensor import verify_permute

        verify_permute(self)


@irdl_op_definition
class PadOp(IRDLOperation):
    """Put `value` around a tensor; `padding` is (low, high) for each dimension, non-negative."""

    name = "ttnn.pad"

    input = operand_def(AnyTensor)
    padding = prop_def(DenseArrayBase.constr(i32))
    value = prop_def(base(FloatAttr[Float32Type]))
    use_multicore = prop_def(base(BoolAttr), BoolAttr.from_bool(False))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), Canonicalizes())

    def verify_(self) -> None:
        from .verify_tensor import verify_pad

        verify_pad(self)


@irdl_op_definition
class SliceStaticOp(IRDLOperation):
    """result[i] = input[begins + i * step] up to, not including, `ends`; per dimension.

    Steps may be negative.
    """

    name = "ttnn.slice_static"

    input = operand_def(AnyTensor)
    begins = prop_def(base(ArrayAttr[I32Attribute]))
    ends = prop_def(base(ArrayAttr[I32Attribute]))
    step = prop_def(base(ArrayAttr[I32Attribute]))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), Canonicalizes())

    def verify_(self) -> None:
        from .verify_tensor import verify_slice

        verify_slice(self)


@irdl_op_definition
class ConcatOp(IRDLOperation):
    """The inputs one behind the other along `dim`, which counts from the end if negative."""

    name = "ttnn.concat"

    inputs = var_operand_def(AnyTensor)
    dim = prop_def(base(IntegerAttr[IntegerType]))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure(), Canonicalizes())

    def verify_(self) -> None:
        from .verify_tensor import verify_concat

        verify_concat(self)


@irdl_op_definition
class RepeatOp(IRDLOperation):
    """The whole input `repeat_dims[d]` times along each dimension d."""

    name = "ttnn.repeat"

    input = operand_def(AnyTensor)
    repeat_dims = prop_def(base(ShapeAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_tensor import verify_repeat

        verify_repeat(self)


@irdl_op_definition
class MatmulOp(IRDLOperation):
    """result[..., m, n] = activation(sum over k of a[..., m, k] * b[..., k, n]).

    Leading dimensions broadcast; `transpose_a` and `transpose_b` swap the last two of an operand.
    """

    name = "ttnn.matmul"

    a = operand_def(AnyTensor)
    b = operand_def(AnyTensor)
    transpose_a = prop_def(base(BoolAttr), BoolAttr.from_bool(False))
    transpose_b = prop_def(base(BoolAttr), BoolAttr.from_bool(False))
    matmul_program_config = opt_prop_def()
    activation = opt_prop_def(base(StringAttr))
    compute_config = opt_prop_def(base(DeviceComputeKernelConfigAttr))
    dtype = opt_prop_def()
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        from .verify_tensor import verify_matmul

        verify_matmul(self)


@irdl_op_definition
class DeallocateOp(IRDLOperation):
    """End the life of a tensor's buffer."""

    name = "ttnn.deallocate"

    input = operand_def(AnyTensor)
    force = prop_def(base(BoolAttr), BoolAttr.from_bool(False))


TENSOR_OPS = (
    GetDeviceOp,
    ConstantOp,
    ToLayoutOp,
    ToMemoryConfigOp,
    ToTensorSpecOp,
    TypecastOp,
    AddOp,
    MultiplyOp,
    SubtractOp,
    DivideOp,
    MaximumOp,
    MinimumOp,
    ReshapeOp,
    PermuteOp,
    PadOp,
    SliceStaticOp,
    ConcatOp,
    RepeatOp,
    MatmulOp,
    DeallocateOp,
)
