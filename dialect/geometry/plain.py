"""The axes and shapes of plain 2-D convolutions and poolings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from .windows import dilated_extent


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
        """Elements spanned by the dilated kernel."""
        return dilated_extent(self.kernel, self.dilation)

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
