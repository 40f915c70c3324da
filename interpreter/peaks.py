"""The most memory that calls of the functions of a program take, callees and constants included."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xdsl.dialects import func, memref
from xdsl.ir import Operation

from ..dialect.numpy_types import ElementTypes
from .footprint import Footprint
from .registry import buffer_of
from .sizes import array_bytes

_AS_GIVEN = ElementTypes()
"""Arguments come in their own element types, whatever is computed in."""


class Peaks:
    """The answers for the functions of one program, each worked out when it is first asked for."""

    def __init__(
        self, types: ElementTypes, resolve: Callable[[str, Operation], func.FuncOp | None]
    ):
        self._types = types
        self._resolve = resolve
        self._known: dict[func.FuncOp, int] = {}

    def peak_bytes(self, function: func.FuncOp) -> int:
        """The bytes of the arguments, as given and as computed with, of all constants, and of what
        is made on the way."""
        if function not in self._known:
            self._known[function] = self._peak_bytes(function)
        return self._known[function]

    def constant_bytes(self, function: func.FuncOp) -> int:
        """The bytes that stay behind a call: the constants of the function and its callees."""
        reached: dict[func.FuncOp, int] = {}
        self._made(function, reached)
        return sum(self._constants(reached))

    def _constants(self, functions: Iterable[func.FuncOp]) -> list[int]:
        found = {
            key: array_bytes(self._types, op.results[0].type)
            for function in functions
            for key, op in _constants(function)
        }
        return list(found.values())

    def _peak_bytes(self, function: func.FuncOp) -> int:
        reached: dict[func.FuncOp, int] = {}
        made = self._made(function, reached)
        arguments = 0
        for type_ in function.function_type.inputs:
            given, held = array_bytes(_AS_GIVEN, type_), array_bytes(self._types, type_)
            arguments += given + (held if held != given else 0)
        constants = self._constants(reached)
        # A constant is made of a copy of its elements, when the function is first called.
        return arguments + sum(constants) + max(made, *constants, 0)

    def _made(self, function: func.FuncOp, reached: dict[func.FuncOp, int]) -> int:
        """What a call makes; a function that calls itself counts once."""
        if function in reached or function.is_declaration:
            return reached.get(function, 0)
        reached[function] = 0

        def callee_bytes(symbol: str, user: Operation) -> int:
            callee = self._resolve(symbol, user)
            return 0 if callee is None else self._made(callee, reached)

        reached[function] = Footprint(function, self._types, callee_bytes).peak
        return reached[function]


def _constants(function: func.FuncOp) -> list[tuple[object, Operation]]:
    """What lives as long as the program, each with what tells it from others."""
    return [
        (op.name_ if isinstance(op, memref.GetGlobalOp) else op, op)
        for op in function.walk()
        if buffer_of(op) == "constant"
    ]
