// RUN: ttnn-opt %s | filecheck %s
// RUN: ttnn-opt %s | ttnn-opt | filecheck %s
// RUN: ttnn-opt %s --print-op-generic | ttnn-opt | filecheck %s

// Aliases are written out, mirror_kernel = true is elided, everything else stays in place.
#dram = #ttnn.buffer_type<dram>
#layout = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 96 + d1 * 96 + d2, d3), <1x1>, memref<3x2x!ttcore.tile<32x32, bf16>, #dram>, <interleaved>>
func.func @main(%x: tensor<1x1x96x64xbf16, #layout>, %w: tensor<64x32x4x3xbf16>, %b: tensor<1x1x1x32xbf16>) -> tensor<1x16x22x32xbf16> {
  %d = "ttnn.get_device"() <{mesh_offset = #ttnn<mesh_offset 0x0>, mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
  %y = "ttnn.conv_transpose2d"(%x, %w, %b, %d) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 64 : i32, input_height = 8 : i32, input_width = 12 : i32, kernel_size = array<i32: 4, 3>, mirror_kernel = true, out_channels = 32 : i32, output_padding = array<i32: 0, 1>, padding = array<i32: 1, 1, 2, 2>, stride = array<i32: 2, 2>}> : (tensor<1x1x96x64xbf16, #layout>, tensor<64x32x4x3xbf16>, tensor<1x1x1x32xbf16>, !ttnn.device) -> tensor<1x16x22x32xbf16>
  return %y : tensor<1x16x22x32xbf16>
}

// CHECK:      func.func @main(%[[X:.+]]: tensor<1x1x96x64xbf16, #ttnn.ttnn_layout<(d0, d1, d2, d3) -> ((((d0 * 96) + (d1 * 96)) + d2), d3), <1x1>, memref<3x2x!ttcore.tile<32x32, bf16>, #ttnn.buffer_type<dram>>, <interleaved>>>, %[[W:.+]]: tensor<64x32x4x3xbf16>, %[[B:.+]]: tensor<1x1x1x32xbf16>) -> tensor<1x16x22x32xbf16> {
// CHECK-NEXT:   %[[DEVICE:.+]] = "ttnn.get_device"() <{mesh_offset = #ttnn<mesh_offset 0x0>, mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:   %[[Y:.+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[B]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 64 : i32, input_height = 8 : i32, input_width = 12 : i32, kernel_size = array<i32: 4, 3>, out_channels = 32 : i32, output_padding = array<i32: 0, 1>, padding = array<i32: 1, 1, 2, 2>, stride = array<i32: 2, 2>}> : (tensor<1x1x96x64xbf16, #ttnn.ttnn_layout<(d0, d1, d2, d3) -> ((((d0 * 96) + (d1 * 96)) + d2), d3), <1x1>, memref<3x2x!ttcore.tile<32x32, bf16>, #ttnn.buffer_type<dram>>, <interleaved>>>, tensor<64x32x4x3xbf16>, tensor<1x1x1x32xbf16>, !ttnn.device) -> tensor<1x16x22x32xbf16>
// CHECK-NEXT:   func.return %[[Y]] : tensor<1x16x22x32xbf16>
// CHECK-NEXT: }
