"""How long compiling takes: one op to tiled loops, modules of many ops, and starting `ttnn-opt`.

python benchmarks/compile_time.py [--quick] [--repeats N]

What is compared runs in turns, and medians (of ratios, where there are ratios) are printed.
Compiling is counted in processor time, starting a program in wall-clock time.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from _support import (
    Layer,
    layer_function,
    load_layers,
    on_one_thread,
    processor_seconds,
    seconds,
    table,
    verdict,
)
from xdsl.dialects.builtin import ModuleOp

from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.dialect.text.context import make_context
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend.pipelines import build_pipeline

PIPELINE = "ttnn-to-loops{strategy=zero-insert}"
MOST_MILLISECONDS = 60.0
LARGEST_GROWTH = 1.3
LARGEST_START_RATIO = 1.5

STAGES = ("parse", "verify", "lower", "verify again", "print")

SQUARE: Layer = {
    "name": "square",
    "n": 1,
    "h": 16,
    "w": 16,
    "c": 64,
    "o": 64,
    "kh": 3,
    "kw": 3,
    "sh": 1,
    "sw": 1,
    "padding": [1, 1],
    "oph": 0,
    "opw": 0,
    "dh": 1,
    "dw": 1,
    "groups": 1,
    "bias": True,
    "hout": 16,
    "wout": 16,
}
"""A layer whose output has the shape of its input, so that it can be applied many times."""

GROUPED: Layer = {
    "name": "grouped, ragged",
    "n": 2,
    "h": 9,
    "w": 13,
    "c": 70,
    "o": 105,
    "kh": 4,
    "kw": 3,
    "sh": 2,
    "sw": 3,
    "padding": [1, 0, 2, 1],
    "oph": 1,
    "opw": 0,
    "dh": 2,
    "dw": 1,
    "groups": 5,
    "bias": True,
    "hout": 23,
    "wout": 36,
}


class Compiler:
    """The stages of a compilation, in one warm process."""

    def __init__(self) -> None:
        self.context = make_context()
        (self.lowering,) = build_pipeline(PIPELINE)

    def parse(self, ir: str) -> ModuleOp:
        return parse_module(ir, "benchmark.mlir", self.context)

    def lower(self, module: ModuleOp) -> None:
        with collect_remarks():
            self.lowering.apply(self.context, module)

    def stage_seconds(self, ir: str) -> list[float]:
        """Processor time of each of STAGES for one module."""
        modules: list[ModuleOp] = []
        stages: list[Callable[[], object]] = [
            lambda: modules.append(self.parse(ir)),
            lambda: modules[0].verify(),
            lambda: self.lower(modules[0]),
            lambda: modules[0].verify(),
            lambda: str(modules[0]),
        ]
        return [processor_seconds(stage) for stage in stages]

    def lower_seconds(self, ir: str) -> float:
        """Processor time of lowering one module, parsed before."""
        module = self.parse(ir)
        gc.collect()
        return processor_seconds(lambda: self.lower(module))


def time_one_op(compiler: Compiler, repeats: int) -> None:
    """Print how long each stage takes for modules of one op."""
    names = ("dcgan_to_rgb", "fcn_4x4_deep", "batch8_gan_training")
    layers = [layer for layer in load_layers() if layer["name"] in names] + [SQUARE, GROUPED]
    rows: list[list[str]] = []
    totals: list[float] = []
    for layer in layers:
        ir = layer_function(layer)
        compiler.stage_seconds(ir)
        times = [compiler.stage_seconds(ir) for _ in range(repeats)]
        stages = [median(column) * 1e3 for column in zip(*times, strict=True)]
        totals.append(median(sum(row) for row in times) * 1e3)
        rows.append([layer["name"], *(f"{stage:.1f}" for stage in (*stages, totals[-1]))])
    print(f"One op through {PIPELINE}, ms, median of {repeats}\n")
    print(table(("layer", *STAGES, "all"), rows))
    print("\n" + verdict("slowest, all stages", max(totals), MOST_MILLISECONDS, " ms") + "\n")


def chain(count: int) -> str:
    """One function that applies a layer `count` times."""
    return layer_function(SQUARE, repeats=count)


def functions(count: int) -> str:
    """`count` functions of one op each."""
    return "".join(layer_function(SQUARE, f"layer{index}") for index in range(count))


def compare_sizes(compiler: Compiler, sizes: tuple[int, int], repeats: int) -> None:
    """Print the time an op of large modules beside that of small ones, as many ops of each."""
    small, large = sizes
    rows: list[list[str]] = []
    growths: list[float] = []
    for make, name in ((chain, "ops in one function"), (functions, "functions of one op")):
        small_ir, large_ir = make(small), make(large)
        pairs: list[tuple[float, float]] = []
        for _ in range(repeats):
            times = [compiler.lower_seconds(small_ir) for _ in range(large // small)]
            pairs.append((sum(times) / large, compiler.lower_seconds(large_ir) / large))
        growths.append(median(after / before for before, after in pairs))
        few, many = (median(column) * 1e3 for column in zip(*pairs, strict=True))
        rows.append([name, f"{few:.2f}", f"{many:.2f}", f"{growths[-1]:.2f}"])
    print(f"Modules of many ops through {PIPELINE}, ms an op, median of {repeats}\n")
    print(table(("module", f"{small:,} ops", f"{large:,} ops", "ratio"), rows))
    print("\n" + verdict("largest ratio", max(growths), LARGEST_GROWTH) + "\n")


def compare_starts(repeats: int) -> None:
    """Print how long the two tools take to show their help."""
    folder = Path(sys.executable).parent
    tools = [[str(folder / name), "--help"] for name in ("xdsl-opt", "ttnn-opt")]

    def start(command: list[str]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    for command in tools:
        start(command)
    pairs = [[seconds(lambda c=command: start(c)) for command in tools] for _ in range(repeats)]
    stock, ours = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(second / first for first, second in pairs)
    print(f"Starting with --help, ms, median of {repeats}\n")
    row = [f"{stock * 1e3:.0f}", f"{ours * 1e3:.0f}", f"{ratio:.2f}"]
    print(table(("xdsl-opt", "ttnn-opt", "ratio"), [row]))
    print("\n" + verdict("ratio", ratio, LARGEST_START_RATIO))


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, smaller modules")
    parser.add_argument("--repeats", type=int, default=15, metavar="N", help="15 unless told")
    return parser


def main(args: Sequence[str] | None = None) -> int:
    """Print the three tables."""
    options = make_parser().parse_args(args)
    repeats = max(1, 3 if options.quick else options.repeats)
    compiler = Compiler()
    time_one_op(compiler, repeats)
    compare_sizes(compiler, (20, 100) if options.quick else (100, 1000), max(1, repeats // 5))
    compare_starts(repeats)
    return 0


if __name__ == "__main__":
    on_one_thread()
    sys.exit(main())
