"""Data types, layouts and memories as the `ttnn` package names them, with their words in IR.

Source: TTNN's documentation of its Python API.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from xdsl.dialects.builtin import ArrayAttr
from xdsl.ir import Attribute

from ...dialect.numpy_types import BFLOAT16, DType
from ...dialect.ttnn.attributes import BufferTypeAttr, TensorMemoryLayoutAttr
from ...dialect.ttnn.memory import MemoryConfigAttr


class DataType(Enum):
    """What a tensor holds. The value is tt-mlir's word for it."""

    BFLOAT16 = "bf16"
    FLOAT32 = "f32"
    UINT32 = "u32"
    UINT16 = "u16"
    UINT8 = "u8"
    INT32 = "si32"
    BFLOAT8_B = "bfp_bf8"
    BFLOAT4_B = "bfp_bf4"
    FLOAT16 = "f16"
    """Not a type of TTNN's tensors; NumPy and torch have it, and the IR does."""

    @property
    def is_block_format(self) -> bool:
        """Whether elements share an exponent; such types are held as bfloat16 here."""
        return self.value.startswith("bfp")

    @property
    def numpy(self) -> DType:
        """The NumPy type that holds the elements."""
        return _NUMPY[self]


_NUMPY: dict[DataType, DType] = {
    DataType.BFLOAT16: BFLOAT16,
    DataType.FLOAT32: np.dtype(np.float32),
    DataType.UINT32: np.dtype(np.uint32),
    DataType.UINT16: np.dtype(np.uint16),
    DataType.UINT8: np.dtype(np.uint8),
    DataType.INT32: np.dtype(np.int32),
    DataType.BFLOAT8_B: BFLOAT16,
    DataType.BFLOAT4_B: BFLOAT16,
    DataType.FLOAT16: np.dtype(np.float16),
}

bfloat16 = DataType.BFLOAT16
float32 = DataType.FLOAT32
uint32 = DataType.UINT32
uint16 = DataType.UINT16
uint8 = DataType.UINT8
int32 = DataType.INT32
bfloat8_b = DataType.BFLOAT8_B
bfloat4_b = DataType.BFLOAT4_B
float16 = DataType.FLOAT16


class Layout(Enum):
    """The page layout of a tensor. It has no effect on values."""

    ROW_MAJOR = "row_major"
    TILE = "tile"


ROW_MAJOR_LAYOUT = Layout.ROW_MAJOR
TILE_LAYOUT = Layout.TILE


class TensorMemoryLayout(Enum):
    """How a tensor is spread over memory banks or cores. It has no effect on values."""

    INTERLEAVED = "interleaved"
    HEIGHT_SHARDED = "height_sharded"
    WIDTH_SHARDED = "width_sharded"
    BLOCK_SHARDED = "block_sharded"


class BufferType(Enum):
    """The memory of a device that a tensor lives in. It has no effect on values."""

    DRAM = "dram"
    L1 = "l1"


@dataclass(frozen=True)
class MemoryConfig:
    """Where a tensor lives. It has no effect on values; tensors and IR keep it."""

    memory_layout: TensorMemoryLayout = TensorMemoryLayout.INTERLEAVED
    buffer_type: BufferType = BufferType.DRAM
    shard_spec: object = None

    def attribute(self) -> MemoryConfigAttr:
        """Its form in IR, without the shard specification."""
        layout: Attribute = TensorMemoryLayoutAttr(self.memory_layout.value)
        return MemoryConfigAttr(BufferTypeAttr(self.buffer_type.value), ArrayAttr([layout]))


DRAM_MEMORY_CONFIG = MemoryConfig()
L1_MEMORY_CONFIG = MemoryConfig(buffer_type=BufferType.L1)


class MathFidelity(Enum):
    """How many passes a device's multiplier makes. Sums here are those of IEEE arithmetic."""

    LoFi = "lofi"
    HiFi2 = "hifi2"
    HiFi3 = "hifi3"
    HiFi4 = "hifi4"


class PaddingMode(Enum):
    """What a convolution sees beyond its input; a transposed one knows zeros alone."""

    Zeros = "zeros"
    Replicate = "replicate"


class UnaryOpType(Enum):
    """Functions that a convolution may apply to its result. The value is tt-mlir's word."""

    RELU = "relu"
    RELU6 = "relu6"
    LEAKY_RELU = "leaky_relu"
    SIGMOID = "sigmoid"
    TANH = "tanh"
    SILU = "silu"
    GELU = "gelu"
    IDENTITY = "identity"
    ELU = "elu"
    EXP = "exp"
    HARDSIGMOID = "hardsigmoid"
    MISH = "mish"
    SQRT = "sqrt"
    ABS = "abs"
    NEG = "neg"
