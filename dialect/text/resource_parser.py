"""Reading `dense_resource<name>` and the `{-# ... #-}` behind a module that holds its elements."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

from xdsl.dialects.builtin import ShapedType
from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Position, Span
from xdsl.utils.mlir_lexer import MLIRTokenKind

from .literals import LiteralParser
from .resources import KeptMetadata, Resource, unread

_OPENING = re.compile(r"^[ \t]*(?=\{-#)", re.M)

BUILTIN = "builtin"


class ResourceParser(LiteralParser):
    """xDSL's parser with resources, whose elements may stand behind what uses them.

    Sections that are not of builtin resources (those of other dialects and of tools) are kept as
    text in `kept_metadata`.
    """

    kept_metadata = KeptMetadata()
    _resources: dict[str, tuple[Resource, Span[str]]] | None = None

    def _resource(self, name: str) -> tuple[Resource, Span[str]] | None:
        """A builtin resource and where its blob stands; the sections of the text are read first."""
        if self._resources is None:
            self._read_ahead()
        assert self._resources is not None
        return self._resources.get(name)

    def _read_ahead(self) -> None:
        resume = self._current_token.span.start
        self._resources = {}
        self._read: dict[Position, Position] = {}
        for opening in _OPENING.finditer(self.lexer.input.content):
            self._resume_from(opening.end())
            self._parse_metadata()
        self._resume_from(resume)

    def _parse_file_metadata_dictionary(self) -> None:
        if self._resources is None:
            self._read_ahead()
        start = self._current_token.span.start
        if start not in self._read:
            self._parse_metadata()
        self._resume_from(self._read[start])

    def _parse_metadata(self) -> None:
        start = self._current_token.span.start
        self.parse_comma_separated_list(self.Delimiter.METADATA_TOKEN, self._parse_section)
        self._read[start] = self._current_token.span.start

    def _parse_section(self) -> None:
        """Read `dialect_resources: {dialect: {name: "0x..."}}`, or keep what has another name."""
        start = self._current_token.span.start
        name = self._parse_key()
        self.parse_punctuation(":")
        if name == "dialect_resources":
            self.parse_comma_separated_list(self.Delimiter.BRACES, self._parse_dialect)
        else:
            self._skip_braces()
            kept = self.kept_metadata
            sections = (*kept.sections, self._text_since(start))
            self.kept_metadata = replace(kept, sections=sections)

    def _parse_dialect(self) -> None:
        start = self._current_token.span.start
        dialect = self._parse_key()
        self.parse_punctuation(":")
        if dialect == BUILTIN:
            self.parse_comma_separated_list(self.Delimiter.BRACES, self._parse_blob)
        else:
            self._skip_braces()
            kept = self.kept_metadata
            dialects = (*kept.dialects, self._text_since(start))
            self.kept_metadata = replace(kept, dialects=dialects)

    def _parse_blob(self) -> None:
        start = self._current_token.span
        name = self._parse_key()
        self.parse_punctuation(":")
        blob = self._parse_token(MLIRTokenKind.STRING_LIT, "expected a blob in quotes")
        assert self._resources is not None
        if name in self._resources:
            self.raise_error(f"expected each resource once, got {name!r} again", start)
        try:
            self._resources[name] = (Resource(name, blob.text[1:-1]), blob.span)
        except ValueError as error:
            self.raise_error(str(error), blob.span)

    def _parse_key(self) -> str:
        found = self.parse_optional_identifier_or_str_literal()
        return found if found is not None else self.raise_error("expected a name")

    def _skip_braces(self) -> None:
        """Read braces and what is in them, whatever it is."""
        depth = 0
        while True:
            token = self._current_token
            if token.kind is MLIRTokenKind.EOF or (depth == 0 and token.text != "{"):
                self.raise_error("expected a section in braces")
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            self._consume_token()
            if depth == 0:
                return

    def _text_since(self, start: Position) -> str:
        return self.lexer.input.content[start : self._current_token.span.start].rstrip()

    def _parse_builtin_dense_resource_attr(self) -> Any:
        """Dense elements where the blob is in the text and fits the type, else xDSL's attribute."""
        self.parse_characters("<", " in dense_resource attribute")
        name = self._parse_key()
        self.parse_characters(">", " in dense_resource attribute")
        self.parse_punctuation(":", " in dense_resource attribute")
        start = self._current_token.span.start
        type_ = self.parse_type()
        if not isinstance(type_, ShapedType):
            self.raise_error(
                f"expected a shaped type of dense_resource<{name}>, got {type_}", start
            )
        found = self._resource(name)
        if found is None:
            return unread(name, type_, None, "no blob")
        resource, span = found
        try:
            return resource.elements(cast(ShapedType, type_))
        except ValueError as error:
            raise ParseError(span, str(error)) from None
