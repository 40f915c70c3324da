"""What `ttnn-opt` prints: MLIR, and behind the module what stood there when it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.syntax_printer import SyntaxPrinter
from xdsl.targets.mlir import MLIRTarget

from ..dialect.text.context import TTNNContext
from ..dialect.text.resource_printer import ResourcePrinter
from ..dialect.text.resources import KeptMetadata


class _HighlightingPrinter(ResourcePrinter, SyntaxPrinter):
    """What a terminal shows in colours."""


@dataclass(frozen=True)
class TTNNTarget(MLIRTarget):
    """xDSL's target, with elements of resources left behind the module."""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        printer = (_HighlightingPrinter if self.syntax_highlight else ResourcePrinter)(
            output,
            print_generic_format=self.print_generic_format,
            print_properties_as_attributes=self.print_properties_as_attributes,
            print_debuginfo=self.print_debuginfo,
            kept=ctx.kept_metadata if isinstance(ctx, TTNNContext) else KeptMetadata(),
        )
        printer.print_op(module)
        printer.print_metadata()
        print("\n", file=output)
