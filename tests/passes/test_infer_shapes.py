"""Unknown sizes are filled in through functions, calls, cached calls and nested modules."""

from __future__ import annotations

import numpy as np
import pytest
from xdsl.dialects import func
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp, TensorType
from xdsl.utils.exceptions import PassFailedException

from support import Case, case_id, conv_transpose2d_ir, load_cases, load_text, tensor
from support.floors import assert_equal_bits, lowered, parsed, run_at
from support.prepared_ir import prepared_conv_transpose2d_ir
from support.references import brute_force, flattened, integer_arrays, output_shape

COVER = load_cases("cover")


def infer(module: str | ModuleOp) -> ModuleOp:
    return lowered(module, "ttnn-infer-shapes")


def signature(module: ModuleOp, name: str) -> str:
    function = next(
        op for op in module.walk() if isinstance(op, func.FuncOp) and op.sym_name.data == name
    )
    return str(function.function_type)


def unknown_sizes(module: ModuleOp) -> int:
    types = (value.type for op in module.walk() for value in op.results)
    return sum(
        DYNAMIC_INDEX in type_.get_shape() for type_ in types if isinstance(type_, TensorType)
    )


@pytest.mark.parametrize("case", COVER, ids=case_id)
def test_the_formula(case: Case) -> None:
    types = {"y": tensor((case["n"], "?", "?", case["o"]))}
    module = infer(conv_transpose2d_ir(case, types=types))

    assert module.is_structurally_equivalent(parsed(conv_transpose2d_ir(case)))


@pytest.mark.parametrize("is_flat", [False, True])
def test_the_form_of_the_input_where_nothing_is_known(is_flat: bool) -> None:
    case = COVER[0]
    types = {"y": tensor("????")}
    module = infer(conv_transpose2d_ir(case, flattened_input=is_flat, types=types))

    shape = flattened(output_shape(case)) if is_flat else output_shape(case)
    assert signature(module, "main").endswith(f"-> {tensor(shape)}")


def test_known_sizes_decide_the_form() -> None:
    """A declared first size of 2 cannot be a flattened result, one of 1 and 1 no full one."""
    case = next(case for case in COVER if case["n"] > 1 and case["hout"] > 1)
    full = infer(
        conv_transpose2d_ir(
            case, flattened_input=True, types={"y": tensor((case["n"], "?", "?", "?"))}
        )
    )
    flat = infer(conv_transpose2d_ir(case, types={"y": tensor((1, 1, "?", "?"))}))

    assert signature(full, "main").endswith(f"-> {tensor(output_shape(case))}")
    assert signature(flat, "main").endswith(f"-> {tensor(flattened(output_shape(case)))}")


def test_prepared_weights_through_a_cached_call() -> None:
    case = COVER[0] | {"bias": False}
    ir = prepared_conv_transpose2d_ir(case, cached=True)
    rows = case["kh"] * case["kw"] * case["c"] // case["groups"]
    known, unknown = tensor((1, 1, rows, case["o"])), tensor((1, 1, "?", "?"))
    assert known in ir

    module = infer(ir.replace(known, unknown))

    assert module.is_structurally_equivalent(parsed(ir))
    arrays = integer_arrays(case)
    expected = brute_force(case, **arrays).astype(np.float32)
    assert_equal_bits(run_at(module, "loops", arrays), expected)


def test_nested_modules() -> None:
    text = load_text("tt-mlir-pipeline.mlir")
    opened = text.replace("tensor<1x1x128x12xbf16, #layout_y>", "tensor<1x1x?x?xbf16, #layout_y>")
    opened = opened.replace(
        "tensor<1x1x96x12xbf16, #layout_pw>", "tensor<1x1x?x12xbf16, #layout_pw>"
    )
    assert unknown_sizes(parsed(opened)) == 3

    assert infer(opened).is_structurally_equivalent(parsed(text))


CALLS = """
func.func @main(%x: tensor<2x3xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.relu"(%x) : (tensor<2x3xf32>) -> tensor<?x3xf32>
  %1 = func.call @first(%0) : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}
func.func @first(%x: tensor<?x3xf32>) -> tensor<?x?xf32> {
  %0 = func.call @second(%x) : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
func.func @second(%x: tensor<?x3xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 0>}> : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
"""


def test_sizes_go_down_through_calls_and_come_back() -> None:
    module = infer(CALLS)

    assert unknown_sizes(module) == 0
    for name in ("main", "first", "second"):
        assert signature(module, name) == "(tensor<2x3xf32>) -> tensor<3x2xf32>"


def test_functions_in_any_order() -> None:
    functions = ["func.func " + part for part in CALLS.split("func.func ")[1:]]

    module = infer("\n".join(reversed(functions)))

    assert signature(module, "main") == "(tensor<2x3xf32>) -> tensor<3x2xf32>"


def test_calls_of_several_shapes_are_refused() -> None:
    second_call = """
  func.func @other(%x: tensor<5x3xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.relu"(%x) : (tensor<5x3xf32>) -> tensor<?x3xf32>
  %1 = func.call @second(%0) : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}"""
    with pytest.raises(PassFailedException) as refused:
        infer(CALLS + second_call)

    assert "expected argument 0 of shape (2, 3), as another call has it, got (5, 3)" in str(
        refused.value
    )


def test_what_unknown_ops_make_stays_unknown() -> None:
    module = infer(
        """
func.func @main(%x: tensor<2xf32>) -> tensor<?xf32> {
  %0 = "mystery.op"(%x) : (tensor<2xf32>) -> tensor<?xf32>
  %1 = "ttnn.relu"(%0) : (tensor<?xf32>) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}"""
    )

    assert unknown_sizes(module) == 2


def test_contradictions_name_op_and_place() -> None:
    with pytest.raises(PassFailedException) as refused:
        infer(
            """
func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.relu"(%a) : (tensor<2x3xf32>) -> tensor<?x?xf32>
  %1 = "ttnn.add"(%0, %b) : (tensor<?x?xf32>, tensor<2x4xf32>) -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}"""
        )

    assert str(refused.value) == (
        "test.mlir:4:3: 'ttnn.add' op expected sizes that broadcast, got 3 and 4"
    )
