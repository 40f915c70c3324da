// RUN: ttnn-opt %s --split-input-file --verify-diagnostics -p legalize-deconv-to-ttnn | filecheck %s

// CHECK: 'deconv.finish' op expected an activation among relu, relu6, leaky_relu, tanh, sigmoid, silu, gelu, got hardtanh
func.func @activation(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = deconv.finish %x config = <activation = <op_type = hardtanh>> : tensor<1x2x3x4xf32> -> tensor<1x2x3x4xf32>
  return %0 : tensor<1x2x3x4xf32>
}

// -----

// CHECK: 'deconv.finish' op expected known fields in conv2d_config, got new
func.func @field(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = deconv.finish %x config = <new = 1> : tensor<1x2x3x4xf32> -> tensor<1x2x3x4xf32>
  return %0 : tensor<1x2x3x4xf32>
}

// -----

// CHECK: 'deconv.flip' op expected tensors of known shape, got (?, 3); run ttnn-infer-shapes first
func.func @shape(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = deconv.flip %x dimensions = [1] : tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}
