"""The TTIR of a plain TTNN module: what the door to TTNN must make mean the same again.

Plain modules hold only what TTIR has too. Op by op, attribute by attribute, each TTNN op is written
as its twin; nothing here comes from the door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from xdsl.dialects import arith, func
from xdsl.dialects.builtin import DenseArrayBase, IntAttr, ModuleOp, TensorType, i32, i64
from xdsl.ir import Attribute, Block, Operation, SSAValue

from ...dialect import deconv, ttir, ttnn
from ...dialect.geometry.plain import ConvAxis
from ...dialect.geometry.transposed import TransposedAxis
from ...dialect.tensor_types import shape_of
from ...dialect.ttir import movement as moving
from ...dialect.ttir import pooling
from ...dialect.ttir import tensor as computing
from ...dialect.ttir.attributes import FlattenedCompatAttr
from .drawing import chance

Attributes = dict[str, Attribute]

SAME: Mapping[type[Operation], type[Operation]] = {
    ttnn.ReluOp: computing.ReluOp,
    ttnn.Relu6Op: computing.Relu6Op,
    ttnn.TanhOp: computing.TanhOp,
    ttnn.SigmoidOp: computing.SigmoidOp,
    ttnn.SiluOp: computing.SiluOp,
    ttnn.GeluOp: computing.GeluOp,
    ttnn.LeakyReluOp: computing.LeakyReluOp,
    ttnn.AddOp: computing.AddOp,
    ttnn.MultiplyOp: computing.MultiplyOp,
    ttnn.SubtractOp: computing.SubtractOp,
    ttnn.DivideOp: computing.DivOp,
    ttnn.MaximumOp: computing.MaximumOp,
    ttnn.MinimumOp: computing.MinimumOp,
    ttnn.MatmulOp: computing.MatmulOp,
    ttnn.ConcatOp: moving.ConcatOp,
    ttnn.ReshapeOp: moving.ReshapeOp,
    ttnn.SliceStaticOp: moving.SliceStaticOp,
    ttnn.GlobalAvgPool2dOp: pooling.GlobalAvgPool2dOp,
    ttnn.UpsampleOp: pooling.Upsample2dOp,
    ttnn.ConstantOp: computing.ConstantOp,
    deconv.FlipOp: moving.ReverseOp,
}
"""Ops that state the same under the same names."""


def _without(*names: str) -> Callable[[Operation], Attributes]:
    return lambda op: {key: value for key, value in op.properties.items() if key not in names}


def _repeats(op: Operation) -> Attributes:
    assert isinstance(op, ttnn.RepeatOp)
    return {"repeat_dimensions": DenseArrayBase.from_list(i64, op.repeat_dims.get_values())}


def _axes(rows: TransposedAxis | ConvAxis, columns: TransposedAxis | ConvAxis) -> Attributes:
    """What windows state of their two axes; padding is [top, left, bottom, right] in TTIR."""
    pads = [rows.pad_low, columns.pad_low, rows.pad_high, columns.pad_high]
    return {
        "stride": _i32s(rows.stride, columns.stride),
        "dilation": _i32s(rows.dilation, columns.dilation),
        "padding": _i32s(*pads),
    }


def _i32s(*values: int) -> Attribute:
    return DenseArrayBase.from_list(i32, values)


def _flattened(batch: int, height: int, width: int) -> Attributes:
    sizes = (IntAttr(batch), IntAttr(height), IntAttr(width))
    return {"flattened_compat_info": FlattenedCompatAttr(*sizes)}


def _transposed(op: Operation) -> Attributes:
    assert isinstance(op, ttnn.ConvTranspose2dOp) and op.output_padding is not None
    geometry = op.geometry()
    attributes = _axes(geometry.height, geometry.width)
    attributes |= {"output_padding": op.output_padding, "groups": op.groups}
    if shape_of(op.input) == geometry.input_shape and shape_of(op.result) == geometry.output_shape:
        return attributes
    return attributes | _flattened(*op.input_sizes)


def _convolved(op: Operation) -> Attributes:
    assert isinstance(op, ttnn.Conv2dOp)
    geometry = op.geometry()
    attributes = _axes(geometry.height, geometry.width)
    return attributes | {"groups": op.groups} | _flattened(*op.input_sizes)


def _pooled(op: Operation) -> Attributes:
    assert isinstance(op, ttnn.Pool2dOp)
    rows, columns = op.axes()
    batch, height, width, _ = op.input_sizes
    attributes = _axes(rows, columns) | _flattened(batch, height, width)
    attributes |= {"kernel": op.kernel_size, "ceil_mode": op.ceil_mode}
    if isinstance(op, ttnn.AvgPool2dOp):
        attributes["count_include_pad"] = op.count_include_pad
    return attributes


OTHERS: Mapping[type[Operation], tuple[type[Operation], Callable[[Operation], Attributes]]] = {
    ttnn.TypecastOp: (computing.TypecastOp, _without("layout")),
    ttnn.PermuteOp: (moving.PermuteOp, _without("pad_value")),
    ttnn.PadOp: (moving.PadOp, _without("use_multicore")),
    ttnn.RepeatOp: (moving.RepeatOp, _repeats),
    ttnn.ConvTranspose2dOp: (ttir.ConvTranspose2dOp, _transposed),
    ttnn.Conv2dOp: (ttir.Conv2dOp, _convolved),
    ttnn.MaxPool2dOp: (pooling.MaxPool2dOp, _pooled),
    ttnn.AvgPool2dOp: (pooling.AvgPool2dOp, _pooled),
}
"""Ops that state it differently."""

AS_THEY_ARE = (func.CallOp, func.ReturnOp, arith.ConstantOp)
LEFT_OUT = (ttnn.GetDeviceOp,)


def as_ttir(random: Random, module: ModuleOp) -> ModuleOp:
    """The twin of a plain module; with destinations, as older files have them, or without."""
    has_destinations = chance(random, 30)
    twin = module.clone()
    for function in [op for op in twin.walk() if isinstance(op, func.FuncOp)]:
        _rewrite(function, has_destinations)
    return twin


def _rewrite(function: func.FuncOp, has_destinations: bool) -> None:
    block = function.body.block
    for op in list(block.ops):
        if isinstance(op, AS_THEY_ARE):
            continue
        if not isinstance(op, LEFT_OUT):
            new = _twin(op, block, has_destinations)
            op.results[0].replace_all_uses_with(new)
    for op in reversed(list(block.ops)):
        if op.name.startswith(("ttnn.", "deconv.")):
            op.detach()
            op.erase()


def _twin(op: Operation, block: Block, has_destinations: bool) -> SSAValue:
    """The op's twin, inserted in front of it."""
    kind, attributes = SAME.get(type(op)), dict(op.properties)
    if kind is None:
        kind, describe = OTHERS[type(op)]
        attributes = describe(op)
    operands = [operand for operand in op.operands if isinstance(operand.type, TensorType)]
    (result,) = op.results
    if has_destinations and operands:
        empty = ttir.EmptyOp.create(result_types=[result.type])
        block.insert_op_before(empty, op)
        operands.append(empty.results[0])
    new = kind.create(
        operands=operands,
        properties=dict(sorted(attributes.items())),
        result_types=[result.type],
    )
    block.insert_op_before(new, op)
    new.results[0].name_hint = result.name_hint
    return new.results[0]


PLAIN: frozenset[type[Operation]] = frozenset((*SAME, *OTHERS, *AS_THEY_ARE))
"""What plain modules hold, besides devices."""
