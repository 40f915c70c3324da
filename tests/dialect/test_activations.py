"""The activations as ops: against NumPy, and the same bits when lowered."""

from __future__ import annotations

from collections.abc import Callable
from math import erf

import numpy as np
import pytest
from xdsl.utils.exceptions import PassFailedException

from support import tensor
from support.floors import Array, assert_equal_bits, lowered, run_after
from support.references import DTYPES
from xdsl_ttnn.dialect.ttnn.activations import ACTIVATION_OPS

FORMULAS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x < 0, x / 4, x),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x / 2 * (1 + np.vectorize(erf)(x / np.sqrt(2.0))),
}
EXACT = ("relu", "relu6")
X = np.linspace(-9, 9, 73).astype(np.float32)


def activation_ir(name: str, element_type: str) -> str:
    type_ = tensor(X.shape, element_type)
    slope = " <{parameter = 2.500000e-01 : f32}>" if name == "leaky_relu" else ""
    return f"""func.func @main(%x: {type_}) -> {type_} {{
  %y = "ttnn.{name}"(%x){slope} : ({type_}) -> {type_}
  return %y : {type_}
}}"""


def test_every_op_has_a_formula() -> None:
    assert {op.name for op in ACTIVATION_OPS} == {f"ttnn.{name}" for name in FORMULAS}


@pytest.mark.parametrize("name", FORMULAS)
def test_f32(name: str) -> None:
    text = activation_ir(name, "f32")
    expected = FORMULAS[name](X.astype(np.float64))

    for pipeline in ("", "ttnn-to-linalg", "ttnn-to-loops"):
        result = run_after(text, pipeline, {"x": X})
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, expected, rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize("pipeline", ["", "ttnn-to-linalg"])
@pytest.mark.parametrize("element_type", ["bf16", "f16"])
@pytest.mark.parametrize("name", FORMULAS)
def test_narrow_floats_are_rounded_once(name: str, element_type: str, pipeline: str) -> None:
    """What comes out is the f32 result, rounded."""
    x = X.astype(DTYPES[element_type])
    wide = run_after(activation_ir(name, "f32"), pipeline, {"x": x.astype(np.float32)})

    result = run_after(activation_ir(name, element_type), pipeline, {"x": x})

    assert_equal_bits(result, wide.astype(x.dtype))


@pytest.mark.parametrize("name", EXACT)
def test_integers(name: str) -> None:
    x = X.astype(np.int32)
    expected = FORMULAS[name](x).astype(np.int32)

    for pipeline in ("", "ttnn-to-linalg"):
        assert_equal_bits(run_after(activation_ir(name, "i32"), pipeline, {"x": x}), expected)


@pytest.mark.parametrize("name", sorted(FORMULAS.keys() - set(EXACT)))
def test_curves_need_floats(name: str) -> None:
    with pytest.raises(PassFailedException, match="expected a float tensor, got i32"):
        lowered(activation_ir(name, "i32"), "ttnn-to-linalg")
