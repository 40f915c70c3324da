"""The stride-1 convolution that takes the place of a transposed one, or of a part of it."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import Attribute, SSAValue

from ..dialect import ttnn
from ..dialect.geometry import flattened
from ..dialect.verify_shapes import shape_of
from . import build


@dataclass(frozen=True)
class ConvolutionPiece:
    """Shapes (N, H, W, C) of what a convolution reads and makes; its (height, width) dilation."""

    input_shape: tuple[int, int, int, int]
    output_shape: tuple[int, int, int, int]
    dilation: tuple[int, int]


def build_conv2d(
    op: ttnn.ConvTranspose2dOp,
    piece: ConvolutionPiece,
    pixels: SSAValue,
    kernel: SSAValue,
    bias: SSAValue | None,
) -> SSAValue:
    """Build `ttnn.conv2d` on flattened pixels, configured as `op` is.

    Its result has the type of the op's where it has its shape, and is bare otherwise.
    """
    batch, height, width, channels = piece.input_shape
    properties: dict[str, Attribute] = {
        "batch_size": build.i32_attr(batch),
        "dilation": build.i32_array(piece.dilation),
        "groups": op.groups,
        "in_channels": build.i32_attr(channels),
        "input_height": build.i32_attr(height),
        "input_width": build.i32_attr(width),
        "kernel_size": build.i32_array(shape_of(kernel)[2:]),
        "out_channels": build.i32_attr(piece.output_shape[3]),
        "padding": build.i32_array((0, 0)),
        "stride": build.i32_array((1, 1)),
    }
    for name in ("compute_config", "conv2d_config", "conv2d_slice_config", "dtype"):
        if (attribute := op.properties.get(name)) is not None:
            properties[name] = attribute
    operands = [pixels, kernel, *([bias] if bias is not None else []), op.device]
    shape = flattened(piece.output_shape)
    same_form = shape_of(op.result) == shape
    result_type = op.result.type if same_form else build.bare_type(op.result, shape)
    return build.create(ttnn.Conv2dOp, operands, properties, result_type, "convolved")
