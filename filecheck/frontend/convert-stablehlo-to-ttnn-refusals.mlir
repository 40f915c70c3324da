// RUN: ttnn-opt %s -p convert-stablehlo-to-ttnn --split-input-file --verify-diagnostics | filecheck %s

// CHECK: 'stablehlo.convolution' op expected window strides of 1 beside an lhs_dilate above 1, got 1, 2
func.func @strides(%x: tensor<1x3x3x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x5x3x1xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 2], lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x3x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x5x3x1xf32>
  return %y : tensor<1x5x3x1xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected batch_group_count = 1 beside an lhs_dilate above 1, got 2
func.func @batch_groups(%x: tensor<2x3x3x1xf32>, %w: tensor<1x1x2x1xf32>) -> tensor<1x5x5x2xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 2 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x5x5x2xf32>
  return %y : tensor<1x5x5x2xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected tensors of known shape, got (1, ?, 3, 1)
func.func @unknown_size(%x: tensor<1x?x3x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x?x5x1xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x?x3x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x?x5x1xf32>
  return %y : tensor<1x?x5x1xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected element types all floats or all the same integer, got i8, i8, i32
func.func @element_types(%x: tensor<1x3x3x1xi8>, %w: tensor<1x1x1x1xi8>) -> tensor<1x5x5x1xi32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x3x1xi8>, tensor<1x1x1x1xi8>) -> tensor<1x5x5x1xi32>
  return %y : tensor<1x5x5x1xi32>
}
