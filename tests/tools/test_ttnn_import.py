"""`ttnn-import`: what it writes, that `ttnn-run` runs it, and messages."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from support.floors import assert_equal_bits
from support.onnx_graphs import integers, model_of, node_model, onnxruntime_results
from support.onnx_models import unet
from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.tools import ttnn_import

X = integers(2, 4, 5, 6)
MODEL = node_model(
    "ConvTranspose",
    {"x": X},
    {"w": integers(4, 3, 2, 3), "b": integers(3, seed=1)},
    strides=[2, 3],
    pads=[1, 0, 0, 2],
)


@pytest.fixture
def convert(tool):
    return tool(ttnn_import.main)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.onnx"
    onnx.save_model(MODEL, path)
    return path


def test_to_standard_output(convert, model: Path) -> None:
    outcome = convert(model)

    assert (outcome.code, outcome.err) == (0, "")
    assert str(parse_module(outcome.out)) + "\n" == outcome.out
    assert outcome.out.count("ttnn.conv_transpose2d") == 1


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("floor", ["ttnn", "loops"])
def test_what_is_written_runs(
    convert, run, model: Path, tmp_path: Path, apart: bool, floor: str
) -> None:
    ir, weights, given, stored = (
        tmp_path / name for name in ("model.mlir", "w.npz", "in.npz", "out.npz")
    )
    np.savez(given, arg0=X)
    beside = ["--weights", weights] if apart else []

    outcome = convert(model, "-o", ir, *beside)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    outcome = run(ir, *beside, "--inputs", given, "--outputs", stored, "--floor", floor)

    assert outcome.code == 0, outcome.err
    assert_equal_bits(np.load(stored)["result0"], onnxruntime_results(MODEL, {"x": X})[0])


def test_weights_and_a_seed(convert, run, model: Path, tmp_path: Path) -> None:
    ir, weights = tmp_path / "model.mlir", tmp_path / "w.npz"
    assert convert(model, "-o", ir, "--weights", weights).code == 0
    assert np.load(weights).files == ["arg1", "arg2"]

    outcome = run(ir, "--weights", weights, "--seed", "3", "--floor", "linalg", "--check")

    assert outcome.code == 0, outcome.err
    assert "check: result0: ok, largest error 0 " in outcome.out
    assert run(ir, "--weights", weights).out != run(ir).out


def test_bfloat16_weights(convert, run, tmp_path: Path) -> None:
    values = integers(3, 1, 1).astype(ml_dtypes.bfloat16)
    node = helper.make_node("Add", ["x", "v"], ["y"])
    x = X[:, :3].astype(ml_dtypes.bfloat16)
    model = model_of([node], {"x": x}, {"v": values}, output_type=TensorProto.BFLOAT16)
    paths = [tmp_path / name for name in ("m.onnx", "m.mlir", "w.npz", "in.npz", "out.npz")]
    source, ir, weights, given, stored = paths
    onnx.save_model(model, source)
    np.savez(given, **{"arg0.bf16": x.view(np.uint16)})

    assert convert(source, "-o", ir, "--weights", weights).code == 0
    assert np.load(weights).files == ["arg1.bf16"]
    outcome = run(ir, "--weights", weights, "--inputs", given, "--outputs", stored)

    assert outcome.code == 0, outcome.err
    assert (np.load(stored)["result0.bf16"].view(ml_dtypes.bfloat16) == x + values).all()


def test_from_standard_input(convert, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(MODEL.SerializeToString()))
    monkeypatch.setattr(sys, "stdin", stream)

    outcome = convert("-")

    assert outcome.code == 0, outcome.err
    assert "ttnn.conv_transpose2d" in outcome.out


def test_shapes(convert, tmp_path: Path) -> None:
    model = onnx.ModelProto()
    model.CopyFrom(MODEL)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "batch"
    path = tmp_path / "model.onnx"
    onnx.save_model(model, path)

    outcome = convert(path, "--shape", "x=7x4x5x6")

    assert outcome.code == 0, outcome.err
    assert "%x: tensor<7x4x5x6xf32>" in outcome.out


def test_a_scalar_input(convert, tmp_path: Path) -> None:
    node = helper.make_node("Mul", ["x", "s"], ["y"])
    model = model_of([node], {"x": X, "s": np.ones((), np.float32)})
    model.graph.input[1].type.tensor_type.ClearField("shape")
    path = tmp_path / "model.onnx"
    onnx.save_model(model, path)

    outcome = convert(path, "--shape", "s=")

    assert outcome.code == 0, outcome.err
    assert "%s: tensor<f32>" in outcome.out


@pytest.mark.parametrize("text", ["x", "x=", "x=1x", "x=axb", "=1x2", "x=1,2"])
def test_shapes_that_are_none(convert, model: Path, text: str) -> None:
    outcome = convert(model, "--shape", text)

    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.error_lines) == 1


def test_a_shape_is_spelt(convert, model: Path) -> None:
    outcome = convert(model, "--shape", "x=1,2")

    message = "--shape: expected NAME=DIMS such as x=1x3x64x64, got 'x=1,2'"
    assert outcome.err == f"ttnn-import: error: {message}\n"


def test_truncated_files(convert, tmp_path: Path) -> None:
    path = tmp_path / "cut.onnx"
    path.write_bytes(MODEL.SerializeToString()[:-20])

    outcome = convert(path, "-o", tmp_path / "out.mlir", "--weights", tmp_path / "w.npz")

    assert outcome.code == 2
    assert outcome.err == f"{path}: error: expected an ONNX model, got other or truncated bytes\n"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["cut.onnx"]


def test_text_that_is_no_model(convert, tmp_path: Path) -> None:
    path = tmp_path / "model.onnxtxt"
    path.write_text("<ir_version: 8>\nnot a graph")

    outcome = convert(path)

    assert outcome.code == 2
    assert outcome.err.startswith(f"{path}: error: expected an ONNX model: ")
    assert len(outcome.err.splitlines()) == 1


def test_a_file_that_is_not_there(convert, tmp_path: Path) -> None:
    outcome = convert(tmp_path / "none.onnx")

    assert outcome.code == 2
    assert outcome.err == f"{tmp_path / 'none.onnx'}: error: no such file or directory\n"


def test_a_folder(convert, tmp_path: Path) -> None:
    outcome = convert(tmp_path)

    assert outcome.code == 2
    assert outcome.err == f"{tmp_path}: error: is a directory\n"


@pytest.mark.parametrize("option", ["-o", "--weights"])
def test_an_output_that_cannot_be_written(convert, model: Path, tmp_path: Path, option) -> None:
    outcome = convert(model, option, model / "file")

    assert (outcome.code, outcome.out) == (2, "")
    assert f"expected a directory to write into, got the file {model}" in outcome.err


@pytest.mark.parametrize("failing", ["-o", "--weights"])
def test_nothing_is_written_where_something_cannot_be(
    convert, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    paths = {"-o": tmp_path / "out" / "m.mlir", "--weights": tmp_path / "out" / "w.npz"}
    (tmp_path / "out").mkdir()
    make = tempfile.mkstemp

    def refuse(prefix: str, dir: Path) -> tuple[int, str]:
        if paths[failing].name in prefix:
            raise PermissionError(errno.EACCES, "Permission denied", f"{dir}/{prefix}")
        return make(prefix=prefix, dir=dir)

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    outcome = convert(model, "-o", paths["-o"], "--weights", paths["--weights"])

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"{paths[failing]}: error: permission denied\n"
    assert list((tmp_path / "out").iterdir()) == []


def test_one_file_for_two_things(convert, model: Path, tmp_path: Path) -> None:
    path = tmp_path / "both"
    outcome = convert(model, "-o", path, "--weights", path)

    assert outcome.code == 2
    assert outcome.err == f"{path}: error: expected two files for -o and --weights, got one\n"
    assert not path.exists()


def test_without_onnx(convert, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)

    outcome = convert(model)

    assert outcome.code == 2
    assert outcome.err == (
        "ttnn-import: error: expected the package 'onnx', got none; "
        "run: pip install 'xdsl-ttnn[onnx]'\n"
    )


def test_help_needs_neither_xdsl_nor_onnx() -> None:
    code = (
        "import sys, xdsl_ttnn.tools.ttnn_import as tool\n"
        "try: tool.main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert 'onnx' not in sys.modules and 'numpy' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


# What ttnn-run says of weights ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"arg9": X}, "expected some of arg0, arg1, arg2 for main(x: 2x4x5x6xfloat32, "),
        ({"arg1": X}, "expected 4x3x2x3xfloat32, got 2x4x5x6xfloat32"),
    ],
)
def test_weights_that_do_not_fit(convert, run, model, tmp_path, arrays, message) -> None:
    ir, weights = tmp_path / "model.mlir", tmp_path / "w.npz"
    assert convert(model, "-o", ir, "--weights", weights).code == 0
    np.savez(weights, **arrays)

    outcome = run(ir, "--weights", weights)

    assert outcome.code == 2
    assert outcome.err.startswith(f"{weights}: error: ")
    assert message in outcome.err


def test_an_input_that_is_a_weight_too(convert, run, model: Path, tmp_path: Path) -> None:
    ir, weights, given = (tmp_path / name for name in ("model.mlir", "w.npz", "in.npz"))
    assert convert(model, "-o", ir, "--weights", weights).code == 0
    np.savez(given, arg0=X, arg1=X)

    outcome = run(ir, "--weights", weights, "--inputs", given)

    assert outcome.code == 2
    assert f"{given}: error: expected arg0 for main(" in outcome.err


def test_a_model_through_both_tools(convert, run, tmp_path: Path) -> None:
    proto, feeds = unet(True, features=2, depth=2, size=16)
    source, ir, weights, given, stored = (
        tmp_path / name for name in ("m.onnx", "m.mlir", "w.npz", "in.npz", "out.npz")
    )
    onnx.save_model(proto, source)
    np.savez(given, arg0=feeds["x"])

    assert convert(source, "-o", ir, "--weights", weights).code == 0
    arguments = ("--weights", weights, "--inputs", given, "--outputs", stored, "--check")
    outcome = run(ir, *arguments, "--floor", "loops")

    assert outcome.code == 0, outcome.err
    assert_equal_bits(np.load(stored)["result0"], onnxruntime_results(proto, feeds)[0])
