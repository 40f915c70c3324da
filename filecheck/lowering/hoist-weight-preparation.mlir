// RUN: ttnn-opt %s -p hoist-weight-preparation --split-input-file | filecheck %s
// RUN: ttnn-opt %s -p hoist-weight-preparation,hoist-weight-preparation --split-input-file | filecheck %s

// What depends on parameters and constants alone runs apart; what it has in common with the rest is in both.
func.func @split(%x: tensor<2x3xf32>, %w: tensor<4x3xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}, %y: tensor<3x4xf32> {ttir.name = "y"}) -> tensor<3x4xf32> {
  %two = arith.constant dense<2.0> : tensor<3x4xf32>
  %t = "ttnn.permute"(%w) <{permutation = array<i64: 1, 0>}> : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %u = "ttnn.multiply"(%t, %two) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %v = "ttnn.add"(%y, %two) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %z = "ttnn.add"(%v, %u) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %z : tensor<3x4xf32>
}

// CHECK:       func.func @prepare_split(%[[W:[a-z0-9_]+]]: tensor<4x3xf32>) -> tensor<3x4xf32> attributes {xdsl_ttnn.prepares = @split} {
// CHECK-NEXT:    %[[TWO:[a-z0-9_]+]] = arith.constant dense<2.000000e+00> : tensor<3x4xf32>
// CHECK-NEXT:    %[[T:[a-z0-9_]+]] = "ttnn.permute"(%[[W]]) <{permutation = array<i64: 1, 0>}> : (tensor<4x3xf32>) -> tensor<3x4xf32>
// CHECK-NEXT:    %[[U:[a-z0-9_]+]] = "ttnn.multiply"(%[[T]], %[[TWO]]) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
// CHECK-NEXT:    func.return %[[U]] : tensor<3x4xf32>
// CHECK-NEXT:  }
// CHECK-NEXT:  func.func @split(%[[X:[a-z0-9_]+]]: tensor<2x3xf32>, %[[Y:[a-z0-9_]+]]: tensor<3x4xf32> {ttir.name = "y"}, %[[U:[a-z0-9_]+]]: tensor<3x4xf32>) -> tensor<3x4xf32> attributes {xdsl_ttnn.prepared_by = @prepare_split} {
// CHECK-NEXT:    %[[TWO:[a-z0-9_]+]] = arith.constant dense<2.000000e+00> : tensor<3x4xf32>
// CHECK-NEXT:    %[[V:[a-z0-9_]+]] = "ttnn.add"(%[[Y]], %[[TWO]]) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
// CHECK-NEXT:    %[[Z:[a-z0-9_]+]] = "ttnn.add"(%[[V]], %[[U]]) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
// CHECK-NEXT:    func.return %[[Z]] : tensor<3x4xf32>
// CHECK-NEXT:  }

// -----

// A loop that ends, of ops that are pure, moves as a whole.
func.func @loop(%x: tensor<4xf32>, %w: tensor<4xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c2 = arith.constant 2 : index
  %t = scf.for %i = %c0 to %c4 step %c2 iter_args(%s = %w) -> (tensor<4xf32>) {
    %u = "ttnn.tanh"(%s) : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %u : tensor<4xf32>
  }
  %y = "ttnn.add"(%x, %t) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK:       func.func @prepare_loop(%[[W:[a-z0-9_]+]]: tensor<4xf32>) -> tensor<4xf32>
// CHECK:         scf.for
// CHECK:         func.return
// CHECK:       func.func @loop(%[[X:[a-z0-9_]+]]: tensor<4xf32>, %[[T:[a-z0-9_]+]]: tensor<4xf32>) -> tensor<4xf32> attributes {xdsl_ttnn.prepared_by = @prepare_loop} {
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.add"(%[[X]], %[[T]]) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:    func.return %[[Y]] : tensor<4xf32>
// CHECK-NEXT:  }

// -----

// One with an unknown op in it stays.
func.func @unknown(%x: tensor<4xf32>, %w: tensor<4xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c2 = arith.constant 2 : index
  %t = scf.for %i = %c0 to %c4 step %c2 iter_args(%s = %w) -> (tensor<4xf32>) {
    %u = "foo.draw"(%s) : (tensor<4xf32>) -> tensor<4xf32>
    scf.yield %u : tensor<4xf32>
  }
  %y = "ttnn.add"(%x, %t) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK:       builtin.module {
// CHECK-NEXT:    func.func @unknown(%[[X:[a-z0-9_]+]]: tensor<4xf32>, %[[W:[a-z0-9_]+]]: tensor<4xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}) -> tensor<4xf32> {
// CHECK:           scf.for
// CHECK-NEXT:        "foo.draw"

// -----

// What prepares a weight stays with the convolution, and what comes before it moves.
func.func @prepared(%x: tensor<1x3x4x1xf32>, %w: tensor<1x1x3x1xf32> {ttcore.argument_type = #ttcore.argument_type<parameter>}) -> tensor<1x7x4x1xf32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %v = "ttnn.multiply"(%w, %w) : (tensor<1x1x3x1xf32>, tensor<1x1x3x1xf32>) -> tensor<1x1x3x1xf32>
  %p = "ttnn.prepare_conv_transpose2d_weights"(%v, %device) <{in_channels = 1 : i32, out_channels = 1 : i32, batch_size = 1 : i32, input_height = 3 : i32, input_width = 4 : i32, kernel_size = array<i32: 3, 1>, stride = array<i32: 2, 1>, padding = array<i32: 0, 0>, output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>, groups = 1 : i32, input_memory_config = #ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>, input_tensor_layout = #ttnn.layout<tile>, input_dtype = #ttcore.supportedDataTypes<f32>, weights_format = "IOHW", has_bias = false}> : (tensor<1x1x3x1xf32>, !ttnn.device) -> tensor<1x1x3x1xf32>
  %y = "ttnn.conv_transpose2d"(%x, %p, %device) <{in_channels = 1 : i32, out_channels = 1 : i32, batch_size = 1 : i32, input_height = 3 : i32, input_width = 4 : i32, kernel_size = array<i32: 3, 1>, stride = array<i32: 2, 1>, padding = array<i32: 0, 0>, output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>, groups = 1 : i32}> : (tensor<1x3x4x1xf32>, tensor<1x1x3x1xf32>, !ttnn.device) -> tensor<1x7x4x1xf32>
  return %y : tensor<1x7x4x1xf32>
}

// CHECK:       func.func @prepare_prepared(%[[W:[a-z0-9_]+]]: tensor<1x1x3x1xf32>) -> tensor<1x1x3x1xf32>
// CHECK-NEXT:    %[[V:[a-z0-9_]+]] = "ttnn.multiply"(%[[W]], %[[W]])
// CHECK-NEXT:    func.return %[[V]] : tensor<1x1x3x1xf32>
// CHECK-NEXT:  }
// CHECK-NEXT:  func.func @prepared(%[[X:[a-z0-9_]+]]: tensor<1x3x4x1xf32>, %[[V:[a-z0-9_]+]]: tensor<1x1x3x1xf32>)
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() : () -> !ttnn.device
// CHECK-NEXT:    %[[P:[a-z0-9_]+]] = "ttnn.prepare_conv_transpose2d_weights"(%[[V]], %[[DEVICE]])
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[P]], %[[DEVICE]])
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x7x4x1xf32>
