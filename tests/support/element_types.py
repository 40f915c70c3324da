"""What ops compute in, by hand; and numbers of element types that sums of them hold exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cases import Case
from .references import DTYPES, input_shape, weight_shape

Array = NDArray[Any]

COMPUTES_IN: Sequence[tuple[str, str]] = (
    # one type
    ("f32 f32 f32", "f32"),
    ("f64 f64 f64", "f64"),
    ("bf16 bf16 bf16", "f32"),
    ("f16 f16 f16", "f32"),
    ("f8E5M2 f8E5M2 f8E5M2", "f32"),
    ("i1 i1 i1", "i1"),
    ("i4 i4 i4", "i4"),
    ("i8 i8 i8", "i8"),
    ("ui8 ui8 ui8", "ui8"),
    ("si32 si32 si32", "si32"),
    ("ui32 ui32 ui32", "ui32"),
    ("i64 i64 i64", "i64"),
    # floats of several types: f64 wherever it stands, else f32
    ("f64 f32 f32", "f64"),
    ("f32 f64 f32", "f64"),
    ("f32 f32 f64", "f64"),
    ("f32 f32 f64 f32", "f64"),
    ("bf16 bf16 f64 f16", "f64"),
    ("bf16 f16 bf16", "f32"),
    ("f16 bf16 f16", "f32"),
    ("f32 bf16 bf16", "f32"),
    ("bf16 bf16 f32", "f32"),
    ("f8E4M3FN bf16 f8E5M2", "f32"),
    ("f64 bf16", "f64"),
    ("bf16 f32", "f32"),
    ("f16 bf16", "f32"),
    # integers of several types: the widest, of equally wide ones the last
    ("i8 i8 i32", "i32"),
    ("i32 i32 i8", "i32"),
    ("ui8 si8 si8", "si8"),
    ("si8 ui8 ui8", "ui8"),
    ("si16 ui8 si8", "si16"),
    ("ui16 i8 i16", "i16"),
    ("ui16 i16 i8", "i16"),
    ("i1 si32 i1", "si32"),
    ("i4 i1 i1", "i4"),
    ("i64 si32 ui8", "i64"),
    # floats and integers: as if the integers were not there
    ("si32 bf16 bf16", "f32"),
    ("bf16 bf16 si32", "f32"),
    ("si32 si32 f32", "f32"),
    ("i64 f16 f16", "f32"),
    ("i8 f64 i8", "f64"),
    ("si32 f32", "f32"),
    ("f64 ui8", "f64"),
    ("i1 f16", "f32"),
)
"""(the element types of an op's operands and, last, its result; what the op computes in)."""

SIGNIFICANDS: Mapping[str, int] = {
    "f64": 53,
    "f32": 24,
    "f16": 11,
    "bf16": 8,
    "f8E4M3FN": 4,
    "f8E5M2": 3,
}
"""Bits of the significand of each float type."""

FLOATS = tuple(SIGNIFICANDS)
INTEGERS = ("i1", "i4", "ui4", "i8", "si8", "ui8", "i16", "ui16", "i32", "si32", "ui32", "i64")


def integer_width(element_type: str) -> int:
    return int(element_type.lstrip("siu"))


def is_unsigned(element_type: str) -> bool:
    return element_type.startswith("ui") or element_type == "i1"


def rounded(values: Array, element_type: str) -> Array:
    """Whole numbers in f64 rounded to a float type, half to even, by their significands alone."""
    fraction, exponent = np.frexp(values.astype(np.float64))
    bits = SIGNIFICANDS[element_type]
    kept = np.ldexp(np.rint(np.ldexp(fraction, bits)), exponent - bits)
    with np.errstate(over="ignore"):
        return kept.astype(DTYPES[element_type])


def wrapped(values: Array, element_type: str) -> Array:
    """Whole numbers in i64 as those of an integer type."""
    width = integer_width(element_type)
    if width == 64:
        return values.astype(np.int64)
    low = values & ((1 << width) - 1)
    half = 1 << (width - 1)
    signed = low if is_unsigned(element_type) else (low ^ half) - half
    return signed.astype(DTYPES[element_type])


def full_range(element_type: str, shape: Sequence[int], random: np.random.Generator) -> Array:
    """Any numbers of an integer type."""
    bits = random.integers(-(2**63), 2**63 - 1, shape, dtype=np.int64)
    return wrapped(bits, element_type)


def exact_numbers(
    element_type: str, held: str, shape: Sequence[int], random: np.random.Generator
) -> Array:
    """Whole numbers of a float type of which a few hundred products add up exactly in `held`.

    In f64 they need more bits than f32 has.
    """
    bits = min(SIGNIFICANDS[element_type] - 1, 20 if held == "f64" else 7)
    return random.integers(-(2**bits), 2**bits + 1, shape).astype(DTYPES[element_type])


def shapes_of(case: Case) -> dict[str, tuple[int, ...]]:
    """Of x, w and, where the case has one, the bias b."""
    shapes = {"x": input_shape(case), "w": weight_shape(case), "b": (1, 1, 1, case["o"])}
    return shapes if case["bias"] else {name: shapes[name] for name in "xw"}
