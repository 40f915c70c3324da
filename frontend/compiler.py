"""From IR to a Python function: read, lower, bind."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TextIO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from ..dialect.numpy_types import Accumulate, Array
from ..dialect.remarks import collect_remarks
from ..dialect.text.context import make_context
from ..dialect.text.parsing import parse_module
from ..dialect.verify_module import verify_module
from ..interpreter.available import SMALL_BYTES, shortage
from ..interpreter.program import Program, compile_module
from ..lowering.pipelines import PIPELINES
from .entry import Signature, find_entry, signature_of
from .exclusive import exclusive
from .pipelines import Choices, build_pipeline
from .weights import PreparedWeights, hoist_preparation, weight_arguments


@dataclass(frozen=True)
class CompiledFunction:
    """A function of a module, to be called with NumPy arrays."""

    module: ModuleOp
    """The module that runs: after every pass that was asked for."""

    signature: Signature
    program: Program
    lowering_remarks: tuple[str, ...] = ()
    weights: PreparedWeights | None = None
    """Set where weights are prepared apart: by `prepare_NAME`, once for the same weights."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was chosen without being asked for, approximated, or asked for without effect."""
        return (*self.lowering_remarks, *self.program.remarks)

    @cached_property
    def peak_bytes(self) -> int:
        """The most memory that a call takes at once: its arguments, its constants, its results, and
        all that is made on the way. An upper bound; sizes that are open count as nothing."""
        peak = self.program.peak_bytes(self.signature.function)
        return peak if self.weights is None else self.weights.peak_bytes(peak)

    def __call__(self, *arrays: object) -> tuple[Array, ...]:
        """Run it. Devices take no array.

        Raises: ValueError for a wrong number of arrays, shape or element type, and for a call that
        takes more memory than there is;
        xdsl.utils.exceptions.InterpretationError for what goes wrong inside, with the op's place.
        """
        given = iter(self.signature.check(arrays))
        if self.peak_bytes >= SMALL_BYTES and (missing := shortage(self.peak_bytes)) is not None:
            raise ValueError(f"{self.signature}: {missing}")
        values = [
            None if argument is None else next(given) for argument in self.signature.arguments
        ]
        if self.weights is not None:
            values = self.weights.arguments(values)
        return self.program.call(self.signature.function, values)


@exclusive
def compile_ir(
    ir: str | os.PathLike[str] | ModuleOp,
    entry: str | None = None,
    *,
    floor: str | None = None,
    strategy: str | None = None,
    pipeline: str | None = None,
    backend: str = "interpreter",
    threads: int = 1,
) -> CompiledFunction:
    """Make a Python function of IR: NumPy arrays in, a tuple of NumPy arrays out.

    `ir` is text, the path of a file, or a module, which is left as it is. The entry is `main`, else
    the only public function. `floor` lowers it first, by `strategy`; a strategy alone lowers to
    "decomposed", and none means auto. `pipeline`, passes in the notation of `-p`, stands instead of
    both. With none of the three the IR runs as it stands.

    Raises: ValueError for an argument that is unknown, contradictory or not available yet; what
    xDSL raises for IR that does not parse, does not verify, or that a pass refuses.

    Example: `compile_ir(Path("layer.mlir"), floor="loops")(x, weight, bias)`.
    """
    choices = Choices(floor, strategy, pipeline, backend, threads)
    plan = choices.plan()
    passes = build_pipeline(plan.pipeline)
    context = make_context()
    module = read_module(ir, context)
    function = find_entry(module, entry)
    weights = weight_arguments(function) if choices.floor in PREPARING_FLOORS else None
    compiled = compile_by(passes, module, entry, weights, context)
    return replace(compiled, lowering_remarks=(*plan.remarks, *compiled.lowering_remarks))


PREPARING_FLOORS = tuple(entry.floor for entry in PIPELINES if entry.prepares_weights)
"""Floors at which `compile_ir` takes what is done to weights out of the per-call path."""


def compile_by(
    passes: Sequence[ModulePass],
    module: ModuleOp,
    entry: str | None,
    weights: tuple[int, ...] | None,
    context: Context,
) -> CompiledFunction:
    """The entry of a module after passes, called with the arguments it had before.

    `weights` are the arguments whose preparation is kept from call to call; None to keep nothing.
    Raises: what passes raise, and verifiers for what they make.
    """
    with collect_remarks() as remarks:
        lowered = lower(module, passes, context)
    bound = bind(lowered, entry, remarks=tuple(remarks))
    prepare = None if weights is None else hoist_preparation(lowered, entry, weights, context)
    if weights is None or prepare is None:
        return bound
    program = compile_module(lowered)
    return replace(bound, program=program, weights=PreparedWeights(program, prepare, weights))


def read_module(ir: str | os.PathLike[str] | ModuleOp, context: Context) -> ModuleOp:
    """The module that `ir` is, names, or spells, verified."""
    if isinstance(ir, ModuleOp):
        module = ir
    elif isinstance(ir, str):
        if "\n" not in ir and ir.endswith(".mlir"):
            raise ValueError(f"expected IR text; to read a file, pass pathlib.Path({ir!r})")
        module = parse_module(ir, context=context)
    else:
        module = parse_module(Path(ir).read_text("utf-8"), os.fspath(ir), context)
    verify_module(module)
    return module


def lower(
    module: ModuleOp,
    passes: Sequence[ModulePass],
    context: Context,
    follow: Callable[[ModulePass, ModuleOp], None] | None = None,
) -> ModuleOp:
    """A copy of the module after the passes, verified after each; the module stays as it is.

    `follow` is told of each pass, and of the copy it is about to work on.
    """
    lowered = module.clone()
    for step in passes:
        if follow is not None:
            follow(step, lowered)
        step.apply(context, lowered)
        verify_module(lowered)
    return lowered


def bind(
    module: ModuleOp,
    entry: str | None,
    *,
    remarks: tuple[str, ...] = (),
    accumulate: Accumulate = "ir",
    trace: TextIO | None = None,
) -> CompiledFunction:
    """The function of a module that is run, compiled for the interpreter."""
    signature = signature_of(find_entry(module, entry))
    program = compile_module(module, accumulate=accumulate, trace=trace)
    return CompiledFunction(module, signature, program, remarks)
