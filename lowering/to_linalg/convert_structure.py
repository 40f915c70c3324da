"""What holds a TTNN program together: cached calls, devices, module wrappers."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects import func
from xdsl.dialects.builtin import UnregisteredOp
from xdsl.ir import Operation
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import ttcore, ttnn
from ...dialect.build import rewriting
from ...dialect.symbols import symbols_in


@dataclass(frozen=True)
class LowerLoadCached(RewritePattern):
    """load_cached -> call."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttcore.LoadCachedOp, rewriter: PatternRewriter, /) -> None:
        with rewriting(op, rewriter):
            call = func.CallOp(op.callee, op.operands, [result.type for result in op.results])

        rewriter.replace(op, [], call.results)


@dataclass(frozen=True)
class EraseDeallocate(RewritePattern):
    """deallocate -> nothing."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.DeallocateOp, rewriter: PatternRewriter, /) -> None:
        rewriter.erase(op)


@dataclass(frozen=True)
class UnwrapModule(RewritePattern):
    """device_module { module } -> module."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttcore.ModuleWrapper, rewriter: PatternRewriter, /) -> None:
        module = op.module
        module.detach()
        module.attributes.update(op.attributes)

        rewriter.replace(op, module, [])


PATTERNS: tuple[RewritePattern, ...] = (LowerLoadCached(), EraseDeallocate(), UnwrapModule())


def erase_devices(module: Operation) -> None:
    """Erase device handles nobody uses and device symbols that no unknown op may refer to."""
    unknown = [op for op in module.walk() if isinstance(op, UnregisteredOp)]
    named: set[str] = set()
    for op in unknown:
        for attribute in (*op.attributes.values(), *op.properties.values()):
            named |= symbols_in(attribute)
    for op in list(module.walk()):
        unused_handle = isinstance(op, ttnn.GetDeviceOp) and not op.device.uses
        unused_symbol = isinstance(op, ttcore.DeviceOp) and op.sym_name.data not in named
        if unused_handle or unused_symbol:
            op.detach()
            op.erase()
