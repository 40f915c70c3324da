// RUN: ttnn-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: 'ttir.conv_transpose2d' op Input must be a 4D tensor
func.func @input_rank(%x: tensor<4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Output must be a 4D tensor
func.func @output_rank(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<6x7x6xf32>
  return %y : tensor<6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Weight must be a 4D tensor
func.func @weight_rank(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Bias must be a 4D tensor
func.func @bias_rank(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Batch size of input and output tensors must match
func.func @batch(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<2x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<2x6x7x6xf32>
  return %y : tensor<2x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Expected integer or pair of integers, got tuple of size 3 for stride
func.func @stride_size(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = array<i32: 1, 2, 3>, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Expected integer, pair, or tuple of size 4, but got tuple of size 3 for padding
func.func @padding_size(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = array<i32: 1, 2, 3>, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Expected integer or pair of integers, got tuple of size 3 for output padding
func.func @output_padding_size(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = array<i32: 1, 2, 3>, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Expected integer or pair of integers, got tuple of size 3 for dilation
func.func @dilation_size(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = array<i32: 1, 2, 3>, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Stride values must be greater than 0
func.func @stride(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = array<i32: 2, -2>, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Padding values must be greater or equal than 0
func.func @padding(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = array<i32: -1, 0>, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Output padding values must be greater or equal than 0
func.func @output_padding(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = -6 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Dilation values must be greater than 0
func.func @dilation(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = array<i32: -2, -2>, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Number of input channels from input tensor must be divisible by the number of groups. Got 4 input channels and 3 groups.
func.func @input_groups(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 3 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Number of output channels from output tensor must be divisible by the number of groups. Got 6 output channels and 4 groups.
func.func @output_groups(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 4 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Number of input channels from input tensor must match the first dimension of the weight tensor. Got 4 input channels and 2 in the weight tensor.
func.func @input_channels(%x: tensor<1x4x5x4xf32>, %w: tensor<2x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<2x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Number of output channels per group must match the second dimension of the weight tensor. Got 3 output channels per group and 6 in the weight tensor.
func.func @output_channels(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 2 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Mismatch in bias tensor dimensions. Bias tensor has 5 channels, but the output tensor has 6 channels.
func.func @bias_channels(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x5xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x5xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Given input size per channel: (4 x 5). Calculated output size per channel: (-2 x -3). Output size is too small
func.func @output_size(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = array<i32: 4, 5>, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Mismatch between expected output size per channel and got output tensor dimensions. Expected: (6 x 7), got: (2 x 2).
func.func @result(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x2x2x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x2x2x6xf32>
  return %y : tensor<1x2x2x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op The input tensor's flattened dimension (5) does not match the product of batch_size * input_height * input_width from FlattenedCompatInfo (1 * 2 * 3 = 6).
func.func @flattened_input(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32, flattened_compat_info = #ttir<flattened_compat batch_size = 1, input_height = 2, input_width = 3>}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op Mismatch between expected flattened NHW dim size. Expected: 20, got: 21.
func.func @flattened_output(%x: tensor<1x1x6x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x1x21x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32, flattened_compat_info = #ttir<flattened_compat batch_size = 1, input_height = 2, input_width = 3>}> : (tensor<1x1x6x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x1x21x6xf32>
  return %y : tensor<1x1x21x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op expected 'groups' of at least 1, got 0
func.func @no_groups(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 0 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op expected batch_dim, height_dim, width_dim and channel_dim to be 0, 1, 2 and 3 in some order, got 0, 1, 1, 3
func.func @order(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32, width_dim = 1 : i64}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x1x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}

// -----

// CHECK: 'ttir.conv_transpose2d' op expected a bias of shape (1, 1, 1, 6), got (1, 2, 1, 6)
func.func @bias(%x: tensor<1x4x5x4xf32>, %w: tensor<4x6x3x3xf32>, %b: tensor<1x2x1x6xf32>) -> tensor<1x6x7x6xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x4x5x4xf32>, tensor<4x6x3x3xf32>, tensor<1x2x1x6xf32>) -> tensor<1x6x7x6xf32>
  return %y : tensor<1x6x7x6xf32>
}
