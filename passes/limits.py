"""What one transposed convolution may become at most.

Everything is counted from its geometry, before anything is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xdsl.utils.exceptions import PassFailedException

from ..dialect import i32
from .cost.model import figures, has_cost
from .cost.stages import Workload
from .op_counts import FLOORS
from .options import DEFAULT_MAX_OPS, DEFAULT_MAX_TEMPORARY_BYTES
from .strategies.registry import find


@dataclass(frozen=True)
class Limits:
    """Of one transposed convolution on its way to a floor. Checked on construction.

    Raises: PassFailedException naming the pass option.
    """

    max_ops: int = DEFAULT_MAX_OPS
    """Ops it may become, about."""

    max_temporary_bytes: int = DEFAULT_MAX_TEMPORARY_BYTES
    """Of the largest value between its input and its result."""

    floor: str = "decomposed"
    """At linalg, and for loops, sums of narrow floats are in f32, and col2im is spelt out."""

    def __post_init__(self) -> None:
        check_max_ops(self.max_ops)
        check_max_temporary_bytes(self.max_temporary_bytes)
        if self.floor not in FLOORS:
            expected = ", ".join(FLOORS)
            raise PassFailedException(f"floor: expected one of {expected}, got {self.floor}")


def check_max_ops(max_ops: int) -> None:
    """Raises: PassFailedException for less than one op."""
    if max_ops < 1:
        raise PassFailedException(f"max-ops: expected at least 1, got {max_ops}")


def check_max_temporary_bytes(max_bytes: int) -> None:
    """Raises: PassFailedException for less than nothing."""
    if max_bytes < 0:
        raise PassFailedException(f"max-temporary-bytes: expected at least 0, got {max_bytes}")


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Excess:
    """The limit that a strategy is over."""

    option: str | None
    """What to raise; None for a limit of TTNN."""
    expected: str
    got: str

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.got}"

    @property
    def own_remedy(self) -> str:
        return f"raise {self.option}" if self.option is not None else i32.REMEDY

    def refusal(self, strategy: str, others: Sequence[str]) -> str:
        """Why a strategy is refused, and what would take the op: others, or a higher limit.

        Example: "expected at most 16384 ops for strategy sub-pixel, got about 196638 for 65536
        phases; gemm-col2im takes it, or raise max-ops".
        """
        remedies = [takers(others)] if others else []
        if self.option is not None or not others:
            remedies.append(self.own_remedy)
        remedy = ", or ".join(remedies)
        return f"expected {self.expected} for strategy {strategy}, got {self.got}; {remedy}"


def takers(strategies: Sequence[str]) -> str:
    """Example: sub-pixel and zero-insert take it. Requires: one at least."""
    *front, last = strategies
    return f"{', '.join(front)} and {last} take it" if front else f"{last} takes it"


def find_excess(workload: Workload, strategy: str, limits: Limits) -> Excess | None:
    """The limit that a strategy is over, or None.

    Requires: a strategy that takes the geometry.
    """
    asked = find(strategy)
    ops = asked.op_count(workload, limits.floor, limits.max_ops)
    if ops > limits.max_ops:
        cause = asked.what_makes_many(workload.geometry)
        return Excess("max-ops", f"at most {limits.max_ops} ops", f"about {ops} for {cause}")
    largest = max(asked.numbers(workload), default=None)
    if largest is not None and largest.value > i32.LARGEST:
        expected = f"numbers of at most {i32.LARGEST} in attributes of TTNN"
        return Excess(None, expected, f"{largest.value} {largest.what}")
    if limits.floor != "decomposed":
        workload = replace(workload, element_bytes=workload.sum_bytes)
    if not has_cost(workload, strategy):
        return None
    size = figures(workload, strategy).largest_temporary_bytes
    if size > limits.max_temporary_bytes:
        expected = f"temporaries of at most {limits.max_temporary_bytes} bytes"
        return Excess("max-temporary-bytes", expected, f"one of {size} bytes")
    return None
