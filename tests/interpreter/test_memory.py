"""memref, affine and vector: what is written to, and how it is reached."""

from __future__ import annotations

import numpy as np
import pytest
from xdsl.utils.exceptions import InterpretationError

from support.interpreter import integers, program, run, run_one

CONSTANTS = """
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %f1 = arith.constant 1.0 : f32
"""


def test_alloc_store_load_copy() -> None:
    ir = f"""
  func.func @main(%n: index, %m: memref<?x2xi32>) -> (i32, index, memref<?x2xi32>) {{{CONSTANTS}
    %a = memref.alloc(%n) : memref<?x2xi32>
    %b = memref.alloca() : memref<i32>
    %k = arith.constant 9 : i32
    memref.store %k, %b[] : memref<i32>
    "memref.copy"(%m, %a) : (memref<?x2xi32>, memref<?x2xi32>) -> ()
    %v = memref.load %b[] : memref<i32>
    memref.store %v, %a[%c1, %c1] : memref<?x2xi32>
    %r = memref.load %a[%c0, %c1] : memref<?x2xi32>
    %d = memref.dim %a, %c0 : memref<?x2xi32>
    memref.dealloc %b : memref<i32>
    return %r, %d, %a : i32, index, memref<?x2xi32>
  }}"""
    m = integers((3, 2), 1, np.int32)
    value, size, copied = run(ir, 3, m)
    assert (int(value), int(size)) == (m[0, 1], 3)
    expected = m.copy()
    expected[1, 1] = 9
    assert copied.tolist() == expected.tolist()
    with pytest.raises(InterpretationError, match=r"'memref.copy': expected .* 4x2, got 3x2"):
        run(ir, 4, m)


@pytest.mark.parametrize("index", [-1, 3])
def test_loads_and_stores_stay_inside(index: int) -> None:
    ir = """
  func.func @load(%m: memref<3xf32>, %i: index) -> f32 {
    %r = memref.load %m[%i] : memref<3xf32>
    return %r : f32
  }
  func.func @store(%m: memref<3xf32>, %i: index) {
    %f = arith.constant 1.0 : f32
    memref.store %f, %m[%i] : memref<3xf32>
    return
  }"""
    memory = np.zeros(3, np.float32)
    for name in ("load", "store"):
        with pytest.raises(
            InterpretationError, match=rf"test.mlir:\d+:\d+: 'memref.{name}': out of"
        ):
            run(ir, memory, index, name=name)
    assert not memory.any()


def test_subviews_are_views() -> None:
    layout = "strided<[6, 2], offset: ?>"
    row = "memref<6xf32, strided<[1], offset: 18>>"
    ir = f"""
  func.func @main(%m: memref<4x6xf32>, %o: index) {{{CONSTANTS}
    %v = memref.subview %m[%o, 1] [2, 2] [1, 2] : memref<4x6xf32> to memref<2x2xf32, {layout}>
    %row = memref.subview %m[3, 0] [1, 6] [1, 1] : memref<4x6xf32> to {row}
    memref.store %f1, %v[%c1, %c1] : memref<2x2xf32, {layout}>
    memref.store %f1, %row[%c4] : {row}
    return
  }}"""
    memory = np.zeros((4, 6), np.float32)
    run(ir, memory, 1)
    assert np.argwhere(memory).tolist() == [[2, 3], [3, 4]]
    for wrong in (-1, 3):
        with pytest.raises(
            InterpretationError, match=r"'memref.subview': out of bounds in dimension 0"
        ):
            run(ir, memory, wrong)


def test_shapes_of_memrefs() -> None:
    deep, other = "memref<2x3x4xf32>", "memref<2x2xf32, strided<[10, 1], offset: 1>>"
    ir = f"""
  func.func @main(%m: memref<4x6xf32>) {{{CONSTANTS}
    %flat = memref.collapse_shape %m [[0, 1]] : memref<4x6xf32> into memref<24xf32>
    %deep = memref.expand_shape %flat [[0, 1, 2]] output_shape [2, 3, 4]
      : memref<24xf32> into {deep}
    memref.store %f1, %deep[%c1, %c2, %c0] : {deep}
    %other = memref.reinterpret_cast %m to offset: [1], sizes: [2, 2], strides: [10, 1]
      : memref<4x6xf32> to {other}
    memref.store %f1, %other[%c1, %c1] : {other}
    %dynamic = "memref.cast"(%m) : (memref<4x6xf32>) -> memref<?x?xf32>
    memref.store %f1, %dynamic[%c0, %c0] : memref<?x?xf32>
    return
  }}"""
    memory = np.zeros((4, 6), np.float32)
    run(ir, memory)
    assert np.flatnonzero(memory).tolist() == [0, 12, 20]


def test_collapsing_what_is_not_contiguous_is_refused() -> None:
    ir = """
  func.func @main(%m: memref<4x6xf32>) {
    %v = memref.subview %m[0, 0] [4, 3] [1, 1] : memref<4x6xf32> to memref<4x3xf32, strided<[6, 1]>>
    %f = memref.collapse_shape %v [[0, 1]] : memref<4x3xf32, strided<[6, 1]>> into memref<12xf32>
    return
  }"""
    with pytest.raises(InterpretationError, match=r"'memref.collapse_shape': expected strides"):
        run(ir, np.zeros((4, 6), np.float32))


def test_globals() -> None:
    ir = """
  "memref.global"() <{sym_name = "table", sym_visibility = "private", type = memref<3xf32>,
      initial_value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>, constant}> : () -> ()
  func.func @main(%i: index) -> f32 {
    %t = memref.get_global @table : memref<3xf32>
    %r = memref.load %t[%i] : memref<3xf32>
    return %r : f32
  }"""
    assert run_one(ir, 2) == 3.0


def test_f64_mode_writes_back_to_memrefs() -> None:
    ir = f"""
  func.func @main(%m: memref<2xf32>) {{{CONSTANTS}
    memref.store %f1, %m[%c1] : memref<2xf32>
    return
  }}"""
    memory = np.zeros(2, np.float32)
    run(ir, memory, accumulate="f64")
    assert memory.tolist() == [0, 1]


# affine ------------------------------------------------------------------------------------------


def test_affine_maps() -> None:
    ir = """
  func.func @main(%a: index, %b: index) -> (index, index) {
    %0 = affine.apply
      affine_map<(d0)[s0] -> ((d0 floordiv 4) * 3 + d0 mod 4 - s0 ceildiv 2)> (%a)[%b]
    %1 = affine.min affine_map<(d0)[s0] -> (d0 + 1, s0 * 2, 7)> (%a)[%b]
    return %0, %1 : index, index
  }"""
    for a, b in ((11, 5), (-3, 2), (0, 0)):
        expected = [(a // 4) * 3 + a % 4 + -(b // 2) - b % 2, min(a + 1, b * 2, 7)]
        assert [int(v) for v in run(ir, a, b)] == expected


def test_affine_loops_and_memory() -> None:
    ir = """
  func.func @main(%m: memref<10xf32>, %n: index) {
    "affine.for"(%n) <{lowerBoundMap = affine_map<() -> (1)>,
        upperBoundMap = affine_map<(d0) -> (d0)>,
        step = 2 : index, operandSegmentSizes = array<i32: 0, 1, 0>}> ({
    ^bb0(%i: index):
      %v = "affine.load"(%m, %i) <{map = affine_map<(d0) -> (d0 - 1)>}>
        : (memref<10xf32>, index) -> f32
      "affine.store"(%v, %m, %i) <{map = affine_map<(d0) -> (d0)>}>
        : (f32, memref<10xf32>, index) -> ()
      "affine.yield"() : () -> ()
    }) : (index) -> ()
    return
  }"""
    memory = np.arange(10, dtype=np.float32)
    run(ir, memory, 7)
    assert memory.tolist() == [0, 0, 2, 2, 4, 4, 6, 7, 8, 9]


# vector ------------------------------------------------------------------------------------------


def test_vector_memory_and_arithmetic() -> None:
    ir = f"""
  func.func @main(%m: memref<3x8xf32>, %i: index, %s: f32) {{{CONSTANTS}
    %a = vector.load %m[%i, %c4] : memref<3x8xf32>, vector<4xf32>
    %b = vector.broadcast %s : f32 to vector<4xf32>
    vector.store %b, %m[%i, %c4] : memref<3x8xf32>, vector<4xf32>
    vector.store %a, %m[%c2, %c0] : memref<3x8xf32>, vector<4xf32>
    %c = vector.fma %a, %b, %a : vector<4xf32>
    %d = arith.addf %c, %b : vector<4xf32>
    vector.store %d, %m[%i, %c4] : memref<3x8xf32>, vector<4xf32>
    return
  }}"""
    memory = integers((3, 8), 1)
    old = memory[1, 4:].copy()
    run(ir, memory, 1, 3.0)
    assert memory[1, 4:].tolist() == (old * 3 + old + 3).tolist()
    assert memory[2, :4].tolist() == old.tolist()  # the load was a copy
    for wrong in (-1, 3):
        with pytest.raises(InterpretationError, match=r"'vector.load': out of bounds"):
            run(ir, memory, wrong, 3.0)


def test_extract_insert_and_reductions() -> None:
    ir = """
  func.func @main(%x: tensor<2x3xf32>, %i: index) -> (f32, f32, f32, f32) {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %v = vector.transfer_read %x[%c0, %c0], %zero : tensor<2x3xf32>, vector<2x3xf32>
    %e = vector.extract %v[1, 2] : f32 from vector<2x3xf32>
    %r = vector.extract %v[%i] : vector<3xf32> from vector<2x3xf32>
    %u = vector.insert %e, %r [0] : f32 into vector<3xf32>
    %s = vector.reduction <add>, %u : vector<3xf32> into f32
    %t = vector.reduction <maximumf>, %r, %e : vector<3xf32> into f32
    %w = vector.reduction <add>, %r : vector<3xf32> into f32
    return %e, %s, %t, %w : f32, f32, f32, f32
  }"""
    x = integers((2, 3), 1)
    for i in (0, 1):
        expected = [x[1, 2], x[1, 2] + x[i, 1:].sum(), max(x[i].max(), x[1, 2]), x[i].sum()]
        assert [float(v) for v in run(ir, x, i)] == expected
    with pytest.raises(InterpretationError, match=r"'vector.extract': out of bounds"):
        run(ir, x, -1)


def test_transfers_pad_permute_and_broadcast() -> None:
    ir = """
  func.func @read(%x: tensor<4x5xf32>, %i: index, %j: index)
      -> (vector<3x2xf32>, vector<2x3xf32>, vector<2x5xf32>) {
    %pad = arith.constant 7.0 : f32
    %c0 = arith.constant 0 : index
    %0 = vector.transfer_read %x[%i, %j], %pad : tensor<4x5xf32>, vector<3x2xf32>
    %1 = vector.transfer_read %x[%i, %j], %pad
      {permutation_map = affine_map<(a, b) -> (b, a)>} : tensor<4x5xf32>, vector<2x3xf32>
    %2 = vector.transfer_read %x[%i, %c0], %pad
      {permutation_map = affine_map<(a, b) -> (0, b)>} : tensor<4x5xf32>, vector<2x5xf32>
    return %0, %1, %2 : vector<3x2xf32>, vector<2x3xf32>, vector<2x5xf32>
  }
  func.func @strict(%x: tensor<4x5xf32>, %i: index) -> vector<3xf32> {
    %pad = arith.constant 7.0 : f32
    %c0 = arith.constant 0 : index
    %0 = vector.transfer_read %x[%c0, %i], %pad {in_bounds = [true]}
      : tensor<4x5xf32>, vector<3xf32>
    return %0 : vector<3xf32>
  }
  func.func @write(%x: tensor<4x5xf32>, %v: vector<3x2xf32>, %i: index, %j: index)
      -> tensor<4x5xf32> {
    %0 = vector.transfer_write %v, %x[%i, %j] : vector<3x2xf32>, tensor<4x5xf32>
    return %0 : tensor<4x5xf32>
  }"""
    x = integers((4, 5), 1)
    wide = np.full((8, 8), 7, np.float32)
    wide[:4, :5] = x
    for i, j in ((0, 0), (2, 4), (3, 3)):
        plain, turned, spread = run(ir, x, i, j, name="read")
        assert plain.tolist() == wide[i : i + 3, j : j + 2].tolist()
        assert turned.tolist() == wide[i : i + 3, j : j + 2].T.tolist()
        assert spread.tolist() == [x[i].tolist()] * 2
        v = integers((3, 2), 2)
        expected = wide.copy()
        expected[i : i + 3, j : j + 2] = v
        assert run_one(ir, x, v, i, j, name="write").tolist() == expected[:4, :5].tolist()
    assert run_one(ir, x, 2, name="strict").tolist() == x[0, 2:].tolist()
    with pytest.raises(InterpretationError, match=r"'vector.transfer_read': out of bounds"):
        run(ir, x, 3, name="strict")


def test_masks() -> None:
    ir = """
  func.func @main(%m: memref<6xf32>, %n: index, %i: index) -> vector<4xf32> {
    %mask = vector.create_mask %n : vector<4xi1>
    %f = arith.constant 9.0 : f32
    %other = vector.broadcast %f : f32 to vector<4xf32>
    %v = "vector.maskedload"(%m, %i, %mask, %other)
      : (memref<6xf32>, index, vector<4xi1>, vector<4xf32>) -> vector<4xf32>
    "vector.maskedstore"(%m, %i, %mask, %other)
      : (memref<6xf32>, index, vector<4xi1>, vector<4xf32>) -> ()
    return %v : vector<4xf32>
  }"""
    memory = np.arange(6, dtype=np.float32)
    assert run_one(ir, memory, 2, 4).tolist() == [4, 5, 9, 9]
    assert memory.tolist() == [0, 1, 2, 3, 9, 9]
    with pytest.raises(InterpretationError, match=r"'vector.maskedload': out of bounds"):
        run(ir, memory, 3, 4)


def test_shuffle_and_bitcast() -> None:
    ir = """
  func.func @main(%a: vector<2xf32>, %b: vector<3xf32>) -> (vector<4xf32>, vector<2xi32>) {
    %0 = vector.shuffle %a, %b [4, 0, 2, 1] : vector<2xf32>, vector<3xf32>
    %1 = vector.bitcast %a : vector<2xf32> to vector<2xi32>
    return %0, %1 : vector<4xf32>, vector<2xi32>
  }"""
    a, b = np.array([1, 2], np.float32), np.array([3, 4, 5], np.float32)
    shuffled, bits = run(ir, a, b)
    assert shuffled.tolist() == [5, 1, 3, 2]
    assert bits.tolist() == a.view(np.int32).tolist()


def test_the_interpreter_runs_a_dot_product_as_people_write_it() -> None:
    ir = """
  func.func @main(%x: memref<?xf32>, %y: memref<?xf32>) -> f32 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = memref.dim %x, %c0 : memref<?xf32>
    %zero = arith.constant 0.0 : f32
    %r = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %zero) -> (f32) {
      %a = memref.load %x[%i] : memref<?xf32>
      %b = memref.load %y[%i] : memref<?xf32>
      %p = arith.mulf %a, %b : f32
      %s = arith.addf %acc, %p : f32
      scf.yield %s : f32
    }
    return %r : f32
  }"""
    x, y = integers((50,), 1), integers((50,), 2)
    assert run_one(ir, x, y) == float(x @ y)
    assert "outside" not in program(ir).source("main")
