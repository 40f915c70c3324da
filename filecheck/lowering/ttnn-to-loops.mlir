// RUN: ttnn-opt %s -p 'ttnn-to-loops{strategy=zero-insert tile-m=4 tile-n=2 tile-k=8}' | filecheck %s
// RUN: not ttnn-opt %s -p 'ttnn-to-loops{strategy=winograd}' 2>&1 | filecheck %s --check-prefix STRATEGY
// RUN: not ttnn-opt %s -p 'ttnn-to-loops{conv=xyz}' 2>&1 | filecheck %s --check-prefix MODE
// RUN: not ttnn-opt %s -p 'ttnn-to-loops{strategy=zero-insert max-temporary-bytes=199}' 2>&1 | filecheck %s --check-prefix BYTES

// STRATEGY: error: pass 'ttnn-to-loops': strategy: expected one of auto, zero-insert, sub-pixel, gemm-col2im, matmul{{(, [a-z0-9-]+)*}}, got winograd
// MODE: error: pass 'ttnn-to-loops': conv: expected one of direct, im2col, got xyz
// BYTES: expected temporaries of at most 199 bytes for strategy zero-insert, got one of

// Zeros are inserted and put around by one strided insert; a flattened result.
func.func @strided(%x: tensor<1x2x3x2xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<1x1x1x2xf32>, %device: !ttnn.device)
    -> tensor<1x1x24x2xf32> {
  %y = "ttnn.conv_transpose2d"(%x, %w, %b, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 2 : i32,
      input_height = 2 : i32, input_width = 3 : i32, kernel_size = array<i32: 2, 2>,
      out_channels = 2 : i32, output_padding = array<i32: 0, 0>, padding = array<i32: 0, 0>,
      stride = array<i32: 2, 2>}>
    : (tensor<1x2x3x2xf32>, tensor<2x2x2x2xf32>, tensor<1x1x1x2xf32>, !ttnn.device) -> tensor<1x1x24x2xf32>
  return %y : tensor<1x1x24x2xf32>
}

// CHECK-LABEL: func.func @strided(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x2x2x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x24x2xf32> {
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<1x5x7x2xf32>
// CHECK-NEXT:    %[[ZEROS:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<1x5x7x2xf32>) -> tensor<1x5x7x2xf32>
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.insert_slice %[[X]] into %[[ZEROS]][0, 1, 1, 0] [1, 2, 3, 2] [1, 2, 2, 1] : tensor<1x2x3x2xf32> into tensor<1x5x7x2xf32>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x2x2x2xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%[[EMPTY_1]] : tensor<2x2x2x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V1:[a-z0-9_]+]] = linalg.index 0 : index
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = linalg.index 1 : index
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = linalg.index 2 : index
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = arith.subi %[[V3]], %[[V4]] : index
// CHECK-NEXT:      %[[V6:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = linalg.index 3 : index
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.subi %[[V6]], %[[V7]] : index
// CHECK-NEXT:      %[[V9:[a-z0-9_]+]] = tensor.extract %[[W]][%[[V1]], %[[V2]], %[[V5]], %[[V8]]] : tensor<2x2x2x2xf32>
// CHECK-NEXT:      linalg.yield %[[V9]] : f32
// CHECK-NEXT:    } -> tensor<2x2x2x2xf32>
// CHECK-NEXT:    %[[MERGED:[a-z0-9_]+]] = tensor.collapse_shape %[[FLIPPED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64, 3 : i64]] : tensor<2x2x2x2xf32> into tensor<4x4xf32>
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<4x4xf32>
// CHECK-NEXT:    %[[MOVED:[a-z0-9_]+]] = linalg.transpose ins(%[[MERGED]]:tensor<4x4xf32>) outs(%[[EMPTY_2]]:tensor<4x4xf32>) permutation = [1, 0]
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = tensor.expand_shape %[[MOVED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64, 3 : i64]] output_shape [2, 2, 2, 2] : tensor<4x4xf32> into tensor<2x2x2x2xf32>
// CHECK-NEXT:    %[[ZERO_1:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_3:[a-z0-9_]+]] = tensor.empty() : tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO_1]] : f32) outs(%[[EMPTY_3]] : tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[INIT]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<1x4x6x2xf32> into tensor<24x2xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[C6:[a-z0-9_]+]] = arith.constant 6 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[ROW:[a-z0-9_]+]] = %[[C0]] to %[[C4]] step %[[C1]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<24x2xf32>) {
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = scf.for %[[COLUMN:[a-z0-9_]+]] = %[[C0]] to %[[C6]] step %[[C4]] iter_args(%[[OUTPUT_4:[a-z0-9_]+]] = %[[OUTPUT_2]]) -> (tensor<24x2xf32>) {
// CHECK-NEXT:        %[[COLUMN_LEFT:[a-z0-9_]+]] = arith.subi %[[C6]], %[[COLUMN]] : index
// CHECK-NEXT:        %[[COLUMN_TILE:[a-z0-9_]+]] = arith.minsi %[[C4]], %[[COLUMN_LEFT]] : index
// CHECK-NEXT:        %[[PIXEL:[a-z0-9_]+]] = arith.muli %[[ROW]], %[[C6]] : index
// CHECK-NEXT:        %[[PIXEL_1:[a-z0-9_]+]] = arith.addi %[[PIXEL]], %[[COLUMN]] : index
// CHECK-NEXT:        %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_4]][%[[PIXEL_1]], 0] [%[[COLUMN_TILE]], 2] [1, 1] : tensor<24x2xf32> to tensor<?x2xf32>
// CHECK-NEXT:        %[[TILE_1:[a-z0-9_]+]] = scf.for %[[TAP_ROW:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[TILE_2:[a-z0-9_]+]] = %[[TILE]]) -> (tensor<?x2xf32>) {
// CHECK-NEXT:          %[[TILE_3:[a-z0-9_]+]] = scf.for %[[TAP_COLUMN:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[TILE_4:[a-z0-9_]+]] = %[[TILE_2]]) -> (tensor<?x2xf32>) {
// CHECK-NEXT:            %[[IN_ROW:[a-z0-9_]+]] = arith.addi %[[ROW]], %[[TAP_ROW]] : index
// CHECK-NEXT:            %[[IN_COLUMN:[a-z0-9_]+]] = arith.addi %[[COLUMN]], %[[TAP_COLUMN]] : index
// CHECK-NEXT:            %[[PATCH:[a-z0-9_]+]] = tensor.extract_slice %[[PADDED]][0, %[[IN_ROW]], %[[IN_COLUMN]], 0] [1, 1, %[[COLUMN_TILE]], 2] [1, 1, 1, 1] : tensor<1x5x7x2xf32> to tensor<?x2xf32>
// CHECK-NEXT:            %[[WEIGHTS:[a-z0-9_]+]] = tensor.extract_slice %[[TAPS]][%[[TAP_ROW]], %[[TAP_COLUMN]], 0, 0] [1, 1, 2, 2] [1, 1, 1, 1] : tensor<2x2x2x2xf32> to tensor<2x2xf32>
// CHECK-NEXT:            %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[PATCH]], %[[WEIGHTS]] : tensor<?x2xf32>, tensor<2x2xf32>) outs(%[[TILE_4]] : tensor<?x2xf32>) -> tensor<?x2xf32>
// CHECK-NEXT:            scf.yield %[[SUMS]] : tensor<?x2xf32>
// CHECK-NEXT:          }
// CHECK-NEXT:          scf.yield %[[TILE_3]] : tensor<?x2xf32>
// CHECK-NEXT:        }
// CHECK-NEXT:        %[[OUTPUT_5:[a-z0-9_]+]] = tensor.insert_slice %[[TILE_1]] into %[[OUTPUT_4]][%[[PIXEL_1]], 0] [%[[COLUMN_TILE]], 2] [1, 1] : tensor<?x2xf32> into tensor<24x2xf32>
// CHECK-NEXT:        scf.yield %[[OUTPUT_5]] : tensor<24x2xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<24x2xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] output_shape [1, 4, 6, 2] : tensor<24x2xf32> into tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[BIAS:[a-z0-9_]+]] = tensor.collapse_shape %[[B]] {{\[\[}}0 : i64, 1 : i64, 2 : i64, 3 : i64]] : tensor<1x1x1x2xf32> into tensor<2xf32>
// CHECK-NEXT:    %[[EMPTY_4:[a-z0-9_]+]] = tensor.empty() : tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[FINISHED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[CONVOLVED]], %[[BIAS]] : tensor<1x4x6x2xf32>, tensor<2xf32>) outs(%[[EMPTY_4]] : tensor<1x4x6x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V10:[a-z0-9_]+]]: f32, %[[V11:[a-z0-9_]+]]: f32, %[[V12:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V13:[a-z0-9_]+]] = arith.addf %[[V10]], %[[V11]] : f32
// CHECK-NEXT:      linalg.yield %[[V13]] : f32
// CHECK-NEXT:    } -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[FINISHED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x4x6x2xf32> into tensor<1x24x2xf32>
// CHECK-NEXT:    %[[CONVOLVED_1:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 24, 2] : tensor<1x24x2xf32> into tensor<1x1x24x2xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED_1]] : tensor<1x1x24x2xf32>
// CHECK-NEXT:  }
