"""Poolings of `ttir` as those of `ttnn`, which take the flattened form alone."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerAttr, IntegerType, Signedness, TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from ...dialect import ttnn
from ...dialect.geometry import flattened
from ...dialect.ttir_attributes import read_ttir_padding
from ...dialect.ttir_pooling import AvgPool2dOp, Pool2dOp
from ...dialect.ttir_tensor import TensorOp
from ...dialect.verify_shapes import tensor_type
from ...passes import build


def _si32(value: int) -> IntegerAttr[IntegerType]:
    return IntegerAttr(value, IntegerType(32, Signedness.SIGNED))


def _properties(op: Pool2dOp) -> dict[str, Attribute]:
    """What ttnn's op says; its four paddings are in ttir's order: top, left, bottom, right."""
    batch, height, width, channels = op.input_shape()
    rows, columns = op.axes()
    top, bottom, left, right = read_ttir_padding(op.padding)
    is_even = (top, left) == (bottom, right)
    properties: dict[str, Attribute] = {
        "batch_size": _si32(batch),
        "channels": _si32(channels),
        "input_height": _si32(height),
        "input_width": _si32(width),
        "kernel_size": build.i32_array((rows.kernel, columns.kernel)),
        "stride": build.i32_array((rows.stride, columns.stride)),
        "dilation": build.i32_array((rows.dilation, columns.dilation)),
        "padding": build.i32_array((top, left) if is_even else (top, left, bottom, right)),
        "ceil_mode": op.ceil_mode,
    }
    if isinstance(op, AvgPool2dOp):
        properties["count_include_pad"] = op.count_include_pad
    return properties


def pooled(op: TensorOp) -> SSAValue:
    """The pooling of that name between reshapes to and from the flattened form."""
    assert isinstance(op, Pool2dOp)
    kind: type[Operation] = ttnn.AvgPool2dOp if isinstance(op, AvgPool2dOp) else ttnn.MaxPool2dOp
    declared, properties = tensor_type(op.result), _properties(op)
    if op.flattened_compat_info is not None:
        return build.create(kind, op.inputs, properties, declared, "pooled")
    output = op.geometry().output_shape
    pixels = build.reshape(op.inputs[0], flattened(op.input_shape()), "pixels")
    flat_type = TensorType(declared.element_type, flattened(output))
    result = build.create(kind, [pixels], properties, flat_type, "pooled")
    return build.reshape(result, output, "image", declared)
