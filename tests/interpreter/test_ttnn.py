"""The other ttnn, ttcore and deconv ops, each against NumPy or onnxruntime."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from onnx import helper
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program, run, run_one
from support.ir import DEVICE, function_ir, generic_op, i32, i32_array, tensor
from support.onnx import run_onnx

BFLOAT16 = ml_dtypes.bfloat16


def op_ir(name: str, shapes: list[tuple[int, ...]], result: tuple[int, ...], **options: Any) -> str:
    """A function that is one op of tensors; `types` are element types, the result's last."""
    types = options.pop("types", ["f32"] * (len(shapes) + 1))
    operands = [
        (f"a{i}", tensor(s, t)) for i, (s, t) in enumerate(zip(shapes, types, strict=False))
    ]
    out = tensor(result, types[-1])
    return function_ir(
        "main", operands, f"%r = {generic_op(name, operands, options, [out])}", [("r", out)]
    )


# conv2d ------------------------------------------------------------------------------------------


def conv2d_ir(
    shape: tuple[int, ...],
    weight: tuple[int, ...],
    out: tuple[int, int],
    bias: bool,
    **changed: str,
) -> str:
    """A convolution on the flattened form."""
    n, h, w, c = shape
    o = weight[0]
    properties: dict[str, str | None] = {
        "in_channels": i32(c),
        "out_channels": i32(o),
        "batch_size": i32(n),
        "input_height": i32(h),
        "input_width": i32(w),
        "kernel_size": i32_array(weight[2:]),
        "stride": i32_array((1, 1)),
        "padding": i32_array((0, 0)),
        "dilation": i32_array((1, 1)),
        "groups": i32(c // weight[1]),
    }
    types = {
        "x": tensor((1, 1, n * h * w, c)),
        "w": tensor(weight),
        "b": tensor((1, 1, 1, o)),
        "y": tensor((1, 1, n * out[0] * out[1], o)),
    }
    arguments = [(name, types[name]) for name in ("x", "w", "b")[: 2 + bias]]
    op = generic_op("ttnn.conv2d", [*arguments, ("d", DEVICE)], properties | changed, [types["y"]])
    body = f'%d = "ttnn.get_device"() : () -> {DEVICE}\n%y = {op}'
    return function_ir("main", arguments, body, [("y", types["y"])])


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_conv2d_agrees_with_onnxruntime(groups: int) -> None:
    x, w, b = (
        integers((2, 9, 7, 4), 1),
        integers((8, 4 // groups, 3, 2), 2),
        integers((1, 1, 1, 8), 3),
    )
    node = helper.make_node(
        "Conv",
        ["x", "w", "b"],
        ["y"],
        strides=[2, 1],
        pads=[1, 3, 2, 0],
        dilations=[1, 2],
        group=groups,
    )  # onnx pads: top, left, bottom, right
    given = {"x": x.transpose(0, 3, 1, 2), "w": w, "b": b.reshape(-1)}
    expected = run_onnx(node, given).transpose(0, 2, 3, 1)
    ir = conv2d_ir(
        x.shape,
        w.shape,
        expected.shape[1:3],
        True,
        stride=i32_array((2, 1)),
        padding=i32_array((1, 2, 3, 0)),
        dilation=i32_array((1, 2)),
    )
    result = run_one(ir, x.reshape(1, 1, -1, 4), w, b)
    assert result.reshape(expected.shape).tolist() == expected.tolist()


def test_conv2d_activation_and_empty_batch() -> None:
    config = "#ttnn.conv2d_config<activation = <op_type = relu>>"
    ir = conv2d_ir((1, 3, 3, 2), (2, 2, 2, 2), (2, 2), False, conv2d_config=config)
    plain = conv2d_ir((1, 3, 3, 2), (2, 2, 2, 2), (2, 2), False)
    x, w = integers((1, 1, 9, 2), 1), integers((2, 2, 2, 2), 2)
    expected = run_one(plain, x, w)
    assert (expected < 0).any()
    assert run_one(ir, x, w).tolist() == np.maximum(expected, 0).tolist()
    empty = conv2d_ir((0, 3, 3, 2), (2, 2, 2, 2), (2, 2), False)
    assert run_one(empty, np.zeros((1, 1, 0, 2), np.float32), w).shape == (1, 1, 0, 2)


# matmul ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transpose_a", [False, True])
@pytest.mark.parametrize("transpose_b", [False, True])
def test_matmul(transpose_a: bool, transpose_b: bool) -> None:
    a, b = integers((5, 1, 2, 3), 1), integers((4, 3, 6), 2)
    shown_a = a.swapaxes(-1, -2).copy() if transpose_a else a
    shown_b = b.swapaxes(-1, -2).copy() if transpose_b else b
    flags = {"transpose_a": str(transpose_a).lower(), "transpose_b": str(transpose_b).lower()}
    ir = op_ir("ttnn.matmul", [shown_a.shape, shown_b.shape], (5, 4, 2, 6), **flags)
    assert run_one(ir, shown_a, shown_b).tolist() == (a @ b).tolist()


def test_matmul_of_bf16_rounds_once_behind_its_activation() -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(s).astype(BFLOAT16) for s in ((2, 64), (64, 3)))
    types = ["bf16"] * 3
    ir = op_ir("ttnn.matmul", [(2, 64), (64, 3)], (2, 3), types=types, activation='"relu"')
    expected = np.maximum(a.astype(np.float32) @ b.astype(np.float32), 0).astype(BFLOAT16)
    assert run_one(ir, a, b).tolist() == expected.tolist()
    ir = op_ir("ttnn.matmul", [(2, 64), (64, 3)], (2, 3), types=types, activation='"wobble"')
    with pytest.raises(InterpretationError, match=r"'ttnn.matmul': .* got wobble"):
        run(ir, a, b)


# Element by element ------------------------------------------------------------------------------


BINARY = {
    "add": np.add,
    "multiply": np.multiply,
    "subtract": np.subtract,
    "divide": np.true_divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
}


@pytest.mark.parametrize("name", BINARY)
def test_ops_of_two_tensors_broadcast(name: str) -> None:
    x, y = integers((2, 1, 3), 1), integers((4, 1), 2) + 5
    ir = op_ir(f"ttnn.{name}", [x.shape, y.shape], (2, 4, 3))
    assert run_one(ir, x, y).tolist() == BINARY[name](x, y).tolist()


def test_division_of_integers_is_refused() -> None:
    ir = op_ir("ttnn.divide", [(1,), (1,)], (1,), types=["i32"] * 3)
    with pytest.raises(InterpretationError, match=r"'ttnn.divide': expected a float .* got int32"):
        run(ir, np.ones(1, np.int32), np.ones(1, np.int32))


def test_mixed_and_narrow_sums_round_once() -> None:
    x, y = np.array([1.0], BFLOAT16), np.array([2.0**-8 + 2.0**-16], np.float32)
    ir = op_ir("ttnn.add", [(1,), (1,)], (1,), types=["bf16", "f32", "bf16"])
    assert float(run_one(ir, x, y)[0]) == 1 + 2.0**-7  # y alone would round to 2^-8, a tie


@pytest.mark.parametrize(
    "type_, dtype", [("f32", np.float32), ("bf16", BFLOAT16), ("f16", np.float16)]
)
def test_activations(type_: str, dtype: Any) -> None:
    x = np.array([-90, -1.5, 0, 0.3, 2, 90], dtype)
    wide = x.astype(np.float64)
    cases = {"relu": np.maximum(wide, 0), "tanh": np.tanh(wide), "sigmoid": 1 / (1 + np.exp(-wide))}
    for name, expected in cases.items():
        result = run_one(op_ir(f"ttnn.{name}", [(6,)], (6,), types=[type_] * 2), x)
        assert result.dtype == dtype
        rounding = float(np.finfo(np.float32).eps if type_ == "f32" else ml_dtypes.finfo(dtype).eps)
        np.testing.assert_allclose(result.astype(np.float64), expected, rtol=rounding, atol=1e-30)


# Data movement -----------------------------------------------------------------------------------


def test_reshape_permute_pad_slice_and_concat() -> None:
    x = integers((2, 3, 4), 1)
    shape = "[3 : i32, -1 : i32]"
    assert (
        run_one(op_ir("ttnn.reshape", [x.shape], (3, 8), shape=shape), x).tolist()
        == x.reshape(3, 8).tolist()
    )
    ir = op_ir("ttnn.permute", [x.shape], (4, 2, 3), permutation="array<i64: 2, 0, 1>")
    assert run_one(ir, x).tolist() == x.transpose(2, 0, 1).tolist()
    ir = op_ir(
        "ttnn.pad",
        [x.shape],
        (2, 6, 5),
        padding=i32_array((0, 0, 1, 2, 0, 1)),
        value="7.0 : f32",
        use_multicore="true",
    )
    assert (
        run_one(ir, x).tolist() == np.pad(x, ((0, 0), (1, 2), (0, 1)), constant_values=7).tolist()
    )
    lists = {"begins": (0, -2, 1), "ends": (2, 3, 4), "step": (1, 1, 2)}
    text = {k: f"[{', '.join(map(i32, v))}]" for k, v in lists.items()}
    assert (
        run_one(op_ir("ttnn.slice_static", [x.shape], (2, 2, 2), **text), x).tolist()
        == x[:, -2:3, 1:4:2].tolist()
    )
    for dim, axis in ((1, 1), (-1, 2)):
        out = tuple(2 * n if i == axis else n for i, n in enumerate(x.shape))
        ir = op_ir("ttnn.concat", [x.shape, x.shape], out, dim=f"{dim} : si32")
        assert run_one(ir, x, -x).tolist() == np.concatenate([x, -x], axis).tolist()


@pytest.mark.parametrize("name", ["to_layout", "to_memory_config", "to_tensor_spec", "typecast"])
def test_moves_convert_to_the_type_of_the_result(name: str) -> None:
    x = np.array([1 + 2.0**-10, -2.7], np.float32)
    result = run_one(op_ir(f"ttnn.{name}", [(2,)], (2,), types=["f32", "bf16"]), x)
    assert result.tolist() == x.astype(BFLOAT16).tolist()
    result = run_one(op_ir(f"ttnn.{name}", [(2,)], (2,), types=["f32", "si32"]), x)
    assert result.tolist() == [1, -2]


def test_a_move_does_not_share_what_is_overwritten_later() -> None:
    t = tensor((2,))
    ir = f"""
  func.func @main(%x: {t}, %f: f32) -> ({t}, {t}) {{
    %c0 = arith.constant 0 : index
    %s = "ttnn.add"(%x, %x) : ({t}, {t}) -> {t}
    %m = "ttnn.to_layout"(%s) : ({t}) -> {t}
    %i = tensor.insert %f into %s[%c0] : {t}
    return %m, %i : {t}, {t}
  }}"""
    moved, inserted = run(ir, np.ones(2, np.float32), 9.0)
    assert moved.tolist() == [2, 2]
    assert inserted.tolist() == [9, 2]


def test_constants_devices_and_deallocation() -> None:
    ir = f"""
  func.func @main() -> tensor<2xbf16> {{
    %d = "ttnn.get_device"() : () -> {DEVICE}
    %c = "ttnn.constant"(%d) <{{value = dense<[1.5, -2.0]> : tensor<2xbf16>}}>
      : ({DEVICE}) -> tensor<2xbf16>
    %r = "ttnn.relu"(%c) : (tensor<2xbf16>) -> tensor<2xbf16>
    "ttnn.deallocate"(%c) : (tensor<2xbf16>) -> ()
    return %r : tensor<2xbf16>
  }}"""
    assert run_one(ir).tolist() == [1.5, 0]


def test_dilate_insert_and_flip() -> None:
    x = integers((1, 2, 3, 2), 1)
    ir = """
  func.func @main(%x: tensor<1x2x3x2xf32>) -> (tensor<1x4x5x2xf32>, tensor<1x2x3x2xf32>) {
    %0 = deconv.dilate_insert %x strides = [1, 3, 2, 1] : tensor<1x2x3x2xf32> -> tensor<1x4x5x2xf32>
    %1 = deconv.flip %x dimensions = [1, 2] : tensor<1x2x3x2xf32> -> tensor<1x2x3x2xf32>
    return %0, %1 : tensor<1x4x5x2xf32>, tensor<1x2x3x2xf32>
  }"""
    dilated, flipped = run(ir, x)
    expected = np.zeros((1, 4, 5, 2), np.float32)
    expected[:, ::3, ::2] = x
    assert dilated.tolist() == expected.tolist()
    assert flipped.tolist() == x[:, ::-1, ::-1].tolist()
    empty = ir.replace("1x2x3x2", "0x2x3x2").replace("1x4x5x2", "0x4x5x2")
    assert run(empty, x[:0])[0].shape == (0, 4, 5, 2)


def test_functions_are_found_in_nested_modules() -> None:
    ir = """
  module {
    ttcore.device_module {
      builtin.module {
        func.func private @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
          %0 = "ttnn.add"(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
          return %0 : tensor<2xf32>
        }
        func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
          %0 = ttcore.load_cached(@twice, [%x]) : (tensor<2xf32>) -> tensor<2xf32>
          %1 = func.call @twice(%0) : (tensor<2xf32>) -> tensor<2xf32>
          return %1 : tensor<2xf32>
        }
      }
    }
    ttcore.cpu_module {
      builtin.module {
        func.func @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
          %0 = "ttnn.unknown"(%x) : (tensor<2xf32>) -> tensor<2xf32>
          return %0 : tensor<2xf32>
        }
      }
    }
  }"""
    assert program(ir).function_names == ("twice", "main")
    assert run_one(ir, np.ones(2, np.float32)).tolist() == [4, 4]


def test_a_large_constant_stays() -> None:
    """Large tensors are let go of behind their last use; a constant is there for the next call."""
    ir = """
  func.func @main(%x: tensor<1x1x1024x512xf32>) -> tensor<1x1x1024x512xf32> {
    %two = "ttnn.constant"() <{value = dense<2.0> : tensor<1x1x1024x512xf32>}>
      : () -> tensor<1x1x1024x512xf32>
    %y = "ttnn.multiply"(%x, %two)
      : (tensor<1x1x1024x512xf32>, tensor<1x1x1024x512xf32>) -> tensor<1x1x1024x512xf32>
    return %y : tensor<1x1x1024x512xf32>
  }"""
    x = integers((1, 1, 1024, 512), 1, np.float32)
    compiled = program(ir)

    for _ in range(2):
        (y,) = compiled.call("main", [x])
        assert (y == 2 * x).all()
