"""Whether a pipeline does to a module what every pipeline must.

After each pass the module verifies, and the same pass of this project once more changes nothing.
What comes out gives the results of the untouched module run at floor ttnn, and prints, custom and
generic, what parses to the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.printer import Printer
from xdsl.utils.exceptions import InterpretationError, PassFailedException, VerifyException

from ...dialect.parsing import parse_module
from ...dialect.verify_module import verify_module
from ...frontend.entry import find_entry
from ...frontend.pipelines import all_passes, build_pipeline
from ...interpreter.dtypes import Array, is_float
from ...interpreter.program import compile_module
from ...lowering.hoist_weight_preparation import prepared_by
from ...passes.parameters import parameter_indices
from ...passes.remarks import collect_remarks
from .facts import Fact
from .modules import RandomModule
from .outcomes import Finding, Outcome, crash
from .pipelines import FOREIGN, Pipeline
from .refusals import reason_of
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
    prepared: tuple[int, ...] | None = None
    """Which arguments of the entry another function prepares, since weights were hoisted."""

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
        expected = self._call(module, "the untouched module") if self.drawn.runs else None
        lowered = module.clone()
        try:
            for step in build_pipeline(str(self.pipeline), all_passes()):
                self._apply(step, lowered)
        except Refused:
            return
        self._check_text(lowered, "the lowered module", not self.pipeline.prints_generic)
        self._check_results(lowered, expected)

    # Passes ----------------------------------------------------------------------------------

    def _apply(self, step: ModulePass, module: ModuleOp) -> None:
        """One pass: it verifies, and it is done. Raises: Refused, also after a finding."""
        entry = find_entry(module, self.drawn.entry)
        indices = parameter_indices(entry)
        was_prepared = prepared_by(entry) is not None
        self._once(step, module, step.name)
        if prepared_by(find_entry(module, self.drawn.entry)) is not None and not was_prepared:
            self.prepared = indices
        if step.name in FOREIGN:
            # xDSL's (and MLIR's) erase what is dead one layer at a time.
            return
        again = module.clone()
        self._once(step, again, f"{step.name} once more")
        if not module.is_structurally_equivalent(again):
            detail = f"{module!s}\n// once more:\n{again!s}\n"
            text = "expected no change by a second run"
            self.findings.append(Finding("idempotence", step.name, text, detail))

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
        refuses = "matmul" in strategies and not self.drawn.matmul_takes_all
        matmul = {"strategy matmul"} if refuses else set[str]()
        return {*self.drawn.reasons, *matmul}

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

    # Results ---------------------------------------------------------------------------------

    def _call(self, module: ModuleOp, what: str) -> tuple[Array, ...] | None:
        """The results of the entry; None where they cannot be, which is a finding or not."""
        entry = find_entry(module, self.drawn.entry)
        name, prepare = entry.sym_name.data, prepared_by(entry)
        try:
            program = compile_module(module)
            arrays: list[Any] = list(self.drawn.arrays)
            if self.prepared is not None:
                weights = [arrays[index] for index in self.prepared]
                assert prepare is not None
                made = program.call(prepare, weights)
                kept = [a for index, a in enumerate(arrays) if index not in self.prepared]
                arrays = [*kept, *made]
            return program.call(name, arrays)
        except InterpretationError as error:
            reason = reason_of(str(error), self.drawn.reasons)
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


def difference(got: Array, want: Array, fact: Fact) -> str | None:
    """Why a result is not the expected one; None where it is, as far as facts bind it."""
    if got.dtype != want.dtype or got.shape != want.shape:
        return f"expected {want.dtype}{want.shape}, got {got.dtype}{got.shape}"
    if not is_float(got.dtype) or fact.is_exact:
        right = (got == want) | ((got != got) & (want != want))
    else:
        a, b = got.astype(np.float64), want.astype(np.float64)
        with np.errstate(all="ignore"):
            right = (np.abs(a - b) <= fact.error) | (a == b) | (np.isnan(a) & np.isnan(b))
    if right.all():
        return None
    place = tuple(int(i) for i in np.argwhere(~right)[0])
    bound = "" if fact.is_exact else f" within {fact.error:.3g}"
    wrong = int((~right).sum())
    return (
        f"{wrong} of {got.size} elements: "
        f"expected {want[place]}{bound} at {place}, got {got[place]}"
    )


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
