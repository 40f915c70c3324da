"""Adding products up where they land, and what is done to the sums."""

from __future__ import annotations

from math import prod
from typing import Self

from xdsl.dialects.builtin import DenseArrayBase, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    base,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import Shape
from ..geometry.transposed import TransposedAxis
from ..i32 import LARGEST
from ..shaped import ShapedOp, verify_result_shape
from ..tensor_types import AnyTensor, agrees, fail, is_static, shape_of, shape_text
from ..ttnn.configs import Activation, Conv2dConfigAttr
from .shapes import col2im_shape


@irdl_op_definition
class Col2ImOp(ShapedOp):
    """Add up the products of every input element with every tap where they land.

    result[n, y, x, g*O/G + o] = sum over (i, j, kh, kw) of products[g, (n, i, j), (kh, kw, o)] with
    y = i*stride_h - pad_top + dilation_h*kh, x alike; products that land outside are dropped.
    """

    name = "deconv.col2im"

    products = operand_def(AnyTensor)
    """(G, N*H*W, KH*KW*O/G)."""
    input_size = prop_def(DenseArrayBase.constr(i64))
    """(H, W) of the input."""
    kernel_size = prop_def(DenseArrayBase.constr(i64))
    stride = prop_def(DenseArrayBase.constr(i64))
    padding = prop_def(DenseArrayBase.constr(i64))
    """(top, bottom, left, right)."""
    dilation = prop_def(DenseArrayBase.constr(i64))
    output_padding = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)
    """(N, H_out, W_out, O)."""

    traits = traits_def(Pure())

    def axes(self) -> tuple[TransposedAxis, TransposedAxis]:
        """The (height, width) axes of the transposed convolution."""
        padding = self.padding.get_values()
        fields = [
            attribute.get_values()
            for attribute in (
                self.input_size,
                self.kernel_size,
                self.stride,
                self.dilation,
                self.output_padding,
            )
        ]
        height, width = (
            TransposedAxis(
                size, kernel, stride, padding[2 * i], padding[2 * i + 1], dilation, extra
            )
            for i, (size, kernel, stride, dilation, extra) in enumerate(zip(*fields, strict=True))
        )
        return height, width

    def result_shape(self) -> tuple[int, ...]:
        """What the products make. Raises: ValueError where they are no whole images and taps."""
        return col2im_shape(shape_of(self.products), self.axes())

    @classmethod
    def from_axes(
        cls,
        products: SSAValue,
        height: TransposedAxis,
        width: TransposedAxis,
        result_type: Attribute,
    ) -> Self:
        """Build the op with the properties that `axes` reads."""
        lists = {
            "dilation": (height.dilation, width.dilation),
            "input_size": (height.size, width.size),
            "kernel_size": (height.kernel, width.kernel),
            "output_padding": (height.output_padding, width.output_padding),
            "padding": (height.pad_low, height.pad_high, width.pad_low, width.pad_high),
            "stride": (height.stride, width.stride),
        }
        return cls.create(
            operands=[products],
            properties={
                name: DenseArrayBase.from_list(i64, sizes) for name, sizes in lists.items()
            },
            result_types=[result_type],
        )

    def verify_(self) -> None:
        self._verify_ranges()
        verify_result_shape(self)

    def _verify_ranges(self) -> None:
        """As many values as there are axes or sides, in the ranges of `ttnn.conv_transpose2d`."""
        for name in (
            "input_size",
            "kernel_size",
            "stride",
            "padding",
            "dilation",
            "output_padding",
        ):
            values = getattr(self, name).get_values()
            length, least = 4 if name == "padding" else 2, 0 if "padding" in name else 1
            if len(values) != length:
                fail(self, f"expected {length} values in '{name}', got {len(values)}")
            if not all(least <= value <= LARGEST for value in values):
                fail(
                    self,
                    f"expected values of {least} to {LARGEST} in '{name}', got {tuple(values)}",
                )


@irdl_op_definition
class FinishOp(ShapedOp):
    """result = activation(input + bias), rounded once to the result's element type."""

    name = "deconv.finish"

    input = operand_def(AnyTensor)
    """(..., O), in the type sums are kept in."""
    bias = opt_operand_def(AnyTensor)
    """(1, 1, 1, O)."""
    conv2d_config = opt_prop_def(base(Conv2dConfigAttr))
    """Names the activation, as on the op that was decomposed."""
    result = result_def(AnyTensor)

    assembly_format = (
        "$input (`bias` `(` $bias^ `:` type($bias) `)`)? (`config` `=` $conv2d_config^)? "
        "attr-dict `:` type($input) `->` type($result)"
    )
    traits = traits_def(Pure())

    def activation(self) -> Activation | None:
        return self.conv2d_config.activation() if self.conv2d_config else None

    def result_shape(self) -> Shape:
        return shape_of(self.input)

    def verify_(self) -> None:
        shape = shape_of(self.input)
        if not shape:
            fail(self, "expected an input with channels, got a scalar")
        verify_result_shape(self)
        if self.bias is None or not is_static(shape_of(self.bias)):
            return
        if not agrees(prod(shape_of(self.bias)), shape[-1]):
            got = shape_text(shape_of(self.bias))
            fail(self, f"expected a bias of {shape[-1]} channels, got {got}")
