"""The verifier of `ttir.conv_transpose2d`, worded as tt-mlir words them where it has the check."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import DYNAMIC_INDEX

from ..geometry.transposed import ConvTranspose2dGeometry
from ..tensor_types import agrees, fail, shape_of, shape_text, shapes_agree
from ..ttnn.verify_convolution import verify_element_types
from .attributes import read_pair, read_ttir_padding
from .convolution import Convolution, ConvTranspose2dOp

FLATTENED_DIMENSION = 2
"""Where N*H*W stands in the flattened form."""


def verify_conv_transpose2d(op: ConvTranspose2dOp) -> None:
    """All checks of `ttir.conv_transpose2d`, in tt-mlir's order."""
    verify_operands(op)
    verify_flattened_input(op)
    _verify_batch(op)
    _verify_transposed_ranges(op)
    verify_groups_and_sizes(op)
    _verify_transposed_channels(op)
    _verify_bias(op)
    _verify_transposed_result(op)
    verify_types(op)


def verify_operands(op: Convolution) -> None:
    if len(op.bias_and_destination) > 2:
        fail(op, f"expected 2 to 4 operands, got {len(op.operands)}")
    order = op.order.to_nhwc
    if sorted(order) != [0, 1, 2, 3]:
        fail(
            op,
            "expected batch_dim, height_dim, width_dim and channel_dim to be 0, 1, 2 and 3 in some "
            f"order, got {', '.join(map(str, order))}",
        )
    for name, value in (
        ("Input", op.input),
        ("Output", op.result),
        ("Weight", op.weight),
        ("Bias", op.bias),
    ):
        if value is not None and len(shape_of(value)) != 4:
            fail(op, f"{name} must be a 4D tensor")
    destination = op.destination
    if destination is not None and destination.type != op.result.type:
        fail(op, f"expected a destination of type {op.result.type}, got {destination.type}")


def verify_flattened_input(op: Convolution) -> None:
    info = op.flattened_compat_info
    if info is None:
        return
    batch, height, width = info.sizes
    expected, actual = prod(info.sizes), shape_of(op.input)[FLATTENED_DIMENSION]
    if not agrees(actual, expected):
        fail(
            op,
            f"The input tensor's flattened dimension ({actual}) does not match the product of "
            "batch_size * input_height * input_width from FlattenedCompatInfo "
            f"({batch} * {height} * {width} = {expected}).",
        )
    if not op.order.is_nhwc:
        got = ", ".join(map(str, op.order.to_nhwc))
        fail(op, f"expected the default order of dimensions where flattened, got {got}")
    for name, value in (("input", op.input), ("output", op.result)):
        if not shapes_agree(front := shape_of(value)[:2], (1, 1)):
            fail(
                op,
                f"expected the first two dimensions of a flattened {name} to be (1, 1), "
                f"got {shape_text(front)}",
            )


def _verify_batch(op: Convolution) -> None:
    if op.flattened_compat_info is not None:
        return
    place = op.order.batch
    if not agrees(shape_of(op.input)[place], shape_of(op.result)[place]):
        fail(op, "Batch size of input and output tensors must match")


def _verify_transposed_ranges(op: ConvTranspose2dOp) -> None:
    try:
        if min(read_pair(op.stride, "stride")) < 1:
            fail(op, "Stride values must be greater than 0")
        if min(read_ttir_padding(op.padding)) < 0:
            fail(op, "Padding values must be greater or equal than 0")
        if min(read_pair(op.output_padding, "output padding")) < 0:
            fail(op, "Output padding values must be greater or equal than 0")
        if min(read_pair(op.dilation, "dilation")) < 1:
            fail(op, "Dilation values must be greater than 0")
    except ValueError as error:
        fail(op, str(error))


def verify_groups_and_sizes(op: Convolution) -> None:
    """What tt-mlir takes for granted: nothing is divided by zero, no kernel or image is empty."""
    _, height, width = op.input_sizes
    checks = (
        ("groups", (op.groups.value.data,)),
        ("an input size", (height, width)),
        ("a weight", shape_of(op.weight)),
    )
    for name, sizes in checks:
        if any(size < 1 and size != DYNAMIC_INDEX for size in sizes):
            what = "'groups'" if name == "groups" else name
            fail(op, f"expected {what} of at least 1, got {', '.join(map(str, sizes))}")


def channels_of(op: Convolution) -> tuple[int, int]:
    place = op.order.channel
    return shape_of(op.input)[place], shape_of(op.result)[place]


def _verify_transposed_channels(op: ConvTranspose2dOp) -> None:
    inputs, outputs = channels_of(op)
    groups = op.groups.value.data
    weight = shape_of(op.weight)
    for what, channels in (("input", inputs), ("output", outputs)):
        if channels != DYNAMIC_INDEX and channels % groups:
            fail(
                op,
                f"Number of {what} channels from {what} tensor must be divisible by the number of "
                f"groups. Got {channels} {what} channels and {groups} groups.",
            )
    if not agrees(weight[0], inputs):
        fail(
            op,
            "Number of input channels from input tensor must match the first dimension of the "
            f"weight tensor. Got {inputs} input channels and {weight[0]} in the weight tensor.",
        )
    per_group = outputs if outputs == DYNAMIC_INDEX else outputs // groups
    if not agrees(weight[1], per_group):
        fail(
            op,
            "Number of output channels per group must match the second dimension of the weight "
            f"tensor. Got {per_group} output channels per group and {weight[1]} in the weight "
            "tensor.",
        )


def _verify_bias(op: ConvTranspose2dOp) -> None:
    if op.bias is None:
        return
    _, outputs = channels_of(op)
    shape = shape_of(op.bias)
    got = shape[op.order.channel]
    if not agrees(got, outputs):
        fail(
            op,
            f"Mismatch in bias tensor dimensions. Bias tensor has {got} channels, but the output "
            f"tensor has {outputs} channels.",
        )
    verify_bias_form(op, shape, outputs)


def verify_bias_form(op: Convolution, shape: Sequence[int], channels: int) -> None:
    expected = [1, 1, 1, 1]
    expected[op.order.channel] = channels
    if not shapes_agree(shape, expected):
        fail(op, f"expected a bias of shape {shape_text(expected)}, got {shape_text(shape)}")


def _verify_transposed_result(op: ConvTranspose2dOp) -> None:
    geometry = op.geometry()
    sizes = (geometry.height.size, geometry.width.size, *geometry.weight_shape)
    if DYNAMIC_INDEX in sizes:
        return
    _, height, width, _ = geometry.output_shape
    if height < 1 or width < 1:
        fail(
            op,
            f"Given input size per channel: ({geometry.height.size} x {geometry.width.size}). "
            f"Calculated output size per channel: ({height} x {width}). Output size is too small",
        )
    shape, order = shape_of(op.result), op.order
    if op.flattened_compat_info is not None:
        _verify_flattened_result(op, geometry, shape[FLATTENED_DIMENSION])
        return
    got = (shape[order.height], shape[order.width])
    if not shapes_agree(got, (height, width)):
        fail(
            op,
            "Mismatch between expected output size per channel and got output tensor dimensions. "
            f"Expected: ({height} x {width}), got: ({got[0]} x {got[1]}).",
        )


def _verify_flattened_result(
    op: ConvTranspose2dOp, geometry: ConvTranspose2dGeometry, got: int
) -> None:
    expected = prod(geometry.output_shape[:3])
    if not agrees(got, expected):
        fail(
            op,
            f"Mismatch between expected flattened NHW dim size. Expected: {expected}, got: {got}.",
        )


def verify_types(op: Convolution) -> None:
    values = {"input": op.input, "weight": op.weight, "result": op.result}
    if op.bias is not None:
        values["bias"] = op.bias
    verify_element_types(op, values)
