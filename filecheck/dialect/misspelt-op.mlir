// RUN: not ttnn-opt %s 2>&1 | filecheck %s

// A dialect that is known in full has no unknown ops.
"ttnn.unknown"() : () -> ()
%0 = "arith.constnat"() <{value = 1 : i32}> : () -> i32

// CHECK: misspelt-op.mlir:5:7: error: Operation arith.constnat is not registered
