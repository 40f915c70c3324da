// RUN: not ttnn-opt %s 2>&1 | filecheck %s
// RUN: not ttnn-opt %s -p ttnn-to-lops 2>&1 | filecheck %s --check-prefix PASS
// RUN: ttnn-opt %s --verify-diagnostics | filecheck %s --check-prefix VERIFY

// CHECK: errors.mlir:11:3: error: 'ttnn.add' op
// PASS: ttnn-opt: error: unknown pass 'ttnn-to-lops'; did you mean 'ttnn-to-loops'?
// VERIFY: 'ttnn.add' op

func.func @main(%a: tensor<3xf32>, %b: tensor<4xf32>) -> tensor<3xf32> {
  // Shapes that do not fit together.
  %0 = "ttnn.add"(%a, %b) : (tensor<3xf32>, tensor<4xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
