"""Plans of the lowering: how dimensions group, what tiles hold, what a convolution loops over."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import DYNAMIC_INDEX, f32
from xdsl.dialects.linalg import ops as linalg
from xdsl.utils.exceptions import PassFailedException

from support.floors import parsed
from xdsl_ttnn.lowering.loops.builder import static_size
from xdsl_ttnn.lowering.loops.plans import (
    ConvPlan,
    TileSizes,
    is_tileable,
    plan_convolution,
)
from xdsl_ttnn.lowering.loops.tile_linalg_to_loops import check_convolution_mode
from xdsl_ttnn.lowering.movement import common_groups
from xdsl_ttnn.lowering.scalars import is_unsigned, signless
from xdsl_ttnn.lowering.tensors import broadcast_map

# Groups of dimensions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "groups"),
    [
        ((1, 1, 96, 64), (1, 8, 12, 64), [((0,), (0,)), ((1, 2), (1, 2)), ((3,), (3,))]),
        ((6,), (2, 3), [((0,), (0, 1))]),
        ((2, 3, 4), (6, 4), [((0, 1), (0,)), ((2,), (1,))]),
        ((4, 6), (6, 4), [((0, 1), (0, 1))]),
        ((2, 3), (2, 3, 1, 1), [((0,), (0,)), ((1,), (1, 2, 3))]),
        ((2, 1, 1), (2,), [((0, 1, 2), (0,))]),
        ((0, 3), (5, 0, 2), [((0, 1), (0, 1, 2))]),
        ((1,), (1, 1), [((0,), (0, 1))]),
    ],
)
def test_common_groups(
    before: tuple[int, ...],
    after: tuple[int, ...],
    groups: list[tuple[tuple[int, ...], tuple[int, ...]]],
) -> None:
    assert common_groups(before, after) == groups


factors = st.lists(st.sampled_from((1, 2, 3, 5)), min_size=1, max_size=6)


@given(factors=factors, cuts=st.tuples(st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5))))
def test_groups_partition_both_shapes(factors: list[int], cuts: tuple[set[int], set[int]]) -> None:
    before, after = (_merge(factors, cut) for cut in cuts)

    groups = common_groups(before, after)

    for side, shape in enumerate((before, after)):
        axes = [axis for group in groups for axis in group[side]]
        assert axes == list(range(len(shape)))
        assert all(group[side] for group in groups)
    for left, right in groups:
        assert prod(before[axis] for axis in left) == prod(after[axis] for axis in right)
    if before == after:
        assert all(len(left) == 1 for left, _ in groups)


def _merge(factors: list[int], cuts: set[int]) -> tuple[int, ...]:
    """The products of the runs between cuts."""
    ends = [cut for cut in sorted(cuts) if cut < len(factors)]
    starts = [0, *ends]
    runs = zip(starts, [*ends, len(factors)], strict=True)
    return tuple(prod(factors[start:end]) for start, end in runs)


def test_broadcast_map() -> None:
    assert str(broadcast_map((3, 1), (2, 3, 4))) == "(d0, d1, d2) -> (d1, 0)"
    assert str(broadcast_map((), (2,))) == "(d0) -> ()"


# Tiles ---------------------------------------------------------------------------------------


def test_tile_sizes() -> None:
    assert TileSizes() == TileSizes(32, 32, 32)


@pytest.mark.parametrize("name", ["m", "n", "k"])
@pytest.mark.parametrize("size", [0, -3])
def test_tiles_hold_something(name: str, size: int) -> None:
    with pytest.raises(PassFailedException) as refused:
        TileSizes(**{name: size})

    assert str(refused.value) == f"tile-{name}: expected at least 1, got {size}"


def test_convolution_modes() -> None:
    check_convolution_mode("direct")
    check_convolution_mode("im2col")
    with pytest.raises(PassFailedException) as refused:
        check_convolution_mode("winograd")
    assert str(refused.value) == "conv: expected one of direct, im2col, got winograd"


def _plan(height: int, width: int, tile_m: int, groups: int = 1, channels: int = 3) -> ConvPlan:
    tiles = TileSizes(m=tile_m)
    pairs = ((2, 3), (1, 2), (3, 1))
    return ConvPlan(2, height, width, groups, channels, channels, *pairs, f32, tiles)


@pytest.mark.parametrize(
    ("height", "width", "tile_m", "expected"),
    [
        (5, 40, 32, (1, 32)),  # rows longer than a tile
        (5, 32, 32, (1, 32)),
        (5, 10, 32, (3, 10)),  # three whole rows of 10
        (2, 10, 32, (2, 10)),  # no more rows than there are
        (5, 10, 9, (1, 9)),
        (1, 1, 32, (1, 1)),
    ],
)
def test_tiles_of_pixels(height: int, width: int, tile_m: int, expected: tuple[int, int]) -> None:
    plan = _plan(height, width, tile_m)

    assert (plan.tile_height, plan.tile_width) == expected


@given(height=st.integers(1, 50), width=st.integers(1, 50), tile_m=st.integers(1, 64))
def test_a_tile_of_pixels_fits(height: int, width: int, tile_m: int) -> None:
    plan = _plan(height, width, tile_m)

    assert 1 <= plan.tile_height * plan.tile_width <= tile_m
    assert plan.tile_height <= height
    assert plan.tile_height == 1 or plan.tile_width == width


def test_plan_numbers() -> None:
    plan = _plan(5, 7, 32)

    assert plan.pixels == 70
    assert plan.depth == 2 * 3 * 3
    assert not plan.is_depthwise
    assert _plan(5, 7, 32, groups=4, channels=1).is_depthwise
    assert not _plan(5, 7, 32, groups=4, channels=2).is_depthwise
    assert not _plan(5, 7, 32, groups=1, channels=1).is_depthwise


CONVOLUTION = """
func.func @main(%x: tensor<2x9x8x{g}4xf32>, %w: tensor<{w}xf32>, %c: tensor<{c}xf32>)
    -> tensor<{c}xf32> {{
  %0 = linalg.{name} {{strides = dense<[2, 1]> : tensor<2xi64>,
      dilations = dense<[1, 3]> : tensor<2xi64>}}
    ins(%x, %w : tensor<2x9x8x{g}4xf32>, tensor<{w}xf32>) outs(%c : tensor<{c}xf32>)
    -> tensor<{c}xf32>
  return %0 : tensor<{c}xf32>
}}"""


def test_plan_of_a_convolution() -> None:
    text = CONVOLUTION.format(name="conv_2d_nhwc_hwcf", g="", w="3x2x4x5", c="2x4x5x5")
    (op,) = [op for op in parsed(text).walk() if isinstance(op, linalg.Conv2DNhwc_HwcfOp)]
    tiles = TileSizes(4, 5, 6)

    expected = ConvPlan(2, 4, 5, 1, 4, 5, (3, 2), (2, 1), (1, 3), f32, tiles)
    assert is_tileable(op)
    assert plan_convolution(op, tiles) == expected


def test_plan_of_a_grouped_convolution() -> None:
    text = CONVOLUTION.format(name="conv_2d_nhwgc_gfhwc", g="6x", w="6x5x3x2x4", c="2x4x5x6x5")
    (op,) = [op for op in parsed(text).walk() if isinstance(op, linalg.Conv2DNhwgcGfhwcOp)]
    tiles = TileSizes(4, 5, 6)

    expected = ConvPlan(2, 4, 5, 6, 4, 5, (3, 2), (2, 1), (1, 3), f32, tiles)
    assert plan_convolution(op, tiles) == expected


@pytest.mark.parametrize(
    ("left", "right", "out", "expected"),
    [
        ("tensor<4x5xf32>", "tensor<5x6xf32>", "tensor<4x6xf32>", True),
        ("tensor<?x5xf32>", "tensor<5x6xf32>", "tensor<?x6xf32>", False),
        ("tensor<0x5xf32>", "tensor<5x6xf32>", "tensor<0x6xf32>", False),
        ("memref<4x5xf32>", "memref<5x6xf32>", "memref<4x6xf32>", False),
    ],
)
def test_what_is_tileable(left: str, right: str, out: str, expected: bool) -> None:
    result = "" if out.startswith("memref") else f" -> {out}"
    assign = "" if out.startswith("memref") else "%0 = "
    text = f"""
func.func @main(%a: {left}, %b: {right}, %c: {out}) {{
  {assign}linalg.matmul ins(%a, %b : {left}, {right}) outs(%c : {out}){result}
  return
}}"""
    (op,) = [op for op in parsed(text).walk() if isinstance(op, linalg.MatmulOp)]

    assert is_tileable(op) == expected


def test_static_size() -> None:
    (argument,) = (
        parsed("func.func @f(%i: index) {\nreturn\n}")
        .body.block.first_op.regions[  # type: ignore[union-attr]
            0
        ]
        .block.args
    )
    assert static_size(5) == 5
    assert static_size(argument) == DYNAMIC_INDEX


# Element types -------------------------------------------------------------------------------


def _element_types(*names: str) -> list[object]:
    texts = ", ".join(f"%a{index}: {name}" for index, name in enumerate(names))
    (function,) = parsed(f"func.func @f({texts}) {{\nreturn\n}}").body.block.ops
    return [argument.type for argument in function.regions[0].block.args]


def test_signs() -> None:
    names = ("f32", "bf16", "i32", "si32", "ui8", "i1")
    *others, i32, si32, ui8, i1 = types = _element_types(*names)

    assert [is_unsigned(type_) for type_ in types] == [False] * 4 + [True, True]  # type: ignore[arg-type]
    assert signless(si32) == signless(i32) == i32  # type: ignore[arg-type]
    assert [signless(type_) for type_ in others] == others  # type: ignore[arg-type]
    assert (ui8, i1) != (signless(ui8), i32)  # type: ignore[arg-type]
