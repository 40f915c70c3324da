"""What a configuration fuses into the op, and operands of several types, at every floor."""

from __future__ import annotations

from collections.abc import Callable
from math import erf
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from xdsl.utils.exceptions import InterpretationError, PassFailedException

from support import Case, conv_transpose2d_ir, make_case, tensor
from support.floors import FLOORS, LOWERED_FLOORS, Array, assert_equal_bits, parsed, run_at
from support.references import DTYPES, brute_force, integer_arrays, normal_arrays, output_shape
from xdsl_ttnn.dialect.remarks import collect_remarks

CASE = make_case(
    n=2,
    h=3,
    w=4,
    c=6,
    o=4,
    kh=3,
    kw=2,
    sh=2,
    sw=3,
    padding=[1, 0, 2, 1],
    oph=1,
    groups=2,
    bias=True,
)

EXACT: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "relu": ("<op_type = relu>", lambda x: np.maximum(x, 0)),
    "relu6": ("<op_type = relu6>", lambda x: np.clip(x, 0, 6)),
    "leaky_relu": (
        "<op_type = leaky_relu, params = [2.500000e-01 : f32]>",
        lambda x: np.where(x < 0, x / 4, x),
    ),
    "identity": ("<op_type = identity>", lambda x: x),
}
CURVED: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x / 2 * (1 + np.vectorize(erf)(x / np.sqrt(2.0))),
    "leaky_relu": lambda x: np.where(x < 0, x * np.float64(np.float32(0.01)), x),
}


def _with_config(fields: str, case: Case = CASE, element_type: str = "f32", **options: Any) -> str:
    config = {"conv2d_config": f"#ttnn.conv2d_config<{fields}>"}
    return conv_transpose2d_ir(case, element_type, properties=config, **options)


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("element_type", ["f32", "bf16", "f16", "i32"])
@pytest.mark.parametrize("name", EXACT)
def test_piecewise_linear_activations(name: str, element_type: str, floor: str) -> None:
    if (name, element_type) == ("leaky_relu", "i32"):
        pytest.skip("the slope is a float: see test_curves_need_floats")
    text, formula = EXACT[name]
    arrays = integer_arrays(CASE, element_type)
    truth = brute_force(CASE, **arrays)
    assert (truth < 0).any() and (truth > 6).any()

    result = run_at(_with_config(f"activation = {text}", element_type=element_type), floor, arrays)

    assert_equal_bits(result, formula(truth).astype(DTYPES[element_type]))


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", CURVED)
def test_curved_activations(name: str, floor: str) -> None:
    arrays = normal_arrays(CASE, "f32")
    expected = CURVED[name](brute_force(CASE, **arrays))

    result = run_at(_with_config(f"activation = <op_type = {name}>"), floor, arrays)

    np.testing.assert_allclose(result, expected, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", CURVED)
def test_curved_activations_round_once(name: str, floor: str) -> None:
    """In bf16 the curve is applied to the f32 sum: within half a unit in the last place of truth.

    Rounding the sum to bf16 before a curve would be off by more than that.
    """
    arrays = normal_arrays(CASE, "bf16")
    expected = CURVED[name](brute_force(CASE, **arrays))

    result = run_at(
        _with_config(f"activation = <op_type = {name}>", element_type="bf16"), floor, arrays
    )

    half_unit = np.exp2(np.floor(np.log2(np.abs(expected) + 1e-30)) - 8)
    assert (np.abs(result.astype(np.float64) - expected) <= half_unit * 1.001 + 1e-6).all()


def test_older_files_spell_the_activation_as_a_word() -> None:
    arrays = integer_arrays(CASE)
    expected = np.maximum(brute_force(CASE, **arrays), 0).astype(np.float32)

    for floor in ("ttnn", "decomposed", "loops"):
        assert_equal_bits(run_at(_with_config('activation = "relu"'), floor, arrays), expected)


def test_curves_need_floats() -> None:
    module = parsed(_with_config("activation = <op_type = leaky_relu>", element_type="i32"))

    with pytest.raises(PassFailedException) as refused:
        run_at(module, "linalg", {})

    assert "expected a float result for activation leaky_relu, got i32" in str(refused.value)


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize(
    ("word", "dtype"),
    [("bf16", ml_dtypes.bfloat16), ("f16", np.float16), ("f32", np.float32)],
)
@pytest.mark.parametrize("element_type", ["f32", "f64"])
def test_weights_dtype(element_type: str, word: str, dtype: Any, floor: str) -> None:
    """Odd multiples of 1/1024 and of 2^-30 that each narrower type rounds differently."""
    case = make_case(n=2, h=2, w=3, c=4, o=2, kh=2, kw=3, sw=2)
    arrays = integer_arrays(case, element_type)
    weight = 1 + np.arange(1, 49).reshape(arrays["w"].shape) * (2.0**-11 + 2.0**-23 + 2.0**-30)
    arrays["w"] = weight.astype(DTYPES[element_type])
    rounded = arrays["w"].astype(dtype).astype(np.float64)
    assert (rounded != weight).any()
    expected = brute_force(case, arrays["x"], rounded)

    ir = _with_config(f"weights_dtype = {word}", case, element_type)
    result = run_at(ir, floor, arrays)

    tolerance = 1e-5 if element_type == "f32" else 1e-12
    np.testing.assert_allclose(result, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("floor", ["ttnn", "linalg", "loops"])
def test_weights_dtype_of_another_width_of_sixteen(floor: str) -> None:
    case = make_case(h=2, w=3, c=4, o=2, kh=2, kw=3)
    arrays = normal_arrays(case, "f16")
    rounded = arrays["w"].astype(ml_dtypes.bfloat16)
    expected = brute_force(case, arrays["x"], rounded.astype(np.float32)).astype(np.float16)

    result = run_at(_with_config("weights_dtype = bf16", case, "f16"), floor, arrays)

    np.testing.assert_allclose(result.astype(float), expected.astype(float), rtol=2e-3, atol=2e-3)
    exact = brute_force(case, **arrays)
    assert np.abs(exact - expected.astype(np.float64)).max() > 4e-3


@pytest.mark.parametrize("word", ["bfp_bf8", "bfp_bf4"])
def test_block_formats_are_bf16_with_a_remark(word: str) -> None:
    case = make_case(h=2, w=3, c=4, o=2, kh=2, kw=3)
    arrays = normal_arrays(case, "f32")
    expected = brute_force(
        case, arrays["x"], arrays["w"].astype(ml_dtypes.bfloat16).astype(np.float32)
    )

    with collect_remarks() as remarks:
        result = run_at(_with_config(f"weights_dtype = {word}", case), "loops", arrays)

    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)
    assert remarks == [f"test.mlir:3:5: remark: weights_dtype {word} is treated as bf16"]


def test_weights_dtype_of_no_float_is_refused_at_every_floor() -> None:
    module = parsed(_with_config("weights_dtype = si32"))

    with pytest.raises(PassFailedException) as refused:
        run_at(module, "linalg", {})
    with pytest.raises(InterpretationError) as not_run:
        run_at(module, "ttnn", integer_arrays(CASE))

    assert "si32" in str(refused.value) and "weights_dtype" in str(refused.value)
    assert "si32" in str(not_run.value)


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize(
    "types",
    [
        {"x": "bf16", "w": "f32", "b": "f32", "y": "f32"},
        {"x": "f32", "w": "bf16", "b": "f32", "y": "bf16"},
        {"x": "bf16", "w": "bf16", "b": "f32", "y": "f16"},
        {"x": "f16", "w": "bf16", "b": "bf16", "y": "f32"},
    ],
    ids=lambda types: "-".join(types.values()),
)
def test_mixed_types(types: dict[str, str], floor: str) -> None:
    """Integers that every operand type holds; the sum is rounded to the result's type once."""
    arrays = integer_arrays(CASE)
    text = {key: tensor(value.shape, types[key]) for key, value in arrays.items()}
    text["y"] = tensor(output_shape(CASE), types["y"])
    given = {key: value.astype(DTYPES[types[key]]) for key, value in arrays.items()}
    expected = brute_force(CASE, **arrays).astype(DTYPES[types["y"]])

    result = run_at(conv_transpose2d_ir(CASE, types=text), floor, given)

    assert_equal_bits(result, expected)


@pytest.mark.parametrize("floor", LOWERED_FLOORS)
def test_unknown_activations_are_refused_by_name(floor: str) -> None:
    module = parsed(_with_config("activation = <op_type = hardtanh>"))
    if floor == "decomposed":
        pytest.skip("the convolution keeps its configuration")

    with pytest.raises(PassFailedException) as refused:
        run_at(module, floor, {})

    expected = "relu, relu6, leaky_relu, sigmoid, tanh, silu, gelu, identity"
    assert f"expected an activation among {expected}, got hardtanh" in str(refused.value)
