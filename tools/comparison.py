"""`ttnn-run --check`: are results as close to the oracle as they have to be?

The oracle is the input module as it stands, run by the interpreter in f64. Where the function is a
single conv_transpose2d, each element has the forward error bound of its own sum. Otherwise an
error is judged against the largest magnitude in the result, by the coarsest element type on the
way. Integers have to agree exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp

from ..dialect import ttnn
from ..frontend.compiler import bind
from ..frontend.entry import find_entry
from ..interpreter.dtypes import BFLOAT16, FLOAT16, FLOAT32, Array, DType, is_float, numpy_dtype
from ..interpreter.dtypes import element_type as element_type_of
from ..interpreter.errors import ExecutionError

RELATIVE_TOLERANCE: dict[DType, float] = {BFLOAT16: 2**-7, FLOAT16: 2**-10, FLOAT32: 1e-5}
"""Of the largest magnitude of a result, for graphs."""

FINEST_TOLERANCE = 1e-12
"""For f64."""

_WITHOUT_VALUE = (
    ttnn.GetDeviceOp,
    ttnn.DeallocateOp,
    ttnn.ToLayoutOp,
    ttnn.ToMemoryConfigOp,
    ReturnOp,
)


@dataclass(frozen=True)
class Comparison:
    """One result against the oracle's."""

    name: str
    largest_error: float
    bound: float
    """At the element that is worst."""

    index: tuple[int, ...]
    wrong: int
    """How many elements are further off than their bound."""

    total: int

    @property
    def passed(self) -> bool:
        """Whether every element is within its bound."""
        return self.wrong == 0

    def __str__(self) -> str:
        place = ", ".join(map(str, self.index))
        error = f"largest error {self.largest_error:.3g} at [{place}], bound {self.bound:.3g}"
        if self.passed:
            return f"check: {self.name}: ok, {error}"
        return f"check: {self.name}: FAILED, {error}; {self.wrong} of {self.total} elements are off"


def compare(name: str, got: Array, want: Array, bound: Array | float) -> Comparison:
    """Compare a result with the oracle's, element by element.

    Where both are the same infinity or both no number, the error is 0; an infinity that is the
    oracle's number rounded to the result's element type counts as that number.
    """
    if got.shape != want.shape:
        raise ValueError(f"{name}: expected shape {want.shape}, got {got.shape}")
    if got.size == 0:
        return Comparison(name, 0.0, 0.0, (), 0, 0)
    error = _errors(got, want)
    bounds = np.broadcast_to(np.asarray(bound, np.float64), error.shape)
    excess = np.where(np.isnan(error), np.inf, error - bounds)
    wrong = int(np.count_nonzero(excess > 0))
    worst = int(np.argmax(excess if wrong else error))
    index = tuple(int(i) for i in np.unravel_index(worst, error.shape))
    return Comparison(name, float(error[index]), float(bounds[index]), index, wrong, got.size)


def check_against_oracle(
    module: ModuleOp, entry: str | None, arrays: Sequence[Array], results: Sequence[Array]
) -> list[Comparison]:
    """Compare results with those of the module as it stands, run in f64 on the same arrays."""
    oracle = bind(module, entry, accumulate="f64")
    function = find_entry(module, entry)
    truths = oracle(*arrays)
    single = only_conv_transpose2d(function)
    if single is not None:
        bound = single_op_bound(single, function, arrays, truths[0], results[0])
        return [compare("result0", results[0], truths[0], bound)]
    return [
        compare(f"result{index}", got, want, graph_bound(function, got, want))
        for index, (got, want) in enumerate(zip(results, truths, strict=True))
    ]


def graph_bound(function: FuncOp, got: Array, want: Array) -> float:
    """The error allowed in a result of a function of several ops; 0 for integers."""
    if not is_float(got.dtype):
        return 0.0
    finite = np.abs(want.astype(np.float64))
    scale = float(np.max(finite, initial=0.0, where=np.isfinite(finite)))
    return scale * max(
        RELATIVE_TOLERANCE.get(dtype, FINEST_TOLERANCE) for dtype in _float_types(function, got)
    )


def only_conv_transpose2d(function: FuncOp) -> ttnn.ConvTranspose2dOp | None:
    """The op that a function consists of, but for what has no value of its own; else None."""
    ops = [op for op in function.body.walk() if not isinstance(op, _WITHOUT_VALUE)]
    if len(ops) == 1 and isinstance(ops[0], ttnn.ConvTranspose2dOp):
        return ops[0]
    return None


def _errors(got: Array, want: Array) -> Array:
    if not is_float(got.dtype):
        difference = got.astype(np.float64) - want.astype(np.float64)
        return np.where(got == want, 0.0, np.maximum(np.abs(difference), 1.0))
    wide, truth = got.astype(np.float64), want.astype(np.float64)
    with np.errstate(all="ignore"):
        rounded = truth.astype(got.dtype).astype(np.float64)
        same = (np.isnan(wide) & np.isnan(truth)) | (~np.isfinite(wide) & (wide == rounded))
        return np.where(same, 0.0, np.abs(wide - truth))


def _float_types(function: FuncOp, got: Array) -> set[DType]:
    """The float types of what a function computes, and of its result."""
    types = {got.dtype}
    for op in function.body.walk():
        for value in op.results:
            try:
                dtype = numpy_dtype(element_type_of(value.type))
            except ExecutionError:
                continue
            if is_float(dtype):
                types.add(dtype)
    return types


def report(comparisons: Sequence[Comparison]) -> bool:
    """Print one line a result; whether all passed."""
    for comparison in comparisons:
        print(comparison)
    return all(comparison.passed for comparison in comparisons)
