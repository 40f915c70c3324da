"""Refusing to spell out ops that would become too many."""

from __future__ import annotations

from xdsl.ir import Operation

from ...dialect import deconv
from ...dialect.guards import check_op_count
from ...passes.op_counts import count_col2im_ops, count_interleave_ops, count_tap_pairs


def check_ops(module: Operation, max_ops: int) -> None:
    """Look at the ops that become many: one for every phase, or every tap.

    Raises: PassFailedException for one that would become more than `max_ops`.
    """
    for op in module.walk():
        if isinstance(op, deconv.Col2ImOp):
            axes = op.axes()
            check_op_count(op, count_col2im_ops(*axes), f"{count_tap_pairs(*axes)} taps", max_ops)
        elif isinstance(op, deconv.InterleaveOp):
            phases = sum(len(rows) * len(columns) for rows, columns in op.phases())
            check_op_count(op, count_interleave_ops(phases), f"{phases} phases", max_ops)
