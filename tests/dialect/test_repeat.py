"""ttnn.repeat and #ttnn.shape: text, verifier, inference, and numbers at every floor."""

from __future__ import annotations

import numpy as np
import pytest

from support import diagnostic, tensor
from support.floors import assert_equal_bits, lowered, parsed, run_after
from support.interpreter import integers
from xdsl_ttnn.dialect import ttnn


def repeat_ir(shape: tuple[int, ...], repeats: str, result: tuple[int | str, ...]) -> str:
    return f"""func.func @main(%x: {tensor(shape)}) -> {tensor(result)} {{
  %y = "ttnn.repeat"(%x) <{{repeat_dims = #ttnn.shape<{repeats}>}}> : ({tensor(shape)}) -> {tensor(result)}
  return %y : {tensor(result)}
}}"""  # noqa: E501


@pytest.mark.parametrize("text", ["1x2x3", "7", "", "0x4"])
def test_shapes_are_printed_as_read(text: str) -> None:
    module = parsed(f"module attributes {{a = #ttnn.shape<{text}>}} {{}}")

    attribute = module.attributes["a"]
    assert isinstance(attribute, ttnn.ShapeAttr)
    assert attribute.get_values() == tuple(map(int, filter(None, text.split("x"))))
    assert f"#ttnn.shape<{text}>" in str(module)


@pytest.mark.parametrize(
    ("shape", "repeats"),
    [
        ((1, 1, 1, 3), (2, 3, 1, 1)),
        ((1, 1, 1, 3), (2, 1, 3, 2)),
        ((2, 3), (1, 1)),
        ((2, 3), (3, 2)),
        ((1,), (5,)),
        ((0, 2), (2, 2)),
    ],
)
def test_repeats(shape: tuple[int, ...], repeats: tuple[int, ...]) -> None:
    result = tuple(size * times for size, times in zip(shape, repeats, strict=True))
    text, x = repeat_ir(shape, "x".join(map(str, repeats)), result), integers(shape)

    for pipeline in ("", "ttnn-to-linalg", "ttnn-to-loops"):
        assert_equal_bits(run_after(text, pipeline, {"x": x}), np.tile(x, repeats), pipeline)


@pytest.mark.parametrize(
    ("repeats", "result", "message"),
    [
        ("2", (4, 3), "Input tensor rank 2 doesn't match the number of repeat dimensions 1."),
        ("2x0", (4, 0), "Repeat dimension at index 1 must be greater than 0."),
        ("2x1", (2, 3), "expected a result of shape (4, 3), got (2, 3)"),
    ],
)
def test_verifier(repeats: str, result: tuple[int, ...], message: str) -> None:
    assert diagnostic(repeat_ir((2, 3), repeats, result)) == f"'ttnn.repeat' op {message}"


def test_inference() -> None:
    module = lowered(repeat_ir((2, 3), "2x4", ("?", 12)), "ttnn-infer-shapes")

    assert tensor((4, 12)) in str(module)
