"""What coming in by a door costs: each call beside the compiled function that it ends up in.

python benchmarks/door_overhead.py [--repeats N]

Both sides compute the same layer on the same arrays in turns, on one thread; times are processor
time, the shortest of all turns, because what else the machine does only makes them longer. A tensor
counts as copied when what reaches the compiled function, or what the caller gets, lies in other
memory than what was given or computed. "Held" is what NumPy allocates at most during a call beyond
what the compiled function itself does.
"""

from __future__ import annotations

import argparse
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import thread_time
from typing import TYPE_CHECKING, Any

from _support import Layer, load_layers, on_one_thread

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

WITHOUT_TORCH = "(torch is not installed)"

SMALLEST: Layer = {
    "name": "smallest",
    "padding": [0, 0],
    "oph": 0,
    "opw": 0,
    "bias": False,
    **dict.fromkeys(("n", "c", "o", "dh", "dw", "groups"), 1),
    **dict.fromkeys(("kh", "kw", "sh", "sw", "h", "w"), 2),
}
"""A layer whose time is all overhead."""

MIDDLE = "autoencoder_mid"


@dataclass(frozen=True)
class Door:
    """A way to compute a layer."""

    name: str
    call: Callable[[], Any]
    given: tuple[Any, ...]
    """The tensors it is called with, as arrays on their memory."""


@dataclass(frozen=True)
class Reached:
    """What a call came to: the compiled function, what it was called with and what it gave."""

    function: Any
    arrays: tuple[Array, ...]
    result: Array


@contextmanager
def watched() -> Iterator[list[Reached]]:
    """Note every call of a compiled function."""
    from xdsl_ttnn.frontend.compiler import CompiledFunction

    reached: list[Reached] = []
    run = CompiledFunction.__call__

    def note(self: CompiledFunction, *arrays: Any) -> tuple[Array, ...]:
        results = run(self, *arrays)
        reached.append(Reached(self, arrays, results[0]))
        return results

    CompiledFunction.__call__ = note
    try:
        yield reached
    finally:
        CompiledFunction.__call__ = run


def make_arrays(layer: Layer) -> dict[str, Array]:
    """x (N, H, W, C), w (C, O/G, KH, KW) and b (O) or nothing, of small integers."""
    import numpy as np

    random = np.random.default_rng(0)
    shapes = {
        "x": (layer["n"], layer["h"], layer["w"], layer["c"]),
        "w": (layer["c"], layer["o"] // layer["groups"], layer["kh"], layer["kw"]),
    } | ({"b": (layer["o"],)} if layer["bias"] else {})
    return {
        name: random.integers(-3, 4, shape).astype(np.float32) for name, shape in shapes.items()
    }


def pairs(layer: Layer) -> dict[str, tuple[int, int]]:
    """Stride, padding, output padding and dilation of a layer, (height, width)."""
    return {
        "stride": (layer["sh"], layer["sw"]),
        "padding": tuple(layer["padding"]),
        "output_padding": (layer["oph"], layer["opw"]),
        "dilation": (layer["dh"], layer["dw"]),
    }


def documented_call(layer: Layer, tensors: Mapping[str, Any]) -> Callable[[], Any]:
    """`ttnn.conv_transpose2d` on tensors of any kind."""
    from xdsl_ttnn import frontend as ttnn

    arguments = {
        "input_tensor": tensors["x"],
        "weight_tensor": tensors["w"],
        "bias_tensor": tensors.get("b"),
        "in_channels": layer["c"],
        "out_channels": layer["o"],
        "batch_size": layer["n"],
        "input_height": layer["h"],
        "input_width": layer["w"],
        "kernel_size": (layer["kh"], layer["kw"]),
        "groups": layer["groups"],
        **pairs(layer),
    }
    return lambda: ttnn.conv_transpose2d(**arguments)


def numpy_door(layer: Layer) -> Door:
    arrays = make_arrays(layer)
    call = documented_call(layer, arrays)
    return Door("Python call, NumPy", call, tuple(arrays.values()))


def torch_doors(torch: Any, layer: Layer) -> list[Door]:
    """The documented call on torch tensors, the torch operator, and a compiled torch module."""
    from xdsl_ttnn.frontend.torch_modules import conv_transpose2d, xdsl_ttnn

    arrays = make_arrays(layer)
    given = tuple(arrays.values())
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    x, w, b = tensors["x"].permute(0, 3, 1, 2), tensors["w"], tensors.get("b")
    parameters = pairs(layer) | {"groups": layer["groups"]}

    def function(x: Any, w: Any, b: Any) -> Any:
        return torch.conv_transpose2d(x, w, b, **parameters)

    compiled = torch.compile(function, backend=xdsl_ttnn, dynamic=False)
    return [
        Door("Python call, torch", documented_call(layer, tensors), given),
        Door("torch operator", lambda: conv_transpose2d(x, w, b, **parameters), given),
        Door("torch.compile", lambda: compiled(x, w, b), given),
    ]


def copied_bytes(door: Door) -> int:
    """Bytes of the tensors that a call copies on their way in and out."""
    import numpy as np

    with watched() as reached:
        outcome = door.call()
    (one,) = reached
    copies = [
        array.nbytes
        for array in one.arrays
        if not any(np.may_share_memory(array, memory) for memory in door.given)
    ]
    returned = outcome if isinstance(outcome, np.ndarray) else outcome.numpy()
    if not np.may_share_memory(returned, one.result):
        copies.append(returned.nbytes)
    return sum(copies)


def peak_bytes(function: Callable[[], Any]) -> int:
    """What is allocated at most, through Python, while a function runs."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def shortest(functions: list[Callable[[], Any]], repeats: int) -> list[float]:
    """The shortest processor time of each function; they run in turns."""
    best = [float("inf")] * len(functions)
    for _ in range(repeats):
        for index, function in enumerate(functions):
            start = thread_time()
            function()
            best[index] = min(best[index], thread_time() - start)
    return best


def row(door: Door, repeats: int) -> tuple[str, ...]:
    """One line of the table."""
    door.call()
    with watched() as reached:
        door.call()
    (one,) = reached

    def direct() -> Any:
        return one.function(*one.arrays)

    through, alone = shortest([door.call, direct], repeats)
    held = peak_bytes(door.call) - peak_bytes(direct)
    return (
        door.name,
        f"{alone * 1e6:.0f}",
        f"{through * 1e6:.0f}",
        f"{(through - alone) * 1e6:.0f}",
        f"{copied_bytes(door):,}",
        f"{max(held, 0):,}",
    )


def show(layer: Layer, torch: Any, repeats: int) -> None:
    """Print the table of a layer."""
    from rich.console import Console
    from rich.table import Table

    sizes = f"{layer['n']}x{layer['h']}x{layer['w']}x{layer['c']} to {layer['o']} channels"
    kernel = f"kernel {layer['kh']}x{layer['kw']}, stride {layer['sh']}x{layer['sw']}"
    table = Table(title=f"{layer['name']}: {sizes}, {kernel}")
    table.add_column("door")
    for heading in ("function, us", "call, us", "overhead, us", "bytes copied", "bytes held"):
        table.add_column(heading, justify="right")
    table.add_row(*row(numpy_door(layer), repeats))
    if torch is None:
        table.add_row(WITHOUT_TORCH)
    else:
        torch.set_num_threads(1)
        with torch.no_grad():
            for door in torch_doors(torch, layer):
                table.add_row(*row(door, repeats))
    Console(width=100).print(table)


def load_torch() -> Any:
    """The module torch, or None."""
    try:
        import torch
    except ModuleNotFoundError:
        return None
    return torch


def main() -> int:
    """Print one table a layer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=300, help="turns of the smallest layer")
    repeats = parser.parse_args().repeats
    torch = load_torch()
    (middle,) = (layer for layer in load_layers() if layer["name"] == MIDDLE)
    show(SMALLEST, torch, repeats)
    show(middle, torch, max(repeats // 2, 1))
    return 0


if __name__ == "__main__":
    on_one_thread()
    sys.exit(main())
