"""Nodes of an exported graph: their names, places, arguments and types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
    f64,
    i64,
)
from xdsl.ir import Attribute

from ...dialect.numpy_types import DType
from ..call.arrays import as_array
from ..graph import element_type_for
from .calls import Result
from .library import torch


def op_name(node: Any) -> str:
    """What torch calls the op of a node. Example: `aten.add.Tensor`."""
    target = node.target
    return str(target) if isinstance(target, torch._ops.OpOverload) else target.__name__


def place(node: Any) -> str:
    """The name of a node, and the path of the module that it comes from.

    Example: `conv_transpose2d_1 in 'decoder.up'`.
    """
    modules: Mapping[str, tuple[str, Any]] = node.meta.get("nn_module_stack") or {}
    path = [name for name, _ in modules.values() if name][-1:]
    return f"{node.name} in '{path[0]}'" if path else str(node.name)


def named_arguments(node: Any) -> dict[str, Any]:
    """The arguments of a node by the names in the schema of its op, defaults included."""
    arguments: dict[str, Any] = {}
    for index, parameter in enumerate(node.target._schema.arguments):
        if index < len(node.args):
            arguments[parameter.name] = node.args[index]
        else:
            fallback = parameter.default_value
            arguments[parameter.name] = node.kwargs.get(parameter.name, fallback)
    return arguments


def flat(values: Iterable[Any]) -> Iterator[Any]:
    """The values, and those of the lists among them."""
    for value in values:
        if isinstance(value, list | tuple):
            yield from flat(value)  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield value


def type_of(value: Any) -> tuple[tuple[int, ...], DType]:
    """Shape and NumPy type of what torch says a node gives.

    Raises: ValueError for sizes that depend on the input, for elements NumPy has not, and for
    numbers, which are no tensors.
    """
    if not isinstance(value, torch.Tensor):
        raise ValueError(f"expected tensors as results, got a {type(value).__name__}")
    if any(not isinstance(size, int) for size in value.shape):
        sizes = "x".join(map(str, value.shape))
        raise ValueError(f"expected sizes that are known, got {sizes}; export without dynamic ones")
    if value.dtype == torch.bool:
        return tuple(value.shape), np.dtype(np.bool_)
    return tuple(value.shape), as_array(torch.empty(0, dtype=value.dtype), "elements").dtype


def check_results(results: Result, node: Any) -> None:
    """What a rule built, against the shapes and element types that torch says a node gives.

    Raises: ValueError where they differ: the rule reads the node otherwise than torch does.
    """
    for result, said in zip(flat([results]), flat([node.meta["val"]]), strict=False):
        if result is None:
            continue
        shape, dtype = type_of(said)
        wanted = TensorType(element_type_for(dtype), shape)
        got = TensorType(result.element_type, result.shape)
        if got != wanted:
            raise ValueError(f"expected {wanted}, as torch says, got {got}")


def opaque_attributes(node: Any) -> dict[str, Attribute]:
    """The arguments of a node that hold no tensor, by name, as attributes; None is left out."""
    if not isinstance(node.target, torch._ops.OpOverload):
        return {}
    return {
        name: _attribute(value)
        for name, value in named_arguments(node).items()
        if value is not None and not any(isinstance(item, torch.fx.Node) for item in flat([value]))
    }


def _attribute(value: Any) -> Attribute:
    """A Python value of a call as an attribute; what has no attribute of its own is text."""
    if isinstance(value, bool):
        return BoolAttr.from_bool(value)
    if isinstance(value, int):
        return IntegerAttr(value, i64)
    if isinstance(value, float):
        return FloatAttr(value, f64)
    if isinstance(value, list | tuple):
        return ArrayAttr([_attribute(item) for item in value])  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return StringAttr(str(value))
