// RUN: ttnn-opt %s -p canonicalize,cse --print-ir-after-all 2>&1 >/dev/null | filecheck %s

// CHECK:      // -----// IR Dump After canonicalize //----- //
// CHECK-NEXT: builtin.module {
// CHECK:        %{{.*}} = arith.constant 3 : i32
// CHECK:      // -----// IR Dump After cse //----- //
// CHECK-NEXT: builtin.module {

func.func @main() -> i32 {
  %a = arith.constant 1 : i32
  %b = arith.constant 2 : i32
  %c = arith.addi %a, %b : i32
  return %c : i32
}
