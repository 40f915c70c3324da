// RUN: ttnn-opt %s -p ttnn-fold-constants | filecheck %s
// RUN: ttnn-opt %s -p 'ttnn-fold-constants{max-bytes=23}' | filecheck %s --check-prefix LIMIT

// Every known movement; the constant it came from goes where nothing else uses it.
func.func @flip() -> tensor<2x3xf32> {
  %0 = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %1 = deconv.flip %0 dimensions = [1] : tensor<2x3xf32> -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @flip(
// CHECK-SAME:  ) -> tensor<2x3xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<{{\[\[}}3.000000e+00, 2.000000e+00, 1.000000e+00], [6.000000e+00, 5.000000e+00, 4.000000e+00]]> : tensor<2x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<2x3xf32>
// CHECK-NEXT:  }

func.func @permute() -> tensor<3x2xi32> {
  %0 = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %1 = "ttnn.permute"(%0) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xi32>) -> tensor<3x2xi32>
  return %1 : tensor<3x2xi32>
}

// CHECK-LABEL: func.func @permute(
// CHECK-SAME:  ) -> tensor<3x2xi32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<{{\[\[}}1, 4], [2, 5], [3, 6]]> : tensor<3x2xi32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<3x2xi32>
// CHECK-NEXT:  }

func.func @reshape() -> tensor<6xbf16, #ttnn.layout<tile>> {
  %0 = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xbf16>
  %1 = "ttnn.reshape"(%0) <{shape = [6 : i32]}> : (tensor<2x3xbf16>) -> tensor<6xbf16, #ttnn.layout<tile>>
  return %1 : tensor<6xbf16, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func @reshape(
// CHECK-SAME:  ) -> tensor<6xbf16, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00]> : tensor<6xbf16, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[V0]] : tensor<6xbf16, #ttnn.layout<tile>>
// CHECK-NEXT:  }

func.func @slice() -> tensor<1x2xf32> {
  %0 = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %1 = "ttnn.slice_static"(%0) <{begins = [-1 : i32, 0 : i32], ends = [2 : i32, 3 : i32], step = [1 : i32, 2 : i32]}> : (tensor<2x3xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @slice(
// CHECK-SAME:  ) -> tensor<1x2xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<{{\[\[}}4.000000e+00, 6.000000e+00]]> : tensor<1x2xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x2xf32>
// CHECK-NEXT:  }

func.func @pad() -> tensor<1x5xf32> {
  %0 = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 0, 0, 1, 2>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x2xf32>) -> tensor<1x5xf32>
  return %1 : tensor<1x5xf32>
}

// CHECK-LABEL: func.func @pad(
// CHECK-SAME:  ) -> tensor<1x5xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<{{\[\[}}0.000000e+00, 1.000000e+00, 2.000000e+00, 0.000000e+00, 0.000000e+00]]> : tensor<1x5xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<1x5xf32>
// CHECK-NEXT:  }

// A splat, and a chain; the constant stays where it is used.
func.func @chain() -> (tensor<2x3xf32>, tensor<3x2xf32>) {
  %0 = arith.constant dense<1.5> : tensor<2x3xf32>
  %1 = "ttnn.permute"(%0) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = deconv.flip %1 dimensions = [0] : tensor<3x2xf32> -> tensor<3x2xf32>
  return %0, %2 : tensor<2x3xf32>, tensor<3x2xf32>
}

// CHECK-LABEL: func.func @chain(
// CHECK-SAME:  ) -> (tensor<2x3xf32>, tensor<3x2xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<1.500000e+00> : tensor<2x3xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = arith.constant dense<1.500000e+00> : tensor<3x2xf32>
// CHECK-NEXT:    func.return %[[V0]], %[[V1]] : tensor<2x3xf32>, tensor<3x2xf32>
// CHECK-NEXT:  }

// Only movements are folded, of constants.
func.func @not_folded(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<3xf32>) {
  %0 = arith.constant dense<[1.0, -2.0]> : tensor<2xf32>
  %1 = "ttnn.relu"(%0) : (tensor<2xf32>) -> tensor<2xf32>
  %2 = deconv.flip %x dimensions = [0] : tensor<2xf32> -> tensor<2xf32>
  %3 = "ttnn.pad"(%0) <{padding = array<i32: 0, 1>, use_multicore = false, value = 1.000000e+00 : f32}> : (tensor<2xf32>) -> tensor<3xf32>
  return %1, %2, %3 : tensor<2xf32>, tensor<2xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @not_folded(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<3xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<[1.000000e+00, -2.000000e+00]> : tensor<2xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = "ttnn.relu"(%[[V0]]) : (tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT:    %[[V2:[a-z0-9_]+]] = deconv.flip %[[X]] dimensions = [0] : tensor<2xf32> -> tensor<2xf32>
// CHECK-NEXT:    %[[V3:[a-z0-9_]+]] = "ttnn.pad"(%[[V0]]) <{padding = array<i32: 0, 1>, use_multicore = false, value = 1.000000e+00 : f32}> : (tensor<2xf32>) -> tensor<3xf32>
// CHECK-NEXT:    func.return %[[V1]], %[[V2]], %[[V3]] : tensor<2xf32>, tensor<2xf32>, tensor<3xf32>
// CHECK-NEXT:  }

// 24 bytes are above a limit of 23, 20 are not.
// LIMIT-LABEL: func.func @flip(
// LIMIT:       deconv.flip
// LIMIT-LABEL: func.func @pad(
// LIMIT-NEXT:    arith.constant dense<{{\[\[}}0.000000e+00, 1.000000e+00, 2.000000e+00, 0.000000e+00, 0.000000e+00]]>
