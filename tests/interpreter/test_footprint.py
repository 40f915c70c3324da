"""The estimate of a call's memory against what the call takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from support.measured_memory import measured_peak, small_integers
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend.compiler import bind, compile_ir
from xdsl_ttnn.tools.comparison import check_against_oracle, check_bytes

FACTOR = 2
"""How much more than what is measured the estimate may be."""

CODE_BYTES = 400_000
"""Emitted code, and Python's own objects: not counted. The arrays here are larger by far."""

EXAMPLES = Path(__file__).parents[2] / "examples"


def check(ir: str | Path, floor: str | None = None, strategy: str | None = None) -> None:
    """The estimate is no less than the peak, and no more than FACTOR times that."""
    function = compile_ir(ir, floor=floor, strategy=strategy)
    arrays = small_integers(function)
    measured = measured_peak(lambda: function(*arrays), arrays)
    assert measured > 5 * CODE_BYTES
    assert measured - CODE_BYTES <= function.peak_bytes <= FACTOR * measured


def transposed(
    element: str = "f32",
    *,
    size: int = 48,
    channels: tuple[int, int] = (32, 32),
    kernel: int = 4,
    stride: int = 2,
    groups: int = 1,
    activation: str = "",
) -> str:
    """One conv_transpose2d with a bias; padding 1 where the kernel is larger than the stride."""
    pad = 1 if kernel > stride else 0
    out = (size - 1) * stride - 2 * pad + kernel
    inner, outer = channels
    config = (
        f", conv2d_config = #ttnn.conv2d_config<activation = {activation}>" if activation else ""
    )
    x, w = (
        f"tensor<1x{size}x{size}x{inner}x{element}>",
        f"tensor<{inner}x{outer // groups}x{kernel}x{kernel}x{element}>",
    )
    b, r = f"tensor<1x1x1x{outer}x{element}>", f"tensor<1x{out}x{out}x{outer}x{element}>"
    return f"""
func.func @main(%x: {x}, %w: {w}, %b: {b}) -> {r} {{
  %d = "ttnn.get_device"() <{{mesh_shape = #ttnn<mesh_shape 1x1>}}> : () -> !ttnn.device
  %r = "ttnn.conv_transpose2d"(%x, %w, %b, %d) <{{in_channels = {inner} : i32,
    out_channels = {outer} : i32, batch_size = 1 : i32, input_height = {size} : i32,
    input_width = {size} : i32, kernel_size = array<i32: {kernel}, {kernel}>,
    stride = array<i32: {stride}, {stride}>, padding = array<i32: {pad}, {pad}>,
    output_padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>, groups = {groups} : i32
    {config}}}>
    : ({x}, {w}, {b}, !ttnn.device) -> {r}
  return %r : {r}
}}"""


@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im"])
@pytest.mark.parametrize("element", ["f32", "bf16"])
def test_every_strategy_and_floor(floor: str, strategy: str, element: str) -> None:
    check(transposed(element), floor, strategy)


@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
def test_matmul(floor: str) -> None:
    check(transposed(kernel=2), floor, "matmul")


@pytest.mark.parametrize("element", ["f32", "bf16", "f64", "i32"])
def test_the_op_as_it_stands(element: str) -> None:
    check(transposed(element))


@pytest.mark.parametrize("floor", [None, "decomposed", "linalg"])
def test_groups(floor: str | None) -> None:
    check(transposed(groups=4), floor)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "silu"])
@pytest.mark.parametrize("floor", [None, "decomposed", "linalg"])
def test_activations(activation: str, floor: str | None) -> None:
    check(transposed(activation=activation), floor)


@pytest.mark.parametrize("floor", [None, "decomposed", "linalg"])
@pytest.mark.parametrize("example", ["unet_decoder_block", "dcgan_generator"])
def test_examples(example: str, floor: str | None) -> None:
    check(EXAMPLES / f"{example}.mlir", floor)


LARGE = "tensor<600x1000xf32>"
"""Large enough to be let go of behind its last use."""

LARGE_BYTES = 2_400_000


def chain(*ops: str) -> str:
    """Element-wise ops, one after the other."""
    lines = [f"  %v{i + 1} = {op.format(v=f'%v{i}')}" for i, op in enumerate(ops)]
    return (
        f"func.func @main(%v0: {LARGE}) -> {LARGE} {{\n"
        + "\n".join(lines)
        + f"\n  return %v{len(ops)} : {LARGE}\n}}"
    )


UNARY = '"ttnn.{name}"({{v}}) : ({type}) -> {type}'
BINARY = '"ttnn.{name}"({{v}}, {{v}}) : ({type}, {type}) -> {type}'


@pytest.mark.parametrize("floor", [None, "linalg"])
def test_chains_let_go(floor: str | None) -> None:
    ops = [
        (UNARY if n % 2 else BINARY).format(name="relu" if n % 2 else "add", type=LARGE)
        for n in range(8)
    ]
    check(chain(*ops), floor)


@pytest.mark.parametrize("floor", [None, "linalg"])
@pytest.mark.parametrize("name", ["sigmoid", "gelu", "tanh", "leaky_relu"])
def test_unary(name: str, floor: str | None) -> None:
    extra = " <{parameter = 0.1 : f32}>" if name == "leaky_relu" else ""
    op = UNARY.format(name=name, type=LARGE).replace(
        "({v})", "({v})" + extra.replace("{", "{{").replace("}", "}}")
    )
    check(chain(op), floor)


def function(*lines: str, returned: str, arguments: str = f"%x: {LARGE}") -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return (
        f"func.func @main({arguments}) -> {LARGE} {{\n{body}\n  return {returned} : {LARGE}\n}}\n"
    )


def test_what_is_needed_later_is_held() -> None:
    doubled = [f"%v{i} = arith.addf %x, %x : {LARGE}" for i in range(8)]
    sums = [f"%s{i} = arith.addf %v{i}, %v{i + 1} : {LARGE}" for i in range(7)]
    check(function(*doubled, *sums, returned="%s6"))


def test_a_small_view_holds_the_whole() -> None:
    one, row = "tensor<1x1000xf32>", "[0, 0] [1, 1000] [1, 1]"
    lines = [
        line
        for i in range(4)
        for line in (
            f"%v{i} = arith.addf %x, %x : {LARGE}",
            f"%r{i} = tensor.extract_slice %v{i}{row} : {LARGE} to {one}",
        )
    ]
    check(function(*lines, returned="%v0"))


def test_views_that_reshaping_copies() -> None:
    turned = "tensor<1000x600xf32>"
    lines = (
        f'%t = "ttnn.permute"(%x) <{{permutation = array<i64: 1, 0>}}> : ({LARGE}) -> {turned}',
        f'%r = "ttnn.reshape"(%t) <{{shape = [600 : i32, 1000 : i32]}}> : ({turned}) -> {LARGE}',
    )
    check(function(*lines, returned="%r"))


def test_calls_take_what_their_callees_do() -> None:
    sums = [f"%v{i} = arith.addf %x, %x : {LARGE}" for i in range(4)]
    sums += [f"%s{i} = arith.addf %v{i}, %v{i + 1} : {LARGE}" for i in range(3)]
    callee = function(*sums, returned="%s2").replace("@main", "private @callee")
    calls = [f"%c{i} = func.call @callee(%x) : ({LARGE}) -> {LARGE}" for i in range(2)]
    total = f"%t = arith.addf %c0, %c1 : {LARGE}"
    check(callee + function(*calls, total, returned="%t"))


def test_constants_count() -> None:
    zeros = ", ".join(map(str, range(1000)))
    lines = (
        f"%c = arith.constant dense<[{zeros}]> : tensor<1000xf32>",
        f"%s = arith.constant dense<2.0> : {LARGE}",
        f"%t = arith.addf %x, %s : {LARGE}",
    )
    check(function(*lines, returned="%t"))


LOOP = f"""
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %r = scf.for %i = %c0 to %c4 step %c1 iter_args(%a = %x) -> ({LARGE}) {{{{
{{body}}
    scf.yield %n : {LARGE}
  }}}}"""


@pytest.mark.parametrize(
    "body",
    [
        f"    %n = arith.addf %a, %x : {LARGE}",
        f"    %v = arith.addf %a, %x : {LARGE}\n    %n = arith.mulf %v, %a : {LARGE}",
        "    %one = arith.constant 1.0 : f32\n"
        f"    %n = tensor.insert %one into %a[%c0, %i] : {LARGE}",
    ],
    ids=["replaced", "two", "in place"],
)
def test_loops(body: str) -> None:
    check(function(LOOP.format(body=body), returned="%r"))


def test_branches_count_once() -> None:
    branch = "\n".join(
        [f"    %v{i} = arith.addf %x, %x : {LARGE}" for i in range(3)]
        + [f"    %s{i} = arith.addf %v{i}, %v{i + 1} : {LARGE}" for i in range(2)]
    )
    text = f"""%r = scf.if %c -> ({LARGE}) {{
{branch}
    scf.yield %s1 : {LARGE}
  }} else {{
{branch}
    scf.yield %s1 : {LARGE}
  }}"""
    compiled = compile_ir(function(text, returned="%r", arguments=f"%x: {LARGE}, %c: i1"))
    x = np.ones((600, 1000), np.float32)
    measured = measured_peak(lambda: compiled(x, np.bool_(True)), [x])
    assert measured - CODE_BYTES <= compiled.peak_bytes <= FACTOR * measured


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize("floor", [None, "linalg"])
def test_pooling(name: str, floor: str | None) -> None:
    x, r = "tensor<1x1x16384x32xf32>", "tensor<1x1x4096x32xf32>"
    extra = ", count_include_pad = true" if name == "avg_pool2d" else ""
    check(
        f"""func.func @main(%x: {x}) -> {r} {{
  %r = "ttnn.{name}"(%x) <{{batch_size = 1 : si32, input_height = 128 : si32,
    input_width = 128 : si32, channels = 32 : si32, kernel_size = array<i32: 2, 2>,
    stride = array<i32: 2, 2>, padding = array<i32: 0, 0>, dilation = array<i32: 1, 1>,
    ceil_mode = false{extra}}}> : ({x}) -> {r}
  return %r : {r}
}}""",
        floor,
    )


@pytest.mark.parametrize("element", ["f32", "bf16", "i32"])
def test_the_oracle_in_f64(element: str) -> None:
    function = bind(parse_module(transposed(element)), None, accumulate="f64")
    arrays = small_integers(function)
    measured = measured_peak(lambda: function(*arrays), arrays)
    assert measured - CODE_BYTES <= function.peak_bytes <= FACTOR * measured


@pytest.mark.parametrize("ir", [transposed(), chain(UNARY.format(name="relu", type=LARGE))])
def test_checking(ir: str) -> None:
    """`--check` behind a run: the arrays of that are still there."""
    module = parse_module(ir)
    function = compile_ir(module, floor="decomposed")
    arrays = small_integers(function)
    results = function(*arrays)
    measured = measured_peak(
        lambda: check_against_oracle(module, None, arrays, results), [*arrays, *results]
    )
    estimate = check_bytes(module, None, function)
    assert measured - CODE_BYTES <= estimate <= FACTOR * measured


def test_sizes_that_are_open_count_as_nothing() -> None:
    open_ = "tensor<?x1000xf32>"
    ir = f"""func.func @main(%x: {open_}) -> {open_} {{
  %r = arith.addf %x, %x : {open_}
  return %r : {open_}
}}"""
    assert compile_ir(ir).peak_bytes == 0


def test_what_calls_itself_counts_once() -> None:
    ir = f"""func.func @main(%x: {LARGE}) -> {LARGE} {{
  %r = func.call @main(%x) : ({LARGE}) -> {LARGE}
  return %r : {LARGE}
}}"""
    assert 2 * LARGE_BYTES <= compile_ir(ir).peak_bytes <= 4 * LARGE_BYTES
