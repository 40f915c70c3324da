"""What the convolutions of tt-mlir's `ttnn` dialect and their prepare ops have in common.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
Where tt-mlir has the same check its wording is kept (negative tests look for it), with what was
expected and got where tt-mlir gives numbers; the stricter checks speak in this project's words.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from typing import Self

from xdsl.dialects.builtin import (
    I32,
    BoolAttr,
    DenseArrayBase,
    IntegerAttr,
    i32,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.plain import Conv2dGeometry
from ..geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from ..i32 import properties
from ..shaped import ShapedOp
from ..tensor_types import (
    AnyTensor,
    agrees,
    fail,
    shape_of,
    shape_text,
    shapes_agree,
    verify_at_least,
)
from ..ttcore.attributes import DataTypeAttr
from .attributes import DeviceType
from .configs import (
    Activation,
    Conv2dConfigAttr,
    Conv2dSliceConfigAttr,
    DeviceComputeKernelConfigAttr,
)
from .element_types import verify_dtype, verify_element_types
from .padding import read_padding, write_padding

I32Array = DenseArrayBase.constr(i32)


class Convolution(IRDLOperation, ABC):
    """What all convolutions and their prepare ops have in common; all numbers are in elements."""

    in_channels = prop_def(IntegerAttr[I32])
    out_channels = prop_def(IntegerAttr[I32])
    batch_size = prop_def(IntegerAttr[I32])
    input_height = prop_def(IntegerAttr[I32])
    input_width = prop_def(IntegerAttr[I32])
    kernel_size = prop_def(I32Array)
    stride = prop_def(I32Array)
    padding = prop_def(I32Array)
    dilation = prop_def(I32Array)
    groups = prop_def(IntegerAttr[I32])
    conv2d_config = opt_prop_def(base(Conv2dConfigAttr))
    compute_config = opt_prop_def(base(DeviceComputeKernelConfigAttr))
    conv2d_slice_config = opt_prop_def(base(Conv2dSliceConfigAttr))

    @property
    def channel_counts(self) -> tuple[int, int, int]:
        """(in_channels, out_channels, groups)."""
        return (
            self.in_channels.value.data,
            self.out_channels.value.data,
            self.groups.value.data,
        )

    @property
    def input_sizes(self) -> tuple[int, int, int]:
        """(batch, height, width) of the input."""
        return (
            self.batch_size.value.data,
            self.input_height.value.data,
            self.input_width.value.data,
        )

    def activation(self) -> Activation | None:
        """The activation fused into the op."""
        return self.conv2d_config.activation() if self.conv2d_config else None

    def weights_dtype(self) -> str | None:
        """The data type its configuration rounds weights to."""
        return self.conv2d_config.weights_dtype() if self.conv2d_config else None

    @staticmethod
    def geometry_properties(
        geometry: ConvTranspose2dGeometry | Conv2dGeometry,
    ) -> dict[str, Attribute]:
        """The properties that state a geometry: what `geometry()` reads.

        Raises: NumberTooLarge for what 32 bits do not hold.
        """
        height, width = geometry.height, geometry.width
        numbers: dict[str, int | Sequence[int]] = {
            "batch_size": geometry.batch,
            "dilation": (height.dilation, width.dilation),
            "groups": geometry.groups,
            "in_channels": geometry.in_channels,
            "input_height": height.size,
            "input_width": width.size,
            "kernel_size": (height.kernel, width.kernel),
            "out_channels": geometry.out_channels,
            "padding": write_padding(
                height.pad_low, height.pad_high, width.pad_low, width.pad_high
            ),
            "stride": (height.stride, width.stride),
        }
        if isinstance(geometry, ConvTranspose2dGeometry):
            extra = (geometry.height.output_padding, geometry.width.output_padding)
            numbers["output_padding"] = extra
        return properties(numbers)


class ConvolutionOp(Convolution, ShapedOp, ABC):
    """A convolution of an input, not only the preparation for one."""

    input = operand_def(AnyTensor)
    """(N, H, W, C), or flattened (1, 1, N*H*W, C); flattened alone where it is a plain one."""
    weight = operand_def(AnyTensor)
    """As its op says, or prepared for it."""
    bias = opt_operand_def(AnyTensor)
    """(1, 1, 1, O)."""
    device = operand_def(base(DeviceType))
    dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)
    """In the forms of the input, with the sizes of the output."""

    traits = traits_def(Pure())

    @classmethod
    def from_geometry(
        cls,
        geometry: ConvTranspose2dGeometry | Conv2dGeometry,
        operands: Sequence[SSAValue],
        result_type: Attribute,
        others: Mapping[str, Attribute] = {},
    ) -> Self:
        """Build the op of input, weight, perhaps bias, and device.

        `others` are the properties that the geometry does not state. All stand in the order in
        which MLIR prints them. Raises: NumberTooLarge for what 32 bits do not hold.
        """
        stated = {**cls.geometry_properties(geometry), **others}
        return cls.create(
            operands=operands,
            properties=dict(sorted(stated.items())),
            result_types=[result_type],
        )


class Transposed(Convolution, ABC):
    """A convolution whose attributes describe a transposed one."""

    output_padding = opt_prop_def(I32Array)
    mirror_kernel = opt_prop_def(base(BoolAttr))

    @property
    def mirrors_kernel(self) -> bool:
        """Whether the op flips the kernel; what absence means."""
        return self.mirror_kernel is None or bool(self.mirror_kernel.value.data)

    def geometry(self) -> ConvTranspose2dGeometry:
        """Shapes and amounts, read from the attributes alone."""
        batch, height, width = self.input_sizes
        in_channels, out_channels, groups = self.channel_counts
        kernel, stride = self.kernel_size.get_values(), self.stride.get_values()
        dilation = self.dilation.get_values()
        output_padding = self.output_padding.get_values() if self.output_padding else (0, 0)
        top, bottom, left, right = read_padding(self.padding.get_values())
        return ConvTranspose2dGeometry(
            batch,
            in_channels,
            out_channels,
            groups,
            TransposedAxis(
                height, kernel[0], stride[0], top, bottom, dilation[0], output_padding[0]
            ),
            TransposedAxis(
                width, kernel[1], stride[1], left, right, dilation[1], output_padding[1]
            ),
        )


def verify_ranks(op: ConvolutionOp) -> None:
    values = [("Input", op.input), ("Output", op.result), ("Weight", op.weight)]
    if op.bias is not None:
        values.append(("Bias", op.bias))
    for name, value in values:
        if len(shape_of(value)) != 4:
            fail(op, f"{name} must be a 4D tensor", name.lower())


def verify_attribute_lengths(op: Convolution) -> None:
    """Two values a list attribute, two or four for padding; the output padding is mandatory."""
    lists = [("kernel_size", op.kernel_size), ("stride", op.stride), ("dilation", op.dilation)]
    if isinstance(op, Transposed):
        if op.output_padding is None:
            fail(op, "expected property 'output_padding', got none", "output_padding")
        lists.append(("output_padding", op.output_padding))
    for name, attribute in lists:
        if len(attribute) != 2:
            fail(op, f"expected 2 values in '{name}', got {len(attribute)}", name)
    if len(op.padding) not in (2, 4):
        fail(op, f"expected 2 or 4 values in 'padding', got {len(op.padding)}", "padding")


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
    verify_at_least(op, own_checks)


def verify_bias_and_dtypes(op: ConvolutionOp) -> None:
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
    verify_dtype(op, op.dtype)
