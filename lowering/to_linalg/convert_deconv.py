"""The deconv ops that put a decomposed convolution together -> tensor and linalg ops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import deconv
from ...dialect.geometry.phases import Phase, count_phases, filled_phase_pairs
from ...dialect.guards import check_config, check_static
from ...dialect.numerics import accumulator_of
from ...dialect.tensor_types import element_type_of, shape_of
from .. import movement, scalars, tensors
from .lower import lower


@dataclass(frozen=True)
class LowerInterleave(RewritePattern):
    """interleave -> a strided insert for every phase, into the background where one is left."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.InterleaveOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)

        lower(op, rewriter, lambda: _interleave(op))


def _background(op: deconv.InterleaveOp) -> SSAValue:
    shape = shape_of(op.result)
    element_type = scalars.signless(element_type_of(op.result))
    strides = op.strides.get_values()
    covered = sum(len(rows) * len(columns) for rows, columns in op.phases())
    if covered == min(strides[0], shape[1]) * min(strides[1], shape[2]):
        return tensors.empty(shape, element_type)
    if op.background is None:
        return tensors.zeros(shape, element_type, "background")
    channels = movement.reshape(tensors.bare(op.background), (shape[3],), "channels")
    type_ = TensorType(element_type, shape)
    return tensors.elementwise([channels], type_, lambda args: args[0], "background")


def _interleave(op: deconv.InterleaveOp) -> SSAValue:
    result, strides = _background(op), op.strides.get_values()
    channels = shape_of(op.result)[3]
    for (rows, columns), block in zip(op.phases(), op.blocks, strict=True):
        value = tensors.bare(block)
        sizes = (*shape_of(value)[:3], channels)
        if 0 in sizes:
            continue
        for number, (row, column) in enumerate((r, c) for r in rows for c in columns):
            phase = value
            if len(rows) * len(columns) > 1:
                offsets = (0, 0, 0, number * channels)
                phase = tensors.extract_slice(value, offsets, sizes, (1, 1, 1, 1), "phase")
            steps = (1, *strides, 1)
            result = tensors.insert_slice(phase, result, (0, row, column, 0), steps, "interleaved")
    return result


@dataclass(frozen=True)
class LowerFinish(RewritePattern):
    """finish -> one generic: bias, activation, rounding."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.FinishOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        source, target = element_type_of(op.input), element_type_of(op.result)
        activation = op.activation()
        check_config(op, op.conv2d_config)
        wide = accumulator_of(op)
        scalars.check_activation(op, activation, wide)
        bias_type = None if op.bias is None else element_type_of(op.bias)

        def body(args: Sequence[SSAValue]) -> SSAValue:
            value = scalars.convert(args[0], source, wide)
            if bias_type is not None:
                value = scalars.add(value, scalars.convert(args[1], bias_type, wide))
            if activation is not None:
                value = scalars.activate(value, activation, wide)
            return scalars.convert(value, wide, target)

        def build() -> SSAValue:
            inputs = [tensors.bare(op.input)]
            if op.bias is not None:
                bias = tensors.bare(op.bias)
                inputs.append(movement.reshape(bias, shape_of(bias)[-1:], "bias"))
            type_ = TensorType(scalars.signless(target), shape_of(op.result))
            return tensors.elementwise(inputs, type_, body, "finished")

        lower(op, rewriter, build)


@dataclass(frozen=True)
class LowerCol2Im(RewritePattern):
    """col2im -> one sum for every phase, of the products that land there, inserted with strides."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.Col2ImOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)

        lower(op, rewriter, lambda: _overlap_add(op))


def _overlap_add(op: deconv.Col2ImOp) -> SSAValue:
    height, width = op.axes()
    shape = shape_of(op.result)
    source, wide = element_type_of(op.products), scalars.accumulator(op)
    products = tensors.converted(tensors.bare(op.products), source, wide, "wide_products")
    products = _products_by_pixel(products, op)
    rows, columns = filled_phase_pairs(height, width)
    complete = len(rows) * len(columns) == count_phases(height) * count_phases(width)
    make = tensors.empty if complete else tensors.zeros
    result = make(shape, wide)
    for row, column in product(rows, columns) if shape[0] else ():
        landed = [
            _landed(products, (row, column), (i, j))
            for i, j in product(range(len(row.taps)), range(len(column.taps)))
        ]
        offsets, strides = (0, row.offset, column.offset, 0), (1, height.stride, width.stride, 1)
        result = tensors.insert_slice(_sum(landed), result, offsets, strides, "sums")
    return tensors.converted(result, wide, element_type_of(op.result))


def _products_by_pixel(products: SSAValue, op: deconv.Col2ImOp) -> SSAValue:
    """G,N*H*W,KH*KW*O/G -> N,H,W,KH,KW,O."""
    height, width = op.axes()
    groups, pixels, columns = shape_of(products)
    batch = shape_of(op.result)[0]
    outer = columns // (height.kernel * width.kernel)
    sizes = (batch, height.size, width.size)
    taps = (height.kernel, width.kernel)
    if groups > 1:
        split = movement.reshape(products, (groups, pixels, *taps, outer), "split_products")
        products = movement.transpose(split, (1, 2, 3, 0, 4), "products_by_pixel")
    return movement.reshape(products, (*sizes, *taps, groups * outer), "products_by_pixel")


def _landed(
    products: SSAValue, phase_pair: tuple[Phase, Phase], number: tuple[int, int]
) -> SSAValue:
    """The products of one tap, one for each output of the phase, zero where no input reaches."""
    batch, *_, channels = shape_of(products)
    offsets, sizes, low, high, taps = [0], [batch], [0], [0], list[int]()
    for phase, index, size in zip(phase_pair, number, shape_of(products)[1:3], strict=True):
        window = phase.tap_window(index, size)
        offsets.append(window.start)
        sizes.append(window.stop - window.start)
        low.append(window.pad_low)
        high.append(window.pad_high)
        taps.append(phase.taps[index])
    piece = tensors.extract_slice(
        products, (*offsets, *taps, 0), (*sizes, 1, 1, channels), (1,) * 6, "tap_products"
    )
    pixels = movement.reshape(piece, (*sizes, channels), "tap_products")
    return tensors.pad(pixels, (*low, 0), (*high, 0), 0, "landed")


def _sum(values: list[SSAValue]) -> SSAValue:
    """The elementwise sum, in one generic."""
    if len(values) == 1:
        return values[0]

    def body(args: Sequence[SSAValue]) -> SSAValue:
        total = args[0]
        for arg in args[1:]:
            total = scalars.add(total, arg)
        return total

    type_ = tensors.like(values[0], shape_of(values[0]))
    return tensors.elementwise(values, type_, body, "phase_sums")


PATTERNS: tuple[RewritePattern, ...] = (LowerInterleave(), LowerFinish(), LowerCol2Im())
