// RUN: ttnn-opt %s | filecheck %s
// RUN: ttnn-opt %s --print-op-generic | ttnn-opt | filecheck %s

func.func @forms(%x: tensor<1x4x5x2xf32>, %w: tensor<3x2x3x2xf32>, %b: tensor<3xf32>) -> (tensor<1x9x10x6xbf16>, tensor<5x4xf32>) {
  %r = stablehlo.reverse %w, dims = [0, 1] : tensor<3x2x3x2xf32>
  %y = stablehlo.convolution(%x, %r) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[2, 2], [1, 1]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision HIGHEST>]} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32>
  %0 = stablehlo.broadcast_in_dim %b, dims = [3] : (tensor<3xf32>) -> tensor<1x9x10x3xf32>
  %1 = stablehlo.add %y, %0 : tensor<1x9x10x3xf32>
  %2 = stablehlo.constant dense<0.000000e+00> : tensor<1x9x10x3xf32>
  %3 = stablehlo.maximum %1, %2 : tensor<1x9x10x3xf32>
  %4 = stablehlo.multiply %3, %3 : tensor<1x9x10x3xf32>
  %5 = stablehlo.tanh %4 : tensor<1x9x10x3xf32>
  %6 = stablehlo.logistic %5 : tensor<1x9x10x3xf32>
  %7 = stablehlo.concatenate %6, %5, dim = 3 : (tensor<1x9x10x3xf32>, tensor<1x9x10x3xf32>) -> tensor<1x9x10x6xf32>
  %8 = stablehlo.convert %7 : (tensor<1x9x10x6xf32>) -> tensor<1x9x10x6xbf16>
  %9 = stablehlo.convolution(%x, %w) dim_numbers = [b, 1, 0, f]x[0, 1, o, i]->[f, 0, b, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<3x3x1x3xf32>
  %10 = "stablehlo.slice"(%x) <{limit_indices = array<i64: 1, 4, 5, 2>, start_indices = array<i64: 0, 0, 0, 1>, strides = array<i64: 1, 1, 1, 1>}> : (tensor<1x4x5x2xf32>) -> tensor<1x4x5x1xf32>
  %11 = stablehlo.reshape %10 : (tensor<1x4x5x1xf32>) -> tensor<4x5xf32>
  %12 = stablehlo.transpose %11, dims = [1, 0] : (tensor<4x5xf32>) -> tensor<5x4xf32>
  return %8, %12 : tensor<1x9x10x6xbf16>, tensor<5x4xf32>
}

// CHECK-LABEL: func.func @forms(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[B:[a-z0-9_]+]]: tensor<3xf32>) -> (tensor<1x9x10x6xbf16>, tensor<5x4xf32>) {
// CHECK-NEXT:    %[[R:[a-z0-9_]+]] = stablehlo.reverse %[[W]], dims = [0, 1] : tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = stablehlo.convolution(%[[X]], %[[R]]) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = {{\[\[}}2, 2], [1, 1]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision HIGHEST>]} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = stablehlo.broadcast_in_dim %[[B]], dims = [3] : (tensor<3xf32>) -> tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = stablehlo.add %[[Y]], %[[V0]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = stablehlo.constant dense<0.000000e+00> : tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V3:[a-z0-9_]+]] = stablehlo.maximum %[[V1]], %[[V2]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V4:[a-z0-9_]+]] = stablehlo.multiply %[[V3]], %[[V3]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V5:[a-z0-9_]+]] = stablehlo.tanh %[[V4]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V6:[a-z0-9_]+]] = stablehlo.logistic %[[V5]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:    %[[V7:[a-z0-9_]+]] = stablehlo.concatenate %[[V6]], %[[V5]], dim = 3 : (tensor<1x9x10x3xf32>, tensor<1x9x10x3xf32>) -> tensor<1x9x10x6xf32>
// CHECK-NEXT:    %[[V8:[a-z0-9_]+]] = stablehlo.convert %[[V7]] : (tensor<1x9x10x6xf32>) -> tensor<1x9x10x6xbf16>
// CHECK-NEXT:    %[[V9:[a-z0-9_]+]] = stablehlo.convolution(%[[X]], %[[W]]) dim_numbers = [b, 1, 0, f]x[0, 1, o, i]->[f, 0, b, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<3x3x1x3xf32>
// CHECK-NEXT:    %[[V10:[a-z0-9_]+]] = "stablehlo.slice"(%[[X]]) <{limit_indices = array<i64: 1, 4, 5, 2>, start_indices = array<i64: 0, 0, 0, 1>, strides = array<i64: 1, 1, 1, 1>}> : (tensor<1x4x5x2xf32>) -> tensor<1x4x5x1xf32>
// CHECK-NEXT:    %[[V11:[a-z0-9_]+]] = stablehlo.reshape %[[V10]] : (tensor<1x4x5x1xf32>) -> tensor<4x5xf32>
// CHECK-NEXT:    %[[V12:[a-z0-9_]+]] = stablehlo.transpose %[[V11]], dims = [1, 0] : (tensor<4x5xf32>) -> tensor<5x4xf32>
// CHECK-NEXT:    func.return %[[V8]], %[[V12]] : tensor<1x9x10x6xbf16>, tensor<5x4xf32>
// CHECK-NEXT:  }
