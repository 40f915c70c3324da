"""Take everything that is done to weights out of the per-call path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException
from xdsl.utils.hints import isa

from ...dialect.effects import Purity
from ...dialect.guards import refuse
from ...dialect.symbols import named_functions
from ...passes.parameters import parameter_indices
from ..options import HoistOptions
from .weight_preparation import (
    MARKS,
    PREPARED_BY,
    PREPARES,
    Preparation,
    analyze,
    is_parameter_type,
)


def prepared_by(function: func.FuncOp) -> str | None:
    """The name of the function that prepares the last arguments of this one, if one does."""
    symbol = function.attributes.get(PREPARED_BY)
    return symbol.string_value() if isinstance(symbol, SymbolRefAttr) else None


def _build_prepare(plan: Preparation, name: str) -> func.FuncOp:
    """The function (parameters) -> (boundary values)."""
    block = Block(arg_types=[parameter.type for parameter in plan.parameters])
    mapping: dict[SSAValue, SSAValue] = {}
    for parameter, argument in zip(plan.parameters, block.args, strict=True):
        mapping[parameter] = argument
        argument.name_hint = parameter.name_hint
    for op in plan.ops:
        block.add_op(op.clone(mapping))
    results = [mapping[value] for value in plan.boundary]
    block.add_op(func.ReturnOp(*results))
    types = ([argument.type for argument in block.args], [value.type for value in results])
    prepare = func.FuncOp(name, types, Region(block))
    prepare.location = plan.function.location
    prepare.attributes[PREPARES] = SymbolRefAttr(plan.name)
    return prepare


def _take_prepared(plan: Preparation, prepare: str) -> None:
    """Make the function take the boundary values instead of the parameters."""
    function, block = plan.function, plan.function.body.block
    attributes = _argument_attributes(function)
    for value in plan.boundary:
        argument = block.insert_arg(value.type, len(block.args))
        argument.name_hint = value.name_hint
        value.replace_uses_with_if(argument, lambda use: plan.is_rest(use.operation))
        attributes.append(DictionaryAttr({}))
    for op in reversed(plan.ops):
        if not any(result.uses for result in op.results):
            op.detach()
            op.erase()
    for parameter in reversed(plan.parameters):
        del attributes[parameter.index]
        block.erase_arg(parameter)
    function.properties["function_type"] = FunctionType.from_lists(
        [argument.type for argument in block.args], function.function_type.outputs.data
    )
    if any(entry.data for entry in attributes):
        function.properties["arg_attrs"] = ArrayAttr(attributes)
    else:
        function.properties.pop("arg_attrs", None)
    function.attributes[PREPARED_BY] = SymbolRefAttr(prepare)


def _argument_attributes(function: func.FuncOp) -> list[DictionaryAttr]:
    listed = function.properties.get("arg_attrs")
    if isa(listed, ArrayAttr[DictionaryAttr]):
        return list(listed)
    return [DictionaryAttr({}) for _ in function.args]


def _free_name(name: str, module: Operation) -> str:
    """`name`, or that with the first number that no symbol of the module has yet."""
    symbols = (op.properties.get("sym_name") for op in module.walk())
    taken = {symbol.data for symbol in symbols if isinstance(symbol, StringAttr)}
    free, number = name, 1
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def why_whole(function: func.FuncOp, named: set[func.FuncOp]) -> str | None:
    """Why a function cannot be split, as what follows `got`; `named` are those that others name."""
    if function.is_declaration:
        return "a declaration"
    if len(function.body.blocks) > 1:
        return f"{len(function.body.blocks)} blocks"
    if function in named:
        return "one that other ops name"
    return None


@dataclass(frozen=True)
class HoistWeightPreparationPass(HoistOptions, ModulePass):
    """Split a function into `prepare_NAME`, run once on its parameters, and what runs per call.

    Everything that depends on parameters and constants alone moves: flips, transposes, phase
    splits, packing, rounding. Parameters are the arguments that `ttcore.argument_type` names so, or
    those whose numbers `arguments` lists; `function` names the only one to split. It then takes,
    behind its other arguments, what the first one returns. It belongs behind lowering: a
    function is split once, and what lowering makes of a weight afterwards stays in every call.

    Before:
    ```mlir
    func.func @f(%x: tensor<2x3xf32>,
        %w: tensor<4x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>})
        -> tensor<2x4xf32> {
      %empty = tensor.empty() : tensor<3x4xf32>
      %t = linalg.transpose ins(%w : tensor<4x3xf32>) outs(%empty : tensor<3x4xf32>)
        permutation = [1, 0]
      %zero = arith.constant 0.000000e+00 : f32
      %out = tensor.empty() : tensor<2x4xf32>
      %init = linalg.fill ins(%zero : f32) outs(%out : tensor<2x4xf32>) -> tensor<2x4xf32>
      %y = linalg.matmul ins(%x, %t : tensor<2x3xf32>, tensor<3x4xf32>)
        outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```
    After:
    ```mlir
    func.func @prepare_f(%w: tensor<4x3xf32>) -> tensor<3x4xf32>
        attributes {xdsl_ttnn.prepares = @f} {
      %empty = tensor.empty() : tensor<3x4xf32>
      %t = linalg.transpose ins(%w : tensor<4x3xf32>) outs(%empty : tensor<3x4xf32>)
        permutation = [1, 0]
      return %t : tensor<3x4xf32>
    }
    func.func @f(%x: tensor<2x3xf32>, %t: tensor<3x4xf32>) -> tensor<2x4xf32>
        attributes {xdsl_ttnn.prepared_by = @prepare_f} {
      %zero = arith.constant 0.000000e+00 : f32
      %out = tensor.empty() : tensor<2x4xf32>
      %init = linalg.fill ins(%zero : f32) outs(%out : tensor<2x4xf32>) -> tensor<2x4xf32>
      %y = linalg.matmul ins(%x, %t : tensor<2x3xf32>, tensor<3x4xf32>)
        outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```
    Requires: nothing. Ensures: of such a function no op is left that depends on parameters and
    constants alone, is pure, and holds no memory, but for the constants that others read and what
    says how an operand was prepared: `ttcore.load_cached`, which keeps its results anyway, and the
    ops that prepare weights and biases stay with the convolution. Functions that other ops name,
    of several blocks, or in which nothing would move stay as they are.
    Refuses: `arguments` that a function does not have, twice the same, or that are no tensors or
    numbers; a `function` that is not there or cannot be split.
    """

    name = "hoist-weight-preparation"

    def __post_init__(self) -> None:
        if any(isinstance(index, bool) or index < 0 for index in self.arguments):
            raise ValueError(f"arguments: expected 0 or more, got {_listed(self.arguments)}")
        if len(set(self.arguments)) != len(self.arguments):
            raise ValueError(f"arguments: expected each once, got {_listed(self.arguments)}")

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        purity = Purity(op)
        plans = [
            plan
            for function in self._chosen(op)
            if (plan := analyze(function, self._parameters(function), purity)) is not None
        ]
        for plan in plans:
            prepare = _build_prepare(plan, _free_name(f"prepare_{plan.name}", op))
            block = plan.function.parent
            assert block is not None
            block.insert_op_before(prepare, plan.function)
            _take_prepared(plan, prepare.sym_name.data)

    def _chosen(self, module: ModuleOp) -> Iterator[func.FuncOp]:
        """The functions to split, those that were split before left out."""
        functions = [inner for inner in module.walk() if isinstance(inner, func.FuncOp)]
        named = named_functions(module, ignored=MARKS)
        chosen = [f for f in functions if self.function in ("", f.sym_name.data)]
        if self.function and not chosen:
            known = ", ".join(f"'{f.sym_name.data}'" for f in functions) or "none"
            raise PassFailedException(f"function: expected one of {known}, got '{self.function}'")
        for function in chosen:
            reason = why_whole(function, named)
            if reason is not None and self.function:
                refuse(function, f"expected a function to split, got {reason}")
            if reason is None and not function.attributes.keys() & set(MARKS):
                yield function

    def _parameters(self, function: func.FuncOp) -> tuple[int, ...]:
        """Which arguments of a function are parameters, in order."""
        types = function.function_type.inputs.data
        if not self.arguments:
            indices = parameter_indices(function)
            return tuple(index for index in indices if is_parameter_type(types[index]))
        for index in self.arguments:
            if index >= len(types):
                what = f"arguments of '{function.sym_name.data}' below {len(types)}, got {index}"
                refuse(function, f"expected {what}; name another one with function=NAME")
            if not is_parameter_type(types[index]):
                refuse(function, f"expected argument {index} to be a tensor, got {types[index]}")
        return tuple(sorted(self.arguments))


def _listed(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values))
