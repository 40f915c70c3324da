"""Poolings of `ttir` as those of `ttnn`, which take the flattened form alone."""

from __future__ import annotations

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from ...dialect import build, i32, ttnn
from ...dialect.geometry.shapes import flattened
from ...dialect.tensor_types import tensor_type
from ...dialect.ttir.attributes import read_ttir_padding
from ...dialect.ttir.pooling import AvgPool2dOp, Pool2dOp
from ...dialect.ttir.tensor import TensorOp


def _properties(op: Pool2dOp) -> dict[str, Attribute]:
    """What ttnn's op says; its four paddings are in ttir's order: top, left, bottom, right."""
    batch, height, width, channels = op.input_shape()
    rows, columns = op.axes()
    top, bottom, left, right = read_ttir_padding(op.padding)
    is_even = (top, left) == (bottom, right)
    sizes = {
        "batch_size": batch,
        "channels": channels,
        "input_height": height,
        "input_width": width,
    }
    lists = {
        "kernel_size": (rows.kernel, columns.kernel),
        "stride": (rows.stride, columns.stride),
        "dilation": (rows.dilation, columns.dilation),
        "padding": (top, left) if is_even else (top, left, bottom, right),
    }
    properties: dict[str, Attribute] = {
        **{name: i32.i32_attr(name, size, i32.SI32) for name, size in sizes.items()},
        **i32.properties(lists),
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
