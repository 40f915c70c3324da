"""What the documented Python call refuses: one message that begins with the parameter's name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from support import make_case
from support.calls import call_arguments
from support.references import integer_arrays
from xdsl_ttnn import frontend as ttnn

CASE = make_case(n=2, h=4, w=5, c=4, o=6, kh=3, kw=2, sh=2, sw=3, groups=2, bias=True)
ARRAYS = integer_arrays(CASE)
OP = r"'ttnn\.conv_transpose2d' op "


def call(**changed: Any) -> Any:
    return ttnn.conv_transpose2d(**(call_arguments(CASE, ARRAYS) | changed))


IN_THE_VERIFIERS_WORDS = [
    ("input_tensor", ARRAYS["x"][0], "input_tensor", "Input must be a 4D tensor"),
    ("weight_tensor", ARRAYS["w"][0], "weight_tensor", "Weight must be a 4D tensor"),
    ("bias_tensor", ARRAYS["b"][0], "bias_tensor", "Bias must be a 4D tensor"),
    ("bias_tensor", np.ones(4, np.float32), "bias_tensor", "Mismatch in bias tensor dimensions"),
    ("in_channels", 8, "in_channels", "Input channels attribute must match"),
    ("out_channels", 7, "groups", "Number of output channels from output tensor must be divisible"),
    ("out_channels", 8, "weight_tensor", "Number of output channels per group must match"),
    ("batch_size", 3, "batch_size", "Batch size attribute must match the first dimension"),
    ("input_height", 5, "input_height", "Input height attribute must match the second"),
    ("input_width", 4, "input_width", "Input width attribute must match the third"),
    ("groups", 3, "groups", "Number of input channels from input tensor must be divisible"),
    ("groups", 0, "groups", "expected 'groups' of at least 1, got 0"),
    ("kernel_size", (3, 3), "kernel_size", r"expected kernel_size \(3, 2\) of the weight tensor"),
    ("kernel_size", (3,), "kernel_size", "expected 2 values in 'kernel_size', got 1"),
    ("stride", (0, 1), "stride", "Attribute 'stride' contains a value less than: 1"),
    ("padding", (0, -1), "padding", "Attribute 'padding' contains a value less than: 0"),
    ("padding", (1, 2, 3), "padding", "expected 2 or 4 values in 'padding', got 3"),
    ("padding", (90, 90), "padding", r"Given input size per channel: \(4 x 5\)"),
    ("output_padding", (-1, 0), "output_padding", "Attribute 'output padding' contains a value"),
    ("dilation", (1, 0), "dilation", "Attribute 'dilation' contains a value less than: 1"),
    ("input_tensor", ARRAYS["x"].astype(np.int32), "weight_tensor", "expected element types"),
    ("dtype", ttnn.int32, "dtype", "expected element types that are all floats"),
]


@pytest.mark.parametrize(
    ("name", "value", "about", "message"),
    IN_THE_VERIFIERS_WORDS,
    ids=[f"{name}-{index}" for index, (name, *_) in enumerate(IN_THE_VERIFIERS_WORDS)],
)
def test_the_verifiers_message(name: str, value: Any, about: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{about}: {OP}{message}"):
        call(**{name: value})


IN_ITS_OWN_WORDS = [
    ("input_tensor", "image", "expected a tensor of floats or integers, got elements of <U5"),
    ("input_tensor", [[1, 2], [3]], "expected a tensor of floats or integers, got list"),
    ("input_tensor", ARRAYS["x"].astype(np.longdouble), "expected a tensor of floats or integers"),
    ("input_tensor", ARRAYS["x"].astype(np.complex64), "expected a tensor of floats or integers"),
    ("weight_tensor", None, "expected a tensor of floats or integers, got NoneType"),
    ("bias_tensor", np.ones(6, bool), "expected a tensor of floats or integers, got elements of"),
    ("stride", 2, "expected a pair of whole numbers, got 2"),
    ("stride", (1.5, 1), "expected a whole number, got 1.5"),
    ("stride", (True, 1), "expected a whole number of 32 bits, got True"),
    ("padding", (2**31, 0), "expected a whole number of 32 bits, got 2147483648"),
    ("groups", "2", "expected a whole number, got '2'"),
    ("mirror_kernel", 1, "expected True or False, got 1"),
    ("return_output_dim", "yes", "expected True or False, got 'yes'"),
    ("return_weights_and_bias", 1, "expected True or False, got 1"),
    ("queue_id", -1, "expected at least 0, got -1"),
    ("dtype", "bfloat16", "expected a DataType, got str"),
    ("memory_config", "dram", "expected a MemoryConfig, got str"),
    ("conv_config", {}, "expected a Conv2dConfig, got dict"),
    ("compute_config", 4, "expected a DeviceComputeKernelConfig, got int"),
    ("dram_slice_config", 4, "expected a Conv2dSliceConfig, got int"),
    ("device", "cpu", "expected an open device, got str"),
]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    IN_ITS_OWN_WORDS,
    ids=[f"{name}-{index}" for index, (name, *_) in enumerate(IN_ITS_OWN_WORDS)],
)
def test_a_value_of_the_wrong_kind(name: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        call(**{name: value})

    assert str(refusal.value).startswith(f"{name}: {message}")


def test_everything_is_passed_by_name() -> None:
    with pytest.raises(TypeError, match="positional"):
        ttnn.conv_transpose2d(ARRAYS["x"], ARRAYS["w"])


def test_what_has_no_default_must_be_given() -> None:
    arguments = call_arguments(CASE, ARRAYS)
    del arguments["kernel_size"]

    with pytest.raises(TypeError, match="kernel_size"):
        ttnn.conv_transpose2d(**arguments)


def test_a_closed_device() -> None:
    with ttnn.manage_device(3) as device:
        call(device=device)

    with pytest.raises(ValueError, match="device: expected an open device, got closed device 3"):
        call(device=device)


def test_an_activation_without_a_meaning_here() -> None:
    config = ttnn.Conv2dConfig(activation=ttnn.UnaryOpType.EXP)

    with pytest.raises(ValueError, match=r"^conv_config: .*expected one of the activations .* exp"):
        call(conv_config=config)


def test_block_formats_are_said_to_be_bfloat16() -> None:
    config = ttnn.Conv2dConfig(weights_dtype=ttnn.bfloat8_b)

    with pytest.warns(UserWarning, match="conv_config.weights_dtype: BFLOAT8_B is treated as BF"):
        result = call(conv_config=config)

    assert np.array_equal(result, call())


def test_torch_tensors_elsewhere_are_refused() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")

    with pytest.raises(ValueError, match="input_tensor: expected a tensor on the CPU, got one on"):
        call(input_tensor=torch.empty((2, 4, 5, 4), device="meta"))
    with pytest.raises(ValueError, match="input_tensor: expected a dense tensor"):
        call(input_tensor=torch.zeros((2, 4, 5, 4)).to_sparse())
    with pytest.raises(ValueError, match="weight_tensor: expected a tensor of floats or integers"):
        call(weight_tensor=torch.zeros((4, 3, 3, 2), dtype=torch.complex64))


ENORMOUS = [
    ("stride", {"stride": (300_000, 300_000)}),
    ("dilation", {"dilation": (400_000, 400_000)}),
    ("output_padding", {"stride": (1, 1), "output_padding": (399_999, 399_999)}),
]


@pytest.mark.parametrize(("about", "changed"), ENORMOUS, ids=[about for about, _ in ENORMOUS])
@pytest.mark.parametrize("floor", ["ttnn", "decomposed"])
def test_a_call_that_memory_cannot_hold(about: str, changed: dict[str, Any], floor: str) -> None:
    """By the parameter that adds most to the result, before anything is computed."""
    x, w = np.ones((1, 2, 3, 1), np.float32), np.ones((1, 1, 2, 2), np.float32)
    sizes = {"in_channels": 1, "out_channels": 1, "batch_size": 1, "kernel_size": (2, 2)}
    sizes |= {"input_height": 2, "input_width": 3}
    message = f"^{about}: {OP}expected at most the .* of memory that is available, got .* [GT]B$"
    with (
        ttnn.use_options(ttnn.Options(floor=floor)),
        pytest.raises(ValueError, match=message),
    ):
        ttnn.conv_transpose2d(input_tensor=x, weight_tensor=w, **sizes, **changed)


def test_a_prepared_weight_in_a_call_that_memory_cannot_hold() -> None:
    x, w = np.ones((1, 2, 3, 1), np.float32), np.ones((1, 1, 2, 2), np.float32)
    layer = {"in_channels": 1, "out_channels": 1, "batch_size": 1, "kernel_size": (2, 2)}
    layer |= {"input_height": 2, "input_width": 3, "stride": (300_000, 300_000)}
    weight = ttnn.prepare_conv_transpose2d_weights(weight_tensor=w, **layer)
    with pytest.raises(ValueError, match=r"^stride: .* of memory that is available, got"):
        ttnn.conv_transpose2d(input_tensor=x, weight_tensor=weight, **layer)


def test_a_sum_that_memory_cannot_hold() -> None:
    column, row = np.ones((300_000, 1), np.float32), np.ones((1, 300_000), np.float32)
    with pytest.raises(ValueError, match=r"^other_tensor: expected at most the .* of memory"):
        ttnn.add(column, row)
