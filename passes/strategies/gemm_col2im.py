"""Strategy gemm-col2im: one matmul of all pixels with all taps, then every product is added where
it lands.

    products[(n, i, j), (kh, kw, o)] = sum over c of in[n, i, j, c] * weight[c, o, kh, kw]
    out[n, y, x, o] = bias[o] + sum of the products with y = i*stride - pad + dilation*kh, x alike

Products that land outside of the output are computed and dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import DenseArrayBase, TensorType, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import build, deconv, ttnn
from ...dialect.geometry.phases import useful_pairs
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.guards import check_static
from ...dialect.tensor_types import element_type_of, shape_of, tensor_type
from .shared.products import build_products
from .shared.weight import check_prepared_shape


@dataclass(frozen=True)
class GemmCol2ImPlan:
    """One product for every pixel, tap and output channel; those that land are added up."""

    geometry: ConvTranspose2dGeometry

    @property
    def landed_products(self) -> int:
        """Products with a place in the output.

        Example: 4x4 pixels, kernel 4, stride 2, pads 1, one channel: 14 * 14 of the 16 * 16.
        """
        geometry = self.geometry
        pairs = useful_pairs(geometry.height) * useful_pairs(geometry.width)
        return geometry.batch * pairs * geometry.out_channels

    @property
    def multiply_adds(self) -> int:
        """What the matmul executes, cropped products included."""
        return self.geometry.multiply_adds

    @property
    def cropped_multiply_adds(self) -> int:
        """What products cost that land outside of the output."""
        return self.multiply_adds - self.landed_products * self.geometry.in_channels_per_group


def plan_gemm_col2im(geometry: ConvTranspose2dGeometry) -> GemmCol2ImPlan:
    """Plan the strategy; it takes every legal op."""
    return GemmCol2ImPlan(geometry)


def _build_col2im(products: SSAValue, geometry: ConvTranspose2dGeometry) -> SSAValue:
    height, width = geometry.height, geometry.width
    lists = {
        "input_size": (height.size, width.size),
        "kernel_size": (height.kernel, width.kernel),
        "stride": (height.stride, width.stride),
        "padding": (height.pad_low, height.pad_high, width.pad_low, width.pad_high),
        "dilation": (height.dilation, width.dilation),
        "output_padding": (height.output_padding, width.output_padding),
    }
    properties: dict[str, Attribute] = {
        name: DenseArrayBase.from_list(i64, values) for name, values in lists.items()
    }
    result_type = TensorType(element_type_of(products), geometry.output_shape)
    return build.create(deconv.Col2ImOp, [products], properties, result_type, "sums")


@dataclass(frozen=True)
class DecomposeConvTranspose2dByGemmCol2Im(RewritePattern):
    """conv_transpose2d -> matmul, col2im, finish."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ConvTranspose2dOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        check_prepared_shape(op)

        geometry = op.geometry()

        with build.rewriting(op, rewriter):
            sums = _build_col2im(build_products(op), geometry)
            finished_type = build.bare_type(op.result, geometry.output_shape)
            finished = build.finish(op, sums, op.bias, finished_type)
            result = build.reshape(finished, shape_of(op.result), "result", tensor_type(op.result))

        rewriter.replace(op, [], [result])
