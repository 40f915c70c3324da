"""Running a function at the floors that the project lowers it to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from xdsl_ttnn.dialect.text.context import make_context
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.verify_module import verify_module
from xdsl_ttnn.frontend.pipelines import build_pipeline, project_passes
from xdsl_ttnn.interpreter import compile_module

FLOORS: Mapping[str, str] = {
    "ttnn": "",
    "decomposed": "ttnn-to-decomposed{strategy=zero-insert}",
    "linalg": "ttnn-to-linalg{strategy=zero-insert}",
    "loops": "ttnn-to-loops{strategy=zero-insert}",
    "loops-ragged": "ttnn-to-loops{strategy=zero-insert tile-m=7 tile-n=5 tile-k=3}",
    "loops-im2col": "ttnn-to-loops{strategy=zero-insert conv=im2col}",
    "loops-im2col-ragged": (
        "ttnn-to-loops{strategy=zero-insert conv=im2col tile-m=7 tile-n=5 tile-k=3}"
    ),
}
"""The pipeline of each floor, and of each way to reach the loops that differs in kind."""

LOWERED_FLOORS = tuple(floor for floor in FLOORS if floor != "ttnn")

Array = NDArray[Any]


@cache
def context() -> Context:
    """A context with the project's dialects."""
    return make_context()


def parsed(ir: str) -> ModuleOp:
    """A verified module from text; its locations say `test.mlir`."""
    module = parse_module(ir, "test.mlir", context())
    verify_module(module)
    return module


def lowered(module: str | ModuleOp, pipeline: str) -> ModuleOp:
    """A copy of a module after the passes of a pipeline, verified after each."""
    result = parsed(module) if isinstance(module, str) else module.clone()
    for step in build_pipeline(pipeline, project_passes()):
        step.apply(context(), result)
        verify_module(result)
    return result


def run_after(
    module: str | ModuleOp, pipeline: str, arrays: Mapping[str, Array], name: str = "main"
) -> Array:
    """The only result of a function after a pipeline, called with arrays in their order."""
    (result,) = compile_module(lowered(module, pipeline)).call(name, list(arrays.values()))
    return result


def run_at(
    module: str | ModuleOp, floor: str, arrays: Mapping[str, Array], name: str = "main"
) -> Array:
    """The only result of a function at a floor of FLOORS."""
    return run_after(module, FLOORS[floor], arrays, name)


def with_larger_tiles(pipeline: str) -> str:
    """A pipeline whose 7x5x3 tiles are 29x19x13 instead, for cases of more than a few tiles."""
    return pipeline.replace("tile-m=7 tile-n=5 tile-k=3", "tile-m=29 tile-n=19 tile-k=13")


def assert_equal_bits(actual: Array, expected: Array, what: str = "") -> None:
    """Same type, shape and bits; a difference is shown by the first element that has one."""
    assert actual.dtype == expected.dtype, what
    assert actual.shape == expected.shape, what
    differs = ~((actual == expected) | ((actual != actual) & (expected != expected)))
    if differs.any():
        place = tuple(int(index) for index in np.argwhere(differs)[0])
        raise AssertionError(
            f"{what}: {int(differs.sum())} of {actual.size} elements differ, the first at {place}: "
            f"expected {expected[place]}, got {actual[place]}"
        )
