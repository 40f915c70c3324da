"""`torch.compile(model, backend="xdsl_ttnn")`: transposed convolutions here, the rest in eager.

TorchDynamo hands over the graph of torch functions that a model calls. Those that are transposed
convolutions are exchanged for this project's; what is left runs as it would have.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..call.engine import Options
from .functional import conv_transpose1d, conv_transpose2d, convolution
from .library import torch
from .operator import choose_options
from .refusals import DTYPES, ELEMENT_TYPES

_EXCHANGED: Mapping[Any, Callable[..., Any]] = {
    torch.conv_transpose1d: conv_transpose1d,
    torch.ops.aten.conv_transpose1d: conv_transpose1d,
    torch.ops.aten.conv_transpose1d.default: conv_transpose1d,
    torch.conv_transpose2d: conv_transpose2d,
    torch.ops.aten.conv_transpose2d: conv_transpose2d,
    torch.ops.aten.conv_transpose2d.input: conv_transpose2d,
    torch.convolution: convolution,
    torch.ops.aten.convolution: convolution,
    torch.ops.aten.convolution.default: convolution,
}
"""What takes the place of torch's functions; those of `torch.nn.functional` are the same ones."""


class LeftToEager(UserWarning):
    """Said of a transposed convolution that is not taken: torch computes it, as in eager mode."""


def xdsl_ttnn(
    graph_module: Any, example_inputs: Sequence[Any], *, options: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """The backend: what runs the graph with its transposed convolutions exchanged.

    `options`, those of `torch.compile`, are fields of `frontend.call.Options`; what is not given is
    left to the options in force when the model is called.

    Raises: ValueError for an option that is unknown or not available.
    """
    chosen = options or {}
    _check_options(chosen)
    for module in graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            _exchange(module, chosen)
    return graph_module.forward


def _check_options(options: Mapping[str, Any]) -> None:
    known = [field.name for field in fields(Options)]
    for name in options:
        if name not in known:
            raise ValueError(f"options: expected some of {', '.join(known)}; got '{name}'")
    choose_options(options)


def _exchange(graph_module: Any, options: Mapping[str, Any]) -> None:
    """Exchange the transposed convolutions of one graph; warn of each that stays."""
    for node in graph_module.graph.nodes:
        if node.op != "call_function" or not _is_transposed_convolution(node):
            continue
        refusal = _refusal(node)
        if refusal is not None:
            message = f"{_place(node)}: left to eager: {refusal}"
            warnings.warn(message, LeftToEager, stacklevel=2)
            continue
        node.target = _EXCHANGED[node.target]
        node.kwargs = {**node.kwargs, **options}
    graph_module.recompile()


def _is_transposed_convolution(node: Any) -> bool:
    if _EXCHANGED.get(node.target) is convolution:
        return _arguments(node)["transposed"]
    return node.target in _EXCHANGED or "conv_transpose" in str(node.target)


def _arguments(node: Any) -> dict[str, Any]:
    """The arguments of a call by name, those that are left out included."""
    bound = inspect.signature(_EXCHANGED[node.target]).bind(*node.args, **node.kwargs)
    bound.apply_defaults()
    return bound.arguments


def _refusal(node: Any) -> str | None:
    """Why a transposed convolution is not taken: what was expected and what it has."""
    if node.target not in _EXCHANGED:
        name = getattr(node.target, "__name__", node.target)
        return f"expected conv_transpose1d, conv_transpose2d or convolution, got {name}"
    arguments = _arguments(node)
    for name in ("input", "weight", "bias"):
        operand = arguments[name]
        value = None if operand is None else operand.meta.get("example_value")
        if value is None:
            continue
        if torch._C._functorch.is_functorch_wrapped_tensor(value):
            return f"expected {name} as it is, got one that a torch.func transform has wrapped"
        if value.device.type != "cpu":
            return f"expected {name} on the CPU, got {value.device}"
        if value.layout != torch.strided:
            return f"expected {name} with strides, got {value.layout}"
        if value.dtype not in DTYPES:
            return f"expected {name} of {', '.join(ELEMENT_TYPES)}, got {value.dtype}"
        if name == "weight" and value.dim() not in (3, 4):
            return f"expected a 1-D or 2-D kernel, got {value.dim() - 2}-D"
    return None


def _place(node: Any) -> str:
    """Where a node comes from: its name, and the path of its module in the model.

    Example: `conv3d in 'decoder.up'`.
    """
    modules: dict[str, tuple[str, Any]] = node.meta.get("nn_module_stack") or {}
    path = [name for name, _ in modules.values()][-1:]
    plain = "".join(re.sub(r"^L\['\w+'\]|_modules\[|['\]]", "", name) for name in path)
    return f"{node.name} in '{plain.strip('.')}'" if plain else str(node.name)
