"""Elements behind the module: read as dense elements, printed there again, said where they lack."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, DenseResourceAttr, ModuleOp
from xdsl.printer import Printer
from xdsl.utils.exceptions import InterpretationError, ParseError

from support.floors import FLOORS, lowered, parsed
from xdsl_ttnn.dialect.text.context import TTNNContext, make_context
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.text.resource_printer import ResourcePrinter
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.interpreter import compile_module
from xdsl_ttnn.interpreter.literals import dense_array

IREE_OPT = Path(sys.executable).with_name("iree-opt")


def blob(values: np.ndarray, alignment: int = 4) -> str:
    return "0x" + (alignment.to_bytes(4, "little") + values.tobytes()).hex().upper()


def behind(resources: dict[str, str]) -> str:
    lines = ",\n      ".join(f'{name}: "{text}"' for name, text in resources.items())
    return f"{{-#\n  dialect_resources: {{\n    builtin: {{\n      {lines}\n    }}\n  }}\n#-}}"


def printed(text: str) -> str:
    """What `ttnn-opt` prints."""
    context = make_context()
    module = parse_module(text, context=context)
    module.verify()
    assert isinstance(context, TTNNContext)
    stream = StringIO()
    printer = ResourcePrinter(stream, kept=context.kept_metadata)
    printer.print_op(module)
    printer.print_metadata()
    return stream.getvalue()


TYPES = {
    "f32": np.array([1.5, -np.inf, np.nan, -0.0], np.float32),
    "f64": np.array([1e300, -2.0], np.float64),
    "f16": np.array([1.5, -2.0, 65504], np.float16),
    "bf16": np.array([1.5, -2.0, 3e38], ml_dtypes.bfloat16),
    "i8": np.array([-128, 127], np.int8),
    "ui8": np.array([255, 1], np.uint8),
    "si16": np.array([-3, 4], np.int16),
    "i32": np.array([-3, 2**31 - 1], np.int32),
    "ui64": np.array([2**64 - 1], np.uint64),
    "index": np.array([7], np.int64),
    "i1": np.array([True, False, True]),
}


def module_of(type_: str, name: str = "w", kind: str = "ttnn.constant") -> str:
    return (
        f"builtin.module {{\n  func.func @main() -> {type_} {{\n"
        f'    %0 = "{kind}"() <{{value = dense_resource<{name}> : {type_}}}> : () -> {type_}\n'
        f"    func.return %0 : {type_}\n  }}\n}}\n\n"
    )


@pytest.mark.parametrize("element", TYPES)
def test_elements(element: str) -> None:
    values = TYPES[element]
    type_ = f"tensor<{values.size}x{element}>"
    text = module_of(type_) + behind({"w": blob(values, 64)})

    assert printed(text) == text
    module = parsed(text)
    assert str(parse_module(str(module))) == str(module), "without the blob it stands in the module"
    (result,) = compile_module(module).call("main", [])
    assert result.dtype == values.dtype and result.tobytes() == values.tobytes()


def test_every_kind_of_constant() -> None:
    values = np.arange(6, dtype=np.float32)
    type_ = "tensor<2x3xf32>"
    text = (
        f"builtin.module {{\n  func.func @main() -> ({', '.join([type_] * 4)}) {{\n"
        f"    %0 = arith.constant dense_resource<a> : {type_}\n"
        f'    %1 = "ttnn.constant"() <{{value = dense_resource<b> : {type_}}}> : () -> {type_}\n'
        f'    %2 = "ttir.constant"() <{{value = dense_resource<a> : {type_}}}> : () -> {type_}\n'
        f"    %3 = stablehlo.constant dense_resource<a> : {type_}\n"
        f"    func.return %0, %1, %2, %3 : {', '.join([type_] * 4)}\n  }}\n}}\n\n"
    ) + behind({"a": blob(values), "b": blob(2 * values)})

    assert printed(text) == text
    module = lowered(text, "convert-ttir-to-ttnn,convert-stablehlo-to-ttnn,ttnn-to-loops")
    results = compile_module(module).call("main", [])
    assert [result.sum() for result in results] == [15, 30, 15, 15]


UP_BLOCK = """
func.func @main(%x: tensor<1x3x4x2xf32>, %d: !ttnn.device) -> tensor<1x7x9x3xf32> {
  %w = "ttnn.constant"() <{value = WEIGHT : tensor<2x3x3x3xf32>}> : () -> tensor<2x3x3x3xf32>
  %b = "ttnn.constant"() <{value = BIAS : tensor<1x1x1x3xf32>}> : () -> tensor<1x1x1x3xf32>
  %0 = "ttnn.conv_transpose2d"(%x, %w, %b, %d) <{batch_size = 1 : i32, dilation = array<i32: 1, 1>,
    groups = 1 : i32, in_channels = 2 : i32, input_height = 3 : i32, input_width = 4 : i32,
    kernel_size = array<i32: 3, 3>, out_channels = 3 : i32, output_padding = array<i32: 0, 0>,
    padding = array<i32: 0, 0>, stride = array<i32: 2, 2>}>
    : (tensor<1x3x4x2xf32>, tensor<2x3x3x3xf32>, tensor<1x1x1x3xf32>, !ttnn.device)
    -> tensor<1x7x9x3xf32>
  %1 = "ttnn.relu"(%0) : (tensor<1x7x9x3xf32>) -> tensor<1x7x9x3xf32>
  return %1 : tensor<1x7x9x3xf32>
}
"""
WEIGHT = np.random.default_rng(0).integers(-4, 5, 54).astype(np.float32)
BIAS = np.array([1, -2, 3], np.float32)
RESOURCES = UP_BLOCK.replace("WEIGHT", "dense_resource<w>").replace("BIAS", "dense_resource<b>")
RESOURCES += behind({"w": blob(WEIGHT), "b": blob(BIAS)})
DENSE = UP_BLOCK.replace("WEIGHT", f'dense<"0x{WEIGHT.tobytes().hex()}">')
DENSE = DENSE.replace("BIAS", f'dense<"0x{BIAS.tobytes().hex()}">')


@pytest.mark.parametrize(
    "pipeline",
    [
        *filter(None, FLOORS.values()),
        "ttnn-fuse,ttnn-canonicalize,ttnn-fold-constants",
        "ttnn-to-decomposed{strategy=gemm-col2im},ttnn-fold-constants",
        "ttnn-to-linalg{strategy=sub-pixel},hoist-weight-preparation",
        "legalize-deconv-to-ttnn",
    ],
)
def test_passes_do_what_they_do_to_dense_elements(pipeline: str) -> None:
    assert str(lowered(RESOURCES, pipeline)) == str(lowered(DENSE, pipeline))


@pytest.mark.parametrize("floor", [None, "decomposed", "linalg", "loops"])
def test_weights_that_are_resources(floor: str | None) -> None:
    x = np.arange(24, dtype=np.float32).reshape(1, 3, 4, 2)

    (result,) = compile_ir(RESOURCES, floor=floor)(x)

    assert np.array_equal(result, compile_ir(DENSE, floor=floor)(x)[0])


OTHER_PLACES = {
    "in front": lambda module, metadata: f"{metadata}\n{module}",
    "indented, with comments": lambda module, metadata: (
        module + "\n".join(f"  {line} // a {{-# comment" for line in metadata.splitlines())
    ),
    "on one line": lambda module, metadata: module + " ".join(metadata.split()),
    "in two": lambda module, metadata: f"{metadata}\n{module}{metadata.replace('w:', 'v:')}",
    "a name in quotes": lambda module, metadata: (
        module.replace("<w>", '<"w">') + metadata.replace("w:", '"w":')
    ),
}


@pytest.mark.parametrize("place", OTHER_PLACES)
def test_where_blobs_may_stand(place: str) -> None:
    module = module_of("tensor<3xf32>")
    metadata = behind({"w": blob(BIAS)})

    assert printed(OTHER_PLACES[place](module, metadata)) == module + metadata


def test_a_name_that_is_no_identifier() -> None:
    text = module_of("tensor<3xf32>", '"a b/0"') + behind({'"a b/0"': blob(BIAS)})

    assert printed(text) == text


def test_only_what_is_used_is_printed() -> None:
    text = module_of("tensor<3xf32>") + behind({"unused": blob(WEIGHT), "w": blob(BIAS)})

    assert printed(text) == module_of("tensor<3xf32>") + behind({"w": blob(BIAS)})


def test_one_blob_under_two_types() -> None:
    text = (
        "builtin.module {\n  %0 = arith.constant dense_resource<w> : tensor<3xf32>\n"
        "  %1 = arith.constant dense_resource<w> : tensor<3x1xi32>\n}\n\n"
    ) + behind({"w": blob(BIAS)})

    assert printed(text) == text


def test_two_blobs_of_one_name_after_modules_were_joined() -> None:
    modules = [
        parse_module(
            "%0 = arith.constant dense_resource<w> : tensor<3xf32>\n" + behind({"w": blob(values)})
        )
        for values in (BIAS, 2 * BIAS, BIAS)
    ]
    ops = [op for module in modules for op in module.body.block.ops]
    for op in ops:
        op.detach()
    stream = StringIO()
    printer = ResourcePrinter(stream)
    printer.print_op(ModuleOp(ops))
    printer.print_metadata()

    again = parse_module(stream.getvalue())
    values = [
        dense_array(op.value, np.dtype(np.float32)).tolist()
        for op in again.body.block.ops
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, DenseIntOrFPElementsAttr)
    ]
    assert values == [BIAS.tolist(), (2 * BIAS).tolist(), BIAS.tolist()]
    assert stream.getvalue().count("0x0400") == 2


KEPT = (
    "builtin.module {\n  %0 = arith.constant dense_resource<w> : tensor<3xf32>\n}\n\n{-#\n"
    "  dialect_resources: {\n    builtin: {\n"
    f'      w: "{blob(BIAS)}"\n    }},\n'
    '    foo: { key: "0x0400000000" , "other }": "anything"}\n  },\n'
    "  external_resources: {\n    mlir_reproducer: {\n"
    '      pipeline: "builtin.module(canonicalize)",\n      disable_threading: true\n'
    "    }\n  }\n#-}"
)


def test_what_else_stands_behind_a_module_is_kept() -> None:
    assert printed(KEPT) == KEPT
    without = KEPT.replace("dense_resource<w>", "dense<1.0>")
    assert "builtin: {" not in printed(without)
    assert 'foo: { key: "0x0400000000" , "other }": "anything"}' in printed(without)
    assert printed(printed(without)) == printed(without)


def test_a_file_without_metadata_has_none() -> None:
    context = make_context()
    for text in (KEPT, "builtin.module {\n}"):
        parse_module(text, context=context)

    assert isinstance(context, TTNNContext)
    assert not context.kept_metadata.sections and not context.kept_metadata.dialects


MISSING = {
    "no blob": ("tensor<3xf32>", None, "no blob"),
    "elided": ("tensor<3xf32>", "__elided__", "no blob"),
    "too short": ("tensor<4xf32>", "w", "12 bytes for the 16 of tensor<4xf32>"),
    "too long": ("tensor<2xf32>", "w", "12 bytes for the 8 of tensor<2xf32>"),
    "one for all": ("tensor<6xf32>", "w", "12 bytes for the 24 of tensor<6xf32>"),
    "of unknown elements": ("tensor<3x!foo.t>", "w", "elements of !foo.t"),
    "of unknown size": ("tensor<?xf32>", "w", "elements of tensor<?xf32>"),
}


@pytest.mark.parametrize("name", MISSING)
@pytest.mark.parametrize("kind", ["ttnn.constant", "ttir.constant", "stablehlo.constant", "arith"])
def test_elements_that_are_not_at_hand_are_kept(name: str, kind: str) -> None:
    type_, resource, _ = MISSING[name]
    resource = resource or "absent"
    metadata = {"w": blob(BIAS)} if resource == "w" else {}
    text = f'"{kind}"() <{{value = dense_resource<{resource}> : {type_}}}> : () -> {type_}'
    if kind == "stablehlo.constant":
        text = f"stablehlo.constant dense_resource<{resource}> : {type_}"
    if kind == "arith":
        text = f"arith.constant dense_resource<{resource}> : {type_}"
    text = f"builtin.module {{\n  %0 = {text}\n}}" + ("\n\n" + behind(metadata) if metadata else "")

    assert printed(text) == text


@pytest.mark.parametrize("floor", ["ttnn", "decomposed", "linalg", "loops"])
@pytest.mark.parametrize("name", [name for name in MISSING if "unknown" not in name])
def test_elements_that_are_not_at_hand_are_said_when_they_are_needed(name: str, floor: str) -> None:
    type_, resource, got = MISSING[name]
    resource = resource or "absent"
    text = module_of(type_, resource) + behind({"w": blob(BIAS)})
    module = lowered(text, FLOORS[floor]) if FLOORS[floor] else parsed(text)

    assert any(isinstance(op.properties.get("value"), DenseResourceAttr) for op in module.walk())
    with pytest.raises(InterpretationError) as failure:
        compile_module(module).call("main", [])
    expected = f"expected the elements of dense_resource<{resource}>, got {got}"
    assert str(failure.value).startswith("test.mlir:3:5: '")
    assert expected in str(failure.value)


BAD = {
    '{builtin: {w: "0x0400"}}': (
        "resource 'w': expected 0x and an even number of hexadecimal digits, 4 bytes of alignment "
        "and the elements, got '0x0400'"
    ),
    '{builtin: {w: "04000000"}}': "got '04000000'",
    '{builtin: {w: "0x040000000"}}': "got '0x040000000'",
    '{builtin: {w: ""}}': "got ''",
    '{builtin: {w: "0x0400000G0000803F"}}': "expected hexadecimal digits, got '0400000G'",
    '{builtin: {w: "0x04000000 0000803F"}}': "even number",
    '{builtin: {w: "0x040000000000803Z"}}': "expected hexadecimal digits, got '0000803Z'",
    '{builtin: {w: "0x030000000000803F"}}': "expected a power of two to align to, got 3",
    '{builtin: {w: "0x040000000000803F", w: "0x040000000000803F"}}': (
        "expected each resource once, got 'w' again"
    ),
    "{builtin: {w: 1}}": "expected a blob in quotes",
    "{builtin: {1: 1}}": "expected a name",
    "{foo: {a: {}}": "'}' expected",
    "{foo: 1}": "expected a section in braces",
    "[]": "'{' expected",
}


@pytest.mark.parametrize("section", BAD)
def test_bad_resources(section: str) -> None:
    text = "%0 = arith.constant dense_resource<w> : tensor<1xf32>\n"
    metadata = f"{{-# dialect_resources: {section} #-}}"

    with pytest.raises(ParseError) as failure:
        parse_module(text + metadata)

    assert BAD[section] in failure.value.msg
    assert failure.value.span.start >= len(text), "the place is that of the blob"


@pytest.mark.parametrize(
    "text", ["dense_resource<w>", "dense_resource<w> : f32", "dense_resource<>"]
)
def test_bad_references(text: str) -> None:
    with pytest.raises(ParseError):
        parse_module(f'"foo.a"() {{x = {text}}} : () -> ()\n' + behind({"w": blob(BIAS)}))


@pytest.mark.skipif(not IREE_OPT.exists(), reason="iree-opt is not installed")
@pytest.mark.parametrize("element", [name for name in TYPES if name != "index"])
def test_upstream_reads_what_is_printed_and_prints_what_is_read(element: str) -> None:
    values = TYPES[element]
    type_ = f"tensor<{values.size}x{element}>"
    kind = "arith.constant" if not element.startswith(("si", "ui")) else "util.unfoldable"
    if kind != "arith.constant":
        text = f'"foo.a"() {{x = dense_resource<w> : {type_}}} : () -> ()\n'
    else:
        text = f"func.func @f() -> {type_} {{\n%0 = arith.constant dense_resource<w> : {type_}\n"
        text += f"return %0 : {type_}\n}}\n"
    ours = printed(text + behind({"w": blob(values, 16)}))

    command = [IREE_OPT, "--allow-unregistered-dialect", "-"]
    outcome = subprocess.run(command, input=ours, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stderr
    theirs = outcome.stdout
    assert f'w: "{blob(values, 16)}"' in theirs
    found = [
        value
        for op in parse_module(theirs).walk()
        for value in (*op.properties.values(), *op.attributes.values())
        if isinstance(value, DenseIntOrFPElementsAttr)
    ]
    assert [dense_array(value, values.dtype).tobytes() for value in found] == [values.tobytes()]
    assert printed(theirs).endswith(behind({"w": blob(values, 16)}))


def test_other_printers_print_the_elements() -> None:
    text = module_of("tensor<3xf32>") + behind({"w": blob(BIAS)})
    stream = StringIO()
    Printer(stream).print_op(parse_module(text))

    assert "dense<[1.000000e+00, -2.000000e+00, 3.000000e+00]>" in stream.getvalue()
