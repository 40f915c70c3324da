"""Result shapes of the deconv ops; `UNKNOWN` stands for a size that is not known.

Each function is the one home of its formula: verifiers compare with it, shape inference fills in
from it. All raise ValueError where no result exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..geometry.shapes import UNKNOWN, Shape
from ..geometry.transposed import TransposedAxis

Pair = tuple[int, int]
Phases = tuple[Sequence[int], Sequence[int]]
"""The rows and the columns of a block."""


def dilated_shape(shape: Sequence[int], strides: Sequence[int]) -> Shape:
    """(size - 1) * stride + 1 in each dimension; sizes that are 0 or unknown stay.

    Example: (1, 4, 5, 3) by (1, 2, 3, 1) is (1, 7, 13, 3).
    """
    return tuple(
        size if size < 1 else (size - 1) * stride + 1
        for size, stride in zip(shape, strides, strict=True)
    )


def interleave_block_shape(
    rows: Sequence[int], columns: Sequence[int], output: Sequence[int], strides: Pair
) -> Shape:
    """The shape of one operand of `deconv.interleave`.

    It holds the outputs first, first + stride, ... of each axis for every phase of the
    (N, H, W, O) output. Example: row 1 and column 0 of (1, 7, 6, 2) by (2, 3) is (1, 3, 2, 2).
    """
    batch, height, width, channels = output
    return (
        batch,
        UNKNOWN if height == UNKNOWN else -((rows[0] - height) // strides[0]),
        UNKNOWN if width == UNKNOWN else -((columns[0] - width) // strides[1]),
        UNKNOWN if channels == UNKNOWN else len(rows) * len(columns) * channels,
    )


def interleaved_shape(
    blocks: Sequence[Sequence[int]], phases: Sequence[Phases], strides: Pair, channels: int
) -> Shape:
    """(N, H, W, O) of what blocks of phases make, as far as they tell.

    A phase of q elements, of rows r, r + stride, ..., says that there are from r + stride*(q - 1)
    + 1 to r + stride*q rows; a size stays unknown where all phases leave more than one. `channels`
    are those of a background, or UNKNOWN.
    Example: 4 rows of phase 0 and 3 of phase 1, by 2, are 7.
    """
    batches = [block[0] for block in blocks]
    heights, widths = (
        [(phases[axis], block[1 + axis]) for phases, block in zip(phases, blocks, strict=True)]
        for axis in (0, 1)
    )
    outputs = [
        UNKNOWN if block[3] == UNKNOWN else block[3] // (len(rows) * len(columns))
        for (rows, columns), block in zip(phases, blocks, strict=True)
    ]
    return (
        _agreed("a batch", batches),
        _interleaved_size("rows", heights, strides[0]),
        _interleaved_size("columns", widths, strides[1]),
        _agreed("channels", [*outputs, channels]),
    )


def _agreed(what: str, sizes: Iterable[int]) -> int:
    known = sorted({size for size in sizes if size != UNKNOWN})
    if len(known) > 1:
        raise ValueError(f"expected blocks of one image, got {what} of {known[0]} and {known[1]}")
    return known[0] if known else UNKNOWN


def _interleaved_size(what: str, counts: Iterable[tuple[Sequence[int], int]], stride: int) -> int:
    """The one size that gives each phase as many elements as it has, or UNKNOWN."""
    known = [(phase, count) for phases, count in counts if count != UNKNOWN for phase in phases]
    if not known:
        return UNKNOWN
    least = max(phase + stride * (count - 1) + 1 for phase, count in known)
    most = min(phase + stride * count for phase, count in known)
    if least > most:
        raise ValueError(
            f"expected blocks of one image, got at least {least} {what} and at most {most}"
        )
    return most if least == most else UNKNOWN


def col2im_shape(products: Sequence[int], axes: tuple[TransposedAxis, TransposedAxis]) -> Shape:
    """(N, H_out, W_out, O) of products (G, N*H*W, KH*KW*O/G)."""
    if len(products) != 3:
        raise ValueError(f"expected products of rank 3, got rank {len(products)}")
    groups, pixels, columns = products
    height, width = axes
    taps, per_image = height.kernel * width.kernel, height.size * width.size
    if (pixels != UNKNOWN and pixels % per_image) or (columns != UNKNOWN and columns % taps):
        raise ValueError(
            f"expected products of whole images of {per_image} pixels and of {taps} taps, "
            f"got {pixels} and {columns}"
        )
    return (
        UNKNOWN if pixels == UNKNOWN else pixels // per_image,
        height.output_size,
        width.output_size,
        UNKNOWN if UNKNOWN in (groups, columns) else groups * (columns // taps),
    )
