// RUN: not ttnn-opt %s 2>&1 | filecheck %s

"other.op"() {memory = #ttnn.buffer_type<l2>} : () -> ()

// CHECK: unknown-word.mlir:3:42: error: Expected one of 'dram', 'l1', 'l1_small', 'system_memory', 'trace'
