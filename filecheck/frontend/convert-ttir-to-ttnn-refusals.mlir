// RUN: ttnn-opt %s -p convert-ttir-to-ttnn --split-input-file --verify-diagnostics | filecheck %s
// RUN: not ttnn-opt %s -p convert-ttir-to-ttnn --split-input-file 2>&1 | filecheck %s --check-prefix PLACE

// PLACE: convert-ttir-to-ttnn-refusals.mlir:7:3: error: pass 'convert-ttir-to-ttnn': 'ttir.conv_transpose2d' op expected an input and a weight of known shape, got (1, ?, 5, 2)
// CHECK: 'ttir.conv_transpose2d' op expected an input and a weight of known shape, got (1, ?, 5, 2)
func.func @input(%x: tensor<1x?x5x2xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x?x7x3xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x?x5x2xf32>, tensor<2x3x3x3xf32>) -> tensor<1x?x7x3xf32>
  return %y : tensor<1x?x7x3xf32>
}

// -----

// CHECK: 'ttir.conv2d' op expected an input and a weight of known shape, got (3, 2, 3, ?)
func.func @weight(%x: tensor<1x4x5x2xf32>, %w: tensor<3x2x3x?xf32>) -> tensor<1x2x?x3xf32> {
  %y = "ttir.conv2d"(%x, %w) <{stride = 1 : i32, padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x2xf32>, tensor<3x2x3x?xf32>) -> tensor<1x2x?x3xf32>
  return %y : tensor<1x2x?x3xf32>
}

// -----

// CHECK: 'ttir.max_pool2d' op expected an input of known shape, got (1, ?, 4, 2)
func.func @pooling(%x: tensor<1x?x4x2xf32>) -> tensor<1x?x2x2xf32> {
  %y = "ttir.max_pool2d"(%x) <{kernel = 2 : i32, stride = 2 : i32, dilation = 1 : i32, padding = 0 : i32, ceil_mode = false}> : (tensor<1x?x4x2xf32>) -> tensor<1x?x2x2xf32>
  return %y : tensor<1x?x2x2xf32>
}

// -----

// CHECK: 'ttir.conv2d' op expected at most 2147483647 in 'shape', got 4294967296; split the tensor
func.func @pixels(%x: tensor<1x65536x65536x2xf32>, %w: tensor<2x2x1x1xf32>) -> tensor<1x65536x65536x2xf32> {
  %y = "ttir.conv2d"(%x, %w) <{stride = 1 : i32, padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x65536x65536x2xf32>, tensor<2x2x1x1xf32>) -> tensor<1x65536x65536x2xf32>
  return %y : tensor<1x65536x65536x2xf32>
}

// -----

// CHECK: 'ttir.max_pool2d' op expected at most 2147483647 in 'input_height', got 4294967296; split the tensor
func.func @height(%x: tensor<1x4294967296x2x2xf32>) -> tensor<1x4294967296x2x2xf32> {
  %y = "ttir.max_pool2d"(%x) <{kernel = 1 : i32, stride = 1 : i32, dilation = 1 : i32, padding = 0 : i32, ceil_mode = false}> : (tensor<1x4294967296x2x2xf32>) -> tensor<1x4294967296x2x2xf32>
  return %y : tensor<1x4294967296x2x2xf32>
}
