// RUN: not ttnn-opt %s 2>&1 | filecheck %s

%0 = ttcore.get_key_value "key"

// CHECK: custom-form-of-unknown-op.mlir:3:6: error: 'ttcore.get_key_value': expected the generic form of an op of dialect 'ttcore' that is not known here, got its custom form; have ttmlir-opt print it with --mlir-print-op-generic
