"""What may leave a function with its weights, what stays, and what is refused."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.utils.exceptions import PassFailedException

from support import generic_op, make_case
from support.floors import assert_equal_bits, lowered, parsed, run_after
from support.prepared_ir import prepared_conv_transpose2d_ir
from support.references import brute_force, integer_arrays
from xdsl_ttnn.dialect.constants import repeats_one_element
from xdsl_ttnn.dialect.text.names import op_name
from xdsl_ttnn.dialect.ttnn import ConvTranspose2dOp
from xdsl_ttnn.dialect.ttnn.prepare import find_prepare_op
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.pipelines import build_pipeline
from xdsl_ttnn.interpreter import compile_module
from xdsl_ttnn.lowering.prepare.weight_preparation import analyze

COINCIDING = make_case(h=3, w=4, c=1, o=1, kh=3, kw=1, sh=2)
"""Raw and prepared weight have one shape, (1, 1, 3, 1): only the op that made one tells them
apart."""

T = "tensor<4xf32>"
TANH = f'"ttnn.tanh"(%w) : ({T}) -> {T}'


def functions(module: ModuleOp) -> dict[str, FuncOp]:
    return {op.sym_name.data: op for op in module.walk() if isinstance(op, FuncOp)}


def hoisted(ir: str, options: str = "arguments=1") -> ModuleOp:
    return lowered(ir, f"hoist-weight-preparation{{{options}}}")


def op_names(function: FuncOp) -> list[str]:
    return list(map(op_name, function.body.block.ops))


def ir_with(body: str, result: str = "%y", others: str = "") -> str:
    """A function `main` of an input x and a weight w."""
    main = f"func.func @main(%x: {T}, %w: {T}, %n: index, %c: i1) -> {T}"
    return f"{others}\n{main} {{\n{body}\nfunc.return {result} : {T}\n}}"


def sum_of(value: str) -> str:
    return f'%y = "ttnn.add"(%x, {value}) : ({T}, {T}) -> {T}'


# Prepared weights stay prepared -------------------------------------------------------------------


@pytest.mark.parametrize("cached", [False, True], ids=["direct", "cached"])
@pytest.mark.parametrize("case", [COINCIDING, make_case(h=3, w=4, c=2, o=3, kh=2, kw=3, sh=2)])
def test_a_weight_says_what_it_is_prepared_for(case: dict, cached: bool) -> None:
    ir = prepared_conv_transpose2d_ir(case, cached=cached)
    arrays = integer_arrays(case)

    module = hoisted(ir, "arguments=1 function=main")

    (convolution,) = (op for op in module.walk() if isinstance(op, ConvTranspose2dOp))
    assert find_prepare_op(convolution.weight) is not None
    result = run_after(module, "", arrays)
    assert_equal_bits(result, brute_force(case, **arrays).astype(np.float32))


def test_what_comes_before_a_prepare_op_moves() -> None:
    """The prepare op stays; what it reads is prepared, and so are its other readers."""
    raw = "tensor<1x1x3x1xf32>"
    scaled = generic_op("ttnn.multiply", [("w", raw), ("w", raw)], {}, [raw])
    ir = prepared_conv_transpose2d_ir(COINCIDING).replace("(%w, %device)", "(%s, %device)")
    ir = ir.replace("%prepared = ", f"%s = {scaled}\n%prepared = ", 1)
    norm = generic_op("ttnn.relu", [("prepared", raw)], {}, [raw])
    ir = ir.replace("%y = ", f'%norm = {norm}\n"foo.use"(%norm) : ({raw}) -> ()\n%y = ', 1)

    main, prepare = (functions(hoisted(ir))[name] for name in ("main", "prepare_main"))

    names = op_names(main)
    assert "ttnn.multiply" not in names and "ttnn.relu" not in names
    assert "ttnn.prepare_conv_transpose2d_weights" in names
    assert op_names(prepare) == [
        "ttnn.get_device",
        "ttnn.multiply",
        "ttnn.prepare_conv_transpose2d_weights",
        "ttnn.relu",
        "func.return",
    ]
    assert analyze(main, (1, 2)) is None


def test_a_convolution_of_weights_alone_moves_with_its_prepare_op() -> None:
    """`main` with its input as a second weight, and another input that is handed back."""
    ir = prepared_conv_transpose2d_ir(COINCIDING)
    ir = ir.replace("%x: tensor<1x3x4x1xf32>", "%u: f32, %x: tensor<1x3x4x1xf32>")
    ir = ir.replace("func.return %y : ", "func.return %u, %y : f32, ")
    ir = ir.replace(") -> (tensor<1x7x4x1xf32>) {", ") -> (f32, tensor<1x7x4x1xf32>) {")

    module = hoisted(ir, "arguments=1,2")

    assert op_names(functions(module)["main"]) == ["func.return"]
    arrays = list(integer_arrays(COINCIDING).values())
    (_, expected) = compile_module(parsed(ir)).call("main", [1.0, *arrays])
    program = compile_module(module)
    (prepared,) = program.call("prepare_main", arrays)
    assert_equal_bits(program.call("main", [1.0, prepared])[1], expected)


def test_lowering_does_not_lose_it() -> None:
    """load_cached becomes a call, which does not say that its result is prepared."""
    ir = prepared_conv_transpose2d_ir(COINCIDING, cached=True)
    with pytest.raises(PassFailedException, match="run decompose-conv-transpose2d first"):
        lowered(ir, "convert-ttnn-to-linalg")


# Purity -------------------------------------------------------------------------------------------

UNKNOWN = f'"foo.draw"(%w) : ({T}) -> {T}'
STAYING = {
    "unknown": (f"%t = {UNKNOWN}", "foo.draw"),
    "unknown in a loop": (
        f"""
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %four = arith.constant 4 : index
      %t = scf.for %i = %zero to %four step %one iter_args(%s = %w) -> ({T}) {{
        %u = "foo.draw"(%s) : ({T}) -> {T}
        scf.yield %u : {T}
      }}""",
        "scf.for",
    ),
    "a loop that may not end": (
        f"""
      %t = scf.while (%s = %w) : ({T}) -> {T} {{
        %go = arith.constant true
        scf.condition(%go) %s : {T}
      }} do {{
      ^bb0(%u: {T}):
        scf.yield %u : {T}
      }}""",
        "scf.while",
    ),
    "a cached call": (f"%t = ttcore.load_cached(@g, [%w]) : ({T}) -> {T}", "ttcore.load_cached"),
}


@pytest.mark.parametrize(("body", "name"), STAYING.values(), ids=STAYING.keys())
def test_stays(body: str, name: str) -> None:
    other = f"func.func @g(%v: {T}) -> {T} {{\nfunc.return %v : {T}\n}}"
    ir = ir_with(f"{body}\n{sum_of('%t')}", others=other)

    module = hoisted(ir, "arguments=1 function=main")

    assert module.is_structurally_equivalent(parsed(ir))
    assert name in op_names(functions(module)["main"])


MOVING = {
    "called": (
        f"%t = func.call @g(%w) : ({T}) -> {T}",
        f"func.func @g(%w: {T}) -> {T} {{\n%t = {TANH}\nfunc.return %t : {T}\n}}",
    ),
    "in a branch": (
        f"""
      %yes = arith.constant true
      %t = scf.if %yes -> ({T}) {{
        %s = {TANH}
        scf.yield %s : {T}
      }} else {{
        scf.yield %w : {T}
      }}""",
        "",
    ),
}


@pytest.mark.parametrize(("body", "others"), MOVING.values(), ids=MOVING.keys())
def test_moves(body: str, others: str) -> None:
    ir = ir_with(f"{body}\n{sum_of('%t')}", others=others)

    module = hoisted(ir, "arguments=1 function=main")

    assert op_names(functions(module)["main"]) == ["ttnn.add", "func.return"]
    x, w = np.float32([1, 2, 3, 4]), np.float32([0.5, -1, 2, 0])
    program = compile_module(module)
    (prepared,) = program.call("prepare_main", [w])
    (expected,) = compile_module(parsed(ir)).call("main", [x, w, 0, True])
    assert_equal_bits(program.call("main", [x, 0, True, prepared])[0], expected)


CALLEES = {
    "several blocks": "cf.br ^end\n^end:\nfunc.return %v : {T}",
    "itself": "%r = func.call @g(%v) : ({T}) -> {T}\nfunc.return %r : {T}",
    "each other": "%r = func.call @h(%v) : ({T}) -> {T}\nfunc.return %r : {T}",
}


@pytest.mark.parametrize("body", CALLEES.values(), ids=CALLEES.keys())
def test_calls_of_what_may_not_end_stay(body: str) -> None:
    others = f"func.func @g(%v: {T}) -> {T} {{\n{body.replace('{T}', T)}\n}}"
    others += f"\nfunc.func @h(%v: {T}) -> {T} {{\n{body.replace('{T}', T).replace('@h', '@g')}\n}}"
    call = f"%t = func.call @g(%w) : ({T}) -> {T}"
    ir = ir_with(f"{call}\n{sum_of('%t')}", others=others)

    module = hoisted(ir, "arguments=1 function=main")

    assert module.is_structurally_equivalent(parsed(ir))


def test_memory_is_not_prepared() -> None:
    ir = """
    func.func @main(%x: f32, %m: memref<4xf32> {ttcore.argument_type =
        #ttcore.argument_type<parameter>}, %n: index) -> f32 {
      %v = "memref.cast"(%m) : (memref<4xf32>) -> memref<?xf32>
      %t = memref.load %v[%n] : memref<?xf32>
      %y = arith.addf %x, %t : f32
      func.return %y : f32
    }"""
    module = lowered(ir, "hoist-weight-preparation")

    assert module.is_structurally_equivalent(parsed(ir))


# Which functions ----------------------------------------------------------------------------------

PARAMETER = "{ttcore.argument_type = #ttcore.argument_type<parameter>}"


def two_functions(caller: str) -> str:
    """@f, which has something to prepare, and a function that names it."""
    f = f"""func.func @f(%x: {T}, %w: {T} {PARAMETER}) -> {T} {{
      %t = {TANH}
      {sum_of("%t")}
      func.return %y : {T}
    }}"""
    return f"{f}\nfunc.func @main(%x: {T}, %w: {T}) -> {T} {{\n{caller}\nfunc.return %r : {T}\n}}"


NAMING = [
    f"%r = func.call @f(%x, %w) : ({T}, {T}) -> {T}",
    f"%r = ttcore.load_cached(@f, [%x, %w]) : ({T}, {T}) -> {T}",
    f'%r = "foo.spawn"(%x, %w) {{callee = @f}} : ({T}, {T}) -> {T}',
    f'%r = "foo.spawn"(%x, %w) {{table = [{{callee = @f}}]}} : ({T}, {T}) -> {T}',
    f'%r = "foo.spawn"(%x, %w) {{table = #foo.calls<@f>}} : ({T}, {T}) -> {T}',
]


@pytest.mark.parametrize("caller", NAMING)
def test_a_function_that_others_name_keeps_its_arguments(caller: str) -> None:
    ir = two_functions(caller)

    module = lowered(ir, "hoist-weight-preparation")

    assert module.is_structurally_equivalent(parsed(ir))
    with pytest.raises(PassFailedException, match="got one that other ops name"):
        lowered(ir, "hoist-weight-preparation{function=f}")


def test_functions_of_nested_modules_are_told_apart() -> None:
    """@f of the one module is called there, @f of the other one is not."""
    call = f"%r = func.call @f(%x, %w) : ({T}, {T}) -> {T}"
    called, free = two_functions(call), two_functions(call.replace("func.call @f", '"foo.a"'))
    free = free.replace('%r = "foo.a"(%x, %w) :', '%r = "foo.a"(%x, %w) :')
    ir = f"builtin.module {{\n{called}\n}}\nbuiltin.module {{\n{free}\n}}"

    first, second = lowered(ir, "hoist-weight-preparation").body.block.ops

    assert isinstance(first, ModuleOp) and isinstance(second, ModuleOp)
    assert functions(first).keys() == {"f", "main"}
    assert functions(second).keys() == {"prepare_f", "f", "main"}


def test_a_name_that_is_taken_is_not_used_again() -> None:
    ir = two_functions(f"%r = {TANH}").replace("@main", "@prepare_f")
    ir += '\n"foo.symbol"() <{sym_name = "prepare_f_1"}> : () -> ()'

    module = lowered(ir, "hoist-weight-preparation")

    assert functions(module).keys() == {"prepare_f_2", "f", "prepare_f"}
    x, w = np.float32([1, 2, 3, 4]), np.float32([0.5, -1, 2, 0])
    layer, plain = compile_ir(ir, "f", floor="linalg"), compile_ir(ir, "f")
    assert_equal_bits(layer(x, w)[0], plain(x, w)[0])
    assert layer.weights is not None and layer.weights.runs == 1


def test_a_function_that_was_split_before_is_compiled_as_it_stands() -> None:
    ir = str(lowered(two_functions(f"%r = {TANH}"), "hoist-weight-preparation"))
    x, w = np.float32([1, 2, 3, 4]), np.float32([0.5, -1, 2, 0])

    layer = compile_ir(ir, "f", floor="linalg")

    assert layer.weights is None
    assert_equal_bits(layer(x, w)[0], x + w)


# Options ------------------------------------------------------------------------------------------

TWO_ARGUMENTS = f"func.func @f(%x: {T}, %w: {T}) -> {T} {{\nfunc.return %x : {T}\n}}"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("arguments=-1", "arguments: expected 0 or more, got -1"),
        ("arguments=1,1", "arguments: expected each once, got 1,1"),
        ("arguments=true", "arguments: expected 0 or more, got True"),
    ],
)
def test_arguments_that_no_function_has(options: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"pass 'hoist-weight-preparation': {text}"):
        build_pipeline(f"hoist-weight-preparation{{{options}}}")


DEVICE = f"func.func @f(%x: {T}, %d: !ttnn.device) -> {T} {{\nfunc.return %x : {T}\n}}"
REFUSED = [
    ("arguments=2", TWO_ARGUMENTS, "expected arguments of 'f' below 2, got 2"),
    ("arguments=1,99", TWO_ARGUMENTS, "expected arguments of 'f' below 2, got 99"),
    ("function=g", TWO_ARGUMENTS, "function: expected one of 'f', got 'g'"),
    ("arguments=1", DEVICE, "expected argument 1 to be a tensor, got !ttnn.device"),
    ("function=f", f"func.func private @f({T}) -> {T}", "to split, got a declaration"),
    (
        "function=f",
        TWO_ARGUMENTS.replace("func.return", "cf.br ^end\n^end:\nfunc.return"),
        "expected a function to split, got 2 blocks",
    ),
]


@pytest.mark.parametrize(("options", "ir", "text"), REFUSED)
def test_refuses(options: str, ir: str, text: str) -> None:
    with pytest.raises(PassFailedException, match=text):
        hoisted(ir, options)


def test_nothing_is_split_where_one_function_is_refused() -> None:
    ir = two_functions(f"%r = {TANH}") + f"\nfunc.func @g(%x: {T}) {{\nfunc.return\n}}"
    module = parsed(ir)
    (hoist,) = build_pipeline("hoist-weight-preparation{arguments=1}")
    before = str(module)

    with pytest.raises(PassFailedException, match="expected arguments of 'g' below 1, got 1"):
        hoist.apply(None, module)  # pyright: ignore[reportArgumentType]

    assert str(module) == before


# Constants ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("dense<1.0> : tensor<3xf32>", True),
        ("dense<[1.0]> : tensor<1xf32>", True),
        ("dense<[1.0, 2.0, 1.0]> : tensor<3xf32>", False),
        ("dense<[0.0, -0.0]> : tensor<2xf32>", False),
        ("dense<0x7FC00000> : tensor<2xf32>", True),
        ("dense<[true, false, true]> : tensor<3xi1>", False),
        ("dense<7> : tensor<2x2xi64>", True),
        ("dense<[]> : tensor<0xf32>", False),
        ("dense<> : tensor<2x0xf32>", False),
    ],
)
def test_constants_that_repeat_one_element(literal: str, expected: bool) -> None:
    (constant,) = (
        op for op in parsed(f"%c = arith.constant {literal}").walk() if isinstance(op, ConstantOp)
    )
    assert repeats_one_element(constant.value) is expected  # pyright: ignore


def test_constants_without_elements() -> None:
    ir = """func.func @main(%x: tensor<0xf32>) -> tensor<0xf32> {
      %c = arith.constant dense<> : tensor<0xf32>
      %t = "ttnn.tanh"(%c) : (tensor<0xf32>) -> tensor<0xf32>
      %y = "ttnn.add"(%x, %t) : (tensor<0xf32>, tensor<0xf32>) -> tensor<0xf32>
      func.return %y : tensor<0xf32>
    }"""
    layer = compile_ir(ir, floor="linalg")

    assert layer(np.zeros(0, np.float32))[0].shape == (0,)


def test_large_constants_are_told_apart_at_once() -> None:
    """No element becomes a Python object."""
    constant = parsed("%c = arith.constant dense<1.0> : tensor<4194304xf32>").body.block.first_op
    assert isinstance(constant, ConstantOp)

    def seconds(question: Callable[[], bool]) -> float:
        start = time.process_time()
        assert question()
        return time.process_time() - start

    ours = seconds(lambda: repeats_one_element(constant.value))
    assert ours < seconds(constant.value.is_splat) / 4


@pytest.mark.parametrize(("values", "moves"), [("[1.0, 2.0, 3.0, 4.0]", True), ("2.0", False)])
def test_constants_are_weights_where_they_are_no_splat(values: str, moves: bool) -> None:
    """What is made of one number is as cheap to make again in every call."""
    made_of_it = TANH.replace("%w", "%k")
    ir = ir_with(f"%k = arith.constant dense<{values}> : {T}\n%t = {made_of_it}\n{sum_of('%t')}")

    made = functions(hoisted(ir, "function=main"))

    assert ("prepare_main" in made) == moves
    assert ("ttnn.tanh" in op_names(made["main"])) != moves
