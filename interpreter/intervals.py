"""Integer ranges, to leave out wrap-around and bounds checks that cannot fail.

Sound with two assumptions, both about sizes no run can reach: no dimension has 2^40 elements and
no loop makes 2^62 steps.
"""

from __future__ import annotations

from typing import NamedTuple

from xdsl.dialects.builtin import IndexType, Signedness
from xdsl.ir import Attribute

from ..dialect.numpy_types import is_integer


class Interval(NamedTuple):
    """All integers from low to high, both included."""

    low: int
    high: int

    def __contains__(self, other: object) -> bool:
        if isinstance(other, Interval):
            return self.low <= other.low and other.high <= self.high
        return isinstance(other, int) and self.low <= other <= self.high

    def plus(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def minus(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def times(self, other: Interval) -> Interval:
        corners = [a * b for a in self for b in other]
        return Interval(min(corners), max(corners))

    def union(self, other: Interval) -> Interval:
        return Interval(min(self.low, other.low), max(self.high, other.high))


INDEX = Interval(-(2**63), 2**63 - 1)
DIMENSION = Interval(0, 2**40)


def interval_of_type(type_: Attribute) -> Interval:
    """Every value an integer type has; signless ones count as signed, i1 is 0 and 1."""
    if isinstance(type_, IndexType):
        return INDEX
    if is_integer(type_):
        width = type_.width.data
        if width == 1 or type_.signedness.data == Signedness.UNSIGNED:
            return Interval(0, 2**width - 1)
        return Interval(-(2 ** (width - 1)), 2 ** (width - 1) - 1)
    return INDEX


def loop_interval(low: Interval, high: Interval, step: Interval) -> Interval:
    """The induction variable of a loop: from its lower bound to the last step below the upper.

    Example: from 0 to 100 in steps of 32 it is at most 96.
    """
    last = high.high - 1
    if low.low == low.high and high.low == high.high and step.low == step.high and step.low > 0:
        last = low.low + max((last - low.low) // step.low, 0) * step.low
    return Interval(low.low, max(last, low.low))
