"""Builders for the linalg floor: upstream tensor and linalg ops on bare tensor types.

Each returns its input where the op would do nothing, and looks through what it would undo, so that
chains of reshapes and transposes do not pile up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod

from xdsl.builder import Builder
from xdsl.dialects import tensor
from xdsl.dialects.builtin import (
    AffineMapAttr,
    ArrayAttr,
    DenseArrayBase,
    IndexType,
    IntegerAttr,
    TensorType,
    UnrealizedConversionCastOp,
    i64,
)
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from ..dialect.geometry.shapes import permute_shape
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


def reshape(value: SSAValue, shape: Sequence[int], name: str = "reshaped") -> SSAValue:
    """`value` under another static shape, by collapsing and then expanding."""
    source = value
    while isinstance(source.owner, tensor.CollapseShapeOp | tensor.ExpandShapeOp):
        source = source.owner.operands[0]
    before, after = shape_of(source), tuple(shape)
    if before == after:
        return source
    if not before or not after:
        return named(_reshape_scalar(source, after), name)
    groups = common_groups(before, after)
    middle = [prod(before[axis] for axis in group) for group, _ in groups]
    collapsed = _collapse(source, [group for group, _ in groups], middle)
    return named(_expand(collapsed, [group for _, group in groups], after), name)


def _reshape_scalar(value: SSAValue, shape: Sequence[int]) -> SSAValue:
    """To or from rank 0, where no dimension is left to group."""
    if not shape:
        return _collapse(value, (), ())
    # xDSL's expand_shape takes no operand of rank 0.
    return elementwise([value], like(value, shape), lambda args: args[0], "expanded")


def common_groups(
    before: Sequence[int], after: Sequence[int]
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Runs of dimensions of two shapes that hold the same number of elements, in order.

    Example: (1, 1, 96, 64) and (1, 8, 12, 64) give
    [((0,), (0,)), ((1, 2), (1, 2)), ((3,), (3,))].
    """
    if 0 in before:
        return [(tuple(range(len(before))), tuple(range(len(after))))]
    groups: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    left = right = 0
    while left < len(before) and right < len(after):
        left_end, right_end = left + 1, right + 1
        left_size, right_size = before[left], after[right]
        while left_size != right_size:
            if left_size < right_size:
                left_size *= before[left_end]
                left_end += 1
            else:
                right_size *= after[right_end]
                right_end += 1
        groups.append((tuple(range(left, left_end)), tuple(range(right, right_end))))
        left, right = left_end, right_end
    return _absorb_ones(groups, left, len(before), right, len(after))


def _absorb_ones(
    groups: list[tuple[tuple[int, ...], tuple[int, ...]]],
    left: int,
    left_rank: int,
    right: int,
    right_rank: int,
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Put the trailing dimensions of size 1 that one shape has more into the last group."""
    last_left, last_right = groups[-1]
    groups[-1] = (
        (*last_left, *range(left, left_rank)),
        (*last_right, *range(right, right_rank)),
    )
    return groups


def _reassociation(groups: Sequence[Sequence[int]]) -> ArrayAttr[ArrayAttr[IntegerAttr]]:
    return ArrayAttr(ArrayAttr(IntegerAttr(axis, i64) for axis in group) for group in groups)


def _collapse(value: SSAValue, groups: Sequence[Sequence[int]], shape: Sequence[int]) -> SSAValue:
    if len(groups) == len(shape_of(value)):
        return value
    op = tensor.CollapseShapeOp.create(
        operands=[value],
        result_types=[like(value, shape)],
        properties={"reassociation": _reassociation(groups)},
    )
    return named(op.results[0], "collapsed")


def collapse(value: SSAValue, groups: Sequence[Sequence[int]], shape: Sequence[int]) -> SSAValue:
    """Merge each group of dimensions into one; DYNAMIC_INDEX for a size not known statically."""
    return _collapse(value, groups, shape)


def _expand(value: SSAValue, groups: Sequence[Sequence[int]], shape: Sequence[int]) -> SSAValue:
    if len(groups) == len(shape):
        return value
    type_ = like(value, shape)
    return tensor.ExpandShapeOp(value, (), _reassociation(groups), list(shape), type_).result


def transpose(value: SSAValue, permutation: Sequence[int], name: str = "transposed") -> SSAValue:
    """Dimension d of the result is permutation[d] of `value`."""
    owner = value.owner
    if isinstance(owner, linalg.TransposeOp):
        first = owner.permutation.get_values()
        return transpose(owner.inputs[0], [first[axis] for axis in permutation], name)
    if list(permutation) == sorted(permutation):
        return value
    shape = shape_of(value)
    if _moves_only_ones(shape, permutation):
        return reshape(value, permute_shape(shape, permutation), name)
    init = empty(permute_shape(shape, permutation), element_type_of(value))
    order = DenseArrayBase.from_list(i64, permutation)
    return named(linalg.TransposeOp(value, init, order).res[0], name)


def _moves_only_ones(shape: Sequence[int], permutation: Sequence[int]) -> bool:
    """Whether the dimensions larger than 1 keep their order, so that no element moves."""
    long = [axis for axis in permutation if shape[axis] != 1]
    return long == sorted(long)


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
