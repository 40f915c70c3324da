"""NumPy arrays of what a caller passes, and back: no copy where none is needed.

NumPy's DLPack has no bfloat16, so torch's is seen as 16-bit integers on the way.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, cast

import numpy as np

from ...dialect.numpy_types import BFLOAT16, Array, native
from ..extras import missing_package


def is_torch(value: object) -> bool:
    """Whether a value is a torch tensor; torch is not imported to find out."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def as_array(value: Any, name: str) -> Array:
    """A NumPy array over the memory of `value`: an array, a torch tensor, anything with DLPack.

    Lists and numbers make an array of their own. Gradients are not followed.
    Raises: ValueError that begins with `name`, for what is no tensor in this machine's memory.
    """
    array = _over_memory_of(value, name)
    is_float = array.dtype == BFLOAT16 or (array.dtype.kind == "f" and array.dtype.itemsize <= 8)
    if array.dtype.kind not in "iu" and not is_float:
        got = type(value).__name__ if array.dtype == object else f"elements of {array.dtype}"
        raise ValueError(f"{name}: expected a tensor of floats or integers, got {got}")
    return native(array)


def _over_memory_of(value: Any, name: str) -> Array:
    if isinstance(value, np.ndarray):
        return cast(Array, value)
    if is_torch(value):
        return _from_torch(value, name)
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return np.from_dlpack(value)
    return _from_numbers(value)


def _from_numbers(value: object) -> Array:
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray(None)


def _from_torch(tensor: Any, name: str) -> Array:
    torch = sys.modules["torch"]
    if tensor.device.type != "cpu":
        raise ValueError(f"{name}: expected a tensor on the CPU, got one on {tensor.device}")
    if tensor.layout != torch.strided:
        raise ValueError(f"{name}: expected a dense tensor, got {tensor.layout}")
    tensor = tensor.detach()
    if tensor.dtype == torch.bfloat16:
        return tensor.view(torch.int16).numpy().view(BFLOAT16)
    try:
        return tensor.numpy()
    except TypeError:
        raise ValueError(
            f"{name}: expected a tensor of floats or integers, got {tensor.dtype}"
        ) from None


def as_torch(array: Array) -> Any:
    """A torch tensor over the memory of an array; a read-only one is copied.

    Raises: ModuleNotFoundError when torch is not installed.
    """
    try:
        torch = import_module("torch")
    except ModuleNotFoundError:
        raise ModuleNotFoundError(f"to_torch: {missing_package('torch')}") from None
    if not array.flags.writeable:
        array = array.copy()
    if array.dtype == BFLOAT16:
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


def like(array: Array, given: object) -> Any:
    """`array` as the kind of thing that `given` is: a torch tensor or an array."""
    return as_torch(array) if is_torch(given) else array
