"""Running IR text in the interpreter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xdsl_ttnn.dialect.parsing import parse_module
from xdsl_ttnn.interpreter import Program, compile_module


def program(ir: str, **options: Any) -> Program:
    """The program of a module given as text; its locations say `test.mlir`."""
    return compile_module(parse_module(ir, "test.mlir"), **options)


def run(ir: str, *args: Any, name: str = "main", **options: Any) -> tuple[NDArray[Any], ...]:
    """All results of one function."""
    return program(ir, **options).call(name, args)


def run_one(ir: str, *args: Any, name: str = "main", **options: Any) -> Any:
    """The only result of one function; a scalar comes as a Python number."""
    (result,) = run(ir, *args, name=name, **options)
    return result if result.ndim else result.item()


def integers(shape: tuple[int, ...], seed: int = 0, dtype: Any = np.float32) -> NDArray[Any]:
    """Small whole numbers, on which float arithmetic is exact."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(dtype)
