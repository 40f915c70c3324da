"""How one TTNN op becomes upstream ops: build its bare result, then dress and replace."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter

from ...dialect.build import rewriting
from ...dialect.tensor_types import tensor_type
from .. import tensors
from ..temporaries import check_built


def lower(op: Operation, rewriter: PatternRewriter, build: Callable[[], SSAValue]) -> None:
    """Replace `op` by what `build` makes of it, a bare tensor of the result's shape.

    Raises: PassFailedException for a temporary above the limit of the pass that runs.
    """
    (result,) = op.results
    with rewriting(op, rewriter) as built:
        value = build()
        if result.name_hint is not None:
            value.name_hint = result.name_hint
        dressed = tensors.dressed(value, tensor_type(result))
    check_built(op, built)

    rewriter.replace(op, [], [dressed])
