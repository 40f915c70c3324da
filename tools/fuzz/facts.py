"""What is known of a tensor's elements before anything runs: how large, how fine, how certain.

Data is small whole numbers. As long as every number on the way is a multiple of a known power of
two and not too large for the type it is computed in, no operation rounds in a way that depends on
the order of evaluation, and two floors must agree bit for bit (`error` is 0). Behind a curve, a
division or a sum that is too large they may differ by `error`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from xdsl.dialects.builtin import (
    AnyFloat,
    BFloat16Type,
    Float16Type,
    Float64Type,
    Signedness,
)
from xdsl.ir import Attribute

from ...dialect.numpy_types import is_integer

LARGEST_F16 = 65504.0


@dataclass(frozen=True)
class Fact:
    """Bounds that hold for every element."""

    largest: float = 0.0
    """No element is further from zero."""

    step: float = 1.0
    """A power of two of which every element is a multiple; of no use where `error` is not 0."""

    error: float = 0.0
    """How far two right results may be apart."""

    is_finite: bool = True
    """False where an element may be infinite or no number: then it may only be moved about."""

    @property
    def is_exact(self) -> bool:
        """Whether every right result has the same bits."""
        return self.error == 0.0

    def within(self, other: Fact) -> bool:
        """Whether what holds here is also what the other says."""
        return (
            self.largest <= other.largest
            and self.step >= other.step
            and self.error <= other.error
            and self.is_finite >= other.is_finite
        )


def precision(element_type: Attribute) -> int:
    """Bits of the significand of a float type, its hidden one included.

    Example: 24 for f32.
    """
    if isinstance(element_type, BFloat16Type):
        return 8
    if isinstance(element_type, Float16Type):
        return 11
    return 53 if isinstance(element_type, Float64Type) else 24


def widened(*element_types: Attribute) -> int:
    """Bits of the significand that sums over these types are kept in: at least those of f32."""
    return max(24, *map(precision, element_types))


def computed(largest: float, step: float, error: float, bits: int, roundings: int = 1) -> Fact:
    """What `roundings` operations on `bits` bits may add to an error that was there before."""
    if error == 0.0 and largest <= step * 2.0**bits:
        return Fact(largest, step)
    return Fact(largest, 0.0, error + roundings * largest * 2.0 ** (1 - bits))


def stored(fact: Fact, element_type: Attribute) -> Fact:
    """What becomes of elements that are rounded into a type; integers wrap."""
    if is_integer(element_type):
        return Fact(min(fact.largest, 2.0**element_type.width.data), 1.0, 0.0, fact.is_finite)
    bits = precision(element_type)
    if fact.is_exact and fact.largest <= fact.step * 2.0**bits:
        return fact
    largest = fact.largest * (1 + 2.0**-bits)
    if isinstance(element_type, Float16Type) and largest > LARGEST_F16:
        return Fact(inf, 0.0, inf, is_finite=False)
    if fact.is_exact:
        # One rounding of the same number gives the same number, whoever does it.
        return replace(fact, largest=largest)
    return replace(fact, largest=largest, error=fact.error + largest * 2.0 ** (1 - bits))


def merged(*facts: Fact) -> Fact:
    """What holds for elements of several tensors side by side."""
    return Fact(
        max(fact.largest for fact in facts),
        min(fact.step for fact in facts),
        max(fact.error for fact in facts),
        all(fact.is_finite for fact in facts),
    )


def padded(fact: Fact, value: float) -> Fact:
    """What holds with copies of one more number among the elements."""
    return merged(fact, Fact(abs(value), step_of(value)))


def step_of(value: float) -> float:
    """The largest power of two, of 1 at most, of which a number is a multiple.

    Example: 0.25 for 2.75, and 1 for 6.
    """
    step = 1.0
    while step > 2.0**-60 and value % step:
        step /= 2
    return step


def is_float(element_type: Attribute) -> bool:
    """Whether a tensor holds floats."""
    return isinstance(element_type, AnyFloat)


def is_unsigned(element_type: Attribute) -> bool:
    """Whether a tensor holds integers without a sign."""
    return is_integer(element_type) and element_type.signedness.data == Signedness.UNSIGNED


def has_no_sign(element_type: Attribute) -> bool:
    """Whether upstream dialects take it: a float, or an integer that says nothing of signs."""
    return not is_integer(element_type) or element_type.signedness.data == Signedness.SIGNLESS


def fits(fact: Fact, element_type: Attribute) -> bool:
    """Whether a type holds every element without an overflow whose outcome the IR leaves open."""
    if not fact.is_finite:
        return False
    if is_integer(element_type):
        return fact.is_exact and fact.largest < 2.0 ** (element_type.width.data - 1)
    return not isinstance(element_type, Float16Type) or fact.largest < LARGEST_F16 / 2
