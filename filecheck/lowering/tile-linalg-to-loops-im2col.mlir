// RUN: ttnn-opt %s -p 'tile-linalg-to-loops{conv=im2col tile-m=4 tile-n=3 tile-k=8}' | filecheck %s

// One matrix of patches, and one tiled matmul over it.
func.func @conv(%x: tensor<2x3x4x2xf32>, %w: tensor<2x1x2x3xf32>, %c: tensor<2x2x2x3xf32>) -> tensor<2x2x2x3xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<[1, 2]> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<2x3x4x2xf32>, tensor<2x1x2x3xf32>) outs(%c : tensor<2x2x2x3xf32>) -> tensor<2x2x2x3xf32>
  return %0 : tensor<2x2x2x3xf32>
}

// CHECK-LABEL: func.func @conv(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x4x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x1x2x3xf32>, %[[C:[a-z0-9_]+]]: tensor<2x2x2x3xf32>) -> tensor<2x2x2x3xf32> {
// CHECK-NEXT:    %[[WEIGHTS:[a-z0-9_]+]] = tensor.collapse_shape %[[W]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<2x1x2x3xf32> into tensor<4x3xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x2x2x2x1x2xf32>
// CHECK-NEXT:    %[[GATHERED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, (d1 + d3), ((d2 * 2) + d4), d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3, d4, d5)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%[[X]] : tensor<2x3x4x2xf32>) outs(%[[EMPTY]] : tensor<2x2x2x2x1x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      linalg.yield %[[V0]] : f32
// CHECK-NEXT:    } -> tensor<2x2x2x2x1x2xf32>
// CHECK-NEXT:    %[[PATCHES:[a-z0-9_]+]] = tensor.collapse_shape %[[GATHERED]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64, 5 : i64]] : tensor<2x2x2x2x1x2xf32> into tensor<8x4xf32>
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[C]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<2x2x2x3xf32> into tensor<8x3xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C8:[a-z0-9_]+]] = arith.constant 8 : index
// CHECK-NEXT:    %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[ROW:[a-z0-9_]+]] = %[[C0]] to %[[C8]] step %[[C4]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<8x3xf32>) {
// CHECK-NEXT:      %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_2]][%[[ROW]], 0] [4, 3] [1, 1] : tensor<8x3xf32> to tensor<4x3xf32>
// CHECK-NEXT:      %[[LEFT:[a-z0-9_]+]] = tensor.extract_slice %[[PATCHES]][%[[ROW]], 0] [4, 4] [1, 1] : tensor<8x4xf32> to tensor<4x4xf32>
// CHECK-NEXT:      %[[RIGHT:[a-z0-9_]+]] = tensor.extract_slice %[[WEIGHTS]][0, 0] [4, 3] [1, 1] : tensor<4x3xf32> to tensor<4x3xf32>
// CHECK-NEXT:      %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[LEFT]], %[[RIGHT]] : tensor<4x4xf32>, tensor<4x3xf32>) outs(%[[TILE]] : tensor<4x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = tensor.insert_slice %[[SUMS]] into %[[OUTPUT_2]][%[[ROW]], 0] [4, 3] [1, 1] : tensor<4x3xf32> into tensor<8x3xf32>
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<8x3xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] output_shape [2, 2, 2, 3] : tensor<8x3xf32> into tensor<2x2x2x3xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<2x2x2x3xf32>
// CHECK-NEXT:  }

// Groups are a loop over matrices of patches.
func.func @groups(%x: tensor<1x1x5x2x2xf32>, %w: tensor<2x3x1x2x2xf32>, %c: tensor<1x1x3x2x3xf32>) -> tensor<1x1x3x2x3xf32> {
  %0 = linalg.conv_2d_nhwgc_gfhwc {strides = dense<1> : tensor<2xi64>, dilations = dense<2> : tensor<2xi64>}
    ins(%x, %w : tensor<1x1x5x2x2xf32>, tensor<2x3x1x2x2xf32>) outs(%c : tensor<1x1x3x2x3xf32>) -> tensor<1x1x3x2x3xf32>
  return %0 : tensor<1x1x3x2x3xf32>
}

// CHECK-LABEL: func.func @groups(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x2x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x1x2x2xf32>, %[[C:[a-z0-9_]+]]: tensor<1x1x3x2x3xf32>) -> tensor<1x1x3x2x3xf32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x1x2x2x3xf32>
// CHECK-NEXT:    %[[TAPS_BY_DEPTH:[a-z0-9_]+]] = linalg.transpose ins(%[[W]]:tensor<2x3x1x2x2xf32>) outs(%[[EMPTY]]:tensor<2x1x2x2x3xf32>) permutation = [0, 2, 3, 4, 1]
// CHECK-NEXT:    %[[WEIGHTS:[a-z0-9_]+]] = tensor.collapse_shape %[[TAPS_BY_DEPTH]] {{\[\[}}0 : i64], [1 : i64, 2 : i64, 3 : i64], [4 : i64]] : tensor<2x1x2x2x3xf32> into tensor<2x4x3xf32>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x1x1x3x1x2x2xf32>
// CHECK-NEXT:    %[[GATHERED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, (d2 + (d4 * 2)), (d3 + (d5 * 2)), d0, d6)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3, d4, d5, d6)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%[[X]] : tensor<1x1x5x2x2xf32>) outs(%[[EMPTY_1]] : tensor<2x1x1x3x1x2x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      linalg.yield %[[V0]] : f32
// CHECK-NEXT:    } -> tensor<2x1x1x3x1x2x2xf32>
// CHECK-NEXT:    %[[PATCHES:[a-z0-9_]+]] = tensor.collapse_shape %[[GATHERED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64, 3 : i64], [4 : i64, 5 : i64, 6 : i64]] : tensor<2x1x1x3x1x2x2xf32> into tensor<2x3x4xf32>
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[C]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64]] : tensor<1x1x3x2x3xf32> into tensor<3x6xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[GROUP:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<3x6xf32>) {
// CHECK-NEXT:      %[[FIRST_COLUMN:[a-z0-9_]+]] = arith.muli %[[GROUP]], %[[C3]] : index
// CHECK-NEXT:      %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_2]][0, %[[FIRST_COLUMN]]] [3, 3] [1, 1] : tensor<3x6xf32> to tensor<3x3xf32>
// CHECK-NEXT:      %[[LEFT:[a-z0-9_]+]] = tensor.extract_slice %[[PATCHES]][%[[GROUP]], 0, 0] [1, 3, 4] [1, 1, 1] : tensor<2x3x4xf32> to tensor<3x4xf32>
// CHECK-NEXT:      %[[RIGHT:[a-z0-9_]+]] = tensor.extract_slice %[[WEIGHTS]][%[[GROUP]], 0, 0] [1, 4, 3] [1, 1, 1] : tensor<2x4x3xf32> to tensor<4x3xf32>
// CHECK-NEXT:      %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[LEFT]], %[[RIGHT]] : tensor<3x4xf32>, tensor<4x3xf32>) outs(%[[TILE]] : tensor<3x3xf32>) -> tensor<3x3xf32>
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = tensor.insert_slice %[[SUMS]] into %[[OUTPUT_2]][0, %[[FIRST_COLUMN]]] [3, 3] [1, 1] : tensor<3x3xf32> into tensor<3x6xf32>
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<3x6xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64]] output_shape [1, 1, 3, 2, 3] : tensor<3x6xf32> into tensor<1x1x3x2x3xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x1x3x2x3xf32>
// CHECK-NEXT:  }
