"""Where tensors come from and end: device handles, constants, buffers.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from xdsl.dialects.builtin import BoolAttr
from xdsl.ir import Operation
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from ..geometry.shapes import Shape
from ..shaped import ShapedOp, verify_result_shape
from ..tensor_types import AnyTensor, element_type_of, fail
from ..text.resources import ELEMENTS, elements_type
from .attributes import DeviceType, MeshOffsetAttr, MeshShapeAttr


@irdl_op_definition
class GetDeviceOp(IRDLOperation):
    """A handle of the device, or of a part of its mesh."""

    name = "ttnn.get_device"

    mesh_shape = opt_prop_def(base(MeshShapeAttr))
    mesh_offset = opt_prop_def(base(MeshOffsetAttr))
    device = result_def(base(DeviceType))

    traits = traits_def(Pure())


@irdl_op_definition
class ConstantOp(ShapedOp):
    """result = value."""

    name = "ttnn.constant"

    device = opt_operand_def(base(DeviceType))
    value = prop_def(ELEMENTS)
    dtype = opt_prop_def()
    layout = opt_prop_def()
    memory_config = opt_prop_def()
    result = result_def(AnyTensor)

    traits = traits_def(Pure())

    def result_shape(self) -> Shape:
        return elements_type(self.value)[0]

    def verify_(self) -> None:
        verify_result_shape(self)
        element_type, got = elements_type(self.value)[1], element_type_of(self.result)
        if element_type != got:
            fail(self, f"expected a result of element type {element_type}, got {got}")


@irdl_op_definition
class DeallocateOp(IRDLOperation):
    """End the life of a tensor's buffer."""

    name = "ttnn.deallocate"

    input = operand_def(AnyTensor)
    force = prop_def(base(BoolAttr), BoolAttr.from_bool(False))


BUFFER_OPS: tuple[type[Operation], ...] = (GetDeviceOp, ConstantOp, DeallocateOp)
