"""Ops that move elements, in the order of dimensions of the source."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import BoolAttr, FloatAttr, TensorType, f32
from xdsl.ir import Attribute, SSAValue

from ...dialect import build, i32, ttnn
from ...dialect.geometry.shapes import (
    concat_axis,
    concat_shape,
    matmul_shape,
    pad_shape,
    permute_shape,
)
from ...dialect.tensor_types import element_type_of, shape_of
from .elementwise import Elementwise
from .names import value_name
from .values import Tensor, Value, channels_last_axis, check_types

TO_CHANNELS_LAST = {3: (0, 2, 1), 4: (0, 2, 3, 1)}
TO_CHANNELS_FIRST = {3: (0, 2, 1), 4: (0, 3, 1, 2)}
"""Permutations that say how a value is to lie, by rank."""


class Movement(Elementwise):
    """Ops without arithmetic; what only says how a value lies costs nothing."""

    def reshape(self, x: Value, shape: Sequence[int], *, name: str = "reshape") -> Tensor:
        """The same elements, in the order of the source, under another shape without -1.

        Raises: ValueError for another number of elements.
        """
        shape = tuple(shape)
        if prod(shape) != prod(x.shape):
            raise ValueError(f"expected a shape of {prod(x.shape)} elements, got {shape}")
        tensor = self.tensor(x)
        if tensor.channels_last and len(shape) in (3, 4) and shape[:2] == x.shape[:2]:
            return Tensor(tensor.ssa, shape, True)
        source = self.source(tensor)
        with self.building():
            return Tensor(build.reshape(source, shape, value_name(name)), shape)

    def permute(self, x: Value, permutation: Sequence[int], *, name: str = "permute") -> Tensor:
        """Dimension d of the result is dimension permutation[d] of `x`.

        Raises: ValueError for what is no permutation of its dimensions.
        """
        shape = permute_shape(x.shape, permutation)
        tensor, rank = self.tensor(x), len(x.shape)
        if tensor.channels_last and tuple(permutation) == TO_CHANNELS_LAST[rank]:
            with self.building():
                return Tensor(build.reshape(tensor.ssa, shape, value_name(name)), shape)
        if not tensor.channels_last and tuple(permutation) == TO_CHANNELS_FIRST.get(rank):
            return self.from_image(tensor.ssa, shape, value_name(name))
        source = self.source(tensor)
        with self.building():
            return Tensor(build.permute(source, permutation, value_name(name)), shape)

    def concat(self, values: Sequence[Value], axis: int, *, name: str = "concat") -> Tensor:
        """The values one behind the other along an axis, from the end if negative.

        Raises: ValueError for sizes that differ elsewhere, and for types that differ.
        """
        check_types(*values)
        shape = concat_shape([value.shape for value in values], axis)
        rank = len(shape)
        axis = concat_axis(rank, axis)
        if not any(isinstance(value, Tensor) and value.channels_last for value in values):
            with self.building():
                parts = [self.source(value) for value in values]
                return Tensor(build.concat(parts, axis, value_name(name)), shape)
        if axis == 1:
            parts = [self.pixels(value) for value in values]
            with self.building():
                return Tensor(build.concat(parts, 3, value_name(name)), shape, True)
        parts = [self.image(value) for value in values]
        with self.building():
            image = build.concat(parts, channels_last_axis(rank, axis), value_name(name))
        return self.from_image(image, shape, value_name(f"{name}_pixels"))

    def slice(
        self,
        x: Value,
        bounds: Sequence[tuple[int, int]],
        steps: Sequence[int] | None = None,
        *,
        name: str = "slice",
    ) -> Tensor:
        """The part inside (start, stop) of each dimension, every step-th element.

        Bounds are inside the value, steps positive.
        """
        rank, steps = len(x.shape), list(steps or [1] * len(bounds))
        tensor = self.tensor(x)
        shape = tuple(
            -((start - stop) // step) for (start, stop), step in zip(bounds, steps, strict=True)
        )
        if not tensor.channels_last:
            with self.building():
                return Tensor(
                    build.slice_static(tensor.ssa, bounds, value_name(name), steps), shape
                )
        image = self.image(tensor)
        image_bounds, image_steps = [(0, size) for size in shape_of(image)], [1] * 4
        for axis in range(rank):
            place = channels_last_axis(rank, axis)
            image_bounds[place], image_steps[place] = bounds[axis], steps[axis]
        with self.building():
            part = build.slice_static(image, image_bounds, value_name(name), image_steps)
        return self.from_image(part, shape, value_name(f"{name}_pixels"))

    def pad(
        self,
        x: Value,
        amounts: Sequence[tuple[int, int]],
        value: float = 0.0,
        *,
        name: str = "pad",
    ) -> Tensor:
        """`value` around `x`: (low, high) for each dimension, none negative."""
        if not any(amount for pair in amounts for amount in pair):
            return self.tensor(x)
        tensor, rank = self.tensor(x), len(x.shape)
        shape = pad_shape(x.shape, [amount for pair in amounts for amount in pair])
        if not tensor.channels_last:
            return Tensor(self._pad(tensor, amounts, value, name), shape)
        image_amounts = [(0, 0)] * 4
        for axis in range(rank):
            image_amounts[channels_last_axis(rank, axis)] = amounts[axis]
        image = Tensor(self.image(tensor), shape_of(self.image(tensor)))
        padded = self._pad(image, image_amounts, value, name)
        return self.from_image(padded, shape, value_name(f"{name}_pixels"))

    def _pad(
        self, x: Tensor, amounts: Sequence[tuple[int, int]], value: float, name: str
    ) -> SSAValue:
        padding = [amount for pair in amounts for amount in pair]
        properties: dict[str, Attribute] = {
            **i32.properties({"padding": padding}),
            "use_multicore": BoolAttr.from_bool(False),
            "value": FloatAttr(value, f32),
        }
        type_ = TensorType(element_type_of(x.ssa), pad_shape(shape_of(x.ssa), padding))
        return self.create(ttnn.PadOp, [x.ssa], properties, type_, name)

    def matmul(
        self,
        a: Value,
        b: Value,
        *,
        transpose_a: bool = False,
        transpose_b: bool = False,
        name: str = "matmul",
    ) -> Tensor:
        """The product of the last two dimensions; those in front broadcast.

        Raises: ValueError for sizes or types that do not match.
        """
        check_types(a, b)
        shape = matmul_shape(a.shape, b.shape, transpose_a, transpose_b)
        properties: dict[str, Attribute] = {
            "transpose_a": BoolAttr.from_bool(transpose_a),
            "transpose_b": BoolAttr.from_bool(transpose_b),
        }
        operands = [self.source(a), self.source(b)]
        type_ = TensorType(a.element_type, shape)
        return Tensor(self.create(ttnn.MatmulOp, operands, properties, type_, name), shape)
