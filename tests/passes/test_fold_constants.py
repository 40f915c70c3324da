"""Folding a constant's movement changes no value, whatever its type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp

from support import conv_transpose2d_ir, make_case, tensor
from support.floors import assert_equal_bits, lowered, parsed, run_after, run_at
from support.ir import i32_array
from support.references import brute_force, integer_arrays
from xdsl_ttnn.dialect import ttnn
from xdsl_ttnn.interpreter import compile_module


def _literal(values: Any) -> str:
    return f"dense<{np.asarray(values).tolist()}>"


def result_of(module: ModuleOp) -> Any:
    (result,) = compile_module(module).call("main", [])
    return result


def folded(ir: str) -> ModuleOp:
    return lowered(ir, "ttnn-fold-constants")


def op_names(module: ModuleOp) -> list[str]:
    return [op.name for op in module.walk()][2:-1]


@st.composite
def chains(draw: st.DrawFn) -> str:
    """A function that moves a constant about, op after op."""
    name = draw(st.sampled_from(("f32", "bf16", "f16", "i8", "i32", "si32")))
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    size = int(np.prod(shape))
    values = np.arange(1, size + 1).reshape(shape).astype(float if "f" in name else int)
    lines = [f"%v0 = arith.constant {_literal(values)} : {tensor(shape, name)}"]
    for index in range(draw(st.integers(1, 4))):
        before, rank = tensor(shape, name), len(shape)
        kind = draw(st.sampled_from(("flip", "permute", "reshape", "slice", "pad")))
        if kind == "flip":
            axes = draw(st.permutations(range(rank)))[: draw(st.integers(1, rank))]
            text = f"deconv.flip %v{index} dimensions = {axes} : {before}"
            lines.append(f"%v{index + 1} = {text} -> {before}")
            continue
        properties = ""
        if kind == "permute":
            order = draw(st.permutations(range(rank)))
            shape = [shape[axis] for axis in order]
            properties = f"permutation = array<i64: {', '.join(map(str, order))}>"
        elif kind == "reshape":
            shape = draw(st.sampled_from(([int(np.prod(shape))], [1, *shape], [*shape, 1])))
            properties = f"shape = [{', '.join(f'{size} : i32' for size in shape)}]"
        elif kind == "pad":
            pads = [draw(st.integers(0, 2)) for _ in range(2 * rank)]
            shape = [s + pads[2 * i] + pads[2 * i + 1] for i, s in enumerate(shape)]
            properties = f"padding = {i32_array(pads)}, use_multicore = false, value = 0.0 : f32"
        else:
            begins = [draw(st.integers(0, s - 1)) for s in shape]
            ends = [draw(st.integers(b + 1, s)) for b, s in zip(begins, shape, strict=True)]
            steps = [draw(st.integers(1, 2)) for _ in shape]
            rows = {"begins": begins, "ends": ends, "step": steps}
            properties = ", ".join(
                f"{key} = [{', '.join(f'{x} : i32' for x in xs)}]" for key, xs in rows.items()
            )
            bounds = zip(begins, ends, steps, strict=True)
            shape = [len(range(*row)) for row in bounds]
        op = {"slice": "slice_static"}.get(kind, kind)
        lines.append(
            f'%v{index + 1} = "ttnn.{op}"(%v{index}) <{{{properties}}}> : ({before}) -> '
            f"{tensor(shape, name)}"
        )
    last = f"%v{len(lines) - 1}"
    type_ = tensor(shape, name)
    body = "\n".join(lines)
    return f"func.func @main() -> {type_} {{\n{body}\nreturn {last} : {type_}\n}}"


@given(ir=chains())
@settings(max_examples=60, deadline=None)
def test_chains(ir: str) -> None:
    module = folded(ir)

    assert op_names(module) == ["arith.constant"]
    assert_equal_bits(result_of(module), result_of(parsed(ir)))


def test_a_splat() -> None:
    ir = """
func.func @main() -> tensor<5xf32> {
  %0 = arith.constant dense<1.5> : tensor<3xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 2, 0>, use_multicore = false, value = 0.0 : f32}>
    : (tensor<3xf32>) -> tensor<5xf32>
  return %1 : tensor<5xf32>
}"""
    module = folded(ir)

    assert op_names(module) == ["arith.constant"]
    assert result_of(module).tolist() == [0, 0, 1.5, 1.5, 1.5]


def test_a_constant_of_ttnn_keeps_its_op_and_device() -> None:
    ir = """
func.func @main() -> tensor<2xi32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %0 = "ttnn.constant"(%device) <{value = dense<[1, 2]> : tensor<2xi32>}>
    : (!ttnn.device) -> tensor<2xi32>
  %1 = deconv.flip %0 dimensions = [0] : tensor<2xi32> -> tensor<2xi32>
  return %1 : tensor<2xi32>
}"""
    module = folded(ir)

    (constant,) = [op for op in module.walk() if isinstance(op, ttnn.ConstantOp)]
    assert constant.operands[0].owner.name == "ttnn.get_device"  # type: ignore[union-attr]
    assert result_of(module).tolist() == [2, 1]


def test_bits_that_are_no_number_survive() -> None:
    ir = """
func.func @main() -> tensor<2xf32> {
  %0 = arith.constant dense<[0x7FC00001, 0xFF800000]> : tensor<2xf32>
  %1 = deconv.flip %0 dimensions = [0] : tensor<2xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}"""
    bits = result_of(folded(ir)).view(np.uint32).tolist()

    assert bits == [0xFF800000, 0x7FC00001]


LIMITS = ((15, False), (16, True))


@pytest.mark.parametrize(("max_bytes", "is_folded"), LIMITS)
def test_the_limit_is_in_bytes_of_the_result(max_bytes: int, is_folded: bool) -> None:
    ir = """
func.func @main() -> tensor<4xf32> {
  %0 = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 1, 1>, use_multicore = false, value = 0.0 : f32}>
    : (tensor<2xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}"""
    module = lowered(ir, f"ttnn-fold-constants{{max-bytes={max_bytes}}}")

    assert ("ttnn.pad" not in op_names(module)) == is_folded


def test_a_constant_weight_becomes_the_kernel() -> None:
    case = make_case(h=3, w=4, c=4, o=6, kh=2, kw=3, sh=2, groups=2)
    arrays = integer_arrays(case)
    type_ = tensor(arrays["w"].shape)
    ir = conv_transpose2d_ir(case).replace(f", %w: {type_}", "")
    head, brace, tail = ir.partition("{\n")
    ir = f"{head}{brace}%w = arith.constant {_literal(arrays['w'])} : {type_}\n{tail}"
    expected = brute_force(case, **arrays).astype(np.float32)

    module = lowered(ir, "ttnn-to-decomposed{strategy=zero-insert}")

    (kernel,) = [op for op in module.walk() if isinstance(op, ConstantOp)]
    assert kernel.result.type.get_shape() == (6, 2, 2, 3)  # type: ignore[union-attr]
    assert {op.name for op in module.walk()}.isdisjoint({"ttnn.permute", "deconv.flip"})
    given_arrays = {"x": arrays["x"]}
    assert_equal_bits(run_at(ir, "ttnn", given_arrays), expected)
    assert_equal_bits(run_after(ir, "ttnn-to-loops{strategy=zero-insert}", given_arrays), expected)
    assert_equal_bits(run_at(module, "ttnn", given_arrays), expected)


@pytest.mark.parametrize(
    "movement",
    [
        '"ttnn.reshape"(%c) <{shape = [3 : i32, 2 : i32]}>',
        '"ttnn.permute"(%c) <{permutation = array<i64: 1, 0>}>',
        '"ttnn.concat"(%c, %c) <{dim = 0 : si32}>',
    ],
    ids=("reshape", "permute", "concat"),
)
def test_results_of_unknown_shape_wait_until_it_is_known(movement: str) -> None:
    operands = ", ".join(["tensor<2x3xf32>"] * movement.count("%c"))
    ir = f"""
      func.func @main() -> tensor<?x?xf32> {{
        %c = arith.constant dense<1.0> : tensor<2x3xf32>
        %0 = {movement} : ({operands}) -> tensor<?x?xf32>
        return %0 : tensor<?x?xf32>
      }}"""

    assert len(op_names(folded(ir))) == 2
    assert op_names(folded(str(lowered(ir, "ttnn-infer-shapes")))) == ["arith.constant"]
