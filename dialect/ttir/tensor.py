"""The ops of tt-mlir's `ttir` dialect that compute elements, and constants.

They have no custom syntax, but for `ttir.empty`. Source: tt-mlir, TTIROps.td.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import (
    BoolAttr,
    DenseArrayBase,
    Float32Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    i32,
)
from xdsl.ir import Attribute, SSAValue
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

from ..geometry.shapes import Shape, broadcast_shape, matmul_shape
from ..shaped import ShapedOp, verify_result_shape
from ..tensor_types import AnyTensor, element_type_of, fail, shape_of
from ..text.resources import ELEMENTS, elements_type

I32Attribute = IntegerAttr[IntegerType]


@irdl_op_definition
class EmptyOp(IRDLOperation):
    """A tensor whose values nobody has set: the destination of an op of the older form."""

    name = "ttir.empty"

    result = result_def(AnyTensor)

    assembly_format = "`(` `)` attr-dict `:` type($result)"
    traits = traits_def(Pure())


class TensorOp(ShapedOp, ABC):
    """An op of `ARITY` tensors, and of a destination behind them in older files."""

    ARITY: ClassVar[int] = 1
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = False
    """Whether operands and result have to have one element type."""

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
        count = len(self.operands)
        if not len(self.inputs) <= count <= len(self.inputs) + 1 or count < self.ARITY:
            fail(self, f"expected {self.ARITY} operands and at most one destination, got {count}")
        destination, expected = self.destination, self.result.type
        if destination is not None and destination.type != expected:
            fail(self, f"expected a destination of type {expected}, got {destination.type}")
        verify_result_shape(self)
        if self.KEEPS_ELEMENT_TYPE:
            self._verify_element_types()

    def element_types(self) -> list[Attribute]:
        """Those that have to be one where the op keeps it."""
        return [element_type_of(value) for value in (*self.inputs, self.result)]

    def _verify_element_types(self) -> None:
        types = self.element_types()
        if any(type_ != types[0] for type_ in types):
            got = ", ".join(map(str, types))
            fail(self, f"expected operands and result of one element type, got {got}")


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

    conservative_folding = opt_prop_def(base(BoolAttr))
    dtype = opt_prop_def()
    """Of older files: the result's element type once more."""


class BinaryOp(TensorOp, ABC):
    """An elementwise op of two tensors, broadcast as NumPy does."""

    ARITY: ClassVar[int] = 2

    def result_shape(self) -> Shape:
        lhs, rhs = self.inputs
        return broadcast_shape(shape_of(lhs), shape_of(rhs))


@irdl_op_definition
class AddOp(BinaryOp):
    """result = lhs + rhs."""

    name = "ttir.add"


@irdl_op_definition
class MultiplyOp(BinaryOp):
    """result = lhs * rhs."""

    name = "ttir.multiply"


@irdl_op_definition
class SubtractOp(BinaryOp):
    """result = lhs - rhs."""

    name = "ttir.subtract"


@irdl_op_definition
class DivOp(BinaryOp):
    """result = lhs / rhs."""

    name = "ttir.div"


@irdl_op_definition
class MaximumOp(BinaryOp):
    """result = max(lhs, rhs)."""

    name = "ttir.maximum"


@irdl_op_definition
class MinimumOp(BinaryOp):
    """result = min(lhs, rhs)."""

    name = "ttir.minimum"


@irdl_op_definition
class MatmulOp(TensorOp):
    """result[..., m, n] = sum over k of a[..., m, k] * b[..., k, n]; leading dimensions broadcast.

    `transpose_a` and `transpose_b` swap the last two dimensions of an operand.
    """

    name = "ttir.matmul"
    ARITY: ClassVar[int] = 2

    transpose_a = prop_def(base(BoolAttr), BoolAttr.from_bool(False))
    transpose_b = prop_def(base(BoolAttr), BoolAttr.from_bool(False))

    def result_shape(self) -> Shape:
        flags = (bool(self.transpose_a.value.data), bool(self.transpose_b.value.data))
        a, b = self.inputs
        return matmul_shape(shape_of(a), shape_of(b), *flags)


@irdl_op_definition
class ConstantOp(TensorOp):
    """result = value."""

    name = "ttir.constant"
    ARITY: ClassVar[int] = 0
    KEEPS_ELEMENT_TYPE: ClassVar[bool] = True

    value = prop_def(ELEMENTS)

    def result_shape(self) -> Shape:
        return elements_type(self.value)[0]

    def element_types(self) -> list[Attribute]:
        return [*super().element_types(), elements_type(self.value)[1]]


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


COMPUTING_OPS: tuple[type[TensorOp], ...] = (
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
    SubtractOp,
    DivOp,
    MaximumOp,
    MinimumOp,
    MatmulOp,
    ConstantOp,
    ZerosOp,
    OnesOp,
)
