"""Numbers in attributes of 32 bits, which TTNN's are; shapes and amounts here can be larger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    Signedness,
    i32,
)
from xdsl.ir import Attribute

LARGEST = 2**31 - 1
REMEDY = "split the tensor"
SI32 = IntegerType(32, Signedness.SIGNED)


class NumberTooLarge(ValueError):
    """A number that the attribute it is for does not hold.

    xDSL would take those up to 2^32, and read them back as negative ones.
    """

    def __init__(self, name: str, number: int):
        super().__init__(f"expected at most {LARGEST} in '{name}', got {number}")


def _checked(name: str, numbers: Sequence[int]) -> Sequence[int]:
    for number in numbers:
        if number > LARGEST:
            raise NumberTooLarge(name, number)
    return numbers


def properties(numbers: Mapping[str, int | Sequence[int]]) -> dict[str, Attribute]:
    """`i32` of each number and `array<i32: ...>` of each list, by the name of the property.

    Raises: NumberTooLarge.
    """
    return {
        name: i32_attr(name, value)
        if isinstance(value, int)
        else DenseArrayBase.from_list(i32, _checked(name, value))
        for name, value in numbers.items()
    }


def i32_attr(name: str, number: int, type_: IntegerType = i32) -> IntegerAttr[IntegerType]:
    """`number : i32`, or `si32`. Raises: NumberTooLarge."""
    _checked(name, [number])
    return IntegerAttr(number, type_)


def i32_list(name: str, numbers: Sequence[int]) -> ArrayAttr[IntegerAttr[IntegerType]]:
    """`[... : i32, ...]`. Raises: NumberTooLarge."""
    return ArrayAttr(i32_attr(name, number) for number in numbers)


def integers(attribute: ArrayAttr[IntegerAttr]) -> tuple[int, ...]:
    """The values of an array of integer attributes."""
    return tuple(item.value.data for item in attribute)
