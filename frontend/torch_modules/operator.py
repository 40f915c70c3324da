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
from .forward_mode import is_dual
from .library import torch
from .refusals import Call, check_operands

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
    """The operator on the CPU; no tensor is copied on the way in or out.

    Raises: Refused for what torch refuses; ValueError for options that there are not.
    """
    if any(map(is_dual, (input, weight, bias))):
        raise ValueError(
            f"{NAME}: expected tensors without tangents, got one; "
            "xdsl_ttnn.frontend.torch_modules.conv_transpose2d takes those"
        )
    call = Call.read(stride, padding, output_padding, groups, dilation)
    check_operands(input, weight, bias, call)
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
        stride=call.stride,
        padding=call.padding,
        output_padding=call.output_padding,
        dilation=call.dilation,
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
    call = Call.read(*parameters)
    check_operands(input, weight, bias, call)
    height, width = (axis.output_size for axis in call.axes(input, weight))
    made = input.new_empty((input.shape[0], height, width, weight.shape[1] * call.groups))
    return made.permute(0, 3, 1, 2)


def _keep_for_backward(
    ctx: Any, inputs: tuple[Any, ...], keyword_only_inputs: Mapping[str, Any], output: Any
) -> None:
    input, weight, bias, *parameters = inputs
    ctx.call = Call.read(*parameters)
    ctx.bias_sizes = None if bias is None else list(bias.shape)
    ctx.save_for_backward(input, weight)


def _gradients(ctx: Any, gradient: Any) -> tuple[Any, ...]:
    """The gradients of input, weight and bias: torch's own; none of the five parameters."""
    input, weight = ctx.saved_tensors
    gradients = _torch_gradients(ctx, gradient, input, weight, ctx.call)
    return (*gradients, *[None] * 5)


def _torch_gradients(ctx: Any, gradient: Any, input: Any, weight: Any, call: Call) -> list[Any]:
    wanted = list(ctx.needs_input_grad[:3])
    bias_gradient = None
    if call.is_beyond_torch:
        # The same without padding: zeros for what was cut off, and without the rows of bias.
        bias_gradient = gradient.sum((0, 2, 3)) if wanted[2] else None
        height, width = call.axes(input, weight)
        around = [
            amount
            for axis in (width, height)
            for amount in (axis.pad_low, axis.pad_high - axis.output_padding)
        ]
        gradient = torch.nn.functional.pad(gradient, around)
        call = replace(call, padding=(0, 0), output_padding=(0, 0))
        wanted[2] = False
    gradients = torch.ops.aten.convolution_backward(
        gradient,
        input,
        weight,
        ctx.bias_sizes,
        call.stride,
        call.padding,
        call.dilation,
        True,
        call.output_padding,
        call.groups,
        wanted,
    )
    return [*gradients[:2], gradients[2] if bias_gradient is None else bias_gradient]


torch.library.impl(NAME, "cpu", _compute)
torch.library.register_fake(NAME, _shape)
torch.library.register_autograd(NAME, _gradients, setup_context=_keep_for_backward)

conv_transpose2d_operator: Any = torch.ops.xdsl_ttnn.conv_transpose2d.default
