"""What a `stablehlo.convolution` says of height and width, and where the taps of its kernel are.

One over one spatial dimension is one over images of height 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from ...dialect import stablehlo
from ...dialect.stablehlo.convolution import ConvolutionOp
from ...dialect.tensor_types import shape_of
from ..graph.sliding import height_and_width

HEIGHT, WIDTH = 2, 3
"""Where the spatial dimensions stand in a weight."""

PLANAR = (1, 2)
"""Numbers of spatial dimensions that `ttnn` has convolutions for, or can have."""


@dataclass(frozen=True)
class Planar:
    """What a convolution says of (height, width); over one dimension that is the width."""

    batch: int
    sizes: tuple[int, int]
    channels: int
    outputs: int
    taps: tuple[int, int]
    strides: tuple[int, int]
    pads: tuple[tuple[int, int], tuple[int, int]]
    lhs_dilations: tuple[int, int]
    rhs_dilations: tuple[int, int]


def read_planar(op: ConvolutionOp) -> Planar:
    """Read a convolution of known shapes over one or two spatial dimensions."""
    batch, *sizes, channels = (shape_of(op.lhs)[index] for index in op.dimensions.input_order)
    _, outputs, *taps = (shape_of(op.rhs)[index] for index in op.dimensions.kernel_order)
    rank = op.dimensions.spatial_rank
    return Planar(
        batch,
        height_and_width(sizes, rank, 1, "input"),
        channels,
        outputs,
        height_and_width(taps, rank, 1, "kernel"),
        height_and_width(op.strides, rank, 1, "window_strides"),
        height_and_width(op.pads, rank, (0, 0), "padding"),
        height_and_width(op.lhs_dilations, rank, 1, "lhs_dilation"),
        height_and_width(op.rhs_dilations, rank, 1, "rhs_dilation"),
    )


@dataclass(frozen=True)
class KernelSource:
    """Where the taps of a kernel come from, in front of transposes and reverses."""

    value: SSAValue
    order: tuple[int, ...]
    """Where (input feature, output feature, spatial dimensions) stand in `value`."""

    reversed_axes: frozenset[int]
    """HEIGHT and WIDTH, as far as the kernel has them reversed in respect of `value`."""

    @property
    def is_reversed(self) -> bool:
        """Whether along every spatial dimension; one tap of height is its own reverse."""
        return self.reversed_axes == spatial_axes(len(self.order) - 2)


def spatial_axes(rank: int) -> frozenset[int]:
    """WIDTH of one spatial dimension, HEIGHT and WIDTH of two."""
    return frozenset((HEIGHT, WIDTH)[-rank:])


def trace_kernel(op: ConvolutionOp) -> KernelSource:
    """Look through transposes, and through reverses of exactly the spatial dimensions."""
    value, order = op.rhs, op.dimensions.kernel_order
    axes = spatial_axes(op.dimensions.spatial_rank)
    flags = zip(sorted(axes), op.reversals, strict=True)
    reversed_axes = {axis for axis, is_reversed in flags if is_reversed}
    while True:
        match value.owner:
            case stablehlo.TransposeOp() as transpose:
                permutation = transpose.permutation.get_values()
                order = tuple(permutation[index] for index in order)
                value = transpose.operand
            case stablehlo.ReverseOp() as reverse if _reverses_exactly(reverse, order[2:]):
                reversed_axes ^= axes
                value = reverse.operand
            case _:
                return KernelSource(value, order, frozenset(reversed_axes))


def _reverses_exactly(op: stablehlo.ReverseOp, dimensions: Sequence[int]) -> bool:
    return set(op.dimensions.get_values()) == set(dimensions)
