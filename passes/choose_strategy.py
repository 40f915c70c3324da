"""Strategy auto: the one that the cost model finds cheapest, and why.

Strategies over a limit are left out. Estimates within 2 % of the lowest count as equal; among
equals the one with the fewest stages to launch wins, and among those the simplest. A strategy
without a cost is never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from xdsl.dialects.builtin import FixedBitwidthType, NoneAttr
from xdsl.ir import Attribute

from ..dialect import ttnn
from ..dialect.geometry.transposed import ConvTranspose2dGeometry
from ..dialect.numerics import accumulator_of
from ..dialect.tensor_types import element_type_of, tensor_type
from ..dialect.text.quantities import seconds_text
from ..dialect.ttcore.attributes import TileType
from .cost.model import Estimate, estimate, has_cost
from .cost.stages import Workload
from .cost.targets import Target
from .limits import DEFAULT_LIMITS, Excess, Limits, find_excess, takers
from .strategies.registry import find, simplest_first

_EQUAL_WITHIN = 1.02


@dataclass(frozen=True)
class Choice:
    """The cheapest strategy, the second cheapest, their estimates, and what was not asked."""

    target: str
    winner: str
    runner_up: str | None
    """None where all others are left out or do not take the op; its estimate then is that of
    the winner."""
    winning: Estimate
    losing: Estimate
    left_out: Mapping[str, Excess] = field(default_factory=dict[str, Excess])
    without_cost: tuple[str, ...] = ()
    """Those that take the op, and nobody knows what they cost."""

    @property
    def reason(self) -> str:
        """One sentence: winner, runner-up, the figure that decided, and what was not compared.

        Example: sub-pixel takes 371 us on cpu by the cost model, gemm-col2im 493 us, which
        spends 134 us more on multiply-adds.
        """
        return "; ".join([self._comparison(), *_left_out(self.left_out, self.without_cost)])

    def _comparison(self) -> str:
        time = (
            f"{self.winner} takes {seconds_text(self.winning.seconds)} on {self.target} by the "
            "cost model"
        )
        if self.runner_up is None:
            rest = "nothing else with a cost" if self.without_cost else "nothing else"
            return f"{time}, and {rest} takes the op"
        times = f"{time}, {self.runner_up} {seconds_text(self.losing.seconds)}"
        if self.losing.seconds > self.winning.seconds * _EQUAL_WITHIN:
            figure, more = self._largest_difference()
            return f"{times}, which spends {seconds_text(more)} more on {figure}"
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


def _left_out(excesses: Mapping[str, Excess], without_cost: Sequence[str]) -> list[str]:
    reasons = {**excesses, **dict.fromkeys(without_cost, "it has no cost")}
    return [f"{strategy} is left out: {reason}" for strategy, reason in reasons.items()]


def taking(geometry: ConvTranspose2dGeometry) -> list[str]:
    """The strategies that take an op of this geometry, whatever the limits; the simplest first."""
    return [found.name for found in simplest_first() if found.refusal(geometry) is None]


def refusal(geometry: ConvTranspose2dGeometry, strategy: str) -> str | None:
    """Why a strategy does not take an op of this geometry, whatever the limits; else None."""
    reason = find(strategy).refusal(geometry)
    if reason is None or not (others := taking(geometry)):
        return reason
    return f"{reason}; {takers(others)}"


@lru_cache(maxsize=4096)
def excesses(workload: Workload, limits: Limits) -> Mapping[str, Excess]:
    """The strategies that take the geometry and are over a limit."""
    found = {
        strategy: find_excess(workload, strategy, limits) for strategy in taking(workload.geometry)
    }
    return {strategy: excess for strategy, excess in found.items() if excess is not None}


def candidates(workload: Workload, limits: Limits) -> list[str]:
    """The strategies that take an op and are within the limits."""
    over = excesses(workload, limits)
    return [strategy for strategy in taking(workload.geometry) if strategy not in over]


def without_cost(workload: Workload, limits: Limits) -> tuple[str, ...]:
    """The candidates that auto never chooses, since nobody knows what they cost."""
    found = candidates(workload, limits)
    return tuple(strategy for strategy in found if not has_cost(workload, strategy))


def refusals(workload: Workload, limits: Limits) -> Mapping[str, str]:
    """For each strategy that does not take an op, or is over a limit, why."""
    others, over = candidates(workload, limits), excesses(workload, limits)
    reasons = {
        found.name: over[found.name].refusal(found.name, others)
        if found.name in over
        else refusal(workload.geometry, found.name)
        for found in simplest_first()
    }
    return {strategy: reason for strategy, reason in reasons.items() if reason is not None}


def refusal_of_all(workload: Workload, limits: Limits) -> str:
    """Why auto has nothing to choose from. Requires: no candidates with a cost."""
    over = excesses(workload, limits)
    remedies = " or ".join(dict.fromkeys(excess.own_remedy for excess in over.values()))
    reasons = "; ".join([*_left_out(over, without_cost(workload, limits)), remedies])
    return f"expected a strategy within the limits, got none: {reasons}"


def workload_of(op: ttnn.ConvTranspose2dOp) -> Workload:
    """What the cost of an op depends on.

    Requires: tensors of known shape.
    """
    element_type, sums = element_type_of(op.input), accumulator_of(op)
    is_rounded = sums != element_type_of(op.result)
    geometry, result = op.geometry(), tensor_type(op.result)
    return Workload(
        geometry,
        _bytes(element_type),
        _bytes(sums),
        is_finished=op.bias is not None or op.activation() is not None or is_rounded,
        is_flattened=result.get_shape() != geometry.output_shape,
        is_bare=result.encoding == NoneAttr(),
    )


def _bytes(element_type: Attribute) -> int:
    """Bytes of an element; in tiles, those of the number that names their data type."""
    if isinstance(element_type, TileType):
        bits = [int(digits) for digits in re.findall(r"\d+", element_type.data_type.data)]
        return max(1, max(bits) // 8)
    assert isinstance(element_type, FixedBitwidthType)
    return element_type.size


def estimates(
    workload: Workload, target: Target, limits: Limits = DEFAULT_LIMITS
) -> Mapping[str, Estimate]:
    """The estimates of the candidates that have a cost, the best first."""
    found = {
        strategy: estimate(workload, strategy, target)
        for strategy in candidates(workload, limits)
        if has_cost(workload, strategy)
    }
    equal = min((time.seconds for time in found.values()), default=0.0) * _EQUAL_WITHIN

    def rank(item: tuple[str, Estimate]) -> tuple[float, int]:
        # Sorting is stable: what ranks equal stays simplest first.
        time = item[1]
        return (0.0, time.stages) if time.seconds <= equal else (time.seconds, 0)

    return dict(sorted(found.items(), key=rank))


@lru_cache(maxsize=4096)
def choose_strategy(
    workload: Workload, target: Target, limits: Limits = DEFAULT_LIMITS
) -> Choice | None:
    """The best strategy on a target; None where the limits leave none that has a cost."""
    ranked = list(estimates(workload, target, limits).items())
    if not ranked:
        return None
    winner, winning = ranked[0]
    runner_up, losing = ranked[1] if len(ranked) > 1 else (None, winning)
    left_out, uncosted = excesses(workload, limits), without_cost(workload, limits)
    return Choice(target.name, winner, runner_up, winning, losing, left_out, uncosted)
