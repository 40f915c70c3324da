"""The convolutions of tt-mlir's `ttir` dialect: the floor above `ttnn`.

They have no custom syntax: tt-mlir's tools print the generic form. Source: tt-mlir, TTIROps.td.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from xdsl.dialects.builtin import I32, I64, IntegerAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from ..geometry.plain import Conv2dGeometry, ConvAxis
from ..geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from ..tensor_types import shape_of
from .attributes import (
    DimensionOrder,
    FlattenedCompatAttr,
    read_pair,
    read_ttir_padding,
)

AnyTensor = base(TensorType[Attribute])

EMPTY_OPS = ("ttir.empty", "tensor.empty")
"""Ops that make the destination of an op of the older, destination-passing form."""


class Convolution(IRDLOperation, ABC):
    """What both convolutions have in common.

    Older files pass a tensor for the result as the last operand, whose values are not read.
    """

    input = operand_def(AnyTensor)
    """A tensor with its dimensions where `batch_dim` and so on say; by default (N, H, W, C)."""
    weight = operand_def(AnyTensor)
    bias_and_destination = var_operand_def(AnyTensor)
    """The bias, with O values along `channel_dim`, and the destination; both optional."""
    stride = prop_def(AnyAttr())
    padding = prop_def(AnyAttr())
    dilation = prop_def(AnyAttr())
    groups = prop_def(IntegerAttr[I32])
    batch_dim = opt_prop_def(IntegerAttr[I64])
    height_dim = opt_prop_def(IntegerAttr[I64])
    width_dim = opt_prop_def(IntegerAttr[I64])
    channel_dim = opt_prop_def(IntegerAttr[I64])
    flattened_compat_info = opt_prop_def(base(FlattenedCompatAttr))
    result = result_def(AnyTensor)
    """In the order of the input."""

    traits = traits_def(Pure())

    @property
    def order(self) -> DimensionOrder:
        """Where the dimensions of input, bias and result stand."""
        attributes = (self.batch_dim, self.height_dim, self.width_dim, self.channel_dim)
        given = (None if attribute is None else attribute.value.data for attribute in attributes)
        return DimensionOrder(
            *(default if value is None else value for default, value in enumerate(given))
        )

    @property
    def destination(self) -> SSAValue | None:
        """The last operand of the older form.

        With three operands it is told from a bias by its type, which is the result's. Where a bias
        could have that type too, a tensor that nobody filled is the destination: no program reads
        one.
        """
        rest = self.bias_and_destination
        if len(rest) != 1:
            return rest[1] if len(rest) == 2 else None
        (last,) = rest
        if last.type != self.result.type:
            return None
        is_unfilled = isinstance(last.owner, Operation) and last.owner.name in EMPTY_OPS
        return last if is_unfilled or not self._is_bias_shape(shape_of(last)) else None

    @property
    def bias(self) -> SSAValue | None:
        """The bias, if the op has one."""
        rest = self.bias_and_destination
        return rest[0] if rest and rest[0] is not self.destination else None

    def _is_bias_shape(self, shape: Sequence[int]) -> bool:
        channel = self.order.channel
        return len(shape) != 4 or all(
            size == 1 for axis, size in enumerate(shape) if axis != channel
        )

    @abstractmethod
    def geometry(self) -> ConvTranspose2dGeometry | Conv2dGeometry:
        """Shapes and amounts, read from attributes and operand types. Raises: ValueError."""

    @property
    def input_sizes(self) -> tuple[int, int, int]:
        """(batch, height, width) of the input."""
        if self.flattened_compat_info is not None:
            return self.flattened_compat_info.sizes
        shape, order = shape_of(self.input), self.order
        return (shape[order.batch], shape[order.height], shape[order.width])


@irdl_op_definition
class ConvTranspose2dOp(Convolution):
    """A 2-D transposed convolution; the kernel is mirrored, always.

    With all dimensions in the default order: out[n, y, x, o] = bias[o] + sum over taps (kh, kw)
    and channels c of o's group of in[n, i, j, c] * weight[c, o mod O/G, kh, kw], where
    y = i*stride - padding_top + dilation*kh (x alike).

    Source: tt-mlir, TTIR_ConvTranspose2dOp.
    """

    name = "ttir.conv_transpose2d"

    output_padding = prop_def(AnyAttr())

    def geometry(self) -> ConvTranspose2dGeometry:
        """Shapes and amounts, read from attributes and operand types. Raises: ValueError."""
        batch, height, width = self.input_sizes
        shape, kernel = shape_of(self.weight), shape_of(self.weight)[2:]
        groups = self.groups.value.data
        stride, dilation = read_pair(self.stride, "stride"), read_pair(self.dilation, "dilation")
        extra = read_pair(self.output_padding, "output padding")
        top, bottom, left, right = read_ttir_padding(self.padding)
        return ConvTranspose2dGeometry(
            batch,
            shape[0],
            shape[1] * groups,
            groups,
            TransposedAxis(height, kernel[0], stride[0], top, bottom, dilation[0], extra[0]),
            TransposedAxis(width, kernel[1], stride[1], left, right, dilation[1], extra[1]),
        )

    def verify_(self) -> None:
        from .verify import verify_conv_transpose2d

        verify_conv_transpose2d(self)


@irdl_op_definition
class Conv2dOp(Convolution):
    """A 2-D convolution.

    With all dimensions in the default order: out[n, y, x, o] = bias[o] + sum over taps and channels
    c of o's group of in[n, y*stride - padding_top + dilation*kh, ..., c] * weight[o, c mod C/G, kh,
    kw] (x alike).

    Source: tt-mlir, TTIR_Conv2dOp.
    """

    name = "ttir.conv2d"

    def geometry(self) -> Conv2dGeometry:
        """Shapes and amounts, read from attributes and operand types. Raises: ValueError."""
        batch, height, width = self.input_sizes
        shape, kernel = shape_of(self.weight), shape_of(self.weight)[2:]
        groups = self.groups.value.data
        stride, dilation = read_pair(self.stride, "stride"), read_pair(self.dilation, "dilation")
        top, bottom, left, right = read_ttir_padding(self.padding)
        return Conv2dGeometry(
            batch,
            shape[1] * groups,
            shape[0],
            groups,
            ConvAxis(height, kernel[0], stride[0], top, bottom, dilation[0]),
            ConvAxis(width, kernel[1], stride[1], left, right, dilation[1]),
        )

    def verify_(self) -> None:
        from .verify_conv2d import verify_conv2d

        verify_conv2d(self)
