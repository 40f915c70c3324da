"""Erasing what lowering leaves without a use."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import UnrealizedConversionCastOp
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Operation


def erase_dead(module: Operation) -> None:
    """Erase tensor, linalg and constant ops whose results nobody uses, users first."""
    kinds = (tensor.CastOp, UnrealizedConversionCastOp, arith.ConstantOp, linalg.GenericOp)
    moving = (tensor.EmptyOp, tensor.CollapseShapeOp, tensor.ExpandShapeOp, linalg.TransposeOp)
    for op in reversed(list(module.walk())):
        dead = isinstance(op, kinds + moving) and not any(result.uses for result in op.results)
        if dead:
            op.detach()
            op.erase()
