"""`ttnn-run`: entry, inputs, outputs, check, messages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from support import conv_transpose2d_ir, load_text, make_case
from xdsl_ttnn.interpreter import available

CASE = make_case(h=4, w=5, c=3, o=2, kh=3, kw=2, sh=2, sw=3, padding=[1, 0, 0, 1], bias=True)
IR = conv_transpose2d_ir(CASE)
SUM = """func.func @main(%a: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<3xf32> {
  %sum = "ttnn.add"(%a, %b) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %sum : tensor<3xf32>
}
"""
FLOORS = ("ttnn", "decomposed", "linalg", "loops")
ONES = np.ones(3, np.float32)


@pytest.fixture
def inputs(tmp_path: Path):
    """Store arrays in inputs.npz."""

    def store(**arrays: np.ndarray) -> Path:
        path = tmp_path / "inputs.npz"
        np.savez(path, **arrays)
        return path

    return store


def test_a_summary_is_shown(run, write, inputs) -> None:
    outcome = run(write(SUM), "--inputs", inputs(arg0=ONES, arg1=ONES))

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "result0: 3xfloat32  [2 2 2]\n"


def test_the_summary_of_a_large_result_is_its_range(run, write) -> None:
    outcome = run(write(IR))

    assert outcome.code == 0
    assert outcome.out.startswith(f"result0: 1x{CASE['hout']}x{CASE['wout']}x2xfloat32  min -")
    assert " max " in outcome.out and " mean " in outcome.out


def test_outputs(run, write, inputs, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"

    outcome = run(write(SUM), "--inputs", inputs(arg0=ONES, arg1=ONES), "--outputs", target)

    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    with np.load(target) as stored:
        assert stored.files == ["result0"]
        assert stored["result0"].dtype == np.float32
        assert stored["result0"].tolist() == [2, 2, 2]


def test_bfloat16_travels_as_bits(run, write, inputs, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"
    third = np.full(3, 1 / 3, ml_dtypes.bfloat16)
    path = inputs(**{"arg0.bf16": third.view(np.uint16), "arg1.bf16": third.view(np.uint16)})

    outcome = run(write(SUM.replace("f32", "bf16")), "--inputs", path, "--outputs", target)

    assert (outcome.code, outcome.err) == (0, "")
    with np.load(target) as stored:
        assert stored.files == ["result0.bf16"]
        assert np.array_equal(stored["result0.bf16"].view(ml_dtypes.bfloat16), third + third)


@pytest.mark.parametrize("floor", FLOORS)
def test_bytes_in_the_other_order(floor: str, run, write, inputs) -> None:
    """Numbers of a file written on a big-endian machine are the same numbers."""
    values = np.array([1, 256, -1.5], ">f4")
    outcome = run(write(SUM), "--inputs", inputs(arg0=values, arg1=values), "--floor", floor)

    assert (outcome.code, outcome.out) == (0, "result0: 3xfloat32  [2 512 -3]\n")


def test_bits_of_bfloat16_in_the_other_order(run, write, inputs) -> None:
    bits = np.array([1, 2, 3], ml_dtypes.bfloat16).view(np.uint16).astype(">u2")
    path = inputs(**{"arg0.bf16": bits, "arg1.bf16": bits})

    outcome = run(write(SUM.replace("f32", "bf16")), "--inputs", path)

    assert (outcome.code, outcome.out) == (0, "result0: 3xbfloat16  [2 4 6]\n")


def test_outputs_as_f32(run, write, tmp_path: Path) -> None:
    bits, wide = tmp_path / "bits.npz", tmp_path / "wide.npz"
    path = write(SUM.replace("f32", "bf16"))

    assert run(path, "--outputs", bits).code == 0
    assert run(path, "--outputs", wide, "--outputs-dtype", "f32").code == 0

    with np.load(bits) as narrow, np.load(wide) as stored:
        assert stored["result0"].dtype == np.float32
        want = narrow["result0.bf16"].view(ml_dtypes.bfloat16).astype(np.float32)
        assert np.array_equal(stored["result0"], want)


def test_integers_stay_integers_as_f32(run, write, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"

    run(write(SUM.replace("f32", "i32")), "--outputs", target, "--outputs-dtype", "f32")

    with np.load(target) as stored:
        assert stored["result0"].dtype == np.int32


@pytest.mark.parametrize("element_type", ["f32", "bf16", "f16", "f64", "i32", "ui8"])
def test_without_inputs_numbers_come_from_the_seed(
    element_type: str, run, write, tmp_path: Path
) -> None:
    path = write(SUM.replace("f32", element_type).replace("<3x", "<300x"))

    def values(*flags: str) -> np.ndarray:
        target = tmp_path / "out.npz"
        assert run(path, *flags, "--outputs", target, "--outputs-dtype", "f32").code == 0
        with np.load(target) as stored:
            return stored["result0"].astype(np.float64)

    assert np.array_equal(values(), values("--seed", "0"))
    assert not np.array_equal(values(), values("--seed", "1"))
    assert np.array_equal(values(), np.round(values()))
    assert 3 < np.abs(values()).max() <= 6


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("element_type", ["f32", "bf16", "f16", "i32", "ui8"])
def test_check(element_type: str, floor: str, run, write) -> None:
    path = write(conv_transpose2d_ir(CASE, element_type))

    outcome = run(path, "--check", "--floor", floor, "--strategy", "zero-insert")

    assert outcome.code == 0, outcome.err + outcome.out
    assert outcome.out.startswith("check: result0: ok, largest error 0 at ")


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize(
    ("name", "entry"), [("tt-mlir-style.mlir", "plain"), ("tt-mlir-pipeline.mlir", None)]
)
def test_check_of_real_ir(name: str, entry: str | None, floor: str, run, write) -> None:
    flags = () if entry is None else ("--entry", entry)

    outcome = run(write(load_text(name)), *flags, "--check", "--floor", floor)

    assert outcome.code == 0, outcome.err + outcome.out
    assert "ok, largest error 0" in outcome.out


def test_check_compares_numbers_that_are_not_exact(run, write, inputs) -> None:
    generator = np.random.default_rng(1)
    path = inputs(
        arg0=generator.normal(size=(1, 4, 5, 3)).astype(np.float32),
        arg1=generator.normal(size=(3, 2, 3, 2)).astype(np.float32),
        arg2=generator.normal(size=(1, 1, 1, 2)).astype(np.float32),
    )

    outcome = run(write(IR), "--check", "--floor", "loops", "--inputs", path)

    assert outcome.code == 0
    error, bound = _error_and_bound(outcome.out)
    assert 0 < error < bound < 1e-4


def test_a_failing_check(run, write, monkeypatch) -> None:
    """A pass that turns the kernel the other way: the error that real compilers have shipped."""
    _add_pass(monkeypatch, "forget-to-flip", _mirror_every_kernel)
    path = write(IR)

    right = run(path, "--check")
    wrong = run(path, "--check", "--passes", "forget-to-flip")

    assert right.code == 0
    assert wrong.code == 1
    assert "check: result0: FAILED, largest error" in wrong.out
    assert "elements are off" in wrong.out
    error, bound = _error_and_bound(wrong.out)
    assert error > bound


def test_a_failing_check_of_a_graph(run, write, monkeypatch) -> None:
    _add_pass(monkeypatch, "add-becomes-multiply", _multiply_instead)
    path = write(SUM.replace("return %sum", "return %sum"))

    assert run(path, "--check").code == 0
    assert run(path, "--check", "--passes", "add-becomes-multiply").code == 1


def test_outputs_of_a_failed_check_are_stored(run, write, monkeypatch, tmp_path: Path) -> None:
    _add_pass(monkeypatch, "forget-to-flip", _mirror_every_kernel)
    target = tmp_path / "out.npz"

    outcome = run(write(IR), "--check", "--passes", "forget-to-flip", "--outputs", target)

    assert outcome.code == 1
    assert target.exists()


def test_passes_run_before_the_floor(run, write) -> None:
    outcome = run(write(IR), "--passes", "cse,ttnn-infer-shapes", "--floor", "loops", "--check")

    assert outcome.code == 0, outcome.err


DECOMPOSED = "ttnn-to-decomposed{strategy=zero-insert}"


@pytest.mark.parametrize("strategy", ["sub-pixel", "zero-insert", "auto"])
@pytest.mark.parametrize("passes", [DECOMPOSED, f"cse,{DECOMPOSED}", "ttnn-to-loops"])
def test_a_strategy_for_what_is_decomposed_is_refused(passes, strategy: str, run, write) -> None:
    outcome = run(write(IR), "--passes", passes, "--strategy", strategy, "--floor", "loops")

    assert (outcome.code, outcome.out) == (2, "")
    (line,) = outcome.error_lines
    assert line == (
        "ttnn-run: error: strategy: expected a ttnn.conv_transpose2d that --passes leave, "
        "got none; give the strategy to the pass"
    )


def test_a_strategy_behind_other_passes_is_taken(run, write) -> None:
    """Also where there was nothing to decompose."""
    flags = ("--passes", "ttnn-canonicalize", "--strategy", "zero-insert", "--check")

    assert run(write(IR), *flags).code == 0
    assert run(write(SUM), *flags).code == 0


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_goes_on_from_what_passes_leave(floor: str, run, write) -> None:
    """And never back up: what is on a lower floor already stays there."""
    traced = ("--floor", floor, "--trace", "--check")

    higher = run(write(IR), "--passes", DECOMPOSED, *traced)
    lower = run(write(IR), "--passes", "ttnn-to-loops{strategy=zero-insert}", *traced)

    assert (higher.code, lower.code) == (0, 0)
    assert ("deconv.dilate_insert" in higher.err) is (floor in ("ttnn", "decomposed"))
    assert "linalg.matmul" in lower.err and "deconv." not in lower.err


def test_auto_says_what_it_means(run, write) -> None:
    path = write(IR)

    outcome = run(path, "--floor", "decomposed", "--check")

    assert outcome.code == 0
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}:3:5: remark: strategy auto: gemm-col2im takes ")


@pytest.mark.parametrize("strategy", ["zero-insert", "sub-pixel", "gemm-col2im", "matmul", "auto"])
@pytest.mark.parametrize("floor", ["decomposed", "linalg", "loops"])
def test_every_strategy(floor: str, strategy: str, run, write) -> None:
    case = make_case(h=4, w=5, c=3, o=2, kh=2, kw=2, sh=2, sw=3, padding=[1, 0, 0, 1], bias=True)

    outcome = run(
        write(conv_transpose2d_ir(case)), "--floor", floor, "--strategy", strategy, "--check"
    )

    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("check: result0: ok, largest error 0 at ")


def test_approximations_are_said(run, write) -> None:
    config = {"conv2d_config": "#ttnn.conv2d_config<weights_dtype = bfp_bf8>"}

    outcome = run(write(conv_transpose2d_ir(CASE, properties=config)))

    assert outcome.code == 0
    assert outcome.err.startswith("remark: weights_dtype bfp_bf8")


def test_a_check_without_results(run, write) -> None:
    outcome = run(write("func.func @main() { return }"), "--check")

    assert (outcome.code, outcome.out) == (0, "check: ok, there is no result to compare\n")


def test_trace(run, write) -> None:
    outcome = run(write(SUM), "--trace")

    assert outcome.code == 0
    assert "ttnn.add" in outcome.err
    assert "ttnn.add" not in outcome.out


def test_timing(run, write) -> None:
    outcome = run(write(SUM), "--timing", "--check")

    names = [line.split()[0] for line in outcome.err.splitlines()]
    assert names == ["parse", "passes", "compile", "run", "check", "total"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--floor", "buffers"), "floor 'buffers' is not available yet"),
        (("--floor", "cellar"), "floor: expected one of"),
        (("--strategy", "magic"), "strategy: expected one of"),
        (("--backend", "native"), "backend 'native' is not available yet"),
        (("--threads", "0"), "threads: expected at least 1"),
        (("--threads", "many"), "invalid int value"),
        (("--passes", "nonsense"), "unknown pass 'nonsense'"),
        (("--passes", "cse{"), "pass pipeline 'cse{'"),
        (("--entry", "other"), "entry 'other': expected one of 'main'"),
        (("--inputs", "absent.npz"), "absent.npz: error: no such file or directory"),
        (("--inputs", "a.npz", "--seed", "1"), "not allowed with argument"),
        (("--seed", "-1"), "seed: expected at least 0, got -1"),
        (("--outputs-dtype", "f64"), "invalid choice"),
        (("--outputs", "README.md/out.npz"), "README.md/out.npz: error: expected a directory to"),
        (("--colour",), "unrecognized arguments"),
    ],
)
def test_bad_usage(flags: tuple[str, ...], message: str, run, write) -> None:
    outcome = run(write(SUM), *flags)

    assert (outcome.code, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err
    assert message in outcome.err
    assert len(outcome.error_lines) == 1


ONE_MORE = {"arg0": ONES, "arg1": ONES, "arg2": ONES}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"arg0": ONES}, "expected arg0, arg1 for main(a: 3xfloat32, b: 3xfloat32), got arg0"),
        (ONE_MORE, "got arg0, arg1, arg2"),
        ({"x": ONES, "y": ONES}, "got x, y"),
        ({"arg0": ONES, "arg1": ONES[:2]}, "b: expected 3xfloat32, got 2xfloat32"),
        ({"arg0": ONES, "arg1": ONES.astype(int)}, "b: expected 3xfloat32, got 3xint64"),
        ({"arg0": ONES, "arg1": np.array([None, 1, 2])}, "expected a .npz file of plain arrays"),
        ({"arg0": ONES, "arg1.bf16": ONES}, "arg1.bf16: expected uint16 bits, got float32"),
    ],
)
def test_bad_inputs(arrays: dict, message: str, run, write, inputs) -> None:
    path = inputs(**arrays)

    outcome = run(write(SUM), "--inputs", path)

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}: error: ")
    assert message in line


def test_bfloat16_needs_its_bits(run, write, inputs) -> None:
    path = inputs(arg0=ONES, arg1=ONES)

    outcome = run(write(SUM.replace("f32", "bf16")), "--inputs", path)

    assert outcome.code == 2
    assert "arg0: expected bfloat16 as uint16 bits under 'arg0.bf16', got float32" in outcome.err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 truncated", b"not a zip at all" * 100])
def test_inputs_that_are_no_archive(content: bytes, run, write, tmp_path: Path) -> None:
    path = tmp_path / "inputs.npz"
    path.write_bytes(content)

    outcome = run(write(SUM), "--inputs", path)

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}: error: expected a .npz file")


def test_a_single_array_is_no_archive(run, write, tmp_path: Path) -> None:
    path = tmp_path / "inputs.npy"
    np.save(path, ONES)

    outcome = run(write(SUM), "--inputs", path)

    assert outcome.code == 2
    assert outcome.err.startswith(f"{path}: error: expected a .npz file, which is a zip archive")


def test_open_sizes_need_inputs(run, write, inputs) -> None:
    path = write(SUM.replace("3xf32", "?xf32"))

    assert f"{path}:1:1: error: a: expected --inputs for ?xfloat32" in run(path).err
    assert run(path, "--inputs", inputs(arg0=ONES, arg1=ONES)).code == 0


@pytest.mark.parametrize(
    ("ir", "needed"),
    [
        (SUM.replace("<3x", "<3000000000000x"), "60 TB"),
        (
            "func.func @main() {\n"
            "  %0 = tensor.empty() : tensor<900000x900000x1000xbf16>\n  return\n}",
            "1.62 PB",
        ),
    ],
)
def test_what_exceeds_the_memory_is_refused(ir: str, needed: str, run, write) -> None:
    path = write(ir)

    outcome = run(path)

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}:1:1: error: main(")
    assert line.endswith(f" of memory that is available, got {needed}")


ADDED = """// the entry stands on line 2
func.func @main(%a: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %sum = "ttnn.add"(%a, %a) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %sum : tensor<8x8xf32>
}
"""


@pytest.mark.parametrize(
    ("options", "needed", "text", "how"),
    [
        ((), 1024, "1.02 kB", ""),
        (("--floor", "linalg"), 1024, "1.02 kB", ""),
        (("--check",), 5120, "5.12 kB", " with --check"),
    ],
)
def test_what_is_compared_with_the_memory_there_is(
    options: tuple[str, ...], needed: int, text: str, how: str, run, write, monkeypatch
) -> None:
    """Two arrays of 256 bytes, and what showing one as 64-bit numbers takes; the oracle in f64."""
    monkeypatch.setattr(available, "SMALL_BYTES", 0)
    path = write(ADDED)

    monkeypatch.setattr(available, "available_bytes", lambda: needed)
    assert run(path, *options).code == 0
    monkeypatch.setattr(available, "available_bytes", lambda: needed - 1)
    outcome = run(path, *options)

    assert outcome.code == 2
    assert outcome.err == (
        f"{path}:2:1: error: main(a: 8x8xfloat32){how}: expected at most the {text} of memory that "
        f"is available, got {text}\n"
    )


@pytest.mark.parametrize("element", ["i128", "!quant.uniform<i8:f32, 1.0>"])
@pytest.mark.parametrize("where", ["arguments", "results"])
def test_what_no_array_can_hold_is_said_at_the_entry(element: str, where: str, run, write) -> None:
    type_ = f"tensor<2x{element}>"
    arguments, results = (f"%x: {type_}", "") if where == "arguments" else ("", type_)
    value = "%x" if where == "arguments" else '%v = "t.make"() : () -> ' + type_
    body = "return" if where == "arguments" else f"{value}\n  return %v : {type_}"
    path = write(f"\nfunc.func @main({arguments}) -> ({results}) {{\n  {body}\n}}\n")

    outcome = run(path)

    assert outcome.code == 2
    assert outcome.err.startswith(f"{path}:2:1: error: 'main', ")
    assert "expected an element type of" in outcome.err


def test_several_functions_are_listed(run, write) -> None:
    path = write("func.func @a() { return }\nfunc.func @b() { return }")

    outcome = run(path)

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line == (
        f"{path}: error: expected a function 'main' or a single public one, got 'a', 'b'; "
        "name one as the entry"
    )


def test_an_error_while_running_names_op_and_place(run, write) -> None:
    path = write(
        "func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
        '  %y = "ttnn.never_heard_of"(%x) : (tensor<2xf32>) -> tensor<2xf32>\n'
        "  return %y : tensor<2xf32>\n}"
    )

    outcome = run(path)

    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{path}:2:")
    assert ": error: 'ttnn.never_heard_of'" in line


def test_the_pass_that_refuses_is_named(run, write) -> None:
    path = write(SUM.replace("3xf32", "?xf32"))

    outcome = run(path, "--floor", "linalg", "--strategy", "zero-insert")

    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 1
    assert outcome.err.startswith(str(path))


def test_results_are_no_half_written_file(run, write, monkeypatch, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"
    target.write_bytes(b"precious")

    def fail(stream, **arrays) -> None:
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fail)

    outcome = run(write(SUM), "--outputs", target)

    assert outcome.code == 2
    assert "no space left on device" in outcome.err
    assert target.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["input.mlir", "out.npz"]


def test_standard_input() -> None:
    command = [sys.executable, "-m", "xdsl_ttnn.tools.ttnn_run", "-", "--check"]

    outcome = subprocess.run(command, input=SUM, capture_output=True, text=True)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("check: result0: ok")


def _error_and_bound(out: str) -> tuple[float, float]:
    return (
        float(out.split("largest error ")[1].split()[0]),
        float(out.split("bound ")[1].split(";")[0].split()[0]),
    )


def _add_pass(monkeypatch: pytest.MonkeyPatch, name: str, action) -> None:
    """Offer a pass that does `action` to each op of the module."""
    from xdsl.passes import ModulePass

    from xdsl_ttnn.frontend import pipelines

    class Added(ModulePass):
        def apply(self, ctx, op) -> None:
            for inner in list(op.walk()):
                action(inner)

    Added.name = name
    table = {**pipelines.all_passes(), name: lambda: Added}
    monkeypatch.setattr(pipelines, "all_passes", lambda: table)


def _mirror_every_kernel(op) -> None:
    from xdsl.dialects.builtin import BoolAttr

    if op.name == "ttnn.conv_transpose2d":
        op.properties["mirror_kernel"] = BoolAttr.from_bool(False)


def _multiply_instead(op) -> None:
    from xdsl.rewriter import Rewriter

    from xdsl_ttnn.dialect.ttnn import AddOp, MultiplyOp

    if isinstance(op, AddOp):
        product = MultiplyOp.create(operands=op.operands, result_types=op.result_types)
        Rewriter.replace_op(op, product)
