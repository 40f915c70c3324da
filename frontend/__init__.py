"""How people come in: IR as text, a file or a module, and the documented Python call.

`from xdsl_ttnn import frontend as ttnn` gives a script what it needs around
`ttnn.conv_transpose2d`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .call import *  # noqa: F403
    from .compiler import CompiledFunction as CompiledFunction
    from .compiler import compile_ir as compile_ir
    from .graph.imported import ImportedModel as ImportedModel
    from .onnx_models import import_onnx as import_onnx
    from .torch_modules import import_torch as import_torch

HOMES = {
    "CompiledFunction": "compiler",
    "ImportedModel": "graph.imported",
    "compile_ir": "compiler",
    "import_onnx": "onnx_models",
    "import_torch": "torch_modules",
}
"""Names and the modules they come from; what is not listed comes from `call`."""


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first asked for: a tool's `--help` needs none of it."""
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "__all__":
        return __dir__()
    home = import_module(f".{HOMES.get(name, 'call')}", __name__)
    try:
        value = getattr(home, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from . import call

    return sorted([*HOMES, *call.__all__])
