"""Builders for the decomposed floor.

Each returns its input where the op would do nothing, computes the result type, and names the value
it makes. Use them inside `rewriting`, which gives new ops the place of the op they replace.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import (
    BoolAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    Signedness,
    TensorType,
    UnknownLoc,
    f32,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter

from . import deconv, i32, ttnn
from .geometry.shapes import (
    broadcast_shape,
    concat_shape,
    pad_shape,
    permute_shape,
    repeat_shape,
    slice_shape,
)
from .guards import refuse
from .numerics import accumulator_of, accumulator_type
from .tensor_types import element_type_of, shape_of


@contextmanager
def rewriting(op: Operation, rewriter: PatternRewriter) -> Generator[list[Operation]]:
    """Insert what is built before `op`, at the place in the file that `op` has; yields the list
    that it is put into, in order.

    Raises: PassFailedException in the name of `op` for a number that an attribute does not hold.
    """

    built: list[Operation] = []

    def locate(new: Operation) -> None:
        built.append(new)
        for inner in new.walk():
            if isinstance(inner.location, UnknownLoc):
                inner.location = op.location

    rewriter.operation_insertion_handler.append(locate)
    try:
        with ImplicitBuilder(rewriter):
            yield built
    except i32.NumberTooLarge as error:
        refuse(op, f"{error}; {i32.REMEDY}")
    finally:
        rewriter.operation_insertion_handler.remove(locate)


def bare_type(value: SSAValue, shape: Sequence[int]) -> TensorType[Attribute]:
    """A tensor type without encoding, with the element type of `value`."""
    return TensorType(element_type_of(value), shape)


def _result(op: Operation, name: str) -> SSAValue:
    (result,) = op.results
    result.name_hint = name
    return result


def create(
    kind: type[Operation],
    operands: Sequence[SSAValue],
    properties: Mapping[str, Attribute],
    result_type: Attribute,
    name: str,
) -> SSAValue:
    """Build an op of one result, its properties in the order in which MLIR prints them."""
    ordered = dict(sorted(properties.items()))
    op = kind.create(operands=operands, properties=ordered, result_types=[result_type])
    return _result(op, name)


def reshape(
    value: SSAValue, shape: Sequence[int], name: str, result_type: Attribute | None = None
) -> SSAValue:
    """`value` under another shape; `result_type` may add an encoding."""
    wanted = result_type or bare_type(value, shape)
    if value.type == wanted or (result_type is None and shape_of(value) == tuple(shape)):
        return value
    return create(ttnn.ReshapeOp, [value], {"shape": i32.i32_list("shape", shape)}, wanted, name)


def permute(value: SSAValue, permutation: Sequence[int], name: str) -> SSAValue:
    """Dimension d of the result is dimension permutation[d] of `value`."""
    if list(permutation) == sorted(permutation):
        return value
    shape = permute_shape(shape_of(value), permutation)
    properties = {"permutation": DenseArrayBase.from_list(i64, permutation)}
    return create(ttnn.PermuteOp, [value], properties, bare_type(value, shape), name)


def pad(value: SSAValue, amounts: Sequence[tuple[int, int]], name: str) -> SSAValue:
    """Zeros around `value`: (low, high) for each dimension."""
    padding = [amount for pair in amounts for amount in pair]
    if not any(padding):
        return value
    properties: dict[str, Attribute] = {
        **i32.properties({"padding": padding}),
        "use_multicore": BoolAttr.from_bool(False),
        "value": FloatAttr(0.0, f32),
    }
    shape = pad_shape(shape_of(value), padding)
    return create(ttnn.PadOp, [value], properties, bare_type(value, shape), name)


def slice_static(
    value: SSAValue,
    bounds: Sequence[tuple[int, int]],
    name: str,
    steps: Sequence[int] | None = None,
) -> SSAValue:
    """The part of `value` inside (start, stop) of each dimension, every step-th element."""
    if not bounds:
        return value
    starts, stops = zip(*bounds, strict=True)
    steps = steps or [1] * len(bounds)
    if not any(starts) and stops == shape_of(value) and set(steps) == {1}:
        return value
    properties = {
        "begins": i32.i32_list("begins", starts),
        "ends": i32.i32_list("ends", stops),
        "step": i32.i32_list("step", steps),
    }
    shape = slice_shape(shape_of(value), starts, stops, steps)
    return create(ttnn.SliceStaticOp, [value], properties, bare_type(value, shape), name)


def concat(values: Sequence[SSAValue], dimension: int, name: str) -> SSAValue:
    """The values one behind the other along a dimension."""
    if len(values) == 1:
        return values[0]
    shape = concat_shape([shape_of(value) for value in values], dimension)
    properties = {"dim": IntegerAttr(dimension, IntegerType(32, Signedness.SIGNED))}
    return create(ttnn.ConcatOp, values, properties, bare_type(values[0], shape), name)


def repeat(value: SSAValue, repeats: Sequence[int], name: str) -> SSAValue:
    """The whole of `value` several times along each dimension."""
    if set(repeats) <= {1}:
        return value
    shape = repeat_shape(shape_of(value), repeats)
    properties: dict[str, Attribute] = {"repeat_dims": ttnn.ShapeAttr.from_sizes(repeats)}
    return create(ttnn.RepeatOp, [value], properties, bare_type(value, shape), name)


def dilate_insert(value: SSAValue, strides: Sequence[int], name: str) -> SSAValue:
    """stride - 1 zeros between neighbours of `value`, along each dimension."""
    if set(strides) == {1}:
        return value
    return _result(deconv.DilateInsertOp(value, strides), name)


def flip(value: SSAValue, dimensions: Sequence[int], name: str) -> SSAValue:
    """`value` reversed along those `dimensions` that hold more than one element."""
    long = [axis for axis in dimensions if shape_of(value)[axis] != 1]
    return _result(deconv.FlipOp(value, long), name) if long else value


def typecast(value: SSAValue, element_type: Attribute, name: str) -> SSAValue:
    """`value` with its elements converted."""
    if element_type_of(value) == element_type:
        return value
    result_type = TensorType(element_type, shape_of(value))
    return create(ttnn.TypecastOp, [value], {}, result_type, name)


def add(lhs: SSAValue, rhs: SSAValue, name: str) -> SSAValue:
    """lhs + rhs, broadcast, in the element type of `lhs`."""
    shape = broadcast_shape(shape_of(lhs), shape_of(rhs))
    return create(ttnn.AddOp, [lhs, rhs], {}, bare_type(lhs, shape), name)


def typed(value: SSAValue, result_type: TensorType[Attribute]) -> SSAValue:
    """`value` with a declared type: its encoding, and rounded to its element type."""
    if value.type == result_type:
        return value
    if element_type_of(value) == result_type.element_type:
        return reshape(value, result_type.get_shape(), "result", result_type)
    return create(ttnn.TypecastOp, [value], {}, result_type, "result")


def named(op: Operation, name: str) -> SSAValue:
    """The only result of an op that was just built, with a name."""
    return _result(op, name)


def finished_bias(op: ttnn.ConvTranspose2dOp) -> SSAValue:
    """What an output of `op` holds that no tap reaches: (1, 1, 1, O) of the result's type."""
    shape = (1, 1, 1, op.out_channels.value.data)
    result_type = bare_type(op.result, shape)
    bias = op.bias if op.bias is not None else zeros(result_type)
    types = (element_type_of(bias), result_type.element_type)
    if op.activation() is None and types[0] == types[1]:
        return bias
    wide = accumulator_of(op)
    if op.activation() is not None and accumulator_type(*types) != wide:
        bias = typecast(bias, wide, "wide_bias")
    return finish(op, bias, None, result_type)


def zeros(type_: TensorType[Attribute]) -> SSAValue:
    """A constant that is zero everywhere."""
    return splat(type_, 0, "zeros")


def splat(type_: TensorType[Attribute], value: int | float, name: str) -> SSAValue:
    """A constant that is `value` everywhere."""
    bare = TensorType(type_.element_type, type_.get_shape())
    literal = DenseIntOrFPElementsAttr.from_list(bare, [value])  # pyright: ignore
    properties: dict[str, Attribute] = {"value": literal}
    return create(ttnn.ConstantOp, [], properties, type_, name)


def finish(
    op: ttnn.ConvTranspose2dOp,
    value: SSAValue,
    bias: SSAValue | None,
    result_type: TensorType[Attribute],
) -> SSAValue:
    """Bias, the activation of `op` and one rounding; nothing where `value` is finished.

    Requires: a value or a bias in the type that `op` computes in, unless there is no arithmetic.
    """
    if bias is None and op.activation() is None and value.type == result_type:
        return value
    properties = {} if op.conv2d_config is None else {"conv2d_config": op.conv2d_config}
    operands = [value] if bias is None else [value, bias]
    return create(deconv.FinishOp, operands, properties, result_type, "finished")
