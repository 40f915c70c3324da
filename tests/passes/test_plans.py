"""Plans of the decompositions: numbers worked out by hand, and the same by brute force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.utils.exceptions import PassFailedException

from xdsl_ttnn.dialect.geometry.transposed import (
    ConvTranspose2dGeometry,
    TransposedAxis,
)
from xdsl_ttnn.passes.strategies.registry import check_strategy, own_names
from xdsl_ttnn.passes.strategies.zero_insert import STRATEGY, ZeroInsertPlan


def plan(height: TransposedAxis, width: TransposedAxis, groups: int = 1) -> ZeroInsertPlan:
    return STRATEGY.plan(ConvTranspose2dGeometry(2, 6, 4, groups, height, width))


def test_pads_and_output_padding() -> None:
    # Dilated: 3*2+1 = 7 rows and 4*3+1 = 13 columns.
    result = plan(TransposedAxis(4, 3, 2, 1, 0, 1, 1), TransposedAxis(5, 4, 3, 0, 2, 2, 0))

    assert result.strides == (1, 2, 3, 1)
    assert result.crop == [(0, 2), (0, 7), (0, 13), (0, 6)]
    # Rows: 2 - 1 and 2 - 0 + 1; columns: 2*3 - 0 and 2*3 - 2.
    assert result.pads == [(0, 0), (1, 3), (6, 4), (0, 0)]
    assert result.padded_shape == (2, 11, 23, 6)
    # 9 rows and 17 columns come out; 6 channels, 3x4 taps.
    assert result.multiply_adds == 2 * 9 * 17 * 4 * 6 * 12


def test_one_axis_crops_while_the_other_pads() -> None:
    result = plan(TransposedAxis(4, 3, 2, 3, 4), TransposedAxis(5, 3, 1, 0, 1))

    # Rows: 2 - 3 = -1 and 2 - 4 = -2 of 7; columns: 2 and 1.
    assert result.crop == [(0, 2), (1, 5), (0, 5), (0, 6)]
    assert result.pads == [(0, 0), (0, 0), (2, 1), (0, 0)]
    assert result.padded_shape == (2, 4, 8, 6)


def test_one_side_crops_while_the_other_pads() -> None:
    result = plan(TransposedAxis(4, 2, 2, 3, 0), TransposedAxis(5, 1, 1, 0, 2, 1, 4))

    assert result.crop == [(0, 2), (2, 7), (0, 5), (0, 6)]
    # Columns: output padding 4 beats the padding of 2.
    assert result.pads == [(0, 0), (0, 1), (0, 2), (0, 0)]


def test_groups_share_the_work() -> None:
    axes = (TransposedAxis(2, 2), TransposedAxis(3, 1))

    assert plan(*axes, groups=2).multiply_adds * 2 == plan(*axes).multiply_adds


axes = st.builds(
    TransposedAxis,
    size=st.integers(1, 6),
    kernel=st.integers(1, 7),
    stride=st.integers(1, 5),
    pad_low=st.integers(0, 9),
    pad_high=st.integers(0, 9),
    dilation=st.integers(1, 3),
    output_padding=st.integers(0, 6),
).filter(lambda axis: axis.output_size >= 1)


@given(height=axes, width=axes)
def test_the_window_is_what_a_stride_one_convolution_needs(
    height: TransposedAxis, width: TransposedAxis
) -> None:
    result = plan(height, width)

    windows = zip((height, width), (1, 2), (result.height, result.width), strict=True)
    for axis, place, window in windows:
        # (size + 2*0 - extent) / 1 + 1 outputs.
        assert result.padded_shape[place] - axis.kernel_extent + 1 == axis.output_size
        # Element e of the dilated input stands at e + effective_pad_low, or is cropped.
        cells = [None] * window.pad_low + list(range(window.start, window.stop))
        cells += [None] * window.pad_high
        for position, element in enumerate(cells):
            wanted = position - axis.effective_pad_low
            inside = 0 <= wanted < axis.dilated_size
            assert element == (wanted if inside else None)


def test_strategies() -> None:
    assert set(own_names()) >= {"zero-insert", "sub-pixel", "gemm-col2im", "matmul"}
    for strategy in ("auto", *own_names()):
        check_strategy(strategy)


def test_other_strategies_are_refused() -> None:
    with pytest.raises(PassFailedException, match=r"^strategy: expected one of .*, got fft$"):
        check_strategy("fft")
