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
    i32,
)
from xdsl.ir import Operation
from xdsl.irdl import (
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
from ..geometry.shapes import Shape, flattened
from ..shaped import DroppedIfIdentity, ShapedOp
from ..tensor_types import (
    AnyTensor,
    agrees,
    fail,
    shape_of,
    shape_text,
    shapes_agree,
    verify_at_least,
)
from .attributes import TensorMemoryLayoutAttr
from .element_types import verify_pooled_element_types
from .memory import MemoryConfigAttr
from .padding import read_pool_padding

SI32 = IntegerAttr.constr(eq(IntegerType(32, Signedness.SIGNED)))
I32Array = DenseArrayBase.constr(i32)


class Pool2dOp(ShapedOp, ABC):
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

    traits = traits_def(Pure(), DroppedIfIdentity())

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

    def result_shape(self) -> Shape:
        return flattened(self.pool_geometry().output_shape)

    def is_identity(self) -> bool:
        geometry = self.pool_geometry()
        axes = (geometry.height, geometry.width)
        return all(
            (axis.kernel, axis.stride, axis.padded_size) == (1, 1, axis.size) for axis in axes
        )

    def verify_(self) -> None:
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


def verify_pool2d(op: Pool2dOp) -> None:
    """All checks of a pooling with a window, tt-mlir's first and in its order."""
    for name, attribute in _pairs(op).items():
        if len(attribute) != 2:
            fail(op, f"expected 2 values in '{name}', got {len(attribute)}")
    _verify_kernel(op)
    _verify_pool_input(op)
    _verify_ranges(op)
    _verify_pool_result(op)


def _pairs(op: Pool2dOp) -> dict[str, Sequence[int]]:
    return {
        "kernel_size": op.kernel_size.get_values(),
        "stride": op.stride.get_values(),
        "dilation": op.dilation.get_values(),
    }


def _verify_kernel(op: Pool2dOp) -> None:
    try:
        top, bottom, left, right = read_pool_padding(op.padding.get_values())
    except ValueError as error:
        fail(op, str(error))
    _, height, width, _ = op.input_sizes
    kernel = op.kernel_size.get_values()
    axes = (("height", kernel[0], height, top + bottom), ("width", kernel[1], width, left + right))
    for name, taps, size, padding in axes:
        if taps > size + padding:
            fail(
                op,
                f"Kernel {name} {taps} is greater than input {name} {size}. "
                f"This {op.name} configuration is invalid.",
            )


def _verify_pool_input(op: Pool2dOp) -> None:
    shape = shape_of(op.input)
    text = shape_text(shape)
    batch, height, width, channels = op.input_sizes
    if len(shape) != 4:
        fail(
            op,
            f"Input tensor rank must be 4. Received input with rank {len(shape)}. Shape: {text}.",
        )
    if not shapes_agree(shape[:2], (1, 1)):
        fail(op, f"{op.name} input must be in the form (1, 1, N*H*W, C). Received shape {text}.")
    pixels = batch * height * width
    if not agrees(shape[2], pixels):
        fail(
            op,
            f"{op.name} shape {text} at dim -2 must be equal to N*H*W. However the attributes "
            f"given are N={batch}, H={height}, W={width}. "
            f"{batch}*{height}*{width} != {shape[2]}.",
        )
    if not agrees(shape[3], channels):
        fail(
            op,
            f"{op.name} shape {text} at dim -3 must be equal to C. However the attribute given "
            f"is C={channels}. {shape[3]} != {channels}",
        )


def _verify_ranges(op: Pool2dOp) -> None:
    batch, height, width, channels = op.input_sizes
    checks: list[tuple[str, Sequence[int], int]] = [
        *((name, values, 1) for name, values in _pairs(op).items()),
        ("padding", op.padding.get_values(), 0),
        ("batch_size", (batch,), 0),
        ("input_height", (height,), 1),
        ("input_width", (width,), 1),
        ("channels", (channels,), 1),
    ]
    verify_at_least(op, checks)


def _verify_pool_result(op: Pool2dOp) -> None:
    output = op.pool_geometry().output_shape
    if min(output[1:3]) < 1:
        fail(op, f"expected an output size of at least 1, got {shape_text(output[1:3])}")
    expected, got = flattened(output), shape_of(op.result)
    if not shapes_agree(got, expected):
        fail(
            op,
            f"expected a flattened output of shape {shape_text(expected)}, got {shape_text(got)}",
        )
    verify_pooled_element_types(op)


POOLING_OPS: tuple[type[Operation], ...] = (MaxPool2dOp, AvgPool2dOp)
