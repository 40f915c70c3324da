"""The files that text is mutated from, cut into pieces that are quick to parse."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from .drawing import chance

TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|[%@#!^][\w$.\-]+|[A-Za-z_][\w$.]*|0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?'
    r"|->|::|\s+|.",
    re.S,
)
"""Roughly MLIR's tokens, and the white space between them: they join to the text they are of."""

LARGEST_PIECE = 6000
"""Characters."""

_SPLIT = re.compile(r"^// -----.*\n", re.M)
_COMMENT = re.compile(r"^\s*//.*\n", re.M)
_FUNCTION = re.compile(r"^(?:func\.func|module)\b.*?^}\n", re.M | re.S)


_WRONG = re.compile(r"invalid|refusal|misspelt|errors|unknown-word|custom-form")
"""In the names of files whose text is wrong on purpose."""


def _cut(text: str) -> list[str]:
    parts = (_COMMENT.sub("", part) for part in _SPLIT.split(text))
    return [part for part in parts if part.strip()]


@dataclass(frozen=True)
class Corpus:
    """Texts by name."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Corpus:
        """All `.mlir` files below some folders, and files themselves.

        Raises: ValueError where there is none.
        """
        found: list[tuple[str, str]] = []
        for path in paths:
            files = sorted(path.rglob("*.mlir")) if path.is_dir() else [path]
            found += [(str(file), file.read_text("utf-8")) for file in files]
        if not found:
            raise ValueError(f"expected .mlir files in {', '.join(map(str, paths))}, got none")
        return cls(tuple(found))

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """What files are split into, without the comments that only their tests read."""
        return tuple(piece for _, text in self.texts for piece in _cut(text))

    @cached_property
    def sound_pieces(self) -> tuple[str, ...]:
        """Those of files that hold no errors on purpose."""
        return tuple(
            piece for name, text in self.texts if not _WRONG.search(name) for piece in _cut(text)
        )

    def draw(self, random: Random) -> str:
        """A piece of a file; of a long one, what stands in front and a function or two."""
        piece = random.choice(self.pieces if chance(random, 20) else self.sound_pieces)
        functions = _FUNCTION.findall(piece)
        if len(functions) < 2 or (len(piece) <= LARGEST_PIECE and chance(random, 40)):
            return piece
        front = piece[: piece.index(functions[0])]
        count = random.choice((1, 1, 2))
        return front + "".join(random.sample(functions, min(count, len(functions))))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Every token of the corpus, each once."""
        found = {token for piece in self.pieces for token in TOKEN.findall(piece)}
        return tuple(sorted(token for token in found if not token.isspace()))
