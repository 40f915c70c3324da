"""The part of tt-mlir's `ttnn` dialect that this project knows; the rest passes through."""

from __future__ import annotations

from xdsl.ir import Dialect

from .activations import (
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
from .attributes import TTNN_ATTRIBUTES, DeviceType, ShapeAttr
from .buffers import BUFFER_OPS, ConstantOp, DeallocateOp, GetDeviceOp
from .configs import CONFIG_ATTRIBUTES, Activation, Conv2dConfigAttr
from .conv2d import Conv2dOp
from .conv_transpose2d import ConvTranspose2dOp
from .convolution import ConvolutionOp
from .elementwise import (
    BINARY_OPS,
    AddOp,
    BinaryOp,
    DivideOp,
    MaximumOp,
    MinimumOp,
    MultiplyOp,
    SubtractOp,
    UnaryOp,
)
from .global_pooling import AveragingOp, GlobalAvgPool2dOp
from .layout import LAYOUT_OPS, LayoutOp, ToLayoutOp, ToMemoryConfigOp, ToTensorSpecOp, TypecastOp
from .matmul import MatmulOp
from .memory import MEMORY_ATTRIBUTES, TTNNLayoutAttr
from .movement import (
    MOVEMENT_OPS,
    ConcatOp,
    PadOp,
    PermuteOp,
    RepeatOp,
    ReshapeOp,
    SliceStaticOp,
)
from .padding import read_padding, read_pool_padding, write_padding, write_pool_padding
from .pooling import POOLING_OPS, AvgPool2dOp, MaxPool2dOp, Pool2dOp
from .prepare import PrepareConvTranspose2dBiasOp, PrepareConvTranspose2dWeightsOp
from .resampling import UpsampleOp

TTNN = Dialect(
    "ttnn",
    [
        ConvTranspose2dOp,
        Conv2dOp,
        PrepareConvTranspose2dWeightsOp,
        PrepareConvTranspose2dBiasOp,
        *BUFFER_OPS,
        *LAYOUT_OPS,
        *BINARY_OPS,
        *MOVEMENT_OPS,
        MatmulOp,
        *POOLING_OPS,
        GlobalAvgPool2dOp,
        UpsampleOp,
        *ACTIVATION_OPS,
    ],
    [*TTNN_ATTRIBUTES, *MEMORY_ATTRIBUTES, *CONFIG_ATTRIBUTES],
)

__all__ = [
    "TTNN",
    "Activation",
    "ActivationOp",
    "AddOp",
    "AveragingOp",
    "AvgPool2dOp",
    "BinaryOp",
    "ConcatOp",
    "ConstantOp",
    "Conv2dConfigAttr",
    "Conv2dOp",
    "ConvTranspose2dOp",
    "ConvolutionOp",
    "DeallocateOp",
    "DeviceType",
    "DivideOp",
    "GeluOp",
    "GetDeviceOp",
    "GlobalAvgPool2dOp",
    "LayoutOp",
    "LeakyReluOp",
    "MatmulOp",
    "MaxPool2dOp",
    "MaximumOp",
    "MinimumOp",
    "MultiplyOp",
    "PadOp",
    "PermuteOp",
    "Pool2dOp",
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
    "write_padding",
    "write_pool_padding",
]
