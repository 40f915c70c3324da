"""Every op of `ttnn` and `deconv`, taken from files, examples and what passes build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Attribute, Block, Operation, Region
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import ParseError, VerifyException

from xdsl_ttnn.dialect.deconv import DECONV
from xdsl_ttnn.dialect.tensor_types import is_static
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.ttnn import TTNN

from .cases import load_cases
from .floors import context, lowered, parsed
from .ir import conv_transpose2d_ir
from .prepared_ir import prepared_conv_transpose2d_ir

ROOT = Path(__file__).parents[2]
COVER = load_cases("cover")
STRATEGIES = ("zero-insert", "sub-pixel", "gemm-col2im")

WITHOUT_SIZES = {"ttnn.get_device": "gives a device", "ttnn.deallocate": "gives nothing"}
"""Ops whose results are no tensors, and what they give instead."""

NAMES = [op.name for op in (*TTNN.operations, *DECONV.operations) if op.name not in WITHOUT_SIZES]


OTHERS = """
func.func @main(%x: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %0 = "ttnn.relu6"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ttnn.silu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "ttnn.gelu"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "ttnn.to_memory_config"(%2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = "ttnn.to_tensor_spec"(%3) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = "ttnn.repeat"(%4) <{repeat_dims = #ttnn.shape<2x1>}> : (tensor<2x3xf32>) -> tensor<4x3xf32>
  return %5 : tensor<4x3xf32>
}
"""
"""Ops that no file holds."""


def modules() -> Iterator[ModuleOp]:
    """Modules in which every op occurs: the dialects' own files, examples, what passes build."""
    for folder in ("filecheck/dialect", "filecheck/lowering", "filecheck/passes", "examples"):
        for path in sorted((ROOT / folder).glob("*.mlir")):
            try:
                module = parse_module(path.read_text(), str(path), context())
                module.verify()
            except (ParseError, VerifyException):
                continue  # a file of refusals
            yield module
    yield parsed(OTHERS)
    for case in COVER[::7]:
        yield parsed(prepared_conv_transpose2d_ir(case | {"bias": True}))
        for strategy in STRATEGIES:
            pipeline = f"ttnn-to-decomposed{{strategy={strategy}}}"
            yield lowered(conv_transpose2d_ir(case), pipeline)


def alone(op: Operation, result_type: Attribute | None = None) -> ModuleOp | None:
    """A function of an op's operands that gives its result, of another type where one is given.

    None where a size is not known.
    """
    types = [value.type for value in (*op.operands, *op.results)]
    if any(isinstance(type_, TensorType) and not is_static(type_.get_shape()) for type_ in types):
        return None
    block = Block(arg_types=[operand.type for operand in op.operands])
    copy = op.clone(dict(zip(op.operands, block.args, strict=False)))
    for operand, argument in zip(range(len(op.operands)), block.args, strict=True):
        copy.operands[operand] = argument
    block.add_op(copy)
    if result_type is not None:
        Rewriter.replace_value_with_new_type(copy.results[0], result_type)
    block.add_op(func.ReturnOp(copy.results[0]))
    types = (block.arg_types, [copy.results[0].type])
    return ModuleOp([func.FuncOp("main", types, Region(block))])
