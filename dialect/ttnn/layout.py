"""Operations that move tensors or change how they are held.

They have no custom syntax: TTNN pipelines print the generic form. Source: tt-mlir, TTNNOps.td.
"""

from __future__ import annotations

from abc import ABC

from xdsl.ir import Operation
from xdsl.irdl import base, irdl_op_definition, opt_prop_def, traits_def
from xdsl.traits import Pure

from ..shaped import DroppedIfIdentity
from .elementwise import UnaryOp
from .memory import MemoryConfigAttr


class LayoutOp(UnaryOp, ABC):
    """An op that moves a tensor or changes its representation; values change only by rounding."""

    traits = traits_def(Pure(), DroppedIfIdentity())

    dtype = opt_prop_def()
    layout = opt_prop_def()
    memory_config = opt_prop_def(base(MemoryConfigAttr))

    def is_identity(self) -> bool:
        return True


@irdl_op_definition
class ToLayoutOp(LayoutOp):
    """Change the page layout, and the data type where the result's element type differs."""

    name = "ttnn.to_layout"


@irdl_op_definition
class ToMemoryConfigOp(LayoutOp):
    """Move a tensor between memories or shardings. `memory_config` is of older files."""

    name = "ttnn.to_memory_config"


@irdl_op_definition
class ToTensorSpecOp(LayoutOp):
    """All changes of layout, memory and data type in one."""

    name = "ttnn.to_tensor_spec"


@irdl_op_definition
class TypecastOp(LayoutOp):
    """Convert to the result's element type."""

    name = "ttnn.typecast"


LAYOUT_OPS: tuple[type[Operation], ...] = (
    ToLayoutOp,
    ToMemoryConfigOp,
    ToTensorSpecOp,
    TypecastOp,
)
