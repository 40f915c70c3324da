// The head of FCN-8s on a 68x92 image and 21 classes: the features of VGG's pool3, pool4 and fc7 (1/8, 1/16 and 1/32 of the
// image, rounded up) become scores; the coarse ones are upsampled twice and added to the finer ones, cropped where rounding
// made them larger; the last transposed convolution upsamples eight times. Unflattened, f32, no layouts.
module @fcn8s_head attributes {ttcore.meshes = #ttcore.meshes<[<"mesh" = 1x1>]>} {
  func.func @main(
      %pool3: tensor<1x9x12x256xf32> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "pool3"},
      %pool4: tensor<1x5x6x512xf32> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "pool4"},
      %fc7: tensor<1x3x3x4096xf32> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "fc7"},
      %w_pool3: tensor<21x256x1x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "score_pool3.weight"},
      %b_pool3: tensor<1x1x1x21xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "score_pool3.bias"},
      %w_pool4: tensor<21x512x1x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "score_pool4.weight"},
      %b_pool4: tensor<1x1x1x21xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "score_pool4.bias"},
      %w_fc7: tensor<21x4096x1x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "score_fc7.weight"},
      %b_fc7: tensor<1x1x1x21xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "score_fc7.bias"},
      %w_up_fc7: tensor<21x21x4x4xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up_fc7.weight"},
      %w_up_pool4: tensor<21x21x4x4xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up_pool4.weight"},
      %w_up_image: tensor<21x21x16x16xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>, ttir.name = "up_image.weight"})
      -> tensor<1x68x92x21xf32> attributes {tt.function_type = "forward_device"} {
    %device = "ttnn.get_device"() <{mesh_offset = #ttnn<mesh_offset 0x0>, mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
    // Scores of pool3, at 1/8 of the image: a 1x1 convolution.
    %pool3_pixels = "ttnn.reshape"(%pool3) <{shape = [1 : i32, 1 : i32, 108 : i32, 256 : i32]}> : (tensor<1x9x12x256xf32>) -> tensor<1x1x108x256xf32>
    %pool3_scored = "ttnn.conv2d"(%pool3_pixels, %w_pool3, %b_pool3, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 256 : i32,
        input_height = 9 : i32, input_width = 12 : i32, kernel_size = array<i32: 1, 1>, out_channels = 21 : i32,
        padding = array<i32: 0, 0>, stride = array<i32: 1, 1>
      }> : (tensor<1x1x108x256xf32>, tensor<21x256x1x1xf32>, tensor<1x1x1x21xf32>, !ttnn.device) -> tensor<1x1x108x21xf32>
    "ttnn.deallocate"(%pool3_pixels) <{force = false}> : (tensor<1x1x108x256xf32>) -> ()
    %pool3_scores = "ttnn.reshape"(%pool3_scored) <{shape = [1 : i32, 9 : i32, 12 : i32, 21 : i32]}> : (tensor<1x1x108x21xf32>) -> tensor<1x9x12x21xf32>
    // Scores of pool4, at 1/16 of the image: a 1x1 convolution.
    %pool4_pixels = "ttnn.reshape"(%pool4) <{shape = [1 : i32, 1 : i32, 30 : i32, 512 : i32]}> : (tensor<1x5x6x512xf32>) -> tensor<1x1x30x512xf32>
    %pool4_scored = "ttnn.conv2d"(%pool4_pixels, %w_pool4, %b_pool4, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 512 : i32,
        input_height = 5 : i32, input_width = 6 : i32, kernel_size = array<i32: 1, 1>, out_channels = 21 : i32,
        padding = array<i32: 0, 0>, stride = array<i32: 1, 1>
      }> : (tensor<1x1x30x512xf32>, tensor<21x512x1x1xf32>, tensor<1x1x1x21xf32>, !ttnn.device) -> tensor<1x1x30x21xf32>
    "ttnn.deallocate"(%pool4_pixels) <{force = false}> : (tensor<1x1x30x512xf32>) -> ()
    %pool4_scores = "ttnn.reshape"(%pool4_scored) <{shape = [1 : i32, 5 : i32, 6 : i32, 21 : i32]}> : (tensor<1x1x30x21xf32>) -> tensor<1x5x6x21xf32>
    // Scores of fc7, at 1/32 of the image: a 1x1 convolution.
    %fc7_pixels = "ttnn.reshape"(%fc7) <{shape = [1 : i32, 1 : i32, 9 : i32, 4096 : i32]}> : (tensor<1x3x3x4096xf32>) -> tensor<1x1x9x4096xf32>
    %fc7_scored = "ttnn.conv2d"(%fc7_pixels, %w_fc7, %b_fc7, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 4096 : i32,
        input_height = 3 : i32, input_width = 3 : i32, kernel_size = array<i32: 1, 1>, out_channels = 21 : i32,
        padding = array<i32: 0, 0>, stride = array<i32: 1, 1>
      }> : (tensor<1x1x9x4096xf32>, tensor<21x4096x1x1xf32>, tensor<1x1x1x21xf32>, !ttnn.device) -> tensor<1x1x9x21xf32>
    "ttnn.deallocate"(%fc7_pixels) <{force = false}> : (tensor<1x1x9x4096xf32>) -> ()
    %fc7_scores = "ttnn.reshape"(%fc7_scored) <{shape = [1 : i32, 3 : i32, 3 : i32, 21 : i32]}> : (tensor<1x1x9x21xf32>) -> tensor<1x3x3x21xf32>
    // Twice the size, cropped to pool4's, added to its scores.
    %fc7_up = "ttnn.conv_transpose2d"(%fc7_scores, %w_up_fc7, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 21 : i32,
        input_height = 3 : i32, input_width = 3 : i32, kernel_size = array<i32: 4, 4>, out_channels = 21 : i32,
        output_padding = array<i32: 0, 0>, padding = array<i32: 1, 1>, stride = array<i32: 2, 2>
      }> : (tensor<1x3x3x21xf32>, tensor<21x21x4x4xf32>, !ttnn.device) -> tensor<1x6x6x21xf32>
    %fc7_cropped = "ttnn.slice_static"(%fc7_up) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 5 : i32, 6 : i32, 21 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x6x6x21xf32>) -> tensor<1x5x6x21xf32>
    %fused4 = "ttnn.add"(%fc7_cropped, %pool4_scores) : (tensor<1x5x6x21xf32>, tensor<1x5x6x21xf32>) -> tensor<1x5x6x21xf32>
    // And again for pool3.
    %fused4_up = "ttnn.conv_transpose2d"(%fused4, %w_up_pool4, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 21 : i32,
        input_height = 5 : i32, input_width = 6 : i32, kernel_size = array<i32: 4, 4>, out_channels = 21 : i32,
        output_padding = array<i32: 0, 0>, padding = array<i32: 1, 1>, stride = array<i32: 2, 2>
      }> : (tensor<1x5x6x21xf32>, tensor<21x21x4x4xf32>, !ttnn.device) -> tensor<1x10x12x21xf32>
    %fused4_cropped = "ttnn.slice_static"(%fused4_up) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 9 : i32, 12 : i32, 21 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x10x12x21xf32>) -> tensor<1x9x12x21xf32>
    %fused3 = "ttnn.add"(%fused4_cropped, %pool3_scores) : (tensor<1x9x12x21xf32>, tensor<1x9x12x21xf32>) -> tensor<1x9x12x21xf32>
    // Eight times the size: back at the image.
    %image_up = "ttnn.conv_transpose2d"(%fused3, %w_up_image, %device) <{
        batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 21 : i32,
        input_height = 9 : i32, input_width = 12 : i32, kernel_size = array<i32: 16, 16>,
        out_channels = 21 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 4, 4>,
        stride = array<i32: 8, 8>
      }> : (tensor<1x9x12x21xf32>, tensor<21x21x16x16xf32>, !ttnn.device) -> tensor<1x72x96x21xf32>
    %scores = "ttnn.slice_static"(%image_up) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 68 : i32, 92 : i32, 21 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x72x96x21xf32>) -> tensor<1x68x92x21xf32>
    return %scores : tensor<1x68x92x21xf32>
  }
}
