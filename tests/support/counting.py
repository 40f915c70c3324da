"""Counting what a decomposed function does: by running its ops, and by the sizes of its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region, SSAValue

from xdsl_ttnn.dialect import deconv, ttnn
from xdsl_ttnn.interpreter import compile_module

from .cases import Case
from .references import DTYPES, input_shape, weight_shape


def ones(case: Case, element_type: str = "f32") -> dict[str, np.ndarray]:
    """x and w of ones: every product is 1, so sums of outputs count multiply-adds."""
    shapes = {"x": input_shape(case), "w": weight_shape(case)}
    return {name: np.ones(shape, DTYPES[element_type]) for name, shape in shapes.items()}


def total(array: np.ndarray) -> int:
    return int(array.astype(np.float64).sum())


def executed_multiply_adds(module: ModuleOp) -> int:
    """Run every convolution and matmul of a module by itself on ones, and add up the outputs."""
    found = [op for op in module.walk() if isinstance(op, ttnn.Conv2dOp | ttnn.MatmulOp)]
    return sum(total(run_alone(op)) for op in found)


def run_alone(op: Operation) -> np.ndarray:
    """The result of one op on operands of ones."""
    types = [operand.type for operand in op.operands]
    block = Block(arg_types=types)
    copy = op.clone(dict(zip(op.operands, block.args, strict=True)))
    block.add_ops([copy, ReturnOp(*copy.results)])
    function = FuncOp("alone", (types, [result.type for result in copy.results]), Region(block))
    arguments = [
        np.ones(type_.get_shape(), DTYPES[str(type_.element_type)])
        if isinstance(type_, TensorType)
        else None
        for type_ in types
    ]
    (result,) = compile_module(ModuleOp([function])).call("alone", arguments)
    return result


def activation_path(module: ModuleOp) -> Iterator[Operation]:
    """The ops of the only function that touch data which depends on its first argument.

    Reshapes do not touch data.
    """
    (function,) = (op for op in module.walk() if isinstance(op, FuncOp))
    dependent: set[SSAValue] = {function.body.block.args[0]}
    for op in function.body.block.ops:
        if dependent.isdisjoint(op.operands) or not op.results:
            continue
        dependent |= set(op.results)
        if not isinstance(op, ttnn.ReshapeOp):
            yield op


def size_bytes(value: SSAValue) -> int:
    assert isinstance(value.type, TensorType)
    return int(np.prod(value.type.get_shape())) * value.type.element_type.size


def bytes_read(op: Operation) -> int:
    """Bytes of the operands that an op of the activation path reads; no bias, no background."""
    match op:
        case ttnn.SliceStaticOp():
            return size_bytes(op.result)
        case deconv.Col2ImOp():
            # On ones, the sums count the products that land.
            return total(run_alone(op)) * op.products.type.element_type.size
        case ttnn.Conv2dOp():
            return size_bytes(op.input) + size_bytes(op.weight)
        case deconv.InterleaveOp():
            return sum(size_bytes(block) for block in op.blocks)
        case deconv.FinishOp():
            return size_bytes(op.input)
        case _:
            return sum(size_bytes(operand) for operand in op.operands)


def largest_temporary_bytes(ops: Sequence[Operation]) -> int:
    """The largest value that an op of the activation path makes, the last one's left out."""
    return max((size_bytes(op.results[0]) for op in ops[:-1]), default=0)
