"""Drawing what holds a program together: calls, functions of their own, and ops nobody knows."""

from __future__ import annotations

from functools import cache

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import IntegerAttr, StringAttr, UnregisteredOp, i32
from xdsl.ir import Attribute, SSAValue

from ...dialect import ttcore, ttnn
from ...dialect.text.context import make_context
from .bodies import draw_ops, drawn_results
from .drawing import chance, element_type, shape
from .elementwise import any_value
from .names import function_name
from .registry import draws
from .scope import Callee, Scope, Value, small

INDIRECT = (
    ttnn.GetDeviceOp,
    ttnn.ConstantOp,
    ttnn.DeallocateOp,
    ttnn.PrepareConvTranspose2dWeightsOp,
    ttnn.PrepareConvTranspose2dBiasOp,
    ttcore.LoadCachedOp,
    ttcore.DeviceModuleOp,
    ttcore.CPUModuleOp,
    ttcore.DeviceOp,
)
"""Ops that are drawn where others need them, or around whole functions."""

LARGEST_DEPTH = 2
"""How deep calls nest."""

UNKNOWN_OPS = ("ttnn.op_of_tomorrow", "ttcore.op_of_tomorrow", "elsewhere.op", "ttnn.mesh_shard")


@draws(func.CallOp, weight=8)
def draw_call(scope: Scope) -> Value | None:
    """A call of a new function, or of one that was called before with as harmless operands."""
    if chance(scope.random, 40) and (again := _call_again(scope)) is not None:
        return again
    if scope.depth >= LARGEST_DEPTH:
        return None
    operands = [any_value(scope) for _ in range(scope.random.choice((1, 1, 2)))]
    name = function_name(scope.random, scope.draft.names)
    inner = Scope(scope.draft, depth=scope.depth + 1)
    for operand in operands:
        argument = inner.block.insert_arg(operand.ssa.type, len(inner.block.args))
        inner.keep(argument, operand.fact)
    draw_ops(inner, scope.random.randrange(1, 4))
    results = drawn_results(inner, 2)
    function = inner.finish(name, [value.ssa for value in results], public=False)
    callee = Callee(function, [operand.fact for operand in operands], [r.fact for r in results])
    scope.draft.callees.append(callee)
    return _call(scope, callee, [operand.ssa for operand in operands])


def _call(scope: Scope, callee: Callee, operands: list[SSAValue]) -> Value:
    outputs = callee.function.function_type.outputs.data
    op = scope.add(func.CallOp(callee.function.sym_name.data, operands, outputs))
    values = [scope.keep(ssa, fact) for ssa, fact in zip(op.results, callee.results, strict=True)]
    return values[-1]


def _call_again(scope: Scope) -> Value | None:
    """Never from inside a function that was begun before: calls go one way."""
    for callee in reversed(scope.draft.callees):
        operands: list[SSAValue] = []
        inputs = callee.function.function_type.inputs.data
        for type_, fact in zip(inputs, callee.facts, strict=True):
            found = scope.pick(lambda v, t=type_, f=fact: v.ssa.type == t and v.fact.within(f))
            if found is None:
                break
            operands.append(found.ssa)
        else:
            return _call(scope, callee, operands)
    return None


@cache
def context() -> Context:
    """A context with the project's dialects; unknown ops have one class a name in it."""
    return make_context()


@draws(UnregisteredOp, weight=2)
def draw_unknown(scope: Scope) -> Value | None:
    """An op that nobody knows: kept as it is, and never run."""
    if not scope.draft.is_opaque:
        return None
    operands = [any_value(scope).ssa for _ in range(scope.random.choice((1, 1, 2, 0)))]
    if chance(scope.random, 20):
        operands.append(scope.device())
    sizes, kind = shape(scope.random, 4), element_type(scope.random)
    name = scope.random.choice(UNKNOWN_OPS)
    attributes: dict[str, Attribute] = {"elsewhere.kept": IntegerAttr(len(operands), i32)}
    op = (
        context()
        .get_op(name)
        .create(
            operands=operands,
            attributes=attributes,
            properties={"alpha": StringAttr("beta")} if chance(scope.random, 50) else {},
            result_types=[scope.tensor_type(sizes, kind)],
        )
    )
    scope.add(op)
    return scope.keep(op.results[0], small(scope.random))
