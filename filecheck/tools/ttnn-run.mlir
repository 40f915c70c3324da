// RUN: ttnn-run %s --floor loops --strategy zero-insert --check | filecheck %s
// RUN: ttnn-run %s --seed 3 | filecheck %s --check-prefix SUMMARY
// RUN: not ttnn-run %s --backend native 2>&1 | filecheck %s --check-prefix NATIVE

// CHECK: check: result0: ok, largest error 0 at [0, 0, 0, 0], bound
// SUMMARY: result0: 1x3x5x2xfloat32 min
// NATIVE: ttnn-run: error: backend 'native' is not available yet; expected one of: interpreter

func.func @main(%x: tensor<1x2x3x4xf32>, %w: tensor<4x2x1x1xf32>) -> tensor<1x3x5x2xf32> {
  %device = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, input_height = 2 : i32, input_width = 3 : i32, in_channels = 4 : i32, out_channels = 2 : i32,
      kernel_size = array<i32: 1, 1>, stride = array<i32: 2, 2>, padding = array<i32: 0, 0>,
      output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>, groups = 1 : i32
    }> : (tensor<1x2x3x4xf32>, tensor<4x2x1x1xf32>, !ttnn.device) -> tensor<1x3x5x2xf32>
  return %y : tensor<1x3x5x2xf32>
}
