// RUN: ttnn-opt %s -p strip-ttnn-attributes | filecheck %s
// RUN: ttnn-opt %s -p strip-ttnn-attributes | filecheck %s --check-prefix MODULE

// Attributes of upstream dialects and without a dialect stay.
// MODULE:      builtin.module attributes {plain = 1 : i32, dlti.map = 2 : i32} {
// MODULE-NEXT:   func.func
module attributes {plain = 1 : i32, dlti.map = 2 : i32, ttcore.gone = 3 : i32, tt.gone = 4 : i32} {
  func.func @attributes(%x: tensor<2xf32, #ttnn.layout<tile>> {ttir.name = "x", llvm.noalias}, %y: f32 {ttir.name = "y"}) -> (tensor<2xf32> {ttcore.kept = 1 : i32}) attributes {tt.function_type = "forward_device"} {
    %0 = tensor.cast %x : tensor<2xf32, #ttnn.layout<tile>> to tensor<2xf32>
    return %0 : tensor<2xf32>
  }

// CHECK-LABEL: func.func @attributes(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32> {llvm.noalias}, %[[Y:[a-z0-9_]+]]: f32) -> tensor<2xf32> {
// CHECK-NEXT:    func.return %[[X]] : tensor<2xf32>
// CHECK-NEXT:  }

  func.func private @declared(tensor<2xf32, #ttnn.layout<tile>>) -> tensor<2xf32, #ttnn.layout<tile>>

// CHECK-LABEL: func.func private @declared(
// CHECK-SAME:  tensor<2xf32>) -> tensor<2xf32>

  func.func @constant() -> tensor<2xf32, #ttnn.layout<tile>> {
    %0 = arith.constant dense<[1.0, 2.0]> : tensor<2xf32, #ttnn.layout<tile>>
    %1 = func.call @declared(%0) : (tensor<2xf32, #ttnn.layout<tile>>) -> tensor<2xf32, #ttnn.layout<tile>>
    return %1 : tensor<2xf32, #ttnn.layout<tile>>
  }

// CHECK-LABEL: func.func @constant(
// CHECK-SAME:  ) -> tensor<2xf32> {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]] = func.call @declared(%[[V0]]) : (tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT:    func.return %[[V1]] : tensor<2xf32>
// CHECK-NEXT:  }

  // What loops carry, too.
  func.func @loop(%x: tensor<2xf32, #ttnn.layout<tile>>, %n: index) -> tensor<2xf32, #ttnn.layout<tile>> {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %0 = scf.for %i = %c0 to %n step %c1 iter_args(%carried = %x) -> (tensor<2xf32, #ttnn.layout<tile>>) {
      scf.yield %carried : tensor<2xf32, #ttnn.layout<tile>>
    }
    return %0 : tensor<2xf32, #ttnn.layout<tile>>
  }

// CHECK-LABEL: func.func @loop(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>, %[[N:[a-z0-9_]+]]: index) -> tensor<2xf32> {
// CHECK-NEXT:    %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-NEXT:    %[[C1:[a-z0-9_]+]] = arith.constant 1 : index
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = scf.for %[[I:[a-z0-9_]+]] = %[[C0]] to %[[N]] step %[[C1]] iter_args(%[[CARRIED:[a-z0-9_]+]] = %[[X]]) -> (tensor<2xf32>) {
// CHECK-NEXT:      scf.yield %[[CARRIED]] : tensor<2xf32>
// CHECK-NEXT:    }
// CHECK-NEXT:    func.return %[[V0]] : tensor<2xf32>
// CHECK-NEXT:  }

  // Unknown ops keep their attributes and types, with casts around them.
  func.func @unknown(%x: tensor<2xf32, #ttnn.layout<tile>>, %y: tensor<2xf32>) -> (tensor<2xf32, #ttnn.layout<tile>>, tensor<2xf32>) {
    %0, %1 = "ttnn.never_heard_of"(%x, %y) {ttnn.kept = 1 : i32} : (tensor<2xf32, #ttnn.layout<tile>>, tensor<2xf32>) -> (tensor<2xf32, #ttnn.layout<tile>>, tensor<2xf32>)
    return %0, %1 : tensor<2xf32, #ttnn.layout<tile>>, tensor<2xf32>
  }

// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:  %[[X:[a-z0-9_]+]]: tensor<2xf32>, %[[Y:[a-z0-9_]+]]: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
// CHECK-NEXT:    %[[V0:[a-z0-9_]+]] = tensor.cast %[[X]] : tensor<2xf32> to tensor<2xf32, #ttnn.layout<tile>>
// CHECK-NEXT:    %[[V1:[a-z0-9_]+]], %[[V2:[a-z0-9_]+]] = "ttnn.never_heard_of"(%[[V0]], %[[Y]]) {ttnn.kept = 1 : i32} : (tensor<2xf32, #ttnn.layout<tile>>, tensor<2xf32>) -> (tensor<2xf32, #ttnn.layout<tile>>, tensor<2xf32>)
// CHECK-NEXT:    %[[V3:[a-z0-9_]+]] = tensor.cast %[[V1]] : tensor<2xf32, #ttnn.layout<tile>> to tensor<2xf32>
// CHECK-NEXT:    func.return %[[V3]], %[[V2]] : tensor<2xf32>, tensor<2xf32>
// CHECK-NEXT:  }
}
