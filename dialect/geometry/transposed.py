"""The axes and shapes of transposed 2-D convolutions."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from .windows import Window, crop_and_pad, dilated_extent


@dataclass(frozen=True)
class TransposedAxis:
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
        """Elements spanned by the dilated kernel."""
        return dilated_extent(self.kernel, self.dilation)

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
    height: TransposedAxis
    width: TransposedAxis

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
