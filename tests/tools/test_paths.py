"""Paths on the command lines: folders that are made, `-`, and files named twice. For every tool."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest

from support.onnx_graphs import node_model
from xdsl_ttnn.tools import ttnn_cost_report, ttnn_import, ttnn_opt, ttnn_run

SUM = """func.func @main(%a: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<3xf32> {
  %sum = "ttnn.add"(%a, %b) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %sum : tensor<3xf32>
}
"""


@dataclass(frozen=True)
class Role:
    """An option of a tool that names a file, and what a message calls it."""

    main: Callable[[list[str]], int]
    option: str
    name: str


OUTPUTS = {
    "opt -o": Role(ttnn_opt.main, "-o", "-o"),
    "run --outputs": Role(ttnn_run.main, "--outputs", "--outputs"),
    "import -o": Role(ttnn_import.main, "-o", "-o"),
    "import --weights": Role(ttnn_import.main, "--weights", "--weights"),
}
INPUTS = {
    "run --inputs": Role(ttnn_run.main, "--inputs", "--inputs"),
    "run --weights": Role(ttnn_run.main, "--weights", "--weights"),
}
FILES = {
    ttnn_opt.main: ("ttnn-opt", "the input"),
    ttnn_run.main: ("ttnn-run", "FILE.mlir"),
    ttnn_import.main: ("ttnn-import", "MODEL.onnx"),
    ttnn_cost_report.main: ("ttnn-cost-report", "FILE.mlir"),
}


@pytest.fixture
def source(tmp_path: Path) -> Callable[[Role], Path]:
    """What a tool reads, in a folder of its own."""

    def make(role: Role) -> Path:
        path = tmp_path / ("model.onnx" if role.main is ttnn_import.main else "input.mlir")
        if role.main is ttnn_import.main:
            image, weight = np.ones((1, 3, 4, 4), np.float32), np.ones((3, 2, 2, 3), np.float32)
            onnx.save_model(node_model("ConvTranspose", {"x": image}, {"w": weight}), path)
        else:
            path.write_text(SUM)
        return path

    return make


@pytest.mark.parametrize("name", OUTPUTS)
def test_folders_are_made(name: str, source, tool, tmp_path: Path) -> None:
    role, target = OUTPUTS[name], tmp_path / "new" / "folders" / "file"

    outcome = tool(role.main)(source(role), role.option, target)

    assert outcome.code == 0, outcome.err
    assert target.stat().st_size > 0
    assert [path.name for path in target.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_folder_is_left_when_nothing_comes_of_it(
    name: str, source, tool, tmp_path: Path, monkeypatch
) -> None:
    role, path = OUTPUTS[name], source(OUTPUTS[name])

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", fail)
    target = tmp_path / "new" / "folders" / "file"

    outcome = tool(role.main)(path, role.option, target)

    assert (outcome.code, outcome.err) == (2, f"{target}: error: no space left on device\n")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_bad_input_makes_no_folder(name: str, tool, tmp_path: Path) -> None:
    role, path = OUTPUTS[name], tmp_path / "bad"
    path.write_text("module {")

    assert tool(role.main)(path, role.option, tmp_path / "new" / "file").code == 2
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_long_name_is_a_name(name: str, source, tool, tmp_path: Path) -> None:
    role, target = OUTPUTS[name], tmp_path / ("ß" * 127)

    assert tool(role.main)(source(role), role.option, target).code == 0
    assert target.exists()


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_no_output_can_be(name: str, source, tool, tmp_path: Path) -> None:
    role, path = OUTPUTS[name], source(OUTPUTS[name])
    program = FILES[role.main][0]
    expected = {
        f"{tmp_path}": "expected a file to write, got a directory",
        f"{tmp_path}/new/": "expected a file to write, got a directory",
        f"{path}/a/b": f"expected a directory to write into, got the file {path}",
        "": f"{role.name}: expected the name of a file, got an empty one",
    }

    for target, message in expected.items():
        outcome = tool(role.main)(path, role.option, target)
        line = f"{target or program}: error: {message}\n"
        assert (outcome.code, outcome.out, outcome.err) == (2, "", line)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("name", OUTPUTS)
def test_what_must_not_be_written(name: str, source, tool, tmp_path: Path) -> None:
    role, path = OUTPUTS[name], source(OUTPUTS[name])
    kept = tmp_path / "kept"
    kept.write_text("precious")
    kept.chmod(0o444)

    outcome = tool(role.main)(path, role.option, kept)

    assert (outcome.code, outcome.err) == (2, f"{kept}: error: permission denied\n")
    assert kept.read_text() == "precious"


@pytest.mark.parametrize("main", FILES, ids=lambda main: FILES[main][0])
def test_an_empty_name_is_no_input(main, tool) -> None:
    program, name = FILES[main]
    message = f"{program}: error: {name}: expected the name of a file, got an empty one\n"

    assert tool(main)("").err == message


@pytest.mark.parametrize("name", INPUTS)
def test_an_empty_name_is_no_archive(name: str, source, tool) -> None:
    role = INPUTS[name]
    message = f"ttnn-run: error: {role.name}: expected the name of a file, got an empty one\n"

    assert tool(role.main)(source(role), role.option, "").err == message


def _same(path: Path) -> Path:
    return path


def _symbolic(path: Path) -> Path:
    link = path.with_name("link")
    link.symlink_to(path)
    return link


def _hard(path: Path) -> Path:
    link = path.with_name("link")
    os.link(path, link)
    return link


def _roundabout(path: Path) -> Path:
    return path.parent / ".." / path.parent.name / path.name


WAYS = (_same, _symbolic, _hard, _roundabout)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OUTPUTS)
def test_an_input_is_not_overwritten(name: str, way, source, tool) -> None:
    role, path = OUTPUTS[name], source(OUTPUTS[name])
    content, target = path.read_bytes(), way(path)
    names = f"{FILES[role.main][1]} and {role.name}"

    outcome = tool(role.main)(path, role.option, target)

    assert outcome.err == f"{target}: error: expected two files for {names}, got one\n"
    assert (outcome.code, outcome.out) == (2, "")
    assert path.read_bytes() == content


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", INPUTS)
def test_arrays_are_not_overwritten(name: str, way, source, tool, tmp_path: Path) -> None:
    role, path = INPUTS[name], tmp_path / "arrays.npz"
    np.savez(path, arg0=np.ones(3, np.float32), arg1=np.ones(3, np.float32))
    content, target = path.read_bytes(), way(path)

    outcome = tool(role.main)(source(role), role.option, path, "--outputs", target)

    names = f"{role.name} and --outputs"
    assert outcome.err == f"{target}: error: expected two files for {names}, got one\n"
    assert outcome.code == 2
    assert path.read_bytes() == content


@pytest.mark.parametrize("way", [_same, _symbolic, _hard, _roundabout])
def test_two_outputs_are_two_files(way, source, tool, tmp_path: Path) -> None:
    role, path = OUTPUTS["import -o"], tmp_path / "both"
    path.write_text("precious")
    other = way(path)

    outcome = tool(role.main)(source(role), "-o", path, "--weights", other)

    message = f"{path}: error: expected two files for -o and --weights, got one\n"
    assert (outcome.code, outcome.err) == (2, message)
    assert path.read_text() == "precious"


def test_two_outputs_that_are_not_there_yet(source, tool, tmp_path: Path) -> None:
    role, path = OUTPUTS["import -o"], tmp_path / "both"

    outcome = tool(role.main)(source(role), "-o", path, "--weights", _roundabout(path))

    assert "expected two files for -o and --weights, got one" in outcome.err
    assert not path.exists()


def test_the_null_device_takes_any_number(source, tool) -> None:
    role = OUTPUTS["import -o"]

    assert tool(role.main)(source(role), "-o", os.devnull, "--weights", os.devnull).code == 0


# A dash -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["opt -o", "import -o"])
def test_a_dash_is_standard_output(name: str, source, tool, tmp_path: Path, monkeypatch) -> None:
    role, path = OUTPUTS[name], source(OUTPUTS[name])
    monkeypatch.chdir(tmp_path)

    plain, dashed = tool(role.main)(path), tool(role.main)(path, "-o", "-")

    assert plain == dashed
    assert plain.code == 0 and plain.out
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("flags", [(), ("--check",)])
def test_results_on_standard_output(flags, capfdbinary, tmp_path: Path, monkeypatch) -> None:
    """Nothing else is printed there: the check goes to standard error."""
    monkeypatch.chdir(tmp_path)
    Path("in.mlir").write_text(SUM)

    code = ttnn_run.main(["in.mlir", "--outputs", "-", *flags])

    captured = capfdbinary.readouterr()
    assert code == 0
    with np.load(io.BytesIO(captured.out)) as stored:
        assert stored.files == ["result0"]
    assert captured.err.startswith(b"check: result0: ok") if flags else captured.err == b""
    assert sorted(os.listdir()) == ["in.mlir"]


def test_weights_on_standard_output(source, capfdbinary, tmp_path: Path) -> None:
    role = OUTPUTS["import --weights"]
    paths = [str(source(role)), "-o", str(tmp_path / "model.mlir"), "--weights", "-"]

    assert ttnn_import.main(paths) == 0

    with np.load(io.BytesIO(capfdbinary.readouterr().out)) as stored:
        assert stored.files == ["arg1"]


def test_standard_output_takes_one_thing(source, tool) -> None:
    role = OUTPUTS["import --weights"]

    outcome = tool(role.main)(source(role), "--weights", "-")

    message = "<stdout>: error: expected two files for the module and --weights, got one\n"
    assert (outcome.code, outcome.out, outcome.err) == (2, "", message)


@pytest.mark.parametrize("flag", ["--inputs", "--weights"])
def test_arrays_from_standard_input(flag: str, source, tool, monkeypatch) -> None:
    stream = io.BytesIO()
    np.savez(stream, a=np.ones(3, np.float32), b=np.ones(3, np.float32))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stream.getvalue())))

    outcome = tool(ttnn_run.main)(source(OUTPUTS["run --outputs"]), flag, "-")

    assert (outcome.code, outcome.out) == (0, "result0: 3xfloat32  [2 2 2]\n")


def test_standard_input_is_read_once(tool) -> None:
    outcome = tool(ttnn_run.main)("-", "--inputs", "-")

    message = (
        "<stdin>: error: expected one of FILE.mlir and --inputs to be read from here, got both"
    )
    assert (outcome.code, outcome.err) == (2, message + "\n")
