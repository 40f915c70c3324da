"""Strategy zero-insert: one stride-1 convolution over the input with zeros between its elements.

    dilated[n, i*stride, j*stride, c] = in[n, i, j, c]
    out = conv2d(pad(dilated, dilation*(k-1) - padding), kernel flipped and channel-swapped)

The high side is padded by output_padding more; a negative amount crops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from xdsl.ir import SSAValue

from ...dialect import build, ttnn
from ...dialect.geometry.shapes import flattened
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.geometry.windows import Window
from ..cost.stages import Contraction, Stage, Workload, contraction_stage, cut_stages
from .shared.convolution import ConvolutionPiece, build_conv2d
from .shared.numbers import Number
from .shared.weight import convolution_weight
from .strategy import Strategy


@dataclass(frozen=True)
class ZeroInsertPlan:
    """What happens to the input: dilate by `strides`, then crop and pad each spatial axis."""

    geometry: ConvTranspose2dGeometry
    strides: tuple[int, int, int, int]
    height: Window
    width: Window

    @property
    def crop(self) -> list[tuple[int, int]]:
        """(start, stop) of the dilated input along each of N, H, W, C."""
        return [
            (0, self.geometry.batch),
            (self.height.start, self.height.stop),
            (self.width.start, self.width.stop),
            (0, self.geometry.in_channels),
        ]

    @property
    def pads(self) -> list[tuple[int, int]]:
        """(low, high) zeros along each of N, H, W, C."""
        return [
            (0, 0),
            (self.height.pad_low, self.height.pad_high),
            (self.width.pad_low, self.width.pad_high),
            (0, 0),
        ]

    @property
    def padded_shape(self) -> tuple[int, int, int, int]:
        """(N, H, W, C) of what the convolution slides over."""
        geometry = self.geometry
        return (geometry.batch, self.height.size, self.width.size, geometry.in_channels)

    @property
    def dilation(self) -> tuple[int, int]:
        """(height, width) dilation of the convolution."""
        return (self.geometry.height.dilation, self.geometry.width.dilation)

    @property
    def multiply_adds(self) -> int:
        """What the convolution executes, inserted zeros included."""
        kernel = self.geometry.height.kernel * self.geometry.width.kernel
        batch, height, width, channels = self.geometry.output_shape
        return batch * height * width * channels * self.geometry.in_channels_per_group * kernel


def _build_input(value: SSAValue, plan: ZeroInsertPlan) -> SSAValue:
    # N,H,W,C or 1,1,N*H*W,C -> N,H,W,C -> dilated -> cropped -> padded -> 1,1,N*H'*W',C
    image = build.reshape(value, plan.geometry.input_shape, "image")
    dilated = build.dilate_insert(image, plan.strides, "dilated")
    cropped = build.slice_static(dilated, plan.crop, "cropped")
    padded = build.pad(cropped, plan.pads, "padded")
    return build.reshape(padded, flattened(plan.padded_shape), "pixels")


@dataclass(frozen=True)
class ZeroInsert(Strategy[ZeroInsertPlan]):
    """conv_transpose2d -> dilate_insert, slice_static, pad, conv2d, with reshapes around."""

    name = "zero-insert"
    description = "one stride-1 convolution over the input with zeros between its elements"
    rank = 40

    def plan(self, geometry: ConvTranspose2dGeometry) -> ZeroInsertPlan:
        strides = (1, geometry.height.stride, geometry.width.stride, 1)
        return ZeroInsertPlan(geometry, strides, geometry.height.window, geometry.width.window)

    def build(self, op: ttnn.ConvTranspose2dOp, plan: ZeroInsertPlan) -> SSAValue:
        pixels = _build_input(op.input, plan)
        piece = ConvolutionPiece(plan.padded_shape, plan.geometry.output_shape, plan.dilation)
        return build_conv2d(op, piece, pixels, convolution_weight(op), op.bias)

    def stages(self, workload: Workload) -> tuple[Stage, ...]:
        return tuple(self._stages(workload))

    def _stages(self, workload: Workload) -> Iterator[Stage]:
        geometry, size = workload.geometry, workload.element_bytes
        plan = self.plan(geometry)
        height, width = geometry.height, geometry.width
        dilated = (geometry.batch, height.dilated_size, width.dilated_size, geometry.in_channels)
        if set(plan.strides) != {1}:
            yield Stage("dilate-insert", prod(geometry.input_shape) * size, prod(dilated) * size)
        yield from cut_stages(dilated, (plan.height, plan.width), size)
        contraction = Contraction(
            geometry.groups,
            prod(geometry.output_shape[:3]),
            geometry.out_channels_per_group,
            height.kernel * width.kernel * geometry.in_channels_per_group,
            runs=geometry.batch * height.output_size,
        )
        yield contraction_stage(contraction, prod(plan.padded_shape), workload, size)

    def numbers(self, workload: Workload) -> Iterator[Number]:
        """The sizes of the cropped and padded input, which are at least those of the output."""
        plan, geometry = self.plan(workload.geometry), workload.geometry
        windows = ((plan.height, geometry.height), (plan.width, geometry.width))
        if any(window.crops(axis.dilated_size) for window, axis in windows):
            yield from (Number(window.stop, "inputs and zeros of an axis") for window, _ in windows)
        yield from (Number(window.size, "padded inputs of an axis") for window, _ in windows)
        yield Number(prod(plan.padded_shape[:3]), "padded pixels")


STRATEGY = ZeroInsert()
