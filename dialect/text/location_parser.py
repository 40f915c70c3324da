"""Reading locations, and the aliases of them that MLIR prints behind what uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from xdsl.context import Context
from xdsl.dialects.builtin import FusedLoc, LocationAttr, NoneAttr
from xdsl.ir import Attribute
from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Position
from xdsl.utils.mlir_lexer import MLIRTokenKind

from .resource_parser import ResourceParser

_DEFINITION = re.compile(r"^[ \t]*(#[\w$-]+)[ \t]*=[ \t]*loc[ \t]*\(", re.M)


class Aliases(dict[str, Attribute]):
    """Aliases by name; asked for one that is not there, it lets `define` look for it first."""

    def __init__(self, define: Callable[[str], None]) -> None:
        super().__init__()
        self._define = define

    def __contains__(self, name: object) -> bool:
        if not super().__contains__(name) and isinstance(name, str):
            self._define(name)
        return super().__contains__(name)

    def has(self, name: str) -> bool:
        """Whether an alias is there already."""
        return super().__contains__(name)


class LocationParser(ResourceParser):
    """xDSL's parser with all of MLIR's locations, whose aliases may be defined later in the text.

    Attributes and types have to be defined first, as in MLIR.
    """

    def __init__(self, ctx: Context, input: str, name: str) -> None:
        super().__init__(ctx, input, name)
        self._aliases = self.attribute_aliases = Aliases(self._define_ahead)
        self._being_defined: set[str] = set()
        self._tried = 0

    @cached_property
    def _in_order(self) -> list[tuple[str, Position]]:
        """The definitions of locations, and where they stand."""
        found = _DEFINITION.finditer(self.lexer.input.content)
        return [(match.group(1), match.start(1)) for match in found]

    @cached_property
    def _definitions(self) -> dict[str, Position]:
        """Where the first definition of each location stands."""
        return dict(reversed(self._in_order))

    def _define_ahead(self, name: str) -> None:
        """Define a location whose definition is further down, if there is one.

        Those before it come first: MLIR prints what a location is made of in front of it, so one
        does not have to be reached through all that are made of it.
        """
        if name not in self._definitions:
            return
        if name in self._being_defined:
            self.raise_error(f"expected a location that is not a part of itself, got {name}")
        resume = self._current_token.span.start
        if not self._being_defined:
            self._define_those_before(self._definitions[name])
        if not self._aliases.has(name):
            self._define(name)
        self._resume_from(resume)

    def _define_those_before(self, position: Position) -> None:
        while self._tried < len(self._in_order) and self._in_order[self._tried][1] < position:
            name, _ = self._in_order[self._tried]
            self._tried += 1
            if not self._aliases.has(name):
                self._try_define(name)

    def _try_define(self, name: str) -> None:
        """Define a location, unless it is wrong: nobody may ask for it."""
        try:
            self._define(name)
        except ParseError:
            self._being_defined.clear()

    def _define(self, name: str) -> None:
        self._being_defined.add(name)
        self._resume_from(self._definitions[name])
        self._aliases[name] = self._parse_definition()
        self._being_defined.remove(name)

    def _parse_definition(self) -> LocationAttr:
        self._parse_token(MLIRTokenKind.HASH_IDENT, "expected the name of a location")
        self.parse_punctuation("=")
        location = self.parse_optional_location()
        assert location is not None
        return location

    def _parse_alias_def(self) -> None:
        token = self._current_token
        if self._definitions.get(token.text) == token.span.start:
            location = self._parse_definition()
            self._aliases.setdefault(token.text, location)
            return
        super()._parse_alias_def()

    def _parse_location(self) -> LocationAttr:
        if self.parse_optional_keyword("fused") is not None:
            return self._parse_fused()
        location = super()._parse_location()
        self._skip_range()
        return location

    def _parse_fused(self) -> LocationAttr:
        """Read `<metadata>[...]`, the metadata optional."""
        metadata: Attribute = NoneAttr()
        if self.parse_optional_punctuation("<") is not None:
            metadata = self.parse_attribute()
            self.parse_punctuation(">")
        places = self.parse_comma_separated_list(self.Delimiter.SQUARE, self._parse_location)
        return FusedLoc(tuple(places), metadata)

    def _skip_range(self) -> None:
        """Read the end of a range, ` to 3:4` or ` to :4`, which xDSL has no place for."""
        if self.parse_optional_keyword("to") is None:
            return
        self.parse_optional_integer(allow_boolean=False, allow_negative=False)
        self.parse_punctuation(":")
        self.parse_integer(allow_boolean=False, allow_negative=False)
