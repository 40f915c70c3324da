"""torch's functions of transposed convolution, with their parameters and orders, on the operator.

Each takes the place of the torch function whose parameters it has. Beside them it takes the options
`strategy`, `floor`, `backend` and `threads`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .forward_mode import with_tangent
from .library import torch
from .operator import conv_transpose2d_operator

Sizes = int | Sequence[int]


def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
    **options: Any,
) -> Any:
    """`torch.nn.functional.conv_transpose2d`: (N, C, H, W) or (C, H, W), weight (C, O/G, KH, KW).

    Under `torch.autocast` the operands are cast first, as torch casts them.
    """
    sizes = (_sizes(stride), _sizes(padding), _sizes(output_padding), groups, _sizes(dilation))

    def convolve(input: Any, weight: Any, bias: Any) -> Any:
        return conv_transpose2d_operator(input, weight, bias, *sizes, **options)

    input, weight, bias = _autocast(input, weight, bias)
    if input.dim() == 4:
        return with_tangent(convolve, input, weight, bias)
    return with_tangent(convolve, input.unsqueeze(0), weight, bias).squeeze(0)


def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
    **options: Any,
) -> Any:
    """`torch.nn.functional.conv_transpose1d`: the 2-D operator on images of height 1."""
    result = conv_transpose2d(
        input.unsqueeze(-2),
        weight.unsqueeze(-2),
        bias,
        (1, _size(stride)),
        (0, _size(padding)),
        (0, _size(output_padding)),
        groups,
        (1, _size(dilation)),
        **options,
    )
    return result.squeeze(-2)


def convolution(
    input: Any,
    weight: Any,
    bias: Any,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    transposed: bool,
    output_padding: Sizes,
    groups: int,
    **options: Any,
) -> Any:
    """`torch.convolution` of a transposed one: its parameters come in another order."""
    function = conv_transpose1d if weight.dim() == 3 else conv_transpose2d
    return function(
        input, weight, bias, stride, padding, output_padding, groups, dilation, **options
    )


def _sizes(value: Sizes) -> Sequence[int]:
    """(height, width) of a parameter that may be one number for both."""
    if isinstance(value, Sequence):
        return value if len(value) == 2 else (value[0], value[0])
    return (value, value)


def _size(value: Sizes) -> int:
    """The one number of a parameter of the 1-D function."""
    return value[0] if isinstance(value, Sequence) else value


def _autocast(*tensors: Any) -> Sequence[Any]:
    if not torch.is_autocast_enabled("cpu"):
        return tensors
    dtype = torch.get_autocast_dtype("cpu")
    return [
        tensor.to(dtype)
        if tensor is not None and tensor.is_floating_point() and tensor.dtype != torch.float64
        else tensor
        for tensor in tensors
    ]
