"""StableHLO's convolutions as transposed ones: the arithmetic, then the IR.

A convolution over an input with zeros between its elements is a transposed convolution. With tap k
of a kernel r of K taps, read at dilation d and with `low` zeros in front:

    result[y] = sum over taps k and inputs i with i*stride = y - low + d*k of input[i] * r[k]

which is `ttnn.conv_transpose2d` with padding d*(K-1) - low, and with the kernel mirrored where r is
the reverse of the weight. `mirror_kernel = true` says that it is; `false`, that r is the weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue

from ...dialect import build
from ...dialect.geometry.plain import Conv2dGeometry, ConvAxis
from ...dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from ...dialect.geometry.windows import Window, crop_and_pad
from ...dialect.stablehlo.convolution import ConvolutionOp
from ...dialect.tensor_types import shape_of, tensor_type
from ..graph.sliding import height_and_width
from .convolutions import AnyTensorType, conv2d, conv_transpose2d, permute_to, permuted_type
from .stablehlo_reading import KernelSource, read_planar, trace_kernel


def plan_axis(
    size: int, kernel: int, stride: int, dilation: int, pads: Sequence[int]
) -> TransposedAxis:
    """The transposed convolution for zeros `pads` (low, high) around the dilated input.

    Neither padding nor output padding is ever negative: zeros behind that no tap would reach are
    output padding. Zeros in front that no tap reaches cannot be said; see `plan_zeros`.
    """
    reach = dilation * (kernel - 1)
    low, high = pads
    pad_low, pad_high = max(reach - low, 0), max(reach - high, 0)
    return TransposedAxis(size, kernel, stride, pad_low, pad_high, dilation, max(high - reach, 0))


def plan_zeros(kernel: int, dilation: int, low: int) -> int:
    """How many results at the front no tap reaches: low - dilation * (kernel - 1), if positive."""
    return max(low - dilation * (kernel - 1), 0)


@dataclass(frozen=True)
class TransposedPlan:
    """A transposed convolution: shapes and amounts, the kernel, and zeros in front."""

    geometry: ConvTranspose2dGeometry
    kernel: KernelSource
    zeros_low: tuple[int, int]

    @property
    def mirror_kernel(self) -> bool:
        return self.kernel.is_reversed

    @property
    def is_zero(self) -> bool:
        """Whether no tap reaches any result."""
        axes = (self.geometry.height, self.geometry.width)
        return any(axis.output_size < 1 for axis in axes)


def plan_transposed(op: ConvolutionOp) -> TransposedPlan:
    """Plan a convolution of known shapes over one or two dimensions, with window strides 1."""
    given = read_planar(op)
    taps, dilations = given.taps, given.rhs_dilations
    height, width = map(plan_axis, given.sizes, taps, given.lhs_dilations, dilations, given.pads)
    top, left = map(plan_zeros, taps, dilations, (low for low, _ in given.pads))
    groups, _ = op.group_counts
    geometry = ConvTranspose2dGeometry(
        given.batch, given.channels, given.outputs, groups, height, width
    )
    return TransposedPlan(geometry, trace_kernel(op), (top, left))


def build_transposed(op: ConvolutionOp, plan: TransposedPlan, device: SSAValue) -> SSAValue:
    """Build the plan; the result has the type of the op's."""
    declared = tensor_type(op.result)
    if plan.is_zero or _is_empty(op):
        return build.zeros(declared)
    operands = [_image(op), _transposed_weight(plan), device]
    result_type = _image_type(op)
    if any(plan.zeros_low):
        result_type = build.bare_type(op.result, plan.geometry.output_shape)
    result = conv_transpose2d(
        plan.geometry, operands, result_type, mirror_kernel=plan.mirror_kernel
    )
    top, left = plan.zeros_low
    padded = build.pad(result, [(0, 0), (top, 0), (left, 0), (0, 0)], "padded")
    return build.typed(_from_image(op, padded), declared)


def _image(op: ConvolutionOp) -> SSAValue:
    """The input as (N, H, W, C); of height 1 where there is one spatial dimension."""
    order = op.dimensions.input_order
    ordered = permute_to(op.lhs, order, permuted_type(tensor_type(op.lhs), order), "image")
    batch, *sizes, channels = shape_of(ordered)
    height, width = height_and_width(sizes, len(sizes), 1, "input")
    return build.reshape(ordered, (batch, height, width, channels), "image")


def _image_type(op: ConvolutionOp) -> AnyTensorType:
    """The type of the result as (N, H, W, C)."""
    ordered = permuted_type(tensor_type(op.result), op.dimensions.output_order)
    batch, *sizes, channels = ordered.get_shape()
    if len(sizes) == 2:
        return ordered
    return TensorType(ordered.element_type, (batch, 1, *sizes, channels))


def _from_image(op: ConvolutionOp, image: SSAValue) -> SSAValue:
    """The result that an image (N, H, W, C) holds, its dimensions where the op has them."""
    declared, order = tensor_type(op.result), op.dimensions.output_order
    ordered = permuted_type(declared, order)
    signal = (
        build.reshape(image, ordered.get_shape(), "signal", ordered)
        if (len(order) < len(shape_of(image)))
        else image
    )
    return permute_to(signal, _inverse(order), declared, "result")


def _transposed_weight(plan: TransposedPlan) -> SSAValue:
    # any order -> C/G,O,[KH,]KW -> C/G,G,O/G,KH,KW -> G,C/G,O/G,KH,KW -> C,O/G,KH,KW
    geometry, kernel = plan.geometry, plan.kernel
    weight = build.permute(kernel.value, kernel.order, "weight")
    if geometry.groups > 1:
        groups, inner = geometry.groups, geometry.in_channels_per_group
        _, outer, *taps = geometry.weight_shape
        weight = build.reshape(weight, (inner, groups, outer, *taps), "grouped_weight")
        weight = build.permute(weight, (1, 0, 2, 3, 4), "regrouped_weight")
    weight = build.reshape(weight, geometry.weight_shape, "weight")
    if plan.mirror_kernel:
        return weight
    return build.flip(weight, sorted(kernel.reversed_axes), "flipped")


@dataclass(frozen=True)
class PlainPlan:
    """A plain convolution of what is left of the input after cropping."""

    geometry: Conv2dGeometry
    rows: Window
    columns: Window

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """(start, stop) of what is kept along each of N, H, W, C."""
        return [
            (0, self.geometry.batch),
            (self.rows.start, self.rows.stop),
            (self.columns.start, self.columns.stop),
            (0, self.geometry.in_channels),
        ]


def plan_plain(op: ConvolutionOp) -> PlainPlan:
    """Plan a convolution of known shapes, none of them empty, without zeros between its inputs."""
    given = read_planar(op)
    windows = [
        crop_and_pad(size, *pair) for size, pair in zip(given.sizes, given.pads, strict=True)
    ]
    height, width = (
        ConvAxis(
            window.stop - window.start, kernel, stride, window.pad_low, window.pad_high, dilation
        )
        for window, kernel, stride, dilation in zip(
            windows, given.taps, given.strides, given.rhs_dilations, strict=True
        )
    )
    groups, _ = op.group_counts
    geometry = Conv2dGeometry(given.batch, given.channels, given.outputs, groups, height, width)
    return PlainPlan(geometry, *windows)


def build_plain(op: ConvolutionOp, device: SSAValue) -> SSAValue:
    """Build `ttnn.conv2d`; a kernel that is read in reverse is flipped."""
    declared = tensor_type(op.result)
    if _is_empty(op):
        return build.zeros(declared)
    plan = plan_plain(op)
    if 0 in plan.geometry.input_shape[1:]:
        return build.zeros(declared)
    kernel = trace_kernel(op)
    inner, outer, *spatial = kernel.order
    weight = build.permute(kernel.value, (outer, inner, *spatial), "weight")
    weight = build.reshape(weight, plan.geometry.weight_shape, "weight")
    weight = build.flip(weight, sorted(kernel.reversed_axes), "flipped")
    cropped = build.slice_static(_image(op), plan.bounds, "cropped")
    result = conv2d(plan.geometry, [cropped, weight, device], _image_type(op))
    return _from_image(op, result)


def _inverse(order: Sequence[int]) -> list[int]:
    return [order.index(index) for index in range(len(order))]


def _is_empty(op: ConvolutionOp) -> bool:
    """Whether there is nothing to sum over, or no result; a batch of 0 is no such case."""
    _, *given = (shape_of(op.lhs)[index] for index in op.dimensions.input_order)
    _, *made = (shape_of(op.result)[index] for index in op.dimensions.output_order)
    return 0 in (*given, *made, *shape_of(op.rhs))
