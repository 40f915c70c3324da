"""Attributes and types of tt-mlir, in the forms in which its releases print them."""

import pytest
from xdsl.dialects.builtin import UnregisteredAttr
from xdsl.ir import Attribute
from xdsl.utils.exceptions import ParseError, VerifyException

from support import conv_transpose2d_ir, diagnostic, make_case, verify_ir
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.ttnn import Activation, Conv2dConfigAttr, ConvTranspose2dOp
from xdsl_ttnn.dialect.ttnn.attributes import LayoutAttr


def parse_attribute(text: str) -> Attribute:
    (op,) = parse_module(f'"foo.a"() {{x = {text}}} : () -> ()').body.block.ops
    return op.attributes["x"]


MAP = "(d0, d1) -> (d0, d1)"
SHARD = "memref<2x1x!ttcore.tile<32x32, bf16>, #ttnn.buffer_type<l1>>"

PRINTED_AS_READ = [
    *(
        f"#ttnn.buffer_type<{word}>"
        for word in ("dram", "l1", "system_memory", "l1_small", "trace")
    ),
    *(f"#ttnn.layout<{word}>" for word in ("row_major", "tile", "invalid")),
    *(
        f"#ttnn.tensor_memory_layout<{word}>"
        for word in ("interleaved", "height_sharded", "width_sharded", "block_sharded")
    ),
    "#ttnn<mesh_shape 1x1>",
    "#ttnn<mesh_shape 2x4>",
    "#ttnn<mesh_offset 0x0>",
    "#ttnn.core_range<(0,0), (7,3)>",
    "#ttnn.core_range_set<[#ttnn.core_range<(0,0), (7,0)>, #ttnn.core_range<(0,1), (3,1)>]>",
    "#ttnn.core_range_set<>",
    "#ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>",
    "#ttnn.memory_config<#ttnn.buffer_type<system_memory>>",
    "#ttnn.memory_config<#ttnn.buffer_type<l1>, <height_sharded>, "
    "#ttnn.shard_spec<<[#ttnn.core_range<(0,0), (0,0)>]>, <32x32>, <row_major>>>",
    "#ttnn.memory_config<#ttnn.buffer_type<l1>, <<3x64>>, <height_sharded>>",
    "#ttnn.memory_config<#ttnn.buffer_type<l1>, <nd_sharded>, ndShardSpec = "
    "#ttnn.nd_shard_spec<<[#ttnn.core_range<(0,0), (0,0)>]>, <1x32x32>, <row_major>, <grid_2d>>>",
    "#ttnn.memory_config<#ttnn.buffer_type<l1>, <nd_sharded>, ndShardSpec = <<>, <32x32>>>",
    "#ttnn.unary_with_param<op_type = relu>",
    "#ttnn.unary_with_param<op_type = leaky_relu, params = [1.000000e-01 : f32]>",
    "#ttnn.conv2d_config<>",
    "#ttnn.conv2d_config<weights_dtype = bf16>",
    "#ttnn.conv2d_config<weights_dtype = bfp_bf8, activation = <op_type = relu>, "
    "deallocate_activation = true, act_block_h_override = 0>",
    "#ttnn.conv2d_config<shard_layout = height_sharded, core_grid = "
    "<[#ttnn.core_range<(0,0), (7,0)>]>, output_layout = row_major, transpose_shards = false>",
    '#ttnn.conv2d_config<dtype = bf16, activation = "relu", input_channels_alignment = 32>',
    "#ttnn.conv2d_config<weights_dtype = bf16, added_last_week = 3, too = <a = 1, b = <c>>>",
    "#ttnn.device_compute_kernel_config<math_fidelity = hifi4, math_approx_mode = false, "
    "fp32_dest_acc_en = true, packer_l1_acc = false, dst_full_sync_en = true>",
    "#ttnn.conv2d_slice_config<l1_full, 0>",
    "#ttnn.conv2d_slice_config<dram_height, 4>",
    "#ttnn.conv2d_slice_config<dram_width, 2>",
    f"#ttnn.ttnn_layout<{MAP}, <8x1>, {SHARD}, <height_sharded>>",
    f"#ttnn.ttnn_layout<{MAP}, <1x1>, memref<64x3xbf16, #ttnn.buffer_type<system_memory>>>",
    f"#ttnn.ttnn_layout<{MAP}, <8x1>, {SHARD}, <height_sharded>, "
    "core_ranges = <[#ttnn.core_range<(0,0), (7,0)>]>>",
    f"#ttnn.ttnn_layout<{MAP}, <1x1>, {SHARD}, <interleaved>, ignorePhysicalLayout = true>",
    f'#ttnn.ttnn_layout<{MAP}, <1x1>, mesh = <"mesh">, {SHARD}, <interleaved>>',
    f'#ttnn.ttnn_layout<{MAP}, <1x1>, mesh = #ttcore.tensor_mesh<"mesh">, {SHARD}>',
    "#ttnn.conv2d_config<enable_kernel_stride_folding = false>",
    "#ttcore.supportedDataTypes<bfp_bf8>",
    "#ttcore.argument_type<parameter>",
    "#ttcore.grid<8x8, virt_to_physical_map = (d0, d1) -> (0, d0, d1)>",
    '#ttcore.meshes<[<"mesh" = 1x2>]>',
    "!ttnn.device",
    "!ttcore.tile<32x32, bfp_bf8>",
    "!ttcore.tile<16x32, u16>",
    # What this project does not define.
    "#ttnn.shard_spec<<[#ttnn.core_range<(0,0), (0,0)>]>, <32x32>, <row_major>>",
    "#ttnn.shape<32x32>",
    "#ttnn.core_coord<0, 0>",
    '#ttnn.something_new<a = 1, b = <nested<>>, c = "#not_an_alias >">',
    "!ttnn.trace_id",
    "#ttcore.shard<8192x4096, 1>",
    "#nobody.knows<this> ",
    "!nobody.knows",
    "#sdy.sharding<@mesh, [{}, {?}]>",
    "#tt.grid<1x1, (d0, d1) -> (0, d0, d1)>",
    '#ttnn.new<\n  a = 1, // why\n  b = "x  // y",\n\n  c = <z>\n>',
    "#ttcore.system_desc<[{role = host,\n   x = [1,2]}], // of one chip\n >",
]


@pytest.mark.parametrize("text", PRINTED_AS_READ)
def test_printed_as_read(text: str):
    assert str(parse_attribute(text)) == text.strip()


REWRITTEN = [
    (
        "#ttir<flattened_compat input_width = 3,batch_size = 1 , input_height = 2 ,>",
        "#ttir<flattened_compat batch_size = 1, input_height = 2, input_width = 3>",
    ),
    (
        "#ttnn.core_range_set<[<(0, 0), (7, 0)>]>",
        "#ttnn.core_range_set<[#ttnn.core_range<(0,0), (7,0)>]>",
    ),
    (
        "#ttnn.memory_config<<dram>, #ttnn.tensor_memory_layout<interleaved>>",
        "#ttnn.memory_config<#ttnn.buffer_type<dram>, <interleaved>>",
    ),
    (
        "#ttnn.conv2d_config<activation = #ttnn.unary_with_param<op_type = relu>>",
        "#ttnn.conv2d_config<activation = <op_type = relu>>",
    ),
    (
        f"#ttnn.ttnn_layout<(d0, d1, d2) -> (d0 * 32 + d1, d2), <1x1>, {SHARD}>",
        f"#ttnn.ttnn_layout<(d0, d1, d2) -> (((d0 * 32) + d1), d2), <1x1>, {SHARD}>",
    ),
    (
        f"#ttnn.ttnn_layout<{MAP}, <1x1>, {SHARD}, <interleaved>, core_ranges = "
        "#ttnn.core_range_set<[]>>",
        f"#ttnn.ttnn_layout<{MAP}, <1x1>, {SHARD}, <interleaved>, core_ranges = <>>",
    ),
]


@pytest.mark.parametrize(("text", "expected"), REWRITTEN)
def test_printed_in_one_form(text: str, expected: str):
    attribute = parse_attribute(text)
    assert str(attribute) == expected
    assert parse_attribute(expected) == attribute


def test_aliases_inside_unknown_attributes_are_written_out():
    text = (
        "#dram = #ttnn.buffer_type<dram>\n"
        "#inner = #ttnn.new<memory = #dram>\n"
        "!tile = !ttcore.tile<32x32, bf16>\n"
        '"foo.a"() {x = #ttnn.newer<#inner, !tile, "#dram !tile", [#dram, #ttnn.old<#dram>],'
        " #dram_2>} : () -> ()"
    )
    dram = "#ttnn.buffer_type<dram>"
    assert str(parse_module(text)).split("{x = ")[1].split("} :")[0] == (
        f'#ttnn.newer<#ttnn.new<memory = {dram}>, !ttcore.tile<32x32, bf16>, "#dram !tile", '
        f"[{dram}, #ttnn.old<{dram}>], #dram_2>"
    )


def test_a_name_with_a_body_is_no_alias():
    text = "#ttnn = #ttnn.buffer_type<l1>\n"
    text += '"foo.a"() {x = #ttnn.new<#ttnn, #ttnn<mesh_shape 1x2>>} : () -> ()'
    expected = "x = #ttnn.new<#ttnn.buffer_type<l1>, #ttnn<mesh_shape 1x2>>"
    assert expected in str(parse_module(text))


def test_aliases_inside_known_attributes_are_resolved():
    text = (
        "#l1 = #ttnn.buffer_type<l1>\n#cores = #ttnn.core_range<(0,0), (7,0)>\n"
        "#act = #ttnn.unary_with_param<op_type = relu>\n"
        '"foo.a"() {a = #ttnn.memory_config<#l1, <interleaved>>,'
        " b = #ttnn.core_range_set<[#cores]>, c = #ttnn.conv2d_config<activation = #act>,"
        " d = #ttcore.system_desc<[#cores]>} : () -> ()"
    )
    (op,) = parse_module(text).body.block.ops
    assert [str(op.attributes[name]) for name in "abcd"] == [
        "#ttnn.memory_config<#ttnn.buffer_type<l1>, <interleaved>>",
        "#ttnn.core_range_set<[#ttnn.core_range<(0,0), (7,0)>]>",
        "#ttnn.conv2d_config<activation = <op_type = relu>>",
        "#ttcore.system_desc<[#ttnn.core_range<(0,0), (7,0)>]>",
    ]


SIZES = "expected each of batch_size, input_height, input_width"
WRONG = [
    ("#ttir<flattened_compat batch_size = 1>", f"{SIZES}, got no input_height"),
    ("#ttir<flattened_compat batch_size = 1, batch_size = 2>", f"{SIZES} once, got batch_size"),
    ("#ttir<flattened_compat input_depth = 1>", f"{SIZES} once, got input_depth"),
    (
        "#ttir<flattened_compat batch_size = 1, input_height = 2, input_width = 3,,>",
        "Expected '>'",
    ),
    ("#ttnn.buffer_type<l2>", "l2"),
    ("#ttnn.layout<tiles>", "tiles"),
    ("#ttnn<mesh_shape 1x2x3>", "#ttnn.mesh_shape: expected two sizes, got 3"),
    ("#ttnn.core_range<(0,0)>", "#ttnn.core_range: expected two corners (x, y)"),
    (
        "#ttnn.conv2d_config<weights_dtype = bf16, weights_dtype = f32>",
        "#ttnn.conv2d_config: expected every field once",
    ),
    ("#ttnn.conv2d_slice_config<sideways, 1>", "sideways"),
    ("#ttnn.conv2d_slice_config<l1_full, -1>", "-1"),
    ("#ttcore.supportedDataTypes<f7>", "f7"),
    ("!ttcore.tile<32x32, f7>", "f7"),
    (
        "#ttnn.core_range_set<[#ttnn.buffer_type<dram>]>",
        "expected #ttnn.core_range, got #ttnn.buffer_type<dram>",
    ),
    ("#ttnn.something_new<a = <1>", "Unbalanced"),
]


@pytest.mark.parametrize(("text", "mentioned"), WRONG)
def test_wrong_attributes_are_refused_with_their_place(text: str, mentioned: str):
    with pytest.raises(ParseError) as refusal:
        parse_attribute(text)
    assert mentioned in str(refusal.value)


def test_unknown_field_of_a_compute_config_is_named():
    text = "#ttnn.device_compute_kernel_config<math_fidelity = hifi4, turbo = true>"
    with pytest.raises(VerifyException, match=r"expected one of math_fidelity, .*, got turbo$"):
        parse_attribute(text)


def config(fields: str) -> Conv2dConfigAttr:
    attribute = parse_attribute(f"#ttnn.conv2d_config<{fields}>")
    assert isinstance(attribute, Conv2dConfigAttr)
    return attribute


@pytest.mark.parametrize(
    ("fields", "activation"),
    [
        ("", None),
        ("activation = <op_type = relu>", Activation("relu")),
        (
            "activation = <op_type = leaky_relu, params = [0.25 : f32]>",
            Activation("leaky_relu", (0.25,)),
        ),
        ("activation = <op_type = identity>", None),
        ('activation = "relu"', Activation("relu")),
        ('activation = ""', None),
        ("activation = relu", Activation("relu")),
    ],
)
def test_fused_activation(fields: str, activation: Activation | None):
    assert config(fields).activation() == activation


@pytest.mark.parametrize(
    ("fields", "data_type"),
    [
        ("", None),
        ("weights_dtype = bf16", "bf16"),
        ("weights_dtype = bfp_bf8", "bfp_bf8"),
        ('weights_dtype = "bfloat16"', "bf16"),
    ],
)
def test_data_type_of_weights(fields: str, data_type: str | None):
    assert config(fields).weights_dtype() == data_type


def test_unknown_fields_of_a_conv2d_config():
    assert config("weights_dtype = bf16, new = 1, newer = <2>").unknown_fields() == ("new", "newer")


CASE = make_case(h=4, w=5, c=6, o=4, kh=3, kw=2, groups=2)


def test_configs_of_the_op():
    fields = "weights_dtype = f32, activation = <op_type = silu>"
    ir = conv_transpose2d_ir(
        CASE,
        properties={
            "conv2d_config": f"#ttnn.conv2d_config<{fields}>",
            "compute_config": "#ttnn.device_compute_kernel_config<math_fidelity = lofi>",
            "conv2d_slice_config": "#ttnn.conv2d_slice_config<l1_full, 0>",
        },
    )
    verify_ir(ir)
    (op,) = (op for op in parse_module(ir).walk() if isinstance(op, ConvTranspose2dOp))
    assert op.activation() == Activation("silu")
    assert op.weights_dtype() == "f32"


def test_config_of_another_kind_is_refused():
    config = "#ttnn.device_compute_kernel_config<math_fidelity = lofi>"
    text = diagnostic(conv_transpose2d_ir(CASE, properties={"conv2d_config": config}))
    assert text.endswith("should be of base attribute ttnn.conv2d_config")


def test_a_word_must_be_one_of_its_kind():
    with pytest.raises(VerifyException, match=r"#ttnn.layout: expected one of .*, got tiles$"):
        LayoutAttr("tiles")


def test_unknown_attributes_are_the_same_for_every_context():
    first, second = parse_attribute("#foo.bar<1>"), parse_attribute("#foo.bar<1>")
    assert isinstance(first, UnregisteredAttr)
    assert first == second
