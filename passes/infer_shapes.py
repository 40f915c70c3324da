"""Fill in result dimensions that are left as `?`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import DYNAMIC_INDEX, FunctionType, ModuleOp, TensorType
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from ..dialect import ttcore
from ..dialect.guards import refuse
from ..dialect.shaped import ShapedOp
from ..dialect.symbols import lookup_function
from ..dialect.tensor_types import (
    LARGEST_DIMENSION,
    as_tensor_type,
    is_static,
    shape_of,
    shape_text,
    shapes_agree,
)

Shape = tuple[int, ...]


def _refined(declared: TensorType[Attribute], shape: Sequence[int]) -> TensorType[Attribute]:
    """`declared` with each `?` replaced by what `shape` knows."""
    if len(declared.get_shape()) != len(shape):
        return declared
    sizes = [
        known if size == DYNAMIC_INDEX else size
        for size, known in zip(declared.get_shape(), shape, strict=True)
    ]
    return TensorType(declared.element_type, sizes, declared.encoding)


def _refine(value: SSAValue, shape: Sequence[int]) -> bool:
    """Give `value` the sizes it lacks. Returns whether anything changed."""
    declared = as_tensor_type(value.type)
    if declared is None or is_static(declared.get_shape()):
        return False
    refined = _refined(declared, shape)
    if refined == value.type:
        return False
    Rewriter.replace_value_with_new_type(value, refined)
    return True


def _refine_results(op: Operation) -> bool:
    if isinstance(op, func.CallOp | ttcore.LoadCachedOp):
        return _refine_call(op)
    if not isinstance(op, ShapedOp):
        return False
    declared = as_tensor_type(op.results[0].type)
    if declared is None or is_static(declared.get_shape()):
        return False
    try:
        shape = op.result_shape()
    except ValueError as error:
        refuse(op, str(error))
    if (largest := max(shape, default=0)) > LARGEST_DIMENSION:
        refuse(op, f"expected dimensions of at most {LARGEST_DIMENSION}, got {largest}")
    return _refine(op.results[0], shape)


def _refine_call(op: func.CallOp | ttcore.LoadCachedOp) -> bool:
    callee = lookup_function(op.callee, op)
    if callee is None or callee.is_declaration:
        return False
    changed = False
    for argument, operand in zip(callee.args, op.operands, strict=True):
        if (given := as_tensor_type(operand.type)) is not None:
            changed |= _refine(argument, given.get_shape())
            _check_argument(op, argument, given.get_shape())
    for result, type_ in zip(op.results, callee.function_type.outputs, strict=True):
        if (returned := as_tensor_type(type_)) is not None:
            changed |= _refine(result, returned.get_shape())
    return changed


def _check_argument(op: Operation, argument: BlockArgument, given: Sequence[int]) -> None:
    """Refuse calls of one function with several shapes: its IR can hold one."""
    expected = shape_of(argument)
    if not shapes_agree(expected, given):
        refuse(
            op,
            f"expected argument {argument.index} of shape {shape_text(expected)}, as another call "
            f"has it, got {shape_text(given)}",
        )


def _refine_signature(function: func.FuncOp) -> bool:
    """Make the function's type follow its arguments and its return."""
    returned = function.get_return_op()
    outputs = function.function_type.outputs.data
    if returned is not None:
        outputs = tuple(value.type for value in returned.operands)
    inputs = [argument.type for argument in function.args]
    refined = FunctionType.from_lists(inputs, outputs)
    if refined == function.function_type:
        return False
    function.properties["function_type"] = refined
    return True


def _refine_function(function: func.FuncOp) -> bool:
    changed = False
    for op in list(function.body.walk()):
        changed |= _refine_results(op)
    return _refine_signature(function) or changed


@dataclass(frozen=True)
class TTNNInferShapesPass(ModulePass):
    """Compute the sizes that result types leave as `?`, through known ops, calls and returns.

    Before:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x3x3xf32>, %d: !ttnn.device)
        -> tensor<1x?x?x3xf32> {
      %0 = "ttnn.conv_transpose2d"(%x, %w, %d) <{batch_size = 1 : i32,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
        out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1>,
        stride = array<i32: 2, 2>}>
        : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x?x?x3xf32>
      return %0 : tensor<1x?x?x3xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x3x3xf32>, %d: !ttnn.device)
        -> tensor<1x9x9x3xf32> {
      %0 = "ttnn.conv_transpose2d"(%x, %w, %d) <{batch_size = 1 : i32,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
        input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
        out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1>,
        stride = array<i32: 2, 2>}>
        : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x9x9x3xf32>
      return %0 : tensor<1x9x9x3xf32>
    }
    ```
    Requires: nothing. Ensures: results of known ops on known shapes have known shapes, but for a
    `deconv.interleave` whose phases leave a size open; sizes that were given stay. Refuses: shapes
    that contradict an op's formula.
    """

    name = "ttnn-infer-shapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [inner for inner in op.walk() if isinstance(inner, func.FuncOp)]
        changed = True
        while changed:
            changed = False
            for function in functions:
                if not function.is_declaration:
                    changed |= _refine_function(function)
