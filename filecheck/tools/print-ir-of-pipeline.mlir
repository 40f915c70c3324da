// RUN: ttnn-opt %s -p ttnn-to-linalg --print-ir-after-all 2>&1 >/dev/null | filecheck %s

// CHECK:      // -----// IR Dump After decompose-conv-transpose2d //----- //
// CHECK:        "ttnn.relu"
// CHECK:      // -----// IR Dump After ttnn-canonicalize //----- //
// CHECK:        "ttnn.relu"
// CHECK:      // -----// IR Dump After ttnn-fold-constants //----- //
// CHECK:        "ttnn.relu"
// CHECK:      // -----// IR Dump After convert-ttnn-to-linalg //----- //
// CHECK:        linalg.generic
// CHECK:      // -----// IR Dump After simplify-transposes //----- //
// CHECK:        linalg.generic
// CHECK-NOT:  IR Dump

func.func @main(%x: tensor<1x6xf32>) -> tensor<1x6xf32> {
  %y = "ttnn.relu"(%x) : (tensor<1x6xf32>) -> tensor<1x6xf32>
  return %y : tensor<1x6xf32>
}
