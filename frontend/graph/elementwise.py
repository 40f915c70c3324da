"""Ops element by element: activations, casts, and pairs of values that broadcast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from ...dialect import build, ttnn
from ...dialect.geometry.shapes import broadcast_shape
from ...dialect.tensor_types import element_type_of, shape_of
from ...dialect.ttnn.configs import Activation
from ...passes.activations import build_activation
from .layouts import Layouts
from .names import value_name
from .values import Constant, Tensor, Value, check_types, extents

BINARY: Mapping[str, type[Operation]] = {
    "add": ttnn.AddOp,
    "multiply": ttnn.MultiplyOp,
    "subtract": ttnn.SubtractOp,
    "divide": ttnn.DivideOp,
    "maximum": ttnn.MaximumOp,
    "minimum": ttnn.MinimumOp,
}
"""Ops of two values, by name."""


@dataclass(eq=False)
class Elementwise(Layouts):
    """Ops that read values as they lie."""

    _raised: dict[tuple[Constant, int], Constant] = field(
        default_factory=dict[tuple[Constant, int], Constant], init=False
    )

    def activation(self, kind: str, x: Value, *params: float, name: str = "") -> Tensor:
        """relu, relu6, leaky_relu (with its slope), tanh, sigmoid, silu or gelu.

        Raises: KeyError for another kind.
        """
        tensor = self.tensor(x)
        with self.building():
            result = build_activation(Activation(kind, params), tensor.ssa)
        result.name_hint = value_name(name or kind)
        return Tensor(result, tensor.shape, tensor.channels_last)

    def cast(self, x: Value, element_type: Attribute, *, name: str = "cast") -> Tensor:
        """`x` with its elements converted: floats to integers towards zero."""
        tensor = self.tensor(x)
        with self.building():
            result = build.typecast(tensor.ssa, element_type, value_name(name))
        return Tensor(result, tensor.shape, tensor.channels_last)

    def add(self, a: Value, b: Value, *, name: str = "sum") -> Tensor:
        """a + b, broadcast as NumPy does."""
        return self.binary("add", a, b, name=name)

    def multiply(self, a: Value, b: Value, *, name: str = "product") -> Tensor:
        """a * b, broadcast as NumPy does."""
        return self.binary("multiply", a, b, name=name)

    def binary(self, kind: str, a: Value, b: Value, *, name: str = "") -> Tensor:
        """An op of BINARY on two values that broadcast as NumPy does.

        Where one lies channels-last the result does, and the other is brought there.
        Raises: ValueError for shapes that do not broadcast, and for types that differ.
        """
        check_types(a, b)
        shape = broadcast_shape(a.shape, b.shape)
        name = name or kind
        if not any(_leads(value, shape) for value in (a, b)):
            lhs, rhs = (self._aligned_source(value, len(shape)) for value in (a, b))
            return Tensor(self._combine(kind, lhs, rhs, name), shape)
        left, right = (self._aligned(value, len(shape)) for value in (a, b))
        if all(_fits_flattened(value, shape) for value in (left, right)):
            result = self._combine(kind, self.pixels(left), self.pixels(right), name)
            return Tensor(result, shape, True)
        image = self._combine(kind, self.image(left), self.image(right), name)
        return self.from_image(image, shape, value_name(f"{name}_pixels"))

    def tensor(self, value: Value) -> Tensor:
        """A value as it lies in the IR; a constant in the order of the source."""
        return Tensor(self.source(value), value.shape) if isinstance(value, Constant) else value

    def _combine(self, kind: str, lhs: SSAValue, rhs: SSAValue, name: str) -> SSAValue:
        shape = broadcast_shape(shape_of(lhs), shape_of(rhs))
        type_ = TensorType(element_type_of(lhs), shape)
        return self.create(BINARY[kind], [lhs, rhs], {}, type_, name)

    def _aligned(self, value: Value, rank: int) -> Value:
        """The value with ones in front of its sizes, as broadcasting puts them there."""
        if len(value.shape) == rank:
            return value
        shape = (1,) * (rank - len(value.shape)) + value.shape
        if isinstance(value, Constant):
            if (value, rank) not in self._raised:
                self._raised[value, rank] = Constant(value.array.reshape(shape), value.name)
            return self._raised[value, rank]
        with self.building():
            name = value.ssa.name_hint or "value"
            return Tensor(build.reshape(self.source(value), shape, name), shape)

    def _aligned_source(self, value: Value, rank: int) -> SSAValue:
        """A value in the order of the source; one without dimensions gets ones."""
        return self.source(value if value.shape else self._aligned(value, rank))


def _leads(value: Value, shape: tuple[int, ...]) -> bool:
    """Whether a value lies channels-last, and so may a result of that shape."""
    is_channels_last = isinstance(value, Tensor) and value.channels_last
    return is_channels_last and len(value.shape) == len(shape)


def _fits_flattened(value: Value, shape: tuple[int, ...]) -> bool:
    """Whether flattening a value and the result keeps which elements meet."""
    sizes = extents(value.shape)
    per_channel = (sizes.batch, sizes.height, sizes.width) == (1, 1, 1)
    whole = sizes == extents(shape)
    return whole or per_channel
