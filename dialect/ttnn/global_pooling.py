"""The average of a whole image: a pooling whose one window is all of it."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    Signedness,
    i32,
)
from xdsl.irdl import (
    base,
    eq,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.plain import (
    ConvAxis,
    Pool2dGeometry,
)
from ..geometry.shapes import Shape
from ..shaped import ShapedOp, verify_result_shape
from ..tensor_types import (
    AnyTensor,
    fail,
    shape_of,
)
from .element_types import verify_pooled_element_types
from .memory import MemoryConfigAttr
from .pooling import AvgPool2dOp

SI32 = IntegerAttr.constr(eq(IntegerType(32, Signedness.SIGNED)))
I32Array = DenseArrayBase.constr(i32)


@irdl_op_definition
class GlobalAvgPool2dOp(ShapedOp):
    """The average of each channel: out[n, 0, 0, c] = sum of in[n, y, x, c], divided by H*W.

    Source: tt-mlir, TTNN_GlobalAvgPool2dOp; `dtype` and `memory_config` are of older files.
    """

    name = "ttnn.global_avg_pool2d"

    input = operand_def(AnyTensor)
    """(N, H, W, C)."""
    dtype = opt_prop_def()
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)
    """(N, 1, 1, C)."""

    traits = traits_def(Pure())

    def pool_geometry(self) -> Pool2dGeometry:
        """The op as one window, of an input of known shape."""
        batch, height, width, channels = shape_of(self.input)
        return Pool2dGeometry(batch, channels, ConvAxis(height, height), ConvAxis(width, width))

    def divisors(self) -> tuple[int | tuple[int, ...], int | tuple[int, ...]]:
        """Taps counted in the one row and the one column of windows."""
        _, height, width, _ = shape_of(self.input)
        return (height, width)

    def windows_count_alike(self) -> bool:
        """Whether one number says how many taps each window counts: there is one window."""
        return True

    def result_shape(self) -> Shape:
        batch, _, _, channels = shape_of(self.input)
        return (batch, 1, 1, channels)

    def verify_(self) -> None:
        verify_global_avg_pool2d(self)


AveragingOp = AvgPool2dOp | GlobalAvgPool2dOp


def verify_global_avg_pool2d(op: GlobalAvgPool2dOp) -> None:
    """tt-mlir's check of the rank; the shape of the result."""
    if len(shape_of(op.input)) != 4:
        fail(op, "input tensor must be a 4D tensor")
    verify_result_shape(op)
    verify_pooled_element_types(op)
