// RUN: ttnn-opt %s -p ttnn-infer-shapes --split-input-file --verify-diagnostics | filecheck %s

// What was left open turns out not to fit.
// CHECK: 'ttnn.matmul' op Input A[-1](3) and B[-2](4) must have matching inner dimensions
func.func @contradiction(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.relu"(%a) : (tensor<2x3xf32>) -> tensor<?x?xf32>
  %1 = "ttnn.matmul"(%0, %b) <{transpose_a = false, transpose_b = false}>
    : (tensor<?x?xf32>, tensor<4x5xf32>) -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// -----

// CHECK: 'func.call' op expected argument 0 of shape (2), as another call has it, got (3)
func.func private @callee(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}
func.func @two_shapes(%x: tensor<2xf32>, %y: tensor<3xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %0 = "ttnn.relu"(%x) : (tensor<2xf32>) -> tensor<?xf32>
  %1 = "ttnn.relu"(%y) : (tensor<3xf32>) -> tensor<?xf32>
  %2 = func.call @callee(%0) : (tensor<?xf32>) -> tensor<?xf32>
  %3 = func.call @callee(%1) : (tensor<?xf32>) -> tensor<?xf32>
  return %2, %3 : tensor<?xf32>, tensor<?xf32>
}
