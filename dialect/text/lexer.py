"""xDSL's lexer, where a string is text and is found in linear time."""

from __future__ import annotations

import re

from xdsl.utils.lexer import Position, Span
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRToken, MLIRTokenKind, StringLiteral


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
