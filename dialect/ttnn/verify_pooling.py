"""Verifiers of the ops that pool pixels and repeat them.

Where tt-mlir has the same check its wording is kept; the stricter checks speak in this project's
words.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..geometry import shapes as tensor_shapes
from ..geometry.shapes import flattened
from ..tensor_types import (
    agrees,
    element_type_of,
    fail,
    shape_of,
    shape_text,
    shapes_agree,
)
from .pooling import GlobalAvgPool2dOp, Pool2dOp, UpsampleOp, read_pool_padding
from .verify_convolution import is_float

UPSAMPLE_MODES = ("nearest", "bilinear")


def verify_pool2d(op: Pool2dOp) -> None:
    """All checks of a pooling with a window, tt-mlir's first and in its order."""
    for name, attribute in _pairs(op).items():
        if len(attribute) != 2:
            fail(op, f"expected 2 values in '{name}', got {len(attribute)}")
    _verify_kernel(op)
    _verify_pool_input(op)
    _verify_ranges(op)
    _verify_pool_result(op)


def _pairs(op: Pool2dOp) -> dict[str, Sequence[int]]:
    return {
        "kernel_size": op.kernel_size.get_values(),
        "stride": op.stride.get_values(),
        "dilation": op.dilation.get_values(),
    }


def _verify_kernel(op: Pool2dOp) -> None:
    try:
        top, bottom, left, right = read_pool_padding(op.padding.get_values())
    except ValueError as error:
        fail(op, str(error))
    _, height, width, _ = op.input_sizes
    kernel = op.kernel_size.get_values()
    axes = (("height", kernel[0], height, top + bottom), ("width", kernel[1], width, left + right))
    for name, taps, size, padding in axes:
        if taps > size + padding:
            fail(
                op,
                f"Kernel {name} {taps} is greater than input {name} {size}. "
                f"This {op.name} configuration is invalid.",
            )


def _verify_pool_input(op: Pool2dOp) -> None:
    shape = shape_of(op.input)
    text = shape_text(shape)
    batch, height, width, channels = op.input_sizes
    if len(shape) != 4:
        fail(
            op,
            f"Input tensor rank must be 4. Received input with rank {len(shape)}. Shape: {text}.",
        )
    if not shapes_agree(shape[:2], (1, 1)):
        fail(op, f"{op.name} input must be in the form (1, 1, N*H*W, C). Received shape {text}.")
    pixels = batch * height * width
    if not agrees(shape[2], pixels):
        fail(
            op,
            f"{op.name} shape {text} at dim -2 must be equal to N*H*W. However the attributes "
            f"given are N={batch}, H={height}, W={width}. "
            f"{batch}*{height}*{width} != {shape[2]}.",
        )
    if not agrees(shape[3], channels):
        fail(
            op,
            f"{op.name} shape {text} at dim -3 must be equal to C. However the attribute given "
            f"is C={channels}. {shape[3]} != {channels}",
        )


def _verify_ranges(op: Pool2dOp) -> None:
    batch, height, width, channels = op.input_sizes
    checks: list[tuple[str, Sequence[int], int]] = [
        *((name, values, 1) for name, values in _pairs(op).items()),
        ("padding", op.padding.get_values(), 0),
        ("batch_size", (batch,), 0),
        ("input_height", (height,), 1),
        ("input_width", (width,), 1),
        ("channels", (channels,), 1),
    ]
    for name, values, minimum in checks:
        if any(value < minimum for value in values):
            got = ", ".join(map(str, values))
            fail(op, f"expected '{name}' of at least {minimum}, got {got}")


def _verify_pool_result(op: Pool2dOp) -> None:
    output = op.pool_geometry().output_shape
    if min(output[1:3]) < 1:
        fail(op, f"expected an output size of at least 1, got {shape_text(output[1:3])}")
    expected, got = flattened(output), shape_of(op.result)
    if not shapes_agree(got, expected):
        fail(
            op,
            f"expected a flattened output of shape {shape_text(expected)}, got {shape_text(got)}",
        )
    _verify_element_types(op)


def _verify_element_types(op: Pool2dOp | GlobalAvgPool2dOp | UpsampleOp) -> None:
    before, after = element_type_of(op.input), element_type_of(op.result)
    if before != after and not (is_float(before) and is_float(after)):
        fail(op, f"expected element types that are equal or floats, got {before}, {after}")


def verify_global_avg_pool2d(op: GlobalAvgPool2dOp) -> None:
    """tt-mlir's check of the rank; the shape of the result."""
    shape, got = shape_of(op.input), shape_of(op.result)
    if len(shape) != 4:
        fail(op, "input tensor must be a 4D tensor")
    expected = (shape[0], 1, 1, shape[3])
    if not shapes_agree(got, expected):
        fail(op, f"expected a result of shape {shape_text(expected)}, got {shape_text(got)}")
    _verify_element_types(op)


def verify_upsample(op: UpsampleOp) -> None:
    """All checks of `ttnn.upsample`, in tt-mlir's order."""
    before, after = shape_of(op.input), shape_of(op.result)
    for name, shape in (("input", before), ("output", after)):
        if len(shape) != 4:
            fail(op, f"Expected rank of {name} tensor is 4, got rank {len(shape)}")
    try:
        expected = tensor_shapes.upsample_shape(before, op.scale_factors)
    except ValueError as error:
        fail(op, str(error))
    for axis, name in ((1, "H"), (2, "W")):
        if not agrees(after[axis], expected[axis]):
            fail(
                op,
                f"Expected output {name} dimension to be input {name} dimension * scale{name} = "
                f"{expected[axis]}, got {after[axis]}",
            )
    for axis, name in ((0, "N"), (3, "C")):
        if not agrees(after[axis], expected[axis]):
            fail(
                op,
                f"Expected output {name} dimension to be {expected[axis]}, got {after[axis]}",
            )
    if op.mode.data not in UPSAMPLE_MODES:
        fail(op, f'Expected modes are ({", ".join(UPSAMPLE_MODES)}), got "{op.mode.data}"')
    _verify_element_types(op)
