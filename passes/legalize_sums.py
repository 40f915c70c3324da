"""col2im and finish as ops that TTNN has: sums stay in the type they are kept in until the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ..dialect import build, deconv
from ..dialect.geometry.phases import Phase, filled_phase_pairs
from ..dialect.geometry.windows import Window
from ..dialect.guards import check_config, check_op_count, check_static, refuse
from ..dialect.numerics import accumulator_of
from ..dialect.tensor_types import element_type_of, shape_of, tensor_type
from .activations import OPS_BY_NAME, build_activation
from .op_counts import count_phase_pairs, count_tap_pairs


def _products_by_pixel(op: deconv.Col2ImOp, products: SSAValue) -> SSAValue:
    """G,N*H*W,KH*KW*O/G -> N,H,W,KH*KW*O."""
    height, width = op.axes()
    groups, pixels, columns = shape_of(products)
    taps = height.kernel * width.kernel
    value = products
    if groups > 1:
        split = build.reshape(value, (groups, pixels, taps, columns // taps), "split_products")
        value = build.permute(split, (1, 2, 0, 3), "products_by_pixel")
    shape = (shape_of(op.result)[0], height.size, width.size, groups * columns)
    return build.reshape(value, shape, "products_by_pixel")


@dataclass(frozen=True)
class OverlapAddBuilder:
    """Builds the sums of one col2im from the products of every pixel, (N, H, W, KH*KW*O)."""

    op: deconv.Col2ImOp
    products: SSAValue

    def landed(self, windows: Sequence[Window], taps: tuple[int, int]) -> SSAValue:
        """The products of one tap, one for each output of a phase, zero where nothing lands."""
        batch, channels = shape_of(self.products)[0], shape_of(self.op.result)[3]
        number = taps[0] * self.op.axes()[1].kernel + taps[1]
        bounds = [(window.start, window.stop) for window in windows]
        pads = [(window.pad_low, window.pad_high) for window in windows]
        columns = (number * channels, (number + 1) * channels)
        piece = build.slice_static(self.products, [(0, batch), *bounds, columns], "tap_products")
        return build.pad(piece, [(0, 0), *pads, (0, 0)], "landed")

    def phase_sums(self, row: Phase, column: Phase) -> SSAValue | None:
        """What lands on the outputs of a phase, added up: (N, Q_h, Q_w, O). None if nothing."""
        height, width = shape_of(self.products)[1:3]
        landed: list[SSAValue] = []
        for i, j in product(range(len(row.taps)), range(len(column.taps))):
            windows = (row.tap_window(i, height), column.tap_window(j, width))
            if all(window.start < window.stop for window in windows):
                landed.append(self.landed(windows, (row.taps[i], column.taps[j])))
        if not landed:
            return None
        return reduce(lambda left, right: build.add(left, right, "phase_sums"), landed)

    def result(self) -> SSAValue:
        """All phases, interleaved: (N, H_out, W_out, O)."""
        height, width = self.op.axes()
        sums: list[SSAValue] = []
        offsets: list[tuple[list[int], list[int]]] = []
        for row, column in product(*filled_phase_pairs(height, width)):
            value = self.phase_sums(row, column)
            if value is not None:
                sums.append(value)
                offsets.append(([row.offset], [column.offset]))
        strides = (height.stride, width.stride)
        if strides == (1, 1) and sums:
            return sums[0]
        type_ = build.bare_type(self.products, shape_of(self.op.result))
        return build.named(deconv.InterleaveOp(sums, None, strides, offsets, type_), "sums")


@dataclass(frozen=True)
class LegalizeCol2Im(RewritePattern):
    """col2im -> for every phase the sum of the slices that land there; an interleave of them."""

    max_ops: int

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.Col2ImOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        taps, phases = count_tap_pairs(*op.axes()), count_phase_pairs(*op.axes())
        check_op_count(op, 3 * taps + 2 * phases, f"{taps} taps", self.max_ops)

        with build.rewriting(op, rewriter):
            products = build.typecast(op.products, accumulator_of(op), "products")
            sums = OverlapAddBuilder(op, _products_by_pixel(op, products)).result()
            result = build.typed(sums, tensor_type(op.result))

        rewriter.replace(op, [], [result])


def _check_config(op: deconv.FinishOp) -> None:
    """Refuse a configuration that says what no op here does."""
    check_config(op, op.conv2d_config)
    activation = op.activation()
    if activation is not None and activation.name not in OPS_BY_NAME:
        expected = ", ".join(OPS_BY_NAME)
        refuse(op, f"expected an activation among {expected}, got {activation.name}")


@dataclass(frozen=True)
class LegalizeFinish(RewritePattern):
    """finish -> add, the op of the activation, typecast; narrow floats are widened first."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.FinishOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        _check_config(op)

        shape, activation = shape_of(op.input), op.activation()
        wide = accumulator_of(op)

        with build.rewriting(op, rewriter):
            value = build.typecast(op.input, wide, "sums")
            if op.bias is not None:
                bias = build.reshape(op.bias, (*[1] * (len(shape) - 1), shape[-1]), "bias")
                value = build.add(value, build.typecast(bias, wide, "bias"), "biased")
            if activation is not None:
                value = build_activation(activation, value)
            value = build.typecast(value, element_type_of(op.result), "finished")
            result = build.typed(value, tensor_type(op.result))

        rewriter.replace(op, [], [result])
