"""The pictures of docs/strategies.md: what they draw is the op, and the files are what is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from xdsl_ttnn.dialect.geometry import Axis
from xdsl_ttnn.tools.draw_strategies import draw, file_name, main
from xdsl_ttnn.tools.strategy_pictures import PICTURES

DOCS = Path(__file__).parents[2] / "docs"
DRAWN = sorted((DOCS / "pictures").glob("*.svg"))

AXES = [
    Axis(4, 4, 2, 1, 1, 1, 0),
    Axis(4, 2, 2, 0, 0, 1, 0),
    Axis(3, 2, 3, 0, 0, 1, 0),
    Axis(3, 8, 4, 2, 2, 1, 0),
    Axis(5, 3, 2, 1, 1, 1, 1),
    Axis(4, 3, 2, 0, 1, 2, 0),
    Axis(6, 3, 3, 2, 0, 2, 1),
    Axis(4, 3, 1, 1, 1, 1, 0),
    Axis(2, 2, 5, 0, 0, 3, 2),
]


def scatter(axis: Axis, pixels: np.ndarray, taps: np.ndarray) -> np.ndarray:
    """The definition of the op, before anything is cropped and after."""
    full = np.zeros(axis.stride * axis.size + axis.dilation * axis.kernel + axis.output_padding)
    for place, pixel in enumerate(pixels):
        for tap, weight in enumerate(taps):
            full[axis.stride * place + axis.dilation * tap] += pixel * weight
    return full[axis.pad_low : axis.pad_low + axis.output_size]


@pytest.mark.parametrize("strategy", PICTURES)
@pytest.mark.parametrize("axis", AXES, ids=str)
def test_products_add_up_to_the_op(axis: Axis, strategy: str) -> None:
    if strategy == "matmul" and axis.kernel_extent > axis.stride:
        with pytest.raises(ValueError, match="expected a dilated kernel of at most the stride"):
            PICTURES[strategy](axis)
        return
    picture = PICTURES[strategy](axis)
    random = np.random.default_rng(0)
    pixels, taps = random.integers(-9, 10, axis.size), random.integers(-9, 10, axis.kernel)
    outputs = np.zeros(axis.output_size)
    for product in picture.products:
        source = picture.source(product)
        if source is not None and product.output is not None:
            outputs[product.output] += pixels[source] * taps[product.tap]
    np.testing.assert_array_equal(outputs, scatter(axis, pixels, taps))


def test_the_page_shows_every_picture_there_is() -> None:
    shown = re.findall(r"\(pictures/(.+?)\)", (DOCS / "strategies.md").read_text())
    assert sorted(shown) == [path.name for path in DRAWN]


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.name)
def test_a_picture_is_what_is_drawn(path: Path) -> None:
    found = re.fullmatch(r"(.+)-n(\d+)-k(\d+)-s(\d+)-p(\d+)\.svg", path.name)
    assert found is not None
    strategy, (size, kernel, stride, pad) = found[1], map(int, found.groups()[1:])
    axis = Axis(size, kernel, stride, pad, pad, 1, 0)
    assert file_name(axis, strategy) == path.name
    assert draw(axis, strategy) == path.read_text("utf-8")


def test_the_tool_names_what_it_wrote_and_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--pad", "1", "--output", str(tmp_path / "new")]) == 0
    streams = capsys.readouterr()
    assert len(streams.out.splitlines()) == len(list((tmp_path / "new").iterdir())) == 3
    assert streams.err.startswith(
        "matmul: expected a dilated kernel of at most the stride 2, got 4"
    )


@pytest.mark.parametrize("arguments", [["--stride", "0"], ["--size", "1", "--pad", "9"]])
def test_an_axis_without_outputs_is_refused(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*arguments, "--output", str(tmp_path / "none")])
    assert stop.value.code == 2
    assert "expected" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
