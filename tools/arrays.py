"""Arrays of `ttnn-run`: read from and written to .npz files, made from a seed, shown in short.

NumPy's files cannot hold bfloat16: it travels as its bits, uint16, under a name ending in `.bf16`.
"""

import zipfile
from collections.abc import Mapping, Sequence
from typing import IO

import numpy as np
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from ..frontend.entry import ArrayType, Signature
from ..interpreter.dtypes import BFLOAT16, FLOAT32, Array, is_float
from .diagnostics import ToolError
from .files import write_atomically

BITS_SUFFIX = ".bf16"

LARGEST_INPUT = 3
LARGEST_WEIGHT = 1
"""Weights are smaller: a sum of thousands of products stays a whole number that f32 holds."""


def read_inputs(path: str, signature: Signature) -> list[Array]:
    """The arrays arg0, arg1, ... of a file, one for each array the function takes.

    Raises: ToolError for a file or a name that does not serve, ValueError for a wrong type.
    """
    stored = _load(path)
    expected = [f"arg{index}" for index in range(len(signature.arrays))]
    names = {name.removesuffix(BITS_SUFFIX) for name in stored}
    if names != set(expected):
        raise ToolError(
            f"expected {_listed(expected)} for {signature}, got {_listed(sorted(stored))}", path
        )
    try:
        return [
            array.check(_stored_array(name, array, stored))
            for name, array in zip(expected, signature.arrays, strict=True)
        ]
    except ValueError as error:
        raise ToolError(str(error), path) from None


def write_outputs(path: str, results: Sequence[Array], as_f32: bool) -> None:
    """Store result0, result1, ...; `as_f32` stores every float as f32, bfloat16 included."""
    stored: dict[str, Array] = {}
    for index, result in enumerate(results):
        name = f"result{index}"
        if as_f32 and is_float(result.dtype):
            stored[name] = result.astype(FLOAT32)
        elif result.dtype == BFLOAT16:
            stored[name + BITS_SUFFIX] = result.view(np.uint16)
        else:
            stored[name] = result

    def save(stream: IO[bytes]) -> None:
        np.savez(stream, **stored)  # pyright: ignore[reportArgumentType]

    write_atomically(path, save)


def random_inputs(function: FuncOp, signature: Signature, seed: int) -> list[Array]:
    """Small whole numbers for every array, the same for the same seed."""
    generator = np.random.default_rng(seed)
    arrays: list[Array] = []
    for value, array in zip(function.args, signature.arguments, strict=True):
        if array is None:
            continue
        if any(size < 0 for size in array.shape):
            raise ToolError(f"{array.name}: expected --inputs for {array}, whose sizes are open")
        largest = LARGEST_WEIGHT if _is_weight(value) else LARGEST_INPUT
        arrays.append(_small_integers(generator, array, largest))
    return arrays


def summary(array: ArrayType, values: Array) -> str:
    """One line on an array: its type, then its values when they are few, else their range."""
    wide = values.astype(np.float64)
    if values.size <= 8:
        shown = " ".join(f"{value:g}" for value in wide.ravel())
        return f"{array.name}: {array}  [{shown}]"
    low, high, mean = float(wide.min()), float(wide.max()), float(wide.mean())
    return f"{array.name}: {array}  min {low:g}  max {high:g}  mean {mean:.6g}"


def _load(path: str) -> dict[str, Array]:
    with open(path, "rb") as stream:
        if not zipfile.is_zipfile(stream):
            raise ToolError("expected a .npz file, which is a zip archive of arrays", path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {str(name): archive[name] for name in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise ToolError(f"expected a .npz file of plain arrays: {error}", path) from None


def _stored_array(name: str, array: ArrayType, stored: Mapping[str, Array]) -> Array:
    """The array called `name`; bits become the bfloat16 they stand for."""
    if name in stored:
        if array.dtype == BFLOAT16:
            got = stored[name].dtype
            raise ValueError(
                f"{name}: expected bfloat16 as uint16 bits under '{name}{BITS_SUFFIX}', got {got}"
            )
        return stored[name]
    bits = stored[name + BITS_SUFFIX]
    if bits.dtype != np.uint16:
        raise ValueError(f"{name}{BITS_SUFFIX}: expected uint16 bits, got {bits.dtype}")
    return bits.view(BFLOAT16)


def _small_integers(generator: np.random.Generator, array: ArrayType, largest: int) -> Array:
    lowest = -largest if is_float(array.dtype) or array.dtype.kind == "i" else 0
    if array.dtype == np.bool_:
        largest = 1
    return generator.integers(lowest, largest + 1, array.shape).astype(array.dtype)


def _is_weight(value: SSAValue) -> bool:
    """Whether a value is used as the weight of a convolution or the right side of a matmul."""
    from ..dialect import ttnn

    weight_index: dict[type[Operation], int] = {
        ttnn.ConvTranspose2dOp: 1,
        ttnn.Conv2dOp: 1,
        ttnn.MatmulOp: 1,
        ttnn.PrepareConvTranspose2dWeightsOp: 0,
    }
    return any(weight_index.get(type(use.operation)) == use.index for use in value.uses)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "nothing"
