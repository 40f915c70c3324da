"""Calls, compiled once for each kind and run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import InterpretationError, PassFailedException

from ...dialect.numpy_types import Array, DType
from ...dialect.text.context import make_context
from ...interpreter.available import shortage
from ...interpreter.program import compile_module
from ..compiler import CompiledFunction, compile_by, compile_ir
from ..entry import MAIN
from ..exclusive import exclusive
from ..pipelines import Choices, build_pipeline
from .modules import (
    ArrayKind,
    ConvolutionKind,
    bias_preparation_module,
    weight_preparation_module,
)
from .numbers import whole_number
from .preparation import Preparation
from .tensors import Tensor


@dataclass(frozen=True)
class Options:
    """How calls are compiled and run; none of it changes results beyond reassociated sums.

    Raises: ValueError for what there is not.
    """

    strategy: str = "auto"
    floor: str = "decomposed"
    """`ttnn` runs the op as it stands, by its scatter definition; lower floors run its lowering."""

    backend: str = "interpreter"
    threads: int = 1

    def __post_init__(self) -> None:
        for name in ("strategy", "floor", "backend"):
            if not isinstance(value := getattr(self, name), str):
                raise ValueError(f"{name}: expected a name, got {value!r}")
        whole_number("threads", self.threads)
        self.pipeline()

    def pipeline(self) -> str:
        """The passes that make the floor, in the notation of `-p`."""
        return Choices(self.floor, self.strategy, None, self.backend, self.threads).plan().pipeline


_DEFAULT = Options()
_options: ContextVar[Options | None] = ContextVar("options", default=None)


@contextmanager
def use_options(options: Options) -> Generator[Options]:
    """Compile and run calls inside the `with` block as `options` say.

    Raises: ValueError for what are no options.
    """
    if not isinstance(options, Options):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"options: expected Options, got {type(options).__name__}")
    token = _options.set(options)
    try:
        yield options
    finally:
        _options.reset(token)


def current_options() -> Options:
    """The options of the innermost `use_options`, else the default ones."""
    return _options.get() or _DEFAULT


_recorded: ContextVar[list[ModuleOp] | None] = ContextVar("recorded", default=None)


@contextmanager
def record_modules() -> Generator[list[ModuleOp]]:
    """Collect the IR, at floor ttnn, of every convolution called inside the `with` block."""
    modules: list[ModuleOp] = []
    token = _recorded.set(modules)
    try:
        yield modules
    finally:
        _recorded.reset(token)


class CallCounts(NamedTuple):
    """How often this project's code was asked."""

    calls: int
    """Transposed convolutions that were run."""

    compiled: int
    """Kinds of call that were compiled: parameters, shapes, element types and options."""


_counts: Counter[str] = Counter()


def call_counts() -> CallCounts:
    """How many transposed convolutions were run and compiled since the process began."""
    return CallCounts(_counts["calls"], _counts["compiled"])


CACHED_KINDS = 512


@lru_cache(CACHED_KINDS)
@exclusive
def compiled(kind: ConvolutionKind, options: Options) -> CompiledFunction:
    """The function of one kind of call, lowered as the options say.

    Raises: ValueError naming the parameter.
    """
    module = kind.module()
    try:
        # What cannot be run as it stands is refused in the op's own name.
        compile_module(module).source(MAIN)
    except InterpretationError as error:
        raise ValueError(f"conv_config: {error}") from None
    weights = (1,) if kind.is_prepared and options.floor != "ttnn" else None
    passes = build_pipeline(options.pipeline())
    try:
        function = compile_by(passes, module, None, weights, make_context())
    except PassFailedException as error:
        raise ValueError(f"options: {error}") from None
    _counts["compiled"] += 1
    return function


def clear_cache() -> None:
    """Forget every compiled function, and the weights that were prepared for it."""
    for cache in (compiled, _check_prepared, _prepare_function):
        cache.cache_clear()


def run(
    kind: ConvolutionKind, x: Array, w: Array, b: Array | None, options: Options | None = None
) -> Array:
    """The result of one transposed convolution; the arrays are as `kind` says, and stay.

    Raises: ValueError naming the parameter.
    """
    function = compiled(kind, options or current_options())
    _check_memory(kind, function)
    arrays = (x, w) if b is None else (x, w, b)
    (result,) = function(*arrays)
    _note(kind)
    return result


def _check_memory(kind: ConvolutionKind, function: CompiledFunction) -> None:
    """Refuse a call for which there is not enough memory. Raises: ValueError naming the parameter.

    Where weights are prepared apart they count as if they were prepared in this call.
    """
    if (missing := shortage(function.peak_bytes)) is not None:
        parameter = kind.parameters.largest_factor()
        raise ValueError(f"{parameter}: 'ttnn.conv_transpose2d' op {missing}")


def _note(kind: ConvolutionKind) -> None:
    """Count a call, and record its IR where somebody asked for it."""
    _counts["calls"] += 1
    modules = _recorded.get()
    if modules is not None:
        modules.append(kind.module())


# Prepared weights ---------------------------------------------------------------------------------

_check_prepared = lru_cache(CACHED_KINDS)(ConvolutionKind.check_prepared)


def run_prepared(
    kind: ConvolutionKind, x: Array, weight: Tensor, b: Array | None, options: Options | None = None
) -> Array:
    """As `run`, for a prepared weight: what is done to it is done once, and kept as long as it is.

    Raises: ValueError naming the parameter.
    """
    options = options or current_options()
    assert weight.prepared_for is not None
    _check_prepared(kind, weight.prepared_for.for_use_with(kind.parameters))
    function = compiled(kind, options)
    if function.weights is None:
        return run(kind, x, weight.value, b, options)
    _check_memory(kind, function)
    values = function.weights.arguments([x, weight.value, *([] if b is None else [b])], weight)
    (result,) = function.program.call(function.signature.function, values)
    _note(kind)
    return result


@lru_cache(CACHED_KINDS)
@exclusive
def _prepare_function(
    preparation: Preparation, kind: ArrayKind, dtype: DType, is_bias: bool
) -> CompiledFunction:
    make = bias_preparation_module if is_bias else weight_preparation_module
    return compile_ir(make(preparation, kind, dtype))


def prepare(
    preparation: Preparation, array: Array, dtype: DType, *, is_bias: bool = False
) -> Array:
    """The prepared form of a weight or a bias, in elements of `dtype`, read-only.

    Raises: ValueError naming the parameter.
    """
    kind = ArrayKind(array.shape, array.dtype)
    try:
        function = _prepare_function(preparation, kind, dtype, is_bias)
        if (missing := shortage(function.peak_bytes)) is not None:
            raise ValueError(f"{'bias_tensor' if is_bias else 'weight_tensor'}: {missing}")
        (prepared,) = function(array)
    except InterpretationError as error:
        raise ValueError(f"conv_config: {error}") from None
    prepared.setflags(write=False)
    return prepared
