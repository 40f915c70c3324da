// RUN: ttnn-import %S/../../examples/decoder.onnxtxt --print-debuginfo | filecheck %s
// RUN: ttnn-import %S/../../examples/decoder.onnxtxt | ttnn-opt -p 'ttnn-to-linalg{strategy=zero-insert}' | filecheck %s --check-prefix LINALG
// RUN: ttnn-import %S/inputs/unknown.onnxtxt --shape x=1x2x3x4 --keep-unknown | filecheck %s --check-prefix KEPT
// RUN: not ttnn-import %S/inputs/unknown.onnxtxt --shape x=1x2x3x4 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not ttnn-import %S/inputs/unknown.onnxtxt 2>&1 | filecheck %s --check-prefix OPEN

// The normalization is in the weights, and permutes stand where the function begins and ends.
// CHECK:      builtin.module @decoder {
// CHECK-NEXT: func.func @main(%x: tensor<1x2x3x4xf32> {ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "x"} loc(unknown)) -> tensor<1x3x6x8xf32> {
// CHECK-NEXT: %device = "ttnn.get_device"()
// CHECK-NEXT: %x_nhwc = "ttnn.permute"(%x) <{permutation = array<i64: 0, 2, 3, 1>}> : (tensor<1x2x3x4xf32>) -> tensor<1x3x4x2xf32> loc("up")
// CHECK-NEXT: %x_pixels = "ttnn.reshape"(%x_nhwc) {{.*}} -> tensor<1x1x12x2xf32> loc("up")
// CHECK-NEXT: %up_weight = "ttnn.constant"() <{value = dense<{{\[\[\[\[}}2.000000e+00, 4.000000e+00], [6.000000e+00, 8.000000e+00]]], {{\[\[\[}}1.000000e+01, 1.200000e+01], [1.400000e+01, 1.600000e+01]]]]>
// CHECK-NEXT: %up_bias = "ttnn.constant"() <{value = dense<1.900000e+01>
// CHECK-NEXT: %up = "ttnn.conv_transpose2d"(%x_pixels, %up_weight, %up_bias, %device) {{.*}} -> tensor<1x1x48x1xf32> loc("up")
// CHECK-NEXT: %activated = "ttnn.relu"(%up) {{.*}} loc("relu")
// CHECK-NEXT: %repeated = "ttnn.upsample"(%x_nhwc) <{scale_factor = array<i32: 2, 2>, mode = "nearest"}> {{.*}} loc("repeat")
// CHECK-NEXT: %repeated_pixels = "ttnn.reshape"(%repeated)
// CHECK-NEXT: %y = "ttnn.concat"(%activated, %repeated_pixels) <{dim = 3 : si32}> {{.*}} loc("join")
// CHECK-NEXT: %y_nhwc = "ttnn.reshape"(%y)
// CHECK-NEXT: %y_nchw = "ttnn.permute"(%y_nhwc) <{permutation = array<i64: 0, 3, 1, 2>}>
// CHECK-NEXT: func.return %y_nchw : tensor<1x3x6x8xf32>

// LINALG-NOT: "ttnn.
// LINALG:     linalg.conv_2d

// KEPT:      %a = "onnx.Softmax"(%x) {axis = 1 : i64} : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
// KEPT-NEXT: %b = "onnx.Own"(%a) {depth = 3 : i64, domain = "com.example"} : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
// KEPT-NEXT: %y = "ttnn.relu"(%b) : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>

// UNKNOWN: unknown.onnxtxt: error: expected nodes that have a counterpart here, got 2 without: Softmax 'soft': unknown op; Own of domain 'com.example' 'own': unknown op; keep_unknown (--keep-unknown) keeps them as they are
// OPEN:    unknown.onnxtxt: error: expected inputs of known sizes, got 'x' of Nx2x3x4; give them as shapes={'x': (1, ...)} or --shape x=1x...
