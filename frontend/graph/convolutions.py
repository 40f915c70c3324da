"""Convolutions, plain and transposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod
from typing import TypeAlias

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue

from ...dialect import ttnn
from ...dialect.geometry.plain import Conv2dGeometry, ConvAxis
from ...dialect.geometry.shapes import flattened
from ...dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from .movement import Movement
from .sliding import ONE_BY_ONE, Sliding
from .values import Constant, Extents, Tensor, Value, check_ranks, check_types, extents

Convolution: TypeAlias = ttnn.Conv2dOp | ttnn.ConvTranspose2dOp
Geometry: TypeAlias = Conv2dGeometry | ConvTranspose2dGeometry


@dataclass(frozen=True)
class Convolved:
    """A convolution whose weight and bias are known, and may still be scaled."""

    op: Convolution
    weight: Constant
    bias: Constant | None
    groups: int


@dataclass(frozen=True)
class Read:
    """What a convolution reads."""

    x: Value
    weight: Value
    bias: Value | None


@dataclass(eq=False)
class Convolutions(Movement):
    """Convolutions of (N, C, W) or (N, C, H, W); a signal is an image of height 1."""

    convolved: dict[SSAValue, Convolved] = field(
        default_factory=dict[SSAValue, Convolved], init=False
    )
    """The convolutions whose weights are known, by their results."""

    def conv(
        self,
        x: Value,
        weight: Value,
        bias: Value | None = None,
        sliding: Sliding = ONE_BY_ONE,
        *,
        name: str = "conv",
    ) -> Tensor:
        """A convolution with a weight (O, C/G, K...) and a bias (O).

        Raises: ValueError for what does not fit together.
        """
        sizes, kernel = extents(x.shape), extents(weight.shape)
        check_ranks(x, weight)
        at = _read(sliding, x)
        height, width = (ConvAxis(*axis) for axis in spatial_axes(sizes, kernel.spatial, at))
        geometry = Conv2dGeometry(
            sizes.batch, sizes.channels, kernel.batch, at.groups, height, width
        )
        return self._convolution(ttnn.Conv2dOp, geometry, Read(x, weight, bias), name)

    def conv_transpose(
        self,
        x: Value,
        weight: Value,
        bias: Value | None = None,
        sliding: Sliding = ONE_BY_ONE,
        *,
        name: str = "conv_transpose",
    ) -> Tensor:
        """A transposed convolution with a weight (C, O/G, K...) and a bias (O).

        Negative padding behind is output padding; in front it is zeros before the bias is added.
        Raises: ValueError for what does not fit together.
        """
        if any(low < 0 for low, _ in sliding.padding):
            return self._with_rows_in_front(Read(x, weight, bias), sliding, name)
        sizes, kernel = extents(x.shape), extents(weight.shape)
        check_ranks(x, weight)
        at = _without_negative_padding(_read(sliding, x))
        height, width = (
            TransposedAxis(*axis, extra)
            for axis, extra in zip(
                spatial_axes(sizes, kernel.spatial, at),
                at.output_padding,
                strict=True,
            )
        )
        geometry = ConvTranspose2dGeometry(
            sizes.batch, sizes.channels, kernel.channels * at.groups, at.groups, height, width
        )
        return self._convolution(ttnn.ConvTranspose2dOp, geometry, Read(x, weight, bias), name)

    def _with_rows_in_front(self, read: Read, sliding: Sliding, name: str) -> Tensor:
        """What negative padding in front asks for: more rows there, of nothing but the bias."""
        pads = tuple((max(low, 0), high) for low, high in sliding.padding)
        rows = [(max(-low, 0), 0) for low, _ in sliding.padding]
        bare = self.conv_transpose(
            read.x, read.weight, None, replace(sliding, padding=pads), name=name
        )
        padded = self.pad(bare, [(0, 0), (0, 0), *rows], name=f"{name}_padded")
        if read.bias is None:
            return padded
        per_channel = (bare.shape[1], *[1] * len(rows))
        bias = self.reshape(read.bias, per_channel, name=f"{name}_bias")
        return self.add(padded, bias, name=name)

    def _convolution(
        self, kind: type[Convolution], geometry: Geometry, read: Read, name: str
    ) -> Tensor:
        """The op, on flattened pixels."""
        check_types(read.x, read.weight, read.bias)
        _, height, width, channels = geometry.output_shape
        if height < 1 or width < 1:
            raise ValueError(f"expected an output size of at least 1, got {height}x{width}")
        weight = self._kernel(read.weight, geometry)
        bias = [] if read.bias is None else [self._bias(read.bias)]
        operands = [self.pixels(read.x), weight, *bias, self.device]
        shape = flattened(geometry.output_shape)
        type_ = TensorType(read.x.element_type, shape)
        result = self.create(kind, operands, kind.geometry_properties(geometry), type_, name)
        op = result.owner
        assert isinstance(op, ttnn.Conv2dOp | ttnn.ConvTranspose2dOp)
        if isinstance(read.weight, Constant) and not isinstance(read.bias, Tensor):
            self.convolved[result] = Convolved(op, read.weight, read.bias, geometry.groups)
        spatial = (height, width)[-(len(read.x.shape) - 2) :]
        return Tensor(result, (read.x.shape[0], channels, *spatial), True)

    def _kernel(self, weight: Value, geometry: Geometry) -> SSAValue:
        """A weight as (., ., KH, KW)."""
        shape = (*weight.shape[:2], geometry.height.kernel, geometry.width.kernel)
        return (
            self.stored(weight, shape)
            if isinstance(weight, Constant)
            else self.source(self.reshape(weight, shape, name=weight.ssa.name_hint or "weight"))
        )

    def _bias(self, bias: Value) -> SSAValue:
        """A bias as (1, 1, 1, O)."""
        shape = (1, 1, 1, prod(bias.shape))
        return (
            self.stored(bias, shape)
            if isinstance(bias, Constant)
            else self.source(self.reshape(bias, shape, name=bias.ssa.name_hint or "bias"))
        )


def _read(sliding: Sliding, x: Value) -> Sliding:
    return sliding.of_rank_2(len(x.shape) - 2)


def spatial_axes(
    sizes: Extents, kernel: tuple[int, ...], at: Sliding
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """(size, taps, stride, pad_low, pad_high, dilation) of height and width."""
    spatial = zip(sizes.spatial, kernel, strict=True)
    moves = zip(at.stride, at.padding, at.dilation, strict=True)
    for (size, taps), (stride, (low, high), dilation) in zip(spatial, moves, strict=True):
        yield size, taps, stride, low, high, dilation


def _without_negative_padding(at: Sliding) -> Sliding:
    """Negative padding behind, as the output padding it is."""
    highs = [high for _, high in at.padding]
    pads = tuple((low, max(high, 0)) for low, high in at.padding)
    extra = tuple(
        extra + max(-high, 0) for extra, high in zip(at.output_padding, highs, strict=True)
    )
    return replace(at, padding=pads, output_padding=extra)
