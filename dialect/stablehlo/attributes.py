"""The dimension numbers of StableHLO's convolutions.

Source: openxla/stablehlo, docs/spec.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import Data
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

Labels = tuple[str, ...]


@dataclass(frozen=True)
class ConvDimensions:
    """What each dimension of input, kernel and result is.

    Labels: `b` batch, `f` feature, `o` and `i` the output and input features of a kernel, and the
    numbers of the spatial dimensions.
    """

    input: Labels
    kernel: Labels
    output: Labels

    @property
    def spatial_rank(self) -> int:
        return len(self.input) - 2

    @property
    def input_order(self) -> tuple[int, ...]:
        """Where (batch, spatial dimensions, feature) stand in the input."""
        return self._indices(self.input, "b", "f")

    @property
    def output_order(self) -> tuple[int, ...]:
        """Where (batch, spatial dimensions, feature) stand in the result."""
        return self._indices(self.output, "b", "f")

    @property
    def kernel_order(self) -> tuple[int, ...]:
        """Where (input feature, output feature, spatial dimensions) stand in the kernel."""
        first, *spatial, last = self._indices(self.kernel, "i", "o")
        return (first, last, *spatial)

    def _indices(self, labels: Labels, first: str, last: str) -> tuple[int, ...]:
        names = (first, *map(str, range(self.spatial_rank)), last)
        return tuple(labels.index(name) for name in names)

    def complaint(self) -> str | None:
        """What is wrong with the labels, if anything is."""
        spatial = [str(axis) for axis in range(self.spatial_rank)]
        for what, labels, features in (
            ("input", self.input, "bf"),
            ("kernel", self.kernel, "io"),
            ("output", self.output, "bf"),
        ):
            expected = [*features, *spatial]
            if sorted(labels) != sorted(expected):
                got = ", ".join(labels)
                return f"expected the labels {', '.join(expected)} of the {what}, got {got}"
        return None

    def __str__(self) -> str:
        texts = (f"[{', '.join(labels)}]" for labels in (self.input, self.kernel, self.output))
        return "{}x{}->{}".format(*texts)


def parse_dimensions(parser: AttrParser) -> ConvDimensions:
    """Read `[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]`."""
    given = _parse_labels(parser)
    parser.parse_characters("x", " between the labels of input and kernel")
    kernel = _parse_labels(parser)
    parser.parse_punctuation("->", " in front of the labels of the result")
    return ConvDimensions(given, kernel, _parse_labels(parser))


def _parse_labels(parser: AttrParser) -> Labels:
    def parse_label() -> str:
        number = parser.parse_optional_integer(allow_boolean=False, allow_negative=False)
        return parser.parse_identifier() if number is None else str(number)

    return tuple(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parse_label))


@irdl_attr_definition
class ConvDimensionsAttr(Data[ConvDimensions]):
    """`#stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>`."""

    name = "stablehlo.conv"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> ConvDimensions:
        with parser.in_angle_brackets():
            return parse_dimensions(parser)

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{self.data}>")

    def verify(self) -> None:
        if (complaint := self.data.complaint()) is not None:
            raise VerifyException(f"#stablehlo.conv: {complaint}")
