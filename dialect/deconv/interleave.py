"""Putting the phases of an image together."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, IntegerType, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import UNKNOWN
from ..shaped import ShapedOp, verify_result_shape, verify_same_element_type
from ..tensor_types import AnyTensor, fail, shape_of, shape_text, shapes_agree
from .shapes import interleave_block_shape, interleaved_shape


def _lists(attribute: ArrayAttr[DenseArrayBase[IntegerType]]) -> list[tuple[int, ...]]:
    """The values of an array of `array<i64: ...>`."""
    return [tuple(item.get_values()) for item in attribute]


@irdl_op_definition
class InterleaveOp(ShapedOp):
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
        verify_same_element_type(self)
        phases, strides = self.phases(), self.strides.get_values()
        if len(phases) != len(self.blocks) or len(self.columns.data) != len(self.rows.data):
            fail(
                self, f"expected rows and columns for {len(self.blocks)} blocks, got {len(phases)}"
            )
        output = shape_of(self.result)
        if len(output) != 4 or len(strides) != 2 or min(strides) < 1:
            fail(self, f"expected a 4D result and two strides of at least 1, got {strides}")
        seen: set[tuple[int, int]] = set()
        for (rows, columns), block in zip(phases, self.blocks, strict=True):
            cells = {(row, column) for row in rows for column in columns}
            inside = all(
                0 <= row < strides[0] and 0 <= column < strides[1] for row, column in cells
            )
            if not cells or not inside or seen & cells or len(cells) != len(rows) * len(columns):
                fail(self, f"expected phases below {strides}, each once, got {rows} x {columns}")
            seen |= cells
            for row, column in cells:
                pair = (strides[0], strides[1])
                *sizes, _ = interleave_block_shape([row], [column], output, pair)
                *_, channels = interleave_block_shape(rows, columns, output, pair)
                expected = (*sizes, channels)
                if not shapes_agree(shape_of(block), expected):
                    got = shape_text(shape_of(block))
                    fail(self, f"expected a block of shape {shape_text(expected)}, got {got}")
        if self.background is not None and not shapes_agree(
            shape_of(self.background), (1, 1, 1, output[3])
        ):
            got = shape_text(shape_of(self.background))
            fail(
                self,
                f"expected a background of shape {shape_text((1, 1, 1, output[3]))}, got {got}",
            )
        verify_result_shape(self)
