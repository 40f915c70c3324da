"""Random pipelines: passes in an order that reaches a floor, with options drawn for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ...passes.strategies.registry import AUTO, names
from .drawing import chance, subset, weighted
from .modules import RandomModule

FLOORS: dict[str, int] = {"loops": 30, "linalg": 25, "decomposed": 30, "ttnn": 15}
CONVOLUTION_MODES = ("direct", "im2col")
TARGETS = ("cpu", "wormhole")

CLEANING = (
    "ttnn-infer-shapes",
    "ttnn-canonicalize",
    "ttnn-fold-constants",
    "ttnn-fuse",
    "canonicalize",
    "cse",
    "dce",
)
"""Passes that may stand anywhere."""

RARE = (
    "hoist-weight-preparation",
    "strip-ttnn-attributes",
    "simplify-transposes",
    "legalize-deconv-to-ttnn",
    "convert-ttir-to-ttnn",
    "convert-stablehlo-to-ttnn",
)
"""Passes that may stand anywhere too."""

FOREIGN = ("canonicalize", "cse", "dce")
"""Passes of xDSL."""


@dataclass(frozen=True)
class Step:
    """One pass, as `-p` names it."""

    name: str
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        listed = " ".join(f"{name}={value}" for name, value in self.options)
        return f"{self.name}{{{listed}}}" if listed else self.name

    def option(self, name: str) -> str | None:
        return dict(self.options).get(name)


@dataclass(frozen=True)
class Pipeline:
    """The floor that was drawn, and the passes that lead to it."""

    floor: str
    steps: tuple[Step, ...]
    prints_generic: bool = False
    """Whether the module is printed in generic form before the passes and in custom form behind
    them, or the other way round."""

    is_repeated: bool = False
    """Whether all passes are run again on what they made, until they must change nothing."""

    def __str__(self) -> str:
        return ",".join(map(str, self.steps))


UNSETTLED = frozenset(("hoist-weight-preparation", "strip-ttnn-attributes"))
"""Together they are never done: hoisting marks what it has split, stripping drops the marks."""


def draw_pipeline(random: Random, drawn: RandomModule) -> Pipeline:
    """Passes to a floor: by a named pipeline or pass by pass, with others around and between."""
    floor = weighted(random, FLOORS)
    # A strategy that refuses an op of the module says so, and that is all of it.
    weights = {name: 5 if drawn.refuses(name) else 25 for name in known_strategies()}
    strategy = weighted(random, weights)
    steps = [*_cleaning(random), *_to_floor(random, floor, strategy), *_cleaning(random)]
    if chance(random, 85 if drawn.has_open_sizes else 10):
        # Without it, sizes that are left open make most pipelines stop at once.
        steps.insert(0, Step("ttnn-infer-shapes"))
    if drawn.door is not None and chance(random, 90):
        steps.insert(0, Step(drawn.door))
    names = {step.name for step in steps}
    settles = names.isdisjoint(FOREIGN) and not names >= UNSETTLED
    return Pipeline(floor, tuple(steps), chance(random, 50), settles and chance(random, 60))


def _cleaning(random: Random) -> list[Step]:
    found = [Step(name) for name in subset(random, CLEANING, 2)]
    if chance(random, 25):
        found.append(_rare(random, random.choice(RARE)))
    return [_with_options(random, step) for step in found]


def _rare(random: Random, name: str) -> Step:
    return Step(name)


def _with_options(random: Random, step: Step) -> Step:
    """Options of a pass that may stand anywhere, mostly none."""
    if step.name == "ttnn-fold-constants" and chance(random, 30):
        return Step(step.name, (("max-bytes", random.choice(("64", "0", "1048576"))),))
    return step


def _to_floor(random: Random, floor: str, strategy: str) -> list[Step]:
    """The passes that make a floor, in one of the ways there are."""
    if floor == "ttnn":
        return []
    chosen: list[tuple[str, str]] = [("strategy", strategy)]
    if strategy == AUTO and chance(random, 50):
        chosen.append(("target", random.choice(TARGETS)))
    if floor == "decomposed":
        return _decomposed(random, chosen)
    if floor == "linalg":
        if chance(random, 50):
            return [Step("ttnn-to-linalg", tuple(chosen))]
        return [*_decomposed(random, chosen), *_cleaning(random), *_linalg(random)]
    tiles = _tiles(random)
    if chance(random, 50):
        return [Step("ttnn-to-loops", (*chosen, *tiles))]
    if chance(random, 50):
        above = [Step("ttnn-to-linalg", tuple(chosen))]
    else:
        above = [*_decomposed(random, chosen), *_linalg(random)]
    return [*above, *_cleaning(random), Step("tile-linalg-to-loops", tuple(tiles))]


def _decomposed(random: Random, chosen: Sequence[tuple[str, str]]) -> list[Step]:
    name = random.choice(("ttnn-to-decomposed", "decompose-conv-transpose2d"))
    steps = [Step(name, tuple(chosen))]
    if chance(random, 25):
        steps.append(Step("legalize-deconv-to-ttnn"))
    return steps


def _linalg(random: Random) -> list[Step]:
    steps = [Step("convert-ttnn-to-linalg")]
    if chance(random, 60):
        steps.append(Step("simplify-transposes"))
    return steps


def _tiles(random: Random) -> list[tuple[str, str]]:
    """Options of the tiling, as often as not the defaults."""
    options = [("conv", random.choice(CONVOLUTION_MODES))] if chance(random, 70) else []
    if chance(random, 60):
        options += [(f"tile-{axis}", str(random.randrange(1, 10))) for axis in "mnk"]
    return options


def known_passes() -> frozenset[str]:
    """Every pass that is drawn."""
    lowering = ("ttnn-to-linalg", "ttnn-to-loops", "convert-ttnn-to-linalg", "tile-linalg-to-loops")
    decomposing = ("ttnn-to-decomposed", "decompose-conv-transpose2d")
    return frozenset((*CLEANING, *RARE, *lowering, *decomposing))


def known_strategies() -> tuple[str, ...]:
    """Every strategy that is drawn."""
    return (AUTO, *names())
