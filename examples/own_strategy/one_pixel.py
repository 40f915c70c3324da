"""Strategy one-pixel: an image of one pixel becomes the kernel, weighted by its channels.

    out[n, y, x, o] = bias[o] + sum over c of in[n, 0, 0, c] * weight[c, o, y + pad, x + pad]

One matmul makes all outputs in their order; what is left is to crop, or to add zeros around.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import SSAValue

from xdsl_ttnn.dialect import build, ttnn
from xdsl_ttnn.dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from xdsl_ttnn.dialect.geometry.windows import Window, crop_and_pad
from xdsl_ttnn.passes.cost.stages import Stage, Workload, cut_stages, finish_stages
from xdsl_ttnn.passes.strategies.shared.products import (
    build_products,
    cropped_multiply_adds,
    product_stages,
)
from xdsl_ttnn.passes.strategies.strategy import Strategy


@dataclass(frozen=True)
class OnePixelPlan:
    """The part of the kernel that the output shows, along each axis."""

    geometry: ConvTranspose2dGeometry
    height: Window
    width: Window

    @property
    def kernel_shape(self) -> tuple[int, int, int, int]:
        """(N, KH, KW, O), the products in their order."""
        geometry = self.geometry
        kernel = (geometry.height.kernel, geometry.width.kernel)
        return (geometry.batch, *kernel, geometry.out_channels)


def _kept(axis: TransposedAxis) -> Window:
    return crop_and_pad(axis.kernel, -axis.pad_low, axis.output_size + axis.pad_low - axis.kernel)


@dataclass(frozen=True)
class OnePixel(Strategy[OnePixelPlan]):
    """conv_transpose2d -> matmul, reshape, slice_static, pad, finish."""

    name = "one-pixel"
    description = "one matmul, where the image is one pixel"

    def refusal(self, geometry: ConvTranspose2dGeometry) -> str | None:
        axes = (geometry.height, geometry.width)
        got = (*(axis.size for axis in axes), *(axis.dilation for axis in axes), geometry.groups)
        if got == (1, 1, 1, 1, 1):
            return None
        return (
            "expected one pixel, dilation 1 and one group for strategy one-pixel, "
            f"got {got[0]}x{got[1]} pixels, dilation {got[2:4]} and groups {got[4]}"
        )

    def plan(self, geometry: ConvTranspose2dGeometry) -> OnePixelPlan:
        return OnePixelPlan(geometry, _kept(geometry.height), _kept(geometry.width))

    def build(self, op: ttnn.ConvTranspose2dOp, plan: OnePixelPlan) -> SSAValue:
        rows, columns = plan.height, plan.width
        batch, _, _, channels = plan.kernel_shape
        # 1,N,KH*KW*O -> N,KH,KW,O -> cropped -> padded
        landed = build.reshape(build_products(op), plan.kernel_shape, "landed")
        bounds = [(0, batch), (rows.start, rows.stop), (columns.start, columns.stop), (0, channels)]
        cropped = build.slice_static(landed, bounds, "cropped")
        pads = [(0, 0), (rows.pad_low, rows.pad_high), (columns.pad_low, columns.pad_high), (0, 0)]
        placed = build.pad(cropped, pads, "placed")
        finished_type = build.bare_type(op.result, plan.geometry.output_shape)
        return build.finish(op, placed, op.bias, finished_type)

    def stages(self, workload: Workload) -> tuple[Stage, ...]:
        plan = self.plan(workload.geometry)
        windows = (plan.height, plan.width)
        cuts = cut_stages(plan.kernel_shape, windows, workload.sum_bytes)
        return (*product_stages(workload), *cuts, *finish_stages(workload))

    def cropped_multiply_adds(self, geometry: ConvTranspose2dGeometry) -> int:
        return cropped_multiply_adds(geometry)


STRATEGY = OnePixel()
