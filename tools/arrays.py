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
from ..interpreter.dtypes import BFLOAT16, FLOAT32, Array, is_float, native
from .diagnostics import ToolError
from .files import Write, write_atomically

BITS_SUFFIX = ".bf16"

LARGEST_INPUT = 3
LARGEST_WEIGHT = 1
"""Weights are smaller: a sum of thousands of products stays a whole number that f32 holds."""


def read_inputs(
    path: str, signature: Signature, weights: Mapping[str, Array] | None = None
) -> list[Array]:
    """The arrays arg0, arg1, ... of a file, one for each array the function takes.

    Those that `weights` holds are taken from there, and are not in the file.
    Raises: ToolError for a file, a name or an array that does not serve.
    """
    weights = weights or {}
    stored = _load(path)
    expected = [name for name in _argument_names(signature) if name not in weights]
    names = {name.removesuffix(BITS_SUFFIX) for name in stored}
    if names != set(expected):
        raise ToolError(
            f"expected {_listed(expected)} for {signature}, got {_listed(sorted(stored))}", path
        )
    found = {**weights, **_checked(path, stored, signature, expected)}
    return [found[name] for name in _argument_names(signature)]


def read_weights(path: str, signature: Signature) -> dict[str, Array]:
    """Arrays of some of the arguments, by name: arg1, arg3, ...

    Raises: ToolError for a file, a name or an array that does not serve.
    """
    stored = _load(path)
    names = [name.removesuffix(BITS_SUFFIX) for name in stored]
    known = _argument_names(signature)
    if strange := [name for name in names if name not in known]:
        raise ToolError(f"expected some of {_listed(known)}, got {_listed(strange)}", path)
    return _checked(path, stored, signature, names)


def _argument_names(signature: Signature) -> list[str]:
    return [f"arg{index}" for index in range(len(signature.arrays))]


def _checked(
    path: str, stored: Mapping[str, Array], signature: Signature, names: Sequence[str]
) -> dict[str, Array]:
    """The stored arrays of those names, of the types that the function takes."""
    types = dict(zip(_argument_names(signature), signature.arrays, strict=True))
    try:
        return {name: types[name].check(_stored_array(name, types[name], stored)) for name in names}
    except ValueError as error:
        raise ToolError(str(error), path) from None


def write_outputs(path: str, results: Sequence[Array], as_f32: bool) -> None:
    """Store result0, result1, ...; `as_f32` stores every float as f32, bfloat16 included."""
    arrays = {
        f"result{index}": result.astype(FLOAT32) if as_f32 and is_float(result.dtype) else result
        for index, result in enumerate(results)
    }
    write_atomically(path, archive_of(arrays))


def archive_of(arrays: Mapping[str, Array]) -> Write:
    """What stores arrays by name in a file, bfloat16 as bits."""
    stored = {
        name + BITS_SUFFIX * (array.dtype == BFLOAT16): (
            array.view(np.uint16) if array.dtype == BFLOAT16 else array
        )
        for name, array in arrays.items()
    }

    def save(stream: IO[bytes]) -> None:
        np.savez(stream, **stored)  # pyright: ignore[reportArgumentType]

    return save


def random_inputs(
    function: FuncOp,
    signature: Signature,
    seed: int,
    weights: Mapping[str, Array] | None = None,
) -> list[Array]:
    """Small whole numbers for every array that is no weight, the same for the same seed."""
    weights = weights or {}
    generator = np.random.default_rng(seed)
    arrays: list[Array] = []
    for value, array in zip(function.args, signature.arguments, strict=True):
        if array is None:
            continue
        if (name := f"arg{len(arrays)}") in weights:
            arrays.append(weights[name])
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
            return {str(name): native(archive[name]) for name in archive.files}
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
