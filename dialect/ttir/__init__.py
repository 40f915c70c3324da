"""The part of tt-mlir's `ttir` dialect that this project knows; the rest passes through."""

from __future__ import annotations

from xdsl.ir import Dialect

from .attributes import DimensionOrder, FlattenedCompatAttr
from .conv2d import Conv2dOp
from .conv_transpose2d import ConvTranspose2dOp
from .convolution import Convolution
from .movement import MOVING_OPS
from .pooling import POOLING_OPS, Pool2dOp
from .tensor import COMPUTING_OPS, EmptyOp, TensorOp

TTIR = Dialect(
    "ttir",
    [ConvTranspose2dOp, Conv2dOp, EmptyOp, *COMPUTING_OPS, *MOVING_OPS, *POOLING_OPS],
    [FlattenedCompatAttr],
)

__all__ = [
    "TTIR",
    "Conv2dOp",
    "ConvTranspose2dOp",
    "Convolution",
    "DimensionOrder",
    "EmptyOp",
    "FlattenedCompatAttr",
    "Pool2dOp",
    "TensorOp",
]
