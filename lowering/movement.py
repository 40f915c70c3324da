"""Reshapes and transposes at the linalg floor.

Each returns its input where it would move nothing, and looks through what it would undo, so that
chains do not pile up.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects import tensor
from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, IntegerAttr, i64
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import SSAValue

from ..dialect.geometry.shapes import permute_shape
from ..dialect.tensor_types import element_type_of, shape_of
from . import tensors


def reshape(value: SSAValue, shape: Sequence[int], name: str = "reshaped") -> SSAValue:
    """`value` under another static shape, by collapsing and then expanding."""
    source = value
    while isinstance(source.owner, tensor.CollapseShapeOp | tensor.ExpandShapeOp):
        source = source.owner.operands[0]
    before, after = shape_of(source), tuple(shape)
    if before == after:
        return source
    if not before or not after:
        return tensors.named(_reshape_scalar(source, after), name)
    groups = common_groups(before, after)
    middle = [prod(before[axis] for axis in group) for group, _ in groups]
    collapsed = collapse(source, [group for group, _ in groups], middle)
    return tensors.named(_expand(collapsed, [group for _, group in groups], after), name)


def _reshape_scalar(value: SSAValue, shape: Sequence[int]) -> SSAValue:
    """To or from rank 0, where no dimension is left to group."""
    if not shape:
        return collapse(value, (), ())
    # xDSL's expand_shape takes no operand of rank 0.
    return tensors.elementwise(
        [value], tensors.like(value, shape), lambda args: args[0], "expanded"
    )


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


def collapse(value: SSAValue, groups: Sequence[Sequence[int]], shape: Sequence[int]) -> SSAValue:
    """Merge each group of dimensions into one; DYNAMIC_INDEX for a size not known statically."""
    if len(groups) == len(shape_of(value)):
        return value
    op = tensor.CollapseShapeOp.create(
        operands=[value],
        result_types=[tensors.like(value, shape)],
        properties={"reassociation": _reassociation(groups)},
    )
    return tensors.named(op.results[0], "collapsed")


def _expand(value: SSAValue, groups: Sequence[Sequence[int]], shape: Sequence[int]) -> SSAValue:
    if len(groups) == len(shape):
        return value
    type_ = tensors.like(value, shape)
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
    init = tensors.empty(permute_shape(shape, permutation), element_type_of(value))
    order = DenseArrayBase.from_list(i64, permutation)
    return tensors.named(linalg.TransposeOp(value, init, order).res[0], name)


def _moves_only_ones(shape: Sequence[int], permutation: Sequence[int]) -> bool:
    """Whether the dimensions larger than 1 keep their order, so that no element moves."""
    long = [axis for axis in permutation if shape[axis] != 1]
    return long == sorted(long)
