"""How one TTNN op becomes upstream ops: build its bare result, then dress and replace."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter

from ..dialect.ttcore_attributes import TileType
from ..dialect.verify_shapes import as_tensor_type, tensor_type
from ..passes.build import rewriting
from ..passes.guards import refuse
from . import tensors


def _check_numbers(op: Operation) -> None:
    for value in (*op.operands, *op.results):
        type_ = as_tensor_type(value.type)
        if type_ is not None and isinstance(type_.element_type, TileType):
            refuse(op, f"expected tensors of numbers, got {type_.element_type}")


def lower(op: Operation, rewriter: PatternRewriter, build: Callable[[], SSAValue]) -> None:
    """Replace `op` by what `build` makes of it, a bare tensor of the result's shape.

    Raises: PassFailedException for tensors of tiles, which upstream tools know nothing of.
    """
    _check_numbers(op)
    (result,) = op.results
    with rewriting(op, rewriter):
        value = build()
        if result.name_hint is not None:
            value.name_hint = result.name_hint
        dressed = tensors.dressed(value, tensor_type(result))

    rewriter.replace(op, [], [dressed])
