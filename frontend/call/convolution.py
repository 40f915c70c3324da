"""`ttnn.conv_transpose2d` as TTNN documents it."""

from __future__ import annotations

from typing import Any

from ...dialect.geometry.shapes import flattened
from ...dialect.numpy_types import Array, DType
from .arrays import as_array, like
from .configs import Conv2dConfig, Conv2dSliceConfig, DeviceComputeKernelConfig
from .devices import Device, check_device
from .engine import run, run_prepared
from .enums import DataType, Layout, MemoryConfig
from .modules import ArrayKind, ConvolutionKind
from .numbers import check_kind, truth, whole_number
from .parameters import Parameters, read_parameters
from .preparation import Preparation
from .prepare import bias_array, prepare_bias, prepare_weight, warn_of_block_formats
from .tensors import Tensor


def conv_transpose2d(
    *,
    input_tensor: Any,
    weight_tensor: Any,
    device: Device | None = None,
    in_channels: int,
    out_channels: int,
    batch_size: int,
    input_height: int,
    input_width: int,
    kernel_size: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] | tuple[int, int, int, int] = (0, 0),
    output_padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
    dtype: DataType | None = None,
    bias_tensor: Any = None,
    conv_config: Conv2dConfig | None = None,
    compute_config: DeviceComputeKernelConfig | None = None,
    memory_config: MemoryConfig | None = None,
    dram_slice_config: Conv2dSliceConfig | None = None,
    mirror_kernel: bool = True,
    queue_id: int = 0,
    return_output_dim: bool = False,
    return_weights_and_bias: bool = False,
) -> Any:
    """A 2-D transposed convolution.

    Tensors are this module's own, NumPy arrays, or torch tensors; the result is of the kind that
    `input_tensor` is. Shapes: input (N, H, W, C) or flattened (1, 1, N*H*W, C); weight (C, O/G, KH,
    KW), or a prepared one; bias (O,) or (1, 1, 1, O); result (N, H_out, W_out, O), flattened where
    the input is. Pairs are (height, width), padding is (height, width) or (top, bottom, left,
    right), all in elements. `mirror_kernel` true takes the kernel that torch takes; false one that
    is flipped already. `dtype` is the result's, else the input's. `memory_config` and the layout in
    `conv_config` are noted on the result; they, `queue_id` and `dram_slice_config` have no effect
    on values.

    Returns: the result; with `return_output_dim` also (H_out, W_out); with
    `return_weights_and_bias` also the prepared (weight, bias), bias None where there is none.
    Raises: ValueError, the verifier's message behind the parameter's name.
    Source: TTNN's documentation of `ttnn.conv_transpose2d`.

    Example: a 2x2 kernel of ones at stride 2 repeats every pixel of a (1, 4, 4, 1) image twice in
    each direction: `conv_transpose2d(input_tensor=x, weight_tensor=np.ones((1, 1, 2, 2)), ...,
    kernel_size=(2, 2), stride=(2, 2))` has shape (1, 8, 8, 1).
    """
    parameters = read_parameters(locals(), conv_config, compute_config, dram_slice_config)
    check_device(device)
    if whole_number("queue_id", queue_id) < 0:
        raise ValueError(f"queue_id: expected at least 0, got {queue_id}")
    check_kind("memory_config", memory_config, MemoryConfig)
    x, b = as_array(input_tensor, "input_tensor"), bias_array(bias_tensor)
    type_ = _result_type(dtype, conv_config)
    result_dtype = x.dtype if type_ is None else type_.numpy
    result = _convolve(parameters, x, weight_tensor, b, result_dtype, conv_config)
    output = _as_given(
        result.reshape(_result_shape(result, x, parameters)),
        input_tensor,
        type_,
        memory_config,
        conv_config,
    )
    if not (truth("return_output_dim", return_output_dim) or return_weights_and_bias):
        return output
    answer: list[Any] = [output]
    if return_output_dim:
        answer.append(result.shape[1:3])
    if truth("return_weights_and_bias", return_weights_and_bias):
        preparation = Preparation(parameters, has_bias=b is not None)
        answer.append(_prepared_pair(preparation, weight_tensor, bias_tensor, conv_config))
    return tuple(answer)


def _result_type(dtype: DataType | None, config: Conv2dConfig | None) -> DataType | None:
    """The result's data type, where one is asked for; older releases have it in the config."""
    check_kind("dtype", dtype, DataType)
    if dtype is None and config is not None:
        dtype = config.dtype
    weights_dtype = config.weights_dtype if config is not None else None
    warn_of_block_formats({"dtype": dtype, "conv_config.weights_dtype": weights_dtype})
    return dtype


def _convolve(
    parameters: Parameters,
    x: Array,
    weight_tensor: Any,
    b: Array | None,
    result_dtype: DType,
    config: Conv2dConfig | None,
) -> Array:
    """The result, (N, H_out, W_out, O)."""
    w = as_array(weight_tensor, "weight_tensor")
    preparation = weight_tensor.prepared_for if isinstance(weight_tensor, Tensor) else None
    kind = ConvolutionKind(
        parameters,
        ArrayKind(x.shape, x.dtype),
        ArrayKind(w.shape, w.dtype),
        ArrayKind(b.shape, b.dtype) if b is not None else None,
        result_dtype,
        is_prepared=preparation is not None,
    )
    if preparation is None:
        return run(kind, x, w, b)
    wanted = config.weights_dtype if config is not None else None
    if wanted is not None and wanted.numpy != w.dtype:
        raise ValueError(
            f"weight_tensor: expected a weight prepared for weights_dtype = {wanted.name}, "
            f"got one of {weight_tensor.dtype.name}"
        )
    return run_prepared(kind, x, weight_tensor, b)


def _result_shape(result: Array, x: Array, parameters: Parameters) -> tuple[int, ...]:
    """The result's shape as it is returned: flattened where only the flattened input fits."""
    sizes = (parameters.batch_size, parameters.input_height, parameters.input_width)
    return result.shape if x.shape[:3] == sizes else flattened(result.shape)


def _as_given(
    result: Array,
    input_tensor: Any,
    type_: DataType | None,
    memory_config: MemoryConfig | None,
    config: Conv2dConfig | None,
) -> Any:
    """The result as the kind of thing that the input is."""
    if not isinstance(input_tensor, Tensor):
        return like(result, input_tensor)
    return Tensor(
        result,
        type_ or input_tensor.dtype,
        config.output_layout if config is not None else Layout.TILE,
        memory_config or input_tensor.placed,
        input_tensor.on,
    )


def _prepared_pair(
    preparation: Preparation,
    weight_tensor: Any,
    bias_tensor: Any,
    conv_config: Conv2dConfig | None,
) -> tuple[Tensor, Tensor | None]:
    weight = weight_tensor
    if not isinstance(weight, Tensor) or weight.prepared_for is None:
        weight = prepare_weight(preparation, weight, conv_config)
    if bias_tensor is None:
        return weight, None
    if isinstance(bias_tensor, Tensor) and bias_tensor.prepared_for is not None:
        return weight, bias_tensor
    return weight, prepare_bias(preparation, bias_tensor)
