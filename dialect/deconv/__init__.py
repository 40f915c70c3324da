"""The `deconv` dialect: the steps of a transposed convolution for which TTNN has no op."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, IntegerType, TensorType, i64
from xdsl.ir import Attribute, Dialect, Operation, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import UNKNOWN
from ..geometry.transposed import TransposedAxis
from ..tensor_types import fail, shape_of, tensor_type
from ..ttnn.configs import Activation, Conv2dConfigAttr
from ..ttnn.tensor import Canonicalizes
from ..ttnn.verify_tensor import verify_result_shape, verify_same_element_type
from .shapes import col2im_shape, dilated_shape, interleaved_shape

AnyTensor = base(TensorType[Attribute])


@irdl_op_definition
class DilateInsertOp(IRDLOperation):
    """result[i * strides] = input[i], zero elsewhere; one stride a dimension."""

    name = "deconv.dilate_insert"

    input = operand_def(AnyTensor)
    strides = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)

    assembly_format = "$input `strides` `=` $strides attr-dict `:` type($input) `->` type($result)"
    traits = traits_def(Pure(), Canonicalizes())

    def __init__(self, input: SSAValue | Operation, strides: Sequence[int]):
        value = SSAValue.get(input)
        type_ = tensor_type(value)
        result = TensorType(type_.element_type, dilated_shape(type_.get_shape(), strides))
        super().__init__(
            operands=[value],
            properties={"strides": DenseArrayBase.from_list(i64, strides)},
            result_types=[result],
        )

    def verify_(self) -> None:
        strides = self.strides.get_values()
        shape = shape_of(self.input)
        if len(strides) != len(shape):
            fail(self, f"expected {len(shape)} strides, got {len(strides)}")
        if any(stride < 1 for stride in strides):
            fail(self, f"expected strides of at least 1, got {tuple(strides)}")
        verify_result_shape(self, lambda: dilated_shape(shape, strides))
        verify_same_element_type(self)


@irdl_op_definition
class FlipOp(IRDLOperation):
    """result[.., i, ..] = input[.., size - 1 - i, ..] along each of `dimensions`."""

    name = "deconv.flip"

    input = operand_def(AnyTensor)
    dimensions = prop_def(DenseArrayBase.constr(i64))
    result = result_def(AnyTensor)

    assembly_format = (
        "$input `dimensions` `=` $dimensions attr-dict `:` type($input) `->` type($result)"
    )
    traits = traits_def(Pure(), Canonicalizes())

    def __init__(self, input: SSAValue | Operation, dimensions: Sequence[int]):
        value = SSAValue.get(input)
        type_ = tensor_type(value)
        super().__init__(
            operands=[value],
            properties={"dimensions": DenseArrayBase.from_list(i64, dimensions)},
            result_types=[TensorType(type_.element_type, type_.get_shape())],
        )

    def verify_(self) -> None:
        dimensions, rank = self.dimensions.get_values(), len(shape_of(self.input))
        in_range = all(0 <= dimension < rank for dimension in dimensions)
        if not in_range or len(set(dimensions)) != len(dimensions):
            fail(self, f"expected distinct dimensions below {rank}, got {tuple(dimensions)}")
        verify_result_shape(self, lambda: shape_of(self.input))
        verify_same_element_type(self)


def _lists(attribute: ArrayAttr[DenseArrayBase[IntegerType]]) -> list[tuple[int, ...]]:
    """The values of an array of `array<i64: ...>`."""
    return [tuple(item.get_values()) for item in attribute]


@irdl_op_definition
class InterleaveOp(IRDLOperation):
    """Put the phases of an image together; what no phase covers holds the background.

    Block b holds the phases rows[b] x columns[b] side by side in its channels:
    result[n, row + stride_h*i, column + stride_w*j, o] = block[n, i, j, (r, c, o)] for the r-th row
    and the c-th column of the block.
    """

    name = "deconv.interleave"

    blocks = var_operand_def(AnyTensor)
    """(N, Q_h, Q_w, rows * columns * O), one for each set of phases."""
    background = opt_operand_def(AnyTensor)
    """(1, 1, 1, O); zero where it is absent."""
    strides = prop_def(DenseArrayBase.constr(i64))
    rows = prop_def(ArrayAttr.constr(DenseArrayBase.constr(i64)))
    columns = prop_def(ArrayAttr.constr(DenseArrayBase.constr(i64)))
    result = result_def(AnyTensor)
    """(N, H, W, O)."""

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    assembly_format = (
        "$blocks (`background` `(` $background^ `:` type($background) `)`)? "
        "`strides` `=` $strides `rows` `=` $rows `columns` `=` $columns attr-dict "
        "`:` `(` type($blocks) `)` `->` type($result)"
    )
    traits = traits_def(Pure())

    def __init__(
        self,
        blocks: Sequence[SSAValue],
        background: SSAValue | None,
        strides: Sequence[int],
        phases: Sequence[tuple[Sequence[int], Sequence[int]]],
        result_type: Attribute,
    ):
        rows, columns = ([block[axis] for block in phases] for axis in (0, 1))
        super().__init__(
            operands=[blocks, background],
            properties={
                "strides": DenseArrayBase.from_list(i64, strides),
                "rows": ArrayAttr(DenseArrayBase.from_list(i64, row) for row in rows),
                "columns": ArrayAttr(DenseArrayBase.from_list(i64, column) for column in columns),
            },
            result_types=[result_type],
        )

    def phases(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """(rows, columns) of every block."""
        rows, columns = _lists(self.rows), _lists(self.columns)
        return list(zip(rows, columns, strict=False))

    def result_shape(self) -> tuple[int, ...]:
        """What blocks and background tell of the result. Raises: ValueError if no result can be."""
        height, width = self.strides.get_values()
        channels = UNKNOWN if self.background is None else shape_of(self.background)[-1]
        blocks = [shape_of(block) for block in self.blocks]
        return interleaved_shape(blocks, self.phases(), (height, width), channels)

    def verify_(self) -> None:
        from .verify import verify_interleave

        verify_interleave(self)


@irdl_op_definition
class Col2ImOp(IRDLOperation):
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

    def verify_(self) -> None:
        from .verify import verify_col2im

        verify_col2im(self)


@irdl_op_definition
class FinishOp(IRDLOperation):
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

    def verify_(self) -> None:
        from .verify import verify_finish

        verify_finish(self)


DECONV = Dialect("deconv", [DilateInsertOp, FlipOp, InterleaveOp, Col2ImOp, FinishOp])
