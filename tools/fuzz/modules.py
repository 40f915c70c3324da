"""A random module, the arrays it is called with, and what is known of its results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation, SSAValue

from ...dialect import ttcore, ttnn
from ...dialect.numpy_types import Array, numpy_dtype
from ...dialect.tensor_types import element_type_of, shape_of
from ...dialect.ttcore.attributes import DeviceAttr
from ...passes.strategies.registry import AUTO, find
from .bodies import draw_ops, drawn_results
from .drawing import chance
from .facts import Fact, is_unsigned
from .names import function_name
from .open_sizes import opened
from .scope import Draft, Scope
from .ttir_twins import PLAIN, as_ttir

MAIN = "main"
DEVICE = DeviceAttr.new([StringAttr("workerGrid = #ttcore.grid<8x8>")])


@dataclass(frozen=True)
class RandomModule:
    """What `draw_module` draws."""

    module: ModuleOp
    closed: ModuleOp
    """The same where no size is left open; it is the module itself where there is none."""

    entry: str
    arrays: tuple[Array | None, ...]
    """What the entry is called with; None for devices."""

    results: tuple[Fact, ...]
    """What is known of each result."""

    reasons: frozenset[str]
    """Names of the refusals that some op of the module is a reason for."""

    runs: bool
    """Whether everything in it is known."""

    door: str | None = None
    """The pass that makes TTNN of the module, where it is in a dialect above."""

    @property
    def has_open_sizes(self) -> bool:
        """Whether some types say `?`."""
        return self.module is not self.closed and self.door is None

    def refuses(self, strategy: str) -> bool:
        """Whether a strategy refuses a transposed convolution of the module; auto never does."""
        ops = (op for op in self.closed.walk() if isinstance(op, ttnn.ConvTranspose2dOp))
        return strategy != AUTO and any(find(strategy).refusal(op.geometry()) for op in ops)


def draw_module(random: Random, *, most_ops: int = 6) -> RandomModule:
    """A module of a few ops, in one function or several, and arrays to call it with."""
    if chance(random, 6):
        return _with_a_door(random, most_ops)
    draft = Draft(random, has_encodings=chance(random, 25), is_opaque=chance(random, 8))
    has_open_sizes = chance(random, 12)
    drawn = _drawn(draft, most_ops)
    module = opened(random, drawn.closed, drawn.entry) if has_open_sizes else drawn.closed
    return replace(drawn, module=module)


def _with_a_door(random: Random, most_ops: int) -> RandomModule:
    """A module in a dialect above TTNN."""
    drawn = _drawn(Draft(random, plain=PLAIN), most_ops)
    module = as_ttir(random, drawn.closed)
    return replace(drawn, module=module, door="convert-ttir-to-ttnn")


def _drawn(draft: Draft, most_ops: int) -> RandomModule:
    random = draft.random
    entry = MAIN if chance(random, 80) else function_name(random, draft.names)
    scope = Scope(draft, takes_arguments=True)
    draw_ops(scope, random.randrange(1, most_ops + 1))
    results = drawn_results(scope, 4)
    function = scope.finish(entry, [value.ssa for value in results], public=True)
    arrays = [
        _array(random, argument, fact)
        for argument, fact in zip(function.args, scope.facts, strict=True)
    ]
    closed = _wrapped(draft, draft.functions, entry)
    return RandomModule(
        closed,
        closed,
        entry,
        tuple(arrays),
        tuple(value.fact for value in results),
        frozenset(draft.reasons),
        not draft.is_opaque,
    )


def _array(random: Random, argument: SSAValue, fact: Fact | None) -> Array | None:
    """Whole numbers of steps within the bounds of a fact; None for a device.

    Among those that need not be finite are infinities, and what is no number.
    """
    if fact is None:
        return None
    element_type = element_type_of(argument)
    steps = int(fact.largest / fact.step)
    generator = np.random.default_rng(random.randrange(1000))
    lowest = 0 if is_unsigned(element_type) else -steps
    numbers: Array = generator.integers(lowest, steps + 1, shape_of(argument)) * fact.step
    if not fact.is_finite:
        odd = generator.integers(0, 8, numbers.shape)
        for index, number in enumerate((np.inf, -np.inf, np.nan, -0.0)):
            numbers = np.where(odd == index, number, numbers)
    return numbers.astype(numpy_dtype(element_type))


def _wrapped(draft: Draft, functions: Sequence[func.FuncOp], entry: str) -> ModuleOp:
    """The functions in a module, or in a module of the device inside of one."""
    random = draft.random
    ops: list[Operation] = list(functions)
    if chance(random, 30):
        random.shuffle(ops)
    if not chance(random, 25):
        return ModuleOp(ops)
    if chance(random, 50):
        device = ttcore.DeviceOp.create(
            properties={
                "sym_name": StringAttr("default_device"),
                "device_attr": DEVICE,
            }
        )
        ops.insert(0, device)
    wrappers: list[Operation] = [ttcore.DeviceModuleOp(ModuleOp(ops))]
    if chance(random, 30):
        wrappers.append(ttcore.CPUModuleOp(ModuleOp(_host_functions(draft, entry))))
    return ModuleOp(wrappers)


def _host_functions(device: Draft, entry: str) -> list[func.FuncOp]:
    """Functions of the host, called by nobody; they may have names that the device's have too, but
    for the entry's."""
    random = device.random
    draft = Draft(random, plain=device.plain, names={entry}, reasons=device.reasons)
    scope = Scope(draft)
    draw_ops(scope, 1)
    results = drawn_results(scope, 1)
    name = function_name(random, draft.names)
    scope.finish(name, [value.ssa for value in results], public=False)
    return draft.functions
