"""The meaning of ttnn.conv_transpose2d, against loops over op.md's formula and onnxruntime."""

from __future__ import annotations

import itertools
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper
from xdsl.utils.exceptions import InterpretationError

from support.cases import Case, case_id, is_rejected, load_cases, make_case
from support.element_types import exact_numbers, rounded
from support.floors import assert_equal_bits
from support.interpreter import integers, program, run, run_one
from support.ir import DEVICE, conv_properties, conv_transpose2d_ir, generic_op, tensor
from support.onnx import run_onnx
from xdsl_ttnn.interpreter.oracle import prepare_weight

COVER = [case for case in load_cases("cover") if not is_rejected(case)]
Arrays = list[np.ndarray[Any, Any]]


def operands(case: Case, dtype: Any = np.float32) -> Arrays:
    """Input, weight and, where the case has one, bias; small integers."""
    groups = case["groups"]
    x = integers((case["n"], case["h"], case["w"], case["c"]), 1, dtype)
    w = integers((case["c"], case["o"] // groups, case["kh"], case["kw"]), 2, dtype)
    return [x, w, integers((1, 1, 1, case["o"]), 3, dtype)] if case["bias"] else [x, w]


def pads(case: Case) -> tuple[int, int, int, int]:
    p = case["padding"]
    return (p[0], p[0], p[1], p[1]) if len(p) == 2 else tuple(p)


def brute_force(case: Case, x: Any, w: Any, b: Any = None) -> list[Any]:
    """op.md's sum, one product after the other, in Python integers."""
    top, _, left, _ = pads(case)
    groups, per_group = case["groups"], case["o"] // case["groups"]
    per_group_in = case["c"] // groups
    out = np.zeros((case["n"], case["hout"], case["wout"], case["o"]), object)
    if b is not None:
        out += b.reshape(-1).astype(int).astype(object)
    mirrored = case["mirror_kernel"] is not False
    spaces = (range(case["n"]), range(case["h"]), range(case["w"]), range(case["c"]))
    for n, i, j, c in itertools.product(*spaces):
        for kh, kw in itertools.product(range(case["kh"]), range(case["kw"])):
            y = i * case["sh"] - top + case["dh"] * kh
            column = j * case["sw"] - left + case["dw"] * kw
            if not (0 <= y < case["hout"] and 0 <= column < case["wout"]):
                continue
            row, place = (kh, kw) if mirrored else (case["kh"] - 1 - kh, case["kw"] - 1 - kw)
            group = c // per_group_in
            for o in range(per_group):
                product = int(x[n, i, j, c]) * int(w[c, o, row, place])
                out[n, y, column, group * per_group + o] += product
    return out.tolist()


def onnx_conv_transpose(case: Case, x: Any, w: Any, b: Any = None) -> np.ndarray[Any, Any]:
    top, bottom, left, right = pads(case)
    node = helper.make_node(
        "ConvTranspose",
        ["x", "w", "b"][: 2 if b is None else 3],
        ["y"],
        strides=[case["sh"], case["sw"]],
        pads=[top, left, bottom, right],
        dilations=[case["dh"], case["dw"]],
        output_padding=[case["oph"], case["opw"]],
        group=case["groups"],
    )
    given = {"x": x.transpose(0, 3, 1, 2), "w": w}
    if b is not None:
        given["b"] = b.reshape(-1)
    return run_onnx(node, given).transpose(0, 2, 3, 1)


def onnx_can(case: Case) -> bool:
    """onnxruntime wants each output padding below the stride, and mirrors always."""
    small = case["oph"] < case["sh"] and case["opw"] < case["sw"]
    return small and case["mirror_kernel"] is not False and case["n"] > 0


@pytest.mark.parametrize("case", COVER, ids=case_id)
def test_recorded_cases(case: Case) -> None:
    """Loops in Python for the smaller cases, onnxruntime wherever it can."""
    for mirror in (None, False):
        chosen = case | {"mirror_kernel": mirror} if case["mirror_kernel"] is None else case
        values = operands(chosen)
        result = run_one(conv_transpose2d_ir(chosen), *values)
        if values[0].size * values[1][0].size <= 100_000:
            assert result.tolist() == brute_force(chosen, *values)
        if onnx_can(chosen):
            assert result.tolist() == onnx_conv_transpose(chosen, *values).tolist()


@st.composite
def drawn_cases(draw: st.DrawFn) -> Case:
    """Any legal attributes, height and width apart, cropping pads and gaps among them."""
    small = st.integers(1, 3)
    groups = draw(st.sampled_from((1, 1, 2, 3)))
    fields: dict[str, Any] = {
        "n": draw(st.integers(0, 2)),
        "c": groups * draw(small),
        "o": groups * draw(small),
        "groups": groups,
        "bias": draw(st.booleans()),
        "mirror_kernel": draw(st.sampled_from((None, False))),
        "padding": [draw(st.integers(0, 5)) for _ in range(4)],
    }
    for axis in "hw":
        fields[axis] = draw(st.integers(1, 4))
        for name in (f"k{axis}", f"s{axis}", f"d{axis}"):
            fields[name] = draw(small)
        fields[f"op{axis}"] = draw(st.integers(0, 5))
    case = make_case(**fields)
    for axis, first in (("h", 0), ("w", 2)):
        if case[f"{axis}out"] < 1:
            case["padding"][first : first + 2] = [0, 0]
    return make_case(**{k: v for k, v in case.items() if k not in ("hout", "wout")})


@given(drawn_cases(), st.booleans(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_drawn_cases(case: Case, flat_in: bool, flat_out: bool) -> None:
    values = operands(case)
    expected = brute_force(case, *values)
    ir = conv_transpose2d_ir(case, flattened_input=flat_in, flattened_output=flat_out)
    x = values[0].reshape(1, 1, -1, case["c"]) if flat_in else values[0]
    result = run_one(ir, x, *values[1:])
    shape = (case["n"], case["hout"], case["wout"], case["o"])
    assert result.shape == ((1, 1, shape[0] * shape[1] * shape[2], shape[3]) if flat_out else shape)
    assert result.reshape(shape).tolist() == expected


ASYMMETRIC = make_case(
    h=4, w=3, c=4, o=6, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 2, 1], oph=2, opw=1, dh=2,
    groups=2, bias=True,
)  # fmt: skip


def test_it_is_the_gradient_of_conv2d() -> None:
    """<conv2d(u, k), v> == <u, conv_transpose2d(v, k)>, with onnxruntime's Conv."""
    case = make_case(h=4, w=3, c=4, o=6, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 2, 1], groups=2)
    v, w = operands(case)
    u = integers((1, case["hout"], case["wout"], case["o"]), 5)
    scattered = run_one(conv_transpose2d_ir(case), v, w)
    node = helper.make_node(
        "Conv", ["x", "w"], ["y"], strides=[2, 3], pads=[1, 2, 0, 1], group=2, dilations=[1, 1]
    )
    gathered = run_onnx(node, {"x": u.transpose(0, 3, 1, 2), "w": w}).transpose(0, 2, 3, 1)
    assert gathered.shape == v.shape
    assert float((gathered * v).sum()) == float((u * scattered).sum())


# Element types -----------------------------------------------------------------------------------

FLOATS = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}


@pytest.mark.parametrize("type_", ["f16", "bf16"])
def test_narrow_floats_round_once(type_: str) -> None:
    rng = np.random.default_rng(0)
    values = [rng.standard_normal(a.shape).astype(FLOATS[type_]) for a in operands(ASYMMETRIC)]
    result = run_one(conv_transpose2d_ir(ASYMMETRIC, type_), *values)
    wide = run_one(conv_transpose2d_ir(ASYMMETRIC), *(a.astype(np.float32) for a in values))
    assert result.dtype == FLOATS[type_]
    assert result.tolist() == wide.astype(FLOATS[type_]).tolist()


@pytest.mark.parametrize("type_", ["i8", "si16", "ui8", "i32", "i64"])
def test_integers_wrap(type_: str) -> None:
    width = int(type_.lstrip("siu"))
    dtype = np.dtype(f"{'uint' if type_.startswith('u') else 'int'}{width}")
    limits = np.iinfo(dtype)
    rng = np.random.default_rng(0)
    values = [
        rng.integers(limits.min, limits.max, a.shape, dtype, endpoint=True)
        for a in operands(ASYMMETRIC)
    ]
    result = run_one(conv_transpose2d_ir(ASYMMETRIC, type_), *values)
    exact = np.array(brute_force(ASYMMETRIC, *values), object)
    wrapped = (exact - int(limits.min)) % 2**width + int(limits.min)
    assert result.dtype == dtype
    assert result.tolist() == wrapped.tolist()


MIXED = (
    "f64 f64 f64 f32",
    "f64 f32 f32 f32",
    "f32 f64 f32 bf16",
    "bf16 bf16 f64 f16",
    "f32 f32 f32 f64",
    "bf16 f16 bf16 f16",
    "f16 bf16 f32 bf16",
    "f32 bf16 bf16 f32",
    "bf16 bf16 bf16 f32",
    "f8E5M2 bf16 f16 f8E4M3FN",
)
"""The element types of x, w, b and the result."""


@pytest.mark.parametrize("types", MIXED)
def test_mixed_floats_are_summed_exactly_and_rounded_once(types: str) -> None:
    """On whole numbers of which a sum needs most of the bits of what it is held in."""
    given, held = types.split(), "f64" if "f64" in types else "f32"
    random = np.random.default_rng(0)
    shapes = [values.shape for values in operands(ASYMMETRIC)]
    values = [
        exact_numbers(type_, held, shape, random)
        for type_, shape in zip(given, shapes, strict=False)
    ]
    result_shape = tuple(ASYMMETRIC[size] for size in ("n", "hout", "wout", "o"))
    all_shapes = zip("xwby", given, [*shapes, result_shape], strict=True)
    typed = {name: tensor(shape, type_) for name, type_, shape in all_shapes}
    result = run_one(conv_transpose2d_ir(ASYMMETRIC, types=typed), *values)
    exact = np.array(brute_force(ASYMMETRIC, *values), np.float64)
    if given[:2] == ["f64", "f64"]:
        assert (exact != exact.astype(np.float32)).any()
    assert_equal_bits(result, rounded(exact, given[-1]))


def test_f64_accumulation_rounds_nothing() -> None:
    rng = np.random.default_rng(0)
    values = [rng.standard_normal(a.shape).astype(np.float32) for a in operands(ASYMMETRIC)]
    ir = conv_transpose2d_ir(ASYMMETRIC)
    exact = run_one(ir, *values, accumulate="f64")
    assert exact.dtype == np.float64
    assert np.abs(exact - run_one(ir, *values)).max() < 1e-4
    scaled = [values[0] * np.float32(2.0**-30), values[1], np.ones((1, 1, 1, 6), np.float32)]
    assert (run_one(ir, *scaled, accumulate="f64") != 1).any()


# Configuration -----------------------------------------------------------------------------------

ACTIVATIONS: dict[str, Any] = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x < 0, 0.01 * x, x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "identity": lambda x: x,
}


def with_config(text: str) -> str:
    config = {"conv2d_config": f"#ttnn.conv2d_config<{text}>"}
    return conv_transpose2d_ir(ASYMMETRIC, properties=config)


@pytest.mark.parametrize("name", [*ACTIVATIONS, "gelu"])
def test_activations(name: str) -> None:
    values = operands(ASYMMETRIC)
    plain = run_one(conv_transpose2d_ir(ASYMMETRIC), *values).astype(np.float64)
    result = run_one(with_config(f"activation = <op_type = {name}>"), *values)
    if name == "gelu":
        from math import erf, sqrt

        expected = np.vectorize(lambda x: 0.5 * x * (1 + erf(x / sqrt(2))))(plain)
    else:
        expected = ACTIVATIONS[name](plain)
    assert (plain < 0).any() and (plain > 6).any()
    np.testing.assert_allclose(result, expected, rtol=2e-6, atol=1e-6)


def test_leaky_relu_takes_its_slope() -> None:
    values = operands(ASYMMETRIC)
    plain = run_one(conv_transpose2d_ir(ASYMMETRIC), *values)
    text = "activation = <op_type = leaky_relu, params = [2.500000e-01 : f32]>"
    result = run_one(with_config(text), *values)
    assert result.tolist() == np.where(plain < 0, plain / 4, plain).tolist()


def test_other_activations_are_refused_by_name() -> None:
    with pytest.raises(InterpretationError, match=r"test.mlir:.*conv_transpose2d.*got hardsigmoid"):
        run(with_config("activation = <op_type = hardsigmoid>"), *operands(ASYMMETRIC))


def test_a_fused_activation_is_applied_before_rounding() -> None:
    config = {"conv2d_config": "#ttnn.conv2d_config<activation = <op_type = silu>>"}
    ir = conv_transpose2d_ir(ASYMMETRIC, "bf16", properties=config)
    rng = np.random.default_rng(0)
    values = [rng.standard_normal(a.shape).astype(ml_dtypes.bfloat16) for a in operands(ASYMMETRIC)]
    wide = run_one(conv_transpose2d_ir(ASYMMETRIC), *(a.astype(np.float32) for a in values))
    fused = (wide / (1 + np.exp(-wide))).astype(ml_dtypes.bfloat16)
    assert run_one(ir, *values).tolist() == fused.tolist()


@pytest.mark.parametrize("name, dtype", [("bf16", ml_dtypes.bfloat16), ("f16", np.float16)])
def test_weights_dtype_rounds_the_weight(name: str, dtype: Any) -> None:
    x, w, b = operands(ASYMMETRIC)
    w = w * np.float32(1 + 2.0**-13)
    result = run_one(with_config(f"weights_dtype = {name}"), x, w, b)
    plain = conv_transpose2d_ir(ASYMMETRIC)
    assert result.tolist() == run_one(plain, x, w.astype(dtype).astype(np.float32), b).tolist()
    assert result.tolist() != run_one(plain, x, w, b).tolist()


def test_block_formats_are_bf16_with_a_remark() -> None:
    values = operands(ASYMMETRIC)
    values[1] = values[1] * np.float32(1 + 2.0**-13)
    found = program(with_config("weights_dtype = bfp_bf8"))
    (result,) = found.call("main", values)
    found.call("main", values)
    assert result.tolist() == run_one(with_config("weights_dtype = bf16"), *values).tolist()
    assert len(found.remarks) == 1 and "bfp_bf8" in found.remarks[0]


# Prepared weights --------------------------------------------------------------------------------


def prepared_ir(case: Case) -> str:
    """The op on a weight and bias that a cached function has prepared."""
    x = tensor((case["n"], case["h"], case["w"], case["c"]))
    w = tensor((case["c"], case["o"] // case["groups"], case["kh"], case["kw"]))
    rows = case["kh"] * case["kw"] * case["c"] // case["groups"]
    prepared, bias = tensor((1, 1, rows, case["o"])), tensor((1, 1, 1, case["o"]))
    y = tensor((case["n"], case["hout"], case["wout"], case["o"]))
    properties = conv_properties(case)
    extra = {
        "input_memory_config": "#ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>",
        "input_tensor_layout": "#ttnn.layout<tile>",
        "weights_format": '"IOHW"',
        "has_bias": "true",
        "input_dtype": "#ttcore.supportedDataTypes<f32>",
    }
    of_bias = {"output_padding", "mirror_kernel", "weights_format", "has_bias"}
    bias_properties = {k: v for k, v in (properties | extra).items() if k not in of_bias}
    device = f'%d = "ttnn.get_device"() : () -> {DEVICE}'
    prepare = generic_op(
        "ttnn.prepare_conv_transpose2d_weights",
        [("w", w), ("d", DEVICE)],
        properties | extra,
        [prepared],
    )
    prepare_bias = generic_op(
        "ttnn.prepare_conv_transpose2d_bias", [("b", bias), ("d", DEVICE)], bias_properties, [bias]
    )
    op = generic_op(
        "ttnn.conv_transpose2d",
        [("x", x), ("pw", prepared), ("pb", bias), ("d", DEVICE)],
        properties,
        [y],
    )
    return f"""
  func.func private @prepare(%w: {w}, %b: {bias}) -> ({prepared}, {bias}) {{
    {device}
    %pw = {prepare}
    %pb = {prepare_bias}
    return %pw, %pb : {prepared}, {bias}
  }}
  func.func @main(%x: {x}, %w: {w}, %b: {bias}) -> {y} {{
    {device}
    %pw, %pb = ttcore.load_cached(@prepare, [%w, %b]) : ({w}, {bias}) -> ({prepared}, {bias})
    %y = {op}
    return %y : {y}
  }}"""


@given(drawn_cases())
@settings(max_examples=40, deadline=None)
def test_a_prepared_weight_gives_what_the_raw_one_gives(case: Case) -> None:
    case = case | {"bias": True}
    values = operands(case)
    expected = run_one(conv_transpose2d_ir(case), *values)
    assert run_one(prepared_ir(case), *values).tolist() == expected.tolist()


@pytest.mark.parametrize("mirror", [True, False])
def test_the_rows_and_columns_of_a_prepared_weight(mirror: bool) -> None:
    """Row (kh, kw, c) and column o of the convolution kernel, whose flip is the mirrored weight."""
    from xdsl_ttnn.dialect.geometry.transposed import (
        ConvTranspose2dGeometry,
        TransposedAxis,
    )

    geometry = ConvTranspose2dGeometry(1, 4, 6, 2, TransposedAxis(3, 3), TransposedAxis(3, 2))
    weight = integers(geometry.weight_shape, 1)
    prepared = prepare_weight(weight, geometry, mirror=mirror)
    assert prepared.shape == (1, 1, 3 * 2 * 2, 6)
    for kh, kw, c, o in itertools.product(range(3), range(2), range(2), range(6)):
        tap = (2 - kh, 1 - kw) if mirror else (kh, kw)
        assert prepared[0, 0, (kh * 2 + kw) * 2 + c, o] == weight[o // 3 * 2 + c, o % 3, *tap]


# The bound ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", FLOATS)
def test_the_bound_holds_and_is_not_slack(type_: str) -> None:
    from xdsl_ttnn.dialect.geometry.transposed import (
        ConvTranspose2dGeometry,
        TransposedAxis,
    )
    from xdsl_ttnn.interpreter import forward_error_bound

    case = make_case(h=4, w=3, c=64, o=4, kh=3, kw=2, sh=2, sw=1, bias=True)
    geometry = ConvTranspose2dGeometry(
        1, 64, 4, 1, TransposedAxis(4, 3, 2), TransposedAxis(3, 2, 1)
    )
    dtype = FLOATS[type_]
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(a.shape).astype(dtype) for a in operands(case))
    ir = conv_transpose2d_ir(case, type_)
    error = np.abs(run_one(ir, x, w, b).astype(np.float64) - run_one(ir, x, w, b, accumulate="f64"))
    bound = forward_error_bound(x, w, b, geometry, np.dtype(dtype))
    assert bound.shape == error.shape
    assert (error <= bound).all()
    assert error.max() > bound.max() / 10_000
    assert forward_error_bound(
        x.astype(np.int32), w.astype(np.int32), None, geometry, np.dtype(np.int32)
    ).max() == 0  # fmt: skip
