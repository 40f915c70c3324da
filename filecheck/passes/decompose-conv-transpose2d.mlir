// RUN: ttnn-opt %s -p 'decompose-conv-transpose2d{strategy=zero-insert}' | filecheck %s

// Stride 1: nothing to dilate.
func.func @stride_1(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x6x6x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x6x6x2xf32>
  return %y : tensor<1x6x6x2xf32>
}

// CHECK-LABEL: func.func @stride_1(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x6x2xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x3xf32>) -> tensor<1x8x7x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 56 : i32, 3 : i32]}> : (tensor<1x8x7x3xf32>) -> tensor<1x1x56x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x56x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x36x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 6 : i32, 2 : i32]}> : (tensor<1x1x36x2xf32>) -> tensor<1x6x6x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x6x2xf32>
// CHECK-NEXT:  }

// Zeros go between neighbours; different strides on each axis.
func.func @strided(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x4xf32>, %device: !ttnn.device)
    -> tensor<1x9x16x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 4>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 3>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x4xf32>, !ttnn.device) -> tensor<1x9x16x2xf32>
  return %y : tensor<1x9x16x2xf32>
}

// CHECK-LABEL: func.func @strided(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x4xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x9x16x2xf32> {
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 2, 3, 1] : tensor<1x4x5x3xf32> -> tensor<1x7x13x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[DILATED]]) <{padding = array<i32: 0, 0, 2, 2, 3, 3, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x13x3xf32>) -> tensor<1x11x19x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 209 : i32, 3 : i32]}> : (tensor<1x11x19x3xf32>) -> tensor<1x1x209x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x4xf32> -> tensor<3x2x3x4xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x4xf32>) -> tensor<2x3x3x4xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 11 : i32, input_width = 19 : i32, kernel_size = array<i32: 3, 4>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x209x3xf32>, tensor<2x3x3x4xf32>, !ttnn.device) -> tensor<1x1x144x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 9 : i32, 16 : i32, 2 : i32]}> : (tensor<1x1x144x2xf32>) -> tensor<1x9x16x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x9x16x2xf32>
// CHECK-NEXT:  }

// Batch 2, and the channel counts differ.
func.func @strided_batch(%x: tensor<2x1x3x3xf32>, %w: tensor<3x2x2x1xf32>, %device: !ttnn.device)
    -> tensor<2x2x5x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 1 : i32, input_width = 3 : i32, kernel_size = array<i32: 2, 1>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 2>}>
    : (tensor<2x1x3x3xf32>, tensor<3x2x2x1xf32>, !ttnn.device) -> tensor<2x2x5x2xf32>
  return %y : tensor<2x2x5x2xf32>
}

// CHECK-LABEL: func.func @strided_batch(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x1x3x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x2x1xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<2x2x5x2xf32> {
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 1, 2, 1] : tensor<2x1x3x3xf32> -> tensor<2x1x5x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[DILATED]]) <{padding = array<i32: 0, 0, 1, 1, 0, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<2x1x5x3xf32>) -> tensor<2x3x5x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 30 : i32, 3 : i32]}> : (tensor<2x3x5x3xf32>) -> tensor<1x1x30x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2] : tensor<3x2x2x1xf32> -> tensor<3x2x2x1xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x2x1xf32>) -> tensor<2x3x2x1xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 3 : i32, input_width = 5 : i32, kernel_size = array<i32: 2, 1>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x30x3xf32>, tensor<2x3x2x1xf32>, !ttnn.device) -> tensor<1x1x20x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [2 : i32, 2 : i32, 5 : i32, 2 : i32]}> : (tensor<1x1x20x2xf32>) -> tensor<2x2x5x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<2x2x5x2xf32>
// CHECK-NEXT:  }

// Padding past the kernel crops the dilated input, per axis: rows are padded, columns cropped.
func.func @overpadded(%x: tensor<1x4x7x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x9x8x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 3>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x4x7x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x9x8x2xf32>
  return %y : tensor<1x9x8x2xf32>
}

// CHECK-LABEL: func.func @overpadded(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x7x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x9x8x2xf32> {
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 2, 2, 1] : tensor<1x4x7x3xf32> -> tensor<1x7x13x3xf32>
// CHECK-NEXT:    %[[CROPPED:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DILATED]]) <{begins = [0 : i32, 0 : i32, 2 : i32, 0 : i32], ends = [1 : i32, 7 : i32, 11 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x7x13x3xf32>) -> tensor<1x7x9x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[CROPPED]]) <{padding = array<i32: 0, 0, 2, 2, 0, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x9x3xf32>) -> tensor<1x11x9x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 99 : i32, 3 : i32]}> : (tensor<1x11x9x3xf32>) -> tensor<1x1x99x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 11 : i32, input_width = 9 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x99x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x72x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 9 : i32, 8 : i32, 2 : i32]}> : (tensor<1x1x72x2xf32>) -> tensor<1x9x8x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x9x8x2xf32>
// CHECK-NEXT:  }

// One side of an axis crops while the other pads.
func.func @overpadded_one_side(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x5x4x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 4, 0, 0, 2>, stride = array<i32: 2, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x5x4x2xf32>
  return %y : tensor<1x5x4x2xf32>
}

// CHECK-LABEL: func.func @overpadded_one_side(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x5x4x2xf32> {
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 2, 1, 1] : tensor<1x4x5x3xf32> -> tensor<1x7x5x3xf32>
// CHECK-NEXT:    %[[CROPPED:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DILATED]]) <{begins = [0 : i32, 2 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 7 : i32, 4 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x7x5x3xf32>) -> tensor<1x5x4x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[CROPPED]]) <{padding = array<i32: 0, 0, 0, 2, 1, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x5x4x3xf32>) -> tensor<1x7x5x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 35 : i32, 3 : i32]}> : (tensor<1x7x5x3xf32>) -> tensor<1x1x35x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 7 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x35x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x20x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 5 : i32, 4 : i32, 2 : i32]}> : (tensor<1x1x20x2xf32>) -> tensor<1x5x4x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x5x4x2xf32>
// CHECK-NEXT:  }

// Four paddings are top, bottom, left, right.
func.func @asymmetric(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x4x6xf32>, %device: !ttnn.device)
    -> tensor<1x6x4x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 4, 6>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 0, 1, 2, 4>, stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x4x6xf32>, !ttnn.device) -> tensor<1x6x4x2xf32>
  return %y : tensor<1x6x4x2xf32>
}

// CHECK-LABEL: func.func @asymmetric(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x4x6xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x4x2xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 3, 2, 3, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x3xf32>) -> tensor<1x9x9x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 81 : i32, 3 : i32]}> : (tensor<1x9x9x3xf32>) -> tensor<1x1x81x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x4x6xf32> -> tensor<3x2x4x6xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x4x6xf32>) -> tensor<2x3x4x6xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 9 : i32, input_width = 9 : i32, kernel_size = array<i32: 4, 6>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x81x3xf32>, tensor<2x3x4x6xf32>, !ttnn.device) -> tensor<1x1x24x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 4 : i32, 2 : i32]}> : (tensor<1x1x24x2xf32>) -> tensor<1x6x4x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x4x2xf32>
// CHECK-NEXT:  }

// Output padding is put behind the input, where real data may reach.
func.func @output_padding(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x4xf32>, %device: !ttnn.device)
    -> tensor<1x8x14x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 4>,
      out_channels = 2 : i32, output_padding = array<i32: 1, 2>, padding = array<i32: 1, 2>,
      stride = array<i32: 2, 3>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x4xf32>, !ttnn.device) -> tensor<1x8x14x2xf32>
  return %y : tensor<1x8x14x2xf32>
}

// CHECK-LABEL: func.func @output_padding(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x4xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x8x14x2xf32> {
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 2, 3, 1] : tensor<1x4x5x3xf32> -> tensor<1x7x13x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[DILATED]]) <{padding = array<i32: 0, 0, 1, 2, 1, 3, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x13x3xf32>) -> tensor<1x10x17x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 170 : i32, 3 : i32]}> : (tensor<1x10x17x3xf32>) -> tensor<1x1x170x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x4xf32> -> tensor<3x2x3x4xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x4xf32>) -> tensor<2x3x3x4xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 10 : i32, input_width = 17 : i32, kernel_size = array<i32: 3, 4>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x170x3xf32>, tensor<2x3x3x4xf32>, !ttnn.device) -> tensor<1x1x112x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 8 : i32, 14 : i32, 2 : i32]}> : (tensor<1x1x112x2xf32>) -> tensor<1x8x14x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x8x14x2xf32>
// CHECK-NEXT:  }

// A dilated kernel pads by its extent and stays dilated.
func.func @dilated_kernel(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x11x8x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 2, 3>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x11x8x2xf32>
  return %y : tensor<1x11x8x2xf32>
}

// CHECK-LABEL: func.func @dilated_kernel(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x11x8x2xf32> {
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 2, 1, 1] : tensor<1x4x5x3xf32> -> tensor<1x7x5x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[DILATED]]) <{padding = array<i32: 0, 0, 4, 4, 3, 3, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x5x3xf32>) -> tensor<1x15x11x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 165 : i32, 3 : i32]}> : (tensor<1x15x11x3xf32>) -> tensor<1x1x165x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 2, 3>, groups = 1 : i32, in_channels = 3 : i32, input_height = 15 : i32, input_width = 11 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x165x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x88x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 11 : i32, 8 : i32, 2 : i32]}> : (tensor<1x1x88x2xf32>) -> tensor<1x11x8x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x11x8x2xf32>
// CHECK-NEXT:  }

// Groups stay groups: the channels swap inside each.
func.func @groups(%x: tensor<1x4x5x6xf32>, %w: tensor<6x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x6x6x4xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 6 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 4 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x6xf32>, tensor<6x2x3x2xf32>, !ttnn.device) -> tensor<1x6x6x4xf32>
  return %y : tensor<1x6x6x4xf32>
}

// CHECK-LABEL: func.func @groups(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x6xf32>, %[[W:[a-z0-9_]+]]: tensor<6x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x6x4xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x6xf32>) -> tensor<1x8x7x6xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 56 : i32, 6 : i32]}> : (tensor<1x8x7x6xf32>) -> tensor<1x1x56x6xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<6x2x3x2xf32> -> tensor<6x2x3x2xf32>
// CHECK-NEXT:    %[[GROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[FLIPPED]]) <{shape = [2 : i32, 3 : i32, 2 : i32, 3 : i32, 2 : i32]}> : (tensor<6x2x3x2xf32>) -> tensor<2x3x2x3x2xf32>
// CHECK-NEXT:    %[[SWAPPED_WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[GROUPED_WEIGHT]]) <{permutation = array<i64: 0, 2, 1, 3, 4>}> : (tensor<2x3x2x3x2xf32>) -> tensor<2x2x3x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.reshape"(%[[SWAPPED_WEIGHT]]) <{shape = [4 : i32, 3 : i32, 3 : i32, 2 : i32]}> : (tensor<2x2x3x3x2xf32>) -> tensor<4x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 6 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 4 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x56x6xf32>, tensor<4x3x3x2xf32>, !ttnn.device) -> tensor<1x1x36x4xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 6 : i32, 4 : i32]}> : (tensor<1x1x36x4xf32>) -> tensor<1x6x6x4xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x6x4xf32>
// CHECK-NEXT:  }

// One channel a group: there is nothing to swap.
func.func @depthwise(%x: tensor<1x4x5x6xf32>, %w: tensor<6x1x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x6x6x6xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 6 : i32, in_channels = 6 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x6xf32>, tensor<6x1x3x2xf32>, !ttnn.device) -> tensor<1x6x6x6xf32>
  return %y : tensor<1x6x6x6xf32>
}

// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x6xf32>, %[[W:[a-z0-9_]+]]: tensor<6x1x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x6x6xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x6xf32>) -> tensor<1x8x7x6xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 56 : i32, 6 : i32]}> : (tensor<1x8x7x6xf32>) -> tensor<1x1x56x6xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<6x1x3x2xf32> -> tensor<6x1x3x2xf32>
// CHECK-NEXT:    %[[GROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[FLIPPED]]) <{shape = [6 : i32, 1 : i32, 1 : i32, 3 : i32, 2 : i32]}> : (tensor<6x1x3x2xf32>) -> tensor<6x1x1x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.reshape"(%[[GROUPED_WEIGHT]]) <{shape = [6 : i32, 1 : i32, 3 : i32, 2 : i32]}> : (tensor<6x1x1x3x2xf32>) -> tensor<6x1x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 6 : i32, in_channels = 6 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x56x6xf32>, tensor<6x1x3x2xf32>, !ttnn.device) -> tensor<1x1x36x6xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 6 : i32, 6 : i32]}> : (tensor<1x1x36x6xf32>) -> tensor<1x6x6x6xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x6x6xf32>
// CHECK-NEXT:  }

// Two outputs a group of one channel.
func.func @depthwise_multiplier(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x6x6x6xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 3 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x6x6x6xf32>
  return %y : tensor<1x6x6x6xf32>
}

// CHECK-LABEL: func.func @depthwise_multiplier(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x6x6xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x3xf32>) -> tensor<1x8x7x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 56 : i32, 3 : i32]}> : (tensor<1x8x7x3xf32>) -> tensor<1x1x56x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[GROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[FLIPPED]]) <{shape = [3 : i32, 1 : i32, 2 : i32, 3 : i32, 2 : i32]}> : (tensor<3x2x3x2xf32>) -> tensor<3x1x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.reshape"(%[[GROUPED_WEIGHT]]) <{shape = [6 : i32, 1 : i32, 3 : i32, 2 : i32]}> : (tensor<3x1x2x3x2xf32>) -> tensor<6x1x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 3 : i32, in_channels = 3 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x56x3xf32>, tensor<6x1x3x2xf32>, !ttnn.device) -> tensor<1x1x36x6xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 6 : i32, 6 : i32]}> : (tensor<1x1x36x6xf32>) -> tensor<1x6x6x6xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x6x6xf32>
// CHECK-NEXT:  }

// An unmirrored kernel comes flipped already.
func.func @unmirrored(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x6x6x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      mirror_kernel = false, out_channels = 2 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x6x6x2xf32>
  return %y : tensor<1x6x6x2xf32>
}

// CHECK-LABEL: func.func @unmirrored(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x6x2xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x3xf32>) -> tensor<1x8x7x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 56 : i32, 3 : i32]}> : (tensor<1x8x7x3xf32>) -> tensor<1x1x56x3xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x56x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x36x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 6 : i32, 2 : i32]}> : (tensor<1x1x36x2xf32>) -> tensor<1x6x6x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x6x2xf32>
// CHECK-NEXT:  }

// Only the axis of more than one tap is flipped.
func.func @narrow_kernel(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x1x3xf32>, %device: !ttnn.device)
    -> tensor<1x4x7x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 3>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x1x3xf32>, !ttnn.device) -> tensor<1x4x7x2xf32>
  return %y : tensor<1x4x7x2xf32>
}

// CHECK-LABEL: func.func @narrow_kernel(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x3xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x4x7x2xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 0, 0, 2, 2, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x3xf32>) -> tensor<1x4x9x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 36 : i32, 3 : i32]}> : (tensor<1x4x9x3xf32>) -> tensor<1x1x36x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [3] : tensor<3x2x1x3xf32> -> tensor<3x2x1x3xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x1x3xf32>) -> tensor<2x3x1x3xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 4 : i32, input_width = 9 : i32, kernel_size = array<i32: 1, 3>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x36x3xf32>, tensor<2x3x1x3xf32>, !ttnn.device) -> tensor<1x1x28x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 4 : i32, 7 : i32, 2 : i32]}> : (tensor<1x1x28x2xf32>) -> tensor<1x4x7x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x4x7x2xf32>
// CHECK-NEXT:  }

// A 1x1 kernel is permuted only.
func.func @pointwise(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x1x1xf32>, %device: !ttnn.device)
    -> tensor<1x4x5x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x4x5x2xf32>
  return %y : tensor<1x4x5x2xf32>
}

// CHECK-LABEL: func.func @pointwise(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x4x5x2xf32> {
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [1 : i32, 1 : i32, 20 : i32, 3 : i32]}> : (tensor<1x4x5x3xf32>) -> tensor<1x1x20x3xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x1x1xf32>) -> tensor<2x3x1x1xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x20x3xf32>, tensor<2x3x1x1xf32>, !ttnn.device) -> tensor<1x1x20x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 4 : i32, 5 : i32, 2 : i32]}> : (tensor<1x1x20x2xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x4x5x2xf32>
// CHECK-NEXT:  }

// Bias, activation and configuration go to the convolution.
func.func @configured(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %b: tensor<1x1x1x2xf32>, %device: !ttnn.device)
    -> tensor<1x6x6x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %b, %device) <{
      batch_size = 1 : i32,
      conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = relu>>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, tensor<1x1x1x2xf32>, !ttnn.device) -> tensor<1x6x6x2xf32>
  return %y : tensor<1x6x6x2xf32>
}

// CHECK-LABEL: func.func @configured(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x6x6x2xf32> {
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[X]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x5x3xf32>) -> tensor<1x8x7x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 56 : i32, 3 : i32]}> : (tensor<1x8x7x3xf32>) -> tensor<1x1x56x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[B]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x56x3xf32>, tensor<2x3x3x2xf32>, tensor<1x1x1x2xf32>, !ttnn.device) -> tensor<1x1x36x2xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 6 : i32, 6 : i32, 2 : i32]}> : (tensor<1x1x36x2xf32>) -> tensor<1x6x6x2xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x6x6x2xf32>
// CHECK-NEXT:  }

// Flattened operands and results.
func.func @flattened(%x: tensor<1x1x20x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x1x42x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 1, 0>,
      stride = array<i32: 2, 1>}>
    : (tensor<1x1x20x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x1x42x2xf32>
  return %y : tensor<1x1x42x2xf32>
}

// CHECK-LABEL: func.func @flattened(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x20x3xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x42x2xf32> {
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [1 : i32, 4 : i32, 5 : i32, 3 : i32]}> : (tensor<1x1x20x3xf32>) -> tensor<1x4x5x3xf32>
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[IMAGE]] strides = [1, 2, 1, 1] : tensor<1x4x5x3xf32> -> tensor<1x7x5x3xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[DILATED]]) <{padding = array<i32: 0, 0, 1, 1, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x5x3xf32>) -> tensor<1x9x7x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 63 : i32, 3 : i32]}> : (tensor<1x9x7x3xf32>) -> tensor<1x1x63x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 9 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x63x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x42x2xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x1x42x2xf32>
// CHECK-NEXT:  }

// The two forms are independent.
func.func @flattened_input(%x: tensor<1x1x40x3xbf16>, %w: tensor<3x2x3x2xbf16>, %device: !ttnn.device)
    -> tensor<2x6x6x2xbf16> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x1x40x3xbf16>, tensor<3x2x3x2xbf16>, !ttnn.device) -> tensor<2x6x6x2xbf16>
  return %y : tensor<2x6x6x2xbf16>
}

// CHECK-LABEL: func.func @flattened_input(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x40x3xbf16>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xbf16>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<2x6x6x2xbf16> {
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [2 : i32, 4 : i32, 5 : i32, 3 : i32]}> : (tensor<1x1x40x3xbf16>) -> tensor<2x4x5x3xbf16>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[IMAGE]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<2x4x5x3xbf16>) -> tensor<2x8x7x3xbf16>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 112 : i32, 3 : i32]}> : (tensor<2x8x7x3xbf16>) -> tensor<1x1x112x3xbf16>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<3x2x3x2xbf16> -> tensor<3x2x3x2xbf16>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[FLIPPED]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x3x2xbf16>) -> tensor<2x3x3x2xbf16>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 8 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x112x3xbf16>, tensor<2x3x3x2xbf16>, !ttnn.device) -> tensor<1x1x72x2xbf16>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [2 : i32, 6 : i32, 6 : i32, 2 : i32]}> : (tensor<1x1x72x2xbf16>) -> tensor<2x6x6x2xbf16>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<2x6x6x2xbf16>
// CHECK-NEXT:  }

// The flattened result keeps the encoding that was declared; what is made on the way has none.
func.func @encoded(%x: tensor<1x1x20x3xbf16, #ttnn.layout<tile>>, %w: tensor<3x2x1x1xbf16, #ttnn.layout<row_major>>, %device: !ttnn.device)
    -> tensor<1x1x20x2xbf16, #ttnn.layout<tile>> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x1x20x3xbf16, #ttnn.layout<tile>>, tensor<3x2x1x1xbf16, #ttnn.layout<row_major>>, !ttnn.device)
    -> tensor<1x1x20x2xbf16, #ttnn.layout<tile>>
  return %y : tensor<1x1x20x2xbf16, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func @encoded(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x20x3xbf16, #ttnn.layout<tile>>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xbf16, #ttnn.layout<row_major>>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x20x2xbf16, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [1 : i32, 4 : i32, 5 : i32, 3 : i32]}> : (tensor<1x1x20x3xbf16, #ttnn.layout<tile>>) -> tensor<1x4x5x3xbf16>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[IMAGE]]) <{shape = [1 : i32, 1 : i32, 20 : i32, 3 : i32]}> : (tensor<1x4x5x3xbf16>) -> tensor<1x1x20x3xbf16>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<3x2x1x1xbf16, #ttnn.layout<row_major>>) -> tensor<2x3x1x1xbf16>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 2 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x20x3xbf16>, tensor<2x3x1x1xbf16>, !ttnn.device) -> tensor<1x1x20x2xbf16, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x1x20x2xbf16, #ttnn.layout<tile>>
// CHECK-NEXT:  }
