"""Result shapes of the tensor ops; `UNKNOWN` stands for a size that is not known.

Each function is the one home of its formula: verifiers compare with it, shape inference fills in
from it. All raise ValueError, worded as tt-mlir does, where no result exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import DYNAMIC_INDEX

UNKNOWN = DYNAMIC_INDEX
"""What xDSL stores for `?` in a shape."""

INFERRED = -1
"""In the `shape` attribute of a reshape: the size that follows from the number of elements."""

Shape = tuple[int, ...]


def broadcast_shape(lhs: Sequence[int], rhs: Sequence[int]) -> Shape:
    """NumPy's broadcast of two shapes. Example: (2, 1, 3) with (4, 1) is (2, 4, 3)."""
    rank = max(len(lhs), len(rhs))
    pairs = zip(
        (1,) * (rank - len(lhs)) + tuple(lhs),
        (1,) * (rank - len(rhs)) + tuple(rhs),
        strict=True,
    )
    return tuple(_broadcast_size(left, right) for left, right in pairs)


def _broadcast_size(left: int, right: int) -> int:
    if left == 1:
        return right
    if right in (1, left):
        return left
    if UNKNOWN in (left, right):
        return max(left, right)
    raise ValueError(f"expected sizes that broadcast, got {left} and {right}")


def reshape_shape(input_shape: Sequence[int], requested: Sequence[int]) -> Shape:
    """The requested shape with its -1, if any, computed from the number of elements."""
    if sum(size == INFERRED for size in requested) > 1:
        raise ValueError("Shape attribute must have at most one -1 element")
    if any(size < INFERRED for size in requested):
        raise ValueError("All dimensions must be >= 0 except the one with -1")
    if INFERRED not in requested:
        return tuple(requested)
    if UNKNOWN in input_shape:
        return tuple(UNKNOWN if size == INFERRED else size for size in requested)
    known = prod(size for size in requested if size != INFERRED)
    elements = prod(input_shape)
    if known == 0 or elements % known:
        raise ValueError(f"expected {elements} elements to divide by {known}")
    return tuple(elements // known if size == INFERRED else size for size in requested)


def permute_shape(input_shape: Sequence[int], permutation: Sequence[int]) -> Shape:
    """Example: (2, 3, 4) permuted by (2, 0, 1) is (4, 2, 3)."""
    if sorted(permutation) != list(range(len(input_shape))):
        expected = ", ".join(map(str, range(len(input_shape))))
        got = ", ".join(map(str, permutation))
        raise ValueError(f"Expected a permutation of ({expected}), got ({got})")
    return tuple(input_shape[dimension] for dimension in permutation)


def pad_shape(input_shape: Sequence[int], padding: Sequence[int]) -> Shape:
    """Example: (2, 3) padded by (0, 1, 2, 3) is (3, 8)."""
    is_right_length = len(padding) == 2 * len(input_shape)
    if is_right_length and any(amount < 0 for amount in padding):
        raise ValueError("Padding cannot contain negative values")
    return crop_or_pad_shape(input_shape, padding)


def crop_or_pad_shape(input_shape: Sequence[int], padding: Sequence[int]) -> Shape:
    """Negative amounts drop elements. Example: (2, 3) by (0, 1, 2, -3) is (3, 2)."""
    if len(padding) != 2 * len(input_shape):
        raise ValueError(
            "Padding must have the same number of elements as twice the rank of the input tensor"
        )
    pairs = zip(input_shape, padding[::2], padding[1::2], strict=True)
    shape = tuple(UNKNOWN if size == UNKNOWN else size + low + high for size, low, high in pairs)
    if any(size < 0 and size != UNKNOWN for size in shape):
        raise ValueError(f"expected a padded shape without negative sizes, got {shape}")
    return shape


def slice_bounds(size: int, begin: int, end: int, step: int, axis: int) -> tuple[int, int]:
    """(start, length) of a slice of one dimension: elements start + i*step.

    Negative bounds count from the end, once. With a negative step elements come from `begin` down
    to, not including, `end`, so the first one is out of its reach. Equal bounds select nothing,
    wherever they are. Example: slice_bounds(6, 4, -5, -2, 0) is (4, 2), elements 4 and 2.
    """
    start = begin + size if begin < 0 else begin
    stop = end + size if end < 0 else end
    if step == 0:
        raise ValueError(f"Step value for dimension {axis} cannot be zero")
    if start == stop:
        return min(max(start, 0), size), 0
    if not 0 <= start < size:
        raise ValueError(
            f"Invalid begin index for dimension {axis}. "
            f"Expected value in range [{-size}, {size}), got {begin}"
        )
    if not 0 <= stop <= size:
        raise ValueError(
            f"Invalid end index for dimension {axis}. "
            f"Expected value in range [{-size}, {size}], got {end}"
        )
    if (stop - start) * step < 0:
        sign, relation = ("positive", "less") if step > 0 else ("negative", "greater")
        raise ValueError(
            f"For {sign} step, begin index must be {relation} than or equal to end index for "
            f"dimension {axis}. Got begin: {begin}, end: {end}, step: {step}"
        )
    return start, -(-abs(stop - start) // abs(step))


def slice_shape(
    input_shape: Sequence[int], begins: Sequence[int], ends: Sequence[int], steps: Sequence[int]
) -> Shape:
    """Example: (5, 6) from (1, 0) to (5, 6) by (2, 3) is (2, 2)."""
    rank = len(input_shape)
    if not rank == len(begins) == len(ends) == len(steps):
        raise ValueError(
            "Begins, ends, and step attributes must have the same number of elements as the "
            "input tensor rank"
        )
    rows = enumerate(zip(input_shape, begins, ends, steps, strict=True))
    return tuple(
        UNKNOWN if size == UNKNOWN else slice_bounds(size, begin, end, step, axis)[1]
        for axis, (size, begin, end, step) in rows
    )


def concat_axis(rank: int, dim: int) -> int:
    """The dimension a possibly negative `dim` names."""
    axis = dim + rank if dim < 0 else dim
    if not 0 <= axis < rank:
        raise ValueError(f"Invalid dimension {dim} for concatenation.")
    return axis


def concat_shape(shapes: Sequence[Sequence[int]], dim: int) -> Shape:
    """Example: (2, 3) and (2, 4) along dimension 1 give (2, 7)."""
    if not shapes:
        raise ValueError("At least one input tensor is required.")
    first = tuple(shapes[0])
    axis = concat_axis(len(first), dim)
    result = list(first)
    for index, shape in enumerate(shapes[1:], 1):
        if len(shape) != len(first):
            raise ValueError(
                "All input tensors must have the same rank "
                f"(operand 0 rank {len(first)}, operand {index} rank {len(shape)})."
            )
        for place, size in enumerate(shape):
            if place == axis:
                known = UNKNOWN not in (result[axis], size)
                result[axis] = result[axis] + size if known else UNKNOWN
            elif result[place] == UNKNOWN:
                result[place] = size
            elif size not in (UNKNOWN, result[place]):
                raise ValueError(
                    "All input tensors must have the same dimensions, except for dimension "
                    f"{axis} (operand 0 shape {first}, operand {index} shape {tuple(shape)} "
                    f"differ at dim {place}: {result[place]} vs {size})."
                )
    return tuple(result)


def repeat_shape(input_shape: Sequence[int], repeats: Sequence[int]) -> Shape:
    """Example: (1, 2, 3) repeated (4, 1, 2) times is (4, 2, 6)."""
    if len(input_shape) != len(repeats):
        raise ValueError(
            f"Input tensor rank {len(input_shape)} doesn't match the number of repeat dimensions "
            f"{len(repeats)}."
        )
    for axis, times in enumerate(repeats):
        if times < 1:
            raise ValueError(f"Repeat dimension at index {axis} must be greater than 0.")
    return tuple(
        UNKNOWN if size == UNKNOWN else size * times
        for size, times in zip(input_shape, repeats, strict=True)
    )


def upsample_shape(input_shape: Sequence[int], factors: tuple[int, int]) -> Shape:
    """(N, H, W, C) with H and W multiplied. Example: (1, 2, 3, 4) by (2, 3) is (1, 4, 9, 4)."""
    scale_height, scale_width = factors
    if min(factors) < 1:
        raise ValueError(
            f"Scale factors H = {scale_height} and W = {scale_width} must be positive integers"
        )
    return repeat_shape(input_shape, (1, scale_height, scale_width, 1))


def matmul_shape(
    a: Sequence[int], b: Sequence[int], transpose_a: bool = False, transpose_b: bool = False
) -> Shape:
    """Example: (4, 2, 3) by (3, 5) is (4, 2, 5)."""
    for name, shape in (("A", a), ("B", b)):
        if len(shape) < 1:
            raise ValueError(f"Input {name} must be at least a 1D tensor")
    left = tuple(a) if len(a) > 1 else (1, *a)
    right = tuple(b) if len(b) > 1 else (*b, 1)
    if transpose_a and len(a) > 1:
        left = (*left[:-2], left[-1], left[-2])
    if transpose_b and len(b) > 1:
        right = (*right[:-2], right[-1], right[-2])
    if left[-1] != right[-2] and UNKNOWN not in (left[-1], right[-2]):
        raise ValueError(
            f"Input A[-1]({left[-1]}) and B[-2]({right[-2]}) must have matching inner dimensions"
        )
    batch = broadcast_shape(left[:-2], right[:-2])
    rows = (left[-2],) if len(a) > 1 else ()
    columns = (right[-1],) if len(b) > 1 else ()
    return (*batch, *rows, *columns) or (1,)


def flattened(shape: Sequence[int]) -> tuple[int, int, int, int]:
    """The flattened form (1, 1, N*H*W, C) of an (N, H, W, C) shape.

    Example: flattened((2, 3, 4, 5)) is (1, 1, 24, 5).
    """
    return (1, 1, prod(shape[:-1]), shape[-1])
