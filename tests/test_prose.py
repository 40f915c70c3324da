"""What README and docs say in words: lists are those of the code, and what is named is there."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from support.pages import PAGES, ROOT, blocks
from xdsl_ttnn import frontend
from xdsl_ttnn.dialect.ttnn import TTNN
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.mlir.ttir_tensor_ops import TENSOR_CONVERSIONS
from xdsl_ttnn.interpreter.convolution import ACTIVATION_NAMES

EVERYWHERE = (*PAGES, ROOT / "CONTRIBUTING.md")


def between(page: str, start: str, end: str) -> str:
    """The text of a page from one phrase to another."""
    return (ROOT / "docs" / page).read_text().split(start, 1)[1].split(end, 1)[0]


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def first_cells(table: str) -> list[str]:
    return [row.split("|")[1] for row in table.splitlines() if row.startswith("|")][1:]


@pytest.mark.parametrize("page", EVERYWHERE, ids=lambda page: page.name)
def test_files_that_are_named_are_there(page: Path) -> None:
    text = page.read_text()
    for path in re.findall(r"`((?:\w+/)+[\w.-]+\.\w+)`", text):
        assert (ROOT / path).exists() or path.startswith("build/"), path
    for name, path in re.findall(r"`(\w+)` in `([\w/]+\.py)`", text):
        defined = rf"^(?:def |class )?{name}\b"
        assert re.search(defined, (ROOT / path).read_text(), re.M), f"{name} in {path}"


def test_the_ops_that_are_known() -> None:
    listed = quoted(between("limits.md", "**Ops.**", "Any other passes"))
    preparing = {"prepare_conv_transpose2d_weights", "prepare_conv_transpose2d_bias"}

    assert "the\ntwo that prepare weights" in (ROOT / "docs" / "limits.md").read_text()
    assert listed | preparing == {op.name.partition(".")[2] for op in TTNN.operations}


def test_the_ops_of_ttir_that_are_taken() -> None:
    cells = first_cells(between("ttir.md", "| TTIR | TTNN |", "Ops of two tensors stay"))

    taken = {op.name.partition(".")[2] for op in TENSOR_CONVERSIONS}
    assert quoted(" ".join(cells)) - {"conv2d"} == taken


def test_the_ops_of_onnx_that_are_taken() -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    from xdsl_ttnn.frontend.onnx_models import importer
    from xdsl_ttnn.frontend.onnx_models.node import CONVERTERS

    cells = first_cells(between("onnx.md", "| ONNX | here |", "**Padding of ConvTranspose"))

    assert importer is not None
    assert set(re.findall(r"\b[A-Z]\w+", " ".join(cells))) == CONVERTERS.keys()


def test_the_activations() -> None:
    listed = between("semantics.md", "is applied to the sum with its bias:", ".")

    assert sorted(listed.replace(",", "").split()) == sorted(ACTIVATION_NAMES)


def test_the_calls_between_convolutions() -> None:
    for name in quoted(between("python.md", "Between convolutions there are", ".\n")):
        assert callable(getattr(frontend, name))


def test_what_the_interpreter_emits() -> None:
    (block,) = blocks("python", "emitted")
    path = ROOT / "examples" / "quickstart.mlir"
    function = compile_ir(path, floor="loops", strategy="zero-insert")
    emitted = function.program.source(function.signature.function).splitlines()
    shown = block.text.splitlines()
    start = [line.strip() for line in emitted].index(shown[0])
    found = emitted[start : start + len(shown)]

    assert [line.strip() for line in shown] == [line.strip() for line in found]
    depths = [[len(line) - len(line.lstrip()) for line in lines] for lines in (shown, found)]
    steps = [[4 * (b - a) for a, b in pairwise(depths[1])], [b - a for a, b in pairwise(depths[0])]]
    assert steps[0] == steps[1]


def test_the_errors_of_the_call() -> None:
    lines = between("python.md", "keeps its words:\n\n```text\n", "```").splitlines()
    call = partial(
        frontend.conv_transpose2d,
        input_tensor=np.ones((1, 2, 3, 1), np.float32),
        weight_tensor=np.ones((1, 1, 2, 2), np.float32),
        in_channels=1,
        out_channels=1,
        batch_size=1,
        input_height=2,
        input_width=3,
        kernel_size=(2, 2),
        stride=(2, 2),
    )
    bad = (
        {"stride": 2},
        {"padding": (1, 1, 1)},
        {"weight_tensor": np.ones((1, 6, 2, 2), np.float32), "out_channels": 3},
    )

    for line, changed in zip(lines, bad, strict=True):
        with pytest.raises(ValueError) as caught:
            call(**changed)
        assert str(caught.value) == line
