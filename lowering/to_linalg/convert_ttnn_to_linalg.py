"""From the decomposed floor to linalg on tensors."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import GreedyRewritePatternApplier, PatternRewriteWalker

from ...dialect import ttnn
from ...dialect.guards import refuse
from ...passes.limits import check_max_ops, check_max_temporary_bytes
from ..dead_ops import erase_dead
from ..options import ConvertOptions
from ..temporaries import temporaries_of_at_most
from . import (
    convert_conv2d,
    convert_data_movement,
    convert_deconv,
    convert_elementwise,
    convert_matmul,
    convert_pooling,
    convert_structure,
)
from .element_types import check_element_types
from .op_counts import check_ops

PATTERNS = (
    *convert_data_movement.PATTERNS,
    *convert_conv2d.PATTERNS,
    *convert_deconv.PATTERNS,
    *convert_elementwise.PATTERNS,
    *convert_matmul.PATTERNS,
    *convert_pooling.PATTERNS,
    *convert_structure.PATTERNS,
)


_LEFT_TO_DECOMPOSE = (
    ttnn.ConvTranspose2dOp,
    ttnn.PrepareConvTranspose2dBiasOp,
    ttnn.PrepareConvTranspose2dWeightsOp,
)


def _check_decomposed(module: ModuleOp) -> None:
    """Refuse transposed convolutions, which would lose what their weights are prepared for.

    Raises: PassFailedException.
    """
    for op in module.walk():
        if isinstance(op, _LEFT_TO_DECOMPOSE):
            refuse(op, "expected none to be left, got one; run decompose-conv-transpose2d first")


@dataclass(frozen=True)
class ConvertTTNNToLinalgPass(ConvertOptions, ModulePass):
    """Lower what is left of TTNN after decomposition to upstream ops on bare tensors.

    Sums of f16 and bf16 are kept in f32 and rounded once, behind bias and activation. Encoded
    types stay at function boundaries and beside unknown ops, with `tensor.cast` between.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x2x3xf32>) -> tensor<1x6xf32> {
      %0 = "ttnn.reshape"(%x) <{shape = [1 : i32, 6 : i32]}>
        : (tensor<1x2x3xf32>) -> tensor<1x6xf32>
      %1 = "ttnn.relu"(%0) : (tensor<1x6xf32>) -> tensor<1x6xf32>
      return %1 : tensor<1x6xf32>
    }
    ```
    After:
    ```mlir
    #identity = affine_map<(d0, d1) -> (d0, d1)>
    func.func @f(%x: tensor<1x2x3xf32>) -> tensor<1x6xf32> {
      %0 = tensor.collapse_shape %x [[0 : i64], [1 : i64, 2 : i64]]
        : tensor<1x2x3xf32> into tensor<1x6xf32>
      %empty = tensor.empty() : tensor<1x6xf32>
      %1 = linalg.generic {indexing_maps = [#identity, #identity],
          iterator_types = ["parallel", "parallel"]}
          ins(%0 : tensor<1x6xf32>) outs(%empty : tensor<1x6xf32>) {
      ^bb0(%2: f32, %3: f32):
        %4 = arith.constant 0.000000e+00 : f32
        %5 = arith.maximumf %2, %4 : f32
        linalg.yield %5 : f32
      } -> tensor<1x6xf32>
      return %1 : tensor<1x6xf32>
    }
    ```
    Requires: no transposed convolution. Ensures: no known op of ttnn, ttcore or deconv is left, but
    for device handles that unknown ops use.
    Refuses: transposed convolutions and what prepares for them; unknown sizes; elements that are no
    numbers; activations and configurations that cannot be computed; temporaries above
    `max-temporary-bytes`; a col2im or an interleave of more ops than `max-ops`.
    """

    name = "convert-ttnn-to-linalg"

    def __post_init__(self) -> None:
        check_max_temporary_bytes(self.max_temporary_bytes)
        check_max_ops(self.max_ops)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        _check_decomposed(op)
        check_element_types(op)
        check_ops(op, self.max_ops)
        patterns = GreedyRewritePatternApplier(list(PATTERNS), dce_enabled=False)
        with temporaries_of_at_most(self.max_temporary_bytes):
            PatternRewriteWalker(patterns, apply_recursively=False).rewrite_module(op)
        convert_structure.erase_devices(op)
        erase_dead(op)
