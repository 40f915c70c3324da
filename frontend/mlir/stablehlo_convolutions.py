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

from xdsl.ir import SSAValue

from ...dialect import stablehlo
from ...dialect.geometry import (
    Axis,
    Conv2dGeometry,
    ConvAxis,
    ConvTranspose2dGeometry,
    Window,
    crop_and_pad,
)
from ...dialect.stablehlo_convolution import ConvolutionOp
from ...dialect.verify_shapes import shape_of, tensor_type
from ...passes import build
from .convolutions import conv2d, conv_transpose2d, permute_to, permuted_type

HEIGHT, WIDTH = 2, 3
"""Where the spatial dimensions stand in a weight."""


def plan_axis(size: int, kernel: int, stride: int, dilation: int, pads: Sequence[int]) -> Axis:
    """The transposed convolution for zeros `pads` (low, high) around the dilated input.

    Neither padding nor output padding is ever negative: zeros behind that no tap would reach are
    output padding. Zeros in front that no tap reaches cannot be said; see `plan_zeros`.
    """
    reach = dilation * (kernel - 1)
    low, high = pads
    pad_low, pad_high = max(reach - low, 0), max(reach - high, 0)
    return Axis(size, kernel, stride, pad_low, pad_high, dilation, max(high - reach, 0))


def plan_zeros(kernel: int, dilation: int, low: int) -> int:
    """How many results at the front no tap reaches: low - dilation * (kernel - 1), if positive."""
    return max(low - dilation * (kernel - 1), 0)


@dataclass(frozen=True)
class KernelSource:
    """Where the taps of a kernel come from, in front of transposes and reverses."""

    value: SSAValue
    order: tuple[int, ...]
    """Where (input feature, output feature, height, width) stand in `value`."""

    reversed_axes: frozenset[int]
    """HEIGHT and WIDTH, as far as the kernel has them reversed in respect of `value`."""


def trace_kernel(op: ConvolutionOp) -> KernelSource:
    """Look through transposes, and through reverses of exactly the spatial dimensions."""
    value, order = op.rhs, op.dimensions.kernel_order
    flags = zip((HEIGHT, WIDTH), op.reversals, strict=True)
    reversed_axes = {axis for axis, is_reversed in flags if is_reversed}
    while True:
        match value.owner:
            case stablehlo.TransposeOp() as transpose:
                permutation = transpose.permutation.get_values()
                order = tuple(permutation[index] for index in order)
                value = transpose.operand
            case stablehlo.ReverseOp() as reverse if _reverses_exactly(reverse, order[HEIGHT:]):
                reversed_axes ^= {HEIGHT, WIDTH}
                value = reverse.operand
            case _:
                return KernelSource(value, order, frozenset(reversed_axes))


def _reverses_exactly(op: stablehlo.ReverseOp, dimensions: Sequence[int]) -> bool:
    return set(op.dimensions.get_values()) == set(dimensions)


@dataclass(frozen=True)
class TransposedPlan:
    """A transposed convolution: shapes and amounts, the kernel, and zeros in front."""

    geometry: ConvTranspose2dGeometry
    kernel: KernelSource
    zeros_low: tuple[int, int]

    @property
    def mirror_kernel(self) -> bool:
        return self.kernel.reversed_axes == frozenset((HEIGHT, WIDTH))

    @property
    def is_zero(self) -> bool:
        """Whether no tap reaches any result."""
        axes = (self.geometry.height, self.geometry.width)
        return any(axis.output_size < 1 for axis in axes)


def plan_transposed(op: ConvolutionOp) -> TransposedPlan:
    """Plan a convolution of known shapes over two spatial dimensions, with window strides 1."""
    batch, *sizes, channels = (shape_of(op.lhs)[index] for index in op.dimensions.input_order)
    _, outputs, *taps = (shape_of(op.rhs)[index] for index in op.dimensions.kernel_order)
    groups, _ = op.group_counts
    dilations = op.rhs_dilations
    height, width = map(plan_axis, sizes, taps, op.lhs_dilations, dilations, op.pads)
    top, left = map(plan_zeros, taps, dilations, (low for low, _ in op.pads))
    geometry = ConvTranspose2dGeometry(batch, channels, outputs, groups, height, width)
    return TransposedPlan(geometry, trace_kernel(op), (top, left))


def build_transposed(op: ConvolutionOp, plan: TransposedPlan, device: SSAValue) -> SSAValue:
    """Build the plan; the result has the type of the op's."""
    declared = tensor_type(op.result)
    if plan.is_zero or _is_empty(op):
        return build.zeros(declared)
    order = op.dimensions.output_order
    operands = [_image(op), _transposed_weight(plan), device]
    result_type = permuted_type(declared, order)
    if any(plan.zeros_low):
        result_type = build.bare_type(op.result, plan.geometry.output_shape)
    result = conv_transpose2d(
        plan.geometry, operands, result_type, mirror_kernel=plan.mirror_kernel
    )
    top, left = plan.zeros_low
    padded = build.pad(result, [(0, 0), (top, 0), (left, 0), (0, 0)], "padded")
    return build.typed(permute_to(padded, _inverse(order), declared, "result"), declared)


def _image(op: ConvolutionOp) -> SSAValue:
    order = op.dimensions.input_order
    return permute_to(op.lhs, order, permuted_type(tensor_type(op.lhs), order), "image")


def _transposed_weight(plan: TransposedPlan) -> SSAValue:
    # any order -> C/G,O,KH,KW -> C/G,G,O/G,KH,KW -> G,C/G,O/G,KH,KW -> C,O/G,KH,KW
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
    batch, *sizes, channels = (shape_of(op.lhs)[index] for index in op.dimensions.input_order)
    _, outputs, *taps = (shape_of(op.rhs)[index] for index in op.dimensions.kernel_order)
    windows = [crop_and_pad(size, *pair) for size, pair in zip(sizes, op.pads, strict=True)]
    height, width = (
        ConvAxis(
            window.stop - window.start, kernel, stride, window.pad_low, window.pad_high, dilation
        )
        for window, kernel, stride, dilation in zip(
            windows, taps, op.strides, op.rhs_dilations, strict=True
        )
    )
    geometry = Conv2dGeometry(batch, channels, outputs, op.group_counts[0], height, width)
    return PlainPlan(geometry, *windows)


def build_plain(op: ConvolutionOp, device: SSAValue) -> SSAValue:
    """Build `ttnn.conv2d`; a kernel that is read in reverse is flipped."""
    declared = tensor_type(op.result)
    if _is_empty(op):
        return build.zeros(declared)
    plan = plan_plain(op)
    if 0 in plan.geometry.input_shape[1:]:
        return build.zeros(declared)
    order = op.dimensions.output_order
    kernel = trace_kernel(op)
    inner, outer, *spatial = kernel.order
    weight = build.permute(kernel.value, (outer, inner, *spatial), "weight")
    weight = build.flip(weight, sorted(kernel.reversed_axes), "flipped")
    cropped = build.slice_static(_image(op), plan.bounds, "cropped")
    result = conv2d(plan.geometry, [cropped, weight, device], permuted_type(declared, order))
    return permute_to(result, _inverse(order), declared, "result")


def _inverse(order: Sequence[int]) -> list[int]:
    return [order.index(index) for index in range(len(order))]


def _is_empty(op: ConvolutionOp) -> bool:
    """Whether there is nothing to sum over, or no result; a batch of 0 is no such case."""
    _, *given = (shape_of(op.lhs)[index] for index in op.dimensions.input_order)
    _, *made = (shape_of(op.result)[index] for index in op.dimensions.output_order)
    return 0 in (*given, *made, *shape_of(op.rhs))
