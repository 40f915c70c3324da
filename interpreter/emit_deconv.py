"""The deconv dialect: the steps of a decomposition for which TTNN has no op."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ..dialect import deconv
from ..dialect.geometry.transposed import TransposedAxis
from ..dialect.numpy_types import Array, DType, ElementTypes
from .convolution import activate, check_activation
from .elements import Element, op_computes_in
from .emit_tensor import shape_of
from .emit_ttnn import static_shape
from .emitter import Emitter
from .op_bytes import finished_bytes, operand_bytes, sum_bytes
from .registry import Memory, emits
from .sizes import array_bytes


def dilate_insert(values: Array, strides: Sequence[int]) -> Array:
    """Put `stride - 1` zeros between neighbours, along each dimension."""
    shape = [
        (size - 1) * stride + 1 if size else 0
        for size, stride in zip(values.shape, strides, strict=True)
    ]
    result = np.zeros(shape, values.dtype)
    result[tuple(slice(None, None, stride) for stride in strides)] = values
    return result


@emits(deconv.DilateInsertOp, buffer="fresh")
def emit_dilate_insert(e: Emitter, op: deconv.DilateInsertOp) -> None:
    strides = op.strides.get_values()
    e.assign(op.result, f"{e.use(dilate_insert)}({e[op.input]}, {strides})")


@emits(deconv.FlipOp, buffer="view")
def emit_flip(e: Emitter, op: deconv.FlipOp) -> None:
    flipped = op.dimensions.get_values()
    rank = len(shape_of(op.input))
    parts = ", ".join("::-1" if axis in flipped else ":" for axis in range(rank))
    e.assign(op.result, f"{e[op.input]}[{parts}]" if parts else e[op.input])


@dataclass(frozen=True)
class Interleaving:
    """One `deconv.interleave`; `phases` gives the (rows, columns) of each block."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    phases: list[tuple[tuple[int, ...], tuple[int, ...]]]
    dtype: DType

    def __call__(self, background: Array | None, *blocks: Array) -> Array:
        result = np.zeros(self.shape, self.dtype)
        if background is not None:
            result[...] = background.reshape(-1)
        for (rows, columns), block in zip(self.phases, blocks, strict=True):
            split = block.reshape(*block.shape[:3], len(rows), len(columns), self.shape[3])
            for i, row in enumerate(rows):
                for j, column in enumerate(columns):
                    phase = (slice(None), slice(row, None, self.strides[0]))
                    result[*phase, column :: self.strides[1]] = split[:, :, :, i, j]
        return result


def _interleave_bytes(types: ElementTypes, op: deconv.InterleaveOp) -> int:
    """The result, and a block whose columns had to be copied to be split."""
    blocks = [array_bytes(types, block.type) for block in op.blocks]
    return array_bytes(types, op.result.type) + max(blocks, default=0)


@emits(deconv.InterleaveOp, buffer="fresh", memory=Memory(_interleave_bytes))
def emit_interleave(e: Emitter, op: deconv.InterleaveOp) -> None:
    plan = Interleaving(
        static_shape(op.result), op.strides.get_values(), op.phases(), e.dtype(op.result.type)
    )
    background = "None" if op.background is None else e[op.background]
    operands = [background, *(e[block] for block in op.blocks)]
    e.assign(op.result, f"{e.constant(plan, 'interleave')}({', '.join(operands)})")


@dataclass(frozen=True)
class OverlapAdd:
    """One `deconv.col2im`, called with products (G, N*H*W, KH*KW*O/G)."""

    height: TransposedAxis
    width: TransposedAxis
    held: Element
    result: Element

    def __call__(self, products: Array) -> Array:
        """Add every product where it lands, on a buffer large enough for all, then crop."""
        products = self.held.of(products)
        height, width = self.height, self.width
        groups, pixels, columns = products.shape
        batch = pixels // (height.size * width.size)
        outer = columns // (height.kernel * width.kernel)
        extent = map(_extent, (height, width))
        whole = np.zeros((batch, *extent, groups, outer), products.dtype)
        split = products.reshape(
            groups, batch, height.size, width.size, height.kernel, width.kernel, outer
        )
        for row in range(height.kernel):
            for column in range(width.kernel):
                landing = (slice(None), _landing(height, row), _landing(width, column))
                whole[landing] += split[..., row, column, :].transpose(1, 2, 3, 0, 4)
        kept = self.held.wrapped(whole[:, _kept(height), _kept(width)])
        return self.result.of(kept.reshape(*kept.shape[:3], groups * outer))


def _extent(axis: TransposedAxis) -> int:
    """Rows of the buffer that products are added up in: all landings, and all that are kept."""
    return max(axis.dilated_size + axis.kernel_extent - 1, axis.pad_low + axis.output_size)


def _landing(axis: TransposedAxis, tap: int) -> slice:
    first = tap * axis.dilation
    return slice(first, first + axis.dilated_size, axis.stride)


def _kept(axis: TransposedAxis) -> slice:
    return slice(axis.pad_low, axis.pad_low + axis.output_size)


def _col2im_bytes(types: ElementTypes, op: deconv.Col2ImOp) -> int:
    """The buffer that products are added up in, and what is cropped out of it."""
    held = op_computes_in(types, op).dtype
    batch, *_, channels = shape_of(op.result)
    whole = max(batch, 0) * channels * prod(map(_extent, op.axes()))
    return (
        operand_bytes(types, op)
        + whole * held.itemsize
        + 2 * sum_bytes(types, op)
        + finished_bytes(types, op, None)
    )


@emits(deconv.Col2ImOp, buffer="fresh", memory=Memory(_col2im_bytes))
def emit_col2im(e: Emitter, op: deconv.Col2ImOp) -> None:
    plan = OverlapAdd(*op.axes(), e.computes_in(op), e.element(op.result.type))
    e.assign(op.result, f"{e.constant(plan, 'col2im')}({e[op.products]})")


@dataclass(frozen=True)
class Finishing:
    """One `deconv.finish`, called with sums and, if there is one, a bias."""

    activation: tuple[str, tuple[float, ...]] | None
    held: Element
    result: Element

    def __call__(self, sums: Array, bias: Array | None = None) -> Array:
        total = self.held.of(sums)
        if bias is not None:
            total = self.held.wrapped(total + self.held.of(bias.reshape(-1)))
        if self.activation is not None:
            total = activate(total, *self.activation)
        return self.result.of(total)


def _deconv_finish_bytes(types: ElementTypes, op: deconv.FinishOp) -> int:
    activation = op.activation()
    added = 0 if op.bias is None else sum_bytes(types, op)
    name = None if activation is None else activation.name
    return operand_bytes(types, op) + added + finished_bytes(types, op, name)


@emits(deconv.FinishOp, memory=Memory(_deconv_finish_bytes))
def emit_finish(e: Emitter, op: deconv.FinishOp) -> None:
    """Where there is nothing to do the result is the operand itself."""
    activation = op.activation()
    if activation is not None:
        check_activation(activation.name)
    fused = None if activation is None else (activation.name, tuple(activation.params))
    plan = Finishing(fused, e.computes_in(op), e.element(op.result.type))
    operands = [e[value] for value in (op.input, op.bias) if value is not None]
    e.assign(op.result, f"{e.constant(plan, 'finish')}({', '.join(operands)})")
