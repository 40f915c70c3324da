"""What each strategy costs for one op, side by side, and which one auto picks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from ...dialect import ttnn
from ...dialect.guards import check_static
from ...dialect.tensor_types import element_type_of
from ...dialect.text.locations import place_of
from ..choose_strategy import (
    choose_strategy,
    estimates,
    refusal_of_all,
    refusals,
    without_cost,
    workload_of,
)
from ..limits import DEFAULT_LIMITS, Limits
from .model import Estimate, Figures, figures, flops
from .stages import Workload
from .targets import Target


@dataclass(frozen=True)
class StrategyCost:
    """One strategy that takes the op."""

    figures: Figures
    estimate: Estimate

    def as_data(self) -> dict[str, object]:
        return {**asdict(self.figures), "seconds": self.estimate.seconds, **asdict(self.estimate)}


@dataclass(frozen=True)
class OpCost:
    """One transposed convolution on one target."""

    place: str | None
    function: str | None
    element_type: str
    workload: Workload
    winner: str | None
    """What auto picks; None where no strategy is within the limits."""
    reason: str

    costs: Mapping[str, StrategyCost]
    """Of the strategies that take the op within the limits, the best first."""

    refusals: Mapping[str, str]
    """Why others do not."""

    without_cost: Sequence[str] = ()
    """Those that take the op, and nobody knows what they cost."""

    def as_data(self, shown: Collection[str] | None = None) -> dict[str, object]:
        """What `ttnn-cost-report --json` prints of an op; its help says what the keys mean.

        `shown`: the strategies that are, all without it.
        """
        geometry = self.workload.geometry
        return {
            "place": self.place,
            "function": self.function,
            "input": geometry.input_shape,
            "weight": geometry.weight_shape,
            "output": geometry.output_shape,
            "groups": geometry.groups,
            "element_type": self.element_type,
            "macs": geometry.multiply_adds,
            "flops": flops(geometry),
            "auto": {"strategy": self.winner, "reason": self.reason},
            "strategies": self._strategies_as_data(shown),
        }

    def _strategies_as_data(self, shown: Collection[str] | None) -> dict[str, object]:
        taken = {name: cost.as_data() for name, cost in self.costs.items()}
        refused = {name: {"refused": reason} for name, reason in self.refusals.items()}
        unknown: dict[str, dict[str, object]] = {name: {"cost": None} for name in self.without_cost}
        found = {**taken, **refused, **unknown}
        return {name: data for name, data in found.items() if shown is None or name in shown}


def cost_of(op: ttnn.ConvTranspose2dOp, target: Target, limits: Limits = DEFAULT_LIMITS) -> OpCost:
    """Work out every strategy for an op; one over a limit is refused, not worked out.

    Raises: PassFailedException for tensors of unknown shape.
    """
    check_static(op)
    workload = workload_of(op)
    costs = {
        name: StrategyCost(figures(workload, name), time)
        for name, time in estimates(workload, target, limits).items()
    }
    choice = choose_strategy(workload, target, limits)
    return OpCost(
        place=place_of(op),
        function=_function_name(op),
        element_type=str(element_type_of(op.input)),
        workload=workload,
        winner=None if choice is None else choice.winner,
        reason=refusal_of_all(workload, limits) if choice is None else choice.reason,
        costs=costs,
        refusals=refusals(workload, limits),
        without_cost=without_cost(workload, limits),
    )


def _function_name(op: Operation) -> str | None:
    above = op.parent_op()
    while above is not None and not isinstance(above, FuncOp):
        above = above.parent_op()
    return None if above is None else above.sym_name.data
