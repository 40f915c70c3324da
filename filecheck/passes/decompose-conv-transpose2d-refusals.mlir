// RUN: ttnn-opt %s -p 'decompose-conv-transpose2d{strategy=zero-insert}' --split-input-file --verify-diagnostics | filecheck %s
// RUN: not ttnn-opt %s -p 'decompose-conv-transpose2d{strategy=winograd}' 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not ttnn-opt %s -p 'ttnn-to-decomposed{strategy=winograd}' 2>&1 | filecheck %s --check-prefix PIPELINE

// UNKNOWN: error: pass 'decompose-conv-transpose2d': strategy: expected one of auto, zero-insert, sub-pixel, gemm-col2im, matmul{{(, [a-z0-9-]+)*}}, got winograd
// PIPELINE: error: pass 'ttnn-to-decomposed': strategy: expected one of auto, zero-insert, sub-pixel, gemm-col2im, matmul{{(, [a-z0-9-]+)*}}, got winograd

// CHECK: 'ttnn.conv_transpose2d' op expected tensors of known shape, got (1, ?, 6, 2); run ttnn-infer-shapes first
func.func @unknown_size(%x: tensor<1x4x5x3xf32>, %w: tensor<3x2x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x?x6x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 1, 1>}>
    : (tensor<1x4x5x3xf32>, tensor<3x2x3x2xf32>, !ttnn.device) -> tensor<1x?x6x2xf32>
  return %y : tensor<1x?x6x2xf32>
}

// -----

// CHECK: 'ttnn.conv_transpose2d' op expected a prepared weight of shape (1, 1, 12, 6), got (1, 1, 32, 32)
func.func @foreign_weight(%x: tensor<1x4x5x4xf32>, %w: tensor<4x3x3x2xf32>, %device: !ttnn.device)
    -> tensor<1x9x6x6xf32> {
  %0 = "ttnn.prepare_conv_transpose2d_weights"(%w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, has_bias = false,
      in_channels = 4 : i32, input_dtype = #ttcore.supportedDataTypes<f32>,
      input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 0, 0>, stride = array<i32: 2, 1>, weights_format = "IOHW"}>
    : (tensor<4x3x3x2xf32>, !ttnn.device) -> tensor<1x1x32x32xf32>
  %1 = "ttnn.conv_transpose2d"(%x, %0, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 1>}>
    : (tensor<1x4x5x4xf32>, tensor<1x1x32x32xf32>, !ttnn.device) -> tensor<1x9x6x6xf32>
  return %1 : tensor<1x9x6x6xf32>
}

// -----

// CHECK: 'ttnn.prepare_conv_transpose2d_weights' op expected a result of shape (1, 1, 12, 6), got (1, 1, 32, 32)
func.func @foreign_preparation(%w: tensor<4x3x3x2xf32>, %device: !ttnn.device) -> tensor<1x1x32x32xf32> {
  %0 = "ttnn.prepare_conv_transpose2d_weights"(%w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, has_bias = false,
      in_channels = 4 : i32, input_dtype = #ttcore.supportedDataTypes<f32>,
      input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 0, 0>, stride = array<i32: 2, 1>, weights_format = "IOHW"}>
    : (tensor<4x3x3x2xf32>, !ttnn.device) -> tensor<1x1x32x32xf32>
  return %0 : tensor<1x1x32x32xf32>
}

// -----

// CHECK: 'ttnn.prepare_conv_transpose2d_bias' op expected a result of shape (1, 1, 1, 6), got (1, 1, 32, 6)
func.func @foreign_bias(%b: tensor<1x1x1x6xf32>, %device: !ttnn.device) -> tensor<1x1x32x6xf32> {
  %0 = "ttnn.prepare_conv_transpose2d_bias"(%b, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32,
      input_dtype = #ttcore.supportedDataTypes<f32>, input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 3, 2>, out_channels = 6 : i32, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 1>}>
    : (tensor<1x1x1x6xf32>, !ttnn.device) -> tensor<1x1x32x6xf32>
  return %0 : tensor<1x1x32x6xf32>
}

// -----

// CHECK: 'ttnn.prepare_conv_transpose2d_weights' op expected a weights_dtype among bf16, f16, f32 and block formats, got u16
func.func @weights_that_are_no_floats(%w: tensor<1x1x2x1xf32>, %device: !ttnn.device) -> tensor<1x1x2x1xf32> {
  %0 = "ttnn.prepare_conv_transpose2d_weights"(%w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = u16>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, has_bias = false, in_channels = 1 : i32,
      input_dtype = #ttcore.supportedDataTypes<f32>, input_height = 4 : i32,
      input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>,
      input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32,
      kernel_size = array<i32: 2, 1>, out_channels = 1 : i32, output_padding = array<i32: 0, 0>,
      padding = array<i32: 0, 0>, stride = array<i32: 2, 1>, weights_format = "IOHW"}>
    : (tensor<1x1x2x1xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %0 : tensor<1x1x2x1xf32>
}
