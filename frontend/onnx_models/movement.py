"""Ops that move elements: Reshape and its kin, Transpose, Concat, Slice, Pad."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ...dialect.geometry.onnx_padding import read_onnx_padding
from ..graph import Tensor, Value
from .node import Node, Unsupported, converts


def counted_axes(values: Sequence[int], rank: int) -> tuple[int, ...]:
    """Axes counted from the front. Raises: ValueError for one that is not there or is twice."""
    axes = tuple(axis + rank if axis < 0 else axis for axis in values)
    if any(not 0 <= axis < rank for axis in axes) or len(set(axes)) != len(axes):
        raise ValueError(f"expected different axes of a rank of {rank}, got {list(values)}")
    return axes


def _listed(node: Node, name: str, since: int, index: int = 1) -> tuple[int, ...] | None:
    """Whole numbers that were an attribute, and are an input since an opset."""
    if node.opset < since:
        return node.integers(name)
    return node.known_integers(index, f"a list '{name}'")


@converts("Reshape")
def convert_reshape(node: Node) -> Value:
    x, requested = node.value(0), node.known_integers(1, "a shape")
    if requested is None:
        raise ValueError("expected a shape, got none")
    copies = not node.integer("allowzero", 0)
    if copies and any(size == 0 for size in requested[len(x.shape) :]):
        raise ValueError(f"expected a 0 for a size of {list(x.shape)}, got {list(requested)}")
    shape = [x.shape[axis] if size == 0 and copies else size for axis, size in enumerate(requested)]
    if shape.count(-1) == 1:
        known = -prod(shape)
        shape[shape.index(-1)] = prod(x.shape) // known if known else 0
    return node.builder.reshape(x, shape, name=node.result)


@converts("Flatten")
def convert_flatten(node: Node) -> Value:
    x = node.value(0)
    stated, rank = node.integer("axis", 1), len(x.shape)
    axis = stated + rank if stated < 0 else stated
    if not 0 <= axis <= rank:
        raise ValueError(f"expected an axis from {-rank} to {rank}, got {stated}")
    shape = (prod(x.shape[:axis]), prod(x.shape[axis:]))
    return node.builder.reshape(x, shape, name=node.result)


@converts("Squeeze")
def convert_squeeze(node: Node) -> Value:
    x, axes = node.value(0), _listed(node, "axes", 13)
    ones = [axis for axis, size in enumerate(x.shape) if size == 1]
    dropped = ones if axes is None else counted_axes(axes, len(x.shape))
    if not set(dropped) <= set(ones):
        raise ValueError(f"expected axes of size 1 of {list(x.shape)}, got {list(dropped)}")
    shape = [size for axis, size in enumerate(x.shape) if axis not in dropped]
    return node.builder.reshape(x, shape, name=node.result)


@converts("Unsqueeze")
def convert_unsqueeze(node: Node) -> Value:
    x, axes = node.value(0), _listed(node, "axes", 13)
    if axes is None:
        raise ValueError("expected axes, got none")
    rank = len(x.shape) + len(axes)
    added, sizes = counted_axes(axes, rank), iter(x.shape)
    shape = [1 if axis in added else next(sizes) for axis in range(rank)]
    return node.builder.reshape(x, shape, name=node.result)


@converts("Transpose")
def convert_transpose(node: Node) -> Value:
    x = node.value(0)
    permutation = node.integers("perm") or tuple(reversed(range(len(x.shape))))
    return node.builder.permute(x, permutation, name=node.result)


@converts("Concat")
def convert_concat(node: Node) -> Value:
    values = [node.value(index) for index in range(len(node.inputs))]
    return node.builder.concat(values, node.integer("axis", 1), name=node.result)


@converts("Slice")
def convert_slice(node: Node) -> Value:
    x = node.value(0)
    starts, ends, axes, steps = (
        _listed(node, name, 10, index)
        for index, name in enumerate(("starts", "ends", "axes", "steps"), 1)
    )
    if starts is None or ends is None:
        raise ValueError("expected starts and ends, got none")
    axes = counted_axes(range(len(starts)) if axes is None else axes, len(x.shape))
    steps = steps or (1,) * len(starts)
    lengths = [len(starts), len(ends), len(axes), len(steps)]
    if len(set(lengths)) > 1:
        raise ValueError(f"expected starts, ends, axes and steps of one length, got {lengths}")
    if min(steps, default=1) < 1:
        raise Unsupported(f"expected steps of at least 1, got {list(steps)}")
    bounds = [(0, size) for size in x.shape]
    all_steps = [1] * len(x.shape)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        begin, stop, _ = slice(start, end).indices(x.shape[axis])
        bounds[axis], all_steps[axis] = (begin, max(begin, stop)), step
    return node.builder.slice(x, bounds, all_steps, name=node.result)


@converts("Pad")
def convert_pad(node: Node) -> Value:
    """Positive amounts put a value around, negative ones cut off."""
    mode = node.text("mode", "constant")
    if mode != "constant":
        raise Unsupported(f"expected mode constant, got {mode}")
    x, pads, value = node.value(0), _listed(node, "pads", 11), node.number("value", 0.0)
    if pads is None:
        raise ValueError("expected pads, got none")
    if (constant := node.known(2, "a value to pad with")) is not None and constant.size:
        value = float(constant.reshape(-1)[0])
    stated = node.known_integers(3, "a list 'axes'")
    axes = counted_axes(range(len(x.shape)) if stated is None else stated, len(x.shape))
    amounts, pairs = [(0, 0)] * len(x.shape), read_onnx_padding(pads)
    if len(pairs) != len(axes):
        raise ValueError(f"expected pads of {2 * len(axes)} values, got {len(pads)}")
    for axis, pair in zip(axes, pairs, strict=True):
        amounts[axis] = pair
    return _pad(node, x, amounts, value)


def _pad(node: Node, x: Value, amounts: Sequence[tuple[int, int]], value: float) -> Tensor:
    bounds = [
        (max(-low, 0), size - max(-high, 0))
        for (low, high), size in zip(amounts, x.shape, strict=True)
    ]
    if any(start > stop for start, stop in bounds):
        raise ValueError(f"expected pads that leave something of {list(x.shape)}, got {amounts}")
    inside = node.builder.slice(x, bounds, name=f"{node.result}_cut")
    positive = [(max(low, 0), max(high, 0)) for low, high in amounts]
    return node.builder.pad(inside, positive, value, name=node.result)
