"""Verifiers of the convolutions.

Where tt-mlir has the same check its wording is kept (negative tests look for it), with what was
expected and got where tt-mlir gives numbers; the stricter checks speak in this project's words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import AnyFloat, IntegerType
from xdsl.ir import Attribute, Operation, SSAValue

from ..geometry.shapes import flattened
from ..geometry.transposed import ConvTranspose2dGeometry
from ..tensor_types import (
    agrees,
    element_type_of,
    fail,
    shape_of,
    shape_text,
    shapes_agree,
)
from ..text.names import op_name
from ..ttcore import LoadCachedOp
from ..ttcore.attributes import DataTypeAttr, TileType
from ..unregistered import is_opaque
from .convolution import Conv2dOp, Convolution, ConvTranspose2dOp, Transposed
from .prepared_weights import differing_attribute, find_prepare_op, op_behind_prepare

ELEMENT_TYPE_NAMES = {
    "f32": "f32",
    "f16": "f16",
    "bf16": "bf16",
    "u32": "ui32",
    "u16": "ui16",
    "u8": "ui8",
    "si32": "si32",
}
"""Element types by the data types that name the same thing; block formats have none."""


def verify_conv_transpose2d(op: ConvTranspose2dOp) -> None:
    """All checks of `ttnn.conv_transpose2d`, in tt-mlir's order."""
    verify_ranks(op)
    verify_attribute_lengths(op)
    _verify_channel_attributes(op)
    verify_input_form(op)
    verify_value_ranges(op)
    _verify_groups(op)
    _verify_weight(op)
    verify_bias_and_dtypes(op)
    _verify_result(op)


def verify_ranks(op: ConvTranspose2dOp | Conv2dOp) -> None:
    values = [("Input", op.input), ("Output", op.result), ("Weight", op.weight)]
    if op.bias is not None:
        values.append(("Bias", op.bias))
    for name, value in values:
        if len(shape_of(value)) != 4:
            fail(op, f"{name} must be a 4D tensor", name.lower())


def verify_attribute_lengths(op: Convolution) -> None:
    """Two values a list attribute, two or four for padding; the output padding is mandatory."""
    lists = [("kernel_size", op.kernel_size), ("stride", op.stride), ("dilation", op.dilation)]
    if isinstance(op, ConvTranspose2dOp):
        if op.output_padding is None:
            fail(op, "expected property 'output_padding', got none", "output_padding")
        lists.append(("output_padding", op.output_padding))
    for name, attribute in lists:
        if len(attribute) != 2:
            fail(op, f"expected 2 values in '{name}', got {len(attribute)}", name)
    if len(op.padding) not in (2, 4):
        fail(op, f"expected 2 or 4 values in 'padding', got {len(op.padding)}", "padding")


def _verify_channel_attributes(op: ConvTranspose2dOp) -> None:
    in_channels, out_channels, _ = op.channel_counts
    if not agrees(shape_of(op.input)[3], in_channels):
        fail(
            op,
            "Input channels attribute must match the last dimension of the input tensor",
            "in_channels",
        )
    if not agrees(shape_of(op.result)[3], out_channels):
        fail(
            op,
            "Output channels attribute match the last dimension of the output tensor",
            "out_channels",
        )


def verify_input_form(op: ConvTranspose2dOp) -> None:
    """The input is (N, H, W, C) or flattened; tt-mlir tells them apart by the third dimension."""
    batch, height, width = op.input_sizes
    shape = shape_of(op.input)
    if agrees(shape[2], batch * height * width) and not shapes_agree(
        shape[:3], (batch, height, width)
    ):
        _verify_flattened_front(op, "input", shape)
        return
    expected = (("Batch size", "first"), ("Input height", "second"), ("Input width", "third"))
    sizes = (batch, height, width)
    for (name, place), size, attribute in zip(expected, shape, sizes, strict=False):
        if not agrees(size, attribute):
            fail(
                op,
                f"{name} attribute must match the {place} dimension of the input tensor",
                name.lower().replace(" ", "_"),
            )


def _verify_flattened_front(op: ConvTranspose2dOp, what: str, shape: Sequence[int]) -> None:
    if not shapes_agree(shape[:2], (1, 1)):
        got = shape_text(shape[:2])
        fail(
            op,
            f"expected the first two dimensions of a flattened {what} to be (1, 1), got {got}",
            what,
        )


def verify_value_ranges(op: Transposed) -> None:
    checks: list[tuple[str, Sequence[int], int]] = [
        ("stride", op.stride.get_values(), 1),
        ("padding", op.padding.get_values(), 0),
        ("output padding", op.output_padding.get_values() if op.output_padding else (), 0),
        ("dilation", op.dilation.get_values(), 1),
    ]
    for name, values, minimum in checks:
        if any(value < minimum for value in values):
            fail(
                op,
                f"Attribute '{name}' contains a value less than: {minimum}",
                name.replace(" ", "_"),
            )
    batch, height, width = op.input_sizes
    in_channels, out_channels, groups = op.channel_counts
    kernel = op.kernel_size.get_values()
    own_checks: list[tuple[str, Sequence[int], int]] = [
        ("groups", (groups,), 1),
        ("kernel_size", kernel, 1),
        ("input_height", (height,), 1),
        ("input_width", (width,), 1),
        ("in_channels", (in_channels,), 1),
        ("out_channels", (out_channels,), 1),
        ("batch_size", (batch,), 0),
    ]
    for name, values, minimum in own_checks:
        if any(value < minimum for value in values):
            got = ", ".join(map(str, values))
            fail(op, f"expected '{name}' of at least {minimum}, got {got}", name)


def _verify_groups(op: ConvTranspose2dOp) -> None:
    in_channels, out_channels, groups = op.channel_counts
    for what, channels in (("input", in_channels), ("output", out_channels)):
        if channels % groups:
            fail(
                op,
                f"Number of {what} channels from {what} tensor must be divisible by the number of "
                f"groups. Got {channels} {what} channels and {groups} groups.",
                "groups",
            )


def _verify_weight(op: ConvTranspose2dOp) -> None:
    shape, geometry = shape_of(op.weight), op.geometry()
    prepared = find_prepare_op(op.weight)
    if prepared is not None:
        difference = differing_attribute(op, prepared)
        if difference is not None:
            name, mine, theirs = difference
            fail(
                op,
                f"expected a weight prepared for {name} = {mine}, got one for {theirs}",
                "weight",
            )
        return
    behind = op_behind_prepare(op.weight)
    if behind is not None:
        fail(
            op,
            "expected a prepared weight directly from the op that prepares it or through "
            f"ttcore.load_cached, got what '{op_name(behind)}' makes of one",
            "weight",
        )
    if not agrees(shape[0], geometry.in_channels):
        fail(
            op,
            "Number of input channels from input tensor must match the first dimension of the "
            f"weight tensor. Got {geometry.in_channels} input channels and {shape[0]} in the "
            "weight tensor.",
            "weight",
        )
    per_group = geometry.out_channels_per_group
    if not agrees(shape[1], per_group):
        fail(
            op,
            "Number of output channels per group must match the second dimension of the weight "
            f"tensor. Got {per_group} output channels per group and {shape[1]} in the weight "
            "tensor.",
            "weight",
        )
    if not shapes_agree(shape[2:], geometry.weight_shape[2:]):
        expected = shape_text(geometry.weight_shape[2:])
        got = shape_text(shape[2:])
        fail(op, f"expected kernel_size {got} of the weight tensor, got {expected}", "kernel_size")


def verify_bias_and_dtypes(op: ConvTranspose2dOp | Conv2dOp) -> None:
    out_channels = op.out_channels.value.data
    if op.bias is not None:
        shape = shape_of(op.bias)
        if not agrees(shape[3], out_channels):
            fail(
                op,
                f"Mismatch in bias tensor dimensions. Bias tensor has {shape[3]} channels, but "
                f"the output tensor has {out_channels} channels.",
                "bias",
            )
        if not shapes_agree(shape[:3], (1, 1, 1)):
            fail(op, f"expected a bias of shape (1, 1, 1, O), got {shape_text(shape)}", "bias")
    values = {"input": op.input, "weight": op.weight, "result": op.result}
    if op.bias is not None:
        values["bias"] = op.bias
    verify_element_types(op, values)
    _verify_dtype(op, op.dtype)


def is_float(type_: Attribute) -> bool:
    """Whether a tensor holds floats, tiles of a block format (`bfp_bf8`) among them."""
    if isinstance(type_, TileType):
        return type_.data_type.data.startswith(("f", "bf"))
    return isinstance(type_, AnyFloat) and type_.bitwidth <= 64


def verify_element_types(op: Operation, values: Mapping[str, SSAValue]) -> None:
    """The tensors of a convolution hold floats, of any widths, or all the same integers."""
    types = {name: element_type_of(value) for name, value in values.items()}
    if element_types_combine(tuple(types.values())):
        return
    first = types["input"]
    got = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    fail(
        op,
        f"expected element types that are all floats or all the same integer, got {got}",
        next((name for name, type_ in types.items() if type_ != first), "input"),
    )


def element_types_combine(types: Sequence[Attribute]) -> bool:
    """Whether tensors of these element types can meet in one convolution."""
    if all(map(is_float, types)):
        return True
    return isinstance(types[0], IntegerType) and all(type_ == types[0] for type_ in types)


def _verify_dtype(op: ConvTranspose2dOp | Conv2dOp, dtype: DataTypeAttr | None) -> None:
    if dtype is None or dtype.data not in ELEMENT_TYPE_NAMES:
        return
    expected = ELEMENT_TYPE_NAMES[dtype.data]
    got = str(element_type_of(op.result))
    if got not in (expected, expected.removeprefix("s")):
        fail(
            op, f"expected a result of element type {expected} as 'dtype' says, got {got}", "dtype"
        )


def _verify_result(op: ConvTranspose2dOp) -> None:
    geometry = op.geometry()
    _, height, width, _ = geometry.output_shape
    if height < 1 or width < 1:
        fail(
            op,
            f"Given input size per channel: ({geometry.height.size} x {geometry.width.size}). "
            f"Calculated output size per channel: ({height} x {width}). "
            "Output size is too small",
            "padding",
        )
    _verify_result_shape(op, geometry)


def _verify_result_shape(op: ConvTranspose2dOp, geometry: ConvTranspose2dGeometry) -> None:
    batch, height, width, channels = geometry.output_shape
    shape = shape_of(op.result)
    flat = flattened(geometry.output_shape)
    if shapes_agree(shape, (batch, height, width, channels)) or shapes_agree(shape, flat):
        return
    if shapes_agree(shape[1:3], (height, width)):
        fail(op, f"expected a batch of {batch} in the output tensor, got {shape[0]}")
    if agrees(shape[2], flat[2]):
        _verify_flattened_front(op, "output", shape)
    fail(
        op,
        "Mismatch between expected output size per channel and got output tensor dimensions. "
        f"Expected: ({height} x {width}), got: ({shape[1]} x {shape[2]}).",
    )


def verify_conv2d(op: Conv2dOp) -> None:
    """Checks of `ttnn.conv2d`; a weight that is not (O, C/G, KH, KW) may be prepared, unseen."""
    verify_ranks(op)
    verify_attribute_lengths(op)
    geometry = op.conv_geometry()
    checks: list[tuple[str, Sequence[int], int]] = [
        ("stride", op.stride.get_values(), 1),
        ("padding", op.padding.get_values(), 0),
        ("dilation", op.dilation.get_values(), 1),
        ("kernel_size", op.kernel_size.get_values(), 1),
        ("groups", (geometry.groups,), 1),
        ("batch_size, input_height, input_width", op.input_sizes, 0),
    ]
    for name, values, minimum in checks:
        if any(value < minimum for value in values):
            got = ", ".join(map(str, values))
            fail(op, f"expected '{name}' of at least {minimum}, got {got}", name)
    for name, channels in (("in", geometry.in_channels), ("out", geometry.out_channels)):
        if channels % geometry.groups:
            fail(
                op,
                f"expected {name}_channels divisible by groups, "
                f"got {channels} and {geometry.groups}",
            )
    _verify_conv2d_shapes(op)
    verify_bias_and_dtypes(op)


def _verify_conv2d_shapes(op: Conv2dOp) -> None:
    geometry = op.conv_geometry()
    if geometry.height.output_size < 1 or geometry.width.output_size < 1:
        got = shape_text(geometry.output_shape[1:3])
        fail(op, f"expected an output size of at least 1, got {got}")
    shape = shape_of(op.weight)
    raw = shapes_agree(shape, geometry.weight_shape)
    if not raw and not shapes_agree(shape[:2], (1, 1)) and not _may_be_prepared(op):
        expected = shape_text(geometry.weight_shape)
        fail(op, f"expected a weight of shape {expected}, got {shape_text(shape)}")
    for what, value, expected in (
        ("input", op.input, flattened(geometry.input_shape)),
        ("output", op.result, flattened(geometry.output_shape)),
    ):
        if not shapes_agree(shape_of(value), expected):
            got = shape_text(shape_of(value))
            fail(op, f"expected a flattened {what} of shape {shape_text(expected)}, got {got}")


def _may_be_prepared(op: Conv2dOp) -> bool:
    """Whether the weight comes from where tt-mlir may have prepared it, out of sight here."""
    owner = op.weight.owner
    return isinstance(owner, Operation) and (isinstance(owner, LoadCachedOp) or is_opaque(owner))
