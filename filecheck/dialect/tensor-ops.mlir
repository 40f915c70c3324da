// RUN: ttnn-opt %s | filecheck %s
// RUN: ttnn-opt %s --print-op-generic | ttnn-opt | filecheck %s

%a, %b = "other.tensors"() : () -> (tensor<2x3xf32>, tensor<2x3xf32>)
%add = "ttnn.add"(%a, %b) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
%concat = "ttnn.concat"(%add, %b) <{dim = -1 : si32}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
%pad = "ttnn.pad"(%concat) <{padding = array<i32: 0, 1, 2, 0>, use_multicore = true, value = 0.000000e+00 : f32}> : (tensor<2x6xf32>) -> tensor<3x8xf32>
%permute = "ttnn.permute"(%pad) <{permutation = array<i64: 1, 0>}> : (tensor<3x8xf32>) -> tensor<8x3xf32>
%slice = "ttnn.slice_static"(%permute) <{begins = [0 : i32, 1 : i32], ends = [8 : i32, 3 : i32], step = [2 : i32, 1 : i32]}> : (tensor<8x3xf32>) -> tensor<4x2xf32>
%reshape = "ttnn.reshape"(%slice) <{shape = [-1 : i32]}> : (tensor<4x2xf32>) -> tensor<8xf32>
%matmul = "ttnn.matmul"(%slice, %slice) <{transpose_a = true, transpose_b = false}> : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<2x2xf32>
%dilated = deconv.dilate_insert %matmul strides = [2, 3] : tensor<2x2xf32> -> tensor<3x4xf32>
%flipped = deconv.flip %dilated dimensions = [0, 1] : tensor<3x4xf32> -> tensor<3x4xf32>

// CHECK:      %[[A:.+]], %[[B:.+]] = "other.tensors"() : () -> (tensor<2x3xf32>, tensor<2x3xf32>)
// CHECK-NEXT: %[[ADD:.+]] = "ttnn.add"(%[[A]], %[[B]]) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT: %[[CONCAT:.+]] = "ttnn.concat"(%[[ADD]], %[[B]]) <{dim = -1 : si32}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
// CHECK-NEXT: %[[PAD:.+]] = "ttnn.pad"(%[[CONCAT]]) <{padding = array<i32: 0, 1, 2, 0>, use_multicore = true, value = 0.000000e+00 : f32}> : (tensor<2x6xf32>) -> tensor<3x8xf32>
// CHECK-NEXT: %[[PERMUTE:.+]] = "ttnn.permute"(%[[PAD]]) <{permutation = array<i64: 1, 0>}> : (tensor<3x8xf32>) -> tensor<8x3xf32>
// CHECK-NEXT: %[[SLICE:.+]] = "ttnn.slice_static"(%[[PERMUTE]]) <{begins = [0 : i32, 1 : i32], ends = [8 : i32, 3 : i32], step = [2 : i32, 1 : i32]}> : (tensor<8x3xf32>) -> tensor<4x2xf32>
// CHECK-NEXT: %{{.+}} = "ttnn.reshape"(%[[SLICE]]) <{shape = [-1 : i32]}> : (tensor<4x2xf32>) -> tensor<8xf32>
// CHECK-NEXT: %[[MATMUL:.+]] = "ttnn.matmul"(%[[SLICE]], %[[SLICE]]) <{transpose_a = true, transpose_b = false}> : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<2x2xf32>
// CHECK-NEXT: %[[DILATED:.+]] = deconv.dilate_insert %[[MATMUL]] strides = [2, 3] : tensor<2x2xf32> -> tensor<3x4xf32>
// CHECK-NEXT: %{{.+}} = deconv.flip %[[DILATED]] dimensions = [0, 1] : tensor<3x4xf32> -> tensor<3x4xf32>
