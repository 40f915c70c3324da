"""`ttnn.conv_transpose2d`, and its verifier in tt-mlir's order and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import BoolAttr
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.irdl import irdl_op_definition

from ..geometry.shapes import Shape, flattened
from ..geometry.transposed import ConvTranspose2dGeometry
from ..tensor_types import agrees, fail, shape_of, shape_text, shapes_agree
from ..text.names import op_name
from .convolution import (
    ConvolutionOp,
    Transposed,
    verify_attribute_lengths,
    verify_bias_and_dtypes,
    verify_ranks,
    verify_value_ranges,
)
from .prepare import find_prepare_op, op_behind_prepare


@irdl_op_definition
class ConvTranspose2dOp(Transposed, ConvolutionOp):
    """A 2-D transposed convolution.

    out[n, y, x, o] = bias[o] + sum over taps (kh, kw) and channels c of o's group of
    in[n, i, j, c] * weight[c, o mod O/G, kh, kw], where y = i*stride - pad_top + dilation*kh
    (x alike); `mirror_kernel = false` reads the taps in reverse. Input and result are (N, H, W, C)
    or flattened (1, 1, N*H*W, C), the weight is (C, O/G, KH, KW) or prepared (1, 1, KH*KW*C/G, O).

    Source: tt-mlir, TTNN_ConvTranspose2dOp; `dtype` is of older files, `mirror_kernel` this
    project's own (tt-mlir always mirrors).
    """

    name = "ttnn.conv_transpose2d"

    @classmethod
    def create(
        cls,
        *,
        operands: Sequence[SSAValue] = (),
        result_types: Sequence[Attribute] = (),
        properties: Mapping[str, Attribute] = {},
        attributes: Mapping[str, Attribute] = {},
        location: Attribute | None = None,
        successors: Sequence[Block] = (),
        regions: Sequence[Region] = (),
    ) -> ConvTranspose2dOp:
        """Build the op; `mirror_kernel = true`, the default, is elided."""
        properties = dict(properties)
        if properties.get("mirror_kernel") == BoolAttr.from_bool(True):
            del properties["mirror_kernel"]
        return super().create(
            operands=operands,
            result_types=result_types,
            properties=properties,
            attributes=attributes,
            location=location,  # pyright: ignore[reportArgumentType]
            successors=successors,
            regions=regions,
        )

    def result_shape(self) -> Shape:
        """The form that agrees with the declared sizes; where both do, the input's form."""
        full = self.geometry().output_shape
        flat = flattened(full)
        declared = shape_of(self.result)
        if not shapes_agree(declared, flat):
            return full
        if not shapes_agree(declared, full):
            return flat
        was_flattened = shape_of(self.input) != self.geometry().input_shape
        return flat if was_flattened else full

    def has_prepared_weight(self) -> bool:
        """Whether the weight comes from a prepare op or cannot be a raw one."""
        shape = shape_of(self.weight)
        is_raw = shapes_agree(shape, self.geometry().weight_shape)
        return not is_raw or find_prepare_op(self.weight) is not None

    def verify_(self) -> None:
        verify_conv_transpose2d(self)


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


def differing_attribute(op: Transposed, prepared: Transposed) -> tuple[str, object, object] | None:
    """The first attribute in which two ops differ, with both values: (name, op's, prepared's)."""
    mine, theirs = op.geometry(), prepared.geometry()
    pairs: list[tuple[str, object, object]] = [
        ("in_channels", mine.in_channels, theirs.in_channels),
        ("out_channels", mine.out_channels, theirs.out_channels),
        ("groups", mine.groups, theirs.groups),
        ("batch_size", mine.batch, theirs.batch),
        ("input_height", mine.height.size, theirs.height.size),
        ("input_width", mine.width.size, theirs.width.size),
        ("mirror_kernel", op.mirrors_kernel, prepared.mirrors_kernel),
    ]
    axis_fields = (
        ("kernel_size", "kernel"),
        ("stride", "stride"),
        ("dilation", "dilation"),
        ("output_padding", "output_padding"),
        ("padding", "pad_low"),
        ("padding", "pad_high"),
    )
    for name, field in axis_fields:
        pairs.append(
            (
                name,
                [getattr(mine.height, field), getattr(mine.width, field)],
                [getattr(theirs.height, field), getattr(theirs.width, field)],
            )
        )
    return next((pair for pair in pairs if pair[1] != pair[2]), None)
