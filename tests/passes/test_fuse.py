"""ttnn-fuse folds what it may, leaves what it may not, and never changes a bit it says it keeps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

from support import conv_transpose2d_ir, generic_op, make_case, tensor
from support.cases import Case
from support.floors import Array, assert_equal_bits, lowered, run_after
from support.ir import DEVICE, function_ir, i32, i32_array
from support.prepared_ir import prepared_conv_transpose2d_ir
from support.references import DTYPES, integer_arrays, normal_arrays
from xdsl_ttnn.dialect import ttnn

FUSE, FORCED = "ttnn-fuse", "ttnn-fuse{change-rounding=true}"
CASE = make_case(n=2, h=3, w=4, c=6, o=4, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 2, 1], groups=2)
BIASED = CASE | {"bias": True}
PARAMETER = " {ttcore.argument_type = #ttcore.argument_type<parameter>}"

EXACT = {"relu": {}, "relu6": {}}
CURVED = {
    "leaky_relu": {"parameter": "2.500000e-01 : f32"},
    "sigmoid": {},
    "tanh": {},
    "silu": {},
    "gelu": {},
}
ACTIVATIONS: Mapping[str, dict[str, str]] = EXACT | CURVED


def after(
    lines: str,
    result: str | None = None,
    *,
    case: Case = CASE,
    types: str = "f32",
    argument: str = PARAMETER,
    added: str | None = None,
    config: str | None = None,
    convolution: str | None = None,
) -> str:
    """A convolution %y, and lines behind it that make %r from it and the argument %p.

    `{y}` and `{p}` in the lines stand for the types of those.
    """
    properties = {"conv2d_config": f"#ttnn.conv2d_config<{config}>"} if config else {}
    text = convolution or conv_transpose2d_ir(case, types, properties=properties)
    shape = (case["n"], case["hout"], case["wout"], case["o"])
    y, p = tensor(shape, types), added or tensor((1, 1, 1, case["o"]), types)
    result = result or y
    head, _, _ = text.rpartition("    func.return")
    head = head.replace(f") -> ({y}) {{", f", %p: {p}{argument}) -> ({result}) {{", 1)
    return f"{head}{lines.format(y=y, p=p)}\n    func.return %r : {result}\n  }}"


def arrays_of(text_case: Case, types: str = "f32", added: Array | None = None) -> dict[str, Array]:
    arrays = integer_arrays(text_case, types)
    channels = np.arange(-3, text_case["o"] - 3).reshape(1, 1, 1, -1)
    return arrays | {"p": channels.astype(DTYPES[types]) if added is None else added}


def names(module: ModuleOp) -> list[str]:
    """The ops of a module, without what every function here has."""
    usual = {"builtin.module", "func.func", "func.return", "ttnn.get_device"}
    return [op.name for op in module.walk() if op.name not in usual]


def check_folded(text: str, arrays: dict[str, Array], left: list[str]) -> ModuleOp:
    """After the pass these ops are left, and every bit is as it was, at the loops floor too."""
    module = lowered(text, FUSE)
    assert names(module) == left
    expected = run_after(text, "", arrays)

    assert_equal_bits(run_after(module, "", arrays), expected)
    assert_equal_bits(run_after(module, "ttnn-to-loops{strategy=sub-pixel}", arrays), expected)
    assert lowered(module, FUSE).is_structurally_equivalent(module)
    return module


def check_kept(text: str) -> None:
    before = lowered(text, "")

    assert lowered(text, FUSE).is_structurally_equivalent(before)


ADD = '%r = "ttnn.add"(%y, %p) : ({y}, {p}) -> {y}'
ADD_SWAPPED = '%r = "ttnn.add"(%p, %y) : ({p}, {y}) -> {y}'


def activation(name: str, value: str = "%y", result: str = "%r") -> str:
    properties = ", ".join(f"{key} = {text}" for key, text in ACTIVATIONS[name].items())
    listed = f" <{{{{{properties}}}}}>" if properties else ""
    return f'{result} = "ttnn.{name}"({value}){listed} : ({{y}}) -> {{y}}'


@pytest.mark.parametrize("types", ["f32", "f64", "i32", "i8"])
@pytest.mark.parametrize("line", [ADD, ADD_SWAPPED])
@pytest.mark.parametrize("case", [CASE, BIASED], ids=["plain", "biased"])
def test_add_becomes_the_bias(case: Case, line: str, types: str) -> None:
    left = ["ttnn.add"] if case["bias"] else []

    check_folded(after(line, case=case, types=types), arrays_of(case, types), [
        *left, "ttnn.conv_transpose2d"
    ])  # fmt: skip


def test_narrow_bias_of_a_wide_convolution() -> None:
    """Two bf16 biases are added up in f32."""
    narrow = tensor((1, 1, 1, 4), "bf16")
    text = after(ADD, case=BIASED, added=narrow).replace("%b: tensor<1x1x1x4xf32>", f"%b: {narrow}")
    text = text.replace("tensor<1x1x1x4xf32>, !ttnn.device", f"{narrow}, !ttnn.device")
    biases = [np.full((1, 1, 1, 4), value, DTYPES["bf16"]) for value in (256.0, 1.0)]
    arrays = arrays_of(BIASED) | dict(zip("bp", biases, strict=True))

    check_folded(text, arrays, ["ttnn.add", "ttnn.conv_transpose2d"])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_of_f32(name: str) -> None:
    text = after(activation(name))
    arrays = normal_arrays(CASE, "f32") | {"p": np.zeros((1, 1, 1, 4), np.float32)}
    module = lowered(text, FUSE)

    assert names(module) == ["ttnn.conv_transpose2d"]
    assert_equal_bits(run_after(module, "", arrays), run_after(text, "", arrays))


@pytest.mark.parametrize("types", ["bf16", "f16", "i32"])
@pytest.mark.parametrize("name", EXACT)
def test_exact_activations(name: str, types: str) -> None:
    module = check_folded(
        after(activation(name), types=types), arrays_of(CASE, types), ["ttnn.conv_transpose2d"]
    )

    (convolution,) = (op for op in module.walk() if isinstance(op, ttnn.ConvTranspose2dOp))
    assert convolution.activation() == ttnn.Activation(name)


def wide_input(case: Case) -> str:
    """A convolution of an f64 image, computed in f64 and rounded to f32."""
    shape = (case["n"], case["h"], case["w"], case["c"])
    return conv_transpose2d_ir(case, types={"x": tensor(shape, "f64")})


@pytest.mark.parametrize("line", [ADD, activation("gelu"), activation("leaky_relu")])
def test_a_rounding_of_wider_operands_stays_between(line: str) -> None:
    """The result is f32 and so is what is added, but the sums are held in f64."""
    check_kept(after(line, convolution=wide_input(CASE)))


@pytest.mark.parametrize("name", EXACT)
def test_exact_activations_behind_wider_operands(name: str) -> None:
    text = after(activation(name), convolution=wide_input(CASE))
    arrays = arrays_of(CASE) | {"x": integer_arrays(CASE, "f64")["x"] / 3}
    module = lowered(text, FUSE)

    assert names(module) == ["ttnn.conv_transpose2d"]
    assert_equal_bits(run_after(module, "", arrays), run_after(text, "", arrays))


def test_biases_are_added_up_in_what_the_convolution_computes_in() -> None:
    """In f32 the sum of the two would lose what the f64 convolution then adds to."""
    shape = (CASE["n"], CASE["hout"], CASE["wout"], CASE["o"])
    convolution = conv_transpose2d_ir(BIASED, "f32", types={"y": tensor(shape, "f64")})
    added = tensor((1, 1, 1, CASE["o"]), "f32")
    text = after(ADD, case=BIASED, types="f64", added=added, convolution=convolution)
    biases = [np.full((1, 1, 1, 4), value, np.float32) for value in (2.0**30, 1.0)]
    arrays = arrays_of(BIASED) | dict(zip("bp", biases, strict=True))

    check_folded(text, arrays, ["ttnn.add", "ttnn.conv_transpose2d"])


def test_an_activation_of_a_prepared_convolution() -> None:
    """Weights are prepared alike whatever follows the sum."""
    left = ["ttnn.prepare_conv_transpose2d_weights", "ttnn.conv_transpose2d"]

    check_folded(after(activation("relu"), convolution=PREPARED), arrays_of(CASE), left)


def test_add_and_then_an_activation() -> None:
    lines = ADD.replace("%r", "%s") + "\n" + activation("relu", "%s")

    check_folded(
        after(lines, case=BIASED), arrays_of(BIASED), ["ttnn.add", "ttnn.conv_transpose2d"]
    )


@pytest.mark.parametrize("line", [ADD, activation("relu")])
def test_the_convolution_stays_in_its_place(line: str) -> None:
    """Its input may be freed before what is folded comes."""
    free = f'"ttnn.deallocate"(%x) <{{{{force = false}}}}> : ({tensor((2, 3, 4, 6))}) -> ()\n'

    check_folded(after(free + line), arrays_of(CASE), ["ttnn.conv_transpose2d", "ttnn.deallocate"])


def test_the_configuration_is_extended() -> None:
    module = check_folded(
        after(activation("leaky_relu"), config='weights_dtype = bf16, activation = ""'),
        arrays_of(CASE),
        ["ttnn.conv_transpose2d"],
    )

    config = (
        "#ttnn.conv2d_config<weights_dtype = bf16, activation = <op_type = leaky_relu, params = "
    )
    assert f"{config}[2.500000e-01 : f32]>>" in str(module)


@pytest.mark.parametrize("source", ["ttnn.constant", "arith.constant"])
@pytest.mark.parametrize("moved", [False, True])
def test_constants_behind_the_convolution_move(source: str, moved: bool) -> None:
    literal = "dense<[[[[1.0, -2.0, 3.0, -4.0]]]]> : {p}"
    constant = f"%c = arith.constant {literal}"
    if source == "ttnn.constant":
        constant = f'%c = "ttnn.constant"() <{{{{value = {literal}}}}}> : () -> {{p}}'
    lines = [constant, ADD.replace("%p", "%m" if moved else "%c")]
    if moved:
        p, narrow = tensor((1, 1, 1, 4)), tensor((1, 1, 1, 4), "bf16")
        lines.insert(1, f'%m = "ttnn.typecast"(%c) : ({p}) -> {narrow}')
        lines[2] = lines[2].replace("{p}", narrow)
    left = [source, *(["ttnn.typecast"] if moved else []), "ttnn.conv_transpose2d"]

    check_folded(after("\n".join(lines)), arrays_of(CASE), left)


def conv2d_ir(lines: str) -> str:
    """A 1x1 convolution of 5 pixels from 2 to 3 channels, and lines that make %r of %y and %p."""
    x, w, p, y = (
        tensor((1, 1, 5, 2)),
        tensor((3, 2, 1, 1)),
        tensor((1, 1, 1, 3)),
        tensor((1, 1, 5, 3)),
    )
    ones, zeros = i32_array((1, 1)), i32_array((0, 0))
    properties: dict[str, str | None] = {
        "batch_size": i32(1),
        "dilation": ones,
        "groups": i32(1),
        "in_channels": i32(2),
        "input_height": i32(1),
        "input_width": i32(5),
        "kernel_size": ones,
        "out_channels": i32(3),
        "padding": zeros,
        "stride": ones,
    }
    operands = [("x", x), ("w", w), ("device", DEVICE)]
    op = generic_op("ttnn.conv2d", operands, properties, [y])
    body = f'%device = "ttnn.get_device"() : () -> {DEVICE}\n%y = {op}\n{lines.format(y=y, p=p)}'
    text = function_ir("main", [("x", x), ("w", w), ("p", p)], body, [("r", y)])
    return text.replace(f"%p: {p}", f"%p: {p}{PARAMETER}")


def test_conv2d_takes_both() -> None:
    text = conv2d_ir(ADD.replace("%r", "%s") + "\n" + activation("relu", "%s"))
    random = np.random.default_rng(0)
    arrays = {
        name: random.integers(-4, 5, shape).astype(np.float32)
        for name, shape in (("x", (1, 1, 5, 2)), ("w", (3, 2, 1, 1)), ("p", (1, 1, 1, 3)))
    }

    check_folded(text, arrays, ["ttnn.conv2d"])


def test_chains_of_movement_merge() -> None:
    x, y = tensor((2, 3, 4)), tensor((4, 2, 3))
    body = f"""
%a = "ttnn.permute"(%x) <{{permutation = array<i64: 1, 2, 0>}}> : ({x}) -> {tensor((3, 4, 2))}
%b = "ttnn.permute"(%a) <{{permutation = array<i64: 1, 2, 0>}}> : ({tensor((3, 4, 2))}) -> {y}
%c = "ttnn.reshape"(%b) <{{shape = [24 : i32]}}> : ({y}) -> {tensor((24,))}
%r = "ttnn.reshape"(%c) <{{shape = [8 : i32, 3 : i32]}}> : ({tensor((24,))}) -> {tensor((8, 3))}
"""
    text = function_ir("main", [("x", x)], body, [("r", tensor((8, 3)))])
    arrays = {"x": np.arange(24, dtype=np.float32).reshape(2, 3, 4)}

    check_folded(text, arrays, ["ttnn.permute", "ttnn.reshape"])


# What stays ------------------------------------------------------------------------------------

TWO_USES = ADD.replace("%r", "%s") + '\n%r = "ttnn.multiply"(%s, %y) : ({y}, {y}) -> {y}'
RELU_TWICE_READ = activation("relu", result="%s") + '\n%r = "ttnn.add"(%s, %y) : ({y}, {y}) -> {y}'
BETWEEN = '%s = "ttnn.something_new"(%y) : ({y}) -> {y}\n'
DEALLOCATED = '\n"ttnn.deallocate"(%y) <{{force = false}}> : ({y}) -> ()'
NEW_OP = '%q = "ttnn.something_new"(%p) : ({p}) -> {p}\n'
NEW_DEVICE = """%q = "ttnn.something_new"() : () -> !ttnn.device
%c = "ttnn.constant"(%q) <{{value = dense<1.0> : {p}}}> : (!ttnn.device) -> {p}
"""
PREPARED = prepared_conv_transpose2d_ir(CASE)
UNKNOWN = tensor(("?", 6, 8, 4))
ROUNDED = tensor((2, 6, 8, 4), "f32")
INPUT = " {ttcore.argument_type = #ttcore.argument_type<input>}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(after(TWO_USES), id="sum-and-another-use"),
        pytest.param(after(RELU_TWICE_READ), id="activation-and-another-use"),
        pytest.param(after(ADD + DEALLOCATED), id="deallocated-behind"),
        pytest.param(after(BETWEEN + ADD.replace("%y", "%s")), id="add-behind-an-unknown-op"),
        pytest.param(after(BETWEEN + activation("relu", "%s")), id="relu-behind-an-unknown-op"),
        pytest.param(after(NEW_OP + ADD.replace("%p", "%q")), id="bias-from-an-unknown-op"),
        pytest.param(
            after(NEW_DEVICE + ADD.replace("%p", "%c")), id="constant-behind-an-unknown-op"
        ),
        pytest.param(after(ADD, convolution=PREPARED), id="prepared-weight"),
        pytest.param(
            after(activation("relu").replace("-> {y}", f"-> {UNKNOWN}"), UNKNOWN),
            id="unknown-size",
        ),
        pytest.param(after(ADD, argument=INPUT), id="an-input"),
        pytest.param(after(ADD, argument=""), id="nobody-says-parameter"),
        pytest.param(after(ADD, added=tensor((1, 1, 1, 1))), id="one-number"),
        pytest.param(after(ADD, added=tensor((4,))), id="rank-1"),
        pytest.param(after(ADD, added=tensor((1, 6, 1, 4))), id="a-bias-a-row"),
        pytest.param(after(ADD, added=tensor((1, 1, 1, 4), "f64")), id="a-wider-bias"),
        pytest.param(after(ADD, config="activation = <op_type = relu>"), id="activated-add"),
        pytest.param(
            after(activation("tanh"), config="activation = <op_type = relu>"), id="activated-tanh"
        ),
        pytest.param(after(ADD, config="new = 1"), id="unknown-field-add"),
        pytest.param(after(activation("relu"), config="new = 1"), id="unknown-field-relu"),
        pytest.param(after(ADD, types="bf16"), id="bf16-add"),
        pytest.param(after(ADD, types="f16"), id="f16-add"),
        *(
            pytest.param(after(activation(name), types="bf16"), id=f"bf16-{name}")
            for name in CURVED
        ),
        pytest.param(
            after('%r = "ttnn.add"(%y, %y) : ({y}, {y}) -> {y}'), id="the-convolution-twice"
        ),
        pytest.param(
            after(ADD.replace("-> {y}", f"-> {ROUNDED}"), ROUNDED, types="f64"),
            id="another-element-type",
        ),
    ],
)
def test_stays(text: str) -> None:
    check_kept(text)


def test_another_block_stays() -> None:
    lines = f"""
%zero = arith.constant 0 : index
%one = arith.constant 1 : index
%r = scf.for %i = %zero to %one step %one iter_args(%t = %p) -> ({{p}}) {{{{
  {ADD.replace("%r", "%s")}
  "ttnn.something_new"(%s) : ({{y}}) -> ()
  scf.yield %t : {{p}}
}}}}"""
    check_kept(after(lines, tensor((1, 1, 1, 4))))


@pytest.mark.parametrize("types", ["bf16", "f16"])
@pytest.mark.parametrize("case", [CASE, BIASED], ids=["plain", "biased"])
def test_the_option_leaves_out_a_rounding(case: Case, types: str) -> None:
    """What comes out is the result in f32, rounded once; without the option it is rounded twice."""
    lines = ADD.replace("%r", "%s") + "\n" + activation("tanh", "%s")
    arrays = normal_arrays(case, types)
    arrays["p"] = np.full((1, 1, 1, 4), 0.3, DTYPES[types])
    wide = {name: array.astype(np.float32) for name, array in arrays.items()}
    once = run_after(after(lines, case=case), "", wide).astype(DTYPES[types])
    text = after(lines, case=case, types=types)
    module = lowered(text, FORCED)

    assert names(module)[-1:] == ["ttnn.conv_transpose2d"]
    assert_equal_bits(run_after(module, "", arrays), once)
    assert (run_after(text, "", arrays) != once).any()
