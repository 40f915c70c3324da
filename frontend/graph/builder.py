"""The builder that importers drive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    UnregisteredOp,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Region

from ...dialect.numpy_types import Array
from ...dialect.ttcore.attributes import ArgumentTypeAttr
from ...dialect.verify_module import verify_module
from .names import value_name
from .normalization import Normalization
from .values import Tensor, Value


@dataclass(frozen=True)
class BuiltGraph:
    """A finished graph."""

    module: ModuleOp
    inputs: tuple[str, ...]
    """What the source calls the arguments that a caller passes, in order."""

    outputs: tuple[str, ...]
    """What the source calls the results, in order."""

    weights: Mapping[str, Array]
    """The arrays of the arguments that are parameters, as `ttnn-run` calls them: `arg3`, ..."""


class GraphBuilder(Normalization):
    """Builds one function of TTNN ops from calls that speak of (N, C, H, W).

    Values carry the shape that the source gives them. Convolutions hand theirs on channels-last and
    flattened, what stands between works on them as they lie, and they are brought back to the order
    of the source where an op needs that, or the function returns them.

    Example: `x = builder.input("x", (1, 3, 8, 8), f32)`, `w = builder.constant(array, "w")`,
    `builder.output(builder.activation("relu", builder.conv(x, w)), "y")`, `builder.finish()`.
    """

    def opaque(
        self,
        op_name: str,
        operands: Sequence[Value],
        results: Sequence[tuple[Sequence[int], Attribute]],
        attributes: Mapping[str, Attribute] | None = None,
        *,
        names: Sequence[str] = (),
    ) -> tuple[Tensor, ...]:
        """An op that nothing here knows, kept.

        Of each result (shape, element type) are given, and what it may be called.
        """
        kind = UnregisteredOp.with_name(op_name)
        sources = [self.source(value) for value in operands]
        types = [TensorType(element_type, shape) for shape, element_type in results]
        with self.building():
            op = kind.create(
                operands=sources, result_types=types, attributes=dict(attributes or {})
            )
        for value, name in zip(op.results, names, strict=False):
            value.name_hint = value_name(name)
        return tuple(
            Tensor(value, tuple(shape))
            for value, (shape, _) in zip(op.results, results, strict=True)
        )

    def finish(self) -> BuiltGraph:
        """Fold, return what was output, and wrap it in a module that verifies.

        Raises: VerifyException.
        """
        self.fold_normalizations()
        values = [value for _, value in self.outputs]
        self.block.add_op(ReturnOp(*values))
        parameters = self._settle_constants()
        returned = self.block.last_op
        assert returned is not None
        types = (self.block.arg_types, [value.type for value in returned.operands])
        arg_attrs = ArrayAttr(
            [
                *(_argument("input", name) for name in self.inputs),
                *(_argument("parameter", name) for _, name in parameters.values()),
            ]
        )
        function = FuncOp(self.name, types, Region(self.block), arg_attrs=arg_attrs)
        name = StringAttr(self.module_name) if self.module_name else None
        module = ModuleOp([function], sym_name=name)
        verify_module(module)
        return BuiltGraph(
            module,
            tuple(self.inputs),
            tuple(name for name, _ in self.outputs),
            {name: array for name, (array, _) in parameters.items()},
        )

    def _settle_constants(self) -> dict[str, tuple[Array, str]]:
        """Drop constants that nothing reads; make arguments of the rest if that is asked for.

        Returns the arrays of those arguments and what the source calls them.
        """
        parameters: dict[str, tuple[Array, str]] = {}
        for op in list(self.block.ops):
            if not op.results or op.results[0] not in self._arrays:
                continue
            value = op.results[0]
            stored = self._arrays[value]
            if value.uses and self.weights == "arguments" and stored[0].size > 1:
                index = len(self.block.args)
                argument = self.block.insert_arg(value.type, index)
                argument.name_hint = value.name_hint
                value.replace_all_uses_with(argument)
                parameters[f"arg{index}"] = stored
            if not value.uses:
                op.detach()
                op.erase()
        return parameters


def _argument(kind: str, name: str) -> DictionaryAttr:
    """What an argument is, and what the source calls it."""
    return DictionaryAttr(
        {"ttcore.argument_type": ArgumentTypeAttr(kind), "ttir.name": StringAttr(name)}
    )
