"""Reading MLIR text the way TTNN pipelines print it.

On top of xDSL's parser: what the project does not know of its open dialects and of dialects nobody
registered is accepted and kept, aliases inside such text are written out, every operation knows its
place in the file, and regions may nest only so deep.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from difflib import get_close_matches
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import (
    FileLineColLoc,
    IntAttr,
    LocationAttr,
    ModuleOp,
    StringAttr,
    UnknownLoc,
    UnregisteredAttr,
    UnregisteredOp,
)
from xdsl.ir import Data, Operation, ParametrizedAttribute
from xdsl.parser.generic_parser import ParserState
from xdsl.utils.lexer import Input, Position, Span
from xdsl.utils.mlir_lexer import MLIRTokenKind

from ..tensor_types import LARGEST_DIMENSION
from ..unregistered import VerbatimAttr, VerbatimType
from .attribute_syntax import whole
from .context import TTNNContext, make_context
from .lexer import TTNNLexer
from .location_parser import LocationParser
from .names import settle_names

_PRINTERS = {
    **dict.fromkeys(("ttnn", "ttcore", "ttir", "ttmetal", "d2m"), "ttmlir-opt"),
    **dict.fromkeys(("stablehlo", "chlo", "vhlo"), "stablehlo-opt"),
    "sdy": "sdy_opt",
}
"""The tools that print a dialect's ops, and print them in the generic form when asked to."""

CLOSE = 0.8
"""How alike a name and the one that may be meant are, as `difflib` counts."""

BYTE_ORDER_MARK = "\ufeff"
"""What some editors put in front of UTF-8 text."""

_NAMELESS_BODY = re.compile(r"<\s*(?![A-Za-z_\s])")

MAX_NESTING = 64
"""How deep operations may nest; what real pipelines print stays below ten."""


class TTNNParser(LocationParser):
    """xDSL's parser with the rules of this module."""

    _depth = 0
    _lines: list[int] | None = None

    def __init__(self, ctx: Context, input: str | bytes, name: str = "<unknown>") -> None:
        text = input.decode("utf-8") if isinstance(input, bytes) else input
        text = text.removeprefix(BYTE_ORDER_MARK)
        # xDSL's constructor would read the first token with its own lexer.
        super().__init__(ctx, "", name)
        self._parser_state = ParserState(TTNNLexer(Input(text, name)))

    def parse_module(self, allow_implicit_module: bool = True) -> ModuleOp:
        module = super().parse_module(allow_implicit_module)
        if isinstance(self.ctx, TTNNContext):
            self.ctx.kept_metadata = self.kept_metadata
        return module

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

    def parse_shape_dimension(self, allow_dynamic: bool = True) -> int:
        start = self._current_token.span
        size = super().parse_shape_dimension(allow_dynamic)
        if size > LARGEST_DIMENSION:
            self.raise_error(
                f"expected a dimension of at most {LARGEST_DIMENSION}, got {size}", start
            )
        return size

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
        if start < 0:
            # Spelt with escapes: what stands in front of the current token.
            name_end = len(content[:end].rstrip())
            start = content.rfind('"', 0, name_end - 1)
        span = Span(start, start + len(name), self.lexer.input)
        op_type = self.ctx.get_optional_op(name, dialect_stack=self._parser_state.dialect_stack)
        if op_type is None:
            self.raise_error(f"Operation {name} is not registered{self._close_name(name)}", span)
        if issubclass(op_type, UnregisteredOp) and not self._follows_string():
            self.raise_error(self._unreadable(name), span)
        return op_type

    def _unreadable(self, name: str) -> str:
        """Why an op that nobody registered cannot be read as it stands, and what to do."""
        dialect = name.partition(".")[0]
        tool, hint = _PRINTERS.get(dialect, "the tool that printed it"), self._close_name(name)
        return (
            f"'{name}': expected the generic form of an op of dialect '{dialect}' that is not "
            f"known here, got its custom form{f'{hint} If not,' if hint else ';'} have {tool} "
            "print it with --mlir-print-op-generic"
        )

    def _close_name(self, name: str) -> str:
        """`; did you mean 'dialect.op'?` where an op that is known has nearly the same name."""
        dialect_name, _, mnemonic = name.partition(".")
        dialect = self.ctx.get_optional_dialect(dialect_name)
        known = [] if dialect is None else [op.name.partition(".")[2] for op in dialect.operations]
        close = get_close_matches(mnemonic, known, n=1, cutoff=CLOSE)
        return f"; did you mean '{dialect_name}.{close[0]}'?" if close else ""

    def _follows_string(self) -> bool:
        """Whether the token in front of the current one is a string, as in the generic form."""
        content, position = self.lexer.input.content, self._current_token.span.start - 1
        while content[position].isspace():
            position -= 1
        return content[position] == '"'

    def _parse_extended_type_or_attribute(self, attr_or_dialect_name: str, is_type: bool) -> Any:
        """Read an attribute or type behind its first name; here one that has no further name.

        `#dialect<"text">`: what stands between the brackets need not begin with a name.
        """
        dialect = attr_or_dialect_name
        if "." in dialect or not self._is_nameless_body(dialect):
            return super()._parse_extended_type_or_attribute(dialect, is_type)  # pyright: ignore
        body = whole(self._parse_dialect_symbol_body(), self.attribute_aliases)
        return (VerbatimType if is_type else VerbatimAttr)(f"{dialect}.", is_type, True, body)

    def _is_nameless_body(self, dialect: str) -> bool:
        """Whether the current token opens a body without a name, of a dialect that may have one."""
        content, start = self.lexer.input.content, self._current_token.span.start
        is_open = isinstance(self.ctx, TTNNContext) and self.ctx.is_open(f"{dialect}.")
        return is_open and _NAMELESS_BODY.match(content, start) is not None

    def _parse_dialect_type_or_attribute_body(
        self,
        attr_name: str,
        is_type: bool,
        is_opaque: bool,
        starting_opaque_pos: Position | None,
    ) -> UnregisteredAttr | ParametrizedAttribute | Data[Any]:
        has_brackets = self._current_token.kind == MLIRTokenKind.LESS
        attribute = super()._parse_dialect_type_or_attribute_body(
            attr_name, is_type, is_opaque, starting_opaque_pos
        )
        if not isinstance(attribute, UnregisteredAttr):
            return attribute
        value = whole(attribute.value.data, self.attribute_aliases)
        # xDSL leaves out brackets without a body.
        name = attribute.attr_name.data + "<>" * (has_brackets and not is_opaque and not value)
        return type(attribute)(name, attribute.is_type, attribute.is_opaque, value)

    def parse_optional_symbol_name(self) -> StringAttr | None:
        token = self._current_token
        try:
            return super().parse_optional_symbol_name()
        except UnicodeDecodeError:
            message = f"expected the name of a symbol in UTF-8, got {token.text}"
            self.raise_error(message, token.span)


def parse_module(text: str, name: str = "<string>", context: Context | None = None) -> ModuleOp:
    """Parse a module, implicit or not.

    Raises: ParseError for text that is not MLIR, VerifyException for attributes that are wrong in
    themselves. Operations are not verified.
    """
    return TTNNParser(context or make_context(), text, name).parse_module()
