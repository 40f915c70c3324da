// RUN: ttnn-opt %s | filecheck %s
// RUN: ttnn-opt %s --print-op-generic | ttnn-opt | filecheck %s

%x, %u = "other.tensors"() : () -> (tensor<1x1x42x3xf32>, tensor<2x3x4x5xbf16>)
%newest = "ttnn.max_pool2d"(%x) <{applied_shard_scheme = #ttnn.tensor_memory_layout<height_sharded>, batch_size = 1 : si32, ceil_mode = true, channels = 3 : si32, config_tensors_in_dram = true, dilation = array<i32: 1, 1>, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 3, 2>, padding = array<i32: 0, 1, 0, 0>, reallocate_halo_output = true, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x12x3xf32>
%older = "ttnn.max_pool2d"(%x) <{batch_size = 1 : si32, ceil_mode = false, channels = 3 : si32, dilation = array<i32: 1, 1>, in_place_halo = false, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 2, 2>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x9x3xf32>
%elided = "ttnn.upsample"(%u) <{scale_factor = array<i32: 2, 3>}> : (tensor<2x3x4x5xbf16>) -> tensor<2x6x12x5xbf16>
%bilinear = "ttnn.upsample"(%u) <{mode = "bilinear", scale_factor = 2 : si32}> : (tensor<2x3x4x5xbf16>) -> tensor<2x6x8x5xbf16>
%average = "ttnn.avg_pool2d"(%x) <{batch_size = 1 : si32, ceil_mode = false, channels = 3 : si32, config_tensors_in_dram = true, count_include_pad = false, dilation = array<i32: 1, 1>, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 2, 2>, padding = array<i32: 0, 0>, reallocate_halo_output = true, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x9x3xf32>
%pixel = "ttnn.global_avg_pool2d"(%u) : (tensor<2x3x4x5xbf16>) -> tensor<2x1x1x5xbf16>
%difference = "ttnn.subtract"(%u, %u) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
%quotient = "ttnn.divide"(%u, %u) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
%largest = "ttnn.maximum"(%u, %u) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
%smallest = "ttnn.minimum"(%u, %u) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>

// CHECK:      %[[X:.+]], %[[U:.+]] = "other.tensors"() : () -> (tensor<1x1x42x3xf32>, tensor<2x3x4x5xbf16>)
// CHECK-NEXT: %{{.+}} = "ttnn.max_pool2d"(%[[X]]) <{applied_shard_scheme = #ttnn.tensor_memory_layout<height_sharded>, batch_size = 1 : si32, ceil_mode = true, channels = 3 : si32, config_tensors_in_dram = true, dilation = array<i32: 1, 1>, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 3, 2>, padding = array<i32: 0, 1, 0, 0>, reallocate_halo_output = true, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x12x3xf32>
// CHECK-NEXT: %{{.+}} = "ttnn.max_pool2d"(%[[X]]) <{batch_size = 1 : si32, ceil_mode = false, channels = 3 : si32, dilation = array<i32: 1, 1>, in_place_halo = false, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 2, 2>, padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x9x3xf32>
// CHECK-NEXT: %{{.+}} = "ttnn.upsample"(%[[U]]) <{scale_factor = array<i32: 2, 3>, mode = "nearest"}> : (tensor<2x3x4x5xbf16>) -> tensor<2x6x12x5xbf16>
// CHECK-NEXT: %{{.+}} = "ttnn.upsample"(%[[U]]) <{mode = "bilinear", scale_factor = 2 : si32}> : (tensor<2x3x4x5xbf16>) -> tensor<2x6x8x5xbf16>
// CHECK-NEXT: %{{.+}} = "ttnn.avg_pool2d"(%[[X]]) <{batch_size = 1 : si32, ceil_mode = false, channels = 3 : si32, config_tensors_in_dram = true, count_include_pad = false, dilation = array<i32: 1, 1>, input_height = 6 : si32, input_width = 7 : si32, kernel_size = array<i32: 2, 2>, padding = array<i32: 0, 0>, reallocate_halo_output = true, stride = array<i32: 2, 2>}> : (tensor<1x1x42x3xf32>) -> tensor<1x1x9x3xf32>
// CHECK-NEXT: %{{.+}} = "ttnn.global_avg_pool2d"(%[[U]]) : (tensor<2x3x4x5xbf16>) -> tensor<2x1x1x5xbf16>
// CHECK-NEXT: %{{.+}} = "ttnn.subtract"(%[[U]], %[[U]]) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
// CHECK-NEXT: %{{.+}} = "ttnn.divide"(%[[U]], %[[U]]) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
// CHECK-NEXT: %{{.+}} = "ttnn.maximum"(%[[U]], %[[U]]) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
// CHECK-NEXT: %{{.+}} = "ttnn.minimum"(%[[U]], %[[U]]) : (tensor<2x3x4x5xbf16>, tensor<2x3x4x5xbf16>) -> tensor<2x3x4x5xbf16>
