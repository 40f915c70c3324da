"""Turns one function into the source of one Python function, a line an op."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from xdsl.dialects import func
from xdsl.dialects.builtin import IndexType, IntegerType, ShapedType
from xdsl.ir import Attribute, Block, Operation, SSAValue

from ..dialect.numpy_types import DType, ElementTypeError, ElementTypes, element_type, integer_width
from .elements import Element, element, op_computes_in
from .errors import ExecutionError, error_at, unknown_op
from .integers import signed_wrapper, wrap_array
from .intervals import Interval, interval_of_type
from .lifetimes import forgets_locals, last_uses
from .names import LocalNames, Namespace, locals_since
from .outline import MAX_DEPTH, find_part
from .ownership import Ownership
from .registry import EmitFunction, find_emitter
from .trace import traced_values


class Surroundings(Protocol):
    """What an emitter needs to know of the program its function belongs to."""

    types: ElementTypes
    namespace: Namespace

    def callable_name(self, symbol: str, user: Operation) -> str:
        """The name in the namespace that calls the function `symbol`, as seen from `user`."""
        ...

    def buffer_name(self, symbol: str, user: Operation) -> str:
        """The name in the namespace of the memref that a global stands for."""
        ...

    def trace_point(self, op: Operation) -> int | None:
        """The number that the trace shall print `op` under; None when nothing is traced."""
        ...

    def remark(self, text: str) -> None:
        """Tell the caller of the program something, once."""
        ...


class Emitter:
    """The lines of one function and the names its values have so far."""

    def __init__(self, function: func.FuncOp, program: Surroundings):
        self.function = function
        self.program = program
        self.types = program.types
        self.ownership = Ownership(function)
        self.lines: list[str] = []
        self.line_ops: list[Operation] = []
        self.parts: list[tuple[str, list[str], list[Operation]]] = []
        self.intervals: dict[SSAValue, Interval] = {}
        self.vectorised = False
        self.is_quiet = False
        self._names: dict[SSAValue, str] = {}
        self._op: Operation = function
        self._depth = 1
        self._locals = LocalNames()

    # Text ------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Append a line that belongs to the op being emitted."""
        self.lines.append(" " * self._depth + text)
        self.line_ops.append(self._op)

    def header(self, text: str) -> None:
        """Append a line that is not indented."""
        self.lines.append(text)
        self.line_ops.append(self._op)

    @contextmanager
    def indented(self, header: str) -> Generator[None]:
        """Write `header` and indent what follows; an empty body becomes `pass`."""
        self.line(header)
        self._depth += 1
        start = len(self.lines)
        yield
        if len(self.lines) == start:
            self.line("pass")
        self._depth -= 1

    # Names -----------------------------------------------------------------------------------

    def __getitem__(self, value: SSAValue) -> str:
        """The expression that stands for a value: a local name, a global or a literal."""
        return self._names[value]

    def operands(self, op: Operation) -> list[str]:
        """The expressions of all operands of an op."""
        return [self._names[operand] for operand in op.operands]

    def bind(self, value: SSAValue, expression: str) -> None:
        """Let `expression`, a name or a literal, stand for a value."""
        self._names[value] = expression

    def is_bound(self, value: SSAValue) -> bool:
        """Whether a value has been emitted yet."""
        return value in self._names

    def fresh(self, hint: str = "") -> str:
        """A local name that nothing else has."""
        return self._locals.fresh(hint)

    def define(self, value: SSAValue) -> str:
        """Give a value a local name."""
        name = self.fresh(value.name_hint or "")
        self._names[value] = name
        return name

    def assign(self, result: SSAValue, expression: str) -> str:
        """One line: a fresh name for `result` set to `expression`."""
        name = self.define(result)
        self.line(f"{name} = {expression}")
        return name

    def assign_elements(self, result: SSAValue, expression: str) -> str:
        """Like `assign`, for element-wise arithmetic: NumPy turns 0-d arrays into scalars."""
        if isinstance(result.type, ShapedType) and not result.type.get_shape():
            expression = f"{self.use(np.asarray)}({expression})"
        return self.assign(result, expression)

    def use(self, helper: Callable[..., Any]) -> str:
        """The name under which emitted code calls `helper`."""
        return self.program.namespace.share(("helper", helper), lambda: helper, helper.__name__)

    def constant(self, value: object, hint: str = "c") -> str:
        """The name of a new global that holds `value`."""
        return self.program.namespace.add(value, hint)

    # Types -----------------------------------------------------------------------------------

    def dtype(self, type_: Attribute) -> DType:
        """The NumPy type of (the elements of) an IR type."""
        return self.types.dtype(type_)

    def dtype_name(self, type_: Attribute) -> str:
        """A name for that NumPy type in emitted code."""
        return self.held(self.dtype(type_))

    def held(self, dtype: DType) -> str:
        """A name for a NumPy type in emitted code."""
        return self.program.namespace.share(("dtype", dtype), lambda: dtype, f"dt_{dtype.name}")

    def element(self, type_: Attribute) -> Element:
        """The numbers of an IR type, as what the ops of TTNN give is rounded to them."""
        return element(self.types, type_)

    def element_name(self, type_: Attribute) -> str:
        """A name for them in emitted code."""
        found = self.element(type_)
        return self.program.namespace.share(found, lambda: found, str(element_type(type_)))

    def computes_in(self, op: Operation) -> Element:
        """What an op of TTNN computes in."""
        return op_computes_in(self.types, op)

    def scalar_constructor(self, type_: Attribute) -> str:
        """A name in emitted code for the constructor of NumPy scalars of an IR type."""
        return self.use(self.dtype(type_).type)

    def on_arrays(self, value: SSAValue) -> bool:
        """Whether a value is held as NumPy elements (an array, or a scalar among arrays)."""
        return self.vectorised or isinstance(value.type, ShapedType)

    def interval(self, value: SSAValue) -> Interval:
        """The range an integer value is known to lie in."""
        return self.intervals.get(value, interval_of_type(value.type))

    def read_element(self, array: str, index: str, type_: Attribute) -> str:
        """The expression that reads one element as the scalar the emitted code computes with."""
        if isinstance(type_, IntegerType | IndexType):
            return f"{array}.item({index})"
        return f"{array}[{index or '()'}]"

    def assign_integer(self, result: SSAValue, expression: str, interval: Interval) -> None:
        """Assign integer arithmetic, wrapping it to the width of its type where it can leave it.

        `interval` bounds the exact result.
        """
        type_ = element_type(result.type)
        width = integer_width(type_)
        if self.on_arrays(result):
            if width not in (1, 8, 16, 32, 64):
                expression = f"{self.use(wrap_array)}({expression}, {width})"
            self.assign_elements(result, expression)
            return
        whole = interval_of_type(type_)
        if interval in whole:
            self.intervals[result] = interval
            self.assign(result, expression)
            return
        name, wrap = self.define(result), self.use(signed_wrapper(width))
        low, high = whole
        self.line(
            f"{name} = {name} if {low} <= ({name} := {expression}) <= {high} else {wrap}({name})"
        )

    # Ops -------------------------------------------------------------------------------------

    @contextmanager
    def at(self, op: Operation) -> Generator[None]:
        """Let lines belong to `op`."""
        previous, self._op = self._op, op
        try:
            yield
        finally:
            self._op = previous

    def emit(self, op: Operation) -> None:
        """Emit one op.

        Raises: InterpretationError when the interpreter does not know it.
        """
        emit = find_emitter(op)
        if emit is None:
            raise unknown_op(op)
        with self.at(op):
            try:
                if op.regions and self._depth > MAX_DEPTH:
                    self._emit_outlined(op, emit)
                else:
                    emit(self, op)
            except (ExecutionError, ElementTypeError) as error:
                raise error_at(op, str(error)) from None
            self._trace(op)

    def _emit_outlined(self, op: Operation, emit: EmitFunction) -> None:
        """Emit an op into a function of its own, and a call of that where it stands."""
        outer = self._locals.count
        lines, line_ops, depth = self.lines, self.line_ops, self._depth
        self.lines, self.line_ops, self._depth = [], [], 1
        emit(self, op)
        part = find_part(self.lines, outer, [self._names[result] for result in op.results])
        name = self.constant(None, "part")
        self.line(part.returned())
        self.parts.append((part.definition(name), self.lines, self.line_ops))
        self.lines, self.line_ops, self._depth = lines, line_ops, depth
        self.line(part.call(name))

    def finish(self) -> tuple[str, list[Operation]]:
        """The whole source, and the op that each of its lines belongs to."""
        lines, line_ops = [*self.lines], [*self.line_ops]
        for definition, body, ops in self.parts:
            lines += [definition, *body]
            line_ops += [self.function, *ops]
        return "\n".join(lines) + "\n", line_ops

    def body(self, block: Block) -> Operation:
        """Emit a block up to its terminator, which is returned."""
        ends = last_uses(block)
        terminator = block.last_op
        assert terminator is not None
        for op in block.ops:
            if op is not terminator:
                before = len(self.lines), self._locals.count
                self.emit(op)
                if forgets_locals(op):
                    self._forget(op, *before)
                names = [self._names[v] for v in ends.get(op, ()) if v in self._names]
                if names:
                    self.line("del " + ", ".join(names))
        return terminator

    def _forget(self, op: Operation, line: int, local: int) -> None:
        """Let go of the locals made for an op since then, its results apart.

        Not by `del`: in a loop that never ran they are not there.
        """
        kept = {self._names.get(result) for result in op.results}
        names = [name for name in locals_since(self.lines[line:], local) if name not in kept]
        if names:
            self.line(f"{' = '.join(names)} = None")

    def assign_all(self, names: Sequence[str], values: Sequence[str]) -> None:
        """One parallel assignment; nothing when there is nothing to assign."""
        if names:
            self.line(f"{', '.join(names)} = {', '.join(values)}")

    def _trace(self, op: Operation) -> None:
        if self.vectorised or self.is_quiet:
            return
        point = self.program.trace_point(op)
        if point is not None:
            values = "".join(f", {self._names[value]}" for value in traced_values(op))
            self.line(f"trace({point}{values})")
