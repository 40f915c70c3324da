"""Pooling, upsampling and the ops of two tensors in the interpreter, against independent code."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper
from xdsl.utils.exceptions import InterpretationError

from support.floors import assert_equal_bits
from support.interpreter import integers, run, run_one
from support.onnx import run_onnx
from support.pooling import Pool, global_average_ir, pools, upsample_ir
from support.references import DTYPES


@given(pool=pools(), element_type=st.sampled_from(("f32", "f16", "bf16", "i8", "i32", "ui8")))
@settings(max_examples=200, deadline=None)
def test_max_pool_agrees_with_brute_force(pool: Pool, element_type: str) -> None:
    x = integers((1, 1, pool.batch * pool.size[0] * pool.size[1], pool.channels))
    x = x.astype(DTYPES[element_type])
    result, expected = run_one(pool.ir(element_type), x), pool.expected(x)
    assert result.dtype == x.dtype
    assert result.tolist() == expected.tolist()


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 1), (1, 3)])
@pytest.mark.parametrize("padding", [(0, 0, 0, 0), (1, 0, 0, 1), (1, 2, 2, 1)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 3), (3, 2)])
def test_max_pool_agrees_with_onnxruntime(
    stride: Any, padding: Any, dilation: Any, ceil_mode: bool
) -> None:
    pool = Pool((9, 12), (3, 4), stride, padding, dilation, ceil_mode)
    x = integers(pool.input_shape, 1)
    node = helper.make_node(
        "MaxPool",
        ["x"],
        ["y"],
        kernel_shape=pool.kernel,
        strides=stride,
        pads=padding,
        dilations=dilation,
        ceil_mode=int(ceil_mode),
    )  # onnx pads: top, left, bottom, right
    expected = run_onnx(node, {"x": x.transpose(0, 3, 1, 2)}).transpose(0, 2, 3, 1)
    result = run_one(pool.ir(), x.reshape(1, 1, -1, pool.channels))
    assert result.reshape(expected.shape).tolist() == expected.tolist()


def test_max_pool_keeps_nan_and_infinity() -> None:
    pool = Pool((1, 6), (1, 2), (1, 2), batch=1, channels=1)
    for dtype, name in ((np.float32, "f32"), (ml_dtypes.bfloat16, "bf16")):
        values = [np.nan, 1, -np.inf, -np.inf, 2, np.nan]
        x = np.array(values, dtype).reshape(1, 1, 6, 1)
        result = run_one(pool.ir(name), x).astype(np.float64).reshape(-1)
        assert np.isnan(result).tolist() == [True, False, True]
        assert result[1] == -np.inf


def test_a_window_outside_the_input_gives_the_lowest_value() -> None:
    pool = Pool((1, 1), (2, 2), (1, 1), (3, 3, 3, 3), (3, 3), batch=1, channels=1)
    assert run_one(pool.ir(), np.ones((1, 1, 1, 1), np.float32))[0, 0, 5, 0] == -np.inf
    ir = pool.ir("i32")
    result = run_one(ir, np.full((1, 1, 1, 1), -7, np.int32)).reshape(pool.output_shape)
    assert result[0, 1, 1, 0] == np.iinfo(np.int32).min
    assert (result == -7).sum() == 4


def test_max_pool_of_an_empty_batch() -> None:
    pool = Pool((4, 4), (2, 2), (2, 2), batch=0)
    assert run_one(pool.ir(), np.zeros((1, 1, 0, 3), np.float32)).shape == (1, 1, 0, 3)


@given(pool=pools(average=True), element_type=st.sampled_from(("f32", "f16", "bf16", "f64")))
@settings(max_examples=200, deadline=None)
def test_average_agrees_with_brute_force(pool: Pool, element_type: str) -> None:
    """Whole numbers are summed exactly, and one division rounds once in f32 or f64."""
    x = integers((1, 1, pool.batch * pool.size[0] * pool.size[1], pool.channels))
    x = x.astype(DTYPES[element_type])
    wide = np.float64 if element_type == "f64" else np.float32
    result, expected = run_one(pool.ir(element_type), x), pool.averages(x).astype(wide)
    assert result.dtype == x.dtype
    assert_equal_bits(result, expected.astype(x.dtype))


@pytest.mark.parametrize("include_pad", [False, True])
@pytest.mark.parametrize("padding", [(0, 0, 0, 0), (1, 0, 0, 1), (1, 2, 2, 1)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 3), (3, 2)])
def test_average_agrees_with_onnxruntime(stride: Any, padding: Any, include_pad: bool) -> None:
    pool = Pool((9, 12), (3, 4), stride, padding, average=True, count_include_pad=include_pad)
    x = integers(pool.input_shape, 1)
    node = helper.make_node(
        "AveragePool",
        ["x"],
        ["y"],
        kernel_shape=pool.kernel,
        strides=stride,
        pads=padding,
        count_include_pad=int(include_pad),
    )  # onnx pads: top, left, bottom, right
    expected = run_onnx(node, {"x": x.transpose(0, 3, 1, 2)}).transpose(0, 2, 3, 1)
    result = run_one(pool.ir(), x.reshape(1, 1, -1, pool.channels))
    np.testing.assert_allclose(result.reshape(expected.shape), expected, rtol=1e-6)


def test_a_narrow_average_is_summed_in_f32() -> None:
    """bf16 holds 256, and no odd number above it."""
    x = np.array([256, 1, 1, 1], ml_dtypes.bfloat16).reshape(1, 4, 1, 1)
    result = run_one(global_average_ir(x.shape, "bf16"), x)
    assert result.tolist() == [[[[np.array(259 / 4, ml_dtypes.bfloat16).item()]]]]


def test_averages_of_integers_are_refused() -> None:
    with pytest.raises(InterpretationError, match="expected a float tensor, got int32"):
        run(global_average_ir((1, 2, 2, 1), "i32"), np.ones((1, 2, 2, 1), np.int32))


def test_global_average() -> None:
    x = integers((2, 3, 4, 5), 1)
    expected = x.mean((1, 2), keepdims=True, dtype=np.float64).astype(np.float32)
    assert run_one(global_average_ir(x.shape), x).tolist() == expected.tolist()


@pytest.mark.parametrize("factors", [(1, 1), (2, 2), (1, 3), (4, 1), (3, 2)])
def test_upsample_agrees_with_onnxruntime(factors: tuple[int, int]) -> None:
    x = integers((2, 3, 4, 5), 1)
    node = helper.make_node(
        "Resize",
        ["x", "", "scales"],
        ["y"],
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )
    scales = np.array([1, 1, *factors], np.float32)
    expected = run_onnx(node, {"x": x.transpose(0, 3, 1, 2), "scales": scales})
    result = run_one(upsample_ir(x.shape, factors), x)
    assert result.tolist() == expected.transpose(0, 2, 3, 1).tolist()


def test_upsample_never_shares_memory_with_its_input() -> None:
    x = integers((1, 2, 2, 1))
    assert not np.shares_memory(run_one(upsample_ir(x.shape, (1, 1)), x), x)


def test_bilinear_is_refused_by_name() -> None:
    ir = upsample_ir((1, 2, 2, 1), (2, 2), "bilinear")
    with pytest.raises(InterpretationError, match=r"'ttnn.upsample': .*nearest, got bilinear"):
        run(ir, integers((1, 2, 2, 1)))
