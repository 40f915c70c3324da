"""The part of tt-mlir's `ttnn` dialect that this project knows; the rest passes through."""

from __future__ import annotations

from xdsl.ir import Dialect

from .ttnn_activations import (
    ACTIVATION_OPS,
    ActivationOp,
    GeluOp,
    LeakyReluOp,
    Relu6Op,
    ReluOp,
    SigmoidOp,
    SiluOp,
    TanhOp,
)
from .ttnn_attributes import TTNN_ATTRIBUTES, DeviceType, ShapeAttr, TTNNLayoutAttr
from .ttnn_configs import CONFIG_ATTRIBUTES, Activation, Conv2dConfigAttr
from .ttnn_convolution import (
    CONVOLUTIONS,
    Conv2dOp,
    ConvTranspose2dOp,
    PrepareConvTranspose2dBiasOp,
    PrepareConvTranspose2dWeightsOp,
    read_padding,
)
from .ttnn_pooling import POOLING_OPS, MaxPool2dOp, UpsampleOp, read_pool_padding
from .ttnn_tensor import (
    TENSOR_OPS,
    AddOp,
    BinaryOp,
    ConcatOp,
    ConstantOp,
    DeallocateOp,
    DivideOp,
    GetDeviceOp,
    LayoutOp,
    MatmulOp,
    MaximumOp,
    MinimumOp,
    MultiplyOp,
    PadOp,
    PermuteOp,
    RepeatOp,
    ReshapeOp,
    SliceStaticOp,
    SubtractOp,
    ToLayoutOp,
    ToMemoryConfigOp,
    ToTensorSpecOp,
    TypecastOp,
    UnaryOp,
)

TTNN = Dialect(
    "ttnn",
    [*CONVOLUTIONS, *TENSOR_OPS, *POOLING_OPS, *ACTIVATION_OPS],
    [*TTNN_ATTRIBUTES, *CONFIG_ATTRIBUTES],
)

__all__ = [
    "TTNN",
    "Activation",
    "ActivationOp",
    "AddOp",
    "BinaryOp",
    "ConcatOp",
    "ConstantOp",
    "Conv2dConfigAttr",
    "Conv2dOp",
    "ConvTranspose2dOp",
    "DeallocateOp",
    "DeviceType",
    "DivideOp",
    "GeluOp",
    "GetDeviceOp",
    "LayoutOp",
    "LeakyReluOp",
    "MatmulOp",
    "MaxPool2dOp",
    "MaximumOp",
    "MinimumOp",
    "MultiplyOp",
    "PadOp",
    "PermuteOp",
    "PrepareConvTranspose2dBiasOp",
    "PrepareConvTranspose2dWeightsOp",
    "Relu6Op",
    "ReluOp",
    "RepeatOp",
    "ReshapeOp",
    "ShapeAttr",
    "SigmoidOp",
    "SiluOp",
    "SliceStaticOp",
    "SubtractOp",
    "TTNNLayoutAttr",
    "TanhOp",
    "ToLayoutOp",
    "ToMemoryConfigOp",
    "ToTensorSpecOp",
    "TypecastOp",
    "UnaryOp",
    "UpsampleOp",
    "read_padding",
    "read_pool_padding",
]
