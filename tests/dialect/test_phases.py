"""Phases and their numbers: closed formulas against what the scatter definition does."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xdsl_ttnn.dialect.geometry.phases import (
    Phase,
    count_filled_phases,
    count_phases,
    count_reaching_taps,
    filled_phase_pairs,
    filled_phases,
    floor_sum,
    merge_phases,
    phase,
    useful_pairs,
)
from xdsl_ttnn.dialect.geometry.transposed import TransposedAxis

LARGEST = 2**31 - 1

ONE_OF_BILLIONS = TransposedAxis(1, 2**30 + 1, LARGEST, 2**30, 0, 1, 2**30 - 2)
"""Outputs shorter than the stride, all of which but the first the taps pass by."""

axes = st.builds(
    TransposedAxis,
    size=st.integers(1, 6),
    kernel=st.integers(1, 9),
    stride=st.integers(1, 9),
    pad_low=st.integers(0, 12),
    pad_high=st.integers(0, 12),
    dilation=st.integers(1, 9),
    output_padding=st.integers(0, 9),
).filter(lambda axis: axis.output_size >= 1)

numbers = st.integers(1, LARGEST) | st.sampled_from([1, 2, 2**16, 2**30, LARGEST])
amounts = st.just(0) | numbers
huge_axes = st.builds(
    TransposedAxis, numbers, numbers, numbers, amounts, amounts, numbers, amounts
).filter(lambda axis: axis.output_size >= 1)


def taps_by_offset(axis: TransposedAxis) -> dict[int, list[int]]:
    """For each offset that holds outputs, the taps that may land there, from last to first."""
    return {
        offset: [
            tap
            for tap in reversed(range(axis.kernel))
            if (offset + axis.pad_low - axis.dilation * tap) % axis.stride == 0
        ]
        for offset in range(min(axis.stride, axis.output_size))
    }


@given(axes)
def test_taps_of_phases(axis: TransposedAxis) -> None:
    expected = taps_by_offset(axis)

    assert count_phases(axis) == len(expected)
    assert {found.offset: list(found.taps) for found in filled_phases(axis)} == {
        offset: taps for offset, taps in expected.items() if taps
    }
    for offset, taps in expected.items():
        assert list(phase(axis, offset).taps) == taps
        assert (phase(axis, offset).window is None) == (not taps)


@given(axes)
def test_phases_hold_every_output_once(axis: TransposedAxis) -> None:
    outputs = [
        offset + axis.stride * place
        for offset in range(axis.stride)
        for place in range(phase(axis, offset).size)
    ]

    assert sorted(outputs) == list(range(axis.output_size))


@given(axes)
def test_numbers_of_phases_and_taps(axis: TransposedAxis) -> None:
    filled = filled_phases(axis)

    assert count_filled_phases(axis) == len(filled)
    assert count_reaching_taps(axis) == sum(len(found.taps) for found in filled)
    assert [found.offset for found in filled] == sorted(found.offset for found in filled)


@given(axes)
def test_useful_pairs(axis: TransposedAxis) -> None:
    assert useful_pairs(axis) == sum(
        0 <= position * axis.stride + tap * axis.dilation - axis.pad_low < axis.output_size
        for position in range(axis.size)
        for tap in range(axis.kernel)
    )


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 60), st.integers(-60, 60))
def test_floor_sum(count: int, divisor: int, factor: int, start: int) -> None:
    expected = sum((factor * index + start) // divisor for index in range(count))

    assert floor_sum(count, divisor, factor, start) == expected


@given(huge_axes)
def test_numbers_of_huge_axes_agree_with_one_another(axis: TransposedAxis) -> None:
    """Nothing here may take as many steps as the numbers are large."""
    filled, pairs = count_filled_phases(axis), useful_pairs(axis)

    assert 0 <= filled <= min(count_phases(axis), count_reaching_taps(axis))
    assert 0 <= pairs <= axis.size * axis.kernel
    if axis.output_size >= axis.stride:
        assert count_reaching_taps(axis) == axis.kernel
    if filled < 1000:
        assert len(filled_phases(axis)) == filled


@given(huge_axes, st.integers(0, LARGEST))
def test_a_phase_of_a_huge_axis(axis: TransposedAxis, offset: int) -> None:
    assume(offset < axis.stride)

    found = phase(axis, offset)

    assert all(
        (offset + axis.pad_low - axis.dilation * tap) % axis.stride == 0
        for tap in (*found.taps[:2], *found.taps[-2:])
    )


@pytest.mark.parametrize(
    ("axis", "filled", "all_phases"),
    [
        (TransposedAxis(2, 1, LARGEST), 1, LARGEST),
        (TransposedAxis(3, LARGEST, LARGEST), LARGEST, LARGEST),
        (TransposedAxis(3, LARGEST, 1), 1, 1),
        (TransposedAxis(2, 257, 256), 256, 256),
        # Outputs shorter than the stride, which one of a billion taps reaches.
        (ONE_OF_BILLIONS, 1, 2**30 - 1),
    ],
    ids=str,
)
def test_numbers_of_worked_axes(axis: TransposedAxis, filled: int, all_phases: int) -> None:
    assert count_filled_phases(axis) == filled
    assert count_phases(axis) == all_phases


def test_one_filled_phase_among_billions_is_found() -> None:
    (only,) = filled_phases(TransposedAxis(2, 1, LARGEST))
    assert only == Phase(0, 2, range(1), 1, only.window)

    (only,) = filled_phases(ONE_OF_BILLIONS)
    assert (only.offset, list(only.taps)) == (0, [2**30])


def test_an_axis_without_filled_phases_leaves_none_of_the_other() -> None:
    # Cropped to outputs 1 and 2 of a stride of 4, which the only tap does not reach.
    empty, full = TransposedAxis(2, 1, 4, 1, 2), TransposedAxis(3, LARGEST, LARGEST)
    assert (empty.output_size, count_filled_phases(empty)) == (2, 0)

    assert filled_phase_pairs(full, empty) == ((), ())
    assert filled_phase_pairs(empty, full) == ((), ())


def test_merged_phases_of_the_docstring() -> None:
    merged = merge_phases(filled_phases(TransposedAxis(3, 8, 4, 2, 2)))

    assert [[found.offset for found in group] for group in merged] == [[0, 1], [2, 3]]
