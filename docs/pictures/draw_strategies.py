"""Draw which input and which tap reach which output, once for every strategy.

    python docs/pictures/draw_strategies.py --size 4 --kernel 4 --stride 2 --pad 1 --output DIR

writes one SVG for each strategy that takes the axis and prints its path.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import strategy_products
from strategy_products import Picture
from strategy_svg import to_svg

from xdsl_ttnn.dialect.geometry.transposed import ConvTranspose2dGeometry, TransposedAxis
from xdsl_ttnn.passes.strategies.registry import find, own_names
from xdsl_ttnn.tools.diagnostics import OK, Situation, run_tool
from xdsl_ttnn.tools.files import write_atomically

DEFAULT_MAX_PRODUCTS = 10_000
"""More lines than that are a grey box."""


def most_products(axis: TransposedAxis) -> int:
    """At least as many as any strategy draws: each tap with each input, or place of an output."""
    return axis.kernel * max(axis.size, axis.window.size)


def drawn_names() -> tuple[str, ...]:
    """The strategies that have a picture."""
    return tuple(name for name in own_names() if _products(name) is not None)


def _products(strategy: str) -> Callable[[TransposedAxis], Picture] | None:
    return getattr(strategy_products, strategy.replace("-", "_"), None)


def refusal(axis: TransposedAxis, strategy: str) -> str | None:
    """Why a strategy does not take the axis; None where it does."""
    return find(strategy).refusal(ConvTranspose2dGeometry(1, 1, 1, 1, TransposedAxis(1, 1), axis))


def picture_of(axis: TransposedAxis, strategy: str) -> Picture:
    """What a strategy multiplies on one axis. Requires: one of `drawn_names()`.

    Raises: ValueError where the strategy does not take the axis.
    """
    if (reason := refusal(axis, strategy)) is not None:
        raise ValueError(f"axis: {reason}")
    products = _products(strategy)
    assert products is not None
    return products(axis)


def draw(axis: TransposedAxis, strategy: str) -> str:
    """The same as SVG text.

    Raises: ValueError where the strategy does not take the axis or the axis has no output.
    """
    return to_svg(picture_of(axis, strategy), strategy)


def file_name(axis: TransposedAxis, strategy: str) -> str:
    """Example: sub-pixel-n4-k4-s2-p1.svg for size 4, kernel 4, stride 2 and pads of 1."""
    pads = (
        f"p{axis.pad_low}" if axis.pad_low == axis.pad_high else f"p{axis.pad_low}_{axis.pad_high}"
    )
    name = f"{strategy}-n{axis.size}-k{axis.kernel}-s{axis.stride}-{pads}"
    if axis.dilation != 1:
        name += f"-d{axis.dilation}"
    if axis.output_padding:
        name += f"-op{axis.output_padding}"
    return f"{name}.svg"


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="draw_strategies",
        description="Draw which input and which tap reach which output along one axis.",
    )
    for name, default in (("size", 4), ("kernel", 4), ("stride", 2), ("dilation", 1)):
        parser.add_argument(f"--{name}", type=_positive, default=default)
    parser.add_argument("--pad", type=int, nargs="+", default=[0], metavar="N", help="low [high]")
    parser.add_argument("--output-padding", type=int, default=0)
    parser.add_argument(
        "--max-products",
        type=_positive,
        default=DEFAULT_MAX_PRODUCTS,
        help="refuse pictures of more lines (default: %(default)s)",
    )
    parser.add_argument("--strategy", action="append", choices=drawn_names())
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected at least 1, got {value}")
    return value


def main(args: Sequence[str] | None = None) -> int:
    """Run the tool; strategies that do not take the axis are named on stderr."""
    return run_tool(Situation("draw_strategies"), lambda: _draw_all(args))


def _draw_all(args: Sequence[str] | None) -> int:
    parser = make_parser()
    options = parser.parse_args(args)
    if len(options.pad) > 2 or min(options.pad) < 0 or options.output_padding < 0:
        parser.error("expected one or two pads and an output padding of at least 0")
    axis = TransposedAxis(
        options.size,
        options.kernel,
        options.stride,
        options.pad[0],
        options.pad[-1],
        options.dilation,
        options.output_padding,
    )
    if axis.output_size < 1:
        parser.error(f"expected an axis with outputs, got an output size of {axis.output_size}")
    if (products := most_products(axis)) > options.max_products:
        parser.error(
            f"expected at most {options.max_products} products in a picture, got {products}; "
            "raise --max-products"
        )
    for strategy in options.strategy or drawn_names():
        try:
            picture = draw(axis, strategy).encode()
        except ValueError as error:
            print(error, file=sys.stderr)
            continue
        path: Path = options.output / file_name(axis, strategy)
        write_atomically(str(path), lambda stream, picture=picture: stream.write(picture))
        print(path)
    return OK


if __name__ == "__main__":
    sys.exit(main())
