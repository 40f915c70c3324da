"""The models of examples/ run at every floor, and give what the scatter definition gives."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

from xdsl_ttnn.dialect.text.parsing import parse_module
from xdsl_ttnn.frontend import compile_ir
from xdsl_ttnn.frontend.entry import ArrayType, Signature
from xdsl_ttnn.frontend.pipelines import FLOORS
from xdsl_ttnn.tools import ttnn_run
from xdsl_ttnn.tools.comparison import check_against_oracle

FOLDER = Path(__file__).parents[1] / "examples"

OPS = {
    "quickstart": {"conv_transpose2d": 1},
    "dcgan_generator": {"conv_transpose2d": 5, "relu": 1, "tanh": 1, "deallocate": 7},
    "unet_decoder_block": {"conv_transpose2d": 1, "concat": 1, "conv2d": 2, "relu": 1},
    "fcn8s_head": {"conv_transpose2d": 3, "conv2d": 3, "add": 2, "slice_static": 3},
}

DOORS = {"ttir_up_block": "convert-ttir-to-ttnn", "jax_decoder": "convert-stablehlo-to-ttnn"}
"""Examples in other dialects, and the pass that makes TTNN of them."""

LOOPS_DIALECTS = {"builtin", "func", "arith", "math", "tensor", "linalg", "scf"}


@cache
def read(name: str) -> ModuleOp:
    path = FOLDER / f"{name}.mlir"
    return parse_module(path.read_text(), path.name)


def count_ops(module: ModuleOp) -> Counter[str]:
    return Counter(op.name for op in module.walk())


def model_array(generator: np.random.Generator, array: ArrayType) -> np.ndarray:
    """Normal numbers; weights so small that a layer of stride 2 keeps the size of its input."""
    channels, *_ = array.shape
    is_weight = channels > 1
    scale = 1 / np.sqrt(2 * channels) if is_weight else 1.0
    return (scale * generator.normal(size=array.shape)).astype(array.dtype)


def model_inputs(signature: Signature) -> list[np.ndarray]:
    generator = np.random.default_rng(0)
    return [model_array(generator, array) for array in signature.arrays]


def test_every_example_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.mlir")} == {*OPS, *DOORS}


@pytest.mark.parametrize("name", OPS)
def test_holds_the_ops_of_the_model(name: str) -> None:
    counts = count_ops(read(name))

    assert {op: counts[f"ttnn.{op}"] for op in OPS[name]} == OPS[name]


@pytest.mark.parametrize("name", [*OPS, *DOORS])
def test_prints_back(name: str) -> None:
    printed = str(read(name))

    assert str(parse_module(printed)) == printed


@pytest.mark.parametrize("name", OPS)
def test_loops_are_upstream_ops(name: str) -> None:
    lowered = compile_ir(read(name), pipeline="ttnn-to-loops{strategy=zero-insert}").module

    counts = count_ops(lowered)
    assert {op.partition(".")[0] for op in counts} <= LOOPS_DIALECTS
    assert counts["scf.for"] > 0


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", OPS)
def test_command_line_checks(name: str, floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(FOLDER / f"{name}.mlir")

    code = ttnn_run.main([path, "--floor", floor, "--strategy", "zero-insert", "--check"])

    assert code == 0
    assert "check: result0: ok" in capsys.readouterr().out


@pytest.mark.parametrize("name", DOORS)
def test_a_door_leaves_nothing_but_ttnn(name: str) -> None:
    counts = count_ops(compile_ir(read(name), pipeline=DOORS[name]).module)

    assert {op.partition(".")[0] for op in counts} == {"builtin", "func", "ttnn"}
    assert counts["ttnn.conv_transpose2d"] and counts["ttnn.get_device"] == 1


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", DOORS)
def test_command_line_checks_behind_a_door(
    name: str, floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(FOLDER / f"{name}.mlir")

    code = ttnn_run.main([path, "--passes", DOORS[name], "--floor", floor, "--check"])

    assert code == 0
    assert "check: result0: ok" in capsys.readouterr().out


@pytest.mark.parametrize("floor", ["decomposed", "loops"])
@pytest.mark.parametrize("name", OPS)
def test_numbers_of_a_model(name: str, floor: str) -> None:
    function = compile_ir(read(name), floor=floor, strategy="zero-insert")
    inputs = model_inputs(function.signature)

    results = function(*inputs)

    (comparison,) = check_against_oracle(read(name), None, inputs, results)
    assert comparison.passed, str(comparison)


def test_generated_images_are_not_saturated() -> None:
    generator = compile_ir(read("dcgan_generator"), floor="linalg")

    (images,) = generator(*model_inputs(generator.signature))

    assert images.shape == (1, 3, 64, 64)
    assert 0.1 < np.abs(images).mean() < 0.9


def test_documented_calls() -> None:
    script = FOLDER / "documented_calls.py"

    outcome = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stderr
    lines = outcome.stdout.splitlines()
    assert len(lines) == 22
    assert all("exact" in line for line in lines)


def test_import_onnx() -> None:
    script = FOLDER / "import_onnx.py"

    outcome = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.count("largest difference") == len(FLOORS)


def test_torch_compile() -> None:
    script = FOLDER / "torch_compile.py"

    outcome = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    if find_spec("torch") is None:
        assert "torch is not installed" in outcome.stdout
        return
    assert outcome.stdout.count("5 transposed convolutions here") == 3
    assert "all within" in outcome.stdout
