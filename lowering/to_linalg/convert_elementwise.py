"""Elementwise TTNN ops and layout moves -> `linalg.generic`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import AnyFloat, TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialect import ttnn
from ...dialect.guards import check_static, refuse
from ...dialect.numerics import accumulator_of
from ...dialect.tensor_types import element_type_of, shape_of
from ...dialect.ttnn.activations import EXACT_ACTIVATIONS
from .. import scalars, tensors
from .lower import lower

Combine = Callable[[SSAValue, SSAValue, Attribute], SSAValue]

_BINARY: dict[type[ttnn.BinaryOp], Combine] = {
    ttnn.AddOp: lambda lhs, rhs, _: scalars.add(lhs, rhs),
    ttnn.MultiplyOp: lambda lhs, rhs, _: scalars.multiply(lhs, rhs),
    ttnn.SubtractOp: lambda lhs, rhs, _: scalars.subtract(lhs, rhs),
    ttnn.DivideOp: lambda lhs, rhs, _: scalars.divide(lhs, rhs),
    ttnn.MaximumOp: scalars.maximum,
    ttnn.MinimumOp: scalars.minimum,
}


@dataclass(frozen=True)
class LowerActivation(RewritePattern):
    """relu and its kin -> generic; computed in the type of sums unless nothing is rounded there."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.ActivationOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        source, target = element_type_of(op.input), element_type_of(op.result)
        activation, held = op.activation(), accumulator_of(op)
        exact = activation.name in EXACT_ACTIVATIONS
        if not isinstance(held, AnyFloat) and not exact:
            refuse(op, f"expected a float tensor, got {source}")
        wide = source if exact and source == target else held

        def body(args: Sequence[SSAValue]) -> SSAValue:
            value = scalars.convert(args[0], source, wide)
            value = scalars.activate(value, activation, wide)
            return scalars.convert(value, wide, target)

        def build() -> SSAValue:
            value = tensors.bare(op.input)
            type_ = TensorType(scalars.signless(target), shape_of(value))
            return tensors.elementwise([value], type_, body, activation.name)

        lower(op, rewriter, build)


@dataclass(frozen=True)
class LowerBinary(RewritePattern):
    """add and its kin -> generic with broadcasting maps; mixed types meet as sums do."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.BinaryOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)
        sources = [element_type_of(op.lhs), element_type_of(op.rhs)]
        target = element_type_of(op.result)
        if isinstance(op, ttnn.DivideOp) and not isinstance(target, AnyFloat):
            refuse(op, f"expected a float result, got {target}")
        same = sources == [target, target]
        # One operation on narrow floats rounds as it does through f32.
        meeting = target if same else accumulator_of(op)
        combine = _BINARY[type(op)]

        def body(args: Sequence[SSAValue]) -> SSAValue:
            wide = [
                scalars.convert(arg, source, meeting)
                for arg, source in zip(args, sources, strict=True)
            ]
            return scalars.convert(combine(wide[0], wide[1], meeting), meeting, target)

        def build() -> SSAValue:
            operands = [tensors.bare(op.lhs), tensors.bare(op.rhs)]
            type_ = TensorType(scalars.signless(target), shape_of(op.result))
            return tensors.elementwise(operands, type_, body, op.name.removeprefix("ttnn."))

        lower(op, rewriter, build)


@dataclass(frozen=True)
class LowerLayoutMove(RewritePattern):
    """to_layout, to_memory_config, to_tensor_spec, typecast -> a conversion, or nothing."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ttnn.LayoutOp, rewriter: PatternRewriter, /) -> None:
        check_static(op)

        def build() -> SSAValue:
            value = tensors.bare(op.input)
            return tensors.converted(value, element_type_of(op.input), element_type_of(op.result))

        for source in (op.input, *tensors.cast_sources(op.input)):
            if source.type == op.result.type:
                rewriter.replace(op, [], [source])
                return
        lower(op, rewriter, build)


PATTERNS: tuple[RewritePattern, ...] = (LowerActivation(), LowerBinary(), LowerLayoutMove())
