"""Random modules as a fuzzer: a case is a module and a pipeline, drawn from a seed."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from random import Random

import numpy as np

from ...dialect import ttnn
from ...dialect.numpy_types import BFLOAT16
from .module_check import Check
from .modules import RandomModule, draw_module
from .outcomes import Outcome
from .pipelines import Pipeline, draw_pipeline
from .structure import context


def draw_case(random: Random) -> tuple[RandomModule, Pipeline]:
    """A module, and what is done to it."""
    drawn = draw_module(random)
    return drawn, draw_pipeline(random, drawn)


def check_case(drawn: RandomModule, pipeline: Pipeline) -> Outcome:
    """Check one, and count what it was made of."""
    outcome = Check(drawn, pipeline, context=context()).run()
    outcome.counts += counted(drawn, pipeline)
    if outcome.findings:
        outcome.files = case_files(drawn, pipeline)
    return outcome


class ModuleFuzzer:
    """Cases by number."""

    name = "modules"
    cpu_seconds = 60

    def check(self, seed: int, case: int) -> Outcome:
        """Draw a case and check it."""
        return check_case(*draw_case(_random(seed, case)))

    def files(self, seed: int, case: int) -> dict[str, bytes]:
        """The module, its inputs and its pipeline."""
        return case_files(*draw_case(_random(seed, case)))


def _random(seed: int, case: int) -> Random:
    return Random(f"{seed}:{case}")


def counted(drawn: RandomModule, pipeline: Pipeline) -> Counter[str]:
    """What was drawn: passes, floor, ops, and strategies where they have something to decompose."""
    counts = Counter([f"floor {pipeline.floor}"])
    ops = list(drawn.module.walk())
    counts.update(f"op {op.name}" for op in ops)
    counts.update(f"pass {step.name}" for step in pipeline.steps)
    if drawn.door is not None:
        counts[f"door {drawn.door}"] += 1
    if any(isinstance(op, ttnn.ConvTranspose2dOp) for op in ops):
        strategies = {step.option("strategy") for step in pipeline.steps} - {None}
        counts.update(f"strategy {strategy}" for strategy in strategies)
        modes = {step.option("conv") for step in pipeline.steps} - {None}
        counts.update(f"conv {mode}" for mode in modes)
    return counts


def case_files(drawn: RandomModule, pipeline: Pipeline) -> dict[str, bytes]:
    """What it takes to see a finding with the command lines alone."""
    commands = [
        f"ttnn-opt module.mlir -p '{pipeline}'",
        f"ttnn-run module.mlir --entry '{drawn.entry}' --inputs inputs.npz --passes '{pipeline}'"
        " --check",
    ]
    return {
        "module.mlir": str(drawn.module).encode() + b"\n",
        "pipeline.txt": f"{pipeline}\n".encode(),
        "inputs.npz": _archive(drawn),
        "command.sh": "".join(f"{command}\n" for command in commands).encode(),
    }


def _archive(drawn: RandomModule) -> bytes:
    """The arrays as `ttnn-run --inputs` reads them."""
    stream = BytesIO()
    arrays = {
        f"arg{index}" + ".bf16" * (array.dtype == BFLOAT16): (
            array.view(np.uint16) if array.dtype == BFLOAT16 else array
        )
        for index, array in enumerate(array for array in drawn.arrays if array is not None)
    }
    np.savez(stream, **arrays)  # pyright: ignore[reportArgumentType]
    return stream.getvalue()
