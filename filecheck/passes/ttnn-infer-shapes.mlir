// RUN: ttnn-opt %s -p ttnn-infer-shapes | filecheck %s

// Sizes that were given say which form is meant, and stay.
func.func @conv_full(%x: tensor<1x4x5x2xf32>, %w: tensor<2x3x3x3xf32>, %device: !ttnn.device)
    -> tensor<1x?x9x3xf32> {
  %0 = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
      out_channels = 3 : i32, output_padding = array<i32: 1, 0>, padding = array<i32: 0, 1>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x?x9x3xf32>
  return %0 : tensor<1x?x9x3xf32>
}

// CHECK-LABEL: func.func @conv_full(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x3x3xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x10x9x3xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>, out_channels = 3 : i32, output_padding = array<i32: 1, 0>, padding = array<i32: 0, 1>, stride = array<i32: 2, 2>}> : (tensor<1x4x5x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x10x9x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x10x9x3xf32>
// CHECK-NEXT:  }

// Nothing is known: the result has the form of the input, here flattened.
func.func @conv_flattened(%x: tensor<1x1x20x2xf32>, %w: tensor<2x3x3x3xf32>, %device: !ttnn.device)
    -> tensor<?x?x?x?xf32, #ttnn.layout<tile>> {
  %0 = "ttnn.conv_transpose2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>,
      out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x1x20x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device)
    -> tensor<?x?x?x?xf32, #ttnn.layout<tile>>
  return %0 : tensor<?x?x?x?xf32, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func @conv_flattened(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x20x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x3x3xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x81x3xf32, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.conv_transpose2d"(%[[X]], %[[W]], %[[DEVICE]]) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32, input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 3>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 1>, stride = array<i32: 2, 2>}> : (tensor<1x1x20x2xf32>, tensor<2x3x3x3xf32>, !ttnn.device) -> tensor<1x1x81x3xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x1x81x3xf32, #ttnn.layout<tile>>
// CHECK-NEXT:  }

// Through a chain of known ops.
func.func @chain(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>, %b2: tensor<3x1xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.matmul"(%a, %b) <{transpose_a = false, transpose_b = true}>
    : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
  %1 = "ttnn.relu"(%0) : (tensor<?x4xf32>) -> tensor<?x?xf32>
  %2 = "ttnn.permute"(%1) <{permutation = array<i64: 1, 0>}> : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %3 = "ttnn.pad"(%2) <{padding = array<i32: 1, 0, 0, 2>, use_multicore = false,
      value = 0.000000e+00 : f32}> : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %4 = "ttnn.slice_static"(%3) <{begins = [0 : i32, 1 : i32], ends = [5 : i32, 4 : i32],
      step = [2 : i32, 1 : i32]}> : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %5 = "ttnn.concat"(%4, %4) <{dim = 1 : si32}> : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %6 = "ttnn.reshape"(%5) <{shape = [1 : i32, -1 : i32]}> : (tensor<?x?xf32>) -> tensor<1x?xf32>
  %7 = "ttnn.add"(%6, %b2) : (tensor<1x?xf32>, tensor<3x1xf32>) -> tensor<?x?xf32>
  return %7 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @chain(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<2x3xf32>, %[[B:[a-z0-9_]+]]: tensor<4x3xf32>, %[[B2:[a-z0-9_]+]]: tensor<3x1xf32>) -> tensor<3x18xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.matmul"(%[[A]], %[[B]]) <{transpose_a = false, transpose_b = true}> : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.relu"(%[[V0]]) : (tensor<2x4xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = "ttnn.permute"(%[[V1]]) <{permutation = array<i64: 1, 0>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
// CHECK-NEXT:    %[[V3:[a-z0-9_]+]] = "ttnn.pad"(%[[V2]]) <{padding = array<i32: 1, 0, 0, 2>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<4x2xf32>) -> tensor<5x4xf32>
// CHECK-NEXT:    %[[V4:[a-z0-9_]+]] = "ttnn.slice_static"(%[[V3]]) <{begins = [0 : i32, 1 : i32], ends = [5 : i32, 4 : i32], step = [2 : i32, 1 : i32]}> : (tensor<5x4xf32>) -> tensor<3x3xf32>
// CHECK-NEXT:    %[[V5:[a-z0-9_]+]] = "ttnn.concat"(%[[V4]], %[[V4]]) <{dim = 1 : si32}> : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x6xf32>
// CHECK-NEXT:    %[[V6:[a-z0-9_]+]] = "ttnn.reshape"(%[[V5]]) <{shape = [1 : i32, -1 : i32]}> : (tensor<3x6xf32>) -> tensor<1x18xf32>
// CHECK-NEXT:    %[[V7:[a-z0-9_]+]] = "ttnn.add"(%[[V6]], %[[B2]]) : (tensor<1x18xf32>, tensor<3x1xf32>) -> tensor<3x18xf32>
// CHECK-NEXT:    func.return %[[V7]] : tensor<3x18xf32>
// CHECK-NEXT:  }

// A call takes its sizes from the function, and gives it those of its operands.
func.func private @callee(%x: tensor<?x3xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 0>}> : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func private @callee(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<3x2xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<3x2xf32>
// CHECK-NEXT:  }

func.func @caller(%x: tensor<2x3xf32>) -> tensor<?x2xf32> {
  %0 = "ttnn.relu"(%x) : (tensor<2x3xf32>) -> tensor<?x3xf32>
  %1 = func.call @callee(%0) : (tensor<?x3xf32>) -> tensor<?x?xf32>
  %2 = ttcore.load_cached(@cached, [%1]) : (tensor<?x?xf32>) -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @caller(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<3x2xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.relu"(%[[X]]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = func.call @callee(%[[V0]]) : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = ttcore.load_cached(@cached, [%[[V1]]]) : (tensor<3x2xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    func.return %[[V2]] : tensor<3x2xf32>
// CHECK-NEXT:  }

func.func private @cached(%x: tensor<?x?xf32>) -> tensor<?x2xf32> {
  %0 = "ttnn.sigmoid"(%x) : (tensor<?x?xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func private @cached(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<3x2xf32>) -> tensor<3x2xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.sigmoid"(%[[X]]) : (tensor<3x2xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<3x2xf32>
// CHECK-NEXT:  }

// What an unknown op makes stays unknown, and so does what follows from it.
func.func @unknown(%x: tensor<2x3xf32>) -> tensor<?x?xf32> {
  %0 = "ttnn.never_heard_of"(%x) : (tensor<2x3xf32>) -> tensor<?x3xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 0, 0, 0, 1>, use_multicore = false,
      value = 0.000000e+00 : f32}> : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<?x4xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.never_heard_of"(%[[X]]) : (tensor<2x3xf32>) -> tensor<?x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.pad"(%[[V0]]) <{padding = array<i32: 0, 0, 0, 1>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<?x3xf32>) -> tensor<?x4xf32>
// CHECK-NEXT:    func.return %[[V1]] : tensor<?x4xf32>
// CHECK-NEXT:  }

// A pooling with ceil_mode has one more row here, an upsample multiplies, and an average is one pixel.
func.func @pooled_and_upsampled(%x: tensor<1x1x42x3xf32>, %u: tensor<2x3x4x5xf32>) -> (tensor<?x?x?x?xf32>, tensor<2x?x?x5xf32>, tensor<?x?x?x5xf32>) {
  %0 = "ttnn.max_pool2d"(%x) <{batch_size = 1 : si32, ceil_mode = true, channels = 3 : si32, dilation = array<i32: 1, 1>, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 3, 3>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<?x?x?x?xf32>
  %1 = "ttnn.upsample"(%u) <{mode = "nearest", scale_factor = array<i32: 2, 3>}> : (tensor<2x3x4x5xf32>) -> tensor<2x?x?x5xf32>
  %2 = "ttnn.global_avg_pool2d"(%1) : (tensor<2x?x?x5xf32>) -> tensor<?x?x?x5xf32>
  return %0, %1, %2 : tensor<?x?x?x?xf32>, tensor<2x?x?x5xf32>, tensor<?x?x?x5xf32>
}

// CHECK-LABEL: func.func @pooled_and_upsampled(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x42x3xf32>, %[[U:[a-z0-9_]+]]: tensor<2x3x4x5xf32>) -> (tensor<1x1x9x3xf32>, tensor<2x6x12x5xf32>, tensor<2x1x1x5xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.max_pool2d"(%[[X]]) <{batch_size = 1 : si32, ceil_mode = true, channels = 3 : si32, dilation = array<i32: 1, 1>, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 3, 3>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x9x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.upsample"(%[[U]]) <{mode = "nearest", scale_factor = array<i32: 2, 3>}> : (tensor<2x3x4x5xf32>) -> tensor<2x6x12x5xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = "ttnn.global_avg_pool2d"(%[[V1]]) : (tensor<2x6x12x5xf32>) -> tensor<2x1x1x5xf32>
// CHECK-NEXT:    func.return %[[V0]], %[[V1]], %[[V2]] : tensor<1x1x9x3xf32>, tensor<2x6x12x5xf32>, tensor<2x1x1x5xf32>
// CHECK-NEXT:  }

// A function without a body has no sizes to give.
func.func private @declared(tensor<?xf32>) -> tensor<?xf32>

// CHECK-LABEL: func.func private @declared(
// CHECK-SAME:  tensor<?xf32>) -> tensor<?xf32>

func.func @calls_declared(%x: tensor<2xf32>) -> tensor<?xf32> {
  %0 = tensor.cast %x : tensor<2xf32> to tensor<?xf32>
  %1 = func.call @declared(%0) : (tensor<?xf32>) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// CHECK-LABEL: func.func @calls_declared(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>) -> tensor<?xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = tensor.cast %[[X]] : tensor<2xf32> to tensor<?xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = func.call @declared(%[[V0]]) : (tensor<?xf32>) -> tensor<?xf32>
// CHECK-NEXT:    func.return %[[V1]] : tensor<?xf32>
// CHECK-NEXT:  }

// The steps of a decomposition: what two phases, or products of taps, make; sums that are finished.
func.func @decomposed(%a: tensor<1x4x6x2xf32>, %b: tensor<1x3x6x2xf32>, %p: tensor<2x6x12xf32>, %bias: tensor<1x1x1x4xf32>) -> (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) {
  %0 = deconv.interleave %a, %b strides = [2, 1] rows = [array<i64: 0>, array<i64: 1>] columns = [array<i64: 0>, array<i64: 0>] : (tensor<1x4x6x2xf32>, tensor<1x3x6x2xf32>) -> tensor<?x?x?x?xf32>
  %1 = "deconv.col2im"(%p) <{input_size = array<i64: 2, 3>, kernel_size = array<i64: 3, 2>, stride = array<i64: 2, 3>, padding = array<i64: 0, 1, 0, 0>, dilation = array<i64: 1, 1>, output_padding = array<i64: 0, 1>}> : (tensor<2x6x12xf32>) -> tensor<?x?x?x?xf32>
  %2 = deconv.finish %1 bias(%bias : tensor<1x1x1x4xf32>) : tensor<?x?x?x?xf32> -> tensor<?x?x?x?xf32>
  return %0, %2 : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>
}

// CHECK-LABEL: func.func @decomposed(
// CHECK-NEXT:    %{{[a-z0-9_]+}} = deconv.interleave {{.*}} -> tensor<1x7x6x2xf32>
// CHECK-NEXT:    %[[SUMS:[a-z0-9_]+]] = "deconv.col2im"({{.*}}) -> tensor<1x4x9x4xf32>
// CHECK-NEXT:    %{{[a-z0-9_]+}} = deconv.finish %[[SUMS]] {{.*}} : tensor<1x4x9x4xf32> -> tensor<1x4x9x4xf32>
// CHECK-NEXT:    func.return {{.*}} : tensor<1x7x6x2xf32>, tensor<1x4x9x4xf32>
// CHECK-NEXT:  }

// One phase of two leaves the rows open: 7 or 8 of them have 4 in it.
func.func @half_interleaved(%a: tensor<1x4x6x2xf32>) -> tensor<?x?x?x?xf32> {
  %0 = deconv.interleave %a strides = [2, 1] rows = [array<i64: 0>] columns = [array<i64: 0>] : (tensor<1x4x6x2xf32>) -> tensor<?x?x?x?xf32>
  return %0 : tensor<?x?x?x?xf32>
}

// CHECK-LABEL: func.func @half_interleaved(
// CHECK-NEXT:    %[[HALF:[a-z0-9_]+]] = deconv.interleave {{.*}} -> tensor<1x?x6x2xf32>
// CHECK-NEXT:    func.return %[[HALF]] : tensor<1x?x6x2xf32>
// CHECK-NEXT:  }
