"""What a caller passes, as whole numbers, truth values, and things of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any, cast

I32_LIMIT = 2**31


def whole_number(name: str, value: Any) -> int:
    """`value` as an int that fits the IR's 32 bits.

    Raises: ValueError naming the parameter.
    """
    if type(value) is int and -I32_LIMIT <= value < I32_LIMIT:
        return value
    try:
        number = index(value)
    except TypeError:
        raise ValueError(f"{name}: expected a whole number, got {value!r}") from None
    if isinstance(value, bool) or not -I32_LIMIT <= number < I32_LIMIT:
        raise ValueError(f"{name}: expected a whole number of 32 bits, got {value!r}")
    return number


def whole_numbers(name: str, values: Any) -> tuple[int, ...]:
    """`values` as a tuple of ints.

    Raises: ValueError naming the parameter.
    """
    if type(values) is not tuple:
        try:
            values = tuple(values)
        except TypeError:
            raise ValueError(f"{name}: expected a pair of whole numbers, got {values!r}") from None
    return tuple([whole_number(name, value) for value in cast(Sequence[Any], values)])


def truth(name: str, value: Any) -> bool:
    """`value`, if it is true or false.

    Raises: ValueError naming the parameter.
    """
    if value is True or value is False:
        return value
    raise ValueError(f"{name}: expected True or False, got {value!r}")


def check_kind(name: str, value: object, kind: type[Any]) -> None:
    """Refuse what is neither of a kind nor None.

    Raises: ValueError naming the parameter.
    """
    if value is not None and not isinstance(value, kind):
        raise ValueError(f"{name}: expected a {kind.__name__}, got {type(value).__name__}")
