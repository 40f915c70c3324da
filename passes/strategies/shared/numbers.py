"""Numbers that a strategy writes into attributes of TTNN, which have 32 bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from ...cost.stages import Workload


@dataclass(frozen=True, order=True)
class Number:
    """A number, and what it counts."""

    value: int
    what: str


def result_numbers(workload: Workload) -> Iterator[Number]:
    """What a reshape to the declared form of the result writes down."""
    _, height, width, _ = workload.geometry.output_shape
    if workload.is_flattened:
        yield Number(prod(workload.geometry.output_shape[:3]), "outputs")
    elif not workload.is_bare:
        yield from (Number(size, "outputs of an axis") for size in (height, width))
