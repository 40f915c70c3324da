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

from ..dialect import build, ttnn
from ..dialect.guards import check_static, refuse
from ..dialect.remarks import remark
from ..dialect.tensor_types import shape_of, shape_text, tensor_type
from .choose_strategy import choose_strategy, refusal_of_all, refusals, workload_of
from .cost.targets import check_target, load_target
from .limits import DEFAULT_LIMITS, Limits
from .options import DecomposeOptions
from .strategies.registry import AUTO, check_strategy, find
from .strategies.shared.weight import check_prepared_shape, prepared_weight


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


def resolve_strategy(
    op: ttnn.ConvTranspose2dOp, strategy: str, target: str, limits: Limits = DEFAULT_LIMITS
) -> str:
    """The strategy that decomposes an op; auto asks the cost model and says in a remark why.

    Raises: PassFailedException for an op that the strategy, or none of all, takes.
    """
    check_static(op)
    check_prepared_shape(op)
    workload = workload_of(op)
    if strategy != AUTO:
        if (reason := refusals(workload, limits).get(strategy)) is not None:
            refuse(op, reason)
        return strategy
    choice = choose_strategy(workload, load_target(target), limits)
    if choice is None:
        refuse(op, refusal_of_all(workload, limits))
    remark(f"strategy auto: {choice.reason}", op)
    return choice.winner


@dataclass(frozen=True)
class DecomposeConvTranspose2dPass(DecomposeOptions, ModulePass):
    """Rewrite every `ttnn.conv_transpose2d`, and the ops that prepare its operands.

    With `strategy=auto` each op gets the strategy that the cost model finds cheapest on `target`:
    `cpu`, `wormhole` or a TOML file; a remark says why. What TTNN has no op for is an op of the
    `deconv` dialect. Bias, configuration, groups and the fused activation stay with the
    convolution, or become `deconv.finish` behind a matmul.

    A strategy that would make more ops of one convolution than `max-ops`, or a temporary above
    `max-temporary-bytes`, is refused, and left out by auto; both follow from the geometry, before
    anything is changed. With `floor=linalg` what the ops become down there counts as well.

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
      %pixels = "ttnn.reshape"(%x) <{shape = [1 : i32, 20 : i32, 2 : i32]}>
        : (tensor<1x4x5x2xf32>) -> tensor<1x20x2xf32>
      %split_weight = "ttnn.reshape"(%w)
        <{shape = [1 : i32, 2 : i32, 3 : i32, 3 : i32, 3 : i32]}>
        : (tensor<2x3x3x3xf32>) -> tensor<1x2x3x3x3xf32>
      %taps = "ttnn.permute"(%split_weight) <{permutation = array<i64: 0, 1, 3, 4, 2>}>
        : (tensor<1x2x3x3x3xf32>) -> tensor<1x2x3x3x3xf32>
      %taps_matrix = "ttnn.reshape"(%taps) <{shape = [1 : i32, 2 : i32, 27 : i32]}>
        : (tensor<1x2x3x3x3xf32>) -> tensor<1x2x27xf32>
      %products = "ttnn.matmul"(%pixels, %taps_matrix)
        <{transpose_a = false, transpose_b = false}>
        : (tensor<1x20x2xf32>, tensor<1x2x27xf32>) -> tensor<1x20x27xf32>
      %sums = "deconv.col2im"(%products) <{dilation = array<i64: 1, 1>,
        input_size = array<i64: 4, 5>, kernel_size = array<i64: 3, 3>,
        output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0, 1, 1>,
        stride = array<i64: 2, 2>}> : (tensor<1x20x27xf32>) -> tensor<1x9x9x3xf32>
      return %sums : tensor<1x9x9x3xf32>
    }
    ```
    Requires: tensors of known shape. Ensures: no transposed convolution is left.
    Refuses: unknown sizes; weights prepared elsewhere; strategies and targets that do not exist; a
    strategy that does not take an op, or is over a limit; under auto, an op for which all are.
    """

    name = "decompose-conv-transpose2d"

    def __post_init__(self) -> None:
        check_strategy(self.strategy)
        check_target(self.target)
        self.limits()

    def limits(self) -> Limits:
        return Limits(self.max_ops, self.max_temporary_bytes, self.floor)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        convolutions = [inner for inner in op.walk() if isinstance(inner, ttnn.ConvTranspose2dOp)]
        # Prepare ops last: a convolution asks where its weight comes from.
        for convolution in convolutions:
            strategy = resolve_strategy(convolution, self.strategy, self.target, self.limits())
            pattern = find(strategy).pattern
            pattern.match_and_rewrite(convolution, PatternRewriter(convolution))
        for pattern in (DecomposePrepareWeights(), DecomposePrepareBias()):
            PatternRewriteWalker(pattern, apply_recursively=False).rewrite_module(op)
