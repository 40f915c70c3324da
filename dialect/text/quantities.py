"""Times, bytes and counts as people read them: three digits, in the unit that fits."""

from __future__ import annotations

from math import isfinite

_LARGE = ("", "k", "M", "G", "T", "P", "E")

COUNTED = 10**6
"""Below this many, counts are exact."""


def seconds_text(seconds: float) -> str:
    """A time. Examples: 1.1 s, 74.8 us, 0 s; 0.9996 ms is 1 ms, 1100 s stays 1,100 s."""
    rounded = _rounded(seconds)
    if rounded == 0 or not isfinite(rounded):
        return f"{rounded:g} s"
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if rounded * factor >= 1:
            return f"{_digits(rounded * factor)} {unit}"
    return f"{_digits(rounded * 1e9)} ns"


def bytes_text(size_bytes: int) -> str:
    """Bytes, a thousand at a time. Examples: 936 B, 98.3 kB, 4.4 TB."""
    value, prefix = _scaled(size_bytes)
    return f"{value} {prefix}B"


def count_text(count: int) -> str:
    """A count, exact below a million. Examples: 819,200, 33.6M."""
    if count < COUNTED:
        return f"{count:,}"
    value, prefix = _scaled(count)
    return f"{value}{prefix}"


def _scaled(count: int) -> tuple[str, str]:
    """Three digits of a whole number, and the prefix of a unit for the others."""
    if count < 1000:
        return str(count), ""
    rounded, step = int(_rounded(count)), 0
    while rounded >= 1000 ** (step + 1) and step + 1 < len(_LARGE):
        step += 1
    return _digits(rounded / 1000**step), _LARGE[step]


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _digits(value: float) -> str:
    """Three digits before and behind the point together, without zeros at the end."""
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
