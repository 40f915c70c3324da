"""Rewrite transposed convolutions into operations that pipelines already know."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from ..dialect import ttnn
from ..dialect.verify_shapes import shape_of, shape_text, tensor_type
from . import build
from .convolution_weight import prepared_weight
from .gemm_col2im import DecomposeConvTranspose2dByGemmCol2Im
from .guards import check_static, refuse
from .plain_matmul import DecomposeConvTranspose2dByMatmul
from .remarks import remark
from .strategies import check_strategy, resolve_strategy
from .sub_pixel import DecomposeConvTranspose2dBySubPixel
from .zero_insert import DecomposeConvTranspose2dByZeroInsert


@dataclass(frozen=True)
class DecomposePrepareWeights(RewritePattern):
    """prepare_conv_transpose2d_weights -> flip, permutes and reshapes."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: ttnn.PrepareConvTranspose2dWeightsOp, rewriter: PatternRewriter, /
    ) -> None:
        check_static(op)
        _check_result_shape(op, op.geometry().prepared_weight_shape)

        with build.rewriting(op, rewriter):
            result = build.typed(prepared_weight(op), tensor_type(op.result))

        rewriter.replace(op, [], [result])


@dataclass(frozen=True)
class DecomposePrepareBias(RewritePattern):
    """prepare_conv_transpose2d_bias -> its operand."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: ttnn.PrepareConvTranspose2dBiasOp, rewriter: PatternRewriter, /
    ) -> None:
        check_static(op)
        _check_result_shape(op, shape_of(op.bias_tensor))

        with build.rewriting(op, rewriter):
            result = build.typed(op.bias_tensor, tensor_type(op.result))

        rewriter.replace(op, [], [result])


def _check_result_shape(
    op: ttnn.PrepareConvTranspose2dWeightsOp | ttnn.PrepareConvTranspose2dBiasOp,
    expected: tuple[int, ...],
) -> None:
    """Refuse to prepare in a layout that only something else knows."""
    got = shape_of(op.result)
    if got != expected:
        refuse(op, f"expected a result of shape {shape_text(expected)}, got {shape_text(got)}")


STRATEGIES: dict[str, RewritePattern] = {
    "zero-insert": DecomposeConvTranspose2dByZeroInsert(),
    "sub-pixel": DecomposeConvTranspose2dBySubPixel(),
    "gemm-col2im": DecomposeConvTranspose2dByGemmCol2Im(),
    "matmul": DecomposeConvTranspose2dByMatmul(),
}


@dataclass(frozen=True)
class DecomposeConvTranspose2dPass(ModulePass):
    """Rewrite every `ttnn.conv_transpose2d`, and the ops that prepare its operands.

    The zero-insert strategy inserts stride - 1 zeros between the elements of the input, pads it
    (or crops, where the effective padding is negative) and convolves it with the flipped,
    channel-swapped kernel. What TTNN has no op for is an op of the `deconv` dialect. Bias,
    configuration, groups and the fused activation stay with the convolution.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x3x3xf32>, %d: !ttnn.device)
        -> tensor<1x9x9x3xf32> {
      %0 = "ttnn.conv_transpose2d"(%x, %w, %d) <{batch_size = 1 : i32,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
        out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1>,
        stride = array<i32: 2, 2>}>
        : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x9x9x3xf32>
      return %0 : tensor<1x9x9x3xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x3x3xf32>, %d: !ttnn.device)
        -> tensor<1x9x9x3xf32> {
      %dilated = deconv.dilate_insert %x strides = [1, 2, 2, 1]
        : tensor<1x4x5x2xf32> -> tensor<1x7x9x2xf32>
      %padded = "ttnn.pad"(%dilated) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>,
        use_multicore = false, value = 0.000000e+00 : f32}>
        : (tensor<1x7x9x2xf32>) -> tensor<1x11x11x2xf32>
      %pixels = "ttnn.reshape"(%padded) <{shape = [1 : i32, 1 : i32, 121 : i32, 2 : i32]}>
        : (tensor<1x11x11x2xf32>) -> tensor<1x1x121x2xf32>
      %flipped = deconv.flip %w dimensions = [2, 3]
        : tensor<2x3x3x3xf32> -> tensor<2x3x3x3xf32>
      %kernel = "ttnn.permute"(%flipped) <{permutation = array<i64: 1, 0, 2, 3>}>
        : (tensor<2x3x3x3xf32>) -> tensor<3x2x3x3xf32>
      %convolved = "ttnn.conv2d"(%pixels, %kernel, %d) <{batch_size = 1 : i32,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 11 : i32, input_width = 11 : i32, kernel_size = array<i32: 3, 3>,
        out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
        : (tensor<1x1x121x2xf32>, tensor<3x2x3x3xf32>, !ttnn.device) -> tensor<1x1x81x3xf32>
      %result = "ttnn.reshape"(%convolved) <{shape = [1 : i32, 9 : i32, 9 : i32, 3 : i32]}>
        : (tensor<1x1x81x3xf32>) -> tensor<1x9x9x3xf32>
      return %result : tensor<1x9x9x3xf32>
    }
    ```
    Requires: tensors of known shape. Ensures: no transposed convolution is left.
    Refuses: unknown sizes; weights prepared elsewhere; strategies that do not exist.
    """

    name = "decompose-conv-transpose2d"

    strategy: str = "auto"

    def __post_init__(self) -> None:
        check_strategy(self.strategy)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        convolutions = [inner for inner in op.walk() if isinstance(inner, ttnn.ConvTranspose2dOp)]
        strategy = resolve_strategy(self.strategy)
        if convolutions and self.strategy == "auto":
            remark(f"strategy auto means {strategy}, the only one there is so far")
        # Prepare ops last: a convolution asks where its weight comes from.
        for convolution in convolutions:
            STRATEGIES[strategy].match_and_rewrite(convolution, PatternRewriter(convolution))
        for pattern in (DecomposePrepareWeights(), DecomposePrepareBias()):
            PatternRewriteWalker(pattern, apply_recursively=False).rewrite_module(op)
