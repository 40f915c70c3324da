"""Drawing what a command line is asked to do with a file."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ...frontend.pipelines import FLOORS, project_passes
from ...passes.strategies.registry import AUTO, names
from .drawing import chance, subset, weighted

OPT, RUN, COST = "ttnn-opt", "ttnn-run", "ttnn-cost-report"

TOOLS: dict[str, int] = {OPT: 60, RUN: 25, COST: 15}

OPT_FLAGS = (
    "--print-op-generic",
    "--split-input-file",
    "--print-ir-after-all",
    "--print-ir-after-failure",
    "--allow-unregistered-dialect",
)
FOREIGN = ("canonicalize", "cse", "dce")
DOORS = {"ttir": "convert-ttir-to-ttnn", "stablehlo": "convert-stablehlo-to-ttnn"}

STRATEGIES = (AUTO, *names())

OPTIONS: dict[str, tuple[str, ...]] = {
    "strategy": (*STRATEGIES, *STRATEGIES, *STRATEGIES, "winograd"),
    "target": (*("cpu", "wormhole") * 6, "elsewhere"),
    "conv": (*("direct", "im2col") * 6, "xyz"),
    "tile-m": (*("1", "4", "7", "32") * 3, "0", "-1", "x"),
    "max-temporary-bytes": ("199", "0", "1000000"),
    "max-bytes": ("64", "0"),
    "change-rounding": ("true", "false"),
    "arguments": ("0", "1", "0,1", "1,1", "-1", "99"),
    "function": ('"main"', '"f"'),
}
"""Options of passes: values that they take, and a few that they do not."""

TAKES: dict[str, tuple[str, ...]] = {
    "decompose-conv-transpose2d": ("strategy", "target"),
    "ttnn-to-decomposed": ("strategy", "target"),
    "ttnn-to-linalg": ("strategy", "target", "max-temporary-bytes"),
    "ttnn-to-loops": ("strategy", "target", "conv", "tile-m", "max-temporary-bytes"),
    "convert-ttnn-to-linalg": ("max-temporary-bytes",),
    "tile-linalg-to-loops": ("conv", "tile-m"),
    "ttnn-fold-constants": ("max-bytes",),
    "ttnn-fuse": ("change-rounding",),
    "hoist-weight-preparation": ("arguments", "function"),
}


@dataclass(frozen=True)
class Command:
    """A tool and its arguments behind the file."""

    tool: str
    arguments: tuple[str, ...]

    @property
    def has_passes(self) -> bool:
        """Whether anything is done to what is read."""
        return any(argument in ("-p", "--passes") for argument in self.arguments)


def draw_command(random: Random, text: bytes) -> Command:
    """A tool and arguments that mostly suit the dialects of the text."""
    tool = weighted(random, TOOLS)
    doors = [door for dialect, door in DOORS.items() if f"{dialect}.".encode() in text]
    if tool == OPT:
        return Command(tool, tuple(_opt_arguments(random, doors)))
    if tool == RUN:
        return Command(tool, tuple(_run_arguments(random, doors)))
    return Command(tool, tuple(_cost_arguments(random)))


def _pipeline(random: Random, doors: list[str]) -> str:
    """Passes in the notation of `-p`; it may be empty."""
    names = [name for name in (*project_passes(), *FOREIGN) if name not in DOORS.values()]
    chosen = random.sample(names, random.choice((0, 1, 1, 2, 3)))
    entered = [door for door in doors if chance(random, 80)]
    return ",".join([*entered, *(_step(random, name) for name in chosen)])


def _step(random: Random, name: str) -> str:
    options = [
        f"{option}={random.choice(OPTIONS[option])}"
        for option in TAKES.get(name, ())
        if chance(random, 40)
    ]
    return f"{name}{{{' '.join(options)}}}" if options else name


def _opt_arguments(random: Random, doors: list[str]) -> list[str]:
    arguments = subset(random, OPT_FLAGS, 2) if chance(random, 30) else []
    pipeline = _pipeline(random, doors)
    return [*arguments, *(["-p", pipeline] if pipeline else [])]


def _run_arguments(random: Random, doors: list[str]) -> list[str]:
    arguments: list[str] = []
    if doors or chance(random, 20):
        arguments += ["--passes", _pipeline(random, doors)]
    if chance(random, 60):
        arguments += ["--floor", random.choice((*FLOORS, *FLOORS, *FLOORS, "buffers"))]
    if chance(random, 30):
        arguments += ["--strategy", random.choice(OPTIONS["strategy"])]
    if chance(random, 40):
        arguments += ["--entry", random.choice(("main", "f", "strided", "plain", "decoder_block"))]
    for flag in ("--check", "--trace", "--timing"):
        if chance(random, 20):
            arguments.append(flag)
    return arguments


def _cost_arguments(random: Random) -> list[str]:
    arguments = ["--json"] if chance(random, 50) else []
    if chance(random, 30):
        arguments += ["--target", random.choice(OPTIONS["target"])]
    if chance(random, 30):
        arguments += ["--strategy", *random.sample(OPTIONS["strategy"], random.choice((1, 2)))]
    return arguments
