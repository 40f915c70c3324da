// The up block of a U-Net as tt-forge hands it to tt-mlir: TTIR, channels first. A transposed convolution of kernel and
// stride 2, its bias added behind it, the skip connection, a convolution with four paddings, relu.
//   ttnn-run examples/ttir_up_block.mlir --passes convert-ttir-to-ttnn --floor loops --check
module @UpBlock {
  func.func @forward(%arg0: tensor<1x16x6x8xf32> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "x"}, %arg1: tensor<1x8x12x16xf32> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "skip"}, %arg2: tensor<16x8x2x2xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up.weight"}, %arg3: tensor<8xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up.bias"}, %arg4: tensor<8x16x3x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "conv.weight"}, %arg5: tensor<1x8x1x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "conv.bias"}) -> (tensor<1x8x12x16xf32> {ttir.name = "UpBlock.output"}) {
    %0 = "ttir.conv_transpose2d"(%arg0, %arg2) <{batch_dim = 0 : i64, channel_dim = 1 : i64, dilation = array<i32: 1, 1>, groups = 1 : i32, height_dim = 2 : i64, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0, 0, 0>, stride = array<i32: 2, 2>, width_dim = 3 : i64}> : (tensor<1x16x6x8xf32>, tensor<16x8x2x2xf32>) -> tensor<1x8x12x16xf32>
    %1 = "ttir.reshape"(%arg3) <{shape = [1 : i32, 8 : i32, 1 : i32, 1 : i32]}> : (tensor<8xf32>) -> tensor<1x8x1x1xf32>
    %2 = "ttir.broadcast"(%1) <{broadcast_dimensions = array<i64: 1, 1, 12, 16>}> : (tensor<1x8x1x1xf32>) -> tensor<1x8x12x16xf32>
    %3 = "ttir.add"(%0, %2) : (tensor<1x8x12x16xf32>, tensor<1x8x12x16xf32>) -> tensor<1x8x12x16xf32>
    %4 = "ttir.concat"(%arg1, %3) <{dim = 1 : si32}> : (tensor<1x8x12x16xf32>, tensor<1x8x12x16xf32>) -> tensor<1x16x12x16xf32>
    %5 = "ttir.conv2d"(%4, %arg4, %arg5) <{batch_dim = 0 : i64, channel_dim = 1 : i64, dilation = array<i32: 1, 1>, groups = 1 : i32, height_dim = 2 : i64, padding = array<i32: 1, 1, 1, 1>, stride = array<i32: 1, 1>, width_dim = 3 : i64}> : (tensor<1x16x12x16xf32>, tensor<8x16x3x3xf32>, tensor<1x8x1x1xf32>) -> tensor<1x8x12x16xf32>
    %6 = "ttir.relu"(%5) : (tensor<1x8x12x16xf32>) -> tensor<1x8x12x16xf32>
    return %6 : tensor<1x8x12x16xf32>
  }
}
