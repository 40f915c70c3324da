"""Times, bytes and counts in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xdsl_ttnn.dialect.text.quantities import bytes_text, count_text, seconds_text

SECONDS = {
    0.0: "0 s",
    1.1: "1.1 s",
    1100.0: "1,100 s",
    12.34: "12.3 s",
    123.4: "123 s",
    0.1: "100 ms",
    0.9996: "1 s",
    0.0748e-3: "74.8 us",
    0.99961e-3: "1 ms",
    6.149e-6: "6.15 us",
    2e-9: "2 ns",
    0.5e-9: "0.5 ns",
    float("inf"): "inf s",
}
BYTES = {0: "0 B", 999: "999 B", 1000: "1 kB", 98_304: "98.3 kB", 999_600: "1 MB"}
LARGE_BYTES = {2**40 * 4: "4.4 TB", 10**21: "1,000 EB"}
COUNTS = {0: "0", 819_200: "819,200", 999_999: "999,999", 10**6: "1M", 33_554_432: "33.6M"}


@pytest.mark.parametrize("seconds", SECONDS)
def test_seconds(seconds: float) -> None:
    assert seconds_text(seconds) == SECONDS[seconds]


@pytest.mark.parametrize("size", [*BYTES, *LARGE_BYTES])
def test_bytes(size: int) -> None:
    assert bytes_text(size) == (BYTES | LARGE_BYTES)[size]


@pytest.mark.parametrize("count", COUNTS)
def test_counts(count: int) -> None:
    assert count_text(count) == COUNTS[count]


@given(st.floats(1e-9, 999))
def test_times_are_short_and_within_half_a_percent(seconds: float) -> None:
    digits, unit = seconds_text(seconds).split()

    read = float(digits) * {"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}[unit]
    assert read == pytest.approx(seconds, rel=0.005)
    assert len(digits) <= 4
