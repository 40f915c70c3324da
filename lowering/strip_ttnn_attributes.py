"""Make pure upstream IR: drop encodings, and attributes of dialects that upstream lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    DictionaryAttr,
    FunctionType,
    ModuleOp,
    NoneAttr,
    ShapedType,
    TensorType,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.hints import isa

from ..dialect.build import rewriting
from ..dialect.tensor_types import as_tensor_type
from ..dialect.unregistered import is_opaque

_UPSTREAM = """
acc affine amdgpu amx arith arm_neon arm_sme arm_sve async bufferization builtin cf complex dlti
emitc func gpu index irdl linalg llvm math memref ml_program mpi nvgpu nvvm omp pdl pdl_interp ptr
quant rocdl scf shape shard smt sparse_tensor spirv tensor tosa transform ub vcix vector wasmssa
x86 x86vector xegpu xevm
"""

UPSTREAM_DIALECTS = frozenset(_UPSTREAM.split())
"""The dialects of upstream MLIR, whose attributes every upstream tool reads."""


def _is_upstream(name: str) -> bool:
    dialect, dot, _ = name.partition(".")
    return not dot or dialect in UPSTREAM_DIALECTS


def _upstream_only(attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
    return {name: value for name, value in attributes.items() if _is_upstream(name)}


def _stripped(type_: Attribute) -> Attribute:
    """A tensor type without its encoding; other types stay."""
    encoded = as_tensor_type(type_)
    if encoded is None or isinstance(encoded.encoding, NoneAttr):
        return type_
    return TensorType(encoded.element_type, encoded.get_shape())


def _strip_attributes(op: Operation) -> None:
    op.attributes = _upstream_only(op.attributes)
    for name in ("arg_attrs", "res_attrs"):
        listed = op.properties.get(name)
        if isa(listed, ArrayAttr[DictionaryAttr]):
            kept = [DictionaryAttr(_upstream_only(entry.data)) for entry in listed]
            if any(entry.data for entry in kept):
                op.properties[name] = ArrayAttr(kept)
            else:
                del op.properties[name]


def _strip_literals(op: Operation) -> None:
    """Give the literals of an op the types that its results will have."""
    for name, value in op.properties.items():
        if isinstance(value, DenseIntOrFPElementsAttr):
            type_ = _stripped(value.type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            op.properties[name] = DenseIntOrFPElementsAttr(type_, value.data)  # pyright: ignore[reportArgumentType]
        elif isinstance(value, DenseResourceAttr):
            type_ = cast(ShapedType, _stripped(cast(Attribute, value.type)))
            op.properties[name] = DenseResourceAttr(value.resource_handle, type_)


def _strip_values(values: Iterable[SSAValue]) -> None:
    for value in list(values):
        stripped = _stripped(value.type)
        if stripped != value.type:
            Rewriter.replace_value_with_new_type(value, stripped)


def _strip_function_type(function: func.FuncOp) -> None:
    type_ = function.function_type
    function.properties["function_type"] = FunctionType.from_lists(
        [_stripped(input_) for input_ in type_.inputs],
        [_stripped(output) for output in type_.outputs],
    )


def _guard_operands(op: Operation) -> list[Operation]:
    """Put casts in front of an unknown op, so that its operands keep their types; returns them."""
    casts: list[Operation] = []
    rewriter = PatternRewriter(op)
    for index, operand in enumerate(op.operands):
        if _stripped(operand.type) != operand.type:
            with rewriting(op, rewriter):
                cast = tensor.CastOp(operand, operand.type)  # pyright: ignore[reportArgumentType]
            op.operands[index] = cast.dest
            casts.append(cast)
    return casts


def _guard_results(op: Operation) -> None:
    """Put casts behind an unknown op, so that its results keep their types."""
    rewriter = PatternRewriter(op)
    rewriter.insertion_point = InsertPoint.after(op)
    for result in op.results:
        stripped = _stripped(result.type)
        if stripped != result.type:
            with rewriting(op, rewriter):
                cast = tensor.CastOp(result, stripped)  # pyright: ignore[reportArgumentType]
            result.replace_uses_with_if(cast.dest, lambda use, cast=cast: use.operation is not cast)


def _fold_casts(module: Operation) -> None:
    """Remove casts that no longer change a type."""
    for op in list(module.walk()):
        if isinstance(op, tensor.CastOp) and op.source.type == op.dest.type:
            op.dest.replace_all_uses_with(op.source)
            op.detach()
            op.erase()


@dataclass(frozen=True)
class StripTTNNAttributesPass(ModulePass):
    """Drop tensor encodings and the attributes of dialects that upstream MLIR does not know.

    What is left of a fully lowered module is read by every upstream tool, without
    --allow-unregistered-dialect. Unknown ops keep their types and attributes, with `tensor.cast`
    around them.

    Before:
    ```mlir
    module attributes {ttcore.kept = 1 : i32} {
      func.func @f(%x: tensor<2xf32, #ttnn.layout<tile>> {ttir.name = "x"}) -> tensor<2xf32> {
        %0 = tensor.cast %x : tensor<2xf32, #ttnn.layout<tile>> to tensor<2xf32>
        return %0 : tensor<2xf32>
      }
    }
    ```
    After:
    ```mlir
    module {
      func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
        return %x : tensor<2xf32>
      }
    }
    ```
    Requires: nothing. Ensures: no encoding but beside unknown ops, no attribute of a dialect that
    upstream lacks but on unknown ops. Refuses: nothing.
    """

    name = "strip-ttnn-attributes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        unknown = [inner for inner in op.walk() if is_opaque(inner)]
        into_unknown = {cast for inner in unknown for cast in _guard_operands(inner)}
        for inner in unknown:
            _guard_results(inner)
        for inner in op.walk():
            if is_opaque(inner):
                continue
            _strip_attributes(inner)
            _strip_literals(inner)
            if inner not in into_unknown:
                _strip_values(inner.results)
            for region in inner.regions:
                for block in region.blocks:
                    _strip_values(block.args)
            if isinstance(inner, func.FuncOp):
                _strip_function_type(inner)
        _fold_casts(op)
