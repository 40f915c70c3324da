"""The attributes of tt-mlir's `ttir` dialect, and how its convolutions' numbers are read.

Source: tt-mlir, TTIROpsAttrs.td and TTIROps.td.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntAttr,
    IntegerAttr,
    IntegerType,
    i32,
)
from xdsl.ir import Attribute, ParametrizedAttribute, SpacedOpaqueSyntaxAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.hints import isa


def _integers(attribute: Attribute) -> tuple[int, ...] | int:
    if isa(attribute, DenseArrayBase[IntegerType]) and attribute.elt_type == i32:
        return attribute.get_values()
    if isa(attribute, IntegerAttr[IntegerType]) and attribute.type == i32:
        return attribute.value.data
    raise ValueError("Unexpected attribute type")


def read_pair(attribute: Attribute, what: str) -> tuple[int, int]:
    """(height, width) of an i32, which stands for both, or of an array of two.

    Raises: ValueError in tt-mlir's words for anything else.
    """
    try:
        values = _integers(attribute)
    except ValueError as error:
        raise ValueError(f"{error} for {what}") from None
    if isinstance(values, int):
        return (values, values)
    if len(values) != 2:
        raise ValueError(
            f"Expected integer or pair of integers, got tuple of size {len(values)} for {what}"
        )
    height, width = values
    return (height, width)


def read_ttir_padding(attribute: Attribute) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of a ttir `padding` attribute.

    ttir writes one number, [height, width] or [top, left, bottom, right]; this is the one place
    that knows. Raises: ValueError in tt-mlir's words for anything else.
    """
    try:
        values = _integers(attribute)
    except ValueError as error:
        raise ValueError(f"{error} for padding") from None
    if isinstance(values, int):
        return (values, values, values, values)
    if len(values) == 2:
        height, width = values
        return (height, height, width, width)
    if len(values) == 4:
        top, left, bottom, right = values
        return (top, bottom, left, right)
    raise ValueError(
        "Expected integer, pair, or tuple of size 4, but got tuple of size "
        f"{len(values)} for padding"
    )


@irdl_attr_definition
class FlattenedCompatAttr(ParametrizedAttribute, SpacedOpaqueSyntaxAttribute):
    """Says that input and output are flattened to (1, 1, N*H*W, C), and what they were."""

    name = "ttir.flattened_compat"

    batch_size: IntAttr
    input_height: IntAttr
    input_width: IntAttr

    @property
    def sizes(self) -> tuple[int, int, int]:
        """(batch, height, width) of the input."""
        return (self.batch_size.data, self.input_height.data, self.input_width.data)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Read the three sizes in any order; a comma may stand behind the last one."""
        names = ("batch_size", "input_height", "input_width")
        sizes: dict[str, Attribute] = {}
        start, name = parser.pos, parser.parse_optional_identifier()
        while name is not None:
            if name not in names or name in sizes:
                parser.raise_error(f"expected each of {', '.join(names)} once, got {name}", start)
            parser.parse_punctuation("=")
            sizes[name] = IntAttr(parser.parse_integer())
            more = parser.parse_optional_punctuation(",") is not None
            start = parser.pos
            name = parser.parse_optional_identifier() if more else None
        if missing := [name for name in names if name not in sizes]:
            parser.raise_error(f"expected each of {', '.join(names)}, got no {missing[0]}", start)
        return [sizes[name] for name in names]

    def print_parameters(self, printer: Printer) -> None:
        batch, height, width = self.sizes
        printer.print_string(
            f"batch_size = {batch}, input_height = {height}, input_width = {width}"
        )


@dataclass(frozen=True)
class DimensionOrder:
    """At which index of a tensor each of its four dimensions stands."""

    batch: int = 0
    height: int = 1
    width: int = 2
    channel: int = 3

    @property
    def to_nhwc(self) -> tuple[int, int, int, int]:
        """The permutation that brings a tensor of this order to (N, H, W, C)."""
        return (self.batch, self.height, self.width, self.channel)

    @property
    def from_nhwc(self) -> tuple[int, ...]:
        """The permutation that brings (N, H, W, C) to this order."""
        return tuple(self.to_nhwc.index(index) for index in range(4))

    @property
    def is_nhwc(self) -> bool:
        return self.to_nhwc == (0, 1, 2, 3)
