"""The window of a convolution as `stablehlo.convolution` prints it in its custom form."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import DenseArrayBase, DenseIntOrFPElementsAttr, TensorType, i1, i64
from xdsl.ir import Attribute
from xdsl.parser import Parser

WINDOW = {
    "stride": "window_strides",
    "pad": "padding",
    "lhs_dilate": "lhs_dilation",
    "rhs_dilate": "rhs_dilation",
    "reverse": "window_reversal",
}
"""Properties by the names that the custom form gives them, in its order."""


def parse_window(parser: Parser) -> dict[str, Attribute]:
    """Read `{stride = [1, 1], pad = [[0, 0], [0, 0]], ...}`; each part may be missing.

    As StableHLO does, it takes a comma behind the last part.
    """
    properties: dict[str, Attribute] = {}

    def parse_part() -> None:
        start = parser.pos
        name = parser.parse_optional_identifier()
        is_behind_comma = bool(properties) and parser._current_token.text == "}"  # pyright: ignore[reportPrivateUsage]
        if name is None and is_behind_comma:
            return
        if name not in WINDOW or WINDOW[name] in properties:
            parser.raise_error(f"expected each of {', '.join(WINDOW)} at most once", start)
        parser.parse_punctuation("=")
        properties[WINDOW[name]] = _parse_part(parser, name)

    parser.parse_comma_separated_list(parser.Delimiter.BRACES, parse_part)
    return properties


def _parse_part(parser: Parser, name: str) -> Attribute:
    def parse_pair() -> tuple[int, ...]:
        return tuple(parser.parse_comma_separated_list(square, parser.parse_integer))

    square = parser.Delimiter.SQUARE
    start = parser.pos
    if name == "pad":
        pairs = parser.parse_comma_separated_list(square, parse_pair)
        if any(len(pair) != 2 for pair in pairs):
            parser.raise_error("expected a low and a high amount for each dimension", start)
        return pad_attribute(pairs)
    values = parser.parse_comma_separated_list(square, parser.parse_integer)
    return DenseArrayBase.from_list(i1 if name == "reverse" else i64, values)


def pad_attribute(pairs: Sequence[Sequence[int]]) -> DenseIntOrFPElementsAttr:
    """(low, high) of each spatial dimension as the op holds them."""
    values = [amount for pair in pairs for amount in pair]
    return DenseIntOrFPElementsAttr.from_list(TensorType(i64, [len(pairs), 2]), values)
