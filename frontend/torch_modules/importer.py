"""From a torch module to TTNN IR, through `torch.export`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from operator import getitem
from typing import Any

import numpy as np
from xdsl.dialects.builtin import i1

from ..call.arrays import as_array, as_torch
from ..exclusive import exclusive
from ..graph import Constant, GraphBuilder, Tensor, Value, element_type_for
from ..graph.core import WeightForm
from ..graph.imported import ImportedModel
from ..graph.known import KnownElements
from . import arithmetic_rules, movement_rules
from .calls import RULES, Call, Result
from .library import torch
from .nodes import (
    check_results,
    flat,
    named_arguments,
    op_name,
    opaque_attributes,
    place,
    type_of,
)

_KEPT_WHOLE = (
    *("silu.default", "upsample_nearest1d.default", "upsample_nearest1d.vec"),
    *("upsample_nearest2d.default", "upsample_nearest2d.vec"),
)
"""Ops of aten that are not taken apart, because the builder has them."""

RULE_MODULES = (arithmetic_rules, movement_rules)
"""What fills the table of rules when it is imported."""

_WITHOUT_RESULT = ("aten._assert_tensor_metadata.default",)
_WEIGHT_KINDS = ("PARAMETER", "BUFFER", "CONSTANT_TENSOR")


@exclusive
def import_torch(
    model: Any,
    example_inputs: Sequence[Any] | None = None,
    *,
    keep_unknown: bool = False,
    weights: WeightForm = "constants",
) -> ImportedModel:
    """The TTNN module of a `torch.nn.Module` or of a `torch.export.ExportedProgram`.

    A module is exported with its example inputs, whose shapes the IR then has. Parameters and
    buffers become constants, or arguments with `weights="arguments"`; what follows from them alone
    is worked out now, by torch.

    Raises: ValueError that names every op that has no counterpart, with its node and the module it
    is in; with `keep_unknown` those are kept as opaque ops instead.
    """
    program = _export(model, example_inputs)
    return _Reader(program, GraphBuilder(weights=weights), keep_unknown).read()


def _export(model: Any, example_inputs: Sequence[Any] | None) -> Any:
    """The exported program, its ops those of core ATen."""
    if isinstance(model, torch.export.ExportedProgram):
        if example_inputs is not None:
            raise ValueError("example_inputs: expected none beside an ExportedProgram, got some")
        program = model
    elif isinstance(model, torch.nn.Module):
        if not isinstance(example_inputs, list | tuple):
            kind = "none" if example_inputs is None else type(example_inputs).__name__
            raise ValueError(
                f"example_inputs: expected a list or a tuple to export a module with, got {kind}"
            )
        program = torch.export.export(model, tuple(example_inputs), strict=False)
    else:
        kind = type(model).__name__
        raise ValueError(f"model: expected an nn.Module or an ExportedProgram, got {kind}")
    table = torch.export.default_decompositions()
    for name in _KEPT_WHOLE:
        op, _, overload = name.partition(".")
        table.pop(getattr(getattr(torch.ops.aten, op), overload), None)
    return program.run_decompositions(table)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, Value) and value.element_type == i1


@dataclass
class _Reader:
    """One walk over a graph, node by node."""

    program: Any
    builder: GraphBuilder
    keep_unknown: bool
    values: dict[Any, Any] = field(default_factory=dict[Any, Any])
    """What each node gives: a `Value`, a tuple of them, or a Python value."""

    problems: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        weights = (*self.program.state_dict.values(), *self.program.constants.values())
        tensors = (weight for weight in weights if isinstance(weight, torch.Tensor))
        self.known = KnownElements(sum(tensor.numel() for tensor in tensors))

    def read(self) -> ImportedModel:
        """The finished model. Raises: ValueError with all the problems there are."""
        self._read_inputs()
        for node in self.program.graph.nodes:
            if node.op == "call_function" and op_name(node) not in _WITHOUT_RESULT:
                self._read_call(node)
        if self.problems:
            raise ValueError(
                f"expected ops that have a counterpart here, got {len(self.problems)} without: "
                f"{'; '.join(self.problems)}; keep_unknown keeps them as they are"
            )
        self._read_outputs()
        graph = self.builder.finish()
        return ImportedModel(graph.module, graph.inputs, graph.outputs, graph.weights)

    # What goes in and comes out --------------------------------------------------------------

    def _read_inputs(self) -> None:
        nodes = [node for node in self.program.graph.nodes if node.op == "placeholder"]
        for node, spec in zip(nodes, self.program.graph_signature.input_specs, strict=True):
            value = node.meta.get("val")
            if spec.kind.name in _WEIGHT_KINDS:
                self.values[node] = self._weight(spec.target)
            elif isinstance(value, torch.Tensor):
                shape, dtype = type_of(value)
                self.values[node] = self.builder.input(node.name, shape, element_type_for(dtype))
            else:
                self.values[node] = value

    def _weight(self, target: str) -> Constant:
        stored = self.program.state_dict.get(target)
        if stored is None:
            stored = self.program.constants[target]
        return self.builder.constant(as_array(stored, target), target)

    def _read_outputs(self) -> None:
        (output,) = (node for node in self.program.graph.nodes if node.op == "output")
        specs = self.program.graph_signature.output_specs
        for value, spec in zip(output.args[0], specs, strict=True):
            if spec.kind.name != "USER_OUTPUT":
                raise ValueError(
                    f"expected a module that changes none of its tensors, got one that changes "
                    f"'{spec.target}'; run model.eval() first"
                )
            if not isinstance(value, torch.fx.Node):
                raise ValueError(f"expected tensors as results, got {value!r}")
            self.builder.output(self.values[value], value.name)

    # Calls -----------------------------------------------------------------------------------

    def _read_call(self, node: Any) -> None:
        if node.target is getitem:
            source, index = node.args
            self.values[node] = self.values[source][index]
            return
        with self.builder.at(place(node)):
            try:
                self.values[node] = self._result(node)
            except ValueError as error:
                if not self.keep_unknown:
                    self.problems.append(f"{place(node)}: {op_name(node)}: {error}")
                self.values[node] = self._kept(node)

    def _result(self, node: Any) -> Result:
        """What a call gives. Raises: ValueError where it has no counterpart."""
        if not isinstance(node.target, torch._ops.OpOverload):
            raise ValueError("expected an op of aten")
        arguments = {name: self._read(value) for name, value in named_arguments(node).items()}
        if not any(isinstance(value, Tensor) for value in flat(arguments.values())):
            return self._known_now(node)
        if op_name(node) not in RULES:
            is_training = "batch_norm" in op_name(node)
            raise ValueError("unknown op" + ("; run model.eval() first" if is_training else ""))
        first, *_ = flat([node.meta["val"]])
        shape, dtype = type_of(first)
        if dtype == np.bool_ or any(map(_is_boolean, flat(arguments.values()))):
            raise ValueError("expected floats or integers, got booleans")
        read = frozenset(user.args[1] for user in node.users if user.target is getitem)
        call = Call(node.name, arguments, shape, dtype, read)
        result = RULES[op_name(node)](self.builder, call)
        check_results(result, node)
        return result

    def _read(self, value: Any) -> Any:
        """An argument of a node, nodes replaced by what they give."""
        if isinstance(value, torch.fx.Node):
            return self.values[value]
        if isinstance(value, list | tuple):
            return [self._read(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
        return value

    def _known_now(self, node: Any) -> Result:
        """What a call without computed operands gives: torch works it out."""
        if torch.Tag.nondeterministic_seeded in node.target.tags:
            raise ValueError("expected numbers that are the same in every run")
        results = [value for value in flat([node.meta["val"]]) if value is not None]
        self.known.take(sum(prod(type_of(value)[0]) for value in results))
        args, kwargs = torch.fx.node.map_arg((node.args, node.kwargs), self._torch_value)
        try:
            with torch.no_grad():
                result = node.target(*args, **kwargs)
        except Exception as error:
            # Each op of torch has errors of its own; what it says is passed on.
            said = str(error).partition("\n")[0]
            raise ValueError(f"expected what torch works out, got {said}") from None
        if isinstance(result, torch.Tensor):
            return self.builder.constant(as_array(result, node.name), node.name)
        return tuple(self.builder.constant(as_array(part, node.name), node.name) for part in result)

    def _torch_value(self, node: Any) -> Any:
        value = self.values[node]
        return as_torch(value.array) if isinstance(value, Constant) else value

    def _kept(self, node: Any) -> Result:
        """A call without a counterpart. Raises: ValueError where the IR has no type for it."""
        try:
            return self._opaque(node)
        except ValueError as error:
            raise ValueError(f"{place(node)}: {op_name(node)}: {error}") from None

    def _opaque(self, node: Any) -> Result:
        """A call as it stands: an op that nothing here knows."""
        arguments = [self._read(value) for value in (*node.args, *node.kwargs.values())]
        operands = [value for value in flat(arguments) if isinstance(value, Value)]
        types = [type_of(value) for value in flat([node.meta["val"]]) if value is not None]
        results = self.builder.opaque(
            f"torch.{op_name(node).removesuffix('.default')}",
            operands,
            [(shape, element_type_for(dtype)) for shape, dtype in types],
            opaque_attributes(node),
        )
        return results if isinstance(node.meta["val"], list | tuple) else results[0]
