"""Weights prepared once: what a function does to them is kept until it is given others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from ..dialect import ttcore, ttnn
from ..dialect.numpy_types import Array
from ..dialect.symbols import named_functions
from ..dialect.verify_module import verify_module
from ..interpreter.program import Program
from ..interpreter.sizes import array_bytes
from ..lowering import pipeline_passes
from ..lowering.named_pipeline import build_steps
from ..lowering.pipelines import WEIGHT_PREPARATION
from ..lowering.prepare.hoist_weight_preparation import prepared_by, why_whole
from ..lowering.prepare.weight_preparation import MARKS, is_parameter_type
from ..passes.parameters import parameter_indices
from .entry import find_entry


def weight_arguments(function: FuncOp) -> tuple[int, ...]:
    """The arguments that hold weights: declared as parameters, or used as weight or bias alone."""
    declared = set(parameter_indices(function))
    used = {argument.index for argument in function.args if _is_weight(argument)}
    types = function.function_type.inputs.data
    return tuple(sorted(i for i in declared | used if is_parameter_type(types[i])))


def _is_weight(value: SSAValue) -> bool:
    """Whether every use of a value is as the weight or the bias of a convolution."""
    uses = list(value.uses)
    return bool(uses) and all(
        (
            isinstance(use.operation, ttnn.ConvTranspose2dOp | ttnn.Conv2dOp)
            and use.operation.operands[use.index] in (use.operation.weight, use.operation.bias)
            and use.index > 0
        )
        or isinstance(use.operation, ttcore.LoadCachedOp)
        for use in uses
    )


def hoist_preparation(
    module: ModuleOp, entry: str | None, weights: tuple[int, ...], context: Context
) -> str | None:
    """Split the entry of a lowered module in two; returns the name of what prepares its weights.

    None where there is nothing to prepare, and where the entry cannot be split or was before.
    """
    function = find_entry(module, entry)
    named = named_functions(module, ignored=MARKS)
    if function.attributes.keys() & set(MARKS) or why_whole(function, named) is not None:
        return None
    told = {"arguments": weights, "function": function.sym_name.data}
    for step in build_steps(WEIGHT_PREPARATION, told, pipeline_passes()):
        step.apply(context, module)
        verify_module(module)
    return prepared_by(function)


@dataclass
class PreparedWeights:
    """Prepared weights of one function: those of each owner, and those of the last call without.

    Whether weights that nobody owns are the same is told by their contents, compared with a copy
    that was taken when they were prepared: an array changed in place is prepared again. No call
    copies them otherwise. What belongs to an owner does not change, and is kept as long as it is.
    """

    program: Program
    function: str
    """The function that prepares them."""

    indices: tuple[int, ...]
    """Which arguments of the function they are prepared for are weights."""

    runs: int = 0
    """How often weights were prepared."""

    _kept: tuple[tuple[Array, ...], tuple[Array, ...]] | None = None
    """The weights it was last called with and what was prepared of them, replaced as one: threads
    may call the function with weights of their own."""

    _owned: WeakKeyDictionary[object, tuple[Array, ...]] = field(
        default_factory=WeakKeyDictionary[object, tuple[Array, ...]]
    )

    def __contains__(self, owner: object) -> bool:
        """Whether the weights of an owner are prepared."""
        return owner in self._owned

    def __len__(self) -> int:
        """How many owners' weights are kept."""
        return len(self._owned)

    def peak_bytes(self, peak_bytes: int) -> int:
        """The most memory that a call takes which takes so much once its weights are prepared.

        Besides the prepared weights there are those it was given, and the copy of them.
        """
        preparing = self.program.peak_bytes(self.function)
        types = self.program.argument_types(self.function)
        given = sum(array_bytes(self.program.types, type_) for type_ in types)
        return max(preparing + given, peak_bytes + 2 * given)

    def arguments(
        self, values: Sequence[Array | None], owner: object | None = None
    ) -> list[Array | None]:
        """What the split function is called with, in place of the original arguments.

        The weights among them are those of `owner`, if there is one.
        """
        weights = [value for index in self.indices if (value := values[index]) is not None]
        others = [value for index, value in enumerate(values) if index not in self.indices]
        return [*others, *(self._last(weights) if owner is None else self._of(owner, weights))]

    def _of(self, owner: object, weights: Sequence[Array]) -> tuple[Array, ...]:
        prepared = self._owned.get(owner)
        if prepared is None:
            prepared = self._owned[owner] = self._prepare(weights)
        return prepared

    def _last(self, weights: Sequence[Array]) -> tuple[Array, ...]:
        kept = self._kept
        if kept is not None and all(map(same_bits, weights, kept[0])):
            return kept[1]
        self._kept = kept = None
        prepared = self._prepare(weights)
        self._kept = (tuple(weight.copy(order="K") for weight in weights), prepared)
        return prepared

    def _prepare(self, weights: Sequence[Array]) -> tuple[Array, ...]:
        prepared = self.program.call(self.function, weights)
        self.runs += 1
        return prepared


def same_bits(a: Array, b: Array) -> bool:
    """Whether two arrays of one shape and type hold the same bits, NaN and zeros of a sign too.

    No array is copied, whatever its strides are; the comparison takes a byte for each element.
    """
    bits = np.dtype(f"u{a.dtype.itemsize}")
    return np.array_equal(a.view(bits), b.view(bits))
