"""From an ONNX model to a TTNN module, node by node."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..exclusive import exclusive
from ..graph import Constant, GraphBuilder, Value
from ..graph.core import WeightForm
from ..graph.imported import ImportedModel
from ..graph.known import KnownElements
from ..graph.names import value_name
from . import convolution, elementwise, movement, resampling
from .folding import fold
from .inputs import Shapes, add_inputs
from .node import CONVERTERS, Node, Unsupported
from .opaque import Types, inferred_types, keep
from .reading import OWN_DOMAINS, opset_of, read_model

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

CONVERTER_MODULES = (convolution, elementwise, movement, resampling)
"""What fills the table of converters when it is imported."""


@exclusive
def import_onnx(
    model: str | os.PathLike[str] | bytes | ModelProto,
    *,
    keep_unknown: bool = False,
    weights: WeightForm = "constants",
    shapes: Shapes | None = None,
) -> ImportedModel:
    """Make a TTNN module of an ONNX model.

    `model` is the path of a file, the bytes of one, or a message of the package `onnx`. `shapes`
    gives, by name, the sizes of inputs that the model leaves open. `weights` says how the arrays of
    the model come in: as `constants` in the IR, or as `arguments`, their arrays beside it.
    `keep_unknown` keeps nodes that nothing here takes as ops `"onnx.Name"`, which cannot be run.

    Raises: ImportError without the package `onnx`; OSError for a file that cannot be read;
    ValueError for a model that is not sound, with open sizes, or with nodes that nothing here
    takes: all of them in one.

    Example: `import_onnx("model.onnx", shapes={"x": (1, 3, 64, 64)}).compile("loops")(x)`.
    """
    if weights not in ("constants", "arguments"):
        raise ValueError(f"weights: expected constants or arguments, got '{weights}'")
    proto = read_model(model)
    builder = GraphBuilder(weights=weights, module_name=value_name(proto.graph.name))
    values = add_inputs(builder, proto.graph, shapes or {}, read_names(proto))
    importer = Importer(proto, builder, keep_unknown, dict(values))
    importer.convert()
    for output in proto.graph.output:
        builder.output(importer.values[output.name], output.name)
    graph = builder.finish()
    return ImportedModel(graph.module, graph.inputs, graph.outputs, graph.weights)


@dataclass
class Importer:
    """One run over the nodes of a graph."""

    model: ModelProto
    builder: GraphBuilder
    keep_unknown: bool
    values: dict[str, Value]
    """What is known or built so far, by name."""

    lost: set[str] = field(default_factory=set[str])
    """Results of nodes that nothing here takes."""

    problems: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.opset = opset_of(self.model)
        self.read = read_names(self.model)
        self.given = dict(self.values)
        weights = (value for value in self.values.values() if isinstance(value, Constant))
        self.known = KnownElements(sum(weight.array.size for weight in weights))

    @cached_property
    def types(self) -> Types:
        """What shape inference knows; asked for by ops that are kept alone."""
        return inferred_types(self.model, self.given)

    def convert(self) -> None:
        """Build every node that an output needs. Raises: ValueError that names what is unknown."""
        for node in needed_nodes(self.model):
            self._convert(node)
        if self.problems:
            count = len(self.problems)
            raise ValueError(
                f"expected nodes that have a counterpart here, got {count} without: "
                f"{'; '.join(self.problems)}; keep_unknown (--keep-unknown) keeps them as they are"
            )

    def _convert(self, node: NodeProto) -> None:
        is_known = node.domain in OWN_DOMAINS and node.op_type in CONVERTERS
        if self.lost.intersection(node.input) and not self.keep_unknown:
            if not is_known:
                self._lose(node, "unknown op")
            self.lost.update(node.output)
            return
        inputs = [self.values[name] if name else None for name in node.input]
        try:
            with self.builder.at(label(node)):
                self._build(node, inputs, is_known)
        except ValueError as error:
            raise ValueError(f"{described(node)}: {error}") from error

    def _build(self, node: NodeProto, inputs: Sequence[Value | None], is_known: bool) -> None:
        arrays, reason = None, ""
        try:
            arrays = fold(node, inputs, self.opset, self.known)
        except Unsupported as refusal:
            reason = str(refusal)
        if arrays is not None:
            names = [name for name in node.output if name]
            for name, array in zip(names, arrays, strict=True):
                self.values[name] = self.builder.constant(array, name)
            return
        if is_known:
            try:
                view = Node(node, self.opset, inputs, attributes_of(node), self.builder, self.read)
                self.values[node.output[0]] = CONVERTERS[node.op_type](view)
                return
            except Unsupported as refusal:
                reason = reason or str(refusal)
        if not self.keep_unknown:
            self._lose(node, reason or "unknown op")
            return
        results = keep(self.builder, node, inputs, self.types)
        self.values.update(zip(filter(None, node.output), results, strict=True))

    def _lose(self, node: NodeProto, reason: str) -> None:
        self.problems.append(f"{described(node)}: {reason}")
        self.lost.update(node.output)


def needed_nodes(model: ModelProto) -> Iterable[NodeProto]:
    """The nodes that an output depends on, in order."""
    needed = {output.name for output in model.graph.output}
    nodes: list[NodeProto] = []
    for node in reversed(model.graph.node):
        if needed.intersection(filter(None, node.output)):
            needed.update(node.input)
            nodes.append(node)
    return reversed(nodes)


def read_names(model: ModelProto) -> set[str]:
    """Everything that a node which an output depends on reads, and the outputs."""
    read = {output.name for output in model.graph.output}
    return read.union(*(node.input for node in needed_nodes(model))) - {""}


def attributes_of(node: NodeProto) -> Mapping[str, object]:
    """The attributes of a node as Python values."""
    from onnx.helper import get_attribute_value

    return {entry.name: get_attribute_value(entry) for entry in node.attribute}


def label(node: NodeProto) -> str:
    """What a node is called in places: by its name, else by what it gives."""
    return node.name or f"{node.op_type}:{next(filter(None, node.output), '')}"


def described(node: NodeProto) -> str:
    """A node in a message: its op, its domain where it is not ONNX's own, its name."""
    domain = "" if node.domain in OWN_DOMAINS else f" of domain '{node.domain}'"
    name = f"'{node.name}'" if node.name else f"that gives '{next(filter(None, node.output), '')}'"
    return f"{node.op_type}{domain} {name}"
