"""The documented Python call: parameters, return forms, kinds of tensors, options."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from support import case_id, load_cases, make_case
from support.calls import call_arguments, call_parameters
from support.cases import Case
from support.floors import assert_equal_bits
from support.references import (
    DTYPES,
    Array,
    brute_force,
    flattened,
    integer_arrays,
)
from xdsl_ttnn import frontend as ttnn
from xdsl_ttnn.frontend.call import engine

COVER = load_cases("cover")

CASE = make_case(
    n=2, h=4, w=5, c=4, o=6, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 0, 1], oph=1, opw=2, groups=2,
    bias=True,
)  # fmt: skip
ARRAYS = integer_arrays(CASE)
EXPECTED = brute_force(CASE, **ARRAYS)


def call(case: Case = CASE, arrays: dict[str, Any] | None = None, **changed: Any) -> Any:
    arguments = call_arguments(case, arrays or integer_arrays(case))
    return ttnn.conv_transpose2d(**(arguments | changed))


every_cover_case = pytest.mark.parametrize("case", COVER, ids=case_id)


@every_cover_case
def test_cover_is_exact(case: Case) -> None:
    arrays = integer_arrays(case)

    result = call(case, arrays)

    assert_equal_bits(result, brute_force(case, **arrays).astype(np.float32), "call")


@pytest.mark.parametrize("element_type", ["i32", "bf16", "f16", "f64", "i8", "ui8"])
@pytest.mark.parametrize("case", COVER[::5], ids=case_id)
def test_other_element_types(case: Case, element_type: str) -> None:
    bounds = (0, 2) if element_type == "ui8" else (-1, 2)
    arrays = integer_arrays(case, element_type, bounds=bounds)

    result = call(case, arrays)

    wide = brute_force(case, **arrays)
    assert_equal_bits(result, wide.astype(DTYPES[element_type]), element_type)


# Return forms -------------------------------------------------------------------------------------


def test_the_result_alone() -> None:
    result = call()

    assert result.shape == (2, 9, 15, 6)
    assert np.array_equal(result, EXPECTED)


def test_the_result_and_its_size() -> None:
    result, size = call(return_output_dim=True)

    assert size == (9, 15)
    assert np.array_equal(result, EXPECTED)


def test_the_result_and_what_was_prepared() -> None:
    result, (weight, bias) = call(return_weights_and_bias=True)

    assert np.array_equal(result, EXPECTED)
    assert (weight.shape, bias.shape) == ((1, 1, 3 * 2 * 2, 6), (1, 1, 1, 6))


def test_everything() -> None:
    result, size, (weight, bias) = call(return_output_dim=True, return_weights_and_bias=True)

    assert (result.shape, size) == ((2, 9, 15, 6), (9, 15))
    assert (type(weight), type(bias)) == (ttnn.Tensor, ttnn.Tensor)


def test_no_bias_was_prepared() -> None:
    _, (_, bias) = call(make_case(h=2, w=3, c=1, o=2, kh=1, kw=2), return_weights_and_bias=True)

    assert bias is None


# Forms and kinds of tensors -----------------------------------------------------------------------


def test_a_flattened_input_gives_a_flattened_result() -> None:
    flat = ARRAYS["x"].reshape(flattened(ARRAYS["x"].shape))

    result, size = call(CASE, ARRAYS, input_tensor=flat, return_output_dim=True)

    assert size == (9, 15)
    assert result.shape == flattened(EXPECTED.shape)
    assert np.array_equal(result.reshape(EXPECTED.shape), EXPECTED)


@pytest.mark.parametrize("shape", [(6,), (1, 1, 1, 6)])
def test_a_bias_of_either_shape(shape: tuple[int, ...]) -> None:
    assert np.array_equal(call(bias_tensor=ARRAYS["b"].reshape(shape)), EXPECTED)


def test_an_unmirrored_kernel() -> None:
    flipped = ARRAYS["w"][:, :, ::-1, ::-1]

    assert np.array_equal(call(weight_tensor=flipped, mirror_kernel=False), EXPECTED)
    assert not np.array_equal(call(mirror_kernel=False), EXPECTED)


def test_a_tensor_gives_a_tensor() -> None:
    device = ttnn.open_device(device_id=0, l1_small_size=16384)
    x = ttnn.from_numpy(ARRAYS["x"], layout=ttnn.TILE_LAYOUT, device=device)

    result = call(input_tensor=x, device=device, memory_config=ttnn.L1_MEMORY_CONFIG)

    assert isinstance(result, ttnn.Tensor)
    assert result.device() is device
    assert result.cpu().device() is None
    assert (result.dtype, result.memory_config()) == (ttnn.float32, ttnn.L1_MEMORY_CONFIG)
    assert np.array_equal(ttnn.to_numpy(result), EXPECTED)


def _reversed(values: Array) -> Array:
    return values[::-1, ::-1].copy()[::-1, ::-1]


def _every_other(values: Array) -> Array:
    return np.repeat(values, 2, axis=-1)[..., ::2]


@pytest.mark.parametrize(
    "lay_out",
    [_reversed, _every_other, np.asfortranarray, lambda values: values.astype(">f4")],
    ids=["reversed", "every other", "columns first", "other bytes"],
)
def test_arrays_in_any_memory_order(lay_out: Any) -> None:
    arrays = {name: lay_out(array) for name, array in ARRAYS.items()}

    assert np.array_equal(call(CASE, arrays), EXPECTED)


def test_lists_are_read_as_pairs() -> None:
    lists = {name: list(pair) for name, pair in call_parameters(CASE).items() if name == "stride"}

    assert np.array_equal(call(**lists, padding=np.array(CASE["padding"])), EXPECTED)


def test_the_result_type() -> None:
    result = call(dtype=ttnn.bfloat16)

    assert result.dtype == ml_dtypes.bfloat16
    assert np.array_equal(result.astype(np.float64), EXPECTED)


def test_the_result_type_of_older_releases() -> None:
    assert call(conv_config=ttnn.Conv2dConfig(dtype=ttnn.bfloat16)).dtype == ml_dtypes.bfloat16


def test_weights_are_rounded_as_configured() -> None:
    weight = ARRAYS["w"] + np.float32(1 / 512)
    config = ttnn.Conv2dConfig(weights_dtype=ttnn.bfloat16)

    result = call(weight_tensor=weight, conv_config=config)

    assert np.array_equal(result, brute_force(CASE, ARRAYS["x"], _rounded(weight), ARRAYS["b"]))


def _rounded(values: np.ndarray) -> np.ndarray:
    return values.astype(ml_dtypes.bfloat16).astype(np.float32)


@pytest.mark.parametrize(
    "activation", ["relu", ttnn.UnaryOpType.RELU, ttnn.UnaryWithParam(ttnn.UnaryOpType.RELU)]
)
def test_an_activation(activation: Any) -> None:
    result = call(conv_config=ttnn.Conv2dConfig(activation=activation))

    assert np.array_equal(result, np.maximum(EXPECTED, 0))


def test_an_activation_with_a_parameter() -> None:
    activation = ttnn.UnaryWithParam(ttnn.UnaryOpType.LEAKY_RELU, 0.5)

    result = call(conv_config=ttnn.Conv2dConfig(activation=activation))

    assert np.array_equal(result, np.where(EXPECTED < 0, EXPECTED / 2, EXPECTED))


def test_what_steers_a_device_changes_nothing() -> None:
    config = ttnn.Conv2dConfig(
        shard_layout=ttnn.TensorMemoryLayout.HEIGHT_SHARDED,
        act_block_h_override=64,
        enable_act_double_buffer=True,
        deallocate_activation=True,
        output_layout=ttnn.ROW_MAJOR_LAYOUT,
    )
    compute = ttnn.init_device_compute_kernel_config(
        "wormhole_b0", math_fidelity=ttnn.MathFidelity.LoFi, fp32_dest_acc_en=True
    )
    sliced = ttnn.Conv2dSliceConfig(slice_type=ttnn.Conv2dDRAMSliceWidth, num_slices=2)

    result = call(conv_config=config, compute_config=compute, dram_slice_config=sliced, queue_id=1)

    assert np.array_equal(result, EXPECTED)


def test_no_batch_gives_no_result() -> None:
    case = make_case(n=0, h=2, w=3, c=1, o=2, kh=2, kw=1)

    assert call(case).shape == (0, 3, 3, 2)


# Compiling ----------------------------------------------------------------------------------------


def test_calls_of_one_kind_are_compiled_once() -> None:
    ttnn.clear_cache()
    before = ttnn.call_counts()

    call()
    call(arrays=integer_arrays(CASE, seed=1))
    call(make_case(**(CASE | {"sh": 3, "hout": 12})))

    after = ttnn.call_counts()
    assert after.calls - before.calls == 3
    assert after.compiled - before.compiled == 2


def test_a_configuration_that_was_changed_is_read_again() -> None:
    config = ttnn.Conv2dConfig()
    plain = call(conv_config=config)

    config.activation = "relu"

    assert np.array_equal(plain, EXPECTED)
    assert np.array_equal(call(conv_config=config), np.maximum(EXPECTED, 0))


@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im", "auto"])
@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
def test_options(floor: str, strategy: str) -> None:
    with ttnn.use_options(ttnn.Options(strategy=strategy, floor=floor)) as options:
        result = call()
        assert engine.current_options() is options

    assert np.array_equal(result, EXPECTED)
    assert engine.current_options() == ttnn.Options()


def test_options_choose_what_runs() -> None:
    ttnn.clear_cache()
    with ttnn.use_options(ttnn.Options(strategy="zero-insert")):
        before = ttnn.call_counts().compiled
        call()
        call()
    call()

    assert ttnn.call_counts().compiled - before == 2


def test_no_strategy_of_another_name() -> None:
    with pytest.raises(ValueError, match=r"strategy: expected one of: auto, .*; got 'fft'"):
        ttnn.Options(strategy="fft")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"floor": None}, "floor: expected a name, got None"),
        ({"threads": "two"}, "threads: expected a whole number, got 'two'"),
        ({"threads": 0}, "threads: expected at least 1, got 0"),
        ({"backend": "native"}, "backend 'native' is not available yet"),
    ],
)
def test_no_options_of_the_wrong_kind(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        ttnn.Options(**options)
    with pytest.raises(ValueError, match="options: expected Options, got dict"):
        ttnn.use_options(options).__enter__()


def test_a_strategy_that_does_not_take_the_call() -> None:
    with (
        ttnn.use_options(ttnn.Options(strategy="matmul")),
        pytest.raises(ValueError, match=r"^options: .* gemm-col2im and zero-insert take it"),
    ):
        call()


SIZES = st.integers(1, 4)


@st.composite
def cases(draw: Any) -> Case:
    """Cases of the minimum matrix, H and W, KH and KW told apart."""
    groups = draw(st.sampled_from([1, 2, 3]))
    fields = {
        "n": draw(st.integers(0, 2)),
        "groups": groups,
        "c": groups * draw(st.integers(1, 2)),
        "o": groups * draw(SIZES),
        "bias": draw(st.booleans()),
        "mirror_kernel": draw(st.sampled_from([None, True, False])),
        "padding": draw(st.lists(st.integers(0, 3), min_size=4, max_size=4)),
    }
    for axis in "hw":
        fields |= {axis: draw(st.integers(1, 5)), f"k{axis}": draw(SIZES), f"s{axis}": draw(SIZES)}
        fields |= {f"d{axis}": draw(st.integers(1, 3)), f"op{axis}": draw(st.integers(0, 4))}
    case = make_case(**fields)
    assume(case["hout"] >= 1 and case["wout"] >= 1)
    return case


@given(cases(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_case(case: Case, prepared: bool) -> None:
    arrays = integer_arrays(case)
    expected = brute_force(case, **arrays)

    result, (weight, bias) = call(case, arrays, return_weights_and_bias=True)
    if prepared:
        result = call(case, arrays, weight_tensor=weight, bias_tensor=bias)

    assert np.array_equal(result, expected)
