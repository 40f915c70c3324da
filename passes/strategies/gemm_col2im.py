"""Strategy gemm-col2im: one matmul of all pixels with all taps, then every product is added where
it lands.

    products[(n, i, j), (kh, kw, o)] = sum over c of in[n, i, j, c] * weight[c, o, kh, kw]
    out[n, y, x, o] = bias[o] + sum of the products with y = i*stride - pad + dilation*kh, x alike

Products that land outside of the output are computed and dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue

from ...dialect import build, deconv, ttnn
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.tensor_types import element_type_of
from ..cost.stages import Stage, Workload, finish_stages
from ..op_counts import FEW_OPS, count_col2im_ops, count_tap_pairs
from .shared.numbers import Number, result_numbers
from .shared.products import (
    build_products,
    cropped_multiply_adds,
    landed_products,
    product_numbers,
    product_stages,
)
from .strategy import Strategy


@dataclass(frozen=True)
class GemmCol2ImPlan:
    """One product for every pixel, tap and output channel; those that land are added up."""

    geometry: ConvTranspose2dGeometry

    @property
    def multiply_adds(self) -> int:
        """What the matmul executes, cropped products included."""
        return self.geometry.multiply_adds


def _build_col2im(products: SSAValue, geometry: ConvTranspose2dGeometry) -> SSAValue:
    result_type = TensorType(element_type_of(products), geometry.output_shape)
    op = deconv.Col2ImOp.from_axes(products, geometry.height, geometry.width, result_type)
    return build.named(op, "sums")


@dataclass(frozen=True)
class GemmCol2Im(Strategy[GemmCol2ImPlan]):
    """conv_transpose2d -> matmul, col2im, finish."""

    name = "gemm-col2im"
    description = "one matmul of all pixels with all taps, and every product added where it lands"
    rank = 30

    def plan(self, geometry: ConvTranspose2dGeometry) -> GemmCol2ImPlan:
        return GemmCol2ImPlan(geometry)

    def build(self, op: ttnn.ConvTranspose2dOp, plan: GemmCol2ImPlan) -> SSAValue:
        sums = _build_col2im(build_products(op), plan.geometry)
        finished_type = build.bare_type(op.result, plan.geometry.output_shape)
        return build.finish(op, sums, op.bias, finished_type)

    def stages(self, workload: Workload) -> tuple[Stage, ...]:
        geometry, size = workload.geometry, workload.sum_bytes
        landed, outputs = landed_products(geometry), prod(geometry.output_shape)
        col2im = Stage("col2im", landed * size, outputs * size)
        return (*product_stages(workload), col2im, *finish_stages(workload))

    def cropped_multiply_adds(self, geometry: ConvTranspose2dGeometry) -> int:
        return cropped_multiply_adds(geometry)

    def op_count(self, workload: Workload, floor: str, at_most: int) -> int:
        if floor == "decomposed":
            return FEW_OPS
        return FEW_OPS + count_col2im_ops(workload.geometry.height, workload.geometry.width)

    def what_makes_many(self, geometry: ConvTranspose2dGeometry) -> str:
        return f"{count_tap_pairs(geometry.height, geometry.width)} taps"

    def numbers(self, workload: Workload) -> Iterator[Number]:
        yield from product_numbers(workload.geometry)
        yield from result_numbers(workload)


STRATEGY = GemmCol2Im()
