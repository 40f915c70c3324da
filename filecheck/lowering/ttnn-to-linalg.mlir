// RUN: ttnn-opt %s -p 'ttnn-to-linalg{strategy=zero-insert}' | filecheck %s
// RUN: not ttnn-opt %s -p 'ttnn-to-linalg{strategy=winograd}' 2>&1 | filecheck %s --check-prefix STRATEGY
// RUN: not ttnn-opt %s -p 'ttnn-to-linalg{strategy=zero-insert max-temporary-bytes=199}' 2>&1 | filecheck %s --check-prefix BYTES

// STRATEGY: error: pass 'ttnn-to-linalg': strategy: expected one of auto, zero-insert, sub-pixel, gemm-col2im, matmul{{(, [a-z0-9-]+)*}}, got winograd
// BYTES: expected temporaries of at most 199 bytes for strategy zero-insert, got one of

// Zeros are inserted and put around by one strided insert; a flattened result.
func.func @strided(%x: tensor<1x2x3x2xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<1x1x1x2xf32>, %device: !ttnn.device)
    -> tensor<1x1x24x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %b, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
      input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 2, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x2x3x2xf32>, tensor<2x2x2x2xf32>, tensor<1x1x1x2xf32>, !ttnn.device) -> tensor<1x1x24x2xf32>
  return %y : tensor<1x1x24x2xf32>
}

// CHECK-LABEL: func.func @strided(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x2x2x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x24x2xf32> {
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<1x5x7x2xf32>
// CHECK-NEXT:    %[[ZEROS:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<1x5x7x2xf32>) -> tensor<1x5x7x2xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.insert_slice %[[X]] into %[[ZEROS]][0, 1, 1, 0] [1, 2, 3, 2] [1, 2, 2, 1] : tensor<1x2x3x2xf32> into tensor<1x5x7x2xf32>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x2x2x2xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%[[EMPTY_1]] : tensor<2x2x2x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V1:[a-z0-9_]+]] = linalg.index 0 : index
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = linalg.index 1 : index
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = linalg.index 2 : index
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = arith.subi %[[V3]], %[[V4]] : index
// CHECK-NEXT:      %[[V6:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = linalg.index 3 : index
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.subi %[[V6]], %[[V7]] : index
// CHECK-NEXT:      %[[V9:[a-z0-9_]+]] = tensor.extract %[[W]][%[[V1]], %[[V2]], %[[V5]], %[[V8]]] : tensor<2x2x2x2xf32>
// CHECK-NEXT:      linalg.yield %[[V9]] : f32
// CHECK-NEXT:    } -> tensor<2x2x2x2xf32>
// CHECK-NEXT:    %[[MERGED:[a-z0-9_]+]] = tensor.collapse_shape %[[FLIPPED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64, 3 : i64]] : tensor<2x2x2x2xf32> into tensor<4x4xf32>
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<4x4xf32>
// CHECK-NEXT:    %[[MOVED:[a-z0-9_]+]] = linalg.transpose ins(%[[MERGED]]:tensor<4x4xf32>) outs(%[[EMPTY_2]]:tensor<4x4xf32>) permutation = [1, 0]
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = tensor.expand_shape %[[MOVED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64, 3 : i64]] output_shape [2, 2, 2, 2] : tensor<4x4xf32> into tensor<2x2x2x2xf32>
// CHECK-NEXT:    %[[ZERO_1:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_3:[a-z0-9_]+]] = tensor.empty() : tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO_1]] : f32) outs(%[[EMPTY_3]] : tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>} ins(%[[PADDED]], %[[TAPS]] : tensor<1x5x7x2xf32>, tensor<2x2x2x2xf32>) outs(%[[INIT]] : tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[BIAS:[a-z0-9_]+]] = tensor.collapse_shape %[[B]] {{\[\[}}0 : i64, 1 : i64, 2 : i64, 3 : i64]] : tensor<1x1x1x2xf32> into tensor<2xf32>
// CHECK-NEXT:    %[[EMPTY_4:[a-z0-9_]+]] = tensor.empty() : tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[FINISHED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[CONVOLVED]], %[[BIAS]] : tensor<1x4x6x2xf32>, tensor<2xf32>) outs(%[[EMPTY_4]] : tensor<1x4x6x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V10:[a-z0-9_]+]]: f32, %[[V11:[a-z0-9_]+]]: f32, %[[V12:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V13:[a-z0-9_]+]] = arith.addf %[[V10]], %[[V11]] : f32
// CHECK-NEXT:      linalg.yield %[[V13]] : f32
// CHECK-NEXT:    } -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[FINISHED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x4x6x2xf32> into tensor<1x24x2xf32>
// CHECK-NEXT:    %[[CONVOLVED_1:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 24, 2] : tensor<1x24x2xf32> into tensor<1x1x24x2xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED_1]] : tensor<1x1x24x2xf32>
// CHECK-NEXT:  }
