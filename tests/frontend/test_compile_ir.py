"""`compile_ir`: IR to a Python function."""

from __future__ import annotations

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from xdsl.utils.exceptions import ParseError, PassFailedException, VerifyException

from support import conv_transpose2d_ir, load_text, make_case
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir

CASE = make_case(h=4, w=5, c=3, o=2, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 0, 1], bias=True)
IR = conv_transpose2d_ir(CASE)
SUM = """func.func @main(%a: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<3xf32> {
  %sum = "ttnn.add"(%a, %b) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %sum : tensor<3xf32>
}
"""
ONES = np.ones(3, np.float32)


def _integers(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    generator = np.random.default_rng(7)
    return [generator.integers(-3, 4, shape).astype(np.float32) for shape in shapes]


X, W, B = _integers((1, 4, 5, 3), (3, 2, 3, 2), (1, 1, 1, 2))


def test_text() -> None:
    (result,) = compile_ir(SUM)(ONES, 2 * ONES)

    assert result.dtype == np.float32
    assert result.tolist() == [3, 3, 3]


def test_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "sum.mlir"
    path.write_text(SUM, "utf-8-sig")

    for ir in ("\ufeff" + SUM, path):
        assert compile_ir(ir)(ONES, ONES)[0].tolist() == [2, 2, 2]


@pytest.mark.parametrize("floor", [None, "decomposed", "loops"])
@pytest.mark.parametrize("type_", [">f4", ">i2", ">u8", ">f2", ">f8"])
def test_bytes_in_the_other_order(floor: str | None, type_: str) -> None:
    values = np.array([1, 256, 3], type_)
    element = {"f": "f", "i": "i", "u": "ui"}[type_[1]] + str(8 * values.dtype.itemsize)

    (result,) = compile_ir(SUM.replace("f32", element), floor=floor)(values, values)

    assert result.dtype == values.dtype.newbyteorder("=")
    assert result.tolist() == [2, 512, 6]


def test_prepared_weights_are_numbers_not_bits() -> None:
    """The same bytes read in the other order are other weights."""
    function = compile_ir(IR, floor="loops")
    plain = function(X, W, B)
    swapped = W.view(">f4")

    (result,) = function(X, swapped, B)

    assert function.weights is not None and function.weights.runs == 2
    (expected,) = compile_ir(IR)(X, swapped.astype(np.float32), B)
    assert np.array_equal(result, expected) and not np.array_equal(result, plain[0])


def test_a_memref_is_written_to_and_so_not_copied() -> None:
    ir = """func.func @main(%m: memref<2xf32>) {
  %i = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  memref.store %x, %m[%i] : memref<2xf32>
  return
}
"""
    given = np.zeros(2, np.float32)
    compile_ir(ir)(given)

    assert given.tolist() == [1, 0]
    with pytest.raises(ValueError, match="m: expected 2xfloat32 in this machine's byte order"):
        compile_ir(ir)(given.astype(">f4"))


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "sum.mlir"
    path.write_text(SUM)

    (result,) = compile_ir(path)(ONES, ONES)

    assert result.tolist() == [2, 2, 2]


@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
def test_a_module_is_left_as_it_is(floor: str) -> None:
    module = parse_module(IR)
    before = str(module)

    function = compile_ir(module, floor=floor, strategy="zero-insert")

    assert str(module) == before
    assert "ttnn.conv_transpose2d" in before
    assert "ttnn.conv_transpose2d" not in str(function.module)
    function.module.verify()


@pytest.mark.parametrize("floor", [None, "ttnn", "decomposed", "linalg", "loops"])
def test_every_floor_gives_the_same(floor: str | None) -> None:
    (want,) = compile_ir(IR)(X, W, B)

    (got,) = compile_ir(IR, floor=floor)(X, W, B)

    assert want.shape == (1, CASE["hout"], CASE["wout"], 2)
    assert np.any(want != 0)
    assert np.array_equal(got, want)


def test_a_strategy_alone_lowers_to_decomposed() -> None:
    text = str(compile_ir(IR, strategy="zero-insert").module)

    assert "ttnn.conv_transpose2d" not in text
    assert "ttnn.conv2d" in text


def test_a_pipeline_stands_for_both() -> None:
    function = compile_ir(IR, pipeline="ttnn-to-linalg{strategy=zero-insert},cse")

    assert "linalg." in str(function.module)
    assert np.array_equal(function(X, W, B)[0], compile_ir(IR)(X, W, B)[0])


def test_auto_says_what_it_means() -> None:
    (remark,) = compile_ir(IR, floor="decomposed").remarks

    assert remark.startswith("<string>:3:5: remark: strategy auto: gemm-col2im takes ")
    assert "ttnn.matmul" in str(compile_ir(IR, floor="decomposed").module)
    assert compile_ir(IR, floor="decomposed", strategy="zero-insert").remarks == ()
    assert compile_ir(IR).remarks == ()


@pytest.mark.parametrize("strategy", ["sub-pixel", "gemm-col2im", "auto"])
@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
def test_every_strategy_gives_the_same(floor: str, strategy: str) -> None:
    function = compile_ir(IR, floor=floor, strategy=strategy)

    assert np.array_equal(function(X, W, B)[0], compile_ir(IR)(X, W, B)[0])


def test_auto_prints_nothing(capfd) -> None:
    compile_ir(IR, floor="decomposed")

    assert capfd.readouterr() == ("", "")


def test_bfloat16_goes_in_and_comes_out() -> None:
    function = compile_ir(SUM.replace("f32", "bf16"))
    ones = ONES.astype(ml_dtypes.bfloat16)

    (result,) = function(ones, ones)

    assert result.dtype == ml_dtypes.bfloat16
    assert result.tolist() == [2, 2, 2]


def test_a_device_argument_takes_no_array() -> None:
    ir = SUM.replace("%b: ", "%d: !ttnn.device, %b: ")

    assert compile_ir(ir)(ONES, ONES)[0].tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="expected 2 arrays"):
        compile_ir(ir)(ONES, None, ONES)


def test_arguments_are_not_written_to() -> None:
    before = X.copy()

    compile_ir(IR, floor="loops")(X, W, B)

    assert np.array_equal(X, before)


def test_functions_of_the_nested_module_of_a_pipeline() -> None:
    function = compile_ir(load_text("tt-mlir-pipeline.mlir"), floor="loops")

    assert function.signature.function == "forward"
    assert [array.name for array in function.signature.arrays] == ["x", "w", "b"]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ((ONES,), "expected 2 arrays, main(a: 3xfloat32, b: 3xfloat32), got 1"),
        ((ONES, ONES.astype(np.float64)), "b: expected 3xfloat32, got 3xfloat64"),
        ((ONES[:2], ONES), "a: expected 3xfloat32, got 2xfloat32"),
    ],
)
def test_arrays_are_checked(arrays: tuple, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        compile_ir(SUM)(*arrays)

    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("ir", "options", "error", "message"),
    [
        ("module {", {}, ParseError, "in block definition"),
        ("layer.mlir", {}, ValueError, "to read a file, pass pathlib.Path('layer.mlir')"),
        (SUM, {"entry": "other"}, ValueError, "entry 'other': expected one of 'main'"),
        (SUM, {"floor": "buffers"}, ValueError, "not available yet"),
        (SUM, {"backend": "native"}, ValueError, "not available yet"),
        (IR, {"strategy": "matmul"}, PassFailedException, "for strategy matmul, got (3, 2)"),
        (SUM, {"pipeline": "nonsense"}, ValueError, "unknown pass 'nonsense'"),
        (SUM, {"pipeline": "cse", "floor": "ttnn"}, ValueError, "expected no floor"),
        (SUM.replace("3xf32", "?xf32"), {"floor": "linalg"}, PassFailedException, "infer-shapes"),
        (
            conv_transpose2d_ir(CASE, types={"x": "tensor<4x5x3xf32>"}),
            {},
            VerifyException,
            "Input must be a 4D tensor",
        ),
    ],
)
def test_refusals(ir: str, options: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as refusal:
        compile_ir(ir, **options)

    assert message in str(refusal.value)


def test_a_missing_file() -> None:
    with pytest.raises(FileNotFoundError):
        compile_ir(Path("absent.mlir"))


def test_a_call_that_memory_cannot_hold() -> None:
    """It is refused before it takes any; the function and its arguments are named."""
    small, row, large = (
        f"tensor<{size}xf32>" for size in ("400000x1", "1x400000", "400000x400000")
    )
    function = compile_ir(
        f"""func.func @main(%a: {small}, %b: {row}) -> {large} {{
  %r = "ttnn.add"(%a, %b) : ({small}, {row}) -> {large}
  return %r : {large}
}}"""
    )
    message = r"^main\(a: .*, b: .*\): expected at most the .* of memory .*, got 640 GB$"
    with pytest.raises(ValueError, match=message):
        function(np.ones((400_000, 1), np.float32), np.ones((1, 400_000), np.float32))
