"""Mutations of text: of bytes, of lines, of tokens, of numbers, of types."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from .corpus import TOKEN, Corpus
from .drawing import chance, weighted

NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "16",
    "255",
    "256",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "99999999999999999999999999",
)
"""Whole numbers at which something ends."""

OTHER_NUMBERS = ("0.5", "1e400", "-0.0", "0x7F800000", "0x7FC00000", "0xFFFFFFFFFFFFFFFF", "?")
ELEMENT_TYPES = (
    "f32",
    "bf16",
    "f16",
    "f64",
    "i32",
    "si32",
    "ui8",
    "i8",
    "i1",
    "i64",
    "index",
    "i0",
    "i17",
    "i129",
    "f80",
    "f128",
    "tf32",
    "f8E4M3FN",
    "f8E5M2",
    "none",
    "complex<f32>",
    "tensor<2xf32>",
    "vector<2xf32>",
    "!ttcore.tile<32x32, f32>",
    "!ttcore.tile<32x32, bfp_bf8>",
    "!quant.uniform<i8:f32, 2.0:3>",
    "!ttnn.device",
    "!elsewhere.type<1>",
)
BRACKETS = ("(", "[", "{", "<", "tuple<", "module {", "((", '"')

CONFUSING = (
    "main",
    "prepare_main",
    "np",
    "relu6",
    "v1",
    "None",
    "0",
    '"f²"',
    '""',
    '"a\\00b"',
    '"\\FF"',
)
"""Names of values and symbols."""

_NAME = re.compile(r"[%@][A-Za-z_][\w$.\-]*")
_NUMBER = re.compile(r"(?<![\w#%@!])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|(?<=\dx)\d+(?=x)")
_ELEMENT = re.compile(r"(?<=[x<:\s(])(?:bf16|f16|f32|f64|s?i\d+|ui\d+|index)\b")
_SHAPED = re.compile(r"\b(?:tensor|memref|vector)(?=<)")
_SHAPE = re.compile(r"(?<=[rf]<)(?:[\d?*]+x)*[\d?*]+(?=x[a-z!])")
_TYPE = re.compile(r"\b(?:tensor|memref|vector)<[^<>]*>")

Mutation = Callable[[Random, Corpus, str], str]


def _replaced(
    random: Random, pattern: re.Pattern[str], text: str, new: Callable[[str], str]
) -> str:
    """A match of a pattern, drawn, becomes something else; rather all that are like it do.

    Where all change alike, a text stays consistent, and what is behind the parser sees it.
    """
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = random.choice(found)
    replacement = new(match.group())
    if chance(random, 65):
        return pattern.sub(lambda m: replacement if m[0] == match[0] else m[0], text)
    return text[: match.start()] + replacement + text[match.end() :]


def change_number(random: Random, corpus: Corpus, text: str) -> str:
    """A number becomes another one: near it, or one at which something overflows."""
    return _replaced(random, _NUMBER, text, lambda old: _another_number(random, old))


def _another_number(random: Random, old: str) -> str:
    if old.lstrip("-").isdigit() and chance(random, 60):
        value = int(old)
        return str(random.choice((value + 1, value - 1, 2 * value, -value, value * 10)))
    return random.choice(OTHER_NUMBERS if chance(random, 10) else NUMBERS)


def change_shape(random: Random, corpus: Corpus, text: str) -> str:
    """A size of a type changes, or there is one more or less."""

    def new(old: str) -> str:
        sizes = re.split(r"(?<=[\d?*])x", old)
        place = random.randrange(len(sizes))
        match random.choice(("number", "near", "open", "drop", "double", "one")):
            case "drop":
                del sizes[place]
            case "double":
                sizes.insert(place, sizes[place])
            case "open":
                sizes[place] = random.choice(("?", "?", "*"))
            case "number":
                sizes[place] = random.choice(NUMBERS)
            case "near" if sizes[place].isdigit():
                sizes[place] = _another_number(random, sizes[place])
            case _:
                sizes[place] = random.choice("10")
        return "x".join(sizes)

    return _replaced(random, _SHAPE, text, new)


def change_element_type(random: Random, corpus: Corpus, text: str) -> str:
    """An element type becomes another one; mostly all that were like it do."""
    new = random.choice(ELEMENT_TYPES)
    return _replaced(random, _ELEMENT, text, lambda old: new)


def change_type(random: Random, corpus: Corpus, text: str) -> str:
    """A type becomes another one of the corpus, or a tensor something else."""
    kinds = ("tensor", "memref", "vector", "tuple", "complex", "!ttnn.device", "")
    if chance(random, 30):
        return _replaced(random, _SHAPED, text, lambda old: random.choice(kinds))
    types = [found for piece in (random.choice(corpus.pieces),) for found in _TYPE.findall(piece)]
    return _replaced(random, _TYPE, text, lambda old: random.choice(types or [old]))


def change_tokens(random: Random, corpus: Corpus, text: str) -> str:
    """A token is dropped, doubled, swapped with another, or becomes one of another file."""
    tokens = TOKEN.findall(text)
    places = [place for place, token in enumerate(tokens) if not token.isspace()]
    if not places:
        return text
    here, there = random.choice(places), random.choice(places)
    match random.choice(("replace", "drop", "double", "swap", "copy", "move")):
        case "drop":
            tokens[here] = ""
        case "double":
            tokens[here] = tokens[here] + " " + tokens[here]
        case "swap":
            tokens[here], tokens[there] = tokens[there], tokens[here]
        case "copy":
            tokens[here] = tokens[there]
        case "move":
            tokens[there] = tokens[there] + " " + tokens[here]
            tokens[here] = ""
        case _:
            tokens[here] = _like(random, corpus, tokens[here])
    return "".join(tokens)


def _like(random: Random, corpus: Corpus, token: str) -> str:
    """A token of the corpus, rather one that begins as this one does: an op of the dialect."""
    front = token[:6] if chance(random, 60) else token[0]
    alike = [other for other in corpus.tokens if other.startswith(front)]
    return random.choice(alike if alike and chance(random, 80) else corpus.tokens)


def rename(random: Random, corpus: Corpus, text: str) -> str:
    """A value or a symbol gets the name of another one, or one that somebody may confuse."""
    names = sorted(set(_NAME.findall(text)))
    if not names:
        return text
    old, others = random.choice(names), [name for name in names if name[0] == "%"]
    new = random.choice((*others, *(old[0] + name for name in CONFUSING)))
    return re.sub(re.escape(old) + r"(?![\w$.\-])", lambda match: new, text)


def change_lines(random: Random, corpus: Corpus, text: str) -> str:
    """A line is dropped, doubled, moved, or comes from another file."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    here, there = random.randrange(len(lines)), random.randrange(len(lines))
    match random.choice(("drop", "double", "swap", "splice")):
        case "drop":
            lines[here] = ""
        case "double":
            lines[here] *= 2
        case "swap":
            lines[here], lines[there] = lines[there], lines[here]
        case _:
            others = random.choice(corpus.pieces).splitlines(keepends=True)
            lines[here] = random.choice(others)
    return "".join(lines)


def truncate(random: Random, corpus: Corpus, text: str) -> str:
    """The end is missing, or the beginning."""
    place = random.randrange(len(text) + 1)
    return text[:place] if chance(random, 80) else text[place:]


def nest(random: Random, corpus: Corpus, text: str) -> str:
    """Brackets, very many of them, somewhere."""
    place, bracket = random.randrange(len(text) + 1), random.choice(BRACKETS)
    return text[:place] + bracket * random.choice((2, 70, 2000)) + text[place:]


def change_characters(random: Random, corpus: Corpus, text: str) -> str:
    """A character is dropped, doubled, or becomes any other."""
    if not text:
        return text
    place = random.randrange(len(text))
    new = random.choice(
        ("", text[place] * 2, chr(random.randrange(32, 127)), "\0", "\t", "é", "\u2028", '"', "\\")
    )
    return text[:place] + new + text[place + 1 :]


MUTATIONS: dict[Mutation, int] = {
    change_number: 30,
    change_tokens: 16,
    change_shape: 12,
    change_element_type: 14,
    change_type: 6,
    change_characters: 6,
    change_lines: 8,
    rename: 8,
    truncate: 2,
    nest: 1,
}


def mutated(random: Random, corpus: Corpus) -> bytes:
    """A piece of the corpus with a few mutations; rarely not even UTF-8."""
    text = corpus.draw(random)
    for _ in range(random.choice((1, 1, 1, 1, 1, 2, 3, 5))):
        text = weighted(random, MUTATIONS)(random, corpus, text)
    content = text.encode("utf-8", "surrogatepass")
    if chance(random, 3):
        content = _with_a_wrong_byte(random, content)
    return content


def _with_a_wrong_byte(random: Random, content: bytes) -> bytes:
    place = random.randrange(len(content) + 1)
    new = random.choice((bytes([random.randrange(256)]), b"\xef\xbb\xbf", b"\xff\xfe", b""))
    return content[:place] + new + content[place + 1 :]
