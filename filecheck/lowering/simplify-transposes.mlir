// RUN: ttnn-opt %s -p 'simplify-transposes' | filecheck %s
// RUN: ttnn-opt %s -p 'simplify-transposes,simplify-transposes' | filecheck %s

// Dimensions 2 and 3 stay neighbours, the first one holds nothing to move past.
func.func @merged(%x: tensor<1x4x5x2x3xf32>) -> tensor<1x5x4x2x3xf32> {
  %empty = tensor.empty() : tensor<1x5x4x2x3xf32>
  %0 = linalg.transpose ins(%x : tensor<1x4x5x2x3xf32>) outs(%empty : tensor<1x5x4x2x3xf32>) permutation = [0, 2, 1, 3, 4]
  return %0 : tensor<1x5x4x2x3xf32>
}

// CHECK-LABEL: func.func @merged(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2x3xf32>) -> tensor<1x5x4x2x3xf32> {
// CHECK-NEXT:    %[[MERGED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64, 1 : i64], [2 : i64], [3 : i64, 4 : i64]] : tensor<1x4x5x2x3xf32> into tensor<4x5x6xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<5x4x6xf32>
// CHECK-NEXT:    %[[MOVED:[a-z0-9_]+]] = linalg.transpose ins(%[[MERGED]]:tensor<4x5x6xf32>) outs(%[[EMPTY]]:tensor<5x4x6xf32>) permutation = [1, 0, 2]
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = tensor.expand_shape %[[MOVED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64], [3 : i64, 4 : i64]] output_shape [1, 5, 4, 2, 3] : tensor<5x4x6xf32> into tensor<1x5x4x2x3xf32>
// CHECK-NEXT:    func.return %[[TRANSPOSED]] : tensor<1x5x4x2x3xf32>
// CHECK-NEXT:  }

// Only a dimension of one element moves.
func.func @nothing_moves(%x: tensor<4x1x5xf32>) -> tensor<4x5x1xf32> {
  %empty = tensor.empty() : tensor<4x5x1xf32>
  %0 = linalg.transpose ins(%x : tensor<4x1x5xf32>) outs(%empty : tensor<4x5x1xf32>) permutation = [0, 2, 1]
  return %0 : tensor<4x5x1xf32>
}

// CHECK-LABEL: func.func @nothing_moves(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<4x1x5xf32>) -> tensor<4x5x1xf32> {
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64, 2 : i64]] : tensor<4x1x5xf32> into tensor<4x5xf32>
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64]] output_shape [4, 5, 1] : tensor<4x5xf32> into tensor<4x5x1xf32>
// CHECK-NEXT:    func.return %[[TRANSPOSED]] : tensor<4x5x1xf32>
// CHECK-NEXT:  }

// Two are one: 2,3,5 to 3,2,5 to 5,2,3.
func.func @behind_another(%x: tensor<2x3x5xf32>) -> tensor<5x1x2x3xf32> {
  %empty = tensor.empty() : tensor<3x2x5xf32>
  %0 = linalg.transpose ins(%x : tensor<2x3x5xf32>) outs(%empty : tensor<3x2x5xf32>) permutation = [1, 0, 2]
  %1 = tensor.expand_shape %0 [[0 : i64], [1 : i64], [2 : i64, 3 : i64]] output_shape [3, 2, 5, 1] : tensor<3x2x5xf32> into tensor<3x2x5x1xf32>
  %empty_1 = tensor.empty() : tensor<5x1x2x3xf32>
  %2 = linalg.transpose ins(%1 : tensor<3x2x5x1xf32>) outs(%empty_1 : tensor<5x1x2x3xf32>) permutation = [2, 3, 1, 0]
  return %2 : tensor<5x1x2x3xf32>
}

// CHECK-LABEL: func.func @behind_another(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x5xf32>) -> tensor<5x1x2x3xf32> {
// CHECK-NEXT:    %[[MERGED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64, 1 : i64], [2 : i64]] : tensor<2x3x5xf32> into tensor<6x5xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<5x6xf32>
// CHECK-NEXT:    %[[MOVED:[a-z0-9_]+]] = linalg.transpose ins(%[[MERGED]]:tensor<6x5xf32>) outs(%[[EMPTY]]:tensor<5x6xf32>) permutation = [1, 0]
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = tensor.expand_shape %[[MOVED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64, 3 : i64]] output_shape [5, 1, 2, 3] : tensor<5x6xf32> into tensor<5x1x2x3xf32>
// CHECK-NEXT:    func.return %[[TRANSPOSED]] : tensor<5x1x2x3xf32>
// CHECK-NEXT:  }

// Two that undo each other are none.
func.func @undone(%x: tensor<2x3xf32>) -> tensor<1x2x3xf32> {
  %empty = tensor.empty() : tensor<3x2xf32>
  %0 = linalg.transpose ins(%x : tensor<2x3xf32>) outs(%empty : tensor<3x2xf32>) permutation = [1, 0]
  %1 = tensor.expand_shape %0 [[0 : i64, 1 : i64], [2 : i64]] output_shape [1, 3, 2] : tensor<3x2xf32> into tensor<1x3x2xf32>
  %empty_1 = tensor.empty() : tensor<1x2x3xf32>
  %2 = linalg.transpose ins(%1 : tensor<1x3x2xf32>) outs(%empty_1 : tensor<1x2x3xf32>) permutation = [0, 2, 1]
  return %2 : tensor<1x2x3xf32>
}

// CHECK-LABEL: func.func @undone(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<1x2x3xf32> {
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = tensor.expand_shape %[[X]] {{\[\[}}0 : i64, 1 : i64], [2 : i64]] output_shape [1, 2, 3] : tensor<2x3xf32> into tensor<1x2x3xf32>
// CHECK-NEXT:    func.return %[[TRANSPOSED]] : tensor<1x2x3xf32>
// CHECK-NEXT:  }

// What no other says with fewer dimensions stays, and so does one of unknown size.
func.func @as_few_as_can_be(%x: tensor<2x3xf32>, %y: tensor<1x?xf32>, %d: tensor<?x1xf32>) -> (tensor<3x2xf32>, tensor<?x1xf32>) {
  %empty = tensor.empty() : tensor<3x2xf32>
  %0 = linalg.transpose ins(%x : tensor<2x3xf32>) outs(%empty : tensor<3x2xf32>) permutation = [1, 0]
  %1 = linalg.transpose ins(%y : tensor<1x?xf32>) outs(%d : tensor<?x1xf32>) permutation = [1, 0]
  return %0, %1 : tensor<3x2xf32>, tensor<?x1xf32>
}

// CHECK-LABEL: func.func @as_few_as_can_be(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>, %[[Y:[a-z0-9_]+]]: tensor<1x?xf32>, %[[D:[a-z0-9_]+]]: tensor<?x1xf32>) -> (tensor<3x2xf32>, tensor<?x1xf32>) {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<3x2xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = linalg.transpose ins(%[[X]]:tensor<2x3xf32>) outs(%[[EMPTY]]:tensor<3x2xf32>) permutation = [1, 0]
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = linalg.transpose ins(%[[Y]]:tensor<1x?xf32>) outs(%[[D]]:tensor<?x1xf32>) permutation = [1, 0]
// CHECK-NEXT:    func.return %[[V0]], %[[V1]] : tensor<3x2xf32>, tensor<?x1xf32>
// CHECK-NEXT:  }

// Without elements there is nothing to merge.
func.func @empty(%x: tensor<1x0x2xf32>) -> tensor<0x1x2xf32> {
  %empty = tensor.empty() : tensor<0x1x2xf32>
  %0 = linalg.transpose ins(%x : tensor<1x0x2xf32>) outs(%empty : tensor<0x1x2xf32>) permutation = [1, 0, 2]
  return %0 : tensor<0x1x2xf32>
}

// CHECK-LABEL: func.func @empty(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x0x2xf32>) -> tensor<0x1x2xf32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<0x1x2xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = linalg.transpose ins(%[[X]]:tensor<1x0x2xf32>) outs(%[[EMPTY]]:tensor<0x1x2xf32>) permutation = [1, 0, 2]
// CHECK-NEXT:    func.return %[[V0]] : tensor<0x1x2xf32>
// CHECK-NEXT:  }
