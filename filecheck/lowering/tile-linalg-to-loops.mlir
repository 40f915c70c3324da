// RUN: ttnn-opt %s -p 'tile-linalg-to-loops{tile-m=4 tile-n=3 tile-k=2}' | filecheck %s

// Tiles divide no dimension: the last of each is smaller.
func.func @ragged_matmul(%a: tensor<9x5xf32>, %b: tensor<5x7xf32>, %c: tensor<9x7xf32>) -> tensor<9x7xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<9x5xf32>, tensor<5x7xf32>) outs(%c : tensor<9x7xf32>) -> tensor<9x7xf32>
  return %0 : tensor<9x7xf32>
}

// CHECK-LABEL: func.func @ragged_matmul(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<9x5xf32>, %[[B:[a-z0-9_]+]]: tensor<5x7xf32>, %[[C:[a-z0-9_]+]]: tensor<9x7xf32>) -> tensor<9x7xf32> {
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C9:[a-z0-9_]+]] = arith.constant 9 : index
// CHECK-NEXT:    %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NEXT:    %[[C7:[a-z0-9_]+]] = arith.constant 7 : index
// CHECK-NEXT:    %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-NEXT:    %[[C5:[a-z0-9_]+]] = arith.constant 5 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C_1:[a-z0-9_]+]] = scf.for %[[ROW:[a-z0-9_]+]] = %[[C0]] to %[[C9]] step %[[C4]] iter_args(%[[C_2:[a-z0-9_]+]] = %[[C]]) -> (tensor<9x7xf32>) {
// CHECK-NEXT:      %[[ROW_LEFT:[a-z0-9_]+]] = arith.subi %[[C9]], %[[ROW]] : index
// CHECK-NEXT:      %[[ROW_TILE:[a-z0-9_]+]] = arith.minsi %[[C4]], %[[ROW_LEFT]] : index
// CHECK-NEXT:      %[[C_3:[a-z0-9_]+]] = scf.for %[[COLUMN:[a-z0-9_]+]] = %[[C0]] to %[[C7]] step %[[C3]] iter_args(%[[C_4:[a-z0-9_]+]] = %[[C_2]]) -> (tensor<9x7xf32>) {
// CHECK-NEXT:        %[[COLUMN_LEFT:[a-z0-9_]+]] = arith.subi %[[C7]], %[[COLUMN]] : index
// CHECK-NEXT:        %[[COLUMN_TILE:[a-z0-9_]+]] = arith.minsi %[[C3]], %[[COLUMN_LEFT]] : index
// CHECK-NEXT:        %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[C_4]][%[[ROW]], %[[COLUMN]]] [%[[ROW_TILE]], %[[COLUMN_TILE]]] [1, 1] : tensor<9x7xf32> to tensor<?x?xf32>
// CHECK-NEXT:        %[[TILE_1:[a-z0-9_]+]] = scf.for %[[DEPTH:[a-z0-9_]+]] = %[[C0]] to %[[C5]] step %[[C2]] iter_args(%[[TILE_2:[a-z0-9_]+]] = %[[TILE]]) -> (tensor<?x?xf32>) {
// CHECK-NEXT:          %[[DEPTH_LEFT:[a-z0-9_]+]] = arith.subi %[[C5]], %[[DEPTH]] : index
// CHECK-NEXT:          %[[DEPTH_TILE:[a-z0-9_]+]] = arith.minsi %[[C2]], %[[DEPTH_LEFT]] : index
// CHECK-NEXT:          %[[LEFT:[a-z0-9_]+]] = tensor.extract_slice %[[A]][%[[ROW]], %[[DEPTH]]] [%[[ROW_TILE]], %[[DEPTH_TILE]]] [1, 1] : tensor<9x5xf32> to tensor<?x?xf32>
// CHECK-NEXT:          %[[RIGHT:[a-z0-9_]+]] = tensor.extract_slice %[[B]][%[[DEPTH]], %[[COLUMN]]] [%[[DEPTH_TILE]], %[[COLUMN_TILE]]] [1, 1] : tensor<5x7xf32> to tensor<?x?xf32>
// CHECK-NEXT:          %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[LEFT]], %[[RIGHT]] : tensor<?x?xf32>, tensor<?x?xf32>) outs(%[[TILE_2]] : tensor<?x?xf32>) -> tensor<?x?xf32>
// CHECK-NEXT:          scf.yield %[[SUMS]] : tensor<?x?xf32>
// CHECK-NEXT:        }
// CHECK-NEXT:        %[[C_5:[a-z0-9_]+]] = tensor.insert_slice %[[TILE_1]] into %[[C_4]][%[[ROW]], %[[COLUMN]]] [%[[ROW_TILE]], %[[COLUMN_TILE]]] [1, 1] : tensor<?x?xf32> into tensor<9x7xf32>
// CHECK-NEXT:        scf.yield %[[C_5]] : tensor<9x7xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.yield %[[C_3]] : tensor<9x7xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return %[[C_1]] : tensor<9x7xf32>
// CHECK-NEXT:  }

// Tiles divide M and K; N fits one and has no loop.
func.func @even_matmul(%a: tensor<8x4xf32>, %b: tensor<4x3xf32>, %c: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x3xf32>) outs(%c : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %0 : tensor<8x3xf32>
}

// CHECK-LABEL: func.func @even_matmul(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<8x4xf32>, %[[B:[a-z0-9_]+]]: tensor<4x3xf32>, %[[C:[a-z0-9_]+]]: tensor<8x3xf32>) -> tensor<8x3xf32> {
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C8:[a-z0-9_]+]] = arith.constant 8 : index
// CHECK-NEXT:    %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C_1:[a-z0-9_]+]] = scf.for %[[ROW:[a-z0-9_]+]] = %[[C0]] to %[[C8]] step %[[C4]] iter_args(%[[C_2:[a-z0-9_]+]] = %[[C]]) -> (tensor<8x3xf32>) {
// CHECK-NEXT:      %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[C_2]][%[[ROW]], 0] [4, 3] [1, 1] : tensor<8x3xf32> to tensor<4x3xf32>
// CHECK-NEXT:      %[[TILE_1:[a-z0-9_]+]] = scf.for %[[DEPTH:[a-z0-9_]+]] = %[[C0]] to %[[C4]] step %[[C2]] iter_args(%[[TILE_2:[a-z0-9_]+]] = %[[TILE]]) -> (tensor<4x3xf32>) {
// CHECK-NEXT:        %[[LEFT:[a-z0-9_]+]] = tensor.extract_slice %[[A]][%[[ROW]], %[[DEPTH]]] [4, 2] [1, 1] : tensor<8x4xf32> to tensor<4x2xf32>
// CHECK-NEXT:        %[[RIGHT:[a-z0-9_]+]] = tensor.extract_slice %[[B]][%[[DEPTH]], 0] [2, 3] [1, 1] : tensor<4x3xf32> to tensor<2x3xf32>
// CHECK-NEXT:        %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[LEFT]], %[[RIGHT]] : tensor<4x2xf32>, tensor<2x3xf32>) outs(%[[TILE_2]] : tensor<4x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:        scf.yield %[[SUMS]] : tensor<4x3xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      %[[C_3:[a-z0-9_]+]] = tensor.insert_slice %[[TILE_1]] into %[[C_2]][%[[ROW]], 0] [4, 3] [1, 1] : tensor<4x3xf32> into tensor<8x3xf32>
// CHECK-NEXT:      scf.yield %[[C_3]] : tensor<8x3xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return %[[C_1]] : tensor<8x3xf32>
// CHECK-NEXT:  }

// What fits a tile stays, and so does what has unknown sizes.
func.func @small_matmul(%a: tensor<4x2xf32>, %b: tensor<2x3xf32>, %c: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4x2xf32>, tensor<2x3xf32>) outs(%c : tensor<4x3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// CHECK-LABEL: func.func @small_matmul(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<4x2xf32>, %[[B:[a-z0-9_]+]]: tensor<2x3xf32>, %[[C:[a-z0-9_]+]]: tensor<4x3xf32>) -> tensor<4x3xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = linalg.matmul ins(%[[A]], %[[B]] : tensor<4x2xf32>, tensor<2x3xf32>) outs(%[[C]] : tensor<4x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<4x3xf32>
// CHECK-NEXT:  }

func.func @dynamic_matmul(%a: tensor<?x2xf32>, %b: tensor<2x3xf32>, %c: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<?x2xf32>, tensor<2x3xf32>) outs(%c : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @dynamic_matmul(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<?x2xf32>, %[[B:[a-z0-9_]+]]: tensor<2x3xf32>, %[[C:[a-z0-9_]+]]: tensor<?x3xf32>) -> tensor<?x3xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = linalg.matmul ins(%[[A]], %[[B]] : tensor<?x2xf32>, tensor<2x3xf32>) outs(%[[C]] : tensor<?x3xf32>) -> tensor<?x3xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<?x3xf32>
// CHECK-NEXT:  }

// One matmul for each tap. Rows are longer than a tile of 4 pixels: tiles lie within them.
func.func @long_rows(%x: tensor<2x3x7x3xf32>, %w: tensor<2x1x3x4xf32>, %c: tensor<2x2x7x4xf32>) -> tensor<2x2x7x4xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<2x3x7x3xf32>, tensor<2x1x3x4xf32>) outs(%c : tensor<2x2x7x4xf32>) -> tensor<2x2x7x4xf32>
  return %0 : tensor<2x2x7x4xf32>
}

// CHECK-LABEL: func.func @long_rows(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x7x3xf32>, %[[W:[a-z0-9_]+]]: tensor<2x1x3x4xf32>, %[[C:[a-z0-9_]+]]: tensor<2x2x7x4xf32>) -> tensor<2x2x7x4xf32> {
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[C]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<2x2x7x4xf32> into tensor<28x4xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[C7:[a-z0-9_]+]] = arith.constant 7 : index
// CHECK-NEXT:    %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NEXT:    %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[IMAGE:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<28x4xf32>) {
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = scf.for %[[ROW:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[OUTPUT_4:[a-z0-9_]+]] = %[[OUTPUT_2]]) -> (tensor<28x4xf32>) {
// CHECK-NEXT:        %[[OUTPUT_5:[a-z0-9_]+]] = scf.for %[[COLUMN:[a-z0-9_]+]] = %[[C0]] to %[[C7]] step %[[C4]] iter_args(%[[OUTPUT_6:[a-z0-9_]+]] = %[[OUTPUT_4]]) -> (tensor<28x4xf32>) {
// CHECK-NEXT:          %[[COLUMN_LEFT:[a-z0-9_]+]] = arith.subi %[[C7]], %[[COLUMN]] : index
// CHECK-NEXT:          %[[COLUMN_TILE:[a-z0-9_]+]] = arith.minsi %[[C4]], %[[COLUMN_LEFT]] : index
// CHECK-NEXT:          %[[LINE:[a-z0-9_]+]] = arith.muli %[[IMAGE]], %[[C2]] : index
// CHECK-NEXT:          %[[LINE_1:[a-z0-9_]+]] = arith.addi %[[LINE]], %[[ROW]] : index
// CHECK-NEXT:          %[[PIXEL:[a-z0-9_]+]] = arith.muli %[[LINE_1]], %[[C7]] : index
// CHECK-NEXT:          %[[PIXEL_1:[a-z0-9_]+]] = arith.addi %[[PIXEL]], %[[COLUMN]] : index
// CHECK-NEXT:          %[[OUTPUT_7:[a-z0-9_]+]] = scf.for %[[CHANNEL:[a-z0-9_]+]] = %[[C0]] to %[[C4]] step %[[C3]] iter_args(%[[OUTPUT_8:[a-z0-9_]+]] = %[[OUTPUT_6]]) -> (tensor<28x4xf32>) {
// CHECK-NEXT:            %[[CHANNEL_LEFT:[a-z0-9_]+]] = arith.subi %[[C4]], %[[CHANNEL]] : index
// CHECK-NEXT:            %[[CHANNEL_TILE:[a-z0-9_]+]] = arith.minsi %[[C3]], %[[CHANNEL_LEFT]] : index
// CHECK-NEXT:            %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_8]][%[[PIXEL_1]], %[[CHANNEL]]] [%[[COLUMN_TILE]], %[[CHANNEL_TILE]]] [1, 1] : tensor<28x4xf32> to tensor<?x?xf32>
// CHECK-NEXT:            %[[TILE_1:[a-z0-9_]+]] = scf.for %[[TAP_ROW:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[TILE_2:[a-z0-9_]+]] = %[[TILE]]) -> (tensor<?x?xf32>) {
// CHECK-NEXT:              %[[TILE_3:[a-z0-9_]+]] = scf.for %[[DEPTH:[a-z0-9_]+]] = %[[C0]] to %[[C3]] step %[[C2]] iter_args(%[[TILE_4:[a-z0-9_]+]] = %[[TILE_2]]) -> (tensor<?x?xf32>) {
// CHECK-NEXT:                %[[DEPTH_LEFT:[a-z0-9_]+]] = arith.subi %[[C3]], %[[DEPTH]] : index
// CHECK-NEXT:                %[[DEPTH_TILE:[a-z0-9_]+]] = arith.minsi %[[C2]], %[[DEPTH_LEFT]] : index
// CHECK-NEXT:                %[[IN_ROW:[a-z0-9_]+]] = arith.addi %[[ROW]], %[[TAP_ROW]] : index
// CHECK-NEXT:                %[[PATCH:[a-z0-9_]+]] = tensor.extract_slice %[[X]][%[[IMAGE]], %[[IN_ROW]], %[[COLUMN]], %[[DEPTH]]] [1, 1, %[[COLUMN_TILE]], %[[DEPTH_TILE]]] [1, 1, 1, 1] : tensor<2x3x7x3xf32> to tensor<?x?xf32>
// CHECK-NEXT:                %[[WEIGHTS:[a-z0-9_]+]] = tensor.extract_slice %[[W]][%[[TAP_ROW]], 0, %[[DEPTH]], %[[CHANNEL]]] [1, 1, %[[DEPTH_TILE]], %[[CHANNEL_TILE]]] [1, 1, 1, 1] : tensor<2x1x3x4xf32> to tensor<?x?xf32>
// CHECK-NEXT:                %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[PATCH]], %[[WEIGHTS]] : tensor<?x?xf32>, tensor<?x?xf32>) outs(%[[TILE_4]] : tensor<?x?xf32>) -> tensor<?x?xf32>
// CHECK-NEXT:                scf.yield %[[SUMS]] : tensor<?x?xf32>
// CHECK-NEXT:              }
// CHECK-NEXT:              scf.yield %[[TILE_3]] : tensor<?x?xf32>
// CHECK-NEXT:            }
// CHECK-NEXT:            %[[OUTPUT_9:[a-z0-9_]+]] = tensor.insert_slice %[[TILE_1]] into %[[OUTPUT_8]][%[[PIXEL_1]], %[[CHANNEL]]] [%[[COLUMN_TILE]], %[[CHANNEL_TILE]]] [1, 1] : tensor<?x?xf32> into tensor<28x4xf32>
// CHECK-NEXT:            scf.yield %[[OUTPUT_9]] : tensor<28x4xf32>
// CHECK-NEXT:          }
// CHECK-NEXT:          scf.yield %[[OUTPUT_7]] : tensor<28x4xf32>
// CHECK-NEXT:        }
// CHECK-NEXT:        scf.yield %[[OUTPUT_5]] : tensor<28x4xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<28x4xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] output_shape [2, 2, 7, 4] : tensor<28x4xf32> into tensor<2x2x7x4xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<2x2x7x4xf32>
// CHECK-NEXT:  }

// Rows of 2 pixels: a tile of 4 is two of them, strided and dilated alike.
func.func @short_rows(%x: tensor<1x9x4x2xf32>, %w: tensor<2x2x2x1xf32>, %c: tensor<1x3x2x1xf32>) -> tensor<1x3x2x1xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<[3, 1]> : tensor<2xi64>, dilations = dense<[1, 2]> : tensor<2xi64>}
    ins(%x, %w : tensor<1x9x4x2xf32>, tensor<2x2x2x1xf32>) outs(%c : tensor<1x3x2x1xf32>) -> tensor<1x3x2x1xf32>
  return %0 : tensor<1x3x2x1xf32>
}

// CHECK-LABEL: func.func @short_rows(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x9x4x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x2x2x1xf32>, %[[C:[a-z0-9_]+]]: tensor<1x3x2x1xf32>) -> tensor<1x3x2x1xf32> {
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[C]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<1x3x2x1xf32> into tensor<6x1xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[ROW:[a-z0-9_]+]] = %[[C0]] to %[[C3]] step %[[C2]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<6x1xf32>) {
// CHECK-NEXT:      %[[ROW_LEFT:[a-z0-9_]+]] = arith.subi %[[C3]], %[[ROW]] : index
// CHECK-NEXT:      %[[ROW_TILE:[a-z0-9_]+]] = arith.minsi %[[C2]], %[[ROW_LEFT]] : index
// CHECK-NEXT:      %[[PIXEL:[a-z0-9_]+]] = arith.muli %[[ROW]], %[[C2]] : index
// CHECK-NEXT:      %[[PIXELS:[a-z0-9_]+]] = arith.muli %[[ROW_TILE]], %[[C2]] : index
// CHECK-NEXT:      %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_2]][%[[PIXEL]], 0] [%[[PIXELS]], 1] [1, 1] : tensor<6x1xf32> to tensor<?x1xf32>
// CHECK-NEXT:      %[[TILE_1:[a-z0-9_]+]] = scf.for %[[TAP_ROW:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[TILE_2:[a-z0-9_]+]] = %[[TILE]]) -> (tensor<?x1xf32>) {
// CHECK-NEXT:        %[[TILE_3:[a-z0-9_]+]] = scf.for %[[TAP_COLUMN:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[TILE_4:[a-z0-9_]+]] = %[[TILE_2]]) -> (tensor<?x1xf32>) {
// CHECK-NEXT:          %[[IN_ROW:[a-z0-9_]+]] = arith.muli %[[ROW]], %[[C3]] : index
// CHECK-NEXT:          %[[IN_ROW_1:[a-z0-9_]+]] = arith.addi %[[IN_ROW]], %[[TAP_ROW]] : index
// CHECK-NEXT:          %[[IN_COLUMN_TAP:[a-z0-9_]+]] = arith.muli %[[TAP_COLUMN]], %[[C2]] : index
// CHECK-NEXT:          %[[ROWS:[a-z0-9_]+]] = tensor.extract_slice %[[X]][0, %[[IN_ROW_1]], %[[IN_COLUMN_TAP]], 0] [1, %[[ROW_TILE]], 2, 2] [1, 3, 1, 1] : tensor<1x9x4x2xf32> to tensor<?x2x2xf32>
// CHECK-NEXT:          %[[PATCH:[a-z0-9_]+]] = tensor.collapse_shape %[[ROWS]] {{\[\[}}0 : i64, 1 : i64], [2 : i64]] : tensor<?x2x2xf32> into tensor<?x2xf32>
// CHECK-NEXT:          %[[WEIGHTS:[a-z0-9_]+]] = tensor.extract_slice %[[W]][%[[TAP_ROW]], %[[TAP_COLUMN]], 0, 0] [1, 1, 2, 1] [1, 1, 1, 1] : tensor<2x2x2x1xf32> to tensor<2x1xf32>
// CHECK-NEXT:          %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[PATCH]], %[[WEIGHTS]] : tensor<?x2xf32>, tensor<2x1xf32>) outs(%[[TILE_4]] : tensor<?x1xf32>) -> tensor<?x1xf32>
// CHECK-NEXT:          scf.yield %[[SUMS]] : tensor<?x1xf32>
// CHECK-NEXT:        }
// CHECK-NEXT:        scf.yield %[[TILE_3]] : tensor<?x1xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = tensor.insert_slice %[[TILE_1]] into %[[OUTPUT_2]][%[[PIXEL]], 0] [%[[PIXELS]], 1] [1, 1] : tensor<?x1xf32> into tensor<6x1xf32>
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<6x1xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] output_shape [1, 3, 2, 1] : tensor<6x1xf32> into tensor<1x3x2x1xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x3x2x1xf32>
// CHECK-NEXT:  }

// Groups are a loop; the taps are brought into (g, kh, kw, c, f) once.
func.func @groups(%x: tensor<1x1x4x2x2xf32>, %w: tensor<2x3x1x1x2xf32>, %c: tensor<1x1x4x2x3xf32>) -> tensor<1x1x4x2x3xf32> {
  %0 = linalg.conv_2d_nhwgc_gfhwc {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<1x1x4x2x2xf32>, tensor<2x3x1x1x2xf32>) outs(%c : tensor<1x1x4x2x3xf32>) -> tensor<1x1x4x2x3xf32>
  return %0 : tensor<1x1x4x2x3xf32>
}

// CHECK-LABEL: func.func @groups(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x4x2x2xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x1x1x2xf32>, %[[C:[a-z0-9_]+]]: tensor<1x1x4x2x3xf32>) -> tensor<1x1x4x2x3xf32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x1x1x2x3xf32>
// CHECK-NEXT:    %[[TAPS_BY_DEPTH:[a-z0-9_]+]] = linalg.transpose ins(%[[W]]:tensor<2x3x1x1x2xf32>) outs(%[[EMPTY]]:tensor<2x1x1x2x3xf32>) permutation = [0, 2, 3, 4, 1]
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[C]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64]] : tensor<1x1x4x2x3xf32> into tensor<4x6xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[GROUP:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<4x6xf32>) {
// CHECK-NEXT:      %[[FIRST_CHANNEL:[a-z0-9_]+]] = arith.muli %[[GROUP]], %[[C3]] : index
// CHECK-NEXT:      %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_2]][0, %[[FIRST_CHANNEL]]] [4, 3] [1, 1] : tensor<4x6xf32> to tensor<4x3xf32>
// CHECK-NEXT:      %[[PATCH:[a-z0-9_]+]] = tensor.extract_slice %[[X]][0, 0, 0, %[[GROUP]], 0] [1, 1, 4, 1, 2] [1, 1, 1, 1, 1] : tensor<1x1x4x2x2xf32> to tensor<4x2xf32>
// CHECK-NEXT:      %[[WEIGHTS:[a-z0-9_]+]] = tensor.extract_slice %[[TAPS_BY_DEPTH]][%[[GROUP]], 0, 0, 0, 0] [1, 1, 1, 2, 3] [1, 1, 1, 1, 1] : tensor<2x1x1x2x3xf32> to tensor<2x3xf32>
// CHECK-NEXT:      %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[PATCH]], %[[WEIGHTS]] : tensor<4x2xf32>, tensor<2x3xf32>) outs(%[[TILE]] : tensor<4x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = tensor.insert_slice %[[SUMS]] into %[[OUTPUT_2]][0, %[[FIRST_CHANNEL]]] [4, 3] [1, 1] : tensor<4x3xf32> into tensor<4x6xf32>
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<4x6xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64]] output_shape [1, 1, 4, 2, 3] : tensor<4x6xf32> into tensor<1x1x4x2x3xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x1x4x2x3xf32>
// CHECK-NEXT:  }

// Depthwise: channels are multiplied one by one, in tiles of 3.
func.func @depthwise(%x: tensor<1x1x5x4x1xf32>, %w: tensor<4x1x1x2x1xf32>, %c: tensor<1x1x4x4x1xf32>) -> tensor<1x1x4x4x1xf32> {
  %0 = linalg.conv_2d_nhwgc_gfhwc {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<1x1x5x4x1xf32>, tensor<4x1x1x2x1xf32>) outs(%c : tensor<1x1x4x4x1xf32>) -> tensor<1x1x4x4x1xf32>
  return %0 : tensor<1x1x4x4x1xf32>
}

// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x5x4x1xf32>, %[[W:[a-z0-9_]+]]: tensor<4x1x1x2x1xf32>, %[[C:[a-z0-9_]+]]: tensor<1x1x4x4x1xf32>) -> tensor<1x1x4x4x1xf32> {
// CHECK-NEXT:    %[[CHANNELS:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64], [2 : i64], [3 : i64, 4 : i64]] : tensor<1x1x5x4x1xf32> into tensor<1x1x5x4xf32>
// CHECK-NEXT:    %[[SPLIT_TAPS:[a-z0-9_]+]] = tensor.collapse_shape %[[W]] {{\[\[}}0 : i64], [1 : i64], [2 : i64, 3 : i64, 4 : i64]] : tensor<4x1x1x2x1xf32> into tensor<4x1x2xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x4xf32>
// CHECK-NEXT:    %[[TAPS_BY_CHANNEL:[a-z0-9_]+]] = linalg.transpose ins(%[[SPLIT_TAPS]]:tensor<4x1x2xf32>) outs(%[[EMPTY]]:tensor<1x2x4xf32>) permutation = [1, 2, 0]
// CHECK-NEXT:    %[[OUTPUT:[a-z0-9_]+]] = tensor.collapse_shape %[[C]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64]] : tensor<1x1x4x4x1xf32> into tensor<4x4xf32>
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NEXT:    %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-NEXT:    %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[OUTPUT_1:[a-z0-9_]+]] = scf.for %[[CHANNEL:[a-z0-9_]+]] = %[[C0]] to %[[C4]] step %[[C3]] iter_args(%[[OUTPUT_2:[a-z0-9_]+]] = %[[OUTPUT]]) -> (tensor<4x4xf32>) {
// CHECK-NEXT:      %[[CHANNEL_LEFT:[a-z0-9_]+]] = arith.subi %[[C4]], %[[CHANNEL]] : index
// CHECK-NEXT:      %[[CHANNEL_TILE:[a-z0-9_]+]] = arith.minsi %[[C3]], %[[CHANNEL_LEFT]] : index
// CHECK-NEXT:      %[[TILE:[a-z0-9_]+]] = tensor.extract_slice %[[OUTPUT_2]][0, %[[CHANNEL]]] [4, %[[CHANNEL_TILE]]] [1, 1] : tensor<4x4xf32> to tensor<4x?xf32>
// CHECK-NEXT:      %[[TILE_1:[a-z0-9_]+]] = scf.for %[[TAP_COLUMN:[a-z0-9_]+]] = %[[C0]] to %[[C2]] step %[[C1]] iter_args(%[[TILE_2:[a-z0-9_]+]] = %[[TILE]]) -> (tensor<4x?xf32>) {
// CHECK-NEXT:        %[[PATCH:[a-z0-9_]+]] = tensor.extract_slice %[[CHANNELS]][0, 0, %[[TAP_COLUMN]], %[[CHANNEL]]] [1, 1, 4, %[[CHANNEL_TILE]]] [1, 1, 1, 1] : tensor<1x1x5x4xf32> to tensor<4x?xf32>
// CHECK-NEXT:        %[[WEIGHTS:[a-z0-9_]+]] = tensor.extract_slice %[[TAPS_BY_CHANNEL]][0, %[[TAP_COLUMN]], %[[CHANNEL]]] [1, 1, %[[CHANNEL_TILE]]] [1, 1, 1] : tensor<1x2x4xf32> to tensor<?xf32>
// CHECK-NEXT:        %[[SUMS:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%[[PATCH]], %[[WEIGHTS]] : tensor<4x?xf32>, tensor<?xf32>) outs(%[[TILE_2]] : tensor<4x?xf32>) {
// CHECK-NEXT:        ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32, %[[V2:[a-z0-9_]+]]: f32):
// CHECK-NEXT:          %[[V3:[a-z0-9_]+]] = arith.mulf %[[V0]], %[[V1]] : f32
// CHECK-NEXT:          %[[V4:[a-z0-9_]+]] = arith.addf %[[V2]], %[[V3]] : f32
// CHECK-NEXT:          linalg.yield %[[V4]] : f32
// CHECK-NEXT:        } -> tensor<4x?xf32>
// CHECK-NEXT:        scf.yield %[[SUMS]] : tensor<4x?xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      %[[OUTPUT_3:[a-z0-9_]+]] = tensor.insert_slice %[[TILE_1]] into %[[OUTPUT_2]][0, %[[CHANNEL]]] [4, %[[CHANNEL_TILE]]] [1, 1] : tensor<4x?xf32> into tensor<4x4xf32>
// CHECK-NEXT:      scf.yield %[[OUTPUT_3]] : tensor<4x4xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = tensor.expand_shape %[[OUTPUT_1]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64, 4 : i64]] output_shape [1, 1, 4, 4, 1] : tensor<4x4xf32> into tensor<1x1x4x4x1xf32>
// CHECK-NEXT:    func.return %[[CONVOLVED]] : tensor<1x1x4x4x1xf32>
// CHECK-NEXT:  }

// A batch of nothing has nothing to tile.
func.func @empty(%x: tensor<0x1x1x1xf32>, %w: tensor<1x1x1x1xf32>, %c: tensor<0x1x1x1xf32>) -> tensor<0x1x1x1xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<0x1x1x1xf32>, tensor<1x1x1x1xf32>) outs(%c : tensor<0x1x1x1xf32>) -> tensor<0x1x1x1xf32>
  return %0 : tensor<0x1x1x1xf32>
}

// CHECK-LABEL: func.func @empty(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<0x1x1x1xf32>, %[[W:[a-z0-9_]+]]: tensor<1x1x1x1xf32>, %[[C:[a-z0-9_]+]]: tensor<0x1x1x1xf32>) -> tensor<0x1x1x1xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>} ins(%[[X]], %[[W]] : tensor<0x1x1x1xf32>, tensor<1x1x1x1xf32>) outs(%[[C]] : tensor<0x1x1x1xf32>) -> tensor<0x1x1x1xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<0x1x1x1xf32>
// CHECK-NEXT:  }
