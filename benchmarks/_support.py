"""What the benchmarks share: layers as IR, timing, tables.

NumPy must not be imported before `on_one_thread` has run; nothing here imports it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

MODEL_ZOO = Path(__file__).parents[1] / "tests" / "data" / "cases" / "model-zoo.json"

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Layer = dict[str, Any]
"""A layer of tests/data/cases: input (n, h, w, c), weight (c, o, kh, kw), strides sh, sw, ..."""


def on_one_thread() -> None:
    """Start the script again with BLAS limited to one thread, unless it is already.

    BLAS libraries read their limits when they are loaded, which is too early to set them here.
    """
    if any(os.environ.get(name) != "1" for name in _THREAD_VARIABLES):
        os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def load_layers(path: Path = MODEL_ZOO) -> list[Layer]:
    """The layers recorded in a file."""
    return json.loads(path.read_text())


def layer_op(layer: Layer, result: str, x: str, *, device: str = "%d") -> str:
    """One `ttnn.conv_transpose2d` of f32 on %w and %b, in the generic form."""
    pairs = {"kernel_size": "k", "stride": "s", "output_padding": "op", "dilation": "d"}
    arrays = {name: (layer[f"{key}h"], layer[f"{key}w"]) for name, key in pairs.items()}
    arrays["padding"] = tuple(layer["padding"])
    numbers = {
        "batch_size": layer["n"],
        "groups": layer["groups"],
        "in_channels": layer["c"],
        "input_height": layer["h"],
        "input_width": layer["w"],
        "out_channels": layer["o"],
    }
    listed = [f"{name} = {value} : i32" for name, value in numbers.items()]
    listed += [
        f"{name} = array<i32: {', '.join(map(str, values))}>" for name, values in arrays.items()
    ]
    types = layer_types(layer)
    operands, operand_types = [x, "%w"], [types["x"], types["w"]]
    if layer["bias"]:
        operands.append("%b")
        operand_types.append(types["b"])
    return (
        f'{result} = "ttnn.conv_transpose2d"({", ".join((*operands, device))}) '
        f"<{{{', '.join(sorted(listed))}}}> "
        f": ({', '.join((*operand_types, '!ttnn.device'))}) -> {types['y']}"
    )


def layer_types(layer: Layer) -> dict[str, str]:
    """The types of input x, weight w, bias b and result y of a layer."""
    shapes = {
        "x": (layer["n"], layer["h"], layer["w"], layer["c"]),
        "w": (layer["c"], layer["o"] // layer["groups"], layer["kh"], layer["kw"]),
        "b": (1, 1, 1, layer["o"]),
        "y": (layer["n"], layer["hout"], layer["wout"], layer["o"]),
    }
    return {name: f"tensor<{'x'.join(map(str, shape))}xf32>" for name, shape in shapes.items()}


def layer_function(layer: Layer, name: str = "main", repeats: int = 1) -> str:
    """A function that applies a layer, `repeats` times in a row where its shapes allow that."""
    types = layer_types(layer)
    names = ("x", "w", "b") if layer["bias"] else ("x", "w")
    arguments = ", ".join(f"%{argument}: {types[argument]}" for argument in names)
    values = ["%x", *(f"%y{step}" for step in range(repeats))]
    steps = [layer_op(layer, after, before) for before, after in pairwise(values)]
    device = '%d = "ttnn.get_device"() : () -> !ttnn.device'
    body = "\n".join(f"  {step}" for step in (device, *steps))
    return (
        f"func.func @{name}({arguments}) -> {types['y']} {{\n{body}\n"
        f"  return {values[-1]} : {types['y']}\n}}\n"
    )


def seconds(function: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    start = perf_counter()
    function()
    return perf_counter() - start


def processor_seconds(function: Callable[[], object]) -> float:
    """Processor time of one call: what else the machine does counts less than in `seconds`."""
    start = process_time()
    function()
    return process_time() - start


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of text, the first flush left and the others flush right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def verdict(what: str, measured: float, limit: float, unit: str = "") -> str:
    """One line that says whether a number is what it is meant to be."""
    word = "yes" if measured <= limit else "NO"
    return f"{what}: {measured:.4g}{unit}, at most {limit:.4g}{unit} wanted: {word}"
