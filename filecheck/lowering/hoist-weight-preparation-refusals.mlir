// RUN: not ttnn-opt %s -p 'hoist-weight-preparation{arguments=-1}' 2>&1 | filecheck %s --check-prefix NEGATIVE
// RUN: not ttnn-opt %s -p 'hoist-weight-preparation{arguments=1,1}' 2>&1 | filecheck %s --check-prefix TWICE
// RUN: not ttnn-opt %s -p 'hoist-weight-preparation{arguments=99}' 2>&1 | filecheck %s --check-prefix BEYOND
// RUN: not ttnn-opt %s -p 'hoist-weight-preparation{function=g}' 2>&1 | filecheck %s --check-prefix NAME
// RUN: not ttnn-opt %s -p 'hoist-weight-preparation{arguments=2}' 2>&1 | filecheck %s --check-prefix DEVICE
// RUN: not ttnn-opt %s -p 'hoist-weight-preparation{function=called}' 2>&1 | filecheck %s --check-prefix CALLED

// NEGATIVE: ttnn-opt: error: pass 'hoist-weight-preparation': arguments: expected 0 or more, got -1
// TWICE:    ttnn-opt: error: pass 'hoist-weight-preparation': arguments: expected each once, got 1,1
// BEYOND:   hoist-weight-preparation-refusals.mlir:15:1: error: pass 'hoist-weight-preparation': 'func.func' op expected arguments of 'f' below 3, got 99; name another one with function=NAME
// NAME:     hoist-weight-preparation-refusals.mlir: error: pass 'hoist-weight-preparation': function: expected one of 'f', 'called', got 'g'
// DEVICE:   hoist-weight-preparation-refusals.mlir:15:1: error: pass 'hoist-weight-preparation': 'func.func' op expected argument 2 to be a tensor, got !ttnn.device
// CALLED:   hoist-weight-preparation-refusals.mlir:20:1: error: pass 'hoist-weight-preparation': 'func.func' op expected a function to split, got one that other ops name

func.func @f(%x: tensor<4xf32>, %w: tensor<4xf32>, %d: !ttnn.device) -> tensor<4xf32> {
  %y = func.call @called(%x, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @called(%x: tensor<4xf32>, %w: tensor<4xf32>) -> tensor<4xf32> {
  %t = "ttnn.tanh"(%w) : (tensor<4xf32>) -> tensor<4xf32>
  %y = "ttnn.add"(%x, %t) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
