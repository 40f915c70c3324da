// RUN: ttnn-opt %s -p convert-stablehlo-to-ttnn | filecheck %s

// The kernel is the reverse of a weight: the op takes the weight, and mirrors it, as it does by default.
func.func @with_reverse(%x: tensor<1x4x5x2xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32> {
  %r = stablehlo.reverse %w, dims = [0, 1] : tensor<3x2x3x2xf32>
  %y = stablehlo.convolution(%x, %r) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[2, 2], [1, 1]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32>
  return %y : tensor<1x9x10x3xf32>
}

// CHECK-LABEL: func.func @with_reverse(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x9x10x3xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:  }

// No reverse: the kernel is used as it is.
func.func @without_reverse(%x: tensor<1x4x5x2xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {pad = [[2, 2], [1, 1]], lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32>
  return %y : tensor<1x9x10x3xf32>
}

// CHECK-LABEL: func.func @without_reverse(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, mirror_kernel = false, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x9x10x3xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:  }

// A reverse of one spatial dimension is a value like any other.
func.func @half_a_reverse(%x: tensor<1x4x5x2xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32> {
  %r = stablehlo.reverse %w, dims = [0] : tensor<3x2x3x2xf32>
  %y = stablehlo.convolution(%x, %r) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {pad = [[2, 2], [1, 1]], lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x5x2xf32>, tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32>
  return %y : tensor<1x9x10x3xf32>
}

// CHECK-LABEL: func.func @half_a_reverse(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x3x2xf32>) -> tensor<1x9x10x3xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[REVERSED:[a-z0-9_]+]] = deconv.flip %[[W]] dimensions = [0] : tensor<3x2x3x2xf32> -> tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[REVERSED]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<3x2x3x2xf32>) -> tensor<2x3x3x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, mirror_kernel = false, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x9x10x3xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x9x10x3xf32>
// CHECK-NEXT:  }

// A reversed window says the same as a reverse; the generic form; channels first; unequal pads.
func.func @window(%x: tensor<1x2x4x5xf32>, %w: tensor<2x3x3x2xf32>) -> tensor<1x3x8x12xf32> {
  %y = "stablehlo.convolution"(%x, %w) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, f, 0, 1]x[i, o, 0, 1]->[b, f, 0, 1]>, feature_group_count = 1 : i64, lhs_dilation = array<i64: 2, 2>, padding = dense<[[2, 1], [1, 3]]> : tensor<2x2xi64>, window_reversal = array<i1: true, true>}> : (tensor<1x2x4x5xf32>, tensor<2x3x3x2xf32>) -> tensor<1x3x8x12xf32>
  return %y : tensor<1x3x8x12xf32>
}

// CHECK-LABEL: func.func @window(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x4x5xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x3x2xf32>) -> tensor<1x3x8x12xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 0, 2, 3, 1>}> : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[IMAGE]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>, out_channels = 3 : i32, output_padding = array<i32: 0, 2>, padding = array<i32: 0, 1, 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x8x12x3xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.permute"(%[[UPSAMPLED]]) <{permutation = array<i64: 0, 3, 1, 2>}> : (tensor<1x8x12x3xf32>) -> tensor<1x3x8x12xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x3x8x12xf32>
// CHECK-NEXT:  }

// Groups: input features of a group and all output features become all input features and those of a group.
func.func @groups(%x: tensor<1x4x5x4xf32>, %w: tensor<1x2x6x2xf32>) -> tensor<1x7x10x6xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {pad = [[0, 0], [1, 1]], lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<1x4x5x4xf32>, tensor<1x2x6x2xf32>) -> tensor<1x7x10x6xf32>
  return %y : tensor<1x7x10x6xf32>
}

// CHECK-LABEL: func.func @groups(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x4xf32>, %[[W:[a-z0-9_]+]]: tensor<1x2x6x2xf32>) -> tensor<1x7x10x6xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<1x2x6x2xf32>) -> tensor<2x6x1x2xf32>
// CHECK-NEXT:    %[[GROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[WEIGHT]]) <{shape = [2 : i32, 2 : i32, 3 : i32, 1 : i32, 2 : i32]}> : (tensor<2x6x1x2xf32>) -> tensor<2x2x3x1x2xf32>
// CHECK-NEXT:    %[[REGROUPED_WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[GROUPED_WEIGHT]]) <{permutation = array<i64: 1, 0, 2, 3, 4>}> : (tensor<2x2x3x1x2xf32>) -> tensor<2x2x3x1x2xf32>
// CHECK-NEXT:    %[[WEIGHT_1:[a-z0-9_]+]] = "ttnn.reshape"(%[[REGROUPED_WEIGHT]]) <{shape = [4 : i32, 3 : i32, 1 : i32, 2 : i32]}> : (tensor<2x2x3x1x2xf32>) -> tensor<4x3x1x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[WEIGHT_1]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 2>, mirror_kernel = false, out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x4xf32>, tensor<4x3x1x2xf32>, !ttnn.device) -> tensor<1x7x10x6xf32>
// CHECK-NEXT:    func.return %[[UPSAMPLED]] : tensor<1x7x10x6xf32>
// CHECK-NEXT:  }

// Zeros in front that no tap reaches are put in front of the result.
func.func @zeros_in_front(%x: tensor<1x2x3x1xf32>, %w: tensor<2x2x1x1xf32>) -> tensor<1x5x5x1xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {pad = [[3, 0], [1, 0]], lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x2x3x1xf32>, tensor<2x2x1x1xf32>) -> tensor<1x5x5x1xf32>
  return %y : tensor<1x5x5x1xf32>
}

// CHECK-LABEL: func.func @zeros_in_front(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x1xf32>, %[[W:[a-z0-9_]+]]: tensor<2x2x1x1xf32>) -> tensor<1x5x5x1xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<2x2x1x1xf32>) -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32, input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 2, 2>, mirror_kernel = false, out_channels = 1 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1, 0, 1>, stride = array<i32: 2, 2>}> : (tensor<1x2x3x1xf32>, tensor<1x1x2x2xf32>, !ttnn.device) -> tensor<1x3x5x1xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = "ttnn.pad"(%[[UPSAMPLED]]) <{padding = array<i32: 0, 0, 2, 0, 0, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x3x5x1xf32>) -> tensor<1x5x5x1xf32>
// CHECK-NEXT:    func.return %[[PADDED]] : tensor<1x5x5x1xf32>
// CHECK-NEXT:  }

// No zeros between inputs: a plain convolution, of an input that is cropped first.
func.func @plain(%x: tensor<1x4x5x2xf32>, %w: tensor<2x2x2x3xf32>) -> tensor<1x2x3x3xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 2], pad = [[-1, 0], [0, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x5x2xf32>, tensor<2x2x2x3xf32>) -> tensor<1x2x3x3xf32>
  return %y : tensor<1x2x3x3xf32>
}

// CHECK-LABEL: func.func @plain(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x2x2x3xf32>) -> tensor<1x2x3x3xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 3, 2, 0, 1>}> : (tensor<2x2x2x3xf32>) -> tensor<3x2x2x2xf32>
// CHECK-NEXT:    %[[CROPPED:[a-z0-9_]+]] = "ttnn.slice_static"(%[[X]]) <{begins = [0 : i32, 1 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 4 : i32, 5 : i32, 2 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x4x5x2xf32>) -> tensor<1x3x5x2xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[CROPPED]]) <{shape = [1 : i32, 1 : i32, 15 : i32, 2 : i32]}> : (tensor<1x3x5x2xf32>) -> tensor<1x1x15x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 3 : i32, input_width = 5 : i32, kernel_size = array<i32: 2, 2>, out_channels = 3 : i32, padding = array<i32: 0, 0, 0, 1>, stride = array<i32: 1, 2>}> : (tensor<1x1x15x2xf32>, tensor<3x2x2x2xf32>, !ttnn.device) -> tensor<1x1x6x3xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [1 : i32, 2 : i32, 3 : i32, 3 : i32]}> : (tensor<1x1x6x3xf32>) -> tensor<1x2x3x3xf32>
// CHECK-NEXT:    func.return %[[IMAGE]] : tensor<1x2x3x3xf32>
// CHECK-NEXT:  }

// A bias and a relu as JAX prints them; the transpose behind the reverse is looked through.
func.func @layer(%x: tensor<1x4x5x2xf32>, %w: tensor<2x2x2x3xf32>, %b: tensor<3xf32>) -> tensor<1x8x10x3xf32> {
  %r = stablehlo.reverse %w, dims = [0, 1] : tensor<2x2x2x3xf32>
  %t = stablehlo.transpose %r, dims = [0, 1, 3, 2] : (tensor<2x2x2x3xf32>) -> tensor<2x2x3x2xf32>
  %y = stablehlo.convolution(%x, %t) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]], lhs_dilate = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x5x2xf32>, tensor<2x2x3x2xf32>) -> tensor<1x8x10x3xf32>
  %0 = stablehlo.broadcast_in_dim %b, dims = [3] : (tensor<3xf32>) -> tensor<1x8x10x3xf32>
  %1 = stablehlo.add %y, %0 : tensor<1x8x10x3xf32>
  %zero = stablehlo.constant dense<0.000000e+00> : tensor<f32>
  %2 = stablehlo.broadcast_in_dim %zero, dims = [] : (tensor<f32>) -> tensor<1x8x10x3xf32>
  %3 = stablehlo.maximum %1, %2 : tensor<1x8x10x3xf32>
  return %3 : tensor<1x8x10x3xf32>
}

// CHECK-LABEL: func.func @layer(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x2x2x3xf32>, %[[B:[a-z0-9_]+]]: tensor<3xf32>) -> tensor<1x8x10x3xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() <{mesh_shape = #ttnn<mesh_shape 1x1>}> : () -> !ttnn.device
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 2, 3, 0, 1>}> : (tensor<2x2x2x3xf32>) -> tensor<2x3x2x2xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 2, 2>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x2x2xf32>, !ttnn.device) -> tensor<1x8x10x3xf32>
// CHECK-NEXT:    %[[SPREAD:[a-z0-9_]+]] = "ttnn.reshape"(%[[B]]) <{shape = [1 : i32, 1 : i32, 1 : i32, 3 : i32]}> : (tensor<3xf32>) -> tensor<1x1x1x3xf32>
// CHECK-NEXT:    %[[ADD:[a-z0-9_]+]] = "ttnn.add"(%[[UPSAMPLED]], %[[SPREAD]]) : (tensor<1x8x10x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x8x10x3xf32>
// CHECK-NEXT:    %[[RELU:[a-z0-9_]+]] = "ttnn.relu"(%[[ADD]]) : (tensor<1x8x10x3xf32>) -> tensor<1x8x10x3xf32>
// CHECK-NEXT:    func.return %[[RELU]] : tensor<1x8x10x3xf32>
// CHECK-NEXT:  }

// An op without a counterpart stays between those that have one.
func.func @unknown(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = stablehlo.tanh %x : tensor<2x3xf32>
  %1 = "stablehlo.cosine"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = stablehlo.transpose %1, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<3x2xf32> {
// CHECK-NEXT:    %[[TANH:[a-z0-9_]+]] = "ttnn.tanh"(%[[X]]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "stablehlo.cosine"(%[[TANH]]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = "ttnn.permute"(%[[V0]]) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    func.return %[[TRANSPOSED]] : tensor<3x2xf32>
// CHECK-NEXT:  }

// One spatial dimension is the width of an image of height 1; the reverse is taken in.
func.func @signal(%x: tensor<2x5x3xf32>, %w: tensor<4x6x3xf32>) -> tensor<2x12x6xf32> {
  %r = stablehlo.reverse %w, dims = [0] : tensor<4x6x3xf32>
  %k = stablehlo.transpose %r, dims = [0, 2, 1] : (tensor<4x6x3xf32>) -> tensor<4x3x6xf32>
  %y = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {stride = [1], pad = [[3, 3]], lhs_dilate = [2], rhs_dilate = [1], reverse = [false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x5x3xf32>, tensor<4x3x6xf32>) -> tensor<2x12x6xf32>
  return %y : tensor<2x12x6xf32>
}

// CHECK-LABEL: func.func @signal(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x5x3xf32>, %[[W:[a-z0-9_]+]]: tensor<4x6x3xf32>) -> tensor<2x12x6xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"()
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [2 : i32, 1 : i32, 5 : i32, 3 : i32]}> : (tensor<2x5x3xf32>) -> tensor<2x1x5x3xf32>
// CHECK-NEXT:    %[[ORDERED:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 2, 1, 0>}> : (tensor<4x6x3xf32>) -> tensor<3x6x4xf32>
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[ORDERED]]) <{shape = [3 : i32, 6 : i32, 1 : i32, 4 : i32]}> : (tensor<3x6x4xf32>) -> tensor<3x6x1x4xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[IMAGE]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 4>, out_channels = 6 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 2>}> : (tensor<2x1x5x3xf32>, tensor<3x6x1x4xf32>, !ttnn.device) -> tensor<2x1x12x6xf32>
// CHECK-NEXT:    %[[SIGNAL:[a-z0-9_]+]] = "ttnn.reshape"(%[[UPSAMPLED]]) <{shape = [2 : i32, 12 : i32, 6 : i32]}> : (tensor<2x1x12x6xf32>) -> tensor<2x12x6xf32>
// CHECK-NEXT:    func.return %[[SIGNAL]] : tensor<2x12x6xf32>
// CHECK-NEXT:  }

// Plain, channels first.
func.func @plain_signal(%x: tensor<2x3x7xf32>, %w: tensor<6x3x4xf32>) -> tensor<2x6x4xf32> {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0], window = {stride = [2], pad = [[1, 2]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x3x7xf32>, tensor<6x3x4xf32>) -> tensor<2x6x4xf32>
  return %y : tensor<2x6x4xf32>
}

// CHECK-LABEL: func.func @plain_signal(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x7xf32>, %[[W:[a-z0-9_]+]]: tensor<6x3x4xf32>) -> tensor<2x6x4xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"()
// CHECK-NEXT:    %[[WEIGHT:[a-z0-9_]+]] = "ttnn.reshape"(%[[W]]) <{shape = [6 : i32, 3 : i32, 1 : i32, 4 : i32]}> : (tensor<6x3x4xf32>) -> tensor<6x3x1x4xf32>
// CHECK-NEXT:    %[[LAST:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 0, 2, 1>}> : (tensor<2x3x7xf32>) -> tensor<2x7x3xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[LAST]]) <{shape = [2 : i32, 1 : i32, 7 : i32, 3 : i32]}> : (tensor<2x7x3xf32>) -> tensor<2x1x7x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = "ttnn.reshape"(%[[IMAGE]]) <{shape = [1 : i32, 1 : i32, 14 : i32, 3 : i32]}> : (tensor<2x1x7x3xf32>) -> tensor<1x1x14x3xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[PIXELS]], %[[WEIGHT]], %[[DEVICE]]) <{batch_size = 2 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 3 : i32, input_height = 1 : i32, input_width = 7 : i32, kernel_size = array<i32: 1, 4>, out_channels = 6 : i32, padding = array<i32: 0, 0, 1, 2>, stride = array<i32: 1, 2>}> : (tensor<1x1x14x3xf32>, tensor<6x3x1x4xf32>, !ttnn.device) -> tensor<1x1x8x6xf32>
// CHECK-NEXT:    %[[ROWS:[a-z0-9_]+]] = "ttnn.reshape"(%[[CONVOLVED]]) <{shape = [2 : i32, 1 : i32, 4 : i32, 6 : i32]}> : (tensor<1x1x8x6xf32>) -> tensor<2x1x4x6xf32>
// CHECK-NEXT:    %[[SIGNAL:[a-z0-9_]+]] = "ttnn.reshape"(%[[ROWS]]) <{shape = [2 : i32, 4 : i32, 6 : i32]}> : (tensor<2x1x4x6xf32>) -> tensor<2x4x6xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.permute"(%[[SIGNAL]]) <{permutation = array<i64: 0, 2, 1>}> : (tensor<2x4x6xf32>) -> tensor<2x6x4xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<2x6x4xf32>
// CHECK-NEXT:  }
