"""`convert-stablehlo-to-ttnn` keeps the values of StableHLO's convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.utils.exceptions import PassFailedException

from support.cases import Case, a_quarter_quick, case_id, is_rejected, load_cases
from support.floors import Array, assert_equal_bits, context, lowered, parsed, run_after
from support.references import brute_force, integer_arrays, pads
from support.stablehlo import (
    Window,
    image_of,
    kernel_of,
    made_ops,
    reversed_kernel,
    window_of,
)
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.frontend.mlir.convert_stablehlo_to_ttnn import ConvertStableHLOToTTNNPass

DOOR = "convert-stablehlo-to-ttnn"
LABELS = (
    ("b01f", "01oi", "b01f"),
    ("bf01", "io01", "bf01"),
    ("01bf", "o1i0", "fb10"),
    ("1f0b", "0i1o", "b0f1"),
)
PUBLIC = [
    case for case in load_cases("public") if not is_rejected(case) and case["macs"] <= 40_000_000
]
QUICK = [*load_cases("cover"), *(case for case in PUBLIC if case["macs"] <= 20_000)]
LARGER = [case for case in PUBLIC if case["macs"] > 20_000]


def is_transposed(case: Case) -> bool:
    return max(case["sh"], case["sw"]) > 1


def the_op(ir: str) -> Any:
    (op,) = made_ops(lowered(ir, DOOR), "ttnn.conv_transpose2d")
    return op


def mirrors(op: Any) -> bool:
    attribute = op.properties.get("mirror_kernel")
    return attribute is None or bool(attribute.value.data)


def check_case(case: Case, labels: tuple[str, str, str], pipeline: str = DOOR) -> None:
    """A case without its bias as a convolution: with a reverse, and with a flipped kernel."""
    case = case | {"mirror_kernel": None, "bias": False}
    arrays = integer_arrays(case)
    window = window_of(case, labels)
    expected = image_of(brute_force(case, **arrays), labels[2]).astype(np.float32)
    x, w = image_of(arrays["x"], labels[0]), kernel_of(case, arrays["w"], window)
    spatial = [labels[1].index(label) for label in "01"]
    flipped = np.ascontiguousarray(reversed_kernel(window, w))

    with_reverse = run_after(window.ir(spatial), pipeline, {"x": x, "w": w})
    without = run_after(window.ir(), pipeline, {"x": x, "w": flipped})

    assert_equal_bits(with_reverse, expected, case_id(case))
    assert_equal_bits(without, expected, case_id(case))


@pytest.mark.parametrize("index", range(len(QUICK)), ids=lambda index: case_id(QUICK[index]))
def test_values_of_cases(index: int) -> None:
    check_case(QUICK[index], LABELS[index % len(LABELS)])


@pytest.mark.parametrize("case", load_cases("cover")[:-2:4], ids=case_id)
def test_values_of_cases_lowered(case: Case) -> None:
    check_case(case, LABELS[1], f"{DOOR},ttnn-to-loops{{strategy=sub-pixel}}")


@pytest.mark.slow
@pytest.mark.parametrize("case", LARGER, ids=case_id)
def test_values_of_larger_cases(case: Case) -> None:
    for labels in LABELS[:2]:
        check_case(case, labels)


def test_there_are_enough_cases() -> None:
    assert len(QUICK) > 150 and len(LARGER) > 60
    assert sum(map(is_transposed, QUICK)) > 80
    assert sum(not is_transposed(case) for case in QUICK) > 30


@pytest.mark.parametrize("case", load_cases("cover"), ids=case_id)
def test_numbers_are_never_negative(case: Case) -> None:
    module = lowered(window_of(case).ir(), DOOR)

    for op in made_ops(module, "ttnn.conv_transpose2d"):
        assert min(op.padding.get_values()) >= 0
        assert min(op.output_padding.get_values()) >= 0
    assert bool(made_ops(module, "ttnn.conv_transpose2d")) == is_transposed(case)


ALL = [case for case in load_cases("public") if not is_rejected(case)]


@pytest.mark.parametrize("case", a_quarter_quick([*filter(is_transposed, ALL)]))
def test_what_the_op_says_of_every_case(case: Case) -> None:
    """Output padding and padding behind cancel, as far as both are there."""
    top, bottom, left, right = pads(case)
    below, beside = bottom - case["oph"], right - case["opw"]
    window = window_of(case)
    if min(window.output_sizes) < 1:
        return

    op = the_op(window.ir([0, 1]))

    given = (top, max(below, 0), left, max(beside, 0))
    is_even = given[0] == given[1] and given[2] == given[3]
    assert op.padding.get_values() == ((top, left) if is_even else given)
    assert op.output_padding.get_values() == (max(-below, 0), max(-beside, 0))
    assert op.stride.get_values() == (case["sh"], case["sw"])
    assert op.dilation.get_values() == (case["dh"], case["dw"])
    assert mirrors(op)


SMALL = Window(
    sizes=(3, 4),
    taps=(3, 2),
    batch=2,
    inputs=4,
    outputs=6,
    groups=2,
    pads=((1, 2), (0, 1)),
    lhs=(2, 3),
)


def check_window(window: Window, reverse: list[int] | None = None, pipeline: str = DOOR) -> None:
    arrays = window.arrays()
    kernel = arrays["w"] if reverse is None else np.flip(arrays["w"], tuple(reverse))

    result = run_after(window.ir(reverse), pipeline, arrays)

    assert_equal_bits(result, window.evaluate(arrays["x"], kernel), f"{window} {reverse}")


def with_fields(window: Window, **fields: Any) -> Window:
    return Window(**(window.__dict__ | fields))


def test_the_oracle_agrees_with_the_scatter_definition() -> None:
    """Two references that share no code: the gather of StableHLO, the scatter of the op."""
    for case in load_cases("cover"):
        if case["hout"] * case["wout"] > 300:
            continue
        case = case | {"mirror_kernel": None, "bias": False}
        arrays = integer_arrays(case)
        window = window_of(case)
        kernel = reversed_kernel(window, kernel_of(case, arrays["w"], window))

        assert_equal_bits(
            window.evaluate(arrays["x"], kernel), brute_force(case, **arrays).astype(np.float32)
        )


@pytest.mark.parametrize("reversal", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("reverse", [None, [0, 1], [1, 0], [0], [1], [2], [0, 1, 2], [0, 1, 2, 3]])
def test_every_way_to_reverse(reversal: tuple[bool, bool], reverse: list[int] | None) -> None:
    window = with_fields(SMALL, reversal=reversal)

    check_window(window, reverse)

    is_mirrored = (reverse in ([0, 1], [1, 0])) != (reversal == (True, True))
    whole = reversal[0] == reversal[1]
    assert mirrors(the_op(window.ir(reverse))) == (is_mirrored and whole)


def test_a_reverse_that_is_taken_in_is_gone() -> None:
    module = lowered(SMALL.ir([0, 1]), DOOR)

    assert not made_ops(module, "deconv.flip") and not made_ops(module, "stablehlo.reverse")


def test_a_reverse_with_another_use_stays_a_value() -> None:
    ir = """
    func.func @main(%x: tensor<1x2x3x1xf32>, %w: tensor<2x2x1x1xf32>)
        -> (tensor<1x4x6x1xf32>, tensor<2x2x1x1xf32>) {
      %r = stablehlo.reverse %w, dims = [0, 1] : tensor<2x2x1x1xf32>
      %y = stablehlo.convolution(%x, %r) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f],
        window = {pad = [[1, 1], [1, 1]], lhs_dilate = [2, 2]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
        : (tensor<1x2x3x1xf32>, tensor<2x2x1x1xf32>) -> tensor<1x4x6x1xf32>
      return %y, %r : tensor<1x4x6x1xf32>, tensor<2x2x1x1xf32>
    }
    """
    assert mirrors(the_op(ir))
    assert len(made_ops(lowered(ir, DOOR), "deconv.flip")) == 1


TRANSPOSED_KERNEL = """
func.func @main(%x: tensor<2x3x4x4xf32>, %w: tensor<4x3x3x2xf32>) -> tensor<2x7x9x3xf32> {{
  {lines}
  %y = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f],
    window = {{pad = [[2, 2], [0, 0]], lhs_dilate = [2, 3]}}
    {{batch_group_count = 1 : i64, feature_group_count = 1 : i64}}
    : (tensor<2x3x4x4xf32>, tensor<3x2x3x4xf32>) -> tensor<2x7x9x3xf32>
  return %y : tensor<2x7x9x3xf32>
}}
"""

BOTH_WAYS = {
    "reverse first": """
  %r = stablehlo.reverse %w, dims = [2, 3] : tensor<4x3x3x2xf32>
  %k = stablehlo.transpose %r, dims = [2, 3, 1, 0]
    : (tensor<4x3x3x2xf32>) -> tensor<3x2x3x4xf32>""",
    "transpose first": """
  %t = stablehlo.transpose %w, dims = [2, 3, 1, 0]
    : (tensor<4x3x3x2xf32>) -> tensor<3x2x3x4xf32>
  %k = stablehlo.reverse %t, dims = [0, 1] : tensor<3x2x3x4xf32>""",
}


@pytest.mark.parametrize("lines", BOTH_WAYS.values(), ids=BOTH_WAYS.keys())
def test_transposes_beside_the_reverse_are_looked_through(lines: str) -> None:
    ir = TRANSPOSED_KERNEL.format(lines=lines)
    window = Window(
        sizes=(3, 4),
        taps=(3, 2),
        batch=2,
        inputs=4,
        outputs=3,
        pads=((2, 2), (0, 0)),
        lhs=(2, 3),
        labels=("b01f", "io01", "b01f"),
    )
    arrays = window.arrays()

    result = run_after(ir, DOOR, arrays)

    expected = window.evaluate(arrays["x"], np.flip(arrays["w"], (2, 3)))
    assert_equal_bits(result, expected)
    assert mirrors(the_op(ir))
    assert not made_ops(lowered(ir, DOOR), "ttnn.permute")


EDGES: dict[str, dict[str, Any]] = {
    "zeros in front that no tap reaches": {"pads": ((4, 1), (3, 2))},
    "in front along one axis alone": {"pads": ((4, 1), (1, 1))},
    "in front, cropped behind": {"pads": ((5, -3), (4, 0))},
    "nothing but zeros": {"pads": ((9, -9), (1, 1))},
    "nothing but zeros, exactly": {"pads": ((7, -5), (1, 1))},
    "cropped in front": {"pads": ((-1, 2), (-2, 1))},
    "cropped behind": {"pads": ((2, -1), (1, -3))},
    "far behind": {"pads": ((2, 9), (1, 7))},
    "one axis dilated": {"lhs": (1, 3), "pads": ((3, 0), (1, 2))},
    "taps dilated": {"rhs": (2, 3), "pads": ((4, 1), (2, 7))},
    "one tap": {"taps": (1, 1), "pads": ((1, 2), (0, 3))},
    "depthwise": {"inputs": 6, "groups": 6},
}


@pytest.mark.parametrize("fields", EDGES.values(), ids=EDGES.keys())
def test_edges(fields: dict[str, Any]) -> None:
    window = with_fields(SMALL, **fields)

    check_window(window)
    check_window(window, [0, 1])
    check_window(window, [0, 1], f"{DOOR},ttnn-to-loops")


PLAIN = with_fields(SMALL, lhs=(1, 1), strides=(2, 1), rhs=(1, 2), pads=((1, 2), (3, 0)))


@pytest.mark.parametrize("labels", LABELS, ids=lambda labels: "-".join(labels))
def test_a_convolution_without_zeros_between_is_plain(labels: tuple[str, str, str]) -> None:
    window = with_fields(PLAIN, labels=labels)

    check_window(window)
    check_window(with_fields(window, reversal=(True, False)), [labels[1].index("0")])
    check_window(with_fields(window, pads=((-1, 2), (3, -2))))
    check_window(with_fields(window, pads=((-4, 9), (3, 0))))
    assert not made_ops(lowered(window.ir(), DOOR), "ttnn.conv_transpose2d")


def remarks_and_text(ir: str) -> tuple[list[str], str]:
    module = parsed(ir)
    with collect_remarks() as remarks:
        ConvertStableHLOToTTNNPass().apply(context(), module)
    module.verify()
    return remarks, str(module)


KEPT = {
    "a plain convolution of a batch of groups": """
    func.func @main(%x: tensor<2x3x3x1xf32>, %w: tensor<1x1x2x1xf32>) -> tensor<1x3x3x2xf32> {
      %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f],
        window = {} {batch_group_count = 2 : i64, feature_group_count = 1 : i64}
        : (tensor<2x3x3x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x3x3x2xf32>
      return %y : tensor<1x3x3x2xf32>
    }""",
    "three spatial dimensions": """
    func.func @main(%x: tensor<1x3x1x1x1xf32>, %w: tensor<2x1x1x1x1xf32>)
        -> tensor<1x4x1x1x1xf32> {
      %y = stablehlo.convolution(%x, %w)
        dim_numbers = [b, 0, 1, 2, f]x[0, 1, 2, o, i]->[b, 0, 1, 2, f],
        window = {lhs_dilate = [2, 1, 1]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
        : (tensor<1x3x1x1x1xf32>, tensor<2x1x1x1x1xf32>) -> tensor<1x4x1x1x1xf32>
      return %y : tensor<1x4x1x1x1xf32>
    }""",
}


@pytest.mark.parametrize("ir", KEPT.values(), ids=KEPT.keys())
def test_what_is_kept_is_named(ir: str) -> None:
    remarks, text = remarks_and_text(ir)

    assert text == str(parsed(ir))
    assert remarks == [
        f"remark: {DOOR}: kept what has no counterpart here: stablehlo.convolution (1)"
    ]


def test_a_refusal_changes_nothing() -> None:
    module = parsed(SMALL.ir() + with_fields(SMALL, strides=(1, 2)).ir().replace("@main", "@other"))
    before = str(module)

    with pytest.raises(PassFailedException, match="window strides of 1 beside"):
        ConvertStableHLOToTTNNPass().apply(context(), module)

    assert str(module) == before


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
amounts = st.tuples(st.integers(-4, 7), st.integers(-4, 7))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    groups = draw(st.integers(1, 2))
    window = Window(
        sizes=draw(pairs),
        taps=draw(st.tuples(st.integers(1, 4), st.integers(1, 3))),
        batch=draw(st.integers(1, 2)),
        inputs=groups * draw(st.integers(1, 2)),
        outputs=groups * draw(st.integers(1, 3)),
        groups=groups,
        pads=draw(st.tuples(amounts, amounts)),
        lhs=draw(pairs),
        rhs=draw(pairs),
        reversal=draw(st.tuples(st.booleans(), st.booleans())),
        labels=draw(
            st.tuples(*(st.permutations(list(x)).map("".join) for x in ("b01f", "01oi", "b01f")))
        ),
    )
    return window


def with_results(window: Window) -> Window:
    """Padded behind until there is a result."""
    fixed = tuple(
        (low, high + max(0, 1 - size))
        for (low, high), size in zip(window.pads, _signed_sizes(window), strict=True)
    )
    return with_fields(window, pads=fixed)


def _signed_sizes(window: Window) -> list[int]:
    return [
        (window.sizes[axis] - 1) * window.lhs[axis]
        + sum(window.pads[axis])
        - window.rhs[axis] * (window.taps[axis] - 1)
        + 1
        for axis in (0, 1)
    ]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(windows(), st.lists(st.integers(0, 3), max_size=3, unique=True))
def test_any_convolution(window: Window, reverse: list[int]) -> None:
    window = with_results(window)
    arrays: dict[str, Array] = window.arrays()
    kernel = np.flip(arrays["w"], tuple(reverse))

    result = run_after(window.ir(reverse), DOOR, arrays)

    assert_equal_bits(result, window.evaluate(arrays["x"], kernel), f"{window} {reverse}")
