"""The part of the `stablehlo` dialect that this project knows; the rest passes through.

Its ops are read and printed as StableHLO's own tools and JAX print them.
Source: openxla/stablehlo, StablehloOps.td and docs/spec.md.
"""

from __future__ import annotations

from xdsl.ir import Dialect

from .attributes import ConvDimensionsAttr
from .calls import CompositeOp, CustomCallOp, ReturnOp
from .convolution import ConvolutionOp
from .movement import (
    BroadcastInDimOp,
    ConcatenateOp,
    ReshapeOp,
    ReverseOp,
    TransposeOp,
)
from .tensor import (
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
        ReturnOp,
        CustomCallOp,
        CompositeOp,
    ],
    [ConvDimensionsAttr],
)

__all__ = [
    "STABLEHLO",
    "AddOp",
    "BinaryOp",
    "BroadcastInDimOp",
    "CompositeOp",
    "ConcatenateOp",
    "ConstantOp",
    "ConvDimensionsAttr",
    "ConvertOp",
    "ConvolutionOp",
    "CustomCallOp",
    "DivideOp",
    "LogisticOp",
    "MaximumOp",
    "MinimumOp",
    "MultiplyOp",
    "ReshapeOp",
    "ReturnOp",
    "ReverseOp",
    "SubtractOp",
    "TanhOp",
    "TransposeOp",
    "UnaryOp",
]
