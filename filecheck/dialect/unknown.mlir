// RUN: ttnn-opt %s | filecheck %s
// RUN: ttnn-opt %s | ttnn-opt | filecheck %s

// Nothing that the project does not know is touched, and no alias is left in it.
#dram = #ttnn.buffer_type<dram>
#inner = #ttnn.something_new<memory = #dram>
!tile = !ttcore.tile<32x32, bf16>

%x = "ttnn.new_source"() {text = "#dram stays #inner"} : () -> tensor<2xf32>
%y:2 = "ttcore.new_op"(%x) <{config = #ttcore.newer<#inner, !tile, [#dram],
                                                    "#dram">}> ({
^bb0(%a: !ttnn.new_handle):
  "other.end"(%a) : (!ttnn.new_handle) -> ()
}) : (tensor<2xf32>) -> (tensor<2xf32>, !other.thing<1, "a">)
"ttnn.new_sink"(%y#0) {flag} : (tensor<2xf32>) -> ()

// CHECK:      %[[X:.+]] = "ttnn.new_source"() {text = "#dram stays #inner"} : () -> tensor<2xf32>
// CHECK-NEXT: %[[Y:.+]], %{{.+}} = "ttcore.new_op"(%[[X]]) <{config = #ttcore.newer<#ttnn.something_new<memory = #ttnn.buffer_type<dram>>, !ttcore.tile<32x32, bf16>, [#ttnn.buffer_type<dram>],
// CHECK-NEXT:                                                     "#dram">}> ({
// CHECK-NEXT: ^bb0(%[[A:.+]]: !ttnn.new_handle):
// CHECK-NEXT:   "other.end"(%[[A]]) : (!ttnn.new_handle) -> ()
// CHECK-NEXT: }) : (tensor<2xf32>) -> (tensor<2xf32>, !other.thing<1, "a">)
// CHECK-NEXT: "ttnn.new_sink"(%[[Y]]) {flag} : (tensor<2xf32>) -> ()
