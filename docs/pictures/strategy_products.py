"""Which input and which tap reach which output along one axis: the facts, a function a strategy.

    y = stride*p + dilation*k - pad_low    (input p, tap k, output y)

Every strategy executes a set of products; it is read off the geometry and phases the passes use.
A function has the name of the module that holds its strategy: that is how it is found.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl_ttnn.dialect.geometry.phases import filled_phases, merge_phases
from xdsl_ttnn.dialect.geometry.transposed import TransposedAxis


@dataclass(frozen=True)
class Product:
    """One multiplication. `place` is where in the source row its factor stands; what it makes is
    added to `output`, or dropped where that is None.
    """

    place: int
    tap: int
    output: int | None
    colour: int


@dataclass(frozen=True)
class Picture:
    """What a strategy multiplies: a row of inputs (None: a zero), products and outputs.

    A strategy gathers when products stand with the output that reads them, and scatters when they
    stand with the input that makes them.
    """

    axis: TransposedAxis
    sources: tuple[int | None, ...]
    products: tuple[Product, ...]
    gathers: bool

    def source(self, product: Product) -> int | None:
        """The input that is multiplied; None for a zero."""
        return self.sources[product.place]

    @property
    def by_zero(self) -> int:
        """Products whose factor is an inserted or padded zero."""
        return sum(self.source(product) is None for product in self.products)

    @property
    def dropped(self) -> int:
        """Products without a place in the output."""
        return sum(product.output is None for product in self.products)


def zero_insert(axis: TransposedAxis) -> Picture:
    """A stride-1 correlation over `axis.window` of the dilated input; the kernel is flipped.

    Example: size 4, kernel 4, stride 2, pads 1: 32 products, 18 of them by a zero.
    """
    window = axis.window
    kept = [
        None if place % axis.stride else place // axis.stride
        for place in range(window.start, window.stop)
    ]
    sources = (*[None] * window.pad_low, *kept, *[None] * window.pad_high)
    products = tuple(
        Product(output + axis.dilation * (axis.kernel - 1 - tap), tap, output, tap)
        for output in range(axis.output_size)
        for tap in reversed(range(axis.kernel))
    )
    return Picture(axis, sources, products, gathers=True)


def sub_pixel(axis: TransposedAxis) -> Picture:
    """A correlation for each phase; phases that one convolution computes have one colour.

    Example: size 4, kernel 4, stride 2, pads 1: 16 products, 2 of them by a zero of the padding.
    """
    reads: list[Product] = []
    for colour, group in enumerate(merge_phases(filled_phases(axis))):
        for member in group:
            assert member.window is not None
            first = member.window.start - member.window.pad_low
            for order, tap in enumerate(member.taps):
                begin = first + order * member.input_step
                reads += [
                    Product(begin + step, tap, member.offset + axis.stride * step, colour)
                    for step in range(member.size)
                ]
    low = min(0, *(product.place for product in reads)) if reads else 0
    high = max(axis.size, *(product.place + 1 for product in reads)) if reads else axis.size
    sources = tuple(place if 0 <= place < axis.size else None for place in range(low, high))
    products = tuple(
        Product(read.place - low, read.tap, read.output, read.colour)
        for read in sorted(reads, key=lambda read: (read.output or 0, read.place))
    )
    return Picture(axis, sources, products, gathers=True)


def gemm_col2im(axis: TransposedAxis) -> Picture:
    """Every input times every tap; what lands outside of the output is dropped.

    Example: size 4, kernel 4, stride 2, pads 1: 16 products, 2 of them dropped.
    """
    return _scattered(axis)


def matmul(axis: TransposedAxis) -> Picture:
    """The same products; no two of them meet where the strategy takes the axis."""
    return _scattered(axis)


def _scattered(axis: TransposedAxis) -> Picture:
    products: list[Product] = []
    for place in range(axis.size):
        for tap in range(axis.kernel):
            landing = axis.stride * place + axis.dilation * tap - axis.pad_low
            output = landing if 0 <= landing < axis.output_size else None
            products.append(Product(place, tap, output, tap))
    return Picture(axis, tuple(range(axis.size)), tuple(products), gathers=False)
