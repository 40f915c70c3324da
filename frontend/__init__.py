"""How people come in: IR as text, a file or a module, to a Python function."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .compiler import CompiledFunction, compile_ir

__all__ = ["CompiledFunction", "compile_ir"]


def __getattr__(name: str) -> object:
    """Import the compiler when it is first asked for: a tool's `--help` needs none of it."""
    if name in __all__:
        from . import compiler

        return getattr(compiler, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
