"""What goes into a graph: inputs of known sizes, and initializers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, TypeAlias

from ...dialect.numpy_types import DType
from ..graph import Constant, GraphBuilder, Value, element_type_for
from .reading import one_line

if TYPE_CHECKING:
    from onnx import GraphProto, TensorProto, TensorShapeProto, ValueInfoProto

Shapes: TypeAlias = Mapping[str, Sequence[int]]


def add_inputs(
    builder: GraphBuilder, graph: GraphProto, shapes: Shapes, read: Set[str]
) -> dict[str, Value]:
    """The arguments and the known values of a graph, by name; of the latter those in `read`.

    Raises: ValueError for inputs whose sizes are open, all in one.
    """
    initializers = {tensor.name: tensor for tensor in graph.initializer}
    if graph.sparse_initializer:
        name = graph.sparse_initializer[0].values.name
        raise ValueError(f"expected dense initializers, got '{name}', which is sparse")
    inputs = [value for value in graph.input if value.name not in initializers]
    if missing := [name for name in shapes if name not in {value.name for value in inputs}]:
        expected = ", ".join(f"'{value.name}'" for value in inputs) or "none"
        raise ValueError(f"expected shapes of the inputs, {expected}, got one of '{missing[0]}'")
    sizes = {value.name: _sizes(value, shapes.get(value.name)) for value in inputs}
    _refuse_open(inputs, sizes)
    values: dict[str, Value] = {}
    for value in inputs:
        try:
            element_type = element_type_for(numpy_type(value.type.tensor_type.elem_type))
        except ValueError as error:
            raise ValueError(f"input '{value.name}': {error}") from None
        values[value.name] = builder.input(
            value.name, [int(size) for size in sizes[value.name] or ()], element_type
        )
    for name in initializers.keys() & read:
        values[name] = known(builder, initializers[name], name)
    return values


def known(builder: GraphBuilder, tensor: TensorProto, name: str) -> Constant:
    """The value of a tensor of the model. Raises: ValueError for one that is broken."""
    from onnx import numpy_helper

    try:
        array = numpy_helper.to_array(tensor)
    except MemoryError:
        raise
    except Exception as error:
        # What is broken decides which error it is.
        raise ValueError(f"expected the data of initializer '{name}': {one_line(error)}") from None
    try:
        return builder.constant(array, name)
    except ValueError as error:
        raise ValueError(f"initializer '{name}': {error}") from None


def numpy_type(elem_type: int) -> DType:
    """The NumPy type of ONNX's number for it. Raises: ValueError for one there is none for."""
    from onnx.helper import tensor_dtype_to_np_dtype

    try:
        return tensor_dtype_to_np_dtype(elem_type)
    except KeyError:
        raise ValueError(f"expected a type of elements, got number {elem_type}") from None


def _sizes(value: ValueInfoProto, given: Sequence[int] | None) -> tuple[int | str, ...] | None:
    """The sizes of an input, as the caller gives them where the model leaves them open.

    An open size is the text it is called by; None stands for an open rank.
    """
    if value.type.WhichOneof("value") != "tensor_type":
        raise ValueError(f"input '{value.name}': expected a tensor, got something else")
    tensor = value.type.tensor_type
    stated: tuple[int | str, ...] | None = None
    if tensor.HasField("shape"):
        stated = tuple(
            size.dim_value if _is_stated(size) else size.dim_param or "?"
            for size in tensor.shape.dim
        )
    if given is None:
        return stated
    sizes = tuple(given)
    agree = stated is None or (
        len(stated) == len(sizes)
        and all(isinstance(old, str) or old == new for old, new in zip(stated, sizes, strict=True))
    )
    if not agree or min(sizes, default=0) < 0:
        expected = "known sizes" if stated is None else shown(stated)
        raise ValueError(f"input '{value.name}': expected {expected}, got {shown(sizes)}")
    return sizes


def _is_stated(size: TensorShapeProto.Dimension) -> bool:
    """Whether a size is a number; some exporters write -1 for one that is open."""
    return size.HasField("dim_value") and size.dim_value >= 0


def _refuse_open(
    inputs: Sequence[ValueInfoProto], sizes: Mapping[str, tuple[int | str, ...] | None]
) -> None:
    """Raises: ValueError that names every input with a size or a rank that is open."""
    problems: list[str] = []
    for value in inputs:
        shape = sizes[value.name]
        if shape is None:
            problems.append(f"'{value.name}' of any rank")
        elif any(isinstance(size, str) for size in shape):
            problems.append(f"'{value.name}' of {shown(shape)}")
    if problems:
        name = next(iter(problems)).split("'")[1]
        raise ValueError(
            f"expected inputs of known sizes, got {', '.join(problems)}; give them as "
            f"shapes={{'{name}': (1, ...)}} or --shape {name}=1x..."
        )


def shown(sizes: Sequence[int | str]) -> str:
    """Sizes as in a type: `Nx3x64x64`."""
    return "x".join(map(str, sizes)) or "a scalar"
