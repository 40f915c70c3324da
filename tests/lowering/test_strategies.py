"""Every strategy gives the same bits at every floor, and executes what it says."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp
from xdsl.utils.exceptions import PassFailedException

from support import Case, case_id, conv_transpose2d_ir, load_cases, make_case
from support.floors import assert_equal_bits, lowered, parsed, run_after
from support.references import brute_force, integer_arrays, onnx_expresses, onnxruntime_result
from xdsl_ttnn.dialect.ttnn import ConvTranspose2dOp
from xdsl_ttnn.passes.strategies.registry import find, own_names

STRATEGIES = tuple(name for name in own_names() if name != "zero-insert")
"""Beside zero-insert, which the other tests of this folder use."""

COVER = load_cases("cover")
every_case = pytest.mark.parametrize("case", COVER, ids=case_id)
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES)

FLOORS = ("decomposed", "linalg", "loops")


def geometry_of(case: Case):
    (op,) = (
        op for op in parsed(conv_transpose2d_ir(case)).walk() if isinstance(op, ConvTranspose2dOp)
    )
    return op.geometry()


def takes(strategy: str, case: Case) -> bool:
    return find(strategy).refusal(geometry_of(case)) is None


def expect_taken(strategy: str, case: Case) -> None:
    """Skip what a strategy with a domain of its own refuses; those of the pages take it."""
    if strategy not in ("sub-pixel", "gemm-col2im", "matmul") and not takes(strategy, case):
        pytest.skip("not in the domain of the strategy")


def results(case: Case, strategy: str, element_type: str = "f32", **ir: object):
    """(floor, result) of every floor."""
    module = parsed(conv_transpose2d_ir(case, element_type, **ir))
    arrays = integer_arrays(case, element_type)
    for floor in FLOORS:
        yield floor, run_after(module, f"ttnn-to-{floor}{{strategy={strategy}}}", arrays)


def test_matmul_takes_a_part_of_cover() -> None:
    assert sum(takes("matmul", case) for case in COVER) == 12


@every_strategy
@every_case
def test_cover(case: Case, strategy: str) -> None:
    if not takes(strategy, case):
        taking = r"sub-pixel, gemm-col2im(, | and )zero-insert.* take it$"
        with pytest.raises(PassFailedException, match=rf"for strategy {strategy}, got .*{taking}"):
            list(results(case, strategy))
        return
    expected = brute_force(case, **integer_arrays(case)).astype(np.float32)

    for floor, result in results(case, strategy):
        assert_equal_bits(result, expected, f"{strategy}, {floor}")


@every_strategy
@pytest.mark.parametrize("element_type", ["bf16", "i32"])
def test_element_types(strategy: str, element_type: str) -> None:
    case = make_case(n=2, h=3, w=4, c=4, o=6, kh=2, kw=3, sh=2, sw=3, groups=2, bias=True, opw=1)
    expect_taken(strategy, case)
    expected = brute_force(case, **integer_arrays(case, element_type))

    for floor, result in results(case, strategy, element_type):
        assert_equal_bits(result, expected.astype(result.dtype), f"{strategy}, {floor}")


@every_strategy
@pytest.mark.parametrize("mirror", [True, False])
@pytest.mark.parametrize("name", ["relu", "relu6"])
def test_mirror_and_activation(strategy: str, mirror: bool, name: str) -> None:
    case = make_case(h=4, w=3, c=3, o=2, kh=2, kw=1, sh=3, sw=2, bias=True, mirror_kernel=mirror)
    expect_taken(strategy, case)
    config = f"#ttnn.conv2d_config<activation = <op_type = {name}>>"
    properties = {"conv2d_config": config}
    module = parsed(conv_transpose2d_ir(case, properties=properties))
    expected = run_after(module, "", integer_arrays(case))

    for floor, result in results(case, strategy, properties=properties):
        assert_equal_bits(result, expected, f"{strategy}, {floor}")


@every_strategy
def test_outputs_that_no_tap_reaches_hold_the_activated_bias(strategy: str) -> None:
    """Sigmoid maps zero to a half: also where there is no bias."""
    case = make_case(h=2, w=2, c=1, o=1, kh=1, kw=1, sh=3, sw=3, oph=1, opw=2)
    expect_taken(strategy, case)
    config = "#ttnn.conv2d_config<activation = <op_type = sigmoid>>"
    module = parsed(conv_transpose2d_ir(case, properties={"conv2d_config": config}))
    arrays = integer_arrays(case)

    for floor in FLOORS:
        pipeline = f"ttnn-to-{floor}{{strategy={strategy}}}"
        result = run_after(module, pipeline, arrays)
        assert result[0, 1, 1, 0] == np.float32(0.5)
        np.testing.assert_allclose(result, run_after(module, "", arrays), rtol=1e-6)


@every_strategy
def test_unknown_fields_of_a_configuration_are_refused(strategy: str) -> None:
    case = make_case(h=2, w=2, c=1, o=1, kh=1, kw=1, bias=True)
    expect_taken(strategy, case)
    properties = {"conv2d_config": "#ttnn.conv2d_config<activaton = <op_type = relu>>"}

    with pytest.raises(PassFailedException, match="known fields in conv2d_config, got activaton"):
        list(results(case, strategy, properties=properties))


def largest_temporary(strategy: str, case: Case) -> int:
    """Elements of the largest tensor of a call at the linalg floor, the result's shape apart."""
    pipeline = f"ttnn-to-linalg{{strategy={strategy}}},hoist-weight-preparation{{arguments=1,2}}"
    module = lowered(conv_transpose2d_ir(case), pipeline)
    (main,) = (op for op in module.walk() if isinstance(op, FuncOp) and op.sym_name.data == "main")
    types = [value.type for op in main.walk() for value in op.results]
    shapes = [type_.get_shape() for type_ in types if isinstance(type_, TensorType)]
    result = (case["n"], case["hout"], case["wout"], case["o"])
    return max(prod(shape) for shape in shapes if shape != result)


def test_sub_pixel_needs_a_quarter_of_the_memory() -> None:
    (case,) = (
        case for case in load_cases("model-zoo") if case["name"] == "superres_4x_large_kernel"
    )

    assert largest_temporary("zero-insert", case) == 135 * 135 * 64
    assert largest_temporary("sub-pixel", case) == 32 * 32 * 256


@st.composite
def matrix_cases(draw: st.DrawFn) -> Case:
    """The minimum matrix of attributes: axes apart, batch above 1, four different pads."""
    fields: dict[str, object] = {"n": 2, "h": 3, "w": draw(st.integers(1, 4))}
    groups = draw(st.sampled_from((1, 2, 4)))
    fields |= {"c": 4, "o": 4 * draw(st.sampled_from((1, 2))) // (2 if groups < 4 else 1)}
    pads: list[int] = []
    for axis in "hw":
        kernel, dilation = draw(st.sampled_from((1, 2, 3, 4, 7))), draw(st.sampled_from((1, 2, 3)))
        stride = draw(st.sampled_from((1, 2, 3, 5)))
        reach = dilation * (kernel - 1)
        fields |= {f"k{axis}": kernel, f"d{axis}": dilation, f"s{axis}": stride}
        fields[f"op{axis}"] = draw(st.sampled_from((0, 1, stride - 1, stride + 1)))
        pads += [draw(st.sampled_from((0, 1, reach, reach + 1))) for _ in range(2)]
    fields |= {"groups": groups, "padding": pads, "bias": draw(st.booleans())}
    return make_case(**fields, mirror_kernel=draw(st.booleans()))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=matrix_cases(), strategy=st.sampled_from(STRATEGIES))
def test_matrix(case: Case, strategy: str) -> None:
    if case["hout"] < 1 or case["wout"] < 1 or not takes(strategy, case):
        return
    expected = brute_force(case, **integer_arrays(case)).astype(np.float32)
    for floor, result in results(case, strategy):
        assert_equal_bits(result, expected, f"{strategy}, {floor}")


@pytest.mark.slow
@every_strategy
@pytest.mark.parametrize("case", load_cases("public"), ids=case_id)
def test_public(case: Case, strategy: str) -> None:
    """Up to 20 M useful multiply-adds, against onnxruntime where it can say the op."""
    from support import is_rejected

    if is_rejected(case) or case["macs"] > 20_000_000 or not takes(strategy, case):
        pytest.skip("rejected, large, or not in the strategy's domain")
    module, arrays = parsed(conv_transpose2d_ir(case)), integer_arrays(case)
    expected = run_after(module, "", arrays)
    if onnx_expresses(case):
        assert_equal_bits(onnxruntime_result(case, **arrays), expected)
    for floor, result in results(case, strategy):
        assert_equal_bits(result, expected, f"{strategy}, {floor}")
