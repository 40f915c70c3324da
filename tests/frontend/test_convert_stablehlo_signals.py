"""`convert-stablehlo-to-ttnn` on convolutions over one spatial dimension, as JAX prints them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from onnx import helper

from support.floors import Array, assert_equal_bits, lowered, parsed, run_after
from support.onnx_graphs import model_of
from support.stablehlo_signals import LABELS, Signal, random_signal
from xdsl_ttnn.frontend.onnx_models import import_onnx

DOOR = "convert-stablehlo-to-ttnn"
DRAWN = [random_signal(seed, transposed=seed % 4 > 0) for seed in range(60)]


def ops(ir: str) -> Counter[str]:
    module = lowered(ir, DOOR)
    return Counter(
        op.name for op in module.walk() if op.name.startswith(("ttnn", "stable", "deconv"))
    )


def the_op(ir: str, name: str = "ttnn.conv_transpose2d") -> Any:
    (op,) = (op for op in lowered(ir, DOOR).walk() if op.name == name)
    return op


def check(signal: Signal, reverse: list[int] | None = None, pipeline: str = DOOR) -> None:
    arrays = signal.arrays()
    kernel = arrays["w"] if reverse is None else np.flip(arrays["w"], tuple(reverse))

    result = run_after(signal.ir(reverse=reverse), pipeline, arrays)

    assert_equal_bits(result, signal.scatter(arrays["x"], kernel), f"{signal} {reverse}")


@pytest.mark.parametrize("index", range(len(DRAWN)))
def test_any_signal(index: int) -> None:
    signal = DRAWN[index]
    spatial = signal.labels[1].index("0")

    check(signal)
    check(signal, [spatial])
    counts = ops(signal.ir())
    assert counts["stablehlo.convolution"] == 0
    assert counts["ttnn.conv_transpose2d" if signal.lhs == 1 else "ttnn.conv2d"] == 0


@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im"])
def test_any_signal_lowered(strategy: str) -> None:
    for signal in DRAWN[::6]:
        check(signal, None, f"{DOOR},ttnn-to-loops{{strategy={strategy}}}")


def test_enough_was_drawn() -> None:
    drawn = [signal for signal in DRAWN if signal.lhs > 1]
    assert {signal.labels for signal in drawn} == set(LABELS)
    for field in ("groups", "rhs", "reversal"):
        assert len({getattr(signal, field) for signal in drawn}) > 1
    assert any(signal.low < 0 for signal in drawn) and any(signal.high < 0 for signal in drawn)
    assert any(signal.low > signal.rhs * (signal.taps - 1) for signal in drawn)
    assert any(signal.stride > 1 for signal in DRAWN)
    made = sum((ops(signal.ir()) for signal in DRAWN), Counter[str]())
    assert made["ttnn.conv_transpose2d"] > 40 and made["ttnn.conv2d"] > 10


@pytest.mark.parametrize("reversal", [False, True])
@pytest.mark.parametrize("reverse", [None, [0], [1], [0, 1], [0, 1, 2]])
def test_every_way_to_reverse(reversal: bool, reverse: list[int] | None) -> None:
    """A reverse of exactly the spatial dimension is taken in: the op mirrors the kernel."""
    signal = Signal(4, 3, 2, 4, 6, 2, low=1, high=2, lhs=2, reversal=reversal)

    check(signal, reverse)

    mirror = the_op(signal.ir(reverse=reverse)).properties.get("mirror_kernel")
    assert (mirror is None) == ((reverse == [0]) != reversal)
    kept = reverse is not None and reverse != [0]
    assert ops(signal.ir(reverse=reverse))["deconv.flip"] == kept


def test_a_signal_is_the_image_that_an_onnx_model_makes_of_it() -> None:
    """Height 1, one tap of height: the same op with the same numbers as from ONNX."""
    signal = Signal(5, 3, 2, 4, 6, low=3, high=4, lhs=3, rhs=2, labels=("bf0", "io0", "bf0"))
    arrays = signal.arrays()
    node = helper.make_node(
        "ConvTranspose", ["x", "w"], ["y"], strides=[3], dilations=[2], pads=[1, 0]
    )
    model = model_of([node], {"x": arrays["x"]}, {"w": arrays["w"]})

    op = the_op(signal.ir(reverse=[2]))

    (other,) = (op for op in import_onnx(model).module.walk() if op.name == "ttnn.conv_transpose2d")
    names = {"kernel_size", "stride", "dilation", "input_height", "input_width", "in_channels"}
    names |= {"out_channels", "batch_size", "groups", "padding", "output_padding"}
    assert {name: op.properties[name] for name in names} == {
        name: other.properties[name] for name in names
    }
    assert op.kernel_size.get_values() == (1, 3) and op.stride.get_values() == (1, 3)
    (expected,) = import_onnx(model).compile()(arrays["x"])
    assert_equal_bits(run_after(signal.ir(reverse=[2]), DOOR, arrays), expected)


LAYERS = {
    # lax.conv_transpose(x, w, (2,), "SAME"), flax.linen.ConvTranspose(6, (4,), (2,))
    "lax": Signal(5, 4, 2, 3, 6, low=2, high=2, lhs=2),
    # dimension_numbers=("NCW", "OIW", "NCW")
    "channels first": Signal(5, 4, 2, 3, 6, low=2, high=2, lhs=2, labels=LABELS[1]),
    # The gradient of a convolution of stride 2 in respect of its input.
    "gradient": Signal(3, 4, 2, 6, 3, low=2, high=1, lhs=2, labels=LABELS[2]),
    # flax.linen.Conv(6, (4,), (2,), feature_group_count=3, kernel_dilation=(2,))
    "plain": Signal(5, 4, 2, 3, 6, 3, stride=2, low=3, high=3, rhs=2),
}

TRANSPOSE_KERNEL = """
func.func @main(%x: tensor<2x5x3xf32>, %w: tensor<4x6x3xf32>, %b: tensor<6xf32>)
    -> tensor<2x12x6xf32> {
  %0 = stablehlo.reverse %w, dims = [0] : tensor<4x6x3xf32>
  %1 = stablehlo.transpose %0, dims = [0, 2, 1] : (tensor<4x6x3xf32>) -> tensor<4x3x6xf32>
  %2 = stablehlo.convolution(%x, %1) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
    window = {stride = [1], pad = [[3, 3]], lhs_dilate = [2], rhs_dilate = [1], reverse = [false]}
    {batch_group_count = 1 : i64, feature_group_count = 1 : i64,
     precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]}
    : (tensor<2x5x3xf32>, tensor<4x3x6xf32>) -> tensor<2x12x6xf32>
  %3 = stablehlo.reshape %b : (tensor<6xf32>) -> tensor<1x1x6xf32>
  %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1, 2]
    : (tensor<1x1x6xf32>) -> tensor<2x12x6xf32>
  %5 = stablehlo.add %2, %4 : tensor<2x12x6xf32>
  return %5 : tensor<2x12x6xf32>
}
"""
"""flax.linen.ConvTranspose(6, (4,), (2,), padding="VALID", transpose_kernel=True)"""


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    check(LAYERS[name], pipeline=f"{DOOR},ttnn-to-linalg")


TRANSPOSED = Signal(5, 4, 2, 3, 6, low=3, high=3, lhs=2, labels=("b0f", "0oi", "b0f"))


def test_a_layer_with_a_transposed_kernel() -> None:
    arrays = TRANSPOSED.arrays() | {"b": np.arange(6, dtype=np.float32)}

    result = run_after(TRANSPOSE_KERNEL, DOOR, arrays)

    expected = TRANSPOSED.scatter(arrays["x"], arrays["w"][::-1]) + arrays["b"]
    assert_equal_bits(result, expected)
    counts = ops(TRANSPOSE_KERNEL)
    assert counts["ttnn.conv_transpose2d"] == 1
    assert not any(name.startswith(("stablehlo", "deconv")) for name in counts)


def test_an_empty_signal() -> None:
    for signal in (
        Signal(3, 2, 0, 2, 2, lhs=2),
        Signal(3, 9, 1, 2, 2, lhs=2),
        Signal(3, 2, 1, 2, 2, low=9, high=-9, lhs=2),
    ):
        check(signal)


def test_no_spatial_dimension_is_kept() -> None:
    """A convolution over nothing at all is a product of matrices; it stays."""
    ir = """
    func.func @main(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) -> tensor<2x4xf32> {
      %y = stablehlo.convolution(%x, %w) dim_numbers = [b, f]x[o, i]->[b, f], window = {}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
        : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }"""
    assert str(lowered(ir, DOOR)) == str(parsed(ir))


# IREE ---------------------------------------------------------------------------------------------


def run_by_iree(texts: list[str], inputs: list[dict[str, Array]]) -> list[Array]:
    """What the functions `main` of some texts give, compiled as they stand, all in one module."""
    compiler = pytest.importorskip("iree.compiler", reason="iree-base-compiler is not installed")
    runtime = pytest.importorskip("iree.runtime", reason="iree-base-runtime is not installed")
    functions = [text.replace("@main", f"@f{index}") for index, text in enumerate(texts)]
    binary = compiler.compile_str(
        f"module @signals {{{''.join(functions)}}}",
        target_backends=["llvm-cpu"],
        input_type="stablehlo",
        extra_args=["--iree-llvmcpu-target-cpu=generic", "--iree-opt-level=O0"],
    )
    context = runtime.SystemContext(config=runtime.Config("local-sync"))
    context.add_vm_module(runtime.VmModule.copy_buffer(context.instance, binary))
    module = context.modules["signals"]
    return [module[f"f{index}"](*arrays.values()).to_host() for index, arrays in enumerate(inputs)]


def check_against_iree(texts: list[str], inputs: list[dict[str, Array]]) -> None:
    expected = run_by_iree(texts, inputs)

    for text, arrays, theirs in zip(texts, inputs, expected, strict=True):
        assert_equal_bits(run_after(text, DOOR, arrays), theirs, text)


def test_what_iree_makes_of_layers() -> None:
    texts = [TRANSPOSE_KERNEL, *(signal.ir() for signal in LAYERS.values())]
    bias = {"b": np.arange(6, dtype=np.float32)}
    inputs = [TRANSPOSED.arrays() | bias, *(signal.arrays() for signal in LAYERS.values())]

    check_against_iree(texts, inputs)


@pytest.mark.slow
def test_what_iree_makes_of_any_signal() -> None:
    # IREE 3.13 fails where one element comes out, and does not read the flag of a reversed window.
    signals = [replace(signal, reversal=False) for signal in DRAWN if signal.output_size > 1]
    assert len(signals) > 45

    check_against_iree(
        [signal.ir() for signal in signals],
        [signal.arrays(seed) for seed, signal in enumerate(signals)],
    )
