"""Configurations of the Python call, and the IR that a call stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from support import make_case
from support.calls import call_arguments
from support.references import integer_arrays
from xdsl_ttnn import frontend as ttnn
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend.call.modules import ArrayKind, ConvolutionKind
from xdsl_ttnn.frontend.call.parameters import Parameters, read_parameters

CASE = make_case(n=1, h=2, w=3, c=4, o=6, kh=3, kw=2, sh=2, sw=3, groups=2, bias=True)
F32 = np.dtype(np.float32)


def parameters(**changed: Any) -> Parameters:
    names = ("conv_config", "compute_config", "dram_slice_config")
    given = call_arguments(CASE, integer_arrays(CASE)) | {"mirror_kernel": True} | changed
    return read_parameters(given, *(given.get(name) for name in names))


def module_text(**changed: Any) -> str:
    kinds = [ArrayKind(shape, F32) for shape in ((1, 2, 3, 4), (4, 3, 3, 2), (1, 1, 1, 6))]
    return str(ConvolutionKind(parameters(**changed), *kinds, F32).module())


def test_the_ir_of_a_call() -> None:
    expected = """
    func.func @main(%input: tensor<1x2x3x4xf32>, %weight: tensor<4x3x3x2xf32>,
                    %bias: tensor<1x1x1x6xf32>) -> tensor<1x5x8x6xf32> {
      %device = "ttnn.get_device"() : () -> !ttnn.device
      %output = "ttnn.conv_transpose2d"(%input, %weight, %bias, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32,
        input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 3, 2>,
        out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
        stride = array<i32: 2, 3>
      }> : (tensor<1x2x3x4xf32>, tensor<4x3x3x2xf32>, tensor<1x1x1x6xf32>, !ttnn.device)
        -> tensor<1x5x8x6xf32>
      func.return %output : tensor<1x5x8x6xf32>
    }
    """

    assert module_text() == str(parse_module(expected))


def test_an_unmirrored_kernel_is_said() -> None:
    assert "mirror_kernel = false" in module_text(mirror_kernel=False)


def test_configurations_are_written_where_they_are_not_the_default() -> None:
    config = ttnn.Conv2dConfig(
        weights_dtype=ttnn.bfloat16,
        activation=ttnn.UnaryWithParam(ttnn.UnaryOpType.LEAKY_RELU, 0.5),
        shard_layout=ttnn.TensorMemoryLayout.BLOCK_SHARDED,
        act_block_h_override=32,
        transpose_shards=True,
        core_grid={"x": 8},
        full_inner_dim=True,
    )
    compute = ttnn.WormholeComputeKernelConfig(math_fidelity=ttnn.MathFidelity.HiFi2)
    sliced = ttnn.Conv2dSliceConfig(slice_type=ttnn.Conv2dDRAMSliceHeight, num_slices=4)

    text = module_text(conv_config=config, compute_config=compute, dram_slice_config=sliced)

    assert (
        "#ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = leaky_relu, "
        "params = [5.000000e-01 : f32]>, act_block_h_override = 32, shard_layout = block_sharded, "
        "transpose_shards = true>"
    ) in text
    assert (
        "#ttnn.device_compute_kernel_config<math_fidelity = hifi2, math_approx_mode = false, "
        "fp32_dest_acc_en = false, packer_l1_acc = false, dst_full_sync_en = false>"
    ) in text
    assert "#ttnn.conv2d_slice_config<dram_height, 4>" in text
    assert str(parse_module(text)) == text


def test_a_default_configuration_is_not_written() -> None:
    assert module_text(conv_config=ttnn.Conv2dConfig()) == module_text()


def test_calls_that_say_the_same_are_one_kind() -> None:
    config = ttnn.Conv2dConfig(activation="relu")
    same = ttnn.Conv2dConfig(activation="relu")

    assert parameters(conv_config=config) == parameters(conv_config=same)
    assert hash(parameters(conv_config=config)) == hash(parameters(conv_config=same))
    assert parameters(conv_config=config) != parameters()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weights_dtype": "bf16"}, "weights_dtype: expected a DataType, got 'bf16'"),
        ({"output_layout": "tile"}, "output_layout: expected a Layout, got 'tile'"),
        ({"shard_layout": 1}, "shard_layout: expected a TensorMemoryLayout, got 1"),
        (
            {"padding_mode": ttnn.PaddingMode.Replicate},
            "padding_mode: expected PaddingMode.Zeros, got PaddingMode.Replicate",
        ),
    ],
)
def test_fields_of_the_wrong_kind(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        ttnn.Conv2dConfig(**fields)

    assert str(refusal.value) == f"conv_config.{message}"


def test_an_activation_of_no_name() -> None:
    with pytest.raises(ValueError, match=r"activation: expected one of relu, .*, got 'swish'"):
        ttnn.Conv2dConfig(activation="swish")


def test_a_changed_field_is_checked_when_it_is_used() -> None:
    config = ttnn.Conv2dConfig()
    config.weights_dtype = "bf16"

    with pytest.raises(ValueError, match=r"conv_config.weights_dtype: expected a DataType"):
        parameters(conv_config=config)


def test_precision_by_architecture() -> None:
    start = ttnn.DeviceComputeKernelConfig(packer_l1_acc=True)

    made = ttnn.init_device_compute_kernel_config(
        "wormhole_b0", start, math_fidelity=ttnn.MathFidelity.LoFi, throttle_level=0
    )

    assert made == ttnn.DeviceComputeKernelConfig(
        math_fidelity=ttnn.MathFidelity.LoFi, packer_l1_acc=True
    )
    with pytest.raises(
        ValueError, match=r"compute_config: expected one of math_fidelity, .*'fast'"
    ):
        ttnn.init_device_compute_kernel_config("wormhole_b0", fast=True)
    with pytest.raises(ValueError, match=r"compute_config.math_fidelity: expected a MathFidelity"):
        parameters(compute_config=ttnn.DeviceComputeKernelConfig(math_fidelity="hifi4"))


def test_the_ir_of_calls_is_recorded() -> None:
    arguments = call_arguments(CASE, integer_arrays(CASE)) | {"mirror_kernel": False}
    _, (weight, _) = ttnn.conv_transpose2d(**arguments, return_weights_and_bias=True)

    with ttnn.record_modules() as modules:
        ttnn.conv_transpose2d(**arguments)
        ttnn.conv_transpose2d(**(arguments | {"weight_tensor": weight}))
    ttnn.conv_transpose2d(**arguments)

    assert len(modules) == 2
    assert str(modules[0]) == module_text(mirror_kernel=False)
    assert '"ttnn.permute"' in str(modules[1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ttnn.Conv2dConfig(act_block_h_override=[1]),  # pyright: ignore[reportArgumentType]
            "conv_config.act_block_h_override: expected a whole number, got [1]",
        ),
        (
            lambda: ttnn.Conv2dConfig(force_split_reader="a"),  # pyright: ignore[reportArgumentType]
            "conv_config.force_split_reader: expected True, False or None, got 'a'",
        ),
        (
            lambda: ttnn.DeviceComputeKernelConfig(packer_l1_acc="no").key(),  # pyright: ignore[reportArgumentType]
            "compute_config.packer_l1_acc: expected True or False, got 'no'",
        ),
        (
            lambda: ttnn.Conv2dSliceConfig(slice_type="l1_full"),  # pyright: ignore[reportArgumentType]
            "slice_type: expected a SliceType, got 'l1_full'",
        ),
        (
            lambda: ttnn.UnaryWithParam("relu"),  # pyright: ignore[reportArgumentType]
            "op_type: expected a UnaryOpType, got 'relu'",
        ),
        (
            lambda: ttnn.concat([np.ones(2)], 1.0),  # pyright: ignore[reportArgumentType]
            "dim: expected a whole number, got 1.0",
        ),
    ],
)
def test_values_that_no_ir_can_hold(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        make()
    assert str(refusal.value) == message
