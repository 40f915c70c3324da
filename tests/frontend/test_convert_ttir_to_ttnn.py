"""`convert-ttir-to-ttnn` keeps the values of transposed convolutions and of the ops around them."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from xdsl.utils.exceptions import PassFailedException

from support.cases import (
    Case,
    a_quarter_quick,
    case_id,
    is_rejected,
    load_cases,
    make_case,
)
from support.floors import assert_equal_bits, context, lowered, parsed, run_after
from support.references import brute_force, integer_arrays, output_shape, pads, weight_shape
from support.ttir import ORDERS, to_order, ttir_conv_transpose2d_ir
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.frontend.mlir.convert_ttir_to_ttnn import ConvertTTIRToTTNNPass

DOOR = "convert-ttir-to-ttnn"
QUICK_MACS, SLOW_MACS = 20_000, 40_000_000
PUBLIC = [case for case in load_cases("public") if not is_rejected(case)]
SMALL_COVER = [case for case in load_cases("cover") if case["h"] * case["w"] <= 1000]
QUICK = [*load_cases("cover"), *(case for case in PUBLIC if case["macs"] <= QUICK_MACS)]
LARGER = [case for case in PUBLIC if QUICK_MACS < case["macs"] <= SLOW_MACS]


def mirrored(case: Case) -> Case:
    """The case as ttir can state it: the kernel is always mirrored."""
    return case | {"mirror_kernel": None}


@lru_cache(maxsize=4)
def definition(text: str) -> Any:
    """The result of a case, given as JSON, by the formula of the op."""
    case = json.loads(text)
    return brute_force(case, **integer_arrays(case)).astype(np.float32)


def expected_and_arrays(case: Case, order: str) -> tuple[Any, dict[str, Any]]:
    arrays = integer_arrays(case)
    expected = definition(json.dumps(case))
    for name in ("x", "b"):
        if name in arrays:
            arrays[name] = to_order(arrays[name], order)
    return to_order(expected, order), arrays


def check(case: Case, order: str, pipeline: str = DOOR, **form: Any) -> None:
    case = mirrored(case)
    expected, arrays = expected_and_arrays(case, order)

    result = run_after(ttir_conv_transpose2d_ir(case, order=order, **form), pipeline, arrays)

    assert_equal_bits(result, expected, f"{case_id(case)} in {order}")


@pytest.mark.parametrize("index", range(len(QUICK)), ids=lambda index: case_id(QUICK[index]))
def test_values(index: int) -> None:
    for order in ("NHWC", ORDERS[1 + index % 3]):
        check(QUICK[index], order)


@pytest.mark.parametrize("case", SMALL_COVER, ids=case_id)
def test_values_of_the_compact_form_with_destination(case: Case) -> None:
    check(case, "NHWC", compact=True, destination="ttir.empty")
    check(case, "NCHW", compact=True, destination="tensor.empty")


@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im"])
@pytest.mark.parametrize("case", SMALL_COVER[::3], ids=case_id)
def test_values_lowered(case: Case, strategy: str) -> None:
    check(case, "NCHW", f"{DOOR},ttnn-to-loops{{strategy={strategy}}}")


@pytest.mark.slow
@pytest.mark.parametrize("order", ["NHWC", "HNCW"])
@pytest.mark.parametrize("case", LARGER, ids=case_id)
def test_values_of_larger_cases(case: Case, order: str) -> None:
    check(case, order)


@pytest.mark.slow
@pytest.mark.parametrize("case", load_cases("cover"), ids=case_id)
def test_values_of_every_order_lowered(case: Case) -> None:
    for order in ORDERS:
        check(case, order, f"{DOOR},ttnn-to-loops")


def test_there_are_enough_cases() -> None:
    assert len(QUICK) > 150 and len(LARGER) > 90
    assert any(len(case["padding"]) == 4 for case in QUICK)


def test_four_different_paddings_in_every_order() -> None:
    case = make_case(
        n=2, h=4, w=5, c=4, o=6, kh=3, kw=4, sh=2, sw=3, padding=[0, 1, 2, 3], oph=1, groups=2
    )
    for order in ORDERS:
        check(case | {"bias": True}, order)


def numbers(op: Any) -> dict[str, Any]:
    """The properties of an op that are numbers or lists of them."""
    return {
        name: tuple(value.get_values()) if hasattr(value, "get_values") else value.value.data
        for name, value in op.properties.items()
    }


def stated(case: Case) -> dict[str, Any]:
    """What `ttnn.conv_transpose2d` has to say of a case."""
    top, bottom, left, right = pads(case)
    is_even = (top, left) == (bottom, right)
    return {
        "batch_size": case["n"],
        "input_height": case["h"],
        "input_width": case["w"],
        "in_channels": case["c"],
        "out_channels": case["o"],
        "groups": case["groups"],
        "kernel_size": (case["kh"], case["kw"]),
        "stride": (case["sh"], case["sw"]),
        "dilation": (case["dh"], case["dw"]),
        "padding": (top, left) if is_even else (top, bottom, left, right),
        "output_padding": (case["oph"], case["opw"]),
    }


ALL = [*PUBLIC, *load_cases("model-zoo")]


@pytest.mark.parametrize("case", a_quarter_quick(ALL))
def test_what_the_op_says_of_every_case(case: Case) -> None:
    """Large ones too, of which no product is worked out."""
    module = lowered(ttir_conv_transpose2d_ir(case, order="NCHW", compact=True), DOOR)

    (op,) = (op for op in module.walk() if op.name == "ttnn.conv_transpose2d")
    assert numbers(op) == stated(case)
    assert len(op.operands) == (4 if case["bias"] else 3)


def test_recorded_cases_of_tt_mlirs_ttir_tests() -> None:
    """Those of its golden tests are among the models; those it must reject, in the verifier's."""
    sources = [str(case["source"]) for case in ALL]

    assert sum("tt-mlir" in source and "ttir" in source.lower() for source in sources) >= 18


def count(module: Any) -> Counter[str]:
    return Counter(op.name for op in module.walk())


SMALL = make_case(n=2, h=4, w=5, c=4, o=6, kh=3, kw=2, sh=2, sw=3, bias=True)


def test_nothing_moves_in_nhwc() -> None:
    module = lowered(ttir_conv_transpose2d_ir(SMALL), DOOR)

    counts = count(module)
    assert counts["ttnn.conv_transpose2d"] == counts["ttnn.get_device"] == 1
    assert not {"ttnn.permute", "ttnn.reshape"} & counts.keys()


def test_equal_sides_are_written_as_two_numbers() -> None:
    (convolution,) = (
        op
        for op in lowered(
            ttir_conv_transpose2d_ir(make_case(h=4, w=5, c=1, o=1, kh=3, kw=3, padding=[1, 0])),
            DOOR,
        ).walk()
        if op.name == "ttnn.conv_transpose2d"
    )
    assert str(convolution.properties["padding"]) == "array<i32: 1, 0>"


TWO = """
func.func @main(%x: tensor<1x3x4x2xf32>, %w: tensor<2x2x2x2xf32>) -> tensor<1x9x13x2xf32> {
  %0 = "ttir.conv_transpose2d"(%x, %w) <{stride = 1 : i32, padding = 0 : i32,
    output_padding = array<i32: 0, 1>, dilation = 1 : i32, groups = 1 : i32}>
    : (tensor<1x3x4x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x4x6x2xf32>
  %1 = "ttir.relu"(%0) : (tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
  %2 = "ttir.conv_transpose2d"(%1, %w) <{stride = 2 : i32, padding = 0 : i32,
    output_padding = array<i32: 1, 1>, dilation = 1 : i32, groups = 1 : i32}>
    : (tensor<1x4x6x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x9x13x2xf32>
  return %2 : tensor<1x9x13x2xf32>
}
"""


def test_one_device_serves_a_function() -> None:
    assert count(lowered(TWO, DOOR))["ttnn.get_device"] == 1


def test_a_device_that_is_there_is_used() -> None:
    argument = TWO.replace("%w: tensor<2x2x2x2xf32>)", "%w: tensor<2x2x2x2xf32>, %d: !ttnn.device)")
    given = TWO.replace("{\n", '{\n  %d = "ttnn.get_device"() : () -> !ttnn.device\n', 1)

    assert count(lowered(argument, DOOR))["ttnn.get_device"] == 0
    assert count(lowered(given, DOOR))["ttnn.get_device"] == 1


def test_devices_are_of_their_own_function() -> None:
    counts = count(lowered(TWO + TWO.replace("@main", "@other"), DOOR))

    assert counts["ttnn.get_device"] == 2


UNKNOWN = """
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ttir.relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ttir.softmax"(%0) <{dimension = 1 : si32}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "ttir.tanh"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}
"""


def test_unknown_ops_stay_and_are_named() -> None:
    module = parsed(UNKNOWN)
    with collect_remarks() as remarks:
        ConvertTTIRToTTNNPass().apply(context(), module)

    assert '"ttir.softmax"' in str(module)
    assert count(module)["ttnn.relu"] == count(module)["ttnn.tanh"] == 1
    assert remarks == [f"remark: {DOOR}: kept what has no counterpart here: ttir.softmax (1)"]


def test_a_destination_that_is_still_used_stays() -> None:
    ir = """
    func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
      %d = ttir.empty() : tensor<2x3xf32>
      %0 = "ttir.relu"(%x, %d) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      %1 = "ttir.softmax"(%0, %d) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      return %1 : tensor<2x3xf32>
    }
    """
    assert count(lowered(ir, DOOR))["ttir.empty"] == 1


EMPTIES = {
    "the last of a concat": (
        '"ttir.concat"(%x, %e) <{dim = 0 : si32}> : (tensor<2x3xf32>, tensor<2x3xf32>)',
        "tensor<4x3xf32>",
        lambda x: np.concatenate([x, np.zeros_like(x)]),
    ),
    "read, and the destination too": (
        '"ttir.add"(%x, %e, %e) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)',
        "tensor<2x3xf32>",
        lambda x: x,
    ),
    "a bias": (
        '"ttir.conv_transpose2d"(%i, %w, %b) <{dilation = 1 : i32, groups = 1 : i32, '
        "output_padding = 0 : i32, padding = 0 : i32, stride = 1 : i32}> : (tensor<1x2x3x1xf32>, "
        "tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)",
        "tensor<1x2x3x1xf32>",
        lambda x: x.reshape(1, 2, 3, 1) * 2,
    ),
}


@pytest.mark.parametrize("floor", ["", ",ttnn-to-decomposed", ",ttnn-to-loops"])
@pytest.mark.parametrize("name", EMPTIES)
def test_an_empty_tensor_that_is_read_is_zeros(name: str, floor: str) -> None:
    text, result, expected = EMPTIES[name]
    ir = f"""
    func.func @main(%x: tensor<2x3xf32>) -> {result} {{
      %e = ttir.empty() : tensor<2x3xf32>
      %b = ttir.empty() : tensor<1x1x1x1xf32>
      %w = "ttir.constant"() <{{value = dense<2.0> : tensor<1x1x1x1xf32>}}>
        : () -> tensor<1x1x1x1xf32>
      %i = "ttir.reshape"(%x) <{{shape = [1 : i32, 2 : i32, 3 : i32, 1 : i32]}}>
        : (tensor<2x3xf32>) -> tensor<1x2x3x1xf32>
      %0 = {text} -> {result}
      return %0 : {result}
    }}
    """
    x = np.arange(6, dtype=np.float32).reshape(2, 3)

    assert_equal_bits(run_after(ir, DOOR + floor, {"x": x}), expected(x), name)


def test_a_refusal_changes_nothing() -> None:
    dynamic = ttir_conv_transpose2d_ir(SMALL, types={"x": "tensor<2x?x5x4xf32>"})
    module = parsed(TWO.replace("@main", "@two") + dynamic)
    before = str(module)

    with pytest.raises(PassFailedException, match=r"known shape, got \(2, \?, 5, 4\)"):
        ConvertTTIRToTTNNPass().apply(context(), module)

    assert str(module) == before


def test_open_result_sizes_stay_open() -> None:
    ir = ttir_conv_transpose2d_ir(SMALL, types={"y": "tensor<2x?x?x6xf32>"})

    text = str(lowered(ir, DOOR))

    assert "-> tensor<2x?x?x6xf32>" in text


def test_flattened_form() -> None:
    n, h, w, c = 2, 4, 5, 4
    _, hout, wout, o = output_shape(SMALL)
    flat = {
        "x": f"tensor<1x1x{n * h * w}x{c}xf32>",
        "y": f"tensor<1x1x{n * hout * wout}x{o}xf32>",
    }
    info = f"#ttir<flattened_compat batch_size = {n}, input_height = {h}, input_width = {w}>"
    ir = ttir_conv_transpose2d_ir(SMALL, properties={"flattened_compat_info": info}, types=flat)
    expected, arrays = expected_and_arrays(SMALL, "NHWC")
    assert info in str(parsed(ir))
    arrays["x"] = arrays["x"].reshape(1, 1, -1, c)

    result = run_after(ir, DOOR, arrays)

    assert_equal_bits(result, expected.reshape(1, 1, -1, o))
    assert weight_shape(SMALL) == (4, 6, 3, 2)
