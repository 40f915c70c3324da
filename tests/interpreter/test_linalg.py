"""Structured ops: each way of running them against scalar loops, and against NumPy."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program, run_one
from xdsl_ttnn.interpreter import emit_linalg, linalg_reduction

NARROW = {"bf16": ml_dtypes.bfloat16, "f16": np.float16}


def generic(
    maps: list[str],
    iterators: str,
    types: list[str],
    body: str,
    elements: list[str] | None = None,
    inputs: int | None = None,
) -> str:
    """A function of all operands of a generic; the last type is that of the output."""
    count = len(types) - 1 if inputs is None else inputs
    names = [f"%v{i}" for i in range(len(types))]
    elements = elements or [t.rstrip(">").split("x")[-1].removeprefix("tensor<") for t in types]
    words = {"p": '"parallel"', "r": '"reduction"'}
    (result,) = types[count:]
    block = ", ".join(f"%a{i}: {t}" for i, t in enumerate(elements))
    ins = f"ins({', '.join(names[:count])} : {', '.join(types[:count])})" if count else ""
    arguments = ", ".join(f"{n}: {t}" for n, t in zip(names, types, strict=True))
    return f"""
  func.func @main({arguments}) -> {result} {{
    %r = linalg.generic {{indexing_maps = [{", ".join(f"affine_map<{m}>" for m in maps)}],
        iterator_types = [{", ".join(words[i] for i in iterators)}]}}
        {ins} outs({names[count]} : {result}) {{
    ^bb0({block}):
      {body}
    }} -> {result}
    return %r : {result}
  }}"""


def run_both(ir: str, *args: Any, monkeypatch: pytest.MonkeyPatch, name: str = "main") -> Any:
    """The first result, after checking that scalar loops give the same and arguments stay."""
    before = [np.array(a) for a in args]
    fast_program = program(ir)
    fast = fast_program.call(name, args)
    assert "product(range" not in fast_program.source(name) or "d0" not in fast_program.source(name)
    with monkeypatch.context() as patch:
        patch.setattr(emit_linalg, "is_vectorisable", lambda body: False)
        slow = program(ir).call(name, args)
    for mine, theirs in zip(fast, slow, strict=True):
        assert mine.dtype == theirs.dtype
        assert mine.shape == theirs.shape
        assert mine.tolist() == theirs.tolist()
    for arg, old in zip(args, before, strict=True):
        assert np.asarray(arg).tolist() == old.tolist()
    return fast[0]


ADD = "%s = arith.addf %a0, %a1 : f32\n linalg.yield %s : f32"
MULTIPLY_ADD = """%p = arith.mulf %a0, %a1 : f32
      %s = arith.addf %a2, %p : f32
      linalg.yield %s : f32"""


def test_parallel_with_permuted_and_broadcast_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        ["(i, j, k) -> (k, i)", "(i, j, k) -> (j)", "(i, j, k) -> (i, j, k)"],
        "ppp",
        ["tensor<4x2xf32>", "tensor<3xf32>", "tensor<2x3x4xf32>"],
        ADD,
    )
    x, y = integers((4, 2), 1), integers((3,), 2)
    result = run_both(ir, x, y, integers((2, 3, 4)), monkeypatch=monkeypatch)
    assert result.tolist() == (x.T[:, None, :] + y[None, :, None]).tolist()


def test_parallel_into_a_permuted_output(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        ["(i, j) -> (i, j)", "(i, j) -> (j)", "(i, j) -> (j, i)"],
        "pp",
        ["tensor<2x3xf32>", "tensor<3xf32>", "tensor<3x2xf32>"],
        ADD,
    )
    x, y = integers((2, 3), 1), integers((3,), 2)
    result = run_both(ir, x, y, integers((3, 2)), monkeypatch=monkeypatch)
    assert result.tolist() == (x + y).T.tolist()


def test_parallel_into_part_of_an_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the destination stays."""
    ir = generic(
        ["(i, j) -> (i)", "(i, j) -> (j)", "(i, j) -> (j * 2 + 1, 1, i)"],
        "pp",
        ["tensor<2xf32>", "tensor<3xf32>", "tensor<7x3x2xf32>"],
        ADD,
    )
    x, y, z = integers((2,), 1), integers((3,), 2), integers((7, 3, 2), 3)
    result = run_both(ir, x, y, z, monkeypatch=monkeypatch)
    expected = z.copy()
    expected[1:7:2, 1] = x[None] + y[:, None]
    assert result.tolist() == expected.tolist()


def test_a_value_yielded_twice_gives_two_tensors() -> None:
    t = "tensor<2xf32>"
    ir = f"""
  func.func @main(%x: {t}) -> ({t}, {t}) {{
    %e = tensor.empty() : {t}
    %c0 = arith.constant 0 : index
    %f = arith.constant 9.0 : f32
    %r:2 = "linalg.generic"(%x, %e, %e) <{{
        indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
        iterator_types = [#linalg.iterator_type<parallel>],
        operandSegmentSizes = array<i32: 1, 2>}}> ({{
    ^bb0(%a: f32, %b: f32, %c: f32):
      %s = arith.addf %a, %a : f32
      linalg.yield %s, %s : f32, f32
    }}) : ({t}, {t}, {t}) -> ({t}, {t})
    %i = tensor.insert %f into %r#0[%c0] : {t}
    return %i, %r#1 : {t}, {t}
  }}"""
    changed, kept = program(ir).call("main", [np.ones(2, np.float32)])
    assert changed.tolist() == [9, 2]
    assert kept.tolist() == [2, 2]


def test_reversed_strided_and_shifted_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        ["(i) -> (-i + 4)", "(i) -> (i * 2 + 1)", "(i) -> (i)"],
        "p",
        ["tensor<5xf32>", "tensor<12xf32>", "tensor<5xf32>"],
        ADD,
    )
    x, y = integers((5,), 1), integers((12,), 2)
    result = run_both(ir, x, y, integers((5,)), monkeypatch=monkeypatch)
    assert result.tolist() == (x[::-1] + y[1:11:2]).tolist()


def test_diagonal_and_constant_indices(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        ["(i) -> (i, i)", "(i) -> (2, i)", "(i) -> (i)"],
        "p",
        ["tensor<3x3xf32>", "tensor<3x3xf32>", "tensor<3xf32>"],
        ADD,
    )
    x, y = integers((3, 3), 1), integers((3, 3), 2)
    result = run_both(ir, x, y, integers((3,)), monkeypatch=monkeypatch)
    assert result.tolist() == (x.diagonal() + y[2]).tolist()


def test_patches_of_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    """im2col: composite indices over parallel loops only."""
    ir = generic(
        [
            "(y, x, i, j) -> (y * 2 + i, x + j * 2)",
            "(y, x, i, j) -> (i, j)",
            "(y, x, i, j) -> (y, x, i, j)",
        ],
        "pppp",
        ["tensor<7x6xf32>", "tensor<3x2xf32>", "tensor<3x4x3x2xf32>"],
        "linalg.yield %a0 : f32",
    )
    image = integers((7, 6), 1)
    result = run_both(ir, image, integers((3, 2)), integers((3, 4, 3, 2)), monkeypatch=monkeypatch)
    for (y, x, i, j), value in np.ndenumerate(result):
        assert value == image[y * 2 + i, x + j * 2]


def test_a_yielded_input_is_copied() -> None:
    ir = generic(["(i) -> (i)"] * 2, "p", ["tensor<3xf32>"] * 2, "linalg.yield %a0 : f32")
    more = """%c0 = arith.constant 0 : index
    %k = arith.constant 99.0 : f32
    %q = tensor.insert %k into %r[%c0] : tensor<3xf32>
    return %q"""
    ir = ir.replace("return %r", more)
    x = integers((3,), 1)
    assert run_one(ir, x, integers((3,))).tolist() == [99, *x[1:]]
    assert x[0] != 99


def test_outputs_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(["(i) -> (i)"] * 2, "p", ["tensor<3xf32>"] * 2, ADD)
    x, y = integers((3,), 1), integers((3,), 2)
    assert run_both(ir, x, y, monkeypatch=monkeypatch).tolist() == (x + y).tolist()


def test_counters_and_captured_scalars(monkeypatch: pytest.MonkeyPatch) -> None:
    body = """%i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %k = arith.muli %i, %n : index
      %l = arith.addi %k, %j : index
      %m = arith.index_cast %l : index to i32
      linalg.yield %m : i32"""
    ir = generic(["(i, j) -> (i, j)"], "pp", ["tensor<2x3xi32>"], body, inputs=0).replace(
        "@main(", "@main(%n: index, "
    )
    out = np.zeros((2, 3), np.int32)
    result = run_both(ir, 10, out, monkeypatch=monkeypatch)
    assert result.tolist() == [[0, 1, 2], [10, 11, 12]]


def test_extract_in_a_body_gathers(monkeypatch: pytest.MonkeyPatch) -> None:
    body = """%i = linalg.index 0 : index
      %j = arith.index_cast %a0 : i32 to index
      %x = tensor.extract %t[%j, %i] : tensor<4x3xf32>
      linalg.yield %x : f32"""
    ir = generic(
        ["(i) -> (i)"] * 2, "p", ["tensor<3xi32>", "tensor<3xf32>"], body, ["i32", "f32"]
    ).replace("@main(", "@main(%t: tensor<4x3xf32>, ")
    table, rows, out = integers((4, 3), 1), np.array([3, 0, 2], np.int32), integers((3,))
    result = run_both(ir, table, rows, out, monkeypatch=monkeypatch)
    assert result.tolist() == [table[3, 0], table[0, 1], table[2, 2]]
    for wrong in (-1, 4):
        with pytest.raises(
            InterpretationError, match=r"test.mlir:.*'tensor.extract'.*out of bounds"
        ):
            run_one(ir, table, np.array([0, wrong, 0], np.int32), out)


def test_a_padding_value_by_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """select on a counter, the shape a masked tile takes."""
    body = """%i = linalg.index 0 : index
      %two = arith.constant 2 : index
      %zero = arith.constant 0.0 : f32
      %c = arith.cmpi ult, %i, %two : index
      %s = arith.select %c, %a0, %zero : f32
      linalg.yield %s : f32"""
    ir = generic(["(i) -> (i)"] * 2, "p", ["tensor<4xf32>"] * 2, body)
    x = integers((4,), 1)
    result = run_both(ir, x, integers((4,)), monkeypatch=monkeypatch)
    assert result.tolist() == [x[0], x[1], 0, 0]


# Reductions --------------------------------------------------------------------------------------


CONTRACTIONS = {
    "mk,kn->mn": ("(m, k)", "(k, n)", "(m, n)", ((2, 4), (4, 3), (2, 3))),
    "mk,nk->mn": ("(m, k)", "(n, k)", "(m, n)", ((2, 4), (3, 4), (2, 3))),
    "km,kn->nm": ("(k, m)", "(k, n)", "(n, m)", ((4, 2), (4, 3), (3, 2))),
    "nk,k->n": ("(n, k)", "(k)", "(m, n)", ((3, 4), (4,), (2, 3))),
    "mk,k->m": ("(m, k)", "(k)", "(m, n)", ((2, 4), (4,), (2, 3))),
}


@pytest.mark.parametrize("spec", CONTRACTIONS)
def test_contractions(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    *results, shapes = CONTRACTIONS[spec]
    types = [f"tensor<{'x'.join(map(str, shape))}xf32>" for shape in shapes]
    x, y, z = (integers(shape, seed) for seed, shape in enumerate(shapes))
    maps = [f"(m, n, k) -> {result}" for result in results]
    result = run_both(generic(maps, "ppr", types, MULTIPLY_ADD), x, y, z, monkeypatch=monkeypatch)
    product = np.einsum(spec, x, y)
    if spec == "mk,k->m":
        product = product[:, None]
    assert result.tolist() == (product + z).tolist()


def test_a_batched_contraction_with_a_private_dimension(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        [f"(b, m, n, k, l) -> {results}" for results in ("(b, m, k, l)", "(k, b, n)", "(m, b, n)")],
        "ppprr",
        ["tensor<2x3x4x5xf32>", "tensor<4x2x6xf32>", "tensor<3x2x6xf32>"],
        MULTIPLY_ADD,
    )
    x, y, z = integers((2, 3, 4, 5), 1), integers((4, 2, 6), 2), integers((3, 2, 6), 3)
    result = run_both(ir, x, y, z, monkeypatch=monkeypatch)
    assert result.tolist() == (np.einsum("bmkl,kbn->mbn", x, y) + z).tolist()


def test_a_convolution_with_composite_indices(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        [
            "(y, x, o, i, j, c) -> (y * 2 + i, x + j * 2, c)",
            "(y, x, o, i, j, c) -> (i, j, c, o)",
            "(y, x, o, i, j, c) -> (y, x, o)",
        ],
        "ppprrr",
        ["tensor<7x6x3xf32>", "tensor<3x2x3x2xf32>", "tensor<3x4x2xf32>"],
        MULTIPLY_ADD,
    )
    x, w, out = integers((7, 6, 3), 1), integers((3, 2, 3, 2), 2), integers((3, 4, 2), 3)
    result = run_both(ir, x, w, out, monkeypatch=monkeypatch)
    expected = out.copy()
    for i in range(3):
        for j in range(2):
            expected += x[i : i + 5 : 2, j * 2 : j * 2 + 4] @ w[i, j]
    assert result.tolist() == expected.tolist()
    found = program(ir)
    found.call("main", [x, w, out])
    assert "product(range(3), range(2))" in found.source("main")  # never all patches at once


COMBINERS = {
    "addf": ("f32", np.add.reduce),
    "mulf": ("f32", np.multiply.reduce),
    "maximumf": ("f32", np.maximum.reduce),
    "minimumf": ("f32", np.minimum.reduce),
    "maxnumf": ("f32", np.fmax.reduce),
    "minnumf": ("f32", np.fmin.reduce),
    "addi": ("i8", np.add.reduce),
    "muli": ("i8", np.multiply.reduce),
    "maxsi": ("i8", np.maximum.reduce),
    "minsi": ("i8", np.minimum.reduce),
    "andi": ("i8", np.bitwise_and.reduce),
    "ori": ("i8", np.bitwise_or.reduce),
    "xori": ("i8", np.bitwise_xor.reduce),
}


@pytest.mark.parametrize("name", COMBINERS)
def test_reduce(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    type_, reduce = COMBINERS[name]
    out = f"tensor<3x{type_}>"
    ir = f"""
  func.func @main(%x: tensor<2x3x4x{type_}>, %z: {out}) -> {out} {{
    %r = linalg.reduce ins(%x: tensor<2x3x4x{type_}>) outs(%z: {out}) dimensions = [0, 2]
    (%a: {type_}, %b: {type_}) {{
      %s = arith.{name} %a, %b : {type_}
      linalg.yield %s : {type_}
    }}
    return %r : {out}
  }}"""
    dtype = np.float32 if type_ == "f32" else np.int8
    x, z = integers((2, 3, 4), 1, dtype), integers((3,), 2, dtype)
    result = run_both(ir, x, z, monkeypatch=monkeypatch)
    columns = np.concatenate([x.transpose(0, 2, 1).reshape(8, 3), z[None]])
    assert result.tolist() == reduce(columns, axis=0, dtype=dtype).tolist()


def test_a_reduction_of_an_expression_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """sum of (x - y)^2, with temporaries small enough that loops must be run in Python."""
    body = """%d = arith.subf %a0, %a1 : f32
      %q = arith.mulf %d, %d : f32
      %s = arith.addf %q, %a2 : f32
      linalg.yield %s : f32"""
    maps = ["(i, j, k) -> (j, i, k)", "(i, j, k) -> (k)", "(i, j, k) -> (i)"]
    ir = generic(maps, "prr", ["tensor<3x2x4xf32>", "tensor<4xf32>", "tensor<2xf32>"], body)
    x, y, z = integers((3, 2, 4), 1), integers((4,), 2), integers((2,), 3)
    expected = (((x - y) ** 2).sum((0, 2)) + z).tolist()
    for limit in (1, 9, 1000):
        monkeypatch.setattr(linalg_reduction, "CHUNK_ELEMENTS", limit)
        assert run_both(ir, x, y, z, monkeypatch=monkeypatch).tolist() == expected


def test_a_term_that_lacks_a_reduced_loop_counts_once_an_iteration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ir = generic(
        ["(i, j) -> (i)", "(i, j) -> (j)", "(i, j) -> (i)"],
        "pr",
        ["tensor<2xf32>", "tensor<5xf32>", "tensor<2xf32>"],
        "%s = arith.addf %a0, %a2 : f32\n linalg.yield %s : f32",
    )
    x, z = np.array([1, 2], np.float32), integers((2,), 2)
    result = run_both(ir, x, integers((5,)), z, monkeypatch=monkeypatch)
    assert result.tolist() == (5 * x + z).tolist()


def test_what_no_array_form_fits_runs_as_loops() -> None:
    """Two outputs that depend on each other (argmax): correct, one element after the other."""
    body = """%i = linalg.index 0 : index
      %n = arith.index_cast %i : index to i32
      %c = arith.cmpf ogt, %a0, %a1 : f32
      %best = arith.select %c, %a0, %a1 : f32
      %where = arith.select %c, %n, %a2 : i32
      linalg.yield %best, %where : f32, i32"""
    ir = f"""
  func.func @main(%x: tensor<5xf32>, %a: tensor<f32>, %b: tensor<i32>)
      -> (tensor<f32>, tensor<i32>) {{
    %r:2 = "linalg.generic"(%x, %a, %b) <{{
        indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> ()>],
        iterator_types = [#linalg.iterator_type<reduction>],
        operandSegmentSizes = array<i32: 1, 2>}}> ({{
    ^bb0(%a0: f32, %a1: f32, %a2: i32):
      {body}
    }}) : (tensor<5xf32>, tensor<f32>, tensor<i32>) -> (tensor<f32>, tensor<i32>)
    return %r#0, %r#1 : tensor<f32>, tensor<i32>
  }}"""
    x = np.array([1, 7, 3, 7, 2], np.float32)
    best, where = program(ir).call("main", [x, np.float32(-9), np.int32(-1)])
    assert (float(best), int(where)) == (7, 1)


def test_indices_that_divide_run_as_loops() -> None:
    ir = generic(
        ["(i) -> (i floordiv 2)", "(i) -> (i mod 3)", "(i) -> (i)"],
        "p",
        ["tensor<3xf32>", "tensor<3xf32>", "tensor<6xf32>"],
        ADD,
    )
    x, y = integers((3,), 1), integers((3,), 2)
    assert run_one(ir, x, y, integers((6,))).tolist() == (np.repeat(x, 2) + np.tile(y, 2)).tolist()


def test_control_flow_in_a_body_runs_as_loops() -> None:
    body = """%zero = arith.constant 0.0 : f32
      %c = arith.cmpf olt, %a0, %zero : f32
      %s = scf.if %c -> (f32) {
        %n = arith.negf %a0 : f32
        scf.yield %n : f32
      } else {
        scf.yield %a0 : f32
      }
      linalg.yield %s : f32"""
    ir = generic(["(i) -> (i)"] * 2, "p", ["tensor<4xf32>"] * 2, body)
    x = integers((4,), 1)
    assert run_one(ir, x, integers((4,))).tolist() == np.abs(x).tolist()


# Element types -----------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", NARROW)
def test_narrow_operands_widen_into_f32_sums(type_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"""%x = arith.extf %a0 : {type_} to f32
      %y = arith.extf %a1 : {type_} to f32
      %p = arith.mulf %x, %y : f32
      %s = arith.addf %a2, %p : f32
      linalg.yield %s : f32"""
    maps = ["(m, n, k) -> (m, k)", "(m, n, k) -> (k, n)", "(m, n, k) -> (m, n)"]
    ir = generic(
        maps, "ppr", [f"tensor<2x4x{type_}>", f"tensor<4x3x{type_}>", "tensor<2x3xf32>"], body
    )
    x, y, z = (
        integers((2, 4), 1, NARROW[type_]),
        integers((4, 3), 2, NARROW[type_]),
        integers((2, 3), 3),
    )
    result = run_both(ir, x, y, z, monkeypatch=monkeypatch)
    assert result.dtype == np.float32


def test_bf16_bodies_round_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    body = """%p = arith.mulf %a0, %a1 : bf16
      %s = arith.addf %p, %a1 : bf16
      linalg.yield %s : bf16"""
    ir = generic(["(i) -> (i)"] * 3, "p", ["tensor<64xbf16>"] * 3, body)
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal(64).astype(ml_dtypes.bfloat16) for _ in range(2))
    result = run_both(ir, x, y, x, monkeypatch=monkeypatch)
    unrounded = (x.astype(np.float32) * y.astype(np.float32) + y.astype(np.float32)).astype(x.dtype)
    assert result.tolist() != unrounded.tolist()


@pytest.mark.parametrize("type_", NARROW)
def test_named_matmul_of_narrow_floats_sums_in_f32(type_: str) -> None:
    a, b, c = (f"tensor<{shape}x{type_}>" for shape in ("4x300", "300x4", "4x4"))
    ir = f"""
  func.func @main(%a: {a}, %b: {b}, %c: {c}) -> {c} {{
    %r = linalg.matmul ins(%a, %b : {a}, {b}) outs(%c : {c}) -> {c}
    return %r : {c}
  }}"""
    dtype = NARROW[type_]
    ones = np.ones((4, 300), dtype)
    result = run_one(ir, ones, ones.T.copy(), np.zeros((4, 4), dtype))
    assert result.dtype == dtype
    assert (
        result.astype(np.float32).tolist()
        == np.full((4, 4), dtype(300)).astype(np.float32).tolist()
    )


@pytest.mark.parametrize("extension, sign", [("extsi", 1), ("extui", -1)])
def test_integer_contractions_widen_and_wrap(
    extension: str, sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"""%x = arith.{extension} %a0 : i8 to i32
      %y = arith.{extension} %a1 : i8 to i32
      %p = arith.muli %x, %y : i32
      %s = arith.addi %a2, %p : i32
      linalg.yield %s : i32"""
    maps = ["(m, n, k) -> (m, k)", "(m, n, k) -> (k, n)", "(m, n, k) -> (m, n)"]
    ir = generic(maps, "ppr", ["tensor<2x4xi8>", "tensor<4x3xi8>", "tensor<2x3xi32>"], body)
    x = np.full((2, 4), -3, np.int8)
    y = np.full((4, 3), 5, np.int8)
    z = np.full((2, 3), 2**31 - 1, np.int32)
    result = run_both(ir, x, y, z, monkeypatch=monkeypatch)
    product = 4 * (-15 if sign > 0 else 253 * 5)
    assert result[0, 0] == (2**31 - 1 + product + 2**31) % 2**32 - 2**31


def test_integer_matmul_is_exact_where_f64_is_not() -> None:
    t = "tensor<2x2xi64>"
    ir = f"""
  func.func @main(%a: {t}, %b: {t}, %c: {t}) -> {t} {{
    %r = linalg.matmul ins(%a, %b : {t}, {t}) outs(%c : {t}) -> {t}
    return %r : {t}
  }}"""
    a = np.array([[2**40 + 1, 3], [1, 2**62]], np.int64)
    result = run_one(ir, a, a, np.ones((2, 2), np.int64))
    exact = a.astype(object) @ a.astype(object) + 1
    assert result.tolist() == [[(v + 2**63) % 2**64 - 2**63 for v in row] for row in exact]


# Named ops ---------------------------------------------------------------------------------------

CONVOLUTIONS = {
    "conv_2d_nhwc_hwcf": ("nhwc", "hwcf", "nhwf"),
    "conv_2d_nhwc_fhwc": ("nhwc", "fhwc", "nhwf"),
    "conv_2d_nchw_fchw": ("nchw", "fchw", "nfhw"),
    "conv_2d_nhwgc_gfhwc": ("nhwgc", "gfhwc", "nhwgf"),
    "conv_2d_ngchw_fgchw": ("ngchw", "fgchw", "ngfhw"),
    "conv_2d_ngchw_gfchw": ("ngchw", "gfchw", "ngfhw"),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_named_convolutions(name: str) -> None:
    layouts = CONVOLUTIONS[name]
    sizes = [
        {"n": 2, "h": 7, "w": 6, "c": 3, "g": 2},
        {"h": 3, "w": 2, "c": 3, "f": 4, "g": 2},
        {"n": 2, "h": 3, "w": 4, "f": 4, "g": 2},
    ]
    shapes = [tuple(s[d] for d in layout) for s, layout in zip(sizes, layouts, strict=True)]
    types = [f"tensor<{'x'.join(map(str, shape))}xf32>" for shape in shapes]
    ir = f"""
  func.func @main(%x: {types[0]}, %w: {types[1]}, %o: {types[2]}) -> {types[2]} {{
    %r = linalg.{name}
      {{strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[1, 2]> : tensor<2xi64>}}
      ins(%x, %w : {types[0]}, {types[1]}) outs(%o : {types[2]}) -> {types[2]}
    return %r : {types[2]}
  }}"""
    x, w, out = (integers(shape, seed) for seed, shape in enumerate(shapes))
    expected = out.copy()
    g = "g" if "g" in layouts[0] else ""
    order_x, order_w = f"nhw{g}c", f"hw{g}cf"
    image = np.einsum(f"{layouts[0]}->{order_x}", x)
    kernel = np.einsum(f"{layouts[1]}->{order_w}", w)
    for i in range(3):
        for j in range(2):
            part = image[:, i : i + 5 : 2, j * 2 : j * 2 + 4]
            expected += np.einsum(f"nhw{g}c,{g}cf->{layouts[2]}", part, kernel[i, j])
    assert run_one(ir, x, w, out).tolist() == expected.tolist()


def test_pooling(monkeypatch: pytest.MonkeyPatch) -> None:
    t, out = "tensor<1x2x4x4xf32>", "tensor<1x2x2x2xf32>"
    ir = f"""
  func.func @main(%x: {t}, %w: tensor<2x2xf32>, %o: {out}) -> {out} {{
    %r = linalg.pooling_nchw_max
      {{strides = dense<2> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}}
      ins(%x, %w : {t}, tensor<2x2xf32>) outs(%o : {out}) -> {out}
    return %r : {out}
  }}"""
    x, low = integers((1, 2, 4, 4), 1), np.full((1, 2, 2, 2), -9, np.float32)
    expected = x.reshape(1, 2, 2, 2, 2, 2).max((3, 5))
    result = run_both(ir, x, integers((2, 2)), low, monkeypatch=monkeypatch)
    assert result.tolist() == expected.tolist()


def test_elementwise_named_ops() -> None:
    t = "tensor<3xf32>"
    x, y = np.array([1, 4, 9], np.float32), np.array([2, 2, 10], np.float32)
    cases: dict[str, Any] = {
        "add": x + y,
        "sub": x - y,
        "mul": x * y,
        "max": np.maximum(x, y),
        "min": np.minimum(x, y),
    }
    for name, expected in cases.items():
        ir = f"""
  func.func @main(%a: {t}, %b: {t}, %o: {t}) -> {t} {{
    %r = linalg.{name} ins(%a, %b : {t}, {t}) outs(%o : {t}) -> {t}
    return %r : {t}
  }}"""
        assert run_one(ir, x, y, y).tolist() == expected.tolist()
    for name, function in {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}.items():
        ir = f"""
  func.func @main(%a: {t}, %o: {t}) -> {t} {{
    %r = linalg.{name} ins(%a : {t}) outs(%o : {t}) -> {t}
    return %r : {t}
  }}"""
        assert run_one(ir, x, y).tolist() == function(x).tolist()


def test_fill_copy_transpose_and_broadcast() -> None:
    ir = """
  func.func @main(%x: tensor<2x3xf32>, %f: f32)
      -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<3x2xf32>, tensor<2x4x3xf32>) {
    %e = tensor.empty() : tensor<2x3xf32>
    %0 = linalg.fill ins(%f : f32) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
    %1 = linalg.copy ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
    %t = tensor.empty() : tensor<3x2xf32>
    %2 = linalg.transpose ins(%x: tensor<2x3xf32>) outs(%t: tensor<3x2xf32>) permutation = [1, 0]
    %b = tensor.empty() : tensor<2x4x3xf32>
    %3 = linalg.broadcast ins(%x: tensor<2x3xf32>) outs(%b: tensor<2x4x3xf32>) dimensions = [1]
    return %0, %1, %2, %3 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<3x2xf32>, tensor<2x4x3xf32>
  }"""
    x = integers((2, 3), 1)
    filled, copied, turned, spread = program(ir).call("main", [x, 2.5])
    assert filled.tolist() == [[2.5] * 3] * 2
    assert copied.tolist() == x.tolist()
    assert turned.tolist() == x.T.tolist()
    assert spread.tolist() == np.repeat(x[:, None], 4, 1).tolist()


def test_structured_ops_write_into_memrefs() -> None:
    ir = """
  func.func @main(%a: memref<2x3xf32>, %b: memref<3x2xf32>,
                  %c: memref<2x2xf32>, %d: memref<2xf32>) {
    linalg.matmul ins(%a, %b : memref<2x3xf32>, memref<3x2xf32>) outs(%c : memref<2x2xf32>)
    linalg.add ins(%c, %c : memref<2x2xf32>, memref<2x2xf32>) outs(%c : memref<2x2xf32>)
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%c : memref<2x2xf32>) outs(%d : memref<2xf32>) {
    ^bb0(%x: f32, %y: f32):
      %s = arith.maximumf %x, %y : f32
      linalg.yield %s : f32
    }
    return
  }"""
    a, b = integers((2, 3), 1), integers((3, 2), 2)
    c, d = integers((2, 2), 3), np.zeros(2, np.float32)
    expected = 2 * (c + a @ b)
    assert program(ir).call("main", [a, b, c, d]) == ()
    assert c.tolist() == expected.tolist()
    assert d.tolist() == np.maximum(expected.max(1), 0).tolist()


# Sizes -------------------------------------------------------------------------------------------


def test_dynamic_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    ir = generic(
        ["(y, x, i) -> (y + i, x)", "(y, x, i) -> (i)", "(y, x, i) -> (y, x)"],
        "ppr",
        ["tensor<?x?xf32>", "tensor<?xf32>", "tensor<?x3xf32>"],
        MULTIPLY_ADD,
    )
    x, w, z = integers((5, 3), 1), integers((2,), 2), integers((4, 3), 3)
    result = run_both(ir, x, w, z, monkeypatch=monkeypatch)
    assert result.tolist() == (x[:4] * w[0] + x[1:] * w[1] + z).tolist()
    with pytest.raises(InterpretationError, match=r"'linalg.generic': out of bounds in operand 0"):
        run_one(ir, x[:4], w, z)
    with pytest.raises(InterpretationError, match=r"operand 0, dimension 1: expected 3, got 2"):
        run_one(ir, x[:, :2], w, z)


def test_empty_iteration_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    maps = ["(m, n, k) -> (m, k)", "(m, n, k) -> (k, n)", "(m, n, k) -> (m, n)"]
    for m, n, k in ((0, 3, 4), (2, 3, 0), (2, 0, 4)):
        types = [f"tensor<{m}x{k}xf32>", f"tensor<{k}x{n}xf32>", f"tensor<{m}x{n}xf32>"]
        z = integers((m, n), 1)
        ir = generic(maps, "ppr", types, MULTIPLY_ADD)
        result = run_both(ir, integers((m, k)), integers((k, n)), z, monkeypatch=monkeypatch)
        assert result.tolist() == z.tolist()
