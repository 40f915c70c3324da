// Two layers of a decoder as JAX prints them. The first is jax.lax.conv_transpose(x, w, (2, 2), "SAME"): its kernel is
// used as it is, and "SAME" pads unequally. The second has transpose_kernel=True: a reversed kernel, its channels swapped.
//   ttnn-run examples/jax_decoder.mlir --passes convert-stablehlo-to-ttnn --floor loops --check
module @jit_decoder attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x5x7x8xf32>, %arg1: tensor<3x3x8x6xf32>, %arg2: tensor<6xf32>, %arg3: tensor<4x4x3x6xf32>) -> (tensor<2x20x28x3xf32> {jax.result_info = "result"}) {
    %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[2, 1], [2, 1]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x5x7x8xf32>, tensor<3x3x8x6xf32>) -> tensor<2x10x14x6xf32>
    %1 = stablehlo.broadcast_in_dim %arg2, dims = [3] : (tensor<6xf32>) -> tensor<1x1x1x6xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0, 1, 2, 3] : (tensor<1x1x1x6xf32>) -> tensor<2x10x14x6xf32>
    %3 = stablehlo.add %0, %2 : tensor<2x10x14x6xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x10x14x6xf32>
    %5 = stablehlo.maximum %3, %4 : tensor<2x10x14x6xf32>
    %6 = stablehlo.reverse %arg3, dims = [0, 1] : tensor<4x4x3x6xf32>
    %7 = stablehlo.transpose %6, dims = [0, 1, 3, 2] : (tensor<4x4x3x6xf32>) -> tensor<4x4x6x3xf32>
    %8 = stablehlo.convolution(%5, %7) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[2, 2], [2, 2]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x10x14x6xf32>, tensor<4x4x6x3xf32>) -> tensor<2x20x28x3xf32>
    %9 = stablehlo.tanh %8 : tensor<2x20x28x3xf32>
    return %9 : tensor<2x20x28x3xf32>
  }
}
