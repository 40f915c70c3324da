"""What `make demo` runs: a model from TTNN IR to tiled matmul loops, run and checked at each floor.

python examples/demo.py [FILE.mlir]
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import numpy as np
from xdsl.dialects.builtin import ModuleOp, UnregisteredOp

from xdsl_ttnn.dialect.text.context import make_context
from xdsl_ttnn.frontend.compiler import CompiledFunction, compile_ir, read_module
from xdsl_ttnn.frontend.entry import Signature
from xdsl_ttnn.frontend.pipelines import FLOORS
from xdsl_ttnn.tools.comparison import check_against_oracle

EXAMPLE = Path(__file__).with_name("dcgan_generator.mlir")
NUMBER_OF_OPS_SHOWN = 4


def make_inputs(signature: Signature) -> list[np.ndarray]:
    """Normal numbers; weights divided by the root of the number of products in a sum."""
    generator = np.random.default_rng(0)
    arrays: list[np.ndarray] = []
    for index, array in enumerate(signature.arrays):
        products = 1 if index == 0 else math.prod(array.shape) / min(array.shape[:2])
        values = generator.normal(size=array.shape) / math.sqrt(products)
        arrays.append(values.astype(array.dtype))
    return arrays


def count_ops(module: ModuleOp) -> Counter[str]:
    """How often each op occurs, without modules, functions and returns."""
    names = Counter(
        op.op_name.data if isinstance(op, UnregisteredOp) else op.name for op in module.walk()
    )
    for name in ("builtin.module", "func.func", "func.return"):
        del names[name]
    return names


def show_floor(floor: str, source: ModuleOp, inputs: list[np.ndarray]) -> bool:
    """Lower to a floor, run, compare with the oracle, print a line; whether the check passed."""
    start = perf_counter()
    function: CompiledFunction = compile_ir(source, floor=floor, strategy="zero-insert")
    lowered = perf_counter()
    results = function(*inputs)
    ran = perf_counter()
    (worst,) = check_against_oracle(source, None, inputs, results)[:1]
    ops = count_ops(function.module)
    common = ", ".join(
        f"{count} {name.partition('.')[2]}" for name, count in ops.most_common(NUMBER_OF_OPS_SHOWN)
    )
    verdict = "ok" if worst.passed else "WRONG"
    print(
        f"{floor:<11} {ops.total():>4} ops ({common}, ...)\n"
        f"{'':11} lowered in {lowered - start:.2f} s, ran in {ran - lowered:.2f} s, "
        f"largest error {worst.largest_error:.2g} of {worst.bound:.2g} allowed: {verdict}"
    )
    return worst.passed


def main() -> int:
    """Run the demo; the exit code is 0 when every floor agrees with the oracle."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    source = read_module(path, make_context())
    signature = compile_ir(source).signature
    inputs = make_inputs(signature)
    convolutions = count_ops(source)["ttnn.conv_transpose2d"]
    first, last = signature.arrays[0], signature.results[0]
    print(f"{path.name}: {convolutions} conv_transpose2d, {first} to {last}, at every floor\n")
    passed = [show_floor(floor, source, inputs) for floor in FLOORS]
    print(
        f"\nEvery floor was run on the same numbers and compared with the scatter definition of "
        f"ttnn.conv_transpose2d in f64: {sum(passed)} of {len(passed)} agree."
    )
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
