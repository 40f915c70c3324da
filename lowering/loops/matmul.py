"""Matmuls -> tiled loops, and convolutions as one matmul over a matrix of patches (im2col)."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from ...dialect.tensor_types import shape_of
from .. import movement, tensors
from .builder import Index, LoopBuilder, extract_tile, insert_tile
from .plans import ConvPlan, TileSizes


@dataclass(frozen=True)
class TiledMatmul:
    """out[m, first + n] += left[(g,) m, k] @ right[(g,) k, n], in tiles."""

    left: SSAValue
    right: SSAValue
    tiles: TileSizes
    loops: LoopBuilder

    @property
    def sizes(self) -> tuple[int, int, int]:
        """(M, N, K)."""
        return (shape_of(self.left)[-2], shape_of(self.right)[-1], shape_of(self.left)[-1])

    def over_rows(self, output: SSAValue, group: tuple[Index, ...] = ()) -> SSAValue:
        loops, (rows, _, _) = self.loops, self.sizes

        def at_row(row: Index, state: SSAValue) -> SSAValue:
            size = loops.tile_size("row", rows, self.tiles.m, row)
            return self.over_columns(state, group, (row, size))

        return loops.loop("row", rows, self.tiles.m, output, at_row)

    def over_columns(
        self, output: SSAValue, group: tuple[Index, ...], rows: tuple[Index, Index]
    ) -> SSAValue:
        loops, (_, columns, _) = self.loops, self.sizes
        row, height = rows

        def at_column(column: Index, state: SSAValue) -> SSAValue:
            width = loops.tile_size("column", columns, self.tiles.n, column)
            first = loops.multiply(group[0], columns, "first_column") if group else 0
            offsets = (row, loops.add(first, column, "out_column"))
            tile = extract_tile(state, offsets, (height, width), (0, 1), "tile")
            sums = self.over_depth(tile, group, rows, (column, width))
            return insert_tile(sums, state, offsets, (height, width))

        return loops.loop("column", columns, self.tiles.n, output, at_column)

    def over_depth(
        self,
        tile: SSAValue,
        group: tuple[Index, ...],
        rows: tuple[Index, Index],
        columns: tuple[Index, Index],
    ) -> SSAValue:
        loops, (_, _, depth) = self.loops, self.sizes
        ones = (1,) * len(group)
        kept = (len(group), len(group) + 1)

        def at_depth(position: Index, state: SSAValue) -> SSAValue:
            size = loops.tile_size("depth", depth, self.tiles.k, position)
            left = extract_tile(
                self.left, (*group, rows[0], position), (*ones, rows[1], size), kept, "left"
            )
            right = extract_tile(
                self.right, (*group, position, columns[0]), (*ones, size, columns[1]), kept, "right"
            )
            return tensors.named(linalg.MatmulOp([left, right], [state]).res[0], "sums")

        return loops.loop("depth", depth, self.tiles.k, tile, at_depth)


def patches(image: SSAValue, plan: ConvPlan) -> SSAValue:
    """The matrix of patches: (N*H*W, KH*KW*C), or (G, N*H*W, KH*KW*C/G) with groups."""
    rank = 6 if plan.groups == 1 else 7
    dims = [AffineExpr.dimension(axis) for axis in range(rank)]
    group, (batch, row, column, tap_row, tap_column, channel) = dims[:-6], dims[-6:]
    in_row = row * plan.strides[0] + tap_row * plan.dilations[0]
    in_column = column * plan.strides[1] + tap_column * plan.dilations[1]
    gather = AffineMap(rank, 0, (batch, in_row, in_column, *group, channel))
    groups = () if plan.groups == 1 else (plan.groups,)
    shape = (*groups, plan.batch, plan.height, plan.width, *plan.kernel, plan.in_channels)
    result = tensors.like(image, shape)
    gathered = tensors.generic([image], [gather], result, lambda args: args[0], "gathered")
    return movement.reshape(gathered, (*groups, plan.pixels, plan.depth), "patches")


def build_im2col(
    image: SSAValue, taps: SSAValue, init: SSAValue, plan: ConvPlan, loops: LoopBuilder
) -> SSAValue:
    """A convolution as a tiled matmul of its patches, its result in the shape of `init`."""
    groups = () if plan.groups == 1 else (plan.groups,)
    if groups:
        taps = movement.transpose(taps, (0, 2, 3, 4, 1), "taps_by_depth")
    weights = movement.reshape(taps, (*groups, plan.depth, plan.out_channels), "weights")
    matmul = TiledMatmul(patches(image, plan), weights, plan.tiles, loops)
    output = movement.reshape(init, (plan.pixels, plan.groups * plan.out_channels), "output")

    def at_group(group: Index, state: SSAValue) -> SSAValue:
        return matmul.over_rows(state, (group,))

    if groups:
        result = loops.loop("group", plan.groups, 1, output, at_group)
    else:
        result = matmul.over_rows(output)
    return movement.reshape(result, shape_of(init), "convolved")
