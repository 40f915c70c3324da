"""Targets: presets, TOML files, and what is wrong with one."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from xdsl.utils.exceptions import PassFailedException

from support import conv_transpose2d_ir, make_case
from support.floors import lowered
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.passes.cost import targets
from xdsl_ttnn.passes.cost.targets import (
    PRESETS,
    Target,
    check_target,
    load_target,
    parse_target,
)

COMPLETE: dict[str, object] = {
    "peak_multiply_adds_per_second": 1.0e11,
    "bandwidth_bytes_per_second": 10_000_000_000,
    "cache_bandwidth_bytes_per_second": 5.0e10,
    "cache_bytes": 1 << 20,
    "tile": [4, 16, 1],
    "launch_overhead_seconds": 0,
    "tile_spans_rows": False,
    "aliasing_bytes": 4096,
    "aliasing_slowdown": 1.5,
}


def test_presets_are_found_by_name() -> None:
    assert set(PRESETS) == {"cpu", "wormhole"}
    for name, target in PRESETS.items():
        assert target.name == name
        assert load_target(name) is target


def test_a_complete_description() -> None:
    assert parse_target("mine", COMPLETE) == Target(
        "mine", 1e11, 1e10, 5e10, 1 << 20, (4, 16, 1), 0.0, False, 4096, 1.5
    )


def test_what_may_be_left_out() -> None:
    optional = ("tile_spans_rows", "aliasing_bytes", "aliasing_slowdown")

    target = parse_target("mine", {k: v for k, v in COMPLETE.items() if k not in optional})

    assert (target.tile_spans_rows, target.aliasing_bytes, target.aliasing_slowdown) == (True, 0, 1)


@pytest.mark.parametrize("key", list(COMPLETE)[:6])
def test_what_may_not(key: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}: expected a value, got none$"):
        parse_target("mine", {k: v for k, v in COMPLETE.items() if k != key})


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("speed", 1, "speed: expected one of the keys peak_multiply_adds_per_second, "),
        ("bandwidth_bytes_per_second", 0, "expected a number above 0, got 0"),
        ("peak_multiply_adds_per_second", -1.5, "expected a number above 0, got -1.5"),
        ("peak_multiply_adds_per_second", "fast", "expected a number above 0, got 'fast'"),
        ("peak_multiply_adds_per_second", True, "expected a number above 0, got True"),
        ("peak_multiply_adds_per_second", float("nan"), "expected a number above 0, got nan"),
        ("bandwidth_bytes_per_second", float("inf"), "expected a number above 0, got inf"),
        ("launch_overhead_seconds", -1, "expected a number at least 0, got -1"),
        ("aliasing_slowdown", 0.5, "expected a number at least 1, got 0.5"),
        ("cache_bytes", 1.5, "cache_bytes: expected a whole number of at least 0, got 1.5"),
        ("cache_bytes", -1, "cache_bytes: expected a whole number of at least 0, got -1"),
        ("tile_spans_rows", 1, "tile_spans_rows: expected true or false, got 1"),
        ("tile", [4, 16], r"tile: expected three whole numbers [m, n, k], got [4, 16]"),
        ("tile", 4, "tile: expected three whole numbers [m, n, k], got 4"),
        ("tile", [4, 0, 1], "tile: expected a whole number of at least 1, got 0"),
        ("tile", [4, True, 1], "tile: expected a whole number of at least 1, got True"),
    ],
)
def test_bad_values(key: str, value: object, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        parse_target("mine", COMPLETE | {key: value})

    assert str(refusal.value).startswith(f"{key}: ")
    assert message in str(refusal.value)


def example() -> str:
    """The file that the module's documentation shows."""
    lines = (targets.__doc__ or "").splitlines()
    return "\n".join(line.strip() for line in lines if line.startswith("    "))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_documented_file_is_the_cpu(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "cpu.toml"
    path.write_text(example(), encoding)

    assert load_target(str(path)) == PRESETS["cpu"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"cache_bytes = ", "expected TOML, got: "),
        (b"\xff", "expected TOML, got: "),
        (b"tile = 3", "peak_multiply_adds_per_second: expected a value, got none"),
    ],
)
def test_bad_files(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)

    with pytest.raises(ValueError) as refusal:
        load_target(str(path))

    assert str(refusal.value).startswith(f"target {path}: {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tpu", r"target: expected one of cpu, wormhole or a file \*.toml, got tpu"),
        ("absent.toml", "target absent.toml: expected a file to read, got: no such file"),
    ],
)
def test_names_that_are_no_target(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_target(name)
    with pytest.raises(PassFailedException, match=message):
        check_target(name)


SMALL = make_case(h=8, w=8, c=256, o=128, kh=4, kw=4, sh=2, sw=2, padding=[1, 1])


@pytest.mark.parametrize(
    "name", ["decompose-conv-transpose2d", "ttnn-to-decomposed", "ttnn-to-linalg", "ttnn-to-loops"]
)
def test_passes_choose_for_their_target(name: str, tmp_path: Path) -> None:
    """A machine that launches for free and has no cache avoids the products of the matmul."""
    path = tmp_path / "mine.toml"
    path.write_text(example().replace("2.0e-6", "0").replace("8388608", "0"))

    def reason(target: str) -> str:
        with collect_remarks() as remarks:
            lowered(conv_transpose2d_ir(SMALL), f"{name}{{target={target}}}")
        (remark,) = (remark for remark in remarks if "strategy auto" in remark)
        return remark.partition("strategy auto: ")[2]

    assert reason("cpu").startswith("sub-pixel takes 3")
    assert reason("wormhole").startswith("gemm-col2im takes 21 us on wormhole by")
    assert reason(f'"{path}"').startswith("sub-pixel takes ")
    assert " on mine by the cost model" in reason(f'"{path}"')


PAGE = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text()


def test_the_page_shows_a_target_that_is_one() -> None:
    (example,) = re.findall(r"^```toml target\n(.*?)^```$", PAGE, re.M | re.S)

    shown = parse_target("cpu", tomllib.loads(example))

    assert shown == PRESETS["cpu"]
    assert tomllib.loads(example).keys() == {field.name for field in fields(Target)} - {"name"}


OPTIONAL = {field.name for field in fields(Target) if field.default is not MISSING}


def test_the_page_says_what_every_key_is() -> None:
    (header,) = re.findall(r"^\| key \|.*\|$", PAGE, re.M)
    table = PAGE.partition(header)[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$", table, re.M)

    assert header == f"| key | what it is | {' | '.join(PRESETS)} |"
    assert [row[0] for row in rows] == [field.name for field in fields(Target)][1:]
    for key, text, *values in rows:
        for preset, value in zip(PRESETS.values(), values, strict=True):
            found = tomllib.loads(f"value = {value}")["value"]
            assert found == (list(preset.tile) if key == "tile" else getattr(preset, key))
        assert ("where it is left out" in text) is (key in OPTIONAL)
