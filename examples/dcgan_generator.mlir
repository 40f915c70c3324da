// The generator of a DCGAN (64x64 RGB images, 64 feature maps): noise of 100 numbers -> 4x4x512 -> 8x8x256 -> 16x16x128 ->
// 32x32x64 -> 64x64x3, batch norms folded into weights and biases. Activations are flattened, 1 x 1 x N*H*W x C, as TTNN
// convolutions hand them on; the relu is fused into three layers and an op of its own behind the fourth.
#dram = #ttnn.buffer_type<dram>
#system_memory = #ttnn.buffer_type<system_memory>
#layout_1x1x1x100 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 32 + d1 * 32 + d2, d3), <1x1>, memref<1x4x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_host_100x512x4x4 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 2048 + d1 * 4 + d2, d3), <1x1>, memref<204800x4xf32, #system_memory>>
#layout_host_1x1x1x512 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 + d1 + d2, d3), <1x1>, memref<1x512xf32, #system_memory>>
#layout_host_512x256x4x4 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 1024 + d1 * 4 + d2, d3), <1x1>, memref<524288x4xf32, #system_memory>>
#layout_host_1x1x1x256 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 + d1 + d2, d3), <1x1>, memref<1x256xf32, #system_memory>>
#layout_host_256x128x4x4 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 512 + d1 * 4 + d2, d3), <1x1>, memref<131072x4xf32, #system_memory>>
#layout_host_1x1x1x128 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 + d1 + d2, d3), <1x1>, memref<1x128xf32, #system_memory>>
#layout_host_128x64x4x4 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 256 + d1 * 4 + d2, d3), <1x1>, memref<32768x4xf32, #system_memory>>
#layout_host_1x1x1x64 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 + d1 + d2, d3), <1x1>, memref<1x64xf32, #system_memory>>
#layout_host_64x3x4x4 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 12 + d1 * 4 + d2, d3), <1x1>, memref<768x4xf32, #system_memory>>
#layout_host_1x1x1x3 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 + d1 + d2, d3), <1x1>, memref<1x3xf32, #system_memory>>
#layout_1x1x16x512 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 32 + d1 * 32 + d2, d3), <1x1>, memref<1x16x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_1x1x64x256 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 64 + d1 * 64 + d2, d3), <1x1>, memref<2x8x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_1x1x256x128 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 256 + d1 * 256 + d2, d3), <1x1>, memref<8x4x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_1x1x1024x64 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 1024 + d1 * 1024 + d2, d3), <1x1>, memref<32x2x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_1x1x4096x3 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 4096 + d1 * 4096 + d2, d3), <1x1>, memref<128x1x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_1x64x64x3 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 4096 + d1 * 64 + d2, d3), <1x1>, memref<128x1x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
#layout_1x3x64x64 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 192 + d1 * 64 + d2, d3), <1x1>, memref<6x2x!ttcore.tile<32x32, f32>, #dram>, <interleaved>>
module @dcgan_generator attributes {ttcore.meshes = #ttcore.meshes<[<"mesh" = 1x1>]>} {
  func.func @main(
      %z: tensor<1x1x1x100xf32, #layout_1x1x1x100> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "z"},
      %w0: tensor<100x512x4x4xf32, #layout_host_100x512x4x4> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer0.weight"},
      %b0: tensor<1x1x1x512xf32, #layout_host_1x1x1x512> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer0.bias"},
      %w1: tensor<512x256x4x4xf32, #layout_host_512x256x4x4> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer1.weight"},
      %b1: tensor<1x1x1x256xf32, #layout_host_1x1x1x256> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer1.bias"},
      %w2: tensor<256x128x4x4xf32, #layout_host_256x128x4x4> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer2.weight"},
      %b2: tensor<1x1x1x128xf32, #layout_host_1x1x1x128> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer2.bias"},
      %w3: tensor<128x64x4x4xf32, #layout_host_128x64x4x4> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer3.weight"},
      %b3: tensor<1x1x1x64xf32, #layout_host_1x1x1x64> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer3.bias"},
      %w4: tensor<64x3x4x4xf32, #layout_host_64x3x4x4> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer4.weight"},
      %b4: tensor<1x1x1x3xf32, #layout_host_1x1x1x3> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "layer4.bias"})
      -> tensor<1x3x64x64xf32, #layout_1x3x64x64> attributes {tt.function_type = "forward_device"} {
    %device = "ttnn.get_device"() <{mesh_offset = #ttnn<mesh_offset 0x0>, mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
    // 1x1x100 -> 4x4x512
    %y0 = "ttnn.conv_transpose2d"(%z, %w0, %b0, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>,
        groups = 1 : i32, in_channels = 100 : i32, input_height = 1 : i32, input_width = 1 : i32,
        kernel_size = array<i32: 4, 4>, out_channels = 512 : i32, output_padding = array<i32: 0, 0>,
        padding = array<i32: 0, 0>, stride = array<i32: 1, 1>
      }> : (tensor<1x1x1x100xf32, #layout_1x1x1x100>, tensor<100x512x4x4xf32, #layout_host_100x512x4x4>, tensor<1x1x1x512xf32, #layout_host_1x1x1x512>, !ttnn.device) -> tensor<1x1x16x512xf32, #layout_1x1x16x512>
    "ttnn.deallocate"(%z) <{force = false}> : (tensor<1x1x1x100xf32, #layout_1x1x1x100>) -> ()
    // 4x4x512 -> 8x8x256
    %y1 = "ttnn.conv_transpose2d"(%y0, %w1, %b1, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>,
        groups = 1 : i32, in_channels = 512 : i32, input_height = 4 : i32, input_width = 4 : i32,
        kernel_size = array<i32: 4, 4>, out_channels = 256 : i32, output_padding = array<i32: 0, 0>,
        padding = array<i32: 1, 1>, stride = array<i32: 2, 2>
      }> : (tensor<1x1x16x512xf32, #layout_1x1x16x512>, tensor<512x256x4x4xf32, #layout_host_512x256x4x4>, tensor<1x1x1x256xf32, #layout_host_1x1x1x256>, !ttnn.device) -> tensor<1x1x64x256xf32, #layout_1x1x64x256>
    "ttnn.deallocate"(%y0) <{force = false}> : (tensor<1x1x16x512xf32, #layout_1x1x16x512>) -> ()
    // 8x8x256 -> 16x16x128
    %y2 = "ttnn.conv_transpose2d"(%y1, %w2, %b2, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>,
        groups = 1 : i32, in_channels = 256 : i32, input_height = 8 : i32, input_width = 8 : i32,
        kernel_size = array<i32: 4, 4>, out_channels = 128 : i32, output_padding = array<i32: 0, 0>,
        padding = array<i32: 1, 1>, stride = array<i32: 2, 2>
      }> : (tensor<1x1x64x256xf32, #layout_1x1x64x256>, tensor<256x128x4x4xf32, #layout_host_256x128x4x4>, tensor<1x1x1x128xf32, #layout_host_1x1x1x128>, !ttnn.device) -> tensor<1x1x256x128xf32, #layout_1x1x256x128>
    "ttnn.deallocate"(%y1) <{force = false}> : (tensor<1x1x64x256xf32, #layout_1x1x64x256>) -> ()
    // 16x16x128 -> 32x32x64
    %y3 = "ttnn.conv_transpose2d"(%y2, %w3, %b3, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 128 : i32, input_height = 16 : i32,
        input_width = 16 : i32, kernel_size = array<i32: 4, 4>, out_channels = 64 : i32,
        output_padding = array<i32: 0, 0>, padding = array<i32: 1, 1>, stride = array<i32: 2, 2>
      }> : (tensor<1x1x256x128xf32, #layout_1x1x256x128>, tensor<128x64x4x4xf32, #layout_host_128x64x4x4>, tensor<1x1x1x64xf32, #layout_host_1x1x1x64>, !ttnn.device) -> tensor<1x1x1024x64xf32, #layout_1x1x1024x64>
    "ttnn.deallocate"(%y2) <{force = false}> : (tensor<1x1x256x128xf32, #layout_1x1x256x128>) -> ()
    %relu = "ttnn.relu"(%y3) : (tensor<1x1x1024x64xf32, #layout_1x1x1024x64>) -> tensor<1x1x1024x64xf32, #layout_1x1x1024x64>
    "ttnn.deallocate"(%y3) <{force = false}> : (tensor<1x1x1024x64xf32, #layout_1x1x1024x64>) -> ()
    // 32x32x64 -> 64x64x3
    %y4 = "ttnn.conv_transpose2d"(%relu, %w4, %b4, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 64 : i32, input_height = 32 : i32,
        input_width = 32 : i32, kernel_size = array<i32: 4, 4>, out_channels = 3 : i32,
        output_padding = array<i32: 0, 0>, padding = array<i32: 1, 1>, stride = array<i32: 2, 2>
      }> : (tensor<1x1x1024x64xf32, #layout_1x1x1024x64>, tensor<64x3x4x4xf32, #layout_host_64x3x4x4>, tensor<1x1x1x3xf32, #layout_host_1x1x1x3>, !ttnn.device) -> tensor<1x1x4096x3xf32, #layout_1x1x4096x3>
    "ttnn.deallocate"(%relu) <{force = false}> : (tensor<1x1x1024x64xf32, #layout_1x1x1024x64>) -> ()
    %tanh = "ttnn.tanh"(%y4) : (tensor<1x1x4096x3xf32, #layout_1x1x4096x3>) -> tensor<1x1x4096x3xf32, #layout_1x1x4096x3>
    "ttnn.deallocate"(%y4) <{force = false}> : (tensor<1x1x4096x3xf32, #layout_1x1x4096x3>) -> ()
    %image = "ttnn.reshape"(%tanh) <{shape = [1 : i32, 64 : i32, 64 : i32, 3 : i32]}> : (tensor<1x1x4096x3xf32, #layout_1x1x4096x3>) -> tensor<1x64x64x3xf32, #layout_1x64x64x3>
    %nchw = "ttnn.permute"(%image) <{permutation = array<i64: 0, 3, 1, 2>}> : (tensor<1x64x64x3xf32, #layout_1x64x64x3>) -> tensor<1x3x64x64xf32, #layout_1x3x64x64>
    return %nchw : tensor<1x3x64x64xf32, #layout_1x3x64x64>
  }
}
