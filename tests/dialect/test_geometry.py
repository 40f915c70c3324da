"""The shape mathematics against what the scatter definition does, position by position."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support import Case, case_id, is_rejected, load_cases
from xdsl_ttnn.dialect.deconv.shapes import dilated_shape
from xdsl_ttnn.dialect.geometry.plain import (
    Conv2dGeometry,
    ConvAxis,
    Pool2dGeometry,
    tap_counts,
    windows_count_alike,
    with_ceil_mode,
)
from xdsl_ttnn.dialect.geometry.shapes import (
    UNKNOWN,
    broadcast_shape,
    concat_shape,
    flattened,
    matmul_shape,
    pad_shape,
    permute_shape,
    reshape_shape,
    slice_shape,
)
from xdsl_ttnn.dialect.geometry.transposed import (
    ConvTranspose2dGeometry,
    TransposedAxis,
)
from xdsl_ttnn.dialect.geometry.windows import crop_and_pad
from xdsl_ttnn.dialect.ttnn import read_padding, read_pool_padding

ALL_CASES = [case for name in ("cover", "model-zoo", "public") for case in load_cases(name)]
VALID_CASES = [case for case in ALL_CASES if not is_rejected(case)]

axes = st.builds(
    TransposedAxis,
    size=st.integers(1, 6),
    kernel=st.integers(1, 5),
    stride=st.integers(1, 5),
    pad_low=st.integers(0, 9),
    pad_high=st.integers(0, 9),
    dilation=st.integers(1, 4),
    output_padding=st.integers(0, 6),
).filter(lambda axis: axis.output_size >= 1)


def geometry_of(case: Case) -> ConvTranspose2dGeometry:
    top, bottom, left, right = read_padding(case["padding"])
    height = TransposedAxis(case["h"], case["kh"], case["sh"], top, bottom, case["dh"], case["oph"])
    width = TransposedAxis(case["w"], case["kw"], case["sw"], left, right, case["dw"], case["opw"])
    channels = (case["c"], case["o"], case["groups"])
    return ConvTranspose2dGeometry(case["n"], *channels, height, width)


def scatter_positions(axis: TransposedAxis) -> list[tuple[int, int, int]]:
    """(output position, input index, tap), before the output is cut to its size."""
    return [
        (index * axis.stride - axis.pad_low + axis.dilation * tap, index, tap)
        for index in range(axis.size)
        for tap in range(axis.kernel)
    ]


def window_items(axis: TransposedAxis) -> list[int | None]:
    """The dilated input cut by the axis's window; None stands for a zero."""
    dilated: list[int | None] = []
    for index in range(axis.size):
        dilated += [index] + [None] * (axis.stride - 1)
    del dilated[len(dilated) - (axis.stride - 1) :]
    window = axis.window
    kept = dilated[window.start : window.stop]
    return [None] * window.pad_low + kept + [None] * window.pad_high


@given(axes)
def test_output_size_covers_the_scattered_range(axis: TransposedAxis):
    last = max(position for position, _, _ in scatter_positions(axis))
    assert axis.output_size == last + 1 - axis.pad_high + axis.output_padding


@given(axes)
def test_convolving_the_window_meets_what_the_scatter_meets(axis: TransposedAxis):
    items = window_items(axis)
    assert len(items) == axis.output_size + axis.kernel_extent - 1
    gathered = {
        (position, index, axis.kernel - 1 - tap)
        for position in range(axis.output_size)
        for tap in range(axis.kernel)
        if (index := items[position + axis.dilation * tap]) is not None
    }
    inside = range(axis.output_size)
    assert gathered == {hit for hit in scatter_positions(axis) if hit[0] in inside}


def list_model(size: int, low: int, high: int) -> list[int | None]:
    """The half-open range [-low, size + high), element by element."""
    return [index if 0 <= index < size else None for index in range(-low, size + high)]


@given(st.integers(0, 6), st.integers(-12, 12), st.integers(-12, 12))
def test_crop_and_pad_agrees_with_a_list(size: int, low: int, high: int):
    if size + low + high < 0:
        with pytest.raises(ValueError, match=rf"at least 0, got {size + low + high}$"):
            crop_and_pad(size, low, high)
        return
    window = crop_and_pad(size, low, high)
    assert min(window.start, window.pad_low, window.pad_high) >= 0
    assert window.start <= window.stop <= size
    kept: list[int | None] = list(range(window.start, window.stop))
    cut = [None] * window.pad_low + kept + [None] * window.pad_high
    assert cut == list_model(size, low, high)
    assert window.size == len(cut)
    assert window.crops(size) == (len(kept) != size)
    assert window.pads == (None in cut)


@pytest.mark.parametrize(
    ("arguments", "kept", "pads"),
    [
        ((5, -2, 3), [2, 3, 4], (0, 3)),
        ((3, -4, 6), [], (0, 5)),
        ((3, 6, -4), [], (5, 0)),
        ((4, 1, 2), [0, 1, 2, 3], (1, 2)),
        ((4, -1, -2), [1], (0, 0)),
        ((4, -2, -2), [], (0, 0)),
    ],
)
def test_crop_and_pad_of_worked_numbers(
    arguments: tuple[int, int, int], kept: list[int], pads: tuple[int, int]
):
    window = crop_and_pad(*arguments)
    assert list(range(window.start, window.stop)) == kept
    assert (window.pad_low, window.pad_high) == pads


@pytest.mark.parametrize("case", ALL_CASES, ids=case_id)
def test_output_shape_is_the_recorded_one(case: Case):
    expected = (case["n"], case["hout"], case["wout"], case["o"])
    assert geometry_of(case).output_shape == expected


@pytest.mark.parametrize("case", VALID_CASES, ids=case_id)
def test_multiply_adds_are_the_recorded_ones(case: Case):
    assert geometry_of(case).multiply_adds == case["macs"]


GEOMETRY = ConvTranspose2dGeometry(
    batch=2,
    in_channels=6,
    out_channels=4,
    groups=2,
    height=TransposedAxis(5, 3, 2, 1, 2, 2, 1),
    width=TransposedAxis(7, 2, 3),
)


def test_shapes_of_one_geometry():
    assert GEOMETRY.input_shape == (2, 5, 7, 6)
    assert GEOMETRY.weight_shape == (6, 2, 3, 2)
    assert GEOMETRY.output_shape == (2, 11, 20, 4)
    assert GEOMETRY.prepared_weight_shape == (1, 1, 3 * 2 * 3, 4)
    assert GEOMETRY.in_channels_per_group == 3
    assert GEOMETRY.out_channels_per_group == 2
    assert GEOMETRY.multiply_adds == 2 * 5 * 7 * 6 * 2 * 3 * 2


def test_axis_of_worked_numbers():
    assert TransposedAxis(4, 4, 2, 1, 1).output_size == 8
    axis = TransposedAxis(
        size=5, kernel=3, stride=2, pad_low=1, pad_high=6, dilation=2, output_padding=1
    )
    assert axis.kernel_extent == 5
    assert axis.dilated_size == 9
    assert (axis.effective_pad_low, axis.effective_pad_high) == (3, -1)


def test_axes_have_no_padding_unless_stated():
    assert TransposedAxis(6, 2).output_size == 7
    assert ConvAxis(6, 2).output_size == 5


def test_convolution_inverts_the_sizes_of_its_transpose():
    axis = ConvAxis(size=11, kernel=3, stride=2, pad_low=1, pad_high=2, dilation=2)
    assert axis.output_size == 5
    geometry = Conv2dGeometry(2, 4, 6, 2, axis, ConvAxis(20, 2, 3))
    assert geometry.input_shape == (2, 11, 20, 4)
    assert geometry.output_shape == (2, 5, 7, 6)
    assert geometry.weight_shape == (6, 2, 3, 2)
    assert geometry.multiply_adds == GEOMETRY.multiply_adds


conv_axes = st.builds(
    ConvAxis,
    size=st.integers(1, 9),
    kernel=st.integers(1, 4),
    stride=st.integers(1, 4),
    pad_low=st.integers(0, 3),
    pad_high=st.integers(0, 3),
    dilation=st.integers(1, 3),
)


@given(conv_axes)
def test_convolution_size_counts_where_the_kernel_fits(axis: ConvAxis):
    padded = axis.size + axis.pad_low + axis.pad_high
    starts = range(0, max(padded - axis.dilation * (axis.kernel - 1), 0), axis.stride)
    assert max(axis.output_size, 0) == len(starts)


@given(conv_axes)
def test_ceil_mode_covers_what_is_left_from_inside_the_input(axis: ConvAxis):
    """Windows are laid from the front until all is covered or one would start behind the input."""
    extent = axis.dilation * (axis.kernel - 1) + 1
    assume(axis.pad_high < extent <= axis.padded_size)
    count, end = 0, 0
    while end < axis.padded_size and count * axis.stride < axis.pad_low + axis.size:
        end = count * axis.stride + extent
        count += 1

    covered = with_ceil_mode(axis)

    assert covered.output_size == count
    assert (covered.size, covered.pad_low) == (axis.size, axis.pad_low)
    grown = covered.padded_size - axis.padded_size
    assert grown == max(end - axis.padded_size, 0)


@given(conv_axes, st.booleans())
def test_tap_counts(axis: ConvAxis, includes_padding: bool):
    assume(axis.output_size >= 1)
    low = axis.pad_low if includes_padding else 0
    high = axis.pad_high if includes_padding else 0
    inside = range(-low, axis.size + high)
    windows = with_ceil_mode(axis).output_size
    expected = [
        len({start + tap * axis.dilation for tap in range(axis.kernel)} & set(inside))
        for start in range(-axis.pad_low, windows * axis.stride - axis.pad_low, axis.stride)
    ]

    counts = tap_counts(axis, windows, includes_padding)

    is_one = isinstance(counts, int)
    assert ([counts] * windows if is_one else list(counts)) == expected
    assert windows_count_alike(axis, windows, includes_padding) == is_one


def test_windows_that_count_alike_are_not_counted_one_by_one():
    axis = ConvAxis(size=2**62, kernel=2**31, stride=1, dilation=2**20)

    assert tap_counts(axis, axis.output_size, includes_padding=False) == 2**31


def test_pooling_shapes():
    geometry = Pool2dGeometry(2, 5, with_ceil_mode(ConvAxis(6, 3, 2)), ConvAxis(7, 2, 3, 0, 1))
    assert geometry.input_shape == (2, 6, 7, 5)
    assert geometry.padded_shape == (2, 7, 8, 5)
    assert geometry.output_shape == (2, 3, 3, 5)


@pytest.mark.parametrize(
    ("padding", "expected"), [((1, 2), (1, 1, 2, 2)), ((1, 2, 3, 4), (1, 3, 2, 4))]
)
def test_padding_order_of_poolings(padding: tuple[int, ...], expected: tuple[int, ...]):
    assert read_pool_padding(padding) == expected


@pytest.mark.parametrize(
    ("padding", "expected"), [((1, 2), (1, 1, 2, 2)), ((1, 2, 3, 4), (1, 2, 3, 4))]
)
def test_padding_order(padding: tuple[int, ...], expected: tuple[int, ...]):
    assert read_padding(padding) == expected


@pytest.mark.parametrize("length", [0, 1, 3, 5])
def test_padding_of_another_length_is_refused(length: int):
    with pytest.raises(ValueError, match=f"expected 2 or 4 values, got {length}"):
        read_padding([0] * length)


def test_flattened():
    assert flattened((2, 3, 4, 5)) == (1, 1, 24, 5)
    assert flattened((0, 3, 4, 5)) == (1, 1, 0, 5)


SHAPE_EXAMPLES = [
    (broadcast_shape((2, 1, 3), (4, 1)), (2, 4, 3)),
    (broadcast_shape((UNKNOWN, 3), (1, 1)), (UNKNOWN, 3)),
    (broadcast_shape((UNKNOWN,), (4,)), (4,)),
    (reshape_shape((2, 3, 4), (6, -1)), (6, 4)),
    (reshape_shape((2, UNKNOWN, 4), (8, -1)), (8, UNKNOWN)),
    (permute_shape((2, 3, 4), (2, 0, 1)), (4, 2, 3)),
    (pad_shape((2, 3), (0, 1, 2, 3)), (3, 8)),
    (pad_shape((UNKNOWN, 3), (0, 1, 2, 3)), (UNKNOWN, 8)),
    (slice_shape((5, 6), (1, 0), (5, 6), (2, 3)), (2, 2)),
    (slice_shape((5, 6), (-4, -6), (-1, 6), (1, 1)), (3, 6)),
    (slice_shape((5,), (5,), (5,), (1,)), (0,)),
    (concat_shape([(2, 3), (2, 4)], 1), (2, 7)),
    (concat_shape([(2, 3), (UNKNOWN, 4)], -1), (2, 7)),
    (concat_shape([(2, 3), (2, UNKNOWN)], 1), (2, UNKNOWN)),
    (matmul_shape((4, 2, 3), (3, 5)), (4, 2, 5)),
    (matmul_shape((3, 2), (5, 3), True, True), (2, 5)),
    (matmul_shape((3,), (3, 5)), (5,)),
    (matmul_shape((2, 3), (3,)), (2,)),
    (matmul_shape((3,), (3,)), (1,)),
    (matmul_shape((7, 3, 2), (4, 1, 5, 3), True, True), (4, 7, 2, 5)),
    (matmul_shape((3,), (3, 5), True), (5,)),
    (matmul_shape((3,), (5, 3), True, True), (5,)),
    (matmul_shape((3, 2), (3,), True, True), (2,)),
    (dilated_shape((1, 4, 5, 3), (1, 2, 3, 1)), (1, 7, 13, 3)),
    (dilated_shape((0, UNKNOWN, 1), (2, 2, 2)), (0, UNKNOWN, 1)),
]


@pytest.mark.parametrize(("shape", "expected"), SHAPE_EXAMPLES)
def test_result_shapes_of_worked_numbers(shape: tuple[int, ...], expected: tuple[int, ...]):
    assert shape == expected


small = st.integers(0, 5)


@given(small, st.integers(-7, 7), st.integers(-7, 7), st.integers(-4, 4).filter(bool))
def test_slices_agree_with_python_where_in_range(size: int, begin: int, end: int, step: int):
    start = begin + size if begin < 0 else begin
    stop = end + size if end < 0 else end
    is_reached = (start < stop) if step > 0 else (stop < start)
    in_range = start == stop or (is_reached and 0 <= start < size and 0 <= stop <= size)
    try:
        shape = slice_shape((size,), (begin,), (end,), (step,))
    except ValueError:
        assert not in_range
    else:
        assert in_range
        assert shape == (len(range(start, stop, step)),)
