"""`import_torch`: exported modules as TTNN modules that give what eager gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.torch_models import (
    assert_close,
    assert_same_bits,
    dcgan_generator,
    fcn8s_head,
    integer_parameters,
    unet,
)
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend.pipelines import FLOORS

pytestmark = pytest.mark.filterwarnings("ignore:.*treespec:FutureWarning")


@pytest.fixture(scope="module")
def torch() -> Any:
    return pytest.importorskip("torch", reason="torch is not installed")


@pytest.fixture(scope="module")
def import_torch(torch: Any) -> Any:
    from xdsl_ttnn.frontend.torch_modules import import_torch

    return import_torch


def op_counts(imported: Any) -> Counter[str]:
    return Counter(op.name.removeprefix("ttnn.") for op in imported.module.walk())


def run(torch: Any, imported: Any, inputs: Sequence[Any], floor: str | None = None) -> list[Any]:
    """The results of an imported model as tensors."""
    function = imported.compile(floor)
    return [torch.from_numpy(array) for array in function(*(x.numpy() for x in inputs))]


def module_of(torch: Any, function: Callable[..., Any], *parts: Any) -> Any:
    """A module in evaluation mode whose forward is a function of inputs and of other modules."""

    class Module(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(parts)

        def forward(self, *inputs: Any) -> Any:
            return function(*inputs, *self.parts)

    return Module().eval()


def integers(torch: Any, *shape: int) -> Any:
    return torch.randint(-4, 5, shape).float()


MODELS = {
    "dcgan": (lambda torch: dcgan_generator(torch, 4, 10), [(2, 10, 1, 1)]),
    "unet": (lambda torch: unet(torch, 4), [(2, 3, 12, 20)]),
    "fcn8s": (fcn8s_head, [(1, 6, 29, 33), (1, 8, 15, 17), (1, 10, 2, 3)]),
}


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", MODELS)
def test_models(name: str, floor: str, torch: Any, import_torch: Any) -> None:
    make, shapes = MODELS[name]
    model, inputs = make(torch), [torch.randn(shape) for shape in shapes]

    imported = import_torch(model, inputs)
    (result,) = run(torch, imported, inputs, floor)

    assert_close(torch, result, model(*inputs))


@pytest.mark.slow
def test_dcgan_of_its_real_size(torch: Any, import_torch: Any) -> None:
    model, x = dcgan_generator(torch), torch.randn(1, 100, 1, 1)

    (result,) = run(torch, import_torch(model, (x,)), [x], "linalg")

    assert_close(torch, result, model(x), relative=1e-5)


def test_what_a_generator_becomes(torch: Any, import_torch: Any) -> None:
    """Normalizations are folded, nothing is permuted between layers, and it parses back."""
    imported = import_torch(dcgan_generator(torch, 4, 10), [torch.randn(2, 10, 1, 1)])

    counts = op_counts(imported)
    assert (counts["conv_transpose2d"], counts["relu"], counts["tanh"]) == (5, 4, 1)
    assert (counts["multiply"], counts["add"], counts["permute"]) == (0, 0, 1)
    assert imported.inputs == ("input",)
    assert str(parse_module(str(imported.module))) == str(imported.module)


def test_an_exported_program_is_taken_as_it_is(torch: Any, import_torch: Any) -> None:
    model, x = dcgan_generator(torch, 4, 10), torch.randn(1, 10, 1, 1)
    exported = torch.export.export(model, (x,), strict=False)

    for program in (exported, exported.run_decompositions()):
        (result,) = run(torch, import_torch(program), [x])

        assert_close(torch, result, model(x))


def test_weights_as_arguments(torch: Any, import_torch: Any) -> None:
    model = torch.nn.Sequential(torch.nn.ConvTranspose2d(2, 3, 3, 2), torch.nn.Tanh())
    x = torch.randn(1, 2, 3, 4)

    imported = import_torch(model, (x,), weights="arguments")

    assert list(imported.weights) == ["arg1", "arg2"]
    assert np.shares_memory(imported.weights["arg1"], model[0].weight.detach().numpy())
    assert op_counts(imported)["constant"] == 0
    (result,) = run(torch, imported, [x])
    assert_close(torch, result, model(x))


def test_places_are_those_of_the_module(torch: Any, import_torch: Any) -> None:
    imported = import_torch(unet(torch, 2), [torch.randn(1, 3, 8, 8)])

    places = [str(op.location) for op in imported.module.walk()]

    assert any("convolution_6 in 'up2'" in place for place in places)


# One op after the other --------------------------------------------------------------------------


def _functional(name: str, *arguments: Any, **options: Any) -> Callable[[Any], Any]:
    """A function of torch.nn.functional, called with the torch that a test has."""

    def function(torch: Any, *inputs: Any) -> Any:
        return getattr(torch.nn.functional, name)(*inputs, *arguments, **options)

    return function


EXACT: dict[str, tuple[Callable[..., Any], tuple[tuple[int, ...], ...]]] = {
    "relu": (_functional("relu"), ((2, 3, 4),)),
    "relu6": (_functional("relu6"), ((2, 3, 4),)),
    "hardtanh": (_functional("hardtanh", -1.0, 2.0), ((2, 3, 4),)),
    "clamp from below": (lambda torch, x: x.clamp(min=-1), ((2, 3),)),
    "clamp from above": (lambda torch, x: x.clamp(max=2), ((2, 3),)),
    "leaky relu": (_functional("leaky_relu", 0.25), ((2, 3, 4),)),
    "in place": (lambda torch, x: (x * 1).relu_().add_(1), ((2, 3),)),
    "add": (lambda torch, x, y: x + y, ((2, 3, 4), (3, 1))),
    "add a multiple": (lambda torch, x, y: torch.add(x, y, alpha=3), ((2, 3), (3,))),
    "subtract": (lambda torch, x, y: x - y, ((2, 3), (2, 1))),
    "subtract from a number": (lambda torch, x: 2 - x, ((2, 3),)),
    "multiply": (lambda torch, x, y: x * y * 0.5, ((2, 3), (3,))),
    "divide": (lambda torch, x: x / 4, ((2, 3),)),
    "maximum": (lambda torch, x, y: torch.maximum(x, y), ((2, 3), (2, 3))),
    "integers and floats": (lambda torch, x: x.int() + x, ((2, 3),)),
    "division of integers": (lambda torch, x: x.int() / 2, ((2, 3),)),
    "half and back": (lambda torch, x: x.half().float(), ((2, 3),)),
    "flatten": (lambda torch, x: x.flatten(1), ((2, 3, 4),)),
    "view": (lambda torch, x: x.view(2, -1, 2), ((2, 3, 4),)),
    "squeeze": (lambda torch, x: x.squeeze().unsqueeze(-1), ((2, 1, 4),)),
    "permute": (lambda torch, x: x.permute(0, -1, 1, 2), ((2, 3, 4, 5),)),
    "transpose": (lambda torch, x: x.transpose(1, 2).contiguous(), ((2, 3, 4),)),
    "cat": (lambda torch, x, y: torch.cat([x, y, x], -1), ((2, 3, 4), (2, 3, 1))),
    "stack": (lambda torch, x, y: torch.stack([x, y], 1), ((2, 3), (2, 3))),
    "slice": (lambda torch, x: x[:, 1:-1, ::2], ((2, 5, 7),)),
    "select": (lambda torch, x: x[:, -1], ((2, 5, 7),)),
    "chunk": (lambda torch, x: x.chunk(2, 1)[1], ((2, 5, 3),)),
    "pad": (_functional("pad", (1, 2, 0, 3), value=2.0), ((2, 3, 4),)),
    "pad and crop": (_functional("pad", (-1, 2, 1, -2)), ((2, 5, 4),)),
    "max pool": (_functional("max_pool2d", (3, 2), (2, 1), (1, 0)), ((2, 3, 7, 6),)),
    "max pool of a signal": (_functional("max_pool1d", 3, 2, 1), ((2, 3, 9),)),
    "max pool that ends late": (_functional("max_pool2d", 2, ceil_mode=True), ((1, 2, 5, 7),)),
    "max pool without a batch": (_functional("max_pool2d", 2), ((3, 4, 6),)),
    "average pool": (_functional("avg_pool2d", (4, 2), (2, 1), (2, 0)), ((2, 3, 8, 6),)),
    "average pool without a batch": (_functional("avg_pool2d", 2), ((3, 4, 6),)),
    "average pool that ends late": (
        _functional("avg_pool2d", 2, ceil_mode=True, count_include_pad=False),
        ((1, 2, 5, 8),),
    ),
    "average of channels": (_functional("adaptive_avg_pool2d", 1), ((2, 3, 4, 8),)),
    "mean of a signal": (lambda torch, x: x.mean(-1), ((2, 3, 4),)),
    "clamp integers": (lambda torch, x: x.int().clamp(min=-1.5), ((2, 3),)),
    "upsample": (_functional("interpolate", scale_factor=(2, 3)), ((2, 3, 4, 5),)),
    "upsample to a size": (_functional("interpolate", size=(8, 15)), ((2, 3, 4, 5),)),
    "upsample a signal": (_functional("interpolate", scale_factor=3), ((2, 3, 4),)),
    "matrices": (lambda torch, x, y: x @ y, ((3, 4), (4, 5))),
    "stacks of matrices": (lambda torch, x, y: torch.bmm(x, y), ((2, 3, 4), (2, 4, 5))),
    "addmm": (lambda torch, b, x, y: torch.addmm(b, x, y, beta=2, alpha=3), ((5,), (3, 4), (4, 5))),
    "several results": (lambda torch, x: {"a": x + 1, "b": (x, x * 2)}, ((2, 3),)),
}
"""Functions that are exact on whole numbers: torch's tensors in, torch's tensors out."""


@pytest.mark.parametrize("name", EXACT)
def test_ops_on_integers(name: str, torch: Any, import_torch: Any) -> None:
    function, shapes = EXACT[name]
    inputs = [integers(torch, *shape) for shape in shapes]
    model = module_of(torch, lambda *inputs: function(torch, *inputs))

    results = run(torch, import_torch(model, inputs), inputs)

    expected = torch.utils._pytree.tree_leaves(model(*inputs))
    assert len(results) == len(expected)
    for result, wanted in zip(results, expected, strict=True):
        assert_same_bits(torch, result, wanted)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "silu", "gelu"])
def test_smooth_functions(name: str, torch: Any, import_torch: Any) -> None:
    function = getattr(torch.nn.functional, name)
    x = torch.linspace(-6, 6, 97)

    (result,) = run(torch, import_torch(module_of(torch, function), (x,)), [x])

    assert_close(torch, result, function(x), relative=1e-6)


@pytest.mark.parametrize(
    ("kind", "arguments", "shape"),
    [
        ("ConvTranspose2d", (4, 6, (3, 2), (2, 3), (1, 0), (1, 2), 2, True, (1, 2)), (2, 4, 5, 3)),
        ("ConvTranspose1d", (4, 6, 5, 3, 2, 1, 2), (2, 4, 7)),
        ("ConvTranspose2d", (4, 6, 3), (4, 5, 3)),
        ("Conv2d", (4, 6, (3, 2), (2, 1), (1, 0), (1, 2), 2), (2, 4, 7, 6)),
        ("Conv1d", (4, 6, 3, 2, 1), (2, 4, 7)),
        ("Linear", (5, 3), (2, 4, 5)),
    ],
)
def test_layers_on_integers(
    kind: str, arguments: Any, shape: Any, torch: Any, import_torch: Any
) -> None:
    model = getattr(torch.nn, kind)(*arguments)
    integer_parameters(torch, model)
    x = integers(torch, *shape)

    for floor in (None, "loops"):
        (result,) = run(torch, import_torch(model, (x,)), [x], floor)

        assert_same_bits(torch, result, model(x))


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(*[st.integers(1, 2)] * 2),
    st.booleans(),
    st.sampled_from(["relu", "tanh", "none"]),
    st.integers(1, 2),
)
def test_small_decoders(
    torch: Any,
    import_torch: Any,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int],
    normalized: bool,
    activation: str,
    groups: int,
) -> None:
    torch.manual_seed(0)
    nn = torch.nn
    layers = [nn.ConvTranspose2d(2, 4, kernel, stride, 0, 0, groups, not normalized, dilation)]
    layers += [nn.BatchNorm2d(4)] if normalized else []
    layers += {"relu": [nn.ReLU()], "tanh": [nn.Tanh()], "none": []}[activation]
    model = nn.Sequential(*layers, nn.ConvTranspose2d(4, 2, 2, bias=False)).eval()
    x = torch.randn(2, 2, 3, 4)

    (result,) = run(torch, import_torch(model, (x,)), [x], "linalg")

    assert_close(torch, result, model(x), relative=1e-5)


def test_own_function_in_a_module(torch: Any, import_torch: Any) -> None:
    from xdsl_ttnn.frontend.torch_modules import conv_transpose2d

    w, x = integers(torch, 4, 2, 3, 2), integers(torch, 1, 4, 3, 5)
    model = module_of(torch, lambda x: conv_transpose2d(x, w, stride=2, groups=2))

    imported = import_torch(model, (x,))

    assert op_counts(imported)["conv_transpose2d"] == 1
    assert_same_bits(torch, run(torch, imported, [x])[0], model(x))


def test_what_follows_from_weights_alone_is_worked_out(torch: Any, import_torch: Any) -> None:
    """A weight-normalized layer has its weight, not the ops that make it."""
    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.ConvTranspose2d(2, 3, 3))
    x = torch.randn(1, 2, 4, 4)

    imported = import_torch(layer.eval(), (x,))

    counts = op_counts(imported)
    assert (counts["conv_transpose2d"], counts["constant"], counts["multiply"]) == (1, 2, 0)
    assert_close(torch, run(torch, imported, [x])[0], layer(x))


# What has no counterpart -------------------------------------------------------------------------


def unknown_model(torch: Any) -> Any:
    nn = torch.nn
    return nn.Sequential(
        nn.ConvTranspose2d(2, 3, 2),
        nn.Sequential(nn.Softmax(1), nn.Upsample(scale_factor=1.5)),
        nn.GELU("tanh"),
        nn.LocalResponseNorm(2),
    ).eval()


def test_everything_unknown_is_named_at_once(torch: Any, import_torch: Any) -> None:
    with pytest.raises(ValueError) as caught:
        import_torch(unknown_model(torch), [torch.randn(1, 2, 5, 5)])

    message = str(caught.value)
    for part in (
        r"softmax in '1.0': aten._softmax.default: unknown op",
        r"in '1.1': aten.upsample_nearest2d.vec: expected whole factors, got 1.5 (from 6 to 9)",
        r"gelu in '2': aten.gelu.default: expected approximate='none', got 'tanh'",
        r"in '3': aten.pow.Tensor_Scalar: unknown op",
    ):
        assert part in message
    assert "convolution" not in message


def test_what_is_unknown_can_be_kept(torch: Any, import_torch: Any) -> None:
    imported = import_torch(unknown_model(torch), [torch.randn(1, 2, 5, 5)], keep_unknown=True)

    text = str(imported.module)
    assert '"torch.aten._softmax"(' in text
    assert "{dim = 1 : i64, half_to_float = false}" in text
    assert '"torch.aten.upsample_nearest2d.vec"(' in text
    assert op_counts(imported)["conv_transpose2d"] == 1
    assert str(parse_module(text)) == text


def test_two_results_of_an_unknown_op_are_kept(torch: Any, import_torch: Any) -> None:
    model = module_of(torch, lambda x: x.topk(2))

    text = str(import_torch(model, [torch.randn(3, 4)], keep_unknown=True).module)

    assert "-> (tensor<3x2xf32>, tensor<3x2xi64>)" in text
    assert "func.return %" in text and ": tensor<3x2xf32>, tensor<3x2xi64>" in text


def test_ops_around_booleans_are_named_or_kept(torch: Any, import_torch: Any) -> None:
    model = torch.nn.Sequential(torch.nn.ConvTranspose2d(2, 3, 2), torch.nn.PReLU()).eval()
    inputs = [torch.randn(1, 2, 3, 3)]

    with pytest.raises(ValueError, match=r"gt in '1': aten.gt.Scalar: .*where in '1': aten.where"):
        import_torch(model, inputs)

    text = str(import_torch(model, inputs, keep_unknown=True).module)
    assert "-> tensor<1x3x4x4xi1>" in text and '"torch.aten.where.self"(' in text
    assert str(parse_module(text)) == text


def test_casts_to_and_from_booleans_are_refused(torch: Any, import_torch: Any) -> None:
    with pytest.raises(ValueError) as caught:
        import_torch(module_of(torch, lambda x: x.bool().float() + 1), [torch.randn(2, 3)])

    assert str(caught.value).count("expected floats or integers, got booleans") == 2


def test_a_type_that_the_ir_has_not_is_said_with_its_place(torch: Any, import_torch: Any) -> None:
    model = module_of(torch, torch.fft.fft)

    for keep_unknown in (False, True):
        with pytest.raises(
            ValueError, match=r"aten\._fft_r2c.default: .*floats or integers, got .*complex"
        ):
            import_torch(model, [torch.randn(2, 3)], keep_unknown=keep_unknown)


def test_a_module_in_training_is_refused(torch: Any, import_torch: Any) -> None:
    norm, dropout = torch.nn.BatchNorm2d(3), torch.nn.Dropout()
    model = torch.nn.Sequential(torch.nn.ConvTranspose2d(2, 3, 2), norm, dropout).train()

    with pytest.raises(ValueError, match=r"in '1': .*batch_norm.*run model\.eval\(\) first"):
        import_torch(model, [torch.randn(2, 2, 3, 3)])


def test_a_module_that_changes_itself_is_refused(torch: Any, import_torch: Any) -> None:
    class Counting(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, x: Any) -> Any:
            self.calls += 1
            return x + 1

    with pytest.raises(ValueError, match=r"changes none of its tensors, got one that .* 'calls'"):
        import_torch(Counting(), [torch.randn(2)])


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda torch, x: torch.rand(2) + x, "rand: aten.rand.default: expected numbers that"),
        (
            lambda torch, x: torch.nn.functional.max_pool2d(x, 2, return_indices=True),
            "first result",
        ),
        (
            lambda torch, x: x + torch.ones(10**6, 10**5)[:1, :1],
            r"full: aten.full.default: expected at most 268435456 elements to work out before the "
            "graph runs, got 100000000000",
        ),
        (
            lambda torch, x: x + torch.ones(4)[torch.arange(7, 8)],
            "index.Tensor: expected what torch works out, got index 7 is out of bounds for dim",
        ),
        (
            lambda torch, x: x * torch.ones(4).sum().item(),
            "expected tensors as results, got a SymFloat",
        ),
        (lambda torch, x: x.mean((0, 1)), r"spatial dimensions, got that of \[0, 1\]"),
        (
            lambda torch, x: torch.nn.functional.avg_pool2d(x, 2, divisor_override=3),
            "expected no divisor_override, got 3",
        ),
        (lambda torch, x: (x + 1, 3), "expected tensors as results, got 3"),
        (
            lambda torch, x: torch.nn.functional.interpolate(x[..., :3, :3], scale_factor=2.3),
            r"expected whole factors, got 2.3 \(from 3 to 6\)",
        ),
        (
            lambda torch, x: torch.nn.functional.interpolate(x, size=(8, 7)),
            r"expected whole factors, got 1.75 \(from 4 to 7\)",
        ),
        (
            lambda torch, x: torch.nn.functional.conv_transpose3d(
                x[None], torch.ones(1, 1, 2, 2, 2)
            ),
            r"expected \(N, C, W\) or \(N, C, H, W\), got 1x1x2x4x4",
        ),
    ],
)
def test_refusals(function: Any, message: str, torch: Any, import_torch: Any) -> None:
    x = torch.randn(1, 2, 4, 4)
    model = module_of(torch, lambda x: function(torch, x))

    with pytest.raises(ValueError, match=message):
        import_torch(model, [x[..., 0, :2] if "rand:" in message else x])


def test_open_sizes_are_refused(torch: Any, import_torch: Any) -> None:
    batch = torch.export.Dim("batch", min=2, max=9)
    exported = torch.export.export(
        torch.nn.ReLU(), (torch.randn(3, 2),), dynamic_shapes=({0: batch},), strict=False
    )

    with pytest.raises(ValueError, match=r"expected sizes that are known, got s.*x2"):
        import_torch(exported)


@pytest.mark.parametrize(
    ("make", "inputs", "message"),
    [
        (
            lambda torch: torch.relu,
            lambda torch: None,
            "expected an nn.Module or an ExportedProgram, got",
        ),
        (
            lambda torch: torch.nn.ReLU(),
            lambda torch: None,
            "example_inputs: expected a list or a tuple .*, got none",
        ),
        (
            lambda torch: torch.nn.ReLU(),
            lambda torch: torch.randn(1, 3, 4, 5),
            "example_inputs: expected a list or a tuple .*, got Tensor",
        ),
    ],
)
def test_wrong_arguments(
    make: Any, inputs: Any, message: str, torch: Any, import_torch: Any
) -> None:
    with pytest.raises(ValueError, match=message):
        import_torch(make(torch), inputs(torch))
