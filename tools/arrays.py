"""Arrays of `ttnn-run`: read from and written to .npz files, made from a seed, shown in short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from ..dialect.numpy_types import BFLOAT16, FLOAT32, Array, is_float
from ..frontend.entry import ArrayType, Signature
from .archive import BITS_SUFFIX, StoredArray, archive_of, stored_arrays
from .diagnostics import ToolError
from .files import source_name, write_atomically

LARGEST_INPUT = 3
LARGEST_WEIGHT = 1
"""Weights are smaller: a sum of thousands of products stays a whole number that f32 holds."""


def read_inputs(
    path: str, signature: Signature, weights: Mapping[str, Array] | None = None
) -> list[Array]:
    """The arrays of a file, one for each array the function takes, in order.

    They are called arg0, arg1, ... or by their names in the IR. Those that `weights` holds are
    taken from there, and are not in the file.
    Raises: ToolError for a file, a name or an array that does not serve.
    """
    weights = weights or {}
    known = _argument_names(signature)
    expected = [name for name in known if name not in weights]
    with stored_arrays(path) as stored:
        given = _given(path, stored, signature)
        if given is None or given.keys() != set(expected):
            text = f"expected {_listed(expected)} for {signature}, got {_listed(sorted(stored))}"
            raise ToolError(text, source_name(path))
        found = {**weights, **_loaded(path, given)}
    return [found[name] for name in known]


def read_weights(path: str, signature: Signature) -> dict[str, Array]:
    """Arrays of some of the arguments, by position: arg1, arg3, ...

    Raises: ToolError for a file, a name or an array that does not serve.
    """
    with stored_arrays(path) as stored:
        given = _given(path, stored, signature)
        if given is None:
            expected = _listed(_argument_names(signature))
            text = f"expected some of {expected} for {signature}, got {_listed(sorted(stored))}"
            raise ToolError(text, source_name(path))
        return _loaded(path, given)


@dataclass(frozen=True)
class _Given:
    """A stored array, and the argument it is for."""

    stored: StoredArray
    argument: ArrayType
    is_bits: bool

    def load(self) -> Array:
        """The array, once its header says what the argument wants. Raises: ValueError."""
        name, dtype = self.stored.name, self.stored.dtype
        if self.is_bits:
            if dtype != np.uint16:
                raise ValueError(f"{name}: expected uint16 bits, got {dtype}")
            self.argument.check_type(self.stored.shape, BFLOAT16)
            return self.stored.load().view(BFLOAT16)
        if self.argument.dtype == BFLOAT16:
            wanted = f"bfloat16 as uint16 bits under '{name}{BITS_SUFFIX}'"
            raise ValueError(f"{name}: expected {wanted}, got {dtype}")
        self.argument.check_type(self.stored.shape, dtype)
        return self.stored.load()


def _argument_names(signature: Signature) -> list[str]:
    return [f"arg{index}" for index in range(len(signature.arrays))]


def _given(
    path: str, stored: Mapping[str, StoredArray], signature: Signature
) -> dict[str, _Given] | None:
    """What is stored, by position; None where a name is of no argument.

    Raises: ToolError for an argument that is stored under two names.
    """
    positions = _argument_names(signature)
    by_name = dict(zip((array.name for array in signature.arrays), positions, strict=True))
    by_name |= {position: position for position in positions}
    arguments = dict(zip(positions, signature.arrays, strict=True))
    given: dict[str, _Given] = {}
    for name, array in stored.items():
        bare = name if name in by_name else name.removesuffix(BITS_SUFFIX)
        if bare not in by_name:
            return None
        position = by_name[bare]
        if position in given:
            one, other = sorted((given[position].stored.name, name))
            text = f"expected one array for {arguments[position].name}, got {one} and {other}"
            raise ToolError(text, source_name(path))
        given[position] = _Given(array, arguments[position], is_bits=bare != name)
    return given


def _loaded(path: str, given: Mapping[str, _Given]) -> dict[str, Array]:
    try:
        return {position: array.load() for position, array in given.items()}
    except ValueError as error:
        raise ToolError(str(error), source_name(path)) from None


def write_outputs(path: str, results: Sequence[Array], as_f32: bool) -> None:
    """Store result0, result1, ...; `as_f32` stores every float as f32, bfloat16 included."""
    arrays = {
        f"result{index}": result.astype(FLOAT32) if as_f32 and is_float(result.dtype) else result
        for index, result in enumerate(results)
    }
    write_atomically(path, archive_of(arrays))


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


def drawing_bytes(signature: Signature) -> int:
    """The most memory that `random_inputs` takes at once: each array is drawn as 64-bit numbers."""
    held = sum(array.size_bytes for array in signature.arrays)
    return held + 8 * max((array.elements for array in signature.arrays), default=0)


def summary_bytes(signature: Signature) -> int:
    """The most memory that `summary` takes at once: a result as f64, and all arrays of the call."""
    held = sum(array.size_bytes for array in (*signature.arrays, *signature.results))
    return held + 8 * max((array.elements for array in signature.results), default=0)


def summary(array: ArrayType, values: Array) -> str:
    """One line on an array: its type, then its values when they are few, else their range."""
    wide = values.astype(np.float64)
    if values.size <= 8:
        shown = " ".join(f"{value:g}" for value in wide.ravel())
        return f"{array.name}: {array}  [{shown}]"
    low, high, mean = float(wide.min()), float(wide.max()), float(wide.mean())
    return f"{array.name}: {array}  min {low:g}  max {high:g}  mean {mean:.6g}"


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
