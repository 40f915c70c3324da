"""`ttnn-cost-report`: what each strategy costs for each transposed convolution, and which wins."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from .diagnostics import OK, Situation, ToolError, run_tool

if TYPE_CHECKING:
    from xdsl.context import Context
    from xdsl.dialects.builtin import ModuleOp
    from xdsl.passes import ModulePass

    from ..passes.cost.report import OpCost
    from ..passes.cost.targets import Target
    from ..passes.limits import Limits

EPILOG = """\
The table: * is what strategy=auto picks; cropped are multiply-adds of products outside of the
output; temporary is the largest value between two stages; tiles are matmuls of 32x32x32. It is as
wide as the terminal, or as COLUMNS says.

With --json: {"target": what it is, "ops": [...]}, with these keys for each op:
  file, place, function, input, weight, output, groups, element_type
             what it is; shapes are N,H,W,C and C,O/G,KH,KW
  macs       N*H*W*C*(O/G)*KH*KW
  flops      2 * macs, as tt-mlir counts an op that is not decomposed
  auto       {"strategy", "reason"}: what strategy=auto picks on the target; null where all
             strategies are over a limit
  strategies by name, the best first; {"refused": why}, {"cost": null} where it has none, or
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


def make_parser() -> argparse.ArgumentParser:
    """The command line. What strategies and targets there are is checked later, in one place."""
    parser = argparse.ArgumentParser(
        "ttnn-cost-report",
        description="What each strategy costs for each ttnn.conv_transpose2d of some modules.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("files", metavar="FILE.mlir", nargs="+", help="the modules; - reads standard input")
    add("--passes", metavar="PIPELINE", default="", help="passes to run first, as in ttnn-opt -p")
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
        from .paths import check_paths

        names = ("FILE.mlir", *(f"FILE.mlir {number}" for number in range(2, len(self.files) + 1)))
        check_paths(self.situation.tool, dict(zip(names, self.files, strict=True)), {})
        target, limits, passes = self._target(), self._limits(), self._passes()
        shown = self._strategies()
        found: list[dict[str, object]] = []
        costs: list[OpCost] = []
        remarks: list[str] = []
        for path in self.files:
            of_file, remark = self._costs(path, passes, target, limits)
            costs += of_file
            found += ({"file": path, **cost.as_data(shown)} for cost in of_file)
            remarks += [] if of_file else [remark]
        if self.options.json:
            print(json.dumps({"target": asdict(target), "ops": found}, indent=2))
        elif costs:
            from .cost_tables import report

            print(report(costs, shown, target.name), end="")
        for remark in remarks:
            print(remark, file=sys.stderr if self.options.json else sys.stdout)
        return OK

    @property
    def files(self) -> list[str]:
        return self.options.files

    def _costs(
        self, path: str, passes: "Sequence[ModulePass]", target: "Target", limits: "Limits"
    ) -> "tuple[list[OpCost], str]":
        """The ops of a file after the passes, and what is said where there is none."""
        from ..passes.cost.report import cost_of
        from .files import source_name
        from .missing_op import NO_OP, transposed_convolutions, why_none

        self.situation.source, self.situation.module = source_name(path), None
        context, module = self._read(path)
        passed = self._passed(module, passes, context)
        costs = [cost_of(op, target, limits) for op in transposed_convolutions(passed)]
        why = f"{NO_OP} left by --passes" if transposed_convolutions(module) else None
        return costs, f"{self.situation.source}: {why or why_none(passed, context)}"

    def _passes(self) -> "tuple[ModulePass, ...]":
        from ..frontend.pipelines import build_pipeline

        try:
            return build_pipeline(self.options.passes)
        except ValueError as error:
            raise ToolError(str(error), self.situation.tool) from error

    def _passed(
        self, module: "ModuleOp", passes: "Sequence[ModulePass]", context: "Context"
    ) -> "ModuleOp":
        from ..frontend.compiler import lower

        def follow(step: "ModulePass", lowered: "ModuleOp") -> None:
            self.situation.pass_name, self.situation.module = step.name, lowered

        passed = lower(module, passes, context, follow)
        self.situation.pass_name = None
        return passed

    def _target(self) -> "Target":
        from ..passes.cost.targets import load_target

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
        from ..passes.strategies.registry import strategies

        for strategy in self.options.strategy or ():
            if strategy not in strategies():
                expected = ", ".join(strategies())
                text = f"strategy: expected one of {expected}, got {strategy}"
                raise ToolError(text, self.situation.tool)
        return tuple(self.options.strategy or strategies())

    def _read(self, path: str) -> "tuple[Context, ModuleOp]":
        from ..dialect.text.context import make_context
        from ..dialect.text.parsing import parse_module
        from ..dialect.verify_module import verify_module
        from .files import decode, read_bytes

        context = make_context()
        text = decode(read_bytes(path), self.situation.source)
        module = parse_module(text, self.situation.source, context)
        self.situation.module = module
        verify_module(module)
        return context, module


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, or 2 for bad usage or bad input."""
    situation = Situation("ttnn-cost-report")

    def body() -> int:
        return Report(make_parser().parse_args(args), situation).execute()

    return run_tool(situation, body)


if __name__ == "__main__":
    sys.exit(main())
