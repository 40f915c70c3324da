"""The order in which ONNX writes paddings."""

from __future__ import annotations

from collections.abc import Sequence


def read_onnx_padding(values: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """(low, high) of each axis from the numbers of an ONNX node.

    ONNX writes all beginnings before all ends, for images [top, left, bottom, right]; this is the
    one place that knows. Raises: ValueError for an odd number of values.
    Example: read_onnx_padding([1, 2, 3, 4]) is ((1, 3), (2, 4)).
    """
    axes, odd = divmod(len(values), 2)
    if odd:
        raise ValueError(f"expected a beginning and an end for each axis, got {len(values)} values")
    return tuple(zip(values[:axes], values[axes:], strict=True))
