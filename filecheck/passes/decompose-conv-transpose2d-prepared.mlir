// RUN: ttnn-opt %s -p 'decompose-conv-transpose2d{strategy=zero-insert}' | filecheck %s

// A weight is brought into rows (kh, kw, c) and columns o; the flip happens here.
func.func @prepare_weights(%w: tensor<4x3x3x2xf32>) -> tensor<1x1x12x6xf32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %0 = "ttnn.prepare_conv_transpose2d_weights"(%w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, has_bias = false,
      in_channels = 4 : i32, input_dtype = #ttcore.supportedDataTypes<f32>,
      input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 0, 0>, stride = array<i32: 2, 1>, weights_format = "IOHW"}>
    : (tensor<4x3x3x2xf32>, !ttnn.device) -> tensor<1x1x12x6xf32>
  return %0 : tensor<1x1x12x6xf32>
}

// CHECK-LABEL: func.func @prepare_weights(
// CHECK-SAME:  %[[W:[a-z0-9_]+]]: tensor<4x3x3x2xf32>) -> tensor<1x1x12x6xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() : () -> !ttnn.device
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [2, 3] : tensor<4x3x3x2xf32> -> tensor<4x3x3x2xf32>
// CHECK-NEXT:    %[[GROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[FLIPPED]]) <{shape = [2 : i32, 2 : i32, 3 : i32, 3 : i32, 2 : i32]}> : (tensor<4x3x3x2xf32>) -> tensor<2x2x3x3x2xf32>
// CHECK-NEXT:    %[[SWAPPED_WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[GROUPED_WEIGHT]]) <{permutation = array<i64: 0, 2, 1, 3, 4>}> : (tensor<2x2x3x3x2xf32>) -> tensor<2x3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.reshape"(%[[SWAPPED_WEIGHT]]) <{shape = [6 : i32, 2 : i32, 3 : i32, 2 : i32]}> : (tensor<2x3x2x3x2xf32>) -> tensor<6x2x3x2xf32>
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = "ttnn.permute"(%[[KERNEL]]) <{permutation = array<i64: 2, 3, 1, 0>}> : (tensor<6x2x3x2xf32>) -> tensor<3x2x2x6xf32>
// CHECK-NEXT:    %[[PREPARED:[a-z0-9_]+]] = "ttnn.reshape"(%[[TAPS]]) <{shape = [1 : i32, 1 : i32, 12 : i32, 6 : i32]}> : (tensor<3x2x2x6xf32>) -> tensor<1x1x12x6xf32>
// CHECK-NEXT:    func.return %[[PREPARED]] : tensor<1x1x12x6xf32>
// CHECK-NEXT:  }

// As a bf16 weight: the values are rounded last.
func.func @prepare_rounded_weights(%w: tensor<4x3x3x2xf32>, %device: !ttnn.device) -> tensor<1x1x12x6xbf16> {
  %0 = "ttnn.prepare_conv_transpose2d_weights"(%w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, has_bias = false,
      in_channels = 4 : i32, input_dtype = #ttcore.supportedDataTypes<f32>,
      input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 3, 2>, mirror_kernel = false, out_channels = 6 : i32,
      output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 1>,
      weights_format = "IOHW"}>
    : (tensor<4x3x3x2xf32>, !ttnn.device) -> tensor<1x1x12x6xbf16>
  return %0 : tensor<1x1x12x6xbf16>
}

// CHECK-LABEL: func.func @prepare_rounded_weights(
// CHECK-SAME:  %[[W:[a-z0-9_]+]]: tensor<4x3x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x12x6xbf16> {
// CHECK-NEXT:    %[[GROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[W]]) <{shape = [2 : i32, 2 : i32, 3 : i32, 3 : i32, 2 : i32]}> : (tensor<4x3x3x2xf32>) -> tensor<2x2x3x3x2xf32>
// CHECK-NEXT:    %[[SWAPPED_WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[GROUPED_WEIGHT]]) <{permutation = array<i64: 0, 2, 1, 3, 4>}> : (tensor<2x2x3x3x2xf32>) -> tensor<2x3x2x3x2xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.reshape"(%[[SWAPPED_WEIGHT]]) <{shape = [6 : i32, 2 : i32, 3 : i32, 2 : i32]}> : (tensor<2x3x2x3x2xf32>) -> tensor<6x2x3x2xf32>
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = "ttnn.permute"(%[[KERNEL]]) <{permutation = array<i64: 2, 3, 1, 0>}> : (tensor<6x2x3x2xf32>) -> tensor<3x2x2x6xf32>
// CHECK-NEXT:    %[[PREPARED:[a-z0-9_]+]] = "ttnn.reshape"(%[[TAPS]]) <{shape = [1 : i32, 1 : i32, 12 : i32, 6 : i32]}> : (tensor<3x2x2x6xf32>) -> tensor<1x1x12x6xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.typecast"(%[[PREPARED]]) : (tensor<1x1x12x6xf32>) -> tensor<1x1x12x6xbf16>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x1x12x6xbf16>
// CHECK-NEXT:  }

// What the configuration rounds weights to is a step of its own.
func.func @prepare_configured_weights(%w: tensor<1x1x2x1xf32>, %device: !ttnn.device) -> tensor<1x1x2x1xf32> {
  %0 = "ttnn.prepare_conv_transpose2d_weights"(%w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, has_bias = false, in_channels = 1 : i32,
      input_dtype = #ttcore.supportedDataTypes<f32>, input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 2, 1>, mirror_kernel = false, out_channels = 1 : i32,
      output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 1>,
      weights_format = "IOHW"}>
    : (tensor<1x1x2x1xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %0 : tensor<1x1x2x1xf32>
}

// CHECK-LABEL: func.func @prepare_configured_weights(
// CHECK-SAME:  %[[W:[a-z0-9_]+]]: tensor<1x1x2x1xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x2x1xf32> {
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 1, 0, 2, 3>}> : (tensor<1x1x2x1xf32>) -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = "ttnn.permute"(%[[KERNEL]]) <{permutation = array<i64: 2, 3, 1, 0>}> : (tensor<1x1x2x1xf32>) -> tensor<2x1x1x1xf32>
// CHECK-NEXT:    %[[PREPARED:[a-z0-9_]+]] = "ttnn.reshape"(%[[TAPS]]) <{shape = [1 : i32, 1 : i32, 2 : i32, 1 : i32]}> : (tensor<2x1x1x1xf32>) -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[ROUNDED:[a-z0-9_]+]] = "ttnn.typecast"(%[[PREPARED]]) : (tensor<1x1x2x1xf32>) -> tensor<1x1x2x1xbf16>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.typecast"(%[[ROUNDED]]) : (tensor<1x1x2x1xbf16>) -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x1x2x1xf32>
// CHECK-NEXT:  }

// A bias is what it was.
func.func @prepare_bias(%b: tensor<1x1x1x6xf32>, %device: !ttnn.device) -> tensor<1x1x1x6xf32> {
  %0 = "ttnn.prepare_conv_transpose2d_bias"(%b, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32,
      input_dtype = #ttcore.supportedDataTypes<f32>, input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 1>}>
    : (tensor<1x1x1x6xf32>, !ttnn.device) -> tensor<1x1x1x6xf32>
  return %0 : tensor<1x1x1x6xf32>
}

// CHECK-LABEL: func.func @prepare_bias(
// CHECK-SAME:  %[[B:[a-z0-9_]+]]: tensor<1x1x1x6xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x1x6xf32> {
// CHECK-NEXT:    func.return %[[B]] : tensor<1x1x1x6xf32>
// CHECK-NEXT:  }

// A prepared weight is not flipped again, though a cached function prepared it.
func.func @prepared(%x: tensor<1x4x5x4xf32>, %w: tensor<4x3x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x9x6x6xf32> {
  %0 = ttcore.load_cached(@prepare_weights, [%w]) : (tensor<4x3x3x2xf32>) -> tensor<1x1x12x6xf32>
  %1 = "ttnn.conv_transpose2d"(%x, %0, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 1>}>
    : (tensor<1x4x5x4xf32>, tensor<1x1x12x6xf32>, !ttnn.device) -> tensor<1x9x6x6xf32>
  return %1 : tensor<1x9x6x6xf32>
}

// CHECK-LABEL: func.func @prepared(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x4xf32>, %[[W:[a-z0-9_]+]]: tensor<4x3x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x9x6x6xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = ttcore.load_cached(@prepare_weights, [%[[W]]]) : (tensor<4x3x3x2xf32>) -> tensor<1x1x12x6xf32>
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = deconv.dilate_insert %[[X]] strides = [1, 2, 1, 1] : tensor<1x4x5x4xf32> -> tensor<1x7x5x4xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[DILATED]]) <{padding = array<i32: 0, 0, 2, 2, 1, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x7x5x4xf32>) -> tensor<1x11x7x4xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PADDED]]) <{shape = [1 : i32, 1 : i32, 77 : i32, 4 : i32]}> : (tensor<1x11x7x4xf32>) -> tensor<1x1x77x4xf32>
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = "ttnn.reshape"(%[[V0]]) <{shape = [3 : i32, 2 : i32, 2 : i32, 6 : i32]}> : (tensor<1x1x12x6xf32>) -> tensor<3x2x2x6xf32>
// CHECK-NEXT:    %[[KERNEL:[a-z0-9_]+]] = "ttnn.permute"(%[[TAPS]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<3x2x2x6xf32>) -> tensor<6x2x3x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[KERNEL]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32, input_height = 11 : i32, input_width = 7 : i32, kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x77x4xf32>, tensor<6x2x3x2xf32>, !ttnn.device) -> tensor<1x1x54x6xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 9 : i32, 6 : i32, 6 : i32]}> : (tensor<1x1x54x6xf32>) -> tensor<1x9x6x6xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x9x6x6xf32>
// CHECK-NEXT:  }

// Nothing but transposed convolutions is touched.
func.func @others(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "ttnn.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "ttnn.never_heard_of"(%0) <{alpha = 1 : i32}> : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @others(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<4xf32>) -> tensor<4xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.relu"(%[[X]]) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.never_heard_of"(%[[V0]]) <{alpha = 1 : i32}> : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:    func.return %[[V1]] : tensor<4xf32>
// CHECK-NEXT:  }
