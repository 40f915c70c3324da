"""ttnn.conv2d -> a named linalg convolution with what surrounds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from xdsl.dialects.builtin import DenseIntElementsAttr, TensorType, i64
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Attribute, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import ttnn
from ...dialect.geometry.plain import Conv2dGeometry
from ...dialect.guards import check_config, check_static
from ...dialect.remarks import remark
from ...dialect.tensor_types import element_type_of, shape_of, shape_text
from ...dialect.ttnn.configs import Activation
from ...passes.strategies.shared.weight import precision_of
from .. import movement, scalars, tensors
from .lower import lower


@dataclass(frozen=True)
class Conv2dPlan:
    """A convolution as the linalg floor computes it.

    `accumulator` is the element type of the sums, `precision` a narrower float that weights are
    rounded to first, `result` the declared element type (it may have a sign).
    """

    geometry: Conv2dGeometry
    accumulator: Attribute
    precision: Attribute | None
    activation: Activation | None
    result: Attribute

    @property
    def pixel_shape(self) -> tuple[int, int, int, int]:
        """(N, H_out, W_out, O)."""
        return self.geometry.output_shape


def plan_conv2d(op: ttnn.Conv2dOp) -> Conv2dPlan:
    """Check a convolution and plan its lowering.

    Raises: PassFailedException for what only a device could compute.
    """
    check_static(op)
    geometry, result = op.geometry(), element_type_of(op.result)
    check_config(op, op.conv2d_config)
    scalars.check_activation(op, op.activation(), result)
    return Conv2dPlan(geometry, scalars.accumulator(op), precision_of(op), op.activation(), result)


def _pair(values: tuple[int, int]) -> DenseIntElementsAttr:
    return DenseIntElementsAttr.from_list(TensorType(i64, [2]), values)  # pyright: ignore


def _taps(kernel: SSAValue, plan: Conv2dPlan, source: Attribute) -> SSAValue:
    """The kernel as the named op wants it, then rounded and widened.

    O,C,KH,KW -> KH,KW,C,O without groups; O,C/G,KH,KW -> G,O/G,C/G,KH,KW -> G,O/G,KH,KW,C/G with.
    """
    groups = plan.geometry.groups
    if groups == 1:
        taps = movement.transpose(kernel, (2, 3, 1, 0), "taps")
    else:
        outer = plan.geometry.out_channels // groups
        split_shape = (groups, outer, *plan.geometry.weight_shape[1:])
        split = movement.reshape(kernel, split_shape, "split_kernel")
        taps = movement.transpose(split, (0, 1, 3, 4, 2), "taps")
    if plan.precision is not None:
        taps = tensors.rounded(taps, plan.precision)
    return tensors.converted(taps, source, plan.accumulator, "wide_taps")


MAX_SEPARATE_TAPS = 16
"""Up to so many taps in one row or column are matmuls of their own."""


def _is_one_dimensional(geometry: Conv2dGeometry) -> bool:
    """Whether a kernel is a short row or column of taps, or a single one.

    IREE runs a matmul for each tap of those 5 to 10 times faster than the named convolution; where
    both axes have taps the convolution is as fast (benchmarks/vs_iree.py).
    """
    rows, columns = geometry.height.kernel, geometry.width.kernel
    return geometry.groups == 1 and min(rows, columns) == 1 and rows * columns <= MAX_SEPARATE_TAPS


def _multiply_taps(image: SSAValue, taps: SSAValue, plan: Conv2dPlan) -> SSAValue:
    """The convolution of the padded image (N, H, W, C) as one matmul for each tap."""
    geometry = plan.geometry
    height, width = geometry.height, geometry.width
    batch, rows, columns, outer = plan.pixel_shape
    inner = geometry.in_channels
    sums = tensors.zeros((batch * rows * columns, outer), plan.accumulator, "init")
    for row, column in product(range(height.kernel), range(width.kernel)):
        offsets = (0, row * height.dilation, column * width.dilation, 0)
        strides = (1, height.stride, width.stride, 1)
        seen = tensors.extract_slice(image, offsets, (batch, rows, columns, inner), strides, "seen")
        weights = tensors.extract_slice(
            taps, (row, column, 0, 0), (1, 1, inner, outer), (1, 1, 1, 1), "tap"
        )
        operands = [
            movement.reshape(seen, (batch * rows * columns, inner), "pixels"),
            movement.reshape(weights, (inner, outer), "tap"),
        ]
        sums = tensors.named(linalg.MatmulOp(operands, [sums]).res[0], "sums")
    return movement.reshape(sums, plan.pixel_shape, "convolved")


def _convolve(image: SSAValue, taps: SSAValue, plan: Conv2dPlan) -> SSAValue:
    """The convolution of the padded image (N, H, W, C), both operands widened."""
    geometry = plan.geometry
    if _is_one_dimensional(geometry):
        return _multiply_taps(image, taps, plan)
    height, width, groups = geometry.height, geometry.width, geometry.groups
    strides = _pair((height.stride, width.stride))
    dilations = _pair((height.dilation, width.dilation))
    if groups == 1:
        init = tensors.zeros(plan.pixel_shape, plan.accumulator, "init")
        op = linalg.Conv2DNhwc_HwcfOp(
            [image, taps], [init], [init.type], strides=strides, dilations=dilations
        )
        return tensors.named(op.res[0], "convolved")
    *pixels, channels = shape_of(image)
    outer = geometry.out_channels // groups
    grouped = movement.reshape(image, (*pixels, groups, channels // groups), "grouped")
    init = tensors.zeros((*plan.pixel_shape[:3], groups, outer), plan.accumulator, "init")
    op = linalg.Conv2DNhwgcGfhwcOp(
        [grouped, taps], [init], [init.type], strides=strides, dilations=dilations
    )
    return movement.reshape(tensors.named(op.res[0], "convolved"), plan.pixel_shape, "pixels")


def finish(
    sums: SSAValue, bias: SSAValue | None, bias_type: Attribute | None, plan: Conv2dPlan
) -> SSAValue:
    """Add the bias, apply the activation and round, all in one pass over the sums."""
    if bias is None and plan.activation is None:
        return tensors.converted(sums, plan.accumulator, plan.result)

    def body(args: Sequence[SSAValue]) -> SSAValue:
        value = args[0]
        if bias_type is not None:
            value = scalars.add(value, scalars.convert(args[1], bias_type, plan.accumulator))
        if plan.activation is not None:
            value = scalars.activate(value, plan.activation, plan.result)
        return scalars.convert(value, plan.accumulator, plan.result)

    inputs = [sums] if bias is None else [sums, bias]
    type_ = TensorType(scalars.signless(plan.result), shape_of(sums))
    return tensors.elementwise(inputs, type_, body, "finished")


@dataclass(frozen=True)
class LowerConv2d(RewritePattern):
    """conv2d -> pad, conv_2d_nhwc_hwcf or conv_2d_nhwgc_gfhwc, and one generic behind it.

    One whose weight an unknown op prepared stays, with a remark.
    """

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.Conv2dOp, rewriter: PatternRewriter, /) -> None:
        if _is_prepared_elsewhere(op):
            return
        plan = plan_conv2d(op)

        lower(op, rewriter, lambda: _build(op, plan))


def _is_prepared_elsewhere(op: ttnn.Conv2dOp) -> bool:
    """Whether the weight has a layout only an unknown op knows: then the op is unknown as well."""
    expected, got = op.geometry().weight_shape, shape_of(op.weight)
    if got == expected:
        return False
    remark(
        f"'{op.name}' op stays: expected a weight of shape {shape_text(expected)}, "
        f"got {shape_text(got)}, which an unknown op prepared",
        op,
    )
    return True


def _build(op: ttnn.Conv2dOp, plan: Conv2dPlan) -> SSAValue:
    geometry = plan.geometry
    height, width = geometry.height, geometry.width
    image = movement.reshape(tensors.bare(op.input), geometry.input_shape, "image")
    low, high = (0, height.pad_low, width.pad_low, 0), (0, height.pad_high, width.pad_high, 0)
    image = tensors.pad(image, low, high, 0)
    image = tensors.converted(image, element_type_of(op.input), plan.accumulator, "wide_image")
    taps = _taps(tensors.bare(op.weight), plan, element_type_of(op.weight))
    sums = _convolve(image, taps, plan)
    bias = None if op.bias is None else tensors.bare(op.bias)
    bias_type = None if op.bias is None else element_type_of(op.bias)
    if bias is not None:
        bias = movement.reshape(bias, (geometry.out_channels,), "bias")
    pixels = finish(sums, bias, bias_type, plan)
    return movement.reshape(pixels, shape_of(op.result), "flattened")


PATTERNS: tuple[RewritePattern, ...] = (LowerConv2d(),)
