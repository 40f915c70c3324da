"""Builders of the `ttnn` convolutions that the doors end in, and of the device they name."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import BoolAttr, DenseArrayBase, IntAttr, ModuleOp, TensorType, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from ...dialect import build, ttnn
from ...dialect.geometry.plain import Conv2dGeometry
from ...dialect.geometry.shapes import flattened, permute_shape
from ...dialect.geometry.transposed import ConvTranspose2dGeometry
from ...dialect.tensor_types import shapes_agree
from ...dialect.ttnn.attributes import MeshShapeAttr

AnyTensorType = TensorType[Attribute]


def device_of(op: Operation) -> SSAValue:
    """The device of the function around `op`: its argument, the one it gets, or a new one."""
    block, around = _entry_block(op)
    for argument in block.args:
        if isinstance(argument.type, ttnn.DeviceType):
            return argument
    for earlier in block.ops:
        if earlier is around:
            break
        if isinstance(earlier, ttnn.GetDeviceOp):
            return earlier.device
    return _get_device(block, op)


def _entry_block(op: Operation) -> tuple[Block, Operation]:
    """The block of the function or module around `op`, and what stands there and holds `op`."""
    around = op
    while True:
        block, above = around.parent, around.parent_op()
        assert block is not None
        if above is None or isinstance(above, FuncOp | ModuleOp):
            return block, around
        around = above


def _get_device(block: Block, op: Operation) -> SSAValue:
    mesh = MeshShapeAttr.new([IntAttr(1), IntAttr(1)])
    new = ttnn.GetDeviceOp.create(properties={"mesh_shape": mesh}, result_types=[ttnn.DeviceType()])
    new.location = op.location
    new.device.name_hint = "device"
    Rewriter.insert_op(new, InsertPoint.at_start(block))
    return new.device


def permute_to(
    value: SSAValue, permutation: Sequence[int], result_type: Attribute, name: str
) -> SSAValue:
    """`value` permuted, its type as declared; itself where nothing moves."""
    if list(permutation) == sorted(permutation):
        return value
    properties: dict[str, Attribute] = {"permutation": DenseArrayBase.from_list(i64, permutation)}
    return build.create(ttnn.PermuteOp, [value], properties, result_type, name)


def permuted_type(type_: AnyTensorType, permutation: Sequence[int]) -> AnyTensorType:
    """A bare tensor type with the dimensions of another one permuted."""
    if list(permutation) == sorted(permutation):
        return type_
    return TensorType(type_.element_type, permute_shape(type_.get_shape(), permutation))


def conv_transpose2d(
    geometry: ConvTranspose2dGeometry,
    operands: Sequence[SSAValue],
    result_type: Attribute,
    *,
    mirror_kernel: bool = True,
) -> SSAValue:
    """`ttnn.conv_transpose2d` of input, weight, perhaps bias, and device."""
    others = {"mirror_kernel": BoolAttr.from_bool(mirror_kernel)}
    op = ttnn.ConvTranspose2dOp.from_geometry(geometry, operands, result_type, others)
    return build.named(op, "upsampled")


def conv2d(
    geometry: Conv2dGeometry, operands: Sequence[SSAValue], result_type: AnyTensorType
) -> SSAValue:
    """`ttnn.conv2d` of an input (N, H, W, C) or flattened, with reshapes to and from its form."""
    image, *others = operands
    pixels = build.reshape(image, flattened(geometry.input_shape), "pixels")
    shape = flattened(geometry.output_shape)
    flat_type = TensorType(result_type.element_type, shape)
    keeps_form = shapes_agree(result_type.get_shape(), shape)
    convolution_type = result_type if keeps_form else flat_type
    op = ttnn.Conv2dOp.from_geometry(geometry, [pixels, *others], convolution_type)
    convolved = build.named(op, "convolved")
    if keeps_form:
        return convolved
    return build.reshape(convolved, geometry.output_shape, "image", result_type)
