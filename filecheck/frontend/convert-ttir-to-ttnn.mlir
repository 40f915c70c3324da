// RUN: ttnn-opt %s -p convert-ttir-to-ttnn | filecheck %s

// In TTNN's order nothing moves. Four paddings are [top, left, bottom, right] and become [top, bottom, left, right]. One device serves both.
func.func @nhwc(%x: tensor<2x4x5x4xbf16>, %w: tensor<4x3x3x2xbf16>, %b: tensor<1x1x1x6xbf16>, %v: tensor<6x1x1x1xbf16>) -> tensor<2x6x13x1xbf16> {
  %y = "ttir.conv_transpose2d"(%x, %w, %b) <{stride = array<i32: 2, 3>, padding = array<i32: 1, 0, 2, 3>, output_padding = array<i32: 0, 1>, dilation = array<i32: 1, 2>, groups = 2 : i32}> : (tensor<2x4x5x4xbf16>, tensor<4x3x3x2xbf16>, tensor<1x1x1x6xbf16>) -> tensor<2x6x13x6xbf16>
  %z = "ttir.conv_transpose2d"(%y, %v) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<2x6x13x6xbf16>, tensor<6x1x1x1xbf16>) -> tensor<2x6x13x1xbf16>
  return %z : tensor<2x6x13x1xbf16>
}

// CHECK-LABEL: func.func @nhwc(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x4x5x4xbf16>, %[[W:[a-z0-9_]+]]: tensor<4x3x3x2xbf16>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x6xbf16>, %[[V:[a-z0-9_]+]]: tensor<6x1x1x1xbf16>) -> tensor<2x6x13x1xbf16> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[B]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 2>, groups = 2 : i32, in_channels = 4 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, output_padding = array<i32: 0, 1>, padding = array<i32: 1, 2, 0, 3>, stride = array<i32: 2, 3>}> : (tensor<2x4x5x4xbf16>, tensor<4x3x3x2xbf16>, tensor<1x1x1x6xbf16>, !ttnn.device) -> tensor<2x6x13x6xbf16>
// CHECK-NEXT:    %[[UPSAMPLED_1:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[UPSAMPLED]], %[[V]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 6 : i32, input_height = 6 : i32, input_width = 13 : i32, kernel_size = array<i32: 1, 1>, out_channels = 1 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<2x6x13x6xbf16>, tensor<6x1x1x1xbf16>, !ttnn.device) -> tensor<2x6x13x1xbf16>
// CHECK-NEXT:    func.return %[[UPSAMPLED_1]] : tensor<2x6x13x1xbf16>
// CHECK-NEXT:  }

// Another order: permutes around, the bias reshaped, the destination gone.
func.func @nchw(%x: tensor<1x2x4x5xf32>, %w: tensor<2x3x3x2xf32>, %b: tensor<1x3x1x1xf32>) -> tensor<1x3x7x7xf32> {
  %d = ttir.empty() : tensor<1x3x7x7xf32>
  %y = "ttir.conv_transpose2d"(%x, %w, %b, %d) <{batch_dim = 0 : i64, channel_dim = 1 : i64, dilation = 1 : i32, groups = 1 : i32, height_dim = 2 : i64, output_padding = array<i32: 0, 1>, padding = array<i32: 1, 2>, stride = 2 : i32, width_dim = 3 : i64}> : (tensor<1x2x4x5xf32>, tensor<2x3x3x2xf32>, tensor<1x3x1x1xf32>, tensor<1x3x7x7xf32>) -> tensor<1x3x7x7xf32>
  return %y : tensor<1x3x7x7xf32>
}

// CHECK-LABEL: func.func @nchw(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x4x5xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x3x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x3x1x1xf32>) -> tensor<1x3x7x7xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 0, 2, 3, 1>}> : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    %[[BIAS:[a-z0-9_]+]] = "ttnn.reshape"(%[[B]]) <{shape = [1 : i32, 1 : i32, 1 : i32, 3 : i32]}> : (tensor<1x3x1x1xf32>) -> tensor<1x1x1x3xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[IMAGE]], %[[W]], %[[BIAS]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, out_channels = 3 : i32, output_padding = array<i32: 0, 1>, padding = array<i32: 1, 2>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x3x2xf32>, tensor<1x1x1x3xf32>, !ttnn.device) -> tensor<1x7x7x3xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.permute"(%[[UPSAMPLED]]) <{permutation = array<i64: 0, 3, 1, 2>}> : (tensor<1x7x7x3xf32>) -> tensor<1x3x7x7xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x3x7x7xf32>
// CHECK-NEXT:  }

// Three operands, the third a destination of the oldest files.
func.func @destination(%x: tensor<1x2x3x1xf32>, %w: tensor<1x1x2x2xf32>) -> tensor<1x3x4x1xf32> {
  %d = tensor.empty() : tensor<1x3x4x1xf32>
  %y = "ttir.conv_transpose2d"(%x, %w, %d) <{stride = 1 : i32, padding = 0 : i32, output_padding = 0 : i32, dilation = 1 : i32, groups = 1 : i32}> : (tensor<1x2x3x1xf32>, tensor<1x1x2x2xf32>, tensor<1x3x4x1xf32>) -> tensor<1x3x4x1xf32>
  return %y : tensor<1x3x4x1xf32>
}

// CHECK-LABEL: func.func @destination(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x1xf32>, %[[W:[a-z0-9_]+]]: tensor<1x1x2x2xf32>) -> tensor<1x3x4x1xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32, input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 2, 2>, out_channels = 1 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x2x3x1xf32>, tensor<1x1x2x2xf32>, !ttnn.device) -> tensor<1x3x4x1xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x3x4x1xf32>
// CHECK-NEXT:  }

// The flattened form, whose sizes are in an attribute.
func.func @flattened(%x: tensor<1x1x12x1xf32>, %w: tensor<1x1x2x2xf32>) -> tensor<1x1x24x1xf32> {
  %y = "ttir.conv_transpose2d"(%x, %w) <{dilation = array<i32: 1, 1>, flattened_compat_info = #ttir<flattened_compat batch_size = 2, input_height = 2, input_width = 3>, groups = 1 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0, 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x12x1xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x24x1xf32>
  return %y : tensor<1x1x24x1xf32>
}

// CHECK-LABEL: func.func @flattened(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x12x1xf32>, %[[W:[a-z0-9_]+]]: tensor<1x1x2x2xf32>) -> tensor<1x1x24x1xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32, input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 2, 2>, out_channels = 1 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x12x1xf32>, tensor<1x1x2x2xf32>, !ttnn.device) -> tensor<1x1x24x1xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x1x24x1xf32>
// CHECK-NEXT:  }

// A plain convolution, between reshapes to and from the form that TTNN takes.
func.func @conv2d(%x: tensor<2x3x5x6xf32>, %w: tensor<4x3x2x3xf32>) -> tensor<2x4x3x6xf32> {
  %y = "ttir.conv2d"(%x, %w) <{batch_dim = 0 : i64, channel_dim = 1 : i64, dilation = 1 : i32, groups = 1 : i32, height_dim = 2 : i64, padding = array<i32: 0, 1, 1, 1>, stride = array<i32: 2, 1>, width_dim = 3 : i64}> : (tensor<2x3x5x6xf32>, tensor<4x3x2x3xf32>) -> tensor<2x4x3x6xf32>
  return %y : tensor<2x4x3x6xf32>
}

// CHECK-LABEL: func.func @conv2d(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x5x6xf32>, %[[W:[a-z0-9_]+]]: tensor<4x3x2x3xf32>) -> tensor<2x4x3x6xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 0, 2, 3, 1>}> : (tensor<2x3x5x6xf32>) -> tensor<2x5x6x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[IMAGE]]) <{shape = [1 : i32, 1 : i32, 60 : i32, 3 : i32]}> : (tensor<2x5x6x3xf32>) -> tensor<1x1x60x3xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[W]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 5 : i32, input_width = 6 : i32, kernel_size = array<i32: 2, 3>, out_channels = 4 : i32, padding = array<i32: 0, 1, 1, 1>, stride = array<i32: 2, 1>}> : (tensor<1x1x60x3xf32>, tensor<4x3x2x3xf32>, !ttnn.device) -> tensor<1x1x36x4xf32>
// CHECK-NEXT:    %[[IMAGE_1:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [2 : i32, 3 : i32, 6 : i32, 4 : i32]}> : (tensor<1x1x36x4xf32>) -> tensor<2x3x6x4xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.permute"(%[[IMAGE_1]]) <{permutation = array<i64: 0, 3, 1, 2>}> : (tensor<2x3x6x4xf32>) -> tensor<2x4x3x6xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<2x4x3x6xf32>
// CHECK-NEXT:  }

// Poolings have paddings in one order in both dialects: top, left, bottom, right.
func.func @pooling(%x: tensor<1x4x5x2xf32>) -> tensor<1x4x6x2xf32> {
  %0 = "ttir.max_pool2d"(%x) <{ceil_mode = false, dilation = array<i32: 1, 1>, kernel = array<i32: 3, 2>, padding = array<i32: 1, 0, 0, 1>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>) -> tensor<1x2x3x2xf32>
  %1 = "ttir.upsample2d"(%0) <{mode = "nearest", scale_factor = 2 : si32}> : (tensor<1x2x3x2xf32>) -> tensor<1x4x6x2xf32>
  return %1 : tensor<1x4x6x2xf32>
}

// CHECK-LABEL: func.func @pooling(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>) -> tensor<1x4x6x2xf32> {
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [1 : i32, 1 : i32, 20 : i32, 2 : i32]}> : (tensor<1x4x5x2xf32>) -> tensor<1x1x20x2xf32>
// CHECK-NEXT:    %[[POOLED:[a-z0-9_]+]] = "ttnn.max_pool2d"(%[[PIXELS]]) <{batch_size = 1 : si32, ceil_mode = false, channels = 2 : si32, dilation = array<i32: 1, 1>, input_height = 4 : si32, input_width = 5 : si32, kernel_size = array<i32: 3, 2>, padding = array<i32: 1, 0, 0, 1>, stride = array<i32: 2, 2>}> : (tensor<1x1x20x2xf32>) -> tensor<1x1x6x2xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[POOLED]]) <{shape = [1 : i32, 2 : i32, 3 : i32, 2 : i32]}> : (tensor<1x1x6x2xf32>) -> tensor<1x2x3x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.upsample"(%[[IMAGE]]) <{mode = "nearest", scale_factor = array<i32: 2, 2>}> : (tensor<1x2x3x2xf32>) -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x4x6x2xf32>
// CHECK-NEXT:  }

// What keeps its name, and what does not.
func.func @plain(%x: tensor<2x3xf32>) -> tensor<1x8x4xf32> {
  %d = ttir.empty() : tensor<2x3xf32>
  %0 = "ttir.leaky_relu"(%x, %d) <{parameter = 0.5 : f32}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ttir.transpose"(%0) <{dim0 = -1 : si32, dim1 = -2 : si32}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = "ttir.unsqueeze"(%1) <{dim = 0 : si32}> : (tensor<3x2xf32>) -> tensor<1x3x2xf32>
  %3 = "ttir.broadcast"(%2) <{broadcast_dimensions = array<i64: 1, 1, 2>}> : (tensor<1x3x2xf32>) -> tensor<1x3x4xf32>
  %4 = "ttir.reverse"(%3) <{dimensions = array<i64: 1>}> : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %5 = "ttir.ones"() <{shape = array<i32: 1, 4, 4>}> : () -> tensor<1x4x4xf32>
  %6 = "ttir.concat"(%4, %5) <{dim = 1 : si32}> : (tensor<1x3x4xf32>, tensor<1x4x4xf32>) -> tensor<1x7x4xf32>
  %7 = "ttir.pad"(%6) <{padding = array<i32: 0, 0, 1, 0, 0, 0>, value = 0.0 : f32}> : (tensor<1x7x4xf32>) -> tensor<1x8x4xf32>
  %8 = "ttir.typecast"(%7) <{conservative_folding = false}> : (tensor<1x8x4xf32>) -> tensor<1x8x4xbf16>
  %9 = "ttir.typecast"(%8) : (tensor<1x8x4xbf16>) -> tensor<1x8x4xf32>
  return %9 : tensor<1x8x4xf32>
}

// CHECK-LABEL: func.func @plain(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<1x8x4xf32> {
// CHECK-NEXT:    %[[LEAKY_RELU:[a-z0-9_]+]] = "ttnn.leaky_relu"(%[[X]]) <{parameter = 5.000000e-01 : f32}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = "ttnn.permute"(%[[LEAKY_RELU]]) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    %[[RESHAPED:[a-z0-9_]+]] = "ttnn.reshape"(%[[TRANSPOSED]]) <{shape = [1 : i32, 3 : i32, 2 : i32]}> : (tensor<3x2xf32>) -> tensor<1x3x2xf32>
// CHECK-NEXT:    %[[REPEATED:[a-z0-9_]+]] = "ttnn.repeat"(%[[RESHAPED]]) <{repeat_dims = #ttnn.shape<1x1x2>}> : (tensor<1x3x2xf32>) -> tensor<1x3x4xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[REPEATED]] dimensions = [1] : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
// CHECK-NEXT:    %[[FILLED:[a-z0-9_]+]] = "ttnn.constant"() <{value = dense<1.000000e+00> : tensor<1x4x4xf32>}> : () -> tensor<1x4x4xf32>
// CHECK-NEXT:    %[[CONCAT:[a-z0-9_]+]] = "ttnn.concat"(%[[FLIPPED]], %[[FILLED]]) <{dim = 1 : si32}> : (tensor<1x3x4xf32>, tensor<1x4x4xf32>) -> tensor<1x7x4xf32>
// CHECK-NEXT:    %[[PAD:[a-z0-9_]+]] = "ttnn.pad"(%[[CONCAT]]) <{padding = array<i32: 0, 0, 1, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x4xf32>) -> tensor<1x8x4xf32>
// CHECK-NEXT:    %[[TYPECAST:[a-z0-9_]+]] = "ttnn.typecast"(%[[PAD]]) : (tensor<1x8x4xf32>) -> tensor<1x8x4xbf16>
// CHECK-NEXT:    %[[TYPECAST_1:[a-z0-9_]+]] = "ttnn.typecast"(%[[TYPECAST]]) : (tensor<1x8x4xbf16>) -> tensor<1x8x4xf32>
// CHECK-NEXT:    func.return %[[TYPECAST_1]] : tensor<1x8x4xf32>
// CHECK-NEXT:  }

// An op without a counterpart stays, with its destination, between those that have one.
func.func @unknown(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %d = ttir.empty() : tensor<2x3xf32>
  %0 = "ttir.relu"(%x, %d) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ttir.softmax"(%0, %d) <{dimension = 1 : si32}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<2x3xf32> {
// CHECK-NEXT:    %[[D:[a-z0-9_]+]] = ttir.empty() : tensor<2x3xf32>
// CHECK-NEXT:    %[[RELU:[a-z0-9_]+]] = "ttnn.relu"(%[[X]]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttir.softmax"(%[[RELU]], %[[D]]) <{dimension = 1 : si32}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<2x3xf32>
// CHECK-NEXT:  }
