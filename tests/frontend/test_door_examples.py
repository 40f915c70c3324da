"""The examples of both doors give what the definitions of their layers give, put together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from support.cases import make_case
from support.floors import Array
from support.references import brute_force
from support.stablehlo import Window
from xdsl_ttnn.frontend import compile_ir

FOLDER = Path(__file__).parents[2] / "examples"
FLOORS = ("", ",ttnn-fuse", ",ttnn-to-loops")


def arrays_of(shapes: list[tuple[int, ...]]) -> list[Array]:
    random = np.random.default_rng(0)
    return [random.integers(-2, 3, shape).astype(np.float32) for shape in shapes]


@pytest.mark.parametrize("floor", FLOORS)
def test_jax_decoder(floor: str) -> None:
    function = compile_ir(FOLDER / "jax_decoder.mlir", pipeline=f"convert-stablehlo-to-ttnn{floor}")
    x, first, bias, second = arrays_of([array.shape for array in function.signature.arrays])
    second /= 512
    upsampled = Window((5, 7), (3, 3), 2, 8, 6, pads=((2, 1), (2, 1)), lhs=(2, 2)).evaluate(
        x, first.transpose(0, 1, 3, 2)
    )
    hidden = np.maximum(upsampled + bias, 0)
    image = Window((10, 14), (4, 4), 2, 6, 3, pads=((2, 2), (2, 2)), lhs=(2, 2)).evaluate(
        hidden, np.flip(second, (0, 1))
    )

    (result,) = function(x, first, bias, second)

    assert 0.05 < np.abs(image).mean() < 5
    np.testing.assert_allclose(result, np.tanh(image), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("floor", FLOORS)
def test_ttir_up_block(floor: str) -> None:
    function = compile_ir(FOLDER / "ttir_up_block.mlir", pipeline=f"convert-ttir-to-ttnn{floor}")
    given = arrays_of([array.shape for array in function.signature.arrays])
    x, skip, up, up_bias, conv, conv_bias = given
    case = make_case(h=6, w=8, c=16, o=8, kh=2, kw=2, sh=2, sw=2, bias=True)
    upsampled = brute_force(case, x.transpose(0, 2, 3, 1), up, up_bias).transpose(0, 3, 1, 2)
    joined = np.concatenate([skip, upsampled], 1)
    window = Window(
        (12, 16), (3, 3), 1, 16, 8, pads=((1, 1), (1, 1)), labels=("bf01", "oi01", "bf01")
    )
    expected = np.maximum(window.evaluate(joined, conv) + conv_bias, 0)

    (result,) = function(*given)

    np.testing.assert_array_equal(result, expected)
