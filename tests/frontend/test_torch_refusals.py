"""What torch's functions refuse, this project's refuse with the same kind of error, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.torch_models import assert_same_bits


@pytest.fixture(scope="module")
def torch() -> Any:
    return pytest.importorskip("torch", reason="torch is not installed")


@pytest.fixture(scope="module")
def door(torch: Any) -> Any:
    from xdsl_ttnn.frontend import torch_modules

    return torch_modules


def whole(torch: Any, *shape: int) -> Any:
    """The same small whole numbers every time."""
    size = torch.Size(shape).numel()
    return (torch.arange(size) * 7 % 11 - 5).reshape(shape).float()


def image_operands(torch: Any, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Operands and parameters of a call that is fine but for the changes.

    A tuple of sizes makes an operand, a function one of what would have been there.
    """
    given: dict[str, Any] = {"input": (1, 4, 5, 6), "weight": (4, 3, 2, 2), "bias": None}
    parameters = {name: value for name, value in changes.items() if name not in given}
    for name, shape in given.items():
        change = changes.get(name, shape)
        operand = whole(torch, *shape) if shape is not None else whole(torch, 3)
        if isinstance(change, tuple):
            operand = whole(torch, *change)
        elif callable(change):
            operand = change(operand)
        given[name] = None if name == "bias" and "bias" not in changes else operand
    return given, parameters


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "weight-double": (
        {"weight": lambda w: w.double()},
        "weight: expected elements of torch.float32, as the input has, got torch.float64",
    ),
    "weight-bf16": (
        {"weight": lambda w: w.bfloat16()},
        "weight: expected elements of torch.float32, as the input has, got torch.bfloat16",
    ),
    "input-double": (
        {"input": lambda x: x.double()},
        "weight: expected elements of torch.float64, as the input has, got torch.float32",
    ),
    "booleans": (
        {"input": lambda x: x.bool(), "weight": lambda w: w.bool()},
        "int64, uint8, got torch.bool",
    ),
    "stride-3": ({"stride": (1, 2, 3)}, "stride: expected 1 or 2 values, got [1, 2, 3]"),
    "stride-none": ({"stride": ()}, "stride: expected 1 or 2 values, got []"),
    "stride-zero": ({"stride": (0, 1)}, "stride: expected at least 1, got [0, 1]"),
    "stride-negative": ({"stride": -1}, "stride: expected at least 1, got [-1, -1]"),
    "stride-large": ({"stride": 2**31}, "stride: expected 32 bits, got [2147483648, 2147483648]"),
    "padding-3": ({"padding": [1, 1, 1]}, "padding: expected 1 or 2 values, got [1, 1, 1]"),
    "padding-negative": ({"padding": (0, -1)}, "padding: expected at least 0, got [0, -1]"),
    "padding-all": ({"padding": 3}, "expected an output of at least 1x1, got 0x1"),
    "padding-rows": ({"padding": (3, 0)}, "expected an output of at least 1x1, got 0x7"),
    "padding-columns": ({"padding": (0, 9)}, "expected an output of at least 1x1, got 6x-11"),
    "extra-3": ({"output_padding": (0,) * 3}, "output_padding: expected 1 or 2 values, got [0, 0"),
    "extra-negative": ({"output_padding": -1}, "output_padding: expected at least 0, got [-1, -1"),
    "dilation-3": ({"dilation": (1,) * 3}, "dilation: expected 1 or 2 values, got [1, 1, 1]"),
    "dilation-zero": ({"dilation": (1, 0)}, "dilation: expected at least 1, got [1, 0]"),
    "groups-zero": ({"groups": 0}, "groups: expected at least 1, got [0]"),
    "groups-negative": ({"groups": -2}, "groups: expected at least 1, got [-2]"),
    "groups-3": ({"groups": 3}, "groups: expected a divisor of 4 input channels, got 3"),
    "groups-8": ({"groups": 8}, "groups: expected a divisor of 4 input channels, got 8"),
    "bias-channels": ({"bias": (4,)}, "bias: expected (3,), one a channel, got 4"),
    "bias-one": ({"bias": (1,)}, "bias: expected (3,), one a channel, got 1"),
    "bias-rank": ({"bias": (1, 1, 1, 3)}, "bias: expected (3,), one a channel, got 1x1x1x3"),
    "bias-scalar": ({"bias": lambda b: b[0]}, "bias: expected (3,), one a channel, got a scalar"),
    "channels": ({"weight": (3, 3, 2, 2)}, "input: expected 3 channels, as the weight has, got 1"),
    "weight-signal": ({"weight": (4, 3, 2)}, "weight: expected (C, O/G, KH, KW), got 4x3x2"),
    "weight-volume": ({"weight": (4, 3, 2, 2, 2)}, "weight: expected (C, O/G, KH, KW), got 4x3x2"),
    "input-matrix": ({"input": (5, 6)}, "input: expected (C, H, W) or (N, C, H, W), got 5x6"),
    "input-volume": ({"input": (1, 1, 4, 5, 6)}, "input: expected (C, H, W) or (N, C, H, W), got"),
    "no-batch": ({"input": (3, 5, 6)}, "input: expected 4 channels, as the weight has, got 1x3x"),
    "no-channels": (
        {"input": (1, 0, 5, 6), "weight": (0, 3, 2, 2)},
        "groups: expected a divisor of 0 input channels, got 1",
    ),
    "no-rows": ({"input": (1, 4, 0, 6)}, "input: expected at least one row, got 1x4x0x6"),
    "no-columns": ({"input": (1, 4, 5, 0)}, "input: expected at least one column, got 1x4x5x0"),
    "no-outputs": ({"weight": (4, 0, 2, 2)}, "weight: expected output channels and taps, got 4x0"),
    "no-taps": ({"weight": (4, 3, 0, 2)}, "weight: expected output channels and taps, got 4x3x0"),
    "empty-batch": (
        {"input": (0, 3, 5, 6)},
        "input: expected 4 channels, as the weight has, got 0",
    ),
    "stride-float": ({"stride": 1.5}, "stride: expected a whole number, got 1.5"),
    "stride-floats": ({"stride": (1.5, 1)}, "stride: expected a whole number, got 1.5"),
    "stride-truth": ({"stride": True}, "stride: expected a whole number, got True"),
    "padding-word": ({"padding": "same"}, "padding: expected a whole number, got 'same'"),
    "dilation-none": ({"dilation": None}, "dilation: expected a whole number, got None"),
    "groups-float": ({"groups": 4.0}, "groups: expected a whole number, got 4.0"),
    "weight-none": (
        {"weight": lambda w: None},
        "conv_transpose2d: weight: expected a Tensor, got NoneType",
    ),
    "weight-array": (
        {"weight": lambda w: w.numpy()},
        "conv_transpose2d: weight: expected a Tensor, got ndarray",
    ),
}


def raised(function: Callable[..., Any], operands: dict[str, Any], **parameters: Any) -> Exception:
    with pytest.raises((RuntimeError, TypeError)) as caught:
        function(**operands, **parameters)
    return caught.value


@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses_is_refused(name: str, torch: Any, door: Any) -> None:
    changes, message = REFUSED[name]
    operands, parameters = image_operands(torch, **changes)
    theirs = raised(torch.nn.functional.conv_transpose2d, operands, **parameters)

    ours = raised(door.conv_transpose2d, operands, **parameters)

    kind = RuntimeError if isinstance(theirs, RuntimeError) else TypeError
    assert isinstance(ours, kind)
    assert isinstance(ours, ValueError) == (kind is RuntimeError)
    assert message in str(ours)
    assert "got" in str(ours) and "expected" in str(ours)


def without_elements(torch: Any, operands: dict[str, Any], mode: Any = None) -> dict[str, Any]:
    """The operands as fake tensors of a mode, or on the device `meta`."""
    make = (lambda value: value.to("meta")) if mode is None else mode.from_tensor
    return {
        name: make(operand) if isinstance(operand, torch.Tensor) else operand
        for name, operand in operands.items()
    }


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_before_there_are_elements(name: str, torch: Any, door: Any) -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    changes, message = REFUSED[name]
    operands, parameters = image_operands(torch, **changes)
    mode = FakeTensorMode()

    on_meta = raised(door.conv_transpose2d, without_elements(torch, operands), **parameters)
    with mode:
        fake = raised(door.conv_transpose2d, without_elements(torch, operands, mode), **parameters)

    assert message in str(on_meta) and message in str(fake)


@pytest.mark.parametrize("name", ["weight-double", "stride-3", "bias-rank", "groups-3", "no-rows"])
def test_the_operator_itself_refuses(name: str, torch: Any, door: Any) -> None:
    changes, message = REFUSED[name]
    operands, parameters = image_operands(torch, **changes)
    lists = {"stride": [1], "padding": [0], "output_padding": [0], "groups": 1, "dilation": [1]}

    ours = raised(torch.ops.xdsl_ttnn.conv_transpose2d, operands, **(lists | parameters))

    assert message in str(ours)


SIGNALS: dict[str, tuple[tuple[tuple[int, ...], tuple[int, ...]], dict[str, Any], str]] = {
    "stride-2": (
        ((1, 4, 5), (4, 3, 2)),
        {"stride": (1, 2)},
        "stride: expected 1 value, got [1, 2]",
    ),
    "stride-none": (((1, 4, 5), (4, 3, 2)), {"stride": ()}, "stride: expected 1 value, got []"),
    "weight": (((1, 4, 5), (4, 3, 2, 2)), {}, "and a weight of rank 3, got 1x4x5 and 4x3x2x2"),
    "image": (((1, 4, 5, 5), (4, 3, 2)), {}, "expected (C, W) or (N, C, W) and a weight"),
    "vector": (((5,), (4, 3, 2)), {}, "expected (C, W) or (N, C, W) and a weight of rank 3, got 5"),
    "channels": (((1, 3, 5), (4, 3, 2)), {}, "input: expected 4 channels, as the weight has, got"),
    "padding": (((1, 4, 5), (4, 3, 2)), {"padding": 9}, "expected an output of at least 1x1, got"),
}


@pytest.mark.parametrize("name", SIGNALS)
def test_signals(name: str, torch: Any, door: Any) -> None:
    shapes, parameters, message = SIGNALS[name]
    operands = dict(zip(("input", "weight"), (whole(torch, *s) for s in shapes), strict=True))
    raised(torch.nn.functional.conv_transpose1d, operands, **parameters)

    ours = raised(door.conv_transpose1d, operands, **parameters)

    assert isinstance(ours, RuntimeError) and message in str(ours)


# What torch takes --------------------------------------------------------------------------------

TAKEN: dict[str, dict[str, Any]] = {
    "lists of one": {"stride": (2,), "padding": [1], "output_padding": (1,), "dilation": [2]},
    "no batch": {"input": (4, 5, 6)},
    "an empty batch": {"input": (0, 4, 5, 6)},
    "a bias of f64": {"bias": lambda b: b.double()},
    "a bias of bf16": {"bias": lambda b: b.bfloat16()},
    "output padding of the dilation": {"output_padding": 1, "dilation": 2},
    "integers of 64 bits": {"input": lambda x: x.long(), "weight": lambda w: w.long()},
    "four groups": {"groups": 4},
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_torch_takes_is_taken(name: str, torch: Any, door: Any) -> None:
    operands, parameters = image_operands(torch, **TAKEN[name])
    expected = torch.nn.functional.conv_transpose2d(**operands, **parameters)

    assert_same_bits(torch, door.conv_transpose2d(**operands, **parameters), expected)

    on_meta = door.conv_transpose2d(**without_elements(torch, operands), **parameters)
    assert (on_meta.shape, on_meta.dtype) == (expected.shape, expected.dtype)


def test_a_number_may_be_a_tensor(torch: Any, door: Any) -> None:
    operands, _ = image_operands(torch)
    two = torch.tensor(2)

    result = door.conv_transpose2d(**operands, stride=two, padding=(torch.tensor(1), 0))

    expected = torch.nn.functional.conv_transpose2d(**operands, stride=2, padding=(1, 0))
    assert_same_bits(torch, result, expected)


# What only this project takes --------------------------------------------------------------------

BEYOND: dict[str, dict[str, Any]] = {
    "one axis": {"stride": (2, 1), "output_padding": (0, 1)},
    "more than the padding": {"stride": 2, "padding": 1, "output_padding": (3, 5)},
    "less than the padding": {"stride": 2, "padding": 3, "output_padding": 2, "dilation": (1, 2)},
    "as much as the padding": {"stride": 2, "padding": (3, 2), "output_padding": (3, 2)},
    "groups": {"stride": (1, 2), "output_padding": 4, "groups": 2, "dilation": (3, 1)},
}
"""Output paddings of the stride and more: what is behind the last tap holds the bias."""


def in_two_steps(torch: Any, operands: list[Any], parameters: dict[str, Any]) -> Any:
    """The same from torch's own functions: everything that taps reach, cut and padded."""
    pairs = {
        name: given if isinstance(given, tuple) else (given, given)
        for name, given in parameters.items()
    }
    moves = {name: pairs[name] for name in ("stride", "dilation") if name in pairs}
    x, w, b = operands
    whole = torch.nn.functional.conv_transpose2d(
        x, w, None, groups=parameters.get("groups", 1), **moves
    )
    pads, extra = pairs.get("padding", (0, 0)), pairs["output_padding"]
    around = [-pads[1], extra[1] - pads[1], -pads[0], extra[0] - pads[0]]
    return torch.nn.functional.pad(whole, around) + b.reshape(-1, 1, 1)


@pytest.mark.parametrize("name", BEYOND)
def test_output_padding_of_the_stride_and_more(name: str, torch: Any, door: Any) -> None:
    parameters = BEYOND[name]
    outputs = 3 * parameters.get("groups", 1)
    shapes = ((2, 4, 5, 6), (4, 3, 2, 3), (outputs,))
    with pytest.raises(RuntimeError, match="output padding must be smaller"):
        torch.nn.functional.conv_transpose2d(*(whole(torch, *s) for s in shapes), **parameters)

    gradients: list[list[Any]] = []
    results: list[Any] = []
    for function in (door.conv_transpose2d, None):
        leaves = [whole(torch, *shape).requires_grad_() for shape in shapes]
        if function is None:
            result = in_two_steps(torch, leaves, parameters)
        else:
            result = function(*leaves, **parameters)
        weights = torch.arange(result.numel()).reshape(result.shape).remainder(7)
        (result * weights).sum().backward()
        results.append(result.detach())
        gradients.append([leaf.grad for leaf in leaves])

    assert_same_bits(torch, *results)
    for ours, theirs in zip(*gradients, strict=True):
        assert_same_bits(torch, ours, theirs)


def test_their_gradients_of_both_orders(torch: Any, door: Any) -> None:
    leaves = [
        whole(torch, *shape).double().requires_grad_()
        for shape in ((1, 2, 2, 3), (2, 2, 2, 2), (2,))
    ]

    def function(*operands: Any) -> Any:
        return door.conv_transpose2d(*operands, stride=2, padding=1, output_padding=(2, 3))

    assert torch.autograd.gradcheck(function, leaves)
    assert torch.autograd.gradgradcheck(function, leaves)


@pytest.mark.parametrize("sizes", [[2], [2, 2]])
def test_gradients_of_a_list_of_one(sizes: list[int], torch: Any, door: Any) -> None:
    x, w = whole(torch, 1, 4, 5, 6).requires_grad_(), whole(torch, 4, 3, 2, 2).requires_grad_()
    operator = torch.ops.xdsl_ttnn.conv_transpose2d

    operator(x, w, None, sizes, [0], [1], 1, [1]).square().sum().backward()

    a, b = x.detach().requires_grad_(), w.detach().requires_grad_()
    torch.conv_transpose2d(a, b, None, sizes, [0], [1]).square().sum().backward()
    assert_same_bits(torch, x.grad, a.grad)
    assert_same_bits(torch, w.grad, b.grad)


def test_sizes_may_be_left_open(torch: Any, door: Any) -> None:
    """Exported for any height of which something is left."""
    w = whole(torch, 2, 3, 2, 2)

    class Model(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return door.conv_transpose2d(x, w, padding=2)

    height = torch.export.Dim("height", min=5, max=64)
    program = torch.export.export(
        Model(), (whole(torch, 1, 2, 5, 6),), dynamic_shapes=({2: height},), strict=False
    )

    x = whole(torch, 1, 2, 9, 6)
    assert_same_bits(torch, program.module()(x), torch.conv_transpose2d(x, w, padding=2))
