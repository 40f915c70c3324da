"""What torch's functions of transposed convolution refuse is refused here, before it is computed.

The same for real tensors and for those without elements, by which torch traces. One thing is taken
that torch refuses: an output padding of the stride and more, whose rows hold the bias.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import index
from typing import Any

from ...dialect.geometry.transposed import TransposedAxis
from ..call.numbers import I32_LIMIT
from ..graph import per_axis
from .library import torch

Sizes = int | Sequence[int]

ELEMENT_TYPES = (
    *("float32", "bfloat16", "float16", "float64"),
    *("int8", "int16", "int32", "int64", "uint8"),
)
DTYPES = frozenset(getattr(torch, name) for name in ELEMENT_TYPES)
"""torch's types of elements that are taken."""


class Refused(RuntimeError, ValueError):
    """What torch refuses with a RuntimeError; a ValueError, as everything refused here."""


def require(condition: Any, message: Callable[[], str]) -> None:
    """Raises: Refused where a condition does not hold.

    One on sizes that are not known yet is kept, for torch to check when they are.
    """
    if condition is True:
        return
    if isinstance(condition, torch.SymBool):
        torch._check(condition, message)
    elif not condition:
        raise Refused(message())


def check_tensors(function: str, **operands: Any) -> None:
    """Raises: TypeError for what is no tensor; a bias may be None."""
    for name, operand in operands.items():
        if not isinstance(operand, torch.Tensor) and not (name == "bias" and operand is None):
            got = type(operand).__name__
            raise TypeError(f"{function}: {name}: expected a Tensor, got {got}")


def read_sizes(value: Any, axes: int, what: str) -> tuple[Any, ...]:
    """One whole number for each spatial axis, from a number, a list of one, or of all.

    Raises: TypeError for what is no whole number, Refused for a list of another length.
    """
    if isinstance(value, str):
        whole(value, what)
    try:
        given = per_axis(value, axes, what)
    except ValueError as error:
        raise Refused(str(error)) from None
    return tuple(whole(number, what) for number in given)


def whole(value: Any, what: str) -> Any:
    """A whole number, known or not. Raises: TypeError."""
    if isinstance(value, torch.SymInt):
        return value
    try:
        number = index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(f"{what}: expected a whole number, got {value!r}")
    return number


def check_range(what: str, values: Sequence[Any], least: int) -> None:
    """Raises: Refused for a number below the least, or of more than 32 bits."""
    for value in values:
        require(value >= least, lambda: f"{what}: expected at least {least}, got {list(values)}")
        require(value < I32_LIMIT, lambda: f"{what}: expected 32 bits, got {list(values)}")


@dataclass(frozen=True)
class Call:
    """The parameters of torch's function, two of each, height first."""

    stride: tuple[int, ...]
    padding: tuple[int, ...]
    output_padding: tuple[int, ...]
    groups: int
    dilation: tuple[int, ...]

    @staticmethod
    def read(stride: Sizes, padding: Sizes, extra: Sizes, groups: int, dilation: Sizes) -> Call:
        """Raises: Refused for what is out of range or a list of another length."""
        call = Call(
            read_sizes(stride, 2, "stride"),
            read_sizes(padding, 2, "padding"),
            read_sizes(extra, 2, "output_padding"),
            groups,
            read_sizes(dilation, 2, "dilation"),
        )
        check_range("stride", call.stride, 1)
        check_range("padding", call.padding, 0)
        check_range("output_padding", call.output_padding, 0)
        check_range("groups", (groups,), 1)
        check_range("dilation", call.dilation, 1)
        return call

    def axes(self, input: Any, weight: Any) -> tuple[TransposedAxis, TransposedAxis]:
        """The axes of a convolution of images (N, C, H, W) with a weight (C, O/G, KH, KW)."""
        height, width = (
            TransposedAxis(size, kernel, stride, pad, pad, dilation, extra)
            for size, kernel, stride, pad, dilation, extra in zip(
                input.shape[2:],
                weight.shape[2:],
                self.stride,
                self.padding,
                self.dilation,
                self.output_padding,
                strict=True,
            )
        )
        return height, width

    @property
    def is_beyond_torch(self) -> bool:
        """Whether torch refuses the output padding."""
        rows = zip(self.output_padding, self.stride, self.dilation, strict=True)
        return any(extra >= max(stride, dilation) for extra, stride, dilation in rows)


def check_operands(input: Any, weight: Any, bias: Any, call: Call) -> None:
    """Raises: Refused for operands that do not fit together, as torch's own function does."""
    require(input.dim() == 4, lambda: f"input: expected (N, C, H, W), got {shown(input)}")
    require(weight.dim() == 4, lambda: f"weight: expected (C, O/G, KH, KW), got {shown(weight)}")
    _check_types(input, weight, bias)
    _check_channels(input, weight, bias, call.groups)
    height, width = input.shape[2:]
    require(height >= 1, lambda: f"input: expected at least one row, got {shown(input)}")
    require(width >= 1, lambda: f"input: expected at least one column, got {shown(input)}")
    rows, columns = (axis.output_size for axis in call.axes(input, weight))
    for size in (rows, columns):
        require(size >= 1, lambda: f"expected an output of at least 1x1, got {rows}x{columns}")


def _check_channels(input: Any, weight: Any, bias: Any, groups: int) -> None:
    channels, per_group, *kernel = weight.shape
    outputs = per_group * groups
    require(
        channels >= groups and channels % groups == 0,
        lambda: f"groups: expected a divisor of {channels} input channels, got {groups}",
    )
    require(
        input.shape[1] == channels,
        lambda: f"input: expected {channels} channels, as the weight has, got {shown(input)}",
    )
    require(
        per_group >= 1 and min(kernel) >= 1,
        lambda: f"weight: expected output channels and taps, got {shown(weight)}",
    )
    if bias is not None:
        require(
            bias.dim() == 1 and bias.shape[0] == outputs,
            lambda: f"bias: expected ({outputs},), one a channel, got {shown(bias)}",
        )


def _check_types(input: Any, weight: Any, bias: Any) -> None:
    """The weight is of the input's type; a bias of floats may be of other floats."""
    kind = input.dtype
    if kind not in DTYPES:
        raise Refused(f"input: expected {', '.join(ELEMENT_TYPES)}, got {kind}")
    if weight.dtype != kind:
        raise Refused(f"weight: expected elements of {kind}, as the input has, got {weight.dtype}")
    if bias is None or bias.dtype == kind:
        return
    if not (kind.is_floating_point and bias.dtype in DTYPES and bias.dtype.is_floating_point):
        raise Refused(f"bias: expected elements of {kind}, as the input has, got {bias.dtype}")


def shown(tensor: Any) -> str:
    """The sizes of a tensor: `2x3x4`."""
    return "x".join(map(str, tensor.shape)) or "a scalar"
