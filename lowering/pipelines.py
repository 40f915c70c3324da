"""Named pipelines as data: which passes each stands for, and with which options.

`-p`, `ttnn-run`, `compile_ir` and the dumps after each pass all read this table. Nothing but names
and options is imported for it: `ttnn-opt --help` prints them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, make_dataclass
from functools import cache
from typing import get_type_hints

from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import parse_pipeline

from ..passes.options import OPTIONS as PASSES
from .options import OPTIONS as LOWERING

PassTable = dict[str, Callable[[], type[ModulePass]]]
"""Passes by name, each imported when its factory is called."""


@dataclass(frozen=True)
class NamedPipeline:
    """A list of passes that has a name, and is a pass by it."""

    name: str
    does: str
    """What it is for, in a sentence."""

    passes: str
    """In the notation of `-p`; options that are stated here are settled."""

    options: tuple[str, ...]
    """Options of its passes that it has itself, with their defaults: what is given for one goes to
    every pass that has an option of that name which is not settled."""

    ensures: str
    floor: str
    """What it leads to, as `--floor` names it."""

    prepares_weights: bool = False
    """Whether `compile_ir` runs `WEIGHT_PREPARATION` behind it."""

    remark: str = ""
    """Why its passes stand in this order, where that does not go without saying."""

    requires: str = "tensors of known shape"
    refuses: str = "what its passes refuse"

    @property
    def pass_names(self) -> tuple[str, ...]:
        """The passes in order."""
        return tuple(spec.name for spec in parse_pipeline(self.passes))


PIPELINES = (
    NamedPipeline(
        "ttnn-to-decomposed",
        "Decompose transposed convolutions, clean up, and fold what is constant.",
        "decompose-conv-transpose2d,ttnn-canonicalize,ttnn-fold-constants",
        ("strategy", "target", "max-ops", "max-temporary-bytes", "floor"),
        ensures="no transposed convolution is left",
        floor="decomposed",
        remark="Constants come last: ops that do nothing stand in front of what is done to them.",
    ),
    NamedPipeline(
        "ttnn-to-linalg",
        "Decompose transposed convolutions and lower everything known to linalg on tensors.",
        "ttnn-to-decomposed{floor=linalg},convert-ttnn-to-linalg,simplify-transposes",
        ("strategy", "target", "max-temporary-bytes", "max-ops"),
        ensures="upstream func, arith, math, tensor and linalg only, around what is unknown",
        floor="linalg",
        prepares_weights=True,
    ),
    NamedPipeline(
        "ttnn-to-loops",
        "Decompose, lower to linalg and tile: from TTNN to loops that other compilers take.",
        "ttnn-to-decomposed{floor=linalg},convert-ttnn-to-linalg,tile-linalg-to-loops,"
        "simplify-transposes",
        (
            *("strategy", "target", "conv", "tile-m", "tile-n", "tile-k"),
            *("max-temporary-bytes", "max-ops"),
        ),
        ensures="upstream func, arith, math, tensor, linalg and scf only, around what is unknown",
        floor="loops",
        prepares_weights=True,
        remark="Transposes come last: how tiling reads a weight and how it was laid out are one.",
    ),
)
"""Floor by floor; a pipeline may name those in front of it."""

WEIGHT_PREPARATION = "hoist-weight-preparation"
"""Passes behind a pipeline, for a caller that keeps what becomes of weights: they are told its
`function`, and which `arguments` of that are weights."""


def options_class(pipeline: NamedPipeline, known: dict[str, type]) -> type:
    """A frozen dataclass of a pipeline's options, as those of passes are; `known` holds these.

    Type and default of an option are those of the first pass that has it.
    """
    holders = [known[name] for name in pipeline.pass_names if name in known]
    types: dict[str, type] = {}
    defaults: dict[str, object] = {}
    for holder in reversed(holders):
        types |= get_type_hints(holder)
        defaults |= {field.name: field.default for field in fields(holder)}
    names = [option.replace("-", "_") for option in pipeline.options]
    listed = [(name, types[name], defaults[name]) for name in names]
    return make_dataclass(f"{class_stem(pipeline.name)}Options", listed, frozen=True)


def class_stem(name: str) -> str:
    """What the classes of a pipeline are called. Example: `ttnn-to-loops` gives `TtnnToLoops`."""
    return "".join(word.capitalize() for word in name.split("-"))


@cache
def options_by_pass() -> dict[str, type]:
    """Options of the passes, named pipelines among them; those that have none are missing."""
    known = {**PASSES, **LOWERING}
    for pipeline in PIPELINES:
        known[pipeline.name] = options_class(pipeline, known)
    return known
