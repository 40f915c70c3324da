"""Verifiers of the `stablehlo` ops, in this project's words."""

from __future__ import annotations

from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.ir import Operation

from ..tensor_types import agrees, fail, shape_of, shape_text, shapes_agree
from ..ttnn.verify_tensor import verify_same_element_type
from .convolution import ConvolutionOp


def verify_same_types(op: Operation) -> None:
    """Operands and result have one element type and one shape, as far as sizes are known."""
    verify_same_element_type(op)
    shapes = [shape_of(value) for value in (*op.operands, *op.results)]
    if not all(shapes_agree(shape, other) for shape in shapes for other in shapes):
        got = ", ".join(map(shape_text, shapes))
        fail(op, f"expected operands and result of one shape, got {got}")


def verify_convolution(op: ConvolutionOp) -> None:
    """Ranks, window, groups, channels, and the result's shape."""
    dimensions = op.dimensions
    rank = dimensions.spatial_rank + 2
    for name, value in (("lhs", op.lhs), ("rhs", op.rhs), ("result", op.result)):
        if (got := len(shape_of(value))) != rank:
            fail(op, f"expected {name} of rank {rank}, as dim_numbers say, got rank {got}")
    _verify_window(op)
    _verify_groups(op)
    expected = result_shape(op)
    if not shapes_agree(shape_of(op.result), expected):
        got = shape_text(shape_of(op.result))
        fail(op, f"expected a result of shape {shape_text(expected)}, got {got}")


def _verify_window(op: ConvolutionOp) -> None:
    rank = op.dimensions.spatial_rank
    if op.padding is not None and op.padding.get_shape() != (rank, 2):
        got = shape_text(op.padding.get_shape())
        fail(op, f"expected padding of shape ({rank}, 2), got {got}")
    for name, values, least in (
        ("window_strides", op.strides, 1),
        ("lhs_dilation", op.lhs_dilations, 1),
        ("rhs_dilation", op.rhs_dilations, 1),
        ("window_reversal", op.reversals, 0),
    ):
        if len(values) != rank:
            fail(op, f"expected {rank} values in '{name}', got {len(values)}")
        if any(value < least for value in values):
            got = ", ".join(map(str, values))
            fail(op, f"expected '{name}' of at least {least}, got {got}")


def _verify_groups(op: ConvolutionOp) -> None:
    groups, batch_groups = op.group_counts
    if groups < 1 or batch_groups < 1 or (groups > 1 and batch_groups > 1):
        fail(
            op,
            "expected feature_group_count and batch_group_count of at least 1, one of them 1, "
            f"got {groups} and {batch_groups}",
        )
    dimensions = op.dimensions
    batch, features = (shape_of(op.lhs)[dimensions.input_order[place]] for place in (0, -1))
    inputs, outputs = (shape_of(op.rhs)[index] for index in dimensions.kernel_order[:2])
    for what, size, divisor in (
        ("input features", features, groups),
        ("output features", outputs, groups),
        ("output features", outputs, batch_groups),
        ("a batch", batch, batch_groups),
    ):
        if size != DYNAMIC_INDEX and size % divisor:
            fail(op, f"expected {what} divisible by {divisor} groups, got {size}")
    per_group = features if features == DYNAMIC_INDEX else features // groups
    if not agrees(inputs, per_group):
        fail(op, f"expected a kernel of {per_group} input features, got {inputs}")


def result_shape(op: ConvolutionOp) -> tuple[int, ...]:
    """The shape that the operands and the window give."""
    dimensions = op.dimensions
    batch, *sizes, _ = (shape_of(op.lhs)[index] for index in dimensions.input_order)
    _, outputs, *taps = (shape_of(op.rhs)[index] for index in dimensions.kernel_order)
    batches = batch if batch == DYNAMIC_INDEX else batch // op.group_counts[1]
    spatial = (
        _output_size(op, axis, size, count)
        for axis, (size, count) in enumerate(zip(sizes, taps, strict=True))
    )
    shape = [0] * len(dimensions.output)
    for place, size in zip(dimensions.output_order, (batches, *spatial, outputs), strict=True):
        shape[place] = size
    return tuple(shape)


def _output_size(op: ConvolutionOp, axis: int, size: int, taps: int) -> int:
    if DYNAMIC_INDEX in (size, taps):
        return DYNAMIC_INDEX
    dilated = (size - 1) * op.lhs_dilations[axis] + 1 if size else 0
    extent = op.rhs_dilations[axis] * (taps - 1) + 1 if taps else 0
    padded = dilated + sum(op.pads[axis])
    return 0 if padded < extent else (padded - extent) // op.strides[axis] + 1
