"""The matrix multiplication.

Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from xdsl.dialects.builtin import BoolAttr, StringAttr
from xdsl.irdl import (
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import Shape, matmul_shape
from ..shaped import ShapedOp
from ..tensor_types import AnyTensor, shape_of
from .configs import DeviceComputeKernelConfigAttr


@irdl_op_definition
class MatmulOp(ShapedOp):
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

    def result_shape(self) -> Shape:
        flags = (bool(self.transpose_a.value.data), bool(self.transpose_b.value.data))
        return matmul_shape(shape_of(self.a), shape_of(self.b), *flags)
