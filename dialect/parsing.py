"""Reading MLIR text the way TTNN pipelines print it.

On top of xDSL's parser: what the project does not know of its open dialects and of dialects nobody
registered is accepted and kept, aliases inside such text are written out, every operation knows its
place in the file, and regions may nest only so deep.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from xdsl.context import Context
from xdsl.dialect_interfaces.op_asm import OpAsmDialectInterface
from xdsl.dialects import get_all_dialects
from xdsl.dialects.builtin import (
    Builtin,
    FileLineColLoc,
    IntAttr,
    LocationAttr,
    ModuleOp,
    StringAttr,
    UnknownLoc,
    UnregisteredAttr,
    UnregisteredOp,
)
from xdsl.ir import Attribute, Data, Dialect, Operation, ParametrizedAttribute, TypeAttribute
from xdsl.parser.generic_parser import ParserState
from xdsl.utils.lexer import Input, Position, Span
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRToken, MLIRTokenKind, StringLiteral

from .attribute_syntax import whole
from .literals import LiteralParser
from .names import settle_names

OPEN_DIALECTS = ("ttnn", "ttcore", "ttir", "stablehlo")
"""Dialects of which this project defines a part; the rest of them passes through."""

MAX_NESTING = 64
"""How deep operations may nest; what real pipelines print stays below ten."""


def _builtin() -> Dialect:
    """The builtin dialect with a store of resources of its own, so that names stay as written."""
    return Dialect(
        "builtin", [*Builtin.operations], [*Builtin.attributes], [OpAsmDialectInterface()]
    )


def _ttnn() -> Dialect:
    from .ttnn import TTNN

    return TTNN


def _ttcore() -> Dialect:
    from .ttcore import TTCORE

    return TTCORE


def _deconv() -> Dialect:
    from .deconv import DECONV

    return DECONV


def _ttir() -> Dialect:
    from .ttir import TTIR

    return TTIR


def _stablehlo() -> Dialect:
    from .stablehlo import STABLEHLO

    return STABLEHLO


def get_dialects() -> dict[str, Callable[[], Dialect]]:
    """This project's dialects by name, to be loaded when first used."""
    return {
        "ttnn": _ttnn,
        "ttcore": _ttcore,
        "deconv": _deconv,
        "ttir": _ttir,
        "stablehlo": _stablehlo,
    }


@cache
def _unregistered_op(name: str) -> type[Operation]:
    """One class a name, so that modules of different contexts compare equal."""
    return UnregisteredOp.with_name(name)


@cache
def _unregistered_attribute(name: str, is_type: bool) -> type[UnregisteredAttr]:
    return UnregisteredAttr.with_name_and_type(name, is_type)


class TTNNContext(Context):
    """A context in which unknown constructs of open and unregistered dialects stand for themselves.

    A misspelt operation of a dialect that xDSL or this project defines in full stays an error.
    """

    def _is_open(self, name: str) -> bool:
        dialect, dot, _ = name.partition(".")
        return bool(dot) and (dialect in OPEN_DIALECTS or dialect not in self._registered_dialects)

    def clone(self) -> TTNNContext:
        copy = super().clone()
        return TTNNContext(*(getattr(copy, name) for name in copy.__dataclass_fields__))

    def get_optional_op(
        self, name: str, *, dialect_stack: Sequence[str] = ()
    ) -> type[Operation] | None:
        found = super().get_optional_op(name, dialect_stack=dialect_stack)
        if found is None and self._is_open(name):
            found = _unregistered_op(name)
            self._loaded_ops[name] = found
        return found

    def get_optional_type(self, name: str) -> type[TypeAttribute] | None:
        found = super().get_optional_type(name)
        if found is None and self._is_open(name):
            found = cast(type[TypeAttribute], _unregistered_attribute(name, True))
            self._loaded_types[name] = found
        return found

    def get_optional_attr(self, name: str) -> type[Attribute] | None:
        found = super().get_optional_attr(name)
        if found is None and self._is_open(name):
            found = _unregistered_attribute(name, False)
            self._loaded_attrs[name] = found
        return found


def make_context() -> Context:
    """A context with every dialect of xDSL and of this project, loaded when first used."""
    context = TTNNContext()
    for name, factory in (get_all_dialects() | get_dialects() | {"builtin": _builtin}).items():
        context.register_dialect(name, factory)
    return context


class TTNNLexer(MLIRLexer):
    """xDSL's lexer with a string pattern that never backtracks.

    xDSL's own takes exponential time to find that a long string is not closed.
    """

    _unescaped_characters_regex = re.compile(r'"(?:[^"\\\n\v\f]++|\\(?:["nt\\]|[0-9A-Fa-f]{2}))*+"')

    def _lex_string_literal(self, start_pos: Position) -> MLIRToken:
        """A string, where xDSL sees bytes as soon as one of them is escaped and not ASCII.

        That is how it prints any such string itself.
        """
        token = super()._lex_string_literal(start_pos)
        if token.kind is MLIRTokenKind.BYTES_LIT and _is_text(token.span):
            return MLIRToken(MLIRTokenKind.STRING_LIT, token.span)
        return token


def _is_text(literal: Span[str]) -> bool:
    """Whether the bytes of a string literal are UTF-8."""
    content = StringLiteral(literal.start, literal.end, literal.input).bytes_contents
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


class TTNNParser(LiteralParser):
    """xDSL's parser with the rules of this module."""

    _depth = 0
    _lines: list[int] | None = None

    def __init__(self, ctx: Context, input: str | bytes, name: str = "<unknown>") -> None:
        text = input.decode("utf-8") if isinstance(input, bytes) else input
        # xDSL's constructor would read the first token with its own lexer.
        super().__init__(ctx, "", name)
        self._parser_state = ParserState(TTNNLexer(Input(text, name)))

    def parse_module(self, allow_implicit_module: bool = True) -> ModuleOp:
        self._read_trailing_locations()
        return super().parse_module(allow_implicit_module)

    def parse_operation(self) -> Operation:
        start = self._current_token.span.start
        self._depth += 1
        if self._depth > MAX_NESTING:
            self.raise_error(f"expected at most {MAX_NESTING} nested operations, got more")
        op = super().parse_operation()
        self._depth -= 1
        settle_names(op)
        if isinstance(op.location, UnknownLoc):
            op.location = self._location(start)
        return op

    def _location(self, position: Position) -> LocationAttr:
        """The (line, column) of a character; lines are found once, positions only grow."""
        if self._lines is None:
            content = self.lexer.input.content
            self._lines = [0, *(match.end() for match in re.finditer("\n", content))]
        line = bisect_right(self._lines, position)
        column = position - self._lines[line - 1] + 1
        name = StringAttr(self.lexer.input.name)
        return FileLineColLoc(name, IntAttr(line), IntAttr(column))

    def _get_op_by_name(self, name: str) -> type[Operation]:
        content, end = self.lexer.input.content, self._current_token.span.start
        start = content.rfind(name, 0, end)
        span = Span(start, start + len(name), self.lexer.input)
        op_type = self.ctx.get_optional_op(name, dialect_stack=self._parser_state.dialect_stack)
        if op_type is None:
            self.raise_error(f"Operation {name} is not registered", span)
        if issubclass(op_type, UnregisteredOp) and not self._follows_string():
            self.raise_error(
                f"'{name}': expected the generic form of an operation that is not registered, "
                "got its custom form",
                span,
            )
        return op_type

    def _follows_string(self) -> bool:
        """Whether the token in front of the current one is a string, as in the generic form."""
        content, position = self.lexer.input.content, self._current_token.span.start - 1
        while content[position].isspace():
            position -= 1
        return content[position] == '"'

    def _parse_dialect_type_or_attribute_body(
        self,
        attr_name: str,
        is_type: bool,
        is_opaque: bool,
        starting_opaque_pos: Position | None,
    ) -> UnregisteredAttr | ParametrizedAttribute | Data[Any]:
        attribute = super()._parse_dialect_type_or_attribute_body(
            attr_name, is_type, is_opaque, starting_opaque_pos
        )
        if not isinstance(attribute, UnregisteredAttr):
            return attribute
        text = attribute.value.data
        # `#dialect<name body>`: the blank in front of the body tells the two apart.
        blank = " " if attribute.is_opaque.data and text[:1].isspace() else ""
        value = blank + whole(text, self.attribute_aliases)
        return type(attribute)(attribute.attr_name, attribute.is_type, attribute.is_opaque, value)

    def parse_optional_symbol_name(self) -> StringAttr | None:
        token = self._current_token
        try:
            return super().parse_optional_symbol_name()
        except UnicodeDecodeError:
            message = f"expected the name of a symbol in UTF-8, got {token.text}"
            self.raise_error(message, token.span)

    def _read_trailing_locations(self) -> None:
        """Define the `#loc` aliases that MLIR prints behind the module that uses them."""
        definitions = list(re.finditer(r"^(#loc\d*) = loc\(", self.lexer.input.content, re.M))
        if not definitions:
            return
        resume = self._current_token.span.start
        pending = {match.group(1): match.start() for match in definitions}
        while pending:
            before = len(pending)
            for alias, start in list(pending.items()):
                if self._try_location_alias(alias, start, pending):
                    del pending[alias]
            if len(pending) == before:
                break
        self._resume_from(resume)

    def _try_location_alias(self, alias: str, start: Position, pending: dict[str, int]) -> bool:
        content = self.lexer.input.content
        line = content[start : content.find("\n", start) % (len(content) + 1)]
        mentioned = set(re.findall(r"#loc\d*", line.split("=", 1)[1]))
        if mentioned & pending.keys():
            return False
        self._resume_from(start)
        self._consume_token(MLIRTokenKind.HASH_IDENT)
        self.parse_punctuation("=")
        location = self.parse_optional_location()
        assert location is not None
        self.attribute_aliases[alias] = location
        return True

    def _parse_alias_def(self) -> None:
        name = self._current_token.text
        if isinstance(self.attribute_aliases.get(name), LocationAttr):
            self._consume_token()
            self.parse_punctuation("=")
            self.parse_optional_location()
            return
        super()._parse_alias_def()


def parse_module(text: str, name: str = "<string>", context: Context | None = None) -> ModuleOp:
    """Parse a module, implicit or not.

    Raises: ParseError for text that is not MLIR, VerifyException for attributes that are wrong in
    themselves. Operations are not verified.
    """
    return TTNNParser(context or make_context(), text, name).parse_module()
