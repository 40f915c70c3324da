"""Direct or im2col: two ways to tile a convolution, run by the interpreter (docs/lowering.md).

python benchmarks/convolution_modes.py [--repeats N]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from statistics import median

from _support import Layer, layer_function, on_one_thread, seconds, table

from interpreter import tile_matmuls

MODES = ("direct", "im2col")
PIPELINE = "ttnn-to-loops{{strategy=zero-insert conv={mode}}}"


def make_layer(size: int, channels: int, outputs: int, kernel: int, stride: int) -> Layer:
    """A square layer whose output is `stride` times its input."""
    pad, extra = divmod(kernel - stride, 2)
    return {
        "name": f"{size}x{size}x{channels} -> {outputs}, k{kernel} s{stride}",
        "n": 1,
        "h": size,
        "w": size,
        "c": channels,
        "o": outputs,
        "kh": kernel,
        "kw": kernel,
        "sh": stride,
        "sw": stride,
        "padding": [pad + extra, pad, pad + extra, pad],
        "oph": 0,
        "opw": 0,
        "dh": 1,
        "dw": 1,
        "groups": 1,
        "bias": False,
        "hout": size * stride,
        "wout": size * stride,
    }


LAYERS = (
    make_layer(32, 1, 32, 8, 4),
    make_layer(32, 3, 64, 4, 2),
    make_layer(32, 8, 32, 4, 2),
    make_layer(32, 16, 32, 4, 2),
    make_layer(32, 32, 32, 4, 2),
    make_layer(32, 64, 3, 4, 2),
    make_layer(16, 256, 128, 3, 2),
    make_layer(32, 256, 128, 3, 1),
)


def patch_megabytes(layer: Layer) -> float:
    """The size of the matrix of patches: one row of KH*KW*C f32 an output pixel."""
    return layer["hout"] * layer["wout"] * layer["kh"] * layer["kw"] * layer["c"] * 4 / 1e6


def measure(layer: Layer, repeats: int) -> list[str]:
    """A row of the table: both modes in turns."""
    import numpy as np

    from xdsl_ttnn.frontend import compile_ir

    ir = layer_function(layer)
    functions = [compile_ir(ir, pipeline=PIPELINE.format(mode=mode)) for mode in MODES]
    generator = np.random.default_rng(0)
    inputs = [
        generator.integers(-2, 3, array.shape).astype(array.dtype)
        for array in functions[0].signature.arrays
    ]
    direct_result, im2col_result = (function(*inputs)[0] for function in functions)
    assert np.array_equal(direct_result, im2col_result)
    times = [[seconds(lambda f=f: f(*inputs)) for f in functions] for _ in range(repeats)]
    direct, im2col = (median(column) for column in zip(*times, strict=True))
    matmuls = [tile_matmuls(function.module) for function in functions]
    return [
        layer["name"],
        *(f"{count:,}" for count in matmuls),
        f"{direct * 1e3:.0f}",
        f"{im2col * 1e3:.0f}",
        f"{direct / im2col:.2f}",
        f"{patch_megabytes(layer):.1f}",
    ]


def main(args: Sequence[str] | None = None) -> int:
    """Print the table: tile matmuls executed and time of each mode, direct over im2col, memory."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="5 unless told")
    options = parser.parse_args(args)
    header = ("layer", "direct", "im2col", "direct, ms", "im2col, ms", "ratio", "patches, MB")
    print(table(header, [measure(layer, max(1, options.repeats)) for layer in LAYERS]))
    return 0


if __name__ == "__main__":
    on_one_thread()
    sys.exit(main())
