"""Take everything that is done to weights out of the per-call path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FunctionType,
    ModuleOp,
    SymbolRefAttr,
    UnregisteredOp,
)
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.traits import NoMemoryEffect
from xdsl.utils.hints import isa

from ..dialect import ttnn
from ..dialect.prepared_weights import lookup_function
from ..passes.parameters import parameter_indices

PREPARED_BY = "xdsl_ttnn.prepared_by"
"""Attribute of a function whose last arguments another one prepares."""

PREPARES = "xdsl_ttnn.prepares"
"""Attribute of a function that prepares the last arguments of another one."""


DONE = {PREPARED_BY, PREPARES}
"""What marks a function that needs no further splitting."""


def prepare_name(function: str) -> str:
    """The name of the function that prepares the weights of the one of that name."""
    return f"prepare_{function}"


def _is_pure(op: Operation) -> bool:
    """Whether an op, and what it calls or holds, only computes its results."""
    if isinstance(op, UnregisteredOp):
        return False
    if isinstance(op, func.CallOp):
        callee = lookup_function(op.callee, op)
        if callee is None or callee.is_declaration:
            return False
        *body, _ = callee.body.block.ops
        return all(map(_is_pure, body))
    structured = op.name.startswith(("linalg.", "tensor.", "scf.for"))
    return structured or op.has_trait(NoMemoryEffect)


def _operands_within(op: Operation) -> Iterable[SSAValue]:
    """All values from outside that an op or its regions read."""
    yield from op.operands
    inside = {inner for region in op.regions for inner in region.walk()}
    for inner in inside:
        for operand in inner.operands:
            owner = operand.owner
            holder = owner if isinstance(owner, Operation) else owner.parent_op()
            if holder is not op and holder not in inside:
                yield operand


@dataclass
class Preparation:
    """The part of a function that depends on parameters alone."""

    function: func.FuncOp
    parameters: tuple[BlockArgument, ...]
    ops: list[Operation] = field(default_factory=list[Operation])
    """What is hoisted, in order: with a parameter or a constant weight behind it, and the constants
    that such ops read."""

    boundary: list[SSAValue] = field(default_factory=list[SSAValue])
    """The values that the rest of the function reads."""


def analyze(function: func.FuncOp, indices: tuple[int, ...]) -> Preparation | None:
    """Find what can be prepared; None where the parameters are used as they are."""
    block = function.body.block
    parameters = tuple(block.args[index] for index in indices)
    depends: set[SSAValue] = set(parameters)
    constant: set[SSAValue] = set()
    hoisted: set[Operation] = set()
    for op in block.ops:
        read = list(_operands_within(op))
        if not op.results or not _is_pure(op):
            continue
        if not all(value in depends or value in constant for value in read):
            continue
        if any(value in depends for value in read):
            depends.update(op.results)
            hoisted.add(op)
        elif _is_constant_weight(op):
            depends.update(op.results)
        else:
            constant.update(op.results)
    if not hoisted:
        return None
    needed = _with_constants(hoisted, block)
    boundary: list[SSAValue] = [
        value
        for value in (*parameters, *(result for op in needed for result in op.results))
        if value in depends
        and not _is_constant_weight(value.owner)
        and _is_read_outside(value, hoisted)
    ]
    return Preparation(function, parameters, needed, boundary)


def _is_constant_weight(owner: Operation | Block) -> bool:
    """Whether a value is a constant tensor, and not the same number everywhere."""
    if not isinstance(owner, arith.ConstantOp | ttnn.ConstantOp):
        return False
    literal = owner.value
    return isinstance(literal, DenseIntOrFPElementsAttr) and not literal.is_splat()


def _with_constants(hoisted: set[Operation], block: Block) -> list[Operation]:
    """The hoisted ops and the constants they read, in program order."""
    needed = set(hoisted)
    pending = list(hoisted)
    while pending:
        for value in _operands_within(pending.pop()):
            owner = value.owner
            if isinstance(owner, Operation) and owner not in needed:
                needed.add(owner)
                pending.append(owner)
    return [op for op in block.ops if op in needed]


def _is_read_outside(value: SSAValue, hoisted: set[Operation]) -> bool:
    return any(_top_level(use.operation, value) not in hoisted for use in value.uses)


def _top_level(op: Operation, value: SSAValue) -> Operation:
    """The op in the block of `value` that is or holds `op`."""
    owner = value.owner
    block = owner if isinstance(owner, Block) else owner.parent
    while op.parent is not block:
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op


def function_name(plan: Preparation) -> str:
    return plan.function.sym_name.data


def _build_prepare(plan: Preparation) -> func.FuncOp:
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
    prepare = func.FuncOp(prepare_name(function_name(plan)), types, Region(block))
    prepare.location = plan.function.location
    prepare.attributes[PREPARES] = SymbolRefAttr(function_name(plan))
    return prepare


def _take_prepared(plan: Preparation) -> None:
    """Make the function take the boundary values instead of the parameters."""
    function, block = plan.function, plan.function.body.block
    attributes = _argument_attributes(function)
    for value in plan.boundary:
        argument = block.insert_arg(value.type, len(block.args))
        argument.name_hint = value.name_hint
        value.replace_uses_with_if(argument, lambda use: _top_level_of(use.operation, plan))
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
    function.attributes[PREPARED_BY] = SymbolRefAttr(prepare_name(function_name(plan)))


def _top_level_of(op: Operation, plan: Preparation) -> bool:
    """Whether an op of the function stays in it."""
    block = plan.function.body.block
    while op.parent is not block:
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op not in plan.ops


def _argument_attributes(function: func.FuncOp) -> list[DictionaryAttr]:
    listed = function.properties.get("arg_attrs")
    if isa(listed, ArrayAttr[DictionaryAttr]):
        return list(listed)
    return [DictionaryAttr({}) for _ in function.args]


def _called_names(module: Operation) -> set[str]:
    return {op.callee.string_value() for op in module.walk() if isinstance(op, func.CallOp)}


@dataclass(frozen=True)
class HoistWeightPreparationPass(ModulePass):
    """Split a function into `prepare_NAME`, run once on its parameters, and what runs per call.

    Everything that depends on parameters and constants alone moves: flips, transposes, phase
    splits, packing, rounding. Parameters are the arguments that `ttcore.argument_type` names so, or
    those whose numbers `arguments` lists; `function` names the only one to split. It then takes,
    behind its other arguments, what the first one returns.

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
    Requires: nothing. Ensures: no op of such a function depends on parameters alone.
    Refuses: nothing; functions that others call, or without such ops, stay as they are.
    """

    name = "hoist-weight-preparation"

    arguments: tuple[int, ...] = ()
    function: str = ""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        called = _called_names(op)
        functions = [inner for inner in op.walk() if isinstance(inner, func.FuncOp)]
        for function in functions:
            if function.is_declaration or function.sym_name.data in called:
                continue
            if self.function not in ("", function.sym_name.data):
                continue
            if len(function.body.blocks) != 1 or function.attributes.keys() & DONE:
                continue
            indices = self.arguments or parameter_indices(function)
            plan = analyze(function, tuple(i for i in indices if i < len(function.args)))
            if plan is None:
                continue
            prepare = _build_prepare(plan)
            block = function.parent
            assert block is not None
            block.insert_op_before(prepare, function)
            _take_prepared(plan)
