"""legalize-deconv-to-ttnn leaves no deconv op, and the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from support import Case, case_id, conv_transpose2d_ir, load_cases, make_case, tensor
from support.floors import Array, assert_equal_bits, lowered, parsed, run_after
from support.interpreter import integers
from support.references import (
    DTYPES,
    brute_force,
    integer_arrays,
    macs_with_zeros,
    normal_arrays,
)
from xdsl_ttnn.dialect.tensor_types import shape_of
from xdsl_ttnn.passes.legalize_interleave import plan_interleave

LEGALIZE = "legalize-deconv-to-ttnn"
STRATEGIES = ("zero-insert", "sub-pixel", "gemm-col2im", "matmul")
COVER = load_cases("cover")
ODD = [
    # No tap reaches the only output: stride 5, and the landing place is cropped away.
    make_case(
        id="nothing-lands", h=1, w=1, c=2, o=3, kh=1, kw=1, sh=5, padding=[1, 0, 0, 0], oph=1
    ),
    make_case(id="outside", h=1, w=3, c=2, o=2, kh=5, kw=2, padding=[2, 0], bias=True),
    make_case(id="no-images", n=0, h=3, w=4, c=2, o=3, kh=2, kw=1, sh=3, sw=2, bias=True),
    make_case(id="far-dilated", n=2, h=4, w=3, c=2, o=2, kh=3, kw=2, sh=4, sw=3, dh=6, dw=5),
    make_case(id="long", h=2, w=3, c=2, o=1, kh=1, kw=37, sh=2, sw=4, bias=True, oph=5, opw=9),
    make_case(
        id="many-rows", h=5, w=4, c=3, o=2, kh=8, kw=8, sh=4, sw=4, padding=[2, 2], bias=True
    ),
    make_case(id="cropped", h=6, w=5, c=2, o=4, kh=3, kw=2, sh=2, sw=3, padding=[4, 3, 5, 0]),
]


def applies(strategy: str, case: Case) -> bool:
    extents = [case[f"d{axis}"] * (case[f"k{axis}"] - 1) + 1 <= case[f"s{axis}"] for axis in "hw"]
    return strategy != "matmul" or all(extents)


APPLYING = [
    pytest.param(
        strategy,
        case,
        id=f"{strategy}-{case_id(case)}",
        marks=[pytest.mark.slow] if index % 3 else [],
    )
    for index, (strategy, case) in enumerate(product(STRATEGIES, [*COVER, *ODD]))
    if applies(strategy, case)
]
"""Every third runs always, the others are slow."""


def legal(module: str | ModuleOp, before: str = "") -> ModuleOp:
    """A module after `before` and the pass; it has no deconv op left."""
    result = lowered(module, f"{before},{LEGALIZE}" if before else LEGALIZE)
    names = {op.name for op in result.walk()}
    assert not any(name.startswith("deconv.") for name in names), names
    return result


def decomposed_legal(case: Case, strategy: str, element_type: str = "f32") -> ModuleOp:
    text = conv_transpose2d_ir(case, element_type)
    return legal(text, f"ttnn-to-decomposed{{strategy={strategy}}}")


def test_every_strategy_is_tried() -> None:
    counts = {strategy: sum(applies(strategy, case) for case in COVER) for strategy in STRATEGIES}

    assert counts == {"zero-insert": 42, "sub-pixel": 42, "gemm-col2im": 42, "matmul": 12}


@pytest.mark.parametrize(("strategy", "case"), APPLYING)
def test_equal_on_integers(strategy: str, case: Case) -> None:
    module, arrays = decomposed_legal(case, strategy), integer_arrays(case)
    expected = brute_force(case, **arrays).astype(np.float32)

    assert_equal_bits(run_after(module, "", arrays), expected)
    if macs_with_zeros(case) <= 100_000:
        assert_equal_bits(run_after(module, "ttnn-to-loops", arrays), expected, "loops")


@pytest.mark.parametrize("element_type", ["i8", "si32", "bf16", "f16"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_equal_in_other_types(strategy: str, element_type: str) -> None:
    for case in ODD:
        if not applies(strategy, case):
            continue
        module, arrays = decomposed_legal(case, strategy, element_type), integer_arrays(case)
        given_arrays = {name: a.astype(DTYPES[element_type]) for name, a in arrays.items()}
        expected = brute_force(case, **given_arrays).astype(DTYPES[element_type])

        assert_equal_bits(run_after(module, "", given_arrays), expected, case_id(case))
        assert_equal_bits(run_after(module, "ttnn-to-loops", given_arrays), expected, "loops")


@pytest.mark.parametrize("element_type", ["bf16", "f16"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_one_rounding(strategy: str, element_type: str) -> None:
    """A result is what its sum, off by no more than f32 sums are, rounds to."""
    cases = [
        make_case(id="meet", h=4, w=5, c=60, o=4, kh=5, kw=4, sh=2, sw=3, dw=2, bias=True),
        make_case(id="apart", h=4, w=5, c=60, o=4, kh=2, kw=2, sh=2, sw=3, bias=True, opw=2),
    ]
    for case in cases:
        if not applies(strategy, case):
            continue
        module, arrays = (
            decomposed_legal(case, strategy, element_type),
            normal_arrays(case, element_type),
        )
        wide = {name: array.astype(np.float64) for name, array in arrays.items()}
        truth = brute_force(case, **wide)
        terms = case["kh"] * case["kw"] * case["c"] + 1
        slack = terms * 2.0**-23 * brute_force(case, **{k: np.abs(a) for k, a in wide.items()})

        for pipeline in ("", "ttnn-to-loops"):
            result = run_after(module, pipeline, arrays)
            low, high = ((truth + sign * slack).astype(result.dtype) for sign in (-1, 1))
            assert (low <= result).all() and (result <= high).all(), (case_id(case), pipeline)


def op_ir(op: str, arguments: dict[str, str], result: str) -> str:
    listed = ", ".join(f"%{name}: {type_}" for name, type_ in arguments.items())
    return f"""func.func @main({listed}) -> {result} {{
  %y = {op} -> {result}
  return %y : {result}
}}"""


def check_op(text: str, arrays: dict[str, Array]) -> ModuleOp:
    """One op gives the same bits before the pass, behind it, and lowered to loops."""
    module = legal(text)
    expected = run_after(text, "", arrays)

    assert_equal_bits(run_after(module, "", arrays), expected)
    assert_equal_bits(run_after(module, "ttnn-to-loops", arrays), expected, "loops")
    return module


@pytest.mark.parametrize(
    ("shape", "strides"),
    [
        ((5,), (3,)),
        ((2, 3), (1, 4)),
        ((2, 3, 1, 4), (3, 2, 5, 1)),
        ((1, 4, 3, 2, 2), (2, 3, 1, 2, 2)),
        ((0, 3), (2, 2)),
        ((2, 1), (1, 7)),
        ((), ()),
    ],
)
def test_dilate_insert(shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
    dilated = [(s - 1) * t + 1 if s else 0 for s, t in zip(shape, strides, strict=True)]
    op = f"deconv.dilate_insert %x strides = {list(strides)} : {tensor(shape)}"

    check_op(op_ir(op, {"x": tensor(shape)}, tensor(dilated)), {"x": integers(shape)})


@pytest.mark.parametrize(
    ("shape", "dimensions"),
    [
        ((3,), [0]),
        ((2, 3, 4), [0, 2]),
        ((2, 16, 3), [1]),
        ((2, 17, 3), [1]),
        ((32, 2), [0]),
        ((2, 300), [1]),
        ((0, 3), [1, 0]),
        ((2, 3), []),
        ((), []),
    ],
)
def test_flip(shape: tuple[int, ...], dimensions: list[int]) -> None:
    op = f"deconv.flip %x dimensions = {dimensions} : {tensor(shape)}"
    array = np.arange(prod(shape), dtype=np.float32).reshape(shape)

    module = check_op(op_ir(op, {"x": tensor(shape)}, tensor(shape)), {"x": array})

    assert_equal_bits(run_after(module, "", {"x": array}), np.flip(array, dimensions))


def test_long_flips_take_few_ops() -> None:
    type_ = tensor((1, 5000))
    text = op_ir(f"deconv.flip %x dimensions = [1] : {type_}", {"x": type_}, type_)

    assert len(list(legal(text).walk())) < 80


Phases = list[tuple[list[int], list[int]]]


def interleave_ir(
    shape: Sequence[int], strides: tuple[int, int], phases: Phases, background: bool, type_: str
) -> tuple[str, dict[str, Array]]:
    """One interleave, and numbers for its blocks, no two of a block alike."""
    batch, height, width, channels = shape
    arrays: dict[str, Array] = {}
    for number, (rows, columns) in enumerate(phases):
        size = (-((rows[0] - height) // strides[0]), -((columns[0] - width) // strides[1]))
        block = (batch, *size, len(rows) * len(columns) * channels)
        values = np.arange(prod(block)).reshape(block) % 89 + 100 * number
        arrays[f"b{number}"] = values.astype(DTYPES[type_])
    types = {name: tensor(array.shape, type_) for name, array in arrays.items()}
    blocks = ", ".join(f"%{name}" for name in types)
    behind = ""
    if background:
        behind = f"background(%z : {tensor((1, 1, 1, channels), type_)}) "
        arrays["z"] = -np.arange(1, channels + 1).reshape(1, 1, 1, channels).astype(DTYPES[type_])
    lists = [
        ", ".join(f"array<i64: {', '.join(map(str, phase[axis]))}>" for phase in phases)
        for axis in (0, 1)
    ]
    op = (
        f"deconv.interleave {blocks} {behind}strides = {list(strides)} rows = [{lists[0]}] "
        f"columns = [{lists[1]}] : ({', '.join(types.values())})"
    )
    arguments = {name: tensor(array.shape, type_) for name, array in arrays.items()}
    return op_ir(op, arguments, tensor(shape, type_)), arrays


@st.composite
def partitions(draw: st.DrawFn, count: int) -> list[list[int]]:
    """The numbers below `count` in any order, cut into groups."""
    order = draw(st.permutations(range(count)))
    cuts = sorted(draw(st.sets(st.integers(1, max(count - 1, 1)))))
    bounds = [0, *(cut for cut in cuts if cut < count), count]
    return [list(order[a:b]) for a, b in pairwise(bounds)]


def _of_one_size(group: list[int], size: int, stride: int) -> list[list[int]]:
    """A group of phases cut where they hold another number of outputs."""
    held = {phase: -((phase - size) // stride) for phase in group}
    return [[phase for phase in group if held[phase] == each] for each in sorted({*held.values()})]


@st.composite
def interleaves(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, int], Phases]:
    strides = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    sizes = (draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    shape = (draw(st.integers(1, 2)), *sizes, draw(st.integers(1, 3)))
    phases: Phases = []
    for rows in draw(partitions(strides[0])):
        for columns in draw(partitions(strides[1])):
            if draw(st.integers(0, 3)):
                phases += product(
                    _of_one_size(rows, sizes[0], strides[0]),
                    _of_one_size(columns, sizes[1], strides[1]),
                )
    return shape, strides, phases


@settings(max_examples=150, deadline=None)
@given(interleaves(), st.booleans(), st.sampled_from(["f32", "i32", "bf16"]))
def test_any_interleave(
    drawn: tuple[tuple[int, ...], tuple[int, int], Phases], background: bool, type_: str
) -> None:
    """Phases in any order, in blocks of any form, some of them missing."""
    shape, strides, phases = drawn
    text, arrays = interleave_ir(shape, strides, phases, background, type_)
    if phases:
        check_op(text, arrays)


def test_merged_blocks_stay_whole() -> None:
    """Two rows of phases by two columns are four pieces, none of them a slice."""
    phases = [(rows, columns) for rows in ([0, 1], [2, 3]) for columns in ([0, 1], [2, 3])]
    text, arrays = interleave_ir((1, 8, 8, 2), (4, 4), phases, False, "f32")
    plan = plan_interleave((8, 8), (4, 4), phases)

    assert [[piece.block for piece in row] for row in plan.pieces] == [[0, 1], [2, 3]]
    names = [op.name for op in check_op(text, arrays).walk() if op.name.startswith("ttnn.")]
    assert sorted(names) == [
        *["ttnn.concat"] * 3,
        *["ttnn.permute"] * 2,
        *["ttnn.reshape"] * 5,
    ]


def test_blocks_out_of_order_are_cut() -> None:
    plan = plan_interleave((6, 3), (3, 1), [([0, 2], [0]), ([1], [0])])

    assert [[(piece.block, piece.rows) for piece in row] for row in plan.pieces] == [
        [(0, (0, 1))],
        [(1, (0, 1))],
        [(0, (1, 2))],
    ]
    assert (plan.strides, plan.blocks_size) == ((3, 1), (2, 3))


def test_axes_shorter_than_the_stride_have_a_phase_for_each_output() -> None:
    plan = plan_interleave((2, 3), (4, 2), [([0], [0, 1])])

    assert (plan.strides, plan.blocks_size) == ((2, 2), (1, 2))


@pytest.mark.parametrize("case", [case for case in ODD if case["n"]], ids=case_id)
def test_taps_that_read_nothing_are_left_out(case: Case) -> None:
    module = decomposed_legal(case, "gemm-col2im")

    shapes = [shape_of(value) for op in module.walk() for value in op.results if op.operands]
    assert len(shapes) > 5
    assert all(prod(shape) for shape in shapes)


ACTIVATIONS = [
    "",
    "relu",
    "relu6",
    "leaky_relu",
    "leaky_relu, params = [2.500000e-01 : f32]",
    "sigmoid",
    "tanh",
    "silu",
    "gelu",
    "identity",
]


@pytest.mark.parametrize("types", ["f32 f32", "f32 bf16", "bf16 bf16", "f32 f16"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_finish(activation: str, types: str) -> None:
    source, target = types.split()
    config = f"config = <activation = <op_type = {activation}>> " if activation else ""
    input_type, bias_type = tensor((2, 3, 2, 4), source), tensor((1, 1, 1, 4), target)
    with_bias = f"deconv.finish %x bias(%b : {bias_type}) {config}: {input_type}"
    random = np.random.default_rng(0)
    x = (random.standard_normal((2, 3, 2, 4)) * 4).astype(DTYPES[source])
    b = random.standard_normal((1, 1, 1, 4)).astype(DTYPES[target])
    result = tensor((2, 3, 2, 4), target)

    for op, arguments, arrays in (
        (with_bias, {"x": input_type, "b": bias_type}, {"x": x, "b": b}),
        (f"deconv.finish %x {config}: {input_type}", {"x": input_type}, {"x": x}),
    ):
        text = op_ir(op, arguments, result)
        expected = run_after(text, "", arrays)
        assert_equal_bits(run_after(legal(text), "", arrays), expected)
        through_loops = run_after(legal(text), "ttnn-to-loops", arrays)
        assert_equal_bits(through_loops, run_after(text, "ttnn-to-loops", arrays), "loops")


@pytest.mark.parametrize("name", ["relu", "relu6"])
def test_finish_of_integers(name: str) -> None:
    type_ = tensor((1, 2, 3, 4), "i32")
    op = f"deconv.finish %x config = <activation = <op_type = {name}>> : {type_}"

    check_op(op_ir(op, {"x": type_}, type_), {"x": integers((1, 2, 3, 4), dtype=np.int32) * 3})


def refusal(text: str) -> str:
    with pytest.raises(PassFailedException) as refused:
        lowered(text, LEGALIZE)
    return str(refused.value)


def test_refusals() -> None:
    type_, config = tensor((1, 2, 3, 4)), "deconv.finish %x config = <{}> : {}"

    def finish(fields: str) -> Any:
        return refusal(op_ir(config.format(fields, type_), {"x": type_}, type_))

    place = "test.mlir:2:3: 'deconv.finish' op expected "
    assert finish("activation = <op_type = hardtanh>") == (
        f"{place}an activation among relu, relu6, leaky_relu, tanh, sigmoid, silu, gelu, "
        "got hardtanh"
    )
    assert finish("new = 1") == f"{place}known fields in conv2d_config, got new"
    unknown = tensor(("?", 3))
    flip = f"deconv.flip %x dimensions = [1] : {unknown}"
    assert refusal(op_ir(flip, {"x": unknown}, unknown)) == (
        "test.mlir:2:3: 'deconv.flip' op expected tensors of known shape, got (?, 3); "
        "run ttnn-infer-shapes first"
    )


def test_encodings_stay() -> None:
    plain = tensor((3, 4))
    encoded = tensor((3, 4), encoding="#ttnn.layout<tile>")
    op = f"deconv.flip %x dimensions = [0] : {plain}"

    module = check_op(op_ir(op, {"x": plain}, encoded), {"x": integers((3, 4))})

    assert parsed(str(module)).is_structurally_equivalent(module)
