// RUN: ttnn-opt %s -p ttnn-canonicalize | filecheck %s

// Ops that change nothing go.
func.func @identities(%x: tensor<1x2x3xf32>) -> tensor<1x2x3xf32> {
  %0 = "ttnn.reshape"(%x) <{shape = [1 : i32, 2 : i32, 3 : i32]}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %1 = "ttnn.permute"(%0) <{permutation = array<i64: 0, 1, 2>}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %2 = "ttnn.pad"(%1) <{padding = array<i32: 0, 0, 0, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %3 = "ttnn.slice_static"(%2) <{begins = [0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 2 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %4 = "ttnn.concat"(%3) <{dim = 1 : si32}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32>
  %5 = deconv.dilate_insert %4 strides = [1, 1, 1] : tensor<1x2x3xf32> -> tensor<1x2x3xf32>
  %6 = deconv.flip %5 dimensions = [0] : tensor<1x2x3xf32> -> tensor<1x2x3xf32>
  return %6 : tensor<1x2x3xf32>
}

// CHECK-LABEL: func.func @identities(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3xf32>) -> tensor<1x2x3xf32> {
// CHECK-NEXT:    func.return %[[X]] : tensor<1x2x3xf32>
// CHECK-NEXT:  }

// Ops that look like them stay: a type that changes, a step, a dimension of more than 1.
func.func @not_identities(%x: tensor<1x2x3xf32>) -> tensor<1x1x3xf32> {
  %0 = "ttnn.reshape"(%x) <{shape = [1 : i32, 2 : i32, 3 : i32]}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32, #ttnn.layout<tile>>
  %1 = "ttnn.slice_static"(%0) <{begins = [0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 2 : i32, 3 : i32], step = [1 : i32, 2 : i32, 1 : i32]}> : (tensor<1x2x3xf32, #ttnn.layout<tile>>) -> tensor<1x1x3xf32>
  %2 = deconv.flip %1 dimensions = [1, 2] : tensor<1x1x3xf32> -> tensor<1x1x3xf32>
  return %2 : tensor<1x1x3xf32>
}

// CHECK-LABEL: func.func @not_identities(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3xf32>) -> tensor<1x1x3xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [1 : i32, 2 : i32, 3 : i32]}> : (tensor<1x2x3xf32>) -> tensor<1x2x3xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.slice_static"(%[[V0]]) <{begins = [0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 2 : i32, 3 : i32], step = [1 : i32, 2 : i32, 1 : i32]}> : (tensor<1x2x3xf32, #ttnn.layout<tile>>) -> tensor<1x1x3xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = deconv.flip %[[V1]] dimensions = [1, 2] : tensor<1x1x3xf32> -> tensor<1x1x3xf32>
// CHECK-NEXT:    func.return %[[V2]] : tensor<1x1x3xf32>
// CHECK-NEXT:  }

// Chains merge; the first op of one stays where something else uses it.
func.func @chains(%x: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>, tensor<24xf32>, tensor<6x4xf32>) {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 2, 0>}> : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = "ttnn.permute"(%0) <{permutation = array<i64: 1, 2, 0>}> : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
  %2 = "ttnn.reshape"(%x) <{shape = [6 : i32, 4 : i32]}> : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %3 = "ttnn.reshape"(%2) <{shape = [24 : i32]}> : (tensor<6x4xf32>) -> tensor<24xf32>
  return %1, %3, %2 : tensor<4x2x3xf32>, tensor<24xf32>, tensor<6x4xf32>
}

// CHECK-LABEL: func.func @chains(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>, tensor<24xf32>, tensor<6x4xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.permute"(%[[X]]) <{permutation = array<i64: 2, 0, 1>}> : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [6 : i32, 4 : i32]}> : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [24 : i32]}> : (tensor<2x3x4xf32>) -> tensor<24xf32>
// CHECK-NEXT:    func.return %[[V0]], %[[V2]], %[[V1]] : tensor<4x2x3xf32>, tensor<24xf32>, tensor<6x4xf32>
// CHECK-NEXT:  }

// Two flips along the same dimensions cancel, in whatever order they are written; others do not.
func.func @flips(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = deconv.flip %x dimensions = [0, 1] : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = deconv.flip %0 dimensions = [1, 0] : tensor<2x3xf32> -> tensor<2x3xf32>
  %2 = deconv.flip %x dimensions = [0] : tensor<2x3xf32> -> tensor<2x3xf32>
  %3 = deconv.flip %2 dimensions = [1] : tensor<2x3xf32> -> tensor<2x3xf32>
  return %1, %3 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @flips(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = deconv.flip %[[X]] dimensions = [0] : tensor<2x3xf32> -> tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = deconv.flip %[[V0]] dimensions = [1] : tensor<2x3xf32> -> tensor<2x3xf32>
// CHECK-NEXT:    func.return %[[X]], %[[V1]] : tensor<2x3xf32>, tensor<2x3xf32>
// CHECK-NEXT:  }

// A permutation and its inverse leave nothing.
func.func @inverse(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 2, 0>}> : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = "ttnn.permute"(%0) <{permutation = array<i64: 2, 0, 1>}> : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @inverse(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
// CHECK-NEXT:    func.return %[[X]] : tensor<2x3x4xf32>
// CHECK-NEXT:  }

// Windows of one pixel and blocks of one pixel change nothing; padding around such windows does.
func.func @pixels(%x: tensor<1x1x6x3xf32>, %u: tensor<1x2x3x1xf32>) -> (tensor<1x1x6x3xf32>, tensor<1x2x3x1xf32>, tensor<1x1x12x3xf32>) {
  %0 = "ttnn.max_pool2d"(%x) <{batch_size = 1 : si32, ceil_mode = true, channels = 3 : si32, dilation = array<i32: 2, 2>, input_height = 2 : si32, input_width = 3 : si32, kernel_size = array<i32: 1, 1>, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x6x3xf32>) -> tensor<1x1x6x3xf32>
  %1 = "ttnn.upsample"(%u) <{mode = "nearest", scale_factor = 1 : si32}> : (tensor<1x2x3x1xf32>) -> tensor<1x2x3x1xf32>
  %2 = "ttnn.max_pool2d"(%x) <{batch_size = 1 : si32, ceil_mode = false, channels = 3 : si32, dilation = array<i32: 1, 1>, input_height = 2 : si32, input_width = 3 : si32, kernel_size = array<i32: 1, 1>, padding = array<i32: 1, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x6x3xf32>) -> tensor<1x1x12x3xf32>
  return %0, %1, %2 : tensor<1x1x6x3xf32>, tensor<1x2x3x1xf32>, tensor<1x1x12x3xf32>
}

// CHECK-LABEL: func.func @pixels(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x6x3xf32>, %[[U:[a-z0-9_]+]]: tensor<1x2x3x1xf32>) -> (tensor<1x1x6x3xf32>, tensor<1x2x3x1xf32>, tensor<1x1x12x3xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = "ttnn.max_pool2d"(%[[X]]) <{batch_size = 1 : si32, ceil_mode = false, channels = 3 : si32, dilation = array<i32: 1, 1>, input_height = 2 : si32, input_width = 3 : si32, kernel_size = array<i32: 1, 1>, padding = array<i32: 1, 0>, stride = array<i32: 1, 1>}> : (tensor<1x1x6x3xf32>) -> tensor<1x1x12x3xf32>
// CHECK-NEXT:    func.return %[[X]], %[[U]], %[[V0]] : tensor<1x1x6x3xf32>, tensor<1x2x3x1xf32>, tensor<1x1x12x3xf32>
// CHECK-NEXT:  }
