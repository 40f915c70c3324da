"""`ttnn-run`: lower a function of a module, run it, check it."""

import argparse
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .diagnostics import CHECK_FAILED, OK, Situation, ToolError, run_tool
from .stopwatch import Stopwatch
from .streams import STANDARD

if TYPE_CHECKING:
    from xdsl.context import Context
    from xdsl.dialects.builtin import ModuleOp
    from xdsl.passes import ModulePass

    from ..dialect.numpy_types import Array
    from ..frontend.compiler import CompiledFunction

EPILOG = """\
The entry is `main`, else the only public function. Arrays are arg0, arg1, ... in --inputs and in
--weights, devices not counted, and result0, ... in --outputs; bfloat16 is uint16 bits under
arg0.bf16, result0.bf16.
Exit codes: 0 fine, 1 check failed, 2 bad usage or bad input.
"""


def make_parser() -> argparse.ArgumentParser:
    """The command line. What floors and strategies there are is checked later, in one place."""
    from ..passes.strategies.registry import AUTO, names

    parser = argparse.ArgumentParser(
        "ttnn-run",
        description="Run a function of TTNN IR, at the floor asked for.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="FILE.mlir", help="the module; - reads standard input")
    add("--entry", metavar="NAME", help="the function to run, private ones too")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--inputs", metavar="IN.npz", help="arrays to run on")
    source.add_argument(
        "--seed", metavar="N", type=int, default=0, help="of small random integers to run on"
    )
    add("--weights", metavar="W.npz", help="arrays of the arguments it names; the rest as above")
    add("--passes", metavar="PIPELINE", default="", help="passes to run first, as in ttnn-opt -p")
    add(
        "--strategy",
        metavar="S",
        help=f"{', '.join((AUTO, *names()))}; lowers to decomposed by itself",
    )
    add(
        "--floor",
        metavar="F",
        help="lower what --passes leave, to: ttnn, decomposed, linalg, loops; what is lower stays",
    )
    add("--backend", metavar="B", default="interpreter", help="interpreter (the default)")
    add("--threads", metavar="N", type=int, default=1, help="for backends that have them")
    add("--outputs", metavar="OUT.npz", help="store the results, whole or not at all")
    add(
        "--outputs-dtype",
        choices=["f32"],
        help="store floating-point results as f32, bfloat16 included",
    )
    add(
        "--check",
        action="store_true",
        help="compare with the module as it stands (as convert-...-to-ttnn made it, where --passes "
        "names one), run in f64; exit 1 past the error bound",
    )
    add("--trace", action="store_true", help="print each op, shapes and a digest to stderr")
    add("--timing", action="store_true", help="print how long each stage took to stderr")
    return parser


@dataclass(frozen=True)
class Steps:
    """The passes of a run, in order."""

    doors: "tuple[ModulePass, ...]"
    """What leads up to TTNN: only behind it does the module mean anything here."""

    given: "tuple[ModulePass, ...]"
    """The rest of --passes."""

    lowering: "tuple[ModulePass, ...]"
    """What --floor and --strategy stand for."""


@dataclass
class Run:
    """One run of the tool, stage by stage."""

    options: argparse.Namespace
    situation: Situation
    watch: Stopwatch = field(default_factory=Stopwatch)

    def execute(self) -> int:
        """Everything; the exit code."""
        self._check_options()
        steps = self._steps()
        with self.watch.stage("parse"):
            context, module = self._read()
        with self.watch.stage("passes"):
            module = self._lower(module, steps.doors, context) if steps.doors else module
            lowered = self._lower(module, steps.given, context)
            self._check_strategy(module, lowered)
            lowered = self._lower(lowered, steps.lowering, context) if steps.lowering else lowered
        with self.watch.stage("compile"):
            function = self._bind(module, lowered)
        arrays = self._inputs(module, function)
        with self.watch.stage("run"):
            results = function(*arrays)
        self._remark(function.program.remarks)
        return self._finish(module, function, arrays, results)

    def _check_options(self) -> None:
        """Refuse early what would only fail after the work is done."""
        from .paths import check_paths

        options, tool = self.options, self.situation.tool
        inputs = {
            "FILE.mlir": options.file,
            "--inputs": options.inputs,
            "--weights": options.weights,
        }
        check_paths(tool, inputs, {"--outputs": options.outputs})
        if options.seed < 0:
            raise ToolError(f"seed: expected at least 0, got {options.seed}", tool)

    def _steps(self) -> "Steps":
        """What --passes, --floor and --strategy ask for; remarks go to stderr."""
        from ..frontend.pipelines import Choices, all_passes, build_pipeline, split_at_doors

        options = self.options
        try:
            plan = Choices(
                options.floor, options.strategy, None, options.backend, options.threads
            ).plan()
            table = all_passes()
            doors, given = split_at_doors(build_pipeline(options.passes, table))
            lowering = build_pipeline(plan.pipeline, table)
        except ValueError as error:
            raise ToolError(str(error), self.situation.tool) from error
        self._remark(plan.remarks)
        return Steps(doors, given, lowering)

    def _check_strategy(self, module: "ModuleOp", passed: "ModuleOp") -> None:
        """Refuse a strategy for ops that --passes have left nothing of."""
        from ..dialect.ttnn import ConvTranspose2dOp

        def has_any(where: "ModuleOp") -> bool:
            return any(isinstance(op, ConvTranspose2dOp) for op in where.walk())

        if self.options.strategy is not None and has_any(module) and not has_any(passed):
            text = "strategy: expected a ttnn.conv_transpose2d that --passes leave, got none"
            raise ToolError(f"{text}; give the strategy to the pass", self.situation.tool)

    def _remark(self, remarks: Sequence[str]) -> None:
        """Say what passes do not say themselves."""
        for remark in remarks:
            print(f"remark: {remark}", file=sys.stderr)

    def _read(self) -> "tuple[Context, ModuleOp]":
        from ..dialect.text.context import make_context
        from ..dialect.text.parsing import parse_module
        from ..dialect.verify_module import verify_module
        from .files import decode, read_bytes

        context = make_context()
        text = decode(read_bytes(self.options.file), self.situation.source)
        module = parse_module(text, self.situation.source, context)
        self.situation.module = module
        verify_module(module)
        return context, module

    def _lower(
        self, module: "ModuleOp", passes: "Sequence[ModulePass]", context: "Context"
    ) -> "ModuleOp":
        from ..frontend.compiler import lower
        from ..frontend.entry import find_entry

        find_entry(module, self.options.entry)

        def follow(step: "ModulePass", lowered: "ModuleOp") -> None:
            self.situation.pass_name, self.situation.module = step.name, lowered

        lowered = lower(module, passes, context, follow)
        self.situation.pass_name = None
        return lowered

    @contextmanager
    def _about_entry(self, module: "ModuleOp") -> Generator[None]:
        """Place what is said of the entry, and has no place of its own, where the entry stands."""
        from ..dialect.text.locations import place_of
        from ..frontend.entry import find_entry

        try:
            yield
        except (ValueError, ToolError) as error:
            if isinstance(error, ToolError) and error.place is not None:
                raise
            place = place_of(find_entry(module, self.options.entry))
            raise ToolError(str(error), place) from error

    def _check_memory(self, module: "ModuleOp", function: "CompiledFunction") -> None:
        """Refuse what takes more memory than there is, before any of it is taken."""
        from ..interpreter.available import shortage
        from .arrays import drawing_bytes, summary_bytes
        from .comparison import check_bytes

        signature, how = function.signature, ""
        constants = function.program.constant_bytes(signature.function)
        shown = constants + summary_bytes(signature)
        needed = max(function.peak_bytes, drawing_bytes(signature), shown)
        if self.options.check:
            checking = check_bytes(module, self.options.entry, function)
            needed, how = max(needed, checking), " with --check" if checking > needed else ""
        if (missing := shortage(needed)) is not None:
            raise ToolError(f"{signature}{how}: {missing}")

    def _bind(self, module: "ModuleOp", lowered: "ModuleOp") -> "CompiledFunction":
        from ..frontend.compiler import bind

        trace = sys.stderr if self.options.trace else None
        with self._about_entry(lowered):
            function = bind(lowered, self.options.entry, trace=trace)
            self._check_memory(module, function)
        # Emitted here, so that the time counts as compilation.
        function.program.source(function.signature.function)
        return function

    def _inputs(self, module: "ModuleOp", function: "CompiledFunction") -> "list[Array]":
        from ..frontend.entry import find_entry
        from .arrays import random_inputs, read_inputs, read_weights

        options, signature = self.options, function.signature
        weights = {} if options.weights is None else read_weights(options.weights, signature)
        if options.inputs is not None:
            return read_inputs(options.inputs, signature, weights)
        entry = find_entry(module, options.entry)
        with self._about_entry(module):
            return random_inputs(entry, signature, options.seed, weights)

    def _finish(
        self,
        module: "ModuleOp",
        function: "CompiledFunction",
        arrays: "Sequence[Array]",
        results: "Sequence[Array]",
    ) -> int:
        """Store, check, show: what was asked for of it."""
        from .arrays import summary, write_outputs

        options = self.options
        if options.outputs is not None:
            write_outputs(options.outputs, results, options.outputs_dtype == "f32")
        if options.outputs is None and not options.check:
            for array, values in zip(function.signature.results, results, strict=True):
                print(summary(array, values))
        passed = True
        if options.check:
            with self.watch.stage("check"):
                passed = self._check(module, arrays, results)
        if options.timing:
            print(self.watch.table(), file=sys.stderr)
        return OK if passed else CHECK_FAILED

    def _check(
        self, module: "ModuleOp", arrays: "Sequence[Array]", results: "Sequence[Array]"
    ) -> bool:
        from .comparison import check_against_oracle, report

        with self._about_entry(module):
            comparisons = check_against_oracle(module, self.options.entry, arrays, results)
        return report(comparisons, sys.stderr if self.options.outputs == STANDARD else sys.stdout)


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code is 0, 1 for a failed check, 2 for bad usage or bad input."""
    situation = Situation("ttnn-run")

    def body() -> int:
        from .files import source_name

        options = make_parser().parse_args(args)
        situation.source = source_name(options.file)
        return Run(options, situation).execute()

    return run_tool(situation, body)


if __name__ == "__main__":
    sys.exit(main())
