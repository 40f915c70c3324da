"""The tensor dialect: shapes, slices and padding, static and dynamic, inside bounds and out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program, run, run_one
from support.ir import tensor

X = integers((4, 5, 6), 1)
T = "tensor<4x5x6xf32>"


def unary(text: str, result: str, source: str = T, more: str = "") -> str:
    """A function of one tensor; `text` is an op from %x to %r."""
    return f"""
  func.func @main(%x: {source}{more}) -> {result} {{
    {text}
    return %r : {result}
  }}"""


def test_static_slices() -> None:
    ir = unary(
        f"%r = tensor.extract_slice %x[1, 0, 2] [2, 5, 2] [1, 1, 3] : {T} to tensor<2x5x2xf32>",
        "tensor<2x5x2xf32>",
    )
    assert run_one(ir, X).tolist() == X[1:3, :, 2:6:3].tolist()


@pytest.mark.parametrize(
    "kept, index", [("5x6", (2,)), ("4", (slice(None), 2, 2)), ("", (2, 2, 2))]
)
def test_slices_that_drop_dimensions(kept: str, index: Any) -> None:
    sizes = {"5x6": "1, 5, 6", "4": "4, 1, 1", "": "1, 1, 1"}[kept]
    offsets = {"5x6": "2, 0, 0", "4": "0, 2, 2", "": "2, 2, 2"}[kept]
    result = f"tensor<{kept}{'x' if kept else ''}f32>"
    ir = unary(
        f"%r = tensor.extract_slice %x[{offsets}] [{sizes}] [1, 1, 1] : {T} to {result}", result
    )
    found = run(ir, X)[0]
    assert found.shape == X[index].shape
    assert found.tolist() == X[index].tolist()


D = "tensor<?x7xf32>"
DYNAMIC = f"""
  func.func @take(%x: {D}, %o: index, %n: index, %s: index) -> {D} {{
    %r = tensor.extract_slice %x[%o, 0] [%n, 7] [%s, 1] : {D} to {D}
    return %r : {D}
  }}
  func.func @put(%x: {D}, %y: {D}, %o: index, %n: index, %s: index) -> {D} {{
    %r = tensor.insert_slice %y into %x[%o, 0] [%n, 7] [%s, 1] : {D} into {D}
    return %r : {D}
  }}"""
DYNAMIC_PROGRAM = program(DYNAMIC)


@given(st.integers(0, 8), st.integers(-3, 10), st.integers(-2, 9), st.integers(-1, 4))
@settings(max_examples=100, deadline=None)
def test_dynamic_slices_stay_inside(rows: int, offset: int, size: int, stride: int) -> None:
    """Either every element asked for exists, or the slice is refused."""
    if size == 0 and offset > rows:
        return  # nothing is read: refused or not, both are right
    x, y = integers((rows, 7), 1), integers((max(size, 0), 7), 2)
    wanted = [offset + i * stride for i in range(size)]
    legal = offset >= 0 and size >= 0 and stride >= 1 and all(0 <= i < rows for i in wanted)
    found = DYNAMIC_PROGRAM
    if not legal:
        for name, args in (("take", [x]), ("put", [x, y])):
            with pytest.raises(
                InterpretationError, match=r"test.mlir:\d+:\d+: 'tensor.*out of bounds"
            ):
                found.call(name, [*args, offset, size, stride])
        return
    (taken,) = found.call("take", [x, offset, size, stride])
    assert taken.tolist() == [x[i].tolist() for i in wanted]
    (put,) = found.call("put", [x, y, offset, size, stride])
    expected = x.copy()
    for i, row in zip(wanted, y, strict=True):
        expected[i] = row
    assert put.tolist() == expected.tolist()


def test_inserted_slices_have_the_size_they_say() -> None:
    with pytest.raises(InterpretationError, match=r"'tensor.insert_slice': .*2x7.*got 1x7"):
        program(DYNAMIC).call("put", [integers((4, 7)), integers((1, 7)), 0, 2, 1])


def test_insert_slice_with_fewer_dimensions() -> None:
    s = "tensor<5x2xf32>"
    ir = unary(
        f"%r = tensor.insert_slice %y into %x[3, 0, 1] [1, 5, 2] [1, 1, 4] : {s} into {T}",
        T,
        more=f", %y: {s}",
    )
    y = integers((5, 2), 2)
    expected = X.copy()
    expected[3, :, 1:6:4] = y
    assert run_one(ir, X, y).tolist() == expected.tolist()


def test_tiles_at_the_edge() -> None:
    """The slice of a tiled loop whose last tile is short: exact, and without a check at run time
    where the arithmetic proves it."""
    ir = """
  func.func @main(%x: tensor<70xf32>) -> tensor<70xf32> {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %c70 = arith.constant 70 : index
    %e = tensor.empty() : tensor<70xf32>
    %r = scf.for %i = %c0 to %c70 step %c32 iter_args(%acc = %e) -> (tensor<70xf32>) {
      %left = arith.subi %c70, %i : index
      %n = arith.minsi %left, %c32 : index
      %t = tensor.extract_slice %x[%i] [%n] [1] : tensor<70xf32> to tensor<?xf32>
      %d = arith.addf %t, %t : tensor<?xf32>
      %u = tensor.insert_slice %d into %acc[%i] [%n] [1] : tensor<?xf32> into tensor<70xf32>
      scf.yield %u : tensor<70xf32>
    }
    return %r : tensor<70xf32>
  }"""
    x = integers((70,), 1)
    assert run_one(ir, x).tolist() == (2 * x).tolist()


def test_checks_that_cannot_fail_are_left_out() -> None:
    template = """
  func.func @main(%x: tensor<64xf32>) -> tensor<32xf32> {{
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %end = arith.constant {end} : index
    %e = tensor.empty() : tensor<32xf32>
    %r = scf.for %i = %c0 to %end step %c32 iter_args(%acc = %e) -> (tensor<32xf32>) {{
      %t = tensor.extract_slice %x[%i] [32] [1] : tensor<64xf32> to tensor<32xf32>
      scf.yield %t : tensor<32xf32>
    }}
    return %r : tensor<32xf32>
  }}"""
    safe, unsafe = program(template.format(end=64)), program(template.format(end=65))
    assert "outside" not in safe.source("main")
    safe.call("main", [integers((64,))])
    with pytest.raises(
        InterpretationError, match=r"test.mlir:8:\d+: .*out of bounds in dimension 0"
    ):
        unsafe.call("main", [integers((64,))])


# Elements ----------------------------------------------------------------------------------------


def test_elements() -> None:
    ir = """
  func.func @main(%x: tensor<2x3xi32>, %i: index, %j: index)
      -> (i32, tensor<2x3xi32>, index, tensor<2xi32>, tensor<3xf32>) {
    %0 = tensor.extract %x[%i, %j] : tensor<2x3xi32>
    %c7 = arith.constant 7 : i32
    %1 = tensor.insert %c7 into %x[%i, %j] : tensor<2x3xi32>
    %2 = tensor.dim %x, %i : tensor<2x3xi32>
    %3 = tensor.from_elements %0, %c7 : tensor<2xi32>
    %f = arith.constant 1.5 : f32
    %4 = tensor.splat %f : tensor<3xf32>
    return %0, %1, %2, %3, %4 : i32, tensor<2x3xi32>, index, tensor<2xi32>, tensor<3xf32>
  }"""
    x = integers((2, 3), 1, np.int32)
    element, inserted, size, listed, splat = run(ir, x, 1, 2)
    assert int(element) == x[1, 2]
    assert inserted[1, 2] == 7 and inserted[0].tolist() == x[0].tolist()
    assert int(size) == 3
    assert listed.tolist() == [x[1, 2], 7]
    assert splat.tolist() == [1.5] * 3
    for i, j in ((-1, 0), (0, -1), (2, 0), (0, 3)):
        with pytest.raises(
            InterpretationError, match=r"test.mlir:\d+:\d+: 'tensor.extract': out of"
        ):
            run(ir, x, i, j)


# Shapes ------------------------------------------------------------------------------------------


def test_collapse_and_expand() -> None:
    ir = unary(
        f"%r = tensor.collapse_shape %x [[0], [1, 2]] : {T} into tensor<4x30xf32>",
        "tensor<4x30xf32>",
    )
    assert run_one(ir, X).tolist() == X.reshape(4, 30).tolist()
    big = "tensor<2x2x5x6xf32>"
    ir = unary(
        "%r = tensor.expand_shape %x [[0, 1], [2], [3]] output_shape [2, 2, 5, 6]"
        f" : {T} into {big}",
        big,
    )
    assert run_one(ir, X).tolist() == X.reshape(2, 2, 5, 6).tolist()
    ir = unary(
        "%r = tensor.collapse_shape %x [] : tensor<1x1xf32> into tensor<f32>",
        "tensor<f32>",
        "tensor<1x1xf32>",
    )
    assert run_one(ir, np.ones((1, 1), np.float32)) == 1.0


def test_dynamic_collapse_and_expand() -> None:
    d = "tensor<?x5x?xf32>"
    ir = unary(
        f"%r = tensor.collapse_shape %x [[0, 1], [2]] : {d} into tensor<?x?xf32>",
        "tensor<?x?xf32>",
        d,
    )
    assert run_one(ir, X).tolist() == X.reshape(20, 6).tolist()
    out = "tensor<?x2x6xf32>"
    ir = unary(
        "%r = tensor.expand_shape %x [[0, 1], [2]] output_shape [%n, 2, 6]"
        f" : tensor<?x6xf32> into {out}",
        out,
        "tensor<?x6xf32>",
        ", %n: index",
    )
    assert run_one(ir, X[0, :4], 2).tolist() == X[0, :4].reshape(2, 2, 6).tolist()
    with pytest.raises(InterpretationError, match=r"'tensor.expand_shape'"):
        run_one(ir, X[0, :4], 3)


def test_reshape_and_cast() -> None:
    ir = unary(
        "%s = arith.constant dense<[6, 20]> : tensor<2xindex>\n"
        f"%r = tensor.reshape %x(%s) : ({T}, tensor<2xindex>) -> tensor<6x20xf32>",
        "tensor<6x20xf32>",
    )
    assert run_one(ir, X).tolist() == X.reshape(6, 20).tolist()
    ir = unary(
        "%r = tensor.cast %x : tensor<?x?x?xf32> to tensor<4x?x6xf32>",
        "tensor<4x?x6xf32>",
        "tensor<?x?x?xf32>",
    )
    assert run_one(ir, X).tolist() == X.tolist()
    with pytest.raises(
        InterpretationError, match=r"'tensor.cast': expected shape 4x\?x6, got 3x5x6"
    ):
        run_one(ir, X[:3])


def test_casts_between_encoded_and_bare_types() -> None:
    encoded = 'tensor<2xf32, "somewhere">'
    ir = f"""
  func.func @main(%x: {encoded}) -> {encoded} {{
    %0 = tensor.cast %x : {encoded} to tensor<2xf32>
    %1 = arith.addf %0, %0 : tensor<2xf32>
    %2 = builtin.unrealized_conversion_cast %1 : tensor<2xf32> to {encoded}
    return %2 : {encoded}
  }}"""
    assert run_one(ir, np.ones(2, np.float32)).tolist() == [2, 2]


def test_casts_between_signednesses_keep_the_bits() -> None:
    ir = """
  func.func @main(%x: tensor<2xui8>) -> tensor<2xi8> {
    %r = builtin.unrealized_conversion_cast %x : tensor<2xui8> to tensor<2xi8>
    return %r : tensor<2xi8>
  }"""
    assert run_one(ir, np.array([200, 7], np.uint8)).tolist() == [-56, 7]
    for other in ("tensor<3xi8>", "tensor<2xi16>", "tensor<2xf16>", "i8"):
        with pytest.raises(InterpretationError, match=r"expected types of the same shape and bits"):
            run(ir.replace("tensor<2xi8>", other), np.array([200, 7], np.uint8))


def test_concat() -> None:
    out = "tensor<4x7x6xf32>"
    ir = unary(
        f"%r = tensor.concat dim(1) %x, %y : ({T}, tensor<4x2x6xf32>) -> {out}",
        out,
        more=", %y: tensor<4x2x6xf32>",
    )
    assert run_one(ir, X, X[:, :2]).tolist() == np.concatenate([X, X[:, :2]], 1).tolist()


# Padding -----------------------------------------------------------------------------------------


def padded(x: Any, low: list[int], high: list[int], value: float) -> Any:
    """Pad generously, then cut the wanted window out."""
    margin = 20
    wide = np.pad(x, margin, constant_values=value)
    window = [slice(margin - a, margin + n + b) for a, b, n in zip(low, high, x.shape, strict=True)]
    return wide[tuple(window)]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_pad_and_crop(data: st.DataObject) -> None:
    """Negative amounts crop, on either side, past the other end too, down to nothing."""
    shape = tuple(data.draw(st.integers(0, 4)) for _ in range(2))
    low = [data.draw(st.integers(-6, 6)) for _ in range(2)]
    high = [data.draw(st.integers(-n - a, 6)) for n, a in zip(shape, low, strict=True)]
    out = tuple(n + a + b for n, a, b in zip(shape, low, high, strict=True))
    x = integers(shape, 1)
    source, result = tensor(shape), tensor(out)
    static = f"low{low} high{high}"
    ir = unary(
        f"""%r = tensor.pad %x {static} {{
    ^bb0(%i: index, %j: index):
      %v = arith.constant 9.0 : f32
      tensor.yield %v : f32
    }} : {source} to {result}""",
        result,
        source,
    )
    found = run(ir, x)[0]
    assert found.shape == out
    assert found.tolist() == padded(x, low, high, 9).tolist()


def test_dynamic_pad_and_a_value_that_depends_on_the_place() -> None:
    ir = """
  func.func @main(%x: tensor<?x3xi32>, %n: index) -> tensor<?x4xi32> {
    %r = tensor.pad %x low[%n, 0] high[1, 1] {
    ^bb0(%i: index, %j: index):
      %ten = arith.constant 10 : index
      %a = arith.muli %i, %ten : index
      %b = arith.addi %a, %j : index
      %c = arith.index_cast %b : index to i32
      tensor.yield %c : i32
    } : tensor<?x3xi32> to tensor<?x4xi32>
    return %r : tensor<?x4xi32>
  }"""
    x = np.full((2, 3), -1, np.int32)
    expected = np.arange(4) + 10 * np.arange(5)[:, None]
    expected[2:4, :3] = -1
    assert run_one(ir, x, 2).tolist() == expected.tolist()
    with pytest.raises(InterpretationError, match=r"'tensor.pad': expected .* got -1x4"):
        run_one(ir, x, -4)


# Empty tensors -----------------------------------------------------------------------------------


def test_what_nobody_wrote_is_seen() -> None:
    ir = """
  func.func @main() -> (tensor<2xf32>, tensor<2xi8>) {
    %0 = tensor.empty() : tensor<2xf32>
    %1 = tensor.empty() : tensor<2xi8>
    return %0, %1 : tensor<2xf32>, tensor<2xi8>
  }"""
    floats, whole = run(ir)
    assert np.isnan(floats).all()
    assert whole.tolist() == [127, 127]


def test_large_tensors_are_let_go_of_at_their_last_use() -> None:
    t = "tensor<1024x1024xf32>"
    ir = f"""
  func.func @main(%x: {t}) -> {t} {{
    %0 = arith.addf %x, %x : {t}
    %1 = arith.addf %0, %x : {t}
    %2 = arith.addf %1, %x : {t}
    return %2 : {t}
  }}"""
    found = program(ir)
    source = found.source("main")
    assert source.count("del ") == 2
    assert float(found.call("main", [np.ones((1024, 1024), np.float32)])[0][0, 0]) == 4
