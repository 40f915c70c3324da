"""What a tiled contraction loops over: plans, computed without touching the IR."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import DenseIntElementsAttr
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Attribute
from xdsl.utils.exceptions import PassFailedException

from ...dialect.tensor_types import (
    as_tensor_type,
    element_type_of,
    is_static,
    shape_of,
)


@dataclass(frozen=True)
class TileSizes:
    """Rows, columns and depth of a tile matmul, in elements."""

    m: int = 32
    n: int = 32
    k: int = 32

    def __post_init__(self) -> None:
        for name, size in (("m", self.m), ("n", self.n), ("k", self.k)):
            if size < 1:
                raise PassFailedException(f"tile-{name}: expected at least 1, got {size}")


@dataclass(frozen=True)
class ConvPlan:
    """A padded convolution as matmuls: pixels are rows, output channels columns, taps the depth.

    Sizes are in elements; `in_channels` and `out_channels` are those of one group. A tile of rows
    is `tile_height` image rows of `tile_width` pixels: several rows only where they are whole.
    """

    batch: int
    height: int
    width: int
    groups: int
    in_channels: int
    out_channels: int
    kernel: tuple[int, int]
    strides: tuple[int, int]
    dilations: tuple[int, int]
    element_type: Attribute
    tiles: TileSizes

    @property
    def pixels(self) -> int:
        return self.batch * self.height * self.width

    @property
    def depth(self) -> int:
        """Elements of one patch of one group."""
        return self.kernel[0] * self.kernel[1] * self.in_channels

    @property
    def tile_width(self) -> int:
        return min(self.width, self.tiles.m)

    @property
    def tile_height(self) -> int:
        return max(1, min(self.height, self.tiles.m // self.tile_width))

    @property
    def is_depthwise(self) -> bool:
        return self.groups > 1 and self.in_channels == self.out_channels == 1


def _pair(attribute: DenseIntElementsAttr) -> tuple[int, int]:
    first, second = attribute.get_values()
    return (int(first), int(second))


Convolution = linalg.Conv2DNhwc_HwcfOp | linalg.Conv2DNhwgcGfhwcOp


def is_tileable(op: linalg.MatmulOp | Convolution) -> bool:
    """Whether an op works on tensors of known shape, with something in them, of one type."""
    values = (*op.inputs, *op.outputs)
    if not all(as_tensor_type(value.type) for value in values):
        return False
    if not all(is_static(shape_of(value)) and 0 not in shape_of(value) for value in values):
        return False
    return len({element_type_of(value) for value in values}) == 1


def plan_convolution(op: Convolution, tiles: TileSizes) -> ConvPlan:
    """The plan of a tileable named convolution."""
    output, taps = shape_of(op.outputs[0]), shape_of(op.inputs[1])
    if isinstance(op, linalg.Conv2DNhwc_HwcfOp):
        kernel, in_channels, out_channels, groups = taps[:2], taps[2], taps[3], 1
    else:
        kernel, in_channels, out_channels, groups = taps[2:4], taps[4], taps[1], taps[0]
    batch, height, width = output[:3]
    return ConvPlan(
        batch,
        height,
        width,
        groups,
        in_channels,
        out_channels,
        (kernel[0], kernel[1]),
        _pair(op.strides),
        _pair(op.dilations),
        element_type_of(op.outputs[0]),
        tiles,
    )
