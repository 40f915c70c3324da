"""Running IR text in the interpreter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xdsl_ttnn.dialect.text.parsing import parse_module
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


def functions(name: str, type_: str, result: str, text: str) -> str:
    """One op on scalars, on tensors where xDSL has that, and in the body of a generic.

    `text` has {t} for the type of the operands and {r} for that of the result.
    """
    tensor, out = f"tensor<3x{type_}>", f"tensor<3x{result}>"
    scalar = text.format(t=type_, r=result)
    array = text.format(t=tensor, r=out)
    on_tensors = f"""
  func.func @{name}_tensor(%a: {tensor}, %b: {tensor}) -> {out} {{
    %r = {array}
    return %r : {out}
  }}"""
    return f"""
  func.func @{name}_scalar(%a: {type_}, %b: {type_}) -> {result} {{
    %r = {scalar}
    return %r : {result}
  }}{on_tensors if type_ == result and "cmp" not in text else ""}
  func.func @{name}_generic(%x: {tensor}, %y: {tensor}) -> {out} {{
    %e = tensor.empty() : {out}
    %g = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>,
        affine_map<(i) -> (i)>], iterator_types = ["parallel"]}}
        ins(%x, %y : {tensor}, {tensor}) outs(%e : {out}) {{
    ^bb0(%a: {type_}, %b: {type_}, %o: {result}):
      %r = {scalar}
      linalg.yield %r : {result}
    }} -> {out}
    return %g : {out}
  }}"""
