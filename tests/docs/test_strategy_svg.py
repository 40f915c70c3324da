"""Pictures of strategies against brute force: which products there are, and what is drawn."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from draw_strategies import draw, drawn_names, picture_of, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from xdsl_ttnn.dialect.geometry.phases import filled_phases, merge_phases
from xdsl_ttnn.dialect.geometry.transposed import TransposedAxis

SVG = "{http://www.w3.org/2000/svg}"

FOUR_BY_TWO = TransposedAxis(4, 4, 2, 1, 1)
MERGED = TransposedAxis(3, 8, 4, 2, 2)
MEETS_NEVER = TransposedAxis(3, 2, 3)
EDGES = [
    FOUR_BY_TWO,
    MERGED,
    MEETS_NEVER,
    TransposedAxis(4, 2, 2),
    TransposedAxis(1, 1),
    TransposedAxis(4, 1, 3, 0, 0, 1, 2),
    TransposedAxis(3, 3, 2, 0, 0, 2),
    TransposedAxis(2, 5, 1, 4, 0),
    TransposedAxis(5, 2, 2, 3, 0, 1, 1),
    TransposedAxis(2, 2, 1, 0, 0, 4),
    TransposedAxis(1, 2, 1, 0, 0, 9),
    TransposedAxis(6, 3, 3, 2, 0, 2, 1),
    TransposedAxis(2, 2, 5, 0, 0, 3, 2),
]

Reached = Counter[tuple[int, int, int]]


def landing(axis: TransposedAxis, source: int, tap: int) -> int:
    return axis.stride * source + axis.dilation * tap - axis.pad_low


def reached(axis: TransposedAxis) -> Reached:
    """Every (input, tap, output) of the definition."""
    return Counter(
        (source, tap, landing(axis, source, tap))
        for source in range(axis.size)
        for tap in range(axis.kernel)
        if 0 <= landing(axis, source, tap) < axis.output_size
    )


def taken_by(axis: TransposedAxis) -> list[str]:
    return [name for name in drawn_names() if refusal(axis, name) is None]


def classes(svg: str, element: str) -> Counter[str]:
    tree = ElementTree.fromstring(svg)
    return Counter(found.get("class", "") for found in tree.iter(f"{SVG}{element}"))


@st.composite
def axes(draw_value: st.DrawFn) -> TransposedAxis:
    small = st.integers(0, 4)
    axis = TransposedAxis(
        draw_value(st.integers(1, 5)),
        draw_value(st.integers(1, 6)),
        draw_value(st.integers(1, 5)),
        draw_value(small),
        draw_value(small),
        draw_value(st.integers(1, 4)),
        draw_value(small),
    )
    return axis if axis.output_size > 0 else TransposedAxis(axis.size, axis.kernel, axis.stride)


def check_axis(axis: TransposedAxis) -> None:
    for strategy in taken_by(axis):
        picture = picture_of(axis, strategy)
        useful: Reached = Counter()
        for product in picture.products:
            source = picture.source(product)
            if source is not None and product.output is not None:
                useful[source, product.tap, product.output] += 1
        assert useful == reached(axis), strategy

        svg = draw(axis, strategy)
        lines, labels = classes(svg, "line"), classes(svg, "text")
        assert lines["useful"] == sum(useful.values()), strategy
        assert lines["by-zero"] == picture.by_zero, strategy
        assert labels["product"] + labels["dropped"] == len(picture.products), strategy
        assert labels["dropped"] == picture.dropped, strategy
        assert labels["output"] == axis.output_size, strategy
        assert labels["input"] + labels["zero"] == len(picture.sources), strategy


@pytest.mark.parametrize("axis", EDGES, ids=str)
def test_useful_products_and_what_is_drawn(axis: TransposedAxis) -> None:
    check_axis(axis)


@settings(max_examples=150, deadline=None)
@given(axes())
def test_useful_products_and_what_is_drawn_of_any_axis(axis: TransposedAxis) -> None:
    check_axis(axis)


@pytest.mark.parametrize(
    ("strategy", "products", "by_zero", "dropped"),
    [("zero-insert", 32, 18, 0), ("sub-pixel", 16, 2, 0), ("gemm-col2im", 16, 0, 2)],
)
def test_products(strategy: str, products: int, by_zero: int, dropped: int) -> None:
    picture = picture_of(FOUR_BY_TWO, strategy)

    assert (len(picture.products), picture.by_zero, picture.dropped) == (products, by_zero, dropped)


def test_matmul_takes_no_kernel_longer_than_the_stride() -> None:
    with pytest.raises(
        ValueError,
        match=r"expected a dilated kernel of at most the stride \(1, 2\) .*, got \(1, 4\)",
    ):
        picture_of(FOUR_BY_TWO, "matmul")


def test_merged_phases_have_one_colour() -> None:
    colours: dict[int, set[int]] = {}
    for product in picture_of(MERGED, "sub-pixel").products:
        assert product.output is not None
        colours.setdefault(product.output % MERGED.stride, set()).add(product.colour)

    assert [len(group) for group in merge_phases(filled_phases(MERGED))] == [2, 2]
    assert colours == {0: {0}, 1: {0}, 2: {1}, 3: {1}}


def test_outputs_that_nothing_reaches_hold_the_bias() -> None:
    for strategy in ("matmul", "sub-pixel", "gemm-col2im"):
        assert classes(draw(MEETS_NEVER, strategy), "text")["bias"] == 2, strategy


@pytest.mark.parametrize("axis", EDGES, ids=str)
def test_no_two_boxes_overlap(axis: TransposedAxis) -> None:
    for strategy in taken_by(axis):
        tree = ElementTree.fromstring(draw(axis, strategy))
        rows: dict[float, list[tuple[float, float]]] = {}
        for box in tree.iter(f"{SVG}rect"):
            if box.get("class") != "paper":
                left, width = float(box.get("x", "")), float(box.get("width", ""))
                rows.setdefault(float(box.get("y", "")), []).append((left, left + width))
        assert len(rows) == 3
        for row in rows.values():
            row.sort()
            assert all(end <= begin for (_, end), (begin, _) in pairwise(row))
            assert row[-1][1] <= float(tree.get("width", ""))
