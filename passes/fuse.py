"""Fold what stands around a convolution into it."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import DictionaryAttr, ModuleOp, TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import InsertPoint

from ..dialect import build, ttnn
from ..dialect.numerics import accumulator_of
from ..dialect.shaped import DropIdentity
from ..dialect.tensor_types import shape_of
from ..dialect.ttnn.movement import MergePermutes, MergeReshapes
from .activations import activation_field
from .collection import paused_collection
from .fusable import (
    Convolution,
    activates_alike,
    adds_up_alike,
    convolution_before,
    has_prepared_operands,
    is_bias_of,
    ops_to_move,
)
from .options import FuseOptions


def _bias_sum(convolution: Convolution, added: SSAValue) -> SSAValue:
    """What becomes the bias: `added`, on top of the bias there is."""
    if convolution.bias is None:
        return added
    type_ = TensorType(accumulator_of(convolution), shape_of(added))
    return build.create(ttnn.AddOp, [convolution.bias, added], {}, type_, "bias")


def _with_result_of(
    convolution: Convolution,
    bias: SSAValue | None,
    config: Attribute | None,
    result_type: Attribute,
) -> SSAValue:
    """The convolution once more, with another bias, configuration and type."""
    properties = dict(convolution.properties)
    if config is not None:
        properties["conv2d_config"] = config
    operands = [convolution.input, convolution.weight, bias, convolution.device]
    given = [value for value in operands if value is not None]
    return build.create(type(convolution), given, properties, result_type, "fused")


def _with_activation(
    config: ttnn.Conv2dConfigAttr | None, activation: Attribute
) -> ttnn.Conv2dConfigAttr:
    """A configuration with that activation and everything else as it was."""
    fields: dict[str, Attribute] = {} if config is None else dict(config.fields.data)
    return ttnn.Conv2dConfigAttr.new([DictionaryAttr({**fields, "activation": activation})])


@dataclass(frozen=True)
class FuseAddIntoBias(RewritePattern):
    """add(convolution(x), b) -> convolution(x) with bias b, or with its bias and b added up."""

    change_rounding: bool

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.AddOp, rewriter: PatternRewriter, /) -> None:
        for value, added in ((op.lhs, op.rhs), (op.rhs, op.lhs)):
            convolution = convolution_before(value, op)
            if convolution is not None and is_bias_of(added, convolution):
                self.fuse(op, convolution, added, rewriter)
                return

    def fuse(
        self,
        op: ttnn.AddOp,
        convolution: Convolution,
        added: SSAValue,
        rewriter: PatternRewriter,
    ) -> None:
        if has_prepared_operands(convolution):
            return
        if not self.change_rounding and not adds_up_alike(convolution):
            return
        moved = ops_to_move(added, convolution, op)
        if moved is None:
            return

        rewriter.insertion_point = InsertPoint.before(convolution)
        for needed in moved:
            needed.detach()
            rewriter.insert(needed)
        with build.rewriting(convolution, rewriter):
            bias = _bias_sum(convolution, added)
            result = _with_result_of(convolution, bias, None, op.result.type)

        rewriter.replace(op, [], [result])
        rewriter.erase(convolution)


@dataclass(frozen=True)
class FuseActivation(RewritePattern):
    """activation(convolution(x)) -> convolution(x) configured to end with it."""

    change_rounding: bool

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ActivationOp, rewriter: PatternRewriter, /) -> None:
        convolution = convolution_before(op.input, op)
        if convolution is None:
            return
        if not self.change_rounding and not activates_alike(op, convolution):
            return

        config = _with_activation(convolution.conv2d_config, activation_field(op))
        rewriter.insertion_point = InsertPoint.before(convolution)
        with build.rewriting(convolution, rewriter):
            result = _with_result_of(convolution, convolution.bias, config, op.result.type)

        rewriter.replace(op, [], [result])
        rewriter.erase(convolution)


@dataclass(frozen=True)
class TTNNFusePass(FuseOptions, ModulePass):
    """Fold neighbours of `ttnn.conv_transpose2d` and `ttnn.conv2d` into them.

    `ttnn.add` of a parameter with one number a channel, (1, 1, 1, O), becomes the bias, or is added
    to it; relu, relu6, leaky_relu, sigmoid, tanh, silu and gelu become the fused activation.
    Consecutive reshapes and permutes merge. A convolution rounds once, at its end, where it
    computes in another type than its result's (f32 for bf16): there only relu and relu6 give the
    same bits in front of that rounding, so the rest is folded only with `change-rounding`, which
    leaves out a rounding. Float sums may be added up in another order.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x1x20x2xf32>, %w: tensor<3x2x1x1xf32>,
        %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>},
        %d: !ttnn.device) -> tensor<1x1x20x3xf32> {
      %0 = "ttnn.conv2d"(%x, %w, %d) <{batch_size = 1 : i32,
        conv2d_config = #ttnn.conv2d_config<weights_dtype = f32>, dilation = array<i32: 1, 1>,
        groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32,
        kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>,
        stride = array<i32: 1, 1>}>
        : (tensor<1x1x20x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x20x3xf32>
      %1 = "ttnn.add"(%0, %b)
        : (tensor<1x1x20x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x20x3xf32>
      %2 = "ttnn.relu"(%1) : (tensor<1x1x20x3xf32>) -> tensor<1x1x20x3xf32>
      return %2 : tensor<1x1x20x3xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x1x20x2xf32>, %w: tensor<3x2x1x1xf32>,
        %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>},
        %d: !ttnn.device) -> tensor<1x1x20x3xf32> {
      %0 = "ttnn.conv2d"(%x, %w, %b, %d) <{batch_size = 1 : i32,
        conv2d_config = #ttnn.conv2d_config<weights_dtype = f32, activation = <op_type = relu>>,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>,
        out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
        : (tensor<1x1x20x2xf32>, tensor<3x2x1x1xf32>, tensor<1x1x1x3xf32>, !ttnn.device)
        -> tensor<1x1x20x3xf32>
      return %0 : tensor<1x1x20x3xf32>
    }
    ```
    Requires: nothing. Ensures: every neighbour named above is folded, as far as it may be.
    Refuses: nothing; what may not be folded stays: a convolution that something else reads too,
    that has an activation, an unknown field in its configuration or, for a bias, prepared operands;
    an added tensor of another shape or a wider type, or that is an input; a change of shape or
    element type; an op in between.
    """

    name = "ttnn-fuse"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns = GreedyRewritePatternApplier(
            [
                FuseAddIntoBias(self.change_rounding),
                FuseActivation(self.change_rounding),
                MergeReshapes(),
                MergePermutes(),
                DropIdentity(),
            ],
            dce_enabled=False,
        )
        with paused_collection():
            PatternRewriteWalker(patterns).rewrite_module(op)
