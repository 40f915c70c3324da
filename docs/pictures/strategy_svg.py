"""Pictures of strategies as SVG text: a row of inputs, products, a row of outputs, lines between.

Products stand side by side with the output that reads them, or with the input that makes them, so
that no two labels share a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from strategy_products import Picture, Product

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9")
_GREY = "#999999"
_SLOT, _GAP, _LEFT, _RIGHT = 30, 10, 66, 14
_CELL_HEIGHT, _TOP, _LINES = 26, 40, 130


@dataclass(frozen=True)
class Cell:
    """A labelled rectangle; `kind` is its class in the SVG."""

    left: float
    top: float
    width: float
    label: str
    kind: str
    colour: str | None = None

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    def svg(self) -> str:
        fill = f'fill="{self.colour}" fill-opacity="0.22" stroke="{self.colour}"'
        paint = fill if self.colour else 'fill="#ffffff" stroke="#333333"'
        box = f'x="{self.left:.1f}" y="{self.top:.1f}" width="{self.width:.1f}"'
        return f'<rect class="{self.kind}" {box} height="{_CELL_HEIGHT}" rx="3" {paint}/>\n' + text(
            self.middle, self.top + 18, self.label, self.kind
        )


def text(x: float, y: float, label: str, kind: str, anchor: str = "middle") -> str:
    """One line of text whose anchor is at (x, y)."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{label}</text>'


def summary(picture: Picture) -> str:
    """One sentence: how many products, and how many for nothing."""
    total = f"{len(picture.products)} products"
    if picture.gathers:
        return f"{total}, {picture.by_zero} of them by a zero"
    return f"{total}, {picture.dropped} of them dropped"


def title(picture: Picture, strategy: str) -> str:
    """The strategy and the axis."""
    axis = picture.axis
    parts = [f"size {axis.size}", f"kernel {axis.kernel}", f"stride {axis.stride}"]
    parts.append(f"pads {axis.pad_low} and {axis.pad_high}")
    if axis.dilation != 1:
        parts.append(f"dilation {axis.dilation}")
    if axis.output_padding:
        parts.append(f"output padding {axis.output_padding}")
    return f"{strategy}: {', '.join(parts)}; {summary(picture)}"


@dataclass(frozen=True)
class Layout:
    """Where the cells of a picture stand."""

    picture: Picture
    strategy: str

    @property
    def groups(self) -> list[list[Product]]:
        """The products that stand with each output, or with each input."""
        picture = self.picture
        count = picture.axis.output_size if picture.gathers else len(picture.sources)
        groups: list[list[Product]] = [[] for _ in range(count)]
        for product in picture.products:
            owner = product.output if picture.gathers else product.place
            assert owner is not None
            groups[owner].append(product)
        return groups

    @property
    def width(self) -> int:
        """Of all rows, margins excluded."""
        slots = sum(max(1, len(group)) for group in self.groups) * _SLOT
        cells = max(len(self.picture.sources), self.picture.axis.output_size) * (_SLOT + 4)
        # The title needs about 7 for each of its letters.
        return max(
            slots + _GAP * (len(self.groups) - 1),
            cells,
            7 * len(title(self.picture, self.strategy)),
        )

    def spread(self, count: int) -> list[tuple[float, float]]:
        """(left, width) of `count` equal cells over the whole width."""
        pitch = self.width / count
        width = min(pitch - 4, 40)
        return [(_LEFT + pitch * (i + 0.5) - width / 2, width) for i in range(count)]

    def grouped(self) -> list[tuple[float, float]]:
        """(left, width) of every group of products, centred."""
        sizes = [max(1, len(group)) * _SLOT for group in self.groups]
        spare = self.width - sum(sizes)
        gap = spare / len(sizes)
        left, places = _LEFT + gap / 2, list[tuple[float, float]]()
        for size in sizes:
            places.append((left, size))
            left += size + gap
        return places

    def colour(self, product: Product) -> str:
        idle = self.picture.source(product) is None or product.output is None
        return _GREY if idle else _COLOURS[product.colour % len(_COLOURS)]

    @property
    def tops(self) -> tuple[float, float, float]:
        """Of the inputs, the products and the outputs."""
        if self.picture.gathers:
            products = _TOP + _CELL_HEIGHT + _LINES
            return (_TOP, products, products + _CELL_HEIGHT)
        products = _TOP + _CELL_HEIGHT
        return (_TOP, products, products + _CELL_HEIGHT + _LINES)

    def source_cells(self) -> list[Cell]:
        sources = self.picture.sources
        places = self.spread(len(sources)) if self.picture.gathers else self.grouped()
        return [
            Cell(left, self.tops[0], width, "0", "zero", _GREY)
            if source is None
            else Cell(left, self.tops[0], width, f"x{source}", "input")
            for source, (left, width) in zip(sources, places, strict=True)
        ]

    def output_cells(self) -> list[Cell]:
        size = self.picture.axis.output_size
        places = self.grouped() if self.picture.gathers else self.spread(size)
        return [
            Cell(left, self.tops[2], width, f"y{output}", "output")
            for output, (left, width) in enumerate(places)
        ]

    def product_cells(self) -> list[tuple[Product, Cell]]:
        return [
            (product, self._product_cell(product, left + order * _SLOT))
            for group, (left, _) in zip(self.groups, self.grouped(), strict=True)
            for order, product in enumerate(group)
        ]

    def _product_cell(self, product: Product, left: float) -> Cell:
        kind = "dropped" if product.output is None else "product"
        colour = self.colour(product)
        return Cell(left + 1, self.tops[1], _SLOT - 2, f"w{product.tap}", kind, colour)

    def lines(self, cells: Sequence[tuple[Product, Cell]]) -> Iterator[str]:
        """From input to product, or from product to output; lines of zeros first, underneath."""
        sources, outputs = self.source_cells(), self.output_cells()
        drawn: list[tuple[bool, str]] = []
        for product, cell in cells:
            if product.output is None:
                continue
            gathers = self.picture.gathers
            upper, lower = (
                (sources[product.place], cell) if gathers else (cell, outputs[product.output])
            )
            is_useful = self.picture.source(product) is not None
            style = f'class="useful" stroke="{self.colour(product)}" stroke-width="1.6"'
            if not is_useful:
                style = f'class="by-zero" stroke="{_GREY}" stroke-dasharray="3 3"'
            start = f'x1="{upper.middle:.1f}" y1="{upper.top + _CELL_HEIGHT:.1f}"'
            drawn.append(
                (is_useful, f'<line {style} {start} x2="{lower.middle:.1f}" y2="{lower.top:.1f}"/>')
            )
        return (line for _, line in sorted(drawn, key=lambda pair: pair[0]))

    def bias_labels(self) -> Iterator[str]:
        """Outputs that no product reaches hold the bias."""
        reached = {product.output for product in self.picture.products}
        for output, cell in enumerate(self.output_cells()):
            if output not in reached:
                yield text(cell.middle, cell.top + _CELL_HEIGHT + 16, "bias", "bias")


def to_svg(picture: Picture, strategy: str) -> str:
    """The picture of a strategy as SVG text.

    Raises: ValueError for an axis without outputs.
    """
    if picture.axis.output_size < 1:
        raise ValueError(f"axis: expected an output, got a size of {picture.axis.output_size}")
    layout = Layout(picture, strategy)
    products = layout.product_cells()
    rows = zip(("input", "taps", "output"), layout.tops, strict=True)
    parts = [text(_LEFT, 22, title(picture, strategy), "title", "start")]
    parts += [text(8, top + 18, name, "row", "start") for name, top in rows]
    parts += layout.lines(products)
    cells = [*layout.source_cells(), *(cell for _, cell in products), *layout.output_cells()]
    parts += [cell.svg() for cell in cells]
    parts += layout.bias_labels()
    width = _LEFT + layout.width + _RIGHT
    height = layout.tops[2] + _CELL_HEIGHT + 26
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif"'
    paper = '<rect class="paper" width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([f'{head} font-size="13" fill="#222222">', paper, *parts, "</svg>"]) + "\n"
