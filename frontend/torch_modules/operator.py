"""`torch.ops.xdsl_ttnn.conv_transpose2d`: a torch operator that this project computes.

As a registered operator it keeps its place in a graph: what traces one sees its shape and its
gradient, and does not look inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..call.arrays import as_array, as_torch
from ..call.engine import Options, current_options, run
from ..call.modules import ArrayKind, ConvolutionKind
from ..call.parameters import Parameters
from ..graph import per_axis
from .forward_mode import is_dual
from .library import torch

NAME = "xdsl_ttnn::conv_transpose2d"

torch.library.define(
    NAME,
    "(Tensor input, Tensor weight, Tensor? bias, SymInt[2] stride, SymInt[2] padding, "
    "SymInt[2] output_padding, SymInt groups, SymInt[2] dilation, *, str? strategy=None, "
    "str? floor=None, str? backend=None, int? threads=None) -> Tensor",
    tags=(torch.Tag.pt2_compliant_tag,),
)


def choose_options(given: Mapping[str, Any]) -> Options:
    """The options in force, with those that are given (not None) in their place.

    Raises: ValueError for what there is not.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    return replace(current_options(), **chosen) if chosen else current_options()


def _compute(
    input: Any,
    weight: Any,
    bias: Any,
    stride: Sequence[int],
    padding: Sequence[int],
    output_padding: Sequence[int],
    groups: int,
    dilation: Sequence[int],
    **options: Any,
) -> Any:
    """The operator on the CPU; no tensor is copied on the way in or out."""
    if any(map(is_dual, (input, weight, bias))):
        raise ValueError(
            f"{NAME}: expected tensors without tangents, got one; "
            "xdsl_ttnn.frontend.torch_modules.conv_transpose2d takes those"
        )
    # N,C,H,W -> N,H,W,C and back, by strides alone: the result is torch.channels_last
    x, w = as_array(input.permute(0, 2, 3, 1), "input"), as_array(weight, "weight")
    b = None if bias is None else as_array(bias, "bias").reshape(1, 1, 1, -1)
    parameters = Parameters(
        in_channels=x.shape[3],
        out_channels=w.shape[1] * groups,
        batch_size=x.shape[0],
        input_height=x.shape[1],
        input_width=x.shape[2],
        kernel_size=w.shape[2:],
        stride=per_axis(stride, 2, "stride"),
        padding=per_axis(padding, 2, "padding"),
        output_padding=per_axis(output_padding, 2, "output_padding"),
        dilation=per_axis(dilation, 2, "dilation"),
        groups=groups,
    )
    kind = ConvolutionKind(
        parameters,
        ArrayKind(x.shape, x.dtype),
        ArrayKind(w.shape, w.dtype),
        None if b is None else ArrayKind(b.shape, b.dtype),
        result_dtype=x.dtype,
    )
    image = as_torch(run(kind, x, w, b, choose_options(options))).permute(0, 3, 1, 2)
    # Autograd lets nobody change a view that an operator returned: a tensor of its own over the
    # same memory may be changed in place.
    return torch.empty(0, dtype=image.dtype).set_(image)


def _shape(input: Any, weight: Any, bias: Any, *parameters: Any, **_options: Any) -> Any:
    """A tensor of the operator's shape, element type and strides, for what traces it."""
    like = torch.conv_transpose2d(input, weight, bias, *parameters)
    batch, channels, height, width = like.shape
    return like.new_empty((batch, height, width, channels)).permute(0, 3, 1, 2)


def _keep_for_backward(
    ctx: Any, inputs: tuple[Any, ...], keyword_only_inputs: Mapping[str, Any], output: Any
) -> None:
    input, weight, bias, *ctx.parameters = inputs
    ctx.bias_sizes = None if bias is None else list(bias.shape)
    ctx.save_for_backward(input, weight)


def _gradients(ctx: Any, gradient: Any) -> tuple[Any, ...]:
    """The gradients of input, weight and bias: torch's own."""
    stride, padding, output_padding, groups, dilation = ctx.parameters
    gradients = torch.ops.aten.convolution_backward(
        gradient,
        *ctx.saved_tensors,
        ctx.bias_sizes,
        stride,
        padding,
        dilation,
        True,
        output_padding,
        groups,
        list(ctx.needs_input_grad[:3]),
    )
    return (*gradients, *(None for _ in ctx.parameters))


torch.library.impl(NAME, "cpu", _compute)
torch.library.register_fake(NAME, _shape)
torch.library.register_autograd(NAME, _gradients, setup_context=_keep_for_backward)

conv_transpose2d_operator: Any = torch.ops.xdsl_ttnn.conv_transpose2d.default
