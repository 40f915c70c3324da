// RUN: ttnn-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: #stablehlo.conv: expected the labels b, f, 0, 1 of the input, got b, 0, 0, f
func.func @labels(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 0, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected rhs of rank 4, as dim_numbers say, got rank 3
func.func @rank(%x: tensor<2x3x3x4xf32>, %w: tensor<2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected 2 values in 'window_strides', got 1
func.func @window_size(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected padding of shape (2, 2), got (1, 2)
func.func @padding_size(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {pad = [[0, 0]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected 'lhs_dilation' of at least 1, got 0, 1
func.func @dilation(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [0, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected feature_group_count and batch_group_count of at least 1, one of them 1, got 2 and 2
func.func @groups(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 2 : i64, feature_group_count = 2 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected input features divisible by 3 groups, got 4
func.func @feature_groups(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 3 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected output features divisible by 4 groups, got 6
func.func @batch_groups(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 4 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected a kernel of 4 input features, got 3
func.func @features(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x3xf32>) -> tensor<2x4x4x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x3xf32>) -> tensor<2x4x4x6xf32>
  return %y : tensor<2x4x4x6xf32>
}

// -----

// CHECK: 'stablehlo.convolution' op expected a result of shape (2, 4, 4, 6), got (2, 4, 5, 6)
func.func @result(%x: tensor<2x3x3x4xf32>, %w: tensor<2x2x6x4xf32>) -> tensor<2x4x5x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x3x4xf32>, tensor<2x2x6x4xf32>) -> tensor<2x4x5x6xf32>
  return %y : tensor<2x4x5x6xf32>
}

// -----

// CHECK: 'stablehlo.reverse' op expected distinct dimensions below 2, got (0, 2)
func.func @reverse(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = stablehlo.reverse %x, dims = [0, 2] : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// CHECK: 'stablehlo.broadcast_in_dim' op expected size 3 or 1, got 4
func.func @broadcast(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %y = stablehlo.broadcast_in_dim %x, dims = [0, 1] : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// CHECK: 'stablehlo.transpose' op expected a result of shape (3, 2), got (2, 3)
func.func @transpose(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// CHECK: 'stablehlo.reshape' op expected a result of 6 elements, got 7
func.func @reshape(%x: tensor<2x3xf32>) -> tensor<7xf32> {
  %y = stablehlo.reshape %x : (tensor<2x3xf32>) -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

// CHECK: 'stablehlo.reshape' op expected operands and result of one element type, got f32, bf16
func.func @reshape_type(%x: tensor<2x3xf32>) -> tensor<6xbf16> {
  %y = stablehlo.reshape %x : (tensor<2x3xf32>) -> tensor<6xbf16>
  return %y : tensor<6xbf16>
}

// -----

// CHECK: expected each of stride, pad, lhs_dilate, rhs_dilate, reverse at most once
func.func @window(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %y = stablehlo.convolution(%x, %x) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], stride = [1, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

// CHECK: 'stablehlo.cosine': expected the generic form of an op of dialect 'stablehlo' that is not known here, got its custom form; have stablehlo-opt print it with --mlir-print-op-generic
func.func @unknown(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = stablehlo.cosine %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
