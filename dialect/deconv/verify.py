"""Verifiers of the deconv ops that put a decomposed convolution together again."""

from __future__ import annotations

from math import prod

from ..tensor_types import agrees, fail, is_static, shape_of, shape_text, shapes_agree
from ..ttnn.verify_tensor import verify_result_shape, verify_same_element_type
from . import Col2ImOp, FinishOp, InterleaveOp
from .shapes import interleave_block_shape


def verify_interleave(op: InterleaveOp) -> None:
    verify_same_element_type(op)
    phases, strides = op.phases(), op.strides.get_values()
    if len(phases) != len(op.blocks) or len(op.columns.data) != len(op.rows.data):
        fail(op, f"expected rows and columns for {len(op.blocks)} blocks, got {len(phases)}")
    output = shape_of(op.result)
    if len(output) != 4 or len(strides) != 2 or min(strides) < 1:
        fail(op, f"expected a 4D result and two strides of at least 1, got {strides}")
    seen: set[tuple[int, int]] = set()
    for (rows, columns), block in zip(phases, op.blocks, strict=True):
        cells = {(row, column) for row in rows for column in columns}
        inside = all(0 <= row < strides[0] and 0 <= column < strides[1] for row, column in cells)
        if not cells or not inside or seen & cells or len(cells) != len(rows) * len(columns):
            fail(op, f"expected phases below {strides}, each once, got {rows} x {columns}")
        seen |= cells
        for row, column in cells:
            pair = (strides[0], strides[1])
            *sizes, _ = interleave_block_shape([row], [column], output, pair)
            *_, channels = interleave_block_shape(rows, columns, output, pair)
            expected = (*sizes, channels)
            if not shapes_agree(shape_of(block), expected):
                got = shape_text(shape_of(block))
                fail(op, f"expected a block of shape {shape_text(expected)}, got {got}")
    if op.background is not None and not shapes_agree(
        shape_of(op.background), (1, 1, 1, output[3])
    ):
        got = shape_text(shape_of(op.background))
        fail(op, f"expected a background of shape {shape_text((1, 1, 1, output[3]))}, got {got}")
    verify_result_shape(op, op.result_shape)


_LARGEST = 2**31 - 1
"""What the i32 attributes of the op that is decomposed hold."""


def _verify_col2im_ranges(op: Col2ImOp) -> None:
    """As many values as there are axes or sides, in the ranges of `ttnn.conv_transpose2d`."""
    for name in ("input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"):
        values = getattr(op, name).get_values()
        length, least = 4 if name == "padding" else 2, 0 if "padding" in name else 1
        if len(values) != length:
            fail(op, f"expected {length} values in '{name}', got {len(values)}")
        if not all(least <= value <= _LARGEST for value in values):
            fail(op, f"expected values of {least} to {_LARGEST} in '{name}', got {tuple(values)}")


def verify_col2im(op: Col2ImOp) -> None:
    _verify_col2im_ranges(op)
    verify_result_shape(op, op.result_shape)


def verify_finish(op: FinishOp) -> None:
    shape = shape_of(op.input)
    if not shape:
        fail(op, "expected an input with channels, got a scalar")
    verify_result_shape(op, lambda: shape)
    if op.bias is None or not is_static(shape_of(op.bias)):
        return
    if not agrees(prod(shape_of(op.bias)), shape[-1]):
        got = shape_text(shape_of(op.bias))
        fail(op, f"expected a bias of {shape[-1]} channels, got {got}")
