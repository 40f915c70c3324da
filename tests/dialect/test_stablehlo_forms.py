"""What StableHLO, Shardy and JAX print is read, printed again, and kept at every floor."""

from __future__ import annotations

import re
from io import StringIO

import numpy as np
import pytest
from xdsl.printer import Printer
from xdsl.utils.exceptions import InterpretationError, ParseError

from support.floors import FLOORS, lowered, parsed, run_after
from support.verify import diagnostic
from xdsl_ttnn.dialect import sdy, stablehlo
from xdsl_ttnn.dialect.remarks import collect_remarks
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.interpreter import compile_module

T, D = "tensor<2x3xf32>", "tensor<?x3xf32>"


def body(text: str) -> str:
    """The printed lines of ops of %x and %y."""
    module = parse_module(f"func.func @f(%x: {T}, %y: {T}, %d: {D}) {{\n{text}\nreturn\n}}")
    module.verify()
    printed = str(module)
    assert str(parse_module(printed)) == printed
    lines = [line.strip() for line in printed.splitlines()[2:-3]]
    return "\n".join(lines)


TYPES = [
    (f"stablehlo.convert %x : {T}", None),
    (f"stablehlo.convert %x : ({T}) -> {T}", f"stablehlo.convert %x : {T}"),
    (f"stablehlo.convert %x {{a = 1 : i32}} : ({T}) -> tensor<2x3xi8>", None),
    (f"stablehlo.tanh %x : ({T}) -> {T}", f"stablehlo.tanh %x : {T}"),
    (f"stablehlo.logistic %d : ({D}) -> {T}", None),
    (f"stablehlo.add %x, %y : ({T}, {T}) -> {T}", f"stablehlo.add %x, %y : {T}"),
    (f"stablehlo.add %x, %d {{a}} : ({T}, {D}) -> {T}", None),
    (f"stablehlo.maximum %d, %d : ({D}, {D}) -> {T}", None),
    (f"stablehlo.reverse %x, dims = [1] : ({T}) -> {T}", f"stablehlo.reverse %x, dims = [1] : {T}"),
    (f"stablehlo.reverse %d, dims = [1, 0] : ({D}) -> {T}", None),
    (
        "stablehlo.constant() {value = dense<2> : tensor<2xi8>} : () -> tensor<2xi8>",
        "stablehlo.constant dense<2> : tensor<2xi8>",
    ),
    (
        "stablehlo.constant() <{value = dense<2> : tensor<2xi8>}> {a} : () -> tensor<2xi8>",
        "stablehlo.constant {a} dense<2> : tensor<2xi8>",
    ),
]


@pytest.mark.parametrize(("text", "printed"), TYPES)
def test_one_type_where_all_are_the_same(text: str, printed: str | None) -> None:
    assert body(f"%0 = {text}") == f"%0 = {printed or text}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"stablehlo.tanh %x : ({T}, {T}) -> {T}", "types of 1 operands and 1 result, got 2 and 1"),
        (f"stablehlo.add %x, %y : ({T}) -> {T}", "types of 2 operands and 1 result, got 1 and 1"),
        (f"stablehlo.convert %x : ({T}) -> ({T}, {T})", "and 1 result, got 1 and 2"),
        ("stablehlo.constant() {a} : () -> tensor<2xi8>", "dense elements as 'value', got None"),
    ],
)
def test_types_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=re.escape(message)):
        parse_module(f"func.func @f(%x: {T}, %y: {T}) {{\n%0 = {text}\nreturn\n}}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"stablehlo.add %x, %y : ({T}, {T}) -> tensor<3x2xf32>",
            "one shape, got (2, 3), (2, 3), (3",
        ),
        (f"stablehlo.tanh %x : ({T}) -> tensor<2x3xf64>", "one element type, got f32, f64"),
        (
            f"stablehlo.reverse %x, dims = [0] : ({T}) -> tensor<2x4xf32>",
            "one shape, got (2, 3), (2",
        ),
        (f"stablehlo.convert %x : ({T}) -> tensor<3x2xi8>", "a result of shape (2, 3), got (3, 2)"),
    ],
)
def test_types_that_are_others(text: str, message: str) -> None:
    assert message in diagnostic(f"func.func @f(%x: {T}, %y: {T}) {{\n%0 = {text}\nreturn\n}}")


@pytest.mark.parametrize("window", ["", "stride = [1]", "pad = [[0, 1]], lhs_dilate = [2]"])
def test_a_comma_behind_the_last_part_of_a_window(window: str) -> None:
    types = "(tensor<1x4x2xf32>, tensor<2x2x3xf32>) -> tensor<1x?x3xf32>"
    counts = "{batch_group_count = 1 : i64, feature_group_count = 1 : i64}"
    names = "dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f]"

    def text(inside: str) -> str:
        return f"stablehlo.convolution(%0, %1) {names}, window = {{{inside}}} {counts} : {types}"

    def read(inside: str) -> str:
        source = '%0, %1 = "foo.source"() : () -> (tensor<1x4x2xf32>, tensor<2x2x3xf32>)'
        return str(parse_module(f"{source}\n%2 = {text(inside)}"))

    assert text(window) in read(window)
    if window:
        assert text(window) in read(f"{window},")
    for wrong in (",", f"{window},,"):
        with pytest.raises(ParseError, match="expected each of stride, pad"):
            read(wrong)


CALLS = [
    f"%0 = stablehlo.custom_call @foo(%x) : ({T}) -> {T}",
    f'%0, %1 = stablehlo.custom_call @"a b"(%x, %y) {{api_version = 4 : i32, backend_config = '
    f"{{a = 1 : i64}}, called_computations = [@g]}} : ({T}, {T}) -> ({T}, !stablehlo.token)",
    f'stablehlo.custom_call @sink(%x) {{mhlo.kept = "x", has_side_effect = true, '
    "operand_layouts = [dense<[1, 0]> : tensor<2xindex>], output_operand_aliases = "
    "[#stablehlo.output_operand_alias<output_tuple_indices = [],  operand_index = 0>]}"
    f" : ({T}) -> ()",
    f"%0 = stablehlo.custom_call @source() : () -> {T}",
    f'%0 = stablehlo.composite "chlo.top_k" %x, %y {{composite_attributes = {{k = 2 : i64}}, '
    f"decomposition = @g, kept = 1 : i32, version = 1 : i32}} : ({T}, {T}) -> {T}",
    'stablehlo.composite "a.b" {decomposition = @g} : () -> ()',
    f'%0 = stablehlo.composite "a.b" %x ({{\n%1 = stablehlo.tanh %x : {T}\n'
    f"stablehlo.return %1 : {T}\n}}, {{\nstablehlo.return\n}})"
    f" {{decomposition = @g}} : ({T}) -> {T}",
    f'%0 = "stablehlo.reduce"(%x, %y) ({{\n^bb0(%a: {T}, %b: {T}):\n'
    f"stablehlo.return %a, %b {{kept}} : {T}, {T}\n}}) : ({T}, {T}) -> {T}",
]


@pytest.mark.parametrize("text", CALLS)
def test_calls_and_what_ends_a_region(text: str) -> None:
    assert body(text) == text


@pytest.mark.parametrize("text", CALLS)
def test_the_generic_form_is_the_same(text: str) -> None:
    module = parse_module(f"func.func @f(%x: {T}, %y: {T}) {{\n{text}\nreturn\n}}")
    stream = StringIO()
    Printer(stream, print_generic_format=True).print_op(module)

    assert '"stablehlo.' in stream.getvalue()
    assert str(parse_module(stream.getvalue())) == str(module)


MESHES = [
    'sdy.mesh @mesh = <["x"=2, "y"=4]>',
    'sdy.mesh @"a b" = <["x"=2],  device_ids=[1, 0]> {kept}',
    "sdy.mesh @empty = <[]>",
]


@pytest.mark.parametrize("text", MESHES)
def test_meshes(text: str) -> None:
    module = parse_module(text)
    module.verify()

    assert str(module) == f"builtin.module {{\n  {text}\n}}"


def test_a_mesh_with_the_whole_name_of_its_attribute_and_in_the_generic_form() -> None:
    custom = parse_module('sdy.mesh @m = #sdy.mesh<["x"=2]>')
    generic = parse_module('"sdy.mesh"() <{mesh = #sdy.mesh<["x"=2]>, sym_name = "m"}> : () -> ()')

    assert str(custom) == str(generic) == 'builtin.module {\n  sdy.mesh @m = <["x"=2]>\n}'
    (op,) = custom.body.block.ops
    assert isinstance(op, sdy.MeshOp)


IMAGE, LARGE = "tensor<1x2x2x1xf32>", "tensor<1x4x4x1xf32>"
EXPORTED = f"""
module @jit_f attributes {{mhlo.num_partitions = 2 : i32}} {{
  sdy.mesh @mesh = <["x"=2]>
  func.func private @g(%a: {IMAGE}) -> {IMAGE} {{
    %0 = stablehlo.tanh %a : {IMAGE}
    return %0 : {IMAGE}
  }}
  func.func public @main(
      %x: {IMAGE} {{sdy.sharding = #sdy.sharding<@mesh, [{{"x"}}, {{}}]>}}) -> {LARGE} {{
    %c = stablehlo.custom_call @Sharding(%x)
      {{backend_config = "", mhlo.sharding = "{{replicated}}"}} : ({IMAGE}) -> {IMAGE}
    %p = stablehlo.composite "my.op" %c {{decomposition = @g, version = 1 : i32}}
      : ({IMAGE}) -> {IMAGE}
    %z = stablehlo.constant dense<-0.0> : tensor<f32>
    %s = "stablehlo.reduce_window"(%p, %z) <{{window_dimensions = array<i64: 1, 1, 1, 1>}}> ({{
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %m = stablehlo.maximum %a, %b : tensor<f32>
      stablehlo.return %m : tensor<f32>
    }}) : ({IMAGE}, tensor<f32>) -> {IMAGE}
    %w = stablehlo.constant dense<1.0> : tensor<2x2x1x1xf32>
    %u = stablehlo.convolution(%s, %w) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f],
      window = {{pad = [[1, 1], [1, 1]], lhs_dilate = [2, 2]}}
      {{batch_group_count = 1 : i64, feature_group_count = 1 : i64}}
      : ({IMAGE}, tensor<2x2x1x1xf32>) -> {LARGE}
    return %u : {LARGE}
  }}
}}
"""


def kept_lines(module: object) -> list[str]:
    """Ops that nothing here knows, regions included, values called `%`."""
    kept = r"sdy\.|custom_call|composite|reduce_window|stablehlo\.maximum|stablehlo\.return"
    lines = [line.strip() for line in str(module).splitlines() if re.search(kept, line)]
    return [re.sub(r"%\w+", "%", line) for line in lines if "func.func" not in line]


@pytest.mark.parametrize("floor", FLOORS)
def test_what_is_opaque_is_untouched_at_every_floor(floor: str) -> None:
    pipeline = ",".join(filter(None, ["convert-stablehlo-to-ttnn", FLOORS[floor]]))
    with collect_remarks() as remarks:
        module = lowered(EXPORTED, f"{pipeline},ttnn-canonicalize")

    assert len(kept_lines(module)) == 6
    assert kept_lines(module) == kept_lines(parsed(EXPORTED))
    assert '{sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}' in str(module)
    assert str(parse_module(str(module))) == str(module)
    (kept,) = (text for text in remarks if "kept what" in text)
    assert "stablehlo.composite (1), stablehlo.custom_call (1)" in kept
    assert "stablehlo.return" not in kept
    with pytest.raises(InterpretationError, match=r"'stablehlo.custom_call': expected an op the i"):
        compile_module(module).call("main", [np.zeros((1, 2, 2, 1), np.float32)])


def test_what_is_opaque_stays_when_attributes_are_stripped() -> None:
    module = lowered(EXPORTED, "strip-ttnn-attributes")

    assert 'mhlo.sharding = "{replicated}"' in str(module)
    assert not [line for line in kept_lines(module) if line not in kept_lines(parsed(EXPORTED))]


def test_a_region_of_a_composite_stays() -> None:
    text = f"""
    func.func @main(%x: {T}) -> {T} {{
      %0 = stablehlo.composite "a.b" %x ({{
        %1 = stablehlo.tanh %x : {T}
        stablehlo.return %1 : {T}
      }}) {{decomposition = @g}} : ({T}) -> {T}
      return %0 : {T}
    }}"""
    module = lowered(text, "convert-stablehlo-to-ttnn,ttnn-to-loops")

    assert any(isinstance(op, stablehlo.TanhOp) for op in module.walk())


@pytest.mark.parametrize("floor", ["", ",ttnn-to-decomposed", ",ttnn-to-loops"])
def test_a_conversion_to_the_same_type(floor: str) -> None:
    text = (
        f"func.func @main(%x: {T}) -> {T} {{\n%0 = stablehlo.convert %x : {T}\nreturn %0 : {T}\n}}"
    )
    x = np.arange(6, dtype=np.float32).reshape(2, 3)

    assert np.array_equal(run_after(text, f"convert-stablehlo-to-ttnn{floor}", {"x": x}), x)
