"""Strategy matmul: one matmul and data movement, where no two taps meet in one output.

That is where the dilated kernel is no longer than the stride, on both axes: kernel equal to the
stride, kernels of one tap, kernels with gaps between. Every output is one product or none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from xdsl.ir import SSAValue

from ...dialect import build, ttnn
from ...dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from ...dialect.geometry.windows import Window, crop_and_pad
from ..cost.stages import Stage, Workload, cut_stages, finish_stages
from .shared.numbers import Number, result_numbers
from .shared.products import (
    build_products,
    cropped_multiply_adds,
    product_numbers,
    product_stages,
)
from .strategy import Strategy


def taps_never_meet(geometry: ConvTranspose2dGeometry) -> bool:
    """Whether every output is reached by one tap at most: the domain of the strategy."""
    return all(axis.kernel_extent <= axis.stride for axis in (geometry.height, geometry.width))


@dataclass(frozen=True)
class MatmulPlan:
    """Where the products land, and the part of those places that the result shows."""

    geometry: ConvTranspose2dGeometry
    height: Window
    width: Window

    @property
    def landing_shape(self) -> tuple[int, int, int, int]:
        """(N, H * stride, W * stride, O): every pixel owns stride places on each axis."""
        height, width = self.geometry.height, self.geometry.width
        places = (height.size * height.stride, width.size * width.stride)
        return (self.geometry.batch, *places, self.geometry.out_channels)

    @property
    def multiply_adds(self) -> int:
        """What the matmul executes, products that nobody sees included."""
        return self.geometry.multiply_adds


def _kept(axis: TransposedAxis) -> Window:
    """The part of the size * stride landing places of an axis that the output shows."""
    places = axis.size * axis.stride
    return crop_and_pad(places, -axis.pad_low, axis.output_size + axis.pad_low - places)


def _place(products: SSAValue, plan: MatmulPlan) -> SSAValue:
    """Put every product where it lands: (N, H_out, W_out, O)."""
    geometry = plan.geometry
    height, width = geometry.height, geometry.width
    batch, groups, outer = geometry.batch, geometry.groups, geometry.out_channels_per_group
    # G,N*H*W,KH*KW*O/G -> G,N,H,W,KH,KW,O/G -> N,H,KH,W,KW,G,O/G
    shape = (groups, batch, height.size, width.size, height.kernel, width.kernel, outer)
    split = build.reshape(products, shape, "split_products")
    placed = build.permute(split, (1, 2, 4, 3, 5, 0, 6), "taps_by_row")
    # KH taps -> stride places: dilation - 1 zeros between them, the rest behind.
    dilated = build.dilate_insert(
        placed, (1, 1, height.dilation, 1, width.dilation, 1, 1), "dilated_taps"
    )
    rest = [(0, axis.stride - axis.kernel_extent) for axis in (height, width)]
    none = (0, 0)
    spaced = build.pad(dilated, (none, none, rest[0], none, rest[1], none, none), "spaced_taps")
    whole = build.reshape(spaced, plan.landing_shape, "landed")
    rows, columns = plan.height, plan.width
    crop = [(0, batch), (rows.start, rows.stop), (columns.start, columns.stop)]
    cropped = build.slice_static(whole, [*crop, (0, geometry.out_channels)], "cropped")
    pads = [none, (rows.pad_low, rows.pad_high), (columns.pad_low, columns.pad_high), none]
    return build.pad(cropped, pads, "placed")


@dataclass(frozen=True)
class Matmul(Strategy[MatmulPlan]):
    """conv_transpose2d -> matmul, permute, pad and slice, finish."""

    name = "matmul"
    description = "one matmul and data movement, where no two taps meet in one output"
    rank = 10

    def refusal(self, geometry: ConvTranspose2dGeometry) -> str | None:
        if taps_never_meet(geometry):
            return None
        extents = (geometry.height.kernel_extent, geometry.width.kernel_extent)
        strides = (geometry.height.stride, geometry.width.stride)
        return (
            f"expected a dilated kernel of at most the stride {strides} for strategy matmul, "
            f"got {extents}"
        )

    def plan(self, geometry: ConvTranspose2dGeometry) -> MatmulPlan:
        return MatmulPlan(geometry, _kept(geometry.height), _kept(geometry.width))

    def build(self, op: ttnn.ConvTranspose2dOp, plan: MatmulPlan) -> SSAValue:
        placed = _place(build_products(op), plan)
        finished_type = build.bare_type(op.result, plan.geometry.output_shape)
        return build.finish(op, placed, op.bias, finished_type)

    def stages(self, workload: Workload) -> tuple[Stage, ...]:
        return tuple(self._stages(workload))

    def _stages(self, workload: Workload) -> Iterator[Stage]:
        geometry, size = workload.geometry, workload.sum_bytes
        plan = self.plan(geometry)
        yield from product_stages(workload)
        pixels = prod(geometry.input_shape[:3]) * geometry.out_channels
        axes = (geometry.height, geometry.width)
        products = pixels * prod(axis.kernel for axis in axes) * size
        dilated = pixels * prod(axis.kernel_extent for axis in axes) * size
        places = pixels * prod(axis.stride for axis in axes) * size
        yield Stage("permute", products, products)
        if any(axis.dilation > 1 for axis in axes):
            yield Stage("dilate-insert", products, dilated)
        if places != dilated:
            yield Stage("pad", dilated, places)
        yield from cut_stages(plan.landing_shape, (plan.height, plan.width), size)
        yield from finish_stages(workload)

    def cropped_multiply_adds(self, geometry: ConvTranspose2dGeometry) -> int:
        return cropped_multiply_adds(geometry)

    def numbers(self, workload: Workload) -> Iterator[Number]:
        """The places that products land on, and what is cut out of them."""
        plan = self.plan(workload.geometry)
        yield from product_numbers(workload.geometry)
        yield from (Number(size, "places of an axis") for size in plan.landing_shape[1:3])
        for window in (plan.height, plan.width):
            yield from (Number(pad, "zeros") for pad in (window.pad_low, window.pad_high))
        yield from result_numbers(workload)


STRATEGY = Matmul()
