"""The ops of tt-mlir's `ttir` dialect that pool pixels and repeat them.

They have no custom syntax. Source: tt-mlir, TTIROps.td.
"""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import BoolAttr, IntegerAttr, IntegerType, Signedness, StringAttr
from xdsl.irdl import AnyAttr, base, irdl_op_definition, opt_prop_def, prop_def
from xdsl.utils.hints import isa

from ..geometry.plain import ConvAxis, Pool2dGeometry, with_ceil_mode
from ..geometry.shapes import UNKNOWN, flattened, upsample_shape
from ..tensor_types import shape_of
from .attributes import FlattenedCompatAttr, read_pair, read_ttir_padding
from .tensor import Shape, TensorOp

SI32 = IntegerType(32, Signedness.SIGNED)


class Pool2dOp(TensorOp, ABC):
    """What poolings with a window have in common; tensors are (N, H, W, C), or flattened.

    `ceil_mode` lets a last window reach over the padding, if it starts inside the input or the
    padding in front.
    """

    kernel = prop_def(AnyAttr())
    stride = prop_def(AnyAttr())
    dilation = prop_def(AnyAttr())
    padding = prop_def(AnyAttr())
    ceil_mode = prop_def(base(BoolAttr))
    flattened_compat_info = opt_prop_def(base(FlattenedCompatAttr))

    def axes(self) -> tuple[ConvAxis, ConvAxis]:
        """(height, width) as stated, without what `ceil_mode` adds. Raises: ValueError."""
        kernel, stride = read_pair(self.kernel, "kernel"), read_pair(self.stride, "stride")
        dilation = read_pair(self.dilation, "dilation")
        top, bottom, left, right = read_ttir_padding(self.padding)
        for name, values, least in (
            ("kernel size", kernel, 1),
            ("stride", stride, 1),
            ("dilation", dilation, 1),
            ("padding", (top, bottom, left, right), 0),
        ):
            if min(values) < least:
                raise ValueError(f"{name} attribute values must be {'>' if least else '>='} 0")
        _, height, width, _ = self.input_shape()
        return (
            ConvAxis(height, kernel[0], stride[0], top, bottom, dilation[0]),
            ConvAxis(width, kernel[1], stride[1], left, right, dilation[1]),
        )

    def input_shape(self) -> tuple[int, int, int, int]:
        """(N, H, W, C) of the input. Raises: ValueError for another rank."""
        shape = shape_of(self.inputs[0])
        if len(shape) != 4:
            raise ValueError("Input must be a 4D tensor")
        if self.flattened_compat_info is None:
            batch, height, width, channels = shape
            return (batch, height, width, channels)
        full = (*self.flattened_compat_info.sizes, shape[3])
        if shape != flattened(full):
            raise ValueError(f"expected a flattened input of shape {flattened(full)}, got {shape}")
        return full

    def geometry(self) -> Pool2dGeometry:
        """Shapes and amounts. Raises: ValueError for a window that does not fit."""
        rows, columns = self.axes()
        extents = (rows.kernel_extent, columns.kernel_extent)
        padded = (rows.padded_size, columns.padded_size)
        if UNKNOWN not in (rows.size, columns.size) and (
            padded[0] < extents[0] or padded[1] < extents[1]
        ):
            raise ValueError(
                f"effective kernel size ({extents[0]}, {extents[1]}) cannot be greater than the "
                f"padded input size per channel ({padded[0]}, {padded[1]})"
            )
        if self.ceil_mode.value.data:
            rows, columns = with_ceil_mode(rows), with_ceil_mode(columns)
        batch, _, _, channels = self.input_shape()
        return Pool2dGeometry(batch, channels, rows, columns)

    def result_shape(self) -> Shape:
        geometry = self.geometry()
        batch, height, width, channels = geometry.output_shape
        if self.flattened_compat_info is not None:
            return flattened(geometry.output_shape)
        height = UNKNOWN if geometry.height.size == UNKNOWN else height
        width = UNKNOWN if geometry.width.size == UNKNOWN else width
        return (batch, height, width, channels)


@irdl_op_definition
class MaxPool2dOp(Pool2dOp):
    """The largest element of each window, channel by channel."""

    name = "ttir.max_pool2d"


@irdl_op_definition
class AvgPool2dOp(Pool2dOp):
    """The average of each window, channel by channel, of padding too unless that is excluded."""

    name = "ttir.avg_pool2d"

    count_include_pad = prop_def(base(BoolAttr), BoolAttr.from_bool(True))


@irdl_op_definition
class GlobalAvgPool2dOp(TensorOp):
    """The average of each channel: (N, H, W, C) becomes (N, 1, 1, C)."""

    name = "ttir.global_avg_pool2d"

    def result_shape(self) -> Shape:
        shape = shape_of(self.inputs[0])
        if len(shape) != 4:
            raise ValueError("input tensor must be a 4D tensor")
        return (shape[0], 1, 1, shape[3])


@irdl_op_definition
class Upsample2dOp(TensorOp):
    """Every pixel `scale_factor` times along height and width: a number, or (height, width)."""

    name = "ttir.upsample2d"

    scale_factor = prop_def(AnyAttr())
    mode = prop_def(base(StringAttr), StringAttr("nearest"))

    def scale_factors(self) -> tuple[int, int]:
        """(height, width). Raises: ValueError."""
        factor = self.scale_factor
        if isa(factor, IntegerAttr[IntegerType]) and factor.type == SI32:
            return (factor.value.data, factor.value.data)
        return read_pair(factor, "scale_factor")

    def result_shape(self) -> Shape:
        if self.mode.data not in ("nearest", "bilinear"):
            raise ValueError(f'Expected modes are (nearest, bilinear), got "{self.mode.data}"')
        shape = shape_of(self.inputs[0])
        if len(shape) != 4:
            raise ValueError(f"Expected rank of input tensor is 4, got rank {len(shape)}")
        return upsample_shape(shape, self.scale_factors())


POOLING_OPS: tuple[type[TensorOp], ...] = (
    MaxPool2dOp,
    AvgPool2dOp,
    GlobalAvgPool2dOp,
    Upsample2dOp,
)
