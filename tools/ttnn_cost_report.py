"""`ttnn-cost-report`: what each strategy costs for each transposed convolution, and which wins."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from .diagnostics import OK, Situation, ToolError, run_tool

if TYPE_CHECKING:
    from rich.table import Table
    from xdsl.dialects.builtin import ModuleOp

    from ..passes.cost_report import OpCost, StrategyCost
    from ..passes.limits import Limits
    from ..passes.targets import Target

EPILOG = """\
With --json: {"target": what it is, "ops": [...]}, with these keys for each op:
  place, function, input, weight, output, groups, element_type
             what it is; shapes are N,H,W,C and C,O/G,KH,KW
  macs       N*H*W*C*(O/G)*KH*KW
  flops      2 * macs, as tt-mlir counts an op that is not decomposed
  auto       {"strategy", "reason"}: what strategy=auto picks on the target; null where all
             strategies are over a limit
  strategies by name, the best first; {"refused": why}, or
             useful_multiply_adds: those whose input and output positions both exist
             multiply_adds: those that are executed
             cropped_multiply_adds: executed for products outside of the output, and dropped
             bytes_read, bytes_written
             largest_temporary_bytes: neither the input nor the result
             tile_matmuls: of 32x32x32, padding included
             seconds: the estimate for the target, which is the sum of
             multiply_add_seconds, movement_seconds and launch_seconds, of so many `stages`

Exit codes: 0 fine, 2 bad usage or bad input.
"""

COLUMNS = (
    "multiply-adds",
    "useful",
    "cropped",
    "bytes read",
    "bytes written",
    "largest temporary",
    "tile matmuls",
    "estimate",
)

_WIDTH_OF_FILES = 140


def make_parser() -> argparse.ArgumentParser:
    """The command line. What strategies and targets there are is checked later, in one place."""
    parser = argparse.ArgumentParser(
        "ttnn-cost-report",
        description="What each strategy costs for each ttnn.conv_transpose2d of a module.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="FILE.mlir", help="the module; - reads standard input")
    add("--target", metavar="T", default="cpu", help="cpu (the default), wormhole or a TOML file")
    add("--strategy", metavar="S", nargs="+", help="show these only; auto picks among all")
    add("--json", action="store_true", help="for machines")
    _add_limits(parser)
    return parser


def _add_limits(parser: argparse.ArgumentParser) -> None:
    """The options of the passes that decide which strategies are left out."""
    from ..passes.limits import DEFAULT_LIMITS

    helps = {
        "max_ops": "refuse strategies that make more ops of one op",
        "max_temporary_bytes": "refuse those with a larger value between input and result",
        "floor": "whose ops and bytes are counted: decomposed or linalg",
    }
    for name, default in asdict(DEFAULT_LIMITS).items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            metavar="F" if name == "floor" else "N",
            type=str if name == "floor" else int,
            default=default,
            help=f"{helps[name]} (default: %(default)s)",
        )


@dataclass
class Report:
    """One run of the tool."""

    options: argparse.Namespace
    situation: Situation

    def execute(self) -> int:
        """Everything; the exit code."""
        from ..dialect import ttnn
        from ..passes.cost_report import cost_of
        from .paths import check_paths

        check_paths(self.situation.tool, {"FILE.mlir": self.options.file}, {})
        target, shown, limits = self._target(), self._strategies(), self._limits()
        module = self._read()
        ops = [op for op in module.walk() if isinstance(op, ttnn.ConvTranspose2dOp)]
        costs = [cost_of(op, target, limits) for op in ops]
        if self.options.json:
            data = [cost.as_data(shown) for cost in costs]
            print(json.dumps({"target": asdict(target), "ops": data}, indent=2))
        else:
            # Printed by Python, which says when nobody reads it: rich leaves without a word.
            print(tables(costs, shown), end="")
        return OK

    def _target(self) -> "Target":
        from ..passes.targets import load_target

        try:
            return load_target(self.options.target)
        except ValueError as error:
            raise ToolError(str(error), self.situation.tool) from error

    def _limits(self) -> "Limits":
        from xdsl.utils.exceptions import PassFailedException

        from ..passes.limits import Limits

        options = self.options
        try:
            return Limits(options.max_ops, options.max_temporary_bytes, options.floor)
        except PassFailedException as error:
            raise ToolError(str(error), self.situation.tool) from error

    def _strategies(self) -> tuple[str, ...]:
        """The strategies to show."""
        from ..passes.strategies import AVAILABLE

        for strategy in self.options.strategy or ():
            if strategy not in AVAILABLE:
                expected = ", ".join(AVAILABLE)
                text = f"strategy: expected one of {expected}, got {strategy}"
                raise ToolError(text, self.situation.tool)
        return tuple(self.options.strategy or AVAILABLE)

    def _read(self) -> "ModuleOp":
        from ..dialect.parsing import parse_module
        from ..dialect.verify_module import verify_module
        from .files import decode, read_bytes

        text = decode(read_bytes(self.options.file), self.situation.source)
        module = parse_module(text, self.situation.source)
        self.situation.module = module
        verify_module(module)
        return module


def tables(costs: "Sequence[OpCost]", shown: Sequence[str]) -> str:
    """A table for each op, why auto picks what it picks, and why strategies refuse."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH_OF_FILES)
    with console.capture() as text:
        if not costs:
            console.print("no ttnn.conv_transpose2d")
        for cost in costs:
            console.print(escape(heading(cost)), soft_wrap=True)
            console.print(_table(cost, shown))
            console.print(escape(f"auto: {cost.reason}"), soft_wrap=True)
            for name, reason in cost.refusals.items():
                if name in shown:
                    console.print(escape(f"{name} refuses: {reason}"), soft_wrap=True)
            console.print()
    return text.get()


def heading(cost: "OpCost") -> str:
    """Which op it is, and how much work."""
    from ..dialect.names import symbol_text

    geometry = cost.workload.geometry
    where = cost.place or "conv_transpose2d"
    if cost.function is not None:
        where = f"{where} in {symbol_text(cost.function)}"
    shapes = "x".join(map(str, geometry.input_shape)), "x".join(map(str, geometry.output_shape))
    work = f"{geometry.multiply_adds:,} multiply-adds"
    return f"{where}: {shapes[0]} -> {shapes[1]} {cost.element_type}, {work}"


def _table(cost: "OpCost", shown: Sequence[str]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("strategy", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for name, strategy in cost.costs.items():
        if name in shown:
            mark = "* " if name == cost.winner else "  "
            table.add_row(mark + name, *cells(strategy))
    return table


def cells(strategy: "StrategyCost") -> tuple[str, ...]:
    """One row, in the order of COLUMNS."""
    figures, seconds = strategy.figures, strategy.estimate.seconds
    counts = (
        figures.multiply_adds,
        figures.useful_multiply_adds,
        figures.cropped_multiply_adds,
        figures.bytes_read,
        figures.bytes_written,
        figures.largest_temporary_bytes,
        figures.tile_matmuls,
    )
    return (*(f"{count:,}" for count in counts), f"{seconds * 1e3:.4g} ms")


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, or 2 for bad usage or bad input."""
    situation = Situation("ttnn-cost-report")

    def body() -> int:
        from .files import source_name

        options = make_parser().parse_args(args)
        situation.source = source_name(options.file)
        return Report(options, situation).execute()

    return run_tool(situation, body)


if __name__ == "__main__":
    sys.exit(main())
