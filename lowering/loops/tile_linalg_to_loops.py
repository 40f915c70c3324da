"""From linalg on tensors to loops over tiles."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.utils.exceptions import PassFailedException

from ...dialect.build import rewriting
from ...dialect.tensor_types import shape_of
from ...passes.limits import check_max_temporary_bytes
from ..dead_ops import erase_dead
from ..options import TileOptions
from ..temporaries import byte_size, refuse_above
from .builder import LoopBuilder
from .convolution import build_direct
from .matmul import TiledMatmul, build_im2col
from .plans import Convolution, ConvPlan, TileSizes, is_tileable, plan_convolution

CONVOLUTIONS = {"direct": build_direct, "im2col": build_im2col}


def check_convolution_mode(mode: str) -> None:
    """Raises: PassFailedException for a way to see a convolution that does not exist."""
    if mode not in CONVOLUTIONS:
        raise PassFailedException(f"conv: expected one of {', '.join(CONVOLUTIONS)}, got {mode}")


@dataclass(frozen=True)
class TileMatmul(RewritePattern):
    """matmul -> loops over tiles of rows, columns and depth; one that fits a tile stays."""

    tiles: TileSizes

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: linalg.MatmulOp, rewriter: PatternRewriter, /) -> None:
        if not is_tileable(op) or not _is_plain(op):
            return
        rows, depth = shape_of(op.inputs[0])
        columns = shape_of(op.inputs[1])[1]
        if rows <= self.tiles.m and columns <= self.tiles.n and depth <= self.tiles.k:
            return

        with rewriting(op, rewriter):
            matmul = TiledMatmul(op.inputs[0], op.inputs[1], self.tiles, LoopBuilder(rewriter))
            result = matmul.over_rows(op.outputs[0])

        rewriter.replace(op, [], [result])


def _is_plain(op: linalg.MatmulOp) -> bool:
    """Whether no operand is read transposed or broadcast."""
    default = linalg.MatmulOp.get_irdl_definition().properties["indexing_maps"].default_value
    return op.indexing_maps == default


@dataclass(frozen=True)
class TileConvolution(RewritePattern):
    """conv_2d_nhwc_hwcf, conv_2d_nhwgc_gfhwc -> loops over tiles, direct or over patches."""

    tiles: TileSizes
    mode: str
    max_temporary_bytes: int

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: linalg.Conv2DNhwc_HwcfOp | linalg.Conv2DNhwgcGfhwcOp, rewriter: PatternRewriter, /
    ) -> None:
        if not is_tileable(op):
            return
        plan = plan_convolution(op, self.tiles)
        self._check_patches(op, plan)

        with rewriting(op, rewriter):
            build = CONVOLUTIONS[self.mode]
            image, taps = op.inputs
            result: SSAValue = build(image, taps, op.outputs[0], plan, LoopBuilder(rewriter))

        rewriter.replace(op, [], [result])

    def _check_patches(self, op: Convolution, plan: ConvPlan) -> None:
        if self.mode == "im2col":
            shape = (plan.groups, plan.pixels, plan.depth)
            size = byte_size(shape, plan.element_type)
            what = f"{prod(shape[:-1])} patches of {plan.depth}"
            refuse_above(op, what, size, self.max_temporary_bytes)


@dataclass(frozen=True)
class TileLinalgToLoopsPass(TileOptions, ModulePass):
    """Tile matmuls and convolutions into `scf.for` loops around `linalg.matmul` on tiles.

    `conv=direct` runs one matmul for each tap and tile of channels, straight from the image;
    `conv=im2col` first gathers all patches into a matrix, KH*KW times the image, and runs one tiled
    matmul over it. Direct is the default: it needs no memory and wins wherever channels fill a
    tile. im2col wins for few input channels and many taps, where direct matmuls are shallow.
    Sizes that tiles do not divide give smaller last tiles; depthwise convolutions multiply channel
    by channel, without matmuls.

    Before:
    ```mlir
    func.func @f(%a: tensor<64x32xf32>, %b: tensor<32x32xf32>, %c: tensor<64x32xf32>)
        -> tensor<64x32xf32> {
      %0 = linalg.matmul ins(%a, %b : tensor<64x32xf32>, tensor<32x32xf32>)
          outs(%c : tensor<64x32xf32>) -> tensor<64x32xf32>
      return %0 : tensor<64x32xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%a: tensor<64x32xf32>, %b: tensor<32x32xf32>, %c: tensor<64x32xf32>)
        -> tensor<64x32xf32> {
      %c0 = arith.constant 0 : index
      %c64 = arith.constant 64 : index
      %c32 = arith.constant 32 : index
      %0 = scf.for %row = %c0 to %c64 step %c32 iter_args(%c_1 = %c) -> (tensor<64x32xf32>) {
        %tile = tensor.extract_slice %c_1[%row, 0] [32, 32] [1, 1]
          : tensor<64x32xf32> to tensor<32x32xf32>
        %left = tensor.extract_slice %a[%row, 0] [32, 32] [1, 1]
          : tensor<64x32xf32> to tensor<32x32xf32>
        %right = tensor.extract_slice %b[0, 0] [32, 32] [1, 1]
          : tensor<32x32xf32> to tensor<32x32xf32>
        %sums = linalg.matmul ins(%left, %right : tensor<32x32xf32>, tensor<32x32xf32>)
            outs(%tile : tensor<32x32xf32>) -> tensor<32x32xf32>
        %c_2 = tensor.insert_slice %sums into %c_1[%row, 0] [32, 32] [1, 1]
          : tensor<32x32xf32> into tensor<64x32xf32>
        scf.yield %c_2 : tensor<64x32xf32>
      }
      return %0 : tensor<64x32xf32>
    }
    ```
    Requires: nothing. Ensures: no convolution and no matmul on tensors of known shape and one
    element type is larger than a tile.
    Refuses: tiles smaller than 1; a matrix of patches above `max-temporary-bytes`.
    """

    name = "tile-linalg-to-loops"

    def __post_init__(self) -> None:
        check_convolution_mode(self.conv)
        check_max_temporary_bytes(self.max_temporary_bytes)
        TileSizes(self.tile_m, self.tile_n, self.tile_k)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        tiles = TileSizes(self.tile_m, self.tile_n, self.tile_k)
        patterns = GreedyRewritePatternApplier(
            [
                TileMatmul(tiles),
                TileConvolution(tiles, self.conv, self.max_temporary_bytes),
            ],
            dce_enabled=False,
        )
        PatternRewriteWalker(patterns, apply_recursively=False).rewrite_module(op)
        erase_dead(op)
