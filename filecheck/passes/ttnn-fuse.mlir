// RUN: ttnn-opt %s -p ttnn-fuse | filecheck %s

// An add of a parameter becomes the bias, then relu the activation; the configuration is made.
func.func @bias_and_activation(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>},
    %device: !ttnn.device) -> tensor<1x4x5x3xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x4x5x2xf32>, tensor<2x3x1x1xf32>, !ttnn.device) -> tensor<1x4x5x3xf32>
  %0 = "ttnn.add"(%b, %y) : (tensor<1x1x1x3xf32>, tensor<1x4x5x3xf32>) -> tensor<1x4x5x3xf32>
  %1 = "ttnn.relu"(%0) : (tensor<1x4x5x3xf32>) -> tensor<1x4x5x3xf32>
  return %1 : tensor<1x4x5x3xf32>
}

// CHECK-LABEL: func.func @bias_and_activation(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x4x5x3xf32> {
// CHECK-NEXT:    %[[FUSED:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[B]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x4x5x2xf32>, tensor<2x3x1x1xf32>, tensor<1x1x1x3xf32>, !ttnn.device) -> tensor<1x4x5x3xf32>
// CHECK-NEXT:    func.return %[[FUSED]] : tensor<1x4x5x3xf32>
// CHECK-NEXT:  }

// A constant behind the convolution moves in front of it, and is added to the bias there is.
func.func @second_bias(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>, %b: tensor<1x1x1x3xf32>, %device: !ttnn.device)
    -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %b, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, tensor<1x1x1x3xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %c = "ttnn.constant"() <{value = dense<1.0> : tensor<1x1x1x3xf32>}> : () -> tensor<1x1x1x3xf32>
  %0 = "ttnn.add"(%y, %c) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @second_bias(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[C:[a-z0-9_]+]] = "ttnn.constant"() <{value = dense<1.000000e+00> : tensor<1x1x1x3xf32>}> : () -> tensor<1x1x1x3xf32>
// CHECK-NEXT:    %[[BIAS:[a-z0-9_]+]] = "ttnn.add"(%[[B]], %[[C]]) : (tensor<1x1x1x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x1x3xf32>
// CHECK-NEXT:    %[[FUSED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[BIAS]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, tensor<1x1x1x3xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[FUSED]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// A configuration keeps its fields. The result has the type of what was folded.
func.func @extended(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>, %device: !ttnn.device)
    -> tensor<1x1x5x3xf32, #ttnn.layout<tile>> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.leaky_relu"(%y) <{parameter = 2.500000e-01 : f32}> : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32, #ttnn.layout<tile>>
  return %0 : tensor<1x1x5x3xf32, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func @extended(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[FUSED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = leaky_relu, params = [2.500000e-01 : f32]>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[FUSED]] : tensor<1x1x5x3xf32, #ttnn.layout<tile>>
// CHECK-NEXT:  }

// Chains of permutes and of reshapes merge; what then does nothing goes.
func.func @movement(%x: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>, tensor<2x3x4xf32>) {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 2, 0>}> : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = "ttnn.permute"(%0) <{permutation = array<i64: 1, 2, 0>}> : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
  %2 = "ttnn.reshape"(%x) <{shape = [6 : i32, 4 : i32]}> : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %3 = "ttnn.reshape"(%2) <{shape = [2 : i32, 3 : i32, 4 : i32]}> : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
  return %1, %3 : tensor<4x2x3xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @movement(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>, tensor<2x3x4xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 2, 0, 1>}> : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
// CHECK-NEXT:    func.return %[[V0]], %[[X]] : tensor<4x2x3xf32>, tensor<2x3x4xf32>
// CHECK-NEXT:  }
