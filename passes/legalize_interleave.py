"""interleave as ops that TTNN has: concat and reshape put phases side by side and between.

    columns: (N*Q_h, Q_w, rows, columns*O), concatenated along the last dimension, is one row of
             output pixels for each row of phases
    rows:    permuted to (N*Q_h, rows, Q_w, stride_w*O) and concatenated along the second dimension,
             (N*Q_h, stride_h, Q_w, stride_w*O) is the image, read in order

All phases are padded to Q = ceil(size / stride) first; what that adds is sliced off at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from xdsl.ir import SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ..dialect import build, deconv
from ..dialect.guards import check_op_count, check_static
from ..dialect.tensor_types import shape_of, tensor_type

Span = tuple[int, int]
"""(start, stop)."""


@dataclass(frozen=True)
class Cell:
    """One phase: its block, and its place among the rows and the columns of that block."""

    block: int
    row: int
    column: int


@dataclass(frozen=True)
class Piece:
    """Neighbouring phases that one block holds; those of no block hold the background.

    `rows` and `columns` are places in the block, or, without one, as many phases.
    """

    block: int | None
    rows: Span
    columns: Span

    @property
    def size(self) -> tuple[int, int]:
        """How many (rows, columns) of phases."""
        return (self.rows[1] - self.rows[0], self.columns[1] - self.columns[0])


@dataclass(frozen=True)
class InterleavePlan:
    """Which piece comes where: pieces[i][j] is the j-th of the i-th row of pieces."""

    strides: tuple[int, int]
    """Of the phases that hold outputs: an axis shorter than its stride has one for each output."""
    blocks_size: tuple[int, int]
    """(height, width) that all phases are padded to."""
    pieces: tuple[tuple[Piece, ...], ...]

    @property
    def piece_count(self) -> int:
        return sum(map(len, self.pieces))

    @property
    def op_count(self) -> int:
        """About how many ops it becomes: a reshape, a slice and a reshape for each piece, a concat
        and a permute for each row of them.
        """
        return 3 * self.piece_count + 2 * len(self.pieces)


def plan_interleave(
    size: tuple[int, int],
    strides: tuple[int, int],
    phases: Sequence[tuple[Sequence[int], Sequence[int]]],
) -> InterleavePlan:
    """Cut the phases of a (height, width) image into as few pieces as a grid of them allows.

    Example: rows [0, 1] and [2, 3] of stride 4 with columns [0, 1] each, of stride 2, are two rows
    of one piece.
    """
    held = (min(strides[0], size[0]), min(strides[1], size[1]))
    cells = {
        (row, column): Cell(block, *place)
        for block, (rows, columns) in enumerate(phases)
        for place, (row, column) in _places(rows, columns)
        if row < held[0] and column < held[1]
    }
    filled_rows, filled_columns = (sorted({cell[axis] for cell in cells}) for axis in (0, 1))
    by_row = {row: [cells.get((row, column)) for column in filled_columns] for row in filled_rows}
    by_column = {
        column: [cells.get((row, column)) for row in filled_rows] for column in filled_columns
    }
    row_spans, column_spans = _spans(by_row, held[0], (1, 0)), _spans(by_column, held[1], (0, 1))
    pieces = tuple(
        tuple(_piece(cells.get((rows[0], columns[0])), rows, columns) for columns in column_spans)
        for rows in row_spans
    )
    blocks_size = (-(-size[0] // max(held[0], 1)), -(-size[1] // max(held[1], 1)))
    return InterleavePlan(held, blocks_size, pieces)


def _places(rows: Sequence[int], columns: Sequence[int]) -> Iterator[tuple[Span, Span]]:
    """((place of row, place of column), (row, column)) of each phase of a block."""
    for (i, row), (j, column) in product(enumerate(rows), enumerate(columns)):
        yield (i, j), (row, column)


def _spans(lines: Mapping[int, list[Cell | None]], end: int, step: tuple[int, int]) -> list[Span]:
    """Runs of lines of phases that continue one another in every block they pass, up to `end`.

    `lines` are those with a phase in a block, in order; those between belong to no block.
    """
    spans: list[Span] = []
    stop = 0
    previous: list[Cell | None] = []
    for index, line in lines.items():
        if index == stop > 0 and all(
            _next(a, step) == b for a, b in zip(previous, line, strict=True)
        ):
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans += [(stop, index)] if index > stop else []
            spans.append((index, index + 1))
        previous, stop = line, index + 1
    return [*spans, (stop, end)] if stop < end else spans


def _next(cell: Cell | None, step: tuple[int, int]) -> Cell | None:
    return None if cell is None else Cell(cell.block, cell.row + step[0], cell.column + step[1])


def _piece(first: Cell | None, rows: Span, columns: Span) -> Piece:
    height, width = rows[1] - rows[0], columns[1] - columns[0]
    if first is None:
        return Piece(None, (0, height), (0, width))
    rows, columns = (first.row, first.row + height), (first.column, first.column + width)
    return Piece(first.block, rows, columns)


@dataclass(frozen=True)
class InterleaveBuilder:
    """Builds one interleave; a row of blocks is one row of each image, N*Q_h of them."""

    op: deconv.InterleaveOp
    plan: InterleavePlan

    @property
    def channels(self) -> int:
        return shape_of(self.op.result)[3]

    @property
    def block_rows(self) -> int:
        return shape_of(self.op.result)[0] * self.plan.blocks_size[0]

    def block(self, number: int) -> SSAValue:
        """A block padded to the common size: (N, Q_h, Q_w, phases * O)."""
        value = self.op.blocks[number]
        sizes = zip(self.plan.blocks_size, shape_of(value)[1:3], strict=True)
        missing = [(0, common - size) for common, size in sizes]
        return build.pad(value, [(0, 0), *missing, (0, 0)], "filled")

    def from_block(self, piece: Piece, block: SSAValue) -> SSAValue:
        """The phases of a piece: (N*Q_h, Q_w, rows, columns*O)."""
        assert piece.block is not None
        rows, columns = (len(places) for places in self.op.phases()[piece.block])
        width = self.plan.blocks_size[1]
        if piece.size != (rows, columns):
            pixels = self.block_rows * width
            block = build.reshape(block, (pixels, rows, columns, self.channels), "phases")
            bounds = [(0, pixels), piece.rows, piece.columns, (0, self.channels)]
            block = build.slice_static(block, bounds, "phases")
        shape = (self.block_rows, width, piece.size[0], piece.size[1] * self.channels)
        return build.reshape(block, shape, "phases")

    def from_background(self, piece: Piece) -> SSAValue:
        """As many phases of background: (N*Q_h, Q_w, rows, columns*O)."""
        background = self.op.background
        if background is None:
            background = build.zeros(build.bare_type(self.op.result, (1, 1, 1, self.channels)))
        # No op repeats zero times: an image without rows takes none of one.
        repeats = (max(self.block_rows, 1), self.plan.blocks_size[1], *piece.size)
        repeated = build.repeat(background, repeats, "background")
        bounds = [(0, self.block_rows), *((0, size) for size in shape_of(repeated)[1:])]
        return build.slice_static(repeated, bounds, "background")

    def row(self, pieces: Sequence[Piece], blocks: dict[int, SSAValue]) -> SSAValue:
        """A row of pieces: (N*Q_h, rows, Q_w, stride_w*O)."""
        values = [
            self.from_background(piece)
            if piece.block is None
            else self.from_block(piece, blocks[piece.block])
            for piece in pieces
        ]
        joined = build.concat(values, 3, "columns")
        height, width, rows, channels = shape_of(joined)
        if rows == 1:
            return build.reshape(joined, (height, 1, width, channels), "rows")
        return build.permute(joined, (0, 2, 1, 3), "rows")

    def result(self) -> SSAValue:
        """The interleaved image, (N, H, W, O)."""
        numbers = [piece.block for row in self.plan.pieces for piece in row]
        used = dict.fromkeys(number for number in numbers if number is not None)
        blocks = {number: self.block(number) for number in used}
        rows = build.concat([self.row(row, blocks) for row in self.plan.pieces], 1, "image")
        shape = shape_of(self.op.result)
        sizes = (self.plan.blocks_size[axis] * self.plan.strides[axis] for axis in (0, 1))
        image = build.reshape(rows, (shape[0], *sizes, shape[3]), "image")
        return build.slice_static(image, [(0, size) for size in shape], "interleaved")


@dataclass(frozen=True)
class LegalizeInterleave(RewritePattern):
    """interleave -> pad, concat, reshape, and permute where a block holds several rows."""

    max_ops: int

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: deconv.InterleaveOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        _, height, width, _ = shape_of(op.result)
        strides = op.strides.get_values()

        plan = plan_interleave((height, width), (strides[0], strides[1]), op.phases())
        check_op_count(op, plan.op_count, f"{plan.piece_count} pieces of phases", self.max_ops)

        with build.rewriting(op, rewriter):
            image = InterleaveBuilder(op, plan).result()
            result = build.typed(image, tensor_type(op.result))

        rewriter.replace(op, [], [result])
