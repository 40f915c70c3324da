"""Ops of one tensor whose shape follows from operands and properties: they say it themselves.

The verifier of such an op, `ttnn-infer-shapes` and canonicalization ask the op.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import prod

from xdsl.ir import Operation, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern
from xdsl.traits import HasCanonicalizationPatternsTrait

from .geometry.shapes import Shape
from .tensor_types import element_type_of, fail, is_static, shape_of, shape_text, shapes_agree


class ShapedOp(IRDLOperation, ABC):
    """An op whose only result is a tensor of a shape that the rest of the op tells."""

    @abstractmethod
    def result_shape(self) -> Shape:
        """The shape of the result, `UNKNOWN` where an operand leaves a size open.

        Raises: ValueError, worded for the verifier, where no result exists.
        """

    def is_identity(self) -> bool:
        """Whether the result is the first operand, where their types are the same."""
        return False

    def verify_(self) -> None:
        verify_result_shape(self)


def verify_result_shape(op: ShapedOp) -> None:
    """Compare the declared shape of the result with the one that the op tells."""
    try:
        shape = op.result_shape()
    except ValueError as error:
        fail(op, str(error))
    got = shape_of(op.results[0])
    if not shapes_agree(got, shape):
        fail(op, f"expected a result of shape {shape_text(shape)}, got {shape_text(got)}")


def verify_same_element_type(op: Operation) -> None:
    """All operands and results of an op have one element type."""
    types = [element_type_of(value) for value in (*op.operands, *op.results)]
    if any(type_ != types[0] for type_ in types):
        got = ", ".join(map(str, types))
        fail(op, f"expected operands and result of one element type, got {got}")


def verify_same_types(op: Operation) -> None:
    """Operands and result have one element type and one shape, as far as sizes are known."""
    verify_same_element_type(op)
    shapes = [shape_of(value) for value in (*op.operands, *op.results)]
    if not all(shapes_agree(shape, other) for shape in shapes for other in shapes):
        got = ", ".join(map(shape_text, shapes))
        fail(op, f"expected operands and result of one shape, got {got}")


def verify_same_size(op: Operation, source: SSAValue, result: SSAValue) -> None:
    """Two tensors hold as many elements, as far as their sizes are known."""
    before, after = shape_of(source), shape_of(result)
    if is_static(before) and is_static(after) and prod(before) != prod(after):
        fail(
            op,
            f"Input tensor number of elements {prod(before)} and output tensor number of "
            f"elements {prod(after)} must be the same",
        )


class DropIdentity(RewritePattern):
    """An op that does nothing and keeps the type: its input stands for its result."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter, /) -> None:
        if not isinstance(op, ShapedOp) or not op.operands or not op.is_identity():
            return
        if op.operands[0].type != op.results[0].type:
            return

        rewriter.replace(op, [], [op.operands[0]])


class DroppedIfIdentity(HasCanonicalizationPatternsTrait):
    """An op that may do nothing: canonicalization drops it then."""

    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        return (DropIdentity(),)


def erase_if_dead(op: Operation, rewriter: PatternRewriter) -> None:
    """Erase an op that a pattern has taken the last reader from."""
    if not op.results[0].uses:
        rewriter.erase(op)
