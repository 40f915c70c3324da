"""The part of the `stablehlo` dialect that this project knows; the rest passes through.

Its ops are read and printed as StableHLO's own tools and JAX print them.
Source: openxla/stablehlo, StablehloOps.td and docs/spec.md.
"""

from __future__ import annotations

from xdsl.ir import Dialect

from .stablehlo_attributes import ConvDimensionsAttr
from .stablehlo_convolution import ConvolutionOp
from .stablehlo_movement import (
    BroadcastInDimOp,
    ConcatenateOp,
    ReshapeOp,
    ReverseOp,
    TransposeOp,
)
from .stablehlo_tensor import (
    AddOp,
    BinaryOp,
    ConstantOp,
    ConvertOp,
    DivideOp,
    LogisticOp,
    MaximumOp,
    MinimumOp,
    MultiplyOp,
    SubtractOp,
    TanhOp,
    UnaryOp,
)

STABLEHLO = Dialect(
    "stablehlo",
    [
        ConvolutionOp,
        ReverseOp,
        TransposeOp,
        ReshapeOp,
        BroadcastInDimOp,
        ConcatenateOp,
        ConstantOp,
        ConvertOp,
        AddOp,
        MultiplyOp,
        SubtractOp,
        DivideOp,
        MaximumOp,
        MinimumOp,
        TanhOp,
        LogisticOp,
    ],
    [ConvDimensionsAttr],
)

__all__ = [
    "STABLEHLO",
    "AddOp",
    "BinaryOp",
    "BroadcastInDimOp",
    "ConcatenateOp",
    "ConstantOp",
    "ConvDimensionsAttr",
    "ConvertOp",
    "ConvolutionOp",
    "DivideOp",
    "LogisticOp",
    "MaximumOp",
    "MinimumOp",
    "MultiplyOp",
    "ReshapeOp",
    "ReverseOp",
    "SubtractOp",
    "TanhOp",
    "TransposeOp",
    "UnaryOp",
]
