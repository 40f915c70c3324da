"""Shared pieces of the textual syntax of tt-mlir's attributes.

Three forms cover nearly all of them: a word in angle brackets (`#ttnn.buffer_type<dram>`), a
struct of `name = value` fields (`#ttnn.conv2d_config<weights_dtype = bf16, ...>`), and a body kept
as text (`#ttcore.system_desc<...>`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, TypeVar, cast

from xdsl.dialects.builtin import (
    BoolAttr,
    DictionaryAttr,
    IntAttr,
    IntegerAttr,
    StringAttr,
)
from xdsl.ir import Attribute, Data, ParametrizedAttribute
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

AttributeT = TypeVar("AttributeT", bound=Attribute)

_STRING_COMMENT_OR_ALIAS = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|[#!][A-Za-z_][\w$.\-]*')


class Word(Data[str]):
    """An enum case printed in angle brackets; `words` lists the cases, old and new."""

    words: ClassVar[tuple[str, ...]]

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> str:
        with parser.in_angle_brackets():
            return parser.parse_keyword_in(cls.words)

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{self.data}>")

    def verify(self) -> None:
        if self.data not in self.words:
            raise VerifyException(
                f"#{self.name}: expected one of {', '.join(self.words)}, got {self.data}"
            )


_STRING_OR_BLANKS = re.compile(r'"(?:[^"\\]|\\.)*"|(?:\s|//[^\n]*)+')
_JOINED = re.compile(r"[\w.$+\-\"]")
"""What needs a blank to stay apart from what is like it."""


@lru_cache(maxsize=1024)
def squeezed(text: str) -> str:
    """The text of an attribute without the white space and comments that separate nothing.

    Two bodies that nobody reads are the same where this is the same: a type may be wrapped in one
    place of a file and not in another, and have blanks behind its commas or none. Example:
    `{1.0, 2.0 : i32 x}` is `{1.0,2.0:i32 x}`.
    """

    def squeeze(match: re.Match[str]) -> str:
        if match.group()[0] == '"':
            return match.group()
        start, end = match.span()
        before, after = text[max(start - 1, 0) : start], text[end : end + 2]
        is_separator = _JOINED.match(before) and _JOINED.match(after) and after != "->"
        return " " if is_separator else ""

    return _STRING_OR_BLANKS.sub(squeeze, text)


def whole(text: str, aliases: Mapping[str, Attribute]) -> str:
    """The text of an attribute made independent of its file.

    Every `#alias` and `!alias` outside strings and comments is written out in full; all else stays
    as it is, down to the last blank.
    """

    def rewrite(match: re.Match[str]) -> str:
        token = match.group()
        followed_by_body = text[match.end() : match.end() + 1] == "<"
        if token in aliases and not followed_by_body:
            return str(aliases[token])
        return token

    return _STRING_COMMENT_OR_ALIAS.sub(rewrite, text)


def parse_stripped(parser: AttrParser, kind: type[AttributeT]) -> AttributeT:
    """Parse `#dialect.kind<...>`, an alias of it, or just its body `<...>`."""
    if parser.parse_optional_characters("<") is not None:
        # The body's own reader wants to see the bracket.
        resume_before_bracket(parser)
        if issubclass(kind, ParametrizedAttribute):
            return kind.new(kind.parse_parameters(parser))
        data_kind = cast(type[Data[object]], kind)
        return cast(AttributeT, data_kind(data_kind.parse_parameter(parser)))
    start = parser.pos
    attribute = parser.parse_attribute()
    if not isinstance(attribute, kind):
        parser.raise_error(f"expected #{kind.name}, got {attribute}", start)
    return attribute


def resume_before_bracket(parser: AttrParser) -> None:
    """Step back over the `<` that was just consumed."""
    content = parser.lexer.input.content
    parser._resume_from(content.rindex("<", 0, parser.pos))  # pyright: ignore[reportPrivateUsage]


def print_stripped(printer: Printer, attribute: Attribute) -> None:
    """Print the body of an attribute without its `#dialect.kind` in front."""
    if isinstance(attribute, ParametrizedAttribute):
        attribute.print_parameters(printer)
    else:
        cast(Data[object], attribute).print_parameter(printer)


def parse_raw_body(parser: AttrParser) -> str:
    """Read a balanced `<...>` body as text, its aliases written out."""
    text = parser._parse_dialect_symbol_body()  # pyright: ignore[reportPrivateUsage]
    return whole(text, parser.attribute_aliases)


class Keyword(Data[str]):
    """A bare word used as the value of a struct field, such as `bf16` or `height_sharded`."""

    name = "ttnn.keyword"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> str:
        return parser.parse_identifier()

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(self.data)


class RawBody(Data[str]):
    """A balanced `<...>` body kept as text: a struct field this project never reads."""

    name = "ttnn.raw"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawBody) and squeezed(self.data) == squeezed(other.data)

    def __hash__(self) -> int:
        return hash(squeezed(self.data))

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> str:
        return parse_raw_body(parser)

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{self.data}>", indent=0)


class TextBody(ParametrizedAttribute):
    """An attribute whose body is kept whole as text, its aliases written out."""

    body: StringAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return [StringAttr(parse_raw_body(parser))]

    def print_parameters(self, printer: Printer) -> None:
        printer.print_string(f"<{self.body.data}>", indent=0)


def _parse_field_value(parser: AttrParser, kind: type[Attribute] | None) -> Attribute:
    if kind is not None and parser._current_token.text in ("<", "#"):  # pyright: ignore[reportPrivateUsage]
        return parse_stripped(parser, kind)
    if parser._current_token.text == "<":  # pyright: ignore[reportPrivateUsage]
        return RawBody(parse_raw_body(parser))
    if (flag := parser.parse_optional_boolean()) is not None:
        return BoolAttr.from_bool(flag)
    if (text := parser.parse_optional_str_literal()) is not None:
        return StringAttr(text)
    if (number := parser.parse_optional_integer(allow_boolean=False)) is not None:
        return IntAttr(number)
    if (word := parser.parse_optional_identifier()) is not None:
        return Keyword(word)
    return parser.parse_attribute()


def print_field_value(printer: Printer, value: Attribute, kind: type[Attribute] | None) -> None:
    """Print the value of a struct field the way `_parse_field_value` reads it."""
    if isinstance(value, IntegerAttr):
        printer.print_string("true" if cast(BoolAttr, value).value.data else "false")
    elif isinstance(value, IntAttr):
        printer.print_string(str(cast(IntAttr, value).data))
    elif isinstance(value, Keyword | RawBody) or (kind is not None and isinstance(value, kind)):
        print_stripped(printer, value)
    else:
        printer.print_attribute(value)


class Struct(ParametrizedAttribute):
    """An attribute of optional `name = value` fields in any order.

    `FIELD_KINDS` gives, for fields whose value is an attribute printed without its prefix, the
    attribute's class. Which field names exist is the subclass's to verify.
    """

    FIELD_KINDS: ClassVar[Mapping[str, type[Attribute]]] = {}

    fields: DictionaryAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        def parse_field() -> tuple[str, Attribute]:
            name = parser.parse_identifier()
            parser.parse_punctuation("=")
            return name, _parse_field_value(parser, cls.FIELD_KINDS.get(name))

        start = parser.pos
        pairs = parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_field)
        fields = dict(pairs)
        if len(fields) != len(pairs):
            parser.raise_error(f"#{cls.name}: expected every field once", start)
        return [DictionaryAttr(fields)]

    def print_parameters(self, printer: Printer) -> None:
        def print_field(item: tuple[str, Attribute]) -> None:
            name, value = item
            printer.print_string(f"{name} = ")
            print_field_value(printer, value, self.FIELD_KINDS.get(name))

        with printer.in_angle_brackets():
            printer.print_list(self.fields.data.items(), print_field)

    def field(self, name: str) -> Attribute | None:
        """The value of a field, or None where it is absent."""
        return self.fields.data.get(name)

    def keyword(self, name: str) -> str | None:
        """The word, or the quoted text of older files, that a field holds."""
        value = self.fields.data.get(name)
        return value.data if isinstance(value, Keyword | StringAttr) else None
