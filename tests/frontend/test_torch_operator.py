"""The torch operator of this project against torch: values, gradients, tracing, memory."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import Case, case_id, is_rejected, load_cases
from support.references import integer_arrays, macs_with_zeros, normal_arrays, torch_expresses
from support.torch_models import MIXED, assert_same_bits, torch_operands, torch_parameters

REASON = "torch is not installed"
QUICK_MACS = 3_000_000
SLOW_MACS = 200_000_000
EXPRESSED = [
    case
    for case in (*load_cases("cover"), *load_cases("public"))
    if not is_rejected(case) and torch_expresses(case) and macs_with_zeros(case) <= SLOW_MACS
]


@pytest.fixture(scope="module")
def torch() -> Any:
    return pytest.importorskip("torch", reason=REASON)


@pytest.fixture(scope="module")
def door(torch: Any) -> Any:
    from xdsl_ttnn.frontend import torch_modules

    return torch_modules


def _cases(cases: list[Case]) -> list[Any]:
    slow = [pytest.mark.slow]
    return [
        pytest.param(
            case, id=case_id(case), marks=slow if macs_with_zeros(case) > QUICK_MACS else []
        )
        for case in cases
    ]


def test_enough_cases_are_expressed() -> None:
    assert len(EXPRESSED) > 270


@pytest.mark.parametrize("case", _cases(EXPRESSED))
def test_recorded_cases_on_integers(case: Case, torch: Any, door: Any) -> None:
    operands = torch_operands(torch, case, integer_arrays(case))
    expected = torch.conv_transpose2d(*operands, **torch_parameters(case))

    result = door.conv_transpose2d(*operands, **torch_parameters(case))

    assert_same_bits(torch, result, expected)


@pytest.mark.parametrize("element_type", ["bf16", "f16", "f64", "i8", "i32", "ui8"])
def test_element_types_on_integers(element_type: str, torch: Any, door: Any) -> None:
    arrays = integer_arrays(MIXED, element_type, bounds=(0, 3))
    operands = torch_operands(torch, MIXED, arrays)
    wide = [operand.to(torch.float64) for operand in operands]
    expected = torch.conv_transpose2d(*wide, **torch_parameters(MIXED))

    result = door.conv_transpose2d(*operands, **torch_parameters(MIXED))

    assert result.dtype == operands[0].dtype
    assert expected.abs().max() < 128
    assert_same_bits(torch, result, expected.to(result.dtype))


@pytest.mark.parametrize(("element_type", "relative"), [("bf16", 2**-8), ("f16", 2**-11)])
def test_narrow_floats_are_rounded_once(
    element_type: str, relative: float, torch: Any, door: Any
) -> None:
    operands = torch_operands(torch, MIXED, normal_arrays(MIXED, element_type))
    wide = [operand.to(torch.float64) for operand in operands]
    expected = torch.conv_transpose2d(*wide, **torch_parameters(MIXED))

    result = door.conv_transpose2d(*operands, **torch_parameters(MIXED)).to(torch.float64)

    # Half a unit in the last place of each element, and what summing in f32 adds.
    errors = (result - expected).abs()
    assert (errors <= relative * expected.abs() + 1e-6).all()


def test_one_dimension(torch: Any, door: Any) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(-4, 5, (2, 4, 7), generator=generator).float()
    w = torch.randint(-4, 5, (4, 3, 5), generator=generator).float()
    b = torch.randint(-4, 5, (6,), generator=generator).float()
    for arguments in ((3, 2, 1, 2, 2), ((3,), (2,), (1,), 2, (2,))):
        expected = torch.conv_transpose1d(x, w, b, *arguments)

        assert_same_bits(torch, door.conv_transpose1d(x, w, b, *arguments), expected)


def test_without_a_batch(torch: Any, door: Any) -> None:
    x, w, b = torch_operands(torch, MIXED, integer_arrays(MIXED))
    parameters = torch_parameters(MIXED)

    image = door.conv_transpose2d(x[1], w, b, **parameters)
    signal = door.conv_transpose1d(x[1, :, 0], w[:, :, 0], b, groups=2)

    assert_same_bits(torch, image, torch.conv_transpose2d(x[1], w, b, **parameters))
    assert_same_bits(torch, signal, torch.conv_transpose1d(x[1, :, 0], w[:, :, 0], b, groups=2))


def test_an_empty_batch(torch: Any, door: Any) -> None:
    x, w, b = torch_operands(torch, MIXED, integer_arrays(MIXED))
    parameters = torch_parameters(MIXED)

    result = door.conv_transpose2d(x[:0], w, b, **parameters)

    assert result.shape == torch.conv_transpose2d(x[:0], w, b, **parameters).shape


@pytest.mark.parametrize("layout", ["channels last", "every other", "expanded", "transposed"])
def test_strides(layout: str, torch: Any, door: Any) -> None:
    x, w, b = torch_operands(torch, MIXED, integer_arrays(MIXED))
    parameters = torch_parameters(MIXED)
    x = {
        "channels last": lambda: x.contiguous(memory_format=torch.channels_last),
        "every other": lambda: torch.cat([x, -x], 3)[..., ::2],
        "expanded": lambda: x[:1].expand(3, -1, -1, -1),
        "transposed": lambda: x.transpose(2, 3),
    }[layout]()

    result = door.conv_transpose2d(x, w, b, **parameters)

    assert_same_bits(torch, result, torch.conv_transpose2d(x, w, b, **parameters))


@pytest.mark.parametrize("element_type", ["f32", "bf16", "i32"])
def test_nothing_is_copied(
    element_type: str, torch: Any, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xdsl_ttnn.frontend.torch_modules import operator

    seen: list[np.ndarray] = []
    compute = operator.run

    def spy(kind: Any, *arrays: Any) -> np.ndarray:
        result = compute(kind, *arrays)
        seen.extend((*arrays[:3], result))
        return result

    monkeypatch.setattr(operator, "run", spy)
    operands = torch_operands(torch, MIXED, integer_arrays(MIXED, element_type))

    result = door.conv_transpose2d(*operands, **torch_parameters(MIXED))

    x, w, b, y = seen
    assert x.shape == (2, 5, 4, 6) and y.shape == (2, MIXED["hout"], MIXED["wout"], 4)
    for tensor, array in zip((*operands, result), (x, w, b, y), strict=True):
        assert tensor.data_ptr() == array.ctypes.data
        assert tensor.numel() == array.size
    assert result.is_contiguous(memory_format=torch.channels_last)


def _leaves(torch: Any, case: Case) -> list[Any]:
    operands = torch_operands(torch, case, normal_arrays(case, "f64"))
    return [operand.requires_grad_() for operand in operands]


def test_gradients_of_both_orders(torch: Any, door: Any) -> None:
    small = MIXED | {"h": 2, "w": 2, "n": 1, "c": 2, "o": 2}
    leaves, parameters = _leaves(torch, small), torch_parameters(small)

    def function(*operands: Any) -> Any:
        return door.conv_transpose2d(*operands, **parameters)

    assert torch.autograd.gradcheck(function, leaves, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(function, leaves)


@pytest.mark.parametrize("wanted", [(True, False, False), (False, True, True), (True, True, True)])
def test_gradients_are_those_of_eager(wanted: tuple[bool, ...], torch: Any, door: Any) -> None:
    parameters = torch_parameters(MIXED)
    gradients: list[list[Any]] = []
    for function in (torch.conv_transpose2d, door.conv_transpose2d):
        operands = torch_operands(torch, MIXED, integer_arrays(MIXED))
        for operand, is_wanted in zip(operands, wanted, strict=True):
            operand.requires_grad_(is_wanted)
        result = function(*operands, **parameters)
        weights = torch.arange(result.numel()).reshape(result.shape).remainder(7)
        (result * weights).sum().backward()
        gradients.append([operand.grad for operand in operands])

    for ours, theirs, is_wanted in zip(*reversed(gradients), wanted, strict=True):
        assert (ours is not None) == is_wanted
        if is_wanted:
            assert_same_bits(torch, ours, theirs)


def test_forward_mode(torch: Any, door: Any) -> None:
    primals = torch_operands(torch, MIXED, integer_arrays(MIXED))
    tangents = torch_operands(torch, MIXED, integer_arrays(MIXED, seed=1))
    parameters = torch_parameters(MIXED)

    def derivative(convolve: Any) -> Any:
        return torch.func.jvp(partial(convolve, **parameters), primals, tangents)

    results, expected = map(derivative, (door.conv_transpose2d, torch.conv_transpose2d))

    for result, wanted in zip(results, expected, strict=True):
        assert_same_bits(torch, result, wanted)


def test_the_operator_itself_refuses_tangents(torch: Any, door: Any) -> None:
    operator = torch.ops.xdsl_ttnn.conv_transpose2d
    x, w = torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2)

    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x, x)
        with pytest.raises(ValueError, match="expected tensors without tangents, got one"):
            operator(dual, w, None, (1, 1), (0, 0), (0, 0), 1, (1, 1))


def test_what_traces_it_is_told_the_truth(torch: Any, door: Any) -> None:
    operator = torch.ops.xdsl_ttnn.conv_transpose2d.default
    leaves = _leaves(torch, MIXED)

    outcome = torch.library.opcheck(
        operator, (*leaves, (2, 3), (1, 0), (1, 2), 2, (2, 1)), {"floor": "linalg"}
    )

    assert set(outcome.values()) == {"SUCCESS"}


def test_exports(torch: Any, door: Any) -> None:
    x, w, b = torch_operands(torch, MIXED, integer_arrays(MIXED))

    class Model(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return door.conv_transpose2d(x, w, b, **torch_parameters(MIXED))

    exported = torch.export.export(Model(), (x,), strict=False)

    assert "xdsl_ttnn.conv_transpose2d" in str(exported.graph)
    assert_same_bits(torch, exported.module()(x), Model()(x))


def test_maps_over_a_new_axis(torch: Any, door: Any) -> None:
    x, w, b = torch_operands(torch, MIXED, integer_arrays(MIXED))
    several, parameters = torch.stack([x, -x, 2 * x]), torch_parameters(MIXED)

    result = torch.func.vmap(lambda one: door.conv_transpose2d(one, w, b, **parameters))(several)

    expected = torch.stack([torch.conv_transpose2d(one, w, b, **parameters) for one in several])
    assert_same_bits(torch, result, expected)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_autocast(dtype: str, torch: Any, door: Any) -> None:
    operands = torch_operands(torch, MIXED, integer_arrays(MIXED))
    parameters = torch_parameters(MIXED)

    with torch.autocast("cpu", getattr(torch, dtype)):
        result = door.conv_transpose2d(*operands, **parameters)
        expected = torch.conv_transpose2d(*operands, **parameters)

    assert result.dtype == getattr(torch, dtype)
    assert_same_bits(torch, result, expected)


def test_inference_mode(torch: Any, door: Any) -> None:
    with torch.inference_mode():
        operands = torch_operands(torch, MIXED, integer_arrays(MIXED))
        result = door.conv_transpose2d(*operands, **torch_parameters(MIXED))

        assert_same_bits(
            torch, result, torch.conv_transpose2d(*operands, **torch_parameters(MIXED))
        )


def test_refusals_are_value_errors(torch: Any, door: Any) -> None:
    x, w = torch.ones(1, 4, 3, 3), torch.ones(4, 2, 3, 3)

    with pytest.raises(ValueError, match=r"padding: expected at least 0, got \[-1, 0\]"):
        door.conv_transpose2d(x, w, padding=(-1, 0))
    with pytest.raises(ValueError, match=r"complex64"):
        door.conv_transpose2d(x.to(torch.complex64), w.to(torch.complex64))


def test_every_option_is_passed_on(torch: Any, door: Any) -> None:
    x, w = torch.ones(1, 4, 3, 3), torch.ones(4, 2, 3, 3)

    for option, value in (("floor", "attic"), ("strategy", "hope"), ("backend", "abacus")):
        with pytest.raises(ValueError, match=rf"{option}.*'{value}'"):
            door.conv_transpose2d(x, w, **{option: value})
    with pytest.raises(ValueError, match="threads: expected at least 1, got 0"):
        door.conv_transpose2d(x, w, threads=0)


@st.composite
def layers(draw: st.DrawFn) -> tuple[dict[str, Any], tuple[int, int, int, int]]:
    """The arguments of an `nn.ConvTranspose2d`, and the shape of an input with some output."""

    def pair(low: int, high: int) -> tuple[int, int]:
        return draw(st.tuples(*[st.integers(low, high)] * 2))

    groups = draw(st.integers(1, 3))
    kernel, stride, dilation, size = pair(1, 4), pair(1, 4), pair(1, 3), pair(1, 5)
    limits = [max(pair) - 1 for pair in zip(stride, dilation, strict=True)]
    output_padding = tuple(draw(st.integers(0, limit)) for limit in limits)
    extents = [
        (n - 1) * s + d * (k - 1) + extra + 1
        for n, s, d, k, extra in zip(size, stride, dilation, kernel, output_padding, strict=True)
    ]
    padding = tuple(draw(st.integers(0, (extent - 1) // 2)) for extent in extents)
    arguments = {
        "in_channels": groups * draw(st.integers(1, 3)),
        "out_channels": groups * draw(st.integers(1, 3)),
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "groups": groups,
        "bias": draw(st.booleans()),
        "dilation": dilation,
    }
    return arguments, (draw(st.integers(1, 3)), arguments["in_channels"], *size)


@settings(max_examples=60, deadline=None)
@given(layers(), st.sampled_from(["ttnn", "decomposed", "linalg", "loops"]), st.integers(0, 99))
def test_any_layer(
    torch: Any, door: Any, layer: tuple[dict[str, Any], Any], floor: str, seed: int
) -> None:
    arguments, shape = layer
    generator = torch.Generator().manual_seed(seed)
    module = torch.nn.ConvTranspose2d(**arguments)
    for parameter in module.parameters():
        parameter.data = torch.randint(-4, 5, parameter.shape, generator=generator).float()
    x = torch.randint(-4, 5, shape, generator=generator).float()

    result = door.conv_transpose2d(
        *(x, module.weight, module.bias, module.stride, module.padding, module.output_padding),
        *(module.groups, module.dilation),
        floor=floor,
    )

    assert_same_bits(torch, result, module(x))
