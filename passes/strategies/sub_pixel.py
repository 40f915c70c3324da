"""Strategy sub-pixel: a small stride-1 convolution for every phase of the output, interleaved.

    out[n, row + stride_h*i, column + stride_w*j, o] = conv2d(cut, taps of the phase)[n, i, j, o]

Phases that read the same cut of the input with as many taps share one convolution, its output
channels side by side. No zero is inserted and the kernel is not padded; a phase that no tap
reaches holds the bias.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import build, deconv, ttnn
from ...dialect.geometry.phases import (
    Phase,
    count_phases,
    filled_phase_pairs,
    merge_phases,
)
from ...dialect.geometry.shapes import flattened
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.geometry.windows import Window
from ...dialect.guards import check_static
from ...dialect.tensor_types import shape_of, tensor_type
from .shared.convolution import ConvolutionPiece, build_conv2d
from .shared.weight import check_prepared_shape, convolution_weight


@dataclass(frozen=True)
class Block:
    """Phases rows x columns that one convolution computes."""

    rows: tuple[Phase, ...]
    columns: tuple[Phase, ...]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of each phase, in output elements."""
        return (self.rows[0].size, self.columns[0].size)

    @property
    def taps(self) -> tuple[int, int]:
        """(height, width) of the convolution kernel."""
        return (len(self.rows[0].taps), len(self.columns[0].taps))

    @property
    def windows(self) -> tuple[Window, Window]:
        """The cut of the input, (height, width)."""
        height, width = self.rows[0].window, self.columns[0].window
        assert height is not None and width is not None
        return (height, width)

    @property
    def phase_count(self) -> int:
        return len(self.rows) * len(self.columns)

    @property
    def offsets(self) -> tuple[list[int], list[int]]:
        """The (rows, columns) of the output where the phases begin."""
        return ([row.offset for row in self.rows], [column.offset for column in self.columns])


@dataclass(frozen=True)
class SubPixelPlan:
    """The convolutions of the strategy; phases they leave out hold the bias."""

    geometry: ConvTranspose2dGeometry
    blocks: tuple[Block, ...]
    has_empty_phases: bool

    @property
    def multiply_adds(self) -> int:
        """What the convolutions execute, the padding of the input included."""
        per_pixel = self.geometry.in_channels_per_group * self.geometry.out_channels
        return sum(
            self.geometry.batch
            * block.size[0]
            * block.size[1]
            * block.phase_count
            * block.taps[0]
            * block.taps[1]
            * per_pixel
            for block in self.blocks
        )


def plan_sub_pixel(geometry: ConvTranspose2dGeometry) -> SubPixelPlan:
    """Plan the strategy; it takes every legal op, with as many blocks as phases at most.

    With groups every phase has a convolution of its own: its channels are the group's.
    """
    filled = filled_phase_pairs(geometry.height, geometry.width)
    if geometry.groups == 1:
        rows, columns = map(merge_phases, filled)
    else:
        rows, columns = (tuple((phase,) for phase in axis_phases) for axis_phases in filled)
    blocks = tuple(Block(row, column) for row, column in product(rows, columns))
    all_phases = count_phases(geometry.height) * count_phases(geometry.width)
    return SubPixelPlan(geometry, blocks, len(filled[0]) * len(filled[1]) < all_phases)


@dataclass(frozen=True)
class SubPixelBuilder:
    """Builds the pieces of one op; cuts of the input are shared between blocks."""

    op: ttnn.ConvTranspose2dOp
    plan: SubPixelPlan
    image: SSAValue
    kernel: SSAValue

    def cut(self, windows: tuple[Window, Window]) -> SSAValue:
        """The input cropped and padded to the windows of a block."""
        batch, _, _, channels = self.plan.geometry.input_shape
        height, width = windows
        crop = [(0, batch), (height.start, height.stop), (width.start, width.stop), (0, channels)]
        pads = [(0, 0), (height.pad_low, height.pad_high), (width.pad_low, width.pad_high), (0, 0)]
        return build.pad(build.slice_static(self.image, crop, "cropped"), pads, "padded")

    def sub_kernel(self, row: Phase, column: Phase) -> SSAValue:
        """The (O, C/G, taps, taps) part of the convolution kernel that makes one phase."""
        bounds, steps = [(0, size) for size in shape_of(self.kernel)[:2]], [1, 1]
        for phase, size in ((row, shape_of(self.kernel)[2]), (column, shape_of(self.kernel)[3])):
            # The kernel is flipped: tap k stands at size - 1 - k.
            bounds.append((size - 1 - phase.taps[0], size - phase.taps[-1]))
            steps.append(-phase.taps.step if len(phase.taps) > 1 else 1)
        return build.slice_static(self.kernel, bounds, "sub_kernel", steps)

    def convolve(self, block: Block, cut: SSAValue, bias: SSAValue | None) -> SSAValue:
        """One block, (N, Q_h, Q_w, phases * O)."""
        geometry = self.plan.geometry
        sub_kernels = [
            self.sub_kernel(row, column) for row, column in product(block.rows, block.columns)
        ]
        kernel = build.concat(sub_kernels, 0, "kernels")
        channels = block.phase_count * geometry.out_channels
        dilation = (block.rows[0].input_step, block.columns[0].input_step)
        output_shape = (geometry.batch, *block.size, channels)
        cut_shape = shape_of(cut)
        piece = ConvolutionPiece(
            (cut_shape[0], cut_shape[1], cut_shape[2], cut_shape[3]), output_shape, dilation
        )
        pixels = build.reshape(cut, flattened(cut_shape), "pixels")
        if bias is not None:
            bias = build.concat([bias] * block.phase_count, 3, "biases")
        convolved = build_conv2d(self.op, piece, pixels, kernel, bias)
        return build.reshape(convolved, output_shape, "phases")

    def result(self) -> SSAValue:
        """All blocks, interleaved: (N, H_out, W_out, O)."""
        cuts: dict[tuple[Window, Window], SSAValue] = {}
        computed: list[SSAValue] = []
        for block in self.plan.blocks:
            if block.windows not in cuts:
                cuts[block.windows] = self.cut(block.windows)
            computed.append(self.convolve(block, cuts[block.windows], self.op.bias))
        geometry = self.plan.geometry
        strides = (geometry.height.stride, geometry.width.stride)
        if strides == (1, 1):
            return computed[0]
        background = _background(self.op) if self.plan.has_empty_phases else None
        phases_of_blocks = [block.offsets for block in self.plan.blocks]
        result_type = build.bare_type(self.op.result, geometry.output_shape)
        return build.named(
            deconv.InterleaveOp(computed, background, strides, phases_of_blocks, result_type),
            "interleaved",
        )


def _background(op: ttnn.ConvTranspose2dOp) -> SSAValue | None:
    """What an output holds that no tap reaches: the bias, activated and rounded.

    None where that is zero; every activation maps zero to zero but sigmoid.
    """
    activation = op.activation()
    if op.bias is None and (activation is None or activation.name != "sigmoid"):
        return None
    return build.finished_bias(op)


@dataclass(frozen=True)
class DecomposeConvTranspose2dBySubPixel(RewritePattern):
    """conv_transpose2d -> a conv2d for every set of phases, interleave."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ConvTranspose2dOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        check_prepared_shape(op)

        plan = plan_sub_pixel(op.geometry())

        with build.rewriting(op, rewriter):
            image = build.reshape(op.input, plan.geometry.input_shape, "image")
            result = SubPixelBuilder(op, plan, image, convolution_weight(op)).result()
            result = build.reshape(result, shape_of(op.result), "result", tensor_type(op.result))

        rewriter.replace(op, [], [result])
