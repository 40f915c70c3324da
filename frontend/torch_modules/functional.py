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
from .refusals import Refused, Sizes, check_tensors, read_sizes, shown, whole


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
    Raises: TypeError and RuntimeError where torch does, but for an output padding of the stride and
    more; the latter is a ValueError too, as is what is raised for options that there are not.
    """
    check_tensors("conv_transpose2d", input=input, weight=weight, bias=bias)
    sizes = (
        read_sizes(stride, 2, "stride"),
        read_sizes(padding, 2, "padding"),
        read_sizes(output_padding, 2, "output_padding"),
        whole(groups, "groups"),
        read_sizes(dilation, 2, "dilation"),
    )

    def convolve(input: Any, weight: Any, bias: Any) -> Any:
        return conv_transpose2d_operator(input, weight, bias, *sizes, **options)

    if input.dim() not in (3, 4):
        raise Refused(f"input: expected (C, H, W) or (N, C, H, W), got {shown(input)}")
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
    """`torch.nn.functional.conv_transpose1d`: the 2-D operator on images of height 1.

    Raises: as `conv_transpose2d`.
    """
    check_tensors("conv_transpose1d", input=input, weight=weight, bias=bias)
    if input.dim() not in (2, 3) or weight.dim() != 3:
        got = f"{shown(input)} and {shown(weight)}"
        raise Refused(f"input: expected (C, W) or (N, C, W) and a weight of rank 3, got {got}")
    result = conv_transpose2d(
        input.unsqueeze(-2),
        weight.unsqueeze(-2),
        bias,
        (1, *read_sizes(stride, 1, "stride")),
        (0, *read_sizes(padding, 1, "padding")),
        (0, *read_sizes(output_padding, 1, "output_padding")),
        groups,
        (1, *read_sizes(dilation, 1, "dilation")),
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
