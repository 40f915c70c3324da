// RUN: ttnn-opt %s -p legalize-deconv-to-ttnn | filecheck %s

// Zeros go behind every element of both dimensions at once; the last ones are cut off.
func.func @dilate(%x: tensor<1x4x5x2xf32>) -> tensor<1x7x13x2xf32> {
  %0 = deconv.dilate_insert %x strides = [1, 2, 3, 1] : tensor<1x4x5x2xf32> -> tensor<1x7x13x2xf32>
  return %0 : tensor<1x7x13x2xf32>
}

// CHECK-LABEL: func.func @dilate(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x4x5x2xf32>) -> tensor<1x7x13x2xf32> {
// CHECK-NEXT:    %[[APART:[a-z0-9_]+]] = "ttnn.reshape"(%[[X]]) <{shape = [1 : i32, 4 : i32, 1 : i32, 5 : i32, 1 : i32, 2 : i32]}> : (tensor<1x4x5x2xf32>) -> tensor<1x4x1x5x1x2xf32>
// CHECK-NEXT:    %[[SPACED:[a-z0-9_]+]] = "ttnn.pad"(%[[APART]]) <{padding = array<i32: 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x1x5x1x2xf32>) -> tensor<1x4x2x5x3x2xf32>
// CHECK-NEXT:    %[[JOINED:[a-z0-9_]+]] = "ttnn.reshape"(%[[SPACED]]) <{shape = [1 : i32, 8 : i32, 15 : i32, 2 : i32]}> : (tensor<1x4x2x5x3x2xf32>) -> tensor<1x8x15x2xf32>
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = "ttnn.slice_static"(%[[JOINED]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 7 : i32, 13 : i32, 2 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x8x15x2xf32>) -> tensor<1x7x13x2xf32>
// CHECK-NEXT:    func.return %[[DILATED]] : tensor<1x7x13x2xf32>
// CHECK-NEXT:  }

// Each dimension is taken apart and put together from its end; one of size 1 stays.
func.func @flip(%w: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = deconv.flip %w dimensions = [0, 1, 2] : tensor<2x1x3xf32> -> tensor<2x1x3xf32>
  return %0 : tensor<2x1x3xf32>
}

// CHECK-LABEL: func.func @flip(
// CHECK-SAME:  %[[W:[a-z0-9_]+]]: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
// CHECK-NEXT:    %[[ELEMENT:[a-z0-9_]+]] = "ttnn.slice_static"(%[[W]]) <{begins = [1 : i32, 0 : i32, 0 : i32], ends = [2 : i32, 1 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32]}> : (tensor<2x1x3xf32>) -> tensor<1x1x3xf32>
// CHECK-NEXT:    %[[ELEMENT1:[a-z0-9_]+]] = "ttnn.slice_static"(%[[W]]) <{begins = [0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 1 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32]}> : (tensor<2x1x3xf32>) -> tensor<1x1x3xf32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = "ttnn.concat"(%[[ELEMENT]], %[[ELEMENT1]]) <{dim = 0 : si32}> : (tensor<1x1x3xf32>, tensor<1x1x3xf32>) -> tensor<2x1x3xf32>
// CHECK-NEXT:    %[[ELEMENT2:[a-z0-9_]+]] = "ttnn.slice_static"(%[[FLIPPED]]) <{begins = [0 : i32, 0 : i32, 2 : i32], ends = [2 : i32, 1 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32]}> : (tensor<2x1x3xf32>) -> tensor<2x1x1xf32>
// CHECK-NEXT:    %[[ELEMENT3:[a-z0-9_]+]] = "ttnn.slice_static"(%[[FLIPPED]]) <{begins = [0 : i32, 0 : i32, 1 : i32], ends = [2 : i32, 1 : i32, 2 : i32], step = [1 : i32, 1 : i32, 1 : i32]}> : (tensor<2x1x3xf32>) -> tensor<2x1x1xf32>
// CHECK-NEXT:    %[[ELEMENT4:[a-z0-9_]+]] = "ttnn.slice_static"(%[[FLIPPED]]) <{begins = [0 : i32, 0 : i32, 0 : i32], ends = [2 : i32, 1 : i32, 1 : i32], step = [1 : i32, 1 : i32, 1 : i32]}> : (tensor<2x1x3xf32>) -> tensor<2x1x1xf32>
// CHECK-NEXT:    %[[FLIPPED1:[a-z0-9_]+]] = "ttnn.concat"(%[[ELEMENT2]], %[[ELEMENT3]], %[[ELEMENT4]]) <{dim = 2 : si32}> : (tensor<2x1x1xf32>, tensor<2x1x1xf32>, tensor<2x1x1xf32>) -> tensor<2x1x3xf32>
// CHECK-NEXT:    func.return %[[FLIPPED1]] : tensor<2x1x3xf32>
// CHECK-NEXT:  }

// 17 elements are filled up to two digits of 16; what filled them comes out in front and is cut off.
func.func @flip_long(%w: tensor<17xbf16>) -> tensor<17xbf16> {
  %0 = deconv.flip %w dimensions = [0] : tensor<17xbf16> -> tensor<17xbf16>
  return %0 : tensor<17xbf16>
}

// CHECK-LABEL: func.func @flip_long(
// CHECK-SAME:  %[[W:[a-z0-9_]+]]: tensor<17xbf16>) -> tensor<17xbf16> {
// CHECK-NEXT:    %[[FILLED:[a-z0-9_]+]] = "ttnn.pad"(%[[W]]) <{padding = array<i32: 0, 15>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<17xbf16>) -> tensor<32xbf16>
// CHECK-NEXT:    %[[DIGITS:[a-z0-9_]+]] = "ttnn.reshape"(%[[FILLED]]) <{shape = [2 : i32, 16 : i32]}> : (tensor<32xbf16>) -> tensor<2x16xbf16>
// CHECK-NEXT:    %[[ELEMENT:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 15 : i32], ends = [2 : i32, 16 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT1:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 14 : i32], ends = [2 : i32, 15 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT2:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 13 : i32], ends = [2 : i32, 14 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT3:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 12 : i32], ends = [2 : i32, 13 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT4:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 11 : i32], ends = [2 : i32, 12 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT5:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 10 : i32], ends = [2 : i32, 11 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT6:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 9 : i32], ends = [2 : i32, 10 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT7:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 8 : i32], ends = [2 : i32, 9 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT8:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 7 : i32], ends = [2 : i32, 8 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT9:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 6 : i32], ends = [2 : i32, 7 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT10:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 5 : i32], ends = [2 : i32, 6 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT11:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 4 : i32], ends = [2 : i32, 5 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT12:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 3 : i32], ends = [2 : i32, 4 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT13:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 2 : i32], ends = [2 : i32, 3 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT14:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 1 : i32], ends = [2 : i32, 2 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[ELEMENT15:[a-z0-9_]+]] = "ttnn.slice_static"(%[[DIGITS]]) <{begins = [0 : i32, 0 : i32], ends = [2 : i32, 1 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<2x1xbf16>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = "ttnn.concat"(%[[ELEMENT]], %[[ELEMENT1]], %[[ELEMENT2]], %[[ELEMENT3]], %[[ELEMENT4]], %[[ELEMENT5]], %[[ELEMENT6]], %[[ELEMENT7]], %[[ELEMENT8]], %[[ELEMENT9]], %[[ELEMENT10]], %[[ELEMENT11]], %[[ELEMENT12]], %[[ELEMENT13]], %[[ELEMENT14]], %[[ELEMENT15]]) <{dim = 1 : si32}> : (tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>, tensor<2x1xbf16>) -> tensor<2x16xbf16>
// CHECK-NEXT:    %[[ELEMENT16:[a-z0-9_]+]] = "ttnn.slice_static"(%[[FLIPPED]]) <{begins = [1 : i32, 0 : i32], ends = [2 : i32, 16 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<1x16xbf16>
// CHECK-NEXT:    %[[ELEMENT17:[a-z0-9_]+]] = "ttnn.slice_static"(%[[FLIPPED]]) <{begins = [0 : i32, 0 : i32], ends = [1 : i32, 16 : i32], step = [1 : i32, 1 : i32]}> : (tensor<2x16xbf16>) -> tensor<1x16xbf16>
// CHECK-NEXT:    %[[FLIPPED1:[a-z0-9_]+]] = "ttnn.concat"(%[[ELEMENT16]], %[[ELEMENT17]]) <{dim = 0 : si32}> : (tensor<1x16xbf16>, tensor<1x16xbf16>) -> tensor<2x16xbf16>
// CHECK-NEXT:    %[[JOINED:[a-z0-9_]+]] = "ttnn.reshape"(%[[FLIPPED1]]) <{shape = [32 : i32]}> : (tensor<2x16xbf16>) -> tensor<32xbf16>
// CHECK-NEXT:    %[[FLIPPED2:[a-z0-9_]+]] = "ttnn.slice_static"(%[[JOINED]]) <{begins = [15 : i32], ends = [32 : i32], step = [1 : i32]}> : (tensor<32xbf16>) -> tensor<17xbf16>
// CHECK-NEXT:    func.return %[[FLIPPED2]] : tensor<17xbf16>
// CHECK-NEXT:  }

// Of 3 columns the first is a phase of 2, the second is missing, the third a phase of 1.
func.func @interleave_background(%a: tensor<1x4x2x2xf32>, %b: tensor<1x4x1x2xf32>, %z: tensor<1x1x1x2xf32>)
    -> tensor<1x4x5x2xf32> {
  %0 = deconv.interleave %a, %b background(%z : tensor<1x1x1x2xf32>) strides = [1, 3] rows = [array<i64: 0>, array<i64: 0>] columns = [array<i64: 0>, array<i64: 2>] : (tensor<1x4x2x2xf32>, tensor<1x4x1x2xf32>) -> tensor<1x4x5x2xf32>
  return %0 : tensor<1x4x5x2xf32>
}

// CHECK-LABEL: func.func @interleave_background(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<1x4x2x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x4x1x2xf32>, %[[Z:[a-z0-9_]+]]: tensor<1x1x1x2xf32>) -> tensor<1x4x5x2xf32> {
// CHECK-NEXT:    %[[FILLED:[a-z0-9_]+]] = "ttnn.pad"(%[[B]]) <{padding = array<i32: 0, 0, 0, 0, 0, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x4x1x2xf32>) -> tensor<1x4x2x2xf32>
// CHECK-NEXT:    %[[PHASES:[a-z0-9_]+]] = "ttnn.reshape"(%[[A]]) <{shape = [4 : i32, 2 : i32, 1 : i32, 2 : i32]}> : (tensor<1x4x2x2xf32>) -> tensor<4x2x1x2xf32>
// CHECK-NEXT:    %[[BACKGROUND:[a-z0-9_]+]] = "ttnn.repeat"(%[[Z]]) <{repeat_dims = #ttnn.shape<4x2x1x1>}> : (tensor<1x1x1x2xf32>) -> tensor<4x2x1x2xf32>
// CHECK-NEXT:    %[[PHASES1:[a-z0-9_]+]] = "ttnn.reshape"(%[[FILLED]]) <{shape = [4 : i32, 2 : i32, 1 : i32, 2 : i32]}> : (tensor<1x4x2x2xf32>) -> tensor<4x2x1x2xf32>
// CHECK-NEXT:    %[[COLUMNS:[a-z0-9_]+]] = "ttnn.concat"(%[[PHASES]], %[[BACKGROUND]], %[[PHASES1]]) <{dim = 3 : si32}> : (tensor<4x2x1x2xf32>, tensor<4x2x1x2xf32>, tensor<4x2x1x2xf32>) -> tensor<4x2x1x6xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[COLUMNS]]) <{shape = [1 : i32, 4 : i32, 6 : i32, 2 : i32]}> : (tensor<4x2x1x6xf32>) -> tensor<1x4x6x2xf32>
// CHECK-NEXT:    %[[INTERLEAVED:[a-z0-9_]+]] = "ttnn.slice_static"(%[[IMAGE]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 4 : i32, 5 : i32, 2 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x4x6x2xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    func.return %[[INTERLEAVED]] : tensor<1x4x5x2xf32>
// CHECK-NEXT:  }

// Without a background, what is missing is zero.
func.func @interleave_zero(%a: tensor<2x3x4x1xi32>) -> tensor<2x6x4x1xi32> {
  %0 = deconv.interleave %a strides = [2, 1] rows = [array<i64: 1>] columns = [array<i64: 0>] : (tensor<2x3x4x1xi32>) -> tensor<2x6x4x1xi32>
  return %0 : tensor<2x6x4x1xi32>
}

// CHECK-LABEL: func.func @interleave_zero(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<2x3x4x1xi32>) -> tensor<2x6x4x1xi32> {
// CHECK-NEXT:    %[[ZEROS:[a-z0-9_]+]] = "ttnn.constant"() <{value = dense<0> : tensor<1x1x1x1xi32>}> : () -> tensor<1x1x1x1xi32>
// CHECK-NEXT:    %[[BACKGROUND:[a-z0-9_]+]] = "ttnn.repeat"(%[[ZEROS]]) <{repeat_dims = #ttnn.shape<6x4x1x1>}> : (tensor<1x1x1x1xi32>) -> tensor<6x4x1x1xi32>
// CHECK-NEXT:    %[[ROWS:[a-z0-9_]+]] = "ttnn.reshape"(%[[BACKGROUND]]) <{shape = [6 : i32, 1 : i32, 4 : i32, 1 : i32]}> : (tensor<6x4x1x1xi32>) -> tensor<6x1x4x1xi32>
// CHECK-NEXT:    %[[ROWS1:[a-z0-9_]+]] = "ttnn.reshape"(%[[A]]) <{shape = [6 : i32, 1 : i32, 4 : i32, 1 : i32]}> : (tensor<2x3x4x1xi32>) -> tensor<6x1x4x1xi32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.concat"(%[[ROWS]], %[[ROWS1]]) <{dim = 1 : si32}> : (tensor<6x1x4x1xi32>, tensor<6x1x4x1xi32>) -> tensor<6x2x4x1xi32>
// CHECK-NEXT:    %[[IMAGE1:[a-z0-9_]+]] = "ttnn.reshape"(%[[IMAGE]]) <{shape = [2 : i32, 6 : i32, 4 : i32, 1 : i32]}> : (tensor<6x2x4x1xi32>) -> tensor<2x6x4x1xi32>
// CHECK-NEXT:    func.return %[[IMAGE1]] : tensor<2x6x4x1xi32>
// CHECK-NEXT:  }

// A block that holds all phases is one permute.
func.func @interleave_merged(%a: tensor<1x3x4x20xf32>) -> tensor<1x6x8x5xf32> {
  %0 = deconv.interleave %a strides = [2, 2] rows = [array<i64: 0, 1>] columns = [array<i64: 0, 1>] : (tensor<1x3x4x20xf32>) -> tensor<1x6x8x5xf32>
  return %0 : tensor<1x6x8x5xf32>
}

// CHECK-LABEL: func.func @interleave_merged(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<1x3x4x20xf32>) -> tensor<1x6x8x5xf32> {
// CHECK-NEXT:    %[[PHASES:[a-z0-9_]+]] = "ttnn.reshape"(%[[A]]) <{shape = [3 : i32, 4 : i32, 2 : i32, 10 : i32]}> : (tensor<1x3x4x20xf32>) -> tensor<3x4x2x10xf32>
// CHECK-NEXT:    %[[ROWS:[a-z0-9_]+]] = "ttnn.permute"(%[[PHASES]]) <{permutation = array<i64: 0, 2, 1, 3>}> : (tensor<3x4x2x10xf32>) -> tensor<3x2x4x10xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[ROWS]]) <{shape = [1 : i32, 6 : i32, 8 : i32, 5 : i32]}> : (tensor<3x2x4x10xf32>) -> tensor<1x6x8x5xf32>
// CHECK-NEXT:    func.return %[[IMAGE]] : tensor<1x6x8x5xf32>
// CHECK-NEXT:  }

// Rows 0 and 2 of one block do not follow one another: it is cut where row 1 belongs.
func.func @interleave_cut(%a: tensor<1x2x4x2xf32>, %b: tensor<1x2x4x1xf32>) -> tensor<1x6x4x1xf32> {
  %0 = deconv.interleave %a, %b strides = [3, 1] rows = [array<i64: 0, 2>, array<i64: 1>] columns = [array<i64: 0>, array<i64: 0>] : (tensor<1x2x4x2xf32>, tensor<1x2x4x1xf32>) -> tensor<1x6x4x1xf32>
  return %0 : tensor<1x6x4x1xf32>
}

// CHECK-LABEL: func.func @interleave_cut(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<1x2x4x2xf32>, %[[B:[a-z0-9_]+]]: tensor<1x2x4x1xf32>) -> tensor<1x6x4x1xf32> {
// CHECK-NEXT:    %[[PHASES:[a-z0-9_]+]] = "ttnn.reshape"(%[[A]]) <{shape = [8 : i32, 2 : i32, 1 : i32, 1 : i32]}> : (tensor<1x2x4x2xf32>) -> tensor<8x2x1x1xf32>
// CHECK-NEXT:    %[[PHASES1:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PHASES]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [8 : i32, 1 : i32, 1 : i32, 1 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<8x2x1x1xf32>) -> tensor<8x1x1x1xf32>
// CHECK-NEXT:    %[[ROWS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PHASES1]]) <{shape = [2 : i32, 1 : i32, 4 : i32, 1 : i32]}> : (tensor<8x1x1x1xf32>) -> tensor<2x1x4x1xf32>
// CHECK-NEXT:    %[[ROWS1:[a-z0-9_]+]] = "ttnn.reshape"(%[[B]]) <{shape = [2 : i32, 1 : i32, 4 : i32, 1 : i32]}> : (tensor<1x2x4x1xf32>) -> tensor<2x1x4x1xf32>
// CHECK-NEXT:    %[[PHASES4:[a-z0-9_]+]] = "ttnn.reshape"(%[[A]]) <{shape = [8 : i32, 2 : i32, 1 : i32, 1 : i32]}> : (tensor<1x2x4x2xf32>) -> tensor<8x2x1x1xf32>
// CHECK-NEXT:    %[[PHASES5:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PHASES4]]) <{begins = [0 : i32, 1 : i32, 0 : i32, 0 : i32], ends = [8 : i32, 2 : i32, 1 : i32, 1 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<8x2x1x1xf32>) -> tensor<8x1x1x1xf32>
// CHECK-NEXT:    %[[ROWS2:[a-z0-9_]+]] = "ttnn.reshape"(%[[PHASES5]]) <{shape = [2 : i32, 1 : i32, 4 : i32, 1 : i32]}> : (tensor<8x1x1x1xf32>) -> tensor<2x1x4x1xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.concat"(%[[ROWS]], %[[ROWS1]], %[[ROWS2]]) <{dim = 1 : si32}> : (tensor<2x1x4x1xf32>, tensor<2x1x4x1xf32>, tensor<2x1x4x1xf32>) -> tensor<2x3x4x1xf32>
// CHECK-NEXT:    %[[IMAGE1:[a-z0-9_]+]] = "ttnn.reshape"(%[[IMAGE]]) <{shape = [1 : i32, 6 : i32, 4 : i32, 1 : i32]}> : (tensor<2x3x4x1xf32>) -> tensor<1x6x4x1xf32>
// CHECK-NEXT:    func.return %[[IMAGE1]] : tensor<1x6x4x1xf32>
// CHECK-NEXT:  }

// Kernel 3, stride 2 on the width: output 2 is the sum of two products, the others are one each.
func.func @col2im(%products: tensor<1x2x3xf32>) -> tensor<1x1x5x1xf32> {
  %0 = "deconv.col2im"(%products) <{dilation = array<i64: 1, 1>, input_size = array<i64: 1, 2>, kernel_size = array<i64: 1, 3>, output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 2>}> : (tensor<1x2x3xf32>) -> tensor<1x1x5x1xf32>
  return %0 : tensor<1x1x5x1xf32>
}

// CHECK-LABEL: func.func @col2im(
// CHECK-SAME:  %[[PRODUCTS:[a-z0-9_]+]]: tensor<1x2x3xf32>) -> tensor<1x1x5x1xf32> {
// CHECK-NEXT:    %[[PRODUCTS_BY_PIXEL:[a-z0-9_]+]] = "ttnn.reshape"(%[[PRODUCTS]]) <{shape = [1 : i32, 1 : i32, 2 : i32, 3 : i32]}> : (tensor<1x2x3xf32>) -> tensor<1x1x2x3xf32>
// CHECK-NEXT:    %[[TAP_PRODUCTS:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PRODUCTS_BY_PIXEL]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 2 : i32], ends = [1 : i32, 1 : i32, 2 : i32, 3 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x1x2x3xf32>) -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[LANDED:[a-z0-9_]+]] = "ttnn.pad"(%[[TAP_PRODUCTS]]) <{padding = array<i32: 0, 0, 0, 0, 1, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x1x2x1xf32>) -> tensor<1x1x3x1xf32>
// CHECK-NEXT:    %[[TAP_PRODUCTS1:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PRODUCTS_BY_PIXEL]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 1 : i32, 2 : i32, 1 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x1x2x3xf32>) -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[LANDED1:[a-z0-9_]+]] = "ttnn.pad"(%[[TAP_PRODUCTS1]]) <{padding = array<i32: 0, 0, 0, 0, 0, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x1x2x1xf32>) -> tensor<1x1x3x1xf32>
// CHECK-NEXT:    %[[PHASE_SUMS:[a-z0-9_]+]] = "ttnn.add"(%[[LANDED]], %[[LANDED1]]) : (tensor<1x1x3x1xf32>, tensor<1x1x3x1xf32>) -> tensor<1x1x3x1xf32>
// CHECK-NEXT:    %[[TAP_PRODUCTS2:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PRODUCTS_BY_PIXEL]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 1 : i32], ends = [1 : i32, 1 : i32, 2 : i32, 2 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x1x2x3xf32>) -> tensor<1x1x2x1xf32>
// CHECK-NEXT:    %[[FILLED:[a-z0-9_]+]] = "ttnn.pad"(%[[TAP_PRODUCTS2]]) <{padding = array<i32: 0, 0, 0, 0, 0, 1, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x1x2x1xf32>) -> tensor<1x1x3x1xf32>
// CHECK-NEXT:    %[[PHASES:[a-z0-9_]+]] = "ttnn.reshape"(%[[PHASE_SUMS]]) <{shape = [1 : i32, 3 : i32, 1 : i32, 1 : i32]}> : (tensor<1x1x3x1xf32>) -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[PHASES1:[a-z0-9_]+]] = "ttnn.reshape"(%[[FILLED]]) <{shape = [1 : i32, 3 : i32, 1 : i32, 1 : i32]}> : (tensor<1x1x3x1xf32>) -> tensor<1x3x1x1xf32>
// CHECK-NEXT:    %[[COLUMNS:[a-z0-9_]+]] = "ttnn.concat"(%[[PHASES]], %[[PHASES1]]) <{dim = 3 : si32}> : (tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>) -> tensor<1x3x1x2xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = "ttnn.reshape"(%[[COLUMNS]]) <{shape = [1 : i32, 1 : i32, 6 : i32, 1 : i32]}> : (tensor<1x3x1x2xf32>) -> tensor<1x1x6x1xf32>
// CHECK-NEXT:    %[[INTERLEAVED:[a-z0-9_]+]] = "ttnn.slice_static"(%[[IMAGE]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 1 : i32, 5 : i32, 1 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x1x6x1xf32>) -> tensor<1x1x5x1xf32>
// CHECK-NEXT:    func.return %[[INTERLEAVED]] : tensor<1x1x5x1xf32>
// CHECK-NEXT:  }

// Groups are brought side by side first.
func.func @col2im_groups(%products: tensor<2x6x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = "deconv.col2im"(%products) <{dilation = array<i64: 1, 1>, input_size = array<i64: 2, 3>, kernel_size = array<i64: 1, 2>, output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0, 0, 1>, stride = array<i64: 1, 1>}> : (tensor<2x6x4xf32>) -> tensor<1x2x3x4xf32>
  return %0 : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: func.func @col2im_groups(
// CHECK-SAME:  %[[PRODUCTS:[a-z0-9_]+]]: tensor<2x6x4xf32>) -> tensor<1x2x3x4xf32> {
// CHECK-NEXT:    %[[SPLIT_PRODUCTS:[a-z0-9_]+]] = "ttnn.reshape"(%[[PRODUCTS]]) <{shape = [2 : i32, 6 : i32, 2 : i32, 2 : i32]}> : (tensor<2x6x4xf32>) -> tensor<2x6x2x2xf32>
// CHECK-NEXT:    %[[PRODUCTS_BY_PIXEL:[a-z0-9_]+]] = "ttnn.permute"(%[[SPLIT_PRODUCTS]]) <{permutation = array<i64: 1, 2, 0, 3>}> : (tensor<2x6x2x2xf32>) -> tensor<6x2x2x2xf32>
// CHECK-NEXT:    %[[PRODUCTS_BY_PIXEL1:[a-z0-9_]+]] = "ttnn.reshape"(%[[PRODUCTS_BY_PIXEL]]) <{shape = [1 : i32, 2 : i32, 3 : i32, 8 : i32]}> : (tensor<6x2x2x2xf32>) -> tensor<1x2x3x8xf32>
// CHECK-NEXT:    %[[TAP_PRODUCTS:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PRODUCTS_BY_PIXEL1]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 4 : i32], ends = [1 : i32, 2 : i32, 2 : i32, 8 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x2x3x8xf32>) -> tensor<1x2x2x4xf32>
// CHECK-NEXT:    %[[LANDED:[a-z0-9_]+]] = "ttnn.pad"(%[[TAP_PRODUCTS]]) <{padding = array<i32: 0, 0, 0, 0, 1, 0, 0, 0>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<1x2x2x4xf32>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[TAP_PRODUCTS1:[a-z0-9_]+]] = "ttnn.slice_static"(%[[PRODUCTS_BY_PIXEL1]]) <{begins = [0 : i32, 0 : i32, 0 : i32, 0 : i32], ends = [1 : i32, 2 : i32, 3 : i32, 4 : i32], step = [1 : i32, 1 : i32, 1 : i32, 1 : i32]}> : (tensor<1x2x3x8xf32>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[PHASE_SUMS:[a-z0-9_]+]] = "ttnn.add"(%[[LANDED]], %[[TAP_PRODUCTS1]]) : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    func.return %[[PHASE_SUMS]] : tensor<1x2x3x4xf32>
// CHECK-NEXT:  }

// The bias is widened, the sum activated and then rounded, once.
func.func @finish(%sums: tensor<1x2x3x4xf32>, %b: tensor<1x1x1x4xbf16>) -> tensor<1x2x3x4xbf16> {
  %0 = deconv.finish %sums bias(%b : tensor<1x1x1x4xbf16>) config = <activation = <op_type = leaky_relu, params = [2.500000e-01 : f32]>> : tensor<1x2x3x4xf32> -> tensor<1x2x3x4xbf16>
  return %0 : tensor<1x2x3x4xbf16>
}

// CHECK-LABEL: func.func @finish(
// CHECK-SAME:  %[[SUMS:[a-z0-9_]+]]: tensor<1x2x3x4xf32>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x4xbf16>) -> tensor<1x2x3x4xbf16> {
// CHECK-NEXT:    %[[BIAS:[a-z0-9_]+]] = "ttnn.typecast"(%[[B]]) : (tensor<1x1x1x4xbf16>) -> tensor<1x1x1x4xf32>
// CHECK-NEXT:    %[[BIASED:[a-z0-9_]+]] = "ttnn.add"(%[[SUMS]], %[[BIAS]]) : (tensor<1x2x3x4xf32>, tensor<1x1x1x4xf32>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[LEAKY_RELU:[a-z0-9_]+]] = "ttnn.leaky_relu"(%[[BIASED]]) <{parameter = 2.500000e-01 : f32}> : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[FINISHED:[a-z0-9_]+]] = "ttnn.typecast"(%[[LEAKY_RELU]]) : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xbf16>
// CHECK-NEXT:    func.return %[[FINISHED]] : tensor<1x2x3x4xbf16>
// CHECK-NEXT:  }

// An encoding that the result declares stays.
func.func @encoding(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32, #ttnn.layout<tile>> {
  %0 = deconv.finish %x config = <activation = <op_type = gelu>> : tensor<1x2x3x4xf32> -> tensor<1x2x3x4xf32, #ttnn.layout<tile>>
  return %0 : tensor<1x2x3x4xf32, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func @encoding(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[GELU:[a-z0-9_]+]] = "ttnn.gelu"(%[[X]]) : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    %[[RESULT:[a-z0-9_]+]] = "ttnn.reshape"(%[[GELU]]) <{shape = [1 : i32, 2 : i32, 3 : i32, 4 : i32]}> : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x2x3x4xf32, #ttnn.layout<tile>>
// CHECK-NEXT:  }

// The bias alone has the widest type: sums, activation and all are computed in it.
func.func @finish_wide_bias(%sums: tensor<1x2x3x4xf32>, %b: tensor<1x1x1x4xf64>) -> tensor<1x2x3x4xf32> {
  %0 = deconv.finish %sums bias(%b : tensor<1x1x1x4xf64>) : tensor<1x2x3x4xf32> -> tensor<1x2x3x4xf32>
  return %0 : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: func.func @finish_wide_bias(
// CHECK-NEXT:    %[[SUMS:.+]] = "ttnn.typecast"(%{{.+}}) : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf64>
// CHECK-NEXT:    %[[BIASED:.+]] = "ttnn.add"(%[[SUMS]], %{{.+}}) : (tensor<1x2x3x4xf64>, tensor<1x1x1x4xf64>) -> tensor<1x2x3x4xf64>
// CHECK-NEXT:    %[[RESULT:.+]] = "ttnn.typecast"(%[[BIASED]]) : (tensor<1x2x3x4xf64>) -> tensor<1x2x3x4xf32>
// CHECK-NEXT:    func.return %[[RESULT]] : tensor<1x2x3x4xf32>
// CHECK-NEXT:  }
