"""A strategy is one object: its name, which ops it takes, what it builds and what it costs.

This project's are the other modules of this folder; docs/own_strategy.md adds one from outside.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import build, ttnn
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.guards import check_static, refuse
from ...dialect.tensor_types import shape_of, tensor_type
from ..cost.stages import Stage, Workload
from ..op_counts import FEW_OPS
from .shared.numbers import Number
from .shared.weight import check_prepared_shape

Plan = TypeVar("Plan")


@dataclass(frozen=True)
class Strategy(ABC, Generic[Plan]):
    """One way to compute a transposed convolution by ops that pipelines already know.

    `name`, `description`, `plan` and `build` are all that one needs; it then takes every op, and
    becomes a few ops with small numbers in them. Without `stages` it has no cost, and auto never
    chooses it. Everything but `build` is worked out from shapes, before there is any IR.
    """

    name: ClassVar[str]
    """What `strategy=` and `--strategy` call it, in kebab-case."""

    description: ClassVar[str]
    """What it does, in one line."""

    rank: ClassVar[int] = 1000
    """Where nothing else tells strategies apart, auto takes the one of lowest rank, the simplest;
    this project's are below 100."""

    @abstractmethod
    def plan(self, geometry: ConvTranspose2dGeometry) -> Plan:
        """What is going to be done, as frozen data. Requires: no refusal."""

    @abstractmethod
    def build(self, op: ttnn.ConvTranspose2dOp, plan: Plan) -> SSAValue:
        """Build what takes the place of `op`: all outputs, with bias, activation and rounding.

        It has the elements of the result in their order and any shape; an implicit builder stands
        before `op`. Requires: tensors of known shape; a raw weight, or one that this project
        prepared.
        """

    def refusal(self, geometry: ConvTranspose2dGeometry) -> str | None:
        """Why an op of this geometry is not taken, `expected ... for strategy NAME, got ...`;
        None where it is.
        """
        return None

    def stages(self, workload: Workload) -> tuple[Stage, ...] | None:
        """The ops that touch data, in order, the last one writing the result; None: not known.

        Requires: no refusal.
        """
        return None

    def cropped_multiply_adds(self, geometry: ConvTranspose2dGeometry) -> int:
        """Executed multiply-adds of products that land outside of the output and are dropped."""
        return 0

    def op_count(self, workload: Workload, floor: str, at_most: int) -> int:
        """About how many ops one becomes on its way to a floor (passes/op_counts.py).

        What is over `at_most` need not be counted to the end. Requires: no refusal.
        """
        return FEW_OPS

    def what_makes_many(self, geometry: ConvTranspose2dGeometry) -> str:
        """What these ops are for, as errors print it: `65536 phases`."""
        return "a few values"

    def numbers(self, workload: Workload) -> Iterable[Number]:
        """The numbers in attributes of its ops that grow with the geometry.

        Requires: no refusal; no more ops than are allowed.
        """
        return ()

    @property
    def pattern(self) -> RewritePattern:
        """The rewriting of one op."""
        return DecomposeConvTranspose2d(self)


@dataclass(frozen=True)
class DecomposeConvTranspose2d(RewritePattern):
    """conv_transpose2d -> what a strategy builds."""

    strategy: Strategy[Any]

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ConvTranspose2dOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        check_prepared_shape(op)
        geometry = op.geometry()
        if (reason := self.strategy.refusal(geometry)) is not None:
            refuse(op, reason)

        plan = self.strategy.plan(geometry)

        with build.rewriting(op, rewriter):
            built = self.strategy.build(op, plan)
            result = build.reshape(built, shape_of(op.result), "result", tensor_type(op.result))

        rewriter.replace(op, [], [result])
