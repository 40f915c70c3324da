"""A module as a set of Python functions, each emitted when it is first called."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any, TextIO, TypeVar

import numpy as np
from xdsl.dialects import func, memref
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    MemRefType,
    ModuleOp,
    StringAttr,
)
from xdsl.ir import Attribute, Block, Operation
from xdsl.utils.exceptions import InterpretationError

from ..dialect.numpy_types import Accumulate, Array, ElementTypes
from ..dialect.text.names import symbol_text
from ..dialect.ttcore import ModuleWrapper
from . import families as families
from .arguments import read_argument, read_result
from .emitter import Emitter
from .errors import describe_exception, error_at
from .floats import poison
from .literals import dense_array
from .names import Namespace
from .peaks import Peaks
from .trace import Tracer

OperationT = TypeVar("OperationT", bound=Operation)


class Program:
    """The functions of a module; see `compile_module`."""

    def __init__(self, module: ModuleOp, types: ElementTypes, trace: TextIO | None):
        self.types = types
        self.remarks: list[str] = []
        self._tracer = Tracer(trace) if trace is not None else None
        self.namespace = Namespace({"np": np, "trace": self._tracer})
        self._symbols = SymbolTables()
        self._by_name: dict[str, func.FuncOp] = {}
        for function in _functions_in(module):
            name = function.sym_name.data
            if name not in self._by_name or self._by_name[name].is_declaration:
                self._by_name[name] = function
            self._global_of(function)
        self._sources: dict[func.FuncOp, str] = {}
        self._peaks = Peaks(types, self._resolve)
        self._emitting = RLock()
        self._line_ops: dict[str, list[Operation]] = {}

    @property
    def function_names(self) -> tuple[str, ...]:
        """All functions of the module and of those nested in it, in order."""
        return tuple(self._by_name)

    def call(self, name: str, args: Sequence[Any] = ()) -> tuple[Array, ...]:
        """Run a function.

        Tensors come as arrays of the NumPy type of their element type (bf16: ml_dtypes.bfloat16;
        any float type with f64 accumulation) and stay untouched; memrefs are written to. Scalars
        may be Python numbers. Values without numbers (a device) are passed as None.

        Raises: InterpretationError for everything that goes wrong, with the op and its location.
        """
        function = self._find(name)
        inputs = function.function_type.inputs.data
        if len(args) != len(inputs):
            expected = f"expected {len(inputs)} arguments of {name!r}, got {len(args)}"
            raise error_at(function, expected)
        values = [read_argument(function, i, arg, self.types) for i, arg in enumerate(args)]
        try:
            with np.errstate(all="ignore"):
                results = self._emit(function)(*values)
                self._write_back(inputs, args, values)
                return tuple(
                    read_result(result, type_, self.types, values)
                    for result, type_ in zip(
                        results, function.function_type.outputs.data, strict=True
                    )
                )
        except InterpretationError:
            raise
        except Exception as error:
            raise self._located(function, error) from error

    def source(self, name: str) -> str:
        """The Python source of a function, for debugging; emits it when it was not yet."""
        function = self._find(name)
        self._emit(function)
        return self._sources[function]

    def peak_bytes(self, name: str) -> int:
        """The most memory that a call of a function takes at once: its arguments, its constants,
        and what it makes, as peaks.py adds it up.

        Raises: InterpretationError for a function there is not.
        """
        return self._peaks.peak_bytes(self._find(name))

    def constant_bytes(self, name: str) -> int:
        """The memory that constants take once a function has been called.

        Raises: InterpretationError as `peak_bytes`.
        """
        return self._peaks.constant_bytes(self._find(name))

    def argument_types(self, name: str) -> tuple[Attribute, ...]:
        """The types of the arguments of a function. Raises: InterpretationError as `peak_bytes`."""
        return self._find(name).function_type.inputs.data

    # What emitters ask -----------------------------------------------------------------------

    def callable_name(self, symbol: str, user: Operation) -> str:
        """The namespace's name for a function, as a symbol is seen from `user`."""
        function = self._resolve(symbol, user)
        if function is None:
            raise error_at(user, f"expected the name of a function, got {symbol_text(symbol)}")
        return self._global_of(function)

    def buffer_name(self, symbol: str, user: Operation) -> str:
        """The namespace's name for the buffer of a `memref.global`."""
        found = self._symbols.lookup(symbol, user, memref.GlobalOp)
        if found is None:
            got = symbol_text(symbol)
            raise error_at(user, f"expected the name of a memref.global, got {got}")
        return self.namespace.share(found, lambda: _buffer_of(found, self.types), symbol)

    def trace_point(self, op: Operation) -> int | None:
        """The number under which an op is traced."""
        return self._tracer.add(op) if self._tracer is not None else None

    def remark(self, text: str) -> None:
        """Keep a remark, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    # Emission --------------------------------------------------------------------------------

    def _global_of(self, function: func.FuncOp) -> str:
        """The name of a function in emitted code, which runs `_emit` when it is first called."""

        def emit_and_call(*args: Any) -> Any:
            return self._emit(function)(*args)

        return self.namespace.share(function, lambda: emit_and_call, function.sym_name.data)

    def _emit(self, function: func.FuncOp) -> Callable[..., Any]:
        """The emitted function, from now on what its name stands for."""
        if function.is_declaration:
            raise error_at(function, f"expected {function.sym_name.data!r} to have a body")
        name = self._global_of(function)
        with self._emitting:
            if function not in self._sources:
                self._emit_as(name, function)
        return self.namespace.values[name]

    def _emit_as(self, name: str, function: func.FuncOp) -> None:
        emitter = Emitter(function, self)
        families.emit_function(emitter, name)
        source, line_ops = emitter.finish()
        file_name = f"<ttnn interpreter: {name}>"
        self._line_ops[file_name] = line_ops
        exec(compile(source, file_name, "exec"), self.namespace.values)
        self._sources[function] = source

    def _located(self, function: func.FuncOp, error: Exception) -> InterpretationError:
        """The error of the innermost emitted line that a Python exception went through."""
        op: Operation = function
        for frame in traceback.extract_tb(error.__traceback__):
            ops = self._line_ops.get(frame.filename)
            if ops is not None and frame.lineno is not None:
                op = ops[frame.lineno - 1]
        return error_at(op, describe_exception(error))

    # Symbols ---------------------------------------------------------------------------------

    def _find(self, name: str) -> func.FuncOp:
        if name not in self._by_name:
            known = ", ".join(map(repr, self._by_name)) or "none"
            raise InterpretationError(f"function: expected one of {known}, got {name!r}")
        return self._by_name[name]

    def _resolve(self, symbol: str, user: Operation) -> func.FuncOp | None:
        if isinstance(user, func.FuncOp) and user.sym_name.data == symbol:
            return user
        return self._symbols.lookup(symbol, user, func.FuncOp) or self._by_name.get(symbol)

    def _write_back(
        self, types: Sequence[Attribute], args: Sequence[Any], values: Sequence[Any]
    ) -> None:
        """Give memref arguments that had to be converted (f64 accumulation) their new contents."""
        for type_, arg, value in zip(types, args, values, strict=True):
            if isinstance(type_, MemRefType) and value is not arg:
                arg[...] = value


def _buffer_of(op: memref.GlobalOp, types: ElementTypes) -> Array:
    """What a `memref.global` holds before anything is written to it."""
    dtype = types.dtype(op.type)
    if isinstance(op.initial_value, DenseIntOrFPElementsAttr):
        return np.array(dense_array(op.initial_value, dtype))
    return poison(op.type.get_shape(), dtype)


def _functions_in(op: Operation) -> list[func.FuncOp]:
    """The functions in the symbol tables below `op`, outer modules first."""
    direct: list[func.FuncOp] = []
    nested: list[func.FuncOp] = []
    for region in op.regions:
        for block in region.blocks:
            for child in block.ops:
                if isinstance(child, func.FuncOp):
                    direct.append(child)
                elif isinstance(child, ModuleOp | ModuleWrapper):
                    nested.extend(_functions_in(child))
    return direct + nested


class SymbolTables:
    """The symbols of each block, collected when first asked for; the module does not change."""

    def __init__(self) -> None:
        self._tables: dict[Block, dict[str, list[Operation]]] = {}

    def lookup(self, symbol: str, user: Operation, kind: type[OperationT]) -> OperationT | None:
        """The nearest op of a kind with that name in the blocks around `user`."""
        current: Operation | None = user
        while current is not None:
            if current.parent is not None:
                for op in self._table(current.parent).get(symbol, ()):
                    if isinstance(op, kind):
                        return op
            current = current.parent_op()
        return None

    def _table(self, block: Block) -> dict[str, list[Operation]]:
        table = self._tables.get(block)
        if table is None:
            table = self._tables[block] = {}
            for op in block.ops:
                name = op.properties.get("sym_name")
                if isinstance(name, StringAttr):
                    table.setdefault(name.data, []).append(op)
        return table


def compile_module(
    module: ModuleOp, *, accumulate: Accumulate = "ir", trace: TextIO | None = None
) -> Program:
    """Make the functions of a module callable.

    accumulate: "ir" rounds every value to its element type, as the IR says; "f64" computes every
    float in f64 and rounds nothing (integers still wrap), and results come back as f64.
    trace: a text stream that gets one line for each op that is executed.

    Raises: ValueError for another `accumulate`.
    """
    if accumulate not in ("ir", "f64"):
        raise ValueError(f"accumulate: expected 'ir' or 'f64', got {accumulate!r}")
    return Program(module, ElementTypes(accumulate), trace)
