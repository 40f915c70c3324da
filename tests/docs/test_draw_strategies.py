"""The pictures of docs/strategies.md are what the script draws, which is tested beside this."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from draw_strategies import draw, file_name, main

from xdsl_ttnn.dialect.geometry.transposed import TransposedAxis

DOCS = Path(__file__).parents[2] / "docs"
DRAWN = sorted((DOCS / "pictures").glob("*.svg"))


def test_the_page_shows_every_picture_there_is() -> None:
    shown = re.findall(r"\(pictures/(.+?)\)", (DOCS / "strategies.md").read_text())
    assert sorted(shown) == [path.name for path in DRAWN]


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.name)
def test_a_picture_is_what_is_drawn(path: Path) -> None:
    found = re.fullmatch(r"(.+)-n(\d+)-k(\d+)-s(\d+)-p(\d+)\.svg", path.name)
    assert found is not None
    strategy, (size, kernel, stride, pad) = found[1], map(int, found.groups()[1:])
    axis = TransposedAxis(size, kernel, stride, pad, pad, 1, 0)
    assert file_name(axis, strategy) == path.name
    assert draw(axis, strategy) == path.read_text("utf-8")


def test_the_tool_names_what_it_wrote_and_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--pad", "1", "--output", str(tmp_path / "new")]) == 0
    streams = capsys.readouterr()
    assert len(streams.out.splitlines()) == len(list((tmp_path / "new").iterdir())) == 3
    assert streams.err.startswith(
        "axis: expected a dilated kernel of at most the stride (1, 2) for strategy matmul, "
        "got (1, 4)"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--stride", "0"],
        ["--size", "1", "--pad", "9"],
        ["--kernel", "3", "--size", "4", "--max-products", "17"],
        ["--stride", "2147483647"],
        ["--kernel", "2147483647"],
        ["--size", "2147483647"],
        ["--output-padding", "2147483647"],
    ],
)
def test_an_axis_that_cannot_be_drawn_is_refused(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--output", str(tmp_path / "none")]) == 2
    assert "expected" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
