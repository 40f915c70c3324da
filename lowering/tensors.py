"""Builders for the linalg floor: upstream tensor and linalg ops on bare tensor types.

Each returns its input where the op would do nothing, and looks through what it would undo, so that
chains of reshapes and transposes do not pile up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xdsl.builder import Builder
from xdsl.dialects import tensor
from xdsl.dialects.builtin import (
    AffineMapAttr,
    IndexType,
    TensorType,
    UnrealizedConversionCastOp,
)
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from ..dialect.tensor_types import element_type_of, shape_of, tensor_type
from . import scalars

Body = Callable[[Sequence[SSAValue]], SSAValue]


def named(value: SSAValue, name: str) -> SSAValue:
    value.name_hint = name
    return value


def bare(value: SSAValue) -> SSAValue:
    """`value` without encoding and signedness: as it is, what it was cast from, or cast."""
    type_ = tensor_type(value)
    plain = TensorType(scalars.signless(type_.element_type), type_.get_shape())
    if type_ == plain:
        return value
    for source in cast_sources(value):
        if source.type == plain:
            return source
    unencoded = TensorType(type_.element_type, type_.get_shape())
    result = value if type_ == unencoded else tensor.CastOp(value, unencoded).dest
    if unencoded != plain:
        result = UnrealizedConversionCastOp(operands=[[result]], result_types=[[plain]]).results[0]
    return named(result, value.name_hint or "bare")


def cast_sources(value: SSAValue) -> Iterator[SSAValue]:
    """What `value` was cast from, what that was cast from, and so on."""
    while isinstance(value.owner, tensor.CastOp | UnrealizedConversionCastOp):
        if len(value.owner.operands) != 1:
            return
        value = value.owner.operands[0]
        yield value


def dressed(value: SSAValue, type_: TensorType[Attribute]) -> SSAValue:
    """The bare `value` cast to the type that the rest of the program expects."""
    if value.type == type_:
        return value
    result = value
    if element_type_of(value) != type_.element_type:
        signed = TensorType(type_.element_type, type_.get_shape())
        cast = UnrealizedConversionCastOp(operands=[[result]], result_types=[[signed]])
        result = cast.results[0]
    return result if result.type == type_ else tensor.CastOp(result, type_).dest


def like(value: SSAValue, shape: Sequence[int]) -> TensorType[Attribute]:
    return TensorType(element_type_of(value), shape)


def empty(shape: Sequence[int], element_type: Attribute) -> SSAValue:
    return named(tensor.EmptyOp((), TensorType(element_type, shape)).tensor, "empty")


def filled(
    shape: Sequence[int], element_type: Attribute, value: float, name: str = "filled"
) -> SSAValue:
    """A tensor with one value everywhere."""
    constant = named(scalars.constant(value, element_type), _constant_name(value))
    return named(linalg.FillOp([constant], [empty(shape, element_type)]).res[0], name)


def _constant_name(value: float) -> str:
    return "zero" if value == 0 else "padding"


def zeros(shape: Sequence[int], element_type: Attribute, name: str = "zeros") -> SSAValue:
    """A tensor filled with zero."""
    return filled(shape, element_type, 0, name)


def generic(
    inputs: Sequence[SSAValue],
    maps: Sequence[AffineMap],
    result: TensorType[Attribute],
    body: Body,
    name: str,
) -> SSAValue:
    """A parallel `linalg.generic` over the result's elements; one map an input."""
    rank = len(result.get_shape())
    types = [*(element_type_of(value) for value in inputs), result.element_type]

    @Builder.implicit_region(types)
    def region(args: tuple[BlockArgument, ...]) -> None:
        linalg.YieldOp(body(args[:-1]))

    op = linalg.GenericOp(
        inputs,
        [empty(result.get_shape(), result.element_type)],
        region,
        [AffineMapAttr(map_) for map_ in (*maps, AffineMap.identity(rank))],
        [IteratorTypeAttr.parallel()] * rank,
        [result],
    )
    return named(op.results[0], name)


def broadcast_map(shape: Sequence[int], result: Sequence[int]) -> AffineMap:
    """The map of an operand that is broadcast to `result` as NumPy does."""
    offset = len(result) - len(shape)
    exprs = [
        AffineExpr.dimension(axis + offset)
        if size == result[axis + offset]
        else AffineExpr.constant(0)
        for axis, size in enumerate(shape)
    ]
    return AffineMap(len(result), 0, tuple(exprs))


def elementwise(
    inputs: Sequence[SSAValue], result: TensorType[Attribute], body: Body, name: str
) -> SSAValue:
    """A parallel `linalg.generic` whose inputs broadcast to the result."""
    shape = result.get_shape()
    maps = [broadcast_map(shape_of(value), shape) for value in inputs]
    return generic(inputs, maps, result, body, name)


def converted(
    value: SSAValue, source: Attribute, target: Attribute, name: str = "converted"
) -> SSAValue:
    """`value` with its elements converted; `source` and `target` may have a sign."""
    if scalars.signless(source) == scalars.signless(target):
        return value
    result = TensorType(scalars.signless(target), shape_of(value))
    return elementwise([value], result, lambda args: scalars.convert(args[0], source, target), name)


def rounded(value: SSAValue, precision: Attribute) -> SSAValue:
    """`value` with its elements rounded to a narrower float and widened again."""
    type_ = tensor_type(value)
    element_type = type_.element_type

    def body(args: Sequence[SSAValue]) -> SSAValue:
        narrow = scalars.convert(args[0], element_type, precision)
        return scalars.convert(narrow, precision, element_type)

    return elementwise([value], type_, body, "rounded")


def pad(
    value: SSAValue, low: Sequence[int], high: Sequence[int], padding: float, name: str = "padded"
) -> SSAValue:
    """`padding` around `value`, non-negative amounts."""
    if not any(low) and not any(high):
        return value
    shape = shape_of(value)
    sizes = [sum(amounts) for amounts in zip(low, shape, high, strict=True)]
    element_type = element_type_of(value)
    constant = named(scalars.constant(padding, element_type), _constant_name(padding))

    @Builder.implicit_region([IndexType()] * len(shape))
    def region(args: tuple[BlockArgument, ...]) -> None:
        tensor.YieldOp(constant)

    op = tensor.PadOp(value, (), (), region, list(low), list(high), like(value, sizes))
    return named(op.result, name)


def extract_slice(
    value: SSAValue,
    offsets: Sequence[int],
    sizes: Sequence[int],
    strides: Sequence[int],
    name: str = "slice",
) -> SSAValue:
    """The part of `value` of the given sizes that begins at `offsets`."""
    if tuple(sizes) == shape_of(value):
        return value
    op = tensor.ExtractSliceOp(value, offsets, sizes, strides, like(value, sizes))
    return named(op.result, name)


def insert_slice(
    value: SSAValue, into: SSAValue, offsets: Sequence[int], strides: Sequence[int], name: str
) -> SSAValue:
    op = tensor.InsertSliceOp.from_static_parameters(value, into, offsets, shape_of(value), strides)
    return named(op.result, name)
