// RUN: ttnn-opt %s | filecheck %s
// RUN: ttnn-opt %s | ttnn-opt | filecheck %s

func.func @forms(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x2x2xf32>, %b: tensor<1x1x1x3xf32>) -> tensor<1x5x6x3xf32> {
  %d = ttir.empty() : tensor<1x5x6x3xf32>
  %0 = "ttir.conv_transpose2d"(%x, %w, %b, %d) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> {channel_last = true} : (tensor<1x4x5x2xf32>, tensor<2x3x2x2xf32>, tensor<1x1x1x3xf32>, tensor<1x5x6x3xf32>) -> tensor<1x5x6x3xf32>
  %1 = "ttir.conv_transpose2d"(%x, %w) {stride = array<i32: 1, 1>, padding = array<i32: 0, 0, 0, 0>, output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>, groups = 1 : i32, batch_dim = 0 : i64, channel_dim = 3 : i64, height_dim = 1 : i64, width_dim = 2 : i64} : (tensor<1x4x5x2xf32>, tensor<2x3x2x2xf32>) -> tensor<1x5x6x3xf32>
  %2 = "ttir.add"(%0, %1, %d) : (tensor<1x5x6x3xf32>, tensor<1x5x6x3xf32>, tensor<1x5x6x3xf32>) -> tensor<1x5x6x3xf32>
  %3 = "ttir.softmax"(%2) <{dimension = 1 : si32, layout = #ttir<new_layout kind = 1>}> : (tensor<1x5x6x3xf32>) -> tensor<1x5x6x3xf32>
  return %3 : tensor<1x5x6x3xf32>
}

// CHECK-LABEL: func.func @forms(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x2x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32>) -> tensor<1x5x6x3xf32> {
// CHECK-NEXT:    %[[D:[a-z0-9_]+]] = ttir.empty() : tensor<1x5x6x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttir.conv_transpose2d"(%[[X]], %[[W]], %[[B]], %[[D]]) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> {channel_last = true} : (tensor<1x4x5x2xf32>, tensor<2x3x2x2xf32>, tensor<1x1x1x3xf32>, tensor<1x5x6x3xf32>) -> tensor<1x5x6x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttir.conv_transpose2d"(%[[X]], %[[W]]) <{output_padding = array<i32: 0, 0>, stride = array<i32: 1, 1>, padding = array<i32: 0, 0, 0, 0>, dilation = array<i32: 1, 1>, groups = 1 : i32, batch_dim = 0 : i64, height_dim = 1 : i64, width_dim = 2 : i64, channel_dim = 3 : i64}> : (tensor<1x4x5x2xf32>, tensor<2x3x2x2xf32>) -> tensor<1x5x6x3xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = "ttir.add"(%[[V0]], %[[V1]], %[[D]]) : (tensor<1x5x6x3xf32>, tensor<1x5x6x3xf32>, tensor<1x5x6x3xf32>) -> tensor<1x5x6x3xf32>
// CHECK-NEXT:    %[[V3:[a-z0-9_]+]] = "ttir.softmax"(%[[V2]]) <{dimension = 1 : si32, layout = #ttir<new_layout kind = 1>}> : (tensor<1x5x6x3xf32>) -> tensor<1x5x6x3xf32>
// CHECK-NEXT:    func.return %[[V3]] : tensor<1x5x6x3xf32>
// CHECK-NEXT:  }
