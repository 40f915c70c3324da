"""The module's own tensor, and the functions that make, move and reshape one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...dialect.numpy_types import Array, DType, convert
from .arrays import as_array, as_torch
from .devices import Device, check_device
from .enums import DataType, Layout, MemoryConfig

if TYPE_CHECKING:
    from .preparation import Preparation

_DATA_TYPES: dict[DType, DataType] = {
    type_.numpy: type_ for type_ in DataType if not type_.is_block_format
}


@dataclass(frozen=True, eq=False, repr=False)
class Tensor:
    """An array with what TTNN says of it. Its values are not to be changed.

    NumPy (`np.asarray`) and DLPack see the values without a copy.
    """

    value: Array
    dtype: DataType
    layout: Layout = Layout.ROW_MAJOR
    placed: MemoryConfig | None = None
    on: Device | None = None
    """The device it was moved to; None on the host."""

    prepared_for: Preparation | None = None
    """What a prepared weight or bias may be used for."""

    def __repr__(self) -> str:
        prepared = ", prepared" if self.prepared_for is not None else ""
        sizes = ", ".join(map(str, self.shape))
        return f"Tensor(({sizes}), {self.dtype.name}, {self.layout.name}{prepared})"

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes, in elements."""
        return self.value.shape

    @property
    def padded_shape(self) -> tuple[int, ...]:
        """Sizes; nothing is padded to tiles here."""
        return self.value.shape

    def memory_config(self) -> MemoryConfig:
        """Where it was last placed."""
        return self.placed or MemoryConfig()

    def device(self) -> Device | None:
        """The device it was moved to; None on the host."""
        return self.on

    def get_layout(self) -> Layout:
        """The page layout."""
        return self.layout

    def cpu(self) -> Tensor:
        """The tensor on the host, over the same values."""
        return replace(self, on=None)

    def to(self, target: Device | Layout) -> Tensor:
        """The tensor on a device, or in another layout, over the same values."""
        if isinstance(target, Layout):
            return to_layout(self, target)
        return to_device(self, target)

    def to_torch(self) -> Any:
        """The values as a torch tensor."""
        return to_torch(self)

    def reshape(self, *shape: int | Sequence[int]) -> Tensor:
        """The same elements under another shape."""
        sizes = [size for part in shape for size in ((part,) if isinstance(part, int) else part)]
        return reshape(self, sizes)

    def __array__(self, dtype: DType | None = None, copy: bool | None = None) -> Array:
        return np.array(self.value, dtype, copy=copy)

    def __dlpack__(self, **options: Any) -> Any:
        return self.value.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.value.__dlpack_device__()


def data_type_of(dtype: DType, name: str) -> DataType:
    """The data type that a NumPy element type is.

    Raises: ValueError that begins with `name`, for one that TTNN has no word for.
    """
    if dtype not in _DATA_TYPES:
        expected = ", ".join(sorted(map(str, _DATA_TYPES)))
        raise ValueError(f"{name}: expected elements of {expected}, got {dtype}")
    return _DATA_TYPES[dtype]


def tensor_of(array: Array, name: str) -> Tensor:
    """A tensor over an array, of the data type the array has."""
    return Tensor(array, data_type_of(array.dtype, name))


def from_numpy(
    array: Any,
    dtype: DataType | None = None,
    *,
    layout: Layout = Layout.ROW_MAJOR,
    device: Device | None = None,
    memory_config: MemoryConfig | None = None,
) -> Tensor:
    """A tensor over an array, its elements rounded to `dtype` where that is another type.

    Raises: ValueError naming the parameter.
    """
    values = as_array(array, "tensor")
    if dtype is None:
        type_ = data_type_of(values.dtype, "tensor")
    elif isinstance(dtype, DataType):  # pyright: ignore[reportUnnecessaryIsInstance]
        type_ = dtype
    else:
        raise ValueError(f"dtype: expected a DataType, got {dtype!r}")
    return Tensor(convert(values, type_.numpy), type_, layout, memory_config, check_device(device))


def from_torch(
    tensor: Any,
    dtype: DataType | None = None,
    *,
    layout: Layout = Layout.ROW_MAJOR,
    device: Device | None = None,
    memory_config: MemoryConfig | None = None,
    mesh_mapper: object = None,
) -> Tensor:
    """A tensor over a torch tensor, its elements rounded to `dtype` where that is another type.

    `mesh_mapper` has no effect. Raises: ValueError naming the parameter.
    """
    return from_numpy(tensor, dtype, layout=layout, device=device, memory_config=memory_config)


def to_numpy(tensor: Any) -> Array:
    """The values as an array, without a copy; bfloat16 as `ml_dtypes.bfloat16`."""
    return tensor.value if isinstance(tensor, Tensor) else as_array(tensor, "tensor")


def to_torch(tensor: Any, dtype: Any = None, *, mesh_composer: object = None) -> Any:
    """The values as a torch tensor, of torch's `dtype` if one is given.

    The memory is shared unless it is read-only, as that of a prepared weight. `mesh_composer` has
    no effect.
    """
    made = as_torch(to_numpy(tensor))
    return made if dtype is None else made.to(dtype)


def _own(tensor: Any) -> Tensor:
    """`tensor`, if it is one of this module. Raises: ValueError otherwise."""
    if not isinstance(tensor, Tensor):
        got = type(tensor).__name__
        raise ValueError(f"tensor: expected a ttnn.Tensor, got {got}; from_numpy makes one")
    return tensor


def to_device(
    tensor: Tensor, device: Device | None = None, memory_config: MemoryConfig | None = None
) -> Tensor:
    """The tensor on a device, over the same values."""
    tensor = _own(tensor)
    return replace(tensor, on=check_device(device), placed=memory_config or tensor.placed)


def from_device(tensor: Tensor) -> Tensor:
    """The tensor on the host, over the same values."""
    return _own(tensor).cpu()


def to_memory_config(tensor: Tensor, memory_config: MemoryConfig) -> Tensor:
    """The tensor elsewhere in memory, over the same values."""
    return replace(_own(tensor), placed=memory_config)


def to_layout(tensor: Tensor, layout: Layout, dtype: DataType | None = None) -> Tensor:
    """The tensor in another layout, rounded to `dtype` if one is given."""
    moved = replace(_own(tensor), layout=layout)
    return moved if dtype is None else typecast(moved, dtype)


def typecast(tensor: Tensor, dtype: DataType) -> Tensor:
    """The tensor with its elements rounded to another type."""
    tensor = _own(tensor)
    return replace(tensor, value=convert(tensor.value, dtype.numpy), dtype=dtype, prepared_for=None)


def reshape(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """The same elements in row-major order under another shape; one size may be -1.

    Raises: ValueError where the sizes do not multiply to the number of elements.
    """
    tensor = _own(tensor)
    try:
        values = tensor.value.reshape(tuple(shape))
    except ValueError:
        raise ValueError(
            f"shape: expected sizes for {tensor.value.size} elements, got {tuple(shape)}"
        ) from None
    return replace(tensor, value=values, prepared_for=None)


def permute(tensor: Tensor, dims: Sequence[int]) -> Tensor:
    """Dimension d of the result is dimension dims[d] of the tensor.

    Raises: ValueError for what is no permutation.
    """
    tensor = _own(tensor)
    if sorted(dims) != list(range(tensor.value.ndim)):
        raise ValueError(
            f"dims: expected a permutation of {tensor.value.ndim} dimensions, got {tuple(dims)}"
        )
    return replace(tensor, value=tensor.value.transpose(dims), prepared_for=None)


def deallocate(tensor: Tensor, force: bool = True) -> None:
    """Nothing: Python frees what is no longer used."""
