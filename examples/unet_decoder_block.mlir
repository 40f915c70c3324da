// One block of a U-Net's decoder, in bf16: the transposed convolution doubles the image, the encoder's output of that size
// is put beside it (concat along the channels), two 3x3 convolutions follow. NHWC activations where TTNN allows them; its
// conv2d takes and gives the flattened form, so reshapes stand around the pair.
#dram = #ttnn.buffer_type<dram>
#system_memory = #ttnn.buffer_type<system_memory>
#layout_1x16x24x128 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 512 + d1 * 32 + d2, d3), <1x1>, memref<16x4x!ttcore.tile<32x32, bf16>, #dram>, <interleaved>>
#layout_1x32x48x64 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 2048 + d1 * 64 + d2, d3), <1x1>, memref<64x2x!ttcore.tile<32x32, bf16>, #dram>, <interleaved>>
#layout_host_128x64x2x2 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 128 + d1 * 2 + d2, d3), <1x1>, memref<16384x2xbf16, #system_memory>>
#layout_host_1x1x1x64 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 + d1 + d2, d3), <1x1>, memref<1x64xbf16, #system_memory>>
#layout_host_64x128x3x3 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 384 + d1 * 3 + d2, d3), <1x1>, memref<24576x3xbf16, #system_memory>>
#layout_host_64x64x3x3 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 192 + d1 * 3 + d2, d3), <1x1>, memref<12288x3xbf16, #system_memory>>
#layout_1x32x48x128 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 2048 + d1 * 64 + d2, d3), <1x1>, memref<64x4x!ttcore.tile<32x32, bf16>, #dram>, <interleaved>>
#layout_1x1x1536x128 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 1536 + d1 * 1536 + d2, d3), <1x1>, memref<48x4x!ttcore.tile<32x32, bf16>, #dram>, <interleaved>>
#layout_1x1x1536x64 = #ttnn.ttnn_layout<(d0, d1, d2, d3) -> (d0 * 1536 + d1 * 1536 + d2, d3), <1x1>, memref<48x2x!ttcore.tile<32x32, bf16>, #dram>, <interleaved>>
module @unet_decoder_block attributes {ttcore.meshes = #ttcore.meshes<[<"mesh" = 1x1>]>} {
  func.func @main(
      %x: tensor<1x16x24x128xbf16, #layout_1x16x24x128> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "x"},
      %skip: tensor<1x32x48x64xbf16, #layout_1x32x48x64> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "skip"},
      %w_up: tensor<128x64x2x2xbf16, #layout_host_128x64x2x2> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up.weight"},
      %b_up: tensor<1x1x1x64xbf16, #layout_host_1x1x1x64> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up.bias"},
      %w_conv1: tensor<64x128x3x3xbf16, #layout_host_64x128x3x3> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "conv1.weight"},
      %b_conv1: tensor<1x1x1x64xbf16, #layout_host_1x1x1x64> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "conv1.bias"},
      %w_conv2: tensor<64x64x3x3xbf16, #layout_host_64x64x3x3> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "conv2.weight"},
      %b_conv2: tensor<1x1x1x64xbf16, #layout_host_1x1x1x64> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "conv2.bias"})
      -> tensor<1x32x48x64xbf16, #layout_1x32x48x64> attributes {tt.function_type = "forward_device"} {
    %device = "ttnn.get_device"() <{mesh_offset = #ttnn<mesh_offset 0x0>, mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
    // Up: 16x24x128 -> 32x48x64, each pixel to a 2x2 block of its own.
    %up = "ttnn.conv_transpose2d"(%x, %w_up, %b_up, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16>, dilation = array<i32: 1, 1>, groups = 1 : i32,
        in_channels = 128 : i32, input_height = 16 : i32, input_width = 24 : i32, kernel_size = array<i32: 2, 2>,
        out_channels = 64 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
        stride = array<i32: 2, 2>
      }> : (tensor<1x16x24x128xbf16, #layout_1x16x24x128>, tensor<128x64x2x2xbf16, #layout_host_128x64x2x2>, tensor<1x1x1x64xbf16, #layout_host_1x1x1x64>, !ttnn.device) -> tensor<1x32x48x64xbf16, #layout_1x32x48x64>
    "ttnn.deallocate"(%x) <{force = false}> : (tensor<1x16x24x128xbf16, #layout_1x16x24x128>) -> ()
    %joined = "ttnn.concat"(%skip, %up) <{dim = 3 : si32}> : (tensor<1x32x48x64xbf16, #layout_1x32x48x64>, tensor<1x32x48x64xbf16, #layout_1x32x48x64>) -> tensor<1x32x48x128xbf16, #layout_1x32x48x128>
    "ttnn.deallocate"(%up) <{force = false}> : (tensor<1x32x48x64xbf16, #layout_1x32x48x64>) -> ()
    "ttnn.deallocate"(%skip) <{force = false}> : (tensor<1x32x48x64xbf16, #layout_1x32x48x64>) -> ()
    %pixels = "ttnn.reshape"(%joined) <{shape = [1 : i32, 1 : i32, 1536 : i32, 128 : i32]}> : (tensor<1x32x48x128xbf16, #layout_1x32x48x128>) -> tensor<1x1x1536x128xbf16, #layout_1x1x1536x128>
    // Two 3x3 convolutions, the first with its relu inside.
    %conv1 = "ttnn.conv2d"(%pixels, %w_conv1, %b_conv1, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = relu>>,
        dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 128 : i32, input_height = 32 : i32,
        input_width = 48 : i32, kernel_size = array<i32: 3, 3>, out_channels = 64 : i32,
        padding = array<i32: 1, 1>, stride = array<i32: 1, 1>
      }> : (tensor<1x1x1536x128xbf16, #layout_1x1x1536x128>, tensor<64x128x3x3xbf16, #layout_host_64x128x3x3>, tensor<1x1x1x64xbf16, #layout_host_1x1x1x64>, !ttnn.device) -> tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>
    "ttnn.deallocate"(%pixels) <{force = false}> : (tensor<1x1x1536x128xbf16, #layout_1x1x1536x128>) -> ()
    %conv2 = "ttnn.conv2d"(%conv1, %w_conv2, %b_conv2, %device) <{
        batch_size = 1 : i32,
        compute_config = #ttnn.device_compute_kernel_config<math_fidelity = hifi4, fp32_dest_acc_en = true>,
        conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16>, dilation = array<i32: 1, 1>, groups = 1 : i32,
        in_channels = 64 : i32, input_height = 32 : i32, input_width = 48 : i32, kernel_size = array<i32: 3, 3>,
        out_channels = 64 : i32, padding = array<i32: 1, 1>, stride = array<i32: 1, 1>
      }> : (tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>, tensor<64x64x3x3xbf16, #layout_host_64x64x3x3>, tensor<1x1x1x64xbf16, #layout_host_1x1x1x64>, !ttnn.device) -> tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>
    "ttnn.deallocate"(%conv1) <{force = false}> : (tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>) -> ()
    %relu = "ttnn.relu"(%conv2) : (tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>) -> tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>
    %y = "ttnn.reshape"(%relu) <{shape = [1 : i32, 32 : i32, 48 : i32, 64 : i32]}> : (tensor<1x1x1536x64xbf16, #layout_1x1x1536x64>) -> tensor<1x32x48x64xbf16, #layout_1x32x48x64>
    return %y : tensor<1x32x48x64xbf16, #layout_1x32x48x64>
  }
}
