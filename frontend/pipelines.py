"""Pipelines as data: which passes there are, what each floor is made by, and what is refused.

Nothing here touches IR: a floor and a strategy become a pass pipeline in the notation of `-p`.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, parse_pipeline
from xdsl.utils.exceptions import ArgSpecParseError, PassFailedException

from .. import lowering, passes
from ..lowering.pipelines import PIPELINES, PassTable
from ..passes.strategies.registry import AUTO, is_strategy, strategies
from .mlir import get_all_passes as door_passes

FLOORS: dict[str, str] = {
    "ttnn": "",
    **{pipeline.floor: f"{pipeline.name}{{{{strategy={{strategy}}}}}}" for pipeline in PIPELINES},
}
"""The pipeline that makes each floor."""

LATER_FLOORS = ("buffers",)
BACKENDS = ("interpreter",)
LATER_BACKENDS = ("native",)

NOTHING_LOWERED_REMARK = "floor ttnn: nothing is lowered, so the strategy has no effect"
ONE_THREAD_REMARK = "backend interpreter: runs on one thread, so threads={threads} has no effect"


def project_passes() -> PassTable:
    """The passes of this project by name."""
    return {**door_passes(), **passes.get_all_passes(), **lowering.get_all_passes()}


def all_passes() -> PassTable:
    """The passes of xDSL, of installed plug-ins and of this project, by name."""
    from xdsl.universe import Universe

    return {**Universe.get_multiverse().all_passes, **project_passes()}


@dataclass(frozen=True)
class Plan:
    """How a module is to be lowered and run: checked, and nothing done yet."""

    pipeline: str
    """Passes in the notation of `-p`; empty when the module runs as it stands."""

    remarks: tuple[str, ...] = ()
    """What was asked for and has no effect. What passes choose they say when they run."""


@dataclass(frozen=True)
class Choices:
    """What a caller may ask for. Checked on construction.

    Raises: ValueError for what is unknown, contradictory, or not available yet.
    """

    floor: str | None = None
    strategy: str | None = None
    pipeline: str | None = None
    backend: str = "interpreter"
    threads: int = 1

    def __post_init__(self) -> None:
        _check_choice("floor", self.floor, tuple(FLOORS), LATER_FLOORS)
        if self.strategy is not None and not is_strategy(self.strategy):
            _check_choice("strategy", self.strategy, (AUTO, *strategies()), ())
        _check_choice("backend", self.backend, BACKENDS, LATER_BACKENDS)
        if self.threads < 1:
            raise ValueError(f"threads: expected at least 1, got {self.threads}")
        if self.pipeline is not None and (self.floor is not None or self.strategy is not None):
            raise ValueError(
                "pipeline: expected no floor and no strategy beside it, "
                f"got floor={self.floor!r} and strategy={self.strategy!r}"
            )

    def plan(self) -> Plan:
        """The pipeline that makes the floor asked for, and remarks.

        A strategy alone lowers to `decomposed`; where something is lowered, no strategy means auto.
        """
        remarks: list[str] = []
        if self.threads > 1:
            remarks.append(ONE_THREAD_REMARK.format(threads=self.threads))
        if self.pipeline is not None or (self.floor is None and self.strategy is None):
            return Plan(self.pipeline or "", tuple(remarks))
        floor = self.floor or "decomposed"
        strategy = self.strategy or AUTO
        if floor == "ttnn" and self.strategy is not None:
            remarks.append(NOTHING_LOWERED_REMARK)
        return Plan(FLOORS[floor].format(strategy=strategy), tuple(remarks))


def build_pipeline(spec: str, table: PassTable | None = None) -> tuple[ModulePass, ...]:
    """The passes that a pipeline in the notation of `-p` names, with their options.

    Raises: ValueError naming the pass and the option, or the place in the text.
    """
    available = all_passes() if table is None else table
    try:
        specs = tuple(parse_pipeline(spec))
    except ArgSpecParseError as error:
        raise ValueError(syntax_message("pass pipeline", spec, error)) from None
    return tuple(_build_pass(pass_spec, available) for pass_spec in specs)


def split_at_doors(
    steps: tuple[ModulePass, ...],
) -> tuple[tuple[ModulePass, ...], tuple[ModulePass, ...]]:
    """The passes up to the last that makes TTNN of another dialect, and those behind it."""
    places = [place for place, step in enumerate(steps, 1) if step.name in door_passes()]
    last = max(places, default=0)
    return steps[:last], steps[last:]


def _build_pass(spec: ArgSpec, available: PassTable) -> ModulePass:
    if spec.name not in available:
        close = get_close_matches(spec.name, available, n=1)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise ValueError(f"unknown pass '{spec.name}'{hint}")
    try:
        return available[spec.name]().from_spec(spec)
    except (ValueError, TypeError, PassFailedException) as error:
        raise ValueError(f"pass '{spec.name}': {error}") from error


def syntax_message(what: str, spec: str, error: ArgSpecParseError) -> str:
    """xDSL's five-line message (heading, place, text, carets, reason) on one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) < 5:
        return f"{what} '{spec}': {lines[-1]}"
    column = lines[1].rpartition(":")[2]
    return f"{what} '{spec}', column {column}: {lines[-1]}"


def _check_choice(
    what: str, value: str | None, available: tuple[str, ...], later: tuple[str, ...]
) -> None:
    if value is None or value in available:
        return
    expected = ", ".join(available)
    if value in later:
        raise ValueError(f"{what} '{value}' is not available yet; expected one of: {expected}")
    raise ValueError(f"{what}: expected one of: {expected}; got '{value}'")
