"""Reading the numbers of constants as MLIR prints them.

On top of xDSL's parser: `0x...` among floats is a bit pattern (MLIR prints inf and nan so; xDSL
reads the integer), a splat is not blown up to one Python object per element, and numbers that xDSL
cannot store are refused where they stand.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from math import prod
from typing import cast

from xdsl.dialects.builtin import (
    AnyDenseElement,
    AnyFloat,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    RankedStructure,
)
from xdsl.parser import AttrParser, Parser
from xdsl.utils.mlir_lexer import MLIRTokenKind

MAX_CONSTANT_BYTES = 2**31
"""How large one constant may be; a splat of a huge type would exhaust the machine's memory."""

MAX_BITS = 64
"""How wide the numbers of literals may be: xDSL has neither text nor bytes of wider floats, and no
bytes of wider integers."""

Element = AttrParser._TensorLiteralElement  # pyright: ignore[reportPrivateUsage]


class BitPattern(Element):
    """A hexadecimal literal: among floats the bits of one, elsewhere an integer."""

    def to_type(self, parser: AttrParser, type: object):
        if not isinstance(type, AnyFloat):
            return super().to_type(parser, type)  # pyright: ignore[reportArgumentType]
        assert isinstance(self.value, int)
        size = type.compile_time_size
        if self.is_negative or self.value.bit_length() > 8 * size:
            got = self.span.text
            parser.raise_error(f"expected {8 * size} bits of a {type}, got {got}", self.span.start)
        return type.unpack(self.value.to_bytes(size, "little"), 1)[0]


class LiteralParser(Parser):
    """xDSL's parser with the literals of this module."""

    @contextmanager
    def _stored(self) -> Generator[None]:
        """Refuse a literal, where it begins, of a type that xDSL has no bytes of: f80, i128."""
        start = self._current_token.span.start
        try:
            yield
        except NotImplementedError:
            self.raise_error(f"expected numbers of at most {MAX_BITS} bits, got wider ones", start)

    def parse_optional_builtin_int_or_float_attr(self) -> IntegerAttr | FloatAttr | None:
        """xDSL keeps a decimal of any float type, and fails when it prints a wide one."""
        start = self._current_token.span.start
        with self._stored():
            number = super().parse_optional_builtin_int_or_float_attr()
        if isinstance(number, FloatAttr) and number.type.bitwidth > MAX_BITS:
            self.raise_error(
                f"expected numbers of at most {MAX_BITS} bits, got {number.type}", start
            )
        return number

    def _parse_builtin_densearray_attr(self) -> DenseArrayBase | None:
        with self._stored():
            return super()._parse_builtin_densearray_attr()

    def _parse_tensor_literal_element(self) -> Element:
        element = super()._parse_tensor_literal_element()
        if element.span.text.lstrip("-")[:2] in ("0x", "0X"):
            return BitPattern(element.is_negative, element.value, element.span)
        return element

    def parse_dense_int_or_fp_elements_attr(
        self, type: RankedStructure[AnyDenseElement] | None
    ) -> DenseIntOrFPElementsAttr:
        resume = self._current_token.span.start
        with self._stored():
            self.parse_punctuation("<", " in dense attribute")
            lists = (MLIRTokenKind.L_SQUARE, MLIRTokenKind.STRING_LIT, MLIRTokenKind.GREATER)
            if self._current_token.kind in lists:
                self._resume_from(resume)
                return super().parse_dense_int_or_fp_elements_attr(type)
            return self._parse_splat(type)

    def _parse_splat(
        self, type: RankedStructure[AnyDenseElement] | None
    ) -> DenseIntOrFPElementsAttr:
        element = self._parse_tensor_literal_element()
        self.parse_punctuation(">", " in dense attribute")
        start = self._current_token.span.start
        if type is None:
            self.parse_punctuation(":", " in dense attribute")
            type = self._parse_dense_literal_type()
        size_bytes = prod(type.get_shape()) * type.element_type.compile_time_size
        if size_bytes > MAX_CONSTANT_BYTES:
            limit = f"at most {MAX_CONSTANT_BYTES} bytes"
            self.raise_error(f"expected a constant of {limit}, got {size_bytes}", start)
        value = element.to_type(self, type.element_type)
        floats = cast(RankedStructure[AnyFloat], type)
        return DenseIntOrFPElementsAttr.from_list(floats, [cast(float, value)])
