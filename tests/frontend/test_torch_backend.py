"""`torch.compile(..., backend="xdsl_ttnn")`: what is taken, what is left, and that it is equal."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Generator
from typing import Any

import pytest

from support.references import integer_arrays
from support.torch_models import (
    MIXED,
    assert_close,
    assert_same_bits,
    dcgan_generator,
    fcn8s_head,
    integer_parameters,
    torch_operands,
    torch_parameters,
    unet,
)

REASON = "torch is not installed"
BACKEND = "xdsl_ttnn"


@pytest.fixture
def torch() -> Generator[Any]:
    """PyTorch, with nothing compiled before or after."""
    torch = pytest.importorskip("torch", reason=REASON)
    torch.manual_seed(0)
    torch._dynamo.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("error", _left_to_eager())
        yield torch
    torch._dynamo.reset()


def _left_to_eager() -> type[UserWarning]:
    from xdsl_ttnn.frontend.torch_modules import LeftToEager

    return LeftToEager


def calls_during(function: Callable[[], Any]) -> tuple[Any, int]:
    """What a function returns, and how many transposed convolutions this project ran for it."""
    from xdsl_ttnn.frontend.call import call_counts

    before = call_counts().calls
    result = function()
    return result, call_counts().calls - before


def compiled(torch: Any, function: Any, **options: Any) -> Any:
    return torch.compile(function, backend=BACKEND, fullgraph=True, options=options)


@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
def test_dcgan_generator(floor: str, torch: Any) -> None:
    model = dcgan_generator(torch, width=4, latent=10)
    x = torch.randn(2, 10, 1, 1)

    result, calls = calls_during(lambda: compiled(torch, model, floor=floor)(x))

    assert calls == 5
    assert result.shape == (2, 3, 64, 64)
    assert result.requires_grad
    assert_close(torch, result, model(x))


@pytest.mark.slow
def test_dcgan_generator_of_its_real_size(torch: Any) -> None:
    model = dcgan_generator(torch)
    x = torch.randn(1, 100, 1, 1)

    with torch.no_grad():
        result, calls = calls_during(lambda: compiled(torch, model)(x))

        assert calls == 5
        assert_close(torch, result, model(x), relative=1e-5)


def test_unet_and_fcn8s_head(torch: Any) -> None:
    for model, shapes, wanted in (
        (unet(torch, width=4), [(2, 3, 12, 20)], 2),
        (fcn8s_head(torch), [(1, 6, 29, 33), (1, 8, 15, 17), (1, 10, 2, 3)], 3),
    ):
        inputs = [torch.randn(shape) for shape in shapes]

        result, calls = calls_during(lambda model=model, x=inputs: compiled(torch, model)(*x))

        assert calls == wanted
        assert_close(torch, result, model(*inputs), relative=1e-5)


def test_whole_numbers_are_exact(torch: Any) -> None:
    nn = torch.nn
    model = nn.Sequential(
        nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 2), 2),
        nn.ReLU(),
        nn.Conv2d(6, 4, 3),
        nn.ConvTranspose2d(4, 2, 4, 2, 1, dilation=2),
        nn.Flatten(2),
        nn.ConvTranspose1d(2, 3, 5, 3, 2),
    )
    integer_parameters(torch, model)
    x = torch.randint(-3, 4, (2, 4, 5, 4)).float()

    result, calls = calls_during(lambda: compiled(torch, model)(x))

    assert calls == 3
    assert result.abs().max() < 2**24
    assert_same_bits(torch, result, model(x))


SPELLINGS = {
    "functional": lambda torch, x, w, b, p: torch.nn.functional.conv_transpose2d(x, w, b, **p),
    "positional": lambda torch, x, w, b, p: torch.conv_transpose2d(x, w, b, *p.values()),
    "aten": lambda torch, x, w, b, p: torch.ops.aten.conv_transpose2d(x, w, b, **p),
    "aten overload": lambda torch, x, w, b, p: torch.ops.aten.conv_transpose2d.input(x, w, b, **p),
    "torch convolution": lambda torch, x, w, b, p: torch.convolution(
        x, w, b, p["stride"], p["padding"], p["dilation"], True, p["output_padding"], p["groups"]
    ),
    "convolution": lambda torch, x, w, b, p: torch.ops.aten.convolution(
        x, w, b, p["stride"], p["padding"], p["dilation"], True, p["output_padding"], p["groups"]
    ),
    "convolution by name": lambda torch, x, w, b, p: torch.ops.aten.convolution.default(
        input=x, weight=w, bias=b, transposed=True, **p
    ),
    "functional, 1-D": lambda torch, x, w, b, p: torch.nn.functional.conv_transpose1d(
        x[:, :, 0], w[:, :, 0], b, stride=2, groups=2
    ),
    "aten, 1-D": lambda torch, x, w, b, p: torch.ops.aten.conv_transpose1d.default(
        x[:, :, 0], w[:, :, 0], b, [2], [0], [1], 2
    ),
    "convolution, 1-D": lambda torch, x, w, b, p: torch.ops.aten.convolution.default(
        x[:, :, 0], w[:, :, 0], b, [2], [0], [1], True, [1], 2
    ),
}
"""Ways to ask torch for a transposed convolution."""


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_taken(spelling: str, torch: Any) -> None:
    operands = torch_operands(torch, MIXED, integer_arrays(MIXED))
    parameters = torch_parameters(MIXED)

    def function(x: Any, w: Any, b: Any) -> Any:
        return SPELLINGS[spelling](torch, x, w, b, parameters)

    result, calls = calls_during(lambda: compiled(torch, function)(*operands))

    assert calls == 1
    assert_same_bits(torch, result, function(*operands))


def test_plain_convolutions_are_left_alone(torch: Any) -> None:
    x, w = torch.randn(1, 3, 5, 5), torch.randn(4, 3, 2, 2)

    def function(x: Any) -> Any:
        plain = torch.ops.aten.convolution(x, w, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)
        return plain + torch.conv2d(x, w)

    result, calls = calls_during(lambda: compiled(torch, function)(x))

    assert calls == 0
    assert torch.equal(result, function(x))


@pytest.mark.parametrize("element_type", ["bf16", "f16"])
def test_narrow_floats(element_type: str, torch: Any) -> None:
    operands = torch_operands(torch, MIXED, integer_arrays(MIXED, element_type, bounds=(-2, 3)))
    parameters = torch_parameters(MIXED)

    def function(*operands: Any) -> Any:
        return torch.relu(torch.conv_transpose2d(*operands, **parameters))

    result, calls = calls_during(lambda: compiled(torch, function)(*operands))

    assert calls == 1
    assert_same_bits(torch, result, function(*operands))


def test_autocast(torch: Any) -> None:
    model = torch.nn.ConvTranspose2d(3, 4, 3, 2)
    integer_parameters(torch, model)
    x = torch.randint(-3, 4, (1, 3, 4, 5)).float()

    def function(x: Any) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            return model(x)

    result, calls = calls_during(lambda: compiled(torch, function)(x))

    assert (calls, result.dtype) == (1, torch.bfloat16)
    assert_same_bits(torch, result, function(x))


def test_training_follows_eager(torch: Any) -> None:
    """A step of gradient descent on whole numbers, so that there is nothing to round."""
    nn = torch.nn
    losses, models = [], []
    for run in (lambda model: model, lambda model: compiled(torch, model)):
        torch.manual_seed(0)
        layers = (nn.ConvTranspose2d(2, 3, 3, 2), nn.ReLU(), nn.ConvTranspose2d(3, 2, 2))
        model = nn.Sequential(*layers)
        integer_parameters(torch, model)
        x = torch.randint(-2, 3, (2, 2, 3, 4)).float().requires_grad_()
        loss = run(model)(x).sum()
        loss.backward()
        losses.append((loss, x.grad))
        models.append(model)

    assert_same_bits(torch, losses[1][0], losses[0][0])
    assert_same_bits(torch, losses[1][1], losses[0][1])
    for ours, theirs in zip(*(model.parameters() for model in reversed(models)), strict=True):
        assert ours.grad.abs().max() > 0
        assert_same_bits(torch, ours.grad, theirs.grad)


@pytest.mark.parametrize("shape", [(1, 2, 3, 4), (2, 3, 4), (1, 2, 4)])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_what_follows_may_change_the_result_in_place(
    dtype: str, shape: tuple[int, ...], torch: Any
) -> None:
    """Images, one image, signals: a gradient passes through a ReLU that overwrites its input."""
    kind = torch.nn.ConvTranspose1d if shape == (1, 2, 4) else torch.nn.ConvTranspose2d
    model = torch.nn.Sequential(kind(2, 3, 2), torch.nn.ReLU(inplace=True))
    integer_parameters(torch, model)
    model.to(getattr(torch, dtype))
    x = torch.randint(-2, 3, shape).to(getattr(torch, dtype))
    gradients: list[list[Any]] = []

    for run in (model, compiled(torch, model)):
        model.zero_grad()
        run(x).sum().backward()
        gradients.append([parameter.grad for parameter in model.parameters()])

    for theirs, ours in zip(*gradients, strict=True):
        assert_same_bits(torch, ours, theirs)


def test_checkpointed_blocks_are_looked_into(torch: Any) -> None:
    model = torch.nn.ConvTranspose2d(3, 4, 3)
    x = torch.randn(1, 3, 4, 4)

    def function(x: Any) -> Any:
        return torch.utils.checkpoint.checkpoint(model, x, use_reentrant=False)

    result, calls = calls_during(lambda: compiled(torch, function)(x))

    assert calls >= 1
    assert_close(torch, result, function(x))


def test_a_batch_whose_size_changes(torch: Any) -> None:
    """Dynamo compiles one graph for every size; this project once for each size it meets."""
    graphs: list[Any] = []
    model = torch.nn.Sequential(torch.nn.ConvTranspose2d(3, 4, 3, 2), torch.nn.ReLU())
    integer_parameters(torch, model)
    from xdsl_ttnn.frontend.torch_modules import xdsl_ttnn

    def counted(graph: Any, inputs: Any) -> Any:
        graphs.append(graph)
        return xdsl_ttnn(graph, inputs)

    function = torch.compile(model, backend=counted, dynamic=True)
    for batch, height in ((2, 4), (3, 4), (5, 7), (2, 4)):
        x = torch.randint(-3, 4, (batch, 3, height, 5)).float()

        result, calls = calls_during(lambda x=x: function(x))

        assert calls == 1
        assert_same_bits(torch, result, model(x))
    assert len(graphs) == 1


def test_an_output_size_that_depends_on_the_input(torch: Any) -> None:
    model = torch.nn.ConvTranspose2d(3, 4, 3, 2, 1)
    integer_parameters(torch, model)

    def function(x: Any) -> Any:
        return model(x, output_size=(2 * x.shape[2], 2 * x.shape[3]))

    run = torch.compile(function, backend=BACKEND, dynamic=True)
    for size in ((2, 3), (4, 6), (5, 3)):
        x = torch.randint(-3, 4, (1, 3, *size)).float()

        assert_same_bits(torch, run(x), function(x))


# What is left to eager ---------------------------------------------------------------------------


def _operands(torch: Any, dimensions: int, dtype: Any, device: str = "cpu") -> list[Any]:
    sizes, kernel = [4] * dimensions, [2] * dimensions
    return [
        torch.ones(shape, dtype=dtype, device=device) for shape in ((1, 2, *sizes), (2, 3, *kernel))
    ]


def _left(torch: Any, function: Any, operands: list[Any], message: str) -> Any:
    with pytest.warns(_left_to_eager(), match=message):
        result, calls = calls_during(lambda: compiled(torch, function)(*operands))
    assert calls == 0
    return result


@pytest.mark.parametrize(
    ("dimensions", "dtype", "message"),
    [
        (3, "float32", "left to eager: expected .*, got conv_transpose3d"),
        (2, "complex64", r"left to eager: expected input of .*, got torch\.complex64"),
    ],
)
def test_what_is_left_is_said(dimensions: int, dtype: str, message: str, torch: Any) -> None:
    operands = _operands(torch, dimensions, getattr(torch, dtype))
    function = getattr(torch, f"conv_transpose{dimensions}d")

    result = _left(torch, lambda x, w: function(x, w), operands, message)

    assert torch.equal(result, function(*operands))


def test_three_dimensions_of_convolution_are_left(torch: Any) -> None:
    ones, zeros = [1] * 3, [0] * 3

    def function(x: Any, w: Any) -> Any:
        return torch.convolution(x, w, None, ones, zeros, ones, True, zeros, 1)

    operands = _operands(torch, 3, torch.float32)

    result = _left(torch, function, operands, "expected a 1-D or 2-D kernel, got 3-D")

    assert torch.equal(result, function(*operands))


def test_another_device_is_left(torch: Any) -> None:
    operands = _operands(torch, 2, torch.float32, "meta")

    result = _left(
        torch,
        lambda x, w: torch.conv_transpose2d(x, w),
        operands,
        "expected input on the CPU, got meta",
    )

    assert result.device.type == "meta"


@pytest.mark.parametrize("transform", ["vmap", "grad", "jvp"])
def test_transforms_of_functions_are_left(transform: str, torch: Any) -> None:
    w, x = torch.ones(2, 3, 2, 2), torch.randint(-3, 4, (2, 1, 2, 4, 4)).float()

    def function(x: Any) -> Any:
        return torch.conv_transpose2d(x, w).square().sum()

    def transformed(x: Any) -> Any:
        if transform == "jvp":
            return torch.func.jvp(function, (x[0],), (x[1],))[1]
        return (
            torch.func.vmap(function)(x) if transform == "vmap" else torch.func.grad(function)(x[0])
        )

    result = _left(torch, transformed, [x], "torch.func transform")

    assert_same_bits(torch, result, transformed(x))


def test_tangents_from_outside_come_through(torch: Any) -> None:
    dual = torch.autograd.forward_ad
    model = torch.nn.ConvTranspose2d(2, 3, 2)
    integer_parameters(torch, model)
    x = torch.randint(-3, 4, (1, 2, 4, 4)).float()
    compiled_model = torch.compile(model, backend=BACKEND)

    with dual.dual_level():
        ours, theirs = (
            dual.unpack_dual(run(dual.make_dual(x, x + 1))).tangent
            for run in (compiled_model, model)
        )

    assert_same_bits(torch, ours, theirs)


def test_says_which_module_and_takes_the_others(torch: Any) -> None:
    class Decoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.volume = torch.nn.Sequential(torch.nn.ConvTranspose3d(2, 3, 2))
            self.image = torch.nn.ConvTranspose2d(3, 2, 2)

        def forward(self, x: Any) -> Any:
            return self.image(self.volume(x)[:, :, 0])

    model, x = Decoder(), torch.randn(1, 2, 3, 4, 5)

    with pytest.warns(_left_to_eager(), match=r"'volume\.0': left to eager: .*conv_transpose3d"):
        result, calls = calls_during(lambda: compiled(torch, model)(x))

    assert calls == 1
    assert_close(torch, result, model(x))


# Options and names -------------------------------------------------------------------------------


def test_options_reach_the_compiler(torch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from xdsl_ttnn.frontend.torch_modules import operator

    seen: list[Any] = []
    compute = operator.run
    monkeypatch.setattr(operator, "run", lambda *a: (seen.append(a[-1]), compute(*a))[1])
    model, x = torch.nn.ConvTranspose2d(2, 3, 2, 2), torch.ones(1, 2, 3, 4)

    compiled(torch, model, strategy="sub-pixel", floor="linalg", threads=2)(x)

    (options,) = seen
    assert (options.strategy, options.floor, options.threads) == ("sub-pixel", "linalg", 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"flor": "linalg"}, "options: expected some of strategy, .*; got 'flor'"),
        ({"floor": "attic"}, "floor: expected one of: .*; got 'attic'"),
        ({"strategy": "hope"}, "strategy: expected one of: .*; got 'hope'"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str, torch: Any) -> None:
    model = torch.compile(torch.nn.ConvTranspose2d(2, 3, 2), backend=BACKEND, options=options)

    with pytest.raises(Exception, match=message):
        model(torch.ones(1, 2, 3, 4))


def test_torch_finds_the_backend_by_its_name(torch: Any) -> None:
    assert BACKEND in torch._dynamo.list_backends()


def test_the_operator_survives_ahead_of_time_tracing(torch: Any) -> None:
    """Whatever compiles around it, the operator stays one call."""
    from xdsl_ttnn.frontend.torch_modules import conv_transpose2d

    x, w, _ = torch_operands(torch, MIXED, integer_arrays(MIXED))
    w.requires_grad_()

    def function(x: Any, w: Any, convolve: Any) -> Any:
        return torch.relu(convolve(2 * x, w, None, 2, 1, 0, 2)) + 1

    run = torch.compile(function, backend="aot_eager", fullgraph=True)
    result, calls = calls_during(lambda: run(x, w, conv_transpose2d))
    expected = function(x, w, torch.conv_transpose2d)

    assert calls == 1
    assert_same_bits(torch, result, expected)
    ours, theirs = (torch.autograd.grad(y.sum(), w)[0] for y in (result, expected))
    assert_same_bits(torch, ours, theirs)


def test_without_torch_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from xdsl_ttnn.frontend import torch_modules\n"
        "try: torch_modules.xdsl_ttnn\n"
        "except ImportError as error: print(error)\n"
    )

    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert "pip install 'xdsl-ttnn[torch]'" in outcome.stdout, outcome.stderr
