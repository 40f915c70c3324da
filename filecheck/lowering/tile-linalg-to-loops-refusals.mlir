// RUN: not ttnn-opt %s -p 'tile-linalg-to-loops{conv=xyz}' 2>&1 | filecheck %s --check-prefix MODE
// RUN: not ttnn-opt %s -p 'tile-linalg-to-loops{tile-m=0}' 2>&1 | filecheck %s --check-prefix ROWS
// RUN: not ttnn-opt %s -p 'tile-linalg-to-loops{tile-n=-1}' 2>&1 | filecheck %s --check-prefix COLUMNS
// RUN: not ttnn-opt %s -p 'ttnn-to-loops{tile-k=0}' 2>&1 | filecheck %s --check-prefix DEPTH
// RUN: not ttnn-opt %s -p 'tile-linalg-to-loops{conv=im2col max-temporary-bytes=95}' 2>&1 | filecheck %s --check-prefix PATCHES
// RUN: ttnn-opt %s -p 'tile-linalg-to-loops{conv=im2col max-temporary-bytes=96}' | filecheck %s --check-prefix FITS
// RUN: ttnn-opt %s -p 'tile-linalg-to-loops{max-temporary-bytes=95}' | filecheck %s --check-prefix FITS

// MODE: error: pass 'tile-linalg-to-loops': conv: expected one of direct, im2col, got xyz
// ROWS: error: pass 'tile-linalg-to-loops': tile-m: expected at least 1, got 0
// COLUMNS: error: pass 'tile-linalg-to-loops': tile-n: expected at least 1, got -1
// DEPTH: error: pass 'ttnn-to-loops': tile-k: expected at least 1, got 0
// PATCHES: 'linalg.conv_2d_nhwc_hwcf' op expected temporaries of at most 95 bytes, got 96 bytes for 6 patches of 4; raise max-temporary-bytes to allow it
// FITS: linalg.matmul

// 2 * 3 pixels of patches of 2 * 2 elements of 4 bytes.
func.func @conv(%x: tensor<2x1x4x2xf32>, %w: tensor<1x2x2x1xf32>, %c: tensor<2x1x3x1xf32>) -> tensor<2x1x3x1xf32> {
  %0 = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<2x1x4x2xf32>, tensor<1x2x2x1xf32>) outs(%c : tensor<2x1x3x1xf32>) -> tensor<2x1x3x1xf32>
  return %0 : tensor<2x1x3x1xf32>
}
