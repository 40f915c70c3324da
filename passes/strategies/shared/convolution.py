"""The stride-1 convolution that takes the place of a transposed one, or of a part of it."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import SSAValue

from ....dialect import build, i32, ttnn
from ....dialect.geometry.shapes import flattened
from ....dialect.tensor_types import shape_of


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
    properties = i32.properties(
        {
            "batch_size": batch,
            "dilation": piece.dilation,
            "in_channels": channels,
            "input_height": height,
            "input_width": width,
            "kernel_size": shape_of(kernel)[2:],
            "out_channels": piece.output_shape[3],
            "padding": (0, 0),
            "stride": (1, 1),
        }
    )
    properties["groups"] = op.groups
    for name in ("compute_config", "conv2d_config", "conv2d_slice_config", "dtype"):
        if (attribute := op.properties.get(name)) is not None:
            properties[name] = attribute
    operands = [pixels, kernel, *([bias] if bias is not None else []), op.device]
    shape = flattened(piece.output_shape)
    same_form = shape_of(op.result) == shape
    result_type = op.result.type if same_form else build.bare_type(op.result, shape)
    return build.create(ttnn.Conv2dOp, operands, properties, result_type, "convolved")
