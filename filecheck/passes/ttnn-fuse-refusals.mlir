// RUN: ttnn-opt %s -p ttnn-fuse | filecheck %s
// RUN: ttnn-opt %s -p 'ttnn-fuse{change-rounding=true}' | filecheck %s --check-prefix ROUNDING

// Everything here stays as it is, but for the two where a rounding is in the way: `change-rounding` folds those.

// The sum without the addend is read as well.
func.func @two_uses(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> (tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>) {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.add"(%y, %b) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
  return %0, %y : tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @two_uses(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> (tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>) {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.add"(%[[Y]], %[[B]]) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]], %[[Y]] : tensor<1x1x5x3xf32>, tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// What is added is an input, not a parameter.
func.func @input(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<input>}, %device: !ttnn.device) -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.add"(%y, %b) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @input(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<input>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.add"(%[[Y]], %[[B]]) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// One number for all channels is no bias.
func.func @shape(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.add"(%y, %b) : (tensor<1x1x5x3xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @shape(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.add"(%[[Y]], %[[B]]) : (tensor<1x1x5x3xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// A bias would come in front of the activation.
func.func @activated_add(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.add"(%y, %b) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @activated_add(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.add"(%[[Y]], %[[B]]) : (tensor<1x1x5x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// Only one activation can be fused.
func.func @activated(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.tanh"(%y) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @activated(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.tanh"(%[[Y]]) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// A field of another release may mean anything.
func.func @unknown_field(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<new = 1>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.relu"(%y) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @unknown_field(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<new = 1>, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.relu"(%[[Y]]) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// Nobody knows what the op in between does.
func.func @between(%x: tensor<1x1x5x2xf32>, %w: tensor<3x2x1x1xf32>,
    %b: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
  %s = "ttnn.something_new"(%y) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
  %0 = "ttnn.relu"(%s) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
  return %0 : tensor<1x1x5x3xf32>
}

// CHECK-LABEL: func.func @between(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xf32> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xf32>, tensor<3x2x1x1xf32>, !ttnn.device) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[S:[a-z0-9_]+]] = "ttnn.something_new"(%[[Y]]) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.relu"(%[[S]]) : (tensor<1x1x5x3xf32>) -> tensor<1x1x5x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xf32>
// CHECK-NEXT:  }

// The sum in bf16 is rounded before the add and behind it: folded, it would be rounded once.
func.func @rounded_add(%x: tensor<1x1x5x2xbf16>, %w: tensor<3x2x1x1xbf16>,
    %b: tensor<1x1x1x3xbf16> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xbf16> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xbf16>, tensor<3x2x1x1xbf16>, !ttnn.device) -> tensor<1x1x5x3xbf16>
  %0 = "ttnn.add"(%y, %b) : (tensor<1x1x5x3xbf16>, tensor<1x1x1x3xbf16>) -> tensor<1x1x5x3xbf16>
  return %0 : tensor<1x1x5x3xbf16>
}

// CHECK-LABEL: func.func @rounded_add(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xbf16>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xbf16>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xbf16> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xbf16> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xbf16>, tensor<3x2x1x1xbf16>, !ttnn.device) -> tensor<1x1x5x3xbf16>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.add"(%[[Y]], %[[B]]) : (tensor<1x1x5x3xbf16>, tensor<1x1x1x3xbf16>) -> tensor<1x1x5x3xbf16>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xbf16>
// CHECK-NEXT:  }

// So is the argument of a sigmoid.
func.func @rounded_sigmoid(%x: tensor<1x1x5x2xbf16>, %w: tensor<3x2x1x1xbf16>,
    %b: tensor<1x1x1x3xbf16> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %device: !ttnn.device) -> tensor<1x1x5x3xbf16> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xbf16>, tensor<3x2x1x1xbf16>, !ttnn.device) -> tensor<1x1x5x3xbf16>
  %0 = "ttnn.sigmoid"(%y) : (tensor<1x1x5x3xbf16>) -> tensor<1x1x5x3xbf16>
  return %0 : tensor<1x1x5x3xbf16>
}

// CHECK-LABEL: func.func @rounded_sigmoid(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xbf16>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xbf16>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xbf16> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x5x3xbf16> {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 1 : i32, input_width = 5 : i32, kernel_size = array<i32: 1, 1>, out_channels = 3 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x5x2xbf16>, tensor<3x2x1x1xbf16>, !ttnn.device) -> tensor<1x1x5x3xbf16>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.sigmoid"(%[[Y]]) : (tensor<1x1x5x3xbf16>) -> tensor<1x1x5x3xbf16>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x5x3xbf16>
// CHECK-NEXT:  }

// ROUNDING-LABEL: func.func @rounded_add(
// ROUNDING-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2xbf16>, %[[W:[a-z0-9_]+]]: tensor<3x2x1x1xbf16>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x3xbf16>
// ROUNDING-NEXT:    %[[FUSED:[a-z0-9_]+]] = "ttnn.conv2d"(%[[X]], %[[W]], %[[B]], %{{.*}}) <{
// ROUNDING-NEXT:    func.return %[[FUSED]]

// ROUNDING-LABEL: func.func @rounded_sigmoid(
// ROUNDING-NEXT:    %[[FUSED:[a-z0-9_]+]] = "ttnn.conv2d"({{.*}}) <{batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = sigmoid>>,
// ROUNDING-NEXT:    func.return %[[FUSED]]
