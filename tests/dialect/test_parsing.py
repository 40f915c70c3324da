"""Reading what pipelines print: nothing is lost, nothing dangles, mistakes are still mistakes."""

import math
import re
import struct

import pytest
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    FileLineColLoc,
    FusedLoc,
    ModuleOp,
    NameLoc,
    UnregisteredOp,
)
from xdsl.ir import Operation
from xdsl.utils.exceptions import ParseError

from support import CASES_FOLDER, load_text
from xdsl_ttnn.dialect.text.context import make_context
from xdsl_ttnn.dialect.text.parsing import MAX_NESTING, parse_module
from xdsl_ttnn.dialect.ttcore import CPUModuleOp, DeviceModuleOp, DeviceOp, LoadCachedOp

FILES = ["tt-mlir-style.mlir", "tt-mlir-pipeline.mlir"]


def first_op(text: str) -> Operation:
    return parse_module(text).body.block.ops.first or pytest.fail("no op")


def printed(text: str) -> str:
    """The body of the printed module."""
    return str(parse_module(text)).removeprefix("builtin.module {\n").removesuffix("\n}")


def assert_round_trip(module: ModuleOp) -> None:
    text = str(module)
    again = parse_module(text)
    assert again.is_structurally_equivalent(module)
    assert str(again) == text


def outside_strings(text: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)


def test_both_files_are_there():
    assert sorted(path.name for path in CASES_FOLDER.glob("*.mlir")) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_files_verify_and_parse_again_to_the_same(name: str):
    module = parse_module(load_text(name), name)
    module.verify()
    assert_round_trip(module)


@pytest.mark.parametrize("name", FILES)
def test_no_alias_dangles(name: str):
    text = outside_strings(str(parse_module(load_text(name))))
    names = set(re.findall(r"[#!]([A-Za-z_]\w*)", text))
    assert names <= {"ttnn", "ttcore"}


@pytest.mark.parametrize("name", FILES)
def test_ops_are_those_of_the_file(name: str):
    text = re.sub(r"//.*", "", load_text(name))
    written = re.findall(r'"([a-z]\w*\.\w+)"\(|(?<![#!\w."])(ttcore\.\w+)(?:\(| @| \{)', text)
    expected = sorted(quoted or custom for quoted, custom in written)
    ops = list(parse_module(text).walk())
    names = [op.op_name.data if isinstance(op, UnregisteredOp) else op.name for op in ops]
    assert sorted(name for name in names if name.startswith(("ttnn", "ttcore"))) == expected


def test_unknown_op_keeps_its_name_and_attributes():
    text = str(parse_module(load_text("tt-mlir-style.mlir")))
    (line,) = (line for line in text.splitlines() if "never_heard_of" in line)
    start = '%4 = "ttnn.an_op_this_project_never_heard_of"(%3) '
    attributes = (
        "<{alpha = 2.000000e-01 : f32, some_config = "
        "#ttnn.something_new<a = 1, b = #ttnn.buffer_type<dram>, c = <nested>>}>"
    )
    assert re.sub(r"%\w+", "%", line.strip()).startswith(re.sub(r"%\w+", "%", start + attributes))


def test_module_and_argument_attributes_are_kept():
    text = str(parse_module(load_text("tt-mlir-style.mlir")))
    for kept in (
        'attributes {ttcore.some_module_attribute = "kept"}',
        '{ttcore.argument_type = #ttcore.argument_type<input>, ttir.name = "x"}',
        "{ttcore.kept = 1 : i32}",
        'attributes {tt.function_type = "forward_device"}',
    ):
        assert kept in text


CUSTOM_SYNTAX = [
    "ttcore.device_module {\n    builtin.module {\n    }\n  }",
    "ttcore.cpu_module {\n    builtin.module {\n    }\n  }",
    "ttcore.device_module attributes {a = 1 : i32} {\n    builtin.module {\n    }\n  }",
    "ttcore.device @d = <workerGrid = #ttcore.grid<8x8>, meshShape = 1x1, chipIds = [0]>",
    "ttcore.device @d = <meshShape = 1x1> {kept = 1 : i32}",
    '%w = "foo.w"() : () -> tensor<2xf32>\n'
    "  %a, %b = ttcore.load_cached(@f, [%w]) : (tensor<2xf32>) -> (tensor<3xf32>, tensor<4xf32>)",
    "%a = ttcore.load_cached(@f, []) : () -> tensor<3xf32>",
]


@pytest.mark.parametrize("text", CUSTOM_SYNTAX)
def test_custom_syntax_of_ttcore(text: str):
    assert printed(text) == "  " + text


def test_custom_syntax_and_generic_form_are_the_same():
    generic = (
        '"ttcore.device_module"() ({\n"builtin.module"() ({\n'
        '"ttcore.device"() <{device_attr = #ttcore.device<meshShape = 1x1>, sym_name = "d"}>'
        " : () -> ()\n}) : () -> ()\n}) : () -> ()"
    )
    custom = "ttcore.device_module {\nbuiltin.module {\nttcore.device @d = <meshShape = 1x1>\n}\n}"
    assert parse_module(generic).is_structurally_equivalent(parse_module(custom))


def test_known_ops_of_ttcore_are_known():
    kinds = (DeviceModuleOp, DeviceOp, LoadCachedOp)
    ops = list(parse_module(load_text("tt-mlir-pipeline.mlir")).walk())
    assert [sum(isinstance(op, kind) for op in ops) for kind in kinds] == [1, 1, 1]
    assert isinstance(first_op("ttcore.cpu_module { builtin.module {} }"), CPUModuleOp)


def test_wrapped_module():
    op = first_op("ttcore.device_module { builtin.module @inner {} }")
    assert isinstance(op, DeviceModuleOp)
    assert op.module.sym_name is not None
    assert_round_trip(ModuleOp([DeviceModuleOp(ModuleOp([]))]))


def test_default_of_mirror_kernel_is_elided():
    text = load_text("tt-mlir-style.mlir").replace("groups = 2 : i32", "groups = 2 : i32, {}")
    stated = [text.replace("{}", f"mirror_kernel = {value}", 1) for value in ("true", "false")]
    unstated = text.replace(", {}", "", 1)
    assert str(parse_module(stated[0])) == str(parse_module(unstated))
    assert "mirror_kernel = false" in str(parse_module(stated[1]))


def place(op: Operation) -> tuple[str, int, int]:
    location = op.location
    assert isinstance(location, FileLineColLoc)
    return (location.filename.data, location.line.data, location.column.data)


def test_every_op_knows_its_place():
    lines = (
        "func.func @f() {",
        '  "foo.a"() : () -> ()',
        "",
        '  %x = "foo.b"() ({',
        '    "foo.c"() : () -> ()',
        "  }) : () -> i32",
        "  func.return",
        "}",
    )
    text = "\n".join(lines)
    module = parse_module(text, "some.mlir")
    places = [place(op) for op in module.body.block.walk()]
    expected = [(1, 1), (2, 3), (4, 3), (5, 5), (7, 3)]
    assert places == [("some.mlir", *line_column) for line_column in expected]


def test_a_stated_location_is_kept():
    op = first_op('"foo.a"() : () -> () loc("model.py":7:9)')
    assert place(op) == ("model.py", 7, 9)


def test_location_aliases_behind_the_module():
    text = (
        "module {\n"
        '  "foo.a"() : () -> () loc(#loc2)\n'
        '  "foo.b"() : () -> () loc(#loc3)\n'
        '  "foo.c"() : () -> () loc(#loc)\n'
        "} loc(#loc1)\n"
        "#loc = loc(unknown)\n"
        '#loc1 = loc("model.py":1:2)\n'
        '#loc2 = loc("conv"(#loc1))\n'
        "#loc3 = loc(fused[#loc1, #loc2])\n"
    )
    first, second, third = parse_module(text, "f.mlir").body.block.ops
    assert isinstance(first.location, NameLoc)
    assert first.location.desc.data == "conv"
    assert isinstance(second.location, FusedLoc)
    assert place(third) == ("f.mlir", 4, 3)


def test_location_aliases_may_also_stand_in_front():
    text = '#loc1 = loc("model.py":1:2)\n"foo.a"() : () -> () loc(#loc1)\n'
    assert place(first_op(text)) == ("model.py", 1, 2)


def test_other_aliases_may_stand_between():
    text = '#a = #ttnn.buffer_type<dram>\n"foo.a"() {x = #a} : () -> () loc(#loc)\n'
    op = first_op(f'{text}#loc = loc("model.py":3:4)\n')
    assert str(op.attributes["x"]) == "#ttnn.buffer_type<dram>"
    assert place(op) == ("model.py", 3, 4)


def constant(literal: str) -> DenseIntOrFPElementsAttr:
    value = first_op(f"%0 = arith.constant {literal}").properties["value"]
    assert isinstance(value, DenseIntOrFPElementsAttr)
    return value


def bits(literal: str) -> bytes:
    return constant(literal).data.data


HEXADECIMAL = [
    ("dense<0xFF800000> : tensor<2xf32>", struct.pack("<2f", -math.inf, -math.inf)),
    ("dense<0x7F800000> : tensor<f32>", struct.pack("<f", math.inf)),
    ("dense<[0x7F800000, 1.5, -2.0]> : tensor<3xf32>", struct.pack("<3f", math.inf, 1.5, -2.0)),
    ("dense<[[0x3F800000], [2.0]]> : tensor<2x1xf32>", struct.pack("<2f", 1.0, 2.0)),
    ("dense<0x7FC00001> : tensor<1xf32>", bytes.fromhex("0100c07f")),
    ("dense<0x7FC0> : tensor<2xbf16>", bytes.fromhex("c07fc07f")),
    ("dense<0x7C00> : tensor<1xf16>", struct.pack("<e", math.inf)),
    ("dense<0xFFF0000000000000> : tensor<1xf64>", struct.pack("<d", -math.inf)),
    ("dense<0xFF> : tensor<2xi32>", struct.pack("<2i", 255, 255)),
    ("dense<-0x1> : tensor<1xi8>", struct.pack("<b", -1)),
    ('dense<"0x0000803F"> : tensor<2xf32>', struct.pack("<2f", 1.0, 1.0)),
    ('dense<"0x0000803F00000040"> : tensor<2xf32>', struct.pack("<2f", 1.0, 2.0)),
    ("dense<1> : tensor<2xf32>", struct.pack("<2f", 1.0, 1.0)),
    ("dense<> : tensor<0xf32>", b""),
    ("dense<1.0> : tensor<0xf32>", b""),
    ("dense<true> : tensor<2xi1>", b"\xff\xff"),
]


@pytest.mark.parametrize(("literal", "expected"), HEXADECIMAL)
def test_literals(literal: str, expected: bytes):
    assert bits(literal) == expected


@pytest.mark.parametrize(
    "literal", [literal for literal, _ in HEXADECIMAL if "0x7FC00001" not in literal]
)
def test_literals_are_printed_so_that_they_read_the_same(literal: str):
    assert_round_trip(parse_module(f"%0 = arith.constant {literal}"))


@pytest.mark.parametrize("literal", ["-0x1", "0x1FFFFFFFF"])
def test_bit_patterns_that_do_not_fit(literal: str):
    with pytest.raises(ParseError, match=f"expected 32 bits of a f32, got {literal}"):
        constant(f"dense<{literal}> : tensor<2xf32>")


@pytest.mark.parametrize(
    ("literal", "got"),
    [
        ("2.0 : f80", "f80"),
        ("0.0 : f128", "f128"),
        ("0x7FFF8000000000000000 : f80", "wider ones"),
        ("dense<2.0> : tensor<2xf80>", "wider ones"),
        ("dense<[1.0, 2.0]> : tensor<2xf128>", "wider ones"),
        ('dense<"0x00"> : tensor<2xf128>', "wider ones"),
        ("dense<(1.0, 2.0)> : tensor<2xcomplex<f80>>", "wider ones"),
        ("dense<1> : tensor<2xi128>", "wider ones"),
        ("array<f80: 1.0>", "wider ones"),
        ("array<i128: 1>", "wider ones"),
    ],
)
def test_numbers_that_xdsl_cannot_store(literal: str, got: str) -> None:
    text = f'"unknown.op"() {{a = {literal}}} : () -> ()'

    with pytest.raises(ParseError, match=f"expected numbers of at most 64 bits, got {got}"):
        parse_module(text)


def test_a_wide_integer_that_stands_alone_is_kept() -> None:
    assert "1 : i128" in str(parse_module('"unknown.op"() {a = 1 : i128} : () -> ()'))


def test_a_large_splat_is_cheap_and_a_huge_one_refused():
    assert len(constant("dense<1.0> : tensor<1024x1024xbf16>")) == 1024 * 1024
    with pytest.raises(ParseError, match=r"expected a constant of at most .* 40000000000$"):
        constant("dense<0> : tensor<100000x100000xi32>")


def test_names_of_resources_stay():
    text = '"foo.a"() {x = dense_resource<weights> : tensor<2xf32>} : () -> ()'
    assert [printed(text), printed(text)] == ["  " + text] * 2


@pytest.mark.parametrize("name", ["arith.adi", "func.cal", "deconv.flipp", "linalg.foo", "scf.fro"])
def test_misspelt_op_of_a_closed_dialect(name: str):
    with pytest.raises(ParseError, match=rf"(?s){name}.* is not registered"):
        parse_module(f'"{name}"() : () -> ()')


@pytest.mark.parametrize("name", ["a.b\\nc", "a.\\22b", "a. b", "a.\\00", ".b", "ttnn.\\\\"])
def test_names_of_ops_are_identifiers(name: str):
    """Others would be printed as they are, which nothing reads again."""
    with pytest.raises(ParseError, match="is not registered") as refused:
        parse_module(f'module {{\n  "{name}"() : () -> ()\n}}')
    assert str(refused.value.span.get_location()).startswith("<string>:2:")


@pytest.mark.parametrize(
    "name", ["ttnn.unknown", "ttcore.unknown", "foo.bar", "ttir.conv", "a.b.c"]
)
def test_unknown_op_of_an_open_dialect(name: str):
    text = f'%0 = "{name}"() <{{p = 1 : i32}}> ({{\n  ^bb0(%a: i32):\n  }}) {{q}} : () -> i32'
    module = parse_module(text)
    module.verify()
    assert_round_trip(module)
    (op,) = module.body.block.ops
    assert isinstance(op, UnregisteredOp)
    assert op.op_name.data == name
    assert (list(op.properties), "q" in op.attributes, len(op.regions)) == (["p"], True, 1)


TOOLS = {
    "ttnn.unknown": "ttmlir-opt",
    "ttcore.get_key_value": "ttmlir-opt",
    "ttir.dot_general": "ttmlir-opt",
    "stablehlo.fft": "stablehlo-opt",
    "chlo.erf": "stablehlo-opt",
    "sdy.manual_computation": "sdy_opt",
    "foo.bar": "the tool that printed it",
}


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.parametrize("rest", ["", " {}", " @name = 3", "(%x) : i32", ' "text"'])
def test_custom_form_of_an_unknown_op(name: str, rest: str):
    with pytest.raises(ParseError) as refusal:
        parse_module(f"func.func @f() {{\n  {name}{rest}\n}}")

    dialect = name.partition(".")[0]
    assert refusal.value.msg == (
        f"'{name}': expected the generic form of an op of dialect '{dialect}' that is not known "
        f"here, got its custom form; have {TOOLS[name]} print it with --mlir-print-op-generic"
    )
    span = refusal.value.span
    assert (span.content, span.start) == (name, len("func.func @f() {\n  "))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("stablehlo.converter", "stablehlo.convert"),
        ("stablehlo.conv", None),
        ("ttcore.device_modul", "ttcore.device_module"),
        ("ttir.emtpy", "ttir.empty"),
        ("func.retrun", "func.return"),
        ("stablehlo.tan", "stablehlo.tanh"),
        ("stablehlo.compare", None),
        ("linalg.gneric", "linalg.generic"),
        ("arith.foo", None),
        ("deconv.flipp", "deconv.flip"),
    ],
)
def test_misspelt_custom_form(name: str, meant: str | None):
    with pytest.raises(ParseError) as refusal:
        parse_module(f"{name} %x : i32")

    message = refusal.value.msg
    assert name in message
    assert ("did you mean" in message) == (meant is not None)
    assert meant is None or f"; did you mean '{meant}'?" in message


def test_generic_form_with_space_behind_the_name():
    assert isinstance(first_op('"foo.bar"  \n () : () -> ()'), UnregisteredOp)


def nested(depth: int) -> str:
    return "builtin.module {\n" * depth + "}\n" * depth


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("builtin.module {\n", "}\n"),
        ('"foo.a"() ({\n', "}) : () -> ()\n"),
        ("scf.if %c {\n", "}\n"),
    ],
)
def test_nesting_up_to_the_limit(opening: str, closing: str):
    condition = '%c = "foo.c"() : () -> i1\n'
    depth = MAX_NESTING - 1  # The module around them is printed, too.
    module = parse_module(condition + opening * depth + closing * depth)
    module.verify()
    assert_round_trip(module)


@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 200, 5000])
def test_nesting_above_the_limit(depth: int):
    with pytest.raises(ParseError, match=f"expected at most {MAX_NESTING} nested operations"):
        parse_module(nested(depth))


def test_siblings_are_not_nested():
    text = nested(2) * MAX_NESTING
    assert len(parse_module(text).body.block.ops) == MAX_NESTING
    with pytest.raises(ParseError, match="nested operations"):
        parse_module(text + nested(MAX_NESTING + 1))


def test_context_can_be_cloned_and_shared():
    context = make_context()
    parse_module('"foo.bar"() : () -> ()', context=context)
    copy = context.clone()
    assert type(copy) is type(context)
    ops = [
        parse_module('"foo.bar"() {x = #foo.bar<1>} : () -> ()', context=each)
        for each in (context, copy, None)
    ]
    assert all(op.is_structurally_equivalent(ops[0]) for op in ops)
    with pytest.raises(ParseError):
        parse_module('"arith.adi"() : () -> ()', context=copy)


@pytest.mark.parametrize(
    "text",
    [
        "module {",
        '"ttnn.relu"(%x) : (tensor<2xf32>) -> tensor<2xf32>',
        'func.func @f(%x: tensor<2xf32>) {\n  "ttnn.relu"(%x) : (tensor<2xf3',
        "#a = #ttnn.conv2d_config<weights_dtype",
        '"foo.a"() {x = #nowhere} : () -> ()',
        '"foo.a"() : () -> () loc(#loc)',
        "\0\1\2\3",
        "ELF",
    ],
)
def test_bad_text_is_a_parse_error(text: str):
    with pytest.raises(ParseError):
        parse_module(text)


@pytest.mark.parametrize("size", [2**63, 10**30])
def test_no_dimension_is_larger_than_mlir_holds(size: int):
    parse_module(f"func.func private @f(tensor<2x{2**63 - 1}xf32>)")
    with pytest.raises(ParseError) as refusal:
        parse_module(f"func.func private @f(tensor<2x{size}xf32>)", "huge.mlir")
    assert str(refusal.value.span.get_location()) == "huge.mlir:1:31"
    assert f"expected a dimension of at most {2**63 - 1}, got {size}" in str(refusal.value)
