"""IR is built by one thread at a time.

xDSL's ImplicitBuilder replaces a method of all operations while it is open, in every thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_building = RLock()


def exclusive(function: Callable[P, R]) -> Callable[P, R]:
    """The same function; of all that are wrapped here one thread at a time runs any."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _building:
            return function(*args, **kwargs)

    return alone
