"""Strategy sub-pixel: a small stride-1 convolution for every phase of the output, interleaved.

    out[n, row + stride_h*i, column + stride_w*j, o] = conv2d(cut, taps of the phase)[n, i, j, o]

Phases that read the same cut of the input with as many taps share one convolution, its output
channels side by side. No zero is inserted and the kernel is not padded; a phase that no tap
reaches holds the bias.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from xdsl.ir import SSAValue

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
from ...dialect.tensor_types import shape_of
from ..cost.stages import Contraction, Stage, Workload, contraction_stage, cut_stages
from ..op_counts import FEW_OPS, count_interleave_ops, count_phase_pairs
from .shared.convolution import ConvolutionPiece, build_conv2d
from .shared.numbers import Number, result_numbers
from .shared.weight import convolution_weight
from .strategy import Strategy


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
class SubPixel(Strategy[SubPixelPlan]):
    """conv_transpose2d -> a conv2d for every set of phases, interleave."""

    name = "sub-pixel"
    description = "a small stride-1 convolution for every phase of the output, interleaved"
    rank = 20

    def plan(self, geometry: ConvTranspose2dGeometry) -> SubPixelPlan:
        """As many blocks as phases at most.

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

    def build(self, op: ttnn.ConvTranspose2dOp, plan: SubPixelPlan) -> SSAValue:
        image = build.reshape(op.input, plan.geometry.input_shape, "image")
        return SubPixelBuilder(op, plan, image, convolution_weight(op)).result()

    def stages(self, workload: Workload) -> tuple[Stage, ...]:
        geometry, size = workload.geometry, workload.element_bytes
        blocks = self.plan(geometry).blocks
        every_cut = dict.fromkeys(block.windows for block in blocks)
        cuts = [cut_stages(geometry.input_shape, windows, size) for windows in every_cut]
        convolutions = [_stage_of(block, workload) for block in blocks]
        stages = (*chain.from_iterable(cuts), *convolutions)
        if (geometry.height.stride, geometry.width.stride) == (1, 1):
            return stages
        convolved = sum(stage.bytes_written for stage in convolutions)
        return (*stages, Stage("interleave", convolved, prod(geometry.output_shape) * size))

    def op_count(self, workload: Workload, floor: str, at_most: int) -> int:
        """Each phase has a slice of the kernel and an insert, each set of them a convolution.

        Example: kernel 257 and stride 256 on both axes are 65,536 phases, 196,608 ops of linalg
        and more.
        """
        phases = count_phase_pairs(workload.geometry.height, workload.geometry.width)
        is_lowered = floor != "decomposed"
        each = FEW_OPS + phases + (count_interleave_ops(phases) if is_lowered else 0)
        if each > at_most:
            return each
        blocks = self.plan(workload.geometry).blocks
        return each + len(blocks) * _ops_of_block(workload, is_lowered)

    def what_makes_many(self, geometry: ConvTranspose2dGeometry) -> str:
        return f"{count_phase_pairs(geometry.height, geometry.width)} phases"

    def numbers(self, workload: Workload) -> Iterator[Number]:
        """The sizes of each cut of the input, and the channels of its phases."""
        geometry = workload.geometry
        for block in self.plan(geometry).blocks:
            height, width = (window.size for window in block.windows)
            yield from (Number(size, "padded inputs of an axis") for size in (height, width))
            yield Number(geometry.batch * height * width, "padded pixels")
            yield Number(block.phase_count * geometry.out_channels, "channels of phases")
        yield from result_numbers(workload)


def _stage_of(block: Block, workload: Workload) -> Stage:
    """The convolution of a block."""
    geometry = workload.geometry
    contraction = Contraction(
        geometry.groups,
        geometry.batch * prod(block.size),
        block.phase_count * geometry.out_channels_per_group,
        prod(block.taps) * geometry.in_channels_per_group,
        runs=geometry.batch * block.size[0],
    )
    cut = geometry.batch * geometry.in_channels * prod(window.size for window in block.windows)
    return contraction_stage(contraction, cut, workload, workload.element_bytes)


def _ops_of_block(workload: Workload, is_lowered: bool) -> int:
    """Ops around one convolution: its cut, reshapes, conversions, bias."""
    if not is_lowered:
        return 4
    is_narrow = workload.element_bytes < workload.sum_bytes
    return 12 + 8 * is_narrow + 6 * workload.is_finished


STRATEGY = SubPixel()
