"""How many bytes arrays take: values of the IR, and what conversions of them need on the way."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import ShapedType
from xdsl.ir import Attribute

from ..dialect.numpy_types import FLOAT16, DType, ElementTypeError, ElementTypes, is_float

_ODD_BYTES = 24
"""Of each number that is rounded to bf16 or less through `dtypes.convert`: two f64 and two f32."""

_SATURATED_BYTES = 32
"""Of each float that becomes an integer: its f64, what is kept of it, and the comparisons."""


def count(type_: Attribute) -> int:
    """The elements of a shaped type, 1 of any other. Sizes that are open count as 0."""
    if not isinstance(type_, ShapedType):
        return 1
    return prod(max(size, 0) for size in type_.get_shape())


def array_bytes(types: ElementTypes, type_: Attribute) -> int:
    """The bytes of a tensor, memref or vector; 0 for what no array holds.

    Example: `tensor<2x3xbf16>` takes 12, or 48 where floats are computed in f64.
    """
    if not isinstance(type_, ShapedType):
        return 0
    try:
        return count(type_) * types.dtype(type_).itemsize
    except ElementTypeError:
        return 0


def converted_bytes(elements: int, source: DType, target: DType) -> int:
    """What `dtypes.convert` takes, its result included: nothing where the types are the same."""
    if source == target:
        return 0
    spare = 0
    if is_float(source) and target.kind in "iu":
        spare = _SATURATED_BYTES
    elif is_float(target) and target.itemsize <= 2 and target != FLOAT16:
        spare = _ODD_BYTES if source.kind in "iu" or source.itemsize > 4 else 0
    return elements * (target.itemsize + spare)
