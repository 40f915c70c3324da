"""Strategies over a limit: counted from the geometry, refused or left out, nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from support import Case, conv_transpose2d_ir, make_case
from support.floors import lowered, parsed
from support.ir import tensor
from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.dialect.geometry.transposed import (
    ConvTranspose2dGeometry,
    TransposedAxis,
)
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.passes.choose_strategy import (
    candidates,
    choose_strategy,
    estimates,
    excesses,
    refusal,
    refusals,
    workload_of,
)
from xdsl_ttnn.passes.cost.report import cost_of
from xdsl_ttnn.passes.cost.stages import Workload
from xdsl_ttnn.passes.cost.targets import PRESETS
from xdsl_ttnn.passes.legalize_interleave import InterleavePlan, plan_interleave
from xdsl_ttnn.passes.limits import DEFAULT_LIMITS, DEFAULT_MAX_OPS, Limits
from xdsl_ttnn.passes.strategies.registry import find, own_names

LARGEST = 2**31 - 1

TAKING_ALL = ("auto", "zero-insert", "sub-pixel", "gemm-col2im", "matmul")
"""Of the cases of this file that are run by every strategy, at least these take all."""

FARTHEST_APART = make_case(h=2, w=2, c=1, o=1, kh=1, kw=1, sh=LARGEST, sw=LARGEST)
"""Four pixels in the corners of 2^31 x 2^31 outputs: 2^62 phases, of which taps reach one."""

MANY_PHASES = make_case(h=2, w=2, c=1, o=1, kh=257, kw=257, sh=256, sw=256)
"""65,536 phases, all filled."""

MANY_TAPS = make_case(h=4, w=4, c=1, o=1, kh=128, kw=128)
"""16,384 taps, one phase."""


def workload_from(case: Case, element_type: str = "f32") -> Workload:
    return workload_of(op_of(case, element_type))


def op_of(
    case: Case, element_type: str = "f32", types: Mapping[str, str] | None = None
) -> ttnn.ConvTranspose2dOp:
    module = parsed(conv_transpose2d_ir(case, element_type, types=types or {}))
    (op,) = (op for op in module.walk() if isinstance(op, ttnn.ConvTranspose2dOp))
    return op


def op_count(case: Case, pipeline: str, element_type: str) -> int:
    """Ops of the function after a pipeline."""
    return sum(1 for _ in lowered(conv_transpose2d_ir(case, element_type), pipeline).walk())


COUNTED: Mapping[str, Case] = {
    "phases of one window": make_case(h=4, w=5, c=2, o=3, kh=12, kw=12, sh=12, sw=12),
    "phases of many windows": make_case(
        h=4, w=5, c=2, o=3, kh=11, kw=9, sh=8, sw=7, dh=5, dw=6, padding=[2, 1]
    ),
    "groups": make_case(h=4, w=5, c=4, o=6, kh=8, kw=10, sh=8, sw=9, groups=2, bias=True),
    "several taps a phase": make_case(h=6, w=5, c=2, o=2, kh=12, kw=9, sh=4, sw=3, padding=[2, 1]),
    "taps of one phase": make_case(h=6, w=5, c=2, o=2, kh=9, kw=8),
    "empty phases": make_case(h=4, w=5, c=2, o=3, kh=7, kw=6, sh=15, sw=12, bias=True),
}


@pytest.mark.parametrize("element_type", ["f32", "bf16"])
@pytest.mark.parametrize("strategy", ["sub-pixel", "gemm-col2im"])
@pytest.mark.parametrize("what", COUNTED)
def test_ops_are_counted_to_a_factor_of_two(what: str, strategy: str, element_type: str) -> None:
    case = COUNTED[what]
    workload = workload_from(case, element_type)
    pipelines = {"decomposed": "decompose-conv-transpose2d", "linalg": "ttnn-to-linalg"}

    for floor, name in pipelines.items():
        counted = find(strategy).op_count(workload, floor, DEFAULT_MAX_OPS)
        actual = op_count(case, f"{name}{{strategy={strategy}}}", element_type)
        # What few ops a strategy has around the many counts for more than there are.
        assert actual / 2 <= counted <= 2 * actual + 30, floor


def refusal_of(case: Case, pipeline: str) -> str:
    with collect_remarks() as remarks, pytest.raises(PassFailedException) as refused:
        lowered(conv_transpose2d_ir(case), pipeline)
    assert remarks == []
    return str(refused.value)


PLACE = "test.mlir:3:5: 'ttnn.conv_transpose2d' op "


def test_a_strategy_over_max_ops_is_refused() -> None:
    assert refusal_of(MANY_PHASES, "ttnn-to-loops{strategy=sub-pixel}") == (
        f"{PLACE}expected at most 16384 ops for strategy sub-pixel, got about 196638 for 65536 "
        "phases; zero-insert takes it, or raise max-ops"
    )
    assert refusal_of(MANY_PHASES, "decompose-conv-transpose2d{strategy=sub-pixel}") == (
        f"{PLACE}expected at most 16384 ops for strategy sub-pixel, got about 65566 for 65536 "
        "phases; gemm-col2im and zero-insert take it, or raise max-ops"
    )
    assert refusal_of(MANY_TAPS, "ttnn-to-linalg{strategy=gemm-col2im}") == (
        f"{PLACE}expected at most 16384 ops for strategy gemm-col2im, got about 98337 for 16384 "
        "taps; sub-pixel and zero-insert take it, or raise max-ops"
    )


def test_a_strategy_over_max_temporary_bytes_is_refused() -> None:
    apart = make_case(h=11001, w=11001, c=1, o=1, kh=1, kw=1, sh=3, sw=3)
    size = 4 * 33001**2

    assert refusal_of(apart, "ttnn-to-decomposed{strategy=zero-insert}") == (
        f"{PLACE}expected temporaries of at most 4294967296 bytes for strategy zero-insert, got "
        f"one of {size} bytes; sub-pixel and gemm-col2im take it, or raise max-temporary-bytes"
    )


def test_four_pixels_in_the_corners_of_an_image_are_a_few_ops() -> None:
    """However many phases there are, a tap reaches one; the rest is background."""
    for strategy in ("auto", "sub-pixel", "gemm-col2im"):
        lowered(conv_transpose2d_ir(FARTHEST_APART), f"ttnn-to-decomposed{{strategy={strategy}}}")
    for strategy in ("zero-insert", "matmul"):
        message = refusal_of(FARTHEST_APART, f"ttnn-to-decomposed{{strategy={strategy}}}")
        assert "expected numbers of at most 2147483647 in attributes of TTNN" in message
        assert message.endswith("; sub-pixel and gemm-col2im take it")


def test_a_higher_limit_takes_the_strategy() -> None:
    case = make_case(h=2, w=2, c=1, o=1, kh=4, kw=4, sh=4, sw=4)

    for pipeline, least in {"ttnn-to-decomposed": 50, "ttnn-to-linalg": 90}.items():
        assert "at most 40 ops" in refusal_of(case, f"{pipeline}{{strategy=sub-pixel max-ops=40}}")
        lowered(
            conv_transpose2d_ir(case), f"{pipeline}{{strategy=sub-pixel max-ops={least}}}"
        ).verify()


def test_what_a_strategy_makes_below_counts_where_it_goes_on() -> None:
    """gemm-col2im is three ops of TTNN, whatever the kernel."""
    decomposed = "ttnn-to-decomposed{strategy=gemm-col2im%s}"

    lowered(conv_transpose2d_ir(MANY_TAPS), decomposed % "")

    assert "16384 taps" in refusal_of(MANY_TAPS, decomposed % " floor=linalg")


def test_sums_of_narrow_floats_count_at_the_floor_where_they_are_wide() -> None:
    case = make_case(h=8, w=8, c=4, o=1, kh=3, kw=3, sh=2, sw=2)
    ir = conv_transpose2d_ir(case, "bf16")
    # 19 x 19 pixels of 4 channels, 2 bytes each, and 4 at the linalg floor.
    options = f"strategy=zero-insert max-temporary-bytes={19 * 19 * 4 * 2}"

    lowered(ir, f"ttnn-to-decomposed{{{options}}}")
    with pytest.raises(PassFailedException, match=f"got one of {19 * 19 * 4 * 4} bytes"):
        lowered(ir, f"ttnn-to-linalg{{{options}}}")


def test_auto_leaves_out_what_is_over_a_limit_and_says_so() -> None:
    with collect_remarks() as remarks:
        lowered(conv_transpose2d_ir(MANY_PHASES), "ttnn-to-linalg")

    (remark,) = remarks
    assert "strategy auto: zero-insert takes " in remark
    assert remark.endswith(
        "and nothing else takes the op; "
        "sub-pixel is left out: expected at most 16384 ops, got about 196638 for 65536 phases; "
        "gemm-col2im is left out: expected at most 16384 ops, got about 202794 for 66049 taps"
    )


def test_auto_compares_what_is_left() -> None:
    with collect_remarks() as remarks:
        lowered(conv_transpose2d_ir(MANY_PHASES), "ttnn-to-decomposed")

    (remark,) = remarks
    assert "strategy auto: gemm-col2im takes " in remark
    assert ", zero-insert " in remark
    assert "more on multiply-adds; sub-pixel is left out: expected at most" in remark


def test_auto_refuses_where_nothing_is_left() -> None:
    case = make_case(h=8, w=8, c=4, o=4, kh=4, kw=4, sh=2, sw=2)

    message = refusal_of(case, "ttnn-to-linalg{max-ops=31 max-temporary-bytes=1000}")

    assert message == (
        f"{PLACE}expected a strategy within the limits, got none: "
        "sub-pixel is left out: expected at most 31 ops, got about 42 for 4 phases; "
        "gemm-col2im is left out: expected at most 31 ops, got about 138 for 16 taps; "
        "zero-insert is left out: expected temporaries of at most 1000 bytes, got one of 7056 "
        "bytes; raise max-ops or raise max-temporary-bytes"
    )


def test_the_report_says_why_instead_of_counting() -> None:
    cost = cost_of(op_of(MANY_PHASES), PRESETS["cpu"])

    assert set(cost.costs) >= {"gemm-col2im", "zero-insert"}
    assert set(cost.refusals) == set(own_names()) - set(cost.costs)
    assert set(cost.refusals) >= {"sub-pixel", "matmul"}
    assert cost.winner == "gemm-col2im"
    data: Any = cost.as_data()
    assert data["strategies"]["sub-pixel"] == {"refused": cost.refusals["sub-pixel"]}


def test_the_report_where_nothing_is_left() -> None:
    cost = cost_of(op_of(MANY_PHASES), PRESETS["cpu"], Limits(max_ops=1))

    assert (cost.winner, dict(cost.costs)) == (None, {})
    assert cost.reason.startswith("expected a strategy within the limits, got none: ")
    assert set(cost.refusals) == set(own_names())


def test_most_real_layers_are_far_below_the_limits() -> None:
    """FCN's 64x64 kernel of stride 32, in one group and in 21."""
    for groups in (1, 21):
        case = make_case(
            h=16, w=16, c=21, o=21, kh=64, kw=64, sh=32, sw=32, padding=[16, 16], groups=groups
        )
        for floor in ("decomposed", "linalg"):
            assert "sub-pixel" in candidates(workload_from(case), Limits(floor=floor))


numbers = st.integers(1, LARGEST) | st.sampled_from([1, 2, 2**16, 2**30, LARGEST])
amounts = st.just(0) | numbers
huge_axes = st.builds(
    TransposedAxis, numbers, numbers, numbers, amounts, amounts, numbers, amounts
).filter(lambda axis: axis.output_size >= 1)
workloads = st.builds(
    Workload,
    st.builds(
        lambda batch, inner, outer, groups, height, width: ConvTranspose2dGeometry(
            batch, inner * groups, outer * groups, groups, height, width
        ),
        amounts,
        st.integers(1, 2**10),
        st.integers(1, 2**10),
        st.integers(1, 2**10),
        huge_axes,
        huge_axes,
    ),
    element_bytes=st.sampled_from([2, 4]),
)


@given(workloads, st.sampled_from(["decomposed", "linalg"]))
def test_every_strategy_of_a_huge_op_is_worked_out_or_refused(
    workload: Workload, floor: str
) -> None:
    """Nothing here may take as many steps as the numbers are large."""
    limits = Limits(max_ops=2000, floor=floor)

    left, reasons = candidates(workload, limits), refusals(workload, limits)
    choice = choose_strategy(workload, PRESETS["cpu"], limits)

    assert set(left) | set(reasons) == set(own_names())
    assert set(left).isdisjoint(reasons)
    assert list(estimates(workload, PRESETS["cpu"], limits)) == (
        [] if choice is None else list(estimates(workload, PRESETS["cpu"], limits))
    )
    assert (choice is None) == (not left)
    if choice is not None:
        assert choice.winner in left
        assert choice.left_out == excesses(workload, limits)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_ops": 0}, "max-ops: expected at least 1, got 0"),
        ({"max_temporary_bytes": -1}, "max-temporary-bytes: expected at least 0, got -1"),
        ({"floor": "loops"}, "floor: expected one of decomposed, linalg, got loops"),
    ],
)
def test_limits_that_are_none(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PassFailedException) as refused:
        Limits(**options)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "name",
    [
        "decompose-conv-transpose2d",
        "ttnn-to-decomposed",
        "ttnn-to-linalg",
        "ttnn-to-loops",
        "convert-ttnn-to-linalg",
        "legalize-deconv-to-ttnn",
    ],
)
def test_passes_check_their_limits(name: str) -> None:
    with pytest.raises(ValueError, match=f"pass '{name}': max-ops: expected at least 1, got 0"):
        lowered(conv_transpose2d_ir(COUNTED["groups"]), f"{name}{{max-ops=0}}")


COL2IM = """
func.func @main(%p: tensor<1x4x66049xf32>) -> tensor<1x513x513x1xf32> {
  %0 = "deconv.col2im"(%p) <{dilation = array<i64: 1, 1>, input_size = array<i64: 2, 2>,
    kernel_size = array<i64: 257, 257>, output_padding = array<i64: 0, 0>,
    padding = array<i64: 0, 0, 0, 0>, stride = array<i64: 256, 256>}>
    : (tensor<1x4x66049xf32>) -> tensor<1x513x513x1xf32>
  return %0 : tensor<1x513x513x1xf32>
}"""


@pytest.mark.parametrize(
    ("name", "count"), [("convert-ttnn-to-linalg", 202764), ("legalize-deconv-to-ttnn", 329219)]
)
def test_an_op_that_would_become_many_is_refused_in_its_own_name(name: str, count: int) -> None:
    with pytest.raises(PassFailedException) as refused:
        lowered(COL2IM, name)

    assert str(refused.value) == (
        f"test.mlir:3:3: 'deconv.col2im' op expected at most 16384 ops, got about {count} for "
        "66049 taps; raise max-ops"
    )


def interleave_ir(strides: tuple[int, int]) -> str:
    """Phase (0, 0) of an image of 2 x 2 phases, which are as many as the strides are long."""
    size = f"{strides[0] + 1}x{strides[1] + 1}"
    return f"""
func.func @main(%p: tensor<1x2x2x3xf32>) -> tensor<1x{size}x3xf32> {{
  %0 = deconv.interleave %p strides = [{strides[0]}, {strides[1]}] rows = [array<i64: 0>]
    columns = [array<i64: 0>] : (tensor<1x2x2x3xf32>) -> tensor<1x{size}x3xf32>
  return %0 : tensor<1x{size}x3xf32>
}}"""


def test_phases_of_no_block_are_not_listed() -> None:
    """One block and three pieces of background, however many phases these stand for."""
    plan: InterleavePlan = plan_interleave(
        (LARGEST + 1, LARGEST + 1), (LARGEST, LARGEST), [((0,), (0,))]
    )

    assert plan.piece_count == 4
    assert [[piece.size for piece in row] for row in plan.pieces] == [
        [(1, 1), (1, LARGEST - 1)],
        [(LARGEST - 1, 1), (LARGEST - 1, LARGEST - 1)],
    ]
    lowered(interleave_ir((2**20, 2**20)), "legalize-deconv-to-ttnn")


def test_an_interleave_of_many_pieces_is_refused() -> None:
    with pytest.raises(PassFailedException, match="got about 16 for 4 pieces of phases"):
        lowered(interleave_ir((7, 5)), "legalize-deconv-to-ttnn{max-ops=15}")
    lowered(interleave_ir((7, 5)), "legalize-deconv-to-ttnn{max-ops=16}")


def test_an_interleave_of_many_phases_is_refused() -> None:
    with pytest.raises(PassFailedException, match="got about 2 for 1 phases; raise max-ops"):
        lowered(interleave_ir((7, 5)), "convert-ttnn-to-linalg{max-ops=1}")


def test_defaults_are_the_documented_ones() -> None:
    assert (DEFAULT_LIMITS.max_ops, DEFAULT_LIMITS.max_temporary_bytes) == (16384, 4 * 2**30)


@pytest.mark.parametrize("strategy", ["auto", *own_names()])
def test_tiles_have_bytes(strategy: str) -> None:
    """Elements may be tiles of a block format, which nothing here computes with."""
    case = make_case(h=4, w=4, c=1, o=1, kh=2, kw=2, sh=2, sw=2)
    ir = conv_transpose2d_ir(case, "!ttcore.tile<32x32, bfp_bf4>")
    if strategy not in TAKING_ALL and refusal(workload_from(case).geometry, strategy) is not None:
        pytest.skip("not in the domain of the strategy")

    lowered(ir, f"ttnn-to-decomposed{{strategy={strategy}}}")

    assert workload_from(case, "!ttcore.tile<32x32, f32>").element_bytes == 4
    assert workload_from(case, "!ttcore.tile<32x32, bfp_bf8>").element_bytes == 1


# Numbers of 32 bits -------------------------------------------------------------------------------


def built_numbers(op: ttnn.ConvTranspose2dOp, strategy: str) -> str | None:
    """What building a strategy, with no limit in front, says of numbers that are too large."""
    try:
        find(strategy).pattern.match_and_rewrite(op, PatternRewriter(op))
    except PassFailedException as error:
        return str(error)
    return None


sizes = st.integers(1, 6) | st.sampled_from([2**15, 2**16, 46341, 2**30, LARGEST])
paddings = st.just(0) | st.sampled_from([1, 2**16, 2**30, LARGEST])


@given(
    batch=st.sampled_from([0, 1, 2, 2**16]),
    channels=st.sampled_from([(1, 1), (2, 2), (2**16, 1)]),
    height=st.tuples(sizes, sizes, sizes, sizes, paddings, paddings, paddings),
    width=st.tuples(sizes, sizes, sizes, sizes, paddings, paddings, paddings),
    form=st.sampled_from(["", "flattened", "encoded"]),
    strategy=st.sampled_from(own_names()),
)
@settings(max_examples=150, deadline=None)
def test_numbers_are_foreseen_that_an_attribute_does_not_hold(
    batch: int,
    channels: tuple[int, int],
    height: tuple[int, ...],
    width: tuple[int, ...],
    form: str,
    strategy: str,
) -> None:
    """Exactly those are refused that could not be written down."""
    case = make_case(
        **dict(zip(("h", "kh", "sh", "dh", "oph"), height[:5], strict=True)),
        **dict(zip(("w", "kw", "sw", "dw", "opw"), width[:5], strict=True)),
        padding=[*height[5:], *width[5:]],
        n=batch,
        c=channels[0] * channels[1],
        o=channels[1],
        groups=channels[1],
    )
    assume(min(case["hout"], case["wout"]) >= 1 and batch * case["hout"] * case["wout"] < 2**63)
    assume(batch * case["h"] * case["w"] < 2**63)
    shape = (batch, case["hout"], case["wout"], case["o"])
    types = {
        "": {},
        "flattened": {"y": tensor((1, 1, batch * shape[1] * shape[2], shape[3]), "f32")},
        "encoded": {"y": tensor(shape, "f32").replace(">", ", #ttnn.layout<tile>>")},
    }
    op = op_of(case, types=types[form])
    workload = workload_of(op)
    assume(refusal(workload.geometry, strategy) is None)
    assume(find(strategy).op_count(workload, "decomposed", 100) <= 100)

    largest = max((found.value for found in find(strategy).numbers(workload)), default=0)
    message = built_numbers(op, strategy)

    assert (message is not None) == (largest > LARGEST), (message, largest)
    if message is not None:
        assert message.startswith(f"{PLACE}expected at most {LARGEST} in '")
        assert message.endswith("; split the tensor")


FLAT = make_case(h=2**20, w=2**10, c=1, o=1, kh=1, kw=2, sh=1, sw=2)
"""2^30 pixels become 2^31."""


def test_a_strategy_whose_numbers_are_too_large_is_refused() -> None:
    strategy = "strategy=zero-insert max-temporary-bytes=99999999999"

    assert refusal_of(FLAT, f"ttnn-to-decomposed{{{strategy}}}") == (
        f"{PLACE}expected numbers of at most 2147483647 in attributes of TTNN for strategy "
        "zero-insert, got 2148532224 padded pixels; matmul, sub-pixel and gemm-col2im take it"
    )
    assert refusal_of(FLAT, "ttnn-to-decomposed{strategy=zero-insert}").endswith(
        "; split the tensor"
    )


def test_numbers_that_a_later_pass_cannot_write_are_refused_in_the_name_of_the_op() -> None:
    ir = """
func.func @main(%x: tensor<1x3x65536x1xf32>) -> tensor<1x131073x65536x1xf32> {
  %0 = deconv.dilate_insert %x strides = [1, 65536, 1, 1]
    : tensor<1x3x65536x1xf32> -> tensor<1x131073x65536x1xf32>
  return %0 : tensor<1x131073x65536x1xf32>
}"""
    lowered(ir, "legalize-deconv-to-ttnn")
    wider = ir.replace("65536, 1, 1]", "2147483647, 1, 1]").replace("131073x", "4294967295x")
    with pytest.raises(PassFailedException) as refused:
        lowered(wider, "legalize-deconv-to-ttnn")

    assert str(refused.value) == (
        "test.mlir:3:3: 'deconv.dilate_insert' op expected at most 2147483647 in 'shape', got "
        "6442450941; split the tensor"
    )


def test_sizes_that_no_type_holds_are_not_inferred() -> None:
    case = make_case(h=LARGEST, w=LARGEST, n=LARGEST, c=1, o=1, kh=1, kw=1)
    ir = conv_transpose2d_ir(
        case,
        types={
            "x": f"tensor<{LARGEST}x{LARGEST}x{LARGEST}x1xf32>",
            "y": "tensor<1x1x?x1xf32>",
        },
    )
    with pytest.raises(PassFailedException) as refused:
        lowered(ir, "ttnn-infer-shapes")

    assert str(refused.value) == (
        f"{PLACE}expected dimensions of at most 9223372036854775807, got {LARGEST**3}"
    )
