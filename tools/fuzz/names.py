"""Names that a lazy implementation confuses: with its own, with each other, with a keyword."""

from __future__ import annotations

from random import Random

from .drawing import chance

FUNCTIONS = (
    "helper",
    "f",
    "prepare_main",
    "prepare_f",
    "prepare_prepare_main",
    "relu",
    "relu6",
    "relu62",
    "np",
    "emitted",
    "trace",
    "fn0_main",
    "fn1_f",
    "global_0",
    "v1",
    "None",
    "lambda",
    "conv_transpose2d",
    "a.b",
    "a$b",
    "a-b",
    "a_b",
    "0",
    "with blank",
    "f²",
    "ﬁ",
    "é",
    "MAIN",
    'quote"d',
)
"""Symbols of functions; each is used once in a module."""

VALUES = (
    "x",
    "v1",
    "v2_x",
    "np",
    "relu",
    "relu6",
    "relu62",
    "arg0",
    "result",
    "c0",
    "device",
    "lambda",
    "None",
    "emitted",
    "fn0_main",
    "x.y",
    "x$",
    "_",
)
"""Hints for the names of values."""


def value_name(random: Random) -> str | None:
    """A hint, mostly none."""
    return random.choice(VALUES) if chance(random, 40) else None


def function_name(random: Random, taken: set[str]) -> str:
    """A symbol that no function of the module has yet; it counts as taken then."""
    free = [name for name in FUNCTIONS if name not in taken]
    name = random.choice(free) if free else f"helper{len(taken)}"
    taken.add(name)
    return name
