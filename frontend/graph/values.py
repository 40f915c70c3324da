"""Values of a graph: what the source calls them, and how they lie in the IR.

A source counts in (N, C, spatial...) order. Behind a convolution a value lies channels-last and
flattened, (1, 1, N*H*W, C), as TTNN's convolutions hand it on; elsewhere as the source has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import numpy as np
from xdsl.dialects.builtin import (
    BytesAttr,
    DenseIntOrFPElementsAttr,
    IntegerType,
    Signedness,
    TensorType,
    bf16,
    f16,
    f32,
    f64,
)
from xdsl.ir import Attribute, SSAValue

from ...dialect.geometry.shapes import flattened
from ...dialect.numpy_types import (
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    Array,
    DType,
    numpy_dtype,
)
from ...dialect.tensor_types import element_type_of

_FLOATS: dict[DType, Attribute] = {FLOAT32: f32, FLOAT16: f16, BFLOAT16: bf16, FLOAT64: f64}


def element_type_for(dtype: DType) -> Attribute:
    """The element type of tensors that hold what a NumPy type holds; uint8 becomes `ui8`.

    Raises: ValueError for a type that no tensor here holds.
    """
    if dtype in _FLOATS:
        return _FLOATS[dtype]
    if dtype.kind == "b":
        return IntegerType(1)
    if dtype.kind in "iu" and dtype.itemsize <= 8:
        signedness = Signedness.UNSIGNED if dtype.kind == "u" else Signedness.SIGNLESS
        return IntegerType(8 * dtype.itemsize, signedness)
    raise ValueError(f"expected floats, integers or booleans, got elements of type {dtype}")


def dense_literal(array: Array) -> DenseIntOrFPElementsAttr:
    """The elements of an array as an attribute; one element where all are the same."""
    type_ = TensorType(element_type_for(array.dtype), array.shape)
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    data = BytesAttr(plain.view(np.uint8).tobytes() if plain.ndim else plain.tobytes())
    return DenseIntOrFPElementsAttr(type_, data)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Tensor:
    """A value that is computed when the graph runs."""

    ssa: SSAValue
    """It in the IR: of shape `shape`, or flattened (1, 1, N*H*W, C) if `channels_last`."""

    shape: tuple[int, ...]
    """Its sizes as the source has them; (N, C, W) and (N, C, H, W) may lie channels-last."""

    channels_last: bool = False

    @property
    def element_type(self) -> Attribute:
        return element_type_of(self.ssa)


@dataclass(frozen=True, eq=False)
class Constant:
    """A value that is known; it is put into the IR in the order in which an op reads it."""

    array: Array
    name: str = "constant"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def element_type(self) -> Attribute:
        return element_type_for(self.array.dtype)


Value: TypeAlias = Tensor | Constant


def check_types(*values: Value | None) -> None:
    """Raises: ValueError where values are of different element types."""
    types = [str(value.element_type) for value in values if value is not None]
    if len(set(types)) > 1:
        raise ValueError(f"expected values of one element type, got {', '.join(types)}")


def check_ranks(x: Value, weight: Value) -> None:
    """Raises: ValueError for a kernel that does not move along the axes of the input."""
    ranks = (len(x.shape), len(weight.shape))
    if len(set(ranks)) > 1:
        raise ValueError(
            f"expected an input and a weight of one rank, got {ranks[0]} and {ranks[1]}"
        )


def array_type(value: Value) -> DType:
    """The NumPy type that holds the elements of a value."""
    return numpy_dtype(value.element_type)


@dataclass(frozen=True)
class Extents:
    """Sizes of an image, or of a signal, which is an image of height 1."""

    batch: int
    channels: int
    height: int
    width: int

    @property
    def spatial(self) -> tuple[int, int]:
        return (self.height, self.width)

    @property
    def nhwc(self) -> tuple[int, int, int, int]:
        return (self.batch, self.height, self.width, self.channels)

    @property
    def flattened(self) -> tuple[int, int, int, int]:
        """(1, 1, N*H*W, C)."""
        return flattened(self.nhwc)


def extents(shape: tuple[int, ...]) -> Extents:
    """The sizes of (N, C, H, W), or of (N, C, W), whose height is 1.

    Raises: ValueError for any other rank.
    """
    if len(shape) not in (3, 4):
        sizes = "x".join(map(str, shape)) or "a scalar"
        raise ValueError(f"expected (N, C, W) or (N, C, H, W), got {sizes}")
    batch, channels, *spatial = shape
    height, width = spatial if len(spatial) == 2 else (1, spatial[0])
    return Extents(batch, channels, height, width)


def channels_last_axis(rank: int, axis: int) -> int:
    """Where dimension `axis` of a source of rank 3 or 4 stands in (N, H, W, C).

    Example: the width of (N, C, W) is dimension 2 of (N, H, W, C).
    """
    return {0: 0, 1: 3}.get(axis, axis + 3 - rank)


def moves_nothing(shape: tuple[int, ...]) -> bool:
    """Whether channels-first and channels-last are the same elements in the same order."""
    return shape[1] == 1 or prod(shape[2:]) == 1
