"""Which function of a module is run, and what arrays it takes and gives."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, SSAValue

from ..dialect.numpy_types import Array, DType, ElementTypeError, element_type, native, numpy_dtype
from ..dialect.ttnn.attributes import DeviceType
from ..lowering.prepare.weight_preparation import PREPARES

MAIN = "main"

_POSITIONAL = re.compile(r"arg\d+")


@dataclass(frozen=True)
class ArrayType:
    """An array that goes into or comes out of a function."""

    name: str
    """What it is called: its name in the IR if that tells it apart, else `arg0`, `result0`."""

    shape: tuple[int, ...]
    """Sizes; `DYNAMIC_INDEX` where the IR says `?`."""

    dtype: DType

    is_written: bool = False
    """Whether the function may write to the caller's own array: a memref."""

    @property
    def elements(self) -> int:
        """How many elements an array of this type has; a size that is not known counts as 0."""
        return prod(max(size, 0) for size in self.shape)

    @property
    def size_bytes(self) -> int:
        """Bytes of an array of this type, counted alike."""
        return self.dtype.itemsize * self.elements

    def __str__(self) -> str:
        sizes = ("?" if size == DYNAMIC_INDEX else str(size) for size in self.shape)
        return "x".join((*sizes, self.dtype.name))

    def check(self, value: object) -> Array:
        """`value` as an array of this type, its bytes in this machine's order.

        Raises: ValueError when its shape or its element type is another, or when the bytes of an
        array that is written to are in the other order.
        """
        try:
            array = np.asarray(value)
        except ValueError:
            # Lists of different lengths.
            array = np.asarray(None)
        if array.dtype == object:
            raise ValueError(
                f"{self.name}: expected an array of {self}, got {type(value).__name__}"
            )
        self.check_type(array.shape, array.dtype)
        if self.is_written and not array.dtype.isnative:
            raise ValueError(
                f"{self.name}: expected {self} in this machine's byte order, as it may be written "
                f"to, got {array.dtype.str}"
            )
        return native(array)

    def check_type(self, shape: tuple[int, ...], dtype: DType) -> None:
        """Refuse arrays of another shape or element type. Raises: ValueError."""
        fits = len(shape) == len(self.shape) and all(
            want in (DYNAMIC_INDEX, got) for want, got in zip(self.shape, shape, strict=True)
        )
        if not fits or dtype.newbyteorder("=") != self.dtype:
            got = ArrayType("", shape, dtype)
            raise ValueError(f"{self.name}: expected {self}, got {got}")


@dataclass(frozen=True)
class Signature:
    """What a function is called with and returns."""

    function: str
    arguments: tuple[ArrayType | None, ...]
    """One a function argument, in order; None for a device, for which nobody passes anything."""

    results: tuple[ArrayType, ...]

    @property
    def arrays(self) -> tuple[ArrayType, ...]:
        """The arguments that are arrays: what a caller passes."""
        return tuple(argument for argument in self.arguments if argument is not None)

    def __str__(self) -> str:
        arguments = ", ".join(f"{array.name}: {array}" for array in self.arrays)
        return f"{self.function}({arguments})"

    def check(self, values: Sequence[object]) -> list[Array]:
        """The arrays a call was given, checked. Raises: ValueError."""
        if len(values) != len(self.arrays):
            raise ValueError(f"expected {len(self.arrays)} arrays, {self}, got {len(values)}")
        return [array.check(value) for array, value in zip(self.arrays, values, strict=True)]


def functions(module: ModuleOp) -> Iterator[FuncOp]:
    """The functions with a body, those of nested modules included, in order."""
    for op in module.walk():
        if isinstance(op, FuncOp) and not op.is_declaration:
            yield op


def is_public(function: FuncOp) -> bool:
    """Whether a function says nothing of its visibility, or that it is public.

    One that prepares the weights of another is not for callers.
    """
    visibility = function.sym_visibility
    visible = visibility is None or visibility.data == "public"
    return visible and PREPARES not in function.attributes


def find_entry(module: ModuleOp, name: str | None = None) -> FuncOp:
    """The function called `name`; without a name `main`, else the only public function.

    Raises: ValueError that lists the functions there are.
    """
    candidates = list(functions(module))
    if not candidates:
        raise ValueError("expected a function with a body, got a module without one")
    wanted = name if name is not None else MAIN
    named = [function for function in candidates if function.sym_name.data == wanted]
    if len(named) > 1:
        raise ValueError(f"entry {wanted!r}: expected one function of that name, got {len(named)}")
    if named:
        return named[0]
    if name is not None:
        raise ValueError(f"entry {name!r}: expected one of {_names(candidates)}")
    public = [function for function in candidates if is_public(function)]
    if len(public) == 1:
        return public[0]
    found = _names(public or candidates)
    raise ValueError(
        f"expected a function 'main' or a single public one, got {found}; name one as the entry"
    )


def signature_of(function: FuncOp) -> Signature:
    """The arrays a function takes and gives.

    Raises: ValueError for an argument or a result that no array can stand for.
    """
    names = iter(_names_of([value for value in function.args if not _is_device(value)]))
    arguments = tuple(
        None if _is_device(value) else _array_type(next(names), value.type, function)
        for value in function.args
    )
    outputs = function.function_type.outputs
    results = tuple(
        _array_type(f"result{index}", type_, function) for index, type_ in enumerate(outputs)
    )
    return Signature(function.sym_name.data, arguments, results)


def _is_device(value: SSAValue) -> bool:
    return isinstance(value.type, DeviceType)


def _names_of(values: Sequence[SSAValue]) -> list[str]:
    """One name a value: its own in the IR, else `arg` and its position among them.

    `%arg1` in another position than 1 is called by its position, and so are values of one name:
    no name stands for two values.
    """
    hints = Counter(value.name_hint for value in values)
    names: list[str] = []
    for position, value in enumerate(values):
        hint = value.name_hint
        is_own = hint is not None and hints[hint] == 1 and not _POSITIONAL.fullmatch(hint)
        names.append(hint if hint is not None and is_own else f"arg{position}")
    return names


def _array_type(name: str, type_: Attribute, function: FuncOp) -> ArrayType:
    try:
        dtype = numpy_dtype(element_type(type_))
    except ElementTypeError as error:
        raise ValueError(f"{function.sym_name.data!r}, {name}: {error}") from None
    shape = type_.get_shape() if isinstance(type_, TensorType | MemRefType) else ()
    return ArrayType(name, tuple(shape), dtype, isinstance(type_, MemRefType))


def _names(candidates: Sequence[FuncOp]) -> str:
    return ", ".join(repr(function.sym_name.data) for function in candidates)
