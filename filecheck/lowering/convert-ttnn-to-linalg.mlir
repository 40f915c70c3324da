// RUN: ttnn-opt %s -p convert-ttnn-to-linalg | filecheck %s
// RUN: ttnn-opt %s -p convert-ttnn-to-linalg | filecheck %s --check-prefix NESTED

// A convolution pads its image; the kernel O,C,KH,KW becomes KH,KW,C,O.
func.func @conv2d(%x: tensor<1x1x20x3xf32>, %w: tensor<2x3x3x2xf32>, %device: !ttnn.device) -> tensor<1x1x20x2xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{
      batch_size = 1 : i32, dilation = array<i32: 1, 2>, groups = 1 : i32, in_channels = 3 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 3, 2>,
      out_channels = 2 : i32, padding = array<i32: 1, 1, 2, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x20x3xf32>, tensor<2x3x3x2xf32>, !ttnn.device) -> tensor<1x1x20x2xf32>
  return %y : tensor<1x1x20x2xf32>
}

// CHECK-LABEL: func.func @conv2d(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x20x3xf32>, %[[W:[a-z0-9_]+]]: tensor<2x3x3x2xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x20x2xf32> {
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x1x20x3xf32> into tensor<1x20x3xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 4, 5, 3] : tensor<1x20x3xf32> into tensor<1x4x5x3xf32>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.pad %[[IMAGE]] low[0, 1, 2, 0] high[0, 1, 0, 0] {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: index, %[[V1:[a-z0-9_]+]]: index, %[[V2:[a-z0-9_]+]]: index, %[[V3:[a-z0-9_]+]]: index):
// CHECK-NEXT:      tensor.yield %[[ZERO]] : f32
// CHECK-NEXT:    } : tensor<1x4x5x3xf32> to tensor<1x6x7x3xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<3x2x3x2xf32>
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = linalg.transpose ins(%[[W]]:tensor<2x3x3x2xf32>) outs(%[[EMPTY]]:tensor<3x2x3x2xf32>) permutation = [2, 3, 1, 0]
// CHECK-NEXT:    %[[ZERO_1:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<1x4x5x2xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO_1]] : f32) outs(%[[EMPTY_1]] : tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<[1, 2]> : tensor<2xi64>} ins(%[[PADDED]], %[[TAPS]] : tensor<1x6x7x3xf32>, tensor<3x2x3x2xf32>) outs(%[[INIT]] : tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT:    %[[COLLAPSED_1:[a-z0-9_]+]] = tensor.collapse_shape %[[CONVOLVED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x4x5x2xf32> into tensor<1x20x2xf32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED_1]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 20, 2] : tensor<1x20x2xf32> into tensor<1x1x20x2xf32>
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x1x20x2xf32>
// CHECK-NEXT:  }

// Groups are a dimension of the named op. Sums of bf16 are f32; bias, relu and rounding come once.
func.func @conv2d_fused(%x: tensor<1x1x20x4xbf16>, %w: tensor<6x2x2x1xbf16>, %b: tensor<1x1x1x6xbf16>, %device: !ttnn.device) -> tensor<1x1x10x6xbf16> {
  %y = "ttnn.conv2d"(%x, %w, %b, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<activation = <op_type = relu>>,
      dilation = array<i32: 1, 1>, groups = 2 : i32, in_channels = 4 : i32,
      input_height = 4 : i32, input_width = 5 : i32, kernel_size = array<i32: 2, 1>,
      out_channels = 6 : i32, padding = array<i32: 0, 0>, stride = array<i32: 2, 1>}>
    : (tensor<1x1x20x4xbf16>, tensor<6x2x2x1xbf16>, tensor<1x1x1x6xbf16>, !ttnn.device) -> tensor<1x1x10x6xbf16>
  return %y : tensor<1x1x10x6xbf16>
}

// CHECK-LABEL: func.func @conv2d_fused(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x20x4xbf16>, %[[W:[a-z0-9_]+]]: tensor<6x2x2x1xbf16>, %[[B:[a-z0-9_]+]]: tensor<1x1x1x6xbf16>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x10x6xbf16> {
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x1x20x4xbf16> into tensor<1x20x4xbf16>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 4, 5, 4] : tensor<1x20x4xbf16> into tensor<1x4x5x4xbf16>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<1x4x5x4xf32>
// CHECK-NEXT:    %[[WIDE_IMAGE:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[IMAGE]] : tensor<1x4x5x4xbf16>) outs(%[[EMPTY]] : tensor<1x4x5x4xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: bf16, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.extf %[[V0]] : bf16 to f32
// CHECK-NEXT:      linalg.yield %[[V2]] : f32
// CHECK-NEXT:    } -> tensor<1x4x5x4xf32>
// CHECK-NEXT:    %[[SPLIT_KERNEL:[a-z0-9_]+]] = tensor.expand_shape %[[W]] {{\[\[}}0 : i64, 1 : i64], [2 : i64], [3 : i64], [4 : i64]] output_shape [2, 3, 2, 2, 1] : tensor<6x2x2x1xbf16> into tensor<2x3x2x2x1xbf16>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x2x1x2xbf16>
// CHECK-NEXT:    %[[TAPS:[a-z0-9_]+]] = linalg.transpose ins(%[[SPLIT_KERNEL]]:tensor<2x3x2x2x1xbf16>) outs(%[[EMPTY_1]]:tensor<2x3x2x1x2xbf16>) permutation = [0, 1, 3, 4, 2]
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x2x1x2xf32>
// CHECK-NEXT:    %[[WIDE_TAPS:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%[[TAPS]] : tensor<2x3x2x1x2xbf16>) outs(%[[EMPTY_2]] : tensor<2x3x2x1x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V3:[a-z0-9_]+]]: bf16, %[[V4:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = arith.extf %[[V3]] : bf16 to f32
// CHECK-NEXT:      linalg.yield %[[V5]] : f32
// CHECK-NEXT:    } -> tensor<2x3x2x1x2xf32>
// CHECK-NEXT:    %[[GROUPED:[a-z0-9_]+]] = tensor.expand_shape %[[WIDE_IMAGE]] {{\[\[}}0 : i64], [1 : i64], [2 : i64], [3 : i64, 4 : i64]] output_shape [1, 4, 5, 2, 2] : tensor<1x4x5x4xf32> into tensor<1x4x5x2x2xf32>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_3:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x5x2x3xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY_3]] : tensor<1x2x5x2x3xf32>) -> tensor<1x2x5x2x3xf32>
// CHECK-NEXT:    %[[CONVOLVED:[a-z0-9_]+]] = linalg.conv_2d_nhwgc_gfhwc {strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>} ins(%[[GROUPED]], %[[WIDE_TAPS]] : tensor<1x4x5x2x2xf32>, tensor<2x3x2x1x2xf32>) outs(%[[INIT]] : tensor<1x2x5x2x3xf32>) -> tensor<1x2x5x2x3xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = tensor.collapse_shape %[[CONVOLVED]] {{\[\[}}0 : i64], [1 : i64], [2 : i64], [3 : i64, 4 : i64]] : tensor<1x2x5x2x3xf32> into tensor<1x2x5x6xf32>
// CHECK-NEXT:    %[[BIAS:[a-z0-9_]+]] = tensor.collapse_shape %[[B]] {{\[\[}}0 : i64, 1 : i64, 2 : i64, 3 : i64]] : tensor<1x1x1x6xbf16> into tensor<6xbf16>
// CHECK-NEXT:    %[[EMPTY_4:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x5x6xbf16>
// CHECK-NEXT:    %[[FINISHED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[PIXELS]], %[[BIAS]] : tensor<1x2x5x6xf32>, tensor<6xbf16>) outs(%[[EMPTY_4]] : tensor<1x2x5x6xbf16>) {
// CHECK-NEXT:    ^bb0(%[[V6:[a-z0-9_]+]]: f32, %[[V7:[a-z0-9_]+]]: bf16, %[[V8:[a-z0-9_]+]]: bf16):
// CHECK-NEXT:      %[[V9:[a-z0-9_]+]] = arith.extf %[[V7]] : bf16 to f32
// CHECK-NEXT:      %[[V10:[a-z0-9_]+]] = arith.addf %[[V6]], %[[V9]] : f32
// CHECK-NEXT:      %[[V11:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:      %[[V12:[a-z0-9_]+]] = arith.maximumf %[[V10]], %[[V11]] : f32
// CHECK-NEXT:      %[[V13:[a-z0-9_]+]] = arith.truncf %[[V12]] : f32 to bf16
// CHECK-NEXT:      linalg.yield %[[V13]] : bf16
// CHECK-NEXT:    } -> tensor<1x2x5x6xbf16>
// CHECK-NEXT:    %[[COLLAPSED_1:[a-z0-9_]+]] = tensor.collapse_shape %[[FINISHED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x2x5x6xbf16> into tensor<1x10x6xbf16>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED_1]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 10, 6] : tensor<1x10x6xbf16> into tensor<1x1x10x6xbf16>
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x1x10x6xbf16>
// CHECK-NEXT:  }

// A narrower weights_dtype rounds the kernel.
func.func @conv2d_weights_dtype(%x: tensor<1x1x2x1xf32>, %w: tensor<1x1x1x1xf32>, %device: !ttnn.device) -> tensor<1x1x2x1xf32> {
  %y = "ttnn.conv2d"(%x, %w, %device) <{
      batch_size = 1 : i32, conv2d_config = #ttnn.conv2d_config<weights_dtype = bf16>,
      dilation = array<i32: 1, 1>, groups = 1 : i32, in_channels = 1 : i32,
      input_height = 1 : i32, input_width = 2 : i32, kernel_size = array<i32: 1, 1>,
      out_channels = 1 : i32, padding = array<i32: 0, 0>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>, !ttnn.device) -> tensor<1x1x2x1xf32>
  return %y : tensor<1x1x2x1xf32>
}

// CHECK-LABEL: func.func @conv2d_weights_dtype(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x2x1xf32>, %[[W:[a-z0-9_]+]]: tensor<1x1x1x1xf32>, %[[DEVICE:[a-z0-9_]+]]: !ttnn.device) -> tensor<1x1x2x1xf32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[ROUNDED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[W]] : tensor<1x1x1x1xf32>) outs(%[[EMPTY]] : tensor<1x1x1x1xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.truncf %[[V0]] : f32 to bf16
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.extf %[[V2]] : bf16 to f32
// CHECK-NEXT:      linalg.yield %[[V3]] : f32
// CHECK-NEXT:    } -> tensor<1x1x1x1xf32>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x1xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY_1]] : tensor<2x1xf32>) -> tensor<2x1xf32>
// CHECK-NEXT:    %[[PIXELS:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<1x1x2x1xf32> into tensor<2x1xf32>
// CHECK-NEXT:    %[[TAP:[a-z0-9_]+]] = tensor.collapse_shape %[[ROUNDED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64, 3 : i64]] : tensor<1x1x1x1xf32> into tensor<1x1xf32>
// CHECK-NEXT:    %[[SUMS:[a-z0-9_]+]] = linalg.matmul ins(%[[PIXELS]], %[[TAP]] : tensor<2x1xf32>, tensor<1x1xf32>) outs(%[[INIT]] : tensor<2x1xf32>) -> tensor<2x1xf32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.expand_shape %[[SUMS]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 2, 1] : tensor<2x1xf32> into tensor<1x1x2x1xf32>
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x1x2x1xf32>
// CHECK-NEXT:  }

// Dilating and padding are one strided insert into zeros.
func.func @dilate_and_pad(%x: tensor<2x3xf32>) -> tensor<4x8xf32> {
  %0 = deconv.dilate_insert %x strides = [1, 3] : tensor<2x3xf32> -> tensor<2x7xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 2, 0, 0, 1>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<2x7xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @dilate_and_pad(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<4x8xf32> {
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<4x8xf32>
// CHECK-NEXT:    %[[ZEROS:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = tensor.insert_slice %[[X]] into %[[ZEROS]][2, 0] [2, 3] [1, 3] : tensor<2x3xf32> into tensor<4x8xf32>
// CHECK-NEXT:    func.return %[[DILATED]] : tensor<4x8xf32>
// CHECK-NEXT:  }

// Two ops where the padding is no zero, or something else looks at the dilated tensor.
func.func @dilate_then_pad(%x: tensor<2x3xf32>) -> tensor<4x8xf32> {
  %0 = deconv.dilate_insert %x strides = [1, 3] : tensor<2x3xf32> -> tensor<2x7xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 2, 0, 0, 1>, use_multicore = false, value = 1.000000e+00 : f32}> : (tensor<2x7xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @dilate_then_pad(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xf32>) -> tensor<4x8xf32> {
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x7xf32>
// CHECK-NEXT:    %[[ZEROS:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<2x7xf32>) -> tensor<2x7xf32>
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = tensor.insert_slice %[[X]] into %[[ZEROS]][0, 0] [2, 3] [1, 3] : tensor<2x3xf32> into tensor<2x7xf32>
// CHECK-NEXT:    %[[PADDING:[a-z0-9_]+]] = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.pad %[[DILATED]] low[2, 0] high[0, 1] {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: index, %[[V1:[a-z0-9_]+]]: index):
// CHECK-NEXT:      tensor.yield %[[PADDING]] : f32
// CHECK-NEXT:    } : tensor<2x7xf32> to tensor<4x8xf32>
// CHECK-NEXT:    func.return %[[PADDED]] : tensor<4x8xf32>
// CHECK-NEXT:  }

func.func @dilate_used_twice(%x: tensor<2xf32>) -> (tensor<4xf32>, tensor<3xf32>) {
  %0 = deconv.dilate_insert %x strides = [2] : tensor<2xf32> -> tensor<3xf32>
  %1 = "ttnn.pad"(%0) <{padding = array<i32: 0, 1>, use_multicore = false, value = 0.000000e+00 : f32}> : (tensor<3xf32>) -> tensor<4xf32>
  return %1, %0 : tensor<4xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @dilate_used_twice(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>) -> (tensor<4xf32>, tensor<3xf32>) {
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<3xf32>
// CHECK-NEXT:    %[[ZEROS:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<3xf32>) -> tensor<3xf32>
// CHECK-NEXT:    %[[DILATED:[a-z0-9_]+]] = tensor.insert_slice %[[X]] into %[[ZEROS]][0] [2] [2] : tensor<2xf32> into tensor<3xf32>
// CHECK-NEXT:    %[[ZERO_1:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.pad %[[DILATED]] low[0] high[1] {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: index):
// CHECK-NEXT:      tensor.yield %[[ZERO_1]] : f32
// CHECK-NEXT:    } : tensor<3xf32> to tensor<4xf32>
// CHECK-NEXT:    func.return %[[PADDED]], %[[DILATED]] : tensor<4xf32>, tensor<3xf32>
// CHECK-NEXT:  }

func.func @flip(%x: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = deconv.flip %x dimensions = [1] : tensor<2x3xi32> -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @flip(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3xi32>) -> tensor<2x3xi32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x3xi32>
// CHECK-NEXT:    %[[FLIPPED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} outs(%[[EMPTY]] : tensor<2x3xi32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: i32):
// CHECK-NEXT:      %[[V1:[a-z0-9_]+]] = linalg.index 0 : index
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = linalg.index 1 : index
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = arith.subi %[[V2]], %[[V3]] : index
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = tensor.extract %[[X]][%[[V1]], %[[V4]]] : tensor<2x3xi32>
// CHECK-NEXT:      linalg.yield %[[V5]] : i32
// CHECK-NEXT:    } -> tensor<2x3xi32>
// CHECK-NEXT:    func.return %[[FLIPPED]] : tensor<2x3xi32>
// CHECK-NEXT:  }

// Collapsed to what both shapes have in common, then expanded; chains do not pile up.
func.func @reshape(%x: tensor<2x3x4x5xf32>) -> tensor<4x3x2x5xf32> {
  %0 = "ttnn.reshape"(%x) <{shape = [6 : i32, 20 : i32]}> : (tensor<2x3x4x5xf32>) -> tensor<6x20xf32>
  %1 = "ttnn.reshape"(%0) <{shape = [4 : i32, 3 : i32, 2 : i32, 5 : i32]}> : (tensor<6x20xf32>) -> tensor<4x3x2x5xf32>
  return %1 : tensor<4x3x2x5xf32>
}

// CHECK-LABEL: func.func @reshape(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x4x5xf32>) -> tensor<4x3x2x5xf32> {
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] : tensor<2x3x4x5xf32> into tensor<24x5xf32>
// CHECK-NEXT:    %[[RESHAPED:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64, 1 : i64, 2 : i64], [3 : i64]] output_shape [4, 3, 2, 5] : tensor<24x5xf32> into tensor<4x3x2x5xf32>
// CHECK-NEXT:    func.return %[[RESHAPED]] : tensor<4x3x2x5xf32>
// CHECK-NEXT:  }

// A permutation that moves only dimensions of size 1 is a reshape.
func.func @permute(%x: tensor<2x1x3xf32>) -> (tensor<3x2x1xf32>, tensor<1x2x3xf32>) {
  %0 = "ttnn.permute"(%x) <{permutation = array<i64: 2, 0, 1>}> : (tensor<2x1x3xf32>) -> tensor<3x2x1xf32>
  %1 = "ttnn.permute"(%x) <{permutation = array<i64: 1, 0, 2>}> : (tensor<2x1x3xf32>) -> tensor<1x2x3xf32>
  return %0, %1 : tensor<3x2x1xf32>, tensor<1x2x3xf32>
}

// CHECK-LABEL: func.func @permute(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x1x3xf32>) -> (tensor<3x2x1xf32>, tensor<1x2x3xf32>) {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<3x2x1xf32>
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = linalg.transpose ins(%[[X]]:tensor<2x1x3xf32>) outs(%[[EMPTY]]:tensor<3x2x1xf32>) permutation = [2, 0, 1]
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64, 2 : i64]] : tensor<2x1x3xf32> into tensor<2x3xf32>
// CHECK-NEXT:    %[[TRANSPOSED_1:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64]] output_shape [1, 2, 3] : tensor<2x3xf32> into tensor<1x2x3xf32>
// CHECK-NEXT:    func.return %[[TRANSPOSED]], %[[TRANSPOSED_1]] : tensor<3x2x1xf32>, tensor<1x2x3xf32>
// CHECK-NEXT:  }

// Negative bounds count from the end; the last step may be cut short.
func.func @slice_and_concat(%x: tensor<4x7xf32>) -> tensor<2x6xf32> {
  %0 = "ttnn.slice_static"(%x) <{begins = [-3 : i32, 1 : i32], ends = [3 : i32, 7 : i32], step = [1 : i32, 2 : i32]}> : (tensor<4x7xf32>) -> tensor<2x3xf32>
  %1 = "ttnn.concat"(%0, %0) <{dim = -1 : si32}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %1 : tensor<2x6xf32>
}

// CHECK-LABEL: func.func @slice_and_concat(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<4x7xf32>) -> tensor<2x6xf32> {
// CHECK-NEXT:    %[[SLICE:[a-z0-9_]+]] = tensor.extract_slice %[[X]][1, 1] [2, 3] [1, 2] : tensor<4x7xf32> to tensor<2x3xf32>
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = tensor.concat dim(1) %[[SLICE]], %[[SLICE]] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
// CHECK-NEXT:    func.return %[[V0]] : tensor<2x6xf32>
// CHECK-NEXT:  }

// Broadcast as NumPy does; mixed types meet in the widest.
func.func @add(%x: tensor<2x1x4xf32>, %y: tensor<3x1xbf16>) -> tensor<2x3x4xbf16> {
  %0 = "ttnn.add"(%x, %y) : (tensor<2x1x4xf32>, tensor<3x1xbf16>) -> tensor<2x3x4xbf16>
  return %0 : tensor<2x3x4xbf16>
}

// CHECK-LABEL: func.func @add(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x1x4xf32>, %[[Y:[a-z0-9_]+]]: tensor<3x1xbf16>) -> tensor<2x3x4xbf16> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x4xbf16>
// CHECK-NEXT:    %[[ADD:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, 0, d2)>, affine_map<(d0, d1, d2) -> (d1, 0)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[X]], %[[Y]] : tensor<2x1x4xf32>, tensor<3x1xbf16>) outs(%[[EMPTY]] : tensor<2x3x4xbf16>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: bf16, %[[V2:[a-z0-9_]+]]: bf16):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.extf %[[V1]] : bf16 to f32
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = arith.addf %[[V0]], %[[V3]] : f32
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = arith.truncf %[[V4]] : f32 to bf16
// CHECK-NEXT:      linalg.yield %[[V5]] : bf16
// CHECK-NEXT:    } -> tensor<2x3x4xbf16>
// CHECK-NEXT:    func.return %[[ADD]] : tensor<2x3x4xbf16>
// CHECK-NEXT:  }

func.func @multiply(%x: tensor<2xsi32>, %y: tensor<2xsi32>) -> tensor<2xsi32> {
  %0 = "ttnn.multiply"(%x, %y) : (tensor<2xsi32>, tensor<2xsi32>) -> tensor<2xsi32>
  return %0 : tensor<2xsi32>
}

// CHECK-LABEL: func.func @multiply(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xsi32>, %[[Y:[a-z0-9_]+]]: tensor<2xsi32>) -> tensor<2xsi32> {
// CHECK-NEXT:    %[[X_1:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[X]] : tensor<2xsi32> to tensor<2xi32>
// CHECK-NEXT:    %[[Y_1:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[Y]] : tensor<2xsi32> to tensor<2xi32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2xi32>
// CHECK-NEXT:    %[[MULTIPLY:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[X_1]], %[[Y_1]] : tensor<2xi32>, tensor<2xi32>) outs(%[[EMPTY]] : tensor<2xi32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: i32, %[[V1:[a-z0-9_]+]]: i32, %[[V2:[a-z0-9_]+]]: i32):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.muli %[[V0]], %[[V1]] : i32
// CHECK-NEXT:      linalg.yield %[[V3]] : i32
// CHECK-NEXT:    } -> tensor<2xi32>
// CHECK-NEXT:    %[[V4:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[MULTIPLY]] : tensor<2xi32> to tensor<2xsi32>
// CHECK-NEXT:    func.return %[[V4]] : tensor<2xsi32>
// CHECK-NEXT:  }

// Curves of bf16 are computed in f32.
func.func @unary(%x: tensor<2xbf16>) -> tensor<2xbf16> {
  %0 = "ttnn.tanh"(%x) : (tensor<2xbf16>) -> tensor<2xbf16>
  %1 = "ttnn.sigmoid"(%0) : (tensor<2xbf16>) -> tensor<2xbf16>
  %2 = "ttnn.relu"(%1) : (tensor<2xbf16>) -> tensor<2xbf16>
  return %2 : tensor<2xbf16>
}

// CHECK-LABEL: func.func @unary(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xbf16>) -> tensor<2xbf16> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2xbf16>
// CHECK-NEXT:    %[[TANH:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[X]] : tensor<2xbf16>) outs(%[[EMPTY]] : tensor<2xbf16>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: bf16, %[[V1:[a-z0-9_]+]]: bf16):
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.extf %[[V0]] : bf16 to f32
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = math.tanh %[[V2]] : f32
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = arith.truncf %[[V3]] : f32 to bf16
// CHECK-NEXT:      linalg.yield %[[V4]] : bf16
// CHECK-NEXT:    } -> tensor<2xbf16>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2xbf16>
// CHECK-NEXT:    %[[SIGMOID:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[TANH]] : tensor<2xbf16>) outs(%[[EMPTY_1]] : tensor<2xbf16>) {
// CHECK-NEXT:    ^bb0(%[[V5:[a-z0-9_]+]]: bf16, %[[V6:[a-z0-9_]+]]: bf16):
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = arith.extf %[[V5]] : bf16 to f32
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:      %[[V9:[a-z0-9_]+]] = arith.negf %[[V7]] : f32
// CHECK-NEXT:      %[[V10:[a-z0-9_]+]] = math.exp %[[V9]] : f32
// CHECK-NEXT:      %[[V11:[a-z0-9_]+]] = arith.addf %[[V8]], %[[V10]] : f32
// CHECK-NEXT:      %[[V12:[a-z0-9_]+]] = arith.divf %[[V8]], %[[V11]] : f32
// CHECK-NEXT:      %[[V13:[a-z0-9_]+]] = arith.truncf %[[V12]] : f32 to bf16
// CHECK-NEXT:      linalg.yield %[[V13]] : bf16
// CHECK-NEXT:    } -> tensor<2xbf16>
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<2xbf16>
// CHECK-NEXT:    %[[RELU:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[SIGMOID]] : tensor<2xbf16>) outs(%[[EMPTY_2]] : tensor<2xbf16>) {
// CHECK-NEXT:    ^bb0(%[[V14:[a-z0-9_]+]]: bf16, %[[V15:[a-z0-9_]+]]: bf16):
// CHECK-NEXT:      %[[V16:[a-z0-9_]+]] = arith.constant 0.000000e+00 : bf16
// CHECK-NEXT:      %[[V17:[a-z0-9_]+]] = arith.maximumf %[[V14]], %[[V16]] : bf16
// CHECK-NEXT:      linalg.yield %[[V17]] : bf16
// CHECK-NEXT:    } -> tensor<2xbf16>
// CHECK-NEXT:    func.return %[[RELU]] : tensor<2xbf16>
// CHECK-NEXT:  }

// Rows join where the right side has no batch; sums of f16 are f32.
func.func @matmul(%a: tensor<2x3x4xf16>, %b: tensor<5x4xf16>) -> tensor<2x3x5xf16> {
  %0 = "ttnn.matmul"(%a, %b) <{transpose_a = false, transpose_b = true}> : (tensor<2x3x4xf16>, tensor<5x4xf16>) -> tensor<2x3x5xf16>
  return %0 : tensor<2x3x5xf16>
}

// CHECK-LABEL: func.func @matmul(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<2x3x4xf16>, %[[B:[a-z0-9_]+]]: tensor<5x4xf16>) -> tensor<2x3x5xf16> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x4xf32>
// CHECK-NEXT:    %[[CONVERTED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[A]] : tensor<2x3x4xf16>) outs(%[[EMPTY]] : tensor<2x3x4xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f16, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.extf %[[V0]] : f16 to f32
// CHECK-NEXT:      linalg.yield %[[V2]] : f32
// CHECK-NEXT:    } -> tensor<2x3x4xf32>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<5x4xf32>
// CHECK-NEXT:    %[[CONVERTED_1:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%[[B]] : tensor<5x4xf16>) outs(%[[EMPTY_1]] : tensor<5x4xf32>) {
// CHECK-NEXT:    ^bb0(%[[V3:[a-z0-9_]+]]: f16, %[[V4:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = arith.extf %[[V3]] : f16 to f32
// CHECK-NEXT:      linalg.yield %[[V5]] : f32
// CHECK-NEXT:    } -> tensor<5x4xf32>
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<4x5xf32>
// CHECK-NEXT:    %[[TRANSPOSED:[a-z0-9_]+]] = linalg.transpose ins(%[[CONVERTED_1]]:tensor<5x4xf32>) outs(%[[EMPTY_2]]:tensor<4x5xf32>) permutation = [1, 0]
// CHECK-NEXT:    %[[ROWS:[a-z0-9_]+]] = tensor.collapse_shape %[[CONVERTED]] {{\[\[}}0 : i64, 1 : i64], [2 : i64]] : tensor<2x3x4xf32> into tensor<6x4xf32>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_3:[a-z0-9_]+]] = tensor.empty() : tensor<6x5xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY_3]] : tensor<6x5xf32>) -> tensor<6x5xf32>
// CHECK-NEXT:    %[[PRODUCT:[a-z0-9_]+]] = linalg.matmul ins(%[[ROWS]], %[[TRANSPOSED]] : tensor<6x4xf32>, tensor<4x5xf32>) outs(%[[INIT]] : tensor<6x5xf32>) -> tensor<6x5xf32>
// CHECK-NEXT:    %[[PRODUCT_1:[a-z0-9_]+]] = tensor.expand_shape %[[PRODUCT]] {{\[\[}}0 : i64, 1 : i64], [2 : i64]] output_shape [2, 3, 5] : tensor<6x5xf32> into tensor<2x3x5xf32>
// CHECK-NEXT:    %[[EMPTY_4:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x5xf16>
// CHECK-NEXT:    %[[FINISHED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[PRODUCT_1]] : tensor<2x3x5xf32>) outs(%[[EMPTY_4]] : tensor<2x3x5xf16>) {
// CHECK-NEXT:    ^bb0(%[[V6:[a-z0-9_]+]]: f32, %[[V7:[a-z0-9_]+]]: f16):
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.truncf %[[V6]] : f32 to f16
// CHECK-NEXT:      linalg.yield %[[V8]] : f16
// CHECK-NEXT:    } -> tensor<2x3x5xf16>
// CHECK-NEXT:    func.return %[[FINISHED]] : tensor<2x3x5xf16>
// CHECK-NEXT:  }

// A batch on the right is a generic that broadcasts.
func.func @batch_matmul(%a: tensor<3x4xf32>, %b: tensor<2x4x5xf32>) -> tensor<2x3x5xf32> {
  %0 = "ttnn.matmul"(%a, %b) <{activation = "relu", transpose_a = false, transpose_b = false}> : (tensor<3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}

// CHECK-LABEL: func.func @batch_matmul(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<3x4xf32>, %[[B:[a-z0-9_]+]]: tensor<2x4x5xf32>) -> tensor<2x3x5xf32> {
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x5xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
// CHECK-NEXT:    %[[PRODUCT:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%[[A]], %[[B]] : tensor<3x4xf32>, tensor<2x4x5xf32>) outs(%[[INIT]] : tensor<2x3x5xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32, %[[V2:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.mulf %[[V0]], %[[V1]] : f32
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = arith.addf %[[V2]], %[[V3]] : f32
// CHECK-NEXT:      linalg.yield %[[V4]] : f32
// CHECK-NEXT:    } -> tensor<2x3x5xf32>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x3x5xf32>
// CHECK-NEXT:    %[[FINISHED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[PRODUCT]] : tensor<2x3x5xf32>) outs(%[[EMPTY_1]] : tensor<2x3x5xf32>) {
// CHECK-NEXT:    ^bb0(%[[V5:[a-z0-9_]+]]: f32, %[[V6:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.maximumf %[[V5]], %[[V7]] : f32
// CHECK-NEXT:      linalg.yield %[[V8]] : f32
// CHECK-NEXT:    } -> tensor<2x3x5xf32>
// CHECK-NEXT:    func.return %[[FINISHED]] : tensor<2x3x5xf32>
// CHECK-NEXT:  }

// Encodings stay at the border; layout moves go, conversions of the element type do not.
func.func @layouts(%x: tensor<2xf32, #ttnn.layout<tile>>) -> tensor<2xbf16, #ttnn.layout<row_major>> {
  %0 = "ttnn.to_layout"(%x) <{layout = #ttnn.layout<row_major>}> : (tensor<2xf32, #ttnn.layout<tile>>) -> tensor<2xf32, #ttnn.layout<row_major>>
  %1 = "ttnn.typecast"(%0) <{dtype = #ttcore.supportedDataTypes<bf16>}> : (tensor<2xf32, #ttnn.layout<row_major>>) -> tensor<2xbf16, #ttnn.layout<row_major>>
  "ttnn.deallocate"(%x) <{force = false}> : (tensor<2xf32, #ttnn.layout<tile>>) -> ()
  return %1 : tensor<2xbf16, #ttnn.layout<row_major>>
}

// CHECK-LABEL: func.func @layouts(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32, #ttnn.layout<tile>>) -> tensor<2xbf16, #ttnn.layout<row_major>> {
// CHECK-NEXT:    %[[X_1:[a-z0-9_]+]] = tensor.cast %[[X]] : tensor<2xf32, #ttnn.layout<tile>> to tensor<2xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2xbf16>
// CHECK-NEXT:    %[[CONVERTED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[X_1]] : tensor<2xf32>) outs(%[[EMPTY]] : tensor<2xbf16>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: bf16):
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.truncf %[[V0]] : f32 to bf16
// CHECK-NEXT:      linalg.yield %[[V2]] : bf16
// CHECK-NEXT:    } -> tensor<2xbf16>
// CHECK-NEXT:    %[[V3:[a-z0-9_]+]] = tensor.cast %[[CONVERTED]] : tensor<2xbf16> to tensor<2xbf16, #ttnn.layout<row_major>>
// CHECK-NEXT:    func.return %[[V3]] : tensor<2xbf16, #ttnn.layout<row_major>>
// CHECK-NEXT:  }

// Unknown ops keep their types, and the device they use.
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %unused = "ttnn.get_device"() : () -> !ttnn.device
  %0 = "ttnn.relu"(%x) : (tensor<2xf32>) -> tensor<2xf32, #ttnn.layout<tile>>
  %1 = "ttnn.never_heard_of"(%0, %device) : (tensor<2xf32, #ttnn.layout<tile>>, !ttnn.device) -> tensor<2xf32, #ttnn.layout<tile>>
  %2 = "ttnn.relu"(%1) : (tensor<2xf32, #ttnn.layout<tile>>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>) -> tensor<2xf32> {
// CHECK-NEXT:    %[[DEVICE:[a-z0-9_]+]] = "ttnn.get_device"() : () -> !ttnn.device
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2xf32>
// CHECK-NEXT:    %[[RELU:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[X]] : tensor<2xf32>) outs(%[[EMPTY]] : tensor<2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V2:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.maximumf %[[V0]], %[[V2]] : f32
// CHECK-NEXT:      linalg.yield %[[V3]] : f32
// CHECK-NEXT:    } -> tensor<2xf32>
// CHECK-NEXT:    %[[V4:[a-z0-9_]+]] = tensor.cast %[[RELU]] : tensor<2xf32> to tensor<2xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    %[[V5:[a-z0-9_]+]] = "ttnn.never_heard_of"(%[[V4]], %[[DEVICE]]) : (tensor<2xf32, #ttnn.layout<tile>>, !ttnn.device) -> tensor<2xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    %[[BARE:[a-z0-9_]+]] = tensor.cast %[[V5]] : tensor<2xf32, #ttnn.layout<tile>> to tensor<2xf32>
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2xf32>
// CHECK-NEXT:    %[[RELU_1:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[BARE]] : tensor<2xf32>) outs(%[[EMPTY_1]] : tensor<2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V6:[a-z0-9_]+]]: f32, %[[V7:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:      %[[V9:[a-z0-9_]+]] = arith.maximumf %[[V6]], %[[V8]] : f32
// CHECK-NEXT:      linalg.yield %[[V9]] : f32
// CHECK-NEXT:    } -> tensor<2xf32>
// CHECK-NEXT:    func.return %[[RELU_1]] : tensor<2xf32>
// CHECK-NEXT:  }

func.func private @constant() -> tensor<2xi32, #ttnn.layout<tile>> {
  %device = "ttnn.get_device"() : () -> !ttnn.device
  %0 = "ttnn.constant"(%device) <{value = dense<[1, 2]> : tensor<2xi32, #ttnn.layout<tile>>}> : (!ttnn.device) -> tensor<2xi32, #ttnn.layout<tile>>
  return %0 : tensor<2xi32, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func private @constant(
// CHECK-SAME:  ) -> tensor<2xi32, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<[1, 2]> : tensor<2xi32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = tensor.cast %[[V0]] : tensor<2xi32> to tensor<2xi32, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[V1]] : tensor<2xi32, #ttnn.layout<tile>>
// CHECK-NEXT:  }

func.func @cached() -> tensor<2xi32, #ttnn.layout<tile>> {
  %0 = ttcore.load_cached(@constant, []) : () -> tensor<2xi32, #ttnn.layout<tile>>
  return %0 : tensor<2xi32, #ttnn.layout<tile>>
}

// CHECK-LABEL: func.func @cached(
// CHECK-SAME:  ) -> tensor<2xi32, #ttnn.layout<tile>> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = func.call @constant() : () -> tensor<2xi32, #ttnn.layout<tile>>
// CHECK-NEXT:    func.return %[[V0]] : tensor<2xi32, #ttnn.layout<tile>>
// CHECK-NEXT:  }

// A pooling pads its image with the lowest value; ceil_mode makes room for one more window.
func.func @max_pool2d(%x: tensor<1x1x42x3xf32>) -> tensor<1x1x12x3xf32> {
  %y = "ttnn.max_pool2d"(%x) <{
      batch_size = 1 : si32, ceil_mode = true, channels = 3 : si32, dilation = array<i32: 1, 2>,
      input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 3, 2>,
      padding = array<i32: 0, 1, 0, 0>, stride = array<i32: 2, 2>}>
    : (tensor<1x1x42x3xf32>) -> tensor<1x1x12x3xf32>
  return %y : tensor<1x1x12x3xf32>
}

// CHECK-LABEL: func.func @max_pool2d(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x42x3xf32>) -> tensor<1x1x12x3xf32> {
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x1x42x3xf32> into tensor<1x42x3xf32>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 6, 7, 3] : tensor<1x42x3xf32> into tensor<1x6x7x3xf32>
// CHECK-NEXT:    %[[PADDING:[a-z0-9_]+]] = arith.constant 0xff800000 : f32
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.pad %[[IMAGE]] low[0, 0, 1, 0] high[0, 1, 1, 0] {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: index, %[[V1:[a-z0-9_]+]]: index, %[[V2:[a-z0-9_]+]]: index, %[[V3:[a-z0-9_]+]]: index):
// CHECK-NEXT:      tensor.yield %[[PADDING]] : f32
// CHECK-NEXT:    } : tensor<1x6x7x3xf32> to tensor<1x7x9x3xf32>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<3x2xf32>
// CHECK-NEXT:    %[[PADDING_1:[a-z0-9_]+]] = arith.constant 0xff800000 : f32
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<1x3x4x3xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[PADDING_1]] : f32) outs(%[[EMPTY_1]] : tensor<1x3x4x3xf32>) -> tensor<1x3x4x3xf32>
// CHECK-NEXT:    %[[POOLED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, ((d1 * 2) + d4), ((d2 * 2) + (d5 * 2)), d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%[[PADDED]], %[[EMPTY]] : tensor<1x7x9x3xf32>, tensor<3x2xf32>) outs(%[[INIT]] : tensor<1x3x4x3xf32>) {
// CHECK-NEXT:    ^bb0(%[[V4:[a-z0-9_]+]]: f32, %[[V5:[a-z0-9_]+]]: f32, %[[V6:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = arith.maximumf %[[V6]], %[[V4]] : f32
// CHECK-NEXT:      linalg.yield %[[V7]] : f32
// CHECK-NEXT:    } -> tensor<1x3x4x3xf32>
// CHECK-NEXT:    %[[COLLAPSED_1:[a-z0-9_]+]] = tensor.collapse_shape %[[POOLED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x3x4x3xf32> into tensor<1x12x3xf32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED_1]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 12, 3] : tensor<1x12x3xf32> into tensor<1x1x12x3xf32>
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x1x12x3xf32>
// CHECK-NEXT:  }

// Windows that fit are read where they are; integers without a sign are compared as such.
func.func @max_pool2d_unsigned(%x: tensor<1x1x16x1xui8>) -> tensor<1x1x4x1xui8> {
  %y = "ttnn.max_pool2d"(%x) <{
      batch_size = 1 : si32, ceil_mode = false, channels = 1 : si32, dilation = array<i32: 1, 1>,
      input_height = 4 : si32, input_width = 4 : si32, kernel_size = array<i32: 2, 2>,
      padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}>
    : (tensor<1x1x16x1xui8>) -> tensor<1x1x4x1xui8>
  return %y : tensor<1x1x4x1xui8>
}

// CHECK-LABEL: func.func @max_pool2d_unsigned(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x16x1xui8>) -> tensor<1x1x4x1xui8> {
// CHECK-NEXT:    %[[X_1:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[X]] : tensor<1x1x16x1xui8> to tensor<1x1x16x1xi8>
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X_1]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x1x16x1xi8> into tensor<1x16x1xi8>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 4, 4, 1] : tensor<1x16x1xi8> into tensor<1x4x4x1xi8>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x2xi8>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0 : i8
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x2x1xi8>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : i8) outs(%[[EMPTY_1]] : tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
// CHECK-NEXT:    %[[POOLED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, ((d1 * 2) + d4), ((d2 * 2) + d5), d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%[[IMAGE]], %[[EMPTY]] : tensor<1x4x4x1xi8>, tensor<2x2xi8>) outs(%[[INIT]] : tensor<1x2x2x1xi8>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: i8, %[[V1:[a-z0-9_]+]]: i8, %[[V2:[a-z0-9_]+]]: i8):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.maxui %[[V2]], %[[V0]] : i8
// CHECK-NEXT:      linalg.yield %[[V3]] : i8
// CHECK-NEXT:    } -> tensor<1x2x2x1xi8>
// CHECK-NEXT:    %[[COLLAPSED_1:[a-z0-9_]+]] = tensor.collapse_shape %[[POOLED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x2x2x1xi8> into tensor<1x4x1xi8>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED_1]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 4, 1] : tensor<1x4x1xi8> into tensor<1x1x4x1xi8>
// CHECK-NEXT:    %[[Y_1:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[Y]] : tensor<1x1x4x1xi8> to tensor<1x1x4x1xui8>
// CHECK-NEXT:    func.return %[[Y_1]] : tensor<1x1x4x1xui8>
// CHECK-NEXT:  }

// Sums of f16 are kept in f32; windows in a corner count fewer taps, so that the counts are a tensor.
func.func @avg_pool2d(%x: tensor<1x1x9x2xf16>) -> tensor<1x1x8x2xf16> {
  %y = "ttnn.avg_pool2d"(%x) <{
      batch_size = 1 : si32, ceil_mode = false, channels = 2 : si32, count_include_pad = false,
      dilation = array<i32: 1, 1>, input_height = 3 : si32, input_width = 3 : si32,
      kernel_size = array<i32: 2, 2>, padding = array<i32: 0, 1>, stride = array<i32: 1, 1>}>
    : (tensor<1x1x9x2xf16>) -> tensor<1x1x8x2xf16>
  return %y : tensor<1x1x8x2xf16>
}

// CHECK-LABEL: func.func @avg_pool2d(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x1x9x2xf16>) -> tensor<1x1x8x2xf16> {
// CHECK-NEXT:    %[[COLLAPSED:[a-z0-9_]+]] = tensor.collapse_shape %[[X]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x1x9x2xf16> into tensor<1x9x2xf16>
// CHECK-NEXT:    %[[IMAGE:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 3, 3, 2] : tensor<1x9x2xf16> into tensor<1x3x3x2xf16>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f16
// CHECK-NEXT:    %[[PADDED:[a-z0-9_]+]] = tensor.pad %[[IMAGE]] low[0, 0, 1, 0] high[0, 0, 1, 0] {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: index, %[[V1:[a-z0-9_]+]]: index, %[[V2:[a-z0-9_]+]]: index, %[[V3:[a-z0-9_]+]]: index):
// CHECK-NEXT:      tensor.yield %[[ZERO]] : f16
// CHECK-NEXT:    } : tensor<1x3x3x2xf16> to tensor<1x3x5x2xf16>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x2xf16>
// CHECK-NEXT:    %[[ZERO_1:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x4x2xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO_1]] : f32) outs(%[[EMPTY_1]] : tensor<1x2x4x2xf32>) -> tensor<1x2x4x2xf32>
// CHECK-NEXT:    %[[POOLED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, (d1 + d4), (d2 + d5), d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%[[PADDED]], %[[EMPTY]] : tensor<1x3x5x2xf16>, tensor<2x2xf16>) outs(%[[INIT]] : tensor<1x2x4x2xf32>) {
// CHECK-NEXT:    ^bb0(%[[V4:[a-z0-9_]+]]: f16, %[[V5:[a-z0-9_]+]]: f16, %[[V6:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = arith.extf %[[V4]] : f16 to f32
// CHECK-NEXT:      %[[V8:[a-z0-9_]+]] = arith.addf %[[V6]], %[[V7]] : f32
// CHECK-NEXT:      linalg.yield %[[V8]] : f32
// CHECK-NEXT:    } -> tensor<1x2x4x2xf32>
// CHECK-NEXT:    %[[COUNTS:[a-z0-9_]+]] = arith.constant dense<{{\[\[}}2.000000e+00], [4.000000e+00], [4.000000e+00], [2.000000e+00]]> : tensor<4x1xf32>
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x4x2xf16>
// CHECK-NEXT:    %[[AVERAGES:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d2, 0)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[POOLED]], %[[COUNTS]] : tensor<1x2x4x2xf32>, tensor<4x1xf32>) outs(%[[EMPTY_2]] : tensor<1x2x4x2xf16>) {
// CHECK-NEXT:    ^bb0(%[[V9:[a-z0-9_]+]]: f32, %[[V10:[a-z0-9_]+]]: f32, %[[V11:[a-z0-9_]+]]: f16):
// CHECK-NEXT:      %[[V12:[a-z0-9_]+]] = arith.divf %[[V9]], %[[V10]] : f32
// CHECK-NEXT:      %[[V13:[a-z0-9_]+]] = arith.truncf %[[V12]] : f32 to f16
// CHECK-NEXT:      linalg.yield %[[V13]] : f16
// CHECK-NEXT:    } -> tensor<1x2x4x2xf16>
// CHECK-NEXT:    %[[COLLAPSED_1:[a-z0-9_]+]] = tensor.collapse_shape %[[AVERAGES]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] : tensor<1x2x4x2xf16> into tensor<1x8x2xf16>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.expand_shape %[[COLLAPSED_1]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64]] output_shape [1, 1, 8, 2] : tensor<1x8x2xf16> into tensor<1x1x8x2xf16>
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x1x8x2xf16>
// CHECK-NEXT:  }

// One window, and one number to divide by.
func.func @global_avg_pool2d(%x: tensor<2x3x4x5xf32>) -> tensor<2x1x1x5xf32> {
  %y = "ttnn.global_avg_pool2d"(%x) : (tensor<2x3x4x5xf32>) -> tensor<2x1x1x5xf32>
  return %y : tensor<2x1x1x5xf32>
}

// CHECK-LABEL: func.func @global_avg_pool2d(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2x3x4x5xf32>) -> tensor<2x1x1x5xf32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<3x4xf32>
// CHECK-NEXT:    %[[ZERO:[a-z0-9_]+]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[EMPTY_1:[a-z0-9_]+]] = tensor.empty() : tensor<2x1x1x5xf32>
// CHECK-NEXT:    %[[INIT:[a-z0-9_]+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY_1]] : tensor<2x1x1x5xf32>) -> tensor<2x1x1x5xf32>
// CHECK-NEXT:    %[[POOLED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, (d1 + d4), (d2 + d5), d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%[[X]], %[[EMPTY]] : tensor<2x3x4x5xf32>, tensor<3x4xf32>) outs(%[[INIT]] : tensor<2x1x1x5xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32, %[[V2:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.addf %[[V2]], %[[V0]] : f32
// CHECK-NEXT:      linalg.yield %[[V3]] : f32
// CHECK-NEXT:    } -> tensor<2x1x1x5xf32>
// CHECK-NEXT:    %[[EMPTY_2:[a-z0-9_]+]] = tensor.empty() : tensor<2x1x1x5xf32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[POOLED]] : tensor<2x1x1x5xf32>) outs(%[[EMPTY_2]] : tensor<2x1x1x5xf32>) {
// CHECK-NEXT:    ^bb0(%[[V4:[a-z0-9_]+]]: f32, %[[V5:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      %[[V6:[a-z0-9_]+]] = arith.constant 1.200000e+01 : f32
// CHECK-NEXT:      %[[V7:[a-z0-9_]+]] = arith.divf %[[V4]], %[[V6]] : f32
// CHECK-NEXT:      linalg.yield %[[V7]] : f32
// CHECK-NEXT:    } -> tensor<2x1x1x5xf32>
// CHECK-NEXT:    func.return %[[Y]] : tensor<2x1x1x5xf32>
// CHECK-NEXT:  }

// A pixel becomes a block.
func.func @upsample(%x: tensor<1x2x3x4xf32>) -> tensor<1x4x9x4xf32> {
  %y = "ttnn.upsample"(%x) <{mode = "nearest", scale_factor = array<i32: 2, 3>}>
    : (tensor<1x2x3x4xf32>) -> tensor<1x4x9x4xf32>
  return %y : tensor<1x4x9x4xf32>
}

// CHECK-LABEL: func.func @upsample(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<1x2x3x4xf32>) -> tensor<1x4x9x4xf32> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<1x2x2x3x3x4xf32>
// CHECK-NEXT:    %[[UPSAMPLED:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d3, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3, d4, d5)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%[[X]] : tensor<1x2x3x4xf32>) outs(%[[EMPTY]] : tensor<1x2x2x3x3x4xf32>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f32, %[[V1:[a-z0-9_]+]]: f32):
// CHECK-NEXT:      linalg.yield %[[V0]] : f32
// CHECK-NEXT:    } -> tensor<1x2x2x3x3x4xf32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = tensor.collapse_shape %[[UPSAMPLED]] {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64, 4 : i64], [5 : i64]] : tensor<1x2x2x3x3x4xf32> into tensor<1x4x9x4xf32>
// CHECK-NEXT:    func.return %[[Y]] : tensor<1x4x9x4xf32>
// CHECK-NEXT:  }

// Operands of two types are divided in the wider one, and rounded once.
func.func @divide(%a: tensor<2x3xf16>, %b: tensor<3xf32>) -> tensor<2x3xf16> {
  %0 = "ttnn.divide"(%a, %b) : (tensor<2x3xf16>, tensor<3xf32>) -> tensor<2x3xf16>
  return %0 : tensor<2x3xf16>
}

// CHECK-LABEL: func.func @divide(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<2x3xf16>, %[[B:[a-z0-9_]+]]: tensor<3xf32>) -> tensor<2x3xf16> {
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2x3xf16>
// CHECK-NEXT:    %[[DIVIDE:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%[[A]], %[[B]] : tensor<2x3xf16>, tensor<3xf32>) outs(%[[EMPTY]] : tensor<2x3xf16>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: f16, %[[V1:[a-z0-9_]+]]: f32, %[[V2:[a-z0-9_]+]]: f16):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.extf %[[V0]] : f16 to f32
// CHECK-NEXT:      %[[V4:[a-z0-9_]+]] = arith.divf %[[V3]], %[[V1]] : f32
// CHECK-NEXT:      %[[V5:[a-z0-9_]+]] = arith.truncf %[[V4]] : f32 to f16
// CHECK-NEXT:      linalg.yield %[[V5]] : f16
// CHECK-NEXT:    } -> tensor<2x3xf16>
// CHECK-NEXT:    func.return %[[DIVIDE]] : tensor<2x3xf16>
// CHECK-NEXT:  }

// The sign of integers decides which is larger.
func.func @maximum(%a: tensor<2xui8>, %b: tensor<2xui8>) -> tensor<2xui8> {
  %0 = "ttnn.maximum"(%a, %b) : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return %0 : tensor<2xui8>
}

// CHECK-LABEL: func.func @maximum(
// CHECK-SAME:  %[[A:[a-z0-9_]+]]: tensor<2xui8>, %[[B:[a-z0-9_]+]]: tensor<2xui8>) -> tensor<2xui8> {
// CHECK-NEXT:    %[[A_1:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[A]] : tensor<2xui8> to tensor<2xi8>
// CHECK-NEXT:    %[[B_1:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[B]] : tensor<2xui8> to tensor<2xi8>
// CHECK-NEXT:    %[[EMPTY:[a-z0-9_]+]] = tensor.empty() : tensor<2xi8>
// CHECK-NEXT:    %[[MAXIMUM:[a-z0-9_]+]] = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%[[A_1]], %[[B_1]] : tensor<2xi8>, tensor<2xi8>) outs(%[[EMPTY]] : tensor<2xi8>) {
// CHECK-NEXT:    ^bb0(%[[V0:[a-z0-9_]+]]: i8, %[[V1:[a-z0-9_]+]]: i8, %[[V2:[a-z0-9_]+]]: i8):
// CHECK-NEXT:      %[[V3:[a-z0-9_]+]] = arith.maxui %[[V0]], %[[V1]] : i8
// CHECK-NEXT:      linalg.yield %[[V3]] : i8
// CHECK-NEXT:    } -> tensor<2xi8>
// CHECK-NEXT:    %[[V4:[a-z0-9_]+]] = builtin.unrealized_conversion_cast %[[MAXIMUM]] : tensor<2xi8> to tensor<2xui8>
// CHECK-NEXT:    func.return %[[V4]] : tensor<2xui8>
// CHECK-NEXT:  }

// Wrappers of modules go, symbols of devices with them.
// NESTED:      builtin.module attributes {ttcore.kept = 1 : i32} {
// NESTED-NEXT:   func.func @nested
ttcore.device_module {
  builtin.module attributes {ttcore.kept = 1 : i32} {
    ttcore.device @default_device = <workerGrid = #ttcore.grid<8x8>, meshShape = 1x1, chipIds = [0]>
    func.func @nested(%x: tensor<2xf32>) -> tensor<2xf32> {
      return %x : tensor<2xf32>
    }

// CHECK-LABEL: func.func @nested(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>) -> tensor<2xf32> {
// CHECK-NEXT:    func.return %[[X]] : tensor<2xf32>
// CHECK-NEXT:  }

  }
}
