// RUN: ttnn-opt %s -p 'convert-ttnn-to-linalg{max-temporary-bytes=1000}' --split-input-file --verify-diagnostics | filecheck %s

// CHECK: 'ttnn.add' op expected tensors of known shape, got (?, ?); run ttnn-infer-shapes first
func.func @unknown_sizes(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.add"(%x, %x) : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// CHECK: 'ttnn.conv2d' op expected an activation among relu, relu6, leaky_relu, sigmoid, tanh, silu, gelu, identity, got hardtanh
func.func @unsupported_activation(%x: tensor<1x1x2x1xf32>, %w: tensor<1x1x1x1xf32>, %device: !ttnn.device) -> tensor<1x1x2x1xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = hardtanh>>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 1 : i32, input_width = 2 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 1 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %y : tensor<1x1x2x1xf32>
}

// -----

// CHECK: 'ttnn.conv2d' op expected a float result for activation gelu, got i32
func.func @curve_of_integers(%x: tensor<1x1x2x1xi32>, %w: tensor<1x1x1x1xi32>, %device: !ttnn.device) -> tensor<1x1x2x1xi32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = gelu>>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 1 : i32, input_width = 2 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 1 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x2x1xi32>, tensor<1x1x1x1xi32>, !ttnn.device) -> tensor<1x1x2x1xi32>
  return %y : tensor<1x1x2x1xi32>
}

// -----

// CHECK: 'ttnn.conv2d' op expected known fields in conv2d_config, got quantize_output
func.func @unknown_field(%x: tensor<1x1x2x1xf32>, %w: tensor<1x1x1x1xf32>, %device: !ttnn.device) -> tensor<1x1x2x1xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<quantize_output = true>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 1 : i32, input_width = 2 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 1 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %y : tensor<1x1x2x1xf32>
}

// -----

// CHECK: 'ttnn.conv2d' op expected a weights_dtype among bf16, f16, f32 and block formats, got u16
func.func @weights_of_no_float(%x: tensor<1x1x2x1xf32>, %w: tensor<1x1x1x1xf32>, %device: !ttnn.device) -> tensor<1x1x2x1xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = u16>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 1 : i32, input_width = 2 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 1 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %y : tensor<1x1x2x1xf32>
}

// -----

// Before anything else is done, and for movements too.
// CHECK: 'ttnn.permute' op expected tensors of numbers, got complex<f32>
func.func @complex(%x: tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>> {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>>
  return %0 : tensor<3x2xcomplex<f32>>
}

// -----

// CHECK: 'ttnn.pad' op expected tensors of numbers, got index
func.func @indices(%x: tensor<2xindex>) -> tensor<3xindex> {
  %0 = "ttnn.pad"(%x) <{padding = array<i32: 0, 1>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<2xindex>) -> tensor<3xindex>
  return %0 : tensor<3xindex>
}

// -----

// CHECK: 'ttnn.relu' op expected tensors of numbers, got !elsewhere.number<8>
func.func @unknown(%x: tensor<2x!elsewhere.number<8>>) -> tensor<2x!elsewhere.number<8>> {
  %0 = "ttnn.relu"(%x) : (tensor<2x!elsewhere.number<8>>) -> tensor<2x!elsewhere.number<8>>
  return %0 : tensor<2x!elsewhere.number<8>>
}

// -----

// CHECK: 'ttnn.tanh' op expected a float tensor, got i32
func.func @tanh_of_integers(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "ttnn.tanh"(%x) : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// 501 * 2 bytes.
// CHECK: 'ttnn.pad' op expected temporaries of at most 1000 bytes, got 1002 bytes for 'padded' of shape (501); raise max-temporary-bytes to allow it
func.func @large(%x: tensor<500xbf16>) -> tensor<501xbf16> {
  %0 = "ttnn.pad"(%x) <{padding = array<i32: 0, 1>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<500xbf16>) -> tensor<501xbf16>
  return %0 : tensor<501xbf16>
}

// -----

// 1000 bytes are not above the limit.
// CHECK: func.func @not_too_large
func.func @not_too_large(%x: tensor<249xf32>) -> tensor<250xf32> {
  %0 = "ttnn.pad"(%x) <{padding = array<i32: 0, 1>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<249xf32>) -> tensor<250xf32>
  return %0 : tensor<250xf32>
}

// -----

// CHECK: 'ttnn.upsample' op expected mode nearest, got bilinear
func.func @bilinear(%x: tensor<1x2x3x1xf32>) -> tensor<1x4x6x1xf32> {
  %0 = "ttnn.upsample"(%x) <{mode = "bilinear", scale_factor = 2 : si32}> : (tensor<1x2x3x1xf32>) -> tensor<1x4x6x1xf32>
  return %0 : tensor<1x4x6x1xf32>
}

// -----

// CHECK: 'ttnn.max_pool2d' op expected tensors of known shape, got (1, 1, 4, ?); run ttnn-infer-shapes first
func.func @unknown_windows(%x: tensor<1x1x4x1xf32>) -> tensor<1x1x4x?xf32> {
  %0 = "ttnn.max_pool2d"(%x) <{batch_size = 1 : si32, ceil_mode = false, channels = 1 : si32, dilation = array<i32: 1, 1>, input_height = 2 : si32, input_width = 2 : si32, kernel_size = array<i32: 1, 1>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x4x1xf32>) -> tensor<1x1x4x?xf32>
  return %0 : tensor<1x1x4x?xf32>
}

// -----

// CHECK: 'ttnn.divide' op expected a float result, got i32
func.func @divided_integers(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "ttnn.divide"(%x, %x) : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// CHECK: 'ttnn.upsample' op expected temporaries of at most 1000 bytes, got 1152 bytes for 'upsampled' of shape (1, 3, 4, 4, 6, 1); raise max-temporary-bytes to allow it
func.func @too_large(%x: tensor<1x3x4x1xf32>) -> tensor<1x12x24x1xf32> {
  %0 = "ttnn.upsample"(%x) <{mode = "nearest", scale_factor = array<i32: 4, 6>}> : (tensor<1x3x4x1xf32>) -> tensor<1x12x24x1xf32>
  return %0 : tensor<1x12x24x1xf32>
}

// -----

// CHECK: 'ttnn.global_avg_pool2d' op expected a float tensor, got i32
func.func @averaged_integers(%x: tensor<1x2x2x1xi32>) -> tensor<1x1x1x1xi32> {
  %0 = "ttnn.global_avg_pool2d"(%x) : (tensor<1x2x2x1xi32>) -> tensor<1x1x1x1xi32>
  return %0 : tensor<1x1x1x1xi32>
}
