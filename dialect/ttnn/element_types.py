"""Which element types the tensors of one op may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import AnyFloat, IntegerType
from xdsl.ir import Attribute, Operation, SSAValue

from ..shaped import ShapedOp
from ..tensor_types import element_type_of, fail
from ..ttcore.attributes import DataTypeAttr, TileType

ELEMENT_TYPE_NAMES = {
    "f32": "f32",
    "f16": "f16",
    "bf16": "bf16",
    "u32": "ui32",
    "u16": "ui16",
    "u8": "ui8",
    "si32": "si32",
}
"""Element types by the data types that name the same thing; block formats have none."""


def is_float(type_: Attribute) -> bool:
    """Whether a tensor holds floats, tiles of a block format (`bfp_bf8`) among them."""
    if isinstance(type_, TileType):
        return type_.data_type.data.startswith(("f", "bf"))
    return isinstance(type_, AnyFloat) and type_.bitwidth <= 64


def verify_element_types(op: Operation, values: Mapping[str, SSAValue]) -> None:
    """The tensors of a convolution hold floats, of any widths, or all the same integers."""
    types = {name: element_type_of(value) for name, value in values.items()}
    if element_types_combine(tuple(types.values())):
        return
    first = types["input"]
    got = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    fail(
        op,
        f"expected element types that are all floats or all the same integer, got {got}",
        next((name for name, type_ in types.items() if type_ != first), "input"),
    )


def element_types_combine(types: Sequence[Attribute]) -> bool:
    """Whether tensors of these element types can meet in one convolution."""
    if all(map(is_float, types)):
        return True
    return isinstance(types[0], IntegerType) and all(type_ == types[0] for type_ in types)


def verify_dtype(op: ShapedOp, dtype: DataTypeAttr | None) -> None:
    if dtype is None or dtype.data not in ELEMENT_TYPE_NAMES:
        return
    expected = ELEMENT_TYPE_NAMES[dtype.data]
    got = str(element_type_of(op.results[0]))
    if got not in (expected, expected.removeprefix("s")):
        fail(
            op, f"expected a result of element type {expected} as 'dtype' says, got {got}", "dtype"
        )


def verify_pooled_element_types(op: ShapedOp) -> None:
    before, after = element_type_of(op.operands[0]), element_type_of(op.results[0])
    if before != after and not (is_float(before) and is_float(after)):
        fail(op, f"expected element types that are equal or floats, got {before}, {after}")
