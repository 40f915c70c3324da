"""The stride-1 convolution that takes the place of a transposed one, or of a part of it."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import SSAValue

from ....dialect import build, ttnn
from ....dialect.geometry.plain import Conv2dGeometry, ConvAxis
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
    batch, *sizes, channels = piece.input_shape
    height, width = (
        ConvAxis(size, kernel, dilation=dilation)
        for size, kernel, dilation in zip(sizes, shape_of(kernel)[2:], piece.dilation, strict=True)
    )
    groups = op.groups.value.data
    geometry = Conv2dGeometry(batch, channels, piece.output_shape[3], groups, height, width)
    names = ("compute_config", "conv2d_config", "conv2d_slice_config", "dtype")
    kept = {name: op.properties[name] for name in names if name in op.properties}
    operands = [pixels, kernel, *([bias] if bias is not None else []), op.device]
    shape = flattened(piece.output_shape)
    same_form = shape_of(op.result) == shape
    result_type = op.result.type if same_form else build.bare_type(op.result, shape)
    return build.named(
        ttnn.Conv2dOp.from_geometry(geometry, operands, result_type, kept), "convolved"
    )
