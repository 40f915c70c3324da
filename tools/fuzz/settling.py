"""When a pipeline is done: how often its passes have to run before nothing changes any more.

Each pass is done after one run. So is a pipeline, unless a pass of it finds work that one behind it
made: hoisting in front of lowering moves on the second run what lowering made of the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xdsl.passes import ModulePass

from ...lowering.named_pipeline import expanded

DOORS = ("convert-ttir-to-ttnn", "convert-stablehlo-to-ttnn")
CONVERSION = "convert-ttnn-to-linalg"

_REFINED = (*DOORS, "ttnn-infer-shapes", "strip-ttnn-attributes")
"""What changes types, so that an op may come to do nothing."""
_CLEANED = (*_REFINED, "ttnn-fuse", "decompose-conv-transpose2d")

MAKERS: dict[str, tuple[str, ...]] = {
    "ttnn-infer-shapes": DOORS,
    "ttnn-canonicalize": _CLEANED,
    "ttnn-fold-constants": (*_CLEANED, "ttnn-canonicalize"),
    "ttnn-fuse": (
        *_REFINED,
        "ttnn-canonicalize",
        "ttnn-fold-constants",
        "decompose-conv-transpose2d",
        "legalize-deconv-to-ttnn",
    ),
    "decompose-conv-transpose2d": DOORS,
    "legalize-deconv-to-ttnn": (*_REFINED, "decompose-conv-transpose2d"),
    "tile-linalg-to-loops": (CONVERSION,),
    "simplify-transposes": (CONVERSION, "tile-linalg-to-loops"),
    "strip-ttnn-attributes": (*DOORS, CONVERSION),
    "hoist-weight-preparation": (
        *_CLEANED,
        "legalize-deconv-to-ttnn",
        CONVERSION,
        "tile-linalg-to-loops",
        "simplify-transposes",
    ),
}
"""The passes that may make work for each pass; those without an entry have none made for them."""

ABOVE_LINALG = frozenset(name for name in MAKERS if name.startswith("ttnn-")) | {
    "decompose-conv-transpose2d",
    "legalize-deconv-to-ttnn",
}
"""Passes that find nothing to do once all is linalg."""


def flattened(steps: Iterable[ModulePass]) -> Iterator[str]:
    """The names of passes, those of a named pipeline instead of its own."""
    return (step.name for step in expanded(steps))


def runs_to_settle(names: Sequence[str]) -> int:
    """How many runs of the passes leave nothing to do: one, and one for each that comes too early.

    Example: hoisting in front of `ttnn-to-loops` takes 2, behind it 1.
    """
    return 1 + sum(_is_early(names, name) for name in set(names))


def _is_early(names: Sequence[str], name: str) -> bool:
    """Whether something that makes work for a pass stands behind its last place."""
    last = max(place for place, other in enumerate(names) if other == name)
    behind = names[last + 1 :]
    if name in ABOVE_LINALG and CONVERSION in behind:
        return False
    return not set(behind).isdisjoint(MAKERS.get(name, ()))
