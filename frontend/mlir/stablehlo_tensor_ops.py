"""What the plain `stablehlo` ops become: one entry of a table an op."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, IntegerAttr, IntegerType, Signedness
from xdsl.ir import Attribute, Operation, SSAValue

from ...dialect import build, stablehlo, ttnn
from ...dialect.constants import repeats_one_element
from ...dialect.tensor_types import (
    as_tensor_type,
    element_type_of,
    is_static,
    shape_of,
    tensor_type,
)
from .conversion import is_float, is_number, unrepeated

COUNTERPARTS: dict[type[Operation], type[Operation]] = {
    stablehlo.AddOp: ttnn.AddOp,
    stablehlo.MultiplyOp: ttnn.MultiplyOp,
    stablehlo.SubtractOp: ttnn.SubtractOp,
    stablehlo.DivideOp: ttnn.DivideOp,
    stablehlo.MaximumOp: ttnn.MaximumOp,
    stablehlo.MinimumOp: ttnn.MinimumOp,
    stablehlo.TanhOp: ttnn.TanhOp,
    stablehlo.LogisticOp: ttnn.SigmoidOp,
    stablehlo.ConvertOp: ttnn.TypecastOp,
}
"""Elementwise ops that TTNN has, with the same operands and without properties."""


def _elementwise(op: Operation) -> SSAValue:
    name = op.name.partition(".")[2]
    operands = op.operands
    if isinstance(op, stablehlo.BinaryOp):
        operands = unrepeated(op.operands, op.result, _repeated_value)
    return build.create(COUNTERPARTS[type(op)], operands, {}, op.results[0].type, name)


def _repeated_value(value: SSAValue) -> SSAValue | None:
    """What a broadcast repeats, under the shape in which it can be repeated."""
    owner = value.owner
    if isinstance(owner, stablehlo.BroadcastInDimOp) and has_counterpart(owner):
        return _spread(owner)
    return None


def _maximum(op: Operation) -> SSAValue:
    """With zero on one side: relu."""
    assert isinstance(op, stablehlo.MaximumOp)
    if not (_is_zero(op.lhs) or _is_zero(op.rhs)):
        return _elementwise(op)
    value = op.rhs if _is_zero(op.lhs) else op.lhs
    return build.create(ttnn.ReluOp, [value], {}, op.result.type, "relu")


def _constant(op: Operation) -> SSAValue:
    assert isinstance(op, stablehlo.ConstantOp)
    properties: dict[str, Attribute] = {"value": op.value}
    return build.create(ttnn.ConstantOp, [], properties, op.result.type, "constant")


def _transposed(op: Operation) -> SSAValue:
    assert isinstance(op, stablehlo.TransposeOp)
    permuted = build.permute(op.operand, op.permutation.get_values(), "transposed")
    return build.typed(permuted, tensor_type(op.result))


def _reversed(op: Operation) -> SSAValue:
    """TTNN has no such op; this project's own `deconv.flip` takes its place."""
    assert isinstance(op, stablehlo.ReverseOp)
    flipped = build.flip(op.operand, op.dimensions.get_values(), "reversed")
    return build.typed(flipped, tensor_type(op.result))


def _reshaped(op: Operation) -> SSAValue:
    assert isinstance(op, stablehlo.ReshapeOp)
    return build.reshape(op.operand, shape_of(op.result), "reshaped", op.result.type)


def _concatenated(op: Operation) -> SSAValue:
    assert isinstance(op, stablehlo.ConcatenateOp)
    dim = IntegerAttr(op.dimension.value.data, IntegerType(32, Signedness.SIGNED))
    return build.create(ttnn.ConcatOp, op.inputs, {"dim": dim}, op.result.type, "concat")


def _broadcast(op: Operation) -> SSAValue:
    """Dimensions in ascending order, ones between them, then the whole repeated."""
    assert isinstance(op, stablehlo.BroadcastInDimOp)
    target = tensor_type(op.result)
    splat = _splat(op.operand)
    if splat is not None:
        return build.splat(target, splat, "constant")
    value = _spread(op)
    sizes = zip(shape_of(value), target.get_shape(), strict=True)
    repeats = [1 if size == wanted else wanted for size, wanted in sizes]
    return build.typed(build.repeat(value, repeats, "broadcast"), target)


def _spread(op: stablehlo.BroadcastInDimOp) -> SSAValue:
    """The operand with as many dimensions as the result, of size 1 where it is to be repeated."""
    dimensions = op.broadcast_dimensions.get_values()
    ascending = sorted(range(len(dimensions)), key=dimensions.__getitem__)
    value = build.permute(op.operand, ascending, "ordered")
    shape = [1] * len(shape_of(op.result))
    for size, dimension in zip(shape_of(op.operand), dimensions, strict=True):
        shape[dimension] = size
    return build.reshape(value, shape, "spread")


def _splat(value: SSAValue) -> int | float | None:
    """The one value of a constant, or None."""
    owner = value.owner
    if isinstance(owner, stablehlo.BroadcastInDimOp):
        return _splat(owner.operand)
    if not isinstance(owner, stablehlo.ConstantOp):
        return None
    elements = owner.value
    if not isinstance(elements, DenseIntOrFPElementsAttr) or not repeats_one_element(elements):
        return None
    return cast(int | float, next(iter(elements.iter_values())))


def _is_zero(value: SSAValue) -> bool:
    return _splat(value) == 0


TENSOR_CONVERSIONS: dict[type[Operation], Callable[[Operation], SSAValue]] = {
    **dict.fromkeys(COUNTERPARTS, _elementwise),
    stablehlo.MaximumOp: _maximum,
    stablehlo.ConstantOp: _constant,
    stablehlo.TransposeOp: _transposed,
    stablehlo.ReverseOp: _reversed,
    stablehlo.ReshapeOp: _reshaped,
    stablehlo.ConcatenateOp: _concatenated,
    stablehlo.BroadcastInDimOp: _broadcast,
}


def has_counterpart(op: Operation) -> bool:
    """Whether an op is one of the table, of known shapes and of element types that TTNN has.

    StableHLO's division of integers rounds towards zero; `ttnn.divide` is of floats.
    """
    if type(op) not in TENSOR_CONVERSIONS:
        return False
    for value in (*op.operands, *op.results):
        type_ = as_tensor_type(value.type)
        if type_ is None or not is_static(type_.get_shape()):
            return False
        if not is_number(element_type_of(value)):
            return False
    return not isinstance(op, stablehlo.DivideOp) or is_float(element_type_of(op.result))
