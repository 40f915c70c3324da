"""Which values are known before a function is called with its inputs."""

from __future__ import annotations

from xdsl.dialects import arith, func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr
from xdsl.ir import BlockArgument, SSAValue
from xdsl.utils.hints import isa

from ..dialect import ttcore, ttnn
from ..dialect.ttcore.attributes import ArgumentTypeAttr


def parameter_indices(function: func.FuncOp) -> tuple[int, ...]:
    """The arguments that `ttcore.argument_type` calls parameters or constants."""
    listed = function.properties.get("arg_attrs")
    if not isa(listed, ArrayAttr[DictionaryAttr]):
        return ()
    kinds = [entry.data.get("ttcore.argument_type") for entry in listed]
    return tuple(
        index
        for index, kind in enumerate(kinds)
        if isinstance(kind, ArgumentTypeAttr) and kind.data in ("parameter", "constant")
    )


def is_parameter(value: SSAValue) -> bool:
    """Whether a value is a constant, a parameter, cached from them, or a layout move of such."""
    if isinstance(value, BlockArgument):
        function = value.block.parent_op()
        if not isinstance(function, func.FuncOp) or value.block is not function.body.block:
            return False
        return value.index in parameter_indices(function)
    owner = value.owner
    if isinstance(owner, ttnn.LayoutOp):
        return is_parameter(owner.input)
    return isinstance(owner, arith.ConstantOp | ttnn.ConstantOp | ttcore.LoadCachedOp)
