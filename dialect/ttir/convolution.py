"""What the convolutions of tt-mlir's `ttir` dialect, the floor above `ttnn`, have in common.

They have no custom syntax: tt-mlir's tools print the generic form. Source: tt-mlir, TTIROps.td.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import DYNAMIC_INDEX, I32, I64, IntegerAttr
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    base,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from ..geometry.plain import Conv2dGeometry
from ..geometry.transposed import ConvTranspose2dGeometry
from ..tensor_types import AnyTensor, agrees, fail, shape_of, shape_text, shapes_agree
from ..ttnn.element_types import verify_element_types
from .attributes import (
    DimensionOrder,
    FlattenedCompatAttr,
)

EMPTY_OPS = ("ttir.empty", "tensor.empty")
"""Ops that make the destination of an op of the older, destination-passing form."""

FLATTENED_DIMENSION = 2
"""Where N*H*W stands in the flattened form."""


class Convolution(IRDLOperation, ABC):
    """What both convolutions have in common.

    Older files pass a tensor for the result as the last operand, whose values are not read.
    """

    input = operand_def(AnyTensor)
    """A tensor with its dimensions where `batch_dim` and so on say; by default (N, H, W, C)."""
    weight = operand_def(AnyTensor)
    bias_and_destination = var_operand_def(AnyTensor)
    """The bias, with O values along `channel_dim`, and the destination; both optional."""
    stride = prop_def(AnyAttr())
    padding = prop_def(AnyAttr())
    dilation = prop_def(AnyAttr())
    groups = prop_def(IntegerAttr[I32])
    batch_dim = opt_prop_def(IntegerAttr[I64])
    height_dim = opt_prop_def(IntegerAttr[I64])
    width_dim = opt_prop_def(IntegerAttr[I64])
    channel_dim = opt_prop_def(IntegerAttr[I64])
    flattened_compat_info = opt_prop_def(base(FlattenedCompatAttr))
    result = result_def(AnyTensor)
    """In the order of the input."""

    traits = traits_def(Pure())

    @property
    def order(self) -> DimensionOrder:
        """Where the dimensions of input, bias and result stand."""
        attributes = (self.batch_dim, self.height_dim, self.width_dim, self.channel_dim)
        given = (None if attribute is None else attribute.value.data for attribute in attributes)
        return DimensionOrder(
            *(default if value is None else value for default, value in enumerate(given))
        )

    @property
    def destination(self) -> SSAValue | None:
        """The last operand of the older form.

        With three operands it is told from a bias by its type, which is the result's. Where a bias
        could have that type too, a tensor that nobody filled is the destination: no program reads
        one.
        """
        rest = self.bias_and_destination
        if len(rest) != 1:
            return rest[1] if len(rest) == 2 else None
        (last,) = rest
        if last.type != self.result.type:
            return None
        is_unfilled = isinstance(last.owner, Operation) and last.owner.name in EMPTY_OPS
        return last if is_unfilled or not self._is_bias_shape(shape_of(last)) else None

    @property
    def bias(self) -> SSAValue | None:
        """The bias, if the op has one."""
        rest = self.bias_and_destination
        return rest[0] if rest and rest[0] is not self.destination else None

    def _is_bias_shape(self, shape: Sequence[int]) -> bool:
        channel = self.order.channel
        return len(shape) != 4 or all(
            size == 1 for axis, size in enumerate(shape) if axis != channel
        )

    @abstractmethod
    def geometry(self) -> ConvTranspose2dGeometry | Conv2dGeometry:
        """Shapes and amounts, read from attributes and operand types. Raises: ValueError."""

    @property
    def input_sizes(self) -> tuple[int, int, int]:
        """(batch, height, width) of the input."""
        if self.flattened_compat_info is not None:
            return self.flattened_compat_info.sizes
        shape, order = shape_of(self.input), self.order
        return (shape[order.batch], shape[order.height], shape[order.width])


def verify_operands(op: Convolution) -> None:
    if len(op.bias_and_destination) > 2:
        fail(op, f"expected 2 to 4 operands, got {len(op.operands)}")
    order = op.order.to_nhwc
    if sorted(order) != [0, 1, 2, 3]:
        fail(
            op,
            "expected batch_dim, height_dim, width_dim and channel_dim to be 0, 1, 2 and 3 in some "
            f"order, got {', '.join(map(str, order))}",
        )
    for name, value in (
        ("Input", op.input),
        ("Output", op.result),
        ("Weight", op.weight),
        ("Bias", op.bias),
    ):
        if value is not None and len(shape_of(value)) != 4:
            fail(op, f"{name} must be a 4D tensor")
    destination = op.destination
    if destination is not None and destination.type != op.result.type:
        fail(op, f"expected a destination of type {op.result.type}, got {destination.type}")


def verify_flattened_input(op: Convolution) -> None:
    info = op.flattened_compat_info
    if info is None:
        return
    batch, height, width = info.sizes
    expected, actual = prod(info.sizes), shape_of(op.input)[FLATTENED_DIMENSION]
    if not agrees(actual, expected):
        fail(
            op,
            f"The input tensor's flattened dimension ({actual}) does not match the product of "
            "batch_size * input_height * input_width from FlattenedCompatInfo "
            f"({batch} * {height} * {width} = {expected}).",
        )
    if not op.order.is_nhwc:
        got = ", ".join(map(str, op.order.to_nhwc))
        fail(op, f"expected the default order of dimensions where flattened, got {got}")
    for name, value in (("input", op.input), ("output", op.result)):
        if not shapes_agree(front := shape_of(value)[:2], (1, 1)):
            fail(
                op,
                f"expected the first two dimensions of a flattened {name} to be (1, 1), "
                f"got {shape_text(front)}",
            )


def verify_groups_and_sizes(op: Convolution) -> None:
    """What tt-mlir takes for granted: nothing is divided by zero, no kernel or image is empty."""
    _, height, width = op.input_sizes
    checks = (
        ("groups", (op.groups.value.data,)),
        ("an input size", (height, width)),
        ("a weight", shape_of(op.weight)),
    )
    for name, sizes in checks:
        if any(size < 1 and size != DYNAMIC_INDEX for size in sizes):
            what = "'groups'" if name == "groups" else name
            fail(op, f"expected {what} of at least 1, got {', '.join(map(str, sizes))}")


def channels_of(op: Convolution) -> tuple[int, int]:
    place = op.order.channel
    return shape_of(op.input)[place], shape_of(op.result)[place]


def verify_bias_form(op: Convolution, shape: Sequence[int], channels: int) -> None:
    expected = [1, 1, 1, 1]
    expected[op.order.channel] = channels
    if not shapes_agree(shape, expected):
        fail(op, f"expected a bias of shape {shape_text(expected)}, got {shape_text(shape)}")


def verify_types(op: Convolution) -> None:
    values = {"input": op.input, "weight": op.weight, "result": op.result}
    if op.bias is not None:
        values["bias"] = op.bias
    verify_element_types(op, values)
