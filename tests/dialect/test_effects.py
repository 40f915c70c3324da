"""What is pure is told by what ops are: their traits, their regions and what they call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from xdsl_ttnn.dialect.effects import Purity
from xdsl_ttnn.dialect.text.parsing import parse_module

ARGUMENTS = (
    "%x: tensor<4xf32>, %y: tensor<4xf32>, %i: tensor<4xi32>, %m: memref<4xf32>, %n: index, "
    "%k: i32, %c: i1"
)


def verdict(body: str, functions: str = "") -> bool:
    """Whether the last op of a function's body in front of its return is pure."""
    text = f"{functions}\nfunc.func @main({ARGUMENTS}) {{\n{body}\nfunc.return\n}}"
    module = parse_module(text)
    module.verify()
    (main,) = (op for op in module.walk() if is_named(op, "main"))
    *_, op, _ = main.body.block.ops
    return Purity(module).holds(op)


def is_named(op: Operation, name: str) -> bool:
    return isinstance(op, FuncOp) and op.sym_name.data == name


def loop(body: str, step: str = "1", kind: str = "constant") -> str:
    """A loop over a tensor that `body` changes from `%s` to `%t`."""
    constant = f"%step = arith.constant {step} : index" if kind == "constant" else ""
    name = "%step" if kind == "constant" else "%n"
    return f"""
      %zero = arith.constant 0 : index
      %four = arith.constant 4 : index
      {constant}
      %r = scf.for %j = %zero to %four step {name} iter_args(%s = %x) -> (tensor<4xf32>) {{
        {body}
        scf.yield %t : tensor<4xf32>
      }}"""


def generic(inputs: str, outputs: str, result: str) -> str:
    maps = ", ".join(["affine_map<(d0) -> (d0)>"] * 2)
    return f"""linalg.generic {{indexing_maps = [{maps}], iterator_types = ["parallel"]}}
        ins({inputs}) outs({outputs}) {{
      ^bb0(%a: f32, %b: f32):
        %e = arith.addf %a, %b : f32
        linalg.yield %e : f32
      }} {result}"""


TANH = '%t = "ttnn.tanh"(%s) : (tensor<4xf32>) -> tensor<4xf32>'
UNKNOWN = '%t = "foo.draw"(%s) : (tensor<4xf32>) -> tensor<4xf32>'

PURE = {
    "project": '%r = "ttnn.add"(%x, %y) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>',
    "arith": "%r = arith.addi %k, %k : i32",
    "undeclared in xdsl": "%r = arith.extsi %k : i32 to i64",
    "structured": f"%r = {generic('%x : tensor<4xf32>', '%y : tensor<4xf32>', '-> tensor<4xf32>')}",
    "region without effect": """
      %zero = arith.constant 0.0 : f32
      %r = tensor.pad %x low[1] high[1] {
      ^bb0(%j: index):
        tensor.yield %zero : f32
      } : tensor<4xf32> to tensor<6xf32>""",
    "loop": loop(TANH),
    "loop in steps": loop(TANH, step="3"),
    "branch": f"""
      %r = scf.if %c -> (tensor<4xf32>) {{
        {TANH.replace("%s", "%x")}
        scf.yield %t : tensor<4xf32>
      }} else {{
        scf.yield %y : tensor<4xf32>
      }}""",
    "division by a constant": "%two = arith.constant 2 : i32\n%r = arith.divsi %k, %two : i32",
}

IMPURE = {
    "unknown": '%r = "foo.draw"(%x) : (tensor<4xf32>) -> tensor<4xf32>',
    "unknown of a known dialect": '%r = "ttnn.rand"(%x) : (tensor<4xf32>) -> tensor<4xf32>',
    "unknown called like a known one": '%r = "scf_like.for"() : () -> tensor<4xf32>',
    "reads memory": "%r = memref.load %m[%n] : memref<4xf32>",
    "writes memory": "%f = arith.constant 1.0 : f32\nmemref.store %f, %m[%n] : memref<4xf32>",
    "allocates": "%r = memref.alloc() : memref<4xf32>",
    "structured on memory": generic("%m : memref<4xf32>", "%m : memref<4xf32>", ""),
    "loop around unknown": loop(UNKNOWN),
    "loop around a write": loop(
        f"{TANH}\n%f = arith.constant 1.0 : f32\nmemref.store %f, %m[%j] : memref<4xf32>"
    ),
    "loop in steps of nothing": loop(TANH, step="0"),
    "loop that counts down": loop(TANH, step="-1"),
    "loop in unknown steps": loop(TANH, kind="argument"),
    "loop past the last index": loop(TANH, step=str((1 << 63) - 1)),
    "may not end": """
      %r = scf.while (%s = %x) : (tensor<4xf32>) -> tensor<4xf32> {
        scf.condition(%c) %s : tensor<4xf32>
      } do {
      ^bb0(%t: tensor<4xf32>):
        scf.yield %t : tensor<4xf32>
      }""",
    "may divide by zero": "%r = arith.divsi %k, %k : i32",
    "unknown in a padding": """
      %r = tensor.pad %x low[1] high[1] {
      ^bb0(%j: index):
        %z = "foo.draw"() : () -> f32
        tensor.yield %z : f32
      } : tensor<4xf32> to tensor<6xf32>""",
}


@pytest.mark.parametrize("body", PURE.values(), ids=PURE.keys())
def test_pure(body: str) -> None:
    assert verdict(body)


@pytest.mark.parametrize("body", IMPURE.values(), ids=IMPURE.keys())
def test_not_pure(body: str) -> None:
    assert not verdict(body)


def function(name: str, body: str) -> str:
    return f"""func.func @{name}(%v: tensor<4xf32>) -> tensor<4xf32> {{
      {body}
    }}"""


def called(name: str, value: str) -> str:
    return f"%r = func.call @{name}({value}) : (tensor<4xf32>) -> tensor<4xf32>"


def cached(name: str, value: str) -> str:
    return f"%r = ttcore.load_cached(@{name}, [{value}]) : (tensor<4xf32>) -> tensor<4xf32>"


RETURN = "func.return %r : tensor<4xf32>"
CALLEES = {
    "pure": (True, function("f", PURE["project"].replace("%x, %y", "%v, %v") + RETURN)),
    "pure through another": (
        True,
        function("f", called("g", "%v") + RETURN)
        + function("g", 'func.return %v : tensor<4xf32>'),
    ),
    "unknown inside": (False, function("f", IMPURE["unknown"].replace("%x", "%v") + RETURN)),
    "unknown further down": (
        False,
        function("f", called("g", "%v") + RETURN)
        + function("g", IMPURE["unknown"].replace("%x", "%v") + RETURN),
    ),
    "declared": (False, "func.func private @f(tensor<4xf32>) -> tensor<4xf32>"),
    "recursive": (False, function("f", called("f", "%v") + RETURN)),
    "mutually recursive": (
        False,
        function("f", called("g", "%v") + RETURN) + function("g", called("f", "%v") + RETURN),
    ),
    "calls what is recursive": (
        False,
        function("f", called("g", "%v") + RETURN) + function("g", called("g", "%v") + RETURN),
    ),
    "several blocks": (
        False,
        function("f", "cf.br ^end\n^end:\nfunc.return %v : tensor<4xf32>"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("make", [called, cached])
@pytest.mark.parametrize(("expected", "functions"), CALLEES.values(), ids=CALLEES.keys())
def test_calls(expected: bool, functions: str, make: Callable[[str, str], str]) -> None:
    assert verdict(make("f", "%x"), functions) is expected


def test_calls_that_nest_deeply() -> None:
    """A chain of calls, each to the next function, is no reason to run out of stack."""
    depth = 1500
    chain = [function(f"f{i}", called(f"f{i + 1}", "%v") + RETURN) for i in range(depth)]
    last = function(f"f{depth}", "func.return %v : tensor<4xf32>")

    assert verdict(called("f0", "%x"), "\n".join((*chain, last)))
