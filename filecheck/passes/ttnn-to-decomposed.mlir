// RUN: ttnn-opt %s -p 'ttnn-to-decomposed{strategy=zero-insert}' | filecheck %s
// RUN: ttnn-opt %s -p ttnn-to-decomposed 2>&1 | filecheck %s --check-prefix AUTO

// AUTO: ttnn-to-decomposed.mlir:9:3: remark: strategy auto: sub-pixel takes {{.*}}s on cpu by the cost model, {{.*}}

// A constant weight is flipped and permuted at compile time.
func.func @constant_weight(%x: tensor<1x2x3x1xf32>, %device: !ttnn.device) -> tensor<1x2x4x2xf32> {
  %w = arith.constant dense<[[[[1.0, 2.0]], [[3.0, 4.0]]]]> : tensor<1x2x1x2xf32>
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 1, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x2x3x1xf32>, tensor<1x2x1x2xf32>, !ttnn.device) -> tensor<1x2x4x2xf32>
  return %y : tensor<1x2x4x2xf32>
}

// CHECK-LABEL: func.func @constant_weight(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x1xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x2x4x2xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 0, 0, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x2x3x1xf32>) -> tensor<1x2x5x1xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 10 : i32, 1 : i32]}> : (tensor<1x2x5x1xf32>) -> tensor<1x1x10x1xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = arith.constant dense<{{\[\[}}{{\[\[}}2.000000e+00, 1.000000e+00]]], {{\[\[}}[4.000000e+00, 3.000000e+00]]]]> : tensor<2x1x1x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32, input_height = 2 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x10x1xf32>, tensor<2x1x1x2xf32>, !ttnn.device) -> tensor<1x1x8x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 2 : i32, 4 : i32, 2 : i32]}> : (tensor<1x1x8x2xf32>) -> tensor<1x2x4x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x2x4x2xf32>
// CHECK-NEXT:  }

// The reshapes that group and ungroup a depthwise weight merge.
func.func @depthwise(%x: tensor<1x4x5x6xf32>, %w: tensor<6x1x1x2xf32>, %device: !ttnn.device)
    -> tensor<1x1x24x6xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 6 : i32, in_channels = 6 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 2>,
      out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x6xf32>, tensor<6x1x1x2xf32>, !ttnn.device) -> tensor<1x1x24x6xf32>
  return %y : tensor<1x1x24x6xf32>
}

// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x6xf32>, %[[W:[a-z0-9_]+]]: tensor<6x1x1x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x24x6xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 0, 0, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x6xf32>) -> tensor<1x4x7x6xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 28 : i32, 6 : i32]}> : (tensor<1x4x7x6xf32>) -> tensor<1x1x28x6xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [3] : tensor<6x1x1x2xf32> -> tensor<6x1x1x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[FLIPPED]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 6 : i32, in_channels = 6 : i32, input_height = 4 : i32, input_width = 7 : i32, kernel_size = array<i32: 1, 2>, out_channels = 6 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x28x6xf32>, tensor<6x1x1x2xf32>, !ttnn.device) -> tensor<1x1x24x6xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x1x24x6xf32>
// CHECK-NEXT:  }
