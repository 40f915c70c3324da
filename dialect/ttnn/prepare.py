"""The ops that prepare weights and biases, and where a prepared weight comes from.

Verifiers keep tt-mlir's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import func
from xdsl.dialects.builtin import BoolAttr, StringAttr
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.irdl import (
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import Shape
from ..shaped import ShapedOp
from ..symbols import lookup_function, returned_by
from ..tensor_types import AnyTensor, agrees, as_tensor_type, fail, shape_of
from ..ttcore import LoadCachedOp
from ..ttcore.attributes import DataTypeAttr
from .attributes import DeviceType, LayoutAttr
from .convolution import Convolution, Transposed, verify_value_ranges
from .memory import MemoryConfigAttr


@irdl_op_definition
class PrepareConvTranspose2dWeightsOp(Transposed, ShapedOp):
    """Bring a weight into the form a transposed convolution consumes.

    Here that is (1, 1, KH*KW*C/G, O): rows (kh, kw, c) of the convolution kernel, that is after
    the flip where the kernel is mirrored. Source: tt-mlir, TTNN_PrepareConvTranspose2dWeightsOp.
    """

    name = "ttnn.prepare_conv_transpose2d_weights"

    weight_tensor = operand_def(AnyTensor)
    """(C, O/G, KH, KW)."""
    device = operand_def(base(DeviceType))
    input_memory_config = prop_def(base(MemoryConfigAttr))
    input_tensor_layout = prop_def(base(LayoutAttr))
    weights_format = prop_def(base(StringAttr))
    has_bias = prop_def(base(BoolAttr))
    input_dtype = prop_def(base(DataTypeAttr))
    output_dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return self.geometry().prepared_weight_shape

    def verify_(self) -> None:
        verify_prepare_weights(self)


@irdl_op_definition
class PrepareConvTranspose2dBiasOp(Convolution, ShapedOp):
    """Bring a bias into the form a transposed convolution consumes; its values stay.

    Source: tt-mlir, TTNN_PrepareConvTranspose2dBiasOp.
    """

    name = "ttnn.prepare_conv_transpose2d_bias"

    bias_tensor = operand_def(AnyTensor)
    """(1, 1, 1, O)."""
    device = operand_def(base(DeviceType))
    input_memory_config = prop_def(base(MemoryConfigAttr))
    input_tensor_layout = prop_def(base(LayoutAttr))
    input_dtype = prop_def(base(DataTypeAttr))
    output_dtype = opt_prop_def(base(DataTypeAttr))
    result = result_def(AnyTensor)
    """(1, 1, 1, O)."""

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return shape_of(self.bias_tensor)

    def verify_(self) -> None:
        verify_prepare_bias(self)


def verify_prepare_weights(op: PrepareConvTranspose2dWeightsOp) -> None:
    shape = shape_of(op.weight_tensor)
    if len(shape) != 4:
        fail(op, "Weight must be a 4D tensor", "weight")
    if op.weights_format.data != "IOHW":
        fail(op, "Only `IOHW` weights format is currently supported", "weights_format")
    in_channels, out_channels, groups = op.channel_counts
    if not agrees(shape[0], in_channels):
        fail(
            op,
            f"Expected input channels attribute ({in_channels}) to match the first dimension of "
            f"the weight tensor ({shape[0]})",
            "weight",
        )
    if groups < 1:
        fail(op, f"expected 'groups' of at least 1, got {groups}", "groups")
    if (
        in_channels % groups
        or out_channels % groups
        or not agrees(shape[1], out_channels // groups)
    ):
        fail(
            op,
            f"Expected output channels attribute ({out_channels}) to match the number of output "
            f"channels per group ({shape[1]})",
            "weight",
        )
    _verify_raw(op)
    _verify_kernel(op, shape)
    for name, attribute in (("stride", op.stride), ("dilation", op.dilation)):
        if len(attribute) != 2:
            fail(op, f"Expected {name} attribute to be a 2D tensor", name)
    if len(op.padding) not in (2, 4):
        fail(op, "Expected padding attribute to be a 2D tensor", "padding")
    if op.output_padding is not None and len(op.output_padding) != 2:
        fail(
            op,
            f"expected 2 values in 'output_padding', got {len(op.output_padding)}",
            "output_padding",
        )
    verify_value_ranges(op)


def _verify_raw(op: PrepareConvTranspose2dWeightsOp) -> None:
    """A weight is prepared once; where raw and prepared shapes coincide no other check says so."""
    if op_behind_prepare(op.weight_tensor) is not None:
        fail(op, "expected a raw weight, got one that is prepared", "weight")


def _verify_kernel(op: PrepareConvTranspose2dWeightsOp, shape: tuple[int, ...]) -> None:
    kernel = op.kernel_size.get_values()
    if len(kernel) != 2:
        fail(op, "Expected kernel size attribute to be a 2D tensor", "kernel_size")
    places = (("height", "third", 2), ("width", "fourth", 3))
    for size, (name, place, dimension) in zip(kernel, places, strict=True):
        if not agrees(shape[dimension], size):
            fail(
                op,
                f"Expected kernel {name} attribute ({size}) to match the {place} dimension of the "
                f"weight tensor ({shape[dimension]})",
                "kernel_size",
            )


def verify_prepare_bias(op: PrepareConvTranspose2dBiasOp) -> None:
    shape = shape_of(op.bias_tensor)
    if len(shape) != 4:
        fail(op, "Bias must be a 4D tensor", "bias")
    out_channels = op.out_channels.value.data
    if not agrees(shape[3], out_channels):
        fail(
            op,
            f"Expected output channels attribute ({out_channels}) to match the number of output "
            f"channels in the bias tensor ({shape[3]})",
            "bias",
        )
    lists = (
        ("Kernel size", op.kernel_size, (2,), "two"),
        ("Stride", op.stride, (2,), "two"),
        ("Padding", op.padding, (2, 4), "two or four"),
        ("Dilation", op.dilation, (2,), "two"),
    )
    for name, attribute, lengths, words in lists:
        if len(attribute) not in lengths:
            fail(
                op,
                f"{name} attribute must have {words} values, got: {len(attribute)}",
                name.lower().replace(" ", "_"),
            )


def find_prepare_op(value: SSAValue) -> PrepareConvTranspose2dWeightsOp | None:
    """The op that prepared `value`, seen through `ttcore.load_cached`; None if there is none."""
    seen: set[SSAValue] = set()
    while isinstance(value, OpResult) and value not in seen:
        seen.add(value)
        owner = value.op
        if isinstance(owner, PrepareConvTranspose2dWeightsOp):
            return owner
        if not isinstance(owner, LoadCachedOp):
            return None
        returned = returned_by(lookup_function(owner.callee, owner))
        if returned is None or value.index >= len(returned.arguments):
            return None
        value = returned.arguments[value.index]
    return None


def op_behind_prepare(value: SSAValue) -> Operation | None:
    """The op that makes `value` of what a prepare op made before; None where that is not so.

    Followed are ops of one tensor, regions and calls. A pass that drops an identity, takes a branch
    or inlines a function would bring the prepared weight itself to who reads `value`.
    """
    seen: set[SSAValue] = set()
    pending = [value]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current.owner, PrepareConvTranspose2dWeightsOp):
            maker = value.owner
            return maker if isinstance(maker, Operation) else maker.parent_op()
        pending += _handed_on(current)
    return None


def _handed_on(value: SSAValue) -> Sequence[SSAValue]:
    """The tensors that `value` may be, or is computed from alone."""
    owner = value.owner
    if isinstance(owner, func.CallOp | LoadCachedOp):
        assert isinstance(value, OpResult)
        returned = returned_by(lookup_function(owner.callee, owner))
        return () if returned is None else returned.arguments[value.index : value.index + 1]
    op = owner if isinstance(owner, Operation) else owner.parent_op()
    if op is None or isinstance(op, func.FuncOp):
        return ()
    if not op.regions:
        tensors = [operand for operand in op.operands if as_tensor_type(operand.type)]
        return tensors if len(tensors) == 1 else ()
    ends = [block.last_op for region in op.regions for block in region.blocks]
    passed = (op.operands, *(end.operands for end in ends if end is not None))
    return [operand for operands in passed for operand in operands if operand.type == value.type]
