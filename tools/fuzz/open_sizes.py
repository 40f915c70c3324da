"""Leaving sizes of results open, as importers do that do not work them out."""

from __future__ import annotations

from random import Random
from typing import TypeGuard

from xdsl.dialects import func
from xdsl.dialects.builtin import DYNAMIC_INDEX, FunctionType, ModuleOp, TensorType
from xdsl.ir import Attribute, Operation
from xdsl.rewriter import Rewriter

from ...dialect.shaped import ShapedOp
from ...dialect.tensor_types import as_tensor_type
from ...frontend.entry import find_entry
from .drawing import chance
from .registry import makers


def opened(random: Random, module: ModuleOp, entry: str) -> ModuleOp:
    """A copy in which some results of known ops say `?`; it may be none.

    Only in the entry, which nobody calls, and not where a call or an unknown op fixes the type.
    """
    module = module.clone()
    function = find_entry(module, entry)
    # Readers first: which form a convolution takes is asked while its operands are still closed.
    for op in reversed(list(function.body.block.ops)):
        if chance(random, 50) and _may_be_open(op):
            _open(random, op)
    returned = function.get_return_op()
    assert returned is not None
    outputs = [value.type for value in returned.operands]
    inputs = [argument.type for argument in function.args]
    function.properties["function_type"] = FunctionType.from_lists(inputs, outputs)
    return module


def _may_be_open(op: Operation) -> TypeGuard[ShapedOp]:
    if type(op) not in makers() or not isinstance(op, ShapedOp):
        return False
    readers = {type(use.operation) for use in op.results[0].uses} - {func.ReturnOp}
    return readers <= set(makers()) - {func.CallOp}


def _open(random: Random, op: ShapedOp) -> None:
    declared = as_tensor_type(op.results[0].type)
    assert declared is not None
    sizes = [DYNAMIC_INDEX if chance(random, 50) else size for size in declared.get_shape()]
    type_: Attribute = TensorType(declared.element_type, sizes, declared.encoding)
    Rewriter.replace_value_with_new_type(op.results[0], type_)
    if op.result_shape() != declared.get_shape():
        # Flattened or not, a convolution says with its type alone.
        Rewriter.replace_value_with_new_type(op.results[0], declared)
