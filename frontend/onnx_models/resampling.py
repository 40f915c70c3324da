"""Poolings, and Resize and Upsample where they repeat elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isfinite
from typing import cast

from ..graph import Sliding, Value
from .convolution import window_padding
from .movement import counted_axes
from .node import Node, Unsupported, converts, spatial_rank

HALF = Fraction(1, 2)

ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "round_prefer_floor": lambda x: ceil(x - HALF),
    "round_prefer_ceil": lambda x: floor(x + HALF),
    "floor": floor,
    "ceil": ceil,
}
"""The element that is nearest to a coordinate, by `nearest_mode`."""


@converts("MaxPool", "AveragePool")
def convert_pool(node: Node) -> Value:
    if node.is_read(1):
        raise Unsupported("expected that nothing reads the indices")
    x = node.value(0)
    axes = spatial_rank(x.shape)
    kernel = node.positive("kernel_shape", axes)
    sliding = Sliding(node.positive("strides", axes), (), node.positive("dilations", axes))
    padding = window_padding(node, x.shape[2:], kernel, sliding)
    sliding = Sliding(sliding.stride, padding, sliding.dilation)
    ceil_mode = bool(node.integer("ceil_mode", 0))
    if node.op_type == "MaxPool":
        return node.builder.max_pool(x, kernel, sliding, ceil_mode=ceil_mode, name=node.result)
    return node.builder.avg_pool(
        x,
        kernel,
        sliding,
        ceil_mode=ceil_mode,
        count_include_pad=bool(node.integer("count_include_pad", 0)),
        name=node.result,
    )


@converts("GlobalAveragePool")
def convert_global_average_pool(node: Node) -> Value:
    spatial_rank(node.value(0).shape)
    return node.builder.global_avg_pool(node.value(0), name=node.result)


@dataclass(frozen=True)
class Resampling:
    """How the elements of a result of Resize are found in its input."""

    coordinates: str
    nearest: str

    def source(self, index: int, size: int, factor: int) -> Fraction:
        """The coordinate in the input of a result's element; `size` is that of the input.

        Source: ONNX, Resize. Raises: Unsupported for a mode without such a formula.
        """
        match self.coordinates:
            case "half_pixel" | "half_pixel_symmetric":
                return (index + HALF) / factor - HALF
            case "pytorch_half_pixel":
                return (index + HALF) / factor - HALF if size * factor > 1 else Fraction(0)
            case "asymmetric":
                return Fraction(index, factor)
            case "tf_half_pixel_for_nn":
                return (index + HALF) / factor
            case "align_corners":
                last = size * factor - 1
                return Fraction(index * (size - 1), last) if last else Fraction(0)
            case _:
                raise Unsupported(f"got coordinate_transformation_mode {self.coordinates}")

    def repeats(self, size: int, factor: int) -> bool:
        """Whether each element of an axis is taken `factor` times in a row.

        Results ascend, so the first and the last that each element is to be taken for suffice.
        """
        nearest = ROUNDINGS[self.nearest]
        return all(
            min(max(nearest(self.source(index, size, factor)), 0), size - 1) == element
            for element in range(size)
            for index in (element * factor, element * factor + factor - 1)
        )


@converts("Resize")
def convert_resize(node: Node) -> Value:
    x, axes = node.value(0), spatial_rank(node.value(0).shape)
    if (mode := node.text("mode", "nearest")) != "nearest":
        raise Unsupported(f"expected mode nearest, got {mode}")
    if node.opset < 11:
        return _upsample(node, _from_scales(node, 1), Resampling("asymmetric", "floor"))
    policy = node.text("keep_aspect_ratio_policy", "stretch")
    if policy != "stretch":
        raise Unsupported(f"expected keep_aspect_ratio_policy stretch, got {policy}")
    resampling = Resampling(
        node.text("coordinate_transformation_mode", "half_pixel"),
        node.one_of("nearest_mode", "round_prefer_floor", tuple(ROUNDINGS)),
    )
    sizes = node.known_integers(3, "sizes")
    factors = _from_scales(node, 2) if not sizes else _from_sizes(node, sizes)
    assert len(factors) == axes + 2 == len(x.shape)
    return _upsample(node, factors, resampling)


@converts("Upsample")
def convert_upsample(node: Node) -> Value:
    spatial_rank(node.value(0).shape)
    if (mode := node.text("mode", "nearest")) != "nearest":
        raise Unsupported(f"expected mode nearest, got {mode}")
    return _upsample(node, _from_scales(node, 1), Resampling("asymmetric", "floor"))


def _from_scales(node: Node, index: int) -> list[Fraction]:
    """The scale of every axis of the input."""
    if node.op_type == "Upsample" and node.opset < 9:
        stated = cast("list[float]", node.attributes.get("scales", []))
    else:
        known = node.known(index, "scales")
        stated = [] if known is None else [float(scale) for scale in known.reshape(-1)]
    if not all(map(isfinite, stated)):
        raise ValueError(f"expected scales that are finite, got {stated}")
    return _all_axes(node, [Fraction(scale) for scale in stated], "scales")


def _from_sizes(node: Node, sizes: Sequence[int]) -> list[Fraction]:
    x = node.value(0)
    pairs = zip(_resized_axes(node), sizes, strict=False)
    return _all_axes(node, [_scale(x.shape[axis], size) for axis, size in pairs], "sizes")


def _scale(before: int, after: int) -> Fraction:
    """The scale that makes one size of another. Raises: ValueError where none does."""
    if before == 0 != after:
        raise ValueError(f"expected a size of 0 where the input has 0, got {after}")
    return Fraction(after, before) if before else Fraction(1)


def _resized_axes(node: Node) -> tuple[int, ...]:
    """The axes that scales and sizes are of: all, where none are listed."""
    rank = len(node.value(0).shape)
    return counted_axes(node.integers("axes") or range(rank), rank)


def _all_axes(node: Node, scales: Sequence[Fraction], what: str) -> list[Fraction]:
    """Scales of the axes that the node lists, put where they belong; 1 elsewhere."""
    axes = _resized_axes(node)
    if len(scales) != len(axes):
        raise ValueError(f"expected {len(axes)} {what}, got {len(scales)}")
    factors = [Fraction(1)] * len(node.value(0).shape)
    for axis, scale in zip(axes, scales, strict=True):
        factors[axis] = scale
    return factors


def _upsample(node: Node, factors: Sequence[Fraction], resampling: Resampling) -> Value:
    """The op, where every element is repeated and nothing else happens."""
    x = node.value(0)
    if factors[:2] != [1, 1] or any(factor < 1 or factor.denominator > 1 for factor in factors):
        shown = ", ".join(f"{float(factor):g}" for factor in factors)
        raise Unsupported(f"expected whole scales of the spatial axes alone, got {shown}")
    whole = tuple(int(factor) for factor in factors[2:])
    for size, factor in zip(x.shape[2:], whole, strict=True):
        if not resampling.repeats(size, factor):
            raise Unsupported(
                f"expected a mode that repeats every element {factor} times, got "
                f"{resampling.coordinates} with {resampling.nearest}"
            )
    return node.builder.upsample_nearest(x, whole, name=node.result)
