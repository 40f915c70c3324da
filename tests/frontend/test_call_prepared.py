"""Prepared weights: used rightly they give what raw ones give, used otherwise they are refused."""

from __future__ import annotations

import gc
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from support import case_id, load_cases, make_case
from support.calls import call_arguments, call_parameters
from support.cases import Case, a_quarter_quick
from support.references import Array, brute_force, integer_arrays
from xdsl_ttnn import frontend as ttnn
from xdsl_ttnn.frontend import compiler
from xdsl_ttnn.frontend.call import engine
from xdsl_ttnn.frontend.weights import PreparedWeights

CASE = make_case(
    n=2, h=4, w=5, c=4, o=6, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 0, 1], oph=1, opw=2, groups=2,
    bias=True,
)  # fmt: skip
ARRAYS = integer_arrays(CASE)
EXPECTED = brute_force(CASE, **ARRAYS)


def call(arrays: dict[str, Any] = ARRAYS, case: Case = CASE, **changed: Any) -> Any:
    return ttnn.conv_transpose2d(**(call_arguments(case, arrays) | changed))


def prepare(weight: Any = ARRAYS["w"], case: Case = CASE, **changed: Any) -> ttnn.Tensor:
    arguments = {"weight_tensor": weight, **call_parameters(case)}
    return ttnn.prepare_conv_transpose2d_weights(**(arguments | changed))


def prepare_bias(bias: Any = ARRAYS["b"], **changed: Any) -> ttnn.Tensor:
    return ttnn.prepare_conv_transpose2d_bias(
        **({"bias_tensor": bias, **call_parameters(CASE)} | changed)
    )


def rows_of(case: Case, w: Array) -> Array:
    """The prepared weight as op.md states it, one element at a time."""
    inputs, outputs = case["c"] // case["groups"], case["o"] // case["groups"]
    flips = case["mirror_kernel"] is not False
    rows = np.zeros((case["kh"], case["kw"], inputs, case["o"]), w.dtype)
    for kh, kw, c, o in np.ndindex(rows.shape):
        group = o // outputs
        tap = (case["kh"] - 1 - kh, case["kw"] - 1 - kw) if flips else (kh, kw)
        rows[kh, kw, c, o] = w[group * inputs + c, o % outputs, *tap]
    return rows.reshape(1, 1, -1, case["o"])


@pytest.mark.parametrize("case", a_quarter_quick(load_cases("cover")))
@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
def test_prepared_gives_what_raw_gives(case: Case, floor: str) -> None:
    arrays = integer_arrays(case)
    with ttnn.use_options(ttnn.Options(floor=floor)):
        plain, pair = call(arrays, case, return_weights_and_bias=True)
        again = call(arrays, case, weight_tensor=pair[0], bias_tensor=pair[1])

    assert np.array_equal(plain, again)
    assert np.array_equal(again, brute_force(case, **arrays))


@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im"])
def test_every_strategy_takes_it(strategy: str) -> None:
    with ttnn.use_options(ttnn.Options(strategy=strategy)):
        assert np.array_equal(call(weight_tensor=prepare()), EXPECTED)


@pytest.mark.parametrize("case", load_cases("cover"), ids=case_id)
def test_its_rows_and_columns(case: Case) -> None:
    weight = integer_arrays(case)["w"]

    assert np.array_equal(ttnn.to_numpy(prepare(weight, case)), rows_of(case, weight))


def test_a_bias_keeps_its_values() -> None:
    prepared = prepare_bias(ARRAYS["b"].reshape(-1))

    assert prepared.shape == (1, 1, 1, 6)
    assert np.array_equal(ttnn.to_numpy(prepared), ARRAYS["b"])
    assert np.array_equal(call(bias_tensor=prepared, weight_tensor=prepare()), EXPECTED)


OTHER_USES = {
    "stride": ((3, 3), "stride = [3, 3], got one for [2, 3]"),
    "padding": ((1, 1), "padding = [1, 1], got one for [1, 0]"),
    "output_padding": ((1, 1), "output_padding = [1, 1], got one for [1, 2]"),
    "dilation": ((2, 1), "dilation = [2, 1], got one for [1, 1]"),
    "kernel_size": ((2, 3), "kernel_size = [2, 3], got one for [3, 2]"),
    "mirror_kernel": (False, "mirror_kernel = False, got one for True"),
    "groups": (1, "groups = 1, got one for 2"),
}


@pytest.mark.parametrize("name", OTHER_USES)
def test_another_use_is_refused(name: str) -> None:
    value, message = OTHER_USES[name]
    weight = prepare()

    with pytest.raises(ValueError) as refusal:
        call(weight_tensor=weight, **{name: value})

    assert str(refusal.value) == (
        f"weight_tensor: 'ttnn.conv_transpose2d' op expected a weight prepared for {message}"
    )


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("batch_size", (3, 4, 5)), ("input_height", (2, 6, 5)), ("input_width", (2, 4, 7))],
)
def test_another_input_is_refused(name: str, sizes: tuple[int, int, int]) -> None:
    weight = prepare()
    x = np.ones((*sizes, 4), np.float32)
    batch, height, width = sizes

    with pytest.raises(ValueError, match=f"expected a weight prepared for {name} = "):
        call(
            input_tensor=x,
            weight_tensor=weight,
            batch_size=batch,
            input_height=height,
            input_width=width,
        )


def test_a_refused_weight_is_still_good() -> None:
    weight = prepare()
    with pytest.raises(ValueError, match="stride"):
        call(weight_tensor=weight, stride=(1, 1))

    assert np.array_equal(call(weight_tensor=weight), EXPECTED)
    with pytest.raises(ValueError, match="stride"):
        call(weight_tensor=weight, stride=(1, 1))


def test_output_padding_that_was_not_stated() -> None:
    """TTNN's prepare call has no such parameter."""
    parameters = call_parameters(CASE)
    del parameters["output_padding"]

    weight = ttnn.prepare_conv_transpose2d_weights(weight_tensor=ARRAYS["w"], **parameters)

    assert np.array_equal(call(weight_tensor=weight), EXPECTED)
    assert call(weight_tensor=weight, output_padding=(0, 0)).shape == (2, 8, 13, 6)


def test_a_weight_rounded_to_another_type_is_refused() -> None:
    weight = prepare(conv_config=ttnn.Conv2dConfig(weights_dtype=ttnn.bfloat16))

    assert ttnn.to_numpy(weight).dtype == ml_dtypes.bfloat16
    with pytest.raises(ValueError, match=r"weights_dtype = FLOAT32, got one of BFLOAT16"):
        call(weight_tensor=weight, conv_config=ttnn.Conv2dConfig(weights_dtype=ttnn.float32))


def test_a_rounded_weight_is_rounded_once() -> None:
    weight = ARRAYS["w"] + np.float32(1 / 512)
    config = ttnn.Conv2dConfig(weights_dtype=ttnn.bfloat16)

    raw = call(weight_tensor=weight, conv_config=config)
    prepared = call(weight_tensor=prepare(weight, conv_config=config), conv_config=config)

    assert np.array_equal(raw, prepared)


def test_a_bias_is_not_rounded_with_the_weight() -> None:
    bias = ARRAYS["b"] + np.float32(1 / 512)
    config = ttnn.Conv2dConfig(weights_dtype=ttnn.bfloat16)

    raw, pair = call(bias_tensor=bias, conv_config=config, return_weights_and_bias=True)
    again = call(weight_tensor=pair[0], bias_tensor=pair[1], conv_config=config)

    assert np.array_equal(raw, again)
    assert np.array_equal(raw, brute_force(CASE, ARRAYS["x"], ARRAYS["w"], bias))


def test_what_was_prepared_does_not_follow_the_weight() -> None:
    weight = ARRAYS["w"].copy()
    prepared = prepare(weight)

    weight[:] = 0

    assert np.array_equal(call(weight_tensor=prepared), EXPECTED)
    with pytest.raises(ValueError, match="read-only"):
        ttnn.to_numpy(prepared)[:] = 0


def test_a_one_by_one_kernel_is_prepared_into_memory_of_its_own() -> None:
    case = make_case(h=2, w=3, c=2, o=3, kh=1, kw=1)
    weight = integer_arrays(case)["w"]

    assert not np.shares_memory(ttnn.to_numpy(prepare(weight, case)), weight)


def test_the_array_alone_is_no_prepared_weight() -> None:
    with pytest.raises(ValueError, match="must match the first dimension of the weight tensor"):
        call(weight_tensor=ttnn.to_numpy(prepare()))


def test_a_reshaped_one_is_none_either() -> None:
    with pytest.raises(ValueError, match="must match the first dimension of the weight tensor"):
        call(weight_tensor=ttnn.reshape(prepare(), (1, 1, -1, 6)))


def test_what_is_done_to_it_is_done_once(monkeypatch) -> None:
    weight, seen = prepare(), []
    program = compiler.compile_module

    def spy(module: Any, **options: Any) -> Any:
        made = program(module, **options)
        run = made.call

        def call_and_note(name: str, arrays: Any) -> Any:
            seen.append(name)
            return run(name, arrays)

        monkeypatch.setattr(made, "call", call_and_note)
        return made

    ttnn.clear_cache()
    monkeypatch.setattr(compiler, "compile_module", spy)
    for _ in range(3):
        assert np.array_equal(call(weight_tensor=weight), EXPECTED)

    assert seen == ["prepare_main", "main", "main", "main"]


@pytest.fixture
def caches(monkeypatch) -> list[PreparedWeights]:
    """What keeps prepared weights, of each kind of call as it is compiled."""
    found: list[PreparedWeights] = []
    compile_by = engine.compile_by

    def compile_and_note(*arguments: Any) -> Any:
        function = compile_by(*arguments)
        found.append(function.weights)
        return function

    ttnn.clear_cache()
    monkeypatch.setattr(engine, "compile_by", compile_and_note)
    return found


def test_nothing_of_it_outlives_it(caches) -> None:
    weight = prepare()
    call(weight_tensor=weight)
    (cache,) = caches
    kept = len(cache)

    del weight
    gc.collect()

    assert (kept, len(cache)) == (1, 0)


def test_weights_that_take_turns_are_each_prepared_once(caches) -> None:
    """As those of layers of one kind do; two calls of one kind are compiled once."""
    first, second = prepare(), prepare(2 * ARRAYS["w"])
    results = [call(weight_tensor=weight, bias_tensor=None) for weight in (first, second) * 3]

    (cache,) = caches
    assert (cache.runs, len(cache)) == (2, 2)
    assert first in cache and second in cache and prepare() not in cache
    assert all(
        np.array_equal(2 * once, twice)
        for once, twice in zip(results[::2], results[1::2], strict=True)
    )


def test_a_weight_without_an_owner_is_told_by_its_contents(caches) -> None:
    weight = prepare()
    call(weight_tensor=weight)
    (cache,) = caches
    values = [ARRAYS["x"], ttnn.to_numpy(weight).copy(), ARRAYS["b"]]

    for changed, runs in ((0, 2), (0, 2), (1, 3)):
        values[1][0, 0, 0, 0] += changed
        cache.arguments(values)
        assert (cache.runs, len(cache)) == (runs, 1)
    call(weight_tensor=weight)
    assert cache.runs == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"weights_format": "OIHW"}, "weights_format: .* Only `IOHW` weights format"),
        ({"kernel_size": (2, 2)}, "kernel_size: .* Expected kernel height attribute"),
        ({"weight_tensor": ARRAYS["w"][0]}, "weight_tensor: .* Weight must be a 4D tensor"),
        ({"out_channels": 8}, "weight_tensor: .* Expected output channels attribute"),
        ({"output_dtype": "bf16"}, "output_dtype: expected a DataType, got str"),
        ({"has_bias": 1}, "has_bias: expected True or False, got 1"),
        ({"input_memory_config": "dram"}, "input_memory_config: expected a MemoryConfig"),
        ({"input_memory_config": None}, "input_memory_config: expected a MemoryConfig, got None"),
        ({"input_layout": None}, "input_layout: expected a Layout, got NoneType"),
        ({"input_dtype": "f32"}, "input_dtype: expected a DataType, got str"),
        ({"conv_config": ttnn.Conv2dConfig(weights_dtype=ttnn.int32)}, "conv_config: .* got si32"),
        ({"weights_format": 3}, "weights_format: expected a str, got int"),
        ({"output_padding": 0}, "output_padding: expected a pair of whole numbers, got 0"),
    ],
)
def test_what_cannot_be_prepared(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        prepare(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bias_tensor": np.ones((1, 6), np.float32)}, "bias_tensor: .* Bias must be a 4D tensor"),
        ({"bias_tensor": np.ones(5, np.float32)}, "bias_tensor: .* Expected output channels"),
        ({"bias_tensor": None}, "bias_tensor: expected a tensor of floats or integers, got None"),
        ({"stride": (1,)}, "stride: .* Stride attribute must have two values, got: 1"),
    ],
)
def test_a_bias_that_cannot_be_prepared(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        prepare_bias(**changed)
