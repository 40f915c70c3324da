"""The `deconv` dialect: the steps of a transposed convolution for which TTNN has no op."""

from __future__ import annotations

from xdsl.ir import Dialect

from .interleave import InterleaveOp
from .movement import DilateInsertOp, FlipOp
from .sums import Col2ImOp, FinishOp

DECONV = Dialect("deconv", [DilateInsertOp, FlipOp, InterleaveOp, Col2ImOp, FinishOp])

__all__ = [
    "DECONV",
    "Col2ImOp",
    "DilateInsertOp",
    "FinishOp",
    "FlipOp",
    "InterleaveOp",
]
