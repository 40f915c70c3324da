"""The part of tt-mlir's `ttir` dialect that this project knows; the rest passes through."""

from __future__ import annotations

from xdsl.ir import Dialect

from .ttir_attributes import DimensionOrder, FlattenedCompatAttr
from .ttir_convolution import Conv2dOp, Convolution, ConvTranspose2dOp
from .ttir_movement import MOVING_OPS
from .ttir_pooling import POOLING_OPS, Pool2dOp
from .ttir_tensor import COMPUTING_OPS, EmptyOp, TensorOp

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
