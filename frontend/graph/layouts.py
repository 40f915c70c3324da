"""From the order of the source to channels-last and back, no more often than needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.ir import SSAValue

from ...dialect import build
from .core import Core
from .values import Constant, Tensor, Value, extents, moves_nothing


@dataclass(eq=False)
class Layouts(Core):
    """Values in the form in which an op reads them; each form of a value is built once."""

    _forms: dict[tuple[Tensor, str], SSAValue] = field(
        default_factory=dict[tuple[Tensor, str], SSAValue], init=False
    )

    def output(self, value: Value, name: str) -> None:
        """The next result of the function, in the order of the source."""
        self.outputs.append((name, self.source(value)))

    def source(self, value: Value) -> SSAValue:
        """A value in the order of the source."""
        if isinstance(value, Constant):
            return self.stored(value)
        if not value.channels_last:
            return value.ssa
        return self._once(value, "nchw", _build_source)

    def image(self, value: Value) -> SSAValue:
        """A value of rank 3 or 4 as (N, H, W, C). Raises: ValueError for another rank."""
        if isinstance(value, Constant):
            return self.stored(value, extents(value.shape).nhwc, _channels_last(value.shape))
        return self._once(value, "nhwc", _build_image)

    def pixels(self, value: Value) -> SSAValue:
        """A value of rank 3 or 4 as (1, 1, N*H*W, C). Raises: ValueError for another rank."""
        flat = extents(value.shape).flattened
        if isinstance(value, Constant):
            return self.stored(value, flat, _channels_last(value.shape))
        if value.channels_last:
            return value.ssa
        image = self.image(value)
        return self._once(value, "pixels", lambda _, name: build.reshape(image, flat, name))

    def from_image(self, image: SSAValue, shape: Sequence[int], name: str) -> Tensor:
        """The value of a source's `shape` that (N, H, W, C) holds."""
        with self.building():
            flat = build.reshape(image, extents(tuple(shape)).flattened, name)
        return Tensor(flat, tuple(shape), True)

    def _once(
        self, value: Tensor, form: str, build_form: Callable[[Tensor, str], SSAValue]
    ) -> SSAValue:
        if (value, form) not in self._forms:
            name = value.ssa.name_hint or "value"
            with self.building():
                self._forms[value, form] = build_form(value, f"{name}_{form}")
        return self._forms[value, form]


def _channels_last(shape: Sequence[int]) -> tuple[int, ...]:
    """The order of dimensions that puts the channels last."""
    return (0, *range(2, len(shape)), 1)


def _build_source(value: Tensor, name: str) -> SSAValue:
    if moves_nothing(value.shape):
        return build.reshape(value.ssa, value.shape, name)
    batch, channels, *spatial = value.shape
    rank = len(value.shape)
    image = build.reshape(value.ssa, (batch, *spatial, channels), name.replace("nchw", "nhwc"))
    return build.permute(image, (0, rank - 1, *range(1, rank - 1)), name)


def _build_image(value: Tensor, name: str) -> SSAValue:
    sizes = extents(value.shape)
    if value.channels_last or moves_nothing(value.shape):
        return build.reshape(value.ssa, sizes.nhwc, name)
    permuted = build.permute(value.ssa, _channels_last(value.shape), name)
    return build.reshape(permuted, sizes.nhwc, name)
