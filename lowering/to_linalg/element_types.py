"""What upstream dialects compute with: numbers, that is floats and integers."""

from __future__ import annotations

from xdsl.dialects.builtin import AnyFloat, IntegerType
from xdsl.ir import Operation

from ...dialect import deconv, ttnn
from ...dialect.guards import refuse
from ...dialect.tensor_types import as_tensor_type

_LOWERED = frozenset((*ttnn.TTNN.operations, *deconv.DECONV.operations))


def check_element_types(module: Operation) -> None:
    """Refuse known ops on tensors of anything else: of tiles, of complex numbers, of what nobody
    knows.

    Raises: PassFailedException.
    """
    for op in module.walk():
        if type(op) not in _LOWERED:
            continue
        for value in (*op.operands, *op.results):
            type_ = as_tensor_type(value.type)
            if type_ is not None and not isinstance(type_.element_type, AnyFloat | IntegerType):
                refuse(op, f"expected tensors of numbers, got {type_.element_type}")
