"""The orders in which `padding` attributes hold their numbers: the one place that knows them.

Convolutions and poolings differ.
"""

from __future__ import annotations

from collections.abc import Sequence


def read_padding(values: Sequence[int]) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of a ttnn `padding` attribute.

    ttnn writes [height, width] or [top, bottom, left, right]; this is the one place that knows.
    Raises: ValueError for any other length.
    """
    if len(values) == 2:
        height, width = values
        return (height, height, width, width)
    if len(values) == 4:
        top, bottom, left, right = values
        return (top, bottom, left, right)
    raise ValueError(f"padding: expected 2 or 4 values, got {len(values)}")


def write_padding(top: int, bottom: int, left: int, right: int) -> tuple[int, ...]:
    """What `read_padding` reads: two numbers where both sides of each axis are the same.

    Example: write_padding(1, 1, 2, 2) is (1, 2).
    """
    return (top, left) if (top, left) == (bottom, right) else (top, bottom, left, right)


def read_pool_padding(values: Sequence[int]) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of the `padding` attribute of a pooling.

    Four numbers are [top, left, bottom, right] here, other than in `ttnn.conv2d`: tt-mlir's
    verifier, conversion and runtime agree on that. This is the one place that knows.
    Raises: ValueError for any other length than 2 or 4.
    """
    if len(values) == 2:
        height, width = values
        return (height, height, width, width)
    if len(values) == 4:
        top, left, bottom, right = values
        return (top, bottom, left, right)
    raise ValueError(f"Padding must have 2 or 4 elements. Received {len(values)} elements.")


def write_pool_padding(height: tuple[int, int], width: tuple[int, int]) -> tuple[int, ...]:
    """What `read_pool_padding` reads, from (low, high) of each axis.

    Example: write_pool_padding((1, 1), (2, 2)) is (1, 2).
    """
    (top, bottom), (left, right) = height, width
    return (top, left) if (top, left) == (bottom, right) else (top, left, bottom, right)
