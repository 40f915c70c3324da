// RUN: ttnn-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK: 'ttnn.conv_transpose2d' op Attribute 'stride' contains a value less than: 1
func.func @stride(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x2x3xf32>, %d: !ttnn.device) -> tensor<1x5x7x3xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %d) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 2, 3>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 0>}> : (tensor<1x4x5x2xf32>, tensor<2x3x2x3xf32>, !ttnn.device) -> tensor<1x5x7x3xf32>
  return %y : tensor<1x5x7x3xf32>
}

// -----

// CHECK: 'ttnn.conv_transpose2d' op Mismatch between expected output size per channel and got output tensor dimensions. Expected: (5 x 7), got: (5 x 6).
func.func @result(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x2x3xf32>, %d: !ttnn.device) -> tensor<1x5x6x3xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %d) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 2, 3>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x4x5x2xf32>, tensor<2x3x2x3xf32>, !ttnn.device) -> tensor<1x5x6x3xf32>
  return %y : tensor<1x5x6x3xf32>
}

// -----

// CHECK: 'ttnn.prepare_conv_transpose2d_weights' op Only `IOHW` weights format is currently supported
func.func @format(%w: tensor<2x3x2x3xf32>, %d: !ttnn.device) -> tensor<1x1x12x3xf32> {
  %p = "ttnn.prepare_conv_transpose2d_weights"(%w, %d) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, has_bias = false, in_channels = 2 : i32, input_dtype = #ttcore.supportedDataTypes<f32>, input_height = 4 : i32, input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>, input_tensor_layout = #ttnn.layout<tile>, input_width = 5 : i32, kernel_size = array<i32: 2, 3>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>, weights_format = "OIHW"}> : (tensor<2x3x2x3xf32>, !ttnn.device) -> tensor<1x1x12x3xf32>
  return %p : tensor<1x1x12x3xf32>
}

// -----

// CHECK: 'ttcore.device_module' op expected one builtin.module in its region, got nothing
ttcore.device_module {
}

// -----

// CHECK: 'ttcore.load_cached' op expected the name of a function, got @nobody
%c = ttcore.load_cached(@nobody, []) : () -> tensor<2xf32>
