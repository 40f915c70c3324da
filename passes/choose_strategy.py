"""Strategy auto: the one that the cost model finds cheapest, and why.

Estimates within 2 % of the lowest count as equal; among equals the one with the fewest stages to
launch wins, and among those the simplest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from xdsl.dialects.builtin import FixedBitwidthType
from xdsl.ir import Attribute

from ..dialect import ttnn
from ..dialect.geometry import ConvTranspose2dGeometry
from ..dialect.numerics import accumulator_of
from ..dialect.verify_shapes import element_type_of
from . import plain_matmul
from .cost_model import Estimate, estimate
from .stages import Workload
from .targets import Target

SIMPLEST_FIRST = ("matmul", "sub-pixel", "gemm-col2im", "zero-insert")
"""The order that decides between strategies that nothing else tells apart."""

_EQUAL_WITHIN = 1.02


@dataclass(frozen=True)
class Choice:
    """The cheapest strategy, the second cheapest, and their estimates."""

    target: str
    winner: str
    runner_up: str
    winning: Estimate
    losing: Estimate

    @property
    def reason(self) -> str:
        """One sentence: winner, runner-up, and the figure that decided.

        Example: sub-pixel takes 0.371 ms on cpu by the cost model, gemm-col2im 0.493 ms, which
        spends 0.134 ms more on multiply-adds.
        """
        times = (
            f"{self.winner} takes {_milliseconds(self.winning.seconds)} on {self.target} by the "
            f"cost model, {self.runner_up} {_milliseconds(self.losing.seconds)}"
        )
        if self.losing.seconds > self.winning.seconds * _EQUAL_WITHIN:
            figure, more = self._largest_difference()
            return f"{times}, which spends {_milliseconds(more)} more on {figure}"
        if self.losing.stages > self.winning.stages:
            stages = f"{self.winning.stages} stages, not {self.losing.stages}"
            return f"{times}, which counts as equal; the former has {stages}"
        return f"{times}, which counts as equal; the former is simpler"

    def _largest_difference(self) -> tuple[str, float]:
        """What the runner-up spends most time more on, and how much more."""
        more = {
            "multiply-adds": self.losing.multiply_add_seconds - self.winning.multiply_add_seconds,
            "moving data": self.losing.movement_seconds - self.winning.movement_seconds,
            "launching stages": self.losing.launch_seconds - self.winning.launch_seconds,
        }
        figure = max(more, key=more.__getitem__)
        return figure, more[figure]


def refusal(geometry: ConvTranspose2dGeometry, strategy: str) -> str | None:
    """Why a strategy does not take an op of this geometry; None where it does."""
    return plain_matmul.refusal(geometry) if strategy == "matmul" else None


def workload_of(op: ttnn.ConvTranspose2dOp) -> Workload:
    """What the cost of an op depends on.

    Requires: tensors of known shape.
    """
    element_type, sums = element_type_of(op.input), accumulator_of(op)
    is_rounded = sums != element_type_of(op.result)
    is_finished = op.bias is not None or op.activation() is not None or is_rounded
    return Workload(op.geometry(), _bytes(element_type), _bytes(sums), is_finished)


def _bytes(element_type: Attribute) -> int:
    assert isinstance(element_type, FixedBitwidthType)
    return element_type.size


def estimates(workload: Workload, target: Target) -> Mapping[str, Estimate]:
    """The estimate of every strategy that takes the op, the best first."""
    found = {
        strategy: estimate(workload, strategy, target)
        for strategy in SIMPLEST_FIRST
        if refusal(workload.geometry, strategy) is None
    }
    equal = min(time.seconds for time in found.values()) * _EQUAL_WITHIN

    def rank(item: tuple[str, Estimate]) -> tuple[float, int]:
        # Sorting is stable: what ranks equal stays in the order of SIMPLEST_FIRST.
        time = item[1]
        return (0.0, time.stages) if time.seconds <= equal else (time.seconds, 0)

    return dict(sorted(found.items(), key=rank))


@lru_cache(maxsize=4096)
def choose_strategy(workload: Workload, target: Target) -> Choice:
    """The best strategy on a target; at least zero-insert and sub-pixel take every op."""
    (winner, winning), (runner_up, losing), *_ = estimates(workload, target).items()
    return Choice(target.name, winner, runner_up, winning, losing)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"
