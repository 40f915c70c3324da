"""The part of tt-mlir's `ttnn` dialect that this project knows; the rest passes through."""

from __future__ import annotations

from xdsl.ir import Dialect

from .ttnn_attributes import TTNN_ATTRIBUTES, DeviceType, TTNNLayoutAttr
from .ttnn_configs import CONFIG_ATTRIBUTES, Activation, Conv2dConfigAttr
from .ttnn_convolution import (
    CONVOLUTIONS,
    Conv2dOp,
    ConvTranspose2dOp,
    PrepareConvTranspose2dBiasOp,
    PrepareConvTranspose2dWeightsOp,
    read_padding,
)
from .ttnn_tensor import (
    TENSOR_OPS,
    AddOp,
    BinaryOp,
    ConcatOp,
    ConstantOp,
    DeallocateOp,
    GetDeviceOp,
    LayoutOp,
    MatmulOp,
    MultiplyOp,
    PadOp,
    PermuteOp,
    ReluOp,
    ReshapeOp,
    SigmoidOp,
    SliceStaticOp,
    TanhOp,
    ToLayoutOp,
    ToMemoryConfigOp,
    ToTensorSpecOp,
    TypecastOp,
    UnaryOp,
)

TTNN = Dialect("ttnn", [*CONVOLUTIONS, *TENSOR_OPS], [*TTNN_ATTRIBUTES, *CONFIG_ATTRIBUTES])

__all__ = [
    "TTNN",
    "Activation",
    "AddOp",
    "BinaryOp",
    "ConcatOp",
    "ConstantOp",
    "Conv2dConfigAttr",
    "Conv2dOp",
    "ConvTranspose2dOp",
    "DeallocateOp",
    "DeviceType",
    "GetDeviceOp",
    "LayoutOp",
    "MatmulOp",
    "MultiplyOp",
    "PadOp",
    "PermuteOp",
    "PrepareConvTranspose2dBiasOp",
    "PrepareConvTranspose2dWeightsOp",
    "ReluOp",
    "ReshapeOp",
    "SigmoidOp",
    "SliceStaticOp",
    "TTNNLayoutAttr",
    "TanhOp",
    "ToLayoutOp",
    "ToMemoryConfigOp",
    "ToTensorSpecOp",
    "TypecastOp",
    "UnaryOp",
    "read_padding",
]
