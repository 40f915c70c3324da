"""Reading a model: from a file, bytes or a message to one that ONNX's own tools find sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, filterwarnings

from ..extras import missing_package

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

OLDEST_OPSET = 7

OWN_DOMAINS = ("", "ai.onnx")
"""What ONNX calls the domain of its own operators."""

Shapes = Mapping[str, Sequence[int]]


def read_model(model: str | os.PathLike[str] | bytes | ModelProto) -> ModelProto:
    """The model that `model` is, holds, or is the path of, checked and its functions inlined.

    Raises: ImportError without the package `onnx`; OSError for a file that cannot be read;
    ValueError for what is no sound model.
    """
    try:
        import onnx
        from onnx.inliner import inline_local_functions
    except ModuleNotFoundError as error:
        if error.name != "onnx":
            raise
        raise ImportError(missing_package("onnx")) from error

    if isinstance(model, onnx.ModelProto):
        proto = model
    elif isinstance(model, bytes):
        proto = _decoded(lambda: onnx.load_model_from_string(model))
    else:
        path = Path(model)
        # Read once for the sake of the error: the loader hides what the system says.
        with path.open("rb"):
            proto = _decoded(lambda: onnx.load_model(os.fspath(path)))  # pyright: ignore[reportUnknownMemberType]
    check_model(proto)
    return inline_local_functions(proto) if proto.functions else proto


def _decoded(load: Callable[[], ModelProto]) -> ModelProto:
    """What a loader gives; what it raises for a broken file as ValueError."""
    from google.protobuf.message import DecodeError
    from onnx.checker import ValidationError

    try:
        with catch_warnings():
            # Textual formats are called experimental.
            filterwarnings("ignore", category=UserWarning, module="onnx")
            return load()
    except DecodeError:
        raise ValueError("expected an ONNX model, got other or truncated bytes") from None
    except ValidationError as error:
        raise ValueError(f"expected the external data of the model: {one_line(error)}") from None
    except (OSError, MemoryError):
        raise
    except Exception as error:
        # Each textual format has errors of its own.
        raise ValueError(f"expected an ONNX model: {one_line(error)}") from None


def opset_of(model: ModelProto) -> int:
    """The version of ONNX's own operator set.

    Raises: ValueError for one that is too old, or newer than the package `onnx`.
    """
    from onnx.defs import onnx_opset_version

    versions = [entry.version for entry in model.opset_import if entry.domain in OWN_DOMAINS]
    opset, newest = max(versions, default=OLDEST_OPSET), onnx_opset_version()
    if not OLDEST_OPSET <= opset <= newest:
        raise ValueError(f"expected a model of opset {OLDEST_OPSET} to {newest}, got {opset}")
    return opset


def check_model(model: ModelProto) -> None:
    """Have ONNX's checker look at a model; ops that it does not know are left to the importer.

    Raises: ValueError with what the checker says.
    """
    from onnx import checker

    for tensor in model.graph.initializer:
        if tensor.data_location == tensor.EXTERNAL:
            raise ValueError(
                f"expected the data of initializer '{tensor.name}' in the model, got a reference "
                "to a file; pass the path of the model"
            )
    if not all(isinstance(text, str) for text in _texts(model.graph)):
        raise ValueError("expected an ONNX model, got text that is not UTF-8")
    opset = opset_of(model)
    light = without_data(model, 0)
    for value in (*light.graph.input, *light.graph.output):
        # One without a shape is sound for every runtime, and not for the checker.
        if value.type.WhichOneof("value") == "tensor_type":
            value.type.tensor_type.shape.SetInParent()
    strange = [node for node in light.graph.node if not _has_schema(node, opset)]
    for node in strange:
        node.domain = "unknown"
    if strange:
        light.opset_import.add(domain="unknown", version=1)
    try:
        checker.check_model(light)  # pyright: ignore[reportUnknownMemberType]
    except checker.ValidationError as error:
        raise ValueError(f"expected a sound ONNX model: {one_line(error)}") from None


def _texts(graph: GraphProto) -> Iterator[object]:
    """Names and words of a graph; those that are not UTF-8 come as bytes."""
    yield graph.name
    for value in (*graph.input, *graph.output, *graph.value_info, *graph.initializer):
        yield value.name
    for node in graph.node:
        yield from (node.op_type, node.domain, node.name, *node.input, *node.output)
        yield from (entry.name for entry in node.attribute)


def _has_schema(node: NodeProto, opset: int) -> bool:
    from onnx import defs

    try:
        defs.get_schema(node.op_type, opset, "")
    except defs.SchemaError:
        return node.domain not in OWN_DOMAINS
    return True


def without_data(model: ModelProto, largest: int) -> ModelProto:
    """A copy in which initializers of more than `largest` elements have no elements.

    ONNX's tools read a model through its bytes, of which there may be too many. The sizes stay
    where something stays.
    """
    import onnx

    light = onnx.ModelProto()
    light.ir_version = model.ir_version
    light.opset_import.extend(model.opset_import)
    for field in ("node", "input", "output", "value_info"):
        getattr(light.graph, field).extend(getattr(model.graph, field))
    light.graph.name = model.graph.name
    for tensor in model.graph.initializer:
        if prod(tensor.dims) <= largest:
            light.graph.initializer.append(tensor)
        else:
            dims = tensor.dims if largest else (0,)
            light.graph.initializer.add(name=tensor.name, data_type=tensor.data_type, dims=dims)
    return light


def one_line(error: Exception) -> str:
    """The first line that says something."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line), type(error).__name__)
