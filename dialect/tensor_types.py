"""Small helpers verifiers share: tensor shapes with unknown sizes, and how errors read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn, cast

from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import base
from xdsl.utils.exceptions import VerifyException

AnyTensor = base(TensorType[Attribute])
"""What operands and results are constrained to."""

LARGEST_DIMENSION = 2**63 - 1
"""What MLIR holds a dimension in; a product of attributes can be larger."""


class OpVerifyException(VerifyException):
    """A diagnostic of an op, and the operand or property that it is about.

    `op` is what the diagnostic is of, where it is known.
    """

    def __init__(self, message: str, about: str | None = None, op: Operation | None = None):
        super().__init__(message)
        self.about = about
        self.op = op


def fail(op: Operation, message: str, about: str | None = None) -> NoReturn:
    """Raise the diagnostic of `op`, worded as MLIR does: `'dialect.op' op message`.

    `about` is the name of the operand or property that is at fault.
    """
    raise OpVerifyException(f"'{op.name}' op {message}", about, op)


def verify_at_least(op: Operation, checks: Iterable[tuple[str, Sequence[int], int]]) -> None:
    """Refuse a property with a number below its least: (name, numbers, least) of each."""
    for name, numbers, least in checks:
        if any(number < least for number in numbers):
            got = ", ".join(map(str, numbers))
            fail(op, f"expected '{name}' of at least {least}, got {got}", name)


def tensor_type(value: SSAValue) -> TensorType[Attribute]:
    """The type of a value whose definition says that it is a ranked tensor."""
    type_ = as_tensor_type(value.type)
    assert type_ is not None
    return type_


def as_tensor_type(type_: Attribute) -> TensorType[Attribute] | None:
    """`type_` if it is a ranked tensor type. Quicker than xDSL's `isa`, which passes call a lot."""
    is_tensor = issubclass(type(type_), TensorType)
    return cast(TensorType[Attribute], type_) if is_tensor else None


def shape_of(value: SSAValue) -> tuple[int, ...]:
    """The shape of a tensor value; DYNAMIC_INDEX stands for an unknown size."""
    return tensor_type(value).get_shape()


def element_type_of(value: SSAValue) -> Attribute:
    return tensor_type(value).element_type


def is_static(shape: Sequence[int]) -> bool:
    return DYNAMIC_INDEX not in shape


def agrees(size: int, expected: int) -> bool:
    """Whether a declared size is the expected one or one of them is unknown."""
    return DYNAMIC_INDEX in (size, expected) or size == expected


def shapes_agree(shape: Sequence[int], expected: Sequence[int]) -> bool:
    return len(shape) == len(expected) and all(map(agrees, shape, expected))


def shape_text(shape: Sequence[int]) -> str:
    """A shape as errors print it: (1, ?, 3)."""
    return f"({', '.join('?' if size == DYNAMIC_INDEX else str(size) for size in shape)})"
