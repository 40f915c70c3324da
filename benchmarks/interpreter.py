"""How fast the interpreter is: scalar loops beside xDSL's own interpreter, layers as tiled loops.

python benchmarks/interpreter.py [--quick] [--layers NAME ...] [--cases FILE]

Everything runs on one thread. Times differ from machine to machine; the ratios, measured in one
run, travel.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from _support import (
    MODEL_ZOO,
    Layer,
    layer_function,
    load_layers,
    on_one_thread,
    seconds,
    table,
    verdict,
)

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp

LARGEST_COST_RATIO = 1 / 100
LONGEST_LAYER_SECONDS = 10.0
QUICK_MULTIPLY_ADDS = 40_000_000

SCALAR_BODIES = {
    "i64": """
      %0 = arith.addi %a, %one : i64
      %1 = arith.muli %0, %three : i64
      %2 = arith.xori %1, %a : i64
      %3 = arith.andi %2, %mask : i64""",
    "index": """
      %0 = arith.addi %a, %i : index
      %1 = arith.muli %0, %three : index
      %2 = arith.subi %1, %a : index
      %3 = arith.andi %2, %mask : index""",
    "f64": """
      %0 = arith.addf %a, %one : f64
      %1 = arith.mulf %0, %half : f64
      %2 = arith.subf %1, %a : f64
      %3 = arith.addf %2, %one : f64""",
}
"""The body of the loop by element type: four ops on the value it carries."""

OPS_PER_ITERATION = 4


def scalar_loop(element_type: str) -> str:
    """A function (start, number of iterations) -> value, one `scf.for` around scalar arithmetic."""
    floats, whole = {"one": 1.0, "half": 0.5}, {"one": 1, "three": 3, "mask": 65535}
    values = floats if element_type == "f64" else whole
    constants = "\n".join(
        f"    %{name} = arith.constant {value} : {element_type}" for name, value in values.items()
    )
    return f"""
  func.func @main(%start: {element_type}, %n: index) -> {element_type} {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
{constants}
    %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %start) -> ({element_type}) {{
{SCALAR_BODIES[element_type]}
      scf.yield %3 : {element_type}
    }}
    return %r : {element_type}
  }}"""


@dataclass(frozen=True)
class ScalarCosts:
    """Seconds an op of the same loop in both interpreters."""

    element_type: str
    stock: float
    emitted: float
    agree: bool

    @property
    def ratio(self) -> float:
        return self.emitted / self.stock

    def row(self) -> list[str]:
        return [
            self.element_type,
            f"{self.stock * 1e6:.2f}",
            f"{self.emitted * 1e6:.4f}",
            f"1/{1 / self.ratio:.0f}",
            "yes" if self.agree else "NO",
        ]


def measure_scalar_loop(element_type: str, stock_iterations: int, rounds: int) -> ScalarCosts:
    """Time a loop in turn by xDSL's interpreter, as `xdsl-run` sets it up, and by this one."""
    from xdsl.interpreter import Interpreter
    from xdsl.interpreters import register_implementations

    from xdsl_ttnn.dialect.text.context import make_context
    from xdsl_ttnn.dialect.text.parsing import parse_module
    from xdsl_ttnn.interpreter import compile_module

    context = make_context()
    module = parse_module(scalar_loop(element_type), "loop.mlir", context)
    stock = Interpreter(module)
    register_implementations(stock, context)
    program = compile_module(module)
    start = 7.0 if element_type == "f64" else 7

    def run_stock(iterations: int) -> object:
        return stock.call_op("main", (start, iterations))[0]

    def run_emitted(iterations: int) -> object:
        return program.call("main", (start, iterations))[0].item()

    agree = run_stock(100) == run_emitted(100)
    emitted_iterations = 100 * stock_iterations
    times = [
        (
            seconds(lambda: run_stock(stock_iterations)),
            seconds(lambda: run_emitted(emitted_iterations)),
        )
        for _ in range(rounds)
    ]
    stock_seconds, emitted_seconds = (min(column) for column in zip(*times, strict=True))
    return ScalarCosts(
        element_type,
        stock_seconds / (stock_iterations * OPS_PER_ITERATION),
        emitted_seconds / (emitted_iterations * OPS_PER_ITERATION),
        agree,
    )


def compare_scalar_loops(quick: bool) -> None:
    """Print the table of scalar loops."""
    iterations, rounds = (1_000, 3) if quick else (10_000, 5)
    costs = [measure_scalar_loop(name, iterations, rounds) for name in SCALAR_BODIES]
    print("A scalar scf.for: time of one arith op, by xDSL's interpreter and emitted\n")
    header = ("type", "xdsl-run, us", "emitted, us", "ratio", "same result")
    print(table(header, [cost.row() for cost in costs]))
    worst = max(cost.ratio for cost in costs)
    print("\n" + verdict("largest ratio", worst, LARGEST_COST_RATIO) + "\n")


def tile_matmuls(module: ModuleOp) -> int:
    """How many tile matmuls the loops of a lowered module execute."""
    from xdsl.dialects import arith, scf
    from xdsl.dialects.builtin import IntegerAttr
    from xdsl.dialects.linalg import ops as linalg
    from xdsl.ir import Operation, SSAValue

    def constant(value: SSAValue) -> int:
        owner = value.owner
        assert isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr)
        return owner.value.value.data

    def trips(op: Operation) -> int:
        parent, counts = op.parent_op(), [1]
        while parent is not None:
            if isinstance(parent, scf.ForOp):
                span = constant(parent.ub) - constant(parent.lb)
                counts.append(-(-span // constant(parent.step)))
            parent = parent.parent_op()
        return prod(counts)

    return sum(trips(op) for op in module.walk() if isinstance(op, linalg.MatmulOp))


@dataclass(frozen=True)
class LayerTimes:
    """What running one layer at the loops floor and by its definition took."""

    name: str
    matmuls: int
    lowering: float
    loops: float
    oracle: float
    exact: bool

    def row(self) -> list[str]:
        return [
            self.name,
            f"{self.matmuls:,}",
            f"{self.lowering * 1e3:.0f}",
            f"{self.loops:.3f}",
            f"{self.loops / self.matmuls * 1e6:.2f}",
            f"{self.oracle:.3f}",
            f"{self.loops / self.oracle:.1f}",
            "yes" if self.exact else "NO",
        ]


LAYER_HEADER = (
    "layer",
    "tile matmuls",
    "lowered, ms",
    "loops, s",
    "us a matmul",
    "oracle, s",
    "loops/oracle",
    "exact",
)


def measure_layer(layer: Layer) -> LayerTimes:
    """Run a layer on small whole numbers at the loops floor, and by its scatter definition."""
    import numpy as np

    from xdsl_ttnn.frontend import compile_ir

    ir = layer_function(layer)
    generator = np.random.default_rng(0)
    oracle = compile_ir(ir)
    lowering = seconds(lambda: compile_ir(ir, floor="loops", strategy="zero-insert"))
    loops = compile_ir(ir, floor="loops", strategy="zero-insert")
    inputs = [
        generator.integers(-largest, largest + 1, array.shape).astype(array.dtype)
        for array, largest in zip(loops.signature.arrays, (3, 1, 3), strict=False)
    ]
    results = {}
    times = {
        name: seconds(lambda name=name, run=run: results.update({name: run(*inputs)[0]}))
        for name, run in (("loops", loops), ("oracle", oracle))
    }
    return LayerTimes(
        layer["name"],
        tile_matmuls(loops.module),
        lowering,
        times["loops"],
        times["oracle"],
        np.array_equal(results["loops"], results["oracle"]),
    )


def run_layers(layers: Sequence[Layer]) -> None:
    """Print the table of layers."""
    print("Layers at the loops floor: zero-insert, direct, tiles of 32x32x32, f32, one thread\n")
    measured = [measure_layer(layer) for layer in layers]
    print(table(LAYER_HEADER, [times.row() for times in measured]))
    exact = sum(times.exact for times in measured)
    print(f"\nexact on whole numbers: {exact} of {len(measured)}")
    slowest = max(times.loops for times in measured)
    print(verdict("slowest layer", slowest, LONGEST_LAYER_SECONDS, " s"))


def choose_layers(path: Path, names: Sequence[str], quick: bool) -> list[Layer]:
    """The layers asked for. Raises: SystemExit for a name that is none."""
    layers = load_layers(path)
    known = [layer["name"] for layer in layers]
    if unknown := sorted(set(names) - set(known)):
        sys.exit(f"layers: expected some of {', '.join(known)}; got {', '.join(unknown)}")
    chosen = [layer for layer in layers if not names or layer["name"] in names]
    if quick and not names:
        chosen = [layer for layer in chosen if layer["macs"] <= QUICK_MULTIPLY_ADDS]
    return chosen


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, small layers only")
    parser.add_argument("--layers", nargs="+", default=[], metavar="NAME", help="only these layers")
    parser.add_argument(
        "--cases", type=Path, default=MODEL_ZOO, metavar="FILE", help="a JSON file of layers"
    )
    return parser


def main(args: Sequence[str] | None = None) -> int:
    """Print both tables."""
    options = make_parser().parse_args(args)
    layers = choose_layers(options.cases, options.layers, options.quick)
    compare_scalar_loops(options.quick)
    run_layers(layers)
    return 0


if __name__ == "__main__":
    on_one_thread()
    sys.exit(main())
