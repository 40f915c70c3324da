"""The ops of tt-mlir's `ttnn` dialect that pool pixels and repeat them.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Sequence

from xdsl.dialects.builtin import (
    BoolAttr,
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    Signedness,
    StringAttr,
    TensorType,
    i32,
)
from xdsl.ir import Attribute, Operation
from xdsl.irdl import (
    IRDLOperation,
    base,
    eq,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.plain import (
    ConvAxis,
    Pool2dGeometry,
    tap_counts,
    windows_count_alike,
    with_ceil_mode,
)
from ..tensor_types import shape_of
from .attributes import MemoryConfigAttr, TensorMemoryLayoutAttr
from .tensor import Canonicalizes

SI32 = IntegerAttr.constr(eq(IntegerType(32, Signedness.SIGNED)))
I32Array = DenseArrayBase.constr(i32)
AnyTensor = base(TensorType[Attribute])


def read_pool_padding(values: Sequence[int]) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of the `padding` attribute of a pooling.

    Four numbers are [top, left, bottom, right] here, other than in `ttnn.conv2d`: tt-mlir's
    verifier, conversion and runtime agree on that. This is the one place that knows.
    Raises: ValueError for any other length than 2 or 4.
    """
    if len(values) == 2:
        height, width = values
        return (height, height, width, width)
    if len(values) == 4:
        top, left, bottom, right = values
        return (top, bottom, left, right)
    raise ValueError(f"Padding must have 2 or 4 elements. Received {len(values)} elements.")


def write_pool_padding(height: tuple[int, int], width: tuple[int, int]) -> tuple[int, ...]:
    """What `read_pool_padding` reads, from (low, high) of each axis.

    Example: write_pool_padding((1, 1), (2, 2)) is (1, 2).
    """
    (top, bottom), (left, right) = height, width
    return (top, left) if (top, left) == (bottom, right) else (top, left, bottom, right)


class Pool2dOp(IRDLOperation, ABC):
    """What poolings with a window have in common; both sides are in the flattened form.

    `padding` is [height, width] or [top, left, bottom, right]. With `ceil_mode` a last window may
    reach over the padding, as long as it starts inside the input or the padding in front.
    `memory_config` and `in_place_halo` are of older files.
    """

    input = operand_def(AnyTensor)
    """(1, 1, N*H*W, C)."""
    batch_size = prop_def(SI32)
    input_height = prop_def(SI32)
    input_width = prop_def(SI32)
    channels = prop_def(SI32)
    kernel_size = prop_def(I32Array)
    stride = prop_def(I32Array)
    padding = prop_def(I32Array)
    dilation = prop_def(I32Array)
    applied_shard_scheme = opt_prop_def(base(TensorMemoryLayoutAttr))
    ceil_mode = prop_def(base(BoolAttr))
    reallocate_halo_output = opt_prop_def(base(BoolAttr))
    config_tensors_in_dram = opt_prop_def(base(BoolAttr))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    in_place_halo = opt_prop_def(base(BoolAttr))
    result = result_def(AnyTensor)
    """(1, 1, N*H_out*W_out, C)."""

    traits = traits_def(Pure(), Canonicalizes())

    @property
    def input_sizes(self) -> tuple[int, int, int, int]:
        """(batch, height, width, channels) of the input."""
        return (
            self.batch_size.value.data,
            self.input_height.value.data,
            self.input_width.value.data,
            self.channels.value.data,
        )

    def axes(self) -> tuple[ConvAxis, ConvAxis]:
        """(height, width) as stated, without what `ceil_mode` adds."""
        _, height, width, _ = self.input_sizes
        kernel, stride = self.kernel_size.get_values(), self.stride.get_values()
        dilation = self.dilation.get_values()
        top, bottom, left, right = read_pool_padding(self.padding.get_values())
        return (
            ConvAxis(height, kernel[0], stride[0], top, bottom, dilation[0]),
            ConvAxis(width, kernel[1], stride[1], left, right, dilation[1]),
        )

    def pool_geometry(self) -> Pool2dGeometry:
        """Shapes and amounts, read from the attributes alone."""
        batch, _, _, channels = self.input_sizes
        rows, columns = self.axes()
        if self.ceil_mode.value.data:
            rows, columns = with_ceil_mode(rows), with_ceil_mode(columns)
        return Pool2dGeometry(batch, channels, rows, columns)

    def verify_(self) -> None:
        from .verify_pooling import verify_pool2d

        verify_pool2d(self)


@irdl_op_definition
class MaxPool2dOp(Pool2dOp):
    """The largest element of each window, channel by channel, on the flattened form.

    out[n, y, x, c] = max over taps (kh, kw) inside the input of
    in[n, y*stride - pad_top + dilation*kh, x*stride - pad_left + dilation*kw, c]. A window with no
    tap inside gives the lowest value of the type.

    Source: tt-mlir, TTNN_MaxPool2dOp.
    """

    name = "ttnn.max_pool2d"


@irdl_op_definition
class AvgPool2dOp(Pool2dOp):
    """The average of each window, channel by channel, on the flattened form.

    out[n, y, x, c] = sum over taps (kh, kw) inside the input of
    in[n, y*stride - pad_top + dilation*kh, x*stride - pad_left + dilation*kw, c], divided by the
    number of taps inside the input and its padding, or with `count_include_pad = false` inside the
    input alone. What `ceil_mode` adds counts in neither.

    Source: tt-mlir, TTNN_AvgPool2dOp.
    """

    name = "ttnn.avg_pool2d"

    count_include_pad = prop_def(base(BoolAttr), BoolAttr.from_bool(True))

    def divisors(self) -> tuple[int | tuple[int, ...], int | tuple[int, ...]]:
        """Taps counted in each row and in each column of windows, one number where they are the
        same; a window counts the product.
        """
        height, width = (tap_counts(*windows) for windows in self._windows())
        return (height, width)

    def windows_count_alike(self) -> bool:
        """Whether one number says how many taps each window counts."""
        return all(windows_count_alike(*windows) for windows in self._windows())

    def _windows(self) -> Iterator[tuple[ConvAxis, int, bool]]:
        """For each axis: as stated, how many windows it has, and whether its padding counts."""
        geometry, includes_padding = self.pool_geometry(), bool(self.count_include_pad.value.data)
        for axis, covered in zip(self.axes(), (geometry.height, geometry.width), strict=True):
            yield (axis, covered.output_size, includes_padding)


@irdl_op_definition
class GlobalAvgPool2dOp(IRDLOperation):
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

    def verify_(self) -> None:
        from .verify_pooling import verify_global_avg_pool2d

        verify_global_avg_pool2d(self)


AveragingOp = AvgPool2dOp | GlobalAvgPool2dOp


@irdl_op_definition
class UpsampleOp(IRDLOperation):
    """Every pixel `scale_factor` times along height and width.

    out[n, y, x, c] = in[n, y div scale_h, x div scale_w, c] for mode "nearest", the default.

    Source: tt-mlir, TTNN_UpsampleOp; `memory_config` is of older files.
    """

    name = "ttnn.upsample"

    input = operand_def(AnyTensor)
    """(N, H, W, C)."""
    scale_factor = prop_def(SI32 | I32Array)
    """One factor for both axes, or [height, width]."""
    mode = prop_def(base(StringAttr), StringAttr("nearest"))
    memory_config = opt_prop_def(base(MemoryConfigAttr))
    result = result_def(AnyTensor)
    """(N, H*scale_h, W*scale_w, C)."""

    traits = traits_def(Pure(), Canonicalizes())

    @property
    def scale_factors(self) -> tuple[int, int]:
        """(height, width).

        Raises: ValueError for a list of another length than 2.
        """
        if not isinstance(self.scale_factor, DenseArrayBase):
            factor = self.scale_factor.value.data
            return (factor, factor)
        values = self.scale_factor.get_values()
        if len(values) != 2:
            raise ValueError(
                f"Expected integer or pair of integers, got tuple of size {len(values)}"
            )
        return (values[0], values[1])

    def verify_(self) -> None:
        from .verify_pooling import verify_upsample

        verify_upsample(self)


POOLING_OPS: tuple[type[Operation], ...] = (
    MaxPool2dOp,
    AvgPool2dOp,
    GlobalAvgPool2dOp,
    UpsampleOp,
)
