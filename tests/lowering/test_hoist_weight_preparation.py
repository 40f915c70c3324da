"""What is done to weights runs apart, once, and changes no result."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from support import Case, conv_transpose2d_ir, load_cases, load_text, make_case
from support.cases import a_quarter_quick
from support.floors import assert_equal_bits, lowered, parsed, run_after
from support.references import integer_arrays
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.interpreter import compile_module
from xdsl_ttnn.lowering.prepare.weight_preparation import analyze

CASE = make_case(n=2, h=3, w=4, c=3, o=5, kh=3, kw=4, sh=2, sw=3, bias=True, padding=[1, 0, 2, 1])
STRATEGIES = ("zero-insert", "sub-pixel", "gemm-col2im")


def functions(module: ModuleOp) -> dict[str, FuncOp]:
    return {op.sym_name.data: op for op in module.walk() if isinstance(op, FuncOp)}


def hoisted(case: Case, floor: str, strategy: str) -> ModuleOp:
    weights = "1,2" if case["bias"] else "1"
    hoist = f"hoist-weight-preparation{{arguments={weights}}}"
    return lowered(conv_transpose2d_ir(case), f"ttnn-to-{floor}{{strategy={strategy}}},{hoist}")


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("case", a_quarter_quick(load_cases("cover")))
def test_prepared_apart_gives_the_same(case: Case, strategy: str) -> None:
    arrays = integer_arrays(case)
    expected = run_after(conv_transpose2d_ir(case), "", arrays)

    for floor in ("decomposed", "linalg", "loops"):
        program = compile_module(hoisted(case, floor, strategy))
        x, *weights = arrays.values()
        if "prepare_main" in program.function_names:
            weights = list(program.call("prepare_main", weights))
        (result,) = program.call("main", [x, *weights])
        assert_equal_bits(result, expected, floor)


@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_op_on_weights_alone_is_left(strategy: str, floor: str) -> None:
    module = hoisted(CASE, floor, strategy)
    main = functions(module)["main"]

    assert analyze(main, tuple(range(1, len(main.args)))) is None
    assert main.args[0].name_hint == "x"


def test_arguments_called_parameters_are_found() -> None:
    module = lowered(
        load_text("tt-mlir-style.mlir"),
        "ttnn-to-linalg{strategy=sub-pixel},hoist-weight-preparation",
    )

    assert {"prepare_decoder_block", "decoder_block", "plain"} == functions(module).keys()


def test_twice_is_once() -> None:
    once = hoisted(CASE, "linalg", "sub-pixel")

    assert lowered(once, "hoist-weight-preparation{arguments=1,2}").is_structurally_equivalent(once)


def test_compile_ir_prepares_once_for_the_same_weights() -> None:
    layer = compile_ir(conv_transpose2d_ir(CASE), floor="linalg", strategy="sub-pixel")
    plain = compile_ir(conv_transpose2d_ir(CASE))
    x, w, b = integer_arrays(CASE).values()
    assert layer.weights is not None

    for times, change in ((1, 0), (1, 0), (2, 1)):
        w[0, 0, 0, 0] += change
        assert_equal_bits(layer(x, w, b)[0], plain(x, w, b)[0])
        assert layer.weights.runs == times


@pytest.mark.parametrize("element_type", ["f32", "bf16", "f16", "f64", "i8", "i32"])
@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_a_bit_that_changes_is_seen(order: str, element_type: str) -> None:
    """0 and -0 are equal numbers; NaN is equal to nothing, and is no reason to prepare again."""
    layer = compile_ir(
        conv_transpose2d_ir(CASE, element_type), floor="linalg", strategy="sub-pixel"
    )
    x, w, b = integer_arrays(CASE, element_type).values()
    w = np.repeat(w, 2, axis=3)[..., ::2] if order == "strided" else np.array(w, order=order)
    is_float = element_type[0] in "fb"
    w[0, 0, 0, 0] = 0
    w[1, 1, 1, 1] = np.nan if is_float else 1
    assert layer.weights is not None

    layer(x, w, b)
    layer(x, w.copy(), b.copy())
    assert layer.weights.runs == 1
    w[0, 0, 0, 0] = -w[0, 0, 0, 0] if is_float else 1
    layer(x, w, b)
    assert layer.weights.runs == 2
    b[0, 0, 0, 4] += 1
    layer(x, w, b)
    assert layer.weights.runs == 3


def test_weights_that_stay_are_not_copied() -> None:
    """To compare them takes a byte for each element, and some buffers, whatever their strides."""
    case = make_case(h=1, w=1, c=128, o=256, kh=4, kw=4, sh=2, sw=2)
    layer = compile_ir(conv_transpose2d_ir(case), floor="linalg", strategy="gemm-col2im")
    x, w = integer_arrays(case).values()
    layer(x, w)
    assert layer.weights is not None
    for weight in (w, np.asfortranarray(w)):
        values = [x, weight, None]
        layer.weights.arguments(values)
        tracemalloc.start()
        layer.weights.arguments(values)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < weight.nbytes / 2


def with_constant_weight(strategy: str) -> tuple[str, np.ndarray]:
    weight = np.arange(1, 1 + 2 * 3 * 2 * 3, dtype=np.float32).reshape(2, 3, 2, 3)
    case = make_case(h=3, w=4, c=2, o=3, kh=2, kw=3, sh=2, sw=2)
    literal = np.array2string(weight, separator=",", formatter={"float": lambda v: f"{v:.1f}"})
    ir = conv_transpose2d_ir(case).replace(", %w: tensor<2x3x2x3xf32>", "")
    constant = f"%w = arith.constant dense<{literal}> : tensor<2x3x2x3xf32>\n%device ="
    return ir.replace("%device =", constant, 1), integer_arrays(case)["x"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_constant_weights_are_folded_and_prepared(strategy: str) -> None:
    ir, x = with_constant_weight(strategy)
    expected = compile_ir(ir)(x)[0]
    decomposed = lowered(ir, f"ttnn-to-decomposed{{strategy={strategy}}}")
    layer = compile_ir(ir, floor="linalg", strategy=strategy)

    moved = [op.name for op in decomposed.walk() if op.name in ("deconv.flip", "ttnn.permute")]
    assert moved == []
    assert_equal_bits(layer(x)[0], expected)
    main = functions(layer.module)["main"]
    assert analyze(main, tuple(range(1, len(main.args)))) is None
    assert parsed(str(layer.module))
