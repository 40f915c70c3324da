"""IREE on its own import of a layer against IREE on this project's IR, in one run.

Both sides: the same flags, one thread, arrays on the device, weights known beforehand (IREE's own
as ONNX initializers, this project's prepared once by `prepare_main`). Times are processor time of
the one thread that computes, the shortest of many calls: what else the machine does counts little.
Results are compared with the interpreter's, bit for bit on small integers. With --strategies all,
every strategy is measured and compared with what `auto` chose.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np
from _iree import Compiled, import_onnx, onnx_model
from _support import MODEL_ZOO, Layer, layer_function, load_layers, table
from xdsl.passes import PassPipeline

from xdsl_ttnn import lowering, passes
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.dialect.text.context import make_context
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.interpreter import compile_module
from xdsl_ttnn.passes.strategies.registry import names

Run = Callable[[], object]
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Operands:
    """Small integers, so that every order of summation gives the same sums."""

    x: Array
    weight: Array
    bias: Array | None

    @property
    def parameters(self) -> list[Array]:
        return [self.weight] if self.bias is None else [self.weight, self.bias]


def make_operands(layer: Layer) -> Operands:
    rng = np.random.default_rng(0)
    shapes = [
        (layer["n"], layer["h"], layer["w"], layer["c"]),
        (layer["c"], layer["o"] // layer["groups"], layer["kh"], layer["kw"]),
        (1, 1, 1, layer["o"]),
    ]
    x, weight, bias = (rng.integers(-3, 4, shape).astype(np.float32) for shape in shapes)
    return Operands(x, weight, bias if layer["bias"] else None)


def lowered(layer: Layer, strategy: str) -> tuple[str, list[str]]:
    """This project's linalg for IREE, weight preparation apart, and the remarks made."""
    parameters = "1,2" if layer["bias"] else "1"
    pipeline = (
        f"ttnn-to-linalg{{strategy={strategy}}},"
        f"hoist-weight-preparation{{arguments={parameters}}},strip-ttnn-attributes"
    )
    context = make_context()
    module = parse_module(layer_function(layer), "layer.mlir", context)
    with collect_remarks() as remarks:
        available = passes.get_all_passes() | lowering.get_all_passes()
        PassPipeline.parse_spec(available, pipeline).apply(context, module)
    return str(module), remarks


def expected_result(layer: Layer, operands: Operands) -> Array:
    module = parse_module(layer_function(layer), "layer.mlir")
    arguments = [operands.x, *operands.parameters]
    return compile_module(module).call("main", arguments)[0]


def check(name: str, got: Any, expected: Array) -> None:
    if not np.array_equal(np.asarray(got.to_host()), expected):
        raise SystemExit(f"{name}: expected the interpreter's result, got another")


def own_run(layer: Layer, operands: Operands, expected: Array) -> Run:
    """IREE on its own import: NCHW in and out, its native layout for ONNX."""
    compiled = Compiled(import_onnx(onnx_model(layer, operands.weight, operands.bias)), "onnx")
    arguments = compiled.to_device([np.ascontiguousarray(operands.x.transpose(0, 3, 1, 2))])
    check(layer["name"], compiled.call("main", arguments)[0], expected.transpose(0, 3, 1, 2))
    return lambda: compiled.call("main", arguments)


def our_run(layer: Layer, operands: Operands, expected: Array, strategy: str) -> Run:
    """IREE on this project's IR; weights prepared once, outside of what is timed."""
    text, _ = lowered(layer, strategy)
    compiled = Compiled(text)
    prepared = compiled.to_device(operands.parameters)
    if "@prepare_main" in text:
        prepared = list(compiled.call("prepare_main", prepared))
    arguments = [*compiled.to_device([operands.x]), *prepared]
    check(f"{layer['name']}, {strategy}", compiled.call("main", arguments)[0], expected)
    return lambda: compiled.call("main", arguments)


def thread_seconds(run: Run) -> float:
    """Processor time of one call, on the thread that makes it."""
    start = thread_time()
    run()
    return max(thread_time() - start, 1e-9)


def measure(runs: dict[str, Run], rounds: int) -> dict[str, float]:
    """The shortest time of each, in seconds; the runs take turns, so that noise hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    repeats = {name: max(1, min(20, int(0.02 / thread_seconds(run)))) for name, run in runs.items()}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].extend(thread_seconds(run) for _ in range(repeats[name]))
    return {name: min(found) for name, found in times.items()}


def applicable(layer: Layer, wanted: tuple[str, ...]) -> list[str]:
    """The strategies among `wanted` that take the layer."""
    taken: list[str] = []
    for strategy in wanted:
        try:
            lowered(layer, strategy)
        except Exception as error:
            if f"for strategy {strategy}, got" not in str(error):
                raise
            continue
        taken.append(strategy)
    return taken


def chosen_by_auto(layer: Layer, strategies: list[str]) -> str:
    """What auto makes of a layer: the strategy with the same IR."""
    text = lowered(layer, "auto")[0]
    return next((name for name in strategies if lowered(layer, name)[0] == text), "?")


def measure_layer(layer: Layer, wanted: tuple[str, ...], rounds: int) -> dict[str, float]:
    """Seconds of IREE's own import (`own`), of `auto` and of the wanted strategies."""
    operands = make_operands(layer)
    expected = expected_result(layer, operands)
    runs = {"own": own_run(layer, operands, expected)}
    strategies = applicable(layer, wanted)
    same = chosen_by_auto(layer, strategies)
    for strategy in (*strategies, *(() if same in strategies else ("auto",))):
        runs[strategy] = our_run(layer, operands, expected, strategy)
    times = measure(runs, rounds)
    # Where auto chose a strategy that is measured, the two are one program.
    return {"auto": times.get(same, times.get("auto", 0.0))} | times


def row(layer: Layer, times: dict[str, float], wanted: tuple[str, ...]) -> list[str]:
    cells = [layer["name"], f"{times['own'] * 1e3:.3f}", f"{times['auto'] * 1e3:.3f}"]
    cells.append(f"{times['own'] / times['auto']:.1f}")
    cells += [f"{times[name] * 1e3:.3f}" if name in times else "-" for name in wanted]
    if wanted:
        best = min((name for name in times if name in wanted), key=times.__getitem__)
        cells += [chosen_by_auto(layer, [name for name in wanted if name in times]), best]
    return cells


def main() -> None:
    """Print the table and its summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=MODEL_ZOO, help="a JSON file of layers")
    parser.add_argument("--layers", nargs="*", help="names of layers; all without")
    parser.add_argument("--strategies", nargs="*", default=(), help="measure these too, or all")
    parser.add_argument("--rounds", type=int, default=7, help="turns that the runs take")
    arguments = parser.parse_args()
    wanted = names() if "all" in arguments.strategies else tuple(arguments.strategies)
    layers = [
        layer
        for layer in load_layers(arguments.cases)
        if not arguments.layers or layer["name"] in arguments.layers
    ]
    rows: list[list[str]] = []
    ratios: list[float] = []
    close = 0
    for layer in layers:
        times = measure_layer(layer, wanted, arguments.rounds)
        rows.append(row(layer, times, wanted))
        ratios.append(times["own"] / times["auto"])
        best = min((times[name] for name in times if name in wanted), default=times["auto"])
        close += times["auto"] <= 1.1 * best
        print("  ".join(rows[-1]), flush=True)
    header = ["layer", "IREE ms", "auto ms", "ratio", *wanted]
    print("\n" + table(header + (["auto chose", "best"] if wanted else []), rows))
    mean = exp(sum(map(log, ratios)) / len(ratios))
    print(f"\ngeometric mean of IREE's own time over its time on this IR: {mean:.1f}")
    print(f"smallest ratio: {min(ratios):.2f}")
    if wanted:
        print(f"auto within 10 % of the best strategy: {close} of {len(layers)} layers")


if __name__ == "__main__":
    main()
