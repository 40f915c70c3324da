"""The calls that prepare the weight and the bias of `ttnn.conv_transpose2d`, as TTNN has them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, TypeVar

from ...dialect.numpy_types import Array
from .arrays import as_array
from .configs import Conv2dConfig, Conv2dSliceConfig, DeviceComputeKernelConfig
from .devices import Device, check_device
from .engine import prepare
from .enums import DRAM_MEMORY_CONFIG, ROW_MAJOR_LAYOUT, DataType, Layout, MemoryConfig
from .numbers import check_kind, truth
from .parameters import read_parameters
from .preparation import Preparation
from .tensors import Tensor, data_type_of

T = TypeVar("T")


def bias_array(bias: Any) -> Array | None:
    """The bias as (1, 1, 1, O); what is neither that nor (O,) is left to the verifier."""
    if bias is None:
        return None
    array = as_array(bias, "bias_tensor")
    return array.reshape(1, 1, 1, -1) if array.ndim == 1 else array


def warn_of_block_formats(types: Mapping[str, DataType | None]) -> None:
    """Say which parameters ask for a block format, which is held as bfloat16."""
    for name, type_ in types.items():
        if type_ is not None and type_.is_block_format:
            text = f"{name}: {type_.name} is treated as BFLOAT16"
            warnings.warn(text, stacklevel=4)


def prepare_weight(preparation: Preparation, weight: Any, config: Conv2dConfig | None) -> Tensor:
    """The prepared weight, which remembers its preparation.

    Raises: ValueError naming the parameter.
    """
    array = as_array(weight, "weight_tensor")
    wanted = config.weights_dtype if config is not None else None
    prepared = prepare(preparation, array, array.dtype if wanted is None else wanted.numpy)
    type_ = data_type_of(prepared.dtype, "weight_tensor")
    return Tensor(prepared, type_, prepared_for=preparation)


def prepare_bias(preparation: Preparation, bias: Any) -> Tensor:
    """The prepared bias, (1, 1, 1, O); `weights_dtype` rounds weights alone.

    Raises: ValueError naming the parameter.
    """
    array = bias_array(bias)
    if array is None:
        raise ValueError("bias_tensor: expected a tensor of floats or integers, got NoneType")
    prepared = prepare(preparation, array, array.dtype, is_bias=True)
    type_ = data_type_of(prepared.dtype, "bias_tensor")
    return Tensor(prepared, type_, prepared_for=preparation)


def prepare_conv_transpose2d_weights(
    *,
    weight_tensor: Any,
    input_memory_config: MemoryConfig = DRAM_MEMORY_CONFIG,
    input_layout: Layout = ROW_MAJOR_LAYOUT,
    weights_format: str = "IOHW",
    in_channels: int,
    out_channels: int,
    batch_size: int,
    input_height: int,
    input_width: int,
    kernel_size: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] | tuple[int, int, int, int] = (0, 0),
    output_padding: tuple[int, int] | None = None,
    dilation: tuple[int, int] = (1, 1),
    has_bias: bool = True,
    groups: int = 1,
    device: Device | None = None,
    input_dtype: DataType = DataType.FLOAT32,
    output_dtype: DataType | None = None,
    conv_config: Conv2dConfig | None = None,
    compute_config: DeviceComputeKernelConfig | None = None,
    dram_slice_config: Conv2dSliceConfig | None = None,
    mirror_kernel: bool = True,
) -> Tensor:
    """The form of a weight that the convolution consumes, (1, 1, KH*KW*C/G, O).

    Rows are (kh, kw, c within the group) of the kernel, after the flip where it is mirrored. The
    result remembers what it was prepared for and is refused with other parameters. It is
    read-only. TTNN's call has no `output_padding`: where it is None the weight goes with any.

    Raises: ValueError, the verifier's message behind the parameter's name.
    Source: TTNN's documentation of `ttnn.prepare_conv_transpose2d_weights`.
    """
    given = locals() | {"output_padding": (0, 0) if output_padding is None else output_padding}
    preparation = Preparation(
        read_parameters(given, conv_config, compute_config, dram_slice_config),
        output_padding is not None,
        truth("has_bias", has_bias),
        _stated("input_memory_config", input_memory_config, MemoryConfig),
        _stated("input_layout", input_layout, Layout),
        _stated("input_dtype", input_dtype, DataType),
        _stated("weights_format", weights_format, str),
    )
    check_device(device)
    check_kind("output_dtype", output_dtype, DataType)
    _warn_of_config(conv_config)
    return prepare_weight(preparation, weight_tensor, conv_config)


def prepare_conv_transpose2d_bias(
    *,
    bias_tensor: Any,
    input_memory_config: MemoryConfig = DRAM_MEMORY_CONFIG,
    input_layout: Layout = ROW_MAJOR_LAYOUT,
    in_channels: int,
    out_channels: int,
    batch_size: int,
    input_height: int,
    input_width: int,
    kernel_size: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] | tuple[int, int, int, int] = (0, 0),
    output_padding: tuple[int, int] | None = None,
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
    device: Device | None = None,
    input_dtype: DataType = DataType.FLOAT32,
    output_dtype: DataType | None = None,
    conv_config: Conv2dConfig | None = None,
    compute_config: DeviceComputeKernelConfig | None = None,
    dram_slice_config: Conv2dSliceConfig | None = None,
) -> Tensor:
    """The form of a bias that the convolution consumes, (1, 1, 1, O); its values stay.

    Raises: ValueError, the verifier's message behind the parameter's name.
    Source: TTNN's documentation of `ttnn.prepare_conv_transpose2d_bias`.
    """
    given = locals() | {
        "output_padding": (0, 0) if output_padding is None else output_padding,
        "mirror_kernel": True,
    }
    preparation = Preparation(
        read_parameters(given, conv_config, compute_config, dram_slice_config),
        output_padding is not None,
        True,
        _stated("input_memory_config", input_memory_config, MemoryConfig),
        _stated("input_layout", input_layout, Layout),
        _stated("input_dtype", input_dtype, DataType),
    )
    check_device(device)
    check_kind("output_dtype", output_dtype, DataType)
    return prepare_bias(preparation, bias_tensor)


def _stated(name: str, value: T, kind: type[T]) -> T:
    """`value`, if it is of a kind. Raises: ValueError naming the parameter."""
    if not isinstance(value, kind):
        raise ValueError(f"{name}: expected a {kind.__name__}, got {type(value).__name__}")
    return value


def _warn_of_config(config: Conv2dConfig | None) -> None:
    if config is not None:
        warn_of_block_formats({"conv_config.weights_dtype": config.weights_dtype})
