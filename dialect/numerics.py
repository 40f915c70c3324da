"""Element types: what an op computes in, and which types hold the numbers of others.

One rule for every op with arithmetic, stated in docs/semantics.md. Operands are brought to the type
that `accumulator_type` gives for their element types and the result's; products, sums, bias and
activation are computed in it; and the result is rounded from it, once. What moves elements without
arithmetic converts them, once, to the type of its result.
"""

from __future__ import annotations

from xdsl.dialects.builtin import (
    AnyFloat,
    BFloat16Type,
    Float16Type,
    IntegerType,
    Signedness,
    f32,
)
from xdsl.ir import Attribute, Operation
from xdsl.utils.hints import isa

from .tensor_types import as_tensor_type
from .ttcore.attributes import TileType

_DATA_TYPES: dict[str, Attribute] = {
    "f32": f32,
    "f16": Float16Type(),
    "u32": IntegerType(32, Signedness.UNSIGNED),
    "u16": IntegerType(16, Signedness.UNSIGNED),
    "u8": IntegerType(8, Signedness.UNSIGNED),
    "si32": IntegerType(32, Signedness.SIGNED),
    "i1": IntegerType(1),
}


def number_type(type_: Attribute) -> Attribute:
    """The type of one number of a tensor: of an element, or of one in a tile.

    Example: numbers of `!ttcore.tile<32x32, u8>` are ui8; those of block formats are bf16.
    """
    if isinstance(type_, TileType):
        return _DATA_TYPES.get(type_.data_type.data, BFloat16Type())
    return type_


def accumulator_type(*types: Attribute) -> Attribute:
    """The type that an op computes in: `types` are those of its operands and, last, its result.

    With floats among them f64 where one is that wide, else f32; integers among floats are
    converted. Integers alone: the widest, and of equally wide ones the last.

    Examples: (bf16, f16, bf16) gives f32; (f64, f32, f32) f64; (si32, bf16, bf16) f32;
    (i8, i8, i32) i32; (ui8, si8, si8) si8.
    """
    numbers = [number_type(type_) for type_ in types]
    floats = [type_ for type_ in numbers if isinstance(type_, AnyFloat)]
    if floats:
        return max((f32, *floats), key=lambda type_: type_.bitwidth)
    return max(reversed(numbers), key=integer_width)


def accumulator_of(op: Operation) -> Attribute:
    """The type that an op of tensors computes in; operands that are none (a device) do not count.

    Requires: one result.
    """
    tensors = [as_tensor_type(value.type) for value in (*op.operands, *op.results)]
    return accumulator_type(*(type_.element_type for type_ in tensors if type_ is not None))


def integer_width(type_: Attribute) -> int:
    """Bits of an integer type, 0 for a type without numbers."""
    return type_.width.data if isa(type_, IntegerType) else 0


_PRECISIONS = {"bf16": BFloat16Type(), "f16": Float16Type(), "f32": f32}


def weight_precision(weight: Attribute, weights_dtype: str | None) -> AnyFloat | None:
    """The float type that a weight is rounded to before anything is computed with it.

    None where that changes nothing: nothing is asked for, the weight holds no floats, or none that
    the type does not hold. A block format is treated as bf16.

    Raises: ValueError for a data type that is no float.
    Examples: bf16 for (f32, "bfp_bf8"); f16 for (bf16, "f16"); None for (bf16, "f32").
    """
    if weights_dtype is None:
        return None
    name = "bf16" if weights_dtype.startswith("bfp_") else weights_dtype
    if name not in _PRECISIONS:
        expected = ", ".join(_PRECISIONS)
        raise ValueError(
            f"expected a weights_dtype among {expected} and block formats, got {weights_dtype}"
        )
    precision = _PRECISIONS[name]
    if not isinstance(weight, AnyFloat) or holds(precision, weight):
        return None
    return precision


def holds(wide: Attribute, narrow: Attribute) -> bool:
    """Whether every number of float type `narrow` is one of float type `wide`.

    Examples: f32 holds f16, bf16 and itself; f16 and bf16 do not hold each other.
    """
    if wide == narrow:
        return True
    if not isinstance(wide, AnyFloat) or not isinstance(narrow, AnyFloat):
        return False
    return narrow.bitwidth < wide.bitwidth
