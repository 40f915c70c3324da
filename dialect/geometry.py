"""The shape mathematics of transposed and plain 2-D convolution, in pure Python.

Everything here works one axis at a time: an axis is one frozen dataclass, so that (height, width)
and (top, bottom, left, right) orders exist only where attributes are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod


@dataclass(frozen=True)
class Window:
    """How to cut the half-open window [-low, size + high) out of an axis: crop first, then pad.

    `start` and `stop` bound the elements that are kept, `pad_low` and `pad_high` count the zeros
    put around them. All four are non-negative.
    """

    start: int
    stop: int
    pad_low: int
    pad_high: int

    @property
    def size(self) -> int:
        return self.pad_low + (self.stop - self.start) + self.pad_high

    def crops(self, size: int) -> bool:
        """Whether any of the `size` elements is dropped."""
        return (self.start, self.stop) != (0, size)

    @property
    def pads(self) -> bool:
        return (self.pad_low, self.pad_high) != (0, 0)


def crop_and_pad(size: int, low: int, high: int) -> Window:
    """Split signed padding amounts into a crop and non-negative pads.

    A negative amount removes elements, even more than the axis holds: what is missing then is
    made up by padding the other side. The size of the result is `size + low + high`.

    Raises: ValueError when that sum is negative.
    Example: crop_and_pad(5, -2, 3) keeps [2, 5) and pads 3 behind it; crop_and_pad(3, -4, 6) keeps
    nothing and pads 5.
    """
    total = size + low + high
    if total < 0:
        raise ValueError(f"window: expected a size of at least 0, got {total}")
    start = min(max(-low, 0), size)
    stop = max(start, min(size + high, size))
    pad_low = min(max(low, 0), total)
    return Window(start, stop, pad_low, total - pad_low - (stop - start))


@dataclass(frozen=True)
class Axis:
    """One spatial axis of a transposed convolution; all sizes in elements.

    Source: ../shared/op.md, that is tt-mlir's ConvTranspose2dOp and PyTorch's ConvTranspose2d.
    """

    size: int
    kernel: int
    stride: int = 1
    pad_low: int = 0
    pad_high: int = 0
    dilation: int = 1
    output_padding: int = 0

    @property
    def kernel_extent(self) -> int:
        """Elements spanned by the dilated kernel: dilation * (kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def dilated_size(self) -> int:
        """Input size after stride - 1 zeros are inserted between neighbours."""
        return (self.size - 1) * self.stride + 1

    @property
    def output_size(self) -> int:
        """(size - 1) * stride - pads + dilation * (kernel - 1) + output_padding + 1.

        Example: size 4, kernel 4, stride 2, pads 1 and 1 give 8.
        """
        return (
            self.dilated_size
            - (self.pad_low + self.pad_high)
            + (self.kernel_extent - 1)
            + self.output_padding
        )

    @property
    def effective_pad_low(self) -> int:
        """Zeros in front of the dilated input; negative: elements cropped."""
        return self.kernel_extent - 1 - self.pad_low

    @property
    def effective_pad_high(self) -> int:
        """Zeros behind the dilated input, output padding included; negative: elements cropped."""
        return self.kernel_extent - 1 - self.pad_high + self.output_padding

    @property
    def window(self) -> Window:
        """The cut of the dilated input that a stride-1 convolution slides over."""
        return crop_and_pad(self.dilated_size, self.effective_pad_low, self.effective_pad_high)


@dataclass(frozen=True)
class ConvTranspose2dGeometry:
    """Shapes of one transposed convolution: NHWC input and output, (C, O/G, KH, KW) weight."""

    batch: int
    in_channels: int
    out_channels: int
    groups: int
    height: Axis
    width: Axis

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height.size, self.width.size, self.in_channels)

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height.output_size, self.width.output_size, self.out_channels)

    @property
    def out_channels_per_group(self) -> int:
        return self.out_channels // self.groups

    @property
    def in_channels_per_group(self) -> int:
        return self.in_channels // self.groups

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        """The raw weight, (C, O/G, KH, KW)."""
        return (
            self.in_channels,
            self.out_channels_per_group,
            self.height.kernel,
            self.width.kernel,
        )

    @property
    def prepared_weight_shape(self) -> tuple[int, int, int, int]:
        """The prepared weight, (1, 1, KH*KW*C/G, O): rows (kh, kw, c) of the convolution kernel."""
        rows = self.height.kernel * self.width.kernel * self.in_channels_per_group
        return (1, 1, rows, self.out_channels)

    @property
    def multiply_adds(self) -> int:
        """N * H * W * C * (O/G) * KH * KW: every input element meets every tap once."""
        return prod(self.input_shape) * prod(self.weight_shape[1:])


def flattened(shape: Sequence[int]) -> tuple[int, int, int, int]:
    """The flattened form (1, 1, N*H*W, C) of an (N, H, W, C) shape.

    Example: flattened((2, 3, 4, 5)) is (1, 1, 24, 5).
    """
    return (1, 1, prod(shape[:-1]), shape[-1])


@dataclass(frozen=True)
class ConvAxis:
    """One spatial axis of a plain convolution or a pooling; all sizes in elements."""

    size: int
    kernel: int
    stride: int = 1
    pad_low: int = 0
    pad_high: int = 0
    dilation: int = 1

    @property
    def kernel_extent(self) -> int:
        """Elements spanned by the dilated kernel: dilation * (kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded_size(self) -> int:
        return self.pad_low + self.size + self.pad_high

    @property
    def output_size(self) -> int:
        """(padded size - dilation * (kernel - 1) - 1) // stride + 1."""
        return (self.padded_size - self.kernel_extent) // self.stride + 1


def with_ceil_mode(axis: ConvAxis) -> ConvAxis:
    """The axis with as much more padding behind it as one more window needs, if there is one.

    There is when elements are left over behind the last whole window and the next one starts
    inside the input or the padding in front of it; `output_size` then counts it.

    Source: PyTorch, pooling_output_shape. Example: size 6, kernel 3, stride 2 gives 2 windows, and
    3 with one more element of padding.
    """
    left_over = (axis.padded_size - axis.kernel_extent) % axis.stride
    start = axis.output_size * axis.stride
    if left_over == 0 or start >= axis.pad_low + axis.size:
        return axis
    return replace(axis, pad_high=axis.pad_high + axis.stride - left_over)


def windows_count_alike(axis: ConvAxis, windows: int, includes_padding: bool) -> bool:
    """Whether all taps of the first windows are inside the input, or inside the padding as well."""
    low, high = _counted(axis, includes_padding)
    return low <= 0 and (windows - 1) * axis.stride + axis.kernel_extent <= high


def _counted(axis: ConvAxis, includes_padding: bool) -> tuple[int, int]:
    """(start, stop) of the elements of a padded axis that count."""
    if includes_padding:
        return (0, axis.padded_size)
    return (axis.pad_low, axis.pad_low + axis.size)


def tap_counts(axis: ConvAxis, windows: int, includes_padding: bool) -> int | tuple[int, ...]:
    """For each of the first windows of an axis, its taps inside the input, or inside the padding
    as well; one number where no window reaches out.

    Example: 3 windows of kernel 2 and stride 2 over size 4 with 1 of padding on both sides count
    1, 2, 1 taps inside the input; with the padding 2 each.
    """
    if windows_count_alike(axis, windows, includes_padding):
        return axis.kernel
    low, high = _counted(axis, includes_padding)
    counts: list[int] = []
    for start in range(0, windows * axis.stride, axis.stride):
        first = max(0, -((start - low) // axis.dilation))
        last = min(axis.kernel - 1, (high - 1 - start) // axis.dilation)
        counts.append(max(0, last - first + 1))
    return tuple(counts)


@dataclass(frozen=True)
class Conv2dGeometry:
    """Shapes of one convolution: NHWC input and output, (O, C/G, KH, KW) weight."""

    batch: int
    in_channels: int
    out_channels: int
    groups: int
    height: ConvAxis
    width: ConvAxis

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height.size, self.width.size, self.in_channels)

    @property
    def padded_shape(self) -> tuple[int, int, int, int]:
        """(N, H, W, C) with the padding around."""
        return (self.batch, self.height.padded_size, self.width.padded_size, self.in_channels)

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height.output_size, self.width.output_size, self.out_channels)

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        return (
            self.out_channels,
            self.in_channels // self.groups,
            self.height.kernel,
            self.width.kernel,
        )

    @property
    def multiply_adds(self) -> int:
        """N * H_out * W_out * O * (C/G) * KH * KW."""
        return prod(self.output_shape) * prod(self.weight_shape[1:])


@dataclass(frozen=True)
class Pool2dGeometry:
    """Shapes of one pooling: NHWC input and output, channel by channel."""

    batch: int
    channels: int
    height: ConvAxis
    width: ConvAxis

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height.size, self.width.size, self.channels)

    @property
    def padded_shape(self) -> tuple[int, int, int, int]:
        """(N, H, W, C) with the padding around."""
        return (self.batch, self.height.padded_size, self.width.padded_size, self.channels)

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height.output_size, self.width.output_size, self.channels)
