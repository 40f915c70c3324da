"""Numbers that stand behind the module: `dense_resource<name>`, and blobs at the end of the file.

A blob is hexadecimal: four bytes of alignment, then the elements, little-endian, a byte for each
`i1`. Elements that are read from one are dense elements like any other to all that works with
them; their bytes remember the name, so that they can be printed behind the module again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias, cast

from xdsl.dialects.builtin import (
    AnyDenseElement,
    BytesAttr,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    IntegerType,
    MemRefType,
    RankedStructure,
    ShapedType,
    StringAttr,
    TensorType,
    VectorType,
)
from xdsl.ir import Attribute
from xdsl.irdl import base
from xdsl.utils.hints import isa

ELEMENTS = base(DenseIntOrFPElementsAttr) | base(DenseResourceAttr)
"""The value of a constant: its elements, or a name whose elements are not at hand."""

Elements: TypeAlias = DenseIntOrFPElementsAttr[AnyDenseElement] | DenseResourceAttr

HEADER_BYTES = 4


class Blob(bytes):
    """The bytes of dense elements that were read from a resource."""

    resource: str
    alignment: int

    @staticmethod
    def of(data: bytes, resource: str, alignment: int) -> Blob:
        """`data`, remembering which resource it is of."""
        blob = Blob(data)
        blob.resource, blob.alignment = resource, alignment
        return blob


class Handle(str):
    """The name of a resource whose elements could not be read, and what stands in the file."""

    text: str | None = None
    """The blob as it is written; None where there is none."""

    complaint: str = "no blob"
    """Why there are no elements, as messages put it."""

    @staticmethod
    def to(resource: str, text: str | None, complaint: str) -> Handle:
        """The name of a resource."""
        handle = Handle(resource)
        handle.text, handle.complaint = text, complaint
        return handle


@dataclass(frozen=True)
class KeptMetadata:
    """What stands behind a module and is not about builtin resources, as text."""

    dialects: tuple[str, ...] = ()
    """Resources of other dialects: `name: {...}`."""

    sections: tuple[str, ...] = ()
    """What is not about resources of dialects: `name: {...}`."""


@dataclass(frozen=True)
class Resource:
    """One blob of a file: its hexadecimal text, checked."""

    name: str
    text: str

    def __post_init__(self) -> None:
        header = self.text[2 : 2 + 2 * HEADER_BYTES]
        is_hexadecimal = self.text[:2] in ("0x", "0X") and len(self.text) % 2 == 0
        if not is_hexadecimal or len(header) < 2 * HEADER_BYTES:
            raise ValueError(
                f"resource {self.name!r}: expected 0x and an even number of hexadecimal digits, 4 "
                f"bytes of alignment and the elements, got {_shortened(self.text)!r}"
            )
        if self.alignment & (self.alignment - 1):
            got = self.alignment
            raise ValueError(
                f"resource {self.name!r}: expected a power of two to align to, got {got}"
            )

    @property
    def alignment(self) -> int:
        """In bytes. Raises: ValueError."""
        header = self.text[2 : 2 + 2 * HEADER_BYTES]
        return int.from_bytes(_bytes(self.name, header), "little")

    def elements(self, type_: ShapedType) -> Attribute:
        """The elements as those of a type; where they do not fit, a handle that says why.

        Raises: ValueError for what is not hexadecimal.
        """
        data = _bytes(self.name, self.text[2 + 2 * HEADER_BYTES :])
        complaint = _complaint(type_, data)
        if complaint is not None:
            return unread(self.name, type_, self.text, complaint)
        dense = cast(RankedStructure[Any], type_)
        if dense.element_type == IntegerType(1):
            data = bytes(0xFF if byte else 0 for byte in data)
        blob = Blob.of(data, self.name, self.alignment)
        return DenseIntOrFPElementsAttr(dense, BytesAttr(blob))


def elements_type(value: Elements) -> tuple[tuple[int, ...], Attribute]:
    """The shape of a constant's value, and its element type."""
    type_ = cast(TensorType[Attribute], value.get_type())
    return type_.get_shape(), type_.element_type


def unread(name: str, type_: ShapedType, text: str | None, complaint: str) -> DenseResourceAttr:
    """Elements that are not at hand."""
    return DenseResourceAttr(StringAttr(Handle.to(name, text, complaint)), type_)


def why_unread(value: DenseResourceAttr) -> str:
    """What is missing, for a message: `expected the elements of dense_resource<w>, got no blob`."""
    name = value.resource_handle.data
    complaint = name.complaint if isinstance(name, Handle) else Handle.complaint
    return f"expected the elements of dense_resource<{name}>, got {complaint}"


def blob_text(elements: DenseIntOrFPElementsAttr[Any], blob: Blob) -> str:
    """The text of a blob as a file holds it."""
    data: bytes = blob
    if elements.get_element_type() == IntegerType(1):
        data = bytes(1 if byte else 0 for byte in blob)
    header = blob.alignment.to_bytes(HEADER_BYTES, "little")
    return f"0x{(header + data).hex().upper()}"


def _bytes(name: str, digits: str) -> bytes:
    try:
        if digits.isalnum() or not digits:
            return bytes.fromhex(digits)
    except ValueError:
        pass
    raise ValueError(f"resource {name!r}: expected hexadecimal digits, got {_shortened(digits)!r}")


def _complaint(type_: ShapedType, data: bytes) -> str | None:
    if not isinstance(type_, TensorType | VectorType | MemRefType) or not type_.has_static_shape():
        return f"elements of {type_}"
    element_type = cast(TensorType[Attribute], type_).element_type
    if not isa(element_type, AnyDenseElement):
        return f"elements of {element_type}"
    size = prod(type_.get_shape()) * element_type.compile_time_size
    return None if len(data) == size else f"{len(data)} bytes for the {size} of {type_}"


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."
