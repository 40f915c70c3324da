"""How far a result of `ttnn-run --check` may be from the oracle's.

Where a function is a single conv_transpose2d, each element has the forward error bound of its own
sum. Otherwise an error is judged against the largest magnitude in the result, by the coarsest
element type on the way. Integers have to agree exactly.
"""

from collections.abc import Sequence

import numpy as np
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import BlockArgument, SSAValue

from ..dialect import ttnn
from ..dialect.numpy_types import (
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    Array,
    DType,
    ElementTypeError,
    element_type,
    is_float,
    numpy_dtype,
)
from ..interpreter.bounds import accumulated_error, computed_in, rounding_error
from ..interpreter.oracle import read_taps

RELATIVE_TOLERANCE: dict[DType, float] = {BFLOAT16: 2**-7, FLOAT16: 2**-10, FLOAT32: 1e-5}
"""Of the largest magnitude of a result, for functions of several ops."""

FINEST_TOLERANCE = 1e-12
"""For f64."""

ACTIVATION_SLOPE = 1.2
"""No activation is steeper anywhere, leaky_relu apart, whose slope is a parameter."""

ACTIVATION_ROUNDINGS = 8 * 2.0**-24
"""Of the value: what evaluating an activation in f32 may add."""

_MOVES = (ttnn.ToLayoutOp, ttnn.ToMemoryConfigOp)
_WITHOUT_VALUE = (ttnn.GetDeviceOp, ttnn.DeallocateOp, ReturnOp, *_MOVES)


def allowed_errors(
    function: FuncOp, arrays: Sequence[Array], results: Sequence[Array], truths: Sequence[Array]
) -> list[Array | float]:
    """For each result of a function, the error that each element may have.

    `arrays` are what the function was called with, devices left out.
    """
    op = only_conv_transpose2d(function)
    if op is not None:
        return [conv_transpose2d_errors(op, function, arrays, results[0].dtype, truths[0])]
    return [graph_error(function, got, want) for got, want in zip(results, truths, strict=True)]


def only_conv_transpose2d(function: FuncOp) -> ttnn.ConvTranspose2dOp | None:
    """The op that a function consists of, but for what has no value of its own; else None."""
    ops = [op for op in function.body.walk() if not isinstance(op, _WITHOUT_VALUE)]
    if len(ops) != 1 or len(function.function_type.outputs) != 1:
        return None
    (op,) = ops
    if not isinstance(op, ttnn.ConvTranspose2dOp) or op.has_prepared_weight():
        return None
    return op if _moves_keep_types(function) else None


def conv_transpose2d_errors(
    op: ttnn.ConvTranspose2dOp,
    function: FuncOp,
    arrays: Sequence[Array],
    dtype: DType,
    truth: Array,
) -> Array:
    """For each element of the op's result, the forward error bound of its sum and activation, and
    of the one rounding behind them."""
    geometry = op.geometry()
    given = iter(arrays)
    by_argument = {
        argument: next(given)
        for argument in function.args
        if not isinstance(argument.type, ttnn.DeviceType)
    }
    values, weight = (by_argument[_origin(operand)] for operand in (op.input, op.weight))
    bias = None if op.bias is None else by_argument[_origin(op.bias)].reshape(-1)
    taps = read_taps(weight, geometry, mirror=op.mirrors_kernel, prepared=False)
    image = values.reshape(geometry.input_shape)
    error = accumulated_error(image, taps, bias, geometry, dtype).reshape(truth.shape)
    if not is_float(dtype):
        return error
    largest, activation = np.abs(truth), op.activation()
    if activation is not None:
        slope = max(ACTIVATION_SLOPE, *map(abs, activation.params), 0.0)
        error = slope * error + ACTIVATION_ROUNDINGS * largest
    # The truth is off itself, by no more than a sum in the type the op computes in.
    held = computed_in(values, taps, bias, dtype)
    return error + rounding_error(largest + 2 * error, held, dtype)


def graph_error(function: FuncOp, got: Array, want: Array) -> float:
    """The error allowed in a result of a function of several ops; 0 for integers."""
    if not is_float(got.dtype):
        return 0.0
    magnitudes = np.abs(want.astype(np.float64))
    scale = float(np.max(magnitudes, initial=0.0, where=np.isfinite(magnitudes)))
    types = {got.dtype, *_float_types(function)}
    return scale * max(RELATIVE_TOLERANCE.get(dtype, FINEST_TOLERANCE) for dtype in types)


def _moves_keep_types(function: FuncOp) -> bool:
    return all(
        element_type(op.input.type) == element_type(op.result.type)
        for op in function.body.walk()
        if isinstance(op, _MOVES)
    )


def _origin(value: SSAValue) -> BlockArgument:
    """The argument that a value is, but for moves between layouts."""
    while isinstance(value.owner, _MOVES):
        value = value.owner.input
    assert isinstance(value, BlockArgument)
    return value


def _float_types(function: FuncOp) -> set[DType]:
    """The float types of what a function computes."""
    types: set[DType] = set()
    for op in function.body.walk():
        for value in op.results:
            try:
                types.add(numpy_dtype(element_type(value.type)))
            except ElementTypeError:
                # A device, or another value without numbers.
                continue
    return {dtype for dtype in types if is_float(dtype)}
