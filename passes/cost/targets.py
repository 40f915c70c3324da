"""Targets of the cost model: what a machine does in a second, as data.

Presets are `cpu` and `wormhole`; any other target is a TOML file with the same keys:

    peak_multiply_adds_per_second = 1.0e11
    bandwidth_bytes_per_second = 1.0e10
    cache_bandwidth_bytes_per_second = 5.0e10
    cache_bytes = 8388608
    tile = [4, 16, 1]
    launch_overhead_seconds = 2.0e-6
    tile_spans_rows = false
    aliasing_bytes = 4096
    aliasing_slowdown = 1.4

The last three may be left out: a tile then holds pixels of several image rows, and rows of weights
cost the same whatever their length.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import cast

from xdsl.utils.exceptions import PassFailedException

_NUMBERS = (
    "peak_multiply_adds_per_second",
    "bandwidth_bytes_per_second",
    "cache_bandwidth_bytes_per_second",
)
_REQUIRED = (*_NUMBERS, "cache_bytes", "tile", "launch_overhead_seconds")
_OPTIONAL = ("tile_spans_rows", "aliasing_bytes", "aliasing_slowdown")


@dataclass(frozen=True)
class Target:
    """A machine as the cost model sees it."""

    name: str

    peak_multiply_adds_per_second: float
    """What a good matmul kernel reaches."""

    bandwidth_bytes_per_second: float
    """To and from memory."""

    cache_bandwidth_bytes_per_second: float
    """For what fits into the cache."""

    cache_bytes: int

    tile: tuple[int, int, int]
    """(m, n, k) of the matmul that the hardware does whole; what is smaller is padded to it."""

    launch_overhead_seconds: float
    """What starting one stage costs, whatever it does."""

    tile_spans_rows: bool = True
    """Whether a tile of a convolution may hold pixels of several image rows."""

    aliasing_bytes: int = 0
    """Rows of weights whose length is a multiple of this fall on the same cache sets; 0: none."""

    aliasing_slowdown: float = 1.0
    """How many times longer a matmul over such weights takes."""


PRESETS: Mapping[str, Target] = {
    "cpu": Target(
        name="cpu",
        peak_multiply_adds_per_second=1.0e11,
        bandwidth_bytes_per_second=1.0e10,
        cache_bandwidth_bytes_per_second=5.0e10,
        cache_bytes=8 << 20,
        tile=(4, 16, 1),
        launch_overhead_seconds=2e-6,
        tile_spans_rows=False,
        aliasing_bytes=4096,
        aliasing_slowdown=1.4,
    ),
    "wormhole": Target(
        name="wormhole",
        peak_multiply_adds_per_second=3.7e13,
        bandwidth_bytes_per_second=2.88e11,
        cache_bandwidth_bytes_per_second=5.0e12,
        cache_bytes=108 << 20,
        tile=(32, 32, 32),
        launch_overhead_seconds=1e-5,
    ),
}
"""`cpu`: one core with AVX-512 that runs what IREE makes of the linalg floor. Measured there: a
matmul whose rows of weights are a multiple of 4 KiB long mostly takes 1.3 to 1.4 times as long as
one with rows a little longer or shorter, and a stage with nothing to do about 1 us. The tile is a
vector of 16 f32 by 4 pixels; peak, bandwidths and cache are round figures.

`wormhole`: an n150 board as docs.tenstorrent.com specifies it: 74 TFLOP/s in fp16, 288 GB/s of
GDDR6, 108 MB of SRAM. The bandwidth of the SRAM and the time to launch a program are estimates.
"""


@cache
def load_target(name: str) -> Target:
    """The preset called `name`, else the target that the TOML file of that path describes.

    Raises: ValueError naming the file, the key, what was expected and what was got.
    """
    if name in PRESETS:
        return PRESETS[name]
    presets = ", ".join(PRESETS)
    if not name.endswith(".toml"):
        raise ValueError(f"target: expected one of {presets} or a file *.toml, got {name}")
    try:
        values: dict[str, object] = tomllib.loads(Path(name).read_text("utf-8-sig"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ValueError(f"target {name}: expected a file to read, got: {reason}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"target {name}: expected TOML, got: {error}") from error
    try:
        return parse_target(Path(name).stem, values)
    except ValueError as error:
        raise ValueError(f"target {name}: {error}") from error


def check_target(name: str) -> None:
    """Refuse a target that is neither a preset nor a readable description.

    Raises: PassFailedException.
    """
    try:
        load_target(name)
    except ValueError as error:
        raise PassFailedException(str(error)) from error


def parse_target(name: str, values: Mapping[str, object]) -> Target:
    """The target that keys and values describe.

    Raises: ValueError naming the key, what was expected and what was got.
    """
    unknown = [key for key in values if key not in (*_REQUIRED, *_OPTIONAL)]
    if unknown:
        expected = ", ".join((*_REQUIRED, *_OPTIONAL))
        raise ValueError(f"{unknown[0]}: expected one of the keys {expected}, got another")
    for key in _REQUIRED:
        if key not in values:
            raise ValueError(f"{key}: expected a value, got none")
    peak, bandwidth, cache_bandwidth = (_number(key, values[key], above=0) for key in _NUMBERS)
    return Target(
        name,
        peak,
        bandwidth,
        cache_bandwidth,
        _whole("cache_bytes", values["cache_bytes"]),
        _tile(values["tile"]),
        _number("launch_overhead_seconds", values["launch_overhead_seconds"]),
        _flag("tile_spans_rows", values.get("tile_spans_rows", True)),
        _whole("aliasing_bytes", values.get("aliasing_bytes", 0)),
        _number("aliasing_slowdown", values.get("aliasing_slowdown", 1.0), at_least=1),
    )


def _number(key: str, value: object, *, at_least: float = 0, above: float | None = None) -> float:
    """A finite number that is large enough; `true` is none."""
    wanted = f"at least {at_least}" if above is None else f"above {above}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(cast(float, value)):
        raise ValueError(f"{key}: expected a number {wanted}, got {value!r}")
    number = float(cast(float, value))
    if number < at_least or (above is not None and number <= above):
        raise ValueError(f"{key}: expected a number {wanted}, got {value!r}")
    return number


def _whole(key: str, value: object, at_least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
        raise ValueError(f"{key}: expected a whole number of at least {at_least}, got {value!r}")
    return value


def _tile(value: object) -> tuple[int, int, int]:
    if not isinstance(value, list) or len(cast(list[object], value)) != 3:
        raise ValueError(f"tile: expected three whole numbers [m, n, k], got {value!r}")
    m, n, k = (_whole("tile", size, at_least=1) for size in cast(list[object], value))
    return (m, n, k)


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{key}: expected true or false, got {value!r}")
    return value
