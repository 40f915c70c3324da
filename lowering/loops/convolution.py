"""Named convolutions -> tiled loops over pixels, output channels and taps: no patch matrix.

For every tile of output pixels and output channels the loop over taps (kh, kw) and tiles of input
channels accumulates one matmul each:

    out[pixels, f..] += in[n, y*stride + kh*dilation, x*stride + kw*dilation, c..]
                        @ w[kh, kw, c.., f..]
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.dialects.builtin import DYNAMIC_INDEX, AffineMapAttr
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import BlockArgument, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from ...dialect.tensor_types import element_type_of, shape_of
from .. import movement, scalars, tensors
from .builder import Index, LoopBuilder, extract_tile, insert_tile, static_size
from .plans import ConvPlan


@dataclass(frozen=True)
class Place:
    """Where a tile of output pixels begins, and its size in image rows and pixels."""

    image: Index
    row: Index
    column: Index
    rows: Index
    columns: Index

    def pixel(self, loops: LoopBuilder, plan: ConvPlan) -> Index:
        """The first pixel's number: (image * height + row) * width + column."""
        line = loops.multiply(self.image, plan.height, "line")
        line = loops.add(line, self.row, "line")
        first = loops.multiply(line, plan.width, "pixel")
        return loops.add(first, self.column, "pixel")

    @property
    def static_size(self) -> int:
        """Pixels in the tile as tensor types hold them."""
        if isinstance(self.rows, int) and isinstance(self.columns, int):
            return self.rows * self.columns
        return DYNAMIC_INDEX

    def size(self, loops: LoopBuilder) -> Index:
        """Pixels in the tile; there is more than one row only where rows are whole."""
        if self.rows == 1:
            return self.columns
        assert isinstance(self.columns, int)
        return loops.multiply(self.rows, self.columns, "pixels")


@dataclass(frozen=True)
class DirectConvolution:
    """The operands of a convolution and how it is tiled.

    `image` is (N, H, W, G, C/G), or without G where there are no groups or each has one channel;
    `taps` is (G, KH, KW, C/G, O/G), without G alike, or (KH, KW, G) for depthwise.
    """

    image: SSAValue
    taps: SSAValue
    plan: ConvPlan
    loops: LoopBuilder

    def over_pixels(self, output: SSAValue) -> SSAValue:
        """Loop over tiles of output pixels; `output` is (N*H*W, O)."""
        plan, loops = self.plan, self.loops

        def at_image(image: Index, state: SSAValue) -> SSAValue:
            def at_row(row: Index, state: SSAValue) -> SSAValue:
                rows = loops.tile_size("row", plan.height, plan.tile_height, row)

                def at_column(column: Index, state: SSAValue) -> SSAValue:
                    columns = loops.tile_size("column", plan.width, plan.tile_width, column)
                    place = Place(image, row, column, rows, columns)
                    return self.over_channels(place, state)

                return loops.loop("column", plan.width, plan.tile_width, state, at_column)

            return loops.loop("row", plan.height, plan.tile_height, state, at_row)

        return loops.loop("image", plan.batch, 1, output, at_image)

    def over_channels(self, place: Place, output: SSAValue) -> SSAValue:
        """Loop over groups and tiles of their output channels."""
        plan, loops = self.plan, self.loops
        groups, channels = plan.groups, plan.out_channels
        if plan.is_depthwise:
            groups, channels = 1, plan.groups
        pixel, pixels = place.pixel(loops, plan), place.size(loops)

        def at_group(group: Index, state: SSAValue) -> SSAValue:
            first = loops.multiply(group, channels, "first_channel")

            def at_channel(channel: Index, state: SSAValue) -> SSAValue:
                size = loops.tile_size("channel", channels, plan.tiles.n, channel)
                offsets = (pixel, loops.add(first, channel, "out_channel"))
                sizes = (pixels, size)
                tile = extract_tile(state, offsets, sizes, (0, 1), "tile")
                sums = self.over_taps(place, (group, channel, size), tile)
                return insert_tile(sums, state, offsets, sizes)

            return loops.loop("channel", channels, plan.tiles.n, state, at_channel)

        return loops.loop("group", groups, 1, output, at_group)

    def over_taps(
        self, place: Place, columns: tuple[Index, Index, Index], tile: SSAValue
    ) -> SSAValue:
        """Loop over the kernel; `columns` is (group, first channel, channels)."""
        plan, loops = self.plan, self.loops

        def at_tap_row(tap_row: Index, state: SSAValue) -> SSAValue:
            def at_tap_column(tap_column: Index, state: SSAValue) -> SSAValue:
                if plan.is_depthwise:
                    return self.scale_channels(place, columns, (tap_row, tap_column), state)
                return self.over_depth(place, columns, (tap_row, tap_column), state)

            return loops.loop("tap_column", plan.kernel[1], 1, state, at_tap_column)

        return loops.loop("tap_row", plan.kernel[0], 1, tile, at_tap_row)

    def over_depth(
        self,
        place: Place,
        columns: tuple[Index, Index, Index],
        tap: tuple[Index, Index],
        tile: SSAValue,
    ) -> SSAValue:
        """Loop over tiles of input channels: one matmul each."""
        plan, loops = self.plan, self.loops
        group, channel, channels = columns

        def at_depth(depth: Index, state: SSAValue) -> SSAValue:
            size = loops.tile_size("depth", plan.in_channels, plan.tiles.k, depth)
            grouped = plan.groups > 1
            front = (group,) if grouped else ()
            ones = (1,) if grouped else ()
            patch = self.pixels(place, tap, (*front, depth), (*ones, size))
            offsets = (*front, *tap, depth, channel)
            sizes = (*ones, 1, 1, size, channels)
            kept = (len(sizes) - 2, len(sizes) - 1)
            weights = extract_tile(self.taps, offsets, sizes, kept, "weights")
            return tensors.named(linalg.MatmulOp([patch, weights], [state]).res[0], "sums")

        return loops.loop("depth", plan.in_channels, plan.tiles.k, tile, at_depth)

    def pixels(
        self,
        place: Place,
        tap: tuple[Index, Index],
        offsets: tuple[Index, ...],
        sizes: tuple[Index, ...],
    ) -> SSAValue:
        """The input pixels that one tap brings to a tile, as (pixels, channels)."""
        plan, loops = self.plan, self.loops
        starts: list[Index] = []
        for axis, position, name in ((0, place.row, "in_row"), (1, place.column, "in_column")):
            start = loops.multiply(position, plan.strides[axis], name)
            reach = _tap_offset(loops, tap[axis], plan.dilations[axis], name)
            starts.append(loops.add(start, reach, name))
        all_offsets = (place.image, *starts, *offsets)
        all_sizes = (1, place.rows, place.columns, *sizes)
        strides = (1, *plan.strides, *(1 for _ in sizes))
        last = len(all_sizes) - 1
        if place.rows == 1:
            return extract_tile(self.image, all_offsets, all_sizes, (2, last), "patch", strides)
        patch = extract_tile(self.image, all_offsets, all_sizes, (1, 2, last), "rows", strides)
        shape = [place.static_size, static_size(all_sizes[last])]
        return tensors.named(movement.collapse(patch, ((0, 1), (2,)), shape), "patch")

    def scale_channels(
        self,
        place: Place,
        columns: tuple[Index, Index, Index],
        tap: tuple[Index, Index],
        tile: SSAValue,
    ) -> SSAValue:
        """One tap of a depthwise convolution: each channel times its weight, added to the tile."""
        _, channel, channels = columns
        patch = self.pixels(place, tap, (channel,), (channels,))
        weights = extract_tile(self.taps, (*tap, channel), (1, 1, channels), (2,), "weights")
        return _multiply_add(patch, weights, tile)


def _tap_offset(loops: LoopBuilder, tap: Index, dilation: int, name: str) -> Index:
    return loops.multiply(tap, dilation, f"{name}_tap")


def _multiply_add(patch: SSAValue, weights: SSAValue, tile: SSAValue) -> SSAValue:
    """tile[p, c] + patch[p, c] * weights[c]."""
    element_type = element_type_of(tile)

    @Builder.implicit_region([element_type] * 3)
    def region(args: tuple[BlockArgument, ...]) -> None:
        linalg.YieldOp(scalars.add(args[2], scalars.multiply(args[0], args[1])))

    per_channel = AffineMap(2, 0, (AffineExpr.dimension(1),))
    maps = [AffineMap.identity(2), per_channel, AffineMap.identity(2)]
    op = linalg.GenericOp(
        [patch, weights],
        [tile],
        region,
        [AffineMapAttr(map_) for map_ in maps],
        [IteratorTypeAttr.parallel()] * 2,
        [tile.type],
    )
    return tensors.named(op.results[0], "sums")


def build_direct(
    image: SSAValue, taps: SSAValue, init: SSAValue, plan: ConvPlan, loops: LoopBuilder
) -> SSAValue:
    """The tiled loops of a convolution, its result in the shape of `init`."""
    if plan.is_depthwise:
        image = movement.reshape(image, (*shape_of(image)[:3], plan.groups), "channels")
        taps = movement.reshape(taps, (plan.groups, *plan.kernel), "split_taps")
        taps = movement.transpose(taps, (1, 2, 0), "taps_by_channel")
    elif plan.groups > 1:
        taps = movement.transpose(taps, (0, 2, 3, 4, 1), "taps_by_depth")
    output = movement.reshape(init, (plan.pixels, plan.groups * plan.out_channels), "output")
    result = DirectConvolution(image, taps, plan, loops).over_pixels(output)
    return movement.reshape(result, shape_of(init), "convolved")
