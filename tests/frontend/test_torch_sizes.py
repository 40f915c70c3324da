"""`import_torch` against eager, over the forms in which torch takes sizes of every kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from support.torch_models import assert_same_bits
from xdsl_ttnn.frontend.torch_modules import calls

pytestmark = pytest.mark.filterwarnings("ignore:.*treespec:FutureWarning")

Function = Callable[[Any], Any]
FORMS = ("number", "list of one", "list of all")


@pytest.fixture(scope="module")
def torch() -> Any:
    return pytest.importorskip("torch", reason="torch is not installed")


@pytest.fixture(scope="module")
def import_torch(torch: Any) -> Any:
    from xdsl_ttnn.frontend.torch_modules import import_torch

    return import_torch


def assert_imports(
    torch: Any, import_torch: Any, functions: Sequence[Function], x: Any, *, strict: bool = False
) -> None:
    """One module that calls all the functions gives, imported, what eager gives, bit for bit."""

    class Module(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return tuple(function(x) for function in functions)

    exported = torch.export.export(Module(), (x,), strict=strict)
    results = import_torch(exported).compile()(x.numpy())
    for index, (result, function) in enumerate(zip(results, functions, strict=True)):
        try:
            assert_same_bits(torch, torch.from_numpy(result), function(x))
        except AssertionError as error:
            raise AssertionError(f"call {index}: {error}") from None


def whole(torch: Any, *shape: int) -> Any:
    """The same small whole numbers every time; there is something else everywhere."""
    size = int(np.prod(shape))
    return (torch.arange(size) * 7 % 11 - 5).reshape(shape).float()


class Draw:
    """Random sizes in every form that torch takes."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def sizes(self, axes: int, low: int, high: int) -> int | list[int]:
        form = self.random.choice(FORMS)
        if form == "list of all":
            return [self.number(low, high) for _ in range(axes)]
        return self.number(low, high) if form == "number" else [self.number(low, high)]


def smallest_per_axis(sizes: Any, axes: int) -> list[int]:
    return [sizes] * axes if isinstance(sizes, int) else list(sizes) * (axes // len(sizes))


def convolution(torch: Any, draw: Draw, axes: int) -> Function:
    groups = draw.number(1, 2)
    kernel = [draw.number(1, 3) for _ in range(axes)]
    weight, bias = whole(torch, 4, 4 // groups, *kernel), whole(torch, 4)
    padding: Any = draw.random.choice([draw.sizes(axes, 0, 2), "valid", "same"])
    stride = 1 if padding == "same" else draw.sizes(axes, 1, 3)
    dilation = draw.sizes(axes, 1, 2)
    function = getattr(torch.nn.functional, f"conv{axes}d")
    return lambda x: function(x, weight, bias, stride, padding, dilation, groups)


def transposed(torch: Any, draw: Draw, axes: int) -> Function:
    groups = draw.number(1, 2)
    kernel = [draw.number(2, 3) for _ in range(axes)]
    weight = whole(torch, 4, 2, *kernel)
    bias = whole(torch, 2 * groups)
    stride, dilation = draw.sizes(axes, 1, 3), draw.sizes(axes, 1, 3)
    moves = zip(*(smallest_per_axis(sizes, axes) for sizes in (stride, dilation)), strict=True)
    extra = draw.sizes(axes, 0, min(max(pair) for pair in moves) - 1)
    arguments = (weight, bias, stride, draw.sizes(axes, 0, 1))
    if draw.number(0, 1):
        function = getattr(torch.nn.functional, f"conv_transpose{axes}d")
        return lambda x: function(x, *arguments, extra, groups, dilation)
    lists = [[sizes] if isinstance(sizes, int) else sizes for sizes in (*arguments[2:], dilation)]
    extra = [extra] if isinstance(extra, int) else extra
    return lambda x: torch.ops.aten.convolution(x, weight, bias, *lists, True, extra, groups)


def pooling(torch: Any, draw: Draw, axes: int) -> Function:
    kernel, padding = draw.sizes(axes, 2, 3), draw.sizes(axes, 0, 1)
    kind = draw.random.choice(["max", "avg"])
    stride = draw.random.choice([None, draw.sizes(axes, 1, 3)])
    if kind == "avg":
        kernel = draw.random.choice([2, [2], [2] * axes, [2, 4][:axes]])
    dilation = {"dilation": draw.sizes(axes, 1, 2)} if kind == "max" else {}
    ceil_mode = bool(draw.number(0, 1))
    function = getattr(torch.nn.functional, f"{kind}_pool{axes}d")
    return lambda x: function(x, kernel, stride, padding, ceil_mode=ceil_mode, **dilation)


def resizing(torch: Any, draw: Draw, axes: int) -> Function:
    factors = draw.random.choice([draw.number(1, 4), [draw.number(1, 4) for _ in range(axes)]])

    def resize(x: Any) -> Any:
        if by_scale:
            return torch.nn.functional.interpolate(x, scale_factor=factors)
        each = factors if isinstance(factors, list) else [factors] * axes
        size = [s * factor for s, factor in zip(x.shape[2:], each, strict=True)]
        return torch.nn.functional.interpolate(x, size=size)

    by_scale = bool(draw.number(0, 1))
    return resize


KINDS = (convolution, transposed, pooling, resizing)


@pytest.mark.parametrize("axes", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_sizes_in_every_form(kind: Any, axes: int, torch: Any, import_torch: Any) -> None:
    draw, x = Draw(axes), whole(torch, 2, 4, *(7, 6)[-axes:])

    assert_imports(torch, import_torch, [kind(torch, draw, axes) for _ in range(25)], x)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_more_sizes_in_every_form(seed: int, torch: Any, import_torch: Any) -> None:
    for axes in (1, 2):
        draw, x = Draw(100 + seed), whole(torch, 2, 4, *(7, 6)[-axes:])
        functions = [kind(torch, draw, axes) for kind in KINDS for _ in range(30)]

        assert_imports(torch, import_torch, functions, x)


def test_every_exporter_hands_over_the_same(torch: Any, import_torch: Any) -> None:
    """One-element lists, exported strictly or not, of torch's functions and of this project's."""
    from xdsl_ttnn.frontend.torch_modules import conv_transpose2d

    x, w = whole(torch, 1, 4, 5, 6), whole(torch, 4, 2, 2, 2)
    functions = [
        lambda x: torch.nn.functional.conv_transpose2d(x, w, stride=(2,)),
        lambda x: torch.nn.functional.conv2d(x, w.repeat(1, 2, 1, 1), stride=(2,), padding=(1,)),
        lambda x: torch.conv_transpose2d(x, w, stride=[2], output_padding=[1]),
        lambda x: torch.ops.aten.conv_transpose2d.input(x, w, None, [2], [0], [1]),
        lambda x: torch.convolution(x, w, None, (2,), (0,), (1,), True, (1,), 1),
        lambda x: torch.ops.xdsl_ttnn.conv_transpose2d(x, w, None, [2], [0], [1], 1, [1]),
        lambda x: conv_transpose2d(x, w, stride=(2,), output_padding=[1]),
    ]
    for strict in (False, True):
        assert_imports(torch, import_torch, functions, x, strict=strict)


# What torch does not do --------------------------------------------------------------------------


def _refusal(torch: Any, import_torch: Any, function: Function, x: Any) -> str:
    with pytest.raises(ValueError) as caught:
        assert_imports(torch, import_torch, [function], x)
    return str(caught.value)


@pytest.mark.parametrize(("factor", "repeats"), [(40, True), (41, False), (42, True), (47, False)])
def test_factors_that_torch_rounds_are_refused(
    factor: int, repeats: bool, torch: Any, import_torch: Any
) -> None:
    """Scaled by 41, torch takes the first element 42 times; who repeats each does not."""
    x = whole(torch, 1, 1, 3)
    same = torch.equal(
        torch.nn.functional.interpolate(x, scale_factor=factor), x.repeat_interleave(factor, 2)
    )
    assert same == repeats

    for options in ({"scale_factor": factor}, {"size": 3 * factor}):

        def resize(x: Any, options: Any = options) -> Any:
            return torch.nn.functional.interpolate(x, **options)

        if repeats:
            assert_imports(torch, import_torch, [resize], x)
            continue
        message = _refusal(torch, import_torch, resize, x)
        assert f"repeats every element {factor} times, got {factor}, whose inverse" in message


def test_what_a_rule_builds_is_what_torch_says(
    torch: Any, import_torch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that reads a node otherwise than torch does is an error, not another result."""
    monkeypatch.setitem(
        calls.RULES, "aten.relu.default", lambda graph, call: graph.max_pool(call["self"], (2, 2))
    )

    message = _refusal(torch, import_torch, torch.relu, whole(torch, 1, 4, 5, 6))

    assert "relu: aten.relu.default: expected tensor<1x4x5x6xf32>, as torch says, got " in message
    assert "got tensor<1x4x4x5xf32>" in message
