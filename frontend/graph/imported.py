"""An imported model: a module, what belongs to it, and how it is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from ...dialect.numpy_types import Array
from ..compiler import CompiledFunction, compile_ir


@dataclass(frozen=True)
class ModelFunction:
    """A model, to be called with the arrays of its inputs."""

    function: CompiledFunction
    weights: tuple[Array, ...] = ()

    def __call__(self, *arrays: object) -> tuple[Array, ...]:
        """Run it on arrays in the order of the inputs, as the model has them: (N, C, H, W).

        Raises: ValueError for a wrong number of arrays, shape or element type.
        """
        expected = len(self.function.signature.arrays) - len(self.weights)
        if len(arrays) != expected:
            raise ValueError(f"expected {expected} arrays, got {len(arrays)}")
        return self.function(*arrays, *self.weights)


@dataclass(frozen=True)
class ImportedModel:
    """A model as a TTNN module."""

    module: ModuleOp
    """One function, `main`: the inputs of the model, then the weights where they are arguments."""

    inputs: tuple[str, ...]
    """What the model calls its inputs, in the order of the arguments."""

    outputs: tuple[str, ...]
    """What the model calls its outputs, in the order of the results."""

    weights: Mapping[str, Array]
    """The arrays of the arguments that are parameters, by the names of `ttnn-run`: `arg1`, ..."""

    def compile(
        self,
        floor: str | None = None,
        strategy: str | None = None,
        *,
        backend: str = "interpreter",
        threads: int = 1,
    ) -> ModelFunction:
        """A function of NumPy arrays: the inputs of the model in, its outputs out.

        What can be chosen is what `compile_ir` takes.
        """
        function = compile_ir(
            self.module, floor=floor, strategy=strategy, backend=backend, threads=threads
        )
        return ModelFunction(function, tuple(self.weights.values()))
