"""The element-wise functions that a model script calls between its convolutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import FloatAttr, TensorType, f32
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

from ...dialect import build, ttnn
from ...dialect.geometry.shapes import broadcast_shape, concat_axis
from ...dialect.numpy_types import Array
from ...dialect.tensor_types import shape_of
from ...interpreter.available import shortage
from ..compiler import CompiledFunction, compile_ir
from ..exclusive import exclusive
from .arrays import as_array, like
from .modules import ArrayKind, function_block, make_module
from .numbers import whole_number
from .tensors import Tensor, data_type_of

CACHED_KINDS = 512


@dataclass(frozen=True)
class OpKind:
    """One op on arrays of known shapes and types; calls of one kind share a compiled function."""

    op: type[Operation]
    operands: tuple[ArrayKind, ...]
    number: float | int | None = None
    """The slope of a leaky relu, or the dimension of a concatenation."""

    def build(self, values: Sequence[SSAValue]) -> SSAValue:
        """Build the op."""
        if self.op is ttnn.ConcatOp:
            assert isinstance(self.number, int)
            concat_axis(len(shape_of(values[0])), self.number)
            return build.concat(values, self.number, "result")
        shape = shape_of(values[0])
        if issubclass(self.op, ttnn.BinaryOp):
            shape = broadcast_shape(shape, shape_of(values[1]))
        properties: dict[str, Attribute] = {}
        if self.number is not None:
            properties["parameter"] = FloatAttr(self.number, f32)
        result_type = build.bare_type(values[0], shape)
        return build.create(self.op, values, properties, result_type, "result")


@lru_cache(CACHED_KINDS)
@exclusive
def _compiled(kind: OpKind) -> CompiledFunction:
    names = [f"operand{index}" for index in range(len(kind.operands))]
    types: list[TensorType[Attribute]] = [operand.tensor_type() for operand in kind.operands]
    block, values = function_block(list(zip(names, types, strict=True)))
    with ImplicitBuilder(block):
        result = kind.build(values)
    return compile_ir(make_module(block, result))


def _run(
    op: type[Operation], tensors: Sequence[tuple[str, Any]], number: float | int | None = None
) -> Any:
    arrays = [as_array(tensor, name) for name, tensor in tensors]
    for (name, _), array in zip(tensors, arrays, strict=True):
        if array.dtype != arrays[0].dtype:
            raise ValueError(f"{name}: expected elements of {arrays[0].dtype}, got {array.dtype}")
    kinds = tuple(ArrayKind(array.shape, array.dtype) for array in arrays)
    try:
        function = _compiled(OpKind(op, kinds, number))
    except (ValueError, VerifyException) as error:
        *_, name = (name for name, _ in tensors)
        raise ValueError(f"{name}: {str(error).splitlines()[-1].strip()}") from None
    if (missing := shortage(function.peak_bytes)) is not None:
        raise ValueError(f"{tensors[-1][0]}: {missing}")
    (result,) = function(*arrays)
    return _as_first(result, tensors[0][1])


def _as_first(result: Array, first: Any) -> Any:
    if not isinstance(first, Tensor):
        return like(result, first)
    type_ = first.dtype if first.dtype.numpy == result.dtype else data_type_of(result.dtype, "")
    return Tensor(result, type_, first.layout, first.placed, first.on)


def relu(input_tensor: Any) -> Any:
    """max(input, 0), element by element; the result is of the kind that the input is."""
    return _run(ttnn.ReluOp, [("input_tensor", input_tensor)])


def relu6(input_tensor: Any) -> Any:
    """min(max(input, 0), 6), element by element."""
    return _run(ttnn.Relu6Op, [("input_tensor", input_tensor)])


def leaky_relu(input_tensor: Any, negative_slope: float = 0.01) -> Any:
    """The input where it is not negative, input * negative_slope elsewhere."""
    return _run(ttnn.LeakyReluOp, [("input_tensor", input_tensor)], float(negative_slope))


def sigmoid(input_tensor: Any) -> Any:
    """1 / (1 + exp(-input)), element by element."""
    return _run(ttnn.SigmoidOp, [("input_tensor", input_tensor)])


def tanh(input_tensor: Any) -> Any:
    """The hyperbolic tangent, element by element."""
    return _run(ttnn.TanhOp, [("input_tensor", input_tensor)])


def silu(input_tensor: Any) -> Any:
    """input * sigmoid(input), element by element."""
    return _run(ttnn.SiluOp, [("input_tensor", input_tensor)])


def gelu(input_tensor: Any) -> Any:
    """input times the normal distribution's share below it, element by element."""
    return _run(ttnn.GeluOp, [("input_tensor", input_tensor)])


def add(input_tensor: Any, other_tensor: Any) -> Any:
    """The sum of two tensors of one element type, broadcast as NumPy does."""
    return _run(ttnn.AddOp, [("input_tensor", input_tensor), ("other_tensor", other_tensor)])


def multiply(input_tensor: Any, other_tensor: Any) -> Any:
    """The product of two tensors of one element type, broadcast as NumPy does."""
    operands = [("input_tensor", input_tensor), ("other_tensor", other_tensor)]
    return _run(ttnn.MultiplyOp, operands)


def concat(tensors: Sequence[Any], dim: int = 0) -> Any:
    """The tensors one behind the other along a dimension, counted from the end if negative.

    Raises: ValueError for none at all, and for shapes that do not go together.
    """
    if not tensors:
        raise ValueError("tensors: expected at least one tensor, got none")
    operands = [("tensors", tensor) for tensor in tensors]
    return _run(ttnn.ConcatOp, operands, whole_number("dim", dim))
