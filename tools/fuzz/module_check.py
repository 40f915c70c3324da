"""Whether a pipeline does to a module what every pipeline must.

After each pass the module verifies, and the same pass of this project once more changes nothing.
What comes out gives the results of the untouched module run at floor ttnn, and prints, custom and
generic, what parses to the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, UnregisteredOp
from xdsl.passes import ModulePass
from xdsl.printer import Printer
from xdsl.utils.exceptions import InterpretationError, PassFailedException, VerifyException

from ...dialect.numpy_types import Array
from ...dialect.remarks import collect_remarks
from ...dialect.text.parsing import parse_module
from ...dialect.verify_module import verify_module
from ...frontend.entry import find_entry
from ...frontend.pipelines import all_passes, build_pipeline
from ...interpreter.program import compile_module
from ...lowering.prepare.hoist_weight_preparation import (
    HoistWeightPreparationPass,
    prepared_by,
)
from ...passes.parameters import parameter_indices
from .comparing import difference
from .modules import RandomModule
from .outcomes import Finding, Outcome, crash
from .pipelines import FOREIGN, Pipeline
from .refusals import reason_of
from .settling import flattened, runs_to_settle
from .structure import context


class Refused(Exception):
    """A pass refused the module, for a reason that is none of ours to judge."""


@dataclass
class Check:
    """One module on its way through one pipeline."""

    drawn: RandomModule
    pipeline: Pipeline
    findings: list[Finding] = field(default_factory=list[Finding])
    counts: Counter[str] = field(default_factory=Counter[str])
    prepared: tuple[str, tuple[int, ...]] | None = None
    """What prepares the entry's weights since they were hoisted, and which arguments they were."""

    done: list[str] = field(default_factory=list[str])
    """The passes that were run."""

    context: Context = field(default_factory=context)

    def run(self) -> Outcome:
        """Everything."""
        with collect_remarks():
            self._run()
        return Outcome(self.counts, self.findings)

    def _run(self) -> None:
        module = self.drawn.module
        try:
            verify_module(module)
        except VerifyException as error:
            self.findings.append(crash(error, "the generator", "invalid module"))
            return
        self._check_text(module, "the untouched module", self.pipeline.prints_generic)
        expected = (
            self._call(self.drawn.closed, "the untouched module") if self.drawn.runs else None
        )
        lowered, steps = module.clone(), build_pipeline(str(self.pipeline), all_passes())
        try:
            for step in steps:
                self._apply(step, lowered)
            if self.pipeline.is_repeated:
                self._repeat(steps, lowered)
        except Refused:
            return
        self._check_unknown(lowered)
        self._check_text(lowered, "the lowered module", not self.pipeline.prints_generic)
        self._check_results(lowered, expected)

    # Passes ----------------------------------------------------------------------------------

    def _apply(self, step: ModulePass, module: ModuleOp) -> None:
        """One pass: it verifies, and it is done. Raises: Refused, also after a finding."""
        entry = find_entry(module, self.drawn.entry)
        indices = parameter_indices(entry)
        self._once(step, module, step.name)
        self.done.append(step.name)
        if isinstance(step, HoistWeightPreparationPass) and self.prepared is None:
            name = prepared_by(find_entry(module, self.drawn.entry))
            self.prepared = None if name is None else (name, indices)
        if step.name in FOREIGN:
            # xDSL's (and MLIR's) erase what is dead one layer at a time.
            return
        again = module.clone()
        self._once(step, again, f"{step.name} once more")
        if not module.is_structurally_equivalent(again):
            detail = f"{module!s}\n// once more:\n{again!s}\n"
            text = "expected no change by a second run"
            self.findings.append(Finding("idempotence", step.name, text, detail))

    def _repeat(self, steps: Sequence[ModulePass], module: ModuleOp) -> None:
        """All passes once more, on what as many runs as they take have made, change nothing."""
        settled, runs = module.clone(), runs_to_settle(list(flattened(steps)))
        for _ in range(1, runs):
            for step in steps:
                self._once(step, settled, f"{step.name} once more, behind all")
        again = settled.clone()
        for step in steps:
            self._once(step, again, f"{step.name} once more, behind all")
            if not settled.is_structurally_equivalent(again):
                detail = f"{settled!s}\n// once more:\n{again!s}\n"
                text = f"expected no change by run {runs + 1} of all passes"
                self._stop(Finding("idempotence", f"{step.name}, behind all", text, detail))

    def _once(self, step: ModulePass, module: ModuleOp, where: str) -> None:
        try:
            step.apply(self.context, module)
        except PassFailedException as error:
            self._refused(str(error), where)
        except MemoryError:
            raise
        except Exception as error:
            self._stop(crash(error, where))
        try:
            verify_module(module)
        except Exception as error:
            self._stop(crash(error, where, "invalid IR"))

    def _refused(self, message: str, where: str) -> None:
        reason = reason_of(message, self._reasons())
        if reason is None:
            self._stop(Finding("refusal", where, message))
        self.counts[f"refused {reason}"] += 1
        raise Refused

    def _reasons(self) -> set[str]:
        strategies = {step.option("strategy") for step in self.pipeline.steps}
        refusing = {name for name in strategies if name is not None and self.drawn.refuses(name)}
        reasons = {*self.drawn.reasons, *(f"strategy {name}" for name in refusing)}
        if self.drawn.has_open_sizes and "ttnn-infer-shapes" not in self.done:
            reasons.add("open sizes")
        if self.drawn.door is not None and self.drawn.door not in self.done:
            reasons.add("door")
        for option in ("max-temporary-bytes", "max-ops"):
            if any(step.option(option) for step in self.pipeline.steps):
                reasons.add(option)
        return reasons

    def _stop(self, finding: Finding) -> None:
        self.findings.append(finding)
        raise Refused

    # Text ------------------------------------------------------------------------------------

    def _check_text(self, module: ModuleOp, what: str, in_generic_form: bool) -> None:
        """Printed and parsed, a module is what it was."""
        custom = str(module)
        text = generic_text(module) if in_generic_form else custom
        where = f"{what}, {'generic' if in_generic_form else 'custom'} form"
        try:
            again = str(parse_module(text, "printed.mlir", self.context))
        except Exception as error:
            self.findings.append(crash(error, where, "text"))
            return
        if again != custom:
            text = f"expected the text that was parsed: {_first_difference(custom, again)}"
            self.findings.append(Finding("text", where, text, f"{custom}\n// again:\n{again}"))

    def _check_unknown(self, module: ModuleOp) -> None:
        """What nobody knows is as it was, and where it was."""
        before, after = unknown_ops(self.drawn.module), unknown_ops(module)
        if before != after:
            text = f"expected unknown ops as they were: {_first_difference(before, after)}"
            self.findings.append(Finding("unknown op", str(self.pipeline.floor), text))

    # Results ---------------------------------------------------------------------------------

    def _call(self, module: ModuleOp, what: str) -> tuple[Array, ...] | None:
        """The results of the entry; None where they cannot be, which is a finding or not."""
        name = find_entry(module, self.drawn.entry).sym_name.data
        try:
            program = compile_module(module)
            arrays: list[Any] = list(self.drawn.arrays)
            if self.prepared is not None:
                prepare, indices = self.prepared
                made = program.call(prepare, [arrays[index] for index in indices])
                kept = [a for index, a in enumerate(arrays) if index not in indices]
                arrays = [*kept, *made]
            return program.call(name, arrays)
        except InterpretationError as error:
            reason = reason_of(str(error), self._reasons())
            if reason is None:
                self.findings.append(crash(error, what, "not run"))
            else:
                self.counts[f"not run {reason}"] += 1
        except Exception as error:
            self.findings.append(crash(error, what, "not run"))
        return None

    def _check_results(self, module: ModuleOp, expected: tuple[Array, ...] | None) -> None:
        if expected is None:
            return
        got = self._call(module, "the lowered module")
        if got is None:
            return
        for index, (a, b, fact) in enumerate(zip(got, expected, self.drawn.results, strict=True)):
            self.counts["results exact" if fact.is_exact else "results within a tolerance"] += 1
            text = difference(a, b, fact)
            if text is not None:
                where = self.pipeline.floor
                self.findings.append(Finding("result", where, f"result{index}: {text}"))


def unknown_ops(module: ModuleOp) -> str:
    """A line for each op that nobody knows: its name, attributes and types."""
    lines: list[str] = []
    for op in module.walk():
        if isinstance(op, UnregisteredOp):
            entries = {**op.attributes, **op.properties}
            listed = ", ".join(f"{name} = {value}" for name, value in sorted(entries.items()))
            types = [", ".join(str(v.type) for v in vs) for vs in (op.operands, op.results)]
            lines.append(f"{op.op_name.data} {{{listed}}} : ({types[0]}) -> ({types[1]})")
    return "\n".join(lines)


def generic_text(module: ModuleOp) -> str:
    """A module in MLIR's generic form."""
    stream = StringIO()
    Printer(stream, print_generic_format=True).print_op(module)
    return stream.getvalue()


def _first_difference(a: str, b: str) -> str:
    for line, other in zip(a.splitlines(), b.splitlines(), strict=False):
        if line != other:
            return f"expected {line.strip()[:120]!r}, got {other.strip()[:120]!r}"
    return "one ends before the other"
