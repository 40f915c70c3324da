// RUN: ttnn-opt %s | filecheck %s --check-prefix CUSTOM
// RUN: ttnn-opt %s | ttnn-opt | filecheck %s --check-prefix CUSTOM
// RUN: ttnn-opt %s --print-op-generic | filecheck %s --check-prefix GENERIC
// RUN: ttnn-opt %s --print-op-generic | ttnn-opt | filecheck %s --check-prefix CUSTOM

#grid = #ttcore.grid<8x8>
module {
  ttcore.device_module {
    builtin.module attributes {ttcore.system_desc = #ttcore.system_desc<[{role = host}], [#grid]>} {
      ttcore.device @default_device = <workerGrid = #grid, meshShape = 1x1, chipIds = [0]>
      func.func private @weights(%w: tensor<2x3xf32>) -> tensor<3x2xf32> {
        %0 = "ttnn.permute"(%w) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %0 : tensor<3x2xf32>
      }
      func.func @main(%w: tensor<2x3xf32>) -> tensor<3x2xf32> {
        %0 = ttcore.load_cached(@weights, [%w]) : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %0 : tensor<3x2xf32>
      }
    }
  }
  ttcore.cpu_module {
    builtin.module {
      func.func private @on_the_host()
    }
  }
}

// CUSTOM:      builtin.module {
// CUSTOM-NEXT:   ttcore.device_module {
// CUSTOM-NEXT:     builtin.module attributes {ttcore.system_desc = #ttcore.system_desc<[{role = host}], [#ttcore.grid<8x8>]>} {
// CUSTOM-NEXT:       ttcore.device @default_device = <workerGrid = #ttcore.grid<8x8>, meshShape = 1x1, chipIds = [0]>
// CUSTOM-NEXT:       func.func private @weights(%[[RAW:.+]]: tensor<2x3xf32>) -> tensor<3x2xf32> {
// CUSTOM-NEXT:         %[[TURNED:.+]] = "ttnn.permute"(%[[RAW]]) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CUSTOM-NEXT:         func.return %[[TURNED]] : tensor<3x2xf32>
// CUSTOM-NEXT:       }
// CUSTOM-NEXT:       func.func @main(%[[W:.+]]: tensor<2x3xf32>) -> tensor<3x2xf32> {
// CUSTOM-NEXT:         %[[CACHED:.+]] = ttcore.load_cached(@weights, [%[[W]]]) : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CUSTOM-NEXT:         func.return %[[CACHED]] : tensor<3x2xf32>
// CUSTOM-NEXT:       }
// CUSTOM-NEXT:     }
// CUSTOM-NEXT:   }
// CUSTOM-NEXT:   ttcore.cpu_module {
// CUSTOM-NEXT:     builtin.module {
// CUSTOM-NEXT:       func.func private @on_the_host() -> ()
// CUSTOM-NEXT:     }
// CUSTOM-NEXT:   }
// CUSTOM-NEXT: }

// GENERIC: "ttcore.device"() <{sym_name = "default_device", device_attr = #ttcore.device<workerGrid = #ttcore.grid<8x8>, meshShape = 1x1, chipIds = [0]>}> : () -> ()
// GENERIC: = "ttcore.load_cached"(%{{.+}}) <{callee = @weights}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
