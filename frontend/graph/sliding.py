"""How kernels and windows move: one number for each spatial axis, and the one reader of those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

Entry = TypeVar("Entry")
Pair: TypeAlias = tuple[Entry, Entry]


def per_axis(values: Entry | Sequence[Entry], axes: int, what: str) -> tuple[Entry, ...]:
    """One entry a spatial axis from what PyTorch takes: a number or a list.

    A number, and a list of one, are of every axis.
    Raises: ValueError for a list of another length.
    Example: `per_axis([2], 2, "stride")` is `(2, 2)`.
    """
    if not isinstance(values, Sequence):
        return (values,) * axes
    given = tuple(cast("Sequence[Entry]", values))
    if len(given) not in (1, axes):
        count = _count(axes) if axes == 1 else f"1 or {axes} values"
        raise ValueError(f"{what}: expected {count}, got {list(given)}")
    return given * axes if len(given) == 1 else given


def height_and_width(entries: Sequence[Entry], axes: int, none: Entry, what: str) -> Pair[Entry]:
    """One entry an axis as (height, width); of a signal that is the width, and `none` the height.

    Raises: ValueError for more or fewer entries than axes.
    """
    if len(entries) != axes:
        raise ValueError(f"{what}: expected {_count(axes)}, got {list(entries)}")
    height, width = (none, *entries)[-2:]
    return height, width


def _count(values: int) -> str:
    return "1 value" if values == 1 else f"{values} values"


@dataclass(frozen=True)
class Sliding:
    """How a kernel moves over an image or a signal; one entry a spatial axis, height first.

    An empty tuple is what its entries are where nothing is said. `padding` is (low, high) an axis;
    of a transposed convolution it may be negative: the result then has more, not fewer, elements.
    """

    stride: tuple[int, ...] = ()
    padding: tuple[tuple[int, int], ...] = ()
    dilation: tuple[int, ...] = ()
    output_padding: tuple[int, ...] = ()
    groups: int = 1

    def of_rank_2(self, axes: int) -> Sliding:
        """The same for (height, width), everything said; `axes` is 1 for a signal, 2 for an image.

        Raises: ValueError where something is said of more or fewer axes than there are.
        """
        return Sliding(
            height_and_width(self.stride or (1,) * axes, axes, 1, "stride"),
            height_and_width(self.padding or ((0, 0),) * axes, axes, (0, 0), "padding"),
            height_and_width(self.dilation or (1,) * axes, axes, 1, "dilation"),
            height_and_width(self.output_padding or (0,) * axes, axes, 0, "output_padding"),
            self.groups,
        )


ONE_BY_ONE = Sliding()
"""One step at a time, nothing around."""
