"""Result shapes of the tensor ops, against NumPy, and what has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xdsl_ttnn.dialect.geometry.shapes import (
    UNKNOWN,
    broadcast_shape,
    concat_axis,
    concat_shape,
    matmul_shape,
    pad_shape,
    permute_shape,
    reshape_shape,
    slice_bounds,
    slice_shape,
)

X = UNKNOWN


@given(
    size=st.integers(0, 7),
    begin=st.integers(-9, 9),
    end=st.integers(-9, 9),
    step=st.integers(-4, 4).filter(bool),
)
def test_slice_bounds_are_those_of_python(size: int, begin: int, end: int, step: int) -> None:
    """Where it has bounds; Python clamps where TTNN refuses."""
    try:
        start, length = slice_bounds(size, begin, end, step, 0)
    except ValueError:
        low, high = (bound + size if bound < 0 else bound for bound in (begin, end))
        assert not 0 <= low < size or not 0 <= high <= size or (high - low) * step < 0
        return
    # Python reads end 0 of a negative count as the front: those are equal only where both agree.
    low, high = (bound + size if bound < 0 else bound for bound in (begin, end))
    elements = range(low, high, step)
    assert length == len(elements)
    assert [start + i * step for i in range(length)] == list(elements)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((4, 0, 2, 0), "Step value for dimension 3 cannot be zero"),
        (
            (4, 0, 2, -1),
            "For negative step, begin index must be greater than or equal to end index for "
            "dimension 3. Got begin: 0, end: 2, step: -1",
        ),
        (
            (4, 5, 6, 1),
            "Invalid begin index for dimension 3. Expected value in range [-4, 4), got 5",
        ),
        (
            (4, -5, 2, 1),
            "Invalid begin index for dimension 3. Expected value in range [-4, 4), got -5",
        ),
        ((4, 0, 5, 1), "Invalid end index for dimension 3. Expected value in range [-4, 4], got 5"),
        (
            (4, 3, 1, 1),
            "For positive step, begin index must be less than or equal to end index for "
            "dimension 3. Got begin: 3, end: 1, step: 1",
        ),
    ],
)
def test_slices_that_do_not_exist(arguments: tuple[int, int, int, int], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        slice_bounds(*arguments, 3)

    assert str(refused.value) == message


def test_empty_slices() -> None:
    assert slice_bounds(4, 4, 4, 1, 0) == (4, 0)
    assert slice_bounds(4, 2, 2, 3, 0) == (2, 0)
    assert slice_bounds(4, 2, -2, 3, 0) == (2, 0)
    assert slice_bounds(4, 3, -1, -2, 0) == (3, 0)
    assert slice_bounds(4, 9, 9, 1, 0) == (4, 0)
    assert slice_bounds(4, -9, -9, -1, 0) == (0, 0)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (broadcast_shape, ((2, 1, 3), (4, 1)), (2, 4, 3)),
        (broadcast_shape, ((), (4, 1)), (4, 1)),
        (broadcast_shape, ((X, 1), (1, X)), (X, X)),
        (broadcast_shape, ((X, 3), (5, 1)), (5, 3)),
        (reshape_shape, ((2, 3, 4), (4, -1)), (4, 6)),
        (reshape_shape, ((2, 3), (6, 1)), (6, 1)),
        (reshape_shape, ((2, X), (6, -1)), (6, X)),
        (reshape_shape, ((0, 3), (-1, 3)), (0, 3)),
        (permute_shape, ((2, X, 4), (2, 0, 1)), (4, 2, X)),
        (pad_shape, ((2, X), (0, 1, 2, 3)), (3, X)),
        (slice_shape, ((5, X), (1, 0), (5, 6), (2, 3)), (2, X)),
        (concat_shape, ([(2, 3), (2, 4)], 1), (2, 7)),
        (concat_shape, ([(2, 3), (X, 4)], -1), (2, 7)),
        (concat_shape, ([(X, 3), (2, X)], 1), (2, X)),
        (matmul_shape, ((4, 2, 3), (3, 5)), (4, 2, 5)),
        (matmul_shape, ((3, 2), (5, 3), True, True), (2, 5)),
        (matmul_shape, ((3,), (3, 5)), (5,)),
        (matmul_shape, ((2, 3), (3,)), (2,)),
        (matmul_shape, ((3,), (3,)), (1,)),
        (matmul_shape, ((2, 1, 3, 4), (5, 4, 6)), (2, 5, 3, 6)),
        (matmul_shape, ((X, X), (4, 5)), (X, 5)),
    ],
)
def test_shapes(function: Callable[..., Any], arguments: tuple[Any, ...], expected: Any) -> None:
    assert function(*arguments) == expected


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (broadcast_shape, ((2, 3), (2,)), "expected sizes that broadcast, got 3 and 2"),
        (reshape_shape, ((6,), (-1, -1)), "Shape attribute must have at most one -1 element"),
        (reshape_shape, ((6,), (-2, 3)), "All dimensions must be >= 0 except the one with -1"),
        (reshape_shape, ((6,), (-1, 4)), "expected 6 elements to divide by 4"),
        (reshape_shape, ((0,), (-1, 0)), "expected 0 elements to divide by 0"),
        (permute_shape, ((2, 3), (0, 0)), "Expected a permutation of (0, 1), got (0, 0)"),
        (
            pad_shape,
            ((2, 3), (1, 1)),
            "Padding must have the same number of elements as twice the rank of the input tensor",
        ),
        (pad_shape, ((2,), (1, -1)), "Padding cannot contain negative values"),
        (
            slice_shape,
            ((2, 3), (0,), (1,), (1,)),
            "Begins, ends, and step attributes must have the same number of elements as the "
            "input tensor rank",
        ),
        (concat_axis, (2, 2), "Invalid dimension 2 for concatenation."),
        (concat_axis, (2, -3), "Invalid dimension -3 for concatenation."),
        (concat_shape, ([], 0), "At least one input tensor is required."),
        (
            concat_shape,
            ([(2, 3), (2,)], 0),
            "All input tensors must have the same rank (operand 0 rank 2, operand 1 rank 1).",
        ),
        (
            concat_shape,
            ([(2, 3), (2, 4)], 0),
            "All input tensors must have the same dimensions, except for dimension 0 (operand 0 "
            "shape (2, 3), operand 1 shape (2, 4) differ at dim 1: 3 vs 4).",
        ),
        (matmul_shape, ((), (2, 2)), "Input A must be at least a 1D tensor"),
        (
            matmul_shape,
            ((2, 3), (4, 5)),
            "Input A[-1](3) and B[-2](4) must have matching inner dimensions",
        ),
    ],
)
def test_what_has_no_shape(
    function: Callable[..., Any], arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError) as refused:
        function(*arguments)

    assert str(refused.value) == message


shapes = st.lists(st.integers(0, 4), max_size=4)


@given(lhs=shapes, rhs=shapes)
def test_broadcast_is_that_of_numpy(lhs: list[int], rhs: list[int]) -> None:
    try:
        expected = np.broadcast_shapes(tuple(lhs), tuple(rhs))
    except ValueError:
        with pytest.raises(ValueError):
            broadcast_shape(lhs, rhs)
        return
    assert broadcast_shape(lhs, rhs) == expected
