// One layer: a 4x5 image becomes 9x9. Stride 2, kernel 3x3, one column of padding on either side, a bias, a fused relu.
func.func @main(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x3x3xf32>, %b: tensor<1x1x1x3xf32>) -> tensor<1x9x9x3xf32> {
  %device = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
  %y = "ttnn.conv_transpose2d"(%x, %w, %b, %device) <{
      batch_size = 1 : i32, input_height = 4 : i32, input_width = 5 : i32, in_channels = 2 : i32, out_channels = 3 : i32,
      kernel_size = array<i32: 3, 3>, stride = array<i32: 2, 2>, padding = array<i32: 0, 1>,
      output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>, groups = 1 : i32,
      conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>
    }> : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, tensor<1x1x1x3xf32>, !ttnn.device) -> tensor<1x9x9x3xf32>
  return %y : tensor<1x9x9x3xf32>
}
