"""Prepared weights and biases: the ops that make them, and where they may be used."""

from typing import Any

import numpy as np
import pytest
from xdsl.dialects import func
from xdsl.dialects.builtin import StringAttr
from xdsl.utils.exceptions import VerifyException

from support import (
    conv_transpose2d_ir,
    diagnostic,
    function_ir,
    generic_op,
    i32,
    i32_array,
    make_case,
    tensor,
    verify_ir,
)
from support.floors import assert_equal_bits
from support.interpreter import run
from support.prepared_ir import (
    DEVICE,
    GET_DEVICE,
    prepare_bias_properties,
    prepare_weights_op,
    prepare_weights_properties,
    prepared_conv_transpose2d_ir,
)
from support.references import brute_force, integer_arrays
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.dialect.ttcore import LoadCachedOp
from xdsl_ttnn.dialect.ttnn import ConvTranspose2dOp
from xdsl_ttnn.dialect.ttnn.prepare import find_prepare_op

BASE = make_case(
    n=2, h=5, w=7, c=6, o=4, kh=3, kw=2, sh=2, sw=3, padding=[1, 2, 0, 0], oph=1, dh=2, groups=2
)
WEIGHT = (6, 2, 3, 2)
PREPARED = (1, 1, 18, 4)
BIAS = (1, 1, 1, 4)


def prepare_weights_ir(shape: tuple[int, ...] = WEIGHT, **properties: str | None) -> str:
    operands = [("w", tensor(shape)), ("device", DEVICE)]
    name = "ttnn.prepare_conv_transpose2d_weights"
    all_properties = prepare_weights_properties(BASE) | properties
    op = f"%y = {generic_op(name, operands, all_properties, [tensor(PREPARED)])}"
    return function_ir("main", operands[:1], f"{GET_DEVICE}\n{op}", [("y", tensor(PREPARED))])


def prepare_bias_ir(shape: tuple[int, ...] = BIAS, **properties: str | None) -> str:
    operands = [("b", tensor(shape)), ("device", DEVICE)]
    all_properties = prepare_bias_properties(BASE) | properties
    op = generic_op("ttnn.prepare_conv_transpose2d_bias", operands, all_properties, [tensor(shape)])
    body = f"{GET_DEVICE}\n%y = {op}"
    return function_ir("main", operands[:1], body, [("y", tensor(shape))])


WEIGHTS_ROWS: list[tuple[dict[str, Any], str]] = [
    ({"shape": (6, 2, 3)}, "Weight must be a 4D tensor"),
    ({"shape": (1, 6, 2, 3, 2)}, "Weight must be a 4D tensor"),
    ({"weights_format": '"OIHW"'}, "Only `IOHW` weights format is currently supported"),
    (
        {"in_channels": i32(8)},
        "Expected input channels attribute (8) to match the first dimension of the weight tensor "
        "(6)",
    ),
    (
        {"out_channels": i32(8)},
        "Expected output channels attribute (8) to match the number of output channels per group "
        "(2)",
    ),
    (
        {"groups": i32(1)},
        "Expected output channels attribute (4) to match the number of output channels per group "
        "(2)",
    ),
    ({"groups": i32(0)}, "expected 'groups' of at least 1, got 0"),
    ({"kernel_size": i32_array((3,))}, "Expected kernel size attribute to be a 2D tensor"),
    ({"kernel_size": i32_array((3, 2, 1))}, "Expected kernel size attribute to be a 2D tensor"),
    (
        {"kernel_size": i32_array((4, 2))},
        "Expected kernel height attribute (4) to match the third dimension of the weight tensor "
        "(3)",
    ),
    (
        {"kernel_size": i32_array((3, 5))},
        "Expected kernel width attribute (5) to match the fourth dimension of the weight tensor "
        "(2)",
    ),
    ({"stride": i32_array((2,))}, "Expected stride attribute to be a 2D tensor"),
    ({"dilation": i32_array((1, 1, 1))}, "Expected dilation attribute to be a 2D tensor"),
    ({"padding": i32_array((1,))}, "Expected padding attribute to be a 2D tensor"),
    ({"padding": i32_array((1, 1, 1))}, "Expected padding attribute to be a 2D tensor"),
    ({"output_padding": i32_array((1,))}, "expected 2 values in 'output_padding', got 1"),
    ({"stride": i32_array((0, 1))}, "Attribute 'stride' contains a value less than: 1"),
    ({"padding": i32_array((0, -1))}, "Attribute 'padding' contains a value less than: 0"),
    ({"dilation": i32_array((1, 0))}, "Attribute 'dilation' contains a value less than: 1"),
    (
        {"output_padding": i32_array((-1, 0))},
        "Attribute 'output padding' contains a value less than: 0",
    ),
    ({"input_height": i32(0)}, "expected 'input_height' of at least 1, got 0"),
]


@pytest.mark.parametrize(("changes", "text"), WEIGHTS_ROWS)
def test_prepare_weights(changes: dict[str, Any], text: str):
    expected = f"'ttnn.prepare_conv_transpose2d_weights' op {text}"
    assert diagnostic(prepare_weights_ir(**changes)) == expected


def test_prepare_weights_takes_four_paddings_and_no_output_padding():
    verify_ir(prepare_weights_ir(output_padding=None))


BIAS_ROWS: list[tuple[dict[str, Any], str]] = [
    ({"shape": (4,)}, "Bias must be a 4D tensor"),
    (
        {"shape": (1, 1, 1, 2)},
        "Expected output channels attribute (4) to match the number of output channels in the "
        "bias tensor (2)",
    ),
    ({"kernel_size": i32_array((3,))}, "Kernel size attribute must have two values, got: 1"),
    ({"stride": i32_array((1, 1, 1))}, "Stride attribute must have two values, got: 3"),
    ({"padding": i32_array((1, 1, 1))}, "Padding attribute must have two or four values, got: 3"),
    ({"dilation": i32_array(())}, "Dilation attribute must have two values, got: 0"),
]


@pytest.mark.parametrize(("changes", "text"), BIAS_ROWS)
def test_prepare_bias(changes: dict[str, Any], text: str):
    expected = f"'ttnn.prepare_conv_transpose2d_bias' op {text}"
    assert diagnostic(prepare_bias_ir(**changes)) == expected


@pytest.mark.parametrize("padding", [(1, 2), (1, 2, 3, 4)])
def test_prepare_bias_verifies(padding: tuple[int, ...]):
    verify_ir(prepare_bias_ir(padding=i32_array(padding)))


@pytest.mark.parametrize("name", ["output_padding", "has_bias"])
def test_prepare_bias_has_no_such_property(name: str):
    text = diagnostic(prepare_bias_ir(**{name: "true"}))
    assert text.startswith(f"property '{name}' is not defined by ")


@pytest.mark.parametrize("cached", [False, True])
def test_prepared_weight_is_followed_to_its_op(cached: bool):
    module = parse_module(prepared_conv_transpose2d_ir(BASE, cached=cached))
    module.verify()
    (conv,) = (op for op in module.walk() if isinstance(op, ConvTranspose2dOp))
    found = find_prepare_op(conv.weight)
    assert found is not None
    assert found.name == "ttnn.prepare_conv_transpose2d_weights"
    assert conv.has_prepared_weight()


OTHER_ATTRIBUTES: list[tuple[dict[str, str | None], str, str, str]] = [
    ({"stride": i32_array((2, 2))}, "stride", "[2, 3]", "[2, 2]"),
    ({"dilation": i32_array((1, 1))}, "dilation", "[2, 1]", "[1, 1]"),
    ({"output_padding": i32_array((0, 0))}, "output_padding", "[1, 0]", "[0, 0]"),
    ({"output_padding": None}, "output_padding", "[1, 0]", "[0, 0]"),
    ({"mirror_kernel": "false"}, "mirror_kernel", "True", "False"),
    ({"padding": i32_array((0, 2, 0, 0))}, "padding", "[1, 0]", "[0, 0]"),
    ({"padding": i32_array((1, 1, 0, 0))}, "padding", "[2, 0]", "[1, 0]"),
    ({"padding": i32_array((1, 2, 3, 0))}, "padding", "[1, 0]", "[1, 3]"),
    ({"padding": i32_array((1, 2, 0, 3))}, "padding", "[2, 0]", "[2, 3]"),
    ({"batch_size": i32(1)}, "batch_size", "2", "1"),
    ({"input_height": i32(6)}, "input_height", "5", "6"),
    ({"input_width": i32(5)}, "input_width", "7", "5"),
]


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(("prepare", "name", "mine", "theirs"), OTHER_ATTRIBUTES)
def test_weight_prepared_with_other_attributes(
    prepare: dict[str, str | None], name: str, mine: str, theirs: str, cached: bool
):
    text = diagnostic(prepared_conv_transpose2d_ir(BASE, cached=cached, prepare=prepare))
    expected = f"expected a weight prepared for {name} = {mine}, got one for {theirs}"
    assert text == f"'ttnn.conv_transpose2d' op {expected}"


@pytest.mark.parametrize(
    ("name", "value"), [("stride", i32_array((2, 2))), ("mirror_kernel", "false")]
)
def test_weight_used_under_other_attributes(name: str, value: str):
    text = diagnostic(prepared_conv_transpose2d_ir(BASE, conv={name: value}))
    assert text.startswith(f"'ttnn.conv_transpose2d' op expected a weight prepared for {name} = ")


@pytest.mark.parametrize(
    ("changed", "name", "mine", "theirs"),
    [
        ({"c": 8}, "in_channels", "6", "8"),
        ({"o": 2}, "out_channels", "4", "2"),
        ({"groups": 1}, "groups", "2", "1"),
        ({"kh": 4}, "kernel_size", "[3, 2]", "[4, 2]"),
        ({"kw": 3}, "kernel_size", "[3, 2]", "[3, 3]"),
    ],
)
def test_weight_prepared_for_another_kernel(
    changed: dict[str, int], name: str, mine: str, theirs: str
):
    other = make_case(**{**BASE, **changed})
    raw = tensor((other["c"], other["o"] // other["groups"], other["kh"], other["kw"]))
    ir = prepared_conv_transpose2d_ir(BASE)
    preparation = prepare_weights_op(BASE, {})
    assert preparation in ir
    ir = ir.replace(preparation, prepare_weights_op(other, {}))
    ir = ir.replace(f"%w: {tensor(WEIGHT)}", f"%w: {raw}")
    ir = ir.replace(f"{tensor((1, 1, 18, 4))}, !ttnn.device)", f"{prepared_type(other)}, {DEVICE})")
    expected = f"expected a weight prepared for {name} = {mine}, got one for {theirs}"
    assert diagnostic(ir) == f"'ttnn.conv_transpose2d' op {expected}"


def prepared_type(case: dict[str, Any]) -> str:
    rows = case["kh"] * case["kw"] * case["c"] // case["groups"]
    return tensor((1, 1, rows, case["o"]))


def test_prepared_shape_without_a_prepare_op_is_refused():
    ir = prepared_conv_transpose2d_ir(BASE)
    unknown = f'%prepared = "foo.prepare"() : () -> {tensor(PREPARED)}'
    text = diagnostic(ir.replace(prepare_weights_op(BASE, {}), unknown))
    assert text.endswith("Got 6 input channels and 1 in the weight tensor.")


def test_cached_function_that_does_not_prepare_is_refused():
    ir = prepared_conv_transpose2d_ir(BASE, cached=True)
    unknown = f'%prepared = "foo.prepare"() : () -> {tensor(PREPARED)}'
    text = diagnostic(ir.replace(prepare_weights_op(BASE, {}), unknown))
    assert text.endswith("Got 6 input channels and 1 in the weight tensor.")


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("(@prepare,", "(@nobody,", "expected the name of a function, got @nobody"),
        (
            "[%w]) : (tensor<6x2x3x2xf32>)",
            "[%x]) : (tensor<2x5x7x6xf32>)",
            "expected operand types (tensor<6x2x3x2xf32>) of @prepare, got (tensor<2x5x7x6xf32>)",
        ),
        (
            "[%w]) : (tensor<6x2x3x2xf32>)",
            "[]) : ()",
            "expected operand types (tensor<6x2x3x2xf32>) of @prepare, got ()",
        ),
        (
            "(tensor<6x2x3x2xf32>) -> tensor<1x1x18x4xf32>\n    %y",
            "(tensor<6x2x3x2xf32>) -> tensor<1x1x4x18xf32>\n    %y",
            "expected result types (tensor<1x1x18x4xf32>) of @prepare, got (tensor<1x1x4x18xf32>)",
        ),
    ],
)
def test_load_cached(old: str, new: str, text: str):
    ir = prepared_conv_transpose2d_ir(BASE, cached=True)
    assert old in ir
    ir = ir.replace(old, new).replace("%prepared, %device)", "%u, %device)")
    ir = ir.replace("%y = ", f'%u = "foo.u"() : () -> {tensor(PREPARED)}\n    %y = ')
    assert diagnostic(ir) == f"'ttcore.load_cached' op {text}"


def conv_of(ir: str) -> ConvTranspose2dOp:
    (conv,) = (op for op in parse_module(ir).walk() if isinstance(op, ConvTranspose2dOp))
    return conv


def test_cached_function_may_have_several_blocks():
    ir = prepared_conv_transpose2d_ir(BASE, cached=True)
    branch = "cf.br ^end\n  ^end:\n    func.return %prepared"
    assert find_prepare_op(conv_of(ir.replace("func.return %prepared", branch)).weight) is not None


def test_cached_function_that_calls_itself_prepares_nothing():
    ir = prepared_conv_transpose2d_ir(BASE, cached=True)
    call = f"%prepared = ttcore.load_cached(@prepare, [%w]) : ({tensor(WEIGHT)}) -> "
    ir = ir.replace(prepare_weights_op(BASE, {}), call + tensor(PREPARED))
    assert find_prepare_op(conv_of(ir).weight) is None


def test_declared_function_prepares_nothing():
    types = f"({tensor(WEIGHT)}) -> {tensor(PREPARED)}"
    cached = prepared_conv_transpose2d_ir(BASE, cached=True)
    main = cached[cached.index("  func.func @main") :]
    ir = f"func.func private @prepare{types}\n{main}"
    assert find_prepare_op(conv_of(ir).weight) is None


def test_functions_are_found_again_after_the_module_changed():
    module = parse_module(prepared_conv_transpose2d_ir(BASE, cached=True))
    module.verify()
    prepare, main = module.body.block.ops
    assert isinstance(prepare, func.FuncOp)
    prepare.sym_name = StringAttr("renamed")
    with pytest.raises(VerifyException, match="expected the name of a function, got @prepare"):
        module.verify()
    prepare.detach()
    copy = prepare.clone()
    copy.sym_name = StringAttr("prepare")
    module.body.block.insert_op_before(copy, main)
    module.verify()


def test_call_outside_of_any_module_finds_nothing():
    module = parse_module(prepared_conv_transpose2d_ir(BASE, cached=True))
    main = module.body.block.last_op
    assert main is not None
    main.detach()
    (call,) = (op for op in main.walk() if isinstance(op, LoadCachedOp))
    assert find_prepare_op(call.results[0]) is None


def test_raw_weight_is_not_prepared():
    assert not conv_of(conv_transpose2d_ir(BASE)).has_prepared_weight()


COINCIDING = make_case(h=3, w=4, c=1, o=1, kh=3, kw=1, sh=2)
"""Raw and prepared weight have one shape: a weight that is not seen to be prepared is a raw one."""
ONE = "tensor<1x1x3x1xf32>"
BEHIND: dict[str, tuple[str, str]] = {
    "an identity": (f'%v = "ttnn.to_layout"(%prepared) : ({ONE}) -> {ONE}', "ttnn.to_layout"),
    "a reshape": (
        f'%v = "ttnn.reshape"(%prepared) <{{shape = [1 : i32, 1 : i32, 3 : i32, 1 : i32]}}> '
        f": ({ONE}) -> {ONE}",
        "ttnn.reshape",
    ),
    "two flips": (
        f"%u = deconv.flip %prepared dimensions = [2] : {ONE} -> {ONE}\n"
        f"%v = deconv.flip %u dimensions = [2] : {ONE} -> {ONE}",
        "deconv.flip",
    ),
    "an unknown op": (f'%v = "ttnn.to_device"(%prepared) : ({ONE}) -> {ONE}', "ttnn.to_device"),
    "a call": (f"%v = func.call @same(%w) : ({ONE}) -> {ONE}", "func.call"),
    "a branch": (
        f"%c = arith.constant true\n%v = scf.if %c -> ({ONE}) {{\nscf.yield %prepared : {ONE}\n}} "
        f"else {{\nscf.yield %w : {ONE}\n}}",
        "scf.if",
    ),
    "a loop": (
        "%i = arith.constant 0 : index\n"
        f"%v = scf.for %j = %i to %i step %i iter_args(%u = %prepared) -> ({ONE}) {{\n"
        f"scf.yield %u : {ONE}\n}}",
        "scf.for",
    ),
}


def with_more(ir: str, made: str, weight: str) -> str:
    """`ir` with ops behind the prepare op, and a convolution that reads what they make."""
    same = function_ir("same", [("w", ONE)], f"{GET_DEVICE}\n{prepare()}", [("prepared", ONE)])
    ir = ir.replace("%prepared, %device)", f"%{weight}, %device)").replace(
        "%y = ", f"{made}\n%y = "
    )
    return f"{same}\n{ir}"


def prepare() -> str:
    return prepare_weights_op(COINCIDING, {})


@pytest.mark.parametrize("cached", [False, True], ids=["direct", "cached"])
@pytest.mark.parametrize(("made", "name"), BEHIND.values(), ids=BEHIND.keys())
def test_what_is_made_of_a_prepared_weight_is_no_weight(made: str, name: str, cached: bool):
    """Dropping what stands between would otherwise make a raw weight a prepared one."""
    ir = prepared_conv_transpose2d_ir(COINCIDING, cached=cached)
    expected = (
        "a prepared weight directly from the op that prepares it or through ttcore.load_cached"
    )

    text = diagnostic(with_more(ir, made, "v"))

    assert text == f"'ttnn.conv_transpose2d' op expected {expected}, got what '{name}' makes of one"
    verify_ir(with_more(ir, made, "w"))


@pytest.mark.parametrize("cached", [False, True], ids=["direct", "cached"])
def test_a_weight_is_prepared_once(cached: bool):
    ir = prepared_conv_transpose2d_ir(COINCIDING, cached=cached)
    again = prepare().replace("%prepared", "%again").replace("(%w,", "(%prepared,")

    text = diagnostic(with_more(ir, again, "again"))

    name = "ttnn.prepare_conv_transpose2d_weights"
    assert text == f"'{name}' op expected a raw weight, got one that is prepared"


def test_a_function_that_may_return_another_weight_prepares_nothing():
    ir = prepared_conv_transpose2d_ir(COINCIDING, cached=True)
    branch = (
        f"%c = arith.constant true\ncf.cond_br %c, ^left, ^right\n^left:\nfunc.return %w : {ONE}\n"
        "^right:\nfunc.return %prepared"
    )
    assert find_prepare_op(conv_of(ir.replace("func.return %prepared", branch)).weight) is None


def test_a_weight_of_open_sizes_that_agree_is_a_raw_one():
    ir = conv_transpose2d_ir(BASE, types={"w": tensor(("?", *WEIGHT[1:]))})
    arrays = integer_arrays(BASE)

    assert not conv_of(ir).has_prepared_weight()
    (result,) = run(ir, *arrays.values())
    assert_equal_bits(result, brute_force(BASE, **arrays).astype(np.float32))
