"""What each plain `ttir` op becomes: one entry of a table an op."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import BoolAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from ...dialect import build, i32, ttnn
from ...dialect.geometry.windows import crop_and_pad
from ...dialect.tensor_types import element_type_of, shape_of, tensor_type
from ...dialect.ttir import (
    movement as ttir_movement,
)
from ...dialect.ttir import (
    pooling as ttir_pooling,
)
from ...dialect.ttir import (
    tensor as ttir_tensor,
)
from .conversion import is_float, is_number, unrepeated
from .ttir_pooling_ops import pooled

Build = Callable[[ttir_tensor.TensorOp], SSAValue]
"""Builds the counterpart of an op; its result has the op's result type."""

COUNTERPARTS: dict[type[ttir_tensor.TensorOp], type[Operation]] = {
    ttir_tensor.ReluOp: ttnn.ReluOp,
    ttir_tensor.Relu6Op: ttnn.Relu6Op,
    ttir_tensor.LeakyReluOp: ttnn.LeakyReluOp,
    ttir_tensor.TanhOp: ttnn.TanhOp,
    ttir_tensor.SigmoidOp: ttnn.SigmoidOp,
    ttir_tensor.SiluOp: ttnn.SiluOp,
    ttir_tensor.GeluOp: ttnn.GeluOp,
    ttir_tensor.TypecastOp: ttnn.TypecastOp,
    ttir_tensor.AddOp: ttnn.AddOp,
    ttir_tensor.MultiplyOp: ttnn.MultiplyOp,
    ttir_tensor.SubtractOp: ttnn.SubtractOp,
    ttir_tensor.DivOp: ttnn.DivideOp,
    ttir_tensor.MaximumOp: ttnn.MaximumOp,
    ttir_tensor.MinimumOp: ttnn.MinimumOp,
    ttir_movement.ConcatOp: ttnn.ConcatOp,
    ttir_movement.ReshapeOp: ttnn.ReshapeOp,
    ttir_movement.PermuteOp: ttnn.PermuteOp,
    ttir_movement.PadOp: ttnn.PadOp,
    ttir_movement.SliceStaticOp: ttnn.SliceStaticOp,
    ttir_tensor.MatmulOp: ttnn.MatmulOp,
    ttir_tensor.ConstantOp: ttnn.ConstantOp,
    ttir_pooling.GlobalAvgPool2dOp: ttnn.GlobalAvgPool2dOp,
}
"""Ops that TTNN has with the same operands and properties, nearly all under the same name."""

DROPPED = ("conservative_folding", "dtype")
"""Properties of `ttir.typecast` that change no value: one steers folding, one repeats a type."""

ADDED: dict[type[ttir_tensor.TensorOp], dict[str, Attribute]] = {
    ttir_movement.PadOp: {"use_multicore": BoolAttr.from_bool(False)},
}
"""Properties that only TTNN's op has."""


def _copied(op: ttir_tensor.TensorOp) -> SSAValue:
    """The op of the same name."""
    kept = {name: value for name, value in op.properties.items() if name not in DROPPED}
    properties = kept | ADDED.get(type(op), {})
    operands = op.inputs
    if isinstance(op, ttir_tensor.BinaryOp):
        operands = unrepeated(op.inputs, op.result, _repeated_value)
    name = op.result.name_hint or op.name.partition(".")[2]
    return build.create(COUNTERPARTS[type(op)], operands, properties, op.result.type, name)


def _repeated_value(value: SSAValue) -> SSAValue | None:
    """What a broadcast repeats, if only sizes of 1 are."""
    owner = value.owner
    if not isinstance(owner, ttir_movement.BroadcastOp):
        return None
    (given,) = owner.inputs
    sizes = zip(shape_of(given), owner.broadcast_dimensions.get_values(), strict=True)
    return given if all(1 in (size, times) for size, times in sizes) else None


def drops_elements(op: Operation) -> bool:
    """Whether an op is a pad with negative amounts."""
    return isinstance(op, ttir_movement.PadOp) and min(op.padding.get_values(), default=0) < 0


def _padded(op: ttir_tensor.TensorOp) -> SSAValue:
    """TTNN's pad takes no negative amounts: elements are dropped first, by a slice."""
    assert isinstance(op, ttir_movement.PadOp)
    (given,), amounts = op.inputs, op.padding.get_values()
    if not drops_elements(op):
        return _copied(op)
    rows = zip(shape_of(given), amounts[::2], amounts[1::2], strict=True)
    windows = [crop_and_pad(size, low, high) for size, low, high in rows]
    cropped = build.slice_static(given, [(each.start, each.stop) for each in windows], "cropped")
    padding = [amount for each in windows for amount in (each.pad_low, each.pad_high)]
    if not any(padding):
        return build.typed(cropped, _type(op))
    properties = i32.properties({"padding": padding}) | {"value": op.value} | ADDED[type(op)]
    return build.create(ttnn.PadOp, [cropped], properties, op.result.type, "pad")


def _upsampled(op: ttir_tensor.TensorOp) -> SSAValue:
    assert isinstance(op, ttir_pooling.Upsample2dOp)
    factors = i32.properties({"scale_factor": op.scale_factors()})
    properties: dict[str, Attribute] = {"mode": op.mode, **factors}
    return build.create(ttnn.UpsampleOp, op.inputs, properties, op.result.type, "upsampled")


def _transposed(op: ttir_tensor.TensorOp) -> SSAValue:
    assert isinstance(op, ttir_movement.TransposeOp)
    return build.typed(build.permute(op.inputs[0], op.permutation(), "transposed"), _type(op))


def _reshaped(op: ttir_tensor.TensorOp) -> SSAValue:
    """Squeeze and unsqueeze: a reshape to the shape that they have to give."""
    return build.reshape(op.inputs[0], op.result_shape(), "reshaped", op.result.type)


def _repeated(op: ttir_tensor.TensorOp) -> SSAValue:
    assert isinstance(op, ttir_movement.BroadcastOp | ttir_movement.RepeatOp)
    is_broadcast = isinstance(op, ttir_movement.BroadcastOp)
    repeats = op.broadcast_dimensions if is_broadcast else op.repeat_dimensions
    return build.typed(build.repeat(op.inputs[0], repeats.get_values(), "repeated"), _type(op))


def _flipped(op: ttir_tensor.TensorOp) -> SSAValue:
    """TTNN has no such op; this project's own `deconv.flip` takes its place."""
    assert isinstance(op, ttir_movement.ReverseOp)
    return build.typed(build.flip(op.inputs[0], op.dimensions.get_values(), "flipped"), _type(op))


def _filled(op: ttir_tensor.TensorOp) -> SSAValue:
    assert isinstance(op, ttir_tensor.FilledOp)
    shape = op.shape.get_values()
    filled = build.splat(build.bare_type(op.result, shape), op.FILL, "filled")
    return build.typed(filled, _type(op))


def _type(op: ttir_tensor.TensorOp) -> TensorType[Attribute]:
    return tensor_type(op.result)


TENSOR_CONVERSIONS: dict[type[ttir_tensor.TensorOp], Build] = {
    **dict.fromkeys(COUNTERPARTS, _copied),
    ttir_movement.TransposeOp: _transposed,
    ttir_movement.UnsqueezeOp: _reshaped,
    ttir_movement.SqueezeOp: _reshaped,
    ttir_movement.BroadcastOp: _repeated,
    ttir_movement.RepeatOp: _repeated,
    ttir_movement.ReverseOp: _flipped,
    ttir_movement.PadOp: _padded,
    ttir_pooling.Upsample2dOp: _upsampled,
    ttir_pooling.MaxPool2dOp: pooled,
    ttir_pooling.AvgPool2dOp: pooled,
    ttir_tensor.ZerosOp: _filled,
    ttir_tensor.OnesOp: _filled,
}


def has_counterpart(op: Operation) -> bool:
    """Whether an op is one of the table, and of element types that TTNN's computes as TTIR's does.

    Ops of two tensors are of numbers, not of truth values; `ttnn.divide` is of floats.
    """
    if not isinstance(op, ttir_tensor.TensorOp) or type(op) not in TENSOR_CONVERSIONS:
        return False
    element_type = element_type_of(op.result)
    if isinstance(op, ttir_tensor.DivOp):
        return is_float(element_type)
    return not isinstance(op, ttir_tensor.BinaryOp) or is_number(element_type)
